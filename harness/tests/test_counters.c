/* test_counters - names to counters, on machines that are made up. */
/* wrap: perf_event_open_fd perf_event_read tracefs_open perf_facts_read */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver/counters.h"
#include "driver/perf_facts.h"
#include "driver/tracefs.h"
#include "sample/perf.h"
#include "sample/perf_event.h"
#include "tests/scratch.h"

#define DESCRIPTORS 256

/* The machine that the tests play. */
static struct {
	int software_error; /* of software events and tracepoints */
	int kernel_error; /* of those that count the kernel too */
	int hardware_error;
	unsigned int counters; /* of the PMU: more are refused */
	unsigned int scheduled; /* of a group; of larger ones none runs */
	uint64_t value; /* of a hardware event */
	int tracefs_error;
	struct perf_facts facts;
} machine;

/* Hardware events that are open, by descriptor: members of the group. */
static unsigned int members[DESCRIPTORS];
static int leader_of[DESCRIPTORS];

static char root[64];
static struct counters counters;
static char why[256];

int __real_perf_event_open_fd(struct perf_event_attr *attr, int leader_fd);
int __real_perf_event_read(int fd, struct perf_event_value *value);
int __real_tracefs_open(struct tracefs *tracefs, const char *const *roots);

static int open_hardware(int leader_fd)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(attr),
		.exclude_kernel = 1,
		.disabled = 1,
	};
	int fd;

	if (machine.hardware_error)
		return machine.hardware_error;
	if (leader_fd >= 0 && members[leader_fd] == machine.counters)
		return -EINVAL;
	fd = __real_perf_event_open_fd(&attr, -1);
	if (fd < 0 || fd >= DESCRIPTORS)
		return fd < 0 ? fd : -EMFILE;
	leader_of[fd] = leader_fd < 0 ? fd : leader_fd;
	members[fd] = 0;
	members[leader_of[fd]]++;
	return fd;
}

/* Software events and tracepoints are a real software event, or an error. */
int __wrap_perf_event_open_fd(struct perf_event_attr *attr, int leader_fd)
{
	struct perf_event_attr real = *attr;
	int fd;

	if (machine.kernel_error && !attr->exclude_kernel)
		return machine.kernel_error;
	if (!perf_facts_software(attr))
		return open_hardware(leader_fd);
	if (machine.software_error)
		return machine.software_error;
	real.type = PERF_TYPE_SOFTWARE;
	real.config = PERF_COUNT_SW_TASK_CLOCK;
	real.exclude_user = 0;
	real.exclude_kernel = 1;
	fd = __real_perf_event_open_fd(&real, leader_fd);
	if (fd >= 0 && fd < DESCRIPTORS)
		members[fd] = 0;
	return fd;
}

int __wrap_perf_event_read(int fd, struct perf_event_value *value)
{
	if (members[leader_of[fd]] == 0)
		return __real_perf_event_read(fd, value);
	*value = (struct perf_event_value){machine.value, 1000, 1000};
	if (members[leader_of[fd]] > machine.scheduled)
		value->running_ns = value->value = 0;
	return 0;
}

int __wrap_tracefs_open(struct tracefs *tracefs, const char *const *roots)
{
	const char *mine[] = {root, NULL};

	(void)roots;
	__real_tracefs_open(tracefs, mine);
	return tracefs->error = machine.tracefs_error;
}

void __wrap_perf_facts_read(const char *from, struct perf_facts *facts)
{
	(void)from;
	*facts = machine.facts;
}

/* A machine with a PMU of six, tracefs, and perf_event_paranoid -1. */
static int setup(void **state)
{
	(void)state;
	memset(&machine, 0, sizeof(machine));
	memset(members, 0, sizeof(members));
	memset(leader_of, 0, sizeof(leader_of));
	machine.counters = 6;
	machine.scheduled = 6;
	machine.value = 1000;
	machine.facts.cpu_pmu = true;
	machine.facts.paranoid_known = true;
	machine.facts.paranoid = -1;
	scratch_open(root);
	scratch_write(root, "events/syscalls/sys_enter_mremap/id", "707\n");
	scratch_write(root, "events/kmem/mm_page_alloc/id", "653\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scratch_close(root);
	return 0;
}

static const struct counter *find(const char *name)
{
	for (unsigned int i = 0; i < counters.count; i++)
		if (strcmp(counters.counters[i].name, name) == 0)
			return &counters.counters[i];
	fail_msg("no counter %s", name);
	return &counters.counters[0];
}

static void resolve(const char *list)
{
	int error = counters_resolve(list, &counters, why, sizeof(why));

	if (error)
		fail_msg("%d: %s", error, why);
	/* Wherever software events cannot be opened, nothing can be played. */
	for (unsigned int i = 0; i < counters.count; i++)
		assert_int_equal(counters.counters[i].usable,
				 counters.counters[i].reason[0] == '\0');
}

static void assert_says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' does not say '%s'", text, part);
}

