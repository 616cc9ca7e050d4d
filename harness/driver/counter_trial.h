/*
 * counter_trial - tries counters out on this process, as a sample would open
 * them, and finds the groups that fit the PMU.
 */
#ifndef REGROW_COUNTER_TRIAL_H
#define REGROW_COUNTER_TRIAL_H

#include "driver/counters.h"
#include "driver/perf_facts.h"

/*
 * Opens each counter that is usable so far and lets it count for some
 * microseconds; one that cannot be opened, is never scheduled, or counts no
 * cycles or instructions in a loop, is usable no more, and has the reason.
 */
void counter_trial_each(struct counters *counters,
			const struct perf_facts *facts);

/*
 * Sets the group of each usable counter. Those that software counts are group
 * 0, whatever their number. The others go, in their order, each to the first
 * group above it that still opens and counts with one more. A PMU says in no
 * portable way how many it counts at a time, nor which together.
 */
void counter_trial_groups(struct counters *counters);

#endif
