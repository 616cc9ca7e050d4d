/* insert - SQL statements that put a row into a table, whatever it holds. */
#ifndef REGROW_INSERT_H
#define REGROW_INSERT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "driver/figures.h"
#include "driver/json.h"

/* A statement of one line that is being written. */
struct insert {
	FILE *stream;
	bool begun; /* there is a value to be followed by a comma */
};

/* Values in the order of the table's columns stand between the two. */
void insert_begin(struct insert *insert, const char *table);
void insert_end(struct insert *insert);

/* NULL: NULL. */
void insert_text(struct insert *insert, const char *text);
/* FIGURE_ABSENT: NULL. */
void insert_number(struct insert *insert, int64_t value);
/* A value as the text of its JSON; NULL: NULL. 0 or -ENOMEM. */
int insert_json(struct insert *insert, const struct json *json);

#endif
