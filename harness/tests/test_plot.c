/* test_plot - how gnuplot is run, and what happens where it is not or fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/plot.h"
#include "tests/drawn.h"

#define TIMED ",\"time\":{\"wall_ns\":5}"

static struct drawn drawn;
static struct plot_report report;
static char why[512];
static char folder[128];
static unsigned int told_drawn, told_not;

static void told(void *context, const struct drawing *drawing,
		 const char * not )
{
	assert_ptr_equal(context, &drawn);
	assert_non_null(drawing->kind);
	told_drawn += not == NULL;
	told_not += not != NULL;
}

/* A run of which there is one figure, "rounds", and why there are no others. */
static int make_run(void **state)
{
	(void)state;
	drawn_run(&drawn, "{\"workload\":\"w\",\"thp\":\"never\"}",
		  "{\"group\":0,\"role\":\"reference\",\"allocator\":\"c\"}",
		  "");
	drawn_sample(&drawn, "timing", 0, 0, TIMED);
	told_drawn = told_not = 0;
	why[0] = 0;
	snprintf(folder, sizeof(folder), "%s/out/of/it", drawn.folder);
	setenv("REGROW_PLOT_DIR", "plot", 1);
	return drawn_make(&drawn);
}

static int close_run(void **state)
{
	(void)state;
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
	drawn_close(&drawn);
	return 0;
}

static bool exists(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

/* A gnuplot that is a shell script, alone in PATH but for the shell's. */
static void fake_gnuplot(const char *script)
{
	char path[256];

	scratch_write(drawn.folder, "bin/gnuplot", script);
	snprintf(path, sizeof(path), "%s/bin/gnuplot", drawn.folder);
	assert_int_equal(chmod(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", drawn.folder);
	setenv("PATH", path, 1);
}

static int draw(void)
{
	return plot_draw(&drawn.drawings, folder, told, &drawn, &report, why,
			 sizeof(why));
}

static void without_gnuplot_the_data_is_there_and_what_to_install(void **state)
{
	(void)state;
	setenv("PATH", "/nowhere", 1);
	assert_int_equal(draw(), -ENOENT);
	assert_true(exists("data/rounds-w-1.tsv"));
	assert_false(exists("rounds-w-1.svg"));
	assert_non_null(strstr(why, "gnuplot is not installed"));
	assert_non_null(strstr(why, "install gnuplot-nox"));
	assert_int_equal(report.drawn, 0);
}

static void gnuplot_gets_texts_as_arguments_and_absolute_paths(void **state)
{
	char path[256], said[4096] = "", expected[1024];
	FILE *file;

	(void)state;
	fake_gnuplot("#!/bin/sh\n"
		     "for word; do printf '[%s]' \"$word\"; done >\"$6\"\n");
	assert_int_equal(draw(), 0);
	snprintf(path, sizeof(path), "%s/rounds-w-1.svg", folder);
	file = fopen(path, "r");
	assert_non_null(file);
	fread(said, 1, sizeof(said) - 1, file);
	fclose(file);
	snprintf(expected, sizeof(expected),
		 "/plot/rounds.gp][%s/data/rounds-w-1.tsv][svg]"
		 "[%s/rounds-w-1.svg][Every sample, in the order of the run]"
		 "[w \xc2\xb7 THP never \xc2\xb7 interrupted][A processor",
		 folder, folder);
	assert_memory_equal(said, "[-d][-c][/", 10);
	assert_non_null(strstr(said, expected));
	assert_true(exists("rounds-w-1.png"));
}

static void each_figure_is_told_of(void **state)
{
	(void)state;
	fake_gnuplot("#!/bin/sh\necho >\"$6\"\n");
	assert_int_equal(draw(), 0);
	assert_int_equal(report.drawn, 1);
	assert_int_equal(report.empty, 5);
	assert_int_equal(report.failed, 0);
	assert_int_equal(told_drawn, 1);
	assert_int_equal(told_not, 5);
}

static void what_gnuplot_says_is_the_reason(void **state)
{
	(void)state;
	fake_gnuplot("#!/bin/sh\necho half >\"$6\"\n"
		     "printf '\\nwarning: hm\\nline 3: bad\\tthing\\n\\n' >&2\n"
		     "exit 1\n");
	assert_int_equal(draw(), -EPROTO);
	assert_non_null(strstr(why, "1 of 1 figures were not drawn"));
	assert_non_null(strstr(why, "line 3: bad thing"));
	assert_int_equal(report.failed, 1);
	/* Half a picture is worse than none. */
	assert_false(exists("rounds-w-1.svg"));
	assert_false(exists("rounds-w-1.png"));
	assert_true(exists("data/rounds-w-1.tsv"));
}

static void success_without_a_picture_is_a_failure(void **state)
{
	(void)state;
	fake_gnuplot("#!/bin/sh\nexit 0\n");
	assert_int_equal(draw(), -EPROTO);
	assert_non_null(strstr(why, "it printed nothing"));
}

static void a_killed_gnuplot_is_a_failure(void **state)
{
	(void)state;
	fake_gnuplot("#!/bin/sh\nkill -9 $$\n");
	assert_int_equal(draw(), -EPROTO);
	assert_non_null(strstr(why, "ended by signal 9"));
}

static void a_file_in_the_place_of_the_folder_is_said(void **state)
{
	(void)state;
	fake_gnuplot("#!/bin/sh\necho >\"$6\"\n");
	snprintf(folder, sizeof(folder), "%s/run.jsonl", drawn.folder);
	assert_int_equal(draw(), -ENOTDIR);
	assert_non_null(strstr(why, "cannot write plots to '"));
	folder[0] = 0;
	assert_int_equal(draw(), -EINVAL);
}

static void scripts_that_are_not_there_are_said(void **state)
{
	(void)state;
	setenv("REGROW_PLOT_DIR", "/nowhere", 1);
	assert_int_equal(draw(), -ENXIO);
	assert_non_null(strstr(why, "no plot scripts in /nowhere"));
	assert_true(exists("data/rounds-w-1.tsv"));
}

#define IN_A_RUN(test)                                                         \
	cmocka_unit_test_setup_teardown(test, make_run, close_run)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_RUN(without_gnuplot_the_data_is_there_and_what_to_install),
		IN_A_RUN(gnuplot_gets_texts_as_arguments_and_absolute_paths),
		IN_A_RUN(each_figure_is_told_of),
		IN_A_RUN(what_gnuplot_says_is_the_reason),
		IN_A_RUN(success_without_a_picture_is_a_failure),
		IN_A_RUN(a_killed_gnuplot_is_a_failure),
		IN_A_RUN(a_file_in_the_place_of_the_folder_is_said),
		IN_A_RUN(scripts_that_are_not_there_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
