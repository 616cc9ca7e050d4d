/*
 * test_sample - a sample's process from the outside: what it answers, what it
 * catches, how its end is told. This program is its own sample's binary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/registry.h"
#include "driver/spawn.h"
#include "tests/plugin_folder.h"
#include "tests/sanitized.h"

static char plugins[3072];
static struct spawner spawner;
static struct spawn_result result;
static size_t page_size;

static int suite_setup(void **state)
{
	(void)state;
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	return spawner_open(&spawner);
}

static int suite_teardown(void **state)
{
	(void)state;
	spawner_close(&spawner);
	return 0;
}

static uint32_t repeat; /* of the next sample; once where 0 */
static const char *allocator; /* instead of the plug-in; NULL: it */

/* Runs the faulty plug-in on the steps workload; the answer. */
static const struct sample_answer *sample_run(const char *fault,
					      const char *steps,
					      unsigned int threads,
					      enum pass pass)
{
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator),
		 "%.*s/faulty.so:fault=%s", 400, plugins, fault);
	if (allocator)
		snprintf(request->allocator, sizeof(request->allocator), "%s",
			 allocator);
	snprintf(request->workload, sizeof(request->workload),
		 "%.*s/steps.so%s", 400, plugins, steps);
	request->seed = 1;
	request->pass = pass;
	request->threads = threads;
	request->repeat = repeat;
	request->block_bytes_max = 1 << 22;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	if (strcmp(fault, "hang") == 0)
		setting.timeout_ns = 500000000;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	return &spawner.exchange->answer;
}

static void assert_ok(const struct sample_answer *answer)
{
	if (result.outcome != SAMPLE_OK)
		print_error("%s\n", result.reason);
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_int_equal(answer->stage, STAGE_DONE);
	assert_int_equal(answer->words_wrong, 0);
	assert_int_equal(answer->contradictions, 0);
}

static void a_sound_sample_counts_its_growths_exactly(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=5:lives=3", 1, PASS_TIMING);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 15);
	assert_int_equal(answer->tally.bytes_copied, 93 * page_size);
	assert_int_equal(answer->operations[OPERATION_ALLOC].histogram.count,
			 3);
	assert_int_equal(answer->operations[OPERATION_GROW].histogram.count,
			 15);
	assert_int_equal(answer->operations[OPERATION_RELEASE].histogram.count,
			 3);
	assert_int_equal(answer->requests, 21);
	assert_int_equal(answer->live_bytes_max, 32 * page_size);
	assert_int_equal(answer->touched_bytes, 96 * page_size);
	assert_int_equal(answer->words_verified, 96 * page_size / 8);
	assert_string_equal(answer->figures[0].name, "lives");
	assert_int_equal(answer->figures[0].value, 3);
}

/* Makes, grows and releases blocks; the growths are timed, but for two. */
static void what_is_done_in_a_pause_is_not_measured(void **state)
{
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};
	const struct sample_answer *answer = &spawner.exchange->answer;
	uint64_t phases_ns = 0, block = 16 * page_size;

	(void)state;
	sample_run("none", "", 1, PASS_CHECKING);
	snprintf(request->workload, sizeof(request->workload),
		 "single-growth:size=%llu:times=5", (unsigned long long)block);
	memset(&spawner.exchange->answer, 0, sizeof(*answer));
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 5);
	assert_int_equal(answer->tally.bytes_copied, 5 * block);
	assert_int_equal(answer->operations[OPERATION_ALLOC].histogram.count,
			 0);
	assert_int_equal(answer->operations[OPERATION_GROW].histogram.count, 5);
	assert_int_equal(answer->operations[OPERATION_RELEASE].histogram.count,
			 0);
	for (unsigned int i = 0; i < PHASE_COUNT; i++)
		phases_ns += answer->phase_ns[i];
	assert_int_equal(phases_ns, answer->wall_ns);
	assert_int_equal(answer->cold.bytes, 0);
	/* A request is one, and what is alive is alive. */
	assert_int_equal(answer->requests, 7 * 3);
	assert_int_equal(answer->live_bytes_max, 2 * block);
	assert_int_equal(answer->touched_bytes, 5 * block);
	assert_int_equal(answer->copied_pages, 5 * 16);
	assert_int_equal(answer->rewritten_pages, 0);
	assert_int_equal(answer->words_verified, 14 * block / 8);
	/* Of the tail and the copy, no page more: pages of the harness aside. */
	if (!SANITIZED)
		assert_in_range(answer->minor_faults, 5 * 32, 5 * 32 + 16);
}

