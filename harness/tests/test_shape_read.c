/*
 * test_shape_read - groups that differ in one number make an axis, and the
 * shapes along it are read, printed and put into JSON.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/shape_print.h"
#include "driver/table.h"
#include "tests/drawn.h"

#define ROUNDS 8
#define POINTS 5
#define CELLS 4 /* of a group */

static struct drawn drawn;
static char *printed;
static struct shapes shapes;
static const double numbers[POINTS] = {0, 64, 640, 6400, 60000};

/* What a call costs in a round, in ns: three ways along the axis. */
static double cost(unsigned int kind, double n, unsigned int round)
{
	double noise = 1 + 0.002 * (double)((round * 7 + (unsigned int)n) % 9);

	switch (kind) {
	case 0:
		return 20000 * noise;
	case 1:
		return (8000 + 2000 * log1p(n)) * noise;
	default:
		return (5000 + 30 * n) * noise;
	}
}

/* A timing sample of one call of alloc, with its own figures. */
static void add_sample(unsigned int round, unsigned int cell, double n,
		       const char *axis, double ns)
{
	char more[512];
	uint64_t whole = (uint64_t)ns;

	snprintf(more, sizeof(more),
		 ",\"operations\":{\"alloc\":{\"count\":1,\"sum_ns\":%llu,"
		 "\"min_ns\":%llu,\"max_ns\":%llu,\"overflow\":0,"
		 "\"histogram\":[[%u,1]]}},\"figures\":{\"planted_%s\":%.0f}",
		 (unsigned long long)whole, (unsigned long long)whole,
		 (unsigned long long)whole, histogram_bucket(whole), axis, n);
	drawn_sample(&drawn, "timing", round, cell, more);
}

/*
 * Groups in any order: the numbers along an axis, the first without the option,
 * then one of another size and one of another layout. In each the cells are
 * reference, twin, and two rows.
 */
static void run_line(const char *axis, unsigned int rounds)
{
	static const unsigned int order[POINTS] = {0, 3, 1, 4, 2};
	static const char cells[] =
		"{\"group\":%u,\"role\":\"reference\",\"allocator\":\"copy\"},"
		"{\"group\":%u,\"role\":\"twin\",\"allocator\":\"copy\"},"
		"{\"group\":%u,\"role\":\"row\",\"allocator\":\"grows\"},"
		"{\"group\":%u,\"role\":\"row\",\"allocator\":\"walks\"}";
	char groups[2048] = "", all[8192] = "", option[64];

	for (unsigned int i = 0; i < POINTS + 2; i++) {
		size_t used = strlen(groups);
		double n = i < POINTS ? numbers[order[i]] : 32;

		option[0] = '\0';
		if (n > 0)
			snprintf(option, sizeof(option), ":%s=%.0f", axis, n);
		snprintf(groups + used, sizeof(groups) - used,
			 "%s{\"workload\":\"w%s:size=%s\",\"thp\":\"never\"%s}",
			 i ? "," : "", option, i == POINTS ? "2M" : "1M",
			 i > POINTS ? ",\"layout\":\"legacy\"" : "");
		used = strlen(all);
		if (i)
			all[used++] = ',';
		snprintf(all + used, sizeof(all) - used, cells, i, i, i, i);
	}
	drawn_run(&drawn, groups, all, "");
	for (unsigned int round = 0; round < rounds; round++)
		for (unsigned int i = 0; i < POINTS; i++)
			for (unsigned int cell = 0; cell < CELLS; cell++) {
				double n = numbers[order[i]];

				add_sample(round, CELLS * i + cell, n, axis,
					   cost(cell < 2 ? 0 : cell - 1, n,
						round));
			}
	add_sample(0, CELLS * POINTS, 32, axis, 1);
	add_sample(0, CELLS * (POINTS + 1), 32, axis, 1);
	drawn_end(&drawn);
}

static int setup(void **state)
{
	(void)state;
	run_line("mappings", ROUNDS);
	if (drawn_read(&drawn, "run.jsonl"))
		return -1;
	return shapes_read(drawn.results.files[0], &shapes);
}

