/*
 * trend - whether a cell's times keep their level, over the rounds of a run or
 * over the repetitions inside its processes.
 */
#ifndef REGROW_TREND_H
#define REGROW_TREND_H

#include <stddef.h>

#include "driver/json.h"
#include "driver/results.h"
#include "driver/stats_change.h"

/*
 * Levels that differ by less are one. 2 % is the smallest margin within which
 * two rows are called SAME: a drift below it, of which paired ratios cancel the
 * common part besides, turns no verdict. It is also what a level can be known
 * to where it is held for STATS_CHANGE_SEGMENT_MIN values that scatter by some
 * 3 %, as they do on a shared machine.
 */
#define TREND_RATIO_MIN STATS_CHANGE_RATIO_MIN

struct trend_level {
	unsigned int from; /* the round or repetition it begins at, from 0 */
	size_t count; /* values that it is made of */
	double median_ns;
};

struct trend_series {
	enum trend trend;
	size_t count; /* values */
	size_t levels_count; /* 0 where there are no values */
	struct trend_level *levels;
};

/*
 * Of times at places (rounds or repetitions) that ascend; times that are not
 * finite and above 0 are left out. 0 or -ENOMEM; after 0, trend_free().
 */
int trend_find(const double *times_ns, const unsigned int *places, size_t count,
	       struct trend_series *series);
void trend_free(struct trend_series *series);

/* Of a cell's valid timing samples by that clock, over their rounds. */
int trend_of_rounds(const struct results_cell *cell, enum figure_index clock,
		    struct trend_series *series);

/* Adds label, count and levels. */
void trend_to_json(const struct trend_series *series, struct json *into);

#endif
