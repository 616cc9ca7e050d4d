/* compare_units - in what the times of a side are given, in all its runs. */
#ifndef REGROW_COMPARE_UNITS_H
#define REGROW_COMPARE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/machine_units.h"

/* Each run's times are divided by its own machine's unit before they meet. */
struct compare_unit {
	const char
		*name; /* of several: "copies", "faults"; NULL: nanoseconds */
	bool names_differ; /* between the runs */
	double ns_min; /* of one, over the runs */
	double ns_max;
};

/* A run's unit more. */
void compare_unit_add(struct compare_unit *unit,
		      const struct machine_unit *more);

/* Whether both are of one kind, so that their numbers have a ratio. */
bool compare_units_agree(const struct compare_unit *base,
			 const struct compare_unit *new);

/* "copies"; "ns"; "not the same in all runs". */
const char *compare_unit_name(const struct compare_unit *unit);

/*
 * What one is, and how long on each side: "a fault is the first touch of a
 * page: 1.86 us in base, 0.52 us to 0.61 us in new, by the runs' own
 * calibrations". false: both are nanoseconds.
 */
bool compare_units_text(const struct compare_unit *base,
			const struct compare_unit *new, char *text,
			size_t size);

/* A time in that unit, as tables show it; GRID_TEXT_MAX bytes. */
void compare_unit_time(const struct compare_unit *unit, double time,
		       char *text);

#endif
