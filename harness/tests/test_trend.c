/* test_trend - levels of a cell's times over rounds, and what is said of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/trend.h"
#include "tests/made_samples.h"

#define MS 1000000.0

/* Rounds at a time, in ms, that scatter by a tenth of a percent. */
static void rounds_add(unsigned int count, double ms)
{
	for (unsigned int i = 0; i < count; i++) {
		struct results_sample *sample = made_sample();
		double share = 1 + (double)((7 * i + 5) % 11) / 11000;

		sample->values[FIGURE_WALL_NS] = (int64_t)(ms * share * MS);
		sample->values[FIGURE_CPU_NS] = (int64_t)MS;
	}
}

static struct trend_series rounds_find(enum figure_index clock)
{
	struct trend_series series;

	assert_int_equal(trend_of_rounds(&made.cell, clock, &series), 0);
	return series;
}

static void assert_label(const char *label)
{
	struct trend_series series = rounds_find(FIGURE_WALL_NS);

	assert_string_equal(trend_names[series.trend], label);
	trend_free(&series);
}

static void times_that_keep_their_level_are_flat(void **state)
{
	struct trend_series series;

	(void)state;
	rounds_add(20, 100);
	series = rounds_find(FIGURE_WALL_NS);
	assert_int_equal(series.trend, TREND_FLAT);
	assert_int_equal(series.count, 20);
	assert_int_equal(series.levels_count, 1);
	assert_int_equal(series.levels[0].from, 0);
	trend_free(&series);
}

static void a_level_says_from_which_round_and_its_median(void **state)
{
	struct trend_series series;

	(void)state;
	rounds_add(12, 100);
	rounds_add(18, 130);
	/* A round of which this cell has no valid sample. */
	made.samples[3].valid = false;
	made.samples[4].pass = PASS_CHECKING;
	series = rounds_find(FIGURE_WALL_NS);
	assert_int_equal(series.trend, TREND_SLOWING);
	assert_int_equal(series.count, 28);
	assert_int_equal(series.levels_count, 2);
	assert_int_equal(series.levels[0].count, 10);
	assert_int_equal(series.levels[1].from, 12);
	assert_int_equal(series.levels[1].count, 18);
	assert_true(fabs(series.levels[0].median_ns - 100 * MS) < MS);
	assert_true(fabs(series.levels[1].median_ns - 130 * MS) < MS);
	trend_free(&series);
}

static void each_clock_has_its_own_trend(void **state)
{
	struct trend_series series;

	(void)state;
	rounds_add(15, 130);
	rounds_add(15, 100);
	assert_label("warming");
	series = rounds_find(FIGURE_CPU_NS);
	assert_int_equal(series.trend, TREND_FLAT);
	trend_free(&series);
}

static void levels_within_two_percent_are_one(void **state)
{
	(void)state;
	rounds_add(15, 100);
	rounds_add(15, 101.8);
	assert_label("flat");
	made_afresh(NULL);
	rounds_add(15, 100);
	rounds_add(15, 102.4);
	assert_label("slowing");
}

static void few_rounds_or_none_are_not_judged(void **state)
{
	struct trend_series series = rounds_find(FIGURE_WALL_NS);

	(void)state;
	assert_int_equal(series.trend, TREND_UNKNOWN);
	assert_int_equal(series.count, 0);
	assert_int_equal(series.levels_count, 0);
	trend_free(&series);
	rounds_add(4, 100);
	rounds_add(4, 200);
	assert_label("unknown");
}

static void what_is_no_time_is_left_out(void **state)
{
	const double times[] = {NAN, 5, 0, -1, INFINITY, 6};
	const unsigned int places[] = {0, 1, 2, 3, 4, 5};
	struct trend_series series;

	(void)state;
	assert_int_equal(trend_find(times, places, 6, &series), 0);
	assert_int_equal(series.count, 2);
	assert_int_equal(series.levels_count, 1);
	assert_int_equal(series.levels[0].from, 1);
	trend_free(&series);
}

static void json_names_the_rounds_from_zero(void **state)
{
	struct json *json = json_new_object();
	struct trend_series series;
	const struct json *level;

	(void)state;
	rounds_add(15, 100);
	rounds_add(15, 150);
	series = rounds_find(FIGURE_WALL_NS);
	trend_to_json(&series, json);
	trend_free(&series);
	assert_string_equal(json_text(json, "label", ""), "slowing");
	assert_int_equal(json_count(json, "count", 0), 30);
	assert_int_equal(json_size(json_get(json, "levels")), 2);
	level = json_item(json_get(json, "levels"), 1);
	assert_int_equal(json_count(level, "from", 0), 15);
	assert_int_equal(json_count(level, "count", 0), 15);
	assert_true(json_number(level, "median_ns", 0) > 140 * MS);
	json_free(json);
}

static void print_end(struct printout *printout,
		      const struct table_group *group)
{
	(void)group;
	printout_print_drift_end(printout);
}

static void assert_prints(void (*print)(struct printout *printout,
					const struct table_group *group),
			  const char *part)
{
	char *text = made_print(print);

	if (!strstr(text, part))
		fail_msg("'%s' is missing in:\n%s", part, text);
	free(text);
}

static void a_group_that_drifts_has_a_note_with_its_rounds(void **state)
{
	(void)state;
	rounds_add(12, 100);
	rounds_add(18, 130);
	assert_prints(
		printout_print_drift,
		"drift: copy is slowing (100 ms, 130 ms from round 13)\n");
	assert_prints(print_end, "1 of 1 cells");
}

static void a_group_that_does_not_drift_has_no_note(void **state)
{
	char *text;

	(void)state;
	rounds_add(20, 100);
	text = made_print(printout_print_drift);
	assert_string_equal(text, "");
	free(text);
	assert_prints(print_end, "all 1 cells are flat");
}

static void too_few_rounds_say_so_at_the_end(void **state)
{
	char *text;

	(void)state;
	text = made_print(print_end);
	assert_string_equal(text, "");
	free(text);
	rounds_add(3, 100);
	assert_prints(print_end, "drift: not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(times_that_keep_their_level_are_flat,
				       made_afresh),
		cmocka_unit_test_setup(
			a_level_says_from_which_round_and_its_median,
			made_afresh),
		cmocka_unit_test_setup(each_clock_has_its_own_trend,
				       made_afresh),
		cmocka_unit_test_setup(levels_within_two_percent_are_one,
				       made_afresh),
		cmocka_unit_test_setup(few_rounds_or_none_are_not_judged,
				       made_afresh),
		cmocka_unit_test_setup(what_is_no_time_is_left_out,
				       made_afresh),
		cmocka_unit_test_setup(json_names_the_rounds_from_zero,
				       made_afresh),
		cmocka_unit_test_setup(
			a_group_that_drifts_has_a_note_with_its_rounds,
			made_afresh),
		cmocka_unit_test_setup(a_group_that_does_not_drift_has_no_note,
				       made_afresh),
		cmocka_unit_test_setup(too_few_rounds_say_so_at_the_end,
				       made_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
