/* compare_reduce - a results file added to its side. */
#ifndef REGROW_COMPARE_REDUCE_H
#define REGROW_COMPARE_REDUCE_H

#include "driver/compare_side.h"
#include "driver/results.h"

/*
 * Takes what is compared; the file can be freed then. Number from 1: its place
 * among the side's files. 0, or -errno and one sentence in why.
 */
int compare_reduce(struct compare_side *side, const struct results_file *file,
		   unsigned int number, char *why, size_t why_size);

/* After the last file. */
void compare_reduce_finish(struct compare_side *side);

#endif
