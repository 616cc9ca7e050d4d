/*
 * seats - the CPUs that a run may use, and who gets which of them. Pure.
 */
#ifndef REGROW_SEATS_H
#define REGROW_SEATS_H

#include "driver/placement.h"

/* One allowed CPU. */
struct seat {
	unsigned int cpu; /* the system's number */
	unsigned int core; /* equal for the CPUs of one physical core */
	unsigned int sibling; /* place among the allowed CPUs of its core */
	unsigned int
		order; /* neighbours in the machine have neighbouring ones */
	int node; /* NUMA node of its memory; -1: none it may be bound to */
	int efficiency; /* larger: a faster kind of core; -1: unknown */
};

/*
 * Puts first what a workload thread should get first: one CPU of each core
 * before a second one of any, faster cores before slower ones, and the core of
 * CPU 0, which is where a system takes its interrupts, last.
 */
void seats_sort(struct seat *seats, unsigned int count);

/*
 * placement_decide() on sorted seats. Threads stay on one node while its CPUs
 * suffice, even where two then share a core.
 */
int seats_decide(const struct seat *seats, unsigned int count, const char *cpus,
		 unsigned int threads, struct placement *placement);

/* Adds one more statement to placement->note; "..." where it is full. */
__attribute__((format(printf, 2, 3))) void
seats_note(struct placement *placement, const char *format, ...);

#endif