static void phases_partition_the_timed_operations(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=8", 1, PASS_TIMING);
	uint64_t phases_ns = 0;
	uint64_t operations_ns = 0;

	(void)state;
	assert_ok(answer);
	for (unsigned int i = 0; i < PHASE_COUNT; i++)
		phases_ns += answer->phase_ns[i];
	for (unsigned int i = 0; i < OPERATION_COUNT; i++)
		operations_ns += answer->operations[i].histogram.sum_ns;
	assert_int_equal(phases_ns, answer->wall_ns);
	assert_int_equal(operations_ns, answer->wall_ns);
	assert_true(answer->phase_ns[PHASE_COPY] > 0);
	assert_true(answer->phase_ns[PHASE_TOUCH] > 0);
	assert_int_equal(answer->phase_ns[PHASE_MOVE], 0);
}

static void more_alignment_than_mallocs_is_kept_by_copies(void **state)
{
	const struct sample_answer *answer;
	uint64_t digest;

	(void)state;
	allocator = "mremap-maymove";
	answer = sample_run("", ":growths=5:align=64", 1, PASS_CHECKING);
	digest = answer->digest;
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 5);
	assert_int_equal(answer->tally.bytes_copied, 31 * page_size);
	assert_int_equal(answer->copied_pages, 31);
	assert_int_equal(answer->operations[OPERATION_GROW].histogram.count, 5);
	assert_int_equal(answer->operations[OPERATION_RELEASE].histogram.count,
			 1);
	assert_true(answer->phase_ns[PHASE_COPY] > 0);
	sample_run("", ":growths=5:align=16", 1, PASS_CHECKING);
	allocator = NULL;
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 0);
	assert_true(answer->digest != digest);
}

static void the_floor_copies_nothing_for_alignment(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	allocator = "null";
	answer = sample_run("", ":growths=5:align=64", 1, PASS_CHECKING);
	allocator = NULL;
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_SLACK], 5);
	assert_int_equal(answer->tally.bytes_copied, 0);
}

static void an_allocator_without_aligned_blocks_says_so(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=5:align=64", 1, PASS_TIMING);

	(void)state;
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	assert_string_equal(answer->message,
			    "steps: run of thread 0: Cannot allocate memory");
}

static void a_shrunk_block_keeps_its_bytes_and_is_no_growth(void **state)
{
	static const char *const subjects[] = {"copy-realloc", NULL};
	const struct sample_answer *answer;
	unsigned int i, by_copy;

	(void)state;
	for (i = 0; i < 2; i++) {
		allocator = subjects[i];
		/* The plug-in has no hook: 8 and 4 pages are copied. */
		by_copy = allocator ? 0 : 24;
		answer = sample_run("none", ":growths=4:shrink=2:lives=2", 1,
				    PASS_CHECKING);
		assert_ok(answer);
		assert_int_equal(
			answer->operations[OPERATION_SHRINK].histogram.count,
			4);
		assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 8);
		assert_int_equal(answer->tally.bytes_copied,
				 (30 + by_copy) * page_size);
		assert_int_equal(answer->copied_pages, 30 + by_copy);
		assert_int_equal(answer->sparse_blocks, 0);
		assert_int_equal(answer->words_verified, 8 * page_size / 8);
		assert_int_equal(answer->final.live_bytes, 4 * page_size);
	}
	allocator = NULL;
}

static void page_faults_are_those_that_the_work_makes(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=10", 1, PASS_TIMING);
	uint64_t expected = 2 * 1024 - 1;

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->untouched_pages, 0);
	assert_int_equal(answer->rewritten_pages, 0);
	assert_int_equal(answer->sparse_blocks, 0);
	assert_int_equal(answer->touched_bytes / page_size +
				 answer->copied_pages,
			 expected);
