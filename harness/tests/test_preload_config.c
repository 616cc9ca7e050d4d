/* test_preload_config - what the environment asks of the preload library. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/config.h"
#include "tests/idle_hooks.h"
#include "tests/scratch.h"
#include "tests/subjects.h"

static int needy_environment(const struct option_value *options,
			     struct environment *environment)
{
	(void)options;
	snprintf(environment->entries[0], sizeof(environment->entries[0]),
		 "NEEDED=a=b");
	environment->count = 1;
	return 0;
}

static int sick_probe(const struct option_value *options, char *why,
		      size_t why_size)
{
	(void)options;
	snprintf(why, why_size, "it has a cold");
	return -ENOSYS;
}

static const struct allocator needy = {
	.name = "test-needy",
	.environment = needy_environment,
	SUBJECT_ALLOCATOR,
};
static const struct allocator sick = {
	.name = "test-sick",
	.probe = sick_probe,
	SUBJECT_ALLOCATOR,
};
BUILT_IN(allocator, needy);
BUILT_IN(allocator, sick);

/* The environment of a test: names and values by turns, then NULL. */
static const char *const *variables;

static const char *get(const char *name)
{
	const char *const *at;

	for (at = variables; *at; at += 2)
		if (strcmp(at[0], name) == 0)
			return at[1];
	return NULL;
}

static struct config config;
static char why[512];

#define READ(...)                                                              \
	(variables = (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL},   \
	 memset(&config, 0, sizeof(config)),                                   \
	 config_read(&config, get, "test-plain", why, sizeof(why)))

static void nothing_set_is_the_standard(void **state)
{
	(void)state;
	assert_int_equal(READ(), 0);
	assert_true(config.serves);
	assert_string_equal(config.spec.canonical, "test-plain");
	assert_int_equal(config.from, 128 << 10);
	assert_string_equal(config.stats, "");
}

static void an_empty_variable_is_not_set(void **state)
{
	(void)state;
	assert_int_equal(
		READ("REGROW_ALLOC", "", "REGROW_FROM", "", "REGROW_STATS", ""),
		0);
	assert_string_equal(config.spec.canonical, "test-plain");
	assert_int_equal(config.from, 128 << 10);
	assert_string_equal(config.stats, "");
}

static void all_that_can_be_set_is_taken(void **state)
{
	char here[PATH_MAX], expected[PATH_MAX + 16];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	snprintf(expected, sizeof(expected), "%s/a.%%p", here);
	assert_int_equal(READ("REGROW_ALLOC",
			      "test-wrap:over=[test-options:size=8K]",
			      "REGROW_FROM", "1M", "REGROW_STATS", "a.%p"),
			 0);
	assert_int_equal(config.spec.depth, 2);
	assert_int_equal(config.from, 1 << 20);
	assert_string_equal(config.stats, expected);
	assert_int_equal(READ("REGROW_STATS", "/x/%%y"), 0);
	assert_string_equal(config.stats, "/x/%%y");
	assert_int_equal(READ("REGROW_STATS", "-"), 0);
	assert_string_equal(config.stats, "-");
	assert_int_equal(READ("REGROW_ALLOC", "none"), 0);
	assert_false(config.serves);
}

static void assert_refused(int error, int expected, const char *sentence)
{
	assert_int_equal(error, expected);
	if (!strstr(why, sentence))
		fail_msg("'%s' lacks '%s'", why, sentence);
}

static void what_cannot_be_is_refused_with_the_reason(void **state)
{
	static char long_name[PATH_MAX + 1];

	(void)state;
	assert_refused(READ("REGROW_FROM", "lots"), -EINVAL,
		       "REGROW_FROM=lots is not a size");
	assert_refused(READ("REGROW_FROM", "0"), -EINVAL, "from 1 on");
	assert_refused(READ("REGROW_FROM", "99999999999T"), -ERANGE,
		       "REGROW_FROM=99999999999T");
	assert_refused(READ("REGROW_ALLOC", "test-plani"), -ENOENT,
		       "did you mean 'test-plain'?");
	assert_refused(READ("REGROW_ALLOC", "test-picky:limit=0"), -EINVAL,
		       "a limit of 0 allows nothing");
	assert_refused(READ("REGROW_ALLOC", "test-sick"), -ENOSYS,
		       "'test-sick' cannot run here: it has a cold");
	assert_refused(READ("REGROW_ALLOC", "test-wrap:over=test-sick"),
		       -ENOSYS, "'test-sick' cannot run here");
	assert_refused(READ("REGROW_STATS", "x%d"), -EINVAL, "x%d: only p");
	assert_refused(READ("REGROW_STATS", "x%"), -EINVAL, "x%: only p");
	memset(long_name, 'n', PATH_MAX);
	assert_refused(READ("REGROW_STATS", long_name), -ENAMETOOLONG,
		       "REGROW_STATS=nnn");
	long_name[PATH_MAX - 3] = '\0';
	assert_refused(READ("REGROW_STATS", long_name), -ENAMETOOLONG,
		       "REGROW_STATS=nnn");
}

