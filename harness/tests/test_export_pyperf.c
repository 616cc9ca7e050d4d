/* test_export_pyperf - a suite that passes all of pyperf's own checks. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/exported.h"

static struct json *suite;

/* A text or a number; a text is one line, without blanks at its ends. */
static void check_metadata(void *context, const char *key,
			   const struct json *value)
{
	const char *text = json_own_text(value, NULL);
	double number = json_own_number(value, NAN);

	(void)context;
	if (text == NULL) {
		assert_false(isnan(number));
		return;
	}
	assert_true(strlen(key) > 0 && strlen(text) > 0);
	assert_null(strpbrk(text, "\r\n"));
	assert_true(text[0] > ' ' && text[strlen(text) - 1] > ' ');
}

static void check_run(const struct json *run)
{
	const struct json *values = json_get(run, "values");

	assert_int_equal(json_size(values), 1);
	assert_true(json_own_number(json_item(values, 0), 0) > 0);
	json_each(json_get(run, "metadata"), check_metadata, NULL);
}

static void check_date(const struct json *run)
{
	int year, month, day, hour, minute, second, length = 0;
	const char *date = json_text(run, "metadata.date", NULL);

	assert_non_null(date);
	/* What datetime.fromisoformat() takes from Python 3.7 on. */
	assert_int_equal(sscanf(date, "%4d-%2d-%2d %2d:%2d:%2d%n", &year,
				&month, &day, &hour, &minute, &second, &length),
			 6);
	assert_int_equal(length, strlen(date));
	assert_int_equal(length, 19);
	assert_true(json_number(run, "metadata.duration", -1) >= 0);
}

static const char *name_of(const struct json *benchmark)
{
	return json_text(benchmark, "metadata.name", NULL);
}

/* What BenchmarkSuite.load() of pyperf 2 raises an error for. */
static void check_suite(const char *unit)
{
	const struct json *all = json_get(suite, "benchmarks");

	assert_string_equal(json_text(suite, "version", ""), "1.0");
	assert_true(json_size(all) > 0);
	for (size_t i = 0; i < json_size(all); i++) {
		const struct json *benchmark = json_item(all, i);
		const struct json *runs = json_get(benchmark, "runs");

		json_each(json_get(benchmark, "metadata"), check_metadata,
			  NULL);
		assert_non_null(name_of(benchmark));
		assert_string_equal(json_text(benchmark, "metadata.unit", ""),
				    unit);
		assert_true(json_count(benchmark, "metadata.loops", 0) >= 1);
		assert_true(json_size(runs) > 0);
		for (size_t j = 0; j < json_size(runs); j++)
			check_run(json_item(runs, j));
		/* Instructions have none. */
		for (size_t j = 0;
		     strcmp(unit, "second") == 0 && j < json_size(runs); j++)
			check_date(json_item(runs, j));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(name_of(json_item(all, j)),
						name_of(benchmark));
	}
}

static void export_and_check_unit(unsigned int times, const char *unit)
{
	const char *const paths[] = {exported_path, exported_path};

	assert_int_equal(exported(&export_pyperf, paths, times), 0);
	suite = json_parse(exported_text, strlen(exported_text), exported_why,
			   sizeof(exported_why));
	if (suite == NULL)
		fail_msg("%s", exported_why);
	check_suite(unit);
}

static void export_and_check(unsigned int times)
{
	export_and_check_unit(times, "second");
}

static int close_suite(void **state)
{
	json_free(suite);
	suite = NULL;
	return exported_close(state);
}

static const struct json *benchmark_at(size_t place)
{
	return json_item(json_get(suite, "benchmarks"), place);
}

static void each_cell_is_a_benchmark_with_its_samples(void **state)
{
	static struct sample_answer answer;
	const struct json *runs;

	(void)state;
	export_and_check(1);
	assert_int_equal(json_size(json_get(suite, "benchmarks")), 4);
	assert_string_equal(name_of(benchmark_at(1)),
			    "workload=vector-growth:scale=S"
			    "/allocator=copy-realloc/role=twin/thp=never"
			    "/layout=standard");
	runs = json_get(benchmark_at(3), "runs");
	assert_int_equal(json_size(runs), EXAMPLE_ROUNDS);
	example_answer(&answer, 3021);
	assert_true(fabs(json_own_number(json_item(json_get(json_item(runs, 3),
							    "values"),
						   0),
					 0) -
			 (double)answer.wall_ns / 1e9) < 1e-12);
	assert_int_equal(
		json_count(json_item(json_get(benchmark_at(3), "runs"), 3),
			   "metadata.round", 9),
		3);
}

