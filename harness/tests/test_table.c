/* test_table - the table of synthetic results, line by line. */
#include "driver/json.h"
#include "tests/fake_run.h"

static void a_heading_says_workload_thp_scale_rounds_and_clock(void **state)
{
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	says("\"a test\", regrow v1, 2026-11-24T13:30:05Z, A CPU, Linux 6.18.5, "
	     "seed 42\n");
	says("\nvector-growth:scale=S, THP never, 24 rounds, 1 thread, "
	     "clock: wall\n");
}

static void ratios_are_medians_over_the_pairs_of_a_round(void **state)
{
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	says("copy       209 ms (204..213)     reference\n");
	says("move       105 ms (102..106)     0.500 (0.500..0.500) ");
	says("copied 10\n");
	says("moved 7, in place 3\n");
	says("nothing    1.05 ms (1.02..1.06)");
}

static void ratios_have_three_digits_large_and_small(void **state)
{
	static const struct {
		double wall_ms;
		const char *text;
	} ratios[] = {
		{20000, "100 (100..100)"},	 {2469, "12.3 (12.3..12.3)"},
		{1999.98, "10.0 (10.0..10.0)"},	 {20, "0.100 (0.100..0.100)"},
		{10, "0.0500 (0.0500..0.0500)"}, {0.2, "0.001 (0.001..0.001)"},
	};
	struct fake_run run = usual();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++) {
		run.cells[3].wall_ms = ratios[i].wall_ms;
		print(&run, NULL, &plain);
		says(ratios[i].text);
		assert_true(longest_line() <= STYLE_COLUMNS);
	}
}

static void the_twin_is_the_noise_floor_under_the_table(void **state)
{
	struct fake_run run = usual();

	(void)state;
	run.cells[1].wall_ms = 202;
	run.cells[1].cpu_ms = 0;
	print(&run, NULL, &plain);
	says("\nnoise floor: the reference against itself: 1.010 "
	     "(1.010..1.010) over 24 pairs\n");
	run.cells[1].rounds = 0;
	print(&run, NULL, &plain);
	says("\nnoise floor: not known");
}

static void the_floor_stands_apart_and_has_no_ratio(void **state)
{
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	says("\n\nnothing    1.05 ms");
	says("(1.02..1.06)  floor\n");
	says("slack 10\n");
	assert_true(strstr(text, "\nmove ") < strstr(text, "\nnothing "));
}

static void the_clock_is_the_plans_and_says_why(void **state)
{
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	says("clock: wall\n");
	does_not_say("\nclock:");
	run.clock = "cpu";
	print(&run, NULL, &plain);
	says("1 thread, clock: CPU time of the thread\n");
	says("\nclock: it was quiet\n");
	says("0.400 (0.400..0.400)");
}

static void rounds_without_both_sides_make_no_pair(void **state)
{
	struct fake_run run = usual();
	struct table table;

	(void)state;
	run.cells[3].rounds = 20;
	read_run(&run, NULL);
	assert_int_equal(table_compute(results.files[0], &table), 0);
	assert_int_equal(table.groups_count, 1);
	assert_int_equal(table.groups[0].rows_count, 4);
	assert_int_equal(table.groups[0].rounds, 24);
	assert_int_equal(table.groups[0].rows[3].samples, 20);
	assert_int_equal(table.groups[0].rows[3].ratio.pairs, 20);
	table_free(&table);
}

static void intervals_of_several_rows_hold_together(void **state)
{
	struct fake_run run = usual();
	struct table table;
	unsigned int i;

	(void)state;
	for (i = 4; i < 8; i++) {
		run.cells[i] = run.cells[3];
		run.cells[i].mechanism = NULL;
	}
	run.cells[4].allocator = "a";
	run.cells[5].allocator = "b";
	run.cells[6].allocator = "c";
	run.cells[7].allocator = "not-exercised";
	run.cells[7].mechanism = "[\"copied\"]";
	run.cells_count = 8;
	read_run(&run, NULL);
	assert_int_equal(table_compute(results.files[0], &table), 0);
	assert_int_equal(table.compared, 4);
	assert_true(fabs(table.level - 0.9875) < 1e-12);
	for (i = 3; i < 7; i++)
		assert_true(table.groups[0].rows[i].ratio.interval.level >=
			    0.9875);
	table_free(&table);
	print(&run, NULL, &plain);
	says("98.75 % each, 95 % for all 4 together");
}

