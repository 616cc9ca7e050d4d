/* table_map - the map along the run: fragmentation, and whether holes add up. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/map_trend.h"
#include "driver/table_parts.h"

static void share_text(double share, char *text)
{
	if (isnan(share))
		snprintf(text, GRID_TEXT_MAX, "-");
	else
		snprintf(text, GRID_TEXT_MAX,
			 fabs(share) < 99.95 ? "%.2fx" : "%.0fx", share);
}

/* "bounded at 0.50", "growing by 0.12 (0.11..0.13)", "0.21, cannot tell". */
static void trend_text(const struct printout *printout,
		       const struct map_course *course, char *text)
{
	switch (course->trend) {
	case MAP_TREND_BOUNDED:
		snprintf(text, GRID_TEXT_MAX, "bounded at %.2fx",
			 course->holes);
		break;
	case MAP_TREND_GROWING:
		snprintf(text, GRID_TEXT_MAX, "growing by %.2gx (%.2g%s%.2g)",
			 course->slope, course->interval.low,
			 style_range(printout->style), course->interval.high);
		break;
	case MAP_TREND_UNTOLD:
		snprintf(text, GRID_TEXT_MAX, "%.2fx, cannot tell",
			 course->holes);
		break;
	default:
		snprintf(text, GRID_TEXT_MAX, "-");
	}
}

static void map_line(struct printout *printout, struct grid *grid,
		     const struct table_row *row,
		     const struct map_course *course)
{
	struct grid_row *line = printout_begin(printout, grid, row);

	share_text(course->mapped.final, line->cells[1]);
	share_text(course->mapped.worst, line->cells[2]);
	share_text(course->resident.final, line->cells[3]);
	share_text(course->resident.worst, line->cells[4]);
	printout_size(course->left_mapped_bytes, line->cells[5]);
	printout_size(course->left_resident_bytes, line->cells[6]);
	trend_text(printout, course, line->cells[7]);
}

static void map_foot(struct printout *printout)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "one checking sample each; shares of the live bytes along the "
		 "run, '-' below 1 MiB of them; left: after all was released. "
		 "Holes: over the last half of the run, per %d requests; "
		 "bounded: that half adds at most %.2f (%.0f %% interval of "
		 "Theil and Sen's slope)",
		 MAP_TREND_REQUESTS, MAP_TREND_SHARE_MAX,
		 100 * MAP_TREND_LEVEL);
	printout_note(printout, "map: ", text);
}

int printout_print_map(struct printout *printout,
		       const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{"the map along", "the run, of"}, true},
		{{"mapped", "final"}, false},
		{{"of live,", "worst"}, false},
		{{"resident", "final"}, false},
		{{"of live,", "worst"}, false},
		{{"left", "mapped"}, false},
		{{"left", "resident"}, false},
		{{NULL, "bytes in holes of live"}, true},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, 8);
	int error = 0;

	if (!grid)
		return -ENOMEM;
	while (!error && (row = printout_next(group, row))) {
		struct map_course course;

		error = map_course_find(row->cell, &course);
		if (!error && !isnan(course.mapped.final))
			map_line(printout, grid, row, &course);
	}
	if (!error && grid->rows_count > 0) {
		fputc('\n', printout->stream);
		grid_print(grid, printout->style, printout->stream);
		map_foot(printout);
	}
	free(grid);
	return error;
}