#if !SANITIZED
	assert_in_range(answer->minor_faults, expected,
			expected + expected / 100);
#endif
}

static const struct operation_figures *
operation_of(const struct sample_answer *answer, enum operation operation)
{
	return &answer->operations[operation];
}

static void requests_are_timed_beside_their_calls(void **state)
{
	const struct sample_answer *answer;
	uint64_t reads;

	(void)state;
	reads = sample_run("none", ":growths=6:lives=3", 2, PASS_TIMING)
			->clock_reads;
	answer = sample_run("none", ":growths=6:lives=3:requests=closed", 2,
			    PASS_TIMING);
	assert_ok(answer);
	assert_int_equal(
		operation_of(answer, OPERATION_SERVICE)->histogram.count, 36);
	assert_int_equal(
		operation_of(answer, OPERATION_RESPONSE)->histogram.count, 0);
	assert_int_equal(answer->open_loop.law, ARRIVALS_CLOSED);
	assert_int_equal(answer->clock_reads, reads + (uint64_t)2 * 36);
	/* They are made of calls, whose time alone counts. */
	assert_true(operation_of(answer, OPERATION_SERVICE)->histogram.sum_ns >
		    operation_of(answer, OPERATION_GROW)->histogram.sum_ns);
	assert_true(answer->wall_ns <
		    operation_of(answer, OPERATION_SERVICE)->histogram.sum_ns +
			    operation_of(answer, OPERATION_TOUCH)
				    ->histogram.sum_ns +
			    operation_of(answer, OPERATION_ALLOC)
				    ->histogram.sum_ns +
			    operation_of(answer, OPERATION_RELEASE)
				    ->histogram.sum_ns);
}

static void a_schedule_changes_no_request_and_sums_up_threads(void **state)
{
	static const char *const laws[] = {"fixed", "poisson"};
	const struct sample_answer *answer;
	uint64_t digest;
	char steps[64];

	(void)state;
	digest = sample_run("none", ":growths=6:lives=3", 2, PASS_TIMING)
			 ->digest;
	for (unsigned int i = 0; i < 2; i++) {
		const struct open_loop_figures *figures;

		snprintf(steps, sizeof(steps), ":growths=6:lives=3:requests=%s",
			 laws[i]);
		answer = sample_run("none", steps, 2, PASS_TIMING);
		figures = &answer->open_loop;
		assert_ok(answer);
		assert_int_equal(answer->digest, digest);
		assert_int_equal(figures->law, ARRIVALS_FIXED + i);
		assert_int_equal(figures->requests, 36);
		assert_int_equal(operation_of(answer, OPERATION_RESPONSE)
					 ->histogram.count,
				 36);
		assert_int_equal(operation_of(answer, OPERATION_SERVICE)
					 ->histogram.sum_ns,
				 figures->busy_ns);
		assert_true(figures->served_ns > figures->offered_ns);
		if (i == 0)
			assert_int_equal(figures->offered_ns,
					 17 * 200000 + 100000);
	}
}

/* What is asleep is in the span; were it in the requests, it would be twice. */
static void a_pause_is_in_no_request_and_stops_the_schedule(void **state)
{
	const struct sample_answer *answer;
	const uint64_t naps_ns = (uint64_t)8 * 10 * 1000000;

	(void)state;
	answer = sample_run("none", ":growths=8:requests=fixed:nap=10", 1,
			    PASS_TIMING);
	assert_ok(answer);
	assert_true(answer->open_loop.served_ns + naps_ns < answer->span_ns);
	assert_true(operation_of(answer, OPERATION_SERVICE)->histogram.sum_ns +
			    naps_ns <
		    answer->span_ns);
	answer = sample_run("none", ":growths=8:requests=closed:nap=10", 1,
			    PASS_TIMING);
	assert_ok(answer);
	assert_true(operation_of(answer, OPERATION_SERVICE)->histogram.sum_ns +
			    naps_ns <
		    answer->span_ns);
}

static void requests_do_not_depend_on_how_they_come_out(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=3:lives=2", 1, PASS_TIMING);
	uint64_t digest = answer->digest;

	(void)state;
	assert_ok(answer);
	sample_run("tally", ":growths=3:lives=2", 1, PASS_TIMING);
	assert_int_equal(answer->digest, digest);
	sample_run("none", ":growths=4:lives=2", 1, PASS_TIMING);
	assert_true(answer->digest != digest);
}

