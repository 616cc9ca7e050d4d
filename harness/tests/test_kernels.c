/*
 * test_kernels - what changed between kernels is told where all layouts agree,
 * counts that differ are found, and what cannot be compared is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/figures.h"
#include "driver/kernels.h"
#include "driver/kernels_print.h"
#include "tests/lab_files.h"
#include "tests/scratch.h"

static char root[SCRATCH_PATH_SIZE];
static struct kernels kernels;

static int each_setup(void **state)
{
	(void)state;
	scratch_open(root);
	return 0;
}

static int each_teardown(void **state)
{
	(void)state;
	kernels_free(&kernels);
	scratch_close(root);
	return 0;
}

static const struct kernels_row *growth(void)
{
	for (size_t i = 0; i < kernels.rows_count; i++)
		if (kernels.rows[i].operation == OPERATION_GROW)
			return &kernels.rows[i];
	fail_msg("no row of growths");
	return NULL;
}

static enum kernels_verdict verdict_of(const struct lab_file *before,
				       const struct lab_file *after)
{
	const struct lab_file both[] = {*before, *after};

	lab_compare(root, both, 2, &kernels);
	return growth()->changes[1].verdict;
}

static bool refused_for(const char *reason)
{
	for (unsigned int i = 0; i < kernels.reasons_count; i++)
		if (strstr(kernels.reasons[i], reason))
			return true;
	return false;
}

static void a_call_that_costs_more_at_all_points_is_dearer(void **state)
{
	struct lab_file before = lab_usual("6.1.0", 1000);
	struct lab_file after = lab_usual("6.12.0", 1100);

	(void)state;
	assert_int_equal(verdict_of(&before, &after), KERNELS_DEARER);
	assert_int_equal(kernels.reasons_count, 0);
	assert_int_equal(growth()->changes[1].pairs, 16);
	assert_int_equal(growth()->changes[1].dearer, 16);
	assert_true(fabs(growth()->changes[1].ratio - 1.1) < 0.001);
	assert_int_equal(verdict_of(&after, &before), KERNELS_CHEAPER);
	assert_int_equal(growth()->changes[1].cheaper, 16);
}

static void a_difference_within_the_margin_is_the_same(void **state)
{
	struct lab_file before = lab_usual("6.1.0", 1000);
	struct lab_file after = lab_usual("6.12.0", 1010);

	(void)state;
	assert_int_equal(verdict_of(&before, &after), KERNELS_SAME);
	assert_int_equal(verdict_of(&before, &before), KERNELS_SAME);
}

static void a_difference_that_changes_sign_tells_nothing(void **state)
{
	struct lab_file before = lab_usual("6.1.0", 1000);
	struct lab_file after = lab_usual("6.12.0", 1500);

	(void)state;
	/* One layout of sixteen: its interval lies far above 1. */
	after.growth[5] = 900;
	assert_int_equal(verdict_of(&before, &after), KERNELS_INCONCLUSIVE);
	assert_true(growth()->changes[1].interval.low > 1.4);
}

static void points_are_paired_where_both_have_them(void **state)
{
	struct lab_file before = lab_usual("6.1.0", 1000);
	struct lab_file after = lab_usual("6.12.0", 1100);

	(void)state;
	/* Costs differ a lot by layout, and always by the same factor. */
	for (unsigned int i = 0; i < 16; i++) {
		before.growth[i] = 1000 * (i + 1);
		after.growth[i] = 1100 * (i + 1);
	}
	after.growth[0] = 0;
	before.growth[15] = 0;
	assert_int_equal(verdict_of(&before, &after), KERNELS_DEARER);
	assert_int_equal(growth()->changes[1].pairs, 14);
	assert_true(fabs(growth()->changes[1].ratio - 1.1) < 1e-9);
}

static void few_points_tell_no_change(void **state)
{
	struct lab_file before = lab_usual("6.1.0", 1000);
	struct lab_file after = lab_usual("6.12.0", 2000);

	(void)state;
	before.points = after.points = KERNELS_POINTS_MIN - 1;
	assert_int_equal(verdict_of(&before, &after), KERNELS_INCONCLUSIVE);
	assert_true(refused_for("layouts are too few"));
}

static void a_change_is_against_the_last_kernel_that_has_the_row(void **state)
{
	struct lab_file files[] = {lab_usual("5.10.0", 1000),
				   lab_usual("6.1.0", 1200),
				   lab_usual("6.12.0", 600)};

	(void)state;
	memset(files[1].growth, 0, sizeof(files[1].growth));
	lab_compare(root, files, 3, &kernels);
	assert_true(isnan(growth()->medians[1]));
	assert_int_equal(growth()->changes[1].verdict, KERNELS_ABSENT);
	assert_int_equal(growth()->changes[2].verdict, KERNELS_CHEAPER);
	assert_true(fabs(growth()->changes[2].ratio - 0.6) < 0.001);
	assert_int_equal(growth()->whole.verdict, KERNELS_CHEAPER);
}

static void the_largest_changes_come_first_whatever_their_sign(void **state)
{
	struct lab_file files[] = {
		lab_usual("5.10.0", 1000), lab_usual("6.1.0", 1100),
		lab_usual("6.12.0", 400), lab_usual("6.18.0", 404)};
	size_t places[64];

	(void)state;
	lab_compare(root, files, 4, &kernels);
	assert_int_equal(kernels_largest(&kernels, places), 2);
	assert_int_equal(places[0] % 4, 2);
	assert_int_equal(places[1] % 4, 1);
}