static int teardown(void **state)
{
	(void)state;
	shapes_free(&shapes);
	drawn_close(&drawn);
	free(printed);
	printed = NULL;
	return 0;
}

static void an_axis_goes_through_the_groups_that_are_alike(void **state)
{
	const struct shape_line *line = &shapes.lines[0];

	(void)state;
	assert_int_equal(shapes.lines_count, 1);
	assert_string_equal(line->axis, "mappings");
	assert_string_equal(line->workload, "w:size=1M");
	assert_int_equal(line->points, POINTS);
	for (unsigned int i = 0; i < POINTS; i++)
		assert_true(line->n[i] == numbers[i]);
}

static void each_row_has_its_shape_and_the_twin_none(void **state)
{
	static const char *const allocators[] = {"copy", "grows", "walks"};
	static const enum shape expected[] = {SHAPE_CONSTANT, SHAPE_LOGARITHMIC,
					      SHAPE_LINEAR};

	(void)state;
	assert_int_equal(shapes.courses_count, 3);
	for (unsigned int i = 0; i < 3; i++) {
		const struct shape_course *course = &shapes.courses[i];

		assert_int_equal(course->operation, OPERATION_ALLOC);
		assert_string_equal(course->cell->allocator, allocators[i]);
		assert_int_equal(course->rounds, ROUNDS);
		assert_int_equal(course->fit.shape, expected[i]);
		assert_true(course->intervals[0].level >= 0.95);
		assert_true(course->intervals[0].low <= course->fit.medians[0]);
		assert_true(course->intervals[0].high >=
			    course->fit.medians[0]);
	}
}

static void costs_are_those_of_the_samples(void **state)
{
	const struct shape_fit *fit = &shapes.courses[2].fit;

	(void)state;
	/* A bucket is 1/128 wide. */
	assert_true(fabs(fit->medians[0] / 5040 - 1) < 0.02);
	assert_true(fabs(fit->medians[4] / 1.8e6 - 1) < 0.02);
	assert_true(fabs(fit->slope.median / 30000 - 1) < 0.03);
}

static char *print(int (*call)(const struct results_file *file,
			       const struct style *style, FILE *stream))
{
	static const struct style style;
	size_t size;
	FILE *stream;

	free(printed);
	stream = open_memstream(&printed, &size);
	assert_non_null(stream);
	assert_int_equal(call(drawn.results.files[0], &style, stream), 0);
	fclose(stream);
	return printed;
}

static void the_table_says_it(void **state)
{
	static const char heading[] =
		"against mappings, 0 to 60000 (5 numbers): w:size=1M, THP "
		"never";

	(void)state;
	print(table_print);
	assert_non_null(strstr(printed, heading));
	assert_non_null(strstr(printed, "logarithmic"));
	assert_non_null(strstr(printed, "linear"));
	assert_non_null(strstr(printed, "constant"));
	assert_non_null(strstr(printed, "regrow v9"));
	print(shape_print);
	assert_non_null(strstr(printed, heading));
	assert_null(strstr(printed, "regrow v9"));
	for (const char *line = printed; *line; line = strchr(line, '\n') + 1)
		assert_true(strcspn(line, "\n") <= STYLE_COLUMNS);
}

static void the_json_says_it(void **state)
{
	struct json *json = table_json(drawn.results.files[0]);
	const struct json *axis, *course;

	(void)state;
	assert_non_null(json);
	axis = json_item(json_get(json, "axes"), 0);
	assert_string_equal(json_text(axis, "axis", ""), "mappings");
	assert_string_equal(json_text(axis, "workload", ""), "w:size=1M");
	course = json_item(json_get(axis, "courses"), 2);
	assert_string_equal(json_text(course, "allocator", ""), "walks");
	assert_string_equal(json_text(course, "shape", ""), "linear");
	assert_null(json_get(course, "doubt"));
	assert_int_equal(json_size(json_get(course, "costs")), POINTS);
	assert_non_null(json_get(course, "slope_ns.median"));
	assert_non_null(json_get(course, "ratio.low"));
	json_free(json);
}

