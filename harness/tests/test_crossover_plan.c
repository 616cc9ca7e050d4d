/* test_crossover_plan - the sizes of a map, and what of them fits a budget. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/crossover_plan.h"
#include "driver/plan_make.h"
#include "driver/stats.h"

#define WORKLOAD "single-growth"
#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)

static struct crossover_grid grid;
static struct plan plan;

static int afresh(void **state)
{
	(void)state;
	memset(&grid, 0, sizeof(grid));
	memset(&plan, 0, sizeof(plan));
	return 0;
}

static void assert_sizes(const uint64_t *sizes)
{
	unsigned int i = 0;

	for (; sizes[i]; i++) {
		assert_true(i < grid.count);
		assert_int_equal(grid.sizes[i], sizes[i]);
	}
	assert_int_equal(grid.count, i);
}

#define SIZES(...) ((const uint64_t[]){__VA_ARGS__, 0})

static void the_coarse_grid_is_octaves(void **state)
{
	(void)state;
	crossover_octaves(KIB(16), KIB(200), &grid);
	assert_sizes(SIZES(KIB(16), KIB(32), KIB(64), KIB(128)));
	crossover_octaves(KIB(64), KIB(63), &grid);
	assert_int_equal(grid.count, 0);
}

static void an_octave_is_halved_twice_in_whole_pages(void **state)
{
	(void)state;
	crossover_between(KIB(32), KIB(64), 4096, &grid);
	assert_sizes(SIZES(KIB(32), KIB(40), KIB(44), KIB(52), KIB(64)));
	assert_int_equal(grid.depths[0], 0);
	assert_int_equal(grid.depths[1], 2);
	assert_int_equal(grid.depths[2], 1);
	assert_int_equal(grid.depths[3], 2);
	assert_int_equal(grid.depths[4], 0);
}

static void wide_places_are_halved_less(void **state)
{
	(void)state;
	crossover_between(KIB(64), KIB(1024), 4096, &grid);
	assert_sizes(SIZES(KIB(64), KIB(92), KIB(128), KIB(180), KIB(256),
			   KIB(364), KIB(512), KIB(724), KIB(1024)));
}

/* Others are moved page by page, and are another curve. */
static void between_multiples_of_2_mib_there_are_such(void **state)
{
	(void)state;
	crossover_between(MIB(4), MIB(8), 4096, &grid);
	assert_sizes(SIZES(MIB(4), MIB(6), MIB(8)));
	afresh(NULL);
	crossover_between(MIB(2), MIB(4), 4096, &grid);
	assert_sizes(SIZES(MIB(2), MIB(4)));
}

static void tiny_places_have_no_size_twice(void **state)
{
	(void)state;
	crossover_between(KIB(4), KIB(8), 4096, &grid);
	assert_sizes(SIZES(KIB(4), KIB(8)));
	crossover_between(KIB(8), KIB(16), 4096, &grid);
	assert_sizes(SIZES(KIB(4), KIB(8), KIB(12), KIB(16)));
}

static void the_work_follows_from_the_size_alone(void **state)
{
	(void)state;
	assert_int_equal(crossover_times(KIB(4)), CROSSOVER_TIMES_MAX);
	assert_int_equal(crossover_times(KIB(128)), 16);
	assert_int_equal(crossover_times(MIB(64)), 1);
}

static void a_list_spells_each_size_with_each_rest(void **state)
{
	static const char *const rests[] = {"", "residue=4K"};
	char *list;

	(void)state;
	crossover_octaves(MIB(1), MIB(2), &grid);
	list = crossover_list(&grid, WORKLOAD, rests, 2);
	assert_string_equal(list, "single-growth:size=1M:times=2,"
				  "single-growth:size=2M:times=1,"
				  "single-growth:size=1M:times=2:residue=4K,"
				  "single-growth:size=2M:times=1:residue=4K");
	free(list);
}

