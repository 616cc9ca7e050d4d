/*
 * test_doctor_machine - the doctor's view of placements, of several CPUs, of
 * control groups and of the kernel's configuration.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/cgroup.h"
#include "driver/doctor_parts.h"
#include "driver/sysfile.h"
#include "tests/quiet_machine.h"

static const struct doctor_finding *examine(const char *name)
{
	assert_int_equal(quiet_examine(), 0);
	for (unsigned int i = 0; i < quiet_report.count; i++)
		if (strcmp(quiet_report.findings[i].name, name) == 0)
			return &quiet_report.findings[i];
	fail_msg("there is no check '%s'", name);
	return NULL;
}

static void assert_finding(const char *name, enum doctor_state state,
			   const char *says)
{
	const struct doctor_finding *finding = examine(name);
	const char *text = finding->is ? finding->is : finding->reason;

	if (finding->state != state || text == NULL ||
	    strstr(text, says) == NULL)
		fail_msg("%s is '%s', not '%s': %s lacks %s", name,
			 doctor_state_names[finding->state],
			 doctor_state_names[state], text ? text : "(null)",
			 says);
}

static void assert_commands(const char *name, const char *change,
			    const char *undo)
{
	const struct doctor_finding *finding = examine(name);

	assert_non_null(finding->change);
	assert_string_equal(finding->change, change);
	assert_string_equal(finding->undo, undo);
}

static void a_process_without_a_second_core_is_bad(void **state)
{
	(void)state;
	quiet_placement.cores_allowed = 1;
	quiet_system.cpus_allowed = 1;
	assert_finding("cores", DOCTOR_BAD, "may use 1 of the 4 CPUs");
	quiet_placement.cores_allowed = 2;
	assert_finding("cores", DOCTOR_BETTER, "2 cores");
	quiet_placement.cores_allowed = 3;
	assert_finding("cores", DOCTOR_GOOD, "3 cores");
}

static void threads_that_share_a_core_are_bad(void **state)
{
	(void)state;
	quiet_placement.shared = true;
	snprintf(quiet_placement.note, sizeof(quiet_placement.note),
		 "2 threads share CPU 2");
	assert_finding("placement", DOCTOR_BAD, "2 threads share CPU 2");
	quiet_placement.shared = false;
	assert_finding("placement", DOCTOR_BETTER, "measuring on CPU 2; ");
}

static void without_a_topology_nothing_is_bound_and_all_cpus_count(void **state)
{
	(void)state;
	placement_unbound(1, "nothing is known", &quiet_placement);
	quiet_system.cpus_allowed = 0;
	for (int i = 0; i < 2; i++) {
		char path[128];

		snprintf(path, sizeof(path),
			 QUIET_CPUS "/cpu%d/cpufreq/scaling_governor", i);
		quiet_put(path, "powersave\n");
	}
	assert_finding("placement", DOCTOR_BAD, "nothing is known");
	assert_finding("cores", DOCTOR_UNKNOWN, "nothing is known");
	assert_finding("governor", DOCTOR_BETTER,
		       "powersave on CPU 0-1, performance on CPU 2-3");
	assert_finding("isolated", DOCTOR_BETTER, "CPU 2-3");
}

static void each_cpu_gets_back_the_governor_that_it_has(void **state)
{
	(void)state;
	quiet_placement.threads = 3;
	quiet_placement.cpus[1] = 3;
	quiet_placement.cpus[2] = 1;
	quiet_put(QUIET_CPUS "/cpu1/cpufreq/scaling_governor", "powersave\n");
	quiet_put(QUIET_CPUS "/cpu2/cpufreq/scaling_governor", "schedutil\n");
	quiet_put(QUIET_CPUS "/cpu3/cpufreq/scaling_governor", "powersave\n");
	assert_commands("governor",
			"for cpu in 1 3; do echo performance >" QUIET_CPUS
			"/cpu$cpu/cpufreq/scaling_governor; done\n"
			"echo performance >" QUIET_CPUS
			"/cpu2/cpufreq/scaling_governor",
			"for cpu in 1 3; do echo powersave >" QUIET_CPUS
			"/cpu$cpu/cpufreq/scaling_governor; done\n"
			"echo schedutil >" QUIET_CPUS
			"/cpu2/cpufreq/scaling_governor");
}

static void turbo_is_found_where_each_driver_has_it(void **state)
{
	(void)state;
	quiet_remove(QUIET_CPUS "/intel_pstate");
	quiet_put(QUIET_CPUS "/cpufreq/policy0/boost", "1\n");
	quiet_put(QUIET_CPUS "/cpu2/cpufreq/boost", "1\n");
	assert_commands("turbo", "echo 0 >" QUIET_CPUS "/cpu2/cpufreq/boost",
			"echo 1 >" QUIET_CPUS "/cpu2/cpufreq/boost");
	quiet_put(QUIET_CPUS "/cpufreq/boost", "1\n");
	assert_commands("turbo", "echo 0 >" QUIET_CPUS "/cpufreq/boost",
			"echo 1 >" QUIET_CPUS "/cpufreq/boost");
	quiet_put(QUIET_CPUS "/cpufreq/boost", "0\n");
	assert_finding("turbo", DOCTOR_GOOD, "off");
}

static void smt_is_turned_off_where_the_kernel_has_the_switch(void **state)
{
	(void)state;
	quiet_put(QUIET_CPUS "/cpu2/topology/thread_siblings_list", "2-3\n");
	quiet_put(QUIET_CPUS "/smt/control", "on\n");
	assert_commands("smt-siblings", "echo off >" QUIET_CPUS "/smt/control",
			"echo on >" QUIET_CPUS "/smt/control");
}

static void cpu_0_and_all_cpus_cannot_be_isolated(void **state)
{
	(void)state;
	quiet_put(QUIET_CPUS "/isolated", "\n");
	quiet_placement.cpus[0] = 0;
	assert_finding("isolated", DOCTOR_APART, "none");
	assert_non_null(strstr(examine("isolated")->reason, "CPU 0"));
	quiet_placement.cpus[0] = 2;
	quiet_put(QUIET_CPUS "/online", "2\n");
	assert_non_null(strstr(examine("isolated")->reason, "no CPU would"));
	assert_null(examine("isolated")->change);
}

static void a_boot_parameter_is_undone_to_what_it_was(void **state)
{
	(void)state;
	quiet_put(QUIET_CPUS "/nohz_full", "1\n");
	quiet_put("/proc/cmdline", "nohz_full=1 rcu_nocbs=1 quiet\n");
	assert_commands("tick", "nohz_full=2", "nohz_full=1");
	assert_commands("rcu-callbacks", "rcu_nocbs=2", "rcu_nocbs=1");
	quiet_put("/proc/cmdline", "rcu_nocbs=all\n");
	assert_finding("rcu-callbacks", DOCTOR_GOOD, "CPU all");
	quiet_put("/proc/cmdline", "rcu_nocbs=1-N:1/2\n");
	assert_finding("rcu-callbacks", DOCTOR_UNKNOWN, "CPU 1-N:1/2");
	quiet_put("/proc/cmdline", "init=/x -- rcu_nocbs=2-3\n");
	assert_finding("rcu-callbacks", DOCTOR_BETTER, "on the CPU that made");
	quiet_put("/boot/config-6.1.0", "CONFIG_PSI=y\n");
	assert_non_null(strstr(examine("rcu-callbacks")->reason,
			       "CONFIG_RCU_NOCB_CPU"));
}

static void a_quota_of_version_1_is_lifted_by_its_own_words(void **state)
{
	struct cgroup_quota quota;

	(void)state;
	quiet_put(
		"/proc/self/mountinfo",
		"1 1 0:1 / /cg/set rw - cgroup cgroup rw,cpuset\n"
		"2 1 0:2 / /cg/my\\040cpu rw - cgroup cgroup rw,cpu,cpuacct\n");
	quiet_put("/proc/self/cgroup", "3:cpuset:/no\n2:cpu,cpuacct:/a/b\n");
	quiet_put("/cg/my cpu/a/b/cpu.cfs_quota_us", "-1\n");
	quiet_put("/cg/my cpu/a/b/cpu.cfs_period_us", "100000\n");
	assert_finding("cpu-quota", DOCTOR_GOOD, "none");
	quiet_put("/cg/my cpu/a/cpu.cfs_quota_us", "80000\n");
	quiet_put("/cg/my cpu/a/cpu.cfs_period_us", "100000\n");
	quiet_put("/cg/my cpu/cpu.cfs_quota_us", "400000\n");
	quiet_put("/cg/my cpu/cpu.cfs_period_us", "100000\n");
	assert_commands("cpu-quota", "echo -1 >'/cg/my cpu/a/cpu.cfs_quota_us'",
			"echo 80000 >'/cg/my cpu/a/cpu.cfs_quota_us'");
	cgroup_quota(quiet_root, &quota);
	assert_string_equal(quota.name, "/a");
	assert_int_equal(quota.quota_us, 80000);
	assert_int_equal(quota.period_us, 100000);
}

static void root_is_not_bound_by_perf_event_paranoid(void **state)
{
	(void)state;
	quiet_put("/proc/sys/kernel/perf_event_paranoid", "4\n");
	quiet_put("/proc/self/status", "CapEff:\t0000004000000000\n");
	assert_finding("perf-paranoid", DOCTOR_GOOD, "does not bind");
	quiet_put("/proc/self/status", "CapEff:\t0000000000000001\n");
	assert_finding("perf-paranoid", DOCTOR_BETTER, "4");
}

static void a_slow_clock_without_another_one_is_bad(void **state)
{
	(void)state;
	quiet_put(QUIET_CLOCK "/current_clocksource", "hpet\n");
	quiet_put(QUIET_CLOCK "/available_clocksource", "hpet acpi_pm \n");
	assert_finding("clock", DOCTOR_BAD, "hpet");
	assert_null(examine("clock")->change);
}

static void strict_accounting_with_nothing_left_is_bad(void **state)
{
	(void)state;
	quiet_put("/proc/sys/vm/overcommit_memory", "2\n");
	quiet_put("/proc/meminfo", "MemAvailable: 15000000 kB\n"
				   "CommitLimit: 1000 kB\n"
				   "Committed_AS: 2000 kB\n");
	assert_finding("overcommit", DOCTOR_BAD, "which leaves 0 B");
}

static void checks_built_into_the_kernel_are_named(void **state)
{
	static const char config[] = "CONFIG_PSI=y\nCONFIG_KASAN=y\n"
				     "CONFIG_KASAN_INLINE=y\n"
				     "# CONFIG_LOCKDEP=y\n"
				     "CONFIG_PAGE_OWNER=y\n";

	(void)state;
	quiet_put("/boot/config-6.1.0", config);
	assert_finding("kernel-debugging", DOCTOR_BAD, "KASAN_INLINE");
	assert_null(strstr(examine("kernel-debugging")->is, "LOCKDEP"));
	assert_null(strstr(examine("kernel-debugging")->is, "PAGE_OWNER"));
	quiet_put("/proc/cmdline", "kasan=off page_owner=on\n");
	assert_string_equal(examine("kernel-debugging")->is, "PAGE_OWNER");
	quiet_put("/proc/cmdline", "kasan=off page_owner=only\n");
	assert_finding("kernel-debugging", DOCTOR_GOOD, "none");
	quiet_put("/boot/config-6.1.0", "CONFIG_DEBUG_VM=y\n");
	assert_finding("kernel-debugging", DOCTOR_BETTER, "DEBUG_VM");
}

static void the_configuration_is_found_beside_the_modules(void **state)
{
	(void)state;
	quiet_remove("/boot");
	quiet_put("/lib/modules/6.1.0/config", "CONFIG_KCSAN=y\n");
	assert_finding("kernel-debugging", DOCTOR_BAD, "KCSAN");
}

static void a_kernel_without_a_configuration_cannot_be_told(void **state)
{
	(void)state;
	quiet_remove("/boot");
	assert_finding("kernel-debugging", DOCTOR_UNKNOWN,
		       "neither /boot/config-6.1.0 nor /proc/config.gz");
	quiet_system.release = "../../6.1.0";
	assert_finding("kernel-debugging", DOCTOR_UNKNOWN, "neither");
	quiet_remove("/proc/pressure");
	assert_commands("pressure", "psi=1", "no psi");
}

static void a_kernel_that_cannot_count_pressure_is_not_told_to(void **state)
{
	(void)state;
	quiet_remove("/proc/pressure");
	quiet_put("/boot/config-6.1.0", "# CONFIG_PSI is not set\n");
	assert_finding("pressure", DOCTOR_BETTER, "not counted");
	assert_null(examine("pressure")->change);
}

/* Packs a configuration; false: there is no gzip. */
static bool pack(void)
{
	char command[512];

	quiet_remove("/boot");
	quiet_put("/proc/config", "CONFIG_LOCKDEP=y\n");
	snprintf(command, sizeof(command),
		 "gzip -c <%s/proc/config >%s/proc/config.gz 2>/dev/null",
		 quiet_root, quiet_root);
	return system(command) == 0;
}