static void an_allocator_that_keeps_no_contents_is_refused(void **state)
{
	(void)state;
	assert_refused(READ("REGROW_ALLOC", "null"), -EINVAL,
		       "'null' keeps no contents");
}

static void an_allocators_own_variables_must_be_set_already(void **state)
{
	(void)state;
	assert_refused(READ("REGROW_ALLOC", "test-needy"), -EINVAL,
		       "'test-needy' needs NEEDED=a=b in the program's");
	assert_refused(READ("REGROW_ALLOC", "test-needy", "NEEDED", "a=bc"),
		       -EINVAL, "needs NEEDED=a=b");
	assert_refused(READ("REGROW_ALLOC", "test-needy", "NEEDED", "xa=b"),
		       -EINVAL, "needs NEEDED=a=b");
	assert_int_equal(READ("REGROW_ALLOC", "test-needy", "NEEDED", "a=b"),
			 0);
	assert_int_equal(
		READ("REGROW_ALLOC", "test-needy", "NEEDED", "a=bc:a=b:z"), 0);
}

static void a_files_name_may_hold_the_process(void **state)
{
	char name[16];

	(void)state;
	assert_int_equal(config_file_name("a%p.%p%%%%", 42, name, 16), 0);
	assert_string_equal(name, "a42.42%%");
	assert_int_equal(config_file_name("", 42, name, 16), 0);
	assert_string_equal(name, "");
	assert_int_equal(config_file_name("%x", 42, name, 16), -EINVAL);
	assert_int_equal(config_file_name("x%", 42, name, 16), -EINVAL);
	assert_int_equal(config_file_name("fifteen-bytes-%%", 4, name, 16), 0);
	assert_int_equal(config_file_name("sixteen--bytes-%%", 4, name, 16),
			 -ENAMETOOLONG);
	assert_int_equal(config_file_name("fourteen-bytes%p", 42, name, 16),
			 -ENAMETOOLONG);
}

static void a_trace_is_from_where_blocks_are_served_or_below(void **state)
{
	(void)state;
	assert_int_equal(READ("REGROW_TRACE", "/x/%p", "REGROW_FROM", "1M"), 0);
	assert_string_equal(config.trace, "/x/%p");
	assert_int_equal(config.trace_from, 1 << 20);
	assert_int_equal(READ("REGROW_TRACE", "/x", "REGROW_TRACE_FROM", "0"),
			 0);
	assert_int_equal(config.trace_from, 0);
	assert_refused(READ("REGROW_TRACE_FROM", "1M"), -EINVAL,
		       "REGROW_TRACE_FROM=1M: above REGROW_FROM");
	assert_int_equal(
		READ("REGROW_ALLOC", "none", "REGROW_TRACE_FROM", "1M"), 0);
	assert_string_equal(config.trace, "");
	assert_int_equal(config.trace_from, 1 << 20);
	assert_refused(READ("REGROW_TRACE", "-"), -EINVAL, "needs a file");
	assert_refused(READ("REGROW_TRACE", "%x"), -EINVAL,
		       "REGROW_TRACE=%x: only p");
}

static void a_percent_in_the_working_folder_stays_one(void **state)
{
	char root[SCRATCH_PATH_SIZE], folder[SCRATCH_PATH_SIZE + 8];
	char name[PATH_MAX], expected[PATH_MAX];

	(void)state;
	scratch_open(root);
	snprintf(folder, sizeof(folder), "%s/of-%%p", root);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(READ("REGROW_STATS", "s"), 0);
	assert_int_equal(config_file_name(config.stats, 7, name, sizeof(name)),
			 0);
	snprintf(expected, sizeof(expected), "%s/s", folder);
	assert_string_equal(name, expected);
	assert_int_equal(rmdir(folder), 0);
	assert_refused(READ("REGROW_STATS", "s"), -ENOENT, "working folder");
	assert_int_equal(chdir("/"), 0);
	scratch_close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_set_is_the_standard),
		cmocka_unit_test(an_empty_variable_is_not_set),
		cmocka_unit_test(all_that_can_be_set_is_taken),
		cmocka_unit_test(what_cannot_be_is_refused_with_the_reason),
		cmocka_unit_test(
			an_allocator_that_keeps_no_contents_is_refused),
		cmocka_unit_test(
			an_allocators_own_variables_must_be_set_already),
		cmocka_unit_test(a_files_name_may_hold_the_process),
		cmocka_unit_test(
			a_trace_is_from_where_blocks_are_served_or_below),
		cmocka_unit_test(a_percent_in_the_working_folder_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