static void the_map_returns_to_what_it_was(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=6", 1, PASS_CHECKING);

	(void)state;
	assert_ok(answer);
#if !SANITIZED
	assert_int_equal(answer->final.holes.mapped_bytes -
				 answer->before.holes.mapped_bytes,
			 64 * page_size);
	assert_int_equal(answer->drained.holes.mappings,
			 answer->before.holes.mappings);
	assert_int_equal(answer->drained.holes.mapped_bytes,
			 answer->before.holes.mapped_bytes);
#endif
	assert_int_equal(answer->final.live_bytes, 64 * page_size);
	assert_int_equal(answer->drained.live_bytes, 0);
	assert_int_equal(answer->points_count, 6);
	assert_int_equal(answer->points[5].live_bytes, 64 * page_size);
}

static uint64_t mapped_since_open(const struct sample_answer *answer)
{
	return answer->final.holes.mapped_bytes -
	       answer->before.holes.mapped_bytes;
}

/*
 * Nothing in a sample's process uses the heap by brk before the baseline, so
 * that an allocator on malloc is what makes it. No plug-in here: loading one
 * would.
 */
static void the_heap_makes_no_hole_and_is_mapped_all_the_same(void **state)
{
	struct sample_request *request = &spawner.exchange->request;
	const struct sample_answer *answer = &spawner.exchange->answer;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};
	const struct allocator *const *allocators;
	unsigned int count;

	(void)state;
	sample_run("none", "", 1, PASS_CHECKING);
	allocators = registry_allocators(&count);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(request->allocator, SPEC_TEXT_MAX, "%s",
			 allocators[i]->name);
		/* Of eight vectors some end in the heap, where there is one. */
		snprintf(request->workload, SPEC_TEXT_MAX,
			 "vector-growth:first=1K:last=64K:vectors=8");
		assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
		assert_ok(answer);
		if (SANITIZED)
			continue;
		assert_in_range(answer->final.holes.hole_bytes_max, 0,
				(uint64_t)1 << 40);
		/* Mapped, be it from the heap: waste is mapped over live. */
		if (!allocators[i]->is_floor)
			assert_in_range(mapped_since_open(answer),
					answer->final.live_bytes, UINT64_MAX);
	}
}

static void the_timing_pass_samples_no_map(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=6", 1, PASS_TIMING);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->points_count, 0);
}

static void threads_add_up(void **state)
{
	const struct sample_answer *answer = sample_run(
		"none", ":growths=4:lives=2:threads=3", 3, PASS_CHECKING);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 24);
	assert_int_equal(answer->requests, 36);
	assert_int_equal(answer->figures[0].value, 6);
	assert_int_equal(answer->final.live_bytes, 48 * page_size);
	assert_int_equal(answer->points_count, 8);
}

static void the_first_growth_is_a_result_of_its_own(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=3:lives=2", 1, PASS_TIMING);
	unsigned int class = 1 + (unsigned int)__builtin_ctzl(page_size);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->cold.bytes, 2 * page_size);
	assert_true(answer->cold.alloc_ns > 0);
	assert_true(answer->cold.grow_ns > 0);
	/* The second life's first growth is in the class, too. */
	assert_int_equal(answer->sizes[class].growths, 2);
	assert_true(answer->cold.grow_ns < answer->sizes[class].grow_ns);
	assert_in_range(answer->cold.grow_ns,
			answer->operations[OPERATION_GROW].histogram.min_ns,
			answer->operations[OPERATION_GROW].histogram.max_ns);
	sample_run("none", ":growths=2:threads=3", 3, PASS_TIMING);
	assert_ok(answer);
	assert_int_equal(answer->cold.bytes, 2 * page_size);
}

static void a_first_growth_that_fails_or_is_not_there_has_no_time(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=0", 1, PASS_TIMING);

	(void)state;
	assert_ok(answer);
	assert_true(answer->cold.alloc_ns > 0);
	assert_int_equal(answer->cold.grow_ns, 0);
	sample_run("grow", ":growths=3", 1, PASS_TIMING);
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_int_equal(answer->cold.grow_ns, 0);
	assert_int_equal(answer->cold.bytes, 0);
}

