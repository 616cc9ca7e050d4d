/* test_export - all formats: read first, one at a time, whole or not at all. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/exported.h"

static int export_to(const struct export_format *format,
		     const char *const *paths, unsigned int count,
		     const char *output)
{
	struct export_request request = {format, paths, count, NULL, output};

	return export_files(&request, exported_why, sizeof(exported_why));
}

static void every_format_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; export_formats[i]; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(export_formats[i]->name,
						export_formats[j]->name);
	assert_ptr_equal(export_formats[0], &export_csv);
}

static void a_device_that_is_full_is_told(void **state)
{
	const char *const paths[] = {exported_path};

	(void)state;
	for (unsigned int i = 0; export_formats[i]; i++) {
		const struct export_format *format = export_formats[i];
		FILE *full = fopen("/dev/full", "we");
		struct export_request request = {format, paths, 1, full, NULL};

		assert_int_equal(export_files(&request, exported_why,
					      sizeof(exported_why)),
				 -ENOSPC);
		assert_non_null(strstr(exported_why, format->name));
		fclose(full);
		if (!format->has_folder)
			assert_int_equal(
				export_to(format, paths, 1, "/dev/full"),
				-ENOSPC);
	}
}

static void nothing_is_written_unless_all_can_be_read(void **state)
{
	const char *const paths[] = {exported_path, "/nowhere/x.jsonl"};

	(void)state;
	for (unsigned int i = 0; export_formats[i]; i++) {
		assert_int_equal(exported(export_formats[i], paths, 2),
				 -ENOENT);
		assert_string_equal(exported_text, "");
		assert_non_null(strstr(exported_why, "/nowhere/x.jsonl"));
	}
}

static void a_file_is_whole_or_what_it_was(void **state)
{
	const char *const paths[] = {exported_path, "/nowhere/x.jsonl"};
	char output[128];
	struct stat before, after;
	size_t size;
	char *text;

	(void)state;
	snprintf(output, sizeof(output), "%s/out.csv", exported_folder);
	assert_int_equal(example_put(output, "kept", 4), 0);
	assert_int_equal(stat(output, &before), 0);
	assert_int_equal(export_to(&export_csv, paths, 2, output), -ENOENT);
	assert_int_equal(stat(output, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(export_to(&export_csv, paths, 1, output), 0);
	text = example_read(output, &size);
	assert_int_equal(exported(&export_csv, paths, 1), 0);
	assert_string_equal(text, exported_text);
	free(text);
	/* It fails when the file is begun, and leaves the one before. */
	exported_keep_lines(1);
	assert_int_equal(export_to(&export_pyperf, paths, 1, output), -ENODATA);
	text = example_read(output, &size);
	assert_string_equal(text, exported_text);
	free(text);
	/* Nothing else is left there. */
	assert_int_equal(remove(output), 0);
	assert_int_equal(remove(exported_path), 0);
	assert_int_equal(rmdir(exported_folder), 0);
	assert_int_equal(mkdir(exported_folder, 0700), 0);
}

static void where_nothing_can_be_written_is_named(void **state)
{
	const char *const paths[] = {exported_path};
	char taken[256];

	(void)state;
	for (unsigned int i = 0; export_formats[i]; i++) {
		assert_int_equal(export_to(export_formats[i], paths, 1,
					   "/nowhere/at/all"),
				 -ENOENT);
		assert_non_null(strstr(exported_why, "/nowhere/at/all"));
	}
	assert_int_equal(export_to(&export_csv, paths, 1, exported_folder),
			 -EISDIR);
	snprintf(taken, sizeof(taken), "%s/x", exported_path);
	assert_int_equal(export_to(&export_csv, paths, 1, taken), -ENOTDIR);
	assert_int_equal(export_to(&export_hdr, paths, 1, exported_path),
			 -ENOTDIR);
}

static void two_files_are_written_as_one_after_the_other(void **state)
{
	const char *const paths[] = {exported_path, exported_path};
	char *once;

	(void)state;
	assert_int_equal(exported(&export_benchfmt, paths, 1), 0);
	once = exported_text;
	exported_text = NULL;
	assert_int_equal(exported(&export_benchfmt, paths, 2), 0);
	assert_int_equal(strlen(exported_text), 2 * strlen(once));
	assert_string_equal(exported_text + strlen(once), once);
	free(once);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, exported_open, exported_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_format_has_a_name_of_its_own),
		TEST(a_device_that_is_full_is_told),
		TEST(nothing_is_written_unless_all_can_be_read),
		TEST(a_file_is_whole_or_what_it_was),
		TEST(where_nothing_can_be_written_is_named),
		TEST(two_files_are_written_as_one_after_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
