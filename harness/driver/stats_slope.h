/*
 * stats_slope - how much y grows with x, whatever single points do: the median
 * of the slopes of all pairs of points (Theil 1950, Sen 1968). Pure.
 */
#ifndef REGROW_STATS_SLOPE_H
#define REGROW_STATS_SLOPE_H

#include <stddef.h>

#include "driver/stats.h"

/*
 * The slope and its interval at level, by the normal approximation of Kendall's
 * S (Sen, JASA 63), good from some eight points on; level 0, and the steepest
 * slopes either way, where they are too few for it. Points are taken to scatter
 * independently. 0, -ENOMEM, or -EINVAL where no two points differ in x or a
 * number is not finite.
 */
int stats_slope(const double *x, const double *y, size_t count, double level,
		double *slope, struct interval *interval);

#endif
