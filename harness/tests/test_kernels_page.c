/*
 * test_kernels_page - a comparison of kernels as people, GitHub and programs
 * read it: counts that differ and that do not, what could not be measured.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/kernels.h"
#include "driver/kernels_print.h"
#include "tests/lab_files.h"
#include "tests/printed.h"
#include "tests/scratch.h"

#define PAGE "results/TABLE.md"
#define CHAPTER "# Kernels as JSON"

static const struct style plain;
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
	printed_free();
	scratch_close(root);
	return 0;
}

static void print(const struct lab_file *files, unsigned int count)
{
	FILE *stream = printed_open();

	lab_compare(root, files, count, &kernels);
	assert_int_equal(kernels_print(&kernels, &plain, stream), 0);
	fclose(stream);
}

static void print_markdown(const struct lab_file *files, unsigned int count)
{
	FILE *stream = printed_open();

	lab_compare(root, files, count, &kernels);
	assert_int_equal(kernels_markdown(&kernels, stream), 0);
	fclose(stream);
}

static void the_errors_that_calls_gave_are_counts(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[0].refused = 32;
	print(files, 2);
	/* None of that name is 0 where calls were looked at. */
	says("\ncalls failed          copy          32       0   2\n");
	says("\ncalls failed: EFAULT  copy          32       0   2\n");
	files[0].by_pte = 2097152;
	files[1].by_pte = 0;
	print(files, 2);
	says("\nbytes movable by PTE  copy       2097152       0   2\n");
}

static void counts_that_are_the_same_are_rows_as_well(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[0].refused = files[1].refused = 32;
	files[1].mappings = 4;
	print(files, 2);
	says("The same on all kernels that measured it");
	says("\n 2  copy       calls failed 32, calls failed: EFAULT 32, "
	     "growths in place 1, growths moved 1,\n"
	     "               exact 1\n");
	says("\nmappings left  copy           3       4   2\n");
	/* What is 0 everywhere is not worth a word. */
	does_not_say("growths failed 0");
}

static void counts_of_two_modes_of_a_workload_are_apart(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		files[i].control = "vector-growth:last=1M";
		files[i].thp = "madvise";
		files[i].refused = 7;
	}
	print(files, 2);
	says("\n 1  copy       growths in place 1,");
	says("\n 2  copy       calls failed 7,");
}

static void long_names_that_differ_at_their_end_are_told_apart(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.192", 1000),
				   lab_usual("6.1.192", 1500)};

	(void)state;
	files[0].version = "6.1.192-with-a-change-of-ours-1";
	files[1].version = "6.1.192-with-a-change-of-ours-2";
	print(files, 2);
	says(" 6.1.192-with-a-change-of-ours-1 to "
	     "6.1.192-with-a-change-of-ours-2 ");
}

static void a_cell_that_one_kernel_skips_is_a_row_with_the_reason(void **state)
{
	struct lab_file files[] = {lab_usual("5.4.0", 1000),
				   lab_usual("5.6.0", 1000),
				   lab_usual("5.10.0", 1000)};

	(void)state;
	files[0].skipped = files[1].skipped = "mremap: Invalid argument";
	print(files, 3);
	says("What was not measured on some kernel");
	says("\ncopy       5.4.0 to 5.6.0  2   skipped: mremap: Invalid "
	     "argument\n");
	assert_true(kernels.absences[0].differs);
	says("\ngrow  copy           -      -    1008  same\n");
	files[1].skipped = NULL;
	print(files, 3);
	says("\ncopy       5.4.0    2   skipped: mremap: Invalid argument\n");
}

static void what_no_kernel_measured_is_said_of_all(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[0].skipped = files[1].skipped = "no such library";
	print(files, 2);
	says("\ncopy       all      -   skipped: no such library\n");
	assert_false(kernels.absences[0].differs);
	files[1].skipped = "no such file";
	print(files, 2);
	says("\ncopy       6.1.0    -   skipped: no such library\n");
	says("\ncopy       6.12.0   -   skipped: no such file\n");
	assert_true(kernels.absences[0].differs);
}

static void nothing_of_a_file_reaches_the_terminal_as_it_is(void **state)
{
	struct lab_file files[] = {lab_usual("\\u001b[2J", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[0].skipped = "\\u001b[31mred";
	print(files, 2);
	says("?[2J");
	says("skipped: ?[31mred");
	does_not_say("\033");
}

/* Bars of a line that divide cells. */
static unsigned int bars(const char *line)
{
	unsigned int count = 0;

	for (const char *byte = line; *byte && *byte != '\n'; byte++)
		count += *byte == '|' && (byte == line || byte[-1] != '\\');
	return count;
}

/* All lines of a table have as many cells as its head; returns the tables. */
static unsigned int tables(void)
{
	unsigned int count = 0, head = 0;

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		if (*line != '|') {
			head = 0;
			continue;
		}
		count += head == 0;
		head = head ? head : bars(line);
		assert_int_equal(bars(line), head);
	}
	return count;
}

static void markdown_has_the_same_in_tables(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1250)};

	(void)state;
	files[1].mappings = 900;
	print_markdown(files, 2);
	says("### regrow compare\n\n- **kernel:** 6.1.0 ");
	says("\n#### What changed from one kernel to the next");
	says("\n| call | allocator | kernels | before | after | change | of "
	     "|\n| --- | --- | --- | ---: | ---: | ---: | ---: |\n"
	     "| grow | copy | 6.1.0 to 6.12.0 | 1008 | 1259 | +25.0 % ");
	says("\n#### 2: vector-growth:last=1M, THP never: instructions of a "
	     "call, median of 16 layouts\n\n| call | allocator | 6.1.0 | "
	     "6.12.0 | verdict |\n");
	says("\n| mappings left | copy | 3 | 900 | 2 |\n");
	says("\n| 2 | copy | growths in place 1, growths moved 1, exact 1 |\n");
	assert_int_equal(tables(), 5);
}

