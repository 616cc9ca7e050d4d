/* doctor_memory - checks of how much memory there is, and of its limits. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mapfile.h"
#include "common/units.h"
#include "driver/doctor_parts.h"
#include "driver/machine.h"
#include "driver/machine_parts.h"
#include "driver/sysfile.h"

#define MIB ((uint64_t)1 << 20)
/* What a run must find for its scales, of which it takes four fifths. */
#define SCALE_S_BYTES (160 * MIB)
#define SCALE_M_BYTES (1024 * MIB)
/* What server-churn keeps mapped stays below; see the table of a run. */
#define MAPPINGS_LEAST 16384
#define MAPPINGS_USUAL 65530

static void look_memory(const struct doctor_system *system,
			struct doctor_finding *finding)
{
	char why[320];
	uint64_t bytes =
		machine_memory_limit_at(system->root, why, sizeof(why));

	doctor_is(finding, "%s", why);
	if (bytes < SCALE_S_BYTES)
		doctor_could(finding, DOCTOR_BAD,
			     "160 MiB, for the smallest scale (S)");
	else if (bytes < SCALE_M_BYTES)
		doctor_could(finding, DOCTOR_BETTER,
			     "1 GiB or more, for scale M");
}

static void look_address_space(const struct doctor_system *system,
			       struct doctor_finding *finding)
{
	uint64_t soft;
	uint64_t hard;
	char text[UNITS_TEXT_SIZE];
	char undo[64];

	if (!machine_resource_limit(system->root, "Max address space", &soft,
				    &hard)) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/self/limits cannot be read");
		return;
	}
	if (soft == UINT64_MAX) {
		doctor_is(finding, "unlimited");
		return;
	}
	doctor_is(finding, "%s (RLIMIT_AS)",
		  units_read_size((double)soft, text));
	doctor_could(finding, DOCTOR_BETTER, "unlimited");
	/* Only root may go beyond the hard limit. */
	if (hard != UINT64_MAX)
		return;
	snprintf(undo, sizeof(undo), "ulimit -S -v %" PRIu64, soft / 1024);
	doctor_command(finding, DOCTOR_SHELL, "ulimit -S -v unlimited", undo);
}

static void look_max_map_count(const struct doctor_system *system,
			       struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/vm/max_map_count";
	uint64_t value;

	if (!doctor_count(system, finding, path, NULL, &value))
		return;
	doctor_is(finding, "%" PRIu64, value);
	if (value >= MAPPINGS_USUAL)
		return;
	doctor_want_count(finding, path, value, MAPPINGS_USUAL);
	if (value < MAPPINGS_LEAST)
		finding->state = DOCTOR_BAD;
}

/* What strict accounting leaves; UINT64_MAX: not known. */
static uint64_t commit_left(const char *root)
{
	char *text = sysfile_all(root, "/proc/meminfo");
	uint64_t limit;
	uint64_t used;

	if (text == NULL)
		return UINT64_MAX;
	limit = map_field_bytes(text, "CommitLimit");
	used = map_field_bytes(text, "Committed_AS");
	free(text);
	if (limit == 0)
		return UINT64_MAX;
	return limit > used ? limit - used : 0;
}

static void look_overcommit(const struct doctor_system *system,
			    struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/vm/overcommit_memory";
	static const char *const names[] = {"heuristic", "always", "never"};
	char text[UNITS_TEXT_SIZE];
	uint64_t value;
	uint64_t left;

	if (!doctor_count(system, finding, path, NULL, &value))
		return;
	if (value > 2) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "%s holds %" PRIu64 ", which is no known mode",
			      path, value);
		return;
	}
	doctor_is(finding, "%" PRIu64 " (%s)", value, names[value]);
	if (value < 2)
		return;
	doctor_want_count(finding, path, value, 0);
	left = commit_left(system->root);
	if (left == UINT64_MAX)
		return;
	doctor_is(finding, "2 (never), which leaves %s",
		  units_read_size((double)left, text));
	if (left < SCALE_S_BYTES)
		finding->state = DOCTOR_BAD;
}

