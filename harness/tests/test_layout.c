/*
 * test_layout - samples get the layout of the map that they are asked for, and
 * say so where they do not. This program is its own sample's binary.
 */
/* wrap: personality fork */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/personality.h"
#include "driver/layout.h"
#include "driver/names.h"
#include "driver/spawn.h"
#include "sample/map_layout.h"
#include "tests/failing_fork.h"
#include "tests/plugin_folder.h"
#include "tests/sanitized.h"
#include "tests/scratch.h"

int __real_personality(unsigned long persona);
int __wrap_personality(unsigned long persona);

/* What personality(2) does in this process; not in its samples. */
static struct {
	int refused; /* errno of each call that changes something */
	int unreadable; /* errno of each other call */
	bool lethal; /* a filter that ends the process */
	bool faked; /* it only says that it does */
	unsigned long flags; /* where faked */
} fake;

int __wrap_personality(unsigned long persona)
{
	bool asks = persona == 0xffffffffUL;

	if (fake.lethal && !asks) {
		signal(SIGSYS, SIG_DFL);
		raise(SIGSYS);
	}
	if (asks ? fake.unreadable : fake.refused) {
		errno = asks ? fake.unreadable : fake.refused;
		return -1;
	}
	if (!fake.faked)
		return __real_personality(persona);
	if (!asks)
		fake.flags = persona;
	return (int)fake.flags;
}

static char plugins[3072];
static struct spawner spawner;
static struct spawn_result result;
static size_t page_size;
static char why[512];
static char setting[SCRATCH_PATH_SIZE];

static int suite_setup(void **state)
{
	struct rlimit none = {0};
	int file;

	(void)state;
	setrlimit(RLIMIT_CORE, &none); /* of what a filter ends */
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	file = scratch_file(setting);
	if (write(file, "1\n", 2) != 2)
		return -1;
	close(file);
	return spawner_open(&spawner);
}

static int suite_teardown(void **state)
{
	(void)state;
	spawner_close(&spawner);
	return remove(setting);
}

static int forget(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	failing_fork_error = 0;
	why[0] = '\0';
	return __real_personality(0) < 0;
}

/* Grows a buffer of pages to 64, copying, and looks at the map. */
static const struct sample_answer *sample_run(enum layout layout)
{
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setup = {.timeout_ns = 60000000000u};

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator),
		 "%.*s/faulty.so:fault=none", 400, plugins);
	snprintf(request->workload, sizeof(request->workload),
		 "%.*s/steps.so:growths=6", 400, plugins);
	request->seed = 1;
	request->pass = PASS_CHECKING;
	request->layout = layout;
	request->threads = 1;
	request->block_bytes_max = 1 << 22;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	assert_int_equal(spawn_sample(&spawner, &setup, &result), 0);
	return &spawner.exchange->answer;
}

static void assert_ok(void)
{
	if (result.outcome != SAMPLE_OK)
		print_error("%s\n", result.reason);
	assert_int_equal(result.outcome, SAMPLE_OK);
}

static void samples_get_either_layout(void **state)
{
	(void)state;
	/* Its shadow has no room for another layout. */
	if (THREAD_SANITIZED)
		skip();
	sample_run(LAYOUT_LEGACY);
	assert_ok();
	sample_run(LAYOUT_STANDARD);
	assert_ok();
}

static void
a_driver_of_the_legacy_layout_has_samples_of_the_standard(void **state)
{
	(void)state;
	assert_true(__real_personality(ADDR_COMPAT_LAYOUT) >= 0);
	sample_run(LAYOUT_STANDARD);
	assert_ok();
}

static void holes_are_counted_bottom_up_as_top_down(void **state)
{
	uint64_t mappings[LAYOUT_COUNT];
	const struct sample_answer *answer;

	(void)state;
	if (SANITIZED)
		skip();
	for (int layout = 0; layout < LAYOUT_COUNT; layout++) {
		answer = sample_run((enum layout)layout);
		assert_ok();
		assert_int_equal(answer->final.holes.mapped_bytes -
					 answer->before.holes.mapped_bytes,
				 64 * page_size);
		assert_int_equal(answer->drained.holes.mappings,
				 answer->before.holes.mappings);
		assert_int_equal(answer->drained.holes.mapped_bytes,
				 answer->before.holes.mapped_bytes);
		/* The program's libraries are among them, its stack is not. */
		mappings[layout] = answer->before.holes.mappings;
		assert_true(mappings[layout] >= 8);
		assert_in_range(answer->before.holes.hole_bytes, 0, 1 << 30);
		assert_in_range(answer->final.holes.hole_bytes, 0, 1 << 30);
	}
	/* One program's, whichever way they were placed: a gap may close. */
	assert_in_range(mappings[LAYOUT_LEGACY], mappings[LAYOUT_STANDARD] - 2,
			mappings[LAYOUT_STANDARD] + 2);
}

static void a_sample_that_the_kernel_refuses_says_what_it_is(void **state)
{
	(void)state;
	fake.refused = EPERM;
	sample_run(LAYOUT_LEGACY);
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	assert_non_null(strstr(result.reason, "layout of the map"));
	assert_non_null(strstr(result.reason, "Operation not permitted"));
}

