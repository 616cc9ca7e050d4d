/* selftest_share - how often something happened, with its exact interval. */
#include <math.h>
#include <stdio.h>

#include "tests/selftest.h"

#define LEVEL 0.95

/* P(X >= hits) of a binomial X, for a probability below hits / of. */
static double tail_above(unsigned int hits, unsigned int of, double probability)
{
	double term = exp(lgamma(of + 1.0) - lgamma(hits + 1.0) -
			  lgamma(of - hits + 1.0) + hits * log(probability) +
			  (of - hits) * log1p(-probability));
	double sum = 0;

	for (unsigned int i = hits; i <= of && term > sum * 1e-17; i++) {
		sum += term;
		term *= (of - i) / (i + 1.0) * probability / (1 - probability);
	}
	return sum;
}

/* Below it, so many hits or more are too seldom to be believed. */
static double bound_below(unsigned int hits, unsigned int of)
{
	double low = 0, high = (double)hits / of;

	for (int i = 0; hits > 0 && i < 60; i++) {
		double middle = (low + high) / 2;

		if (tail_above(hits, of, middle) < (1 - LEVEL) / 2)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct interval share_interval(unsigned int hits, unsigned int of)
{
	if (of == 0)
		return (struct interval){0, 1, LEVEL};
	return (struct interval){bound_below(hits, of),
				 1 - bound_below(of - hits, of), LEVEL};
}

bool share_at_most(unsigned int hits, unsigned int of, double limit)
{
	return share_interval(hits, of).low <= limit;
}

bool share_at_least(unsigned int hits, unsigned int of, double limit)
{
	return share_interval(hits, of).high >= limit;
}

char *share_text(unsigned int hits, unsigned int of, char *text)
{
	struct interval interval = share_interval(hits, of);

	snprintf(text, SHARE_TEXT_SIZE, "%.1f (%.1f-%.1f)",
		 of > 0 ? 100.0 * hits / of : NAN, 100 * interval.low,
		 100 * interval.high);
	return text;
}
