/*
 * drawing_inflation - the data of the figure of mappings for each live MiB, where
 * memory is written and where it is not: one for all groups of a file that differ
 * in their option touch alone, of which one has touch=none. Both are of the map
 * at the end of the run. plot/inflation.gp says what the columns are.
 */
#ifndef REGROW_DRAWING_INFLATION_H
#define REGROW_DRAWING_INFLATION_H

#include "driver/drawing.h"

/*
 * Adds those of a file, each with a stem that begins with prefix. The list has
 * room for one per group of the file. 0 or -ENOMEM.
 */
int drawing_inflation(const struct results_file *file, const char *prefix,
		      struct drawings *drawings);

#endif
