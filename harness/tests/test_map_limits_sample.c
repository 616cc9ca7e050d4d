/*
 * test_map_limits_sample - samples of map-limits: what the kernel refuses, what
 * an allocator makes of it, and that nothing is lost. This program is its own
 * sample's binary.
 */
#include <errno.h>
#include <regrow/planting.h>

#include "tests/own_sample.h"
#include "tests/sanitized.h"

#define STEPS 16
#define BLOCKS 8

static const struct sample_answer *sample_run(const char *allocator,
					      const char *options)
{
	const struct sample_answer *answer;

	own_request(allocator, "map-limits:size=64K:steps=16%s", options);
	answer = own_sample();
	/* In each way: all contents are right, and nothing stays alive. */
	assert_true(answer->words_verified > STEPS * 65536 / 8);
	assert_int_equal(answer->drained.live_bytes, 0);
	return answer;
}

static void nothing_fails_where_nothing_is_forced(void **state)
{
	const struct sample_answer *answer = sample_run("mremap-maymove", "");

	(void)state;
	assert_int_equal(own_figure(answer, "grows"), STEPS);
	assert_int_equal(own_figure(answer, "grows_failed"), 0);
	assert_int_equal(own_figure(answer, "allocs"), STEPS);
	assert_int_equal(own_figure(answer, "allocs_failed"), 0);
	assert_int_equal(own_figure(answer, "recovered"), BLOCKS);
}

static void a_split_block_is_not_moved_but_copied_or_left(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	answer = sample_run("mremap-in-place", ":force=split");
	assert_int_equal(own_figure(answer, "split"), STEPS);
	assert_int_equal(answer->tally.failed_calls[EFAULT], STEPS);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], STEPS);
	assert_int_equal(own_figure(answer, "recovered"), BLOCKS);
	answer = sample_run("mremap-maymove", ":force=split");
	assert_int_equal(answer->tally.failed_calls[EFAULT], STEPS);
	assert_int_equal(own_figure(answer, "grows_failed"), STEPS);
	assert_int_equal(own_figure(answer, "recovered"), BLOCKS);
}

static void without_address_space_what_is_larger_fails(void **state)
{
	static const char *const allocators[] = {"copy-realloc",
						 "mremap-maymove"};

	(void)state;
	if (SANITIZED)
		skip(); /* its shadow needs the address space */
	for (unsigned int i = 0; i < 2; i++) {
		const struct sample_answer *answer =
			sample_run(allocators[i], ":force=space:room=256K");
		uint64_t failed = own_figure(answer, "grows_failed");

		assert_in_range(failed, 1, STEPS - 1);
		assert_int_equal(own_figure(answer, "grows"), STEPS - failed);
		assert_true(answer->tally.failed_calls[ENOMEM] >= failed);
		assert_int_equal(own_figure(answer, "recovered"), BLOCKS);
	}
}

static void without_mappings_moves_fail_and_copies_do_not(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	if (SANITIZED || planting_limit() > 300000)
		skip(); /* its runtime maps as well; too many to plant */
	answer = sample_run("mremap-maymove", ":force=mappings:spare=2");
	assert_true(own_figure(answer, "grows_failed") > 0);
	assert_int_equal(own_figure(answer, "grows_failed"),
			 answer->tally.failed_calls[ENOMEM]);
	assert_int_equal(own_figure(answer, "recovered"), BLOCKS);
	answer = sample_run("mremap-fixed-fallback:threshold=0",
			    ":force=mappings:spare=4");
	assert_true(answer->tally.failed_calls[ENOMEM] > 0);
	assert_int_equal(own_figure(answer, "recovered"), BLOCKS);
	/* With room for all it is as if nothing were forced. */
	answer = sample_run("mremap-maymove", ":force=mappings:spare=200");
	assert_int_equal(own_figure(answer, "grows"), STEPS);
	assert_int_equal(answer->tally.failed_calls[ENOMEM], 0);
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_fails_where_nothing_is_forced),
		TEST(a_split_block_is_not_moved_but_copied_or_left),
		TEST(without_address_space_what_is_larger_fails),
		TEST(without_mappings_moves_fail_and_copies_do_not),
	};

	if (own_is_sample(argc, argv))
		return sample_main();
	return cmocka_run_group_tests(tests, own_open, own_close);
}
