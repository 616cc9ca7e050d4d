/* example - a run, a sample and a machine in which every number differs. */
#ifndef REGROW_TESTS_EXAMPLE_H
#define REGROW_TESTS_EXAMPLE_H

#include <stdio.h>
#include <string.h>

#include "driver/record.h"

#define EXAMPLE_PAGE 4096
#define EXAMPLE_CELLS 6 /* of a group */

static inline void example_plan(struct plan *plan)
{
	static const char *const allocators[] = {
		"copy-realloc",
		"copy-realloc",
		"null",
		"mremap-fixed-fallback:threshold=8M",
		"exponential:step=x2",
		"copy-realloc"};
	static const enum cell_role roles[] = {ROLE_REFERENCE, ROLE_TWIN,
					       ROLE_FLOOR,     ROLE_ROW,
					       ROLE_ROW,       ROLE_PLANTED};
	struct estimate estimate = {1,	 102, 103, 104, 105,
				    106, 107, 108, 109, 0};

	memset(plan, 0, sizeof(*plan));
	plan->seed = 20140425;
	plan->rounds = 12;
	plan->budget_ns = 60000000000;
	plan->precision = 0.01;
	plan->margin = 0.03125;
	plan->settle_ns = 1500000000;
	plan->repeat = 1;
	plan->cells_count = 2 * EXAMPLE_CELLS;
	for (unsigned int i = 0; i < 2; i++) {
		struct group *group = &plan->groups[i];

		snprintf(group->workload, SPEC_TEXT_MAX, "%s",
			 i == 0 ? "vector-growth:scale=S"
				: "server-churn:scale=S");
		group->thp = i == 0 ? THP_NEVER : THP_ALWAYS;
		group->layout = i == 0 ? LAYOUT_STANDARD : LAYOUT_LEGACY;
		group->first = EXAMPLE_CELLS * i;
		group->count = EXAMPLE_CELLS;
		group->estimate = estimate;
		group->estimate.span_ns_min = i == 0 ? 0 : 114;
		group->sample_ns = 110;
		group->pilot = (struct pilot){6, 111, 112, 0.25, 0.125, 113};
		group->clock = i == 0 ? CLOCK_CPU : CLOCK_WALL;
		snprintf(group->clock_why, sizeof(group->clock_why), "quiet %u",
			 i);
		for (unsigned int j = 0; j < EXAMPLE_CELLS; j++) {
			struct cell *cell = &plan->cells[EXAMPLE_CELLS * i + j];

			cell->group = i;
			cell->role = roles[j];
			if (roles[j] == ROLE_PLANTED) {
				cell->planted_percent = 10;
				cell->planted_iterations = 4321 + i;
			}
			snprintf(cell->allocator, SPEC_TEXT_MAX, "%s",
				 allocators[j]);
		}
	}
	plan->groups_count = 3; /* one has no cell: nothing can run it */
	strcpy(plan->groups[0].contents, "0123456789abcdef");
	strcpy(plan->groups[2].workload, "null");
	plan->groups[2].thp = THP_MADVISE;
	strcpy(plan->groups[1].skipped, "the system's THP mode is never");
	strcpy(plan->cells[4].skipped, "no memory for it");
}

static inline void example_counters(struct counters *counters)
{
	memset(counters, 0, sizeof(*counters));
	counters->count = 3;
	strcpy(counters->counters[0].name, "cycles:u");
	strcpy(counters->counters[0].reason, "no PMU in this virtual machine");
	strcpy(counters->counters[1].name, "page-faults");
	counters->counters[1].usable = true;
	strcpy(counters->counters[2].name, "mmap:vm_unmapped_area");
	counters->counters[2].usable = true;
	counters->counters[2].tracepoint = true;
}

static inline void example_placement(struct placement *placement)
{
	memset(placement, 0, sizeof(*placement));
	placement->threads = 2;
	placement->cpus[0] = 3;
	placement->cpus[1] = -1;
	placement->driver_cpu = 1;
	placement->probe_cpu = -1;
	placement->node_mask[0] = 2;
	placement->node_mask[1] = 1;
	placement->shared = true;
	strcpy(placement->note, "threads 0 and 1 share a core");
}

static inline void example_map(struct map_figures *map, uint64_t *next)
{
	/* No two figures of one map, or of two, differ by the same. */
	uint64_t base = *next += 1000;

	map->at_ns = base + 1;
	map->operations = base + 2;
	map->live_bytes = base + 3;
	map->holes.mappings = base + 8;
	map->holes.mapped_bytes = base + 15;
	map->holes.holes = base + 30;
	map->holes.hole_bytes = base + 49;
	map->holes.hole_bytes_max = base + 88;
	map->resident_bytes = base + 117;
	map->page_table_bytes = base + 170;
	map->huge_bytes = base + 209;
	map->lazy_free_bytes = base + 276;
	map->ideal_bytes = base + 319;
	map->read_ns = base + 401;
}

