/* test_binary_hash - another program, driver or plug-in has another hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/binary_hash.h"
#include "tests/scratch.h"

static struct plan plan;
static char folder[64];
static char why[512];

static int start_afresh(void **state)
{
	(void)state;
	scratch_open(folder);
	memset(&plan, 0, sizeof(plan));
	plan.groups_count = 1;
	plan.cells_count = 1;
	strcpy(plan.groups[0].workload, "null");
	strcpy(plan.cells[0].allocator, "copy-realloc");
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	scratch_close(folder);
	return 0;
}

/* The plug-in of that name that was built beside this test, copied. */
static void copy_plugin(const char *name, char path[128])
{
	char command[8192], here[4096] = "";

	if (readlink("/proc/self/exe", here, sizeof(here) - 1) < 0)
		fail_msg("where am I?");
	*strrchr(here, '/') = 0;
	snprintf(path, 128, "%s/%s", folder, name);
	snprintf(command, sizeof(command), "cp '%s/plugins/%s' '%s'", here,
		 name, path);
	assert_int_equal(system(command), 0);
}

/* The last two that were given out stay. */
static const char *hash(void)
{
	static char texts[3][BINARY_HASH_TEXT];
	static unsigned int turn;
	char *text = texts[++turn % 3];

	if (binary_hash(&plan, text, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	return text;
}

/* FNV-1a of the contents and then of their size, 8 bytes, lowest first. */
static void a_hash_is_that_of_the_contents_and_the_size(void **state)
{
	char path[128];
	uint64_t value = BINARY_HASH_START, again = BINARY_HASH_START;

	(void)state;
	snprintf(path, sizeof(path), "%s/file", folder);
	scratch_write(folder, "file", "foobar");
	assert_int_equal(binary_hash_add(path, &value), 0);
	/* Of "foobar" alone: 85944171f73967e8, a vector of the draft. */
	again = 0x85944171f73967e8u;
	for (int i = 0; i < 8; i++)
		again = (again ^ (i == 0 ? 6 : 0)) * 0x100000001b3u;
	assert_int_equal(value, again);
}

static void bytes_cannot_pass_from_one_file_to_the_next(void **state)
{
	uint64_t one = BINARY_HASH_START, other = BINARY_HASH_START;
	char a[128], b[128];

	(void)state;
	snprintf(a, sizeof(a), "%s/a", folder);
	snprintf(b, sizeof(b), "%s/b", folder);
	scratch_write(folder, "a", "xy");
	scratch_write(folder, "b", "z");
	assert_int_equal(binary_hash_add(a, &one), 0);
	assert_int_equal(binary_hash_add(b, &one), 0);
	scratch_write(folder, "a", "x");
	scratch_write(folder, "b", "yz");
	assert_int_equal(binary_hash_add(a, &other), 0);
	assert_int_equal(binary_hash_add(b, &other), 0);
	assert_true(one != other);
}

static void the_same_program_and_plan_have_the_same_hash(void **state)
{
	const char *before = hash();

	(void)state;
	assert_int_equal(strlen(before), 16);
	assert_string_equal(hash(), before);
	/* What is built in is in the program. */
	strcpy(plan.cells[0].allocator, "mremap-maymove");
	assert_string_equal(hash(), before);
}

static void a_plugin_of_the_plan_is_in_the_hash_once(void **state)
{
	const char *without = hash(), *with;
	char path[128];

	(void)state;
	copy_plugin("faulty.so", path);
	snprintf(plan.cells[0].allocator, SPEC_TEXT_MAX, "%s", path);
	with = hash();
	assert_string_not_equal(with, without);
	plan.cells_count = 2;
	snprintf(plan.cells[1].allocator, SPEC_TEXT_MAX, "%s:fault=crash",
		 path);
	assert_string_equal(hash(), with);
}

static void wrapped_allocators_and_workloads_are_in_the_hash(void **state)
{
	const char *without = hash(), *wrapped;
	char allocator[128], workload[128];

	(void)state;
	copy_plugin("faulty.so", allocator);
	snprintf(plan.cells[0].allocator, SPEC_TEXT_MAX,
		 "exponential:over=[%s:fault=crash]", allocator);
	wrapped = hash();
	assert_string_not_equal(wrapped, without);
	copy_plugin("steps.so", workload);
	snprintf(plan.groups[0].workload, SPEC_TEXT_MAX, "%s", workload);
	assert_string_not_equal(hash(), wrapped);
}

static void a_plugin_that_was_built_anew_has_another_hash(void **state)
{
	const char *before;
	char path[128];
	FILE *file;

	(void)state;
	copy_plugin("faulty.so", path);
	snprintf(plan.cells[0].allocator, SPEC_TEXT_MAX, "%s", path);
	before = hash();
	file = fopen(path, "a");
	assert_non_null(file);
	fputc('x', file);
	fclose(file);
	assert_string_not_equal(hash(), before);
}

static void what_cannot_be_read_is_said(void **state)
{
	uint64_t value = BINARY_HASH_START;
	char text[BINARY_HASH_TEXT];

	(void)state;
	assert_int_equal(binary_hash_add("/nowhere/x", &value), -ENOENT);
	assert_int_equal(binary_hash_add("/", &value), -EISDIR);
	strcpy(plan.cells[0].allocator, "/nowhere/mine.so");
	assert_int_equal(binary_hash(&plan, text, why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, "/nowhere/mine.so"));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, start_afresh, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hash_is_that_of_the_contents_and_the_size),
		TEST(bytes_cannot_pass_from_one_file_to_the_next),
		TEST(the_same_program_and_plan_have_the_same_hash),
		TEST(a_plugin_of_the_plan_is_in_the_hash_once),
		TEST(wrapped_allocators_and_workloads_are_in_the_hash),
		TEST(a_plugin_that_was_built_anew_has_another_hash),
		TEST(what_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
