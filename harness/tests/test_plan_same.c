/* test_plan_same - what makes two plans the same, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>

#include <cmocka.h>

#include "driver/plan_same.h"
#include "tests/scratch.h"

#define PLAN                                                                   \
	"{\"plan\":{\"seed\":1,\"rounds\":3,\"budget_ns\":60,\"precision\":"   \
	"0.01,\"margin\":0.0,\"settle_ns\":0,\"repeat\":1,\"counts\":0,"       \
	"\"sweep\":4,\"groups\":[{\"workload\":\"w:a=1\",\"contents\":"        \
	"\"c0ffee\",\"thp\":\"never\",\"layout\":\"standard\",\"sample_ns\":"  \
	"7,\"clock\":\"wall\",\"pilot\":{\"samples\":6},\"estimate\":{"        \
	"\"threads\":1}}],\"cells\":[{\"group\":0,\"role\":\"planted\","       \
	"\"allocator\":\"a:b=2\",\"planted_percent\":5,\"planted_iterations\"" \
	":9,\"skipped\":\"\"}]}}"

static char why[512];

static struct json *parsed(const char *text)
{
	struct json *json = json_parse(text, strlen(text), why, sizeof(why));

	assert_non_null(json);
	return json;
}

/* Whether the plan is that of a text in which from is to instead. */
static bool same_with(const char *from, const char *to)
{
	const char *at = strstr(PLAN, from);
	char text[2048];
	struct json *one = parsed(PLAN);
	struct json *other;
	bool same;

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - PLAN), PLAN, to,
		 at + strlen(from));
	other = parsed(text);
	why[0] = '\0';
	same = plan_same(one, other, why, sizeof(why));
	assert_int_equal(same, why[0] == '\0');
	json_free(one);
	json_free(other);
	return same;
}

static void what_is_asked_for_makes_the_difference(void **state)
{
	(void)state;
	assert_true(same_with("\"seed\":1", "\"seed\":1"));
	assert_false(same_with("\"seed\":1", "\"seed\":2"));
	assert_non_null(strstr(why, "\"seed\":2"));
	assert_false(same_with("\"seed\":1,", ""));
	assert_false(same_with("\"rounds\":3", "\"rounds\":4"));
	assert_false(same_with("\"budget_ns\":60", "\"budget_ns\":61"));
	assert_false(same_with("0.01", "0.02"));
	assert_false(same_with("\"margin\":0.0", "\"margin\":0.05"));
	assert_false(same_with("\"settle_ns\":0", "\"settle_ns\":1"));
	assert_false(same_with("\"repeat\":1", "\"repeat\":2"));
	assert_false(same_with("\"counts\":0", "\"counts\":1"));
	assert_false(same_with("\"sweep\":4", "\"sweep\":5"));
	assert_false(same_with("w:a=1", "w:a=2"));
	assert_false(same_with("c0ffee", "beef"));
	assert_false(same_with("never", "madvise"));
	assert_false(same_with("standard", "legacy"));
	assert_false(same_with("\"group\":0", "\"group\":1"));
	assert_false(same_with("\"planted\",", "\"row\","));
	assert_false(same_with("a:b=2", "a:b=3"));
	assert_false(
		same_with("\"planted_percent\":5", "\"planted_percent\":10"));
}

static void what_a_machine_finds_makes_none(void **state)
{
	(void)state;
	assert_true(same_with("\"sample_ns\":7", "\"sample_ns\":8"));
	assert_true(same_with("wall", "cpu"));
	assert_true(same_with("\"samples\":6", "\"samples\":5"));
	assert_true(same_with("\"threads\":1", "\"threads\":2"));
	assert_true(same_with("\"planted_iterations\":9",
			      "\"planted_iterations\":0"));
	assert_true(same_with("\"skipped\":\"\"", "\"skipped\":\"no\""));
}

static void lists_of_another_length_or_kind_are_not_the_same(void **state)
{
	(void)state;
	assert_false(same_with("\"cells\":[", "\"cells\":[{},"));
	assert_false(same_with("\"groups\":[", "\"groups\":[{},"));
	assert_false(same_with("\"cells\":[", "\"cellar\":["));
	assert_false(same_with("\"plan\":{", "\"plot\":{"));
}

static void files_say_what_is_wrong_with_them(void **state)
{
	char folder[SCRATCH_PATH_SIZE], one[96], other[96];

	(void)state;
	scratch_open(folder);
	snprintf(one, sizeof(one), "%s/one", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	scratch_write(folder, "one", PLAN "\n{\"type\":\"sample\"}\n");
	scratch_write(folder, "other", PLAN "\n");
	assert_int_equal(plan_same_files(one, other, why, sizeof(why)), 0);
	scratch_write(folder, "other", "{\"plan\":{\"seed\":2}}\n");
	assert_int_equal(plan_same_files(one, other, why, sizeof(why)),
			 -ESTALE);
	assert_non_null(strstr(why, "is of another plan than"));
	scratch_write(folder, "other", "{\"type\":\"run\"}\n");
	assert_int_equal(plan_same_files(one, other, why, sizeof(why)),
			 -EBADMSG);
	assert_non_null(strstr(why, "holds none"));
	assert_int_equal(plan_same_files(other, one, why, sizeof(why)),
			 -EBADMSG);
	scratch_write(folder, "other", "");
	assert_int_equal(plan_same_files(one, other, why, sizeof(why)),
			 -EBADMSG);
	scratch_write(folder, "other", "[1");
	assert_int_equal(plan_same_files(one, other, why, sizeof(why)),
			 -EBADMSG);
	assert_int_equal(plan_same_files(one, "/nowhere", why, sizeof(why)),
			 -ENOENT);
	scratch_close(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_for_makes_the_difference),
		cmocka_unit_test(what_a_machine_finds_makes_none),
		cmocka_unit_test(
			lists_of_another_length_or_kind_are_not_the_same),
		cmocka_unit_test(files_say_what_is_wrong_with_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
