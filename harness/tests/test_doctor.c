/* test_doctor - what the doctor says of machines whose files are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/quiet_machine.h"

static const struct doctor_finding *find(const char *name)
{
	for (unsigned int i = 0; i < quiet_report.count; i++)
		if (strcmp(quiet_report.findings[i].name, name) == 0)
			return &quiet_report.findings[i];
	fail_msg("there is no check '%s'", name);
	return NULL;
}

static void assert_state(const char *name, enum doctor_state state)
{
	const struct doctor_finding *finding = find(name);

	if (finding->state != state)
		fail_msg("%s is '%s', not '%s': %s %s", name,
			 doctor_state_names[finding->state],
			 doctor_state_names[state],
			 finding->is ? finding->is : "",
			 finding->reason ? finding->reason : "");
}

static void assert_has(const char *text, const char *part)
{
	if (text == NULL || strstr(text, part) == NULL)
		fail_msg("'%s' lacks '%s'", text ? text : "(null)", part);
}

/* A quiet machine but for one file, and what is said of it. */
struct spoiled {
	const char *path;
	const char *text; /* NULL: the file is removed */
	const char *name;
	enum doctor_state state;
	const char *says; /* in is or reason; NULL: anything */
	const char *change; /* NULL: no command */
	const char *undo;
};

#define CPUS QUIET_CPUS
#define THP QUIET_THP
#define NO_COMMAND NULL, NULL

