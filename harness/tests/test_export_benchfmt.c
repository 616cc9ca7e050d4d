/* test_export_benchfmt - read by the rules of golang.org/design/14313. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "driver/export_text.h"
#include "tests/exported.h"

#define RESULTS_MAX 64
#define UNITS_MAX 64
#define KEYS_MAX 16
#define LINE_MAX_GO 65536 /* of bufio.Scanner, which benchstat reads with */

struct result {
	char *name;
	unsigned int count;
	double values[UNITS_MAX];
	char *units[UNITS_MAX];
	const char *label; /* as the configuration was; "" */
};

static struct result results_read_back[RESULTS_MAX];
static unsigned int results_count;
static struct {
	char *key;
	char *value;
} keys[KEYS_MAX];
static unsigned int keys_count;

static const char *configured(const char *key)
{
	for (unsigned int i = 0; i < keys_count; i++)
		if (strcmp(keys[i].key, key) == 0)
			return keys[i].value;
	return "";
}

/* The key has neither blanks nor upper case; a blank follows its colon. */
static void take_key(char *line)
{
	char *colon = strchr(line, ':');
	unsigned int i = 0;

	assert_non_null(colon);
	*colon = 0;
	for (char *at = line; *at != 0; at++)
		assert_true(!isspace(*at) && !isupper(*at));
	assert_true(islower(line[0]));
	assert_true(colon[1] == 0 || colon[1] == ' ');
	while (i < keys_count && strcmp(keys[i].key, line) != 0)
		i++;
	assert_true(i < KEYS_MAX);
	keys[i].key = line;
	keys[i].value = colon + 1 + (colon[1] == ' ');
	if (i == keys_count)
		keys_count++;
}

/* <name> <iterations> <value> <unit> [<value> <unit>...] */
static void take_result(char *line)
{
	struct result *result = &results_read_back[results_count++];
	char *rest, *end, *field;

	assert_true(results_count <= RESULTS_MAX);
	memset(result, 0, sizeof(*result));
	result->name = strtok_r(line, " \t\v\f\r", &rest);
	result->label = configured("label");
	assert_string_equal(strtok_r(NULL, " \t\v\f\r", &rest), "1");
	while ((field = strtok_r(NULL, " \t\v\f\r", &rest)) != NULL) {
		assert_true(result->count < UNITS_MAX);
		result->values[result->count] = strtod(field, &end);
		assert_true(end != field && *end == 0);
		field = strtok_r(NULL, " \t\v\f\r", &rest);
		assert_non_null(field);
		for (unsigned int i = 0; i < result->count; i++)
			assert_string_not_equal(result->units[i], field);
		result->units[result->count++] = field;
	}
	assert_true(result->count > 0);
}

