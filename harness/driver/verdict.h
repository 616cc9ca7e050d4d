/*
 * verdict - what paired measurements allow to say of an allocator against the
 * reference. Pure; every number that it needs is handed in.
 *
 * A verdict is read from an interval of the ratio of times alone, so that it
 * says neither more nor less than the interval that stands beside it. The
 * intervals of a table hold together: each is of level 1 - VERDICT_ALPHA / m
 * for m rows (Bonferroni), so that with probability 1 - VERDICT_ALPHA all
 * verdicts FASTER, SLOWER and SAME of a table are right.
 */
#ifndef REGROW_VERDICT_H
#define REGROW_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/stats.h"

#define VERDICT_ALPHA 0.05 /* of all rows of a table together */
#define VERDICT_PAIRS_MIN 12 /* below it there is no verdict */

enum verdict {
	VERDICT_INCONCLUSIVE, /* none of those below can be said */
	VERDICT_FASTER, /* the whole interval lies below 1 */
	VERDICT_SLOWER, /* above 1 */
	VERDICT_SAME, /* within the margin about 1 */
	VERDICT_COUNT,
};
/* "INCONCLUSIVE", "FASTER", "SLOWER", "SAME". */
extern const char *const verdict_names[VERDICT_COUNT];

/* The level of each of m simultaneous intervals; of one where m is 0. */
double verdict_level(unsigned int rows);

/*
 * The margin where none was asked for, from the reference against its twin, of
 * level 1 - VERDICT_ALPHA: 0.02 where that interval lies within 1 %, else 0.05;
 * also where there is none. A margin of 0.02 means ratios from 1/1.02 to 1.02.
 */
double verdict_margin(const struct interval *twin);

/*
 * From an interval of a ratio. An interval inside the margin is SAME also where
 * it leaves 1 out: a difference of less than the margin, however certain, is
 * what a margin calls none. A level of 0 or fewer pairs than VERDICT_PAIRS_MIN:
 * INCONCLUSIVE.
 */
enum verdict verdict_of(const struct interval *ratio, size_t pairs,
			double margin);

/* Whether an effect that was planted, which makes it slower, was found. */
bool verdict_finds(const struct interval *planted, size_t pairs);

/*
 * About how many further rounds lead to a verdict, if the median stays and the
 * interval narrows with the root of the pairs; 1 at least, VERDICT_MORE_MAX
 * where it is that or more, or cannot be told.
 */
#define VERDICT_MORE_MAX 1000000u
unsigned int verdict_rounds_more(double median, const struct interval *ratio,
				 size_t pairs, double level, double margin);

/* Pairs at which an exact interval of that level exists at all. */
size_t verdict_pairs_needed(double level);

#endif