static const struct spoiled spoiled[] = {
	{"/proc/loadavg", "0.70 0 0 1/9 9\n", "load", DOCTOR_BETTER,
	 "0.70 over the last minute, on 4 CPUs", NO_COMMAND},
	{"/proc/loadavg", "4.00 0 0 1/9 9\n", "load", DOCTOR_BAD, "4.00",
	 NO_COMMAND},
	{CPUS "/cpu2/topology/thread_siblings_list", "2,6\n", "smt-siblings",
	 DOCTOR_BETTER, "2,6 share a core", NO_COMMAND},
	{"/sys/fs/cgroup/job/cpu.max", "50000 100000\n", "cpu-quota",
	 DOCTOR_BAD, "0.5 CPUs' time for cgroup /job",
	 "echo max >/sys/fs/cgroup/job/cpu.max",
	 "echo 50000 100000 >/sys/fs/cgroup/job/cpu.max"},
	{"/sys/fs/cgroup/cpu.max", "150000 100000\n", "cpu-quota",
	 DOCTOR_BETTER, "1.5 CPUs", "echo max >/sys/fs/cgroup/cpu.max",
	 "echo 150000 100000 >/sys/fs/cgroup/cpu.max"},
	{"/sys/fs/cgroup/cpu.max", "200000 100000\n", "cpu-quota", DOCTOR_GOOD,
	 "2 CPUs", NO_COMMAND},
	{"/proc/self/cgroup", NULL, "cpu-quota", DOCTOR_APART, "no control",
	 NO_COMMAND},
	{"/proc/self/stat",
	 "9 (a) R 1 1 1 0 -1 0 1 0 0 0 0 0 0 0 20 5 1 0 1 1 1 1 1 1 1 1 1 0 0 "
	 "0 0 0 0 0 17 1 0 3 0 0 0\n",
	 "priority", DOCTOR_BETTER, "nice 5, policy batch", NO_COMMAND},
	{CPUS "/isolated", "\n", "isolated", DOCTOR_BETTER, "none",
	 "isolcpus=2", "no isolcpus"},
	{CPUS "/isolated", "3\n", "isolated", DOCTOR_BETTER, "CPU 3",
	 "taskset -c 0-3 regrow run --cpus 3 ...", "regrow run ..."},
	{CPUS "/nohz_full", " (null)\n", "tick", DOCTOR_BETTER, "on all CPUs",
	 "nohz_full=2", "no nohz_full"},
	{CPUS "/nohz_full", NULL, "tick", DOCTOR_APART, "CONFIG_NO_HZ_FULL",
	 NO_COMMAND},
	{"/proc/cmdline", "quiet\n", "rcu-callbacks", DOCTOR_GOOD, NULL,
	 NO_COMMAND},
	{CPUS "/cpu2/cpufreq/scaling_governor", "powersave\n", "governor",
	 DOCTOR_BETTER, "powersave on CPU 2",
	 "echo performance >" CPUS "/cpu2/cpufreq/scaling_governor",
	 "echo powersave >" CPUS "/cpu2/cpufreq/scaling_governor"},
	{CPUS "/cpu2/cpufreq", NULL, "governor", DOCTOR_APART,
	 "no cpufreq: firmware or, in a virtual machine", NO_COMMAND},
	{CPUS "/intel_pstate/no_turbo", "0\n", "turbo", DOCTOR_BETTER, "on",
	 "echo 1 >" CPUS "/intel_pstate/no_turbo",
	 "echo 0 >" CPUS "/intel_pstate/no_turbo"},
	{CPUS "/intel_pstate", NULL, "turbo", DOCTOR_APART, "cpufreq/boost",
	 NO_COMMAND},
	{CPUS "/cpu2/cpuidle/state1/disable", "0\n", "idle-states",
	 DOCTOR_BETTER, "up to 133 us",
	 "echo 1 >" CPUS "/cpu2/cpuidle/state1/disable",
	 "echo 0 >" CPUS "/cpu2/cpuidle/state1/disable"},
	{CPUS "/cpu2/cpuidle", NULL, "idle-states", DOCTOR_APART, "no cpuidle",
	 NO_COMMAND},
	{QUIET_CLOCK "/current_clocksource", "hpet\n", "clock", DOCTOR_BAD,
	 "hpet", "echo tsc >" QUIET_CLOCK "/current_clocksource",
	 "echo hpet >" QUIET_CLOCK "/current_clocksource"},
	{QUIET_CLOCK "/current_clocksource", "xen\n", "clock", DOCTOR_BETTER,
	 "xen", "echo tsc >" QUIET_CLOCK "/current_clocksource",
	 "echo xen >" QUIET_CLOCK "/current_clocksource"},
	{"/proc/meminfo", "MemAvailable: 500000 kB\n", "memory", DOCTOR_BETTER,
	 "488 MiB", NO_COMMAND},
	{"/proc/meminfo", "MemAvailable: 100000 kB\n", "memory", DOCTOR_BAD,
	 "97.7 MiB", NO_COMMAND},
	{"/proc/self/limits", "Max address space  8589934592  unlimited  b\n",
	 "address-space", DOCTOR_BETTER, "8.00 GiB (RLIMIT_AS)",
	 "ulimit -S -v unlimited", "ulimit -S -v 8388608"},
	{"/proc/self/limits", "Max address space  8589934592  8589934592  b\n",
	 "address-space", DOCTOR_BETTER, "8.00 GiB", NO_COMMAND},
	{"/proc/sys/vm/max_map_count", "30000\n", "max-map-count",
	 DOCTOR_BETTER, "30000", "echo 65530 >/proc/sys/vm/max_map_count",
	 "echo 30000 >/proc/sys/vm/max_map_count"},
	{"/proc/sys/vm/max_map_count", "1000\n", "max-map-count", DOCTOR_BAD,
	 "1000", "echo 65530 >/proc/sys/vm/max_map_count",
	 "echo 1000 >/proc/sys/vm/max_map_count"},
	{"/proc/sys/vm/overcommit_memory", "2\n", "overcommit", DOCTOR_BETTER,
	 "2 (never), which leaves 7.63 GiB",
	 "echo 0 >/proc/sys/vm/overcommit_memory",
	 "echo 2 >/proc/sys/vm/overcommit_memory"},
	{"/proc/sys/vm/overcommit_memory", "1\n", "overcommit", DOCTOR_GOOD,
	 "1 (always)", NO_COMMAND},
	{"/proc/sys/vm/overcommit_memory", "7\n", "overcommit", DOCTOR_UNKNOWN,
	 "holds 7", NO_COMMAND},
	{"/proc/swaps",
	 "Filename Type Size Used Priority\n"
	 "/dev/sda2 partition 2097152 1024 -2\n"
	 "/my\\040swap file 1048576 0 5\n",
	 "swap", DOCTOR_BETTER, "3.00 GiB, 1.00 MiB of it used",
	 "swapoff /dev/sda2\nswapoff '/my swap'",
	 "swapon /dev/sda2\nswapon -p 5 '/my swap'"},
	{"/proc/swaps", NULL, "swap", DOCTOR_APART, "does not swap",
	 NO_COMMAND},
	{"/proc/swaps",
	 "Filename Type Size Used Priority\n"
	 "/dev/sda2 partition 2097152 1024 -2\n",
	 "swappiness", DOCTOR_BETTER, "60", "echo 1 >/proc/sys/vm/swappiness",
	 "echo 60 >/proc/sys/vm/swappiness"},
	{"/proc/sys/kernel/numa_balancing", "2\n", "numa-balancing",
	 DOCTOR_BETTER, "2, on 2 nodes",
	 "echo 0 >/proc/sys/kernel/numa_balancing",
	 "echo 2 >/proc/sys/kernel/numa_balancing"},
	{"/sys/devices/system/node/online", "0\n", "numa-balancing",
	 DOCTOR_APART, "one NUMA node", NO_COMMAND},
	{"/proc/sys/vm/zone_reclaim_mode", "1\n", "zone-reclaim", DOCTOR_BETTER,
	 "1", "echo 0 >/proc/sys/vm/zone_reclaim_mode",
	 "echo 1 >/proc/sys/vm/zone_reclaim_mode"},
	{"/sys/kernel/mm/ksm/run", "1\n", "ksm", DOCTOR_BETTER, "running",
	 "echo 0 >/sys/kernel/mm/ksm/run", "echo 1 >/sys/kernel/mm/ksm/run"},
	{"/sys/kernel/mm/ksm/run", "2\n", "ksm", DOCTOR_GOOD, "stopped",
	 NO_COMMAND},
	{"/sys/kernel/mm/ksm", NULL, "ksm", DOCTOR_APART, "no KSM", NO_COMMAND},
	{"/sys/bus/virtio/drivers/virtio_balloon/virtio0/features", "0110010\n",
	 "page-reporting", DOCTOR_BETTER, "given back", NO_COMMAND},
	{"/sys/bus/virtio", NULL, "page-reporting", DOCTOR_APART, "no memory",
	 NO_COMMAND},
	{"/proc/sys/vm/legacy_va_layout", "1\n", "layout", DOCTOR_BAD,
	 "bottom-up", "echo 0 >/proc/sys/vm/legacy_va_layout",
	 "echo 1 >/proc/sys/vm/legacy_va_layout"},
	{"/proc/self/personality", "08000000\n", "layout", DOCTOR_BAD,
	 "personality 08000000", NO_COMMAND},
	{"/proc/self/personality", "00200000\n", "layout", DOCTOR_GOOD,
	 "top-down", NO_COMMAND},
	{"/proc/sys/kernel/randomize_va_space", "0\n", "aslr", DOCTOR_BETTER,
	 "0", "echo 2 >/proc/sys/kernel/randomize_va_space",
	 "echo 0 >/proc/sys/kernel/randomize_va_space"},
	{"/proc/self/personality", "00040000\n", "aslr", DOCTOR_BETTER,
	 "turned off for this process", NO_COMMAND},
	{"/proc/self/limits", "Max stack size  unlimited  unlimited  bytes\n",
	 "stack", DOCTOR_GOOD, "unlimited, but 8 MiB for the samples",
	 NO_COMMAND},
	{"/proc/self/limits", "Max stack size  1048576  1048576  bytes\n",
	 "stack", DOCTOR_BETTER, "at most 1.00 MiB", NO_COMMAND},
	{THP "/enabled", "always madvise [never]\n", "thp", DOCTOR_BETTER,
	 "never", "echo madvise >" THP "/enabled",
	 "echo never >" THP "/enabled"},
	{THP "/hugepages-2048kB/enabled", "always inherit madvise [never]\n",
	 "thp", DOCTOR_BETTER, "never",
	 "echo madvise >" THP "/hugepages-2048kB/enabled",
	 "echo never >" THP "/hugepages-2048kB/enabled"},
	{THP "/enabled", "[always] madvise never\n", "thp", DOCTOR_GOOD,
	 "always", NO_COMMAND},
	{THP, NULL, "thp", DOCTOR_APART, "no transparent huge pages",
	 NO_COMMAND},
	{THP "/enabled", "always madvise [never]\n", "khugepaged", DOCTOR_APART,
	 "no sample gets huge pages", NO_COMMAND},
	{THP "/defrag", "[always] defer defer+madvise madvise never\n",
	 "thp-defrag", DOCTOR_BETTER, "always", "echo madvise >" THP "/defrag",
	 "echo always >" THP "/defrag"},
	{THP "/khugepaged/scan_sleep_millisecs", "10000\n", "khugepaged",
	 DOCTOR_BETTER, "every 10 s",
	 "echo 3600000 >" THP "/khugepaged/scan_sleep_millisecs",
	 "echo 10000 >" THP "/khugepaged/scan_sleep_millisecs"},
	{QUIET_MTHP, "always [inherit] madvise never\n", "thp-sizes",
	 DOCTOR_BETTER, "64kB inherit", "echo never >" QUIET_MTHP,
	 "echo inherit >" QUIET_MTHP},
	{"/proc/cpuinfo", "processor : 0\nflags : fpu hypervisor\n",
	 "hypervisor", DOCTOR_BETTER, "unknown", NO_COMMAND},
	{QUIET_KFENCE, "100\n", "kfence", DOCTOR_BETTER, "every 100 ms",
	 "echo 0 >" QUIET_KFENCE, "echo 100 >" QUIET_KFENCE},
	{"/sys/module/kfence", NULL, "kfence", DOCTOR_APART, "no KFENCE",
	 NO_COMMAND},
	{"/proc/pressure", NULL, "pressure", DOCTOR_BETTER, "not counted",
	 "psi=1", "no psi"},
	{"/proc/self/status", "TracerPid:\t0\nSeccomp:\t2\n", "seccomp",
	 DOCTOR_BETTER, "each system call", NO_COMMAND},
	{"/proc/self/status", "TracerPid:\t77\n", "tracer", DOCTOR_BAD,
	 "process 77", NO_COMMAND},
	{"/sys/bus/event_source/devices/cpu", NULL, "pmu", DOCTOR_BETTER,
	 "none", NO_COMMAND},
	{"/proc/sys/kernel/nmi_watchdog", "1\n", "nmi-watchdog", DOCTOR_BETTER,
	 "on", "echo 0 >/proc/sys/kernel/nmi_watchdog",
	 "echo 1 >/proc/sys/kernel/nmi_watchdog"},
	{"/proc/sys/kernel/perf_event_paranoid", "4\n", "perf-paranoid",
	 DOCTOR_BETTER, "4", "echo 1 >/proc/sys/kernel/perf_event_paranoid",
	 "echo 4 >/proc/sys/kernel/perf_event_paranoid"},
	{"/proc/sys/kernel/perf_event_paranoid", "-1\n", "perf-paranoid",
	 DOCTOR_GOOD, "-1", NO_COMMAND},
	{"/sys/kernel/tracing/events", NULL, "tracepoints", DOCTOR_BETTER,
	 "no tracefs is mounted",
	 "mount -t tracefs tracefs /sys/kernel/tracing",
	 "umount /sys/kernel/tracing"},
	{"/sys/kernel/tracing", NULL, "tracepoints", DOCTOR_APART, "no tracefs",
	 NO_COMMAND},
};

