/*
 * stats_rank - whether two independent samples lie apart: Mann-Whitney, which
 * is Wilcoxon's rank sum. Pure.
 */
#ifndef REGROW_STATS_RANK_H
#define REGROW_STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>

/* Without ties, p is exact where both sides have fewer values than this. */
#define STATS_RANK_EXACT_BELOW 50

struct rank_test {
	/* The pairs in which a's value is the greater; an equal pair is half. */
	double w;
	double p; /* two-sided; 1 where all values are equal */
	bool exact; /* else by the normal distribution */
};

/*
 * As R's wilcox.test(a, b): exact for few values without ties, otherwise normal
 * with corrections for ties and continuity. The values need no order. 0,
 * -ENOMEM, or -EINVAL where a side is empty or a value is not a number.
 */
int stats_rank_test(const double *a, size_t a_count, const double *b,
		    size_t b_count, struct rank_test *test);

#endif
