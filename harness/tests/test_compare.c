/* test_compare - what regrow compare says of files whose truth is known. */
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

#include "driver/compare.h"
#include "tests/comparing.h"

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
	return 0;
}

static void compare_folders(const struct compared_run *base,
			    unsigned int base_count,
			    const struct compared_run *new,
			    unsigned int new_count)
{
	const char *one = path_of("base"), *other = path_of("new");

	compared_write_folder(one, base, base_count);
	compared_write_folder(other, new, new_count);
	compare_paths(one, other);
}

/* Refused, and one of the reasons has these words. */
static void refused_for(const char *words)
{
	const struct comparison *comparison = &compare.comparisons[0];

	assert_true(compare.refused);
	for (unsigned int i = 0; i < comparison->reasons_count; i++)
		if (strstr(comparison->reasons[i], words) != NULL)
			return;
	fail_msg("'%s' is no reason", words);
}

static void equal_sides_are_neither_faster_nor_slower(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		struct compared_run base = compared_usual(10 * i);
		struct compared_run new = compared_usual(10 * i + 1);

		compare_files(&base, &new);
		assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
		assert_int_equal(row_of("copy")->verdict, VERDICT_SAME);
		assert_int_equal(compare_gate(&compare, true),
				 COMPARE_GATE_FINE);
	}
}

static void a_row_a_fifth_slower_is_slower(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct compare_row *row;

	(void)state;
	new.cells[3].wall_ms = 60;
	compare_files(&base, &new);
	row = row_of("move");
	assert_int_equal(row->verdict, VERDICT_SLOWER);
	assert_true(row->ratio.interval.low < 1.2);
	assert_true(row->ratio.interval.high > 1.2);
	assert_true(row->own.interval.low < 1.2);
	assert_true(row->own.interval.high > 1.2);
	assert_true(row->p_holm < 0.001);
	assert_int_equal(row->base_units, 24);
	assert_int_equal(row_of("copy")->verdict, VERDICT_SAME);
	assert_int_equal(compare_gate(&compare, false), COMPARE_GATE_SLOWER);
}

static void a_row_a_fifth_faster_is_faster(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.cells[3].wall_ms = 40;
	compare_files(&base, &new);
	assert_int_equal(row_of("move")->verdict, VERDICT_FASTER);
	assert_int_equal(compare_gate(&compare, false), COMPARE_GATE_FINE);
}

static void a_drift_of_all_cells_is_not_in_the_own_ratio(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct compare_row *row;

	(void)state;
	for (unsigned int i = 0; i < new.cells_count; i++)
		new.cells[i].wall_ms *= 1.3;
	compare_files(&base, &new);
	row = row_of("move");
	assert_int_equal(row->verdict, VERDICT_SLOWER);
	assert_true(row->own.interval.low < 1);
	assert_true(row->own.interval.high > 1);
	assert_true(isnan(row_of("copy")->own.median));
}

static void intervals_and_p_hold_for_all_rows_together(void **state)
{
	struct compared_run base = compared_usual(1), new;

	(void)state;
	for (unsigned int i = 4; i < 7; i++) {
		static const char *const names[] = {"a", "b", "c"};

		base.cells[i] = base.cells[3];
		base.cells[i].allocator = names[i - 4];
	}
	base.cells_count = 7;
	new = base;
	new.first_random = 2;
	compare_files(&base, &new);
	/* The reference and four rows; twin and floor do not count. */
	assert_int_equal(compare.compared, 5);
	assert_true(fabs(compare.level - 0.99) < 1e-12);
	assert_true(row_of("a")->p_holm >= row_of("a")->p);
	assert_true(isnan(row_of("nothing")->p_holm));
	assert_false(row_of("nothing")->judged);
}

static void twins_and_planted_rows_are_not_compared(void **state)
{
	struct compared_run base = compared_usual(1), new;

	(void)state;
	base.cells[4] = base.cells[0];
	base.cells[4].role = "planted";
	base.cells_count = 5;
	new = base;
	new.first_random = 2;
	compare_files(&base, &new);
	assert_int_equal(compare.comparisons[0].blocks[0].rows_count, 3);
	assert_int_equal(compare.comparisons[0].alone_count, 0);
}

