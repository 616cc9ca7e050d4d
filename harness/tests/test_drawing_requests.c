/* test_drawing_requests - requests as drawn, and who could not keep up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/histogram.h"
#include "tests/drawn.h"

#define CELL(role, allocator)                                                  \
	"{\"group\":0,\"role\":\"" role "\",\"allocator\":\"" allocator "\"}"
#define CELLS                                                                  \
	CELL("reference", "copy") "," CELL("twin", "copy") "," CELL("row", "mv")
#define ROUNDS 3

static struct drawn drawn;

#define MORE_SIZE 2048

__attribute__((format(printf, 2, 3))) static void add(char more[MORE_SIZE],
						      const char *format, ...)
{
	size_t used = strlen(more);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(more + used, MORE_SIZE - used, format, arguments);
	va_end(arguments);
}

/* As many of an operation, of which each took as many ns. */
static void add_operation(char more[MORE_SIZE], const char *name,
			  unsigned int count, unsigned int ns)
{
	add(more,
	    "\"%s\":{\"count\":%u,\"failed\":0,\"sum_ns\":%u,"
	    "\"min_ns\":%u,\"max_ns\":%u,\"overflow\":0,"
	    "\"histogram\":[[%u,%u]]}",
	    name, count, count * ns, ns, ns, histogram_bucket((uint64_t)ns),
	    count);
}

/* A sample of so many requests, each of 100 ns of service, 200 of response. */
static void sample(unsigned int round, unsigned int cell, unsigned int count,
		   const char *saturated)
{
	char more[MORE_SIZE] = "";

	add(more, ",\"time\":{\"wall_ns\":5},\"operations\":{");
	add_operation(more, "grow", 1000, 50);
	if (count > 0) {
		add(more, ",");
		add_operation(more, "service", count, 100);
	}
	if (saturated) {
		add(more, ",");
		add_operation(more, "response", count, 200);
	}
	add(more, "}");
	if (saturated)
		add(more,
		    ",\"open_loop\":{\"law\":\"fixed\",\"requests\":1000,"
		    "\"offered_ns\":1,\"served_ns\":1,\"busy_ns\":1,"
		    "\"waited_ns\":0,\"late\":0,\"late_ns_max\":0,"
		    "\"backlog_max\":0,\"saturated\":%s}",
		    saturated);
	drawn_sample(&drawn, "timing", round, cell, more);
}

/* by_row: of a cell's samples, whether each of a round is saturated. */
static int make(const char *cells, unsigned int cells_count, unsigned int count,
		const char *const (*by_row)[ROUNDS])
{
	drawn_run(&drawn, "{\"workload\":\"churn\",\"thp\":\"never\"}", cells,
		  "");
	for (unsigned int round = 0; round < ROUNDS; round++)
		for (unsigned int cell = 0; cell < cells_count; cell++)
			sample(round, cell, count,
			       by_row ? by_row[cell][round] : NULL);
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static int clean(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

static const char *const kept_up[3][ROUNDS] = {
	{"false", "false", "false"},
	{"false", "false", "false"},
	{"false", "false", "false"},
};

static void service_and_response_are_panels_side_by_side(void **state)
{
	const struct drawing *drawing;

	(void)state;
	assert_int_equal(make(CELLS, 3, 1000, kept_up), 0);
	drawing = drawn_find(&drawn, "requests-churn-1");
	assert_string_equal(drawing->why_not, "");
	for (unsigned int i = 0; i < 2; i++) {
		const char *name = i == 0 ? "service" : "response";

		assert_float_equal(
			drawn_real(drawing, "2", "panel_name", name, "panel"),
			i + 1, 0);
		assert_float_equal(drawn_real(drawing, "2", "panel_name", name,
					      "latency_ns"),
				   i == 0 ? 100 : 200, 1);
	}
	assert_non_null(strstr(drawing->data, "noise"));
	assert_null(strstr(drawing->data, "\tgrow\t"));
	assert_non_null(strstr(drawing->note, "fewer than 10 requests"));
	assert_null(strstr(drawing->note, "aturated"));
}

static void calls_are_drawn_without_the_requests_they_are_part_of(void **state)
{
	const struct drawing *drawing;

	(void)state;
	assert_int_equal(make(CELLS, 3, 1000, kept_up), 0);
	drawing = drawn_find(&drawn, "latency-churn-1");
	assert_non_null(strstr(drawing->data, "\tgrow\t"));
	assert_null(strstr(drawing->data, "\tservice\t"));
	assert_null(strstr(drawing->data, "\tresponse\t"));
}

static void a_closed_loop_has_service_times_alone(void **state)
{
	const struct drawing *drawing;

	(void)state;
	assert_int_equal(make(CELLS, 3, 1000, NULL), 0);
	drawing = drawn_find(&drawn, "requests-churn-1");
	assert_non_null(strstr(drawing->data, "\tservice\t"));
	assert_null(strstr(drawing->data, "\tresponse\t"));
}

static void a_run_without_requests_has_no_such_figure(void **state)
{
	(void)state;
	assert_int_equal(make(CELLS, 3, 0, NULL), 0);
	assert_int_not_equal(drawn.drawings.count, 0);
	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		assert_string_not_equal(drawn.drawings.list[i].kind,
					"requests");
}

static void too_few_requests_are_said_to_be(void **state)
{
	(void)state;
	assert_int_equal(make(CELLS, 3, 100, kept_up), 0);
	assert_string_equal(
		drawn_find(&drawn, "requests-churn-1")->why_not,
		"at most 300 requests were timed; percentiles need 1000");
}

static void who_is_saturated_is_named_with_its_samples(void **state)
{
	static const char *const some[3][ROUNDS] = {
		{"false", "false", "false"},
		{"false", "false", "false"},
		{"true", "false", "true"},
	};

	(void)state;
	assert_int_equal(make(CELLS, 3, 1000, some), 0);
	assert_non_null(strstr(drawn_find(&drawn, "requests-churn-1")->note,
			       "length: mv (2 of 3 samples)."));
	assert_null(strstr(drawn_find(&drawn, "latency-churn-1")->note,
			   "aturated"));
}

static void of_many_that_are_saturated_four_are_named(void **state)
{
	static const char *const all[6][ROUNDS] = {
		{"true", "true", "true"}, {"true", "true", "true"},
		{"true", "true", "true"}, {"true", "true", "true"},
		{"true", "true", "true"}, {"true", "true", "true"},
	};

	(void)state;
	assert_int_equal(
		make(CELL("reference", "a") "," CELL("row", "b") "," CELL(
			     "row",
			     "c") "," CELL("row",
					   "d") "," CELL("row",
							 "e") "," CELL("row",
								       "f"),
		     6, 1000, all),
		0);
	assert_non_null(strstr(drawn_find(&drawn, "requests-churn-1")->note,
			       "length: a (3 of 3 samples), b (3 of 3 samples)"
			       ", c (3 of 3 samples), d (3 of 3 samples) and 2 "
			       "more."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			service_and_response_are_panels_side_by_side, clean),
		cmocka_unit_test_teardown(
			calls_are_drawn_without_the_requests_they_are_part_of,
			clean),
		cmocka_unit_test_teardown(a_closed_loop_has_service_times_alone,
					  clean),
		cmocka_unit_test_teardown(
			a_run_without_requests_has_no_such_figure, clean),
		cmocka_unit_test_teardown(too_few_requests_are_said_to_be,
					  clean),
		cmocka_unit_test_teardown(
			who_is_saturated_is_named_with_its_samples, clean),
		cmocka_unit_test_teardown(
			of_many_that_are_saturated_four_are_named, clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
