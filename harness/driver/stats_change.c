/* stats_change - Pettitt's test on a series and its parts, and the label. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "driver/stats.h"
#include "driver/stats_change.h"
#include "driver/stats_rank.h"

const char *const trend_names[TREND_COUNT] = {
	[TREND_FLAT] = "flat",	     [TREND_WARMING] = "warming",
	[TREND_SLOWING] = "slowing", [TREND_UNSTEADY] = "unsteady",
	[TREND_UNKNOWN] = "unknown",
};

/* Of alpha; the rest is Pettitt's. */
#define START_SHARE 0.2
/* The last level is held for at least 1 / STEADY_PART of the series. */
#define STEADY_PART 4

struct placed {
	double value;
	size_t place;
};

/* A series that is searched, and room for as much again of each. */
struct search {
	const double *values;
	const struct change_rule *rule;
	struct changes *changes;
	struct placed *placed;
	double *scratch; /* ranks, or values to be sorted */
	size_t *ends; /* of parts that are still to be split, the nearest last */
};

static int change_order(const void *left, const void *right)
{
	double a = ((const struct placed *)left)->value;
	double b = ((const struct placed *)right)->value;

	return (a > b) - (a < b);
}

/* Twice the rank of each value, so that the mean rank of equals is whole. */
static void change_rank(const double *values, size_t count,
			struct placed *placed, double *ranks)
{
	size_t first, end, i;

	for (i = 0; i < count; i++)
		placed[i] = (struct placed){values[i], i};
	qsort(placed, count, sizeof(*placed), change_order);
	for (first = 0; first < count; first = end) {
		for (end = first;
		     end < count && placed[end].value == placed[first].value;
		     end++)
			;
		for (i = first; i < end; i++)
			ranks[placed[i].place] = (double)(first + 1 + end);
	}
}

static double pettitt_p(double k, double n)
{
	return fmin(1, 2 * exp(-6 * k * k / (n * n * n + n * n)));
}

/*
 * U(t) is how many of the pairs (one of the first t, one of the others) fall,
 * less how many rise, and follows from the ranks of the first t.
 */
static struct pettitt change_test(const double *values, size_t count,
				  size_t margin, struct placed *placed,
				  double *ranks)
{
	struct pettitt pettitt = {-1, 1, 0};
	double u = 0;
	size_t t;

	change_rank(values, count, placed, ranks);
	for (t = 1; t <= count - margin; t++) {
		u += ranks[t - 1] - (double)(count + 1);
		if (t >= margin && fabs(u) > pettitt.k) {
			pettitt.k = fabs(u);
			pettitt.at = t;
		}
	}
	pettitt.p = pettitt_p(pettitt.k, (double)count);
	return pettitt;
}

int stats_change_pettitt(const double *values, size_t count, size_t margin,
			 struct pettitt *pettitt)
{
	struct placed *placed;
	double *ranks;
	size_t i;

	if (count == 0 || margin == 0 || margin > count / 2)
		return -EINVAL;
	for (i = 0; i < count; i++)
		if (isnan(values[i]))
			return -EINVAL;
	placed = calloc(count, sizeof(*placed));
	ranks = calloc(count, sizeof(*ranks));
	if (placed && ranks)
		*pettitt = change_test(values, count, margin, placed, ranks);
	free(ranks);
	free(placed);
	return placed && ranks ? 0 : -ENOMEM;
}

static struct segment change_segment(struct search *search, size_t first,
				     size_t count)
{
	memcpy(search->scratch, search->values + first,
	       count * sizeof(*search->scratch));
	stats_sort(search->scratch, count);
	return (struct segment){first, count,
				stats_median(search->scratch, count)};
}

/*
 * Where the levels before and after are the furthest apart for the number of
 * values that they have; needs the ranks that change_test() left.
 */
static size_t change_furthest(const double *ranks, size_t count)
{
	double u = 0, score, most = -1;
	size_t at = 0, t;

	for (t = 1; t <= count - STATS_CHANGE_SEGMENT_MIN; t++) {
		u += ranks[t - 1] - (double)(count + 1);
		score = fabs(u) / sqrt((double)t * (double)(count - t));
		if (t >= STATS_CHANGE_SEGMENT_MIN && score > most) {
			most = score;
			at = t;
		}
	}
	return at;
}

