/* test_lab - facts of a machine of the lab: taken as they are, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/lab.h"
#include "tests/scratch.h"

static char path[SCRATCH_PATH_SIZE];
static char why[512];

static struct json *facts_of(const char *text)
{
	int file = scratch_file(path);
	struct json *facts;

	assert_int_equal(write(file, text, strlen(text)),
			 (ssize_t)strlen(text));
	close(file);
	why[0] = '\0';
	facts = lab_read(path, why, sizeof(why));
	unlink(path);
	return facts;
}

static void refused(const char *text, const char *reason)
{
	assert_null(facts_of(text));
	assert_non_null(strstr(why, reason));
	assert_non_null(strstr(why, path));
}

static void test_facts_are_taken_with_all_their_members(void **state)
{
	struct json *facts = facts_of(
		"{\"clock_unit\":\"instructions\",\"emulator\":\"QEMU\"}\n");

	(void)state;
	assert_non_null(facts);
	assert_string_equal(json_text(facts, "clock_unit", ""),
			    LAB_INSTRUCTIONS);
	assert_string_equal(json_text(facts, "emulator", ""), "QEMU");
	json_free(facts);
	facts = facts_of("{\"clock_unit\":\"ns\"}");
	assert_non_null(facts);
	json_free(facts);
}

static void test_a_clock_that_counts_something_else_is_refused(void **state)
{
	(void)state;
	refused("{\"clock_unit\":\"cycles\"}\n", "clock_unit");
	refused("{\"clock_unit\":1}\n", "clock_unit");
	refused("{}\n", "clock_unit");
}

static void test_what_is_no_object_is_refused(void **state)
{
	(void)state;
	refused("", "empty");
	refused("[]\n", "object");
	refused("{\"clock_unit\":\n", "");
}

static void test_a_file_that_is_not_there_is_named(void **state)
{
	(void)state;
	assert_null(lab_read("/nowhere/lab.json", why, sizeof(why)));
	assert_non_null(strstr(why, "/nowhere/lab.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts_are_taken_with_all_their_members),
		cmocka_unit_test(
			test_a_clock_that_counts_something_else_is_refused),
		cmocka_unit_test(test_what_is_no_object_is_refused),
		cmocka_unit_test(test_a_file_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
