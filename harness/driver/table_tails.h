/*
 * table_tails - requests by percentile: service beside response, and forks
 * beside exits, each with its interval over rounds; who could not keep up.
 */
#ifndef REGROW_TABLE_TAILS_H
#define REGROW_TABLE_TAILS_H

#include "driver/json.h"
#include "driver/table_parts.h"

/* Nothing where none occurred. 0 or -ENOMEM. */
int printout_print_tails(struct printout *printout,
			 const struct table_group *group);

/* Adds "tails" and "open_loop"; nothing where a cell has none. */
void tails_to_json(const struct results_cell *cell, struct json *into);

/* The median and its interval below a key; nothing where it is not told. */
struct tail_figure;
void tail_figure_to_json(struct json *json, const char *key,
			 const struct tail_figure *figure);

#endif
