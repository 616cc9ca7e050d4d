/* command_thread_plan - the runs that the claims' evidence comes from. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/units.h"
#include "driver/command_thread.h"
#include "driver/group_units.h"
#include "driver/verdict.h"

#define REPEATS 3
/* Two more than an interval of 95 % needs: one may be bad. */
#define ROUNDS_OF_SHAPES 8
/* Growing to 1 GiB touches 2 GiB in each sample: half an hour is little. */
#define LARGE_FROM_NS (UINT64_C(3600) * 1000000000)

static char hole_sizes[2048] = "hole-refill.size=";

static const char *const growth_figures[] = {"growth-cost", NULL};
static const char *const refill_figures[] = {"refills", NULL};
static const char *const map_figures_shown[] = {"timeline", NULL};
static const char *const keeping_figures[] = {"inflation", "timeline", NULL};
static const char *const shape_figures[] = {"shapes", NULL};
static const char *const phases_figures[] = {"phases", NULL};

/* A little beyond a power of two, where classes waste most. */
#define SLOW                                                                   \
	"vector-growth:factor=1.125:last=9M,"                                  \
	"vector-growth:factor=1.125:last=33M,"                                 \
	"vector-growth:factor=+1M:last=9M,vector-growth:factor=+1M:last=33M"
#define FINE                                                                   \
	"vector-growth:factor=+64K:last=9M,vector-growth:factor=+64K:last=33M"
/* Blocks from 64K on: none fits a planted hole of a page. */
#define CHURN_OF_CONNECTIONS                                                   \
	"server-churn.profile=conn", "server-churn.live=50",                   \
		"server-churn.steps=60"
/* A page more than a power of two, as malloc asks, has another alignment. */
#define GROWTHS                                                                \
	"vector-growth:last=1M,vector-growth:last=4M,vector-growth:last=16M,"  \
	"vector-growth:last=64M,vector-growth:last=16M:residue=4K"
#define CONTAINERS                                                             \
	"vector-growth:factor=2:last=1M,vector-growth:factor=2:last=4M,"       \
	"vector-growth:factor=2:last=16M,vector-growth:factor=1.5:last=1M,"    \
	"vector-growth:factor=1.5:last=4M,vector-growth:factor=1.5:last=16M,"  \
	"vector-growth:factor=+64K:last=1M,vector-growth:factor=+64K:last=2M"

/*
 * Those that count are run first, whatever they take; what is left of the
 * budget is divided among the timed ones by their shares.
 */