static void assert_spoiled(const struct spoiled *expected)
{
	const struct doctor_finding *finding = find(expected->name);

	assert_state(expected->name, expected->state);
	if (expected->says != NULL)
		assert_has(finding->is ? finding->is : finding->reason,
			   expected->says);
	if (expected->change == NULL) {
		if (finding->change != NULL)
			fail_msg("%s: %s", finding->name, finding->change);
		assert_null(finding->undo);
		return;
	}
	assert_non_null(finding->change);
	assert_string_equal(finding->change, expected->change);
	assert_string_equal(finding->undo, expected->undo);
}

static void each_setting_is_judged_with_its_change_and_undo(void **state)
{
	for (size_t i = 0; i < sizeof(spoiled) / sizeof(*spoiled); i++) {
		quiet_close(state);
		quiet_open(state);
		if (spoiled[i].text != NULL)
			quiet_put(spoiled[i].path, spoiled[i].text);
		else
			quiet_remove(spoiled[i].path);
		assert_int_equal(quiet_examine(), 0);
		assert_spoiled(&spoiled[i]);
	}
}

static void a_quiet_machine_is_good_in_every_check(void **state)
{
	(void)state;
	assert_int_equal(quiet_examine(), 0);
	assert_true(quiet_report.count > 35);
	for (unsigned int i = 0; i < quiet_report.count; i++) {
		const struct doctor_finding *finding =
			&quiet_report.findings[i];

		/* There is nothing to swap to, and so no swappiness. */
		assert_state(finding->name,
			     strcmp(finding->name, "swappiness") == 0
				     ? DOCTOR_APART
				     : DOCTOR_GOOD);
		assert_null(finding->better);
		assert_null(finding->change);
	}
}