static inline void example_tally(struct tally *tally, uint64_t *next)
{
	for (int i = 0; i < OUTCOME_COUNT; i++)
		tally->growths[i] = ++*next;
	tally->bytes_copied = ++*next;
	tally->bytes_moved = ++*next;
	for (int i = 0; i < MOVE_PHASE_COUNT; i++) {
		tally->moves[i] = ++*next;
		tally->moves_bytes[i] = ++*next;
	}
	for (int i = 0; i < MOVE_LEVEL_COUNT; i++)
		tally->levels_bytes[i] = ++*next;
	tally->destinations_owned = ++*next;
	tally->destinations_fresh = ++*next;
	for (int i = 0; i < REFILL_COUNT; i++)
		tally->refills[i] = ++*next;
	tally->failed_calls[12] = ++*next; /* ENOMEM */
	tally->failed_calls[17] = ++*next; /* EEXIST */
}

static inline void example_times(struct sample_answer *answer, uint64_t *next)
{
	answer->wall_ns = ++*next;
	answer->cpu_ns = ++*next;
	answer->user_ns = ++*next;
	answer->system_ns = ++*next;
	answer->span_ns = ++*next;
	answer->clock_reads = ++*next;
	answer->voluntary_switches = ++*next;
	answer->involuntary_switches = ++*next;
	answer->cpu_start = (int32_t)++ * next;
	answer->cpu_end = (int32_t)++ * next;
	for (int i = 0; i < PHASE_COUNT; i++)
		answer->phase_ns[i] = ++*next;
}

/* All but the last: where blocks shrink, the oracle tells less. */
#define EXAMPLE_OPERATIONS OPERATION_SHRINK

static inline void example_operations(struct sample_answer *answer,
				      uint64_t *next)
{
	for (int i = 0; i < EXAMPLE_OPERATIONS; i++) {
		struct histogram *histogram = &answer->operations[i].histogram;

		for (int j = 0; j < 3 + i; j++)
			histogram_record(histogram, ++*next);
		/* In every sample, so that sums of samples share a bucket. */
		histogram_record(histogram, 300 + 2 * (uint64_t)i);
		histogram_record(histogram, (uint64_t)1 << 40);
		answer->operations[i].failed = ++*next;
	}
	for (int i = 12; i < 15; i++) {
		answer->sizes[i].growths = ++*next;
		answer->sizes[i].grow_ns = ++*next;
		answer->sizes[i].touch_ns = ++*next;
		answer->sizes[i].reread_ns = ++*next;
		answer->sizes[i].bytes = ++*next;
	}
	answer->cold.alloc_ns = ++*next;
	answer->cold.grow_ns = ++*next;
	answer->cold.bytes = ++*next;
	for (int i = 0; i < 2; i++) {
		answer->counters[i].value = ++*next;
		answer->counters[i].enabled_ns = ++*next;
		answer->counters[i].running_ns = answer->counters[i].enabled_ns;
	}
}

static inline void example_open_loop(struct open_loop_figures *loop,
				     uint64_t *next)
{
	loop->law = ARRIVALS_POISSON;
	loop->requests = ++*next;
	loop->offered_ns = ++*next;
	loop->served_ns = ++*next;
	loop->busy_ns = ++*next;
	loop->waited_ns = ++*next;
	loop->late = ++*next;
	loop->late_ns_max = ++*next;
	loop->backlog_max = ++*next;
	loop->saturated = true;
}

static inline void example_disturbance(struct sample_answer *answer,
				       uint64_t *next)
{
	struct disturbance *disturbance = &answer->disturbance;

	answer->begin_ns = ++*next;
	for (int i = 0; i < PRESSURE_COUNT; i++)
		disturbance->pressure_ns[i] = (int64_t)++ * next;
	disturbance->migrations = (int64_t)++ * next;
	disturbance->waited_ns = (int64_t)++ * next;
	disturbance->khz_before = (int64_t)++ * next;
	disturbance->khz_after = (int64_t)++ * next;
	disturbance->shootdowns = (int64_t)++ * next;
}

/* What was seen beside it, by its example_answer()'s first; all words. */
static inline void example_taint(struct taint_reading *reading, uint64_t first)
{
	memset(reading, 0, sizeof(*reading));
	strcpy(reading->before.thp, "madvise");
	strcpy(reading->after.thp, "always");
	reading->before.collapsed = 1;
	reading->after.collapsed = 1 + (int64_t)(first + 501);
	reading->before.throttles = 2;
	reading->after.throttles = 2 + (int64_t)(first + 502);
	reading->probed = true;
	reading->gaps.gaps = first + 503;
	reading->gaps.gap_ns = first + 504;
	reading->gaps.gap_ns_max = first + 505;
}

