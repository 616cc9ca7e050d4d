/*
 * test_drawing_kernels - the figures of a comparison of kernels show the calls
 * that change, what was first measured where, and what was not measured.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_kernels.h"
#include "driver/kernels.h"
#include "tests/lab_files.h"
#include "tests/scratch.h"

static char root[SCRATCH_PATH_SIZE];
static struct kernels kernels;
static struct drawings drawings;

static int each_setup(void **state)
{
	(void)state;
	scratch_open(root);
	return 0;
}

static int each_teardown(void **state)
{
	(void)state;
	drawings_free(&drawings);
	kernels_free(&kernels);
	memset(&drawings, 0, sizeof(drawings));
	scratch_close(root);
	return 0;
}

static void draw(const struct lab_file *files, unsigned int count)
{
	lab_compare(root, files, count, &kernels);
	assert_int_equal(drawings_kernels(&kernels, &drawings), 0);
	assert_int_equal(drawings.count, 2);
}

/* Both figures have the line. */
static void has(const char *line)
{
	for (unsigned int i = 0; i < 2; i++)
		if (!strstr(drawings.list[i].data, line))
			fail_msg("no '%s' in:\n%s", line,
				 drawings.list[i].data);
}

static void a_call_that_changes_is_a_row_of_ratios_to_the_first(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1250),
				   lab_usual("6.18.0", 1250)};

	(void)state;
	draw(files, 3);
	has("series\trole\tlabel\tallocator\tkernel\tkernel_name\t"
	    "instructions\tratio\tverdict\tis_first\n");
	has("\n1\trow\tgrow, copy, vector-growth:last=1M\tcopy\t1\t6.1.0\t"
	    "1007.5\t1\t0\t1\n");
	has("\t2\t6.12.0\t1259.25\t1.24988\t1\t0\n");
	has("\t3\t6.18.0\t1259.25\t1.24988\t0\t0\n");
	/* The control does not change, and is no row. */
	assert_null(strstr(drawings.list[0].data, "control"));
	assert_non_null(strstr(drawings.list[0].workload, "; 1 changes"));
	assert_string_equal(drawings.list[0].stem, "kernels");
	assert_string_equal(drawings.list[1].stem, "kernel-steps");
}

static void
what_was_not_measured_is_empty_and_the_next_is_the_first(void **state)
{
	struct lab_file files[] = {lab_usual("5.4.0", 1000),
				   lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 500)};

	(void)state;
	files[0].skipped = "Invalid argument";
	draw(files, 3);
	has("\t1\t5.4.0\t\t\t3\t0\n");
	has("\t2\t6.1.0\t1007.5\t1\t0\t1\n");
	has("\t3\t6.12.0\t");
	has("\t-1\t0\n");
}

static void a_change_that_is_not_told_says_so(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 2000),
				   lab_usual("6.18.0", 2500)};

	(void)state;
	files[2].growth[3] = 1500;
	draw(files, 3);
	has("\t2\t0\n");
}

static void where_nothing_changes_nothing_is_drawn(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	draw(files, 2);
	for (unsigned int i = 0; i < 2; i++) {
		assert_null(drawings.list[i].data);
		assert_non_null(strstr(drawings.list[i].why_not, "nothing"));
	}
}

static void names_of_files_are_cut_and_made_visible(void **state)
{
	struct lab_file files[] = {
		lab_usual("next-0123456789-0123456789-abcd", 1000),
		lab_usual("\\u0007\\tx", 2000)};

	(void)state;
	draw(files, 2);
	has("\tnext-0123456…456789-abcd\t");
	has("\t2\t??x\t");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, each_setup, each_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_that_changes_is_a_row_of_ratios_to_the_first),
		TEST(what_was_not_measured_is_empty_and_the_next_is_the_first),
		TEST(a_change_that_is_not_told_says_so),
		TEST(where_nothing_changes_nothing_is_drawn),
		TEST(names_of_files_are_cut_and_made_visible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
