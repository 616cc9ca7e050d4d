/*
 * test_taint - what is seen of planted systems, and samples judged by planted
 * figures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "driver/taint.h"
#include "tests/scratch.h"

#define CPU3 "/sys/devices/system/cpu/cpu3"
#define CPU5 "/sys/devices/system/cpu/cpu5"
#define THP "/sys/kernel/mm/transparent_hugepage"
#define S INT64_C(1000000000) /* ns */

static char root[64];
static struct placement placement;
static struct taint_watch watch;
static struct taint_reading reading;
static struct sample_answer answer;
static int64_t values[FIGURE_COUNT];

static void put(const char *path, const char *text)
{
	scratch_write(root, path, text);
}

/* A machine that shows everything, and two threads on it. */
static int plant(void **state)
{
	(void)state;
	scratch_open(root);
	put("/proc/self/schedstat", "1 2 3\n");
	put("/proc/pressure/cpu", "some avg10=0.00 total=1\n");
	put("/proc/interrupts", " CPU0 CPU1\n TLB: 3 4 TLB shootdowns\n");
	put(CPU3 "/cpufreq/scaling_cur_freq", "2000000\n");
	put(CPU3 "/thermal_throttle/core_throttle_count", "7\n");
	put(CPU3 "/thermal_throttle/package_throttle_count", "11\n");
	put(CPU5 "/thermal_throttle/core_throttle_count", "0\n");
	put(THP "/enabled", "always [madvise] never\n");
	put(THP "/hugepages-2048kB/enabled", "always [inherit] never\n");
	put(THP "/khugepaged/pages_collapsed", "100\n");
	memset(&placement, 0, sizeof(placement));
	placement.threads = 2;
	placement.cpus[0] = 3;
	placement.cpus[1] = 5;
	placement.probe_cpu = -1;
	memset(&answer, 0, sizeof(answer));
	return 0;
}

static int clear(void **state)
{
	(void)state;
	taint_close(&watch);
	scratch_close(root);
	return 0;
}

/* All that a sample in between shows, as figures. */
static void see(void)
{
	taint_end(&watch, &answer, &reading);
	for (int i = 0; i < FIGURE_COUNT; i++)
		values[i] = FIGURE_ABSENT;
	taint_figures(&reading, values);
}

static void assert_unseen(enum taint taint, const char *because)
{
	if (!strstr(watch.unseen[taint], because))
		fail_msg("%s: '%s' does not say '%s'", taint_names[taint],
			 watch.unseen[taint], because);
}

static void all_is_seen_where_there_is_all_but_a_core_to_spare(void **state)
{
	(void)state;
	taint_open(root, &placement, &watch);
	for (int i = 0; i < TAINT_COUNT; i++)
		if (i != TAINT_PROBE_GAPS)
			assert_string_equal(watch.unseen[i], "");
	assert_unseen(TAINT_PROBE_GAPS, "no core is left over");
	assert_null(watch.probe);
}

static void what_an_empty_system_does_not_show_has_a_reason(void **state)
{
	(void)state;
	scratch_close(root);
	scratch_open(root);
	taint_open(root, &placement, &watch);
	assert_unseen(TAINT_PRESSURE, "CONFIG_PSI");
	assert_unseen(TAINT_WAITED, "CONFIG_SCHED_INFO");
	assert_unseen(TAINT_THP, THP);
	assert_unseen(TAINT_FREQUENCY, "CPU 3 has no cpufreq");
	assert_unseen(TAINT_THROTTLED, "CPU 3 has no thermal_throttle");
	assert_string_equal(watch.unseen[TAINT_SWITCHES], "");
	assert_string_equal(watch.unseen[TAINT_MIGRATED], "");
	assert_string_equal(watch.unseen[TAINT_MAJOR_FAULTS], "");
	taint_begin(&watch);
	see();
	assert_int_equal(values[FIGURE_COLLAPSED], FIGURE_ABSENT);
	assert_int_equal(values[FIGURE_THROTTLES], FIGURE_ABSENT);
	assert_int_equal(values[FIGURE_PROBE_GAPS], FIGURE_ABSENT);
	assert_false(taint_thp_changed(&reading));
}

