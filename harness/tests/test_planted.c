/*
 * test_planted - the loop that plants an effect, in real samples: once in each
 * growth, and nothing else changes; where it is taken away, nothing is found.
 *
 * This program is its own sample's binary. There, it stands between the harness
 * and the loop: it counts the calls, and can leave the loop out or lengthen it.
 */
/* wrap: spin */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/spin.h"
#include "driver/results.h"
#include "driver/run.h"
#include "driver/spawn.h"
#include "driver/stats.h"
#include "driver/verdict.h"
#include "tests/plugin_folder.h"
#include "tests/sanitized.h"
#include "tests/scratch.h"

#define ITERATIONS 777u
#define ROUNDS VERDICT_PAIRS_MIN
#define GROWTHS 8u /* of a sample of a run */

/* The descriptor that the samples inherit, with what is between us and them. */
#define CONTROL_FD 9
struct control {
	uint64_t factor; /* of the loop: 0 leaves it out */
	atomic_uint_fast64_t calls;
	atomic_uint_fast64_t least; /* iterations asked for */
	atomic_uint_fast64_t most;
	atomic_uint_fast64_t ns; /* spent in the loop */
};

static struct control *control;
static bool in_sample;
static char plugins[3072];
static char root[64];
static struct spawner spawner;
static struct spawn_result result;

void __real_spin(uint64_t iterations);
void __wrap_spin(uint64_t iterations);

void __wrap_spin(uint64_t iterations)
{
	uint64_t begin_ns;

	/* The driver calibrates it: there it is what it is. */
	if (!in_sample) {
		__real_spin(iterations);
		return;
	}
	/* Makes its code resident; so must be what is written here. */
	if (iterations == 0) {
		__real_spin(0);
		atomic_store(&control->ns, atomic_load(&control->ns));
		return;
	}
	begin_ns = clock_now_ns();
	__real_spin(iterations * control->factor);
	atomic_fetch_add(&control->ns, clock_now_ns() - begin_ns);
	atomic_fetch_add(&control->calls, 1);
	if (iterations < control->least)
		control->least = iterations;
	if (iterations > control->most)
		control->most = iterations;
}

static void control_reset(uint64_t factor)
{
	*control = (struct control){.factor = factor, .least = UINT64_MAX};
}

static int control_map(void)
{
	void *shared = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE,
			    MAP_SHARED, CONTROL_FD, 0);

	control = shared == MAP_FAILED ? NULL : shared;
	return control ? 0 : -1;
}

static int suite_setup(void **state)
{
	int fd = memfd_create("control", 0);

	(void)state;
	if (fd < 0 || ftruncate(fd, sizeof(*control)) != 0 ||
	    dup2(fd, CONTROL_FD) < 0 || control_map() != 0)
		return -1;
	scratch_open(root);
	return spawner_open(&spawner);
}

static int suite_teardown(void **state)
{
	(void)state;
	spawner_close(&spawner);
	scratch_close(root);
	return 0;
}

/* A sample of copying on growth, with a loop of so many iterations. */
static const struct sample_answer *
sample_run(const char *fault, const char *steps, unsigned int threads,
	   enum pass pass, uint64_t iterations)
{
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};

	control_reset(1);
	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator),
		 "%.*s/faulty.so:fault=%s", 400, plugins, fault);
	snprintf(request->workload, sizeof(request->workload),
		 "%.*s/steps.so%s", 400, plugins, steps);
	request->seed = 1;
	request->pass = pass;
	request->threads = threads;
	request->block_bytes_max = 1 << 22;
	request->spin_iterations = iterations;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	if (result.outcome != SAMPLE_OK)
		print_error("%s\n", result.reason);
	assert_int_equal(result.outcome, SAMPLE_OK);
	return &spawner.exchange->answer;
}

static void assert_calls(uint64_t calls)
{
	assert_int_equal(control->calls, calls);
	assert_int_equal(control->least, ITERATIONS);
	assert_int_equal(control->most, ITERATIONS);
}