/* Every line must be of a kind that is meant; the text is cut into pieces. */
static void parse(void)
{
	char *rest, *line;
	size_t size = strlen(exported_text);

	results_count = keys_count = 0;
	for (char *at = exported_text; size > 0;) {
		size_t length = utf8_sequence(at, size);

		assert_true(length > 0);
		at += length;
		size -= length;
	}
	for (line = strtok_r(exported_text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		assert_true(strlen(line) < LINE_MAX_GO);
		if (strncmp(line, "Benchmark", 9) == 0)
			take_result(line);
		else if (*line != '#')
			take_key(line);
	}
}

static void export_and_parse(unsigned int times)
{
	const char *const paths[] = {exported_path, exported_path};

	assert_int_equal(exported(&export_benchfmt, paths, times), 0);
	parse();
}

static double value(const struct result *result, const char *unit)
{
	for (unsigned int i = 0; i < result->count; i++)
		if (strcmp(result->units[i], unit) == 0)
			return result->values[i];
	fail_msg("there is no unit %s", unit);
	return 0;
}

/* Whether a key of a name, as benchstat takes it for -col /KEY, is that. */
static bool is_part(const char *name, const char *key, const char *expected)
{
	char slashed[32], text[512];
	const char *at;
	size_t used = 0;
	unsigned int byte;

	snprintf(slashed, sizeof(slashed), "/%s=", key);
	at = strstr(name, slashed);
	at = at != NULL ? at + strlen(slashed) : "";
	for (; *at != 0 && *at != '/'; at++) {
		text[used++] = *at;
		if (*at != '%')
			continue;
		assert_int_equal(sscanf(at, "%%%2X", &byte), 1);
		text[used - 1] = (char)byte;
		at += 2;
	}
	text[used] = 0;
	return strcmp(text, expected) == 0;
}

static void there_is_a_line_for_each_valid_timing_sample(void **state)
{
	(void)state;
	export_and_parse(1);
	assert_int_equal(results_count, 4 * EXAMPLE_ROUNDS);
	assert_string_equal(
		results_read_back[0].name,
		"BenchmarkRegrow/workload=vector-growth:scale=S"
		"/allocator=copy-realloc/thp=never/layout=standard");
	assert_string_equal(configured("host"), "example");
	assert_string_equal(configured("kernel"), "6.18.0");
	assert_string_equal(configured("label"), "=quiet, \"cold\"");
}

static void instructions_are_a_unit_of_their_own(void **state)
{
	const struct result *result = &results_read_back[15];

	(void)state;
	exported_in_instructions();
	export_and_parse(1);
	assert_string_equal(result->units[0], "instructions/op");
	for (unsigned int i = 0; i < result->count; i++) {
		assert_string_not_equal(result->units[i], "ns/op");
		assert_null(strstr(result->units[i], "-ns/op"));
	}
}

static void values_are_those_of_the_sample(void **state)
{
	static struct sample_answer answer;
	const struct result *result = &results_read_back[15];

	(void)state;
	export_and_parse(1);
	example_answer(&answer, 3021);
	assert_true(value(result, "ns/op") == (double)answer.wall_ns);
	assert_true(value(result, "cpu-ns/op") == (double)answer.cpu_ns);
	assert_true(value(result, "faults/op") == (double)answer.minor_faults);
	assert_true(value(result, "mappings") ==
		    (double)answer.final.holes.mappings -
			    (double)answer.before.holes.mappings);
	assert_true(value(result, "mmap:vm_unmapped_area/op") ==
		    (double)answer.counters[1].value);
}

static void only_the_same_cell_has_the_same_name(void **state)
{
	(void)state;
	export_and_parse(1);
	for (unsigned int i = 0; i < results_count; i++)
		for (unsigned int j = 0; j < results_count; j++)
			assert_int_equal(strcmp(results_read_back[i].name,
						results_read_back[j].name) == 0,
					 i / EXAMPLE_ROUNDS ==
						 j / EXAMPLE_ROUNDS);
	assert_true(is_part(results_read_back[4].name, "role", "twin"));
	assert_true(is_part(results_read_back[0].name, "role", ""));
}

static void cells_that_differ_in_nothing_are_told_apart(void **state)
{
	(void)state;
	exported_replace("\"role\":\"floor\",\"allocator\":\"null\"",
			 "\"role\":\"twin\",\"allocator\":\"copy-realloc\"");
	export_and_parse(1);
	assert_true(is_part(results_read_back[4].name, "cell", ""));
	assert_true(is_part(results_read_back[8].name, "role", "twin"));
	assert_true(is_part(results_read_back[8].name, "cell", "2"));
}

static void planted_effects_are_told_apart_by_their_size(void **state)
{
	(void)state;
	exported_replace("\"role\":\"twin\",",
			 "\"role\":\"planted\",\"planted_percent\":5,");
	exported_replace("\"role\":\"floor\",\"allocator\":\"null\"",
			 "\"role\":\"planted\",\"planted_percent\":10,"
			 "\"allocator\":\"copy-realloc\"");
	export_and_parse(1);
	assert_true(is_part(results_read_back[4].name, "role", "planted-5"));
	assert_true(is_part(results_read_back[8].name, "role", "planted-10"));
	assert_true(is_part(results_read_back[8].name, "cell", ""));
}

static void a_spelling_can_be_taken_back_from_the_name(void **state)
{
	static const char spelling[] =
		"./100%/mine.so:a=[x,y]:b=\u00fc\u2028\u00a0 z-8";

	(void)state;
	exported_replace("mremap-fixed-fallback:threshold=8M", spelling);
	export_and_parse(1);
	assert_int_equal(results_count, 4 * EXAMPLE_ROUNDS);
	assert_true(is_part(results_read_back[12].name, "allocator", spelling));
	assert_true(is_part(results_read_back[12].name, "thp", "never"));
	assert_true(is_part(results_read_back[12].name, "layout", "standard"));
	for (const char *at = results_read_back[12].name; *at != 0; at++)
		assert_true(isgraph((unsigned char)*at));
}

static void a_hostile_label_is_one_configuration_line(void **state)
{
	(void)state;
	exported_replace("=quiet, ",
			 "\\u2003x\\nBenchmarkFast 1 1 ns/op\\u0085kernel: ");
	export_and_parse(1);
	assert_int_equal(results_count, 4 * EXAMPLE_ROUNDS);
	assert_string_equal(configured("label"),
			    "x?BenchmarkFast 1 1 ns/op kernel: \"cold\"");
	assert_string_equal(configured("kernel"), "6.18.0");
}

static void a_file_without_a_label_does_not_inherit_one(void **state)
{
	char other[128];
	const char *const paths[] = {other, exported_path};

	(void)state;
	snprintf(other, sizeof(other), "%s/other.jsonl", exported_folder);
	assert_int_equal(example_file(other), 0);
	exported_replace("\"label\"", "\"lable\"");
	assert_int_equal(exported(&export_benchfmt, paths, 2), 0);
	parse();
	assert_int_equal(results_count, 2 * 4 * EXAMPLE_ROUNDS);
	assert_string_equal(results_read_back[0].label, "=quiet, \"cold\"");
	assert_string_equal(results_read_back[16].label, "");
}

static void a_run_without_samples_has_configuration_alone(void **state)
{
	(void)state;
	exported_keep_lines(1);
	export_and_parse(1);
	assert_int_equal(results_count, 0);
	assert_string_equal(configured("kernel"), "6.18.0");
}

static void samples_that_are_not_valid_are_left_out(void **state)
{
	(void)state;
	exported_replace("\"valid\":true", "\"valid\":false");
	export_and_parse(1);
	assert_int_equal(results_count, 0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, exported_open, exported_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(there_is_a_line_for_each_valid_timing_sample),
		TEST(instructions_are_a_unit_of_their_own),
		TEST(values_are_those_of_the_sample),
		TEST(only_the_same_cell_has_the_same_name),
		TEST(cells_that_differ_in_nothing_are_told_apart),
		TEST(planted_effects_are_told_apart_by_their_size),
		TEST(a_spelling_can_be_taken_back_from_the_name),
		TEST(a_hostile_label_is_one_configuration_line),
		TEST(a_file_without_a_label_does_not_inherit_one),
		TEST(a_run_without_samples_has_configuration_alone),
		TEST(samples_that_are_not_valid_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
