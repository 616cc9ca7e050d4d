/* drawing_series - which number the series of an allocator has in a figure. */
#ifndef REGROW_DRAWING_SERIES_H
#define REGROW_DRAWING_SERIES_H

#include "driver/plan.h"

/* Zeroed: none yet. */
struct drawing_series {
	unsigned int count;
	const char *names[PLAN_GROUP_CELLS_MAX]; /* allocators, as they came */
};

/* From 1, in the order in which they come first; 0: there are too many. */
unsigned int drawing_series_of(struct drawing_series *series,
			       const char *allocator);

#endif