static void
with_too_few_pairs_their_number_stands_for_the_interval(void **state)
{
	struct fake_run run = usual();
	unsigned int i;

	(void)state;
	for (i = 0; i < run.cells_count; i++)
		run.cells[i].rounds = 4;
	print(&run, NULL, &plain);
	says("0.500 (only 4 pairs)");
	for (i = 0; i < run.cells_count; i++)
		run.cells[i].rounds = 1;
	print(&run, NULL, &plain);
	says("0.500 (only 1 pair)");
	says(", 1 round, ");
}

static void memory_is_compared_with_what_is_live(void **state)
{
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	says("           minor  resident,     of  resident,     of  virtual"
	     "               bytes in\n");
	says("allocator  faults       peak   live      final   live  of live"
	     "  VMAs  holes     holes\n");
	says("move        32767    128 MiB  2.00x   65.0 MiB  1.02x    2.00x"
	     "    -1      3  4.00 KiB\n");
}

static void outcomes_that_are_many_go_on_below(void **state)
{
	struct fake_run run = usual();

	(void)state;
	run.cells[3].allocator = "a-name-of-22-columns-x";
	run.cells[3].outcomes[OUTCOME_SLACK] = 98765;
	run.cells[3].outcomes[OUTCOME_MOVED] = 87654;
	run.cells[3].outcomes[OUTCOME_COPIED] = 76543;
	run.cells[3].outcomes[OUTCOME_IN_PLACE] = 65432;
	run.cells[3].outcomes[OUTCOME_FAILED] = 1234567;
	print(&run, NULL, &plain);
	says("failed 1.23 M, slack 98765,");
	says(" in place 65432\n");
	assert_true(longest_line() <= STYLE_COLUMNS);
}

static void a_row_that_missed_its_mechanism_is_not_exercised(void **state)
{
	struct fake_run run = usual();

	(void)state;
	run.cells[3].outcomes[OUTCOME_MOVED] = 4;
	run.cells[3].outcomes[OUTCOME_COPIED] = 96;
	run.cells[3].outcomes[OUTCOME_IN_PLACE] = 0;
	print(&run, NULL, &plain);
	says("  not exercised\n");
	says("not exercised: move: 4.0 % of the growths reached what it is "
	     "named after");
	does_not_say("0.500");
	run.cells[3].outcomes[OUTCOME_MOVED] = 5;
	run.cells[3].outcomes[OUTCOME_COPIED] = 95;
	print(&run, NULL, &plain);
	does_not_say("not exercised");
	run.cells[3].outcomes[OUTCOME_MOVED] = 0;
	run.cells[3].outcomes[OUTCOME_COPIED] = 0;
	print(&run, NULL, &plain);
	says("not exercised: move: nothing grew");
}

static void skipped_cells_and_groups_say_why(void **state)
{
	struct fake_run run = usual();

	(void)state;
	run.cells[3].skipped = "needs UFFDIO_MOVE, which Linux 6.8 has";
	run.cells[3].rounds = 0;
	print(&run, NULL, &plain);
	says("\nskipped: move: needs UFFDIO_MOVE, which Linux 6.8 has\n");
	does_not_say("\nmove ");
	run.group_skipped = "THP is 'madvise' here";
	print(&run, NULL, &plain);
	says("\nvector-growth:scale=S, THP never\n"
	     "skipped: THP is 'madvise' here\n");
	does_not_say("allocator");
}

