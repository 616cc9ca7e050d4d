/*
 * compare_counts - counts that the same work makes again exactly: faults, how
 * growths came out, bytes copied, what is left in the memory map.
 */
#ifndef REGROW_COMPARE_COUNTS_H
#define REGROW_COMPARE_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/figures.h"

#define COMPARE_COUNTS 28

/* The figures that are compared, in the order in which they are shown. */
extern const struct compare_counted {
	const char *name; /* for people */
	enum figure_index figure;
	bool more_is_worse;
} compare_counted[COMPARE_COUNTS];

/* A figure's values on one side. */
struct compare_count {
	size_t units; /* samples or runs that have it */
	int64_t min; /* over all samples */
	int64_t max;
	double median; /* of the units */
	/* Of the units; not there as long as all are min. */
	double *medians;
	size_t room;
};

/* A unit more: its least and greatest value and its median. 0 or -ENOMEM. */
int compare_count_add(struct compare_count *count, int64_t min, int64_t max,
		      double median);
/* Sets the median and gives back the units. */
void compare_count_finish(struct compare_count *count);
void compare_count_free(struct compare_count *count);

enum compare_change {
	COMPARE_NOT_MEASURED, /* on a side, or on both */
	COMPARE_EQUAL, /* one and the same value in all samples of both */
	COMPARE_CHANGED, /* one value on each side, and not the same */
	COMPARE_VARIES, /* not the same in all samples of a side */
};
extern const char *const compare_change_names[COMPARE_VARIES + 1];

enum compare_change compare_count_change(const struct compare_count *base,
					 const struct compare_count *new);

#endif
