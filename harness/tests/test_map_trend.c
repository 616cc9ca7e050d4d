/* test_map_trend - fragmentation and the trend of holes, of timelines made. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/map_trend.h"
#include "tests/made_samples.h"

#define MIB ((int64_t)1 << 20)
#define POINTS 64
#define APART INT64_C(1000) /* requests between two points */

static struct results_point points[POINTS];
static struct map_course course;

/* Points at which 100 MiB are live and a function says what lies in holes. */
static void make(double (*holes)(int point))
{
	for (int i = 0; i < POINTS; i++) {
		for (int j = 0; j < MAP_FIGURES; j++)
			points[i].values[j] = FIGURE_ABSENT;
		points[i].operations = (i + 1) * APART;
		points[i].read_ns = FIGURE_ABSENT;
		points[i].values[MAP_LIVE_BYTES] = 100 * MIB;
		points[i].values[MAP_MAPPED_BYTES] = 150 * MIB;
		points[i].values[MAP_RESIDENT_BYTES] = 25 * MIB;
		points[i].values[MAP_HOLE_BYTES] =
			(int64_t)(holes(i) * 100 * MIB);
	}
	made.cell.timeline = points;
	made.cell.timeline_count = POINTS;
	assert_int_equal(map_course_find(&made.cell, &course), 0);
}

static struct random noise_source;

static double noise(void)
{
	return 0.01 * random_normal(&noise_source);
}

static double half_of_live(int point)
{
	(void)point;
	return 0.5 + noise();
}

static double growing(int point)
{
	return 0.002 * point + noise();
}

/* Grows at first, and stays. */
static double saturating(int point)
{
	return (point < POINTS / 2 ? 0.01 * point : 0.32) + noise();
}

static double wild(int point)
{
	return 0.5 - 0.4 * sin(point * point);
}

static double none(int point)
{
	(void)point;
	return 0;
}

static void holes_at_a_constant_share_are_bounded_there(void **state)
{
	(void)state;
	make(half_of_live);
	assert_int_equal(course.trend, MAP_TREND_BOUNDED);
	assert_true(fabs(course.holes - 0.5) < 0.01);
	assert_true(course.interval.low < 0 && course.interval.high > 0);
	assert_int_equal(course.points, POINTS / 2);
}

static void holes_that_add_up_are_growing_by_so_much(void **state)
{
	(void)state;
	make(growing);
	assert_int_equal(course.trend, MAP_TREND_GROWING);
	/* 0.002 for 1,000 requests. */
	assert_true(fabs(course.slope - 0.02) < 0.005);
	assert_true(course.interval.low > 0);
	assert_true(course.interval.low < 0.02 && course.interval.high > 0.02);
}

static void only_the_last_half_is_looked_at(void **state)
{
	(void)state;
	make(saturating);
	assert_int_equal(course.trend, MAP_TREND_BOUNDED);
	assert_true(fabs(course.holes - 0.32) < 0.01);
}

static void too_much_noise_cannot_tell(void **state)
{
	(void)state;
	make(wild);
	assert_int_equal(course.trend, MAP_TREND_UNTOLD);
}

static void no_holes_are_bounded_at_none(void **state)
{
	(void)state;
	make(none);
	assert_int_equal(course.trend, MAP_TREND_BOUNDED);
	assert_true(course.holes == 0);
}

static void few_points_are_not_judged(void **state)
{
	(void)state;
	make(growing);
	made.cell.timeline_count = 2 * MAP_TREND_POINTS_MIN - 2;
	assert_int_equal(map_course_find(&made.cell, &course), 0);
	assert_int_equal(course.trend, MAP_TREND_UNKNOWN);
	assert_true(isnan(course.holes));
	made.cell.timeline_count = 0;
	assert_int_equal(map_course_find(&made.cell, &course), 0);
	assert_int_equal(course.trend, MAP_TREND_UNKNOWN);
	assert_true(isnan(course.mapped.final));
	/* All at one request. */
	made.cell.timeline_count = POINTS;
	for (int i = 0; i < POINTS; i++)
		points[i].operations = 5;
	assert_int_equal(map_course_find(&made.cell, &course), 0);
	assert_int_equal(course.trend, MAP_TREND_UNKNOWN);
}

static void shares_are_undefined_below_a_mebibyte(void **state)
{
	(void)state;
	assert_true(map_share(3 * MIB, 2 * MIB) == 1.5);
	assert_true(map_share(3 * MIB, MIB) == 3);
	assert_true(isnan(map_share(3 * MIB, MIB - 1)));
	assert_true(isnan(map_share(3 * MIB, 0)));
	assert_true(isnan(map_share(FIGURE_ABSENT, 2 * MIB)));
	assert_true(isnan(map_share(MIB, FIGURE_ABSENT)));
}

