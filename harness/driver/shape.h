/*
 * shape - how a cost grows along an axis: with the number of mappings, of holes,
 * of threads. Pure.
 *
 * A cost c(N) is measured in each round at N = 0 and at some numbers above it,
 * the planted ones. Two things are looked at apart:
 *
 * - the step from N = 0 to the smallest planted number. That something is there
 *   at all may cost once (a mapping more at the edge, a colder cache) and says
 *   nothing about growth;
 * - the growth from there to the largest number, N_max, and its exponent p: of
 *   the family a + b * ((1 + N)^p - 1) / p, which is a + b * log(1 + N) at p = 0
 *   and a + b * N at p = 1, the member that is nearest to the round's costs at
 *   the planted numbers, in relative terms (noise is in proportion to a cost),
 *   with a and b not below 0.
 *
 * The planted numbers should go far: from 64 to 60,000 a logarithm is told from
 * a root, from 1,000 on it takes twice the rounds.
 *
 * Each is computed in each round by itself; medians over rounds and their exact
 * intervals (the sign test inverted, see stats.h) follow. So what is asked of
 * the noise is only that rounds are alike, and one bad round in many is borne.
 *
 * What a shape promises, at the level that was asked for:
 *
 * - constant: from the smallest planted number to N_max the cost changes by less
 *   than a factor SHAPE_MARGIN: the whole interval of the growth lies within
 *   1/SHAPE_MARGIN to SHAPE_MARGIN. It is not "no growth was found".
 * - logarithmic: it grows by more than a few percent (the whole interval lies
 *   above SHAPE_GROWS), and the exponent's whole interval lies below
 *   SHAPE_LOGARITHMIC_MAX: more like log N than like the root of N.
 * - linear: it grows by more than SHAPE_MARGIN, the whole interval, and the
 *   exponent's lies within SHAPE_LINEAR_MIN to SHAPE_LINEAR_MAX. What walks N
 *   things one by one is here; the upper bound is that high since things that
 *   fit no cache any longer cost more each.
 * - cannot tell: none of these, and doubt says why.
 */
#ifndef REGROW_SHAPE_H
#define REGROW_SHAPE_H

#include <stddef.h>

#include "driver/stats.h"

#define SHAPE_MARGIN 1.25
#define SHAPE_GROWS 1.05
#define SHAPE_LOGARITHMIC_MAX 0.4
#define SHAPE_LINEAR_MIN 0.6
#define SHAPE_LINEAR_MAX 1.6
#define SHAPE_ROUNDS_MIN 6 /* below it there is no shape */
#define SHAPE_PLANTED_MIN 4 /* numbers above 0; below it no exponent */
#define SHAPE_POINTS_MAX 32

enum shape {
	SHAPE_UNTOLD,
	SHAPE_CONSTANT,
	SHAPE_LOGARITHMIC,
	SHAPE_LINEAR,
	SHAPE_COUNT,
};
/* "cannot tell", "constant", "logarithmic", "linear". */
extern const char *const shape_names[SHAPE_COUNT];

enum shape_doubt {
	SHAPE_SURE, /* a shape was told */
	SHAPE_FEW_ROUNDS, /* for an interval of that level */
	SHAPE_FEW_POINTS, /* planted numbers */
	SHAPE_FALLS, /* it falls by more than the margin */
	SHAPE_NOISY, /* the growth's interval is too wide */
	SHAPE_BETWEEN, /* the exponent's is too wide, or is neither's */
	SHAPE_DOUBTS,
};
/* Each a reason in words; "" for SHAPE_SURE. */
extern const char *const shape_doubt_texts[SHAPE_DOUBTS];

struct shape_axis {
	size_t points; /* at most SHAPE_POINTS_MAX */
	const double *n; /* ascending from 0 */
	size_t rounds;
	/* rounds times points; not above 0, or NaN: not measured. */
	const double *costs;
};

struct shape_estimate {
	double median; /* NaN: of no round */
	struct interval interval; /* level 0: too few rounds */
	size_t rounds; /* that it is of */
};

struct shape_fit {
	enum shape shape;
	enum shape_doubt doubt;
	double medians[SHAPE_POINTS_MAX]; /* of the costs; NaN: none */
	struct shape_estimate ratio; /* c(N_max) to c(0) */
	struct shape_estimate step; /* c of the smallest planted to c(0) */
	struct shape_estimate growth; /* c(N_max) to c of the smallest */
	struct shape_estimate exponent;
	/* b of a + b * N, in units of the cost for each 1,000 of N. */
	struct shape_estimate slope;
};

/* level: of each interval, 0.95 say. scratch holds rounds values. */
void shape_fit(const struct shape_axis *axis, double level, double *scratch,
	       struct shape_fit *fit);

/*
 * c(N_max) to the cost at the least number there is: 0, or where that was not
 * measured the smallest planted.
 */
static inline const struct shape_estimate *
shape_whole(const struct shape_fit *fit)
{
	return fit->ratio.interval.level > 0 ? &fit->ratio : &fit->growth;
}

#endif
