/*
 * table_cold - the first growth of a process, and the later ones of its size:
 * medians over a cell's timing samples. For the table_ files alone.
 */
#ifndef REGROW_TABLE_COLD_H
#define REGROW_TABLE_COLD_H

#include <stddef.h>

#include "driver/json.h"
#include "driver/results.h"

struct cold {
	size_t samples; /* that know their first growth */
	double alloc_ns; /* the first alloc(); NaN: none */
	double grow_ns; /* the first grow(); NaN: none */
	double bytes; /* its new size */
	/*
	 * A later growth of the same size class, to from 2^k to 2^(k+1) - 1:
	 * the median of the samples' means. NaN: no sample has any.
	 */
	double later_ns;
};

/* Not measured where memory ran out. */
struct cold cold_of(const struct results_cell *cell);

/* Adds "cold" to a cell of the table's JSON; nothing where none is known. */
void cold_to_json(const struct results_cell *cell, struct json *into);

#endif
