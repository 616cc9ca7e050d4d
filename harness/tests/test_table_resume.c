/* test_table_resume - a table says that its run was taken up again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>

#include "driver/results.h"
#include "driver/table.h"
#include "tests/example_file.h"
#include "tests/scratch.h"

static char path[SCRATCH_PATH_SIZE];
static struct results results;
static char *printed;
static struct json *table;

/* The example, taken up again so often; its table and its JSON. */
static void resume(unsigned int times, unsigned int forced)
{
	struct style style = {.utf8 = false};
	char why[256];
	FILE *stream;
	size_t size;

	for (unsigned int i = 0; i < times; i++) {
		struct json *line = example_resume(i, times - i <= forced);
		char *text = json_line(line, &size);

		stream = fopen(path, "a");
		assert_non_null(stream);
		fputs(text, stream);
		fclose(stream);
		free(text);
		json_free(line);
	}
	if (results_read(&results, path, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	stream = open_memstream(&printed, &size);
	assert_non_null(stream);
	assert_int_equal(table_print(results.files[0], &style, stream), 0);
	fclose(stream);
	table = table_json(results.files[0]);
	assert_non_null(table);
	assert_int_equal(json_count(table, "resumed", 99), times);
	assert_int_equal(json_count(table, "forced", 99), forced);
}

static int write_example(void **state)
{
	(void)state;
	close(scratch_file(path));
	return example_file(path);
}

static int remove_example(void **state)
{
	(void)state;
	results_free(&results);
	json_free(table);
	free(printed);
	return unlink(path);
}

static void says(const char *text)
{
	if (strstr(printed, text) == NULL)
		fail_msg("'%s' is not in:\n%s", text, printed);
}

static void a_run_of_one_start_says_nothing_of_others(void **state)
{
	(void)state;
	resume(0, 0);
	assert_null(strstr(printed, "resumed"));
}

static void how_often_it_was_resumed_is_told(void **state)
{
	(void)state;
	resume(1, 0);
	says("\nresumed: once\n");
}

static void several_times_are_counted(void **state)
{
	(void)state;
	resume(3, 0);
	says("\nresumed: 3 times\n");
}

static void what_was_forced_is_told(void **state)
{
	(void)state;
	resume(3, 1);
	says("\nresumed: 3 times, forced once although something differed: "
	     "machine.kernel 6.18.0 -> 6.19.0\n");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, write_example, remove_example)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_run_of_one_start_says_nothing_of_others),
		TEST(how_often_it_was_resumed_is_told),
		TEST(several_times_are_counted),
		TEST(what_was_forced_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