/* One line of /proc/swaps; false: it is none. */
static bool take_swap(struct doctor_finding *finding, const char *line,
		      uint64_t *total_kib, uint64_t *used_kib)
{
	char path[1024];
	char change[4200];
	char undo[4250];
	uint64_t size;
	uint64_t used;
	char *quoted;
	int priority;

	if (sscanf(line, "%1023s %*s %" SCNu64 " %" SCNu64 " %d", path, &size,
		   &used, &priority) != 4)
		return false;
	*total_kib += size;
	*used_kib += used;
	sysfile_unescape(path);
	/* A path of the kernel's begins so, and is no option of swapoff's. */
	quoted = path[0] == '/' ? doctor_quoted(path) : NULL;
	if (quoted == NULL)
		return true;
	/* Below 0 is what the kernel gives by itself, in the order of coming. */
	snprintf(change, sizeof(change), "swapoff %s", quoted);
	if (priority < 0)
		snprintf(undo, sizeof(undo), "swapon %s", quoted);
	else
		snprintf(undo, sizeof(undo), "swapon -p %d %s", priority,
			 quoted);
	doctor_command(finding, DOCTOR_ROOT, change, undo);
	free(quoted);
	return true;
}

/* Takes the lines below the heading: how many there are; -1: not readable. */
static int read_swaps(const struct doctor_system *system,
		      struct doctor_finding *finding, uint64_t *total_kib,
		      uint64_t *used_kib)
{
	char *text = sysfile_all(system->root, "/proc/swaps");
	char *rest = text;
	char *line;
	int count = 0;

	*total_kib = 0;
	*used_kib = 0;
	if (text == NULL || strncmp(text, "Filename", 8) != 0) {
		free(text);
		return -1;
	}
	strsep(&rest, "\n");
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
		count += take_swap(finding, line, total_kib, used_kib);
	free(text);
	return count;
}

static void look_swap(const struct doctor_system *system,
		      struct doctor_finding *finding)
{
	char total[UNITS_TEXT_SIZE];
	char used[UNITS_TEXT_SIZE];
	uint64_t total_kib;
	uint64_t used_kib;
	int count = read_swaps(system, finding, &total_kib, &used_kib);

	if (count < 0 && sysfile_error(system->root, "/proc/swaps") == -ENOENT)
		doctor_cannot(finding, DOCTOR_APART,
			      "this kernel does not swap");
	else if (count < 0)
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/swaps cannot be read");
	else if (count == 0)
		doctor_is(finding, "none");
	if (count <= 0)
		return;
	doctor_is(finding, "%s, %s of it used",
		  units_read_size((double)total_kib * 1024, total),
		  units_read_size((double)used_kib * 1024, used));
	doctor_could(finding, DOCTOR_BETTER, "none while measuring");
}

static void look_swappiness(const struct doctor_system *system,
			    struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/vm/swappiness";
	struct doctor_finding swap = {0};
	uint64_t total_kib;
	uint64_t used_kib;
	uint64_t value;
	int count = read_swaps(system, &swap, &total_kib, &used_kib);

	free(swap.change);
	free(swap.undo);
	if (count <= 0) {
		doctor_cannot(finding, DOCTOR_APART, "there is no swap");
		return;
	}
	if (!doctor_count(system, finding, path, NULL, &value))
		return;
	doctor_is(finding, "%" PRIu64, value);
	if (value > 1)
		doctor_want_count(finding, path, value, 1);
}

const struct doctor_check doctor_memory_checks[] = {
	{"memory",
	 "A run chooses the largest scale that fits four fifths of the memory "
	 "that it may use.",
	 "Samples end by the OOM killer or ENOMEM, or only small vectors are "
	 "measured, which say little of large ones.",
	 look_memory},
	{"address-space",
	 "Growing by copying, and reserving ahead, need address space beyond "
	 "what is live.",
	 "Growths that would succeed elsewhere fail here with ENOMEM.",
	 look_address_space},
	{"max-map-count",
	 "Moved buffers do not merge with their neighbours, and near the limit "
	 "of mappings mmap, munmap and mremap fail with ENOMEM.",
	 "Rows of allocators that move show failed growths instead of their "
	 "cost.",
	 look_max_map_count},
	{"overcommit",
	 "Strict accounting charges each writable mapping whole, touched or "
	 "not.",
	 "Copies and reservations that other systems allow are refused.",
	 look_overcommit},
	{"swap",
	 "Pages that were swapped out come back by a major fault, which waits "
	 "for the device.",
	 "One such wait is longer than a whole sample; the sample is marked "
	 "tainted, where it is seen at all.",
	 look_swap},
	{"swappiness",
	 "The higher it is, the sooner memory that is not used at the moment "
	 "is swapped out.",
	 "Swapping begins while there is memory left.", look_swappiness},
	{0},
};