static void a_packed_configuration_is_read(void **state)
{
	(void)state;
	if (!pack())
		skip();
	assert_finding("kernel-debugging", DOCTOR_BAD, "LOCKDEP");
	quiet_put("/proc/config.gz", "not packed");
	assert_finding("kernel-debugging", DOCTOR_UNKNOWN,
		       "gzip cannot read /proc/config.gz");
}

static void without_gzip_it_says_that_gzip_is_missing(void **state)
{
	const char *set = getenv("PATH");
	char *path = strdup(set ? set : "/usr/bin:/bin");

	(void)state;
	quiet_remove("/boot");
	quiet_put("/proc/config.gz", "any");
	setenv("PATH", quiet_root, 1);
	quiet_examine();
	setenv("PATH", path, 1);
	free(path);
	assert_non_null(strstr(quiet_why, "gzip, which reads /proc/config.gz: "
					  "No such file"));
}

static void swap_paths_reach_the_shell_whole(void **state)
{
	const struct doctor_finding *finding;

	(void)state;
	quiet_put("/proc/swaps", "Filename Type Size Used Priority\n"
				 "/a';reboot;'$x file 8 0 -2\n"
				 "/b\\012reboot file 8 0 -3\n"
				 "-d file 8 0 -4\n"
				 "garbage\n");
	finding = examine("swap");
	assert_string_equal(finding->change,
			    "swapoff '/a'\\'';reboot;'\\''$x'");
	assert_string_equal(finding->undo, "swapon '/a'\\'';reboot;'\\''$x'");
}

