/* test_tracefs - tracepoints found in a made-up tracefs; reasons from facts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "driver/perf_facts.h"
#include "driver/tracefs.h"
#include "tests/scratch.h"

static char root[64];
static struct tracefs tracefs;

static int setup(void **state)
{
	const char *roots[] = {"/nonexistent", root, NULL};

	(void)state;
	scratch_open(root);
	scratch_write(root, "events/mmap/vm_unmapped_area/id", "697\n");
	scratch_write(root, "events/mmap/vma_store/id", "698\n");
	scratch_write(root, "events/mmap/enable", "0\n");
	scratch_write(root, "events/broken/empty/id", "\n");
	return tracefs_open(&tracefs, roots);
}

static int teardown(void **state)
{
	(void)state;
	scratch_close(root);
	return 0;
}

static void the_second_root_is_used_where_the_first_is_missing(void **state)
{
	uint64_t id = 0;

	(void)state;
	assert_int_equal(tracefs_id(&tracefs, "mmap:vm_unmapped_area", &id), 0);
	assert_int_equal(id, 697);
}

static void errors_tell_event_group_spelling_and_content_apart(void **state)
{
	uint64_t id;

	(void)state;
	assert_int_equal(tracefs_id(&tracefs, "mmap:none", &id), -ENOENT);
	assert_int_equal(tracefs_id(&tracefs, "mmap:enable", &id), -ENOENT);
	assert_int_equal(tracefs_id(&tracefs, "none:none", &id), -ENOTDIR);
	assert_int_equal(tracefs_id(&tracefs, "broken:empty", &id), -EBADMSG);
	assert_int_equal(tracefs_id(&tracefs, "mmap", &id), -EINVAL);
	assert_int_equal(tracefs_id(&tracefs, "mmap:", &id), -EINVAL);
	assert_int_equal(tracefs_id(&tracefs, ":vma_store", &id), -EINVAL);
	assert_int_equal(tracefs_id(&tracefs, "a:b:c", &id), -EINVAL);
	assert_int_equal(tracefs_id(&tracefs, "../x:y", &id), -EINVAL);
}

static void a_modifier_is_not_a_tracepoint(void **state)
{
	uint64_t id;

	(void)state;
	assert_int_equal(tracefs_id(&tracefs, "cycles:u", &id), -EINVAL);
	assert_int_equal(tracefs_id(&tracefs, "cycles:uk", &id), -EINVAL);
	assert_int_equal(tracefs_id(&tracefs, "cycles:ukx", &id), -ENOTDIR);
}

static void no_root_is_not_mounted(void **state)
{
	const char *roots[] = {"/nonexistent", NULL};
	struct tracefs none;
	uint64_t id;

	(void)state;
	assert_int_equal(tracefs_open(&none, roots), -ENOENT);
	assert_string_equal(none.events, "");
	assert_int_equal(tracefs_id(&none, "mmap:vma_store", &id), -ENOENT);
}

static void the_nearest_tracepoint_is_found_in_any_group(void **state)
{
	char near[64];

	(void)state;
	tracefs_nearest(&tracefs, "mmap:vm_unmaped_area", near, sizeof(near));
	assert_string_equal(near, "mmap:vm_unmapped_area");
	tracefs_nearest(&tracefs, "mmpa:vma_stroe", near, sizeof(near));
	assert_string_equal(near, "mmap:vma_store");
	tracefs_nearest(&tracefs, "sched:sched_switch", near, sizeof(near));
	assert_string_equal(near, "");
	tracefs_nearest(&tracefs, "mmap:something_else", near, sizeof(near));
	assert_string_equal(near, "");
	/* A switch of the group is no event. */
	tracefs_nearest(&tracefs, "mmap:enabel", near, sizeof(near));
	assert_string_equal(near, "");
	/* What does not fit is not cut short. */
	tracefs_nearest(&tracefs, "mmap:vma_stroe", near, 14);
	assert_string_equal(near, "");
}

static void facts_are_read_from_proc_and_sys(void **state)
{
	struct perf_facts facts;

	(void)state;
	perf_facts_read(root, &facts);
	assert_false(facts.cpu_pmu || facts.virtual_machine || facts.seccomp ||
		     facts.paranoid_known);
	scratch_write(root, "sys/bus/event_source/devices/software/type", "1");
	scratch_write(root, "proc/cpuinfo",
		      "processor\t: 0\nflags\t\t: fpu hypervisor lahf_lm\n");
	scratch_write(root, "proc/self/status",
		      "Name:\tx2\nSeccomp:\t2\nSeccomp_filters:\t1\n");
	scratch_write(root, "proc/sys/kernel/perf_event_paranoid", "-1\n");
	perf_facts_read(root, &facts);
	assert_false(facts.cpu_pmu);
	assert_true(facts.virtual_machine && facts.seccomp);
	assert_true(facts.paranoid_known);
	assert_int_equal(facts.paranoid, -1);
	scratch_write(root, "sys/bus/event_source/devices/cpu_core/type", "4");
	scratch_write(root, "proc/self/status",
		      "Seccomp:\t0\nSeccomp_filters:\t2\n");
	perf_facts_read(root, &facts);
	assert_true(facts.cpu_pmu);
	assert_false(facts.seccomp);
}

