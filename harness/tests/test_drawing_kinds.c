/* test_drawing_kinds - latencies, the map's timeline and counters as drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/histogram.h"
#include "tests/drawn.h"

#define GROUP "{\"workload\":\"churn\",\"thp\":\"madvise\"}"
#define CELL(role, allocator)                                                  \
	"{\"group\":0,\"role\":\"" role "\",\"allocator\":\"" allocator "\"}"
#define CELLS                                                                  \
	CELL("reference", "copy") "," CELL("twin", "copy") "," CELL("row", "mv")
#define TIMED ",\"time\":{\"wall_ns\":5}"

static struct drawn drawn;

static int close_drawn(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

/* 900 of 100 ns, 99 of 200 ns and one of 50 us; times three samples. */
static int make_latencies(void **state)
{
	unsigned int slow = histogram_bucket(50000);
	char more[512];

	(void)state;
	drawn_run(&drawn, GROUP, CELLS, "");
	snprintf(more, sizeof(more),
		 TIMED ",\"operations\":{"
		       "\"alloc\":{\"count\":9,\"failed\":0,\"sum_ns\":90,"
		       "\"min_ns\":10,\"max_ns\":10,\"overflow\":0,"
		       "\"histogram\":[[10,9]]},"
		       "\"grow\":{\"count\":1000,\"failed\":0,"
		       "\"sum_ns\":159800,\"min_ns\":100,\"max_ns\":50000,"
		       "\"overflow\":0,"
		       "\"histogram\":[[100,900],[200,99],[%u,1]]}}",
		 slow);
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int cell = 0; cell < 3; cell++)
			drawn_sample(&drawn, "timing", round, cell, more);
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static void latencies_are_the_quantiles_of_all_samples(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "latency-churn-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "2", "tail", "1", "latency_ns"),
			   100, 0);
	assert_float_equal(drawn_real(drawing, "2", "tail", "10", "latency_ns"),
			   100, 0);
	assert_float_equal(
		drawn_real(drawing, "2", "tail", "100", "latency_ns"), 200, 0);
	assert_float_equal(
		drawn_real(drawing, "2", "tail", "100", "percentile"), 99,
		1e-9);
}

static void a_curve_ends_with_ten_operations_beyond_it(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "latency-churn-1");

	(void)state;
	/* 3,000 operations: up to 1 / (1 - p) = 300, the last step is 282. */
	assert_float_equal(
		drawn_real(drawing, "2", "tail", "281.8382931", "latency_ns"),
		200, 0);
	assert_string_equal(
		drawn_text(drawing, "2", "tail", "1000", "latency_ns"),
		"(no row)");
}

static void an_operation_of_few_calls_has_no_panel(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "latency-churn-1");

	(void)state;
	assert_null(strstr(drawing->data, "\talloc\t"));
	assert_float_equal(
		drawn_real(drawing, "1", "panel_name", "grow", "panel"), 1, 0);
}

#define POINT(operations, mappings)                                            \
	"{\"at_ns\":1,\"operations\":" #operations ",\"mappings\":" #mappings  \
	",\"holes\":0,\"hole_bytes\":0,\"huge_bytes\":0,\"live_bytes\":4096}"

static int make_timelines(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP, CELLS, "");
	drawn_sample(
		&drawn, "checking", 0, 0,
		",\"map\":{\"drained\":{\"mappings\":-1}},\"timeline\":[" POINT(
			10, 5) "," POINT(20, 7) "]");
	drawn_sample(&drawn, "checking", 0, 1,
		     ",\"timeline\":[" POINT(10, 6) "," POINT(20, 6) "]");
	drawn_sample(
		&drawn, "checking", 0, 2,
		",\"map\":{\"drained\":{\"mappings\":3}},\"timeline\":[" POINT(
			10, 50) "," POINT(20, 90) "]");
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static void the_drained_state_follows_the_last_point(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "timeline-churn-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "2", "drained", "1", "value"), 3,
			   0);
	assert_float_equal(
		drawn_real(drawing, "2", "drained", "1", "operations"), 20, 0);
	/* Below the state before: more was given back than taken. */
	assert_float_equal(drawn_real(drawing, "1", "drained", "1", "value"),
			   -1, 0);
}