static void quoting_keeps_a_shell_from_reading(void **state)
{
	static const struct {
		const char *text;
		const char *quoted; /* NULL: it cannot be shown */
	} cases[] = {
		{"/sys/fs/cgroup/a-b_c.d@1:x", "/sys/fs/cgroup/a-b_c.d@1:x"},
		{"", "''"},
		{"-rf", "'-rf'"},
		{"a b", "'a b'"},
		{"it's", "'it'\\''s'"},
		{"$(x)`y`\\", "'$(x)`y`\\'"},
		{"~root", "'~root'"},
		{"caf\u00e9", "'caf\u00e9'"},
		{"a\nb", NULL},
		{"\033[2J", NULL},
		{"\xc2\x9b", NULL},
		{"\xff", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *quoted = doctor_quoted(cases[i].text);

		if (cases[i].quoted == NULL) {
			assert_null(quoted);
			continue;
		}
		assert_non_null(quoted);
		assert_string_equal(quoted, cases[i].quoted);
		free(quoted);
	}
	assert_true(doctor_is_word("performance"));
	assert_true(doctor_is_word("defer+madvise"));
	assert_false(doctor_is_word("-n"));
	assert_false(doctor_is_word(""));
	assert_false(doctor_is_word("a b"));
	assert_false(doctor_is_word("a$b"));
}

static void a_file_that_cannot_be_read_says_why(void **state)
{
	char text[] = "/a\\040b\\011c\\04x";

	(void)state;
	assert_int_equal(sysfile_error(quiet_root, "/proc/loadavg"), 0);
	assert_int_equal(sysfile_error(quiet_root, "/proc/none"), -ENOENT);
	assert_int_equal(sysfile_error(quiet_root, "/proc"), -EISDIR);
	quiet_put("/proc/empty", "");
	assert_int_equal(sysfile_error(quiet_root, "/proc/empty"), 0);
	sysfile_unescape(text);
	assert_string_equal(text, "/a b\tc\\04x");
}

#define QUIET(test)                                                            \
	cmocka_unit_test_setup_teardown(test, quiet_open, quiet_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		QUIET(a_process_without_a_second_core_is_bad),
		QUIET(threads_that_share_a_core_are_bad),
		QUIET(without_a_topology_nothing_is_bound_and_all_cpus_count),
		QUIET(each_cpu_gets_back_the_governor_that_it_has),
		QUIET(turbo_is_found_where_each_driver_has_it),
		QUIET(smt_is_turned_off_where_the_kernel_has_the_switch),
		QUIET(cpu_0_and_all_cpus_cannot_be_isolated),
		QUIET(a_boot_parameter_is_undone_to_what_it_was),
		QUIET(a_quota_of_version_1_is_lifted_by_its_own_words),
		QUIET(root_is_not_bound_by_perf_event_paranoid),
		QUIET(a_slow_clock_without_another_one_is_bad),
		QUIET(strict_accounting_with_nothing_left_is_bad),
		QUIET(checks_built_into_the_kernel_are_named),
		QUIET(the_configuration_is_found_beside_the_modules),
		QUIET(a_kernel_without_a_configuration_cannot_be_told),
		QUIET(a_kernel_that_cannot_count_pressure_is_not_told_to),
		QUIET(a_packed_configuration_is_read),
		QUIET(without_gzip_it_says_that_gzip_is_missing),
		QUIET(swap_paths_reach_the_shell_whole),
		QUIET(quoting_keeps_a_shell_from_reading),
		QUIET(a_file_that_cannot_be_read_says_why),
	};

	return cmocka_run_group_tests_name("doctor_machine", tests, NULL, NULL);
}
