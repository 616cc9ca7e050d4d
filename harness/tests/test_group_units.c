/* test_group_units - a table and figures in units of the machine. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/group_units.h"
#include "driver/table.h"
#include "driver/table_parts.h"
#include "tests/drawn.h"
#include "tests/printed.h"

#define MIB 1048576

/* Vectors that copy 64 MiB in 8 pieces, and work that copies nothing. */
static const char groups[] =
	"{\"workload\":\"grows\",\"thp\":\"never\",\"estimate\":{\"threads\":1,"
	"\"growths\":8,\"copied_bytes\":67108864}},"
	"{\"workload\":\"stays\",\"thp\":\"never\",\"estimate\":{\"threads\":1,"
	"\"growths\":0,\"copied_bytes\":0}}";
static const char cells[] =
	"{\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"},"
	"{\"group\":1,\"role\":\"reference\",\"allocator\":\"copy\"}";

/* 1 GiB/s at every size, so that a copy of 1 MiB takes 976,562.5 ns. */
static const char calibration[] =
	"{\"type\":\"calibration\",\"syscall_ns\":1,\"clock_ns\":1,"
	"\"fault_4k_ns\":500,\"munmap_page_ns\":1,\"mmap_ns\":1,"
	"\"memcpy_gib_s\":{\"64K\":1,\"1M\":1}}\n";
static const char sample[] =
	",\"time\":{\"wall_ns\":125000000,\"cpu_ns\":125000000},"
	"\"phases\":{\"call_ns\":62500000,\"touch_ns\":62500000},"
	"\"cold\":{\"alloc_ns\":250,\"grow_ns\":1000,\"bytes\":1048576},"
	"\"operations\":{\"grow\":{\"count\":1000,\"failed\":0,\"sum_ns\":1,"
	"\"min_ns\":100,\"max_ns\":250,\"overflow\":0,"
	"\"histogram\":[[100,1000]]}},"
	"\"sizes\":[{\"log2\":20,\"growths\":2,\"bytes\":2097152,"
	"\"grow_ns\":3906250,\"touch_ns\":0,\"reread_ns\":0}],"
	"\"counters\":{\"task-clock\":{\"value\":31250000,\"enabled_ns\":1,"
	"\"running_ns\":1}}";

static struct drawn drawn;
static char why[512];

static void make(const char *line)
{
	drawn_run(&drawn, groups, cells,
		  "{\"name\":\"task-clock\",\"tracepoint\":false}");
	drawn_add(&drawn, "%s", line);
	drawn_sample(&drawn, "timing", 0, 0, sample);
	drawn_sample(&drawn, "timing", 0, 1, sample);
	drawn_end(&drawn);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
}

static struct results_file *file(void)
{
	return drawn.results.files[0];
}

static int take(void)
{
	why[0] = '\0';
	return group_units_take_machine(file(), why, sizeof(why));
}

static int clean(void **state)
{
	(void)state;
	drawn_close(&drawn);
	printed_free();
	return 0;
}

static void print(void)
{
	static const struct style style;
	FILE *stream = printed_open();

	assert_int_equal(table_print(file(), &style, stream), 0);
	fclose(stream);
}

static bool about(double value, double expected)
{
	return fabs(value / expected - 1) < 1e-6;
}

static void a_file_without_a_calibration_is_refused(void **state)
{
	(void)state;
	make("");
	assert_int_equal(take(), -ENODATA);
	assert_non_null(strstr(why, "run.jsonl"));
	assert_non_null(strstr(why, "--units machine"));
	assert_null(file()->machine);
}

static void a_calibration_that_lacks_constants_is_refused(void **state)
{
	(void)state;
	make("{\"type\":\"calibration\",\"fault_4k_ns\":500}\n");
	assert_int_equal(take(), -EINVAL);
	assert_non_null(strstr(why, "constants are missing"));
	assert_null(file()->machine);
}

static void without_a_machine_times_are_nanoseconds(void **state)
{
	(void)state;
	make(calibration);
	assert_string_equal(
		group_units_of_sample(&file()->groups[0], file()).name, "ns");
	assert_true(group_units_of_call(file()).ns == 1);
	assert_true(group_units_of_growth(file(), MIB).ns == 1);
	print();
	says("125 ms");
	assert_null(strstr(text, "in copies"));
	assert_null(strstr(text, "faults ("));
}

static void a_group_is_in_copies_of_what_it_would_copy(void **state)
{
	struct machine_unit unit;

	(void)state;
	make(calibration);
	assert_int_equal(take(), 0);
	unit = group_units_of_sample(&file()->groups[0], file());
	assert_string_equal(unit.name, "copies");
	assert_true(about(unit.ns, 62500000));
	unit = group_units_of_sample(&file()->groups[1], file());
	assert_string_equal(unit.name, "faults");
	assert_true(unit.ns == 500);
}