/* The counter is missing, and its reason says so. */
static void assert_missing(const char *name, const char *part)
{
	assert_false(find(name)->usable);
	assert_says(find(name)->reason, part);
}

/* The list is refused with such a sentence. */
static void assert_refused(const char *list, const char *part)
{
	assert_int_equal(counters_resolve(list, &counters, why, sizeof(why)),
			 -EINVAL);
	assert_says(why, part);
}

static void names_become_events_with_their_sides(void **state)
{
	const struct perf_event_attr *attr;

	(void)state;
	resolve(" page-faults:u, cycles:k ,dTLB-load-misses,task-clock");
	assert_int_equal(counters.count, 4);
	attr = &find("page-faults:u")->request.attr;
	assert_int_equal(attr->type, PERF_TYPE_SOFTWARE);
	assert_int_equal(attr->config, PERF_COUNT_SW_PAGE_FAULTS);
	assert_true(attr->exclude_kernel && !attr->exclude_user);
	attr = &find("cycles:k")->request.attr;
	assert_int_equal(attr->type, PERF_TYPE_HARDWARE);
	assert_int_equal(attr->config, PERF_COUNT_HW_CPU_CYCLES);
	assert_true(attr->exclude_user && !attr->exclude_kernel);
	attr = &find("dTLB-load-misses")->request.attr;
	assert_int_equal(attr->type, PERF_TYPE_HW_CACHE);
	assert_int_equal(attr->config,
			 PERF_COUNT_HW_CACHE_DTLB |
				 PERF_COUNT_HW_CACHE_RESULT_MISS << 16);
	assert_false(attr->exclude_user || attr->exclude_kernel);
	assert_int_equal(find("task-clock")->request.attr.config,
			 PERF_COUNT_SW_TASK_CLOCK);
}

static void defaults_are_all_there_usable_or_with_a_reason(void **state)
{
	(void)state;
	resolve(NULL);
	assert_int_equal(counters.count, 18);
	assert_true(find("page-faults")->usable);
	assert_true(find("context-switches")->usable);
	assert_true(find("cpu-migrations")->usable);
	assert_true(find("instructions:k")->usable);
	assert_true(find("LLC-load-misses:u")->usable);
	assert_true(find("syscalls:sys_enter_mremap")->usable);
	assert_missing("tlb:tlb_flush", "this kernel has no such tracepoint");
}

static void without_a_pmu_hardware_is_missing_and_software_is_not(void **state)
{
	(void)state;
	machine.hardware_error = -ENOENT;
	machine.facts.cpu_pmu = false;
	machine.facts.virtual_machine = true;
	resolve(NULL);
	assert_missing("cycles:u", "no PMU in this virtual machine");
	assert_missing("LLC-load-misses:k", "no PMU in this virtual machine");
	assert_true(find("page-faults")->usable);
	assert_true(find("task-clock")->usable);
}

static void paranoia_refuses_what_it_must_and_names_itself(void **state)
{
	(void)state;
	machine.facts.paranoid = 2;
	machine.kernel_error = -EACCES;
	resolve("page-faults,page-faults:u,task-clock,cycles:u,cycles:k");
	assert_missing("page-faults", "perf_event_paranoid is 2");
	assert_missing("cycles:k", "kernel.perf_event_paranoid=1");
	assert_true(find("page-faults:u")->usable);
	assert_true(find("task-clock")->usable);
	assert_true(find("cycles:u")->usable);
	/* A side is offered only where it can be had alone. */
	assert_says(find("page-faults")->reason, "(:u)");
	resolve("cs");
	assert_missing("cs", "perf_event_paranoid is 2");
	assert_null(strstr(find("cs")->reason, "(:u)"));
	machine.facts.paranoid = 3;
	machine.software_error = machine.hardware_error = -EACCES;
	resolve("page-faults:u,cycles:u");
	assert_missing("page-faults:u", "perf_event_paranoid is 3");
	assert_missing("cycles:u", "kernel.perf_event_paranoid=2");
}

static void containers_and_full_tables_are_named(void **state)
{
	(void)state;
	machine.facts.seccomp = true;
	machine.kernel_error = -EPERM;
	resolve("page-faults");
	assert_missing("page-faults", "a seccomp filter");
	machine.kernel_error = -ENOSYS;
	resolve("page-faults");
	assert_missing("page-faults", "a seccomp filter");
	machine.facts.seccomp = false;
	resolve("page-faults");
	assert_missing("page-faults", "no perf_event_open");
	machine.kernel_error = -EMFILE;
	resolve("page-faults,cycles");
	assert_missing("page-faults", "ulimit -n");
	assert_missing("cycles", "ulimit -n");
}

