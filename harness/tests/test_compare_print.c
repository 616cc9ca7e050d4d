/* test_compare_print - a comparison as people and GitHub read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/compare.h"
#include "tests/comparing.h"
#include "tests/printed.h"

static const struct style plain, rich = {.colour = true, .utf8 = true};

static int setup(void **state)
{
	(void)state;
	comparing_open();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	comparing_close();
	printed_free();
	return 0;
}

/* Two files compared, as text; style NULL: as Markdown. */
static void print(const struct compared_run *base,
		  const struct compared_run *new, const struct style *style)
{
	FILE *stream;

	compare_files(base, new);
	assert_false(compare.refused);
	stream = printed_open();
	if (style != NULL)
		assert_int_equal(compare_print(&compare, style, stream), 0);
	else
		assert_int_equal(compare_markdown(&compare, stream), 0);
	fclose(stream);
}

static void both_sides_and_their_differences_stand_first(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.machine = "\"cpu_model\":\"A CPU\",\"kernel\":\"6.18.5\","
		      "\"kernel_command_line\":\"mitigations=off\"";
	new.label = "later";
	print(&base, &new, &plain);
	says("1 run, \"a test\", regrow v1, 2026-11-24T13:30:01Z,");
	says("\"later\"");
	says("machines: 2 facts differ, base -> new:\n"
	     "  kernel: 6.1.0 -> 6.18.5\n"
	     "  kernel_command_line: absent -> mitigations=off\n");
	new.machine = base.machine;
	print(&base, &new, &plain);
	says("machines: all that is recorded of the two machines is equal\n");
}

static void other_clocks_of_the_pilots_are_said(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.clock = "cpu";
	print(&base, &new, &plain);
	says("THP never, clock: wall, unpaired");
	says("clock: the pilots of the runs chose different ones; each sample "
	     "has both, and wall is compared");
}

static void a_row_has_times_ratios_p_and_a_verdict(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.noise = new.noise = 0;
	new.cells[3].wall_ms = 60;
	print(&base, &new, &plain);
	says("\nvector-growth:scale=S, THP never, clock: wall, unpaired: 24 "
	     "and 24 samples\n");
	says("\nmove       50.0 ms  60.0 ms  1.200 (1.200..1.200)  <0.001  "
	     "1.200 (1.200..1.200)  SLOWER\n");
	says("\ncopy        100 ms   100 ms  1.000 (1.000..1.000)    1.00  "
	     "reference             SAME\n");
	says("\nnothing    1.00 ms  1.00 ms  1.000 (1.000..1.000)       -  "
	     "1.000 (1.000..1.000)  floor\n");
	says("noise: the reference against itself within a run: base 1.000 "
	     "(1.000..1.000), new 1.000");
	says("SAME is within 2 %");
	says("unpaired: one run a side: all that changed between the two "
	     "runs, the machine's drift included,");
	says("97.5 % each, 95 % for all 2 together");
	does_not_say("drift: ");
}

static void what_a_drift_explains_is_said(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	for (unsigned int i = 0; i < new.cells_count; i++)
		new.cells[i].wall_ms *= 1.3;
	print(&base, &new, &plain);
	says("drift: move: its own ratio has not clearly changed: that the "
	     "machine became slower may be all");
}

static void counts_that_changed_are_printed_exactly(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.faults = 131072;
	new.faults = 262144;
	print(&base, &new, &plain);
	says("copy       minor faults");
	says(" 131072 ");
	says(" 262144  x2.000\n");
	says("varies\n");
	says("counts: equal in every sample of both sides: requests, growths "
	     "moved, growths copied, final");
	/* 0 on both sides is not worth a word. */
	does_not_say("slack");
}

static void what_is_inconclusive_says_what_would_tell(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.rounds = 9;
	print(&base, &new, &plain);
	says("inconclusive: move: too few (24 and 9 samples): 3 more needed\n");
	new.rounds = 24;
	base.noise = new.noise = 0.4;
	print(&base, &new, &plain);
	says("more samples on each side would tell\n");
}

