/*
 * map_cost - whether a look at the map can be afforded.
 *
 * A look at 60,000 mappings takes some 25 to 40 ms (6.18): 8 to 20 ms are the
 * text, 8 to 17 ms smaps_rollup. It is outside of what is timed, but a run that
 * is to last is not to be slowed by it: from MAP_COST_FREE_NS on a point of the
 * timeline is left out where all looks together would take more than a
 * MAP_COST_PART th of the time since the run began. So huge pages and lazily
 * freed ones, for which smaps_rollup is read, are known at each point that there
 * is.
 */
#ifndef REGROW_MAP_COST_H
#define REGROW_MAP_COST_H

#include <stdbool.h>
#include <stdint.h>

#define MAP_COST_FREE_NS 10000000000u
#define MAP_COST_PART 200

/* Spent until now, and what the next look will take: as the last one did. */
static inline bool map_cost_allows(uint64_t elapsed_ns, uint64_t spent_ns,
				   uint64_t next_ns)
{
	return elapsed_ns < MAP_COST_FREE_NS ||
	       spent_ns + next_ns <= elapsed_ns / MAP_COST_PART;
}

#endif
