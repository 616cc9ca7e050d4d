/* taint - what disturbed a sample, as far as it can be seen here. */
#include "driver/taint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/interrupts.h"
#include "driver/sysfile.h"
#include "driver/thp.h"

#define CPUS "/sys/devices/system/cpu"
#define THP_SIZE "/hugepages-2048kB/enabled"
#define INTERRUPTS "/proc/interrupts"
#define PATH_SIZE 128

static void state_read_thp(const char *root, char thp[TAINT_THP_SIZE])
{
	char size[TAINT_THP_SIZE / 2];
	size_t used;

	if (!sysfile_chosen(root, THP_FOLDER "/enabled", thp,
			    TAINT_THP_SIZE / 2))
		return;
	used = strlen(thp);
	/* Since Linux 6.8 each size has a setting of its own. */
	if (sysfile_chosen(root, THP_FOLDER THP_SIZE, size, sizeof(size)))
		snprintf(thp + used, TAINT_THP_SIZE - used, ", 2 MiB: %.20s",
			 size);
}

static int64_t count_read(const char *root, const char *path)
{
	uint64_t count;

	return sysfile_count(root, path, &count) && count <= INT64_MAX
		       ? (int64_t)count
		       : FIGURE_ABSENT;
}

/* Of the core and, as all of its cores then slow down, of the package. */
static int64_t throttles_read(const char *root, int cpu)
{
	static const char *const names[] = {"core", "package"};
	int64_t sum = FIGURE_ABSENT;

	for (int i = 0; i < 2; i++) {
		char path[PATH_SIZE];
		int64_t count;

		snprintf(path, sizeof(path),
			 CPUS "/cpu%d/thermal_throttle/%s_throttle_count", cpu,
			 names[i]);
		count = count_read(root, path);
		if (count == FIGURE_ABSENT)
			continue;
		sum = sum == FIGURE_ABSENT ? count : sum + count;
	}
	return sum;
}

static void state_read(const struct taint_watch *watch,
		       struct taint_state *state)
{
	state_read_thp(watch->root, state->thp);
	state->collapsed = count_read(watch->root,
				      THP_FOLDER "/khugepaged/pages_collapsed");
	state->throttles = watch->cpus_count > 0 ? 0 : FIGURE_ABSENT;
	for (unsigned int i = 0; i < watch->cpus_count; i++) {
		int64_t count = throttles_read(watch->root, watch->cpus[i]);

		if (count == FIGURE_ABSENT || state->throttles == FIGURE_ABSENT)
			state->throttles = FIGURE_ABSENT;
		else
			state->throttles += count;
	}
}

static bool is_there(const struct taint_watch *watch, const char *path)
{
	char text[8];

	return sysfile_text(watch->root, path, text, sizeof(text));
}

static void unseen_find_cpu(struct taint_watch *watch)
{
	char path[PATH_SIZE];

	if (watch->cpus_count == 0) {
		snprintf(watch->unseen[TAINT_FREQUENCY], TAINT_WHY_SIZE,
			 "the samples are bound to no CPU");
		snprintf(watch->unseen[TAINT_THROTTLED], TAINT_WHY_SIZE,
			 "the samples are bound to no CPU");
		return;
	}
	snprintf(path, sizeof(path), CPUS "/cpu%d/cpufreq/scaling_cur_freq",
		 watch->cpus[0]);
	if (!is_there(watch, path))
		snprintf(watch->unseen[TAINT_FREQUENCY], TAINT_WHY_SIZE,
			 "CPU %d has no cpufreq/scaling_cur_freq",
			 watch->cpus[0]);
	if (watch->before.throttles == FIGURE_ABSENT)
		snprintf(watch->unseen[TAINT_THROTTLED], TAINT_WHY_SIZE,
			 "CPU %d has no thermal_throttle", watch->cpus[0]);
}

