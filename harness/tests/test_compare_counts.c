/* test_compare_counts - counts are exact, or said to vary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/compare.h"
#include "driver/compare_parts.h"
#include "driver/results.h"
#include "tests/compared.h"
#include "tests/example_file.h"

static char text[COMPARE_TEXT_MAX];

static struct compare_count count_of(unsigned int units, const int64_t *values)
{
	struct compare_count count = {0};

	for (unsigned int i = 0; i < units; i++)
		assert_int_equal(compare_count_add(&count, values[i], values[i],
						   (double)values[i]),
				 0);
	compare_count_finish(&count);
	return count;
}

#define COUNT(...)                                                             \
	count_of(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t),           \
		 (int64_t[]){__VA_ARGS__})

static const char *shown(struct compare_count count, enum figure_unit unit)
{
	compare_text_count(&count, unit, false, text);
	return text;
}

static enum compare_change change(struct compare_count base,
				  struct compare_count new)
{
	return compare_count_change(&base, &new);
}

static void a_count_that_never_varied_is_exact(void **state)
{
	(void)state;
	assert_string_equal(shown(COUNT(131072, 131072), UNIT_COUNT), "131072");
	assert_string_equal(shown(COUNT(17179869184), UNIT_BYTES),
			    "17179869184");
	assert_string_equal(shown((struct compare_count){0}, UNIT_COUNT), "-");
	assert_int_equal(change(COUNT(5, 5), COUNT(5)), COMPARE_EQUAL);
	assert_int_equal(change(COUNT(5, 5), COUNT(6)), COMPARE_CHANGED);
}

static void a_count_that_varies_has_a_median_and_a_range(void **state)
{
	(void)state;
	assert_string_equal(shown(COUNT(4, 4, 4, 9, 4), UNIT_COUNT),
			    "4 (4..9)");
	assert_string_equal(shown(COUNT(9, 7, 1, 2), UNIT_COUNT), "4 (1..9)");
	assert_string_equal(shown(COUNT(4194304, 4194304, 6291456), UNIT_BYTES),
			    "4.00 MiB (4.00..6.00)");
	assert_string_equal(shown(COUNT(4096, 4194304, 6291456), UNIT_BYTES),
			    "4.00 MiB (4.00 KiB..6.00)");
	assert_int_equal(change(COUNT(5, 6), COUNT(5, 6)), COMPARE_VARIES);
	assert_int_equal(change(COUNT(5, 5), COUNT(5, 6)), COMPARE_VARIES);
}

static void a_run_in_which_a_count_varied_is_not_exact(void **state)
{
	struct compare_count base = {0}, new = {0};

	(void)state;
	compare_count_add(&base, 4, 4, 4);
	compare_count_add(&new, 4, 5, 4);
	compare_count_finish(&base);
	compare_count_finish(&new);
	assert_int_equal(change(base, new), COMPARE_VARIES);
}

static void what_one_side_lacks_is_not_compared(void **state)
{
	(void)state;
	assert_int_equal(change(COUNT(5), (struct compare_count){0}),
			 COMPARE_NOT_MEASURED);
	assert_int_equal(change((struct compare_count){0}, COUNT(5)),
			 COMPARE_NOT_MEASURED);
}

/* The change of the first count from one value to another. */
static const char *changed(int64_t from, int64_t to)
{
	struct compare_cell base = {.counts = {{1, from, from, 0, NULL, 0}}};
	struct compare_cell new = {.counts = {{1, to, to, 0, NULL, 0}}};
	struct compare_row row = {.base = &base, .new = &new};

	row.changes[0] = compare_count_change(&base.counts[0], &new.counts[0]);
	compare_text_change(&row, 0, text);
	return text;
}

static void a_change_is_a_factor_or_a_difference(void **state)
{
	(void)state;
	assert_string_equal(changed(131072, 262144), "x2.000");
	assert_string_equal(changed(262144, 131072), "x0.500");
	assert_string_equal(changed(0, 12), "+12");
	assert_string_equal(changed(12, 0), "-12");
	assert_string_equal(changed(-1, 5), "+6");
	assert_string_equal(changed(7, 7), "same");
}

