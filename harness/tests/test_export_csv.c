/* test_export_csv - a row for each sample, which no spreadsheet executes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/export.h"
#include "tests/exported.h"

#define COLUMNS_MAX 256
#define ROWS_MAX 64

static char *fields[ROWS_MAX][COLUMNS_MAX];
static unsigned int rows, columns;

/* Takes the quotes off a field in place; returns what follows it. */
static char *take_field(char *at, char **field)
{
	char *to = at;

	*field = at;
	if (*at != '"') {
		at += strcspn(at, ",\r");
	} else {
		for (at++; *at != 0; *to++ = *at++) {
			if (*at == '"' && at[1] != '"')
				break;
			at += *at == '"';
		}
		assert_int_equal(*at, '"');
		at++;
	}
	assert_true(*at == ',' || (*at == '\r' && at[1] == '\n'));
	if (**field == '"' || to != *field)
		*to = 0;
	return at;
}

/* By the rules of RFC 4180; every row must have as many fields. */
static void parse(void)
{
	char *at = exported_text;

	for (rows = 0; *at != 0; rows++) {
		unsigned int column = 0;
		char separator = ',';

		while (separator == ',') {
			assert_true(rows < ROWS_MAX && column < COLUMNS_MAX);
			at = take_field(at, &fields[rows][column++]);
			separator = *at;
			*at = 0;
			at += separator == ',' ? 1 : 2;
		}
		if (rows == 0)
			columns = column;
		assert_int_equal(column, columns);
	}
}

static const char *value(unsigned int row, const char *column)
{
	for (unsigned int i = 0; i < columns; i++)
		if (strcmp(fields[0][i], column) == 0)
			return fields[row][i];
	fail_msg("there is no column %s", column);
	return NULL;
}

/* The example twice. */
static int export_example(void **state)
{
	const char *const paths[] = {exported_path, exported_path};

	if (exported_open(state) != 0 || exported(&export_csv, paths, 2) != 0)
		return -1;
	parse();
	return 0;
}

static void there_is_a_row_for_each_sample_of_each_file(void **state)
{
	(void)state;
	assert_int_equal(rows, 1 + 2 * 4 * (EXAMPLE_ROUNDS + 1));
	assert_string_equal(fields[0][0], "file");
	assert_string_equal(value(1, "file"), exported_path);
	assert_string_equal(value(1, "pass"), "checking");
	assert_string_equal(value(2, "pass"), "timing");
	assert_string_equal(value(2, "role"), "reference");
	assert_string_equal(value(20, "allocator"),
			    "mremap-fixed-fallback:threshold=8M");
	assert_string_equal(value(20, "workload"), "vector-growth:scale=S");
	assert_string_equal(value(20, "round"), "3");
	assert_string_equal(value(20, "valid"), "true");
	assert_string_equal(value(20, "taint"),
			    "switches;waited;migrated;pressure;probe gaps;thp;"
			    "throttled");
	assert_string_equal(value(20, "kernel"), "6.18.0");
	assert_string_equal(value(20, "clock_unit"), "ns");
}

static void figures_stand_under_their_names(void **state)
{
	static struct sample_answer answer;
	char number[24];

	(void)state;
	example_answer(&answer, 3021);
	snprintf(number, sizeof(number), "%llu",
		 (unsigned long long)answer.wall_ns);
	assert_string_equal(value(20, "time.wall_ns"), number);
	snprintf(number, sizeof(number), "%lld",
		 (long long)(answer.final.holes.holes -
			     answer.before.holes.holes));
	assert_int_equal(number[0], '-');
	assert_string_equal(value(20, "map.final.holes"), number);
	snprintf(number, sizeof(number), "%llu",
		 (unsigned long long)answer.tally.failed_calls[ENOMEM]);
	assert_string_equal(value(20, "failed_calls.ENOMEM"), number);
	snprintf(number, sizeof(number), "%llu",
		 (unsigned long long)answer.counters[1].value);
	assert_string_equal(value(20, "counters.mmap:vm_unmapped_area.value"),
			    number);
	snprintf(number, sizeof(number), "%llu",
		 (unsigned long long)answer.figures[7].value);
	assert_string_equal(value(20, "figures.planted"), number);
}

static void what_was_not_measured_is_empty_and_not_zero(void **state)
{
	(void)state;
	assert_string_equal(value(1, "contradictions"), "0");
	assert_string_equal(value(2, "contradictions"), "");
}

static void formulas_are_disarmed_and_quotes_doubled(void **state)
{
	(void)state;
	assert_string_equal(value(1, "label"), "'=quiet, \"cold\"");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, export_example, exported_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(there_is_a_row_for_each_sample_of_each_file),
		TEST(figures_stand_under_their_names),
		TEST(what_was_not_measured_is_empty_and_not_zero),
		TEST(formulas_are_disarmed_and_quotes_doubled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
