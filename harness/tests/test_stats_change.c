/* test_stats_change - Pettitt's test against R, and the labels of series. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/stats.h"
#include "driver/stats_change.h"
#include "tests/near.h"
#include "tests/stats_vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SERIES_MAX 400

/* wrap: calloc */
static unsigned int failing; /* which of the next allocations fails, from 1 */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	if (failing > 0 && --failing == 0)
		return NULL;
	return __real_calloc(count, size);
}

static const struct change_rule rule = {STATS_CHANGE_ALPHA,
					STATS_CHANGE_RATIO_MIN};

/* A level of a series that is made up; ends with a count of 0. */
struct level {
	size_t count;
	double median;
};

/* Levels with 1 % of noise; how many values. */
static size_t make_series(double *values, const struct level *levels)
{
	struct random random = {1979};
	size_t count = 0, i;

	for (; levels->count > 0; levels++)
		for (i = 0; i < levels->count; i++)
			values[count++] =
				random_lognormal(&random, levels->median, 0.01);
	return count;
}

static void assert_trend(const struct level *levels, enum trend trend)
{
	double values[SERIES_MAX];
	size_t count = make_series(values, levels);
	struct changes changes;

	assert_int_equal(stats_change_find(values, count, &rule, &changes), 0);
	assert_string_equal(trend_names[changes.trend], trend_names[trend]);
	stats_change_free(&changes);
}

static void pettitts_k_and_p_are_rs_to_1e_9(void **state)
{
	struct pettitt pettitt;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pettitt_vectors); i++) {
		const struct pettitt_vector *vector = &pettitt_vectors[i];

		assert_int_equal(stats_change_pettitt(vector->values,
						      vector->count, 1,
						      &pettitt),
				 0);
		assert_true(pettitt.k == vector->k);
		assert_near(pettitt.p, vector->p);
		assert_int_equal(pettitt.at, vector->at);
	}
}

static void pettitts_k_and_p_of_thousands_are_rs_to_1e_9(void **state)
{
	struct pettitt pettitt;
	double *values;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(pettitt_large_vectors); i++) {
		const struct pettitt_large_vector *vector =
			&pettitt_large_vectors[i];

		values = skewed(vector->seed, vector->count);
		for (j = 200; j < vector->count; j++)
			values[j] *= 2;
		assert_int_equal(stats_change_pettitt(values, vector->count, 1,
						      &pettitt),
				 0);
		assert_true(pettitt.k == vector->k);
		assert_near(pettitt.p, vector->p);
		assert_int_equal(pettitt.at, vector->at);
		test_free(values);
	}
}

static void a_margin_keeps_the_change_off_the_ends(void **state)
{
	const double values[] = {9, 1, 2, 1, 2, 1, 2, 1, 2, 1};
	struct pettitt free, kept;

	(void)state;
	assert_int_equal(stats_change_pettitt(values, 10, 1, &free), 0);
	assert_int_equal(stats_change_pettitt(values, 10, 5, &kept), 0);
	assert_int_equal(free.at, 1);
	assert_int_equal(kept.at, 5);
	assert_true(kept.p >= free.p);
}

static void no_room_for_a_change_or_no_number_is_refused(void **state)
{
	const double values[] = {1, 2, 3, NAN};
	struct pettitt pettitt;

	(void)state;
	assert_int_equal(stats_change_pettitt(values, 1, 1, &pettitt), -EINVAL);
	assert_int_equal(stats_change_pettitt(values, 3, 2, &pettitt), -EINVAL);
	assert_int_equal(stats_change_pettitt(values, 2, 3, &pettitt), -EINVAL);
	assert_int_equal(stats_change_pettitt(values, 3, 0, &pettitt), -EINVAL);
	assert_int_equal(stats_change_pettitt(values, 4, 1, &pettitt), -EINVAL);
	assert_int_equal(stats_change_pettitt(NULL, 0, 1, &pettitt), -EINVAL);
}

static void changes_are_found_where_they_are(void **state)
{
	static const struct level levels[] = {
		{30, 100}, {20, 80}, {50, 60}, {0, 0}};
	double values[SERIES_MAX];
	size_t count = make_series(values, levels), first = 0, i;
	struct changes changes;

	(void)state;
	assert_int_equal(stats_change_find(values, count, &rule, &changes), 0);
	assert_int_equal(changes.segment_count, 3);
	for (i = 0; i < 3; i++) {
		const struct segment *segment = &changes.segments[i];

		assert_int_equal(segment->first, first);
		assert_int_equal(segment->count, levels[i].count);
		stats_sort(values + first, segment->count);
		assert_true(segment->median ==
			    stats_median(values + first, segment->count));
		first += segment->count;
	}
	assert_int_equal(changes.trend, TREND_WARMING);
	stats_change_free(&changes);
	assert_null(changes.segments);
}

