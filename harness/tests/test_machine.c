/* test_machine - the facts of machines whose /proc and /sys are made up. */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver/cgroup.h"
#include "driver/json.h"
#include "driver/machine.h"
#include "tests/sanitized.h"
#include "driver/placement.h"
#include "driver/sysfile.h"
#include "tests/scratch.h"

#define MIB ((uint64_t)1 << 20)
#define CPUS "/sys/devices/system/cpu"
#define THP "/sys/kernel/mm/transparent_hugepage"

static char root[SCRATCH_PATH_SIZE];
static struct json *facts;

static int make_root(void **state)
{
	(void)state;
	scratch_open(root);
	facts = json_new_object();
	return facts != NULL ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	json_free(facts);
	scratch_close(root);
	return 0;
}

/* Writes a file under the root, with the folders that it needs. */
static void put(const char *path, const char *text)
{
	scratch_write(root, path + 1, text);
}

static void gather(bool anonymous)
{
	machine_facts_at(root, facts, anonymous, NULL);
}

static void assert_text(const char *path, const char *text)
{
	const char *found = json_text(facts, path, NULL);

	if (text == NULL) {
		assert_null(json_get(facts, path));
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, text);
}

static void assert_count(const char *path, uint64_t count)
{
	assert_int_equal(json_count(facts, path, UINT64_MAX), count);
}

static void an_x86_cpu_is_named_once(void **state)
{
	(void)state;
	put("/proc/cpuinfo",
	    "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7B13\n"
	    "flags\t\t: fpu vme\n\n"
	    "processor\t: 1\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7B13\n");
	gather(false);
	assert_text("cpu_model", "AMD EPYC 7B13");
	assert_count("cpus_online", 2);
	assert_text("hypervisor", NULL);
}

static void arm64_cores_are_named_by_implementer_and_part(void **state)
{
	(void)state;
	put("/proc/cpuinfo",
	    "processor\t: 0\nBogoMIPS\t: 243.75\nCPU implementer\t: 0x41\n"
	    "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n\n"
	    "processor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\n"
	    "processor\t: 2\nCPU implementer\t: 0x61\nCPU part\t: 0x039\n");
	put(CPUS "/online", "0-2\n");
	gather(false);
	assert_text("cpu_model",
		    "Neoverse-N1 + arm64 implementer 0x61 part 0x039");
	assert_count("cpus_online", 3);
}

static void a_power_cpu_is_named(void **state)
{
	(void)state;
	put("/proc/cpuinfo",
	    "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n");
	gather(false);
	assert_text("cpu_model", "POWER9, altivec supported");
}

static void a_name_within_another_is_still_kept(void **state)
{
	(void)state;
	put("/proc/cpuinfo", "model name\t: Core i9-12900K\n"
			     "model name\t: Core i9-12900\n"
			     "model name\t: Core i9-12900\n");
	gather(false);
	assert_text("cpu_model", "Core i9-12900K + Core i9-12900");
}

static void thp_modes_and_sizes_are_the_chosen_words(void **state)
{
	(void)state;
	put(THP "/enabled", "always [madvise] never\n");
	put(THP "/defrag", "always defer defer+madvise [madvise] never\n");
	put(THP "/shmem_enabled", "always within_size advise [never] deny\n");
	put(THP "/khugepaged/defrag", "1\n");
	put(THP "/hugepages-128kB/enabled", "always inherit madvise [never]\n");
	put(THP "/hugepages-64kB/enabled", "[always] inherit madvise never\n");
	put(THP "/hugepages-2048kB/enabled",
	    "always [inherit] madvise never\n");
	put(THP "/use_zero_page", "1\n");
	gather(false);
	assert_text("thp.enabled", "madvise");
	assert_text("thp.defrag", "madvise");
	assert_text("thp.shmem_enabled", "never");
	assert_count("thp.khugepaged_defrag", 1);
	assert_text("thp.sizes.64kB", "always");
	assert_text("thp.sizes.128kB", "never");
	assert_text("thp.sizes.2048kB", "inherit");
}

