/* test_json - JSON lines are written whole or not at all, and read strictly. */
/* wrap: json_integer json_array_append_new json_object_set_new_nocheck */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "driver/json.h"

/* The library's calls that are made to fail: none while 0, else the n-th. */
static unsigned int fail_at;

static bool fails_now(void)
{
	return fail_at > 0 && --fail_at == 0;
}

void *__real_json_integer(long long value);
void *__wrap_json_integer(long long value)
{
	return fails_now() ? NULL : __real_json_integer(value);
}

int __real_json_array_append_new(void *array, void *value);
int __wrap_json_array_append_new(void *array, void *value)
{
	return __real_json_array_append_new(fails_now() ? NULL : array, value);
}

int __real_json_object_set_new_nocheck(void *object, const char *key,
				       void *value);
int __wrap_json_object_set_new_nocheck(void *object, const char *key,
				       void *value)
{
	return __real_json_object_set_new_nocheck(
		object, fails_now() ? NULL : key, value);
}

static struct json *parse(const char *text)
{
	char why[200];

	return json_parse(text, strlen(text), why, sizeof(why));
}

static void assert_refused(const char *text, size_t size, const char *word)
{
	char why[200] = "";

	assert_null(json_parse(text, size, why, sizeof(why)));
	if (strstr(why, word) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why, word);
}

static void assert_line(struct json *json, const char *expected)
{
	size_t size;
	char *line = json_line(json, &size);

	assert_non_null(line);
	assert_string_equal(line, expected);
	assert_int_equal(size, strlen(expected));
	free(line);
	json_free(json);
}

static void members_are_written_in_the_order_they_were_added(void **state)
{
	struct json *json = json_new_object();
	struct json *child = json_add_array(json, "list");

	(void)state;
	json_append_count(child, 7);
	json_append_signed(child, -7);
	json_append_text(child, "a\"b\n");
	json_append_real(child, 0.5);
	json_append_text(json_add_array(child, NULL), "x");
	json_add_count(json_append_object(child), "n", 1);
	json_add_bool(json, "yes", true);
	json_add_text(json, "none", NULL);
	json_add(json, "given", json_new_array());
	assert_line(json,
		    "{\"list\":[7,-7,\"a\\\"b\\n\",0.5,[\"x\"],{\"n\":1}],"
		    "\"yes\":true,\"none\":null,\"given\":[]}\n");
}

static void counts_above_the_signed_range_are_kept_as_its_end(void **state)
{
	struct json *json = json_new_array();

	(void)state;
	json_append_count(json, UINT64_MAX);
	json_append_count(json, (uint64_t)INT64_MAX + 1);
	json_append_signed(json, INT64_MIN);
	assert_line(json, "[9223372036854775807,9223372036854775807,"
			  "-9223372036854775808]\n");
}

static void numbers_that_are_not_finite_are_null(void **state)
{
	struct json *json = json_new_array();

	(void)state;
	json_append_real(json, __builtin_nan(""));
	json_append_real(json, -__builtin_inf());
	assert_line(json, "[null,null]\n");
}

static void
bytes_that_are_not_utf8_become_the_replacement_character(void **state)
{
	struct json *json = json_new_object();

	(void)state;
	json_add_text(json, "a\xff", "\xc3\xa9 \xc0\x80 \xed\xa0\x80 \xf0\x9f");
	assert_line(json, "{\"a\xef\xbf\xbd\":\"\xc3\xa9 "
			  "\xef\xbf\xbd\xef\xbf\xbd "
			  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
			  "\xef\xbf\xbd\xef\xbf\xbd\"}\n");
}

