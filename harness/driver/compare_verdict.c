/* compare_verdict - ratios of unpaired data, their intervals, and verdicts. */
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

static int fill_row(const struct comparison *comparison,
		    const struct compare_block *block, struct compare_row *row,
		    double level)
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
		row->base_ns = stats_median(both.base.values, both.base.count);
		row->new_ns = stats_median(both.new.values, both.new.count);
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

static int fill_own(const struct comparison *comparison,
		    const struct compare_block *block, struct compare_row *row,
		    double level)
{
	struct both both;
	int error = take_both(comparison, &row->base->ratios[block->clock],
			      &row->new->ratios[block->clock], &both);

	if (error == 0)
		error = take_ratio(&both, level, &row->own);
	free_both(&both);
	return error;
}

/* The twin's ratio to its reference on one side, as a run's table has it. */
static int fill_noise(const struct compare_values *twin,
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

static int fill_block(const struct compare *compare,
		      struct compare_block *block)
{
	int error = fill_noise(&block->base->twin[block->clock],
			       &block->base_noise);

	if (error == 0)
		error = fill_noise(&block->new->twin[block->clock],
				   &block->new_noise);
	block->margin = compare->options.margin;
	if (block->margin <= 0)
		block->margin =
			fmax(verdict_margin(&block->base_noise.interval),
			     verdict_margin(&block->new_noise.interval));
	for (unsigned int i = 0; i < block->rows_count; i++)
		for (int j = 0; j < COMPARE_COUNTS; j++)
			block->rows[i].changes[j] = compare_count_change(
				&block->rows[i].base->counts[j],
				&block->rows[i].new->counts[j]);
	return error;
}

/* How many standard deviations a two-sided p is away. */
static double deviations(double p)
{
	double low = 0, high = 40;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		if (erfc(middle * M_SQRT1_2) > p)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * Intervals narrow, and deviations grow, with the root of the number of units:
 * as many more as the nearer of a difference and sameness would take.
 */
static double more_units(const struct compare_row *row, double margin,
			 unsigned int compared)
{
	double units =
		(double)(row->base_units < row->new_units ? row->base_units
							  : row->new_units);
	double low = log(row->ratio.interval.low);
	double high = log(row->ratio.interval.high);
	double middle = fabs(log(row->ratio.median));
	double half = (high - low) / 2, limit = log1p(margin);
	double differ = INFINITY, same = INFINITY, factor;

	if (low > 0 || high < 0)
		differ = deviations(VERDICT_ALPHA / compared) /
			 deviations(row->p);
	else if (middle > 0)
		differ = half / middle;
	if (middle < limit)
		same = half / (limit - middle);
	factor = fmax(1, fmin(differ, same));
	factor = ceil(units * factor * factor) - units;
	return factor > VERDICT_MORE_MAX || isnan(factor) ? 0 : fmax(1, factor);
}

static void inconclude(struct compare_row *row, double more, const char *reason)
{
	row->verdict = VERDICT_INCONCLUSIVE;
	row->more = more;
	row->reason = reason;
}

static void judge_row(const struct comparison *comparison, double margin,
		      unsigned int compared, struct compare_row *row)
{
	size_t least =
		comparison->runs ? COMPARE_RUNS_MIN : COMPARE_SAMPLES_MIN;
	size_t units = row->base_units < row->new_units ? row->base_units
							: row->new_units;
	enum verdict verdict = VERDICT_INCONCLUSIVE;

	/* The number of units is looked at here, and not by verdict_of(). */
	if (units >= least)
		verdict = verdict_of(&row->ratio.interval, VERDICT_PAIRS_MIN,
				     margin);
	if (verdict != VERDICT_SAME && !(row->p_holm <= VERDICT_ALPHA))
		verdict = VERDICT_INCONCLUSIVE;
	if (comparison->reasons_count == 0 &&
	    (row->base->digests_differ || row->new->digests_differ))
		inconclude(row, 0,
			   "its requests were not the same in all samples of a "
			   "side, as after a failed one");
	else if (units == 0)
		inconclude(row, (double)least, "a side has no valid sample");
	else if (units < least)
		inconclude(row, (double)(least - units), "too few");
	else if (verdict == VERDICT_INCONCLUSIVE)
		inconclude(row, more_units(row, margin, compared), NULL);
	else
		row->verdict = verdict;
}

/* Calls for each row of all comparisons, until one fails. */
static int each_row(struct compare *compare,
		    int (*visit)(struct compare *compare,
				 struct comparison *comparison,
				 struct compare_block *block,
				 struct compare_row *row, void *context),
		    void *context)
{
	int error = 0;

	for (unsigned int i = 0; i < compare->count; i++) {
		struct comparison *comparison = &compare->comparisons[i];

		for (unsigned int j = 0; j < comparison->blocks_count; j++) {
			struct compare_block *block = &comparison->blocks[j];

			for (unsigned int k = 0;
			     error == 0 && k < block->rows_count; k++)
				error = visit(compare, comparison, block,
					      &block->rows[k], context);
		}
	}
	return error;
}

/* Of the family over which intervals and p hold together. */
static bool is_compared(const struct compare_block *block,
			const struct compare_row *row)
{
	return row->judged && row->base->times[block->clock].count > 0 &&
	       row->new->times[block->clock].count > 0;
}

static int count_row(struct compare *compare, struct comparison *comparison,
		     struct compare_block *block, struct compare_row *row,
		     void *context)
{
	(void)comparison;
	(void)context;
	compare->compared += is_compared(block, row);
	return 0;
}

static int measure_row(struct compare *compare, struct comparison *comparison,
		       struct compare_block *block, struct compare_row *row,
		       void *context)
{
	int error = fill_row(comparison, block, row, compare->level);

	(void)context;
	return error != 0 ? error
			  : fill_own(comparison, block, row, compare->level);
}

/* The p of the family in one array: the first half; the second is Holm's. */
struct family {
	double *p;
	unsigned int next;
};

static int gather_p(struct compare *compare, struct comparison *comparison,
		    struct compare_block *block, struct compare_row *row,
		    void *context)
{
	struct family *family = context;

	(void)compare;
	(void)comparison;
	if (is_compared(block, row))
		family->p[family->next++] = row->p;
	return 0;
}

static int judge_one(struct compare *compare, struct comparison *comparison,
		     struct compare_block *block, struct compare_row *row,
		     void *context)
{
	struct family *family = context;

	if (is_compared(block, row))
		row->p_holm = family->p[family->next++];
	if (row->judged)
		judge_row(comparison, block->margin, compare->compared, row);
	return 0;
}

static int judge_all(struct compare *compare)
{
	unsigned int count = compare->compared;
	struct family family = {calloc(2 * (size_t)count + 1, sizeof(double)),
				0};

	if (family.p == NULL)
		return -ENOMEM;
	each_row(compare, gather_p, &family);
	stats_holm(family.p, count, family.p + count);
	family.next = count;
	each_row(compare, judge_one, &family);
	free(family.p);
	return 0;
}

int compare_judge(struct compare *compare)
{
	int error = 0;

	for (unsigned int i = 0; i < compare->count; i++)
		for (unsigned int j = 0;
		     error == 0 && j < compare->comparisons[i].blocks_count;
		     j++)
			error = fill_block(compare,
					   &compare->comparisons[i].blocks[j]);
	if (error != 0)
		return error;
	each_row(compare, count_row, NULL);
	compare->level = verdict_level(compare->compared);
	error = each_row(compare, measure_row, NULL);
	return error != 0 ? error : judge_all(compare);
}