static void what_cannot_be_read_is_absent(void **state)
{
	static const char *const paths[] = {
		"cpu_model",
		"cpus_online",
		"thp",
		"mitigations",
		"governor",
		"turbo",
		"smt",
		"hypervisor",
		"max_map_count",
		"aslr",
		"overcommit_memory",
		"numa_balancing",
		"memory_bytes",
		"swap_bytes",
		"cgroup_limit_bytes",
		"topology",
		"topology_xml",
		"cores_allowed",
		"cpus_allowed",
		"perf_event_paranoid",
		"kernel_command_line",
	};

	(void)state;
	gather(false);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		assert_null(json_get(facts, paths[i]));
	assert_non_null(json_get(facts, "kernel"));
	assert_non_null(json_get(facts, "compiler"));
	assert_non_null(json_get(facts, "compiler_flags"));
	assert_count("page_bytes", (uint64_t)sysconf(_SC_PAGESIZE));
}

static void malformed_files_are_absent_or_empty(void **state)
{
	(void)state;
	put(THP "/enabled", "always madvise never\n");
	put("/proc/sys/vm/max_map_count", "many\n");
	put("/proc/sys/kernel/randomize_va_space", "-2\n");
	put("/proc/sys/vm/overcommit_memory", "99999999999999999999999\n");
	put("/proc/sys/kernel/numa_balancing", "\n");
	put(CPUS "/online", "0-\n");
	put("/proc/meminfo", "MemTotal");
	put("/proc/self/status", "Cpus_allowed_list:\t,\n");
	put("/proc/self/mountinfo", "nonsense\n1 2 - cgroup2\n");
	put("/proc/self/cgroup", "0:\nmemory\n");
	gather(false);
	assert_null(json_get(facts, "thp"));
	assert_null(json_get(facts, "max_map_count"));
	assert_null(json_get(facts, "aslr"));
	assert_null(json_get(facts, "overcommit_memory"));
	assert_null(json_get(facts, "numa_balancing"));
	assert_null(json_get(facts, "cpus_online"));
	assert_null(json_get(facts, "cpus_allowed"));
	assert_null(json_get(facts, "memory_bytes"));
}

static void text_that_is_not_utf8_still_makes_a_line(void **state)
{
	char *line;
	size_t size;

	(void)state;
	put("/proc/cpuinfo", "model name\t: bad \xff\xfe \x01 name\n");
	put(CPUS "/vulnerabilities/\xc3\x28", "Vulnerable \xe2\x28\n");
	gather(false);
	assert_text("cpu_model", "bad \xef\xbf\xbd\xef\xbf\xbd \x01 name");
	line = json_line(facts, &size);
	assert_non_null(line);
	free(line);
}

static void kernel_settings_are_numbers(void **state)
{
	(void)state;
	put("/proc/sys/vm/max_map_count", "65530\n");
	put("/proc/sys/vm/overcommit_memory", "0\n");
	put("/proc/sys/kernel/randomize_va_space", "2\n");
	put("/proc/sys/kernel/numa_balancing", "1\n");
	put("/proc/sys/kernel/perf_event_paranoid", "-1\n");
	gather(false);
	assert_count("max_map_count", 65530);
	assert_count("overcommit_memory", 0);
	assert_count("aslr", 2);
	assert_count("numa_balancing", 1);
	assert_true(json_number(facts, "perf_event_paranoid", 0) == -1);
}

static void mitigations_are_kept_as_they_are(void **state)
{
	(void)state;
	put(CPUS "/vulnerabilities/meltdown", "Mitigation: PTI\n");
	put(CPUS "/vulnerabilities/l1tf", "Not affected\n");
	gather(false);
	assert_text("mitigations.meltdown", "Mitigation: PTI");
	assert_text("mitigations.l1tf", "Not affected");
}

