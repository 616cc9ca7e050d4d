/*
 * table_moves - by which levels of page tables what a row moved could be moved.
 */
#ifndef REGROW_TABLE_MOVES_H
#define REGROW_TABLE_MOVES_H

#include <stdbool.h>

#include "driver/grid.h"
#include "driver/table_rows.h"

/* Whether a row moved anything, in a file that says by what it could be. */
bool table_moves_seen(const struct table_group *group);

/*
 * "PMD 97 %, PTE 3 %": shares of the bytes, the highest level first; "" where
 * nothing was moved, or the file does not say.
 */
void table_moves_text(const struct table_row *row, char text[GRID_TEXT_MAX]);

#endif