static void fragmentation_is_told_at_the_end_and_at_its_worst(void **state)
{
	(void)state;
	make(none);
	points[7].values[MAP_MAPPED_BYTES] = 900 * MIB;
	points[9].values[MAP_RESIDENT_BYTES] = 50 * MIB;
	/* Where next to nothing is live it says nothing. */
	points[20].values[MAP_LIVE_BYTES] = MIB / 2;
	points[POINTS - 1].values[MAP_LIVE_BYTES] = 0;
	assert_int_equal(map_course_find(&made.cell, &course), 0);
	assert_true(course.mapped.final == 1.5);
	assert_true(course.mapped.worst == 9);
	assert_true(course.resident.final == 0.25);
	assert_true(course.resident.worst == 0.5);
	assert_true(isnan(course.left_mapped_bytes));
}

static void print_map(struct printout *printout,
		      const struct table_group *group)
{
	assert_int_equal(printout_print_map(printout, group), 0);
}

static void assert_printed(const char *part)
{
	char *text = made_print(print_map);

	if (!strstr(text, part))
		fail_msg("'%s' is missing in:\n%s", part, text);
	free(text);
}

static void does_not_print(const char *part)
{
	char *text = made_print(print_map);

	if (strstr(text, part))
		fail_msg("'%s' stands in:\n%s", part, text);
	free(text);
}

static void what_settles_has_columns_of_its_own(void **state)
{
	struct results_sample *sample = made_sample();

	(void)state;
	sample->pass = PASS_CHECKING;
	sample->values[FIGURE_DRAINED + MAP_MAPPED_BYTES] = 9 * MIB;
	sample->values[FIGURE_DRAINED + MAP_RESIDENT_BYTES] = 8 * MIB;
	make(none);
	made.cell.settled_count = 2;
	for (int i = 0; i < 2; i++) {
		made.cell.settled[i].values[MAP_MAPPED_BYTES] = (7 - i) * MIB;
		made.cell.settled[i].values[MAP_RESIDENT_BYTES] = (5 - i) * MIB;
	}
	assert_printed("9.00 MiB  8.00 MiB  7.00 MiB  5.00 MiB  6.00 MiB  "
		       "4.00 MiB       -         -");
	made.cell.settled_count = 0;
	made.cell.settled_at_once = true;
	assert_printed("9.00 MiB  8.00 MiB        -         -");
	assert_printed("given back at once");
}

static void what_looking_cost_is_told(void **state)
{
	struct results_sample *sample = made_sample();

	(void)state;
	sample->pass = PASS_CHECKING;
	sample->values[FIGURE_SPAN_NS] = 3200000000;
	make(none);
	does_not_print("a look takes");
	assert_true(isnan(course.read_ns));
	for (int i = 0; i < POINTS; i++)
		points[i].read_ns = i % 2 ? 1000000 : 3000000;
	assert_int_equal(map_course_find(&made.cell, &course), 0);
	assert_true(course.read_ns == 2000000);
	assert_true(fabs(course.read_share - 0.04) < 1e-9);
	assert_printed("up to 2.00 ms");
	assert_printed("up to 4 %");
	does_not_print("left out");
	sample->values[FIGURE_MAP_POINTS_SKIPPED] = 17;
	assert_printed("17 points were left out");
}

static void the_block_says_it_in_words(void **state)
{
	struct results_sample *sample = made_sample();
	char *text = made_print(print_map);

	(void)state;
	assert_string_equal(text, "");
	free(text);
	sample->pass = PASS_CHECKING;
	sample->values[FIGURE_DRAINED + MAP_MAPPED_BYTES] = 3 * MIB;
	sample->values[FIGURE_DRAINED + MAP_RESIDENT_BYTES] = 2 * MIB;
	make(half_of_live);
	does_not_print("100 ms");
	assert_printed("bounded at 0.50x");
	assert_printed("1.50x");
	assert_printed("0.25x");
	assert_printed("3.00 MiB");
	assert_printed("2.00 MiB");
	make(growing);
	assert_printed("growing by 0.0");
	make(wild);
	assert_printed("cannot tell");
}

static void the_json_says_it_in_numbers(void **state)
{
	struct json *json = json_new_object();

	(void)state;
	make(growing);
	map_course_to_json(&course, json);
	assert_string_equal(json_text(json, "map.holes.label", ""), "growing");
	assert_int_equal(json_count(json, "map.holes.points", 0), POINTS / 2);
	assert_non_null(json_get(json, "map.holes.slope_low"));
	assert_non_null(json_get(json, "map.mapped_worst"));
	assert_null(json_get(json, "map.left_mapped_bytes"));
	json_free(json);
}

static int afresh(void **state)
{
	noise_source.state = 5;
	return made_afresh(state);
}

#define TEST(name) cmocka_unit_test_setup(name, afresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(holes_at_a_constant_share_are_bounded_there),
		TEST(holes_that_add_up_are_growing_by_so_much),
		TEST(only_the_last_half_is_looked_at),
		TEST(too_much_noise_cannot_tell),
		TEST(no_holes_are_bounded_at_none),
		TEST(few_points_are_not_judged),
		TEST(shares_are_undefined_below_a_mebibyte),
		TEST(fragmentation_is_told_at_the_end_and_at_its_worst),
		TEST(the_block_says_it_in_words),
		TEST(what_settles_has_columns_of_its_own),
		TEST(what_looking_cost_is_told),
		TEST(the_json_says_it_in_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