/* Switches and faults are seen anywhere, and so is a CPU that is another. */
static void unseen_find(struct taint_watch *watch)
{
	unseen_find_cpu(watch);
	if (!is_there(watch, "/proc/self/schedstat"))
		snprintf(watch->unseen[TAINT_WAITED], TAINT_WHY_SIZE,
			 "no /proc/self/schedstat: a kernel without "
			 "CONFIG_SCHED_INFO");
	if (!is_there(watch, "/proc/pressure/cpu"))
		snprintf(watch->unseen[TAINT_PRESSURE], TAINT_WHY_SIZE,
			 "no /proc/pressure/cpu: a kernel without CONFIG_PSI, "
			 "or started with psi=0");
	if (watch->before.thp[0] == 0)
		snprintf(watch->unseen[TAINT_THP], TAINT_WHY_SIZE,
			 "no " THP_FOLDER);
}

/* The process counts them, but has no way to say why it does not. */
static void shootdowns_find(struct taint_watch *watch)
{
	char *text = sysfile_all(watch->root, INTERRUPTS);
	struct interrupts parser;
	int64_t count;

	if (!text) {
		snprintf(watch->no_shootdowns, TAINT_WHY_SIZE,
			 INTERRUPTS " cannot be read: %s",
			 strerror(-sysfile_error(watch->root, INTERRUPTS)));
		return;
	}
	interrupts_start(&parser, INTERRUPTS_SHOOTDOWNS);
	interrupts_feed(&parser, text, strlen(text));
	count = interrupts_end(&parser);
	free(text);
	if (count == -ENOENT)
		snprintf(watch->no_shootdowns, TAINT_WHY_SIZE,
			 INTERRUPTS " has no row " INTERRUPTS_SHOOTDOWNS
				    ": the kernel does not count them on this "
				    "architecture");
	else if (count < 0)
		snprintf(watch->no_shootdowns, TAINT_WHY_SIZE,
			 INTERRUPTS " is not of the format that is known");
}

void taint_open(const char *root, const struct placement *placement,
		struct taint_watch *watch)
{
	memset(watch, 0, sizeof(*watch));
	watch->root = root;
	for (unsigned int i = 0; i < placement->threads; i++)
		if (placement->cpus[i] >= 0)
			watch->cpus[watch->cpus_count++] = placement->cpus[i];
	state_read(watch, &watch->before);
	unseen_find(watch);
	shootdowns_find(watch);
	if (placement->probe_cpu < 0)
		snprintf(watch->unseen[TAINT_PROBE_GAPS], TAINT_WHY_SIZE,
			 "no core is left over for the noise probe");
	else
		watch->probe = probe_open(placement->probe_cpu,
					  watch->unseen[TAINT_PROBE_GAPS],
					  TAINT_WHY_SIZE);
}

void taint_close(struct taint_watch *watch)
{
	probe_close(watch->probe);
	watch->probe = NULL;
}

void taint_begin(struct taint_watch *watch)
{
	state_read(watch, &watch->before);
	if (watch->probe)
		probe_start(watch->probe);
}

void taint_end(struct taint_watch *watch, const struct sample_answer *answer,
	       struct taint_reading *reading)
{
	memset(reading, 0, sizeof(*reading));
	if (watch->probe) {
		probe_stop(watch->probe);
		probe_read(watch->probe, answer->begin_ns,
			   answer->begin_ns + answer->span_ns, &reading->gaps);
		reading->probed = true;
	}
	reading->before = watch->before;
	state_read(watch, &reading->after);
}

static int64_t between(int64_t before, int64_t after)
{
	return before == FIGURE_ABSENT || after < before ? FIGURE_ABSENT
							 : after - before;
}

void taint_figures(const struct taint_reading *reading,
		   int64_t values[FIGURE_COUNT])
{
	values[FIGURE_COLLAPSED] =
		between(reading->before.collapsed, reading->after.collapsed);
	values[FIGURE_THROTTLES] =
		between(reading->before.throttles, reading->after.throttles);
	if (!reading->probed)
		return;
	values[FIGURE_PROBE_GAPS] = (int64_t)reading->gaps.gaps;
	values[FIGURE_PROBE_GAP_NS] = (int64_t)reading->gaps.gap_ns;
	values[FIGURE_PROBE_GAP_NS_MAX] = (int64_t)reading->gaps.gap_ns_max;
}

bool taint_thp_changed(const struct taint_reading *reading)
{
	return reading->before.thp[0] != 0 && reading->after.thp[0] != 0 &&
	       strcmp(reading->before.thp, reading->after.thp) != 0;
}