static void groups_hold_what_the_pmu_counts_at_a_time(void **state)
{
	const int32_t expected[] = {1, 0, 1, 2, 2, 3};

	(void)state;
	machine.counters = 2;
	resolve("cycles:u,page-faults,cycles:k,instructions:u,instructions:k,"
		"branches");
	for (unsigned int i = 0; i < counters.count; i++) {
		assert_true(counters.counters[i].usable);
		assert_int_equal(counters.counters[i].request.group,
				 expected[i]);
	}
}

static void groups_leave_out_counters_that_a_watchdog_holds(void **state)
{
	const int32_t expected[] = {1, 1, 1, 2};

	(void)state;
	machine.counters = 4;
	machine.scheduled = 3;
	resolve("cycles:u,cycles:k,instructions:u,instructions:k");
	for (unsigned int i = 0; i < counters.count; i++)
		assert_int_equal(counters.counters[i].request.group,
				 expected[i]);
}

static void a_pmu_that_opens_and_does_not_count_is_not_used(void **state)
{
	(void)state;
	machine.scheduled = 0;
	resolve("cycles:u");
	assert_missing("cycles:u", "never gets a counter");
	machine.scheduled = 6;
	machine.value = 0;
	resolve("cycles:u,instructions:k,dTLB-load-misses:k");
	assert_missing("cycles:u", "counts nothing");
	assert_missing("instructions:k", "counts nothing");
	/* A loop need not miss the TLB. */
	assert_true(find("dTLB-load-misses:k")->usable);
}

static void sides_are_refused_where_the_kernel_keeps_none(void **state)
{
	(void)state;
	resolve("task-clock:u,cs:u,migrations:k,cpu-clock,cs,minor-faults:k");
	assert_missing("task-clock:u", "without :u or :k");
	assert_missing("cs:u", "without :u or :k");
	assert_missing("migrations:k", "without :u or :k");
	assert_true(find("cpu-clock")->usable);
	assert_true(find("cs")->usable);
	assert_true(find("minor-faults:k")->usable);
}

static void unknown_names_get_the_nearest_one(void **state)
{
	(void)state;
	assert_refused("page-fualts", "'page-fualts'");
	assert_says(why, "did you mean 'page-faults'?");
	assert_refused("cycles,dtlb-lod-misses:k",
		       "did you mean 'dtlb-load-misses:k'?");
	assert_refused("perf::cycels:u", "did you mean 'perf::cycles:u'?");
	assert_refused("xyzzy", "unknown counter 'xyzzy'");
	assert_null(strstr(why, "did you mean"));
	assert_refused("syscals:sys_enter_mremap",
		       "did you mean 'syscalls:sys_enter_mremap'?");
	assert_refused("xyzzy:sys_enter_mremap", "unknown counter");
}

static void malformed_lists_are_refused(void **state)
{
	char list[COUNTERS_MAX * 16 + 16] = "";

	(void)state;
	assert_refused("", "an empty name");
	assert_refused("cycles,,cs", "an empty name");
	assert_refused("cycles,", "an empty name");
	assert_refused("cs,cycles:u,cs", "'cs' is named twice");
	assert_refused("cycles:zz", "'cycles:zz'");
	assert_refused("cycles:period=1000", "libpfm4 says");
	/* A mask that an event does not have: tracefs is not to blame. */
	machine.tracefs_error = -ENOENT;
	assert_refused("PERF_COUNT_HW_CACHE_LL:bogus", "libpfm4 says");
	machine.tracefs_error = 0;
	assert_refused("PERF_COUNT_HW_CACHE_LL:bogus", "libpfm4 says");
	assert_refused("a123456789012345678901234567890123456789012345678901234"
		       "567890123",
		       "at most 63 bytes");
	for (unsigned int i = 0; i <= COUNTERS_MAX; i++)
		sprintf(list + strlen(list), "%st%u", i ? "," : "", i);
	assert_refused(list, "more than 32 counters");
}

static void the_event_of_another_cpu_is_a_fact_not_a_mistake(void **state)
{
	(void)state;
#if defined(__x86_64__)
	resolve("cs,netburst::global_power_events:k,GLOBAL_POWER_EVENTS");
	assert_missing("GLOBAL_POWER_EVENTS", "of other CPUs (netburst");
	assert_missing("netburst::global_power_events:k", "not of this one");
	assert_true(find("cs")->usable);
#else
	skip();
#endif
}