static void samples_that_failed_or_are_invalid_are_counted(void **state)
{
	static const char more[] =
		"{\"type\":\"sample\",\"sequence\":9000,\"round\":30,\"pass\":"
		"\"timing\",\"cell\":3,\"outcome\":\"killed\",\"reason\":"
		"\"the kernel killed it: out of memory\",\"valid\":false,"
		"\"invalid\":[\"outcome\"]}\n"
		"{\"type\":\"sample\",\"sequence\":9001,\"round\":31,\"pass\":"
		"\"timing\",\"cell\":3,\"outcome\":\"timeout\",\"reason\":"
		"\"it took more than 60 s\",\"valid\":false,\"invalid\":"
		"[\"outcome\"]}\n"
		"{\"type\":\"sample\",\"sequence\":9002,\"round\":32,\"pass\":"
		"\"checking\",\"cell\":0,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":false,\"invalid\":[\"contradiction\",\"oracle\"],"
		"\"contradiction\":\"said moved, stayed\",\"time\":"
		"{\"wall_ns\":1}}\n";
	struct fake_run run = usual();

	(void)state;
	print(&run, more, &plain);
	says("\nfailed: move: 2 of 26 samples, killed 1, timeout 1: the kernel "
	     "killed it: out of memory\n");
	says("\ninvalid: copy: 1 of 25 samples are not used: contradiction in "
	     "1; oracle in 1 (said moved, stayed)\n");
	says("copy       209 ms (204..213)");
}

static void an_interrupted_or_torn_file_says_so(void **state)
{
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	does_not_say("interrupted");
	run.end = NULL;
	print(&run, NULL, &plain);
	says("\ninterrupted: the file has no end line");
	does_not_say("torn:");
	print(&run, "{\"type\":\"sample\",\"sequ", &plain);
	says("\ntorn: the last line");
	run.end = "{\"type\":\"end\",\"status\":\"interrupted\",\"samples\":1,"
		  "\"rounds\":1,\"at_ns\":9}\n";
	print(&run, NULL, &plain);
	says("\ninterrupted: the run was stopped before its end");
}

static void counters_are_scaled_and_missing_ones_have_reasons(void **state)
{
	struct fake_run run = usual();

	(void)state;
	run.counters = "[{\"name\":\"cycles:k\",\"tracepoint\":false},"
		       "{\"name\":\"cycles:u\",\"missing\":\"no PMU\"},"
		       "{\"name\":\"mmap:x\",\"missing\":\"no tracefs\"},"
		       "{\"name\":\"LLC-loads\",\"missing\":\"no PMU\"},"
		       "{\"name\":\"task-clock\"}]";
	print(&run, NULL, &plain);
	says("           cycles  task-clock\nallocator       k\n");
	says("move         8000     40.0 ms\n");
	says("\nnot counted: cycles:u, LLC-loads: no PMU\n"
	     "not counted: mmap:x: no tracefs\n");
}

static void latencies_stand_where_operations_are_many(void **state)
{
	struct fake_run run = usual();

	(void)state;
	run.cells[3].grow_count = 1000;
	print(&run, NULL, &plain);
	says("latency of  allocator  per sample     p50     p99      max\n");
	says("grow        move             1000  100 ns  100 ns  2.00 ms\n");
	run.cells[3].grow_count = 99;
	print(&run, NULL, &plain);
	does_not_say("latency of");
}

/* A run in which every spelling is as long as it may be. */
static struct fake_run long_run(char spellings[3][512], char *workload)
{
	struct fake_run run = usual();
	unsigned int i;

	for (i = 0; i < 3; i++) {
		memset(spellings[i], 'x', 400);
		memcpy(spellings[i], "exponential:over=[", 18);
		memcpy(spellings[i] + 399, "]", 2);
		spellings[i][200] = (char)('a' + i);
	}
	memset(workload, 'w', 500);
	workload[500] = '\0';
	run.workload = workload;
	run.cells[0].allocator = run.cells[1].allocator = spellings[0];
	run.cells[2].allocator = spellings[1];
	run.cells[3].allocator = spellings[2];
	run.cells[3].grow_count = 1000;
	run.counters = "[{\"name\":\"cycles:k\",\"tracepoint\":false},"
		       "{\"name\":\"a-very-long-name-of-a-counter:and-what-it-"
		       "is\",\"missing\":\"many words that say why it cannot "
		       "be counted on this machine, which has no PMU and no "
		       "tracefs either, so that nothing is left\"}]";
	return run;
}