/* The reason for an error of a hardware event, or of one that is software. */
static const char *reason_of(const struct perf_facts *facts, unsigned int type,
			     int exclude_kernel, int error)
{
	static char reason[192];
	struct perf_event_attr attr = {
		.type = type,
		.config = PERF_COUNT_SW_PAGE_FAULTS,
	};

	attr.exclude_kernel = exclude_kernel;
	perf_facts_reason(facts, &attr, error, reason, sizeof(reason));
	assert_true(strlen(reason) < sizeof(reason) - 1);
	return reason;
}

#define assert_says(text, part) assert_non_null(strstr(text, part))

static void reasons_of_a_refusal_name_the_sysctl_that_would_do(void **state)
{
	struct perf_facts facts = {
		.cpu_pmu = true,
		.paranoid_known = true,
		.paranoid = 3,
	};
	const char *reason;

	(void)state;
	reason = reason_of(&facts, PERF_TYPE_HARDWARE, 1, EACCES);
	assert_says(reason, "perf_event_paranoid is 3");
	assert_says(reason, "kernel.perf_event_paranoid=2");
	assert_null(strstr(reason, ":u"));
	reason = reason_of(&facts, PERF_TYPE_HARDWARE, 0, EACCES);
	assert_says(reason, "kernel.perf_event_paranoid=1");
	facts.paranoid = 2;
	assert_says(reason_of(&facts, PERF_TYPE_SOFTWARE, 0, EACCES), "(:u)");
	assert_null(strstr(reason_of(&facts, PERF_TYPE_TRACEPOINT, 0, EACCES),
			   "(:u)"));
	reason = reason_of(&facts, PERF_TYPE_SOFTWARE, 1, EACCES);
	assert_says(reason, "security module");
	facts.seccomp = true;
	reason = reason_of(&facts, PERF_TYPE_SOFTWARE, 0, EPERM);
	assert_says(reason, "seccomp filter refuses");
	reason = reason_of(&facts, PERF_TYPE_SOFTWARE, 0, ENOSYS);
	assert_says(reason, "seccomp filter hides");
	facts.seccomp = false;
	reason = reason_of(&facts, PERF_TYPE_SOFTWARE, 0, ENOSYS);
	assert_says(reason, "CONFIG_PERF_EVENTS");
}

static void reasons_of_a_missing_event_tell_whose_lack_it_is(void **state)
{
	struct perf_facts facts = {.virtual_machine = true};

	(void)state;
	assert_says(reason_of(&facts, PERF_TYPE_HW_CACHE, 1, ENOENT),
		    "no PMU in this virtual machine");
	/* Permission alone would not bring one. */
	assert_says(reason_of(&facts, PERF_TYPE_HARDWARE, 0, EACCES),
		    "no PMU in this virtual machine");
	assert_says(reason_of(&facts, PERF_TYPE_SOFTWARE, 1, ENOENT),
		    "this kernel does not have");
	facts.virtual_machine = false;
	assert_says(reason_of(&facts, PERF_TYPE_RAW, 1, EOPNOTSUPP),
		    "no PMU (");
	facts.cpu_pmu = true;
	assert_says(reason_of(&facts, PERF_TYPE_HARDWARE, 1, ENOENT),
		    "this CPU's PMU does not count");
	assert_says(reason_of(&facts, PERF_TYPE_HARDWARE, 1, EMFILE),
		    "ulimit -n");
	assert_says(reason_of(&facts, PERF_TYPE_HARDWARE, 1, EBUSY),
		    "another program");
	assert_says(reason_of(&facts, 12, 1, EINVAL), "per package");
	assert_says(reason_of(&facts, 12, 1, EIO), strerror(EIO));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_second_root_is_used_where_the_first_is_missing),
		cmocka_unit_test(
			errors_tell_event_group_spelling_and_content_apart),
		cmocka_unit_test(a_modifier_is_not_a_tracepoint),
		cmocka_unit_test(no_root_is_not_mounted),
		cmocka_unit_test(the_nearest_tracepoint_is_found_in_any_group),
		cmocka_unit_test(facts_are_read_from_proc_and_sys),
		cmocka_unit_test(
			reasons_of_a_refusal_name_the_sysctl_that_would_do),
		cmocka_unit_test(
			reasons_of_a_missing_event_tell_whose_lack_it_is),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