static void governors_that_differ_are_all_named(void **state)
{
	(void)state;
	put(CPUS "/cpufreq/policy0/scaling_governor", "performance\n");
	put(CPUS "/cpufreq/policy1/scaling_governor", "powersave\n");
	put(CPUS "/cpufreq/policy2/scaling_governor", "performance\n");
	put(CPUS "/smt/control", "forceoff\n");
	gather(false);
	assert_text("governor", "performance,powersave");
	assert_text("smt", "forceoff");
}

static void turbo_is_read_from_intel_pstate_and_cpufreq(void **state)
{
	(void)state;
	put(CPUS "/cpufreq/boost", "1\n");
	gather(false);
	assert_text("turbo", "on");
	put(CPUS "/intel_pstate/no_turbo", "1\n");
	json_free(facts);
	facts = json_new_object();
	gather(false);
	assert_text("turbo", "off");
}

static void a_guest_is_named_by_its_product(void **state)
{
	(void)state;
	put("/sys/class/dmi/id/sys_vendor", "QEMU\n");
	put("/sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9)\n");
	gather(false);
	assert_text("hypervisor", "qemu (QEMU Standard PC (Q35 + ICH9))");
}

static void a_guest_is_named_by_its_clock(void **state)
{
	(void)state;
	put("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	put("/sys/class/dmi/id/product_name", "m5.large\n");
	put("/sys/devices/system/clocksource/clocksource0/"
	    "available_clocksource",
	    "kvm-clock tsc acpi_pm \n");
	gather(false);
	assert_text("hypervisor", "kvm (Amazon EC2 m5.large)");
}

static void a_machine_rented_whole_is_no_guest(void **state)
{
	(void)state;
	put("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
	put("/sys/class/dmi/id/product_name", "m5.metal\n");
	put("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vme de\n");
	gather(false);
	assert_text("hypervisor", NULL);
}

static void a_guest_without_a_name_is_unknown(void **state)
{
	(void)state;
	put("/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu hypervisor lm\n"
			     "bugs\t\t: none\n");
	gather(false);
	assert_text("hypervisor", "unknown");
}

static void xen_and_device_trees_say_it_themselves(void **state)
{
	(void)state;
	put("/proc/device-tree/hypervisor/compatible", "linux,kvm");
	gather(false);
	assert_text("hypervisor", "linux,kvm");
	json_free(facts);
	facts = json_new_object();
	put("/sys/hypervisor/type", "xen\n");
	gather(false);
	assert_text("hypervisor", "xen");
}

static void anonymous_records_name_nobody(void **state)
{
	char *line;
	size_t size;

	(void)state;
	put("/proc/cmdline",
	    "BOOT_IMAGE=/vmlinuz-alice root=UUID=11-22 mitigations=off quiet "
	    "nospectre_v2 isolcpus=2-3 kvm.nx_huge_pages=off memory_of=alice "
	    "-- --token alice\n");
	setenv("MALLOC_ARENA_MAX", "1", 1);
	setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1);
	setenv("LD_PRELOAD", "/home/alice/libone.so:libtwo.so", 1);
	gather(true);
	unsetenv("LD_PRELOAD");
	unsetenv("MALLOC_ARENA_MAX");
	unsetenv("GLIBC_TUNABLES");
	assert_null(json_get(facts, "host"));
	assert_text("kernel_command_line",
		    "mitigations=off nospectre_v2 isolcpus=2-3 "
		    "kvm.nx_huge_pages=off");
	assert_text("environment.LD_PRELOAD", "libone.so:libtwo.so");
	assert_text("environment.MALLOC_ARENA_MAX", "1");
	assert_text("environment.GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
	line = json_line(facts, &size);
	assert_non_null(line);
	assert_null(strstr(line, "alice"));
	free(line);
}

static void the_command_line_ends_where_that_of_init_begins(void **state)
{
	(void)state;
	put("/proc/cmdline", "root=/dev/vda  quiet -- --secret\n");
	setenv("LD_PRELOAD", "/home/alice/libone.so", 1);
	gather(false);
	unsetenv("LD_PRELOAD");
	assert_non_null(json_get(facts, "host"));
	assert_text("kernel_command_line", "root=/dev/vda quiet");
	assert_text("environment.LD_PRELOAD", "/home/alice/libone.so");
}

static void the_topology_fills_its_fields(void **state)
{
	char why[256] = "";
	struct topology *topology =
		topology_open("package:1 node:2 core:2 pu:2", why, sizeof(why));

	(void)state;
	assert_non_null(topology);
	put("/proc/self/status", "Cpus_allowed_list:\t0-1\n");
	machine_facts_at(root, facts, false, topology);
	topology_close(topology);
	assert_count("packages", 1);
	assert_count("numa_nodes", 2);
	assert_count("cores_allowed", 4);
	assert_count("cpus_allowed", 8);
	assert_text("topology", "1 package, 4 cores, 8 threads, 2 NUMA nodes");
	assert_non_null(strstr(json_text(facts, "topology_xml", ""), "<?xml"));
}

static void allowed_cpus_come_from_status_without_a_topology(void **state)
{
	(void)state;
	put("/proc/self/status",
	    "Name:\tx\nCpus_allowed:\tff\n"
	    "Cpus_allowed_list:\t0-3,8\nMems_allowed:\t1\n");
	gather(false);
	assert_count("cpus_allowed", 5);
}

static void this_machine_has_the_facts_that_all_machines_have(void **state)
{
	static const char *const paths[] = {
		"cpus_online",	 "cpus_allowed",
		"memory_bytes",	 "memory_available_bytes",
		"page_bytes",	 "kernel",
		"kernel_build",	 "kernel_arch",
		"max_map_count", "compiler",
	};

	(void)state;
	machine_facts(facts, true, NULL);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		assert_non_null(json_get(facts, paths[i]));
}

/* Memory that is free, and no limit from elsewhere. */
static void put_memory(uintmax_t available_mib)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "MemTotal:       %8ju kB\nMemAvailable:   %8ju kB\n"
		 "SwapTotal:             0 kB\n",
		 available_mib * 2048, available_mib * 1024);
	put("/proc/meminfo", text);
}