static void each_growth_has_the_loop_once_and_nothing_else_has(void **state)
{
	(void)state;
	/* Three allocations and three releases are beside the 15 growths. */
	sample_run("none", ":growths=5:lives=3", 1, PASS_TIMING, ITERATIONS);
	assert_calls(15);
	sample_run("none", ":growths=5:lives=3", 1, PASS_CHECKING, ITERATIONS);
	assert_calls(15);
	sample_run("none", ":growths=0", 1, PASS_TIMING, ITERATIONS);
	assert_int_equal(control->calls, 0);
}

static void so_has_each_growth_of_each_thread(void **state)
{
	(void)state;
	sample_run("none", ":growths=4:lives=2:threads=3", 3, PASS_TIMING,
		   ITERATIONS);
	assert_calls(24);
}

static void so_has_a_growth_that_fails(void **state)
{
	const struct sample_answer *answer =
		sample_run("grow", ":growths=3", 1, PASS_TIMING, ITERATIONS);

	(void)state;
	assert_int_equal(answer->tally.growths[OUTCOME_FAILED], 3);
	assert_calls(3);
}

static void without_iterations_there_is_no_loop(void **state)
{
	(void)state;
	sample_run("none", ":growths=5:lives=3", 1, PASS_TIMING, 0);
	assert_int_equal(control->calls, 0);
}

static void the_loop_is_within_the_time_of_its_growth(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=3", 1, PASS_TIMING, 2000000);
	uint64_t grow_ns = answer->operations[OPERATION_GROW].histogram.sum_ns;

	(void)state;
	assert_true(control->ns > 0);
	assert_true(grow_ns >= control->ns);
	assert_true(answer->wall_ns >= grow_ns);
	/* The call of the allocator is the phase that it is in. */
	assert_true(answer->phase_ns[PHASE_CALL] >= control->ns);
}

/* What of two answers must not differ by a planted loop. */
static void assert_same_work(const struct sample_answer *with,
			     const struct sample_answer *without)
{
	assert_int_equal(with->requests, without->requests);
	assert_true(with->digest == without->digest);
	assert_memory_equal(&with->tally, &without->tally, sizeof(with->tally));
	assert_int_equal(with->touched_bytes, without->touched_bytes);
	assert_int_equal(with->copied_pages, without->copied_pages);
	assert_int_equal(with->live_bytes_max, without->live_bytes_max);
	assert_int_equal(with->words_verified, without->words_verified);
	assert_int_equal(with->words_wrong, 0);
	assert_int_equal(with->contradictions, 0);
	assert_int_equal(with->clock_reads, without->clock_reads);
	for (unsigned int i = 0; i < OPERATION_COUNT; i++)
		assert_int_equal(with->operations[i].histogram.count,
				 without->operations[i].histogram.count);
}

/* Maps as they are differ from process to process: chance lays them out. */
static void assert_same_map(const struct sample_answer *with,
			    const struct sample_answer *without)
{
	assert_int_equal(with->points_count, without->points_count);
	for (unsigned int i = 0; i < with->points_count; i++) {
		assert_int_equal(with->points[i].live_bytes,
				 without->points[i].live_bytes);
		assert_int_equal(with->points[i].holes.mapped_bytes -
					 with->before.holes.mapped_bytes,
				 without->points[i].holes.mapped_bytes -
					 without->before.holes.mapped_bytes);
	}
}

static void requests_outcomes_and_contents_stay_equal(void **state)
{
	static struct sample_answer without;

	(void)state;
	for (enum pass pass = PASS_CHECKING; pass <= PASS_TIMING; pass++) {
		without = *sample_run("none", ":growths=6:lives=2", 1, pass, 0);
		assert_same_work(sample_run("none", ":growths=6:lives=2", 1,
					    pass, ITERATIONS),
				 &without);
		assert_same_map(&spawner.exchange->answer, &without);
	}
}

static uint64_t faults_min(uint64_t iterations)
{
	uint64_t least = UINT64_MAX;

	/* Now and then one comes from elsewhere. */
	for (int i = 0; i < 5; i++) {
		uint64_t faults = sample_run("none", ":growths=8", 1,
					     PASS_TIMING, iterations)
					  ->minor_faults;

		least = faults < least ? faults : least;
	}
	return least;
}

