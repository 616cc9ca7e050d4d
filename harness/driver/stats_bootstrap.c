/*
 * stats_bootstrap - the distribution of a resample's median, and the interval
 * that two of them give their ratio.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "driver/stats_bootstrap.h"

/* What is rarer is left out: of 100,000 values together less than 1e-13. */
#define ATOM_P_MIN 1e-18
/* A sum of p that is short of its bound by this share has reached it. */
#define P_SLACK 1e-12

/* The log of a value that the median of a resample takes, and how often. */
struct atom {
	double value;
	double p;
};

/* The medians of the resamples of n values, which are counted from 1. */
struct medians {
	const double *sorted;
	size_t n;
	size_t m; /* n / 2: what lies on either side of the middle */
	double centre; /* C(n, m) / 2^n */
	size_t count;
	size_t room;
	struct atom *atoms; /* at last by value, upward */
};

static int atom_order(const void *left, const void *right)
{
	double a = ((const struct atom *)left)->value;
	double b = ((const struct atom *)right)->value;

	return (a > b) - (a < b);
}

/* The mean of the values i and j is the median of that share of resamples. */
static int medians_add(struct medians *medians, size_t i, size_t j, double p)
{
	double low = medians->sorted[i - 1], high = medians->sorted[j - 1];
	size_t room = medians->room ? 2 * medians->room : 64;
	struct atom *atoms;

	if (medians->count == medians->room) {
		atoms = reallocarray(medians->atoms, room, sizeof(*atoms));
		if (!atoms)
			return -ENOMEM;
		medians->atoms = atoms;
		medians->room = room;
	}
	medians->atoms[medians->count++] =
		(struct atom){log(low + (high - low) / 2), p};
	return 0;
}

/* 2 i / n - 1, in one rounding. */
static double medians_off(const struct medians *medians, size_t i)
{
	return ((double)i - (double)(medians->n - i)) / (double)medians->n;
}

/*
 * P(X = n - m), X ~ Binomial(n, i / n). Beside the centre and its logs, which
 * are small where p is not, nothing is as large as n.
 */
static double medians_middle(const struct medians *medians, size_t i)
{
	double off = medians_off(medians, i);
	double odd = medians->n % 2 ? log1p(off) : 0;

	return medians->centre *
	       exp((double)medians->m * log1p(-off * off) + odd);
}

/*
 * P(X >= n - m), X ~ Binomial(n, i / n), i <= m: so many of a resample are
 * among the i least that its (lower) median is. From the middle on the terms
 * fall.
 */
static double medians_below(const struct medians *medians, size_t i)
{
	size_t n = medians->n, k = n - medians->m;
	double odds = (double)i / (double)(n - i), term = 1, sum = 1;

	if (i == 0)
		return 0;
	for (; k < n && term > sum * 1e-17; k++) {
		term *= (double)(n - k) / (double)(k + 1) * odds;
		sum += term;
	}
	return medians_middle(medians, i) * sum;
}

/* (x^m - (x - 1)^m) / x^m: of m values among the x least, one is the xth. */
static double medians_touch(const struct medians *medians, size_t x)
{
	return -expm1((double)medians->m * log1p(-1 / (double)x));
}

/*
 * n is even: the two in the middle of a resample are the values i and j, i < j.
 * C(n,m) [(i/n)^m - ((i-1)/n)^m] [((n-j+1)/n)^m - ((n-j)/n)^m], factored so
 * that no power overflows.
 */
static double medians_pair(const struct medians *medians, size_t i, size_t j)
{
	double low = medians_off(medians, i);
	double high = medians_off(medians, j - 1);

	return medians->centre *
	       exp((double)medians->m * log1p(low - high - low * high)) *
	       medians_touch(medians, i) *
	       medians_touch(medians, medians->n + 1 - j);
}

/*
 * The median is the value i itself, i in the lower half; where n is even, both
 * in the middle are: what remains when the upper one is any greater value.
 */
static double medians_single(const struct medians *medians, size_t i)
{
	double p = medians_below(medians, i) - medians_below(medians, i - 1);

	if (medians->n % 2)
		return p;
	return p - medians_middle(medians, i) * medians_touch(medians, i);
}

static int medians_singles(struct medians *medians)
{
	size_t n = medians->n, m = medians->m, i;
	int error = 0;
	double p;

	if (n % 2)
		error = medians_add(medians, m + 1, m + 1,
				    1 - 2 * medians_below(medians, m));
	for (i = m; i > 0 && !error; i--) {
		p = medians_single(medians, i);
		if (p < ATOM_P_MIN)
			break;
		error = medians_add(medians, i, i, p);
		if (!error) /* the upper half is its mirror image */
			error = medians_add(medians, n + 1 - i, n + 1 - i, p);
	}
	return error;
}

