/* test_export_hdr - percentile text as HdrHistogram prints it and is plotted. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver/names.h"
#include "tests/exported.h"

#define CELLS 4 /* of the example that have samples; each has all operations */
#define SECTIONS (CELLS * EXAMPLE_OPERATIONS)

static const char table_head[] =
	"       Value     Percentile TotalCount 1/(1-Percentile)\n\n";

/* Takes a text off the front; a test that fails says what stood there. */
static const char *take(const char *at, const char *text)
{
	if (strncmp(at, text, strlen(text)) != 0)
		fail_msg("not '%s' but '%.60s'", text, at);
	return at + strlen(text);
}

static const char *next_line(const char *at)
{
	at = strchr(at, '\n');
	assert_non_null(at);
	return at + 1;
}

struct row {
	double value;
	double percentile;
	unsigned long long count;
	double inverse;
};

/* Latencies of at most so many ns. */
static uint64_t counted(const struct histogram *histogram, double ns)
{
	uint64_t count = 0;

	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++)
		if ((double)histogram_bucket_low_ns(i) <= ns)
			count += histogram->buckets[i];
	return ns >= (double)histogram->max_ns ? histogram->count : count;
}

/* The row is the first latency that at least so many are no longer than. */
static void check_row(const struct row *row, const struct row *before,
		      const struct histogram *histogram)
{
	double rank = row->percentile * (double)histogram->count;
	double ns = row->value * 1000;

	assert_true(row->value >= before->value && row->count >= before->count);
	assert_true(row->percentile > before->percentile);
	assert_int_equal(row->count, counted(histogram, ns));
	assert_true((double)row->count > rank - 1e-6);
	if (row->value > before->value && before->count > 0)
		assert_true((double)before->count < rank);
	assert_true(fabs(row->inverse * (1 - row->percentile) - 1) < 0.005);
}

/* A table and its foot, as strictly as the printf formats of HdrHistogram. */
static const char *check_table(const char *at,
			       const struct histogram *histogram)
{
	struct row row = {-1, -1, 0, 0}, before;
	double mean, deviation, longest;
	unsigned long long total;
	int length = 0, buckets, halves;

	for (at = take(at, table_head);; at += length) {
		before = row;
		if (sscanf(at, "%lf %lf %llu %lf\n%n", &row.value,
			   &row.percentile, &row.count, &row.inverse,
			   &length) != 4)
			break;
		check_row(&row, &before, histogram);
	}
	assert_int_equal(sscanf(at, "%lf 1.000000000000 %llu\n%n", &row.value,
				&row.count, &length),
			 2);
	assert_int_equal(row.count, histogram->count);
	assert_int_equal(sscanf(at + length,
				"#[Mean    = %lf, StdDeviation   = %lf]\n"
				"#[Max     = %lf, Total count    = %llu]\n"
				"#[Buckets = %d, SubBuckets     = %d]",
				&mean, &deviation, &longest, &total, &buckets,
				&halves),
			 6);
	assert_true(fabs(mean * 1000 * (double)total -
			 (double)histogram->sum_ns) < (double)total);
	assert_true(longest == row.value && deviation > 0);
	assert_int_equal((uint64_t)llround(longest * 1000), histogram->max_ns);
	assert_int_equal(total, histogram->count);
	assert_int_equal((uint64_t)halves << (buckets - 1),
			 (uint64_t)1 << HISTOGRAM_BITS_MAX);
	at += length;
	return next_line(next_line(next_line(at)));
}

static void load(struct results *results)
{
	memset(results, 0, sizeof(*results));
	assert_int_equal(results_read(results, exported_path, exported_why,
				      sizeof(exported_why)),
			 0);
}

static void write_to(const char *output)
{
	const char *const paths[] = {exported_path};
	struct export_request request = {&export_hdr, paths, 1, NULL, output};

	assert_int_equal(
		export_files(&request, exported_why, sizeof(exported_why)), 0);
}

static void each_cell_and_operation_has_a_table_with_a_foot(void **state)
{
	static struct histogram histogram;
	const char *const paths[] = {exported_path};
	struct results results;
	const char *at;

	(void)state;
	load(&results);
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	at = exported_text;
	for (unsigned int i = 0; i < SECTIONS; i++) {
		enum operation operation = i % EXAMPLE_OPERATIONS;
		const struct results_cell *cell =
			&results.files[0]->cells[i / EXAMPLE_OPERATIONS];

		at = take(take(at, "# "), operation_names[operation]);
		at = take(take(at, " in microseconds: "), cell->allocator);
		for (at = next_line(at); *at == '#'; at = next_line(at))
			;
		results_histogram(cell, operation, &histogram);
		at = take(check_table(at, &histogram), "\n");
	}
	assert_int_equal(*at, 0);
	results_free(&results);
}