static void the_margin_is_narrow_where_both_twins_are_quiet(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.noise = new.noise = 0.002;
	compare_files(&base, &new);
	assert_true(compare.comparisons[0].blocks[0].margin == 0.02);
	new.noise = 0.05;
	compare_files(&base, &new);
	assert_true(compare.comparisons[0].blocks[0].margin == 0.05);
	options.margin = 0.125;
	compare_files(&base, &new);
	assert_true(compare.comparisons[0].blocks[0].margin == 0.125);
}

static void another_seed_is_refused_unless_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.seed = 2;
	new.digest = "00000000000000cd";
	compare_files(&base, &new);
	refused_for("the seed differs");
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_int_equal(compare.comparisons[0].reasons_count, 1);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
}

static void other_requests_are_refused_unless_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.digest = "00000000000000cd";
	compare_files(&base, &new);
	refused_for("for copy, nothing, move");
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
}

static void another_scale_is_refused_unless_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.workload = "vector-growth:scale=M";
	compare_files(&base, &new);
	refused_for("no cell in common");
	refused_for("vector-growth:scale=M, THP never, in ");
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_true(row_of("move")->forced);
	assert_int_equal(compare.comparisons[0].reasons_count, 1);
}

static void another_thp_mode_is_refused_unless_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.thp = "always";
	compare_files(&base, &new);
	refused_for("THP always");
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
}

static void another_layout_is_refused_unless_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.layout = "legacy";
	compare_files(&base, &new);
	refused_for("THP never, legacy layout");
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
}

static void a_file_that_says_no_layout_is_of_the_standard_one(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.layout = "standard";
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
}

static void another_workload_is_refused_even_if_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.workload = "server-churn:scale=S";
	options.force = true;
	compare_files(&base, &new);
	refused_for("no cell in common");
}

static void other_clocks_of_the_pilots_make_it_wall(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	base.clock = new.clock = "cpu";
	compare_files(&base, &new);
	assert_int_equal(compare.comparisons[0].blocks[0].clock, CLOCK_CPU);
	assert_false(compare.comparisons[0].blocks[0].clocks_differ);
	assert_true(fabs(row_of("move")->base_time - 25e6) < 1e6);
	new.clock = NULL;
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_int_equal(compare.comparisons[0].blocks[0].clock, CLOCK_WALL);
	assert_true(compare.comparisons[0].blocks[0].clocks_differ);
	assert_true(fabs(row_of("move")->base_time - 50e6) < 2e6);
}

static void another_unit_of_the_clock_is_refused_unless_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.clock_unit = "instructions";
	compare_files(&base, &new);
	refused_for("the unit of the clock differs");
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
	options.force = false;
	base.clock_unit = "ns"; /* which is what an absent one means */
	new.clock_unit = NULL;
	compare_files(&base, &new);
	assert_false(compare.refused);
}

static void cells_on_one_side_are_listed_and_not_fatal(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct comparison *comparison;

	(void)state;
	new.cells[3].allocator = "other";
	compare_files(&base, &new);
	comparison = &compare.comparisons[0];
	assert_false(compare.refused);
	assert_int_equal(comparison->blocks[0].rows_count, 2);
	assert_int_equal(comparison->alone_count, 2);
	assert_true(comparison->alone[0].is_base);
	assert_string_equal(comparison->alone[0].cell->allocator, "move");
	assert_false(comparison->alone[1].is_base);
	assert_string_equal(comparison->alone[1].cell->allocator, "other");
}

static void a_cell_that_was_skipped_stands_alone_with_the_reason(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct comparison *comparison;

	(void)state;
	new.cells[3].skipped = "not in this kernel";
	compare_files(&base, &new);
	comparison = &compare.comparisons[0];
	assert_int_equal(comparison->alone_count, 1);
	assert_true(comparison->alone[0].is_base);
	assert_string_equal(comparison->alone[0].skipped, "not in this kernel");
	base.cells[3].skipped = "nor in that";
	compare_files(&base, &new);
	assert_int_equal(compare.comparisons[0].alone_count, 0);
}

static void too_few_samples_are_inconclusive_and_say_how_many_more(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct compare_row *row;

	(void)state;
	new.cells[3].wall_ms = 60;
	new.rounds = 11;
	compare_files(&base, &new);
	row = row_of("move");
	assert_int_equal(row->verdict, VERDICT_INCONCLUSIVE);
	assert_true(row->more == 1);
	assert_int_equal(compare_gate(&compare, false),
			 COMPARE_GATE_CANNOT_TELL);
	new.rounds = 0;
	compare_files(&base, &new);
	row = row_of("move");
	assert_int_equal(row->verdict, VERDICT_INCONCLUSIVE);
	assert_true(row->more == 12);
	assert_int_equal(compare.compared, 0);
}

