/* test_preload_report - the line of JSON that a process leaves at its end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "driver/json.h"
#include "preload/report.h"

static struct report report;
static char line[REPORT_SIZE];

/* The line as JSON; it is one whole line. */
static struct json *written(void)
{
	size_t size = report_write(&report, line);
	char why[128];
	struct json *json;

	assert_true(size < REPORT_SIZE);
	assert_int_equal(line[size - 1], '\n');
	assert_ptr_equal(memchr(line, '\n', size), line + size - 1);
	json = json_parse(line, size - 1, why, sizeof(why));
	if (!json)
		fail_msg("%s: %s", why, line);
	return json;
}

static void assert_has(const char *text)
{
	if (!strstr(line, text))
		fail_msg("'%s' lacks '%s'", line, text);
}

static void counts_stand_under_the_names_of_a_sample(void **state)
{
	(void)state;
	report = (struct report){.pid = 7, .program = "x", .from = 65536};
	report.allocator = "copy-realloc";
	report.tally.growths[OUTCOME_IN_PLACE] = 3;
	report.tally.growths[OUTCOME_FAILED] = 4;
	report.tally.bytes_copied = 5;
	report.tally.bytes_moved = 6;
	report.tally.moves[MOVE_PMD_EQUAL] = 8;
	report.tally.moves_bytes[MOVE_MISMATCHED] = 9;
	report.tally.destinations_owned = 10;
	report.tally.refills[REFILL_TAKEN] = 11;
	report.tally.failed_calls[ENOMEM] = 12;
	report.served.allocs = 13;
	report.served.left_bytes = 14;
	report.live.bytes_max = 15;
	json_free(written());
	assert_has("{\"type\":\"preload\",\"format\":1,\"pid\":7,"
		   "\"forked\":false,\"program\":\"x\","
		   "\"allocator\":\"copy-realloc\",\"from_bytes\":65536,"
		   "\"served\":{\"allocs\":13,");
	assert_has("\"left_bytes\":14,");
	assert_has("\"live_bytes_max\":15}");
	assert_has("\"outcomes\":{\"slack\":0,\"in_place\":3,\"moved\":0,"
		   "\"copied\":0,\"failed\":4}");
	assert_has("\"bytes_copied\":5,\"bytes_moved\":6,\"moves\":{");
	assert_has("\"pmd_equal\":8,");
	assert_has("\"mismatched_bytes\":9}");
	assert_has("\"destinations\":{\"owned\":10,\"fresh\":0}");
	assert_has("\"taken\":11");
	assert_has("\"failed_calls\":{\"ENOMEM\":12}}");
}

static void no_allocator_is_no_field(void **state)
{
	(void)state;
	report = (struct report){.program = "x", .forked = true};
	json_free(written());
	assert_null(strstr(line, "allocator"));
	assert_has("\"forked\":true");
	assert_has("\"failed_calls\":{}}");
}

static void any_program_name_makes_good_json(void **state)
{
	char name[600];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(name) - 1; i++)
		name[i] = (char)(i % 255 + 1);
	name[sizeof(name) - 1] = '\0';
	report = (struct report){.program = name};
	json_free(written());
	report.program = "a\"b\\c\x01\xff";
	json_free(written());
	assert_has("\"program\":\"a?b?c??\"");
}

static void the_longest_line_fits(void **state)
{
	static char name[SPEC_TEXT_MAX];

	(void)state;
	memset(&report, 0xff, sizeof(report));
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	report.program = name;
	report.allocator = name;
	report.forked = true;
	assert_true(report_write(&report, line) < REPORT_SIZE - 1);
	assert_ptr_equal(strstr(line, "}}\n") + 3, line + strlen(line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_stand_under_the_names_of_a_sample),
		cmocka_unit_test(no_allocator_is_no_field),
		cmocka_unit_test(any_program_name_makes_good_json),
		cmocka_unit_test(the_longest_line_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
