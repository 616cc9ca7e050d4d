/* timings - the times of a run's rounds, and how narrow its intervals are. */
#include "driver/timings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/stats.h"
#include "driver/verdict.h"

#define LOOKS_FACTOR 1.5
#define ROUNDS_MAX 1e9

static int timings_make_room(struct timings *timings, size_t rounds)
{
	size_t room = timings->rounds_room;

	if (rounds <= room)
		return 0;
	room = rounds > 2 * room ? rounds : 2 * room;
	for (unsigned int i = 0; i < PLAN_CELLS_MAX; i++) {
		double *ns;

		if (!timings->ns[i])
			continue;
		ns = realloc(timings->ns[i], room * sizeof(*ns));
		if (!ns)
			return -ENOMEM;
		timings->ns[i] = ns;
		for (size_t j = timings->rounds_room; j < room; j++)
			ns[j] = NAN;
	}
	timings->rounds_room = room;
	return 0;
}

int timings_note(struct timings *timings, unsigned int cell, unsigned int round,
		 uint64_t ns)
{
	size_t rounds = (size_t)round + 1;

	if (timings_make_room(timings, rounds) != 0)
		return -ENOMEM;
	if (!timings->ns[cell]) {
		double *all = malloc(timings->rounds_room * sizeof(*all));

		if (!all)
			return -ENOMEM;
		for (size_t i = 0; i < timings->rounds_room; i++)
			all[i] = NAN;
		timings->ns[cell] = all;
	}
	timings->ns[cell][round] = ns > 0 ? (double)ns : NAN;
	if (rounds > timings->rounds)
		timings->rounds = rounds;
	return 0;
}

void timings_free(struct timings *timings)
{
	for (unsigned int i = 0; i < PLAN_CELLS_MAX; i++)
		free(timings->ns[i]);
	memset(timings, 0, sizeof(*timings));
}

/* Of a normal distribution, from the width of its middle part. */
static double deviation(const double *sorted, size_t count, double part)
{
	double width = stats_quantile(sorted, count, (1 + part) / 2) -
		       stats_quantile(sorted, count, (1 - part) / 2);

	return width / (2 * stats_normal_quantile((1 + part) / 2));
}

double timings_half_width(const double *sorted, size_t count, double level)
{
	struct interval interval = stats_median_interval(sorted, count, level);
	double deviation_max, likely;

	if (interval.level <= 0)
		return INFINITY;
	deviation_max = fmax(deviation(sorted, count, 0.5),
			     deviation(sorted, count, 0.8));
	/* The median's deviation is sqrt(pi/2) times that of the mean. */
	likely = stats_normal_quantile((1 + level) / 2) * sqrt(M_PI / 2) *
		 deviation_max / sqrt((double)count);
	return fmax((interval.high - interval.low) / 2, likely);
}

/* Of one cell against its reference, in logarithms. */
static double cell_half_width(const struct timings *timings, unsigned int cell,
			      unsigned int reference, double level,
			      double *scratch)
{
	const double *a = timings->ns[cell], *b = timings->ns[reference];
	size_t count = 0;

	for (size_t i = 0; a && b && i < timings->rounds; i++)
		if (!isnan(a[i]) && !isnan(b[i]))
			scratch[count++] = log(a[i] / b[i]);
	stats_sort(scratch, count);
	return timings_half_width(scratch, count, level);
}

/* Cells of a role that can run and were measured at least once. */
static unsigned int live_count(const struct timings *timings,
			       const struct plan *plan, enum cell_role role)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < plan->cells_count; i++)
		count += plan->cells[i].role == role && timings->ns[i];
	return count;
}

double timings_width(const struct timings *timings, const struct plan *plan)
{
	unsigned int rows = live_count(timings, plan, ROLE_ROW);
	enum cell_role role = rows > 0 ? ROLE_ROW : ROLE_TWIN;
	double *scratch = malloc((timings->rounds + 1) * sizeof(*scratch));
	double widest = 0;

	if (!scratch)
		return NAN;
	for (unsigned int i = 0; i < plan->cells_count; i++) {
		const struct cell *cell = &plan->cells[i];

		if (cell->role == role && timings->ns[i])
			widest = fmax(
				widest,
				cell_half_width(timings, i,
						plan->groups[cell->group].first,
						verdict_level(rows), scratch));
	}
	free(scratch);
	return exp(widest) - 1;
}

static unsigned int next_look(unsigned int rounds)
{
	return (unsigned int)ceil(rounds * LOOKS_FACTOR);
}

bool timings_is_look(unsigned int rounds)
{
	unsigned int look = VERDICT_PAIRS_MIN;

	while (look < rounds && look < ROUNDS_MAX)
		look = next_look(look);
	return look == rounds;
}

bool timings_is_precise(double width, unsigned int rounds, double precision)
{
	return precision > 0 && timings_is_look(rounds) && width <= precision;
}

unsigned int timings_rounds_needed(double width, unsigned int rounds,
				   double precision)
{
	unsigned int look = VERDICT_PAIRS_MIN;
	double needed;

	if (!isfinite(width) || !(precision > 0))
		return 0;
	needed = rounds * pow(log1p(width) / log1p(precision), 2);
	if (!(needed < ROUNDS_MAX))
		return 0;
	while (look < needed)
		look = next_look(look);
	return look;
}
