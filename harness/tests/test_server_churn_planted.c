/*
 * test_server_churn_planted - a churn in a map where mappings and holes were
 * planted, and what it shows of merging. This program is its own sample's binary.
 */
#include "tests/own_sample.h"
#include "tests/sanitized.h"

#define CHURN "server-churn:live=200:steps=400"

static const struct sample_answer *sample_run(const char *options,
					      unsigned int threads)
{
	own_request("mremap-maymove", CHURN "%s", options)->threads = threads;
	return own_sample();
}

static void what_is_planted_stands_while_the_threads_churn(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	answer = sample_run(":threads=2:mappings=40:holes=30:hole=2M", 2);
	assert_int_equal(own_figure(answer, "planted_mappings"), 40 + 30 + 1);
	assert_int_equal(own_figure(answer, "planted_holes"), 30);
	assert_true(answer->final.holes.mappings >=
		    answer->before.holes.mappings + 71);
	/* All of it is given back. */
	assert_int_equal(answer->drained.live_bytes, 0);
	assert_true(answer->drained.holes.mapped_bytes <=
		    answer->before.holes.mapped_bytes);
}

/*
 * A moved block merges with its neighbours unless it was written, or was part of
 * a mapping in which anything was. So it is one mapping between two holes only
 * where the churn lies apart from what the process has written.
 */
static void unwritten_blocks_merge_where_nothing_written_is_near(void **state)
{
	const struct sample_answer *answer;
	uint64_t apart, near;

	(void)state;
	if (SANITIZED)
		skip(); /* its runtime maps beside them */
	answer = sample_run(":touch=none:mappings=2", 1);
	apart = answer->final.holes.mappings - answer->before.holes.mappings;
	assert_in_range(apart, 1, answer->final.holes.holes + 10);
	answer = sample_run(":touch=ends:mappings=2", 1);
	near = answer->final.holes.mappings - answer->before.holes.mappings;
	assert_true(near > apart + 20);
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_planted_stands_while_the_threads_churn),
		TEST(unwritten_blocks_merge_where_nothing_written_is_near),
	};

	if (own_is_sample(argc, argv))
		return sample_main();
	return cmocka_run_group_tests(tests, own_open, own_close);
}
