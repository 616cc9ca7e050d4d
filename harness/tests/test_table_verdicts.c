/* test_table_verdicts - what a table concludes, and when it does not. */
#include "driver/json.h"
#include "driver/table_checks.h"
#include "tests/fake_run.h"

enum { CELL_REFERENCE, CELL_TWIN, CELL_FLOOR, CELL_ROW, CELL_5, CELL_10 };

/* The usual run, in which what was planted is found. */
static struct fake_run planted(void)
{
	struct fake_run run = usual();

	run.cells[CELL_5] = run.cells[CELL_REFERENCE];
	run.cells[CELL_5].role = ROLE_PLANTED;
	run.cells[CELL_5].planted_percent = 5;
	run.cells[CELL_5].wall_ms = 210;
	run.cells[CELL_10] = run.cells[CELL_5];
	run.cells[CELL_10].planted_percent = 10;
	run.cells[CELL_10].wall_ms = 220;
	run.cells_count = 6;
	return run;
}

/* The verdict of the row whose time is so many ms of the reference's 200. */
static void concludes(struct fake_run *run, double wall_ms, const char *verdict)
{
	const char *line, *found;

	run->cells[CELL_ROW].wall_ms = wall_ms;
	print(run, NULL, &plain);
	line = strstr(text, "\nmove ");
	assert_non_null(line);
	found = strstr(line, verdict);
	if (!found || found > strchr(line + 1, '\n'))
		fail_msg("'%s' is not the verdict in:\n%s", verdict, text);
}

static void verdicts_are_read_from_the_interval(void **state)
{
	struct fake_run run = planted();

	(void)state;
	concludes(&run, 100, "FASTER");
	concludes(&run, 300, "SLOWER");
	concludes(&run, 200, "SAME");
	run.cells[CELL_ROW].wall_noise = 0.3;
	concludes(&run, 205, "INCONCLUSIVE");
	says("inconclusive: move: about ");
	says(" further rounds would tell");
}

static void without_12_rounds_nothing_is_concluded(void **state)
{
	struct fake_run run = planted();
	unsigned int i;

	(void)state;
	for (i = 0; i < run.cells_count; i++)
		run.cells[i].rounds = 11;
	concludes(&run, 100, "INCONCLUSIVE");
	says("inconclusive: move: about 1 further round would tell");
	says("; below 12 rounds nothing is");
	does_not_say("found");
	for (i = 0; i < run.cells_count; i++)
		run.cells[i].rounds = 12;
	concludes(&run, 100, "FASTER");
}

static void a_planted_effect_that_is_missed_lowers_every_verdict(void **state)
{
	struct fake_run run = planted();

	(void)state;
	run.cells[CELL_10].wall_ms = 200; /* the loop was taken out */
	run.cells[CELL_10].wall_noise = 0.01;
	concludes(&run, 100, "INCONCLUSIVE");
	says("+5 % found: 1.050 (1.050..1.050); +10 % not found: 1.000");
	says("nothing is concluded");
	says("further round");
	does_not_say("FASTER");
}

static void a_missed_5_percent_is_only_said(void **state)
{
	struct fake_run run = planted();

	(void)state;
	run.cells[CELL_5].wall_ms = 200;
	run.cells[CELL_5].wall_noise = 0.1;
	concludes(&run, 100, "FASTER");
	says("+5 % not found: 1.000");
	says("+10 % found");
	does_not_say("nothing is concluded");
}

static void without_planted_rows_there_is_no_verdict(void **state)
{
	struct fake_run run = usual();

	(void)state;
	concludes(&run, 100, "INCONCLUSIVE");
	says("planted: nothing was measured, and so there is no verdict");
	does_not_say("would tell");
}

static void the_margin_follows_the_twin_or_what_was_asked(void **state)
{
	struct fake_run run = planted();

	(void)state;
	concludes(&run, 203, "SAME");
	says("SAME is said within 2 %: the noise floor lies within 1 %");
	concludes(&run, 207, "SLOWER");
	run.cells[CELL_TWIN].wall_noise = 0.05;
	concludes(&run, 207, "SAME");
	says("SAME is said within 5 %: the noise floor does not lie within");
	run.margin = 0.03;
	concludes(&run, 207, "SLOWER");
	says("SAME is said within 3 %: as asked for");
}

static void p_is_the_sign_tests_adjusted_over_the_rows(void **state)
{
	struct fake_run run = planted();
	struct table table;
	const struct table_row *rows;

	(void)state;
	run.cells[6] = run.cells[CELL_ROW];
	run.cells[6].allocator = "equal";
	run.cells[6].wall_ms = 200;
	run.cells_count = 7;
	read_run(&run, NULL);
	assert_int_equal(table_compute(results.files[0], &table), 0);
	assert_int_equal(table.compared, 2);
	rows = table.groups[0].rows;
	/* All 24 on one side: 2 / 2^24, and twice that by Holm. */
	assert_true(fabs(rows[CELL_ROW].ratio.p / ldexp(1, -23) - 1) < 1e-9);
	assert_true(fabs(rows[CELL_ROW].p_holm / ldexp(1, -22) - 1) < 1e-9);
	assert_true(rows[6].ratio.p == 1);
	assert_true(rows[6].p_holm == 1);
	assert_true(isnan(rows[CELL_TWIN].p_holm));
	table_free(&table);
}

