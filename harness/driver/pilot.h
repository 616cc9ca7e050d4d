/*
 * pilot - what a few samples of the reference, before the first round, decide:
 * by which clock a group is compared, and how long a planted effect is. Pure.
 */
#ifndef REGROW_PILOT_H
#define REGROW_PILOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/plan.h"

#define PILOT_SAMPLES 6 /* of the reference, in each group */

/* The good samples of a group's pilot, in their order. */
struct pilot_times {
	unsigned int count;
	uint64_t wall_ns[PILOT_SAMPLES];
	uint64_t cpu_ns[PILOT_SAMPLES];
	uint64_t growths; /* of one sample; work is fixed */
};

/* Whether a group runs, and no pilot has decided anything for it yet. */
bool pilot_wanted(const struct group *group);

/*
 * Fills pilot, clock and clock_why. With several threads the clock is wall: CPU
 * time leaves out what they wait for each other. With one it is the thread's
 * CPU time where wall was the noisier by more than a tenth, else wall, which is
 * what a program waits for. Fewer than 3 good samples decide nothing: wall.
 */
void pilot_decide(const struct pilot_times *times, struct group *group);

/*
 * Sizes the planted rows of a group, or says in skipped why that cannot be.
 * spin_ns: one iteration of spin(), from the calibration.
 */
void pilot_plant(struct plan *plan, struct group *group, double spin_ns);

#endif
