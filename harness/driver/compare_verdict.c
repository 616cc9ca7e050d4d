/* compare_verdict - what may be said of the rows, all of them together. */
#include "driver/compare_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int fill_block(const struct compare *compare,
		      struct compare_block *block)
{
	int error = compare_ratio_noise(&block->base->twin[block->clock],
					&block->base_noise);

	if (error == 0)
		error = compare_ratio_noise(&block->new->twin[block->clock],
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
	int error = compare_ratio_row(comparison, block, row, compare->level);

	(void)context;
	return error != 0 ? error
			  : compare_ratio_own(comparison, block, row,
					      compare->level);
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