static void page_faults_stay_equal(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	assert_int_equal(faults_min(ITERATIONS), faults_min(0));
	assert_int_equal(faults_min(1000000), faults_min(0));
}

/* Run by the whole driver, in a process of its own: a process makes one run. */
static void run_measured(const char *path, uint64_t seed)
{
	char workload[SPEC_TEXT_MAX];
	char written[4096] = "";
	struct run_options options = {.allocators = "null",
				      .workloads = workload,
				      .results = path,
				      .thp = "never",
				      .counters = "page-faults",
				      .seed = seed,
				      .rounds = ROUNDS,
				      .anonymous = true,
				      .quiet = true};
	pid_t child;
	int status;

	snprintf(workload, sizeof(workload), "%.*s/steps.so:growths=%u", 400,
		 plugins, GROWTHS);
	child = fork();
	if (child == 0)
		_exit(run_measure(&options, written));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Is the row with so many percent planted found to be slower in a file? */
static bool finds(const struct results_file *file, unsigned int percent)
{
	double planted_ns[ROUNDS], reference_ns[ROUNDS], scratch[ROUNDS];
	const struct results_cell *planted = &file->cells[0];
	struct interval ratio;
	size_t pairs;

	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].planted_percent == percent)
			planted = &file->cells[i];
	assert_int_equal(planted->role, ROLE_PLANTED);
	pairs = results_pair_values(
		planted, results_companion(planted, ROLE_REFERENCE),
		PASS_TIMING,
		planted->group->clock == CLOCK_CPU ? FIGURE_CPU_NS
						   : FIGURE_WALL_NS,
		planted_ns, reference_ns);
	/* Not found for want of pairs would be no proof. */
	assert_int_equal(pairs, ROUNDS);
	stats_paired_ratio(planted_ns, reference_ns, pairs, verdict_level(1),
			   scratch, &ratio, &pairs);
	return verdict_finds(&ratio, pairs);
}

/* In how many of three runs +10 % was found, the loop being so much longer. */
static unsigned int times_found(uint64_t factor)
{
	/* Two planted rows, in each round and the one for checking. */
	const uint64_t samples = (uint64_t)2 * (1 + ROUNDS);
	struct results results = {0};
	unsigned int found = 0;
	char path[128];
	char why[256];

	for (unsigned int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%u-%u.jsonl", root,
			 (unsigned int)factor, i);
		control_reset(factor);
		run_measured(path, i);
		assert_int_equal(control->calls, samples * GROWTHS);
		assert_true(control->least > 0);
		assert_int_equal(results_read(&results, path, why, sizeof(why)),
				 0);
		found += finds(results.files[i], 10);
	}
	results_free(&results);
	return found;
}

/*
 * By chance it is found in 2 of 100 runs, so three times in a row in 1 of
 * 100,000. What made it of the reference's own samples would always find it.
 */
static void what_was_not_really_planted_is_not_found(void **state)
{
	(void)state;
	if (THREAD_SANITIZED) /* its page faults make all samples invalid */
		skip();
	assert_in_range(times_found(0), 0, 2);
}

/* Or the test above would be none. */
static void what_was_planted_a_hundredfold_is_found(void **state)
{
	(void)state;
	if (THREAD_SANITIZED)
		skip();
	assert_in_range(times_found(100), 1, 3);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_growth_has_the_loop_once_and_nothing_else_has),
		cmocka_unit_test(so_has_each_growth_of_each_thread),
		cmocka_unit_test(so_has_a_growth_that_fails),
		cmocka_unit_test(without_iterations_there_is_no_loop),
		cmocka_unit_test(the_loop_is_within_the_time_of_its_growth),
		cmocka_unit_test(requests_outcomes_and_contents_stay_equal),
		cmocka_unit_test(page_faults_stay_equal),
		cmocka_unit_test(what_was_not_really_planted_is_not_found),
		cmocka_unit_test(what_was_planted_a_hundredfold_is_found),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0) {
		in_sample = true;
		if (control_map() != 0)
			return 1;
		/* That its page is not there yet would be a fault of ours. */
		atomic_store(&control->ns, atomic_load(&control->ns));
		return sample_main();
	}
	if (!plugin_folder(plugins, sizeof(plugins)))
		return 1;
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
