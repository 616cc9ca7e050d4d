/* test_single_growth - single-growth times the growth of a block, and no more. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_worker.h"

/* The requests of one block, in their order. */
static const enum fake_kind block_kinds[] = {
	FAKE_ALLOC,  FAKE_TOUCH,  FAKE_GROW,	FAKE_TOUCH,
	FAKE_REREAD, FAKE_VERIFY, FAKE_RELEASE,
};
#define BLOCK_KINDS (sizeof(block_kinds) / sizeof(block_kinds[0]))

/* The next request that is no checkpoint. */
static const struct fake_request *next(size_t *place)
{
	while (fake.log[*place].kind == FAKE_CHECKPOINT)
		(*place)++;
	assert_true(*place < fake.count);
	return &fake.log[(*place)++];
}

static void each_block_is_filled_grown_filled_reread_and_released(void **state)
{
	size_t place = 0;

	(void)state;
	fake_run("single-growth:size=64K:times=3", 1, 0);
	for (unsigned int block = 0; block < 2 + 3; block++) {
		for (unsigned int i = 0; i < BLOCK_KINDS; i++)
			assert_int_equal(next(&place)->kind & ~FAKE_PAUSED,
					 block_kinds[i]);
	}
	while (place < fake.count)
		assert_int_equal(fake.log[place++].kind, FAKE_CHECKPOINT);
}

static void
growth_tail_and_reread_are_timed_but_for_the_first_blocks(void **state)
{
	size_t place = 0;

	(void)state;
	fake_run("single-growth:size=64K:times=2", 1, 0);
	for (unsigned int block = 0; block < 2 + 2; block++) {
		for (unsigned int i = 0; i < BLOCK_KINDS; i++) {
			bool timed = block >= 2 && i >= 2 && i <= 4;

			assert_int_equal(!(next(&place)->kind & FAKE_PAUSED),
					 timed);
		}
	}
}

static void sizes_follow_the_rule_and_the_residue(void **state)
{
	static const struct {
		const char *text;
		uint64_t old, new;
	} cases[] = {
		{"single-growth:size=64K", 65536, 131072},
		{"single-growth:size=64K:factor=1.5", 65536, 98304},
		{"single-growth:size=64K:factor=+4K", 65536, 69632},
		{"single-growth:size=64K:factor=msvc", 65536, 98304},
		{"single-growth:size=64K:residue=4K", 69632, 135168},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t place = 0;

		fake_run(cases[i].text, 1, 0);
		assert_int_equal(next(&place)->to, cases[i].old);
		/* The fill. */
		assert_int_equal(next(&place)->to, cases[i].old);
		assert_int_equal(next(&place)->to, cases[i].new);
		assert_int_equal(fake.log[place].from, cases[i].old);
		assert_int_equal(next(&place)->to, cases[i].new);
		assert_int_equal(fake.log[place].from, 0);
		assert_int_equal(next(&place)->to, cases[i].old);
	}
}

static void times_are_the_growths_that_are_timed(void **state)
{
	(void)state;
	fake_run("single-growth:size=16K:times=1000", 1, 0);
	assert_int_equal(fake.seen.growths, 1000);
	assert_int_equal(fake.seen.live_bytes_max, 32768);
}

static bool fails_always(uint64_t call)
{
	(void)call;
	return true;
}

static bool fails_often(uint64_t call)
{
	return call % 3 == 1;
}

static void blocks_without_memory_are_survived(void **state)
{
	(void)state;
	fake.fails = fails_always;
	fake_run("single-growth:size=64K:times=4", 1, 0);
	assert_int_equal(fake.seen.growths, 0);
	fake.fails = fails_often;
	fake_run("single-growth:size=64K:times=40", 1, 0);
	assert_true(fake.failed > 5);
	fake.fails = NULL;
}

static void the_estimate_is_what_a_run_takes(void **state)
{
	(void)state;
	fake_assert_estimate("single-growth:size=16K:times=100", 1);
	fake_assert_estimate("single-growth:size=1M:factor=2", 1);
	fake_assert_estimate("single-growth:size=1M:factor=2:residue=4K", 1);
}

static void requests_do_not_depend_on_the_seed(void **state)
{
	struct fake_request *before;
	size_t count;

	(void)state;
	fake_run("single-growth:size=64K:times=3", 1, 0);
	count = fake.count;
	before = malloc(count * sizeof(*before));
	assert_non_null(before);
	memcpy(before, fake.log, count * sizeof(*before));
	fake_run("single-growth:size=64K:times=3", 2, 0);
	assert_int_equal(fake.count, count);
	assert_memory_equal(fake.log, before, count * sizeof(*before));
	free(before);
}

static void bad_options_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("single-growth", "of which size");
	fake_assert_refused("single-growth:size=100", "multiples of 8");
	fake_assert_refused("single-growth:size=64K:residue=1",
			    "multiples of 8");
	fake_assert_refused("single-growth:size=64K:factor=1",
			    "not a growth rule");
	fake_assert_refused("single-growth:size=64K:factor=reserve",
			    "nothing grows");
	fake_assert_refused("single-growth:size=64K:times=0", "times is 1 to");
	fake_assert_refused("single-growth:size=64T", "too large");
}

static int teardown(void **state)
{
	(void)state;
	fake.fails = NULL;
	fake_reset();
	return 0;
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_block_is_filled_grown_filled_reread_and_released),
		TEST(growth_tail_and_reread_are_timed_but_for_the_first_blocks),
		TEST(sizes_follow_the_rule_and_the_residue),
		TEST(times_are_the_growths_that_are_timed),
		TEST(blocks_without_memory_are_survived),
		TEST(the_estimate_is_what_a_run_takes),
		TEST(requests_do_not_depend_on_the_seed),
		TEST(bad_options_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
