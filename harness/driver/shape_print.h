/* shape_print - the shapes of a results file, for people and as JSON. */
#ifndef REGROW_SHAPE_PRINT_H
#define REGROW_SHAPE_PRINT_H

#include <stdio.h>

#include "driver/json.h"
#include "driver/results.h"
#include "driver/shape_read.h"
#include "driver/style.h"

/*
 * A block for each axis: operation, allocator, the cost at its least and at its
 * largest number, their ratio, the slope, the shape. Nothing where the file has
 * no axis. 0 or -ENOMEM.
 */
int shape_print(const struct results_file *file, const struct style *style,
		FILE *stream);

/*
 * Adds "axes" to a table's JSON, as results/TABLE.md says; nothing where there
 * is none. 0 or -ENOMEM.
 */
int shapes_to_json(const struct results_file *file, struct json *into);

#endif
