/*
 * table_threads - a block for each line of threads of a results file, for
 * people and as JSON; see threads.h.
 */
#ifndef REGROW_TABLE_THREADS_H
#define REGROW_TABLE_THREADS_H

#include "driver/json.h"
#include "driver/table_parts.h"

/* Nothing where no groups differ by their threads alone. 0 or -ENOMEM. */
int printout_print_threads(struct printout *printout,
			   const struct results_file *file);

/* Adds "threads" to a table's JSON, as results/TABLE.md says. 0 or -ENOMEM. */
int threads_to_json(const struct results_file *file, struct json *into);

#endif
