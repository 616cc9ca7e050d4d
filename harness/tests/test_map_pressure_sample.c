/*
 * test_map_pressure_sample - samples of map-pressure: what the kernel makes of
 * it. This program is its own sample's binary.
 */
#include "tests/own_sample.h"
#include "tests/sanitized.h"

static enum layout layout;

/* A sample of its own process, of what the options say besides. */
static const struct sample_answer *sample_run(const char *allocator,
					      const char *options)
{
	own_request(allocator, "map-pressure:size=64K:times=8:forks=1%s",
		    options)
		->layout = layout;
	return own_sample();
}

static void growths_move_or_stay_as_they_are_to(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	answer = sample_run("mremap-maymove", ":mappings=40");
	assert_int_equal(answer->tally.growths[OUTCOME_MOVED], 8);
	answer = sample_run("mremap-maymove", ":mappings=40:grow=in-place");
	assert_int_equal(answer->tally.growths[OUTCOME_IN_PLACE], 8);
	answer = sample_run("mremap-maymove",
			    ":holes=40:grow=in-place:ask=near:pairs=merging");
	assert_int_equal(answer->tally.growths[OUTCOME_IN_PLACE], 8);
	answer = sample_run("copy-realloc", ":holes=40:pages=one");
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], 8);
}

/* Above a block there is nothing then, unless it is planted. */
static void growths_do_so_where_the_kernel_looks_upward(void **state)
{
	(void)state;
	if (SANITIZED)
		skip(); /* its shadow wants the standard layout */
	layout = LAYOUT_LEGACY;
	growths_move_or_stay_as_they_are_to(state);
	layout = LAYOUT_STANDARD;
}

static void requests_are_the_same_for_all_allocators(void **state)
{
	uint64_t digest;

	(void)state;
	digest = sample_run("copy-realloc", ":holes=40")->digest;
	assert_int_equal(sample_run("mremap-maymove", ":holes=40")->digest,
			 digest);
	assert_int_equal(sample_run("null", ":holes=40")->digest, digest);
}

static void each_operation_has_its_latencies(void **state)
{
	static const struct {
		enum operation operation;
		uint64_t count;
	} expected[] = {
		{OPERATION_ALLOC, 8}, {OPERATION_TOUCH, 8},
		{OPERATION_GROW, 8},  {OPERATION_RELEASE, 8},
		{OPERATION_FORK, 1},  {OPERATION_EXIT, 1},
	};
	const struct sample_answer *answer =
		sample_run("copy-realloc", ":mappings=40");

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(answer->operations[expected[i].operation]
					 .histogram.count,
				 expected[i].count);
	/* Drained: all that was planted is gone. */
	if (!SANITIZED)
		assert_in_range(answer->drained.holes.mappings, 0,
				answer->before.holes.mappings + 2);
	assert_true(answer->final.holes.mappings >=
		    answer->before.holes.mappings + 40);
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(growths_move_or_stay_as_they_are_to),
		TEST(growths_do_so_where_the_kernel_looks_upward),
		TEST(requests_are_the_same_for_all_allocators),
		TEST(each_operation_has_its_latencies),
	};

	if (own_is_sample(argc, argv))
		return sample_main();
	return cmocka_run_group_tests(tests, own_open, own_close);
}
