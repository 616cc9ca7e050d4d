/*
 * test_map_pressure - map-pressure plants what it is told to, times the calls of
 * the allocator alone, and asks the same of each.
 */
#include "fake_worker.h"

#include "tests/planted_map.h"
#include "tests/sanitized.h"

#define TURN_KINDS 8

static uint64_t figure(const char *name)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++)
		if (fake.figures[i].name &&
		    strcmp(fake.figures[i].name, name) == 0)
			return fake.figures[i].value;
	fail_msg("no figure %s", name);
	return 0;
}

static void the_pair_and_the_growth_are_timed_and_no_more(void **state)
{
	static const uint32_t kinds[TURN_KINDS] = {
		FAKE_ALLOC,
		FAKE_TOUCH,
		FAKE_VERIFY,
		FAKE_RELEASE,
		FAKE_ALLOC | FAKE_PAUSED,
		FAKE_TOUCH | FAKE_PAUSED,
		FAKE_GROW,
		FAKE_VERIFY | FAKE_PAUSED,
	};

	(void)state;
	fake_run("map-pressure:size=64K:times=3:forks=2", 1, 0);
	assert_int_equal(fake.count, 3 * (TURN_KINDS + 1) + 2 + 1);
	for (size_t turn = 0; turn < 3; turn++) {
		size_t place = turn * (TURN_KINDS + 1);

		for (size_t i = 0; i < TURN_KINDS; i++)
			assert_int_equal(fake.log[place + i].kind, kinds[i]);
		assert_int_equal(fake.log[place + TURN_KINDS].kind,
				 FAKE_RELEASE | FAKE_PAUSED);
	}
	assert_int_equal(fake.log[fake.count - 3].kind, FAKE_FORK);
	assert_int_equal(fake.log[fake.count - 2].kind, FAKE_FORK);
	assert_int_equal(fake.log[fake.count - 1].kind, FAKE_CHECKPOINT);
}

static void sizes_follow_from_size_hole_ask_and_grow(void **state)
{
	static const struct {
		const char *text;
		uint64_t ask, old, new;
	} cases[] = {
		{"", 1 << 20, 4096, 1 << 20},
		{":hole=page", 4096, 4096, 8192},
		{":hole=page:ask=near", 8192, 4096, 8192},
		{":hole=page:ask=big", (1 << 20) + 4096, 4096,
		 (1 << 20) + 4096},
		{":ask=near", (1 << 20) + 4096, 4096, (1 << 20) + 4096},
		{":ask=big", 2 << 20, 4096, 2 << 20},
		{":hole=near", 1 << 20, 4096, 1 << 20},
		{":hole=near:ask=near", 3 << 20, 4096, 3 << 20},
		{":hole=near:ask=big", (4 << 20) - 4096, 4096,
		 (4 << 20) - 4096},
		{":grow=in-place", 1 << 20, 1 << 20, (1 << 20) + 4096},
		{":grow=in-place:ask=big:holes=3", 2 << 20, 2 << 20,
		 (2 << 20) + 4096},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[128];

		snprintf(text, sizeof(text), "map-pressure:size=1M:times=1%s",
			 cases[i].text);
		fake_run(text, 1, 0);
		assert_int_equal(fake.log[0].to, cases[i].ask);
		assert_int_equal(fake.log[4].to, cases[i].old);
		assert_int_equal(fake.log[6].from, cases[i].old);
		assert_int_equal(fake.log[6].to, cases[i].new);
	}
}

static void what_is_planted_is_read_back_and_given_back(void **state)
{
	static const struct {
		const char *text;
		uint64_t mappings, holes;
	} cases[] = {
		{"", 0, 0},
		{":mappings=500", 500, 0},
		{":mappings=501:pairs=merging:pages=one", 501, 0},
		{":holes=300", 301, 300},
		{":holes=30:hole=near:pages=one:pairs=merging", 31, 30},
		{":holes=30:hole=page:mappings=70", 101, 30},
	};
	unsigned int before = map_count(0, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[128];

		snprintf(text, sizeof(text), "map-pressure:size=64K:times=2%s",
			 cases[i].text);
		fake_run(text, 1, 0);
		assert_int_equal(figure("planted_mappings"), cases[i].mappings);
		assert_int_equal(figure("planted_holes"), cases[i].holes);
		/* The heap may have grown by a mapping meanwhile. */
		if (!SANITIZED)
			assert_in_range(map_count(0, 0), before, before + 1);
	}
}

static void requests_do_not_depend_on_what_is_planted(void **state)
{
	struct fake_request *before;
	size_t count;

	(void)state;
	fake_run("map-pressure:size=64K:times=3", 1, 0);
	count = fake.count;
	before = malloc(count * sizeof(*before));
	assert_non_null(before);
	memcpy(before, fake.log, count * sizeof(*before));
	fake_run("map-pressure:size=64K:times=3:holes=50:pairs=merging", 2, 0);
	assert_int_equal(fake.count, count);
	assert_memory_equal(fake.log, before, count * sizeof(*before));
	free(before);
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

static void calls_without_memory_are_survived(void **state)
{
	(void)state;
	fake.fails = fails_always;
	fake_run("map-pressure:size=64K:times=4", 1, 0);
	assert_int_equal(fake.seen.growths, 0);
	fake.fails = fails_often;
	fake_run("map-pressure:size=64K:times=20", 1, 0);
	assert_true(fake.failed > 10);
	fake.fails = NULL;
}

static void the_estimate_is_what_a_run_takes(void **state)
{
	struct estimate with = {0}, without = {0};
	struct workload_spec spec;

	(void)state;
	fake_assert_estimate("map-pressure:size=1M", 1);
	fake_assert_estimate("map-pressure:size=64K:holes=9:ask=near", 1);
	fake_assert_estimate("map-pressure:size=64K:grow=in-place", 1);
	fake_parse("map-pressure:size=64K:holes=9:mappings=10", &spec);
	spec.workload->estimate(spec.values, 1, &without);
	fake_parse("map-pressure:size=64K:holes=9:mappings=10:pages=one",
		   &spec);
	spec.workload->estimate(spec.values, 1, &with);
	assert_int_equal(with.touched_bytes,
			 without.touched_bytes + 20 * fake.page_size);
	assert_int_equal(with.resident_bytes_max,
			 without.resident_bytes_max + 20 * fake.page_size);
}

static void bad_options_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("map-pressure", "of which size");
	fake_assert_refused("map-pressure:size=100", "whole pages");
	fake_assert_refused("map-pressure:size=1M:times=0", "1 to");
	fake_assert_refused("map-pressure:size=1M:forks=2000", "at most");
	fake_assert_refused("map-pressure:size=1M:mappings=100000000",
			    "vm.max_map_count");
	fake_assert_refused("map-pressure:size=1M:holes=9223372036854775807",
			    "vm.max_map_count");
	fake_assert_refused("map-pressure:size=8G:holes=10000",
			    "more than 16T");
	fake_assert_refused("map-pressure:size=1M:holes=1:grow=in-place",
			    "no room to grow");
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_pair_and_the_growth_are_timed_and_no_more),
		TEST(sizes_follow_from_size_hole_ask_and_grow),
		TEST(what_is_planted_is_read_back_and_given_back),
		TEST(requests_do_not_depend_on_what_is_planted),
		TEST(calls_without_memory_are_survived),
		TEST(the_estimate_is_what_a_run_takes),
		TEST(bad_options_are_refused_in_words),
	};

	/* The runtime's own maps lie where it plants, and are looked through. */
	if (SANITIZED) {
		puts("1..0 # SKIP planting disturbs the address sanitizer");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