static const struct thread_experiment list[] = {
	{
		.name = "holes",
		.claims = "T3",
		.allocators = "copy-realloc:hint=freed,mremap-maymove,malloc",
		.workloads = "hole-refill",
		.sets = {hole_sizes},
		.counts = REPEATS,
		.figures = refill_figures,
	},
	{
		.name = "holes-huge",
		.claims = "T3",
		.allocators = "copy-realloc:hint=freed",
		.workloads = "hole-refill",
		.sets = {"hole-refill.size=1M,2044K,2M,2052K,3M,4M,4100K,8M,"
			 "64M,1G"},
		.thp = "madvise",
		.counts = REPEATS,
	},
	{
		.name = "holes-up",
		.claims = "T3",
		.allocators = "copy-realloc:hint=freed",
		.workloads = "hole-refill",
		.sets = {"hole-refill.size=1M,2044K,2M,2052K,3M,4M,4100K,8M,"
			 "64M,1G"},
		.layout = "legacy",
		.counts = REPEATS,
	},
	{
		.name = "residue",
		.claims = "T3",
		.allocators = "copy-realloc:hint=freed",
		.workloads = "hole-refill:size=3M:replacements=30000,"
			     "hole-refill:size=4M:replacements=30000,"
			     "hole-refill:size=4100K:replacements=30000,"
			     "hole-refill:size=2M:classes=4:replacements=30000",
		.sets = {"hole-refill.refills=1"},
		.counts = 1,
		.figures = map_figures_shown,
	},
	{
		.name = "classes",
		.claims = "T5",
		.reference = "exponential:step=+4M",
		.allocators = "exponential,exponential:step=quarter,"
			      "exponential:step=page",
		.workloads = SLOW,
		.counts = REPEATS,
	},
	{
		.name = "classes-fine",
		.claims = "T5",
		.reference = "exponential:step=+4M",
		.allocators = "exponential,exponential:step=quarter",
		.workloads = FINE,
		.counts = REPEATS,
	},
	{
		.name = "keeping",
		.claims = "T7",
		.allocators = "copy-realloc:keep=dontneed,mremap-maymove,"
			      "mremap-maymove:keep=dontneed,uffd-move,malloc",
		.workloads = "server-churn",
		/* Two mappings keep it apart from what was written before. */
		.sets = {"server-churn.touch=ends,none",
			 "server-churn.mappings=2", "server-churn.steps=3000"},
		.counts = REPEATS,
		.figures = keeping_figures,
	},
	{
		.name = "forced",
		.claims = "T8",
		.allocators = "mremap-fixed-fallback:threshold=0,"
			      "mremap-maymove,malloc",
		.workloads = "map-limits",
		.sets = {"map-limits.size=64K", "map-limits.room=256K",
			 "map-limits.force=none,mappings,space,split"},
		.counts = REPEATS,
	},
	{
		.name = "mappings",
		.claims = "T2 T4",
		.allocators = "linear-walk,mremap-maymove",
		.workloads = "map-pressure",
		.sets = {"map-pressure.size=1M",
			 "map-pressure.mappings=0,64,1000,8000,60000",
			 "map-pressure.times=10"},
		.rounds = ROUNDS_OF_SHAPES,
		.share = 20,
		.figures = shape_figures,
	},
	{
		.name = "map-holes",
		.claims = "T2 T4",
		.allocators = "linear-walk,mremap-maymove",
		.workloads = "map-pressure",
		.sets = {"map-pressure.size=1M",
			 "map-pressure.holes=0,64,1000,8000,30000",
			 "map-pressure.hole=page,size,near",
			 "map-pressure.times=10"},
		.rounds = ROUNDS_OF_SHAPES,
		.share = 35,
		.figures = shape_figures,
	},
	{
		.name = "growth",
		.claims = "T1",
		.allocators = "copy-realloc:populate=write,mremap-maymove",
		.workloads = GROWTHS,
		.rounds = VERDICT_PAIRS_MIN,
		.share = 45,
		.figures = growth_figures,
	},
	{
		.name = "growth-huge",
		.claims = "T1",
		.allocators = "copy-realloc:populate=write,mremap-maymove",
		.workloads = "vector-growth",
		.sets = {"vector-growth.last=16M,64M"},
		.thp = "madvise",
		.rounds = VERDICT_PAIRS_MIN,
		.share = 10,
	},
	{
		.name = "growth-warm",
		.claims = "T1",
		.reference = "copy-realloc:keep=pages",
		.allocators = "mremap-maymove",
		.workloads = "single-growth",
		.sets = {"single-growth.size=512K,4M", "single-growth.times=1"},
		.rounds = VERDICT_PAIRS_MIN,
		.share = 16,
	},
	{
		.name = "containers",
		.claims = "T6",
		.allocators = "mremap-maymove,malloc",
		.workloads = CONTAINERS,
		.rounds = VERDICT_PAIRS_MIN,
		.share = 22,
		.figures = phases_figures,
	},
	{
		.name = "fixed",
		.claims = "T8",
		.allocators = "mremap-fixed-fallback:threshold=0,"
			      "mremap-maymove",
		.workloads = "server-churn:live=1000:steps=2000,"
			     "vector-growth:vectors=8:last=2M",
		.rounds = VERDICT_PAIRS_MIN,
		.share = 26,
		.figures = phases_figures,
	},
	{
		.name = "churn-mappings",
		.claims = "T4",
		.allocators = "mremap-maymove",
		.workloads = "server-churn",
		.sets = {CHURN_OF_CONNECTIONS,
			 "server-churn.mappings=64,1000,8000,60000"},
		.rounds = ROUNDS_OF_SHAPES,
		.share = 10,
		.figures = shape_figures,
	},
	{
		.name = "churn-holes",
		.claims = "T4",
		.allocators = "mremap-maymove",
		.workloads = "server-churn",
		.sets = {CHURN_OF_CONNECTIONS,
			 "server-churn.holes=64,1000,8000,60000"},
		.rounds = ROUNDS_OF_SHAPES,
		.share = 10,
		.figures = shape_figures,
	},
	{
		.name = "growth-large",
		.claims = "T1",
		.allocators = "copy-realloc:populate=write,mremap-maymove",
		.workloads = "vector-growth",
		.sets = {"vector-growth.last=256M,1G"},
		.rounds = VERDICT_PAIRS_MIN,
		.share = 250,
		.budget_min_ns = LARGE_FROM_NS,
		.figures = growth_figures,
	},
	{
		.name = "growth-large-huge",
		.claims = "T1",
		.allocators = "copy-realloc:populate=write,mremap-maymove",
		.workloads = "vector-growth",
		.sets = {"vector-growth.last=256M,1G"},
		.thp = "madvise",
		.rounds = VERDICT_PAIRS_MIN,
		.share = 50,
		.budget_min_ns = LARGE_FROM_NS,
	},
	{
		.name = "growth-large-warm",
		.claims = "T1",
		.reference = "copy-realloc:keep=pages",
		.allocators = "mremap-maymove",
		.workloads = "single-growth",
		.sets = {"single-growth.size=32M,128M",
			 "single-growth.times=1"},
		.rounds = VERDICT_PAIRS_MIN,
		.share = 150,
		.budget_min_ns = LARGE_FROM_NS,
	},
};