static void
what_was_too_long_is_reported_and_stands_as_the_longest(void **state)
{
	const char *const paths[] = {exported_path};
	unsigned int times = 0;
	const char *at;

	(void)state;
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	for (at = exported_text; (at = strstr(at, "# OVERFLOW")) != NULL;
	     at++) {
		take(at, "# OVERFLOW: 4 of 2^38 ns or longer stand as the "
			 "longest of them\n");
		times++;
	}
	assert_int_equal(times, SECTIONS);
	assert_non_null(strstr(exported_text, "1099511627.776 1.000000000000"));
}

/* Files of a folder, whose names end so. */
static unsigned int files_in(const char *folder, const char *ending)
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	unsigned int count = 0;

	assert_non_null(list);
	while ((entry = readdir(list)) != NULL) {
		size_t length = strlen(entry->d_name), end = strlen(ending);

		if (length >= end &&
		    strcmp(entry->d_name + length - end, ending) == 0)
			count++;
	}
	closedir(list);
	return count;
}

static double exported_max(void)
{
	const char *at = strstr(exported_text, "#[Max     = ");
	double max;

	assert_non_null(at);
	assert_int_equal(sscanf(at, "#[Max     = %lf", &max), 1);
	return max;
}

static void instructions_are_no_microseconds(void **state)
{
	const char *const paths[] = {exported_path};
	double max_us;

	(void)state;
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	max_us = exported_max();
	exported_in_instructions();
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	assert_null(strstr(exported_text, "microseconds"));
	assert_non_null(strstr(exported_text, " in instructions: "));
	assert_true(fabs(exported_max() - max_us * 1000) < 1e-3);
}

static void a_folder_gets_a_file_for_each_table(void **state)
{
	char folder[128], path[256];
	size_t size;
	char *text;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/new", exported_folder);
	write_to(folder);
	write_to(folder);
	assert_int_equal(files_in(folder, "-grow.hgrm"), CELLS);
	assert_int_equal(files_in(folder, ""), SECTIONS + 2);
	snprintf(path, sizeof(path), "%s/cell-001-copy-realloc-twin-grow.hgrm",
		 folder);
	text = example_read(path, &size);
	assert_non_null(text);
	take(text, "# grow in microseconds: copy-realloc (twin)\n");
	assert_null(strstr(strstr(text, "Percentile") + 1, "Percentile\n"));
	free(text);
}

static void a_hostile_name_stays_within_the_folder(void **state)
{
	char folder[128];

	(void)state;
	exported_replace("mremap-fixed-fallback:threshold=8M",
			 "../../../../x/$(touch y)");
	snprintf(folder, sizeof(folder), "%s/new", exported_folder);
	write_to(folder);
	assert_int_equal(files_in(folder, "-grow.hgrm"), CELLS);
	assert_int_equal(files_in(exported_folder, ""), 4);
}

static void a_hostile_text_stays_a_comment(void **state)
{
	const char *const paths[] = {exported_path};
	const char *at;

	(void)state;
	exported_replace("=quiet, ", "x\\n 1.0 0.5 1 2.0\\u2028");
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	assert_non_null(strstr(exported_text, "# label: x? 1.0 0.5 1 2.0 "));
	for (at = exported_text; *at != 0; at = next_line(at))
		assert_true(strchr("# \n0123456789", *at) != NULL);
	assert_null(strstr(exported_text, "\n 1.0 0.5"));
}

static void a_run_without_samples_has_no_tables(void **state)
{
	const char *const paths[] = {exported_path};

	(void)state;
	exported_keep_lines(1);
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	assert_string_equal(exported_text, "");
}

static void an_interrupted_run_is_said_to_be_one(void **state)
{
	const char *const paths[] = {exported_path};

	(void)state;
	exported_keep_lines(12);
	assert_int_equal(exported(&export_hdr, paths, 1), 0);
	assert_non_null(strstr(exported_text, "of a run that was interrupted"));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, exported_open, exported_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_cell_and_operation_has_a_table_with_a_foot),
		TEST(what_was_too_long_is_reported_and_stands_as_the_longest),
		TEST(instructions_are_no_microseconds),
		TEST(a_folder_gets_a_file_for_each_table),
		TEST(a_hostile_name_stays_within_the_folder),
		TEST(a_hostile_text_stays_a_comment),
		TEST(a_run_without_samples_has_no_tables),
		TEST(an_interrupted_run_is_said_to_be_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
