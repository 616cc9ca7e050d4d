/*
 * stats - medians and intervals that need no assumption about the
 * distribution. Pure.
 */
#ifndef REGROW_STATS_H
#define REGROW_STATS_H

#include <stddef.h>

struct interval {
	double low;
	double high;
	/* The coverage reached, at least what was asked; 0: too few values, and
	 * low and high are their minimum and maximum. */
	double level;
};

/* Sorts values upward, in place. */
void stats_sort(double *values, size_t count);

/*
 * Of sorted values; type 7 of Hyndman and Fan (R's default). NaN where count is
 * 0.
 */
double stats_quantile(const double *sorted, size_t count, double quantile);
double stats_median(const double *sorted, size_t count);

/*
 * The exact interval of the median from order statistics (the sign test
 * inverted): the narrowest symmetric pair x(k), x(n+1-k) whose coverage by the
 * binomial is at least level.
 */
struct interval stats_median_interval(const double *sorted, size_t count,
				      double level);

/*
 * Paired: the median over pairs of log(a/b), as a ratio, and its interval by
 * the sign test at level. Pairs with a value that is not above 0 are left out;
 * pairs_used says how many were used. scratch holds count values.
 */
double stats_paired_ratio(const double *a, const double *b, size_t count,
			  double level, double *scratch,
			  struct interval *interval, size_t *pairs_used);

/*
 * The two-sided p of the exact sign test: that as many values lie on one side
 * of centre. Values equal to centre, or not a number, are left out; 1 where
 * none remain.
 */
double stats_sign_p(const double *values, size_t count, double centre);

/*
 * Holm's step-down adjustment (Scandinavian Journal of Statistics 6, 1979) of
 * count p: adjusted[i] <= alpha rejects at familywise alpha. NaN stays NaN and
 * is not one of the family. adjusted is another array than p. Takes time as
 * count squared: p is a table's rows.
 */
void stats_holm(const double *p, size_t count, double *adjusted);

/* P(X = k) and P(X <= k) for X ~ Binomial(n, 1/2), exact to rounding. */
double stats_binomial_half(size_t n, size_t k);
double stats_binomial_half_cdf(size_t n, size_t k);

/* x with P(X <= x) = probability, of a standard normal X; from 1/2 on. */
double stats_normal_quantile(double probability);

#endif
