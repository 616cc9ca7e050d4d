/*
 * test_compare_units - comparisons in units of the machine, and what they say
 * of runs that did not see what they planted, or that repeat their work.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/compare.h"
#include "tests/comparing.h"
#include "tests/printed.h"

/* Speeds of memcpy at every size, and the time of a fault. */
#define CALIBRATION(gib_s, fault_ns)                                           \
	"{\"type\":\"calibration\",\"syscall_ns\":1,\"clock_ns\":1,"           \
	"\"fault_4k_ns\":" #fault_ns ",\"munmap_page_ns\":1,\"mmap_ns\":1,"    \
	"\"memcpy_gib_s\":{\"64K\":" #gib_s ",\"1M\":" #gib_s "}}\n"
/* 64 MiB: 62.5 ms at 1 GiB/s. */
#define COPIES ",\"growths\":8,\"copied_bytes\":67108864"

static int setup(void **state)
{
	(void)state;
	comparing_open();
	options = (struct compare_options){.in_units = true};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	comparing_close();
	printed_free();
	return 0;
}

static void print(const struct style *style)
{
	FILE *stream = printed_open();

	assert_int_equal(style != NULL ? compare_print(&compare, style, stream)
				       : compare_markdown(&compare, stream),
			 0);
	fclose(stream);
}

static const struct compare_block *block(void)
{
	assert_int_equal(compare.comparisons[0].blocks_count, 1);
	return &compare.comparisons[0].blocks[0];
}

/* A run on a machine where a copy of 64 MiB takes 62.5 ms. */
static struct compared_run slow_machine(unsigned int first_random)
{
	struct compared_run run = compared_usual(first_random);

	run.estimate = COPIES;
	run.calibration = CALIBRATION(1, 500);
	return run;
}

/* The same on one of twice the speed, in which nothing else is different. */
static struct compared_run fast_machine(unsigned int first_random)
{
	struct compared_run run = slow_machine(first_random);

	run.calibration = CALIBRATION(2, 250);
	for (unsigned int i = 0; i < run.cells_count; i++)
		run.cells[i].wall_ms /= 2;
	return run;
}

static void machines_that_differ_in_speed_alone_are_the_same(void **state)
{
	struct compared_run base = slow_machine(1), new = fast_machine(2);

	(void)state;
	compare_files(&base, &new);
	assert_false(compare.refused);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
	assert_true(fabs(row_of("move")->base_time - 50 / 62.5) < 0.02);
	assert_true(fabs(row_of("move")->new_time - 25 / 31.25) < 0.02);
	assert_string_equal(block()->base->unit.name, "copies");
	assert_true(fabs(block()->base->unit.ns_min - 62.5e6) < 1);
	assert_true(fabs(block()->new->unit.ns_max - 31.25e6) < 1);
	options.in_units = false;
	compare_files(&base, &new);
	assert_int_equal(row_of("move")->verdict, VERDICT_FASTER);
	assert_true(fabs(row_of("move")->new_time - 25e6) < 1e6);
	assert_null(block()->base->unit.name);
}

static void what_a_machine_does_otherwise_stays(void **state)
{
	struct compared_run base = slow_machine(1), new = fast_machine(2);

	(void)state;
	new.cells[3].wall_ms *= 1.5;
	compare_files(&base, &new);
	assert_int_equal(row_of("move")->verdict, VERDICT_SLOWER);
	assert_true(fabs(row_of("move")->ratio.median - 1.5) < 0.05);
	assert_true(fabs(row_of("move")->own.median - 1.5) < 0.05);
	assert_int_equal(row_of("copy")->verdict, VERDICT_SAME);
}

/* In the order of the files: a fast machine, slow ones, the fastest. */
static void each_run_is_divided_by_its_own_calibration(void **state)
{
	struct compared_run slow = slow_machine(1), fast = fast_machine(2);

	(void)state;
	compared_write_folder(path_of("base"), &slow, 5);
	compared_write(path_of("base/0.jsonl"), &fast);
	fast.calibration = CALIBRATION(4, 125);
	for (unsigned int i = 0; i < fast.cells_count; i++)
		fast.cells[i].wall_ms /= 2;
	compared_write(path_of("base/x.jsonl"), &fast);
	slow.first_random = 7;
	compared_write_folder(path_of("new"), &slow, 7);
	if (try_paths(path_of("base"), path_of("new")) != 0)
		fail_msg("%s", why);
	assert_int_equal(row_of("move")->base_units, 7);
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
	assert_true(fabs(block()->base->unit.ns_min - 15.625e6) < 1);
	assert_true(fabs(block()->base->unit.ns_max - 62.5e6) < 1);
	print(&(struct style){0});
	says("15.6 ms to 62.5 ms");
}

