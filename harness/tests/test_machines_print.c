/*
 * test_machines_print - tables, JSON and figures of many machines say the same
 * numbers, and hostile names stay names.
 */
#include "tests/many.h"

#include <math.h>

#include "driver/drawing_machines.h"
#include "driver/machines_print.h"
#include "tests/printed.h"

static struct drawings drawings;

static int teardown(void **state)
{
	printed_free();
	drawings_free(&drawings);
	return many_teardown(state);
}

static void print(void)
{
	static const struct style style;
	FILE *stream = printed_open();

	assert_int_equal(machines_print(&machines, &style, stream), 0);
	fclose(stream);
}

static void draw(void)
{
	drawings_free(&drawings);
	assert_int_equal(drawings_machines(&machines, &drawings), 0);
	assert_int_equal(drawings.count, 2);
}

/* Five machines, of which one has two kernels. */
static void five_machines(void)
{
	static const double move_ms[] = {70, 40, 100, 50, 60};
	char host[8];

	for (unsigned int i = 0; i < 5; i++) {
		snprintf(host, sizeof(host), "m%u", i);
		many_add(host, "6.1.0", move_ms[i], 5);
	}
	many_add("m1", "6.12.0", 20, 5);
	many_read();
}

static unsigned int lines_in(const char *data)
{
	unsigned int count = 0;

	for (; *data; data++)
		count += *data == '\n';
	return count;
}

static void the_spread_stands_beside_the_effect(void **state)
{
	(void)state;
	five_machines();
	print();
	says("measured: 5 machines, 2 kernels, 30 runs");
	/* m1 is at 0.3, the median of its kernels. */
	says("move                   0.600 (5: too few)    0.300  "
	     "0.500..0.700    1.000  m1");
	says("(the reference twice)");
	says("not found in 0 and not measured in 30 of 30 runs");
}

static void verdicts_and_times_are_counted_and_named(void **state)
{
	(void)state;
	five_machines();
	print();
	says("move                          5         4       0     1         0"
	     "           0          0");
	says("100 ms..100 ms   100 ms      x1  m4");
	says("move           60.0 ms  30.0 ms  50.0 ms..70.0 ms");
	says("x3.33  m2");
}

static void kernels_are_compared_on_the_machine_that_has_both(void **state)
{
	(void)state;
	five_machines();
	print();
	says("4 of 5 machines have one kernel");
	says("median   0.600   0.200  0.500 (1: too few)");
	says("m1       0.400   0.200               0.500");
	says("m1: m1, A CPU, 4 CPUs, 8 GiB, kvm, x86_64; 10 runs on 2 kernels");
}

static void markdown_has_the_same_and_names_mean_nothing_in_it(void **state)
{
	FILE *stream = printed_open();

	(void)state;
	many_add("a|b<script>", "6.1.0", 50, 5);
	many_add("a|b<script>", "6.12.0", 25, 5);
	many_read();
	assert_int_equal(machines_markdown(&machines, stream), 0);
	fclose(stream);
	says("### regrow compare --machines\n\n- **measured:** 1 machine");
	says("\n\n#### vector-growth:scale=S, THP never");
	says("| move | 0.375 (1: too few) | 0.375 |");
	says("| a\\|b&lt;script\\> | 0.500 | 0.250 | 0.500 |");
	says("\n\n- **planted:** ");
	says("\n\n- **effect:** ");
	assert_null(strstr(text, "a|b"));
	assert_null(strstr(text, "<script"));
}

