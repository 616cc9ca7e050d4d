/*
 * test_sample_map - what a sample sees of its map: what would be ideal, what a
 * look costs, and what is left when it has settled. This program is its own
 * sample's binary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/spawn.h"
#include "sample/map_cost.h"
#include "tests/plugin_folder.h"
#include "tests/sanitized.h"

#define SECOND 1000000000u

static char plugins[3072];
static struct spawner spawner;
static uint64_t page_size;

static int suite_setup(void **state)
{
	(void)state;
	page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	return spawner_open(&spawner);
}

static int suite_teardown(void **state)
{
	(void)state;
	spawner_close(&spawner);
	return 0;
}

/* A % in a spelling stands for the plug-ins' folder. */
static void spell(char *into, size_t size, const char *spelling)
{
	if (*spelling == '%')
		snprintf(into, size, "%.*s%s", 400, plugins, spelling + 1);
	else
		snprintf(into, size, "%s", spelling);
}

static const struct sample_answer *
sample_run(const char *allocator, const char *workload, unsigned int threads,
	   enum pass pass, uint64_t settle_ns)
{
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setting = {.timeout_ns = 60 * (uint64_t)SECOND};
	struct spawn_result result;

	memset(request, 0, sizeof(*request));
	spell(request->allocator, sizeof(request->allocator), allocator);
	spell(request->workload, sizeof(request->workload), workload);
	request->seed = 1;
	request->pass = pass;
	request->threads = threads;
	request->block_bytes_max = 1 << 24;
	request->settle_ns = settle_ns;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	if (result.outcome != SAMPLE_OK)
		fail_msg("%s", result.reason);
	return &spawner.exchange->answer;
}

static void ideal_is_all_of_what_is_written_and_alive(void **state)
{
	const struct sample_answer *answer =
		sample_run("%/faulty.so:fault=none", "%/steps.so:growths=6", 1,
			   PASS_CHECKING, 0);

	(void)state;
	assert_int_equal(answer->final.ideal_bytes, 64 * page_size);
	assert_int_equal(answer->points_count, 6);
	for (unsigned int i = 0; i < 6; i++)
		assert_int_equal(answer->points[i].ideal_bytes, (2 * page_size)
									<< i);
	assert_int_equal(answer->before.ideal_bytes, 0);
	assert_int_equal(answer->drained.ideal_bytes, 0);
}

static void ideal_is_only_what_was_written(void **state)
{
	const struct sample_answer *answer = sample_run(
		"copy-realloc",
		"hole-refill:size=64K:refills=0:replacements=20:live=5", 1,
		PASS_CHECKING, 0);

	(void)state;
	assert_int_equal(answer->final.live_bytes, 5 * 65536);
	assert_int_equal(answer->final.ideal_bytes, 5 * page_size);
	assert_int_equal(answer->drained.ideal_bytes, 0);
	answer = sample_run("copy-realloc",
			    "hole-refill:size=64K:refills=0:replacements=20:"
			    "live=5:touch=none",
			    1, PASS_CHECKING, 0);
	assert_int_equal(answer->final.ideal_bytes, 0);
}

static void ideal_shrinks_with_its_block(void **state)
{
	const struct sample_answer *answer =
		sample_run("copy-realloc", "%/steps.so:growths=4:shrink=2", 1,
			   PASS_CHECKING, 0);

	(void)state;
	assert_int_equal(answer->final.ideal_bytes, 4 * page_size);
	assert_int_equal(answer->drained.ideal_bytes, 0);
}

static void ideal_adds_up_over_threads(void **state)
{
	const struct sample_answer *answer =
		sample_run("copy-realloc", "%/steps.so:growths=4:threads=3", 3,
			   PASS_CHECKING, 0);

	(void)state;
	assert_int_equal(answer->final.ideal_bytes, (size_t)3 * 16 * page_size);
	assert_int_equal(answer->points[3].ideal_bytes,
			 (size_t)3 * 16 * page_size);
}

static void each_look_says_what_it_took(void **state)
{
	const struct sample_answer *answer = sample_run(
		"copy-realloc", "%/steps.so:growths=6", 1, PASS_CHECKING, 0);
	uint64_t sum_ns = answer->before.read_ns + answer->final.read_ns +
			  answer->drained.read_ns;

	(void)state;
	assert_int_equal(answer->reading.reads, 3 + 6);
	assert_int_equal(answer->reading.points_skipped, 0);
	for (unsigned int i = 0; i < 6; i++) {
		assert_true(answer->points[i].read_ns > 0);
		sum_ns += answer->points[i].read_ns;
	}
	assert_int_equal(answer->reading.read_ns, sum_ns);
	/* None of it is in what is timed. */
	assert_true(answer->span_ns > sum_ns - answer->before.read_ns -
					      answer->final.read_ns -
					      answer->drained.read_ns);
	answer = sample_run("copy-realloc", "%/steps.so:growths=6", 1,
			    PASS_TIMING, 0);
	assert_int_equal(answer->reading.reads, 3);
}

