/* test_drawing_inflation - mappings for each live MiB, of two groups as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/drawn.h"

#define GROUP(workload) "{\"workload\":\"" workload "\",\"thp\":\"never\"}"
#define CELL(group, role, allocator)                                           \
	"{\"group\":" #group ",\"role\":\"" role                               \
	"\",\"allocator\":\"" allocator "\"}"
#define CELLS(group)                                                           \
	CELL(group, "reference", "copy")                                       \
	"," CELL(group, "twin", "copy") "," CELL(group, "row", "mv")
/* Over the state before the run, as all that is final. */
#define MAP(mappings, live)                                                    \
	",\"map\":{\"final\":{\"mappings\":" #mappings                         \
	",\"live_bytes\":" #live "}}"

static struct drawn drawn;

static int close_drawn(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

/* Cells 0 to 2 are of the first group, and so on. */
static void make(const char *first, const char *second)
{
	char groups[512];

	snprintf(groups, sizeof(groups), GROUP("%s") "," GROUP("%s"), first,
		 second);
	drawn_run(&drawn, groups, CELLS(0) "," CELLS(1), "");
}

static unsigned int inflations(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		count += strcmp(drawn.drawings.list[i].kind, "inflation") == 0;
	return count;
}

static void written_and_unwritten_stand_side_by_side(void **state)
{
	const struct drawing *drawing;

	(void)state;
	make("churn:steps=9:touch=ends", "churn:steps=9:touch=none");
	drawn_sample(&drawn, "checking", 0, 0, MAP(8, 2097152));
	drawn_sample(&drawn, "checking", 0, 2, MAP(30, 2097152));
	drawn_sample(&drawn, "checking", 0, 3, MAP(8, 2097152));
	drawn_sample(&drawn, "checking", 0, 5, MAP(10, 2097152));
	drawn_end(&drawn);
	assert_int_equal(drawn_make(&drawn), 0);
	assert_int_equal(inflations(), 1);
	drawing = drawn_find(&drawn, "inflation-churn-1");
	assert_float_equal(
		drawn_real(drawing, "1", "allocator", "copy", "touched"), 4, 0);
	assert_float_equal(
		drawn_real(drawing, "1", "allocator", "copy", "untouched"), 4,
		0);
	assert_float_equal(
		drawn_real(drawing, "2", "allocator", "mv", "touched"), 15, 0);
	assert_float_equal(
		drawn_real(drawing, "2", "allocator", "mv", "untouched"), 5, 0);
	assert_non_null(strstr(drawing->workload, "churn:steps=9 "));
	assert_null(strstr(drawing->workload, "touch"));
}

static void groups_that_differ_besides_make_no_figure(void **state)
{
	(void)state;
	make("churn:steps=9:touch=ends", "churn:steps=8:touch=none");
	drawn_sample(&drawn, "checking", 0, 0, MAP(8, 2097152));
	drawn_sample(&drawn, "checking", 0, 3, MAP(8, 2097152));
	drawn_end(&drawn);
	assert_int_equal(drawn_make(&drawn), 0);
	assert_int_equal(inflations(), 0);
}

static void too_little_alive_has_no_number(void **state)
{
	const struct drawing *drawing;

	(void)state;
	make("churn:touch=all", "churn:touch=none");
	drawn_sample(&drawn, "checking", 0, 0, MAP(8, 2097152));
	drawn_sample(&drawn, "checking", 0, 2, MAP(30, 1000));
	drawn_sample(&drawn, "checking", 0, 5, MAP(10, 2097152));
	drawn_end(&drawn);
	assert_int_equal(drawn_make(&drawn), 0);
	drawing = drawn_find(&drawn, "inflation-churn-1");
	assert_string_equal(
		drawn_text(drawing, "2", "allocator", "mv", "touched"), "");
	assert_string_equal(
		drawn_text(drawing, "1", "allocator", "copy", "untouched"), "");
}

#define TEST(name) cmocka_unit_test_teardown(name, close_drawn)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(written_and_unwritten_stand_side_by_side),
		TEST(groups_that_differ_besides_make_no_figure),
		TEST(too_little_alive_has_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
