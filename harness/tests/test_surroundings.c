/* test_surroundings - planted files of /proc and /sys, and one's own thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "sample/surroundings.h"
#include "tests/scratch.h"

#define FREQUENCY "/sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq"

static char root[64];
static struct surroundings begin;
static struct disturbance found;

static void put(const char *path, const char *text)
{
	scratch_write(root, path, text);
}

static int plant(void **state)
{
	(void)state;
	scratch_open(root);
	put("/proc/pressure/cpu",
	    "some avg10=6.44 avg60=2.05 avg300=1.23 total=1000\n"
	    "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n");
	put("/proc/pressure/memory", "some avg10=0.00 total=20\n");
	put("/proc/pressure/io", "some avg10=0.00 total=300\n");
	put(FREQUENCY, "2000000\n");
	put("/proc/interrupts", " CPU0 CPU1\n TLB: 30 4 TLB shootdowns\n");
	return 0;
}

static int clear(void **state)
{
	(void)state;
	surroundings_close();
	scratch_close(root);
	return 0;
}

static void what_came_about_is_the_difference_of_two_readings(void **state)
{
	(void)state;
	surroundings_open(root, 2);
	surroundings_begin(&begin);
	put("/proc/pressure/cpu", "some avg10=6.44 total=1500\n");
	put("/proc/pressure/io", "some avg10=6.44 total=301\n");
	put(FREQUENCY, "1800000\n");
	put("/proc/interrupts", " CPU0 CPU1\n TLB: 36 5 TLB shootdowns\n");
	surroundings_end(&begin, &found);
	assert_int_equal(found.pressure_ns[PRESSURE_CPU], 500000);
	assert_int_equal(found.pressure_ns[PRESSURE_MEMORY], 0);
	assert_int_equal(found.pressure_ns[PRESSURE_IO], 1000);
	assert_int_equal(found.khz_before, 2000000);
	assert_int_equal(found.khz_after, 1800000);
	assert_int_equal(found.shootdowns, 7);
}

static void what_is_not_there_is_not_seen(void **state)
{
	(void)state;
	surroundings_open("/nowhere", 2);
	surroundings_begin(&begin);
	surroundings_end(&begin, &found);
	for (int i = 0; i < PRESSURE_COUNT; i++)
		assert_int_equal(found.pressure_ns[i], -1);
	assert_int_equal(found.khz_before, -1);
	assert_int_equal(found.khz_after, -1);
	assert_int_equal(found.shootdowns, -1);
}

static void a_thread_without_a_cpu_of_its_own_has_no_frequency(void **state)
{
	(void)state;
	surroundings_open(root, -1);
	surroundings_begin(&begin);
	surroundings_end(&begin, &found);
	assert_int_equal(found.pressure_ns[PRESSURE_CPU], 0);
	assert_int_equal(found.khz_before, -1);
}

static void a_count_that_goes_back_is_not_seen(void **state)
{
	(void)state;
	surroundings_open(root, 2);
	surroundings_begin(&begin);
	put("/proc/pressure/cpu", "some avg10=6.44 total=999\n");
	put("/proc/pressure/memory", "damaged\n");
	put("/proc/interrupts", " CPU0 CPU1\n TLB: 0 4 TLB shootdowns\n");
	surroundings_end(&begin, &found);
	assert_int_equal(found.pressure_ns[PRESSURE_CPU], -1);
	assert_int_equal(found.pressure_ns[PRESSURE_MEMORY], -1);
	assert_int_equal(found.shootdowns, -1);
}

static void pressure_is_read_strictly(void **state)
{
	(void)state;
	assert_int_equal(pressure_parse_ns("some avg10=1.00 total=5\n"), 5000);
	assert_int_equal(pressure_parse_ns(""), -1);
	assert_int_equal(pressure_parse_ns("some avg10=1.00\n"
					   "full avg10=0.00 total=5\n"),
			 -1);
	assert_int_equal(pressure_parse_ns("full avg10=0.00 total=5\n"), -1);
	assert_int_equal(pressure_parse_ns("some total=\n"), -1);
	assert_int_equal(pressure_parse_ns("some total=-5\n"), -1);
	assert_int_equal(pressure_parse_ns("some total=5x\n"), -1);
	assert_int_equal(pressure_parse_ns("some total=9223372036854775807\n"),
			 -1);
}

static void scheduling_is_read_strictly(void **state)
{
	static const char text[] =
		"head (17141, #threads: 1)\n"
		"---------------------------------\n"
		"se.exec_start           :      18224785.498847\n"
		"xse.nr_migrations       :                    3\n"
		"se.nr_migrations        :                   12\n";

	(void)state;
	assert_int_equal(schedule_parse_count(text, "se.nr_migrations"), 12);
	assert_int_equal(schedule_parse_count(text, "nr_migrations"), -1);
	assert_int_equal(schedule_parse_count(text, "se.nr"), -1);
	assert_int_equal(schedule_parse_count(text, "se.exec_start"), -1);
	assert_int_equal(schedule_parse_count("", "se.nr_migrations"), -1);
	assert_int_equal(schedule_parse_waited_ns("0 83486 1\n"), 83486);
	assert_int_equal(schedule_parse_waited_ns("83486\n"), -1);
	assert_int_equal(schedule_parse_waited_ns("x 1 1\n"), -1);
	assert_int_equal(schedule_parse_waited_ns(""), -1);
}

static void this_thread_sees_its_own_schedule(void **state)
{
	struct schedule schedule;

	(void)state;
	if (access("/proc/thread-self/schedstat", R_OK) != 0)
		skip();
	schedule_begin(&schedule);
	assert_true(schedule.waited_ns >= 0);
	schedule_end(&schedule);
	assert_true(schedule.waited_ns >= 0);
}

#define PLANTED(test) cmocka_unit_test_setup_teardown(test, plant, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLANTED(what_came_about_is_the_difference_of_two_readings),
		PLANTED(what_is_not_there_is_not_seen),
		PLANTED(a_thread_without_a_cpu_of_its_own_has_no_frequency),
		PLANTED(a_count_that_goes_back_is_not_seen),
		cmocka_unit_test(pressure_is_read_strictly),
		cmocka_unit_test(scheduling_is_read_strictly),
		cmocka_unit_test(this_thread_sees_its_own_schedule),
	};

	return cmocka_run_group_tests_name("surroundings", tests, NULL, NULL);
}
