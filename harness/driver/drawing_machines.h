/*
 * drawing_machines - the figures of results of many machines: a heat map of each
 * allocator's effect, machines by kernels, and in small multiples how far
 * machines lie apart in it.
 */
#ifndef REGROW_DRAWING_MACHINES_H
#define REGROW_DRAWING_MACHINES_H

#include "driver/drawing.h"
#include "driver/machines.h"

#define DRAWING_MACHINES_PANELS 9 /* allocators; those of largest effect */
#define DRAWING_MACHINES_COLUMNS 24 /* of the heat map, in all panels */
#define DRAWING_MACHINES_LABELS 40 /* rows of the heat map that have names */
#define DRAWING_MACHINES_ROWS 4000 /* rows, and points of a panel */

/*
 * Two figures for each block of the tables; to be freed by drawings_free(). 0
 * or -ENOMEM.
 */
int drawings_machines(const struct machines *machines,
		      struct drawings *drawings);

#endif
