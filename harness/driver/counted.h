/* counted - what a panel of counters shows, and its values in a sample. */
#ifndef REGROW_COUNTED_H
#define REGROW_COUNTED_H

#include <stdbool.h>

#include "driver/results.h"

#define COUNTED_PARTS 2 /* a counter may be kept apart for user and kernel */

/* A figure of every sample, or one or two counters of the file. */
struct counted {
	char name[96];
	enum pass pass;
	bool is_time; /* nanoseconds; else a count */
	int figure; /* enum figure_index; -1: counters */
	unsigned int parts; /* 1; 2: user, then kernel */
	unsigned int counters[COUNTED_PARTS]; /* in file->counters */
};

/* Number index, from 0, of those that every sample has; false past the end. */
bool counted_always(unsigned int index, struct counted *counted);

/*
 * A counter of the file, together with its other half where one was counted in
 * user mode (":u") and one in the kernel (":k") and pair is true. false: it is
 * missing, or the second half of a pair.
 */
bool counted_counter(const struct results_file *file, unsigned int counter,
		     bool pair, struct counted *counted);

/* A part's value in a valid sample of its pass; NaN: not measured. */
double counted_value(const struct counted *counted, unsigned int part,
		     const struct results_sample *sample);

/* All parts together. */
double counted_whole(const struct counted *counted,
		     const struct results_sample *sample);

#endif
