/* crossover_text - what a map says, in words. */
#ifndef REGROW_CROSSOVER_TEXT_H
#define REGROW_CROSSOVER_TEXT_H

#include <stddef.h>

#include "driver/crossover.h"

#define CROSSOVER_TEXT_MAX 512

/* "64 KiB", "3.36 MiB": a size as it was measured. */
void crossover_text_size(double bytes, char *text);

/*
 * What is said of a curve without a crossing: "moving is cheaper at all sizes
 * tried, 16 KiB to 64 MiB", or how far that is told.
 */
void crossover_text_none(const struct crossover_curve *curve,
			 enum crossover_cost cost, char *text);

/* Why points are not told: "the planted +10 % was not found"; see the enum. */
const char *crossover_text_doubt(enum crossover_doubt doubt);

#endif
