/* stats_rank - Mann-Whitney's test, exact for few values, else normal. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/stats_rank.h"

struct ranked {
	double value;
	bool from_a;
};

/* What the ranks of both samples, laid together, say. */
struct rank_sum {
	double w;
	double ties; /* the sum of t^3 - t over runs of t equal values */
};

static int rank_order(const void *left, const void *right)
{
	double a = ((const struct ranked *)left)->value;
	double b = ((const struct ranked *)right)->value;

	return (a > b) - (a < b);
}

static int rank_append(struct ranked *to, const double *values, size_t count,
		       bool from_a)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (isnan(values[i]))
			return -EINVAL;
		to[i] = (struct ranked){values[i], from_a};
	}
	return 0;
}

/* Of all values in order, which are a_count of a and others. */
static struct rank_sum rank_sum(const struct ranked *all, size_t count,
				size_t a_count)
{
	struct rank_sum sum = {0, 0};
	size_t first, end, from_a;
	double run;

	for (first = 0; first < count; first = end) {
		from_a = 0;
		for (end = first;
		     end < count && all[end].value == all[first].value; end++)
			from_a += all[end].from_a;
		run = (double)(end - first);
		/* Ranks first + 1 to end, each as their mean. */
		sum.w += (double)from_a * ((double)first + (run + 1) / 2);
		sum.ties += run * run * run - run;
	}
	sum.w -= (double)a_count * ((double)a_count + 1) / 2;
	return sum;
}

/*
 * P(W <= u) without ties. ways[i][w] counts the orders of i values of a and j
 * of b with statistic w: the last of the order is of b, or it is of a and above
 * all j. Counts stay below C(98, 49), which a double holds to its precision as
 * nothing is subtracted.
 */
static int rank_tail(size_t a_count, size_t b_count, size_t u, double *tail)
{
	size_t width = u + 1, i, j, w;
	double *ways, below = 0, orders = 1;

	ways = calloc((a_count + 1) * width, sizeof(*ways));
	if (!ways)
		return -ENOMEM;
	for (i = 0; i <= a_count; i++)
		ways[i * width] = 1;
	for (j = 1; j <= b_count; j++)
		for (i = 1; i <= a_count; i++)
			for (w = j; w < width; w++)
				ways[i * width + w] +=
					ways[(i - 1) * width + w - j];
	for (w = 0; w < width; w++)
		below += ways[a_count * width + w];
	for (i = 1; i <= a_count; i++)
		orders *= (double)(b_count + i) / (double)i;
	*tail = below / orders;
	free(ways);
	return 0;
}

static int rank_exact(size_t a_count, size_t b_count, struct rank_test *test)
{
	double other = (double)a_count * (double)b_count - test->w, tail;
	int error = rank_tail(a_count, b_count, (size_t)fmin(test->w, other),
			      &tail);

	if (!error)
		test->p = fmin(1, 2 * tail);
	return error;
}

static double rank_normal(double a_count, double b_count, struct rank_sum sum)
{
	double count = a_count + b_count, distance, variance;

	/* Corrected for continuity; not where it would pass the middle. */
	distance = fabs(sum.w - a_count * b_count / 2);
	distance = fmax(distance - 0.5, 0);
	variance = a_count * b_count / 12 *
		   (count + 1 - sum.ties / (count * (count - 1)));
	if (distance == 0)
		return 1;
	return erfc(distance / sqrt(2 * variance));
}

int stats_rank_test(const double *a, size_t a_count, const double *b,
		    size_t b_count, struct rank_test *test)
{
	struct rank_sum sum;
	struct ranked *all;
	int error;

	if (a_count == 0 || b_count == 0)
		return -EINVAL;
	all = calloc(a_count + b_count, sizeof(*all));
	if (!all)
		return -ENOMEM;
	error = rank_append(all, a, a_count, true);
	if (!error)
		error = rank_append(all + a_count, b, b_count, false);
	if (!error) {
		qsort(all, a_count + b_count, sizeof(*all), rank_order);
		sum = rank_sum(all, a_count + b_count, a_count);
	}
	free(all);
	if (error)
		return error;
	test->w = sum.w;
	test->exact = a_count < STATS_RANK_EXACT_BELOW &&
		      b_count < STATS_RANK_EXACT_BELOW && sum.ties == 0;
	if (test->exact)
		return rank_exact(a_count, b_count, test);
	test->p = rank_normal((double)a_count, (double)b_count, sum);
	return 0;
}
