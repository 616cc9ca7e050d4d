/*
 * warmup - what repeating the work in one process does to its time: of a cell
 * whose timing samples hold repetitions.
 */
#ifndef REGROW_WARMUP_H
#define REGROW_WARMUP_H

#include "driver/trend.h"

struct warmup {
	size_t samples; /* valid timing samples with repetitions; 0: none */
	size_t alike; /* of them, those whose own label is the one below */
	size_t count; /* repetitions that all of them have */
	/*
	 * Of the medians over the samples, repetition by repetition: one
	 * process's disturbance is not all processes' warm-up.
	 */
	struct trend_series series;
	double *medians_ns; /* count of them */
	double first_ns; /* the first repetition's */
	/*
	 * The last level's; of a series that is too short to be judged, of all
	 * but its first. NaN: unsteady, or a single repetition.
	 */
	double steady_ns;
	double first_faults; /* minor ones, as the times; NaN: not measured */
	double last_faults; /* of the last repetition */
};

/*
 * By the clock FIGURE_WALL_NS or FIGURE_CPU_NS. 0 or -ENOMEM; after 0,
 * warmup_free().
 */
int warmup_of(const struct results_cell *cell, enum figure_index clock,
	      struct warmup *warmup);
void warmup_free(struct warmup *warmup);

/* Adds "warmup" to a cell of the table's JSON; nothing without samples. */
void warmup_to_json(const struct results_cell *cell, enum figure_index clock,
		    struct json *into);

#endif