static void json_has_each_machine_and_kernel(void **state)
{
	const struct json *group, *row = NULL;
	struct json *json;

	(void)state;
	five_machines();
	json = machines_json(&machines);
	assert_non_null(json);
	assert_int_equal(json_count(json, "machines_format", 0), 1);
	assert_int_equal(json_size(json_get(json, "machines")), 5);
	assert_int_equal(json_size(json_get(json, "kernels")), 2);
	group = json_item(json_get(json, "groups"), 0);
	for (size_t i = 0; i < json_size(json_get(group, "rows")); i++)
		if (strcmp(json_text(json_item(json_get(group, "rows"), i),
				     "allocator", ""),
			   "move") == 0)
			row = json_item(json_get(group, "rows"), i);
	assert_int_equal(json_size(json_get(row, "cells")), 6);
	assert_true(fabs(json_number(row, "ratio.median", 0) - 0.6) < 1e-9);
	assert_true(fabs(json_number(row, "ratio.lowest", 0) - 0.3) < 1e-9);
	assert_string_equal(json_text(row, "ratio.farthest", ""), "m1");
	assert_int_equal(json_count(row, "kernel_change.machines", 0), 1);
	assert_true(fabs(json_number(row, "kernel_change.median", 0) - 0.5) <
		    1e-9);
	assert_int_equal(json_count(row, "verdicts.FASTER", 0), 4);
	assert_string_equal(
		json_text(json_item(json_get(row, "cells"), 5), "kernel", ""),
		"6.12.0");
	json_free(json);
}

static void a_figure_has_a_line_for_each_machine_and_kernel(void **state)
{
	(void)state;
	five_machines();
	draw();
	assert_string_equal(drawings.list[0].stem, "machines-vector-growth-1");
	/* Upward by ratio: m1, m3, m4, m0, m2; and the header. */
	assert_int_equal(lines_in(drawings.list[0].data), 7);
	assert_non_null(strstr(drawings.list[0].data,
			       "1\trow\tmove\tmove\t1\tm1\t1\t6.1.0\t0.4\t"
			       "FASTER\n"));
	assert_non_null(
		strstr(drawings.list[0].data,
		       "1\trow\tmove\tmove\t5\tm2\t1\t6.1.0\t1\tSAME\n"));
	assert_string_equal(drawings.list[1].stem,
			    "machine-spread-vector-growth-1");
	assert_int_equal(lines_in(drawings.list[1].data), 7);
	assert_non_null(strstr(drawings.list[1].data,
			       "1\trow\tmove\tmove\t2\tm3\t0.5\t0.5\t0.5\t0.6\t"
			       "0.5\t0.7\n"));
	/* Of two kernels there is no interval. */
	assert_non_null(strstr(drawings.list[1].data,
			       "1\trow\tmove\tmove\t1\tm1\t0.3\t\t\t0.6"));
	assert_non_null(strstr(drawings.list[1].data, "0\tnoise\t"));
}

static void without_ratios_there_is_no_figure_and_it_says_why(void **state)
{
	struct compared_run run = many_run(50);

	(void)state;
	run.cells_count = 1;
	many_write(&run, "a", "6.1.0");
	many_read();
	print();
	draw();
	assert_non_null(strstr(drawings.list[0].why_not, "no allocator"));
	assert_null(drawings.list[0].data);
}

static void of_many_kernels_and_machines_the_table_shows_some(void **state)
{
	char kernel[16], host[16];

	(void)state;
	for (unsigned int i = 0; i < 23; i++) {
		snprintf(kernel, sizeof(kernel), "6.%u.0", i);
		many_add("a", kernel, 50 + i, 1);
	}
	for (unsigned int i = 0; i < MACHINES_SHOWN + 1; i++) {
		snprintf(host, sizeof(host), "m%u", i);
		many_add(host, "6.21.0", 50, 1);
		many_add(host, "6.22.0", 50, 1);
	}
	many_read();
	print();
	says("the last 20 of 23 kernels");
	says("40 of 42 machines");
	says("  6.3.0");
	assert_null(strstr(text, "  6.2.0"));
	/* The first kernel counts, though it is not shown. */
	says("1.440");
	says("machines that no table names");
	json_free(machines_json(&machines));
	draw();
	assert_int_equal(lines_in(drawings.list[0].data), 1 + 23 + 41 * 2);
}