static void what_stands_alone_or_was_forced_is_said(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.cells[3].allocator = "other";
	new.seed = 4;
	options.force = true;
	print(&base, &new, &plain);
	says("forced: the seed differs, and with it the requests: 1 in ");
	says("only in base: move, vector-growth:scale=S, THP never\n");
	says("only in new: other, vector-growth:scale=S, THP never\n");
	new = compared_usual(2);
	new.cells[3].moved = 0;
	print(&base, &new, &plain);
	says("not exercised: move: under 5 % of its growths did what it is "
	     "named after");
}

static void no_line_is_too_long(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	char allocator[200];

	(void)state;
	snprintf(allocator, sizeof(allocator), "a-%0150d", 0);
	base.cells[3].allocator = new.cells[3].allocator = allocator;
	base.noise = new.noise = 0.9;
	base.cells[3].wall_ms = 100000;
	new.cells[3].wall_ms = 0.001;
	base.faults_spread = new.faults_spread = 400000000;
	base.machine = "\"kernel_command_line\":\"a b c d e f g h i j k l m n "
		       "o p q r s t u v w x y z a b c d e f g h i j k l m n o "
		       "p q r s t u v w x y z\"";
	print(&base, &new, &plain);
	assert_true(longest_line() <= STYLE_COLUMNS);
	says("abbreviated: 1  a-000000");
	print(&base, &new, &rich);
	says("\033[1m");
}

static void texts_of_a_file_do_not_command_the_terminal(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.machine = "\"kernel\":\"\\u001b[2J\\u009b\",\"cpu_\\u001b\":1";
	new.label = "\\u0007bell";
	print(&base, &new, &rich);
	does_not_say("\033[2J");
	does_not_say("\007");
	does_not_say("\302\233");
	print(&base, &new, NULL);
	does_not_say("\033");
	does_not_say("\007");
}

static void markdown_is_a_table_for_each_group(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.noise = new.noise = 0;
	new.cells[3].wall_ms = 60;
	new.faults = 2000;
	print(&base, &new, NULL);
	says("\n\n| allocator | base | new | new / base | Holm's p | own ratio "
	     "| verdict |\n| --- | ---: | ---: | --- | ---: | --- | --- |\n");
	says("\n| **move** | **50.0 ms** | **60.0 ms** | **1.200");
	says("** | **SLOWER** |\n");
	says("\n| copy | minor faults | 1000 | 2000 | x2.000 |\n");
	says("\n- **noise:** the reference");
}

static void markdown_escapes_what_would_be_markup(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.cells[3].allocator = new.cells[3].allocator =
		"a|b`c<script>*d*[e](f)_g_";
	new.label = "<img src=x> @someone #1 **|**";
	new.machine = "\"kernel\":\"one | two\"";
	print(&base, &new, NULL);
	says("| a\\|b\\`c&lt;script\\>\\*d\\*\\[e\\](f)\\_g\\_ |");
	says("&lt;img src=x\\>");
	says("one \\| two");
	does_not_say("<img");
	does_not_say("@someone");
	does_not_say("#1");
	does_not_say("**|**");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(both_sides_and_their_differences_stand_first),
		TEST(other_clocks_of_the_pilots_are_said),
		TEST(a_row_has_times_ratios_p_and_a_verdict),
		TEST(what_a_drift_explains_is_said),
		TEST(counts_that_changed_are_printed_exactly),
		TEST(what_is_inconclusive_says_what_would_tell),
		TEST(what_stands_alone_or_was_forced_is_said),
		TEST(no_line_is_too_long),
		TEST(texts_of_a_file_do_not_command_the_terminal),
		TEST(markdown_is_a_table_for_each_group),
		TEST(markdown_escapes_what_would_be_markup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