static char root[64];
static struct compare compare;

static const struct compare_row *compare_faults(unsigned int base_faults,
						unsigned int new_faults,
						unsigned int spread)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	struct compare_options options = {0};
	char one[128], other[128], why[512];
	const char *paths[] = {one, other};

	snprintf(one, sizeof(one), "%s/base.jsonl", root);
	snprintf(other, sizeof(other), "%s/new.jsonl", root);
	base.faults = base_faults;
	new.faults = new_faults;
	new.faults_spread = spread;
	compared_write(one, &base);
	compared_write(other, &new);
	compare_free(&compare);
	assert_int_equal(
		compare_make(paths, 2, &options, &compare, why, sizeof(why)),
		0);
	return &compare.comparisons[0].blocks[0].rows[0];
}

static int place_of(enum figure_index figure)
{
	int place = 0;

	while (compare_counted[place].figure != figure)
		place++;
	return place;
}

static void more_faults_fail_a_gate_of_counts_and_no_other(void **state)
{
	int faults = place_of(FIGURE_FAULTS_MINOR);

	(void)state;
	scratch_open(root);
	assert_true(compare_row_is_worse(compare_faults(100, 200, 0), faults));
	assert_int_equal(compare_gate(&compare, true), COMPARE_GATE_SLOWER);
	assert_int_equal(compare_gate(&compare, false), COMPARE_GATE_FINE);
	assert_false(compare_row_is_worse(compare_faults(200, 100, 0), faults));
	assert_int_equal(compare_gate(&compare, true), COMPARE_GATE_FINE);
	/* Nor one that varies. */
	assert_false(compare_row_is_worse(compare_faults(100, 200, 9), faults));
	assert_int_equal(compare_gate(&compare, true), COMPARE_GATE_FINE);
	compare_free(&compare);
	scratch_close(root);
}

static void lean_reading_has_all_that_is_compared(void **state)
{
	struct results whole = {0}, lean = {0};
	char path[128], why[512];

	(void)state;
	scratch_open(root);
	snprintf(path, sizeof(path), "%s/example.jsonl", root);
	assert_int_equal(example_file(path), 0);
	assert_int_equal(results_read(&whole, path, why, sizeof(why)), 0);
	assert_int_equal(results_read_lean(&lean, path, why, sizeof(why)), 0);
	for (unsigned int i = 0; i < 4; i++) {
		const struct results_cell *a = &whole.files[0]->cells[i];
		const struct results_cell *b = &lean.files[0]->cells[i];

		assert_true(a->samples_count > 0);
		assert_int_equal(a->samples_count, b->samples_count);
		for (size_t j = 0; j < a->samples_count; j++) {
			const struct results_sample *one = &a->samples[j];
			const struct results_sample *other = &b->samples[j];

			for (int k = 0; k < COMPARE_COUNTS; k++) {
				int figure = (int)compare_counted[k].figure;

				assert_int_not_equal(one->values[figure],
						     FIGURE_ABSENT);
				assert_int_equal(one->values[figure],
						 other->values[figure]);
			}
			assert_int_equal(one->values[FIGURE_WALL_NS],
					 other->values[FIGURE_WALL_NS]);
			assert_int_equal(one->values[FIGURE_CPU_NS],
					 other->values[FIGURE_CPU_NS]);
			assert_string_equal(one->digest, other->digest);
			assert_int_equal(one->valid, other->valid);
			assert_int_equal(one->pass, other->pass);
			assert_int_equal(one->round, other->round);
		}
	}
	results_free(&whole);
	results_free(&lean);
	scratch_close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_that_never_varied_is_exact),
		cmocka_unit_test(a_count_that_varies_has_a_median_and_a_range),
		cmocka_unit_test(a_run_in_which_a_count_varied_is_not_exact),
		cmocka_unit_test(what_one_side_lacks_is_not_compared),
		cmocka_unit_test(a_change_is_a_factor_or_a_difference),
		cmocka_unit_test(
			more_faults_fail_a_gate_of_counts_and_no_other),
		cmocka_unit_test(lean_reading_has_all_that_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