/* Where the part changes; at is 0 where it does not. 0 or -ENOMEM. */
static int change_within(struct search *search, size_t first, size_t count,
			 size_t *at)
{
	const double *values = search->values + first;
	struct pettitt pettitt;
	struct rank_test start;
	int error;

	*at = 0;
	if (count / 2 < STATS_CHANGE_SEGMENT_MIN)
		return 0;
	pettitt = change_test(values, count, STATS_CHANGE_SEGMENT_MIN,
			      search->placed, search->scratch);
	if (pettitt.p <= search->rule->alpha * (1 - START_SHARE)) {
		*at = pettitt.at;
		return 0;
	}
	if (first > 0)
		return 0;
	error = stats_rank_test(values, STATS_CHANGE_SEGMENT_MIN,
				values + STATS_CHANGE_SEGMENT_MIN,
				count - STATS_CHANGE_SEGMENT_MIN, &start);
	if (!error && start.p <= search->rule->alpha * START_SHARE)
		*at = change_furthest(search->scratch, count);
	return error;
}

static int change_split(struct search *search, size_t count)
{
	struct changes *changes = search->changes;
	size_t first = 0, ends = 1, at, end;
	int error;

	search->ends[0] = count;
	while (ends > 0) {
		end = search->ends[ends - 1];
		error = change_within(search, first, end - first, &at);
		if (error)
			return error;
		if (at > 0) {
			search->ends[ends++] = first + at;
			continue;
		}
		changes->segments[changes->segment_count++] =
			change_segment(search, first, end - first);
		first = end;
		ends--;
	}
	return 0;
}

/* How far the two segments from i on are apart: the greater by the smaller. */
static double change_ratio(const struct segment *segments, size_t i)
{
	double a = segments[i].median, b = segments[i + 1].median;

	return fmax(a, b) / fmin(a, b);
}

/* Joins the two neighbours that are the most alike, if they are alike. */
static bool change_join(struct search *search)
{
	struct changes *changes = search->changes;
	struct segment *segments = changes->segments;
	size_t nearest = 0, i;

	if (changes->segment_count < 2)
		return false;
	for (i = 1; i + 1 < changes->segment_count; i++)
		if (change_ratio(segments, i) < change_ratio(segments, nearest))
			nearest = i;
	if (change_ratio(segments, nearest) > 1 + search->rule->ratio_min)
		return false;
	segments[nearest] = change_segment(search, segments[nearest].first,
					   segments[nearest].count +
						   segments[nearest + 1].count);
	changes->segment_count--;
	memmove(&segments[nearest + 1], &segments[nearest + 2],
		(changes->segment_count - nearest - 1) * sizeof(*segments));
	return true;
}

static bool change_can_tell(size_t count, double alpha)
{
	size_t half = count / 2;
	double clearest = (double)half * (double)(count - half);

	return count >= STATS_CHANGE_COUNT_MIN &&
	       pettitt_p(clearest, (double)count) <= alpha * (1 - START_SHARE);
}

static enum trend change_trend(const struct changes *changes, size_t count,
			       double alpha)
{
	const struct segment *segments = changes->segments;
	bool slower = false;
	size_t i;

	if (!change_can_tell(count, alpha))
		return TREND_UNKNOWN;
	if (changes->segment_count == 1)
		return TREND_FLAT;
	if (segments[changes->segment_count - 1].count * STEADY_PART < count)
		return TREND_UNSTEADY;
	for (i = 1; i < changes->segment_count; i++) {
		if (segments[i].median > segments[i - 1].median)
			slower = true;
		else if (slower)
			return TREND_UNSTEADY;
	}
	return slower ? TREND_SLOWING : TREND_WARMING;
}

static bool change_usable(const double *values, size_t count,
			  const struct change_rule *rule)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!isfinite(values[i]) || values[i] <= 0)
			return false;
	return rule->alpha > 0 && rule->alpha < 1 && rule->ratio_min >= 0;
}

static int change_search(struct search *search, size_t count)
{
	struct changes *changes = search->changes;
	int error = change_split(search, count);

	if (error)
		return error;
	while (change_join(search))
		;
	changes->trend = change_trend(changes, count, search->rule->alpha);
	return 0;
}

int stats_change_find(const double *values, size_t count,
		      const struct change_rule *rule, struct changes *changes)
{
	struct search search = {values, rule, changes, NULL, NULL, NULL};
	size_t room = count / STATS_CHANGE_SEGMENT_MIN + 1;
	int error = -ENOMEM;

	*changes = (struct changes){TREND_UNKNOWN, 0, NULL};
	if (!change_usable(values, count, rule))
		return -EINVAL;
	if (count == 0)
		return 0;
	search.placed = calloc(count, sizeof(*search.placed));
	search.scratch = calloc(count, sizeof(*search.scratch));
	search.ends = calloc(room, sizeof(*search.ends));
	changes->segments = calloc(room, sizeof(*changes->segments));
	if (search.placed && search.scratch && search.ends && changes->segments)
		error = change_search(&search, count);
	if (error)
		stats_change_free(changes);
	free(search.ends);
	free(search.scratch);
	free(search.placed);
	return error;
}

void stats_change_free(struct changes *changes)
{
	free(changes->segments);
	*changes = (struct changes){TREND_UNKNOWN, 0, NULL};
}