static const struct sample_answer *sample_repeat(uint32_t times,
						 const char *fault,
						 const char *steps,
						 unsigned int threads)
{
	const struct sample_answer *answer;

	repeat = times;
	answer = sample_run(fault, steps, threads, PASS_TIMING);
	repeat = 0;
	return answer;
}

static void work_done_once_is_one_repetition(void **state)
{
	const struct sample_answer *answer =
		sample_run("none", ":growths=3", 1, PASS_TIMING);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->repetitions_count, 1);
	assert_int_equal(answer->repetitions[0].wall_ns, answer->wall_ns);
	assert_int_equal(answer->repetitions[0].cpu_ns, answer->cpu_ns);
	assert_int_equal(answer->repetitions[0].minor_faults,
			 answer->minor_faults);
}

static void repetitions_add_up_to_the_sample(void **state)
{
	const struct sample_answer *answer =
		sample_repeat(5, "none", ":growths=5:lives=3", 1);
	struct repetition_figures sum = {0, 0, 0};

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->repetitions_count, 5);
	for (int i = 0; i < 5; i++) {
		assert_true(answer->repetitions[i].wall_ns > 0);
		sum.wall_ns += answer->repetitions[i].wall_ns;
		sum.cpu_ns += answer->repetitions[i].cpu_ns;
		sum.minor_faults += answer->repetitions[i].minor_faults;
	}
	assert_int_equal(sum.wall_ns, answer->wall_ns);
	assert_int_equal(sum.cpu_ns, answer->cpu_ns);
	assert_int_equal(sum.minor_faults, answer->minor_faults);
	assert_int_equal(answer->requests, 5 * 21);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 5 * 15);
	assert_int_equal(answer->touched_bytes, 480 * page_size);
	assert_int_equal(answer->words_verified, 480 * page_size / 8);
	assert_int_equal(answer->live_bytes_max, 32 * page_size);
	assert_int_equal(answer->final.live_bytes, 32 * page_size);
	assert_int_equal(answer->drained.live_bytes, 0);
	assert_int_equal(answer->figures[0].value, 5 * 3);
	assert_int_equal(answer->cold.bytes, 2 * page_size);
}

static void threads_repeat_their_work_together(void **state)
{
	const struct sample_answer *answer =
		sample_repeat(3, "none", ":growths=4:lives=2:threads=3", 3);
	uint64_t cpu_ns = 0, wall_ns = 0;

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->repetitions_count, 3);
	for (int i = 0; i < 3; i++) {
		wall_ns += answer->repetitions[i].wall_ns;
		cpu_ns += answer->repetitions[i].cpu_ns;
	}
	assert_int_equal(cpu_ns, answer->cpu_ns);
	/* The longest of each, against the one that took longest in all. */
	assert_true(wall_ns >= answer->wall_ns);
	assert_int_equal(answer->requests, 3 * 36);
	assert_int_equal(answer->figures[0].value, 3 * 6);
}

static void what_is_left_of_an_earlier_repetition_is_caught(void **state)
{
	const struct sample_answer *answer =
		sample_repeat(1, "stale", ":growths=1", 1);

	(void)state;
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_int_equal(answer->words_wrong, 0);
	sample_repeat(2, "stale", ":growths=1", 1);
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_true(answer->words_wrong > 0);
}

static void more_repetitions_than_can_be_kept_are_refused(void **state)
{
	const struct sample_answer *answer =
		sample_repeat(REPETITIONS_MAX, "none", ":growths=0", 1);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->repetitions_count, REPETITIONS_MAX);
	sample_repeat(REPETITIONS_MAX + 1, "none", ":growths=0", 1);
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	assert_non_null(strstr(result.reason, "1001 repetitions"));
}

static void a_dropped_page_is_caught(void **state)
{
	const struct sample_answer *answer =
		sample_run("drop", ":growths=3", 1, PASS_TIMING);

	(void)state;
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_int_equal(answer->words_wrong, page_size / 8);
	assert_int_equal(answer->wrong_offset, 0);
}

