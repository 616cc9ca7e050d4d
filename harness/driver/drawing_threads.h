/*
 * drawing_threads - the data of the figure of throughput and tail against
 * threads (see threads.h): one for each line of which something can be told.
 * plot/threads.gp says what the columns are.
 */
#ifndef REGROW_DRAWING_THREADS_H
#define REGROW_DRAWING_THREADS_H

#include "driver/drawing.h"

/*
 * Adds those of a file, each with a stem that begins with prefix. The list has
 * room for two per group of the file. 0 or -ENOMEM.
 */
int drawing_threads(const struct results_file *file, const char *prefix,
		    struct drawings *drawings);

#endif
