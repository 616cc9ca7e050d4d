/* test_crossover_find - where a map's curves cross, from points made by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/crossover.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define POINTS_MAX 32

static struct crossover_point points[POINTS_MAX];
static struct crossover_curve curve;

static int afresh(void **state)
{
	(void)state;
	memset(points, 0, sizeof(points));
	memset(&curve, 0, sizeof(curve));
	curve.points = points;
	return 0;
}

/* A point whose interval is five per cent to both sides. */
static struct crossover_point *point(unsigned int file, uint64_t size,
				     double ratio)
{
	struct crossover_point *made = &points[curve.points_count++];

	assert_true(curve.points_count <= POINTS_MAX);
	made->file = file;
	made->size = size;
	made->ratios[CROSSOVER_WHOLE] = (struct crossover_ratio){
		.median = ratio,
		.interval = {ratio / 1.05, ratio * 1.05, 0.99},
		.pairs = 20,
	};
	made->ratios[CROSSOVER_WHOLE].side =
		crossover_side(&made->ratios[CROSSOVER_WHOLE]);
	return made;
}

/* Points of a file in octaves from 16 KiB on, ended by 0. */
static void octaves(unsigned int file, const double *ratios)
{
	for (unsigned int i = 0; ratios[i] > 0; i++)
		point(file, KIB(16) << i, ratios[i]);
}

#define RATIOS(...) ((const double[]){__VA_ARGS__, 0})

static const struct crossover_crossing *found(unsigned int count)
{
	crossover_find(&curve, CROSSOVER_WHOLE);
	assert_int_equal(curve.crossings[CROSSOVER_WHOLE].count, count);
	return curve.crossings[CROSSOVER_WHOLE].list;
}

static void a_crossing_lies_between_two_told_sizes(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 2, 0.5, 0.25));
	crossing = found(1);
	assert_int_equal(crossing->low, KIB(32));
	assert_int_equal(crossing->high, KIB(64));
	assert_int_equal(crossing->above, CROSSOVER_MOVING);
	assert_int_equal(crossing->state, CROSSING_COARSE);
	assert_int_equal(crossing->pairs, 20);
	/* 2 and 1/2 are as far from 1. */
	assert_true(fabs(crossing->estimate - sqrt(2) * 32768) < 1);
}

static void what_is_not_told_widens_the_interval(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 1.01, 0.98, 0.5));
	crossing = found(1);
	assert_int_equal(crossing->low, KIB(16));
	assert_int_equal(crossing->high, KIB(128));
	assert_in_range((uint64_t)crossing->estimate, KIB(32), KIB(64));
}

static void
no_crossing_is_told_where_one_side_wins_or_nothing_is_told(void **state)
{
	struct crossover_reach reach;

	(void)state;
	octaves(0, RATIOS(0.9, 0.5, 1.01, 0.4));
	found(0);
	reach = crossover_reach(&curve, CROSSOVER_WHOLE);
	assert_int_equal(reach.below, CROSSOVER_MOVING);
	assert_int_equal(reach.told, 3);
	assert_int_equal(reach.untold, 1);
	assert_int_equal(reach.from, KIB(16));
	assert_int_equal(reach.to, KIB(128));
	afresh(NULL);
	octaves(0, RATIOS(1.01, 0.98, 1.02));
	found(0);
	assert_int_equal(crossover_reach(&curve, CROSSOVER_WHOLE).told, 0);
}

/* The last sizes look like a crossing, and are none for certain. */
static void a_side_that_is_not_told_at_the_end_is_no_crossing(void **state)
{
	(void)state;
	octaves(0, RATIOS(4, 2, 1.2, 0.98));
	found(0);
}

static void several_crossings_are_all_found(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 0.5, 0.5, 3, 1.01, 0.2));
	crossing = found(3);
	assert_int_equal(crossing[0].above, CROSSOVER_MOVING);
	assert_int_equal(crossing[1].above, CROSSOVER_COPYING);
	assert_int_equal(crossing[1].low, KIB(64));
	assert_int_equal(crossing[1].high, KIB(128));
	assert_int_equal(crossing[2].above, CROSSOVER_MOVING);
	assert_int_equal(crossing[2].high, KIB(512));
}

static void a_doubted_point_is_not_told_whatever_its_interval(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 2, 0.5, 0.25));
	points[1].doubt = DOUBT_PLANTED;
	points[2].doubt = DOUBT_WARM;
	crossing = found(1);
	assert_int_equal(crossing->low, KIB(16));
	assert_int_equal(crossing->high, KIB(128));
}