#define CALIBRATION(gib_s)                                                     \
	"{\"type\":\"calibration\",\"syscall_ns\":1,\"clock_ns\":1,"           \
	"\"fault_4k_ns\":500,\"munmap_page_ns\":1,\"mmap_ns\":1,"              \
	"\"memcpy_gib_s\":{\"64K\":" #gib_s ",\"1M\":" #gib_s "}}\n"

static void units_are_named_with_what_one_takes(void **state)
{
	struct compared_run run = many_run(50);

	(void)state;
	/* 64 MiB: 62.5 ms at 1 GiB/s. */
	run.estimate = ",\"growths\":8,\"copied_bytes\":67108864";
	run.calibration = CALIBRATION(1);
	many_write(&run, "slow", "6.1.0");
	run.calibration = CALIBRATION(2);
	many_write(&run, "fast", "6.1.0");
	options.in_units = true;
	many_read();
	print();
	says("in copies, by each run's own calibration; one takes 31.2 ms to "
	     "62.5 ms");
	says("1.000..1.400");
}

/* Nothing but text, lines and, in a figure's data, tabs. */
static void is_plain(const char *what, bool tabs)
{
	for (; *what; what++)
		if ((unsigned char)*what < ' ' && *what != '\n' &&
		    !(tabs && *what == '\t'))
			fail_msg("a control character in the output: %#x",
				 (unsigned int)*what);
}

static void hostile_names_stay_names(void **state)
{
	char longest[300];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	many_add("\\u001b]0;evil\\u0007", "6.1\\n\\u001b[2J", 50, 1);
	many_add("a\\tb\\nc", "6.1.0", 50, 1);
	many_add("a#2", "6.1.0", 50, 1);
	many_add("\\\"; system \\\"x\\\" #", "`touch evil`", 50, 1);
	many_add("\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587\\u4e2d\\u6587",
		 "6", 50, 1);
	many_add(longest, "6.1.0", 50, 1);
	longest[200] = 'y';
	many_add(longest, longest, 50, 1);
	many_read();
	assert_int_equal(machines.machines_count, 7);
	for (unsigned int i = 0; i < 7; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(machines.machines[i].name,
						machines.machines[j].name);
	print();
	is_plain(text, false);
	draw();
	is_plain(drawings.list[0].data, true);
	is_plain(drawings.list[1].data, true);
	assert_null(strchr(drawings.list[0].data, '"'));
	assert_int_equal(lines_in(drawings.list[0].data), 8);
}

/* No line is longer, whatever the names are. */
static void lines_are_at_most_a_hundred_columns(void **state)
{
	struct compared_run run = many_run(50);
	char host[300];

	(void)state;
	memset(host, 'h', sizeof(host));
	host[sizeof(host) - 1] = '\0';
	run.cells[3].allocator =
		"exponential:over=[mremap-fixed-fallback:threshold=8M]";
	for (unsigned int i = 0; i < 6; i++) {
		host[280] = (char)('a' + i);
		many_write(&run, host, "6.1.0-57-very-long-cloud-amd64");
		many_write(&run, host, "6.12.0-57-very-long-cloud-amd64");
		run.cells[3].wall_ms *= 1.7;
	}
	many_read();
	print();
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (strlen(line) > 100)
			fail_msg("%zu columns: %s", strlen(line), line);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, many_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_spread_stands_beside_the_effect),
		TEST(verdicts_and_times_are_counted_and_named),
		TEST(kernels_are_compared_on_the_machine_that_has_both),
		TEST(markdown_has_the_same_and_names_mean_nothing_in_it),
		TEST(json_has_each_machine_and_kernel),
		TEST(a_figure_has_a_line_for_each_machine_and_kernel),
		TEST(without_ratios_there_is_no_figure_and_it_says_why),
		TEST(of_many_kernels_and_machines_the_table_shows_some),
		TEST(units_are_named_with_what_one_takes),
		TEST(hostile_names_stay_names),
		TEST(lines_are_at_most_a_hundred_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