static void shootdowns_are_counted_or_it_is_said_why_not(void **state)
{
	static const struct {
		const char *text;
		const char *because;
	} cases[] = {
		{" CPU0\n IPI0: 3 Rescheduling\n", "has no row TLB"},
		{" CPU0 CPU1\n TLB: 3\n", "not of the format"},
		{"nonsense", "not of the format"},
	};

	(void)state;
	taint_open(root, &placement, &watch);
	assert_string_equal(watch.no_shootdowns, "");
	for (unsigned int i = 0; i < 3; i++) {
		put("/proc/interrupts", cases[i].text);
		taint_open(root, &placement, &watch);
		assert_non_null(strstr(watch.no_shootdowns, cases[i].because));
	}
	scratch_close(root);
	scratch_open(root);
	taint_open(root, &placement, &watch);
	assert_non_null(strstr(watch.no_shootdowns, "No such file"));
}

static void samples_that_are_not_bound_have_no_cpu_to_look_at(void **state)
{
	(void)state;
	placement.cpus[0] = placement.cpus[1] = -1;
	taint_open(root, &placement, &watch);
	assert_unseen(TAINT_FREQUENCY, "bound to no CPU");
	assert_unseen(TAINT_THROTTLED, "bound to no CPU");
	taint_begin(&watch);
	see();
	assert_int_equal(values[FIGURE_THROTTLES], FIGURE_ABSENT);
}

static void a_system_at_rest_shows_zeros(void **state)
{
	(void)state;
	taint_open(root, &placement, &watch);
	taint_begin(&watch);
	see();
	assert_int_equal(values[FIGURE_COLLAPSED], 0);
	assert_int_equal(values[FIGURE_THROTTLES], 0);
	assert_false(taint_thp_changed(&reading));
	assert_int_equal(taint_judge(values, false), 0);
}

static void collapses_and_throttles_during_the_sample_are_counted(void **state)
{
	(void)state;
	taint_open(root, &placement, &watch);
	put(THP "/khugepaged/pages_collapsed", "150\n");
	taint_begin(&watch);
	put(THP "/khugepaged/pages_collapsed", "154\n");
	put(CPU3 "/thermal_throttle/package_throttle_count", "13\n");
	put(CPU5 "/thermal_throttle/core_throttle_count", "1\n");
	see();
	assert_int_equal(values[FIGURE_COLLAPSED], 4);
	assert_int_equal(values[FIGURE_THROTTLES], 3);
	assert_int_equal(taint_judge(values, false),
			 1u << TAINT_THP | 1u << TAINT_THROTTLED);
}

static void a_changed_thp_mode_is_told_also_that_of_one_size(void **state)
{
	(void)state;
	taint_open(root, &placement, &watch);
	taint_begin(&watch);
	put(THP "/hugepages-2048kB/enabled", "[always] inherit never\n");
	see();
	assert_true(taint_thp_changed(&reading));
	assert_string_equal(reading.before.thp, "madvise, 2 MiB: inherit");
	assert_string_equal(reading.after.thp, "madvise, 2 MiB: always");
	taint_begin(&watch);
	see();
	assert_false(taint_thp_changed(&reading));
	put(THP "/enabled", "always madvise [never]\n");
	see();
	assert_true(taint_thp_changed(&reading));
}

