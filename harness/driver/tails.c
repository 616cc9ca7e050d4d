/* tails - the percentiles of samples' requests, and what rounds make of them. */
#include "driver/tails.h"

#include <math.h>

#include "driver/results.h"
#include "driver/table_rows.h"

const enum operation tail_operations[TAILS] = {
	[TAIL_SERVICE] = OPERATION_SERVICE,
	[TAIL_RESPONSE] = OPERATION_RESPONSE,
	[TAIL_FORK] = OPERATION_FORK,
	[TAIL_EXIT] = OPERATION_EXIT,
	[TAIL_GROW] = OPERATION_GROW,
	[TAIL_FAULT] = OPERATION_FAULT,
};

const char *const tail_names[TAIL_PLACES] = {
	[TAIL_P50] = "p50",	[TAIL_P90] = "p90",	  [TAIL_P99] = "p99",
	[TAIL_P99_9] = "p99.9", [TAIL_P99_99] = "p99.99", [TAIL_MAX] = "max",
};

const char *const tail_keys[TAIL_PLACES] = {
	[TAIL_P50] = "p50_ns",	     [TAIL_P90] = "p90_ns",
	[TAIL_P99] = "p99_ns",	     [TAIL_P99_9] = "p99_9_ns",
	[TAIL_P99_99] = "p99_99_ns", [TAIL_MAX] = "max_ns",
};

static const double quantiles[TAIL_MAX] = {0.5, 0.9, 0.99, 0.999, 0.9999};

int tail_of_operation(enum operation operation)
{
	for (int i = 0; i < TAILS; i++)
		if (tail_operations[i] == operation)
			return i;
	return -1;
}

static uint64_t rank_ns(const struct results_histogram *histogram,
			uint64_t rank)
{
	uint64_t middle;

	for (unsigned int i = 0; i < histogram->buckets_count; i++) {
		const struct results_bucket *bucket = &histogram->buckets[i];

		if (rank <= bucket->count) {
			middle = histogram_bucket_middle_ns(bucket->bucket);
			return middle < histogram->max_ns ? middle
							  : histogram->max_ns;
		}
		rank -= bucket->count;
	}
	return histogram->max_ns;
}

uint64_t tail_quantile_ns(const struct results_histogram *histogram,
			  double quantile)
{
	return rank_ns(histogram, histogram_rank(histogram->count, quantile));
}

struct results_tail tail_of_sample(const struct results_histogram *histogram)
{
	struct results_tail tail = {.count = histogram->count};

	for (int i = 0; i < TAIL_MAX; i++) {
		uint64_t rank = histogram_rank(histogram->count, quantiles[i]);

		tail.ns[i] = histogram->count - rank < TAIL_BEYOND_MIN
				     ? FIGURE_ABSENT
				     : (int64_t)rank_ns(histogram, rank);
	}
	tail.ns[TAIL_MAX] = (int64_t)histogram->max_ns;
	return tail;
}

static const struct results_tail *tail_in(const struct results_sample *sample,
					  enum tail_of tail)
{
	if (!sample->valid || sample->pass != PASS_TIMING || !sample->tails ||
	    sample->tails[tail].count == 0)
		return NULL;
	return &sample->tails[tail];
}

static double median_count(const struct results_cell *cell, enum tail_of tail,
			   double *values)
{
	const struct results_tail *of;
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++)
		if ((of = tail_in(&cell->samples[i], tail)) != NULL)
			values[count++] = (double)of->count;
	stats_sort(values, count);
	return stats_median(values, count);
}

struct tail_figure tail_figure(const struct results_cell *cell,
			       enum tail_of tail, enum tail_place place,
			       double *values)
{
	struct tail_figure figure = {
		.count = median_count(cell, tail, values),
		.ns = NAN,
	};
	const struct results_tail *of;

	for (size_t i = 0; i < cell->samples_count; i++) {
		of = tail_in(&cell->samples[i], tail);
		figure.samples += of != NULL;
		if (of && of->ns[place] != FIGURE_ABSENT)
			values[figure.told++] = (double)of->ns[place];
	}
	if (figure.samples == 0 || figure.told < figure.samples)
		return figure;
	stats_sort(values, figure.told);
	figure.ns = stats_median(values, figure.told);
	figure.interval =
		stats_median_interval(values, figure.told, TABLE_LEVEL);
	return figure;
}

struct tail_loops tail_open_loops(const struct results_cell *cell)
{
	struct tail_loops loops = {0};

	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (!sample->valid || sample->pass != PASS_TIMING ||
		    !sample->open_loop)
			continue;
		loops.samples++;
		loops.saturated += sample->saturated;
	}
	return loops;
}