static void rows_that_are_not_exercised_are_not_judged(void **state)
{
	struct fake_run run = planted();

	(void)state;
	run.cells[CELL_ROW].mechanism = "[\"copied\"]";
	print(&run, NULL, &plain);
	says("  not exercised\n");
	does_not_say("FASTER");
	does_not_say("SAME is said");
}

static void checks_are_counted_over_all_samples_but_the_floors(void **state)
{
	static const char more[] =
		"{\"type\":\"sample\",\"sequence\":9000,\"round\":30,\"pass\":"
		"\"timing\",\"cell\":0,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":true,\"oracle\":{\"expected\":7,\"applies\":true},"
		"\"verified\":{\"words\":5,\"wrong\":0},\"time\":{\"wall_ns\":1}}\n"
		"{\"type\":\"sample\",\"sequence\":9001,\"round\":31,\"pass\":"
		"\"timing\",\"cell\":3,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":false,\"invalid\":[\"oracle\",\"wrong word\"],"
		"\"oracle\":{\"expected\":7,\"applies\":true},\"verified\":"
		"{\"words\":5,\"wrong\":1},\"time\":{\"wall_ns\":1}}\n"
		"{\"type\":\"sample\",\"sequence\":9002,\"round\":32,\"pass\":"
		"\"checking\",\"cell\":3,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":true,\"oracle\":{\"expected\":7,\"applies\":false,"
		"\"why\":\"huge pages were allowed\"},\"verified\":{\"words\":5,"
		"\"wrong\":0},\"time\":{\"wall_ns\":1}}\n"
		"{\"type\":\"sample\",\"sequence\":9003,\"round\":33,\"pass\":"
		"\"timing\",\"cell\":2,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":true,\"time\":{\"wall_ns\":1}}\n";
	struct fake_run run = planted();
	struct group_checks checks;
	struct table table;
	unsigned int i;

	(void)state;
	for (i = 0; i < run.cells_count; i++)
		run.cells[i].rounds = 0;
	read_run(&run, more);
	assert_int_equal(table_compute(results.files[0], &table), 0);
	table_check(results.files[0], &table.groups[0], &checks);
	table_free(&table);
	assert_int_equal(checks.samples, 3);
	assert_int_equal(checks.contents_held, 2);
	assert_int_equal(checks.contents_wrong, 1);
	assert_int_equal(checks.faults_agree, 1);
	assert_int_equal(checks.faults_differ, 1);
	assert_int_equal(checks.faults_silent, 1);
	assert_int_equal(checks.tallies, 1);
	assert_int_equal(checks.contradictions, 0);
	print(&run, more, &plain);
	says("checks: memory held what was written in 2 of 3 samples; page "
	     "faults as computed in 1, others in 1,");
	says("no oracle for 1 (huge pages were allowed)");
}

static void json_says_verdict_margin_clock_and_checks(void **state)
{
	struct fake_run run = planted();
	const struct json *group, *cell;
	struct json *json;

	(void)state;
	run.clock = "wall";
	read_run(&run, NULL);
	json = table_json(results.files[0]);
	group = json_item(json_get(json, "groups"), 0);
	assert_string_equal(json_text(group, "clock_why", ""), "it was quiet");
	assert_true(json_number(group, "margin", 0) == 0.02);
	assert_false(json_bool(group, "margin_asked", true));
	assert_int_equal(json_count(group, "checks.samples", 0), 5 * 24);
	cell = json_item(json_get(group, "planted"), 1);
	assert_int_equal(json_count(cell, "percent", 0), 10);
	assert_true(json_bool(cell, "found", false));
	assert_true(fabs(json_number(cell, "ratio.median", 0) - 1.1) < 1e-9);
	cell = json_item(json_get(group, "cells"), CELL_ROW);
	assert_string_equal(json_text(cell, "verdict", ""), "FASTER");
	assert_true(json_number(cell, "p_holm", 1) < 1e-6);
	assert_null(json_get(cell, "lowered"));
	json_free(json);
	run.cells_count = 4;
	read_run(&run, NULL);
	json = table_json(results.files[0]);
	group = json_item(json_get(json, "groups"), 0);
	cell = json_item(json_get(group, "cells"), CELL_ROW);
	assert_string_equal(json_text(cell, "verdict", ""), "INCONCLUSIVE");
	assert_string_equal(json_text(cell, "lowered", ""),
			    "no planted effect was measured");
	json_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_are_read_from_the_interval),
		cmocka_unit_test(without_12_rounds_nothing_is_concluded),
		cmocka_unit_test(
			a_planted_effect_that_is_missed_lowers_every_verdict),
		cmocka_unit_test(a_missed_5_percent_is_only_said),
		cmocka_unit_test(without_planted_rows_there_is_no_verdict),
		cmocka_unit_test(the_margin_follows_the_twin_or_what_was_asked),
		cmocka_unit_test(p_is_the_sign_tests_adjusted_over_the_rows),
		cmocka_unit_test(rows_that_are_not_exercised_are_not_judged),
		cmocka_unit_test(
			checks_are_counted_over_all_samples_but_the_floors),
		cmocka_unit_test(json_says_verdict_margin_clock_and_checks),
	};

	return cmocka_run_group_tests(tests, NULL, fake_run_end);
}