/* Pairs with i below, from the likeliest on; any says whether there are any. */
static int medians_pairs_of(struct medians *medians, size_t i, bool *any)
{
	size_t j;
	double p;
	int error = 0;

	*any = false;
	for (j = i + 1; j <= medians->n && !error; j++) {
		p = medians_pair(medians, i, j);
		if (p < ATOM_P_MIN)
			break;
		*any = true;
		error = medians_add(medians, i, j, p);
	}
	return error;
}

static int medians_pairs(struct medians *medians)
{
	size_t m = medians->m, i;
	bool any = true;
	int error = 0;

	for (i = m; i > 0 && any && !error; i--)
		error = medians_pairs_of(medians, i, &any);
	any = true;
	for (i = m + 1; i < medians->n && any && !error; i++)
		error = medians_pairs_of(medians, i, &any);
	return error;
}

static int medians_open(struct medians *medians, const double *sorted, size_t n)
{
	int error;

	*medians = (struct medians){
		.sorted = sorted,
		.n = n,
		.m = n / 2,
		.centre = stats_binomial_half(n, n / 2),
	};
	error = medians_singles(medians);
	if (!error && n % 2 == 0)
		error = medians_pairs(medians);
	if (!error)
		qsort(medians->atoms, medians->count, sizeof(*medians->atoms),
		      atom_order);
	return error;
}

static void medians_close(struct medians *medians)
{
	free(medians->atoms);
}

/* A cut through the differences of two medians. */
struct cut {
	double p; /* of the differences at or below it */
	double below; /* the greatest of them */
	double above; /* the least of the others */
};

static struct cut bootstrap_cut(const struct medians *a,
				const struct medians *b, double at)
{
	struct cut cut = {0, -INFINITY, INFINITY};
	size_t i, j = b->count;
	double p =
		0; /* of b's atoms from j on, which are at or below the cut */

	for (i = a->count; i-- > 0;) {
		const struct atom *atom = &a->atoms[i];

		while (j > 0 && atom->value - b->atoms[j - 1].value <= at)
			p += b->atoms[--j].p;
		cut.p += atom->p * p;
		if (j < b->count)
			cut.below = fmax(cut.below,
					 atom->value - b->atoms[j].value);
		if (j > 0)
			cut.above = fmin(cut.above,
					 atom->value - b->atoms[j - 1].value);
	}
	return cut;
}

/* The least difference a - b that has p at or below it. */
static double bootstrap_quantile(const struct medians *a,
				 const struct medians *b, double p)
{
	double low = a->atoms[0].value - b->atoms[b->count - 1].value;
	double high = a->atoms[a->count - 1].value - b->atoms[0].value;
	struct cut cut;
	double at;

	while (low < high) { /* both are differences; the answer is between */
		at = low + (high - low) / 2;
		if (at == high) /* rounded up: there is nothing between */
			at = low;
		cut = bootstrap_cut(a, b, at);
		if (cut.p >= p * (1 - P_SLACK))
			high = cut.below;
		else
			low = cut.above;
	}
	return high;
}

static bool bootstrap_usable(const double *sorted, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!isfinite(sorted[i]) || sorted[i] <= 0 ||
		    (i > 0 && sorted[i] < sorted[i - 1]))
			return false;
	return true;
}

/* Too few values: what the ratio of two of them lies between. */
static struct interval bootstrap_range(const double *a, size_t a_count,
				       const double *b, size_t b_count)
{
	struct interval interval = {NAN, NAN, 0};

	if (a_count == 0 || b_count == 0)
		return interval;
	interval.low = exp(log(a[0]) - log(b[b_count - 1]));
	interval.high = exp(log(a[a_count - 1]) - log(b[0]));
	return interval;
}

int stats_bootstrap_ratio(const double *a_sorted, size_t a_count,
			  const double *b_sorted, size_t b_count, double level,
			  struct interval *interval)
{
	struct medians a, b = {.atoms = NULL};
	double p = (1 - level) / 2;
	int error;

	if (!(level > 0 && level < 1) || !bootstrap_usable(a_sorted, a_count) ||
	    !bootstrap_usable(b_sorted, b_count))
		return -EINVAL;
	*interval = bootstrap_range(a_sorted, a_count, b_sorted, b_count);
	if (a_count < 2 || b_count < 2)
		return 0;
	error = medians_open(&a, a_sorted, a_count);
	if (!error)
		error = medians_open(&b, b_sorted, b_count);
	if (!error)
		*interval = (struct interval){
			exp(bootstrap_quantile(&a, &b, p)),
			exp(-bootstrap_quantile(&b, &a, p)), level};
	medians_close(&a);
	medians_close(&b);
	return error;
}
