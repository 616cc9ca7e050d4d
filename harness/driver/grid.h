/*
 * grid - rows of short texts under column heads, aligned, at most STYLE_COLUMNS
 * wide.
 */
#ifndef REGROW_GRID_H
#define REGROW_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "driver/style.h"

#define GRID_GAP 2 /* columns of the screen between two of the grid */
#define GRID_COLUMNS_MAX 12
#define GRID_ROWS_MAX 192
#define GRID_TEXT_MAX 256

struct grid_column {
	const char *head[2]; /* two lines; NULL: nothing there */
	bool left; /* else aligned to the right */
};

/*
 * Columns are as wide as their widest text. The last one, where it is aligned
 * to the left, gets what is left of the line, and longer texts go on below.
 */
struct grid {
	const struct grid_column *columns;
	unsigned int columns_count;
	unsigned int rows_count;
	struct grid_row {
		enum emphasis emphasis;
		bool apart; /* an empty line before it */
		char cells[GRID_COLUMNS_MAX][GRID_TEXT_MAX];
	} rows[GRID_ROWS_MAX];
};

/* NULL where memory ran out; free() it. */
struct grid *grid_new(const struct grid_column *columns,
		      unsigned int columns_count);
/* A row more, its cells empty; the last one again where there are too many. */
struct grid_row *grid_row(struct grid *grid);
void grid_print(const struct grid *grid, const struct style *style,
		FILE *stream);

#endif
