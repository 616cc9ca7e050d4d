/* test_warmup - what repetitions say of how a cell warms up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/warmup.h"
#include "tests/made_samples.h"

#define MS 1000000

#define REPETITIONS 64

static struct results_repetition repetitions[MADE_SAMPLES_MAX][REPETITIONS];
static struct results_repetition *process;

/* The next process; what it repeats is added by repeat(). */
static struct results_sample *process_add(void)
{
	struct results_sample *sample = made_sample();

	process = repetitions[sample->round];
	sample->repetitions = process;
	return sample;
}

static void repeat(unsigned int times, int64_t ms)
{
	struct results_sample *sample =
		&made.samples[made.cell.samples_count - 1];

	for (unsigned int i = 0; i < times; i++) {
		unsigned int place = sample->repetitions_count++;

		process[place].wall_ns = ms * MS + place * 7 % 11;
		process[place].cpu_ns = MS;
		process[place].minor_faults = 1000 - place;
	}
}

static struct warmup find(enum figure_index clock)
{
	struct warmup warmup;

	assert_int_equal(warmup_of(&made.cell, clock, &warmup), 0);
	return warmup;
}

static bool about(double ns, double ms)
{
	return fabs(ns - ms * MS) < 0.01 * MS;
}

static void a_first_level_that_is_left_for_good_is_warming(void **state)
{
	struct warmup warmup;

	(void)state;
	process_add();
	repeat(8, 100);
	repeat(16, 60);
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.series.trend, TREND_WARMING);
	assert_int_equal(warmup.count, 24);
	assert_int_equal(warmup.samples, 1);
	assert_int_equal(warmup.alike, 1);
	assert_int_equal(warmup.series.levels_count, 2);
	assert_int_equal(warmup.series.levels[1].from, 8);
	assert_true(about(warmup.first_ns, 100));
	assert_true(about(warmup.steady_ns, 60));
	assert_true(warmup.first_faults == 1000);
	assert_true(warmup.last_faults == 977);
	warmup_free(&warmup);
	warmup = find(FIGURE_CPU_NS);
	assert_int_equal(warmup.series.trend, TREND_FLAT);
	warmup_free(&warmup);
}

static void
a_cold_first_repetition_alone_is_seen_beside_the_steady(void **state)
{
	struct warmup warmup;

	(void)state;
	process_add();
	repeat(1, 500);
	repeat(20, 60);
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.series.trend, TREND_FLAT);
	assert_true(about(warmup.first_ns, 500));
	assert_true(about(warmup.steady_ns, 60));
	warmup_free(&warmup);
}

static void one_process_does_not_speak_for_the_others(void **state)
{
	struct warmup warmup;

	(void)state;
	for (int i = 0; i < 4; i++) {
		process_add();
		repeat(12, 60);
		repeat(12, i == 2 ? 90 : 60);
	}
	process_add()->valid = false;
	repeat(24, 1);
	process_add()->pass = PASS_CHECKING;
	repeat(1, 1);
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.series.trend, TREND_FLAT);
	assert_int_equal(warmup.samples, 4);
	assert_int_equal(warmup.alike, 3);
	assert_true(about(warmup.steady_ns, 60));
	warmup_free(&warmup);
}

static void repetitions_that_some_process_lacks_are_left_out(void **state)
{
	struct warmup warmup;

	(void)state;
	process_add();
	repeat(30, 60);
	process_add();
	repeat(20, 60);
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.count, 20);
	warmup_free(&warmup);
}

static void too_few_to_be_judged_still_have_a_first_and_a_rest(void **state)
{
	struct warmup warmup;

	(void)state;
	process_add();
	repeat(1, 100);
	repeat(4, 60);
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.series.trend, TREND_UNKNOWN);
	assert_true(about(warmup.first_ns, 100));
	assert_true(about(warmup.steady_ns, 60));
	warmup_free(&warmup);
	made_afresh(NULL);
	process_add();
	repeat(1, 100);
	warmup = find(FIGURE_WALL_NS);
	assert_true(isnan(warmup.steady_ns));
	warmup_free(&warmup);
}

static void what_does_not_settle_has_no_steady_time(void **state)
{
	struct warmup warmup;

	(void)state;
	process_add();
	repeat(20, 60);
	repeat(20, 100);
	repeat(20, 80);
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.series.trend, TREND_UNSTEADY);
	assert_true(isnan(warmup.steady_ns));
	warmup_free(&warmup);
}

static void a_cell_without_repetitions_says_nothing(void **state)
{
	struct json *json = json_new_object();
	struct warmup warmup;

	(void)state;
	made_sample();
	warmup = find(FIGURE_WALL_NS);
	assert_int_equal(warmup.samples, 0);
	warmup_free(&warmup);
	warmup_to_json(&made.cell, FIGURE_WALL_NS, json);
	assert_null(json_get(json, "warmup"));
	json_free(json);
}

static void json_holds_label_levels_first_and_steady(void **state)
{
	struct json *json = json_new_object();
	const struct json *level;

	(void)state;
	process_add();
	repeat(8, 100);
	repeat(16, 60);
	warmup_to_json(&made.cell, FIGURE_WALL_NS, json);
	assert_string_equal(json_text(json, "warmup.label", ""), "warming");
	level = json_item(json_get(json, "warmup.levels"), 1);
	assert_int_equal(json_count(level, "from", 0), 8);
	assert_int_equal(json_count(json, "warmup.alike", 0), 1);
	assert_true(about(json_number(json, "warmup.first_ns", 0), 100));
	assert_true(about(json_number(json, "warmup.steady_ns", 0), 60));
	assert_true(json_number(json, "warmup.first_faults", 0) == 1000);
	json_free(json);
}

static void print_warmup(struct printout *printout,
			 const struct table_group *group)
{
	assert_int_equal(printout_print_warmup(printout, group), 0);
}

static void assert_prints(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is missing in:\n%s", part, text);
}

static void the_block_shows_label_first_steady_and_change(void **state)
{
	char *text;

	(void)state;
	process_add();
	repeat(8, 100);
	repeat(16, 60);
	process_add();
	repeat(24, 60);
	process_add();
	repeat(8, 100);
	repeat(16, 60);
	text = made_print(print_warmup);
	assert_prints(text, "copy       warming, 2 of 3  100 ms  60.0 ms  "
			    "1.667  100 ms, from 9: 60.0 ms\n");
	free(text);
}

static void the_block_says_where_a_cell_has_nothing(void **state)
{
	char *text;

	(void)state;
	text = made_print(print_warmup);
	assert_prints(text, "copy       -");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			a_first_level_that_is_left_for_good_is_warming,
			made_afresh),
		cmocka_unit_test_setup(
			a_cold_first_repetition_alone_is_seen_beside_the_steady,
			made_afresh),
		cmocka_unit_test_setup(
			one_process_does_not_speak_for_the_others, made_afresh),
		cmocka_unit_test_setup(
			repetitions_that_some_process_lacks_are_left_out,
			made_afresh),
		cmocka_unit_test_setup(
			too_few_to_be_judged_still_have_a_first_and_a_rest,
			made_afresh),
		cmocka_unit_test_setup(what_does_not_settle_has_no_steady_time,
				       made_afresh),
		cmocka_unit_test_setup(a_cell_without_repetitions_says_nothing,
				       made_afresh),
		cmocka_unit_test_setup(json_holds_label_levels_first_and_steady,
				       made_afresh),
		cmocka_unit_test_setup(
			the_block_shows_label_first_steady_and_change,
			made_afresh),
		cmocka_unit_test_setup(the_block_says_where_a_cell_has_nothing,
				       made_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