static void utf8_sequences_are_told_from_their_forgeries(void **state)
{
	static const struct {
		const char *text;
		size_t size;
	} cases[] = {
		{"a", 1},
		{"\xc2\x80", 2},
		{"\xdf\xbf", 2},
		{"\xe0\xa0\x80", 3},
		{"\xed\x9f\xbf", 3},
		{"\xee\x80\x80", 3},
		{"\xf0\x90\x80\x80", 4},
		{"\xf4\x8f\xbf\xbf", 4},
		{"", 0},
		{"\x80", 0},
		{"\xc1\xbf", 0},
		{"\xe0\x9f\xbf", 0},
		{"\xed\xa0\x80", 0},
		{"\xf0\x8f\xbf\xbf", 0},
		{"\xf4\x90\x80\x80", 0},
		{"\xf5\x80\x80\x80", 0},
		{"\xe2\x82", 0},
		{"\xe2\x82"
		 "a",
		 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			utf8_sequence(cases[i].text, strlen(cases[i].text)),
			cases[i].size);
}

static void what_is_written_is_read_back(void **state)
{
	struct json *json =
		parse("{\"a\":{\"b\":{\"n\":12,\"m\":-3,\"r\":2.5,\"t\":\"x\","
		      "\"f\":true}},\"l\":[1,\"two\",3.0]}\n");
	const struct json *list = json_get(json, "l");

	(void)state;
	assert_int_equal(json_count(json, "a.b.n", 0), 12);
	assert_int_equal(json_signed(json, "a.b.m", 0), -3);
	assert_float_equal(json_number(json, "a.b.r", 0), 2.5, 0);
	assert_float_equal(json_number(json, "a.b.n", 0), 12, 0);
	assert_string_equal(json_text(json, "a.b.t", ""), "x");
	assert_true(json_bool(json, "a.b.f", false));
	assert_true(json_is_bool(json_get(json, "a.b.f")));
	assert_true(json_is_object(json_get(json, "a.b")));
	assert_true(json_is_array(list));
	assert_int_equal(json_size(list), 3);
	assert_int_equal(json_own_count(json_item(list, 0), 0), 1);
	assert_string_equal(json_own_text(json_item(list, 1), ""), "two");
	assert_float_equal(json_own_number(json_item(list, 2), 0), 3, 0);
	json_free(json);
}

static void what_is_missing_or_of_another_kind_is_the_standard(void **state)
{
	struct json *json = parse("{\"n\":-1,\"r\":1.5,\"t\":\"x\",\"l\":[]}");
	char path[400];

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	assert_null(json_get(json, path));
	assert_null(json_get(json, "n.deeper"));
	assert_null(json_get(json, "l.0"));
	assert_null(json_get(NULL, "n"));
	assert_int_equal(json_count(json, "n", 9), 9);
	assert_int_equal(json_count(json, "r", 9), 9);
	assert_int_equal(json_count(json, "t", 9), 9);
	assert_int_equal(json_count(json, "absent", 9), 9);
	assert_float_equal(json_number(json, "t", 4), 4, 0);
	assert_null(json_text(json, "n", NULL));
	assert_true(json_bool(json, "n", true));
	assert_false(json_is_bool(json_get(json, "absent")));
	assert_null(json_item(json_get(json, "l"), 0));
	assert_int_equal(json_size(json), 0);
	json_free(json);
}

static void malformed_lines_are_refused_with_the_column(void **state)
{
	(void)state;
	assert_refused("{\"a\":1,}", 8, "column");
	assert_refused("", 0, "not JSON");
	assert_refused("{} {}", 5, "not JSON");
	assert_refused("{\"a\":01}", 8, "not JSON");
	assert_refused("{\"a\":1e999}", 11, "not JSON");
	assert_refused("{\"a\":9223372036854775808}", 25, "not JSON");
	assert_refused("NaN", 3, "not JSON");
}

static void a_key_that_stands_twice_is_refused(void **state)
{
	(void)state;
	assert_refused("{\"a\":1,\"a\":2}", 13, "duplicate");
}

static void bytes_that_are_not_utf8_and_nul_are_refused(void **state)
{
	(void)state;
	assert_refused("{\"a\":\"\xff\"}", 9, "decode");
	assert_refused("{\"a\":\"\xed\xa0\x80\"}", 11, "decode");
	assert_refused("{\"a\":\"\0\"}", 9, "not JSON");
	assert_refused("{}\0", 3, "not JSON");
	assert_refused("{\"a\":\"\\u0000\"}", 14, "not JSON");
	assert_refused("{\"a\\u0000b\":1}", 14, "not JSON");
}

static void nesting_is_limited_and_strings_do_not_count(void **state)
{
	char text[20000];
	struct json *json;

	(void)state;
	memset(text, '[', sizeof(text));
	assert_refused(text, sizeof(text), "nested");
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	text[JSON_DEPTH_MAX + JSON_DEPTH_MAX] = 0;
	json = parse(text);
	assert_non_null(json);
	json_free(json);
	memset(text, '[', 200);
	memcpy(text, "\"\\\"", 3);
	memcpy(text + 199, "\"", 2);
	json = parse(text);
	assert_non_null(json);
	json_free(json);
}

/* Every place at which memory can run out while a small tree is made. */
static void a_line_with_a_lost_member_is_never_written(void **state)
{
	FILE *sink = fopen("/dev/null", "w");
	unsigned int calls = 0;
	bool failed = true;

	(void)state;
	while (failed) {
		struct json *json = json_new_object();
		struct json *other = json_new_object();
		struct json *list;
		size_t size;
		char *line;

		fail_at = ++calls;
		list = json_add_array(json_add_object(json, "a"), "l");
		json_append_count(list, 1);
		json_append_count(json_append_array(list), 2);
		json_add_signed(json, "n", -1);
		failed = fail_at == 0;
		fail_at = 0;
		line = json_line(json, &size);
		assert_int_equal(line == NULL, failed);
		assert_int_equal(json_print(json, sink) != 0, failed);
		free(line);
		line = json_line(other, &size);
		assert_non_null(line);
		free(line);
		json_free(json);
		json_free(other);
	}
	fclose(sink);
	assert_int_equal(calls, 10);
}

static void a_missing_target_or_value_is_ignored_or_remembered(void **state)
{
	struct json *json = json_new_object();
	size_t size;

	(void)state;
	json_add_count(NULL, "n", 1);
	json_add(NULL, "n", json_new_object());
	assert_null(json_add_object(NULL, "o"));
	assert_null(json_append_array(NULL));
	json_free(NULL);
	assert_null(json_line(NULL, &size));
	json_add(json, "lost", NULL);
	assert_null(json_line(json, &size));
	json_free(json);
}

static void people_get_it_indented(void **state)
{
	struct json *json = parse("{\"a\":[1]}");
	char text[64] = "";
	FILE *stream = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_int_equal(json_print(json, stream), 0);
	fclose(stream);
	assert_string_equal(text, "{\n  \"a\": [\n    1\n  ]\n}\n");
	json_free(json);
}

static void note_key(void *context, const char *key, const struct json *value)
{
	char *keys = context;

	snprintf(keys + strlen(keys), 16 - strlen(keys), "%s", key);
	assert_true(json_own_count(value, 0) > 0);
}

static void members_are_visited_in_the_order_of_the_file(void **state)
{
	struct json *json = parse("{\"z\":1,\"a\":2,\"m.n\":3}");
	char keys[16] = "";

	(void)state;
	json_each(json, note_key, keys);
	assert_string_equal(keys, "zam.n");
	json_each(json_get(json, "z"), note_key, keys);
	json_each(NULL, note_key, keys);
	assert_string_equal(keys, "zam.n");
	json_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			members_are_written_in_the_order_they_were_added),
		cmocka_unit_test(
			counts_above_the_signed_range_are_kept_as_its_end),
		cmocka_unit_test(numbers_that_are_not_finite_are_null),
		cmocka_unit_test(
			bytes_that_are_not_utf8_become_the_replacement_character),
		cmocka_unit_test(utf8_sequences_are_told_from_their_forgeries),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(
			what_is_missing_or_of_another_kind_is_the_standard),
		cmocka_unit_test(malformed_lines_are_refused_with_the_column),
		cmocka_unit_test(a_key_that_stands_twice_is_refused),
		cmocka_unit_test(bytes_that_are_not_utf8_and_nul_are_refused),
		cmocka_unit_test(nesting_is_limited_and_strings_do_not_count),
		cmocka_unit_test(a_line_with_a_lost_member_is_never_written),
		cmocka_unit_test(
			a_missing_target_or_value_is_ignored_or_remembered),
		cmocka_unit_test(people_get_it_indented),
		cmocka_unit_test(members_are_visited_in_the_order_of_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