static void swapped_pages_are_caught(void **state)
{
	const struct sample_answer *answer =
		sample_run("swap", ":growths=2", 1, PASS_TIMING);

	(void)state;
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_int_equal(answer->words_wrong, 2 * page_size / 8);
}

static void a_stale_page_of_an_earlier_life_is_caught(void **state)
{
	const struct sample_answer *answer =
		sample_run("stale", ":growths=1:lives=2", 1, PASS_TIMING);

	(void)state;
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_int_equal(answer->words_wrong, 4096 / 8);
}

static void a_false_tally_is_caught_in_the_checking_pass(void **state)
{
	const struct sample_answer *answer =
		sample_run("tally", ":growths=3", 1, PASS_CHECKING);

	(void)state;
	assert_int_equal(answer->contradictions, 3);
	assert_non_null(strstr(answer->contradiction, "address and tally"));
}

static void a_missing_tally_is_caught_in_the_checking_pass(void **state)
{
	const struct sample_answer *answer =
		sample_run("silent", ":growths=3", 1, PASS_CHECKING);

	(void)state;
	assert_int_equal(answer->contradictions, 3);
	assert_non_null(strstr(answer->contradiction, "one outcome"));
}

static void failed_growths_are_an_outcome_and_lose_nothing(void **state)
{
	const struct sample_answer *answer =
		sample_run("grow", ":growths=3", 1, PASS_CHECKING);

	(void)state;
	assert_ok(answer);
	assert_int_equal(answer->tally.growths[OUTCOME_FAILED], 3);
	assert_int_equal(answer->tally.failed_calls[ENOMEM], 3);
	assert_int_equal(answer->operations[OPERATION_GROW].failed, 3);
	assert_int_equal(answer->words_verified, page_size / 8);
}

static void a_crash_says_the_signal_and_the_stage(void **state)
{
	const struct sample_answer *answer =
		sample_run("crash", "", 1, PASS_TIMING);

	(void)state;
#if SANITIZED
	assert_int_not_equal(result.outcome, SAMPLE_OK);
#else
	assert_int_equal(result.outcome, SAMPLE_CRASHED);
	assert_int_equal(result.signal, SIGSEGV);
	assert_non_null(strstr(result.reason, "while the workload ran"));
#endif
	assert_int_equal(answer->stage, STAGE_RUN);
}

static void a_hang_ends_at_the_timeout(void **state)
{
	(void)state;
	sample_run("hang", "", 1, PASS_TIMING);
	assert_int_equal(result.outcome, SAMPLE_TIMEOUT);
	assert_non_null(strstr(result.reason, "--timeout"));
}

static void a_kill_from_outside_is_told_from_a_crash(void **state)
{
	(void)state;
	sample_run("kill", "", 1, PASS_TIMING);
	assert_int_equal(result.outcome, SAMPLE_KILLED);
	assert_non_null(strstr(result.reason, "OOM"));
}

static void an_exit_in_the_middle_is_a_failure(void **state)
{
	(void)state;
	sample_run("exit", "", 1, PASS_TIMING);
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	assert_non_null(strstr(result.reason, "exit status 7"));
}

static void a_failed_open_says_whose(void **state)
{
	(void)state;
	sample_run("open", "", 1, PASS_TIMING);
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	assert_non_null(strstr(result.reason, "faulty"));
}

static void a_run_goes_on_after_a_crash(void **state)
{
	(void)state;
	sample_run("crash", "", 1, PASS_TIMING);
	assert_ok(sample_run("none", "", 1, PASS_TIMING));
}

static void a_request_to_stop_ends_the_sample_at_once(void **state)
{
	static const volatile sig_atomic_t stop = SIGINT;
	struct spawn_setting setting = {.timeout_ns = 60000000000u,
					.stop = &stop};

	(void)state;
	sample_run("none", "", 1, PASS_TIMING);
	snprintf(spawner.exchange->request.allocator, SPEC_TEXT_MAX,
		 "%.*s/faulty.so:fault=hang", 400, plugins);
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	assert_int_equal(result.outcome, SAMPLE_INTERRUPTED);
}

