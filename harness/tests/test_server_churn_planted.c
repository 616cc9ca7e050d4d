/*
 * test_server_churn_planted - a churn in a map where mappings and holes were
 * planted, and what it shows of merging. This program is its own sample's binary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver/spawn.h"
#include "sample/process.h"
#include "tests/sanitized.h"

#define CHURN "server-churn:live=200:steps=400"

static struct spawner spawner;
static struct spawn_result result;

static const struct sample_answer *sample_run(const char *options,
					      unsigned int threads)
{
	struct sample_request *request = &spawner.exchange->request;
	const struct sample_answer *answer = &spawner.exchange->answer;
	struct spawn_setting setting = {.timeout_ns = 60000000000u};

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator),
		 "mremap-maymove");
	snprintf(request->workload, sizeof(request->workload), CHURN "%s",
		 options);
	request->seed = 1;
	request->pass = PASS_CHECKING;
	request->threads = threads;
	request->block_bytes_max = 1 << 22;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	if (result.outcome != SAMPLE_OK)
		fail_msg("%s: %s", options, result.reason);
	assert_int_equal(answer->words_wrong, 0);
	assert_int_equal(answer->contradictions, 0);
	return answer;
}

static uint64_t figure(const struct sample_answer *answer, const char *name)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++)
		if (strcmp(answer->figures[i].name, name) == 0)
			return answer->figures[i].value;
	fail_msg("no figure %s", name);
	return 0;
}

static void what_is_planted_stands_while_the_threads_churn(void **state)
{
	const struct sample_answer *answer;

	(void)state;
	answer = sample_run(":threads=2:mappings=40:holes=30:hole=2M", 2);
	assert_int_equal(figure(answer, "planted_mappings"), 40 + 30 + 1);
	assert_int_equal(figure(answer, "planted_holes"), 30);
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

static int suite_setup(void **state)
{
	(void)state;
	return spawner_open(&spawner);
}

static int suite_teardown(void **state)
{
	(void)state;
	spawner_close(&spawner);
	return 0;
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_planted_stands_while_the_threads_churn),
		TEST(unwritten_blocks_merge_where_nothing_written_is_near),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