static void one_level_is_flat(void **state)
{
	(void)state;
	assert_trend((struct level[]){{60, 100}, {0, 0}}, TREND_FLAT);
	assert_trend((struct level[]){{12, 100}, {0, 0}}, TREND_FLAT);
}

static void equal_values_are_flat(void **state)
{
	double values[40];
	struct changes changes;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(values); i++)
		values[i] = 7;
	assert_int_equal(stats_change_find(values, 40, &rule, &changes), 0);
	assert_int_equal(changes.trend, TREND_FLAT);
	assert_int_equal(changes.segment_count, 1);
	assert_int_equal(changes.segments[0].count, 40);
	assert_true(changes.segments[0].median == 7);
	stats_change_free(&changes);
}

static void faster_and_faster_is_warming(void **state)
{
	(void)state;
	assert_trend((struct level[]){{20, 100}, {20, 90}, {0, 0}},
		     TREND_WARMING);
	assert_trend((struct level[]){{20, 100}, {20, 80}, {40, 60}, {0, 0}},
		     TREND_WARMING);
	assert_trend((struct level[]){{6, 100}, {6, 50}, {0, 0}},
		     TREND_WARMING);
}

static void a_slow_start_of_5_is_seen_in_any_length(void **state)
{
	static const size_t counts[] = {15, 40, 100, 395};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(counts); i++)
		assert_trend(
			(struct level[]){{5, 120}, {counts[i], 100}, {0, 0}},
			TREND_WARMING);
}

static void a_slow_start_ends_where_it_ends(void **state)
{
	static const struct level levels[] = {{9, 120}, {300, 100}, {0, 0}};
	double values[SERIES_MAX];
	size_t count = make_series(values, levels);
	struct changes changes;

	(void)state;
	assert_int_equal(stats_change_find(values, count, &rule, &changes), 0);
	assert_int_equal(changes.segment_count, 2);
	assert_int_equal(changes.segments[1].first, 9);
	stats_change_free(&changes);
}

static void slower_at_last_is_slowing(void **state)
{
	(void)state;
	assert_trend((struct level[]){{30, 100}, {30, 120}, {0, 0}},
		     TREND_SLOWING);
	assert_trend((struct level[]){{30, 150}, {30, 100}, {30, 120}, {0, 0}},
		     TREND_SLOWING);
}

static void up_and_down_is_unsteady(void **state)
{
	(void)state;
	assert_trend((struct level[]){{30, 100}, {30, 120}, {30, 100}, {0, 0}},
		     TREND_UNSTEADY);
	assert_trend((struct level[]){{30, 100},
				      {30, 150},
				      {30, 80},
				      {30, 120},
				      {30, 70},
				      {0, 0}},
		     TREND_UNSTEADY);
}

static void a_short_last_level_is_unsteady(void **state)
{
	(void)state;
	assert_trend((struct level[]){{60, 100}, {15, 50}, {0, 0}},
		     TREND_UNSTEADY);
	assert_trend((struct level[]){{60, 100}, {20, 50}, {0, 0}},
		     TREND_WARMING);
}

static void levels_that_are_close_are_one(void **state)
{
	static const struct level levels[] = {{60, 100}, {60, 104}, {0, 0}};
	struct change_rule wide = {STATS_CHANGE_ALPHA, 0.1};
	double values[SERIES_MAX];
	size_t count = make_series(values, levels);
	struct changes changes;

	(void)state;
	assert_trend(levels, TREND_SLOWING);
	assert_int_equal(stats_change_find(values, count, &wide, &changes), 0);
	assert_int_equal(changes.trend, TREND_FLAT);
	assert_int_equal(changes.segment_count, 1);
	assert_int_equal(changes.segments[0].count, count);
	stats_sort(values, count);
	assert_true(changes.segments[0].median == stats_median(values, count));
	stats_change_free(&changes);
}