static void what_can_no_longer_be_read_is_not_a_change(void **state)
{
	char path[256];

	(void)state;
	taint_open(root, &placement, &watch);
	taint_begin(&watch);
	snprintf(path, sizeof(path), "%s" THP "/enabled", root);
	assert_int_equal(remove(path), 0);
	put(THP "/khugepaged/pages_collapsed", "99\n");
	put(CPU5 "/thermal_throttle/core_throttle_count", "x\n");
	see();
	assert_false(taint_thp_changed(&reading));
	assert_int_equal(values[FIGURE_COLLAPSED], FIGURE_ABSENT);
	assert_int_equal(values[FIGURE_THROTTLES], FIGURE_ABSENT);
}

static void a_probe_runs_where_there_is_a_core_for_it(void **state)
{
	cpu_set_t set;
	int cpu = 0;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET((size_t)cpu, &set))
		cpu++;
	placement.probe_cpu = cpu;
	taint_open(root, &placement, &watch);
	assert_non_null(watch.probe);
	assert_string_equal(watch.unseen[TAINT_PROBE_GAPS], "");
	answer.begin_ns = 1;
	answer.span_ns = INT64_MAX;
	taint_begin(&watch);
	see();
	assert_true(values[FIGURE_PROBE_GAPS] >= 0);
	assert_true(values[FIGURE_PROBE_GAP_NS] >= 0);
	taint_close(&watch);
	placement.probe_cpu = CPU_SETSIZE - 1;
	taint_open(root, &placement, &watch);
	assert_null(watch.probe);
	assert_unseen(TAINT_PROBE_GAPS, "the noise probe cannot be started");
}

/* A sample of one second that nothing disturbed. */
static void undisturbed(void)
{
	for (int i = 0; i < FIGURE_COUNT; i++)
		values[i] = 0;
	values[FIGURE_SPAN_NS] = S;
	values[FIGURE_CPU_START] = 3;
	values[FIGURE_CPU_END] = 3;
	values[FIGURE_KHZ_BEFORE] = 2000000;
	values[FIGURE_KHZ_AFTER] = 2000000;
}

struct boundary {
	enum taint taint;
	int figure;
	int64_t clean; /* the most, or where it is below the usual the least */
	int64_t tainted;
};