static void put_limits(const char *data, const char *address_space)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "Limit                     Soft Limit           Hard Limit  "
		 "         Units     \n"
		 "Max data size             %-20s unlimited bytes     \n"
		 "Max address space         %-20s unlimited bytes     \n",
		 data, address_space);
	put("/proc/self/limits", text);
}

static void assert_limit(uint64_t bytes, const char *because)
{
	char why[256];

	assert_int_equal(machine_memory_limit_at(root, why, sizeof(why)),
			 bytes);
	if (strstr(why, because) == NULL)
		fail_msg("'%s' does not say '%s'", why, because);
}

static void without_limits_available_memory_is_the_limit(void **state)
{
	(void)state;
	put_memory(1000);
	put_limits("unlimited", "unlimited");
	assert_limit(1000 * MIB, "available memory");
	assert_int_equal(machine_memory_limit_at(root, NULL, 0), 1000 * MIB);
	gather(false);
	assert_count("memory_bytes", 2000 * MIB);
	assert_count("memory_available_bytes", 1000 * MIB);
	assert_count("swap_bytes", 0);
	assert_null(json_get(facts, "cgroup_limit_bytes"));
}

static void resource_limits_are_the_limit_where_they_are_least(void **state)
{
	(void)state;
	put_memory(1000);
	put_limits("unlimited", "104857600");
	assert_limit(100 * MIB, "RLIMIT_AS");
	put_limits("52428800", "104857600");
	assert_limit(50 * MIB, "RLIMIT_DATA");
}

#define MOUNT_V2 "35 25 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
#define V2 "/sys/fs/cgroup"

static void a_v2_limit_counts_what_is_used_but_not_idle_cache(void **state)
{
	(void)state;
	put_memory(1000);
	put("/proc/self/mountinfo", MOUNT_V2);
	put("/proc/self/cgroup", "0::/user/job\n");
	put(V2 "/user/job/memory.max", "209715200\n");
	put(V2 "/user/job/memory.current", "104857600\n");
	put(V2 "/user/job/memory.stat",
	    "anon 1\nfile 20971520\ninactive_file 10485760\nactive_file 7\n");
	assert_limit(110 * MIB, "cgroup /user/job");
	gather(false);
	assert_count("cgroup_limit_bytes", 200 * MIB);
}