static void the_table_names_its_units_and_is_in_them(void **state)
{
	(void)state;
	make(calibration);
	assert_int_equal(take(), 0);
	print();
	says("times of samples in copies (memcpy of the 64.0 MiB that copying "
	     "copies, 8.00 MiB at a time: 62.5");
	says("of calls in faults (first touch of a page: 500 ns)");
	says("copy       2.000");
	/* The first alloc and growth, in faults. */
	says("0.500   2.000  1.00 MiB");
	/* p50 of 100 ns. */
	says("0.200  0.2");
	says("times of samples and of calls in faults (first touch");
	says("250 k");
	assert_null(strstr(text, " ms  "));
}

static void a_counter_of_time_is_in_the_samples_unit(void **state)
{
	(void)state;
	make(calibration);
	assert_int_equal(take(), 0);
	print();
	says("copy            0.500\n"); /* 31.25 ms of 62.5 */
}

static void json_says_what_to_divide_by(void **state)
{
	const struct json *group;
	struct json *json;

	(void)state;
	make(calibration);
	json = table_json(file());
	assert_string_equal(json_text(json, "units", ""), "time");
	group = json_item(json_get(json, "groups"), 0);
	assert_null(json_get(group, "units"));
	json_free(json);
	assert_int_equal(take(), 0);
	json = table_json(file());
	assert_string_equal(json_text(json, "units", ""), "machine");
	group = json_item(json_get(json, "groups"), 0);
	assert_string_equal(json_text(group, "units.sample.name", ""),
			    "copies");
	assert_true(about(json_number(group, "units.sample.ns", 0), 62500000));
	assert_string_equal(json_text(group, "units.call.name", ""), "faults");
	assert_true(json_number(group, "units.call.ns", 0) == 500);
	group = json_item(json_get(json, "groups"), 1);
	assert_string_equal(json_text(group, "units.sample.name", ""),
			    "faults");
	json_free(json);
}

static const struct drawing *draw(const char *stem)
{
	const struct drawing *drawing;

	make(calibration);
	assert_int_equal(take(), 0);
	assert_int_equal(drawings_make(&drawn.results, &drawn.drawings), 0);
	drawing = drawn_find(&drawn, stem);
	assert_string_equal(drawing->why_not, "");
	return drawing;
}

static void a_growth_is_drawn_over_a_copy_of_its_size(void **state)
{
	const struct drawing *drawing = draw("growth-cost-grows-1");

	(void)state;
	assert_string_equal(drawing->measure, "copies");
	assert_non_null(strstr(drawing->title, "in copies"));
	assert_non_null(strstr(drawing->note, "memcpy of the new size"));
	assert_true(about(drawn_real(drawing, "1", "size_bytes", "1048576",
				     "grow_copies"),
			  2));
}

static void latencies_are_drawn_in_faults(void **state)
{
	const struct drawing *drawing = draw("latency-grows-1");

	(void)state;
	assert_string_equal(drawing->measure, "faults");
	assert_non_null(strstr(drawing->title, "in page faults"));
	assert_non_null(strstr(drawing->note, "500 ns"));
	assert_true(about(
		drawn_real(drawing, "1", "panel", "1", "latency_faults"), 0.2));
}

static void phases_and_rounds_are_drawn_in_the_samples_unit(void **state)
{
	const struct drawing *drawing = draw("phases-grows-1");

	(void)state;
	assert_true(about(drawn_real(drawing, "1", "phase", "1", "time_copies"),
			  1));
	assert_true(about(
		drawn_real(drawing, "1", "phase", "1", "total_copies"), 2));
	assert_string_equal(drawn_text(drawing, "1", "phase", "1", "total"),
			    "2");
	assert_non_null(strstr(drawing->note, "62.5 ms"));
	drawing = drawn_find(&drawn, "rounds-grows-1");
	assert_true(about(drawn_real(drawing, "1", "round", "0", "wall_copies"),
			  2));
	drawing = drawn_find(&drawn, "rounds-stays-1");
	assert_string_equal(drawing->measure, "faults");
	assert_true(about(drawn_real(drawing, "1", "round", "0", "wall_faults"),
			  250e3));
}

static void a_counter_of_time_is_drawn_in_the_samples_unit(void **state)
{
	const struct drawing *drawing = draw("counters-grows-1");

	(void)state;
	assert_string_equal(drawn_text(drawing, "1", "panel_name",
				       "task-clock, copies", "unit"),
			    "count");
	assert_true(about(drawn_real(drawing, "1", "panel_name",
				     "task-clock, copies", "value"),
			  0.5));
	assert_string_equal(drawing->title, "What was counted in a sample");
}

#define TEST(test) cmocka_unit_test_teardown(test, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_without_a_calibration_is_refused),
		TEST(a_calibration_that_lacks_constants_is_refused),
		TEST(without_a_machine_times_are_nanoseconds),
		TEST(a_group_is_in_copies_of_what_it_would_copy),
		TEST(the_table_names_its_units_and_is_in_them),
		TEST(a_counter_of_time_is_in_the_samples_unit),
		TEST(json_says_what_to_divide_by),
		TEST(a_growth_is_drawn_over_a_copy_of_its_size),
		TEST(latencies_are_drawn_in_faults),
		TEST(phases_and_rounds_are_drawn_in_the_samples_unit),
		TEST(a_counter_of_time_is_drawn_in_the_samples_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
