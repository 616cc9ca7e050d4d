/*
 * test_probe - the noise probe finds the gaps of a clock that jumps when it is
 * told to, and no others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver/probe.h"

/* wrap: clock_gettime */

#define STEP_NS UINT64_C(10)
#define START_NS 1000000000u

static _Atomic uint64_t clock_ns;
static _Atomic uint64_t probe_readings;
static _Atomic bool held; /* the probe is not let read */
static _Atomic bool waiting; /* it is kept from reading */
static _Atomic bool jumping; /* at each of its readings */
static pthread_t driver;
static struct probe *probe;
static char why[256];

int __wrap_clock_gettime(clockid_t id, struct timespec *time)
{
	uint64_t now_ns;

	(void)id;
	if (!pthread_equal(pthread_self(), driver)) {
		while (atomic_load(&held)) {
			atomic_store(&waiting, true);
			usleep(100);
		}
		atomic_fetch_add(&probe_readings, 1);
		if (atomic_load(&jumping))
			atomic_fetch_add(&clock_ns, PROBE_GAP_NS_MIN + 1000);
	}
	now_ns = atomic_fetch_add(&clock_ns, STEP_NS) + STEP_NS;
	time->tv_sec = (time_t)(now_ns / 1000000000u);
	time->tv_nsec = (long)(now_ns % 1000000000u);
	return 0;
}

/* Until the probe has read the clock as it is now. */
static void let_it_read(void)
{
	uint64_t readings = atomic_load(&probe_readings);

	while (atomic_load(&probe_readings) < readings + 3)
		usleep(100);
}

/* Between two of its readings; from here on the clock is ours alone. */
static void hold_it(void)
{
	atomic_store(&waiting, false);
	atomic_store(&held, true);
	while (!atomic_load(&waiting))
		usleep(100);
}

static void release_it(void)
{
	atomic_store(&held, false);
	let_it_read();
}

static void pass(uint64_t ns)
{
	atomic_fetch_add(&clock_ns, ns);
}

static void jump(uint64_t ns)
{
	hold_it();
	pass(ns);
	release_it();
}

static int allowed_cpu(void)
{
	cpu_set_t set;
	int cpu = CPU_SETSIZE - 1;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		abort();
	while (!CPU_ISSET((size_t)cpu, &set))
		cpu--;
	return cpu;
}

static int open_probe(void **state)
{
	(void)state;
	driver = pthread_self();
	atomic_store(&clock_ns, START_NS);
	atomic_store(&held, false);
	probe = probe_open(allowed_cpu(), why, sizeof(why));
	if (!probe)
		fprintf(stderr, "%s\n", why);
	return probe ? 0 : -1;
}

static int close_probe(void **state)
{
	(void)state;
	atomic_store(&held, false);
	probe_close(probe);
	return 0;
}

static uint64_t now(void)
{
	return atomic_load(&clock_ns);
}

/* About: a few readings may lie before and behind. */
static void assert_about(uint64_t value, uint64_t expected)
{
	assert_in_range(value, expected, expected + 10 * STEP_NS);
}

static void gaps_are_counted_summed_and_the_longest_kept(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns;

	(void)state;
	begin_ns = now();
	probe_start(probe);
	jump(70000);
	jump(3000000);
	jump(90000);
	probe_stop(probe);
	probe_read(probe, begin_ns, now(), &gaps);
	assert_int_equal(gaps.gaps, 3);
	assert_about(gaps.gap_ns, 3160000);
	assert_about(gaps.gap_ns_max, 3000000);
}

static void what_is_short_of_a_gap_is_none(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns;

	(void)state;
	begin_ns = now();
	probe_start(probe);
	for (int i = 0; i < 5; i++)
		jump(PROBE_GAP_NS_MIN / 2);
	probe_stop(probe);
	probe_read(probe, begin_ns, now(), &gaps);
	assert_int_equal(gaps.gaps, 0);
	assert_int_equal(gaps.gap_ns, 0);
	assert_int_equal(gaps.gap_ns_max, 0);
}

static void a_gap_counts_by_its_part_in_the_window(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns, end_ns;

	(void)state;
	probe_start(probe);
	jump(800000); /* before */
	hold_it();
	pass(300000);
	begin_ns = now();
	pass(200000);
	release_it();
	hold_it();
	pass(100000);
	end_ns = now();
	pass(300000);
	release_it();
	jump(600000); /* behind */
	probe_stop(probe);
	probe_read(probe, begin_ns, end_ns, &gaps);
	assert_int_equal(gaps.gaps, 2);
	assert_about(gaps.gap_ns, 300000);
	assert_about(gaps.gap_ns_max, 200000);
}

static void a_probe_that_never_ran_was_in_one_gap(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns;

	(void)state;
	atomic_store(&held, true);
	begin_ns = now();
	probe_start(probe);
	pass(7000000);
	probe_stop(probe);
	probe_read(probe, begin_ns, now(), &gaps);
	assert_int_equal(gaps.gaps, 1);
	assert_about(gaps.gap_ns, 7000000);
}

