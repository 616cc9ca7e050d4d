/*
 * drawing_shapes - the data of the figure of what a call costs along an axis
 * (see shape_read.h): one for each axis, a panel for each kind of call.
 * plot/shapes.gp says what the columns are.
 */
#ifndef REGROW_DRAWING_SHAPES_H
#define REGROW_DRAWING_SHAPES_H

#include "driver/drawing.h"

/*
 * Adds those of a file, each with a stem that begins with prefix. The list has
 * room for one per group of the file. 0 or -ENOMEM.
 */
int drawing_shapes(const struct results_file *file, const char *prefix,
		   struct drawings *drawings);

#endif