static void counts_that_differ_are_found(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};
	unsigned int differ = 0;

	(void)state;
	files[1].mappings = 900;
	files[1].exact = 0;
	lab_compare(root, files, 2, &kernels);
	for (size_t i = 0; i < kernels.facts_count; i++) {
		const struct kernels_fact *fact = &kernels.facts[i];

		differ += fact->differs;
		if (strcmp(fact->name, "mappings left") == 0) {
			assert_true(fact->differs);
			assert_int_equal(fact->values[0], 3);
			assert_int_equal(fact->values[1], 900);
		}
	}
	assert_int_equal(differ, 4);
}

static void a_control_that_differs_refuses_all(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[1].control_cost *= 1.1;
	lab_compare(root, files, 2, &kernels);
	assert_true(refused_for("the control"));
	files[1].control_cost = files[0].control_cost;
	files[0].control = files[1].control = NULL;
	lab_compare(root, files, 2, &kernels);
	assert_true(refused_for("no control"));
}

static void what_is_not_the_same_work_is_refused(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[1].binary = "fedcba9876543210";
	lab_compare(root, files, 2, &kernels);
	assert_true(refused_for("the program"));
	files[1] = files[0];
	files[1].cpu = "max";
	lab_compare(root, files, 2, &kernels);
	assert_true(refused_for("the emulated CPU"));
	files[1] = files[0];
	files[1].seed = 2;
	lab_compare(root, files, 2, &kernels);
	assert_true(refused_for("another seed"));
	files[1] = files[0];
	files[1].points = 20;
	lab_compare(root, files, 2, &kernels);
	assert_true(refused_for("20 layouts, not 16"));
}

static void a_kernel_goes_by_its_package_s_version(void **state)
{
	struct lab_file files[] = {lab_usual("5.10.0-46-cloud-amd64", 1000),
				   lab_usual("6.19.0-rc1", 1000)};

	(void)state;
	files[0].version = "5.10.262-1";
	files[1].version = "bzImage";
	lab_compare(root, files, 2, &kernels);
	assert_string_equal(kernels.sides[0].name, "5.10.262");
	assert_string_equal(kernels.sides[1].name, "6.19.0");
}

/* Who builds kernels has several of one release. */
static void kernels_of_one_release_have_names_of_their_own(void **state)
{
	struct lab_file files[] = {lab_usual("6.12.0-cloud", 1000),
				   lab_usual("6.12.0-cloud", 1000),
				   lab_usual("6.12.0-cloud", 1000),
				   lab_usual("6.12.0", 1000),
				   lab_usual("6.18.0", 1000)};
	static const char *const versions[] = {"6.12.0-1", "bzImage-mine",
					       "bzImage-mine", "6.12.0-2",
					       "6.18.0-1"};
	static const char *const names[] = {"6.12.0-1", "bzImage-mine",
					    "bzImage-mine#2", "6.12.0-2",
					    "6.18.0"};

	(void)state;
	for (unsigned int i = 0; i < 5; i++)
		files[i].version = versions[i];
	lab_compare(root, files, 5, &kernels);
	for (unsigned int i = 0; i < 5; i++)
		assert_string_equal(kernels.sides[i].name, names[i]);
}

static void a_file_is_the_lab_s_where_it_counts_instructions(void **state)
{
	char path[SCRATCH_PATH_SIZE + 16];
	struct lab_file file = lab_usual("6.1.0", 1000);

	(void)state;
	snprintf(path, sizeof(path), "%s/one.jsonl", root);
	lab_write(path, &file);
	assert_true(kernels_is_lab(path));
	file.clock_unit = "ns";
	lab_write(path, &file);
	assert_false(kernels_is_lab(path));
	assert_false(kernels_is_lab("results/example/bench.jsonl"));
	assert_false(kernels_is_lab("/nowhere"));
}

static void all_of_it_is_printed(void **state)
{
	static const struct style style;
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1250)};
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	struct json *json;

	(void)state;
	files[1].mappings = 900;
	lab_compare(root, files, 2, &kernels);
	assert_int_equal(kernels_print(&kernels, &style, stream), 0);
	fclose(stream);
	assert_non_null(strstr(text, "the largest first"));
	assert_non_null(strstr(text, "+25.0 %"));
	assert_non_null(strstr(text, "mappings left"));
	assert_non_null(strstr(text, "instructions of a call"));
	assert_null(strstr(text, " ns"));
	free(text);
	json = kernels_json(&kernels);
	assert_int_equal(json_size(json_get(json, "kernels")), 2);
	assert_int_equal(json_size(json_get(json, "rows")), 2);
	json_free(json);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, each_setup, each_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_that_costs_more_at_all_points_is_dearer),
		TEST(a_difference_within_the_margin_is_the_same),
		TEST(a_difference_that_changes_sign_tells_nothing),
		TEST(points_are_paired_where_both_have_them),
		TEST(few_points_tell_no_change),
		TEST(a_change_is_against_the_last_kernel_that_has_the_row),
		TEST(the_largest_changes_come_first_whatever_their_sign),
		TEST(counts_that_differ_are_found),
		TEST(a_control_that_differs_refuses_all),
		TEST(what_is_not_the_same_work_is_refused),
		TEST(a_kernel_goes_by_its_package_s_version),
		TEST(kernels_of_one_release_have_names_of_their_own),
		TEST(a_file_is_the_lab_s_where_it_counts_instructions),
		TEST(all_of_it_is_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
