/* test_drawing_warmup - the figure of a run that repeats its work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/drawn.h"

#define PROCESSES 3
#define REPETITIONS 24

static const char cells[] =
	"{\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"},"
	"{\"group\":0,\"role\":\"twin\",\"allocator\":\"copy\"},"
	"{\"group\":0,\"role\":\"row\",\"allocator\":\"move\"}";
static struct drawn drawn;

/* Repetitions of 100 ms, from the ninth on of so many ms. */
static void sample(unsigned int process, unsigned int cell, unsigned int ms)
{
	char more[4096] = "", *at = more;

	at += sprintf(at, ",\"time\":{\"wall_ns\":9,\"cpu_ns\":9},"
			  "\"repetitions\":[");
	for (unsigned int i = 0; i < REPETITIONS; i++)
		at += sprintf(at, "%s{\"wall_ns\":%u%03u000,\"cpu_ns\":1000}",
			      i > 0 ? "," : "", i < 8 ? 100 : ms,
			      (i * 7 + process) % 11);
	sprintf(at, "]");
	drawn_sample(&drawn, "timing", process, cell, more);
}

static int make(bool repeated)
{
	drawn_run(&drawn,
		  "{\"workload\":\"work\",\"thp\":\"never\","
		  "\"estimate\":{\"threads\":1}}",
		  cells, "");
	if (repeated)
		strstr(drawn.text, "\"repeat\":1")[9] = '9';
	for (unsigned int i = 0; i < PROCESSES; i++)
		for (unsigned int j = 0; j < 3; j++)
			sample(i, j, j == 2 ? 50 : 100);
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static int clean(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

static void every_repetition_is_a_point_with_its_level(void **state)
{
	const struct drawing *drawing;

	(void)state;
	assert_int_equal(make(true), 0);
	drawing = drawn_find(&drawn, "warmup-work-1");
	assert_string_equal(drawing->why_not, "");
	assert_true(drawn_real(drawing, "2", "repetition", "1", "processes") ==
		    PROCESSES);
	assert_true(drawn_real(drawing, "2", "repetition", "1", "time_ns") ==
		    100001000);
	assert_true(drawn_real(drawing, "2", "repetition", "8", "level_ns") >=
		    100000000);
	assert_true(drawn_real(drawing, "2", "repetition", "9", "level_ns") <
		    51000000);
	assert_string_equal(
		drawn_text(drawing, "2", "repetition", "24", "trend"),
		"warming");
	assert_string_equal(
		drawn_text(drawing, "1", "repetition", "24", "trend"), "flat");
	assert_string_equal(
		drawn_text(drawing, "2", "repetition", "25", "trend"),
		"(no row)");
}

static void figures_of_repeated_work_compare_nothing(void **state)
{
	const struct drawing *drawing;

	(void)state;
	assert_int_equal(make(true), 0);
	drawing = drawn_find(&drawn, "rounds-work-1");
	assert_true(drawn_real(drawing, "2", "round", "1", "wall_ns") == 9);
	assert_true(drawn_real(drawing, "2", "round", "1", "ratio") ==
		    DRAWN_NONE);
	assert_null(strstr(drawing->data, "noise"));
}

static void work_done_once_has_no_such_figure(void **state)
{
	(void)state;
	assert_int_equal(make(false), 0);
	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		assert_string_not_equal(drawn.drawings.list[i].kind, "warmup");
	assert_true(drawn_real(drawn_find(&drawn, "rounds-work-1"), "2",
			       "round", "1", "ratio") == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			every_repetition_is_a_point_with_its_level, clean),
		cmocka_unit_test_teardown(
			figures_of_repeated_work_compare_nothing, clean),
		cmocka_unit_test_teardown(work_done_once_has_no_such_figure,
					  clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
