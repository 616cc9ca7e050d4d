/* test_json_keep - members that are kept stay as they are, others go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/json_keep.h"

static const char *const wanted[] = {"a", "in.b", "in.deep.c", "d.e", NULL};

/* Text in a place of its own, so that reading past its end is seen. */
static char *keep(const char *text, size_t size, size_t *kept)
{
	char *exact = malloc(size > 0 ? size : 1), *out;

	assert_non_null(exact);
	memcpy(exact, text, size);
	out = json_keep(exact, size, wanted, kept);
	free(exact);
	return out;
}

static void becomes(const char *text, const char *expected)
{
	size_t size;
	char *out = keep(text, strlen(text), &size);

	assert_non_null(out);
	assert_int_equal(size, strlen(expected));
	assert_memory_equal(out, expected, size);
	free(out);
}

static void is_not_taken(const char *text)
{
	size_t size;

	assert_null(keep(text, strlen(text), &size));
}

static void members_that_are_not_named_are_left_out(void **state)
{
	(void)state;
	becomes("{\"a\":1,\"x\":2}", "{\"a\":1}");
	becomes("{\"x\":2,\"a\":1}", "{\"a\":1}");
	becomes("{\"x\":2,\"y\":3}", "{}");
	becomes("{\"x\":[1,{\"a\":3}],\"a\":[{\"x\":1},\"]\"]}",
		"{\"a\":[{\"x\":1},\"]\"]}");
	becomes("{}", "{}");
	becomes("{\"ab\":1,\"\":2}", "{}");
}

static void members_inside_are_named_by_their_paths(void **state)
{
	(void)state;
	becomes("{\"in\":{\"x\":1,\"b\":2,\"deep\":{\"c\":3,\"x\":4}},\"a\":5}",
		"{\"in\":{\"b\":2,\"deep\":{\"c\":3}},\"a\":5}");
	becomes("{\"in\":{\"x\":1}}", "{\"in\":{}}");
	becomes("{\"deep\":{\"c\":3},\"b\":1}", "{}");
	/* What is no object stays, so that its reader can complain. */
	becomes("{\"in\":7,\"d\":[1]}", "{\"in\":7,\"d\":[1]}");
}

static void quotes_and_brackets_in_strings_are_text(void **state)
{
	(void)state;
	becomes("{\"x\":\"}\\\"{\",\"a\":\"\\\\\",\"y\":\"\\\\\\\"\"}",
		"{\"a\":\"\\\\\"}");
	becomes("{\"x}\":1,\"a\":\",\"}", "{\"a\":\",\"}");
}

static void blanks_are_no_matter(void **state)
{
	(void)state;
	becomes(" { \"x\" : 1 , \"a\" : 2 } ", "{\"a\" : 2 }");
	becomes("{\t\"in\":\r\n{ } }", "{\"in\":\r\n{}}");
}

static void what_does_not_end_is_not_taken(void **state)
{
	static const char text[] = "{\"a\":[1,\"\\\"\"],\"in\":{\"b\":{}}}";
	size_t size;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text) - 1; i++)
		assert_null(keep(text, i, &size));
	becomes(text, text);
}

static void what_is_no_object_is_not_taken(void **state)
{
	(void)state;
	is_not_taken("[]");
	is_not_taken("\"a\"");
	is_not_taken("{}}");
	is_not_taken("{} {}");
	is_not_taken("{\"a\"}");
	is_not_taken("{\"a\":1,}");
	is_not_taken("{a:1}");
	is_not_taken("{\"in\":{\"b\":1]}");
	is_not_taken("{\"a\":1 \"b\":2");
}

static void long_paths_are_left_out(void **state)
{
	char text[200];

	(void)state;
	snprintf(text, sizeof(text), "{\"%0100d\":1,\"in\":{\"%080d\":2}}", 0,
		 0);
	becomes(text, "{\"in\":{}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_that_are_not_named_are_left_out),
		cmocka_unit_test(members_inside_are_named_by_their_paths),
		cmocka_unit_test(quotes_and_brackets_in_strings_are_text),
		cmocka_unit_test(blanks_are_no_matter),
		cmocka_unit_test(what_does_not_end_is_not_taken),
		cmocka_unit_test(what_is_no_object_is_not_taken),
		cmocka_unit_test(long_paths_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
