/*
 * tails - the percentiles of a sample's own requests, forks, exits, growths and
 * faults, kept of each sample, so that they have an interval over rounds.
 */
#ifndef REGROW_TAILS_H
#define REGROW_TAILS_H

#include <stddef.h>
#include <stdint.h>

#include "driver/stats.h"

#include <regrow/workload.h>

struct results_cell;
struct results_histogram;

/* Requests above a percentile of a sample, or it says too little. */
#define TAIL_BEYOND_MIN 10

enum tail_of {
	TAIL_SERVICE,
	TAIL_RESPONSE,
	TAIL_FORK,
	TAIL_EXIT,
	TAIL_GROW,
	TAIL_FAULT,
	TAILS,
};
extern const enum operation tail_operations[TAILS];
/* Those before it have a block of their own in the table. */
#define TAILS_IN_BLOCKS TAIL_GROW

enum tail_place {
	TAIL_P50,
	TAIL_P90,
	TAIL_P99,
	TAIL_P99_9,
	TAIL_P99_99,
	TAIL_MAX,
	TAIL_PLACES,
};
extern const char *const tail_names[TAIL_PLACES]; /* "p99.9" */
extern const char *const tail_keys[TAIL_PLACES]; /* "p99_9_ns" */

/* Of one sample. */
struct results_tail {
	uint64_t count; /* 0: none occurred */
	int64_t ns[TAIL_PLACES]; /* FIGURE_ABSENT: too few requests above it */
};

/* The place of an operation among the tails, or -1. */
int tail_of_operation(enum operation operation);

/* As histogram_quantile_ns(), of the few buckets that there are. */
uint64_t tail_quantile_ns(const struct results_histogram *histogram,
			  double quantile);

/* Of the histogram of one sample. */
struct results_tail tail_of_sample(const struct results_histogram *histogram);

/* A percentile over the valid timing samples of a cell. */
struct tail_figure {
	size_t samples; /* in which the operation occurred */
	size_t told; /* of them, with enough requests above the percentile */
	double count; /* of requests, the median */
	double ns; /* median over rounds; NaN unless all of them told */
	struct interval interval; /* of the median; level 0: too few rounds */
};

/* values: room for samples_count of the cell. */
struct tail_figure tail_figure(const struct results_cell *cell,
			       enum tail_of tail, enum tail_place place,
			       double *values);

struct tail_loops {
	size_t samples; /* valid, of the timing pass, by a schedule */
	size_t saturated; /* of them */
};
struct tail_loops tail_open_loops(const struct results_cell *cell);

#endif
