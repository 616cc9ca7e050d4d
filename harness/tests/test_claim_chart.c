/* test_claim_chart - a claim's points become the lines of its figure. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/claim_chart.h"

#define HEAD                                                                   \
	"series\trole\tlabel\tallocator\trow\trow_name\tvalue\tlow\thigh\t"    \
	"mark\tmark_says\taxis\n"

static struct claim_chart chart;
static struct drawing drawing;

static int end(void **state)
{
	(void)state;
	free(drawing.data);
	claim_chart_free(&chart);
	return 0;
}

static void points_have_their_row_series_and_interval(void **state)
{
	const struct interval some = {0.4, 0.6, 0.95}, none = {0.1, 9, 0};

	(void)state;
	claim_chart_begin(&chart, "A title", "the axis", 0.1, "to the left");
	claim_chart_add(&chart, "x2 to 1M", "copy", 0.5, &some);
	claim_chart_add(&chart, "x2 to 1M", "move", 2, &none);
	claim_chart_add(&chart, "x2 to 4M", "move", 3, NULL);
	assert_int_equal(claim_chart_draw(&chart, &drawing), 0);
	assert_string_equal(drawing.kind, "claim");
	assert_string_equal(drawing.title, "A title");
	assert_string_equal(
		drawing.data,
		HEAD "1\trow\tcopy\tcopy\t1\tx2 to 1M\t0.5\t0.4\t0.6\t0.1\tto "
		     "the left\tthe axis\n"
		     "2\trow\tmove\tmove\t1\tx2 to 1M\t2\t\t\t0.1\tto the "
		     "left\tthe axis\n"
		     "2\trow\tmove\tmove\t2\tx2 to 4M\t3\t\t\t0.1\tto the "
		     "left\tthe axis\n");
}

static void what_cannot_be_drawn_leaves_no_row(void **state)
{
	(void)state;
	claim_chart_begin(&chart, "A title", "the axis", NAN, NULL);
	claim_chart_add(&chart, "first", "copy", NAN, NULL);
	claim_chart_add(&chart, "second", "copy", 0, NULL);
	claim_chart_add(&chart, "third", "copy", 1, NULL);
	assert_int_equal(claim_chart_draw(&chart, &drawing), 0);
	assert_string_equal(drawing.data,
			    HEAD "1\trow\tcopy\tcopy\t1\tthird\t1\t\t\t\t\tthe "
				 "axis\n");
}

static void without_a_point_there_is_no_figure(void **state)
{
	(void)state;
	claim_chart_begin(&chart, "A title", "the axis", NAN, NULL);
	assert_int_equal(claim_chart_draw(&chart, &drawing), 0);
	assert_null(drawing.kind);
	assert_null(drawing.data);
	claim_chart_free(&chart);
	/* Nor where none was begun. */
	assert_int_equal(claim_chart_draw(&chart, &drawing), 0);
	assert_null(drawing.kind);
}

static void names_out_of_files_cannot_end_a_field_or_a_line(void **state)
{
	char name[16];

	(void)state;
	claim_chart_begin(&chart, "A title", "the axis", NAN, NULL);
	claim_chart_add(&chart, "a\tb\nc", "\"x\\n\"", 1, NULL);
	assert_int_equal(claim_chart_draw(&chart, &drawing), 0);
	assert_string_equal(drawing.data,
			    HEAD "1\trow\t'x/n'\t'x/n'\t1\ta b c\t1\t\t\t\t\t"
				 "the axis\n");
	free(drawing.data);
	claim_chart_free(&chart);
	claim_chart_begin(&chart, "A title", "the axis", NAN, NULL);
	for (int i = 0; i <= CLAIM_CHART_SERIES_MAX; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		claim_chart_add(&chart, "row", name, 1, NULL);
	}
	assert_int_equal(claim_chart_draw(&chart, &drawing), 0);
	assert_non_null(strstr(drawing.data, "\ts9\t"));
	assert_null(strstr(drawing.data, "\ts10\t"));
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(points_have_their_row_series_and_interval),
		TEST(what_cannot_be_drawn_leaves_no_row),
		TEST(without_a_point_there_is_no_figure),
		TEST(names_out_of_files_cannot_end_a_field_or_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
