/* doctor_perf - checks of what can be counted here. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/doctor_parts.h"
#include "driver/perf_facts.h"
#include "driver/sysfile.h"
#include "driver/tracefs.h"

#define TRACING "/sys/kernel/tracing"
/* Bits of CapEff; see capabilities(7). */
#define CAPABILITY_ADMIN 21
#define CAPABILITY_PERFMON 38

static bool privileged(const char *root)
{
	static const char field[] = "CapEff:";
	char *status = sysfile_all(root, "/proc/self/status");
	const char *line = status != NULL ? strstr(status, field) : NULL;
	uint64_t capabilities = 0;

	if (line != NULL)
		capabilities = strtoull(line + strlen(field), NULL, 16);
	free(status);
	return (capabilities >> CAPABILITY_ADMIN & 1) != 0 ||
	       (capabilities >> CAPABILITY_PERFMON & 1) != 0;
}

static void look_pmu(const struct doctor_system *system,
		     struct doctor_finding *finding)
{
	static const char path[] = "/sys/bus/event_source/devices";
	struct perf_facts facts;

	if (sysfile_error(system->root, path) == -ENOENT) {
		doctor_cannot(finding, DOCTOR_UNKNOWN, "%s is missing", path);
		return;
	}
	perf_facts_read(system->root, &facts);
	doctor_is(finding, facts.cpu_pmu ? "there" : "none");
	if (!facts.cpu_pmu)
		doctor_could(finding, DOCTOR_BETTER,
			     facts.virtual_machine
				     ? "a guest that is given one (vPMU), or "
				       "the machine itself"
				     : "a kernel with the CPU's PMU driver");
}

static void look_watchdog(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/kernel/nmi_watchdog";
	uint64_t value;

	if (!doctor_count(system, finding, path,
			  "this kernel has no NMI watchdog", &value))
		return;
	doctor_is(finding, value != 0 ? "on" : "off");
	if (value == 0)
		return;
	doctor_want_count(finding, path, value, 0);
	doctor_could(finding, DOCTOR_BETTER, "off");
}

static void look_paranoid(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/kernel/perf_event_paranoid";
	char now[DOCTOR_WORD_MAX];
	int64_t value;

	if (!sysfile_signed(system->root, path, &value)) {
		int error = sysfile_error(system->root, path);

		if (error == -ENOENT)
			doctor_cannot(finding, DOCTOR_APART,
				      "this kernel has no perf events");
		else
			doctor_cannot(finding, DOCTOR_UNKNOWN, "%s: %s", path,
				      error != 0 ? strerror(-error)
						 : "not a number");
		return;
	}
	snprintf(now, sizeof(now), "%" PRId64, value);
	doctor_is(finding, "%s", now);
	if (value <= 1)
		return;
	if (privileged(system->root)) {
		doctor_is(finding,
			  "%s, which does not bind this process (root)", now);
		return;
	}
	doctor_want(finding, path, now, "1");
}

static void look_tracepoints(const struct doctor_system *system,
			     struct doctor_finding *finding)
{
	char own[256];
	char older[256];
	const char *const roots[] = {own, older, NULL};
	struct tracefs tracefs;
	int error;

	snprintf(own, sizeof(own), "%s" TRACING, system->root);
	snprintf(older, sizeof(older), "%s/sys/kernel/debug/tracing",
		 system->root);
	error = tracefs_open(&tracefs, roots);
	if (error == 0) {
		doctor_is(finding, "mounted, and readable");
		return;
	}
	if (error == -EACCES) {
		doctor_is(finding, "mounted, but not for this user");
		doctor_could(finding, DOCTOR_BETTER, "regrow run by root");
		return;
	}
	if (sysfile_error(system->root, TRACING) == -ENOENT) {
		doctor_cannot(finding, DOCTOR_APART,
			      "this kernel has no tracefs");
		return;
	}
	doctor_is(finding, "no tracefs is mounted");
	doctor_could(finding, DOCTOR_BETTER, "mounted, and regrow run by root");
	doctor_command(finding, DOCTOR_ROOT,
		       "mount -t tracefs tracefs " TRACING, "umount " TRACING);
}

const struct doctor_check doctor_perf_checks[] = {
	{"pmu",
	 "Cycles, instructions, cache and TLB misses are counted by the CPU's "
	 "performance monitoring unit.",
	 "Times are all there is: why one allocator is faster is not shown.",
	 look_pmu},
	{"nmi-watchdog",
	 "It keeps a hardware counter to itself, and interrupts every CPU by "
	 "it.",
	 "One event fewer fits a group of counters, so that the same counters "
	 "take more samples.",
	 look_watchdog},
	{"perf-paranoid",
	 "Above 1, perf events of the kernel's side are for root alone.",
	 "The kernel's share, which is where mremap works, is not counted.",
	 look_paranoid},
	{"tracepoints",
	 "Searches for an address, TLB flushes and faults are counted by "
	 "tracepoints, whose numbers are in tracefs.",
	 "These counts are missing below the table.", look_tracepoints},
	{0},
};
