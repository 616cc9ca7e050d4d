/* taint_judge - whether a sample's figures say that it was disturbed. */
#include "driver/taint.h"

/*
 * Of the time from the first start to the last end. What is lost below it is
 * half of the 2 % that rows are told apart by at the best. On a quiet two-core
 * virtual machine the probe's gaps were 0 to 1 % and the waiting 0.1 to 0.5 %;
 * beside a program that wanted a CPU for itself, 70 to 95 % and 10 to 50 %.
 */
#define SHARE_MAX 0.01
/*
 * Pressure is also what the sample makes: a thread of the kernel that waits for
 * its turn behind it, 4 ms at a time, made up to 7 % of a quiet 50 ms; another
 * program made 50 to 100 %.
 */
#define PRESSURE_SHARE_MAX 0.1
/*
 * On a quiet machine the kernel's threads take the CPU 40 to 150 times a second
 * and give it back at once. Some 30 to 50 us go with each, with what it leaves
 * in the caches: 200 a second are 1 %.
 */
#define SWITCHES_PER_S 200.0
#define SWITCHES_MIN 5
/* Two readings of a steady clock differ by up to 2 %; a turbo step is 3 %. */
#define FREQUENCY_SHARE_MAX 0.05

/* A figure as a real number; 0 where it is absent. */
static double value_of(const int64_t values[FIGURE_COUNT], int figure)
{
	return values[figure] == FIGURE_ABSENT ? 0 : (double)values[figure];
}

static bool is_moved(const int64_t values[FIGURE_COUNT])
{
	if (values[FIGURE_MIGRATIONS] > 0)
		return true;
	/* Without a count, this is what there is. */
	return values[FIGURE_CPU_START] != FIGURE_ABSENT &&
	       values[FIGURE_CPU_START] != values[FIGURE_CPU_END];
}

/*
 * The probe waits, too, for the CPU that it leaves to others, and PSI counts
 * that: its gaps account for as much. What goes beyond is pressure elsewhere.
 * I/O is not looked at: what waits for a disk takes no CPU and no memory.
 */
static bool is_pressed(const int64_t values[FIGURE_COUNT], double span_ns)
{
	double cpu_ns = value_of(values, FIGURE_PRESSURE + PRESSURE_CPU) -
			value_of(values, FIGURE_PROBE_GAP_NS);
	double memory_ns = value_of(values, FIGURE_PRESSURE + PRESSURE_MEMORY);

	return cpu_ns > PRESSURE_SHARE_MAX * span_ns ||
	       memory_ns > SHARE_MAX * span_ns;
}

static bool is_of_changed_speed(const int64_t values[FIGURE_COUNT])
{
	double before = value_of(values, FIGURE_KHZ_BEFORE);
	double after = value_of(values, FIGURE_KHZ_AFTER);
	double change = after > before ? after - before : before - after;

	return before > 0 && after > 0 && change > FREQUENCY_SHARE_MAX * before;
}

unsigned int taint_judge(const int64_t values[FIGURE_COUNT], bool thp_changed)
{
	double span_ns = value_of(values, FIGURE_SPAN_NS);
	double cpu_ns = value_of(values, FIGURE_CPU_NS);
	double limit_ns = SHARE_MAX * span_ns;
	/* What is summed over threads is held against their time, summed. */
	double threads_ns = cpu_ns > span_ns ? cpu_ns : span_ns;
	const bool found[TAINT_COUNT] = {
		[TAINT_SWITCHES] =
			value_of(values, FIGURE_SWITCHES_INVOLUNTARY) >=
			SWITCHES_MIN + SWITCHES_PER_S * threads_ns / 1e9,
		[TAINT_WAITED] = value_of(values, FIGURE_SWITCHES_WAITED_NS) >
				 SHARE_MAX * threads_ns,
		[TAINT_MIGRATED] = is_moved(values),
		[TAINT_PRESSURE] = is_pressed(values, span_ns),
		[TAINT_PROBE_GAPS] =
			value_of(values, FIGURE_PROBE_GAP_NS) > limit_ns,
		[TAINT_MAJOR_FAULTS] =
			value_of(values, FIGURE_FAULTS_MAJOR) > 0,
		[TAINT_THP] =
			thp_changed || value_of(values, FIGURE_COLLAPSED) > 0,
		[TAINT_FREQUENCY] = is_of_changed_speed(values),
		[TAINT_THROTTLED] = value_of(values, FIGURE_THROTTLES) > 0,
	};
	unsigned int mask = 0;

	for (int i = 0; i < TAINT_COUNT; i++)
		mask |= found[i] ? 1u << i : 0;
	return mask;
}
