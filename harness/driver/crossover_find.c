/* crossover_find - where the curves of a map cross. */
#include <math.h>

#include "driver/crossover.h"
#include "driver/verdict.h"

const char *const crossover_copy_names[CROSSOVER_COPIES] = {
	[CROSSOVER_COLD] = "cold",
	[CROSSOVER_POPULATED] = "pre-populated",
	[CROSSOVER_WARM] = "warm",
};

const char *const crossover_side_names[CROSSOVER_MOVING + 1] = {
	[CROSSOVER_UNTOLD] = "not told",
	[CROSSOVER_COPYING] = "copying",
	[CROSSOVER_MOVING] = "moving",
};

const char *const crossover_state_names[CROSSING_NOT_CONFIRMED + 1] = {
	[CROSSING_COARSE] = "coarse",
	[CROSSING_FRESH] = "fresh",
	[CROSSING_NOT_NARROWED] = "not narrowed",
	[CROSSING_NOT_CONFIRMED] = "not confirmed",
};

enum crossover_side crossover_side(const struct crossover_ratio *ratio)
{
	if (ratio->pairs < VERDICT_PAIRS_MIN || !(ratio->interval.level > 0))
		return CROSSOVER_UNTOLD;
	if (ratio->interval.high < 1)
		return CROSSOVER_MOVING;
	return ratio->interval.low > 1 ? CROSSOVER_COPYING : CROSSOVER_UNTOLD;
}

enum crossover_side crossover_told(const struct crossover_point *point,
				   enum crossover_cost cost)
{
	return point->doubt == DOUBT_NONE ? point->ratios[cost].side
					  : CROSSOVER_UNTOLD;
}

/*
 * Where the medians cross 1 from points[first] to points[last], which lie on
 * both sides of it; of several places the middle of the outermost ones.
 */
static double estimate(const struct crossover_point *points, unsigned int first,
		       unsigned int last, enum crossover_cost cost)
{
	double x0 = log((double)points[first].size);
	double y0 = log(points[first].ratios[cost].median);
	double least = NAN, most = NAN;

	for (unsigned int i = first + 1; i <= last; i++) {
		double x1 = log((double)points[i].size);
		double y1 = log(points[i].ratios[cost].median);

		if (!isfinite(y1))
			continue;
		if ((y0 < 0) != (y1 < 0)) {
			most = x0 + (x1 - x0) * y0 / (y0 - y1);
			least = isnan(least) ? most : least;
		}
		x0 = x1;
		y0 = y1;
	}
	return exp((least + most) / 2);
}

static size_t fewer(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The crossings of some points of one file. list holds room; returns how many
 * there are. told: how many points are.
 */
static unsigned int find(const struct crossover_point *points,
			 unsigned int count, enum crossover_cost cost,
			 struct crossover_crossing *list, unsigned int room,
			 unsigned int *told)
{
	unsigned int found = 0, before = 0;

	*told = 0;
	for (unsigned int i = 0; i < count; i++) {
		enum crossover_side side = crossover_told(&points[i], cost);

		if (side == CROSSOVER_UNTOLD)
			continue;
		if (++*told > 1 && found < room &&
		    side != crossover_told(&points[before], cost))
			list[found++] = (struct crossover_crossing){
				.low = points[before].size,
				.high = points[i].size,
				.estimate = estimate(points, before, i, cost),
				.above = side,
				.pairs =
					fewer(points[before].ratios[cost].pairs,
					      points[i].ratios[cost].pairs),
			};
		before = i;
	}
	return found;
}

/* The points of a file from low to high; first is set to the first of them. */
static unsigned int points_within(const struct crossover_curve *curve,
				  unsigned int file, uint64_t low,
				  uint64_t high, unsigned int *first)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < curve->points_count; i++) {
		const struct crossover_point *point = &curve->points[i];

		if (point->file != file || point->size < low ||
		    point->size > high)
			continue;
		if (count++ == 0)
			*first = i;
	}
	return count;
}

/*
 * Replaces a crossing by those that a later file's points between its ends
 * show. Returns how many there are then, 1 where it stays as it was.
 */
static unsigned int refine(const struct crossover_curve *curve,
			   enum crossover_cost cost, unsigned int file,
			   struct crossover_crossing *list, unsigned int room)
{
	struct crossover_crossing fresh[CROSSOVER_CROSSINGS_MAX];
	unsigned int first = 0, told, found;
	bool whole;
	unsigned int count =
		points_within(curve, file, list[0].low, list[0].high, &first);

	if (count == 0)
		return 1;
	found = find(&curve->points[first], count, cost, fresh, room, &told);
	whole = told == count && curve->points[first].size == list[0].low &&
		curve->points[first + count - 1].size == list[0].high;
	if (found == 0 && list[0].state != CROSSING_FRESH)
		list[0].state =
			whole ? CROSSING_NOT_CONFIRMED : CROSSING_NOT_NARROWED;
	for (unsigned int i = 0; i < found; i++) {
		list[i] = fresh[i];
		list[i].state = CROSSING_FRESH;
	}
	return found ? found : 1;
}

void crossover_find(struct crossover_curve *curve, enum crossover_cost cost)
{
	struct crossover_crossing now[CROSSOVER_CROSSINGS_MAX];
	struct crossover_crossing *list = curve->crossings[cost].list;
	unsigned int first = 0, told, count, last = 0;

	count = points_within(curve, curve->coarse, 0, UINT64_MAX, &first);
	count = find(&curve->points[first], count, cost, list,
		     CROSSOVER_CROSSINGS_MAX, &told);
	for (unsigned int i = 0; i < curve->points_count; i++)
		if (curve->points[i].file > last)
			last = curve->points[i].file;
	for (unsigned int file = curve->coarse + 1; file <= last; file++) {
		unsigned int used = 0;

		for (unsigned int i = 0;
		     i < count && used < CROSSOVER_CROSSINGS_MAX; i++) {
			now[used] = list[i];
			used += refine(curve, cost, file, &now[used],
				       CROSSOVER_CROSSINGS_MAX - used);
		}
		for (unsigned int i = 0; i < used; i++)
			list[i] = now[i];
		count = used;
	}
	curve->crossings[cost].count = count;
}

struct crossover_reach crossover_reach(const struct crossover_curve *curve,
				       enum crossover_cost cost)
{
	struct crossover_reach reach = {0};

	for (unsigned int i = 0; i < curve->points_count; i++) {
		const struct crossover_point *point = &curve->points[i];
		enum crossover_side side = crossover_told(point, cost);

		if (point->file != curve->coarse)
			continue;
		if (side == CROSSOVER_UNTOLD) {
			reach.untold++;
			continue;
		}
		if (reach.told++ == 0) {
			reach.below = side;
			reach.from = point->size;
		}
		reach.to = point->size;
	}
	return reach;
}