static void a_wide_interval_says_how_many_samples_would_tell(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct compare_row *row;

	(void)state;
	base.noise = new.noise = 0.3;
	compare_files(&base, &new);
	row = row_of("move");
	assert_int_equal(row->verdict, VERDICT_INCONCLUSIVE);
	assert_true(row->more > 24);
}

static void samples_that_are_not_valid_are_left_out(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.invalid = true;
	compare_files(&base, &new);
	assert_int_equal(row_of("move")->base_units, 24);
	assert_int_equal(row_of("move")->new_units, 12);
	assert_int_equal(row_of("copy")->new_units, 24);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
}

static void a_row_that_is_not_exercised_has_no_verdict(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.cells[3].moved = 0;
	new.cells[3].wall_ms = 100;
	compare_files(&base, &new);
	assert_false(row_of("move")->exercised);
	assert_false(row_of("move")->judged);
	assert_int_equal(compare.compared, 1);
	assert_int_equal(compare_gate(&compare, false), COMPARE_GATE_FINE);
}

static void of_several_runs_the_run_is_the_unit(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);
	const struct compare_row *row;

	(void)state;
	new.cells[3].wall_ms = 60;
	compare_folders(&base, 6, &new, 5);
	assert_true(compare.comparisons[0].runs);
	row = row_of("move");
	assert_int_equal(row->base_units, 6);
	assert_int_equal(row->new_units, 5);
	assert_int_equal(row->base->samples, 6 * 24);
	assert_int_equal(row->verdict, VERDICT_SLOWER);
	assert_int_equal(row_of("copy")->verdict, VERDICT_SAME);
	assert_true(row->own.interval.low > 1.1);
}

/* 5 against 5 runs have no p below 0.008, however far they are apart. */
static void a_difference_has_to_hold_for_all_rows_by_p_too(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e"};
	struct compared_run base = compared_usual(1), new;
	const struct compare_row *row;

	(void)state;
	base.cells[2] = base.cells[3];
	for (unsigned int i = 3; i < 8; i++) {
		base.cells[i] = base.cells[3];
		base.cells[i].allocator = names[i - 3];
	}
	base.cells_count = 8;
	new = base;
	new.first_random = 2;
	for (unsigned int i = 0; i < 8; i++)
		new.cells[i].wall_ms *= 2;
	compare_folders(&base, 5, &new, 5);
	row = row_of("e");
	assert_true(row->ratio.interval.low > 1);
	assert_true(fabs(row->p - 2.0 / 252) < 1e-9);
	assert_true(fabs(row->p_holm - 7 * row->p) < 1e-9);
	assert_int_equal(row->verdict, VERDICT_INCONCLUSIVE);
	assert_true(row->more >= 1 && row->more < 5);
}

static void fewer_than_five_runs_are_inconclusive(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.cells[3].wall_ms = 60;
	compare_folders(&base, 6, &new, 3);
	assert_int_equal(row_of("move")->verdict, VERDICT_INCONCLUSIVE);
	assert_true(row_of("move")->more == 2);
}

static void one_run_against_several_is_one_unit(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	compared_write_folder(path_of("base"), &base, 6);
	compared_write(path_of("new.jsonl"), &new);
	compare_paths(path_of("base"), path_of("new.jsonl"));
	assert_int_equal(row_of("move")->base_units, 6);
	assert_int_equal(row_of("move")->new_units, 1);
	assert_true(row_of("move")->more == 4);
	assert_true(fabs(row_of("move")->new_time - 50e6) < 2e6);
}

static void runs_of_one_side_that_differ_in_work_are_refused(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	compared_write_folder(path_of("base"), &base, 5);
	base.seed = 9;
	compared_write(path_of("base/other.jsonl"), &base);
	compared_write(path_of("new.jsonl"), &new);
	compare_paths(path_of("base"), path_of("new.jsonl"));
	refused_for("1 in 5 runs, 9 in 1 run in ");
}