static void too_few_values_are_unknown(void **state)
{
	struct change_rule strict = {0.01, 0.02}, loose = {0.3, 0.02};
	const double step[] = {9, 9, 9, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 1};
	struct changes changes;

	(void)state;
	assert_trend((struct level[]){{6, 100}, {5, 10}, {0, 0}},
		     TREND_UNKNOWN);
	assert_int_equal(stats_change_find(step, 14, &strict, &changes), 0);
	assert_int_equal(changes.trend, TREND_UNKNOWN);
	stats_change_free(&changes);
	assert_int_equal(stats_change_find(step, 9, &loose, &changes), 0);
	assert_int_equal(changes.trend, TREND_UNKNOWN);
	assert_int_equal(changes.segment_count, 1);
	assert_true(changes.segments[0].median == 9);
	stats_change_free(&changes);
	assert_int_equal(stats_change_find(NULL, 0, &rule, &changes), 0);
	assert_int_equal(changes.trend, TREND_UNKNOWN);
	assert_int_equal(changes.segment_count, 0);
	stats_change_free(&changes);
}

static void what_is_no_time_or_no_rule_is_refused(void **state)
{
	static const double wrong[] = {0, -1, NAN, INFINITY};
	static const struct change_rule rules[] = {
		{0, 0.02}, {1, 0.02}, {NAN, 0.02}, {0.05, -1}, {0.05, NAN}};
	double values[] = {1, 2, 3};
	struct changes changes;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rules); i++)
		assert_int_equal(
			stats_change_find(values, 3, &rules[i], &changes),
			-EINVAL);
	for (i = 0; i < COUNT(wrong); i++) {
		values[1] = wrong[i];
		assert_int_equal(stats_change_find(values, 3, &rule, &changes),
				 -EINVAL);
	}
}

static void a_lack_of_memory_is_reported(void **state)
{
	static const struct level levels[] = {{20, 100}, {20, 50}, {0, 0}};
	struct pettitt pettitt;
	double values[40];
	size_t count = make_series(values, levels);
	struct changes changes;
	unsigned int nth;

	(void)state;
	for (nth = 1; nth <= 2; nth++) {
		failing = nth;
		assert_int_equal(
			stats_change_pettitt(values, count, 1, &pettitt),
			-ENOMEM);
	}
	for (nth = 1; nth <= 6; nth++) { /* 4 of its own, 2 of the rank sum */
		failing = nth;
		assert_int_equal(
			stats_change_find(values, count, &rule, &changes),
			-ENOMEM);
		assert_null(changes.segments);
	}
}

#define TRIALS 2000

/* How many of so many series of count skewed values are not flat. */
static unsigned int false_alarms(size_t count)
{
	const struct change_rule bare = {STATS_CHANGE_ALPHA, 0};
	struct random random = {2017 + count};
	double values[SERIES_MAX];
	unsigned int alarms = 0, trial;
	struct changes changes;
	size_t i;

	for (trial = 0; trial < TRIALS; trial++) {
		for (i = 0; i < count; i++)
			values[i] = 1 - log(1 - random_unit(&random));
		assert_int_equal(
			stats_change_find(values, count, &bare, &changes), 0);
		alarms += changes.trend != TREND_FLAT;
		stats_change_free(&changes);
	}
	return alarms;
}

static void flat_series_alarm_at_most_as_often_as_alpha(void **state)
{
	static const size_t counts[] = {12, 20, 50, 120};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(counts); i++)
		assert_in_range(false_alarms(counts[i]), 1,
				(uintmax_t)(TRIALS * STATS_CHANGE_ALPHA));
}

static void every_trend_has_a_name(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < TREND_COUNT; i++)
		assert_non_null(trend_names[i]);
	assert_string_equal(trend_names[TREND_UNSTEADY], "unsteady");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pettitts_k_and_p_are_rs_to_1e_9),
		cmocka_unit_test(pettitts_k_and_p_of_thousands_are_rs_to_1e_9),
		cmocka_unit_test(a_margin_keeps_the_change_off_the_ends),
		cmocka_unit_test(no_room_for_a_change_or_no_number_is_refused),
		cmocka_unit_test(changes_are_found_where_they_are),
		cmocka_unit_test(one_level_is_flat),
		cmocka_unit_test(equal_values_are_flat),
		cmocka_unit_test(faster_and_faster_is_warming),
		cmocka_unit_test(a_slow_start_of_5_is_seen_in_any_length),
		cmocka_unit_test(a_slow_start_ends_where_it_ends),
		cmocka_unit_test(slower_at_last_is_slowing),
		cmocka_unit_test(up_and_down_is_unsteady),
		cmocka_unit_test(a_short_last_level_is_unsteady),
		cmocka_unit_test(levels_that_are_close_are_one),
		cmocka_unit_test(too_few_values_are_unknown),
		cmocka_unit_test(what_is_no_time_or_no_rule_is_refused),
		cmocka_unit_test(a_lack_of_memory_is_reported),
		cmocka_unit_test(flat_series_alarm_at_most_as_often_as_alpha),
		cmocka_unit_test(every_trend_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