#define FULL(at, mapped, live)                                                 \
	"{\"at_ns\":" #at ",\"operations\":" #at ",\"mapped_bytes\":" #mapped  \
	",\"live_bytes\":" #live ",\"ideal_bytes\":8192}"

static int make_settled(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP, CELLS, "");
	drawn_sample(
		&drawn, "checking", 0, 0,
		",\"map\":{\"drained\":{\"mapped_bytes\":9000},"
		"\"settled\":[" FULL(100, 7000, 0) "," FULL(
			1000, 5000,
			0) "]},\"timeline\":[" FULL(10, 3145728,
						    1048576) "," FULL(20, 6000,
								      100) "]");
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static void what_settles_follows_what_is_drained(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "timeline-churn-1");

	(void)state;
	assert_non_null(strstr(drawing->data, "\tratio\t10\t0\t3\t\t\n"));
	/* Too little is alive at the second point, and nothing after it. */
	assert_null(strstr(drawing->data, "\tratio\t20\t"));
	assert_float_equal(
		drawn_real(drawing, "1", "drained", "2", "operations"), 20, 0);
	assert_non_null(strstr(drawing->note, "undefined below 1 MiB"));
	assert_non_null(strstr(drawing->data, "\tideal: of live pages those "
					      "written\tbytes\t10\t0\t8192"));
}

static void the_band_lies_between_reference_and_twin(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "timeline-churn-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "0", "operations", "20", "low"),
			   6, 0);
	assert_float_equal(drawn_real(drawing, "0", "operations", "20", "high"),
			   7, 0);
}

static void a_panel_without_a_value_is_left_out(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "timeline-churn-1");

	(void)state;
	/* No huge page anywhere, and page tables were not read. */
	assert_null(strstr(drawing->data, "in huge pages"));
	assert_null(strstr(drawing->data, "page tables"));
	/* That nothing was left behind is a result. */
	assert_non_null(strstr(drawing->data, "bytes in holes"));
}

static void live_bytes_are_drawn_once(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "timeline-churn-1");

	(void)state;
	assert_string_equal(drawn_text(drawing, "1", "panel_name",
				       "live: asked for, not released",
				       "value"),
			    "4096");
	assert_string_equal(drawn_text(drawing, "2", "panel_name",
				       "live: asked for, not released",
				       "value"),
			    "(no row)");
}

#define COUNTER(name, value, running)                                          \
	"\"" name "\":{\"value\":" #value ",\"enabled_ns\":100,"               \
	"\"running_ns\":" #running "}"

static int make_counters_of(const char *clock_unit)
{
	drawn_run(&drawn, GROUP, CELLS,
		  "{\"name\":\"cycles:k\",\"tracepoint\":false},"
		  "{\"name\":\"cycles:u\",\"tracepoint\":false},"
		  "{\"name\":\"loads:u\",\"tracepoint\":false},"
		  "{\"name\":\"loads:k\",\"tracepoint\":false},"
		  "{\"name\":\"task-clock\",\"tracepoint\":false},"
		  "{\"name\":\"a:b\",\"tracepoint\":true},"
		  "{\"name\":\"none\",\"tracepoint\":false},"
		  "{\"name\":\"gone\",\"tracepoint\":false,"
		  "\"missing\":\"no PMU\"}");
	for (unsigned int cell = 0; cell < 3; cell++) {
		drawn_sample(&drawn, "checking", 0, cell,
			     ",\"counters\":{" COUNTER("a:b", 40, 100) "}");
		drawn_sample(
			&drawn, "timing", 0, cell,
			TIMED
			",\"counters\":{" COUNTER("cycles:u", 100, 100) "," COUNTER(
				"cycles:k", 300,
				50) "," COUNTER("loads:u", 7,
						100) "," COUNTER("task-clock",
								 5000000,
								 100) "," COUNTER("none",
										  0,
										  100) "}");
		drawn_sample(&drawn, "timing", 1, cell,
			     TIMED
			     ",\"counters\":{" COUNTER("loads:k", 9, 100) "}");
	}
	drawn_end(&drawn);
	return drawn_make_of(&drawn, clock_unit);
}