static void every_finding_says_why_and_what_leaving_it_costs(void **state)
{
	(void)state;
	quiet_examine();
	for (unsigned int i = 0; i < quiet_report.count; i++) {
		const struct doctor_finding *finding =
			&quiet_report.findings[i];
		size_t why = strlen(finding->why);
		size_t cost = strlen(finding->cost);

		assert_true(why > 20 && finding->why[why - 1] == '.');
		assert_true(cost > 20 && finding->cost[cost - 1] == '.');
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(quiet_report.findings[j].name,
						finding->name);
	}
	assert_true(quiet_report.count < DOCTOR_FINDINGS_MAX);
}

static void a_system_without_files_is_not_called_good(void **state)
{
	(void)state;
	quiet_remove("/proc");
	quiet_remove("/sys");
	quiet_remove("/boot");
	assert_int_equal(quiet_examine(), 0);
	for (unsigned int i = 0; i < quiet_report.count; i++) {
		const struct doctor_finding *finding =
			&quiet_report.findings[i];

		/* What was known without files. */
		if (strcmp(finding->name, "cores") == 0 ||
		    strcmp(finding->name, "placement") == 0 ||
		    strcmp(finding->name, "memory") == 0 ||
		    strcmp(finding->name, "pressure") == 0)
			continue;
		if (finding->state != DOCTOR_UNKNOWN &&
		    finding->state != DOCTOR_APART)
			fail_msg("%s is %s: %s", finding->name,
				 doctor_state_names[finding->state],
				 finding->is);
		assert_non_null(finding->reason);
		assert_null(finding->change);
	}
}

