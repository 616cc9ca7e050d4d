/*
 * table - the table of a run, for people and as JSON; nothing in it is computed
 * here (see table_rows.h).
 */
#ifndef REGROW_TABLE_H
#define REGROW_TABLE_H

#include <stdio.h>

#include "driver/json.h"
#include "driver/results.h"
#include "driver/style.h"

/*
 * Per group: times with their ratios to the reference and how the growths came
 * out; memory; latencies where operations are many; counters; under it the
 * noise floor, what was skipped and what went wrong. No line is longer than
 * STYLE_COLUMNS: long spellings are abbreviated and explained at the end.
 * Nothing is called equal. 0 or -ENOMEM.
 */
int table_print(const struct results_file *file, const struct style *style,
		FILE *stream);

/* The same figures; NULL where memory ran out. results/TABLE.md names them. */
struct json *table_json(const struct results_file *file);

#endif
