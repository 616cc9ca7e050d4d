/*
 * machine_units - times as multiples of what the machine they were measured on
 * takes for a memcpy of the same bytes, or for a page fault: so that machines
 * can be laid side by side. Pure.
 *
 * A machine with twice the clock and twice the memory's speed has the same
 * number of copies: what is left of a difference is what it does otherwise, in
 * its kernel or its virtualisation.
 */
#ifndef REGROW_MACHINE_UNITS_H
#define REGROW_MACHINE_UNITS_H

#include <stdbool.h>

#include "driver/calibrate.h"

/* What times are divided by. */
struct machine_unit {
	const char *
		name; /* of several: "ns", "copies", "faults", "instructions" */
	double ns; /* of one; above 0 */
};

/* Times as they are. */
extern const struct machine_unit machine_units_none;
/* What the clock of the kernel lab counts, each a nanosecond of it. */
extern const struct machine_unit machine_units_instructions;
/* Of one name; a unit without one is machine_units_none. */
bool machine_units_same(const struct machine_unit *a,
			const struct machine_unit *b);

/*
 * A warm memcpy of so many bytes, in pieces of that size. Between two sizes of
 * the calibration the speed changes evenly with the logarithm of the size;
 * below the smallest and above the largest it is theirs.
 */
double machine_units_copy_ns(const struct calibration *machine, double bytes,
			     double piece_bytes);

/*
 * Of the whole work of a sample: a copy of the bytes that an allocator which
 * copies each growth would copy, in pieces of their mean size. Where nothing
 * would be copied: a fault.
 */
struct machine_unit machine_units_of_work(const struct calibration *machine,
					  double copied_bytes, double growths);
/* Of a single growth to that size: a copy of as many bytes. */
struct machine_unit machine_units_of_growth(const struct calibration *machine,
					    double bytes);
/* Of a single call of any kind: the first touch of a page. */
struct machine_unit machine_units_of_call(const struct calibration *machine);

#endif
