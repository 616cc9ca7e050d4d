/* test_drawing_refill - the figure of holes takes the groups of all sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/drawn.h"

#define GROUP(workload) "{\"workload\":\"" workload "\",\"thp\":\"never\"}"
#define LEGACY(workload)                                                       \
	"{\"workload\":\"" workload                                            \
	"\",\"thp\":\"never\",\"layout\":\"legacy\"}"
#define CELL(group, role, allocator)                                           \
	"{\"group\":" #group ",\"role\":\"" role                               \
	"\",\"allocator\":\"" allocator "\"}"
#define CELLS(group)                                                           \
	CELL(group, "reference", "copy")                                       \
	"," CELL(group, "twin", "copy") "," CELL(group, "row", "mv")
#define FIGURES(exact, higher, elsewhere)                                      \
	",\"figures\":{\"exact\":" #exact ",\"higher_gap\":" #higher           \
	",\"elsewhere\":" #elsewhere ",\"failed\":2}"

static struct drawn drawn;

static int close_drawn(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

/* Sizes out of order; one of another layout, one of another touch. */
static int make_sizes(void **state)
{
	(void)state;
	drawn_run(
		&drawn,
		GROUP("holes:size=4M") "," GROUP("holes:size=2052K") "," GROUP(
			"holes:size=2M") "," LEGACY("holes:size=2M") "," GROUP("holes:size=2M:touch=all"),
		CELLS(0) "," CELLS(1) "," CELLS(2) "," CELLS(3) "," CELLS(4),
		"");
	drawn_sample(&drawn, "checking", 0, 0, FIGURES(0, 0, 3));
	drawn_sample(&drawn, "timing", 0, 0, FIGURES(1, 2, 0));
	drawn_sample(&drawn, "checking", 0, 1, FIGURES(9, 9, 9));
	drawn_sample(&drawn, "checking", 0, 2, FIGURES(4, 0, 0));
	drawn_sample(&drawn, "checking", 0, 3, FIGURES(5, 0, 0));
	drawn_sample(&drawn, "checking", 0, 6, FIGURES(0, 6, 0));
	drawn_sample(&drawn, "checking", 0, 9, FIGURES(0, 0, 7));
	drawn_sample(&drawn, "checking", 0, 12, FIGURES(0, 0, 8));
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static unsigned int refills_count(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		count += strcmp(drawn.drawings.list[i].kind, "refills") == 0;
	return count;
}

static void sizes_are_in_their_order_and_named(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "refills-holes-1");

	(void)state;
	assert_string_equal(drawn_text(drawing, "1", "place", "1", "size"),
			    "2M");
	assert_string_equal(drawn_text(drawing, "1", "place", "2", "size"),
			    "2M+4K");
	assert_string_equal(drawn_text(drawing, "1", "place", "3", "size"),
			    "4M");
	assert_string_equal(drawn_text(drawing, "1", "place", "4", "size"),
			    "(no row)");
	assert_float_equal(drawn_real(drawing, "1", "size", "4M", "size_bytes"),
			   4194304, 0);
}

static void outcomes_of_all_samples_add_up(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "refills-holes-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "1", "size", "4M", "exact"), 1,
			   0);
	assert_float_equal(drawn_real(drawing, "1", "size", "4M", "higher_gap"),
			   2, 0);
	assert_float_equal(drawn_real(drawing, "1", "size", "4M", "elsewhere"),
			   3, 0);
	assert_float_equal(drawn_real(drawing, "1", "size", "4M", "failed"), 4,
			   0);
	/* A figure that the workload does not have. */
	assert_float_equal(drawn_real(drawing, "1", "size", "4M", "no_hole"), 0,
			   0);
	assert_float_equal(drawn_real(drawing, "1", "size", "2M", "higher_gap"),
			   6, 0);
}

static void rows_are_reference_and_rows_alone(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "refills-holes-1");

	(void)state;
	assert_null(strstr(drawing->data, "\ttwin\t"));
	assert_string_equal(drawn_text(drawing, "2", "size", "4M", "allocator"),
			    "mv");
	assert_float_equal(drawn_real(drawing, "2", "size", "4M", "exact"), 4,
			   0);
}

static void what_differs_in_more_than_its_size_is_not_in_it(void **state)
{
	(void)state;
	/* One size each. */
	assert_int_equal(refills_count(), 1);
	assert_non_null(strstr(drawn_find(&drawn, "refills-holes-1")->workload,
			       "THP never"));
}

static void a_run_without_such_figures_has_no_such_picture(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP("w:size=4M") "," GROUP("w:size=2M"),
		  CELLS(0) "," CELLS(1), "");
	for (unsigned int cell = 0; cell < 6; cell++)
		drawn_sample(&drawn, "checking", 0, cell,
			     ",\"figures\":{\"exact\":1}");
	drawn_end(&drawn);
	assert_int_equal(drawn_make(&drawn), 0);
	assert_int_equal(refills_count(), 0);
	drawn_close(&drawn);
}

int main(void)
{
	const struct CMUnitTest sizes[] = {
		cmocka_unit_test(sizes_are_in_their_order_and_named),
		cmocka_unit_test(outcomes_of_all_samples_add_up),
		cmocka_unit_test(rows_are_reference_and_rows_alone),
		cmocka_unit_test(
			what_differs_in_more_than_its_size_is_not_in_it),
	};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(
			a_run_without_such_figures_has_no_such_picture),
	};

	return cmocka_run_group_tests(sizes, make_sizes, close_drawn) +
	       cmocka_run_group_tests(others, NULL, NULL);
}