static void the_figure_has_a_row_for_each_number(void **state)
{
	const struct drawing *drawing;

	(void)state;
	assert_int_equal(drawings_make(&drawn.results, &drawn.drawings), 0);
	drawing = drawn_find(&drawn, "shapes-w-1");
	assert_string_equal(drawing->title, "What a call costs, by mappings");
	assert_non_null(strstr(drawing->workload, "w:size=1M"));
	assert_string_equal(drawn_text(drawing, "3", "n", "60000", "allocator"),
			    "walks");
	assert_string_equal(drawn_text(drawing, "3", "n", "60000", "shape"),
			    "linear");
	assert_string_equal(drawn_text(drawing, "1", "n", "0", "panel_name"),
			    "alloc");
	assert_true(fabs(drawn_real(drawing, "3", "n", "0", "cost_ns") / 5040 -
			 1) < 0.02);
	assert_true(drawn_real(drawing, "3", "n", "640", "low_ns") <
		    drawn_real(drawing, "3", "n", "640", "high_ns"));
	assert_string_equal(drawn_text(drawing, "4", "n", "0", "label"),
			    "(no row)");
	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		assert_string_not_equal(drawn.drawings.list[i].stem,
					"shapes-w-2");
}

/* The same numbers under another name, which is no axis. */
static void an_option_without_its_figure_is_no_axis(void **state)
{
	char *at;

	teardown(state);
	run_line("mappings", ROUNDS);
	while ((at = strstr(drawn.text, "planted_")))
		at[0] = 'c'; /* clanted_ */
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	assert_int_equal(shapes_read(drawn.results.files[0], &shapes), 0);
	assert_int_equal(shapes.lines_count, 0);
	assert_int_equal(shapes.courses_count, 0);
	assert_string_equal(print(shape_print), "");
}

/* Too few rounds: nothing is told, and the table says why. */
static void what_is_not_told_has_its_reason(void **state)
{
	teardown(state);
	run_line("mappings", 4);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	assert_int_equal(shapes_read(drawn.results.files[0], &shapes), 0);
	assert_int_equal(shapes.courses[0].fit.doubt, SHAPE_FEW_ROUNDS);
	print(shape_print);
	assert_non_null(strstr(
		printed, "cannot tell: alloc of copy, alloc of grows, alloc of "
			 "walks: too few rounds"));
}

/* Rounds of which nothing is valid, and one far out, do not count. */
static void invalid_samples_and_absurd_rounds_stay_out(void **state)
{
	teardown(state);
	run_line("holes", ROUNDS);
	add_sample(4000000000u, 0, 0, "holes", 77);
	for (unsigned int round = ROUNDS; round < 4 * ROUNDS; round++)
		drawn_add(&drawn,
			  "{\"type\":\"sample\",\"sequence\":%u,\"round\":%u,"
			  "\"pass\":\"timing\",\"cell\":0,\"at_ns\":0,"
			  "\"outcome\":\"ok\",\"stage\":\"done\",\"valid\":"
			  "false,\"operations\":{\"alloc\":{\"count\":1,"
			  "\"sum_ns\":77,\"min_ns\":77,\"max_ns\":77,"
			  "\"overflow\":0,\"histogram\":[[77,1]]}}}\n",
			  drawn.samples++, round);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	assert_int_equal(shapes_read(drawn.results.files[0], &shapes), 0);
	assert_int_equal(shapes.lines_count, 1);
	assert_string_equal(shapes.lines[0].axis, "holes");
	assert_int_equal(shapes.courses[2].fit.shape, SHAPE_LINEAR);
	assert_true(shapes.courses[0].fit.medians[0] > 19000);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_axis_goes_through_the_groups_that_are_alike),
		TEST(each_row_has_its_shape_and_the_twin_none),
		TEST(costs_are_those_of_the_samples),
		TEST(the_table_says_it),
		TEST(the_json_says_it),
		TEST(the_figure_has_a_row_for_each_number),
		TEST(an_option_without_its_figure_is_no_axis),
		TEST(what_is_not_told_has_its_reason),
		TEST(invalid_samples_and_absurd_rounds_stay_out),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
