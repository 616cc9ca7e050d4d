/* stats - medians and their intervals by order statistics. */
#include <math.h>
#include <stdlib.h>

#include "driver/stats.h"

static int stats_order(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

void stats_sort(double *values, size_t count)
{
	if (count > 1)
		qsort(values, count, sizeof(*values), stats_order);
}

double stats_quantile(const double *sorted, size_t count, double quantile)
{
	double place, part;
	size_t below;

	if (count == 0)
		return NAN;
	place = (double)(count - 1) * fmin(fmax(quantile, 0), 1);
	below = (size_t)place;
	part = place - (double)below;
	if (part == 0)
		return sorted[below];
	return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

double stats_median(const double *sorted, size_t count)
{
	return stats_quantile(sorted, count, 0.5);
}

/*
 * C(n, k) / 2^n. The halvings are mixed in as the product grows, so that
 * neither the coefficient overflows nor 2^-n underflows before its time.
 */
double stats_binomial_half(size_t n, size_t k)
{
	size_t halvings = n, i;
	double product = 1;

	for (i = 1; i <= k; i++) {
		product *= (double)(n - k + i) / (double)i;
		while (product > 1 && halvings > 0) {
			product /= 2;
			halvings--;
		}
	}
	return ldexp(product, -(int)halvings);
}

double stats_binomial_half_cdf(size_t n, size_t k)
{
	double term = 1, sum = 1;
	size_t i;

	if (k >= n)
		return 1;
	if (k >= n - k) /* the shorter tail, which is below 1/2 */
		return 1 - stats_binomial_half_cdf(n, n - k - 1);
	/* Downward from C(n, k): the terms shrink, and soon no longer count. */
	for (i = k; i > 0 && term > sum * 1e-17; i--) {
		term *= (double)i / (double)(n - i + 1);
		sum += term;
	}
	return stats_binomial_half(n, k) * sum;
}

/* Coverage of x(k) to x(n + 1 - k), k from 1. */
static double stats_coverage(size_t n, size_t k)
{
	return 1 - 2 * stats_binomial_half_cdf(n, k - 1);
}

struct interval stats_median_interval(const double *sorted, size_t count,
				      double level)
{
	struct interval interval = {NAN, NAN, 0};
	size_t wide = 1, narrow = count / 2 + 1, middle;

	if (count == 0)
		return interval;
	interval.low = sorted[0];
	interval.high = sorted[count - 1];
	if (stats_coverage(count, wide) < level)
		return interval;
	while (narrow - wide > 1) { /* wide is enough, narrow is not */
		middle = wide + (narrow - wide) / 2;
		if (stats_coverage(count, middle) >= level)
			wide = middle;
		else
			narrow = middle;
	}
	interval.low = sorted[wide - 1];
	interval.high = sorted[count - wide];
	interval.level = stats_coverage(count, wide);
	return interval;
}

double stats_sign_p(const double *values, size_t count, double centre)
{
	size_t below = 0, above = 0, i;

	for (i = 0; i < count; i++) {
		below += values[i] < centre;
		above += values[i] > centre;
	}
	return fmin(1,
		    2 * stats_binomial_half_cdf(below + above,
						below < above ? below : above));
}

/* The smallest of p above that one; NaN where there is none. */
static double stats_next(const double *p, size_t count, double above)
{
	double next = NAN;
	size_t i;

	for (i = 0; i < count; i++)
		if (p[i] > above && !(p[i] >= next))
			next = p[i];
	return next;
}

void stats_holm(const double *p, size_t count, double *adjusted)
{
	double step, reached = 0;
	size_t left = 0, ties, i;

	for (i = 0; i < count; i++) {
		adjusted[i] = NAN;
		left += !isnan(p[i]);
	}
	step = stats_next(p, count, -INFINITY);
	while (left > 0) {
		reached = fmax(reached, fmin(1, (double)left * step));
		for (i = 0, ties = 0; i < count; i++) {
			if (p[i] == step) {
				adjusted[i] = reached;
				ties++;
			}
		}
		left -= ties;
		step = stats_next(p, count, step);
	}
}

static int stats_usable(double value)
{
	return isfinite(value) && value > 0;
}

double stats_paired_ratio(const double *a, const double *b, size_t count,
			  double level, double *scratch,
			  struct interval *interval, size_t *pairs_used)
{
	size_t used = 0, i;

	for (i = 0; i < count; i++)
		if (stats_usable(a[i]) && stats_usable(b[i]))
			scratch[used++] = log(a[i]) - log(b[i]);
	stats_sort(scratch, used);
	*interval = stats_median_interval(scratch, used, level);
	interval->low = exp(interval->low);
	interval->high = exp(interval->high);
	*pairs_used = used;
	return exp(stats_median(scratch, used));
}

double stats_normal_quantile(double probability)
{
	double low = 0, high = 40;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (erfc(middle / M_SQRT2) / 2 > 1 - probability)
			low = middle;
		else
			high = middle;
	}
	return low;
}