static void a_sample_dies_with_its_driver(void **state)
{
	int ends[2];
	char byte;
	pid_t driver;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	driver = fork();
	if (driver == 0) {
		/* The sample inherits the pipe's end, and holds it while it lives. */
		close(ends[0]);
		dup2(ends[1], STDERR_FILENO);
		close(ends[1]);
		snprintf(spawner.exchange->request.allocator, SPEC_TEXT_MAX,
			 "%.*s/faulty.so:fault=hang", 400, plugins);
		spawn_sample(&spawner, &(struct spawn_setting){0}, &result);
		_exit(0);
	}
	close(ends[1]);
	while (spawner.exchange->answer.stage != STAGE_RUN)
		usleep(1000);
	kill(driver, SIGKILL);
	assert_int_equal(waitpid(driver, NULL, 0), driver);
	/* The end of the pipe is the end of the sample; not for ever. */
	assert_int_equal(poll(&(struct pollfd){.fd = ends[0], .events = POLLIN},
			      1, 20000),
			 1);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

static void one_that_no_driver_started_says_so(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		close(EXCHANGE_FD);
		execl("/proc/self/exe", "regrow", SAMPLE_COMMAND, (char *)NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_sample_counts_its_growths_exactly),
		cmocka_unit_test(what_is_done_in_a_pause_is_not_measured),
		cmocka_unit_test(phases_partition_the_timed_operations),
		cmocka_unit_test(more_alignment_than_mallocs_is_kept_by_copies),
		cmocka_unit_test(the_floor_copies_nothing_for_alignment),
		cmocka_unit_test(an_allocator_without_aligned_blocks_says_so),
		cmocka_unit_test(
			a_shrunk_block_keeps_its_bytes_and_is_no_growth),
		cmocka_unit_test(page_faults_are_those_that_the_work_makes),
		cmocka_unit_test(requests_are_timed_beside_their_calls),
		cmocka_unit_test(
			a_schedule_changes_no_request_and_sums_up_threads),
		cmocka_unit_test(
			a_pause_is_in_no_request_and_stops_the_schedule),
		cmocka_unit_test(requests_do_not_depend_on_how_they_come_out),
		cmocka_unit_test(the_map_returns_to_what_it_was),
		cmocka_unit_test(
			the_heap_makes_no_hole_and_is_mapped_all_the_same),
		cmocka_unit_test(the_timing_pass_samples_no_map),
		cmocka_unit_test(threads_add_up),
		cmocka_unit_test(the_first_growth_is_a_result_of_its_own),
		cmocka_unit_test(
			a_first_growth_that_fails_or_is_not_there_has_no_time),
		cmocka_unit_test(work_done_once_is_one_repetition),
		cmocka_unit_test(repetitions_add_up_to_the_sample),
		cmocka_unit_test(threads_repeat_their_work_together),
		cmocka_unit_test(
			what_is_left_of_an_earlier_repetition_is_caught),
		cmocka_unit_test(more_repetitions_than_can_be_kept_are_refused),
		cmocka_unit_test(a_dropped_page_is_caught),
		cmocka_unit_test(swapped_pages_are_caught),
		cmocka_unit_test(a_stale_page_of_an_earlier_life_is_caught),
		cmocka_unit_test(a_false_tally_is_caught_in_the_checking_pass),
		cmocka_unit_test(
			a_missing_tally_is_caught_in_the_checking_pass),
		cmocka_unit_test(
			failed_growths_are_an_outcome_and_lose_nothing),
		cmocka_unit_test(a_crash_says_the_signal_and_the_stage),
		cmocka_unit_test(a_hang_ends_at_the_timeout),
		cmocka_unit_test(a_kill_from_outside_is_told_from_a_crash),
		cmocka_unit_test(an_exit_in_the_middle_is_a_failure),
		cmocka_unit_test(a_failed_open_says_whose),
		cmocka_unit_test(a_run_goes_on_after_a_crash),
		cmocka_unit_test(a_request_to_stop_ends_the_sample_at_once),
		cmocka_unit_test(a_sample_dies_with_its_driver),
		cmocka_unit_test(one_that_no_driver_started_says_so),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	if (!plugin_folder(plugins, sizeof(plugins)))
		return 1;
	(void)argv;
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