static void each_further_side_is_compared_with_the_first(void **state)
{
	struct compared_run run = compared_usual(1);
	const char *paths[3];

	(void)state;
	paths[0] = path_of("a.jsonl");
	paths[1] = path_of("b.jsonl");
	paths[2] = path_of("c.jsonl");
	compared_write(paths[0], &run);
	run.first_random = 2;
	compared_write(paths[1], &run);
	run.first_random = 3;
	run.cells[3].wall_ms = 60;
	compared_write(paths[2], &run);
	assert_int_equal(
		compare_make(paths, 3, &options, &compare, why, sizeof(why)),
		0);
	assert_int_equal(compare.count, 2);
	assert_int_equal(compare.compared, 4);
	assert_int_equal(compare.comparisons[1].blocks[0].rows[2].verdict,
			 VERDICT_SLOWER);
	assert_int_equal(compare.comparisons[0].blocks[0].rows[2].verdict,
			 VERDICT_SAME);
}

static void interrupted_runs_are_compared_and_counted(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	new.end = "{\"type\":\"samp";
	compare_files(&base, &new);
	assert_int_equal(compare.base.interrupted, 0);
	assert_int_equal(compare.sides[0].interrupted, 1);
	assert_int_equal(compare.sides[0].torn, 1);
}

/* What cannot be read, and a part of what is said of it. */
static void fails(const char *new, int error, const char *words)
{
	struct compared_run base = compared_usual(1);
	const char *paths[] = {path_of("base.jsonl"), new};

	compared_write(paths[0], &base);
	compare_free(&compare);
	assert_int_equal(
		compare_make(paths, 2, &options, &compare, why, sizeof(why)),
		error);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' lacks '%s'", why, words);
}

static void what_cannot_be_read_is_named(void **state)
{
	struct compared_run new = compared_usual(2);

	(void)state;
	fails(path_of("nowhere.jsonl"), -ENOENT, "nowhere.jsonl");
	scratch_write(root, "empty/x.txt", "nothing");
	fails(path_of("empty"), -ENOENT, "no results file (*.jsonl, ");
	scratch_write(root, "mixed/a.jsonl", "{\"type\":\"round\"}\n");
	scratch_write(root, "mixed/b.jsonl", "no JSON\n");
	fails(path_of("mixed"), -EBADMSG, "mixed/a.jsonl");
	/* The first one is named, though the others are found out before. */
	new.rounds = 500;
	new.end = "no JSON\n";
	compared_write(path_of("mixed/0.jsonl"), &new);
	fails(path_of("mixed"), -EBADMSG, "mixed/0.jsonl");
	new = compared_usual(2);
	new.cells[2] = new.cells[3];
	compared_write(path_of("twice.jsonl"), &new);
	fails(path_of("twice.jsonl"), -EBADMSG, "has 'move' twice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(equal_sides_are_neither_faster_nor_slower),
		TEST(a_row_a_fifth_slower_is_slower),
		TEST(a_row_a_fifth_faster_is_faster),
		TEST(a_drift_of_all_cells_is_not_in_the_own_ratio),
		TEST(intervals_and_p_hold_for_all_rows_together),
		TEST(twins_and_planted_rows_are_not_compared),
		TEST(the_margin_is_narrow_where_both_twins_are_quiet),
		TEST(another_seed_is_refused_unless_forced),
		TEST(other_requests_are_refused_unless_forced),
		TEST(another_scale_is_refused_unless_forced),
		TEST(another_thp_mode_is_refused_unless_forced),
		TEST(another_layout_is_refused_unless_forced),
		TEST(a_file_that_says_no_layout_is_of_the_standard_one),
		TEST(another_workload_is_refused_even_if_forced),
		TEST(other_clocks_of_the_pilots_make_it_wall),
		TEST(another_unit_of_the_clock_is_refused_unless_forced),
		TEST(cells_on_one_side_are_listed_and_not_fatal),
		TEST(a_cell_that_was_skipped_stands_alone_with_the_reason),
		TEST(too_few_samples_are_inconclusive_and_say_how_many_more),
		TEST(a_wide_interval_says_how_many_samples_would_tell),
		TEST(samples_that_are_not_valid_are_left_out),
		TEST(a_row_that_is_not_exercised_has_no_verdict),
		TEST(of_several_runs_the_run_is_the_unit),
		TEST(a_difference_has_to_hold_for_all_rows_by_p_too),
		TEST(fewer_than_five_runs_are_inconclusive),
		TEST(one_run_against_several_is_one_unit),
		TEST(runs_of_one_side_that_differ_in_work_are_refused),
		TEST(each_further_side_is_compared_with_the_first),
		TEST(interrupted_runs_are_compared_and_counted),
		TEST(what_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
