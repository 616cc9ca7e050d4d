/*
 * stats_change - where a series of times changes its level, and what that makes
 * of it: flat, warming, slowing or unsteady. Pure.
 */
#ifndef REGROW_STATS_CHANGE_H
#define REGROW_STATS_CHANGE_H

#include <stddef.h>

/* A level is held for at least as many values. */
#define STATS_CHANGE_SEGMENT_MIN 5
/* Fewer values than this are never judged. */
#define STATS_CHANGE_COUNT_MIN 10

#define STATS_CHANGE_ALPHA 0.05
#define STATS_CHANGE_RATIO_MIN 0.02

struct pettitt {
	double k; /* the greatest |U(t)| */
	double p; /* approximate, 2 exp(-6 k^2 / (n^3 + n^2)), at most 1 */
	size_t at; /* the values before the change */
};

/*
 * Pettitt's test for one change of level (Applied Statistics 28, 1979), among
 * those that leave at least margin values on both sides; 1 is the test as
 * published, more makes it conservative. 0, -ENOMEM, or -EINVAL where no change
 * is possible or a value is not a number.
 */
int stats_change_pettitt(const double *values, size_t count, size_t margin,
			 struct pettitt *pettitt);

/* After Barrett et al., Virtual Machine Warmup Blows Hot and Cold (2017). */
enum trend {
	TREND_FLAT, /* no change */
	TREND_WARMING, /* each level is faster than the one before */
	TREND_SLOWING, /* it gets slower, perhaps after having got faster */
	/* Faster again after it got slower; or the last level is held for less
	 * than a quarter of the series, so that nobody knows whether it stays. */
	TREND_UNSTEADY,
	/* So few values that alpha is out of Pettitt's reach even for the
	 * clearest change (at 0.05: fewer than 12), or fewer than
	 * STATS_CHANGE_COUNT_MIN. */
	TREND_UNKNOWN,
	TREND_COUNT
};

/* "flat", "warming", ... */
extern const char *const trend_names[TREND_COUNT];

struct change_rule {
	double alpha; /* how often a series without a change may be given one */
	/* Neighbours whose medians are at most this far apart (0.02: the
	 * greater is 2 % above the smaller) are one level. */
	double ratio_min;
};

struct segment {
	size_t first; /* index of its first value; from the second on a change */
	size_t count;
	double median;
};

struct changes {
	enum trend trend;
	size_t segment_count; /* changes + 1; 0 where the series is empty */
	struct segment *segments;
};

/*
 * Splits the series where Pettitt's test finds a change, then the parts, then
 * joins again, the most alike first, neighbours that are within ratio_min.
 * Pettitt's test cannot see a slow start that is short for the series (5 of
 * 100, however slow), so where it finds nothing in the first part, the first 5
 * values are held against the rest of it by their rank sum. Of alpha, 4 / 5 are
 * the one test's and 1 / 5 the other's. A start of fewer than 5 is not a level.
 *
 * Simulated at alpha 0.05 and ratio_min 0 (8,000 series each of normal, skewed
 * and rounded values and of values with outliers; 2,000 from 500 on), not flat
 * were 0.6 to 0.9 % of the series of 12 independent values, 1.4 to 1.8 % of 20,
 * 2.2 to 3.0 % of 50, 2.6 to 3.3 % of 100, 2.9 to 4.8 % of 500 and of 1,000.
 * Neighbours that are alike are changes of level to it: of normal series with a
 * correlation of 0.1 from one value to the next 3 % were not flat at 20 and 7 %
 * at 100, with 0.3 it was 9 and 19 %; ratio_min joins what is too close to
 * matter. Series that got faster once, by 50 %, were called slowing or unsteady
 * in up to 5 %.
 *
 * The values are times, finite and above 0, in the order in which they were
 * measured. 0, -ENOMEM, or -EINVAL; stats_change_free() is needed after 0 only.
 */
int stats_change_find(const double *values, size_t count,
		      const struct change_rule *rule, struct changes *changes);
void stats_change_free(struct changes *changes);

#endif
