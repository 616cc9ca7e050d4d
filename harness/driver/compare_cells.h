/* compare_cells - the groups and cells of a side, found or made. */
#ifndef REGROW_COMPARE_CELLS_H
#define REGROW_COMPARE_CELLS_H

#include "driver/compare_side.h"
#include "driver/results.h"

/* The side's group of that work; its place. 0 or -ENOMEM. */
int compare_cells_group(struct compare_side *side,
			const struct results_group *from, unsigned int *place);

/*
 * The side's cell in the group of that place; NULL where memory ran out. hint,
 * 0 before a file's first cell, is where it is looked for first.
 */
struct compare_cell *compare_cells_find(struct compare_side *side,
					unsigned int group,
					const struct results_cell *from,
					unsigned int *hint);

#endif