static void no_line_is_longer_than_100_columns(void **state)
{
	char spellings[3][512], workload[512];
	struct fake_run run = long_run(spellings, workload);
	unsigned int i;

	(void)state;
	for (i = 0; i < OUTCOME_COUNT; i++)
		run.cells[3].outcomes[i] = 99999;
	run.cells[0].skipped = NULL;
	print(&run, NULL, &plain);
	assert_true(longest_line() <= STYLE_COLUMNS);
	print(&run, NULL, &rich);
	assert_true(longest_line() <= STYLE_COLUMNS);
	run.cells[3].skipped = spellings[2];
	run.cells[3].rounds = 0;
	print(&run, NULL, &rich);
	assert_true(longest_line() <= STYLE_COLUMNS);
}

static void long_spellings_are_abbreviated_and_explained(void **state)
{
	char spellings[3][512], workload[512], joined[2048];
	struct fake_run run = long_run(spellings, workload);
	size_t used = 0;
	const char *byte;

	(void)state;
	print(&run, NULL, &plain);
	says("exponenti...xxxxxxx] 1");
	says("exponenti...xxxxxxx] 2");
	says("exponenti...xxxxxxx] 3");
	/* The key below holds the whole of it, over several lines. */
	for (byte = strstr(text, "abbreviated: 1  "); byte && *byte; byte++)
		if (*byte != ' ' && *byte != '\n' && used + 1 < sizeof(joined))
			joined[used++] = *byte;
	joined[used] = '\0';
	assert_non_null(strstr(joined, spellings[0]));
	assert_non_null(strstr(joined, spellings[1]));
	assert_non_null(strstr(joined, spellings[2]));
	print(&run, NULL, &rich);
	says("exponentia\u2026xxxxxxxx] 1");
}

static void only_ascii_is_written_unless_the_style_has_utf8(void **state)
{
	struct fake_run run = usual();
	const char *byte;

	(void)state;
	run.cells[3].allocator = "./m\u00f6ve.so";
	print(&run, NULL, &plain);
	says("./m?ve.so");
	for (byte = text; *byte; byte++)
		assert_true((unsigned char)*byte < 0x80);
	print(&run, NULL, &rich);
	says("./m\u00f6ve.so  105 ms (102\u2013106)");
}

static void colours_are_written_only_where_the_style_has_them(void **state)
{
	static const struct style coloured = {.colour = true};
	struct fake_run run = usual();

	(void)state;
	print(&run, NULL, &plain);
	does_not_say("\033");
	print(&run, NULL, &coloured);
	says("\033[1mvector-growth:scale=S");
	says("\033[0m\n");
}

static void a_style_needs_a_terminal_and_no_no_color(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	setenv("TERM", "xterm", 1);
	assert_false(style_of(file).colour);
	fclose(file);
	setenv("LC_ALL", "C", 1);
	assert_false(style_of(stdout).utf8);
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_true(style_of(stdout).utf8);
}

static void a_run_without_a_sample_prints(void **state)
{
	struct fake_run run = usual();
	unsigned int i;

	(void)state;
	for (i = 0; i < run.cells_count; i++)
		run.cells[i].rounds = 0;
	run.end = NULL;
	print(&run, NULL, &plain);
	says("0 rounds");
	says("move       -                 -");
	says("noise floor: not known");
	says("interrupted:");
}

