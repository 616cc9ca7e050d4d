/* compare_ratio - ratios of unpaired data, and where they lie. */
#include "driver/compare_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/stats_bootstrap.h"
#include "driver/stats_rank.h"

/* The values of a side that can have a ratio, upward. */
struct units {
	double *values;
	size_t count;
};

/*
 * A copy, sorted; where runs are the unit, the one run of a side is its median.
 * 0 or -ENOMEM.
 */
static int take_units(const struct compare_values *from, bool one_run,
		      struct units *units)
{
	units->count = 0;
	units->values = malloc((from->count + 1) * sizeof(double));
	if (units->values == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < from->count; i++)
		if (from->values[i] > 0 && isfinite(from->values[i]))
			units->values[units->count++] = from->values[i];
	stats_sort(units->values, units->count);
	if (one_run && units->count > 0) {
		units->values[0] = stats_median(units->values, units->count);
		units->count = 1;
	}
	return 0;
}

/* Both sides of a row. */
struct both {
	struct units base;
	struct units new;
};

static int take_both(const struct comparison *comparison,
		     const struct compare_values *base,
		     const struct compare_values *new, struct both *both)
{
	bool base_one = comparison->runs && comparison->base->files_count == 1;
	bool new_one = comparison->runs && comparison->new->files_count == 1;
	int error = take_units(base, base_one, &both->base);

	both->new.values = NULL;
	return error != 0 ? error : take_units(new, new_one, &both->new);
}

static void free_both(struct both *both)
{
	free(both->base.values);
	free(both->new.values);
}

static int take_ratio(const struct both *both, double level,
		      struct compare_ratio *ratio)
{
	*ratio = (struct compare_ratio){NAN, {NAN, NAN, 0}};
	if (both->base.count == 0 || both->new.count == 0)
		return 0;
	ratio->median = stats_median(both->new.values, both->new.count) /
			stats_median(both->base.values, both->base.count);
	return stats_bootstrap_ratio(both->new.values, both->new.count,
				     both->base.values, both->base.count, level,
				     &ratio->interval);
}

int compare_ratio_row(const struct comparison *comparison,
		      const struct compare_block *block,
		      struct compare_row *row, double level)
{
	enum group_clock clock = block->clock;
	struct rank_test test;
	struct both both;
	int error = take_both(comparison, &row->base->times[clock],
			      &row->new->times[clock], &both);

	row->p = row->p_holm = NAN;
	if (error == 0)
		error = take_ratio(&both, level, &row->ratio);
	if (error == 0) {
		row->base_units = both.base.count;
		row->new_units = both.new.count;
		row->base_time =
			stats_median(both.base.values, both.base.count);
		row->new_time = stats_median(both.new.values, both.new.count);
	}
	if (error == 0 && isfinite(row->ratio.median)) {
		error = stats_rank_test(both.new.values, both.new.count,
					both.base.values, both.base.count,
					&test);
		row->p = error == 0 ? test.p : NAN;
	}
	free_both(&both);
	return error;
}

int compare_ratio_own(const struct comparison *comparison,
		      const struct compare_block *block,
		      struct compare_row *row, double level)
{
	struct both both;
	int error = take_both(comparison, &row->base->ratios[block->clock],
			      &row->new->ratios[block->clock], &both);

	if (error == 0)
		error = take_ratio(&both, level, &row->own);
	free_both(&both);
	return error;
}

int compare_ratio_noise(const struct compare_values *twin,
			struct compare_ratio *noise)
{
	struct units units;
	int error = take_units(twin, false, &units);

	if (error != 0)
		return error;
	for (size_t i = 0; i < units.count; i++)
		units.values[i] = log(units.values[i]);
	noise->median = exp(stats_median(units.values, units.count));
	noise->interval = stats_median_interval(units.values, units.count,
						1 - VERDICT_ALPHA);
	noise->interval.low = exp(noise->interval.low);
	noise->interval.high = exp(noise->interval.high);
	free(units.values);
	return 0;
}
