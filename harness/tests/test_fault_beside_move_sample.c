/*
 * test_fault_beside_move_sample - samples of fault-beside-move: equal requests
 * for all allocators, nothing lost. This program is its own sample's binary.
 */
#include <unistd.h>

#include "tests/own_sample.h"
#include "tests/sanitized.h"

#define PAGES 64
#define STEPS 96
#define SMALL "fault-beside-move:size=64K:steps=96:blocks=4:pages=64"

static const struct sample_answer *sample_run(const char *allocator,
					      unsigned int movers,
					      enum pass pass,
					      unsigned int repeat)
{
	struct sample_request *request =
		own_request(allocator, SMALL ":movers=%u", movers);
	const struct sample_answer *answer;

	request->pass = pass;
	request->threads = movers + 1;
	request->repeat = repeat;
	answer = own_sample();
	assert_int_equal(answer->drained.live_bytes, 0);
	return answer;
}

/* How many of them, and how often the work was done. */
static void assert_all_was_done(const struct sample_answer *answer,
				unsigned int movers, unsigned int times)
{
	uint64_t beside = own_figure(answer, "faults_beside");

	assert_int_equal(beside + own_figure(answer, "faults_alone"),
			 times * PAGES);
	assert_int_equal(own_counted(answer, OPERATION_FAULT), beside);
	assert_int_equal(own_counted(answer, OPERATION_GROW),
			 times * movers * STEPS);
	assert_int_equal(own_counted(answer, OPERATION_TOUCH) + beside,
			 times * (PAGES + movers * STEPS));
	assert_int_equal(answer->touched_bytes /
				 (uint64_t)sysconf(_SC_PAGESIZE),
			 times * (PAGES + movers * STEPS));
	if (movers == 0)
		return;
	assert_int_equal(own_figure(answer, "steps_beside") +
				 own_figure(answer, "steps_alone"),
			 times * movers * STEPS);
	assert_int_equal(own_figure(answer, "blocked_growths"),
			 times * movers * STEPS);
}

static void allocators_get_the_same_requests_and_lose_nothing(void **state)
{
	static const char *const allocators[] = {"copy-realloc",
						 "mremap-maymove", "malloc"};
	const struct sample_answer *answer;
	uint64_t digest = 0;

	(void)state;
	for (unsigned int movers = 1; movers <= 3; movers += 2)
		for (unsigned int i = 0; i < 3; i++) {
			answer = sample_run(allocators[i], movers,
					    PASS_CHECKING, 1);
			assert_all_was_done(answer, movers, 1);
			/* All blocks, word by word. */
			assert_int_equal(
				answer->words_verified,
				movers *
					(4 * UINT64_C(65536) +
					 STEPS * (uint64_t)sysconf(
							 _SC_PAGESIZE)) /
					8);
			if (i == 0)
				digest = answer->digest;
			assert_int_equal(answer->digest, digest);
		}
}

static void a_block_with_a_page_above_it_moves_each_time(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	answer = sample_run("mremap-maymove:threshold=0", 1, PASS_TIMING, 1);
	assert_int_equal(answer->tally.growths[OUTCOME_MOVED], STEPS);
	answer = sample_run("copy-realloc", 1, PASS_TIMING, 1);
	assert_int_equal(answer->tally.growths[OUTCOME_COPIED], STEPS);
}

static void each_first_write_is_one_fault(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	answer = sample_run("copy-realloc", 0, PASS_TIMING, 1);
	assert_all_was_done(answer, 0, 1);
	assert_int_equal(own_counted(answer, OPERATION_FAULT), PAGES);
	assert_int_equal(answer->requests, 0);
	if (!SANITIZED)
		assert_in_range(answer->minor_faults, PAGES, PAGES + 8);
}

static void the_work_can_be_repeated_in_a_process(void **state)
{
	(void)state;
	assert_all_was_done(sample_run("mremap-maymove", 2, PASS_TIMING, 3), 2,
			    3);
	assert_all_was_done(sample_run("copy-realloc", 0, PASS_TIMING, 3), 0,
			    3);
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(allocators_get_the_same_requests_and_lose_nothing),
		TEST(a_block_with_a_page_above_it_moves_each_time),
		TEST(each_first_write_is_one_fault),
		TEST(the_work_can_be_repeated_in_a_process),
	};

	if (own_is_sample(argc, argv))
		return sample_main();
	return cmocka_run_group_tests(tests, own_open, own_close);
}
