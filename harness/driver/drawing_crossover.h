/*
 * drawing_crossover - the data of the figure of a map, one for each THP mode and
 * set of options: a series for each curve, as in drawing.h, with rows of its
 * points and rows of its thresholds; plot/crossover.gp says what the columns
 * are.
 */
#ifndef REGROW_DRAWING_CROSSOVER_H
#define REGROW_DRAWING_CROSSOVER_H

#include "driver/crossover.h"
#include "driver/drawing.h"

/* 0 or -ENOMEM; drawings_free() ends them. */
int drawing_crossover(const struct crossover_map *map,
		      struct drawings *drawings);

#endif
