/*
 * perf_facts - what this machine allows of perf_event_open, and from it why an
 * event could not be opened, in words.
 */
#ifndef REGROW_PERF_FACTS_H
#define REGROW_PERF_FACTS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

struct perf_facts {
	bool cpu_pmu; /* the kernel drives a PMU of the CPU's cores */
	bool virtual_machine;
	bool seccomp; /* system calls of this process are filtered */
	bool paranoid_known;
	int paranoid; /* kernel.perf_event_paranoid */
};

/* Reads /sys and /proc below root ("": this machine's). */
void perf_facts_read(const char *root, struct perf_facts *facts);

/*
 * Why perf_event_open(2) of attr failed with the (positive) error, and what to
 * do about it, in one sentence without a full stop.
 */
void perf_facts_reason(const struct perf_facts *facts,
		       const struct perf_event_attr *attr, int error,
		       char *reason, size_t reason_size);

/* Counted by software, in any kernel that has perf events: needs no PMU. */
bool perf_facts_software(const struct perf_event_attr *attr);

/*
 * Whether exclude_user and exclude_kernel mean anything: the clocks of software
 * ignore them, and switches and migrations happen in the kernel alone.
 */
bool perf_facts_has_sides(const struct perf_event_attr *attr);

#endif
