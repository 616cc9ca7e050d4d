/* test_table_cold - the first growth of a process, by hand-made samples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/table_cold.h"
#include "tests/made_samples.h"

/* One that grew once to 2^13 or more, and to 2^12 without a time. */
static struct results_sample *sample_add(int64_t grow_ns, int64_t bytes)
{
	struct results_sample *sample = made_sample();
	struct results_size *sizes = made.sizes[sample->round];

	sample->values[FIGURE_COLD_ALLOC_NS] = 7;
	sample->values[FIGURE_COLD_GROW_NS] = grow_ns;
	sample->values[FIGURE_COLD_BYTES] = bytes;
	sizes[0] = (struct results_size){.log2 = 12, .growths = 9};
	sizes[1] = (struct results_size){
		.log2 = 13, .growths = 1, .grow_ns = grow_ns};
	sample->sizes = sizes;
	sample->sizes_count = 2;
	return sample;
}

/* More growths of the last sample to 2^13. */
static void later_add(int64_t growths, int64_t grow_ns)
{
	struct results_size *size = &made.sizes[made.cell.samples_count - 1][1];

	size->growths += growths;
	size->grow_ns += grow_ns;
}

static void print_cold(struct printout *printout,
		       const struct table_group *group)
{
	assert_int_equal(printout_print_cold(printout, group), 0);
}

static void the_first_growth_is_the_median_over_the_timing_samples(void **state)
{
	struct cold cold;

	(void)state;
	sample_add(500, 8192);
	sample_add(300, 8192);
	sample_add(900, 8192);
	sample_add(1, 8192)->pass = PASS_CHECKING;
	sample_add(2, 8192)->valid = false;
	cold = cold_of(&made.cell);
	assert_int_equal(cold.samples, 3);
	assert_true(cold.grow_ns == 500);
	assert_true(cold.bytes == 8192);
	assert_true(cold.alloc_ns == 7);
	assert_true(isnan(cold.later_ns));
}

static void later_growths_are_those_of_the_class_but_the_first(void **state)
{
	struct cold cold;

	(void)state;
	sample_add(500, 8192);
	later_add(4, 400);
	sample_add(300, 12288); /* of 2^13 to 2^14 - 1, too */
	later_add(1, 120);
	sample_add(900, 8192); /* has no later one */
	sample_add(900, 8192)->valid = false;
	later_add(1, 1);
	cold = cold_of(&made.cell);
	assert_true(cold.later_ns == 110);
}

static void sizes_that_do_not_add_up_say_nothing_of_later(void **state)
{
	(void)state;
	sample_add(500, 8192);
	later_add(3, -200); /* less in all than the first one took */
	sample_add(500, 1 << 20); /* a class that no growth is in */
	sample_add(500, 0);
	sample_add(500, FIGURE_ABSENT);
	assert_true(isnan(cold_of(&made.cell).later_ns));
}

static void the_block_shows_the_first_beside_the_later(void **state)
{
	char *text;

	(void)state;
	sample_add(50000, 8192);
	later_add(4, 40000);
	text = made_print(print_cold);
	assert_non_null(strstr(text, "a process of"));
	assert_non_null(strstr(text, "later growths"));
	assert_non_null(strstr(text, "50.0 us"));
	assert_non_null(strstr(text, "8.00 KiB"));
	assert_non_null(strstr(text, "10.0 us"));
	assert_non_null(strstr(text, "5.000"));
	free(text);
}

static void columns_without_a_later_growth_are_left_out(void **state)
{
	char *text;

	(void)state;
	sample_add(50000, 8192);
	text = made_print(print_cold);
	assert_non_null(strstr(text, "50.0 us"));
	assert_null(strstr(text, "later"));
	free(text);
}

static void
a_file_that_does_not_know_the_first_growth_has_no_block(void **state)
{
	struct json *json = json_new_object();
	struct results_sample *sample = sample_add(1, 1);
	char *text;

	(void)state;
	sample->values[FIGURE_COLD_ALLOC_NS] = FIGURE_ABSENT;
	sample->values[FIGURE_COLD_GROW_NS] = FIGURE_ABSENT;
	sample->values[FIGURE_COLD_BYTES] = FIGURE_ABSENT;
	text = made_print(print_cold);
	assert_string_equal(text, "");
	cold_to_json(&made.cell, json);
	assert_null(json_get(json, "cold"));
	json_free(json);
	free(text);
}

static void json_holds_what_is_known(void **state)
{
	struct json *json = json_new_object();

	(void)state;
	sample_add(500, 8192)->values[FIGURE_COLD_ALLOC_NS] = FIGURE_ABSENT;
	cold_to_json(&made.cell, json);
	assert_true(json_number(json, "cold.grow_ns", 0) == 500);
	assert_true(json_number(json, "cold.bytes", 0) == 8192);
	assert_null(json_get(json, "cold.alloc_ns"));
	assert_null(json_get(json, "cold.later_ns"));
	json_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_first_growth_is_the_median_over_the_timing_samples,
			made_afresh),
		cmocka_unit_test_setup(
			later_growths_are_those_of_the_class_but_the_first,
			made_afresh),
		cmocka_unit_test_setup(
			sizes_that_do_not_add_up_say_nothing_of_later,
			made_afresh),
		cmocka_unit_test_setup(
			the_block_shows_the_first_beside_the_later,
			made_afresh),
		cmocka_unit_test_setup(
			columns_without_a_later_growth_are_left_out,
			made_afresh),
		cmocka_unit_test_setup(
			a_file_that_does_not_know_the_first_growth_has_no_block,
			made_afresh),
		cmocka_unit_test_setup(json_holds_what_is_known, made_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