/* A check, and a file that it cannot do without. */
static const struct {
	const char *name;
	const char *path;
} needed[] = {
	{"load", "/proc/loadavg"},
	{"smt-siblings", CPUS "/cpu2/topology/thread_siblings_list"},
	{"priority", "/proc/self/stat"},
	{"governor", CPUS "/cpu2/cpufreq/scaling_governor"},
	{"idle-states", CPUS "/cpu2/cpuidle/state1/disable"},
	{"clock", QUIET_CLOCK "/current_clocksource"},
	{"max-map-count", "/proc/sys/vm/max_map_count"},
	{"overcommit", "/proc/sys/vm/overcommit_memory"},
	{"swap", "/proc/swaps"},
	{"numa-balancing", "/proc/sys/kernel/numa_balancing"},
	{"zone-reclaim", "/proc/sys/vm/zone_reclaim_mode"},
	{"ksm", "/sys/kernel/mm/ksm/run"},
	{"layout", "/proc/sys/vm/legacy_va_layout"},
	{"aslr", "/proc/sys/kernel/randomize_va_space"},
	{"stack", "/proc/self/limits"},
	{"address-space", "/proc/self/limits"},
	{"thp", THP "/enabled"},
	{"thp-defrag", THP "/defrag"},
	{"khugepaged", THP "/khugepaged/scan_sleep_millisecs"},
	{"kfence", QUIET_KFENCE},
	{"tracer", "/proc/self/status"},
	{"nmi-watchdog", "/proc/sys/kernel/nmi_watchdog"},
	{"perf-paranoid", "/proc/sys/kernel/perf_event_paranoid"},
};