static void json_holds_the_figures_of_the_table(void **state)
{
	struct fake_run run = usual();
	const struct json *group, *cell;
	struct json *json;

	(void)state;
	run.counters = "[{\"name\":\"cycles:k\",\"tracepoint\":false},"
		       "{\"name\":\"cycles:u\",\"missing\":\"no PMU\"}]";
	run.cells[3].grow_count = 1000;
	run.cells[4] = run.cells[3];
	run.cells[4].allocator = "other";
	run.cells[4].skipped = "not here";
	run.cells[4].rounds = 0;
	run.cells_count = 5;
	read_run(&run, NULL);
	json = table_json(results.files[0]);
	assert_non_null(json);
	assert_string_equal(json_text(json, "status", ""), "done");
	assert_int_equal(json_count(json, "compared", 0), 1);
	group = json_item(json_get(json, "groups"), 0);
	assert_string_equal(json_text(group, "clock", ""), "wall");
	assert_int_equal(json_count(group, "rounds", 0), 24);
	assert_true(json_number(group, "noise_floor.median", 0) == 1);
	assert_int_equal(json_size(json_get(group, "cells")), 5);
	cell = json_item(json_get(group, "cells"), 3);
	assert_string_equal(json_text(cell, "allocator", ""), "move");
	assert_string_equal(json_text(cell, "role", ""), "row");
	assert_true(fabs(json_number(cell, "time_ns.median", 0) -
			 104.545454e6) < 1e3);
	assert_true(fabs(json_number(cell, "ratio.median", 0) - 0.5) < 1e-9);
	assert_true(json_number(cell, "ratio.level", 0) >= 0.95);
	assert_int_equal(json_count(cell, "ratio.pairs", 0), 24);
	assert_true(json_bool(cell, "exercised", false));
	assert_true(json_number(cell, "mechanism_share", 0) == 0.7);
	assert_true(json_number(cell, "outcomes.moved", 0) == 7);
	assert_true(json_number(cell, "final_mappings", 0) == -1);
	assert_true(json_number(cell, "peak_resident_bytes", 0) == 134217728);
	assert_int_equal(json_count(cell, "latencies.grow.max_ns", 0), 2000000);
	assert_true(json_number(json_get(cell, "counters"), "cycles:k", 0) ==
		    8000);
	assert_string_equal(json_text(json_item(json_get(group, "cells"), 4),
				      "skipped", ""),
			    "not here");
	assert_string_equal(
		json_text(json_item(json_get(json, "counters_missing"), 0),
			  "missing", ""),
		"no PMU");
	json_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_heading_says_workload_thp_scale_rounds_and_clock),
		cmocka_unit_test(ratios_are_medians_over_the_pairs_of_a_round),
		cmocka_unit_test(ratios_have_three_digits_large_and_small),
		cmocka_unit_test(the_twin_is_the_noise_floor_under_the_table),
		cmocka_unit_test(the_floor_stands_apart_and_has_no_ratio),
		cmocka_unit_test(the_clock_is_the_plans_and_says_why),
		cmocka_unit_test(rounds_without_both_sides_make_no_pair),
		cmocka_unit_test(intervals_of_several_rows_hold_together),
		cmocka_unit_test(
			with_too_few_pairs_their_number_stands_for_the_interval),
		cmocka_unit_test(memory_is_compared_with_what_is_live),
		cmocka_unit_test(outcomes_that_are_many_go_on_below),
		cmocka_unit_test(
			a_row_that_missed_its_mechanism_is_not_exercised),
		cmocka_unit_test(skipped_cells_and_groups_say_why),
		cmocka_unit_test(
			samples_that_failed_or_are_invalid_are_counted),
		cmocka_unit_test(an_interrupted_or_torn_file_says_so),
		cmocka_unit_test(
			counters_are_scaled_and_missing_ones_have_reasons),
		cmocka_unit_test(latencies_stand_where_operations_are_many),
		cmocka_unit_test(no_line_is_longer_than_100_columns),
		cmocka_unit_test(long_spellings_are_abbreviated_and_explained),
		cmocka_unit_test(
			only_ascii_is_written_unless_the_style_has_utf8),
		cmocka_unit_test(
			colours_are_written_only_where_the_style_has_them),
		cmocka_unit_test(a_style_needs_a_terminal_and_no_no_color),
		cmocka_unit_test(a_run_without_a_sample_prints),
		cmocka_unit_test(json_holds_the_figures_of_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, fake_run_end);
}