static void each_word_begins_where_the_page_says(void **state)
{
	static const struct boundary boundaries[] = {
		{TAINT_SWITCHES, FIGURE_SWITCHES_INVOLUNTARY, 204, 205},
		{TAINT_WAITED, FIGURE_SWITCHES_WAITED_NS, S / 100, S / 100 + 1},
		{TAINT_MIGRATED, FIGURE_MIGRATIONS, 0, 1},
		{TAINT_PRESSURE, FIGURE_PRESSURE + PRESSURE_CPU, S / 10,
		 S / 10 + 1},
		{TAINT_PRESSURE, FIGURE_PRESSURE + PRESSURE_MEMORY, S / 100,
		 S / 100 + 1},
		{TAINT_PROBE_GAPS, FIGURE_PROBE_GAP_NS, S / 100, S / 100 + 1},
		{TAINT_MAJOR_FAULTS, FIGURE_FAULTS_MAJOR, 0, 1},
		{TAINT_THP, FIGURE_COLLAPSED, 0, 1},
		{TAINT_FREQUENCY, FIGURE_KHZ_AFTER, 2100000, 2100001},
		{TAINT_FREQUENCY, FIGURE_KHZ_AFTER, 1900000, 1899999},
		{TAINT_THROTTLED, FIGURE_THROTTLES, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(boundaries) / sizeof(*boundaries); i++) {
		const struct boundary *at = &boundaries[i];

		undisturbed();
		values[at->figure] = at->clean;
		assert_int_equal(taint_judge(values, false), 0);
		values[at->figure] = at->tainted;
		assert_int_equal(taint_judge(values, false), 1u << at->taint);
	}
	undisturbed();
	assert_int_equal(taint_judge(values, true), 1u << TAINT_THP);
}

static void a_short_sample_may_be_switched_from_five_times(void **state)
{
	(void)state;
	undisturbed();
	values[FIGURE_SPAN_NS] = S / 1000;
	values[FIGURE_SWITCHES_INVOLUNTARY] = 5;
	assert_int_equal(taint_judge(values, false), 0);
	values[FIGURE_SWITCHES_INVOLUNTARY] = 6;
	assert_int_equal(taint_judge(values, false), 1u << TAINT_SWITCHES);
}

static void what_threads_add_up_is_held_against_their_time(void **state)
{
	(void)state;
	undisturbed();
	values[FIGURE_CPU_NS] = 4 * S;
	values[FIGURE_SWITCHES_WAITED_NS] = 4 * (S / 100);
	values[FIGURE_SWITCHES_INVOLUNTARY] = 804;
	assert_int_equal(taint_judge(values, false), 0);
	values[FIGURE_SWITCHES_WAITED_NS]++;
	values[FIGURE_SWITCHES_INVOLUNTARY]++;
	assert_int_equal(taint_judge(values, false),
			 1u << TAINT_WAITED | 1u << TAINT_SWITCHES);
}

static void pressure_that_is_the_probes_own_waiting_is_none(void **state)
{
	(void)state;
	undisturbed();
	values[FIGURE_PRESSURE + PRESSURE_CPU] = S / 2;
	values[FIGURE_PROBE_GAP_NS] = S / 2;
	assert_int_equal(taint_judge(values, false), 1u << TAINT_PROBE_GAPS);
	values[FIGURE_PRESSURE + PRESSURE_CPU] = S / 2 + S / 5;
	assert_int_equal(taint_judge(values, false),
			 1u << TAINT_PROBE_GAPS | 1u << TAINT_PRESSURE);
}

static void waiting_for_a_disk_is_no_pressure(void **state)
{
	(void)state;
	undisturbed();
	values[FIGURE_PRESSURE + PRESSURE_IO] = S;
	assert_int_equal(taint_judge(values, false), 0);
}

static void without_a_count_another_cpu_at_the_end_is_a_migration(void **state)
{
	(void)state;
	undisturbed();
	values[FIGURE_MIGRATIONS] = FIGURE_ABSENT;
	values[FIGURE_CPU_END] = 4;
	assert_int_equal(taint_judge(values, false), 1u << TAINT_MIGRATED);
}

static void what_was_not_seen_taints_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < FIGURE_COUNT; i++)
		values[i] = FIGURE_ABSENT;
	assert_int_equal(taint_judge(values, false), 0);
	values[FIGURE_KHZ_BEFORE] = 2000000;
	assert_int_equal(taint_judge(values, false), 0);
}

#define PLANTED(test) cmocka_unit_test_setup_teardown(test, plant, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLANTED(all_is_seen_where_there_is_all_but_a_core_to_spare),
		PLANTED(what_an_empty_system_does_not_show_has_a_reason),
		PLANTED(shootdowns_are_counted_or_it_is_said_why_not),
		PLANTED(samples_that_are_not_bound_have_no_cpu_to_look_at),
		PLANTED(a_system_at_rest_shows_zeros),
		PLANTED(collapses_and_throttles_during_the_sample_are_counted),
		PLANTED(a_changed_thp_mode_is_told_also_that_of_one_size),
		PLANTED(what_can_no_longer_be_read_is_not_a_change),
		PLANTED(a_probe_runs_where_there_is_a_core_for_it),
		cmocka_unit_test(each_word_begins_where_the_page_says),
		cmocka_unit_test(
			a_short_sample_may_be_switched_from_five_times),
		cmocka_unit_test(
			what_threads_add_up_is_held_against_their_time),
		cmocka_unit_test(
			pressure_that_is_the_probes_own_waiting_is_none),
		cmocka_unit_test(waiting_for_a_disk_is_no_pressure),
		cmocka_unit_test(
			without_a_count_another_cpu_at_the_end_is_a_migration),
		cmocka_unit_test(what_was_not_seen_taints_nothing),
	};

	return cmocka_run_group_tests_name("taint", tests, NULL, NULL);
}