static void fresh_rounds_alone_decide_between_the_ends(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 2, 0.5, 0.25));
	/* Not between the ends, and of no interest. */
	point(1, KIB(16), 0.1);
	point(1, KIB(32), 1.6);
	point(1, KIB(40), 1.3);
	point(1, KIB(44), 1.02);
	point(1, KIB(52), 0.8);
	point(1, KIB(64), 0.6);
	crossing = found(1);
	assert_int_equal(crossing->low, KIB(40));
	assert_int_equal(crossing->high, KIB(52));
	assert_int_equal(crossing->state, CROSSING_FRESH);
}

static void several_crossings_in_fresh_rounds_replace_one(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 2, 0.5, 0.25, 2));
	point(1, KIB(32), 2);
	point(1, KIB(40), 0.5);
	point(1, KIB(52), 2);
	point(1, KIB(64), 0.5);
	crossing = found(4);
	assert_int_equal(crossing[2].high, KIB(64));
	assert_int_equal(crossing[2].state, CROSSING_FRESH);
	assert_int_equal(crossing[3].low, KIB(128));
	assert_int_equal(crossing[3].state, CROSSING_COARSE);
}

static void
fresh_rounds_that_cannot_tell_leave_the_coarse_interval(void **state)
{
	const struct crossover_crossing *crossing;

	(void)state;
	octaves(0, RATIOS(4, 2, 0.5));
	point(1, KIB(32), 1.02);
	point(1, KIB(48), 1.01);
	point(1, KIB(64), 0.99);
	crossing = found(1);
	assert_int_equal(crossing->low, KIB(32));
	assert_int_equal(crossing->high, KIB(64));
	assert_int_equal(crossing->state, CROSSING_NOT_NARROWED);
}

static void a_crossing_that_fresh_rounds_deny_is_not_confirmed(void **state)
{
	(void)state;
	octaves(0, RATIOS(4, 2, 0.5));
	point(1, KIB(32), 2);
	point(1, KIB(48), 2);
	point(1, KIB(64), 2);
	assert_int_equal(found(1)->state, CROSSING_NOT_CONFIRMED);
	/* Less than the whole of it denies nothing. */
	curve.points_count--;
	assert_int_equal(found(1)->state, CROSSING_NOT_NARROWED);
}

static void too_few_pairs_tell_nothing(void **state)
{
	struct crossover_ratio ratio = {
		.median = 0.5, .interval = {0.4, 0.6, 0.99}, .pairs = 12};

	(void)state;
	assert_int_equal(crossover_side(&ratio), CROSSOVER_MOVING);
	ratio.pairs = 11;
	assert_int_equal(crossover_side(&ratio), CROSSOVER_UNTOLD);
	ratio.pairs = 12;
	ratio.interval.level = 0;
	assert_int_equal(crossover_side(&ratio), CROSSOVER_UNTOLD);
	ratio.interval = (struct interval){0.9, 1, 0.99};
	assert_int_equal(crossover_side(&ratio), CROSSOVER_UNTOLD);
	ratio.interval = (struct interval){1.1, 1.2, 0.99};
	assert_int_equal(crossover_side(&ratio), CROSSOVER_COPYING);
}

static void more_crossings_than_there_is_room_for_are_cut(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 24; i++)
		point(0, KIB(16 + i), i % 2 ? 0.5 : 2);
	found(CROSSOVER_CROSSINGS_MAX);
}

#define TEST(name) cmocka_unit_test_setup(name, afresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_crossing_lies_between_two_told_sizes),
		TEST(what_is_not_told_widens_the_interval),
		TEST(no_crossing_is_told_where_one_side_wins_or_nothing_is_told),
		TEST(a_side_that_is_not_told_at_the_end_is_no_crossing),
		TEST(several_crossings_are_all_found),
		TEST(a_doubted_point_is_not_told_whatever_its_interval),
		TEST(fresh_rounds_alone_decide_between_the_ends),
		TEST(several_crossings_in_fresh_rounds_replace_one),
		TEST(fresh_rounds_that_cannot_tell_leave_the_coarse_interval),
		TEST(a_crossing_that_fresh_rounds_deny_is_not_confirmed),
		TEST(too_few_pairs_tell_nothing),
		TEST(more_crossings_than_there_is_room_for_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