static void the_unit_is_said_in_tables_and_json(void **state)
{
	struct compared_run base = slow_machine(1), new = fast_machine(2);
	const struct style plain = {0};
	const struct json *group;
	struct json *json;

	(void)state;
	base.noise = new.noise = 0;
	compare_files(&base, &new);
	print(&plain);
	says("clock: wall, in copies, unpaired: 24 and 24 samples");
	says("units: a copy is memcpy of what an allocator copies which copies "
	     "each growth: 62.5 ms in base");
	says("drift and the\n          calibrations' error included");
	says("\nmove        0.800   0.800  1.000 (1.000..1.000)");
	print(NULL);
	says("clock: wall, in copies,");
	says("| move | 0.800 | 0.800 | 1.000");
	json = compare_json(&compare);
	assert_string_equal(json_text(json, "units", ""), "machine");
	group = json_item(
		json_get(json_item(json_get(json, "comparisons"), 0), "groups"),
		0);
	assert_string_equal(json_text(group, "base_unit.name", ""), "copies");
	assert_true(json_number(group, "new_unit.ns_max", 0) > 31e6);
	group = json_item(json_get(group, "cells"), 0);
	assert_true(json_number(group, "base.median_units", 0) == 1.6);
	assert_null(json_get(group, "base.median_ns"));
	json_free(json);
	options.in_units = false;
	compare_files(&base, &new);
	print(&plain);
	does_not_say("units: ");
	does_not_say("in copies");
	does_not_say("calibration");
	json = compare_json(&compare);
	assert_string_equal(json_text(json, "units", ""), "time");
	json_free(json);
}

static void work_that_copies_nothing_is_in_faults(void **state)
{
	struct compared_run base = slow_machine(1), new = fast_machine(2);

	(void)state;
	base.estimate = new.estimate = NULL;
	base.noise = new.noise = 0;
	compare_files(&base, &new);
	print(&(struct style){0});
	says("clock: wall, in faults, unpaired");
	says("units: a fault is the first touch of a page: 500 ns in base, "
	     "250 ns in new");
	/* 50 ms: more digits than anybody reads. */
	says("\nmove       100 k  100 k  1.000 (1.000..1.000)");
}

static void other_kinds_of_unit_are_refused_unless_forced(void **state)
{
	struct compared_run base = slow_machine(1), new = slow_machine(2);

	(void)state;
	new.estimate = NULL;
	compare_files(&base, &new);
	assert_true(compare.refused);
	assert_non_null(strstr(compare.comparisons[0].reasons[0],
			       "the unit of vector-growth:scale=S"));
	options.force = true;
	compare_files(&base, &new);
	assert_false(compare.refused);
	print(&(struct style){0});
	says("in copies and faults");
}

static void a_side_without_a_usable_calibration_is_refused(void **state)
{
	struct compared_run base = slow_machine(1), new = slow_machine(2);

	(void)state;
	new.calibration = NULL;
	assert_int_equal(try_files(&base, &new), -ENODATA);
	assert_non_null(strstr(why, "new.jsonl has no calibration"));
	assert_non_null(strstr(why, "leave out --units machine"));
	new.calibration = "{\"type\":\"calibration\",\"syscall_ns\":1}\n";
	assert_int_equal(try_files(&new, &base), -EINVAL);
	assert_non_null(strstr(why, "base.jsonl has no calibration"));
	options.in_units = false;
	assert_int_equal(try_files(&new, &base), 0);
}

/* A run that plants an effect of so many percent and calls it +10 %. */
static struct compared_run planting(unsigned int first_random, double percent)
{
	struct compared_run run = compared_usual(first_random);