static void what_comes_from_files_stays_text_in_markdown(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1000)};

	(void)state;
	files[0].skipped = "a | b <img src=x> *c* @d";
	files[1].kernel = "6.12.0|<b>";
	files[1].version = "`x`|y";
	print_markdown(files, 2);
	says("skipped: a \\| b &lt;img src=x\\> \\*c\\* @\u200bd |\n");
	says("6.12.0\\|&lt;b\\>, \\`x\\`\\|y");
	does_not_say("<img");
	does_not_say("<b>");
	assert_int_equal(tables(), 4);
}

/* The page's chapter on kernels, malloc'ed. */
static char *chapter(void)
{
	FILE *file = fopen(PAGE, "re");
	char *page = calloc(1, 1 << 20);
	char *begin, *end;

	assert_non_null(file);
	assert_non_null(page);
	assert_true(fread(page, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	begin = strstr(page, CHAPTER "\n");
	assert_non_null(begin);
	end = strstr(begin + 1, "\n# ");
	if (end)
		*end = 0;
	memmove(page, begin, strlen(begin) + 1);
	return page;
}

struct keys {
	unsigned int count;
	const char *list[64];
};

static bool is_known(const struct keys *keys, const char *key)
{
	for (unsigned int i = 0; i < keys->count; i++)
		if (strcmp(keys->list[i], key) == 0)
			return true;
	return false;
}

static void collect(void *context, const char *key, const struct json *value)
{
	struct keys *keys = context;

	if (!is_known(keys, key)) {
		assert_true(keys->count < 64);
		keys->list[keys->count++] = key;
	}
	if (json_is_object(value))
		json_each(value, collect, keys);
	for (unsigned int i = 0; i < json_size(value); i++)
		if (json_is_object(json_item(value, i)))
			json_each(json_item(value, i), collect, keys);
}

/* Each word in backticks that could be a field is one. */
static unsigned int page_check(const char *page, const struct keys *keys)
{
	unsigned int count = 0;
	char word[64];
	int length;

	for (const char *tick = strchr(page, '`'); tick;
	     tick = strchr(tick + 1, '`')) {
		length = 0;
		if (sscanf(tick, "`%63[a-z_]%n", word, &length) != 1 ||
		    (strncmp(tick + length, "[]`", 3) != 0 &&
		     tick[length] != '`'))
			continue;
		tick = strchr(tick + 1, '`');
		if (!is_known(keys, word))
			fail_msg("%s names %s, which is not printed", PAGE,
				 word);
		count++;
	}
	return count;
}

static void every_field_is_on_the_page_and_no_other(void **state)
{
	struct lab_file files[] = {lab_usual("6.1.0", 1000),
				   lab_usual("6.12.0", 1250),
				   lab_usual("6.18.0", 1250)};
	struct keys keys = {0};
	struct json *json;
	char *page = chapter();
	char word[80];

	(void)state;
	files[2].skipped = "why not";
	lab_compare(root, files, 3, &kernels);
	json = kernels_json(&kernels);
	json_each(json, collect, &keys);
	assert_true(keys.count > 30);
	for (unsigned int i = 0; i < keys.count; i++) {
		snprintf(word, sizeof(word), "`%s`", keys.list[i]);
		if (strstr(page, word))
			continue;
		snprintf(word, sizeof(word), "`%s[]`", keys.list[i]);
		if (!strstr(page, word))
			fail_msg("%s does not name %s", PAGE, keys.list[i]);
	}
	assert_true(page_check(page, &keys) >= keys.count);
	json_free(json);
	free(page);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, each_setup, each_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_errors_that_calls_gave_are_counts),
		TEST(counts_that_are_the_same_are_rows_as_well),
		TEST(counts_of_two_modes_of_a_workload_are_apart),
		TEST(long_names_that_differ_at_their_end_are_told_apart),
		TEST(a_cell_that_one_kernel_skips_is_a_row_with_the_reason),
		TEST(what_no_kernel_measured_is_said_of_all),
		TEST(nothing_of_a_file_reaches_the_terminal_as_it_is),
		TEST(markdown_has_the_same_in_tables),
		TEST(what_comes_from_files_stays_text_in_markdown),
		TEST(every_field_is_on_the_page_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