static void what_cannot_be_read_is_said_with_the_reason(void **state)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		quiet_close(state);
		quiet_open(state);
		quiet_make_unreadable(needed[i].path);
		assert_int_equal(quiet_examine(), 0);
		assert_state(needed[i].name, DOCTOR_UNKNOWN);
		assert_non_null(find(needed[i].name)->reason);
		assert_null(find(needed[i].name)->change);
	}
	quiet_make_unreadable("/proc/sys/vm/max_map_count");
	quiet_examine();
	assert_string_equal(find("max-map-count")->reason,
			    "/proc/sys/vm/max_map_count: Is a directory");
}

/* Whatever a file holds, a shell gets none of it. */
static void assert_harmless(const char *commands)
{
	if (commands == NULL)
		return;
	if (strstr(commands, "reboot") != NULL)
		fail_msg("command: %s", commands);
}

static void garbage_is_told_and_never_becomes_a_command(void **state)
{
	static const char *const texts[] = {
		"1; reboot\n",	"$(reboot)\n",	     "`reboot`\n",
		"'\nreboot\n#", "[reboot;reboot]\n", "-1\n2 3\n",
		"\n",		"\x9b\xff\x01"};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++) {
			quiet_close(state);
			quiet_open(state);
			quiet_put(needed[i].path, texts[j]);
			assert_int_equal(quiet_examine(), 0);
			assert_state(needed[i].name, DOCTOR_UNKNOWN);
			for (unsigned int k = 0; k < quiet_report.count; k++) {
				assert_harmless(
					quiet_report.findings[k].change);
				assert_harmless(quiet_report.findings[k].undo);
			}
		}
	quiet_put("/proc/sys/vm/max_map_count", "many\n");
	quiet_examine();
	assert_string_equal(find("max-map-count")->reason,
			    "/proc/sys/vm/max_map_count holds 'many', which "
			    "is not a number");
}

#define QUIET(test)                                                            \
	cmocka_unit_test_setup_teardown(test, quiet_open, quiet_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		QUIET(a_quiet_machine_is_good_in_every_check),
		QUIET(every_finding_says_why_and_what_leaving_it_costs),
		QUIET(each_setting_is_judged_with_its_change_and_undo),
		QUIET(a_system_without_files_is_not_called_good),
		QUIET(what_cannot_be_read_is_said_with_the_reason),
		QUIET(garbage_is_told_and_never_becomes_a_command),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
