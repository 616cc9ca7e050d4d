/*
 * test_replay_sample - traces replayed on real allocators, by one thread and by
 * several. This program is its own sample's binary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "driver/inputs.h"
#include "driver/spawn.h"
#include "tests/packed.h"
#include "tests/sanitized.h"
#include "tests/scratch.h"
#include "tests/traces.h"

#define K ((uint64_t)1024)

static char folder[SCRATCH_PATH_SIZE];
static struct spawner spawner;
static struct made_trace made;

static int suite_setup(void **state)
{
	(void)state;
	scratch_open(folder);
	spec_files_by(inputs_find);
	return spawner_open(&spawner);
}

static int suite_teardown(void **state)
{
	(void)state;
	spawner_close(&spawner);
	scratch_close(folder);
	return 0;
}

/* The trace as it is now, on an allocator. */
static const struct sample_answer *replay(const char *allocator,
					  const char *options)
{
	static struct workload_spec spec;
	static unsigned int number;
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};
	struct estimate estimate;
	struct spawn_result result;
	char path[128], text[SPEC_TEXT_MAX], why[512];

	snprintf(path, sizeof(path), "%s/%u", folder, number++);
	packed_write(path, made.bytes, made.size);
	snprintf(text, sizeof(text), "replay:trace=%s%s", path, options);
	if (spec_parse_workload(text, &spec, why, sizeof(why)) != 0)
		fail_msg("%s: %s", text, why);
	spec.workload->estimate(spec.values, 1, &estimate);
	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), "%s",
		 allocator);
	snprintf(request->workload, sizeof(request->workload), "%s",
		 spec.canonical);
	request->seed = 1;
	request->pass = PASS_CHECKING;
	request->threads = estimate.threads;
	request->block_bytes_max = estimate.block_bytes_max;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	request->input_bytes = inputs_of(&spec)->bytes;
	setting.input_fd = inputs_of(&spec)->fd;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	assert_string_equal(result.reason, "");
	assert_int_equal(spawner.exchange->answer.contradictions, 0);
	assert_int_equal(spawner.exchange->answer.words_wrong, 0);
	assert_int_equal(spawner.exchange->answer.requests,
			 estimate.operations);
	return &spawner.exchange->answer;
}

static void event(uint32_t thread, enum trace_kind kind, uint32_t block,
		  uint64_t size)
{
	made_event(&made, (struct trace_event){.kind = kind,
					       .thread = thread,
					       .block = block,
					       .size = size,
					       .ns = 10});
}

/* Odd sizes, as programs have them: two lists that are appended to. */
static void make_lists(void)
{
	made_head(&made, 128 * K, 128 * K);
	event(0, TRACE_ALLOC, 0, 128 * K + 1);
	event(0, TRACE_ALLOC, 1, 128 * K + 3);
	for (uint64_t i = 1; i <= 40; i++) {
		event(0, TRACE_RESIZE, 0, 128 * K + i * 20011);
		event(0, TRACE_RESIZE, 1, 128 * K + i * 40009);
	}
	event(0, TRACE_RESIZE, 1, 500 * K + 5);
	event(0, TRACE_RESIZE, 1, 700 * K + 7);
	event(0, TRACE_FREE, 0, 0);
	made_end(&made);
}

static void every_growth_of_a_trace_has_one_outcome(void **state)
{
	const struct sample_answer *answer;
	uint64_t digest, touched;

	(void)state;
	make_lists();
	answer = replay("copy-realloc", "");
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 81);
	assert_int_equal(answer->operations[OPERATION_SHRINK].histogram.count,
			 1);
	assert_int_equal(answer->figures[0].value, 85);
	/* The two blocks at their last sizes, at least. */
	assert_true(answer->words_verified > (128 + 700) * K / 8);
	digest = answer->digest;
	touched = answer->touched_bytes;
	answer = replay("mremap-maymove", "");
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 0);
	assert_int_equal(answer->tally.growths[OUTCOME_MOVED] +
				 answer->tally.growths[OUTCOME_IN_PLACE] +
				 answer->tally.growths[OUTCOME_SLACK],
			 81);
	assert_int_equal(answer->digest, digest);
	assert_int_equal(answer->touched_bytes, touched);
	/*
	 * Moved pages fault once, and decoding or reading the trace never do.
	 * Of the shrunk block's last page 5 bytes were left, and no word. A page
	 * of code may come in late.
	 */
	assert_int_equal(answer->rewritten_pages, 1);
	if (!SANITIZED)
		assert_in_range(answer->minor_faults,
				touched / (uint64_t)sysconf(_SC_PAGESIZE) - 1,
				touched / (uint64_t)sysconf(_SC_PAGESIZE) + 1);
}

static void what_is_not_touched_is_not_resident(void **state)
{
	(void)state;
	make_lists();
	assert_int_equal(replay("mremap-maymove", ":touch=0")->touched_bytes,
			 0);
	assert_int_equal(replay("mremap-maymove", ":touch=0")->words_verified,
			 0);
	assert_true(replay("mremap-maymove", ":touch=10")->words_verified > 0);
}

static void repeated_a_trace_makes_its_requests_again(void **state)
{
	(void)state;
	make_lists();
	assert_int_equal(replay("copy-realloc", ":times=5")
				 ->tally.growths[OUTCOME_COPIED],
			 5 * 81);
}

/* Blocks go from thread to thread, as between a producer and a consumer. */
static void make_threads(unsigned int threads)
{
	made_head(&made, 64 * K, 0);
	for (unsigned int i = 0; i < threads; i++)
		event(i, TRACE_ALLOC, i, 64 * K + i);
	for (unsigned int i = 0; i < 200; i++) {
		uint32_t block = i % threads;

		event((i + i / threads) % threads, TRACE_RESIZE, block,
		      64 * K + 8 + (uint64_t)5000 * (i / threads));
	}
	for (unsigned int i = 0; i + 1 < threads; i++)
		event((i + 1) % threads, TRACE_FREE, i, 0);
	made_end(&made);
}

static void threads_keep_the_order_of_each_block(void **state)
{
	static const char *const options[] = {
		":threads=1",
		":threads=2",
		":threads=4",
		":threads=4:times=3",
		":threads=3:times=2:touch=50",
	};

	(void)state;
	make_threads(4);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const struct sample_answer *answer =
			replay("copy-realloc", options[i]);
		uint64_t times = i == 3 ? 3 : i == 4 ? 2 : 1;

		/* The first growth of three blocks stays within a page. */
		assert_int_equal(answer->tally.growths[OUTCOME_SLACK],
				 times * 3);
		assert_int_equal(answer->tally.growths[OUTCOME_COPIED],
				 times * 197);
		assert_int_equal(answer->figures[0].value, 207);
		assert_int_equal(answer->figures[3].value, 1);
		assert_true(answer->points_count > 1);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_growth_of_a_trace_has_one_outcome),
		cmocka_unit_test(what_is_not_touched_is_not_resident),
		cmocka_unit_test(repeated_a_trace_makes_its_requests_again),
		cmocka_unit_test(threads_keep_the_order_of_each_block),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
