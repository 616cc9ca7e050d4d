/*
 * drawing_refill - the data of the figure of what became of holes, by size: one
 * for all groups of a file that differ in their option size alone, and whose
 * workload tells by its own figures exact, higher_gap and elsewhere.
 * plot/refills.gp says what the columns are.
 */
#ifndef REGROW_DRAWING_REFILL_H
#define REGROW_DRAWING_REFILL_H

#include "driver/drawing.h"

/*
 * Adds those of a file, each with a stem that begins with prefix; there is none
 * with less than two sizes. The list has room for one per group of the file. 0
 * or -ENOMEM.
 */
int drawing_refill(const struct results_file *file, const char *prefix,
		   struct drawings *drawings);

#endif