static void tracepoints_are_missing_for_their_own_reasons(void **state)
{
	(void)state;
	resolve("kmem:mm_page_alloc,kmem:mm_page_aloc,mmap:vm_unmapped_area");
	assert_int_equal(find("kmem:mm_page_alloc")->request.attr.config, 653);
	assert_int_equal(find("kmem:mm_page_alloc")->request.attr.type,
			 PERF_TYPE_TRACEPOINT);
	assert_missing("kmem:mm_page_aloc", "mean 'kmem:mm_page_alloc'?");
	assert_missing("mmap:vm_unmapped_area", "no such tracepoint");
	machine.tracefs_error = -ENOENT;
	resolve("regrow:none,cs");
	assert_missing("regrow:none", "mount -t tracefs");
	assert_true(find("regrow:none")->tracepoint);
	assert_true(find("cs")->usable);
	machine.tracefs_error = -EACCES;
	resolve("regrow:none");
	assert_missing("regrow:none", "not readable by this user");
}

static void tracepoints_are_asked_for_in_the_checking_pass_only(void **state)
{
	static struct sample_request request;
	unsigned int places[COUNTERS_MAX];

	(void)state;
	machine.hardware_error = -ENOENT;
	resolve("cycles,kmem:mm_page_alloc,cs,instructions,page-faults");
	counters_request(&counters, PASS_CHECKING, &request, places);
	assert_int_equal(request.counters_count, 3);
	assert_int_equal(places[0], 1);
	assert_int_equal(places[1], 2);
	assert_int_equal(places[2], 4);
	assert_int_equal(request.counters[0].attr.config, 653);
	counters_request(&counters, PASS_TIMING, &request, places);
	assert_int_equal(request.counters_count, 2);
	assert_int_equal(places[0], 2);
	assert_int_equal(places[1], 4);
	assert_int_equal(request.counters[1].group, 0);
}

static void trying_out_leaves_no_descriptor_open(void **state)
{
	int before = dup(STDERR_FILENO);
	int after;

	(void)state;
	close(before);
	machine.counters = 2;
	resolve(NULL);
	after = dup(STDERR_FILENO);
	close(after);
	assert_int_equal(after, before);
}

struct text {
	char lines[40][1024];
	unsigned int count;
};

static void keep_line(void *context, const char *line)
{
	struct text *text = context;

	assert_true(text->count < 40);
	snprintf(text->lines[text->count++], sizeof(text->lines[0]), "%s",
		 line);
}

static void the_description_says_what_is_here_and_what_is_not(void **state)
{
	static struct text text;

	(void)state;
	machine.hardware_error = -ENOENT;
	machine.facts.cpu_pmu = false;
	machine.facts.virtual_machine = true;
	counters_describe(keep_line, &text);
	assert_says(text.lines[0], "software events: page-faults ");
	assert_string_equal(text.lines[1], "hardware events: none");
	assert_says(text.lines[2], "not here: cycles:u cycles:k ");
	assert_says(text.lines[3], "no PMU in this virtual machine");
	assert_string_equal(
		text.lines[4],
		"tracepoints: kmem:mm_page_alloc syscalls:sys_enter_mremap");
	assert_string_equal(text.lines[text.count - 1], "");
	machine.hardware_error = 0;
	machine.counters = 4;
	memset(&text, 0, sizeof(text));
	counters_describe(keep_line, &text);
	assert_says(text.lines[1], "cycles:u cycles:k instructions:u ");
	assert_says(text.lines[2], "they take turns");
}

/* Software events are the ground that the planted machine stands on. */
static int can_play(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.size = sizeof(attr),
		.exclude_kernel = 1,
	};
	int fd = __real_perf_event_open_fd(&attr, -1);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(names_become_events_with_their_sides),
		test(defaults_are_all_there_usable_or_with_a_reason),
		test(without_a_pmu_hardware_is_missing_and_software_is_not),
		test(paranoia_refuses_what_it_must_and_names_itself),
		test(containers_and_full_tables_are_named),
		test(groups_hold_what_the_pmu_counts_at_a_time),
		test(groups_leave_out_counters_that_a_watchdog_holds),
		test(a_pmu_that_opens_and_does_not_count_is_not_used),
		test(sides_are_refused_where_the_kernel_keeps_none),
		test(unknown_names_get_the_nearest_one),
		test(malformed_lists_are_refused),
		test(the_event_of_another_cpu_is_a_fact_not_a_mistake),
		test(tracepoints_are_missing_for_their_own_reasons),
		test(tracepoints_are_asked_for_in_the_checking_pass_only),
		test(trying_out_leaves_no_descriptor_open),
		test(the_description_says_what_is_here_and_what_is_not),
	};
	int error = can_play();

	if (error) {
		printf("no software event can be opened here: %s\n",
		       strerror(-error));
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
