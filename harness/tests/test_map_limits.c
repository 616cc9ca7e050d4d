/*
 * test_map_limits - map-limits grows blocks in turn, verifies each after every
 * growth, and lifts its limit before it ends.
 */
#include <sys/resource.h>

#include "fake_worker.h"

#include "tests/sanitized.h"

static uint64_t figure(const char *name)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++)
		if (fake.figures[i].name &&
		    strcmp(fake.figures[i].name, name) == 0)
			return fake.figures[i].value;
	fail_msg("no figure %s", name);
	return 0;
}

static unsigned int count(uint32_t kind)
{
	unsigned int found = 0;

	for (size_t i = 0; i < fake.count; i++)
		found += fake.log[i].kind == kind;
	return found;
}

static void blocks_grow_in_turn_and_then_once_more(void **state)
{
	uint64_t next = 0, steps = 0;

	(void)state;
	fake_run("map-limits:size=64K:blocks=3:steps=7", 1, 0);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_GROW)
			continue;
		assert_int_equal(request->identity, next);
		assert_int_equal(request->from, (1 + steps / 3) * 65536);
		assert_int_equal(request->to, request->from + 65536);
		next = (next + 1) % 3;
		steps++;
	}
	assert_int_equal(steps, 7);
	assert_int_equal(figure("grows"), 7);
	assert_int_equal(figure("grows_failed"), 0);
	assert_int_equal(figure("recovered"), 3);
	assert_int_equal(count(FAKE_GROW | FAKE_PAUSED), 3);
	assert_int_equal(count(FAKE_ALLOC | FAKE_PAUSED), 3);
	assert_int_equal(count(FAKE_ALLOC), 7);
	assert_int_equal(figure("allocs"), 7);
	assert_int_equal(count(FAKE_RELEASE), 7 + 3);
}

/* Every growth and every extra block fails, but for the three blocks. */
static bool fails_after_three(uint64_t call)
{
	return call >= 3;
}

static bool fails_every_second(uint64_t call)
{
	return call >= 3 && call % 2;
}

static void what_failed_is_verified_and_counted(void **state)
{
	(void)state;
	fake.fails = fails_after_three;
	fake_run("map-limits:size=64K:blocks=3:steps=6", 1, 0);
	assert_int_equal(figure("grows"), 0);
	assert_int_equal(figure("grows_failed"), 6);
	assert_int_equal(figure("allocs_failed"), 6);
	assert_int_equal(figure("recovered"), 0);
	assert_int_equal(count(FAKE_VERIFY | FAKE_PAUSED), 6 + 3);
	fake.fails = fails_every_second;
	fake_run("map-limits:size=64K:blocks=3:steps=20", 1, 0);
	assert_true(figure("grows_failed") > 0 || figure("allocs_failed") > 0);
	assert_int_equal(figure("grows") + figure("grows_failed"), 20);
	assert_int_equal(figure("allocs") + figure("allocs_failed"), 20);
	fake.fails = NULL;
}

static void the_estimate_is_what_a_run_takes_where_nothing_fails(void **state)
{
	(void)state;
	fake_assert_estimate("map-limits:size=64K", 1);
	fake_assert_estimate("map-limits:size=64K:blocks=3:steps=7", 1);
	fake_assert_estimate("map-limits:size=8K:blocks=5:steps=2", 1);
	fake_assert_estimate("map-limits:size=8K:blocks=1:steps=1", 1);
}

static void the_limit_is_lifted_at_the_end(void **state)
{
	struct rlimit before, after;

	(void)state;
	if (SANITIZED)
		skip(); /* its shadow needs the address space */
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	fake_run("map-limits:size=64K:force=space:room=1G", 1, 0);
	assert_int_equal(getrlimit(RLIMIT_AS, &after), 0);
	assert_true(before.rlim_cur == after.rlim_cur);
}

static void bad_options_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("map-limits", "of which size");
	fake_assert_refused("map-limits:size=4K", "twice a number of pages");
	fake_assert_refused("map-limits:size=8K:blocks=0", "1 to");
	fake_assert_refused("map-limits:size=8K:steps=0", "1 to");
	fake_assert_refused("map-limits:size=8K:spare=100000", "at most");
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocks_grow_in_turn_and_then_once_more),
		TEST(what_failed_is_verified_and_counted),
		TEST(the_estimate_is_what_a_run_takes_where_nothing_fails),
		TEST(the_limit_is_lifted_at_the_end),
		TEST(bad_options_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