static void facts_of_the_machine_are_metadata(void **state)
{
	const struct json *metadata;

	(void)state;
	exported_replace("\"host\":\"example\"",
			 "\"host\":\"example\",\"cpu_model\":\"Fast 9\","
			 "\"cpus_online\":64,\"kernel_arch\":\"x86_64\"");
	export_and_check(1);
	metadata = json_get(benchmark_at(0), "metadata");
	assert_string_equal(json_text(metadata, "hostname", ""), "example");
	assert_string_equal(json_text(metadata, "cpu_model_name", ""),
			    "Fast 9");
	assert_int_equal(json_count(metadata, "cpu_count", 0), 64);
	assert_string_equal(json_text(metadata, "platform", ""),
			    "Linux-6.18.0-x86_64");
	/* 123456 ns after 2026-11-24T13:30:05Z */
	assert_string_equal(
		json_text(json_item(json_get(benchmark_at(0), "runs"), 0),
			  "metadata.date", ""),
		"2026-11-24 13:30:05");
}

static void an_anonymous_run_has_no_host(void **state)
{
	(void)state;
	exported_replace("\"host\":\"example\",", "");
	export_and_check(1);
	assert_null(json_get(benchmark_at(0), "metadata.hostname"));
}

static void instructions_are_no_seconds(void **state)
{
	static struct sample_answer answer;
	const struct json *run;

	(void)state;
	exported_in_instructions();
	export_and_check_unit(1, "integer");
	run = json_item(json_get(benchmark_at(3), "runs"), 3);
	example_answer(&answer, 3021);
	assert_true(json_own_number(json_item(json_get(run, "values"), 0), 0) ==
		    (double)answer.wall_ns);
	assert_null(json_get(run, "metadata.date"));
	assert_null(json_get(run, "metadata.duration"));
}

static void names_of_several_files_differ(void **state)
{
	(void)state;
	export_and_check(2);
	assert_int_equal(json_size(json_get(suite, "benchmarks")), 8);
	assert_non_null(strstr(name_of(benchmark_at(7)), "/file=2"));
}

static void hostile_texts_do_not_make_it_unloadable(void **state)
{
	(void)state;
	exported_replace("=quiet, \\\"cold\\\"", "\\n\\u00a0\\u2028 \\r");
	exported_replace("mremap-fixed-fallback:threshold=8M",
			 "\u00a0x\\\"}],\u2028");
	exported_replace("6.18.0", "\\u3000");
	export_and_check(1);
	assert_string_equal(json_text(benchmark_at(0), "metadata.label", ""),
			    "?   ?");
	assert_null(json_get(benchmark_at(0), "metadata.kernel"));
	assert_string_equal(name_of(benchmark_at(3)),
			    "workload=vector-growth:scale=S"
			    "/allocator=%C2%A0x\"}],%E2%80%A8/thp=never"
			    "/layout=standard");
}

static void times_of_zero_are_no_values(void **state)
{
	static struct sample_answer answer;
	char wall[64];

	(void)state;
	example_answer(&answer, 3021);
	snprintf(wall, sizeof(wall), "\"wall_ns\":%llu,",
		 (unsigned long long)answer.wall_ns);
	exported_replace(wall, "\"wall_ns\":0,");
	export_and_check(1);
	assert_int_equal(json_size(json_get(benchmark_at(3), "runs")),
			 EXAMPLE_ROUNDS - 1);
}

static void an_empty_suite_is_not_made_but_told(void **state)
{
	const char *const paths[] = {exported_path};

	(void)state;
	exported_keep_lines(1);
	assert_int_equal(exported(&export_pyperf, paths, 1), -ENODATA);
	assert_non_null(strstr(exported_why, "no valid sample"));
	assert_string_equal(exported_text, "");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, exported_open, close_suite)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_cell_is_a_benchmark_with_its_samples),
		TEST(facts_of_the_machine_are_metadata),
		TEST(an_anonymous_run_has_no_host),
		TEST(instructions_are_no_seconds),
		TEST(names_of_several_files_differ),
		TEST(hostile_texts_do_not_make_it_unloadable),
		TEST(times_of_zero_are_no_values),
		TEST(an_empty_suite_is_not_made_but_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
