/* stats_slope - the median of the slopes of all pairs of points. */
#include "driver/stats_slope.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Into slopes, upward; how many; 0 where a number is not finite. */
static size_t slopes_fill(const double *x, const double *y, size_t count,
			  double *slopes)
{
	size_t pairs = 0;

	for (size_t i = 0; i < count; i++) {
		if (!isfinite(x[i]) || !isfinite(y[i]))
			return 0;
		for (size_t j = 0; j < i; j++)
			if (x[i] != x[j])
				slopes[pairs++] = (y[i] - y[j]) / (x[i] - x[j]);
	}
	stats_sort(slopes, pairs);
	return pairs;
}

/*
 * S, the pairs that ascend less those that descend, has under no slope the
 * variance n(n-1)(2n+5)/18: as many pairs may lie on the wrong side of the slope
 * that is the truth.
 */
static struct interval slopes_interval(const double *slopes, size_t pairs,
				       size_t count, double level)
{
	double n = (double)count;
	double deviation = sqrt(n * (n - 1) * (2 * n + 5) / 18);
	double beyond = ((double)pairs -
			 stats_normal_quantile((1 + level) / 2) * deviation) /
			2;
	size_t cut = beyond >= 1 ? (size_t)beyond : 0;

	if (cut == 0)
		return (struct interval){slopes[0], slopes[pairs - 1], 0};
	return (struct interval){slopes[cut - 1], slopes[pairs - cut], level};
}

int stats_slope(const double *x, const double *y, size_t count, double level,
		double *slope, struct interval *interval)
{
	double *slopes = malloc((count * count / 2 + 1) * sizeof(*slopes));
	size_t pairs;

	if (!slopes)
		return -ENOMEM;
	pairs = slopes_fill(x, y, count, slopes);
	if (pairs > 0) {
		*slope = stats_median(slopes, pairs);
		*interval = slopes_interval(slopes, pairs, count, level);
	}
	free(slopes);
	return pairs > 0 ? 0 : -EINVAL;
}