	options.in_units = false;
	run.cells[run.cells_count] = run.cells[0];
	run.cells[run.cells_count].role = "planted";
	run.cells[run.cells_count++].wall_ms *= 1 + percent / 100;
	return run;
}

static void what_was_planted_and_found_needs_no_word(void **state)
{
	struct compared_run base = planting(1, 10), new = planting(2, 10);

	(void)state;
	compare_files(&base, &new);
	assert_int_equal(block()->base->planted.runs, 1);
	assert_int_equal(block()->base->planted.found, 1);
	assert_int_equal(block()->new->planted.missed, 0);
	print(&(struct style){0});
	does_not_say("planted");
}

static void a_side_that_missed_what_it_planted_is_named(void **state)
{
	struct compared_run base = planting(1, 10), new = planting(2, 0);
	const struct json *group;
	struct json *json;

	(void)state;
	compare_files(&base, &new);
	assert_int_equal(block()->new->planted.missed, 1);
	/* What it says rests on intervals of its own. */
	assert_int_equal(row_of("move")->verdict, VERDICT_SAME);
	print(&(struct style){0});
	says("planted: new: the planted +10 % was not found in 1 of 1 run: ");
	does_not_say("planted: base");
	print(NULL);
	says("- **planted:** new: the planted +10 % was not found");
	json = compare_json(&compare);
	group = json_item(
		json_get(json_item(json_get(json, "comparisons"), 0), "groups"),
		0);
	assert_int_equal(json_count(group, "base_planted.found", 9), 1);
	assert_int_equal(json_count(group, "new_planted.found", 9), 0);
	assert_int_equal(json_count(group, "new_planted.not_found", 9), 1);
	assert_int_equal(json_count(group, "new_planted.not_measured", 9), 0);
	assert_int_equal(json_count(group, "new_planted.percent", 9), 10);
	json_free(json);
}

static void runs_that_planted_nothing_are_counted_apart(void **state)
{
	struct compared_run with = planting(1, 10), without = compared_usual(9);
	struct compared_run missing = planting(20, 0);
	char *one = path_of("base");

	(void)state;
	compared_write_folder(one, &with, 3);
	compared_write(path_of("base/x.jsonl"), &without);
	compared_write(path_of("base/y.jsonl"), &missing);
	compared_write(path_of("new.jsonl"), &without);
	if (try_paths(path_of("base"), path_of("new.jsonl")) != 0)
		fail_msg("%s", why);
	assert_int_equal(block()->base->planted.runs, 5);
	assert_int_equal(block()->base->planted.found, 3);
	assert_int_equal(block()->base->planted.missed, 1);
	print(&(struct style){0});
	says("planted: base: the planted +10 % was not found in 1 and not "
	     "measured in 1 of 5 runs:");
	says("planted: new: the planted +10 % was not measured in 1 of 1 run:");
}

static void repeated_work_is_refused_even_if_forced(void **state)
{
	struct compared_run base = compared_usual(1), new = compared_usual(2);

	(void)state;
	options.in_units = false;
	options.force = true;
	new.repeat = 40;
	compare_files(&base, &new);
	assert_true(compare.refused);
	assert_int_equal(compare.comparisons[0].reasons_count, 1);
	assert_non_null(strstr(compare.comparisons[0].reasons[0], "--repeat"));
	assert_non_null(strstr(compare.comparisons[0].reasons[0], "new.jsonl"));
	base.repeat = 40;
	compare_files(&base, &new);
	assert_true(compare.refused);
	assert_int_equal(compare.comparisons[0].reasons_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(machines_that_differ_in_speed_alone_are_the_same),
		TEST(what_a_machine_does_otherwise_stays),
		TEST(each_run_is_divided_by_its_own_calibration),
		TEST(the_unit_is_said_in_tables_and_json),
		TEST(work_that_copies_nothing_is_in_faults),
		TEST(other_kinds_of_unit_are_refused_unless_forced),
		TEST(a_side_without_a_usable_calibration_is_refused),
		TEST(what_was_planted_and_found_needs_no_word),
		TEST(a_side_that_missed_what_it_planted_is_named),
		TEST(runs_that_planted_nothing_are_counted_apart),
		TEST(repeated_work_is_refused_even_if_forced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