const struct thread_experiment *const thread_experiments = list;
const unsigned int thread_experiments_count = sizeof(list) / sizeof(list[0]);

const struct thread_claim thread_claims[THREAD_CLAIMS] = {
	{"T1", "mremap is a significant win for vectors at very large sizes.",
	 "the time of growing, touching what is new and reading what is old: "
	 "moving over copying, of a vector into cold and pre-populated memory, "
	 "and of a block that doubles into warm memory",
	 thread_gather_win, true},
	{"T2", "The kernel finds a first fit for mmap() only by a linear scan.",
	 "the shape of an allocation's cost along holes, and along mappings; a "
	 "linear walk is planted on the same axes, and has to be called linear",
	 thread_gather_scan, false},
	{"T3", "An unmapped chunk leaves a hole that remains indefinitely.",
	 "whether the next request of the size of a hole among neighbours takes "
	 "it, and whether holes add up under random replacements",
	 thread_gather_holes, false},
	{"T4", "The more holes, the slower.",
	 "the cost of each call along holes, and along mappings",
	 thread_gather_slower, true},
	{"T5", "Exponential size classes amortise the cost of realloc away.",
	 "copies and bytes copied under slow growth, against the linear 4 MiB "
	 "chunks of jemalloc 3.6",
	 thread_gather_classes, false},
	{"T6", "Container types already amortise the cost.",
	 "the share of growing (the calls, and reading the old part again) in "
	 "growing and filling, by growth rule; +64K has to fail",
	 thread_gather_shares, true},
	{"T7", "The holes are caused by unmapping.",
	 "holes at the end of the same churn, with ranges unmapped and with "
	 "ranges kept",
	 thread_gather_keeping, false},
	{"T8",
	 "MREMAP_FIXED, with a copy where it fails, succeeds often enough to be "
	 "worth it.",
	 "how often the call succeeds, where its destination came from, whether "
	 "the source was recovered, and the time of the whole",
	 thread_gather_fixed, true},
};

int thread_judge(const struct thread_claim *claim,
		 const struct results_file *const *files,
		 struct claim_report *report)
{
	for (unsigned int i = 0; claim->of_time && i < thread_experiments_count;
	     i++) {
		if (!files[i] || !thread_is_of(list[i].claims, claim->id) ||
		    !group_units_counts_instructions(files[i]))
			continue;
		claim_say(&report->finding,
			  "Instructions were counted, in which caches, misses "
			  "of the TLB and memory cost nothing: which takes "
			  "longer is not in them.");
		return 0;
	}
	return claim->gather(files, report);
}

/* Each power of two from 4K to 1G, its neighbours by a page, and odd sizes. */
void thread_experiments_prepare(void)
{
	static const char odd[] = "100K,1000K,3M,5M,6M,7M,12M,100M,1000M";
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	size_t used = strlen("hole-refill.size=");
	char text[UNITS_TEXT_SIZE];

	for (uint64_t size = page; size <= (uint64_t)1 << 30; size *= 2)
		for (int i = -1; i <= 1; i++) {
			uint64_t bytes = size + (uint64_t)i * page;

			/* Small ones have neighbours that are powers, too. */
			if (bytes == 0 || (i != 0 && size < 4 * page))
				continue;
			used += (size_t)snprintf(
				hole_sizes + used, sizeof(hole_sizes) - used,
				"%s,", units_exact_size(bytes, text));
		}
	snprintf(hole_sizes + used, sizeof(hole_sizes) - used, "%s", odd);
}

const struct results_file *thread_file(const struct results_file *const *files,
				       const char *name)
{
	for (unsigned int i = 0; i < thread_experiments_count; i++)
		if (strcmp(list[i].name, name) == 0)
			return files[i];
	return NULL;
}
