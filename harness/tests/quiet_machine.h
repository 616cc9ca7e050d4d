/* quiet_machine - the files of a machine that is as good as can be. */
#ifndef REGROW_QUIET_MACHINE_H
#define REGROW_QUIET_MACHINE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/doctor.h"
#include "tests/scratch.h"

#define QUIET_CPUS "/sys/devices/system/cpu"
#define QUIET_THP "/sys/kernel/mm/transparent_hugepage"
#define QUIET_CLOCK "/sys/devices/system/clocksource/clocksource0"
#define QUIET_MTHP QUIET_THP "/hugepages-64kB/enabled"
#define QUIET_KFENCE "/sys/module/kfence/parameters/sample_interval"

static const struct {
	const char *path;
	const char *text;
} quiet_files[] = {
	{"/proc/loadavg", "0.10 0.20 0.30 1/100 99\n"},
	{"/proc/self/stat",
	 "99 (a) b) R 1 1 1 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 1 1 1 1 1 1 1 1 1 "
	 "0 0 0 0 0 0 0 17 1 0 0 0 0 0\n"},
	{"/proc/self/status", "Name:\ta\nTracerPid:\t0\n"
			      "CapEff:\t0000000000000000\nSeccomp:\t0\n"},
	{"/proc/self/limits",
	 "Limit              Soft Limit  Hard Limit  Units\n"
	 "Max stack size     8388608     unlimited   bytes\n"
	 "Max address space  unlimited   unlimited   bytes\n"},
	{"/proc/self/personality", "00000000\n"},
	{"/proc/self/mountinfo",
	 "35 25 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},
	{"/proc/self/cgroup", "0::/job\n"},
	{"/sys/fs/cgroup/job/cpu.max", "max 100000\n"},
	{"/proc/cmdline", "root=/dev/sda1 rcu_nocbs=2-3 -- psi=0\n"},
	{"/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu\n"},
	{"/proc/meminfo",
	 "MemTotal: 16000000 kB\nMemAvailable: 15000000 kB\n"
	 "CommitLimit: 9000000 kB\nCommitted_AS: 1000000 kB\n"},
	{"/proc/swaps", "Filename\t\tType\t\tSize\t\tUsed\t\tPriority\n"},
	{"/proc/pressure/cpu", "some avg10=0.00\n"},
	{"/proc/sys/vm/max_map_count", "65530\n"},
	{"/proc/sys/vm/overcommit_memory", "0\n"},
	{"/proc/sys/vm/swappiness", "60\n"},
	{"/proc/sys/vm/zone_reclaim_mode", "0\n"},
	{"/proc/sys/vm/legacy_va_layout", "0\n"},
	{"/proc/sys/kernel/randomize_va_space", "2\n"},
	{"/proc/sys/kernel/numa_balancing", "0\n"},
	{"/proc/sys/kernel/nmi_watchdog", "0\n"},
	{"/proc/sys/kernel/perf_event_paranoid", "1\n"},
	{"/boot/config-6.1.0", "CONFIG_PSI=y\n# CONFIG_KASAN is not set\n"
			       "CONFIG_RCU_NOCB_CPU=y\n"},
	{QUIET_CPUS "/online", "0-3\n"},
	{QUIET_CPUS "/isolated", "2-3\n"},
	{QUIET_CPUS "/nohz_full", "2-3\n"},
	{QUIET_CPUS "/smt/control", "off\n"},
	{QUIET_CPUS "/intel_pstate/no_turbo", "1\n"},
	{QUIET_CPUS "/cpu2/topology/thread_siblings_list", "2\n"},
	{QUIET_CPUS "/cpu3/topology/thread_siblings_list", "3\n"},
	{QUIET_CPUS "/cpu2/cpufreq/scaling_governor", "performance\n"},
	{QUIET_CPUS "/cpu3/cpufreq/scaling_governor", "performance\n"},
	{QUIET_CPUS "/cpu2/cpuidle/state0/latency", "2\n"},
	{QUIET_CPUS "/cpu2/cpuidle/state0/disable", "0\n"},
	{QUIET_CPUS "/cpu2/cpuidle/state1/latency", "133\n"},
	{QUIET_CPUS "/cpu2/cpuidle/state1/disable", "1\n"},
	{QUIET_CPUS "/cpu3/cpuidle/state1/disable", "1\n"},
	{"/sys/devices/system/node/online", "0-1\n"},
	{QUIET_CLOCK "/current_clocksource", "tsc\n"},
	{QUIET_CLOCK "/available_clocksource", "tsc hpet acpi_pm \n"},
	{"/sys/kernel/mm/ksm/run", "0\n"},
	{QUIET_THP "/enabled", "always [madvise] never\n"},
	{QUIET_THP "/defrag", "always defer defer+madvise [madvise] never\n"},
	{QUIET_THP "/khugepaged/scan_sleep_millisecs", "3600000\n"},
	{QUIET_THP "/hugepages-2048kB/enabled",
	 "always [inherit] madvise never\n"},
	{QUIET_MTHP, "always inherit madvise [never]\n"},
	{QUIET_KFENCE, "0\n"},
	{"/sys/bus/virtio/drivers/virtio_balloon/virtio0/features", "011000\n"},
	{"/sys/bus/event_source/devices/cpu/type", "4\n"},
	{"/sys/kernel/tracing/events/enable", "0\n"},
};

#define QUIET_FILES (sizeof(quiet_files) / sizeof(*quiet_files))

/* The machine, how it is looked at, and what was found. */
static char quiet_root[64];
static char quiet_why[256];
static char *quiet_config;
static struct placement quiet_placement;
static struct doctor_system quiet_system;
static struct doctor_report quiet_report;

static inline int quiet_open(void **state)
{
	(void)state;
	scratch_open(quiet_root);
	for (size_t i = 0; i < QUIET_FILES; i++)
		scratch_write(quiet_root, quiet_files[i].path,
			      quiet_files[i].text);
	quiet_placement = (struct placement){.threads = 1,
					     .cpus = {2},
					     .driver_cpu = 0,
					     .probe_cpu = 1,
					     .cores_allowed = 4};
	quiet_system = (struct doctor_system){.root = quiet_root,
					      .release = "6.1.0",
					      .placement = &quiet_placement,
					      .cpus_allowed = 4};
	quiet_config = NULL;
	memset(&quiet_report, 0, sizeof(quiet_report));
	return 0;
}

static inline int quiet_close(void **state)
{
	(void)state;
	doctor_release(&quiet_report);
	free(quiet_config);
	scratch_close(quiet_root);
	return 0;
}

static inline void quiet_put(const char *path, const char *text)
{
	scratch_write(quiet_root, path, text);
}

static inline void quiet_remove(const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", quiet_root, path);
	if (nftw(full, scratch_remove, 8, FTW_DEPTH | FTW_PHYS) != 0)
		abort();
}

/* Nobody, not even root, can read a folder as a file. */
static inline void quiet_make_unreadable(const char *path)
{
	char inside[256];

	quiet_remove(path);
	snprintf(inside, sizeof(inside), "%s/x", path);
	quiet_put(inside, "");
}

static inline int quiet_examine(void)
{
	doctor_release(&quiet_report);
	free(quiet_config);
	quiet_config = doctor_config(quiet_root, quiet_system.release,
				     quiet_why, sizeof(quiet_why));
	quiet_system.config = quiet_config;
	quiet_system.config_why = quiet_why;
	return doctor_examine(&quiet_system, &quiet_report);
}

#endif