static uint64_t by_bytes(const struct estimate *estimate, void *context)
{
	(void)context;
	return estimate->live_bytes_max;
}

/* A plan of these sizes, a sample's time its bytes in ns. */
static void plan_of(const struct crossover_grid *of, const char *thp,
		    const char *layout, uint64_t budget_ns)
{
	static const char *const rests[] = {""};
	struct plan_request request = {
		.thp = thp,
		.layout = layout,
		.budget_ns = budget_ns,
		.sample_ns = by_bytes,
	};
	char *list = crossover_list(of, WORKLOAD, rests, 1);
	char why[512];

	request.workloads = list;
	if (plan_make(&request, &plan, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	free(list);
}

static void the_largest_sizes_go_first_where_time_is_short(void **state)
{
	struct crossover_trim trim = {.workload = WORKLOAD};

	(void)state;
	crossover_octaves(MIB(1), MIB(8), &grid);
	/* Five cells, 14 rounds: up to 2 MiB takes 6 MiB of ns each. */
	plan_of(&grid, NULL, NULL, (uint64_t)14 * 5 * MIB(7));
	crossover_trim(&plan, &trim);
	assert_int_equal(plan.groups_count, 4);
	assert_string_equal(plan.groups[1].skipped, "");
	assert_non_null(strstr(plan.groups[2].skipped, "raise --budget"));
	assert_non_null(strstr(plan.groups[3].skipped, "raise --budget"));
	assert_int_equal((uint64_t)trim.round_ns, 5 * MIB(6));
}

static void the_smallest_size_stays_and_rounds_asked_for_are_run(void **state)
{
	struct crossover_trim trim = {.workload = WORKLOAD};

	(void)state;
	crossover_octaves(MIB(1), MIB(8), &grid);
	plan_of(&grid, NULL, NULL, 1);
	crossover_trim(&plan, &trim);
	assert_string_equal(plan.groups[0].skipped, "");
	assert_string_not_equal(plan.groups[1].skipped, "");
	plan_of(&grid, NULL, NULL, 1);
	plan.rounds = 3;
	crossover_trim(&plan, &trim);
	assert_string_equal(plan.groups[3].skipped, "");
}

/* One interval more at once takes a round more. */
static void so_many_rounds_are_needed_as_have_intervals(void **state)
{
	static const double values[13];
	const unsigned int groups = 18;
	double level = 1 - CROSSOVER_ALPHA / 2 / (groups * CROSSOVER_COPIES);

	(void)state;
	plan.groups_count = groups;
	for (unsigned int i = 0; i < groups; i++) {
		plan.groups[i].first = (size_t)4 * i;
		plan.groups[i].count = 4;
		for (unsigned int j = 1; j < 4; j++)
			plan.cells[4 * i + j].role = ROLE_ROW;
	}
	assert_int_equal(crossover_rounds(&plan), 13);
	assert_true(stats_median_interval(values, 13, level).level > 0);
	assert_false(stats_median_interval(values, 12, level).level > 0);
	plan.groups[0].skipped[0] = plan.groups[1].skipped[0] = 'x';
	assert_int_equal(crossover_rounds(&plan), 12);
	plan.groups_count = 0;
	assert_int_equal(crossover_rounds(&plan), 12);
}

static struct crossover_wants wants;

static void groups_that_nothing_wants_are_left_out(void **state)
{
	struct crossover_trim trim = {.workload = WORKLOAD, .wants = &wants};

	(void)state;
	memset(&wants, 0, sizeof(wants));
	wants.count = 1;
	wants.list[0].thp = THP_NEVER;
	wants.list[0].layout = LAYOUT_LEGACY;
	crossover_between(KIB(32), KIB(64), 4096, &wants.list[0].grid);
	crossover_octaves(KIB(16), KIB(64), &grid);
	crossover_between(KIB(32), KIB(64), 4096, &grid);
	plan_of(&grid, "never,madvise", "standard,legacy", 0);
	assert_int_equal(plan.groups_count, 24);
	crossover_trim(&plan, &trim);
	assert_int_equal(plan.groups_count, 5);
	assert_int_equal(plan.cells_count, 25);
	for (unsigned int i = 0; i < plan.groups_count; i++) {
		size_t first = (size_t)5 * i;

		assert_int_equal(plan.groups[i].thp, THP_NEVER);
		assert_int_equal(plan.groups[i].layout, LAYOUT_LEGACY);
		assert_int_equal(plan.groups[i].first, first);
		assert_int_equal(plan.cells[first].role, ROLE_REFERENCE);
		assert_int_equal(plan.cells[first + 4].group, i);
	}
}

static void the_finest_halving_goes_first_of_fresh_sizes(void **state)
{
	struct crossover_trim trim = {
		.workload = WORKLOAD, .wants = &wants, .slowness = 2};
	unsigned int skipped = 0;

	(void)state;
	memset(&wants, 0, sizeof(wants));
	wants.count = 1;
	crossover_between(KIB(32), KIB(64), 4096, &wants.list[0].grid);
	plan_of(&wants.list[0].grid, NULL, NULL,
		(uint64_t)14 * 5 * 2 * KIB(2 * (32 + 44 + 64)));
	crossover_trim(&plan, &trim);
	for (unsigned int i = 0; i < plan.groups_count; i++)
		skipped += plan.groups[i].skipped[0] != '\0';
	assert_int_equal(plan.groups_count, 5);
	assert_int_equal(skipped, 2);
}

static void growth_alone_is_refined_after_what_decides(void **state)
{
	struct crossover_crossing grow = {.low = KIB(64), .high = KIB(128)};
	struct crossover_curve curve = {.layout = LAYOUT_LEGACY};
	struct crossover_map map = {.curves_count = 1, .curves = &curve};

	(void)state;
	curve.crossings[CROSSOVER_GROW].count = 1;
	curve.crossings[CROSSOVER_GROW].list[0] = grow;
	crossover_wanted(&map, 4096, &wants);
	assert_int_equal(wants.count, 1);
	assert_int_equal(wants.list[0].layout, LAYOUT_LEGACY);
	assert_int_equal(wants.list[0].grid.count, 5);
	/* The end that both have is that of what decides. */
	curve.crossings[CROSSOVER_WHOLE].count = 1;
	curve.crossings[CROSSOVER_WHOLE].list[0] =
		(struct crossover_crossing){.low = KIB(32), .high = KIB(64)};
	crossover_wanted(&map, 4096, &wants);
	grid = wants.list[0].grid;
	assert_sizes(SIZES(KIB(32), KIB(40), KIB(44), KIB(52), KIB(64), KIB(76),
			   KIB(92), KIB(108), KIB(128)));
	assert_int_equal(grid.depths[3], 2);
	assert_int_equal(grid.depths[4], 0);
	assert_int_equal(grid.depths[6], 4);
	assert_int_equal(grid.depths[8], 3);
}

#define TEST(name) cmocka_unit_test_setup(name, afresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_coarse_grid_is_octaves),
		TEST(an_octave_is_halved_twice_in_whole_pages),
		TEST(wide_places_are_halved_less),
		TEST(between_multiples_of_2_mib_there_are_such),
		TEST(tiny_places_have_no_size_twice),
		TEST(the_work_follows_from_the_size_alone),
		TEST(a_list_spells_each_size_with_each_rest),
		TEST(the_largest_sizes_go_first_where_time_is_short),
		TEST(the_smallest_size_stays_and_rounds_asked_for_are_run),
		TEST(so_many_rounds_are_needed_as_have_intervals),
		TEST(groups_that_nothing_wants_are_left_out),
		TEST(the_finest_halving_goes_first_of_fresh_sizes),
		TEST(growth_alone_is_refined_after_what_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
