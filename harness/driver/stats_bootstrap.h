/*
 * stats_bootstrap - an interval of the ratio of the medians of two independent
 * samples. Pure.
 */
#ifndef REGROW_STATS_BOOTSTRAP_H
#define REGROW_STATS_BOOTSTRAP_H

#include <stddef.h>

#include "driver/stats.h"

/*
 * The percentile interval of the bootstrap (Efron 1979) of median(a) /
 * median(b), each side resampled by itself. Nothing is drawn: the distribution
 * of a resample's median is known, so the interval is the limit of infinitely
 * many resamples and the same in every run. low is the smallest ratio that has
 * (1 - level) / 2 of the distribution at or below it, high the greatest that
 * has as much at or above it, so that swapping the sides turns both over.
 *
 * Few values cannot tell how far others may lie. Of normal and of skewed
 * samples without a difference, 8,000 simulated each, the interval at 0.95 held
 * the ratio 1 in 67 % with 2 values a side, 90 % with 3, 93 % with 4, and in 96
 * to 97 % with 5 to 40.
 *
 * Values are sorted upward, finite and above 0. interval->level is level as it
 * was asked for. With fewer than 2 values on a side it is 0, and low and high
 * are the least and the greatest ratio of two values, or NaN where a side is
 * empty. 0, -ENOMEM, or -EINVAL for values out of order or range, or a level
 * that is not inside 0 to 1.
 */
int stats_bootstrap_ratio(const double *a_sorted, size_t a_count,
			  const double *b_sorted, size_t b_count, double level,
			  struct interval *interval);

#endif
