/*
 * timings - the times of a run's rounds so far, and how narrow the intervals of
 * its ratios have become: what decides when a run may stop.
 *
 * A run stops when its intervals are narrow enough, never because a difference
 * has become significant. It looks only at a few numbers of rounds, each half
 * as much again as the last, and asks the spread of the ratios as well as the
 * interval, since one who looks often enough finds an interval that is narrow
 * by luck: looking each round at the interval alone would miss the true ratio
 * in up to 8 % of runs instead of 5, and looking after each quarter more in up
 * to 6 % (make selftest-stats).
 */
#ifndef REGROW_TIMINGS_H
#define REGROW_TIMINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/plan.h"

/* Zeroed: no times yet. */
struct timings {
	size_t rounds_room; /* rounds that each cell has room for */
	size_t rounds; /* the highest round noted, and one */
	double *ns[PLAN_CELLS_MAX]; /* by round; NaN: none */
};

/* A good timing sample's time by its group's clock. 0 or -ENOMEM. */
int timings_note(struct timings *timings, unsigned int cell, unsigned int round,
		 uint64_t ns);
void timings_free(struct timings *timings);

/*
 * Half the width of the widest interval of a row's ratio to its reference, all
 * rows at the level at which verdicts hold together; where there is no row, of
 * the twin's. As a fraction, 0.01 for 1 %; INFINITY where an interval cannot be
 * told. 0 where nothing is compared, -ENOMEM as NaN.
 */
double timings_width(const struct timings *timings, const struct plan *plan);

/*
 * Half the width, of log ratios sorted upward: the exact interval's, or what
 * their spread makes likely for it, whichever is more.
 */
double timings_half_width(const double *sorted, size_t count, double level);

/* Whether the width is to be looked at after so many rounds. */
bool timings_is_look(unsigned int rounds);

/*
 * Whether a run ends there: this is a look, and its width is no more than the
 * precision, which is 0 where none was asked for.
 */
bool timings_is_precise(double width, unsigned int rounds, double precision);

/*
 * Rounds at which a width shrinks to precision, if it goes with their root: the
 * first look from there on. 0: cannot be told.
 */
unsigned int timings_rounds_needed(double width, unsigned int rounds,
				   double precision);

#endif