static void a_layout_that_is_only_promised_is_seen(void **state)
{
	(void)state;
	assert_int_equal(map_layout_check(LAYOUT_STANDARD, why, sizeof(why)),
			 0);
	assert_int_equal(map_layout_check(LAYOUT_LEGACY, why, sizeof(why)),
			 -ENOTSUP);
	assert_non_null(strstr(why, "asked for the legacy layout"));
	assert_non_null(strstr(why, "personality(2) says standard"));
	fake.faked = true;
	fake.flags = ADDR_COMPAT_LAYOUT;
	assert_int_equal(map_layout_check(LAYOUT_LEGACY, why, sizeof(why)),
			 -ENOTSUP);
	assert_non_null(strstr(why, "says legacy and the map grows downward"));
	assert_int_equal(map_layout_check(LAYOUT_STANDARD, why, sizeof(why)),
			 -ENOTSUP);
	assert_non_null(strstr(why, "asked for the standard layout"));
}

static void the_other_flags_stay(void **state)
{
	(void)state;
	fake.faked = true;
	fake.flags = ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC;
	assert_int_equal(personality_set_layout(true), 0);
	assert_true(personality_is_legacy());
	assert_int_equal(fake.flags, ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC |
					     ADDR_COMPAT_LAYOUT);
	assert_int_equal(personality_set_layout(false), 0);
	assert_false(personality_is_legacy());
	assert_int_equal(fake.flags, ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC);
}

static int usable(enum layout layout, const char *path)
{
	why[0] = '\0';
	return layout_usable(layout, path, why, sizeof(why));
}

static void a_filter_leaves_the_layout_that_is_there(void **state)
{
	(void)state;
	assert_int_equal(usable(LAYOUT_LEGACY, "/nonexistent"), 0);
	fake.refused = EPERM;
	assert_int_equal(usable(LAYOUT_LEGACY, "/nonexistent"), -ENOTSUP);
	assert_non_null(strstr(why, "personality(2) is refused (Operation"));
	assert_int_equal(usable(LAYOUT_STANDARD, "/nonexistent"), 0);
	assert_string_equal(why, "");
	fake.unreadable = ENOSYS;
	assert_int_equal(usable(LAYOUT_LEGACY, "/nonexistent"), -ENOTSUP);
	assert_non_null(strstr(why, "Function not implemented"));
	assert_int_equal(usable(LAYOUT_STANDARD, "/nonexistent"), 0);
}

static void a_filter_that_kills_kills_no_driver(void **state)
{
	(void)state;
	fake.lethal = true;
	assert_int_equal(usable(LAYOUT_LEGACY, "/nonexistent"), -ENOTSUP);
	assert_non_null(strstr(why, "seccomp"));
}

static void a_layout_that_cannot_be_tried_is_not_called_refused(void **state)
{
	(void)state;
	failing_fork_error = EAGAIN;
	assert_int_equal(usable(LAYOUT_STANDARD, "/nonexistent"), -EAGAIN);
	assert_non_null(strstr(why, "no process can be started"));
	assert_non_null(strstr(why, "RLIMIT_NPROC"));
	assert_null(strstr(why, "personality"));
	failing_fork_error = ENOMEM;
	assert_int_equal(usable(LAYOUT_LEGACY, "/nonexistent"), -ENOMEM);
	assert_null(strstr(why, "RLIMIT_NPROC"));
}

static void trying_a_layout_leaves_the_driver_as_it_was(void **state)
{
	int before = __real_personality(0xffffffffUL);

	(void)state;
	assert_int_equal(usable(LAYOUT_LEGACY, "/nonexistent"), 0);
	assert_int_equal(__real_personality(0xffffffffUL), before);
}

static void a_system_set_to_legacy_has_no_standard_layout(void **state)
{
	(void)state;
	assert_int_equal(usable(LAYOUT_STANDARD, setting), -ENOTSUP);
	assert_non_null(strstr(why, "echo 0 | sudo tee "));
	assert_non_null(strstr(why, setting));
	assert_int_equal(usable(LAYOUT_LEGACY, setting), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(samples_get_either_layout, forget),
		cmocka_unit_test_setup(
			a_driver_of_the_legacy_layout_has_samples_of_the_standard,
			forget),
		cmocka_unit_test_setup(holes_are_counted_bottom_up_as_top_down,
				       forget),
		cmocka_unit_test_setup(
			a_sample_that_the_kernel_refuses_says_what_it_is,
			forget),
		cmocka_unit_test_setup(a_layout_that_is_only_promised_is_seen,
				       forget),
		cmocka_unit_test_setup(the_other_flags_stay, forget),
		cmocka_unit_test_setup(a_filter_leaves_the_layout_that_is_there,
				       forget),
		cmocka_unit_test_setup(a_filter_that_kills_kills_no_driver,
				       forget),
		cmocka_unit_test_setup(
			a_layout_that_cannot_be_tried_is_not_called_refused,
			forget),
		cmocka_unit_test_setup(
			trying_a_layout_leaves_the_driver_as_it_was, forget),
		cmocka_unit_test_setup(
			a_system_set_to_legacy_has_no_standard_layout, forget),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	if (!plugin_folder(plugins, sizeof(plugins)))
		return 1;
	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
