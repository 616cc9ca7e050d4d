/* table_counters - the counters of a group's rows, a few columns at a time. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/counters.h"
#include "driver/table_parts.h"

#define ACROSS 7
#define HEAD_COLUMNS 24
#define VALUE_COLUMNS 8 /* the widest value */

/* The counters of one block, their names over two lines. */
struct across {
	unsigned int count;
	size_t width; /* columns of the screen, at most */
	unsigned int counters[ACROSS]; /* in the file */
	char heads[ACROSS][2][GRID_TEXT_MAX];
	struct grid_column columns[1 + ACROSS];
};

/* Nanoseconds; see perf_event_open(2). */
static bool counter_is_time(const char *name)
{
	return strncmp(name, "task-clock", 10) == 0 ||
	       strncmp(name, "cpu-clock", 9) == 0;
}

/* Adds a counter, unless it makes the line too long: "mmap" over its event. */
static bool across_add(const struct printout *printout, unsigned int counter,
		       struct across *across)
{
	const char *name = printout->table->file->counters[counter].name;
	char(*head)[GRID_TEXT_MAX] = across->heads[across->count];
	size_t length = strcspn(name, ":"), width = VALUE_COLUMNS, i;
	char first[COUNTER_NAME_MAX];

	if (across->count == 0)
		across->width = NAME_COLUMNS;
	if (across->count == ACROSS)
		return false;
	snprintf(first, sizeof(first), "%.*s", (int)length, name);
	printout_fit(printout->style, first, HEAD_COLUMNS, "", head[0]);
	printout_fit(printout->style, name[length] ? name + length + 1 : "",
		     HEAD_COLUMNS, "", head[1]);
	for (i = 0; i < 2; i++)
		if (style_columns(head[i]) > width)
			width = style_columns(head[i]);
	if (across->width + GRID_GAP + width > STYLE_COLUMNS)
		return false;
	across->width += GRID_GAP + width;
	across->counters[across->count++] = counter;
	across->columns[across->count] =
		(struct grid_column){{head[0], head[1]}, false};
	return true;
}

static void counter_text(const struct printout *printout,
			 const struct results_cell *cell, unsigned int counter,
			 char *text)
{
	double value = table_counter(cell, counter);

	if (counter_is_time(cell->file->counters[counter].name))
		printout_time_of(printout, TIME_OF_SAMPLE, value, text);
	else
		printout_count(value, text);
}

static int across_print(struct printout *printout,
			const struct table_group *group, struct across *across)
{
	const struct table_row *row = NULL;
	struct grid *grid;
	unsigned int i;

	across->columns[0] = (struct grid_column){{NULL, "allocator"}, true};
	grid = grid_new(across->columns, 1 + across->count);
	if (!grid)
		return -ENOMEM;
	while ((row = printout_next(group, row))) {
		struct grid_row *line = printout_begin(printout, grid, row);

		for (i = 0; i < across->count; i++)
			counter_text(printout, row->cell, across->counters[i],
				     line->cells[1 + i]);
	}
	fputc('\n', printout->stream);
	grid_print(grid, printout->style, printout->stream);
	free(grid);
	return 0;
}

/* Whether any row of the group has values of a counter. */
static bool counters_has(const struct table_group *group, unsigned int counter)
{
	unsigned int i;

	for (i = 0; i < group->rows_count; i++)
		if (!isnan(table_counter(group->rows[i].cell, counter)))
			return true;
	return false;
}

int printout_print_counters(struct printout *printout,
			    const struct table_group *group)
{
	struct across *across = calloc(1, sizeof(*across));
	unsigned int i;
	int error = 0;

	if (!across)
		return -ENOMEM;
	for (i = 0; i < printout->table->file->counters_count && !error; i++) {
		if (!counters_has(group, i) || across_add(printout, i, across))
			continue;
		error = across_print(printout, group, across);
		across->count = 0;
		across_add(printout, i, across);
	}
	if (across->count > 0 && !error)
		error = across_print(printout, group, across);
	free(across);
	return error;
}