static void looks_are_free_at_first_and_then_a_two_hundredth(void **state)
{
	const uint64_t s = SECOND;

	(void)state;
	assert_true(map_cost_allows(0, 0, s));
	assert_true(map_cost_allows(10 * s - 1, 9 * s, s));
	assert_true(map_cost_allows(10 * s, 0, s / 20));
	assert_false(map_cost_allows(10 * s, 0, s / 20 + 1));
	assert_false(map_cost_allows(10 * s, s / 20, 1));
	assert_true(map_cost_allows(600 * s, 2 * s, s));
	assert_false(map_cost_allows(600 * s, 2 * s + 1, s));
}

/* Of a run of 600 s whose looks take ever longer, every look counted. */
static void looks_never_take_more_of_a_long_run(void **state)
{
	uint64_t spent_ns = 0, last_ns = 0, done = 0, skipped = 0;

	(void)state;
	for (uint64_t at = 0; at < 600; at += 2) {
		uint64_t elapsed_ns = at * SECOND + spent_ns;

		if (!map_cost_allows(elapsed_ns, spent_ns, last_ns)) {
			skipped++;
			continue;
		}
		done++;
		last_ns = 40000000 * at / 100;
		spent_ns += last_ns;
	}
	assert_true(done > 10 && skipped > 10);
	assert_true(spent_ns <= 600 * (uint64_t)SECOND / 100);
}

static void nothing_is_waited_for_where_nothing_is_left(void **state)
{
	const struct sample_answer *answer =
		sample_run("copy-realloc", "%/steps.so:growths=8", 1,
			   PASS_CHECKING, 5 * (uint64_t)SECOND);

	(void)state;
	if (SANITIZED)
		skip();
	assert_true(answer->settled_at_once);
	assert_int_equal(answer->settled_count, 0);
}

static void what_is_given_back_late_is_seen_to_be(void **state)
{
	const struct sample_answer *answer = sample_run(
		"%/late.so", "%/steps.so:growths=8", 1, PASS_CHECKING, SECOND);
	uint64_t size = 256 * page_size;

	(void)state;
	assert_false(answer->settled_at_once);
	assert_int_equal(answer->settled_count, 2);
	assert_in_range(answer->settled[0].at_ns, SECOND / 10, SECOND / 4);
	assert_true(answer->settled[1].at_ns >= SECOND);
	assert_int_equal(answer->settled[0].live_bytes, 0);
	if (SANITIZED)
		return;
	assert_int_equal(answer->drained.holes.mapped_bytes -
				 answer->before.holes.mapped_bytes,
			 size);
	assert_int_equal(answer->settled[0].holes.mapped_bytes -
				 answer->before.holes.mapped_bytes,
			 size);
	assert_true(answer->settled[0].resident_bytes >=
		    answer->before.resident_bytes + size);
	assert_int_equal(answer->settled[1].holes.mapped_bytes,
			 answer->before.holes.mapped_bytes);
}

static void threads_wait_for_what_settles(void **state)
{
	const struct sample_answer *answer = sample_run(
		"copy-realloc:keep=pages", "%/steps.so:growths=8:threads=3", 3,
		PASS_CHECKING, SECOND / 10);

	(void)state;
	assert_int_equal(answer->settled_count, 1);
	assert_int_equal(answer->settled[0].holes.mapped_bytes,
			 answer->drained.holes.mapped_bytes);
	assert_int_equal(answer->stage, STAGE_DONE);
}

static void only_the_checking_pass_waits_and_only_where_asked(void **state)
{
	const struct sample_answer *answer =
		sample_run("copy-realloc:keep=pages", "%/steps.so:growths=8", 1,
			   PASS_TIMING, SECOND);

	(void)state;
	assert_int_equal(answer->settled_count, 0);
	assert_false(answer->settled_at_once);
	answer = sample_run("copy-realloc:keep=pages", "%/steps.so:growths=8",
			    1, PASS_CHECKING, 0);
	assert_int_equal(answer->settled_count, 0);
	assert_false(answer->settled_at_once);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ideal_is_all_of_what_is_written_and_alive),
		cmocka_unit_test(ideal_is_only_what_was_written),
		cmocka_unit_test(ideal_shrinks_with_its_block),
		cmocka_unit_test(ideal_adds_up_over_threads),
		cmocka_unit_test(each_look_says_what_it_took),
		cmocka_unit_test(
			looks_are_free_at_first_and_then_a_two_hundredth),
		cmocka_unit_test(looks_never_take_more_of_a_long_run),
		cmocka_unit_test(nothing_is_waited_for_where_nothing_is_left),
		cmocka_unit_test(what_is_given_back_late_is_seen_to_be),
		cmocka_unit_test(threads_wait_for_what_settles),
		cmocka_unit_test(
			only_the_checking_pass_waits_and_only_where_asked),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	if (!plugin_folder(plugins, sizeof(plugins)))
		return 1;
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