/* The probe's number as the kernel knows it; a word of its status by key. */
static pid_t find_thread(const char *key, char word[32])
{
	DIR *folder = opendir("/proc/self/task");
	size_t length = strlen(key);
	struct dirent *entry;
	pid_t found = 0;

	while (folder && (entry = readdir(folder))) {
		char path[300], line[128];
		bool named = false;
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/task/%s/status",
			 entry->d_name);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file)) {
			named |= strcmp(line, "Name:\tregrow-probe\n") == 0;
			if (named && strncmp(line, key, length) == 0 &&
			    sscanf(line + length, ": %31s", word) == 1)
				found = (pid_t)atoi(entry->d_name);
		}
		if (file)
			fclose(file);
	}
	if (folder)
		closedir(folder);
	return found;
}

static void let_it_sleep(void)
{
	char word[32] = "";

	do {
		usleep(100);
		find_thread("State", word);
	} while (word[0] != 'S');
}

static void a_gap_of_one_sample_is_not_in_the_next(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns;

	(void)state;
	probe_start(probe);
	jump(70000);
	probe_stop(probe);
	let_it_sleep();
	pass(5000000);
	begin_ns = now();
	probe_start(probe);
	let_it_read();
	probe_stop(probe);
	probe_read(probe, begin_ns, now(), &gaps);
	assert_int_equal(gaps.gaps, 0);
}

static void gaps_beyond_its_memory_are_counted_at_their_least(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns, readings;

	(void)state;
	begin_ns = now();
	probe_start(probe);
	let_it_read();
	readings = atomic_load(&probe_readings);
	atomic_store(&jumping, true);
	while (atomic_load(&probe_readings) <
	       readings + UINT64_C(2) * PROBE_GAPS_MAX)
		usleep(100);
	probe_stop(probe);
	atomic_store(&jumping, false);
	probe_read(probe, begin_ns, now(), &gaps);
	assert_true(gaps.gaps >= UINT64_C(2) * PROBE_GAPS_MAX - 1);
	assert_true(gaps.gap_ns > gaps.gaps * PROBE_GAP_NS_MIN);
	assert_true(gaps.gap_ns < gaps.gaps * PROBE_GAP_NS_MIN +
					  PROBE_GAPS_MAX * UINT64_C(1100));
}

static void it_gives_way_to_all_others_and_takes_no_signal(void **state)
{
	char signals[32] = "";
	pid_t thread = find_thread("SigBlk", signals);
	cpu_set_t set;

	(void)state;
	assert_true(thread > 0);
	assert_int_equal(sched_getscheduler(thread), SCHED_IDLE);
	assert_int_equal(sched_getaffinity(thread, sizeof(set), &set), 0);
	assert_int_equal(CPU_COUNT(&set), 1);
	assert_true(CPU_ISSET((size_t)allowed_cpu(), &set));
	/* SIGINT, SIGTERM and SIGHUP are the driver's. */
	assert_int_equal(strtoull(signals, NULL, 16) & 0x4003, 0x4003);
}

static void a_process_can_be_forked_while_it_spins(void **state)
{
	struct probe_gaps gaps;
	uint64_t begin_ns;
	int status;
	pid_t child;

	(void)state;
	begin_ns = now();
	probe_start(probe);
	let_it_read();
	child = fork();
	if (child == 0)
		_exit(7);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 7);
	jump(70000);
	probe_stop(probe);
	probe_read(probe, begin_ns, now(), &gaps);
	assert_int_equal(gaps.gaps, 1);
}

static void it_can_be_closed_while_it_spins(void **state)
{
	(void)state;
	driver = pthread_self();
	probe = probe_open(allowed_cpu(), why, sizeof(why));
	assert_non_null(probe);
	probe_start(probe);
	let_it_read();
	probe_close(probe);
	probe_close(NULL);
}

static void a_cpu_that_is_not_there_is_named(void **state)
{
	(void)state;
	assert_null(probe_open(CPU_SETSIZE - 1, why, sizeof(why)));
	assert_non_null(strstr(why, "CPU 1023"));
	assert_non_null(strstr(why, "Invalid argument"));
}

#define PROBED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, open_probe, close_probe)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROBED(gaps_are_counted_summed_and_the_longest_kept),
		PROBED(what_is_short_of_a_gap_is_none),
		PROBED(a_gap_counts_by_its_part_in_the_window),
		PROBED(a_probe_that_never_ran_was_in_one_gap),
		PROBED(a_gap_of_one_sample_is_not_in_the_next),
		PROBED(gaps_beyond_its_memory_are_counted_at_their_least),
		PROBED(it_gives_way_to_all_others_and_takes_no_signal),
		PROBED(a_process_can_be_forked_while_it_spins),
		cmocka_unit_test(it_can_be_closed_while_it_spins),
		cmocka_unit_test(a_cpu_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