static void a_v2_parent_that_leaves_less_is_the_limit(void **state)
{
	(void)state;
	put_memory(1000);
	put("/proc/self/mountinfo", MOUNT_V2);
	put("/proc/self/cgroup", "0::/user/job\n");
	put(V2 "/user/job/memory.max", "max\n");
	put(V2 "/user/job/memory.current", "1048576\n");
	put(V2 "/user/memory.max", "104857600\n");
	put(V2 "/user/memory.current", "94371840\n");
	assert_limit(10 * MIB, "cgroup /user leaves");
	put(V2 "/user/memory.current", "194371840\n");
	assert_limit(0, "cgroup /user leaves");
}

static void a_v2_throttle_is_a_limit(void **state)
{
	(void)state;
	put_memory(1000);
	put("/proc/self/mountinfo", MOUNT_V2);
	put("/proc/self/cgroup", "0::/job\n");
	put(V2 "/job/memory.max", "209715200\n");
	put(V2 "/job/memory.high", "104857600\n");
	put(V2 "/job/memory.current", "0\n");
	assert_limit(100 * MIB, "cgroup /job");
}

static void a_v1_limit_is_found_by_its_controller(void **state)
{
	(void)state;
	put_memory(1000);
	put("/proc/self/mountinfo",
	    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
	    "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
	    "35 31 0:32 / /mnt/my\\040memory rw - cgroup cgroup rw,memory\n"
	    "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
	put("/proc/self/cgroup", "5:cpu:/other\n4:memory:/job\n0::/\n");
	put("/mnt/my memory/job/memory.limit_in_bytes", "104857600\n");
	put("/mnt/my memory/job/memory.usage_in_bytes", "20971520\n");
	put("/mnt/my memory/job/memory.stat",
	    "inactive_file 1\ntotal_inactive_file 10485760\n");
	put("/mnt/my memory/memory.limit_in_bytes", "9223372036854771712\n");
	put("/mnt/my memory/memory.usage_in_bytes", "1\n");
	assert_limit(90 * MIB, "cgroup /job");
}

static void a_v1_limit_without_a_number_is_none(void **state)
{
	(void)state;
	put_memory(1000);
	put("/proc/self/mountinfo",
	    "35 31 0:32 / /cgroup rw - cgroup cgroup rw,memory\n");
	put("/proc/self/cgroup", "4:memory:/\n");
	put("/cgroup/memory.limit_in_bytes", "9223372036854771712\n");
	put("/cgroup/memory.usage_in_bytes", "999999999\n");
	assert_limit(1000 * MIB, "available memory");
}

static void a_container_sees_its_own_cgroup_at_the_mount(void **state)
{
	(void)state;
	put_memory(1000);
	put("/proc/self/mountinfo",
	    "35 31 0:32 /docker/4f2a /sys/fs/cgroup/memory ro - cgroup cgroup "
	    "rw,memory\n");
	put("/proc/self/cgroup", "4:memory:/docker/4f2a/inner\n");
	put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "104857600\n");
	put("/sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "52428800\n");
	assert_limit(50 * MIB, "cgroup /docker/4f2a/inner");
	put("/proc/self/cgroup", "4:memory:/docker/4f2ab\n");
	assert_limit(100 * MIB, "cgroup / leaves");
	put("/proc/self/cgroup", "4:memory:/../elsewhere\n");
	assert_limit(100 * MIB, "cgroup / leaves");
}

static int confined(void)
{
	struct rlimit limit;
	char why[256];

	if (getrlimit(RLIMIT_AS, &limit) != 0)
		return 2;
	limit.rlim_cur = 64 * MIB;
	if (setrlimit(RLIMIT_AS, &limit) != 0)
		return 3;
	if (machine_memory_limit_bytes(why, sizeof(why)) != 64 * MIB)
		return 4;
	return strstr(why, "RLIMIT_AS") != NULL ? 0 : 5;
}

static void a_real_limit_of_address_space_is_seen(void **state)
{
	pid_t child;
	int status;

	(void)state;
#if SANITIZED
	skip();
#endif
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(confined());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void collect_name(void *context, const char *name)
{
	strncat(context, name, 15);
	strncat(context, " ", 2);
}

static void folders_are_visited_in_the_order_of_numbers(void **state)
{
	char names[64] = "";

	(void)state;
	put("/d/n-128", "");
	put("/d/n-16", "");
	put("/d/other", "");
	sysfile_each(root, "/d", "n-", collect_name, names);
	assert_string_equal(names, "n-16 n-128 ");
	sysfile_each(root, "/missing", "", collect_name, names);
	assert_string_equal(names, "n-16 n-128 ");
}

static void texts_longer_than_their_place_are_cut(void **state)
{
	char text[4];
	char *all;

	(void)state;
	put("/long", "abcdef\n\n");
	assert_true(sysfile_text(root, "/long", text, sizeof(text)));
	assert_string_equal(text, "abc");
	all = sysfile_all(root, "/long");
	assert_string_equal(all, "abcdef\n\n");
	free(all);
	put("/chosen", "[abcd] e\n");
	assert_false(sysfile_chosen(root, "/chosen", text, sizeof(text)));
	put("/blank", " \n");
	assert_false(sysfile_text(root, "/blank", text, sizeof(text)));
	assert_string_equal(text, "");
}

#define WITH_ROOT(test)                                                        \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ROOT(an_x86_cpu_is_named_once),
		WITH_ROOT(arm64_cores_are_named_by_implementer_and_part),
		WITH_ROOT(a_power_cpu_is_named),
		WITH_ROOT(a_name_within_another_is_still_kept),
		WITH_ROOT(thp_modes_and_sizes_are_the_chosen_words),
		WITH_ROOT(what_cannot_be_read_is_absent),
		WITH_ROOT(malformed_files_are_absent_or_empty),
		WITH_ROOT(text_that_is_not_utf8_still_makes_a_line),
		WITH_ROOT(kernel_settings_are_numbers),
		WITH_ROOT(mitigations_are_kept_as_they_are),
		WITH_ROOT(governors_that_differ_are_all_named),
		WITH_ROOT(turbo_is_read_from_intel_pstate_and_cpufreq),
		WITH_ROOT(a_guest_is_named_by_its_product),
		WITH_ROOT(a_guest_is_named_by_its_clock),
		WITH_ROOT(a_machine_rented_whole_is_no_guest),
		WITH_ROOT(a_guest_without_a_name_is_unknown),
		WITH_ROOT(xen_and_device_trees_say_it_themselves),
		WITH_ROOT(anonymous_records_name_nobody),
		WITH_ROOT(the_command_line_ends_where_that_of_init_begins),
		WITH_ROOT(the_topology_fills_its_fields),
		WITH_ROOT(allowed_cpus_come_from_status_without_a_topology),
		WITH_ROOT(this_machine_has_the_facts_that_all_machines_have),
		WITH_ROOT(without_limits_available_memory_is_the_limit),
		WITH_ROOT(resource_limits_are_the_limit_where_they_are_least),
		WITH_ROOT(a_v2_limit_counts_what_is_used_but_not_idle_cache),
		WITH_ROOT(a_v2_parent_that_leaves_less_is_the_limit),
		WITH_ROOT(a_v2_throttle_is_a_limit),
		WITH_ROOT(a_v1_limit_is_found_by_its_controller),
		WITH_ROOT(a_v1_limit_without_a_number_is_none),
		WITH_ROOT(a_container_sees_its_own_cgroup_at_the_mount),
		WITH_ROOT(a_real_limit_of_address_space_is_seen),
		WITH_ROOT(folders_are_visited_in_the_order_of_numbers),
		WITH_ROOT(texts_longer_than_their_place_are_cut),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