static int make_counters(void **state)
{
	(void)state;
	return make_counters_of("ns");
}

static int make_instructions(void **state)
{
	(void)state;
	return make_counters_of("instructions");
}

static void user_and_kernel_share_a_bar(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-churn-1");

	(void)state;
	assert_string_equal(
		drawn_text(drawing, "1", "panel_name", "cycles", "part_name"),
		"user");
	assert_float_equal(
		drawn_real(drawing, "1", "part_name", "kernel", "from"), 100,
		0);
	/* It ran half of the time: 300 stand for 600. */
	assert_float_equal(
		drawn_real(drawing, "1", "part_name", "kernel", "to"), 700, 0);
	assert_string_equal(
		drawn_text(drawing, "1", "part_name", "kernel", "text"), "700");
}

static void halves_that_no_sample_has_both_of_stand_apart(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-churn-1");

	(void)state;
	assert_float_equal(
		drawn_real(drawing, "3", "panel_name", "loads:u", "value"), 7,
		0);
	assert_float_equal(
		drawn_real(drawing, "3", "panel_name", "loads:k", "value"), 9,
		0);
}

static void a_clock_is_a_time(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-churn-1");

	(void)state;
	assert_string_equal(
		drawn_text(drawing, "1", "panel_name", "task-clock", "unit"),
		"ns");
	assert_string_equal(
		drawn_text(drawing, "1", "panel_name", "task-clock", "text"),
		"5.00 ms");
}

static void a_clock_of_instructions_is_a_number(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-churn-1");
	const char *name = "task-clock, instructions";

	(void)state;
	assert_string_equal(
		drawn_text(drawing, "1", "panel_name", name, "unit"), "count");
	assert_string_equal(
		drawn_text(drawing, "1", "panel_name", name, "text"), "5.00 M");
}

static void what_is_not_drawn_of_counters_is_said(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-churn-1");

	(void)state;
	assert_non_null(strstr(drawing->note, "0 everywhere: none."));
	assert_non_null(strstr(drawing->note, "1 counter could not be opened"));
	assert_non_null(strstr(drawing->note, "of the checking pass"));
}

int main(void)
{
	const struct CMUnitTest latencies[] = {
		cmocka_unit_test(latencies_are_the_quantiles_of_all_samples),
		cmocka_unit_test(a_curve_ends_with_ten_operations_beyond_it),
		cmocka_unit_test(an_operation_of_few_calls_has_no_panel),
	};
	const struct CMUnitTest timelines[] = {
		cmocka_unit_test(the_drained_state_follows_the_last_point),
		cmocka_unit_test(the_band_lies_between_reference_and_twin),
		cmocka_unit_test(a_panel_without_a_value_is_left_out),
		cmocka_unit_test(live_bytes_are_drawn_once),
	};
	const struct CMUnitTest settled[] = {
		cmocka_unit_test(what_settles_follows_what_is_drained),
	};
	const struct CMUnitTest counters[] = {
		cmocka_unit_test(user_and_kernel_share_a_bar),
		cmocka_unit_test(halves_that_no_sample_has_both_of_stand_apart),
		cmocka_unit_test(a_clock_is_a_time),
		cmocka_unit_test(what_is_not_drawn_of_counters_is_said),
	};
	const struct CMUnitTest instructions[] = {
		cmocka_unit_test(a_clock_of_instructions_is_a_number),
	};

	return cmocka_run_group_tests(latencies, make_latencies, close_drawn) +
	       cmocka_run_group_tests(timelines, make_timelines, close_drawn) +
	       cmocka_run_group_tests(settled, make_settled, close_drawn) +
	       cmocka_run_group_tests(counters, make_counters, close_drawn) +
	       cmocka_run_group_tests(instructions, make_instructions,
				      close_drawn);
}