/* Valid, and from first on no two numbers are equal. */
static inline void example_answer(struct sample_answer *answer, uint64_t first)
{
	uint64_t next = first;

	memset(answer, 0, sizeof(*answer));
	answer->stage = STAGE_DONE;
	example_times(answer, &next);
	example_tally(&answer->tally, &next);
	example_operations(answer, &next);
	answer->requests = ++next;
	answer->digest = 0xfedcba9876543210u + next;
	answer->copied_pages = ++next;
	answer->untouched_pages = ++next;
	answer->rewritten_pages = ++next;
	answer->touched_bytes = EXAMPLE_PAGE * ++next;
	answer->minor_faults = answer->copied_pages + answer->untouched_pages +
			       next - answer->rewritten_pages + 1;
	answer->repetitions_count = 1;
	answer->live_bytes_max = ++next;
	answer->peak_resident_bytes = ++next;
	answer->peak_virtual_bytes = ++next;
	answer->words_verified = ++next;
	example_map(&answer->final, &next);
	example_map(&answer->before, &next); /* so that differences are < 0 */
	example_map(&answer->drained, &next);
	answer->points_count = 3;
	for (int i = 0; i < 3; i++)
		example_map(&answer->points[i], &next);
	answer->settled_count = 2;
	for (int i = 0; i < 2; i++)
		example_map(&answer->settled[i], &next);
	answer->settled_at_once = true; /* as if; it is written all the same */
	answer->reading.reads = ++next;
	answer->reading.read_ns = ++next;
	answer->reading.points_skipped = ++next;
	strcpy(answer->figures[0].name, "blocked");
	answer->figures[0].value = ++next;
	strcpy(answer->figures[7].name, "planted");
	answer->figures[7].value = ++next;
	example_disturbance(answer, &next);
	example_open_loop(&answer->open_loop, &next);
}

static inline void example_context(struct sample_context *context)
{
	memset(context, 0, sizeof(*context));
	context->sequence = 9;
	context->round = 4;
	context->pass = PASS_TIMING;
	context->cell = 3;
	context->role = ROLE_ROW;
	context->thp = THP_NEVER;
	context->at_ns = 123456;
	context->page_bytes = EXAMPLE_PAGE;
	context->counters_count = 2;
}

/* The request's first counter is the second of the run, and so on. */
static const unsigned int example_places[COUNTERS_MAX] = {1, 2};

static inline struct json *example_run_of(const struct json *lab)
{
	static const char *const command[] = {"build/regrow", "run", "--alloc",
					      "exponential"};
	static const unsigned int mechanisms[PLAN_CELLS_MAX] = {
		[3] = 1u << OUTCOME_MOVED,
		[9] = 1u << OUTCOME_MOVED | 1u << OUTCOME_IN_PLACE,
	};
	static const char unseen[TAINT_COUNT][TAINT_WHY_SIZE] = {
		[TAINT_THROTTLED] = "CPU 3 has no thermal_throttle",
	};
	static struct plan plan;
	struct placement placement;
	static struct counters counters;
	struct run_facts facts = {
		.version = "v1-test",
		.started = 1795527005,
		.label = "=quiet, \"cold\"",
		.command = command,
		.command_count = 4,
		.plan = &plan,
		.mechanisms = mechanisms,
		.placement = &placement,
		.counters = &counters,
		.unseen = unseen,
		.no_shootdowns = "no row TLB",
		.timeout_ns = 44000000000,
		.binary = "0123456789abcdef",
		.lab = lab,
	};
	struct json *machine = json_new_object();

	example_plan(&plan);
	plan.sweep = lab ? 16 : 0;
	plan.groups[0].is_control = lab != NULL;
	example_placement(&placement);
	example_counters(&counters);
	json_add_text(machine, "host", "example");
	json_add_text(machine, "kernel", "6.18.0");
	json_add_count(machine, "page_bytes", EXAMPLE_PAGE);
	return record_run(&facts, machine);
}

static inline struct json *example_run(void)
{
	return example_run_of(NULL);
}

/* The same in the lab, where instructions are counted. */
static inline struct json *example_lab_run(void)
{
	static const char facts[] =
		"{\"clock_unit\":\"instructions\",\"emulator\":\"QEMU\","
		"\"emulator_version\":\"7.2\",\"machine\":\"q35\","
		"\"cpu\":\"named\",\"accelerator\":\"kvm\","
		"\"kernel_package\":\"linux-image\","
		"\"kernel_version\":\"6.12.118-1\","
		"\"kernel_sha256\":\"00112233445566778899aabbccddeeff"
		"00112233445566778899aabbccddeeff\","
		"\"kernel_patches\":[\"a-patch 00112233445566778899aabbccddeeff"
		"00112233445566778899aabbccddeeff\"]}";
	struct json *lab = json_parse(facts, sizeof(facts) - 1, NULL, 0);
	struct json *line = example_run_of(lab);

	json_free(lab);
	return line;
}

/* A run that was taken up again, over a kernel that differs. */
static inline struct json *example_resume(uint64_t at_ns, bool forced)
{
	static const char *const command[] = {"build/regrow", "run", "--resume",
					      "x.jsonl"};
	static struct changes changes;
	static struct plan plan;
	struct resume_facts facts = {
		.version = "v2-test",
		.started = 1795527006,
		.at_ns = at_ns,
		.command = command,
		.command_count = 4,
		.binary = "fedcba9876543210",
		.plan = &plan,
		.forced = &changes,
	};

	memset(&changes, 0, sizeof(changes));
	if (forced)
		changes_add(&changes, "machine.kernel", "6.18.0", "6.19.0");
	plan.rounds = 40;
	plan.budget_ns = 61000000000;
	plan.precision = 0.0125;
	return record_resume(&facts);
}

#endif
