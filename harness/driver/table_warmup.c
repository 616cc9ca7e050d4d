/* table_warmup - of a run that repeats its work: how each cell warms up. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "driver/table_parts.h"
#include "driver/warmup.h"

#define LEVELS_MAX 6 /* that a line shows; the others stand in the JSON */

/* "warming", or "warming, 3 of 4" where the processes do not agree. */
static void trend_text(const struct warmup *warmup, char *text)
{
	const char *name = warmup->series.trend == TREND_UNKNOWN
				   ? "too few"
				   : trend_names[warmup->series.trend];

	if (warmup->alike == warmup->samples)
		snprintf(text, GRID_TEXT_MAX, "%s", name);
	else
		snprintf(text, GRID_TEXT_MAX, "%s, %zu of %zu", name,
			 warmup->alike, warmup->samples);
}

/* "73.8 ms, from 6: 50.1 ms"; people count repetitions from 1. "-": one. */
static void levels_text(const struct printout *printout,
			const struct trend_series *series, char *text)
{
	char time[GRID_TEXT_MAX];
	size_t used = 0, i;

	snprintf(text, GRID_TEXT_MAX, "-");
	if (series->levels_count < 2)
		return;
	for (i = 0; i < series->levels_count && i < LEVELS_MAX; i++) {
		const struct trend_level *level = &series->levels[i];

		printout_time_of(printout, TIME_OF_SAMPLE, level->median_ns,
				 time);
		if (i == 0)
			used += (size_t)snprintf(text, GRID_TEXT_MAX, "%.16s",
						 time);
		else
			used += (size_t)snprintf(
				text + used, GRID_TEXT_MAX - used,
				", from %u: %.16s", level->from + 1, time);
	}
	if (i < series->levels_count)
		snprintf(text + used, GRID_TEXT_MAX - used, ", and %zu more",
			 series->levels_count - i);
}

static int warmup_line(struct printout *printout,
		       const struct table_group *group,
		       const struct table_row *row, struct grid *grid)
{
	struct grid_row *line;
	struct warmup warmup;

	if (warmup_of(row->cell, group->clock, &warmup) != 0)
		return -ENOMEM;
	line = printout_begin(printout, grid, row);
	line->apart = row->cell->role == ROLE_FLOOR;
	if (warmup.samples > 0)
		trend_text(&warmup, line->cells[1]);
	else
		snprintf(line->cells[1], GRID_TEXT_MAX, "-");
	printout_time_of(printout, TIME_OF_SAMPLE, warmup.first_ns,
			 line->cells[2]);
	printout_time_of(printout, TIME_OF_SAMPLE, warmup.steady_ns,
			 line->cells[3]);
	printout_ratio(warmup.first_ns / warmup.steady_ns, line->cells[4]);
	levels_text(printout, &warmup.series, line->cells[5]);
	warmup_free(&warmup);
	return 0;
}

int printout_print_warmup(struct printout *printout,
			  const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{NULL, "allocator"}, true}, {{NULL, "trend"}, true},
		{{"first", "time"}, false},  {{NULL, "steady"}, false},
		{{"first", "to it"}, false}, {{NULL, "levels"}, true},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, 6);
	int error = 0;

	if (!grid)
		return -ENOMEM;
	while (!error && (row = printout_next(group, row)))
		error = warmup_line(printout, group, row, grid);
	if (!error)
		grid_print(grid, printout->style, printout->stream);
	free(grid);
	return error;
}

void printout_print_warmup_end(struct printout *printout)
{
	char text[512];

	snprintf(
		text, sizeof(text),
		"each process did its work %u times; trend, first, steady and "
		"levels are of one time (medians over the processes; Pettitt's "
		"test, %.0f %%; levels that differ by less than %.0f %% are "
		"one), all other figures of all %u together; nothing is "
		"compared",
		printout->table->file->repeat, 100 * STATS_CHANGE_ALPHA,
		100 * TREND_RATIO_MIN, printout->table->file->repeat);
	style_wrap(printout->style, EMPHASIS_NONE, "repeated: ", text,
		   printout->stream);
}
