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

/* "bounded at 0.50x", "growing by 0.12 (0.11..0.13)", "0.21x, cannot tell". */
static void trend_text(const struct printout *printout,
		       const struct map_course *course, char *text)
{
	switch (course->trend) {
	case MAP_TREND_BOUNDED:
		snprintf(text, GRID_TEXT_MAX, "bounded at %.2fx",
			 course->holes);
		break;
	case MAP_TREND_GROWING:
		snprintf(text, GRID_TEXT_MAX, "growing by %.2g (%.2g%s%.2g)",
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
	trend_text(printout, course, line->cells[5]);
}

/* What looking cost, of all rows the most. */
struct cost {
	double read_ns;
	double share;
	double skipped;
};

static void cost_add(struct cost *cost, const struct map_course *course)
{
	cost->read_ns = fmax(cost->read_ns, course->read_ns);
	cost->share = fmax(cost->share, course->read_share);
	cost->skipped = fmax(cost->skipped, course->points_skipped);
}

static void cost_foot(struct printout *printout, const struct cost *cost)
{
	char time[GRID_TEXT_MAX], share[GRID_TEXT_MAX], text[256];
	int used;

	if (!isfinite(cost->read_ns))
		return;
	printout_time_as_is(printout, cost->read_ns, time);
	printout_percent(cost->share, share);
	used = snprintf(text, sizeof(text),
			"a look takes up to %.40s on average, all together up "
			"to %.12s of the sample, none of it in what is timed",
			time, share);
	if (cost->skipped > 0)
		snprintf(text + used, sizeof(text) - (size_t)used,
			 "; up to %.0f points were left out, not to take more",
			 cost->skipped);
	printout_note(printout, "     ", text);
}

static void map_foot(struct printout *printout)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "one checking sample each; shares of the live bytes along the "
		 "run, '-' below 1 MiB of them. Bytes in holes: over the last "
		 "half of the run, per %d requests; bounded: that half adds at "
		 "most %.2f (%.0f %% interval of Theil and Sen's slope)",
		 MAP_TREND_REQUESTS, MAP_TREND_SHARE_MAX,
		 100 * MAP_TREND_LEVEL);
	printout_note(printout, "map: ", text);
}

static double real(int64_t value)
{
	return value == FIGURE_ABSENT ? NAN : (double)value;
}

/* Mapped and resident bytes at one time; "-" where nobody looked then. */
static void settled_cells(const struct results_cell *cell, unsigned int point,
			  char (*cells)[GRID_TEXT_MAX])
{
	const int64_t *values = cell->settled[point].values;
	bool known = point < cell->settled_count;

	printout_size(known ? real(values[MAP_MAPPED_BYTES]) : NAN, cells[0]);
	printout_size(known ? real(values[MAP_RESIDENT_BYTES]) : NAN, cells[1]);
}

static bool settled_any(const struct table_group *group)
{
	for (unsigned int i = 0; i < group->rows_count; i++)
		if (group->rows[i].cell->settled_count > 0 ||
		    group->rows[i].cell->settled_at_once)
			return true;
	return false;
}

/* At once, and in those columns that someone waited for. */
static int left_print(struct printout *printout,
		      const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{"left when all", "was released"}, true},
		{{"at once:", "mapped"}, false},
		{{NULL, "resident"}, false},
		{{"100 ms:", "mapped"}, false},
		{{NULL, "resident"}, false},
		{{"1 s:", "mapped"}, false},
		{{NULL, "resident"}, false},
		{{"5 s:", "mapped"}, false},
		{{NULL, "resident"}, false},
	};
	bool settled = settled_any(group);
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, settled ? 9 : 3);
	int error = 0;

	if (!grid)
		return -ENOMEM;
	while (!error && (row = printout_next(group, row))) {
		struct grid_row *line;
		struct map_course course;

		error = map_course_find(row->cell, &course);
		if (error || isnan(course.left_mapped_bytes))
			continue;
		line = printout_begin(printout, grid, row);
		printout_size(course.left_mapped_bytes, line->cells[1]);
		printout_size(course.left_resident_bytes, line->cells[2]);
		for (unsigned int i = 0; settled && i < SETTLE_POINTS; i++)
			settled_cells(row->cell, i, &line->cells[3 + 2 * i]);
	}
	if (!error && grid->rows_count > 0) {
		fputc('\n', printout->stream);
		grid_print(grid, printout->style, printout->stream);
		if (settled)
			printout_note(printout, "left: ",
				      "'-': all but 64 KiB was given back at "
				      "once, and nothing waited for, or "
				      "--settle did not go so far");
	}
	free(grid);
	return error;
}

int printout_print_map(struct printout *printout,
		       const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{"the map", "along the run"}, true},
		{{"mapped", "of live"}, false},
		{{"at", "worst"}, false},
		{{"resident", "of live"}, false},
		{{"at", "worst"}, false},
		{{"bytes in holes", "of live"}, true},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, 6);
	struct cost cost = {NAN, NAN, NAN};
	int error = 0;

	if (!grid)
		return -ENOMEM;
	while (!error && (row = printout_next(group, row))) {
		struct map_course course;

		error = map_course_find(row->cell, &course);
		if (error || isnan(course.mapped.final))
			continue;
		map_line(printout, grid, row, &course);
		cost_add(&cost, &course);
	}
	if (!error && grid->rows_count > 0) {
		fputc('\n', printout->stream);
		grid_print(grid, printout->style, printout->stream);
		map_foot(printout);
		cost_foot(printout, &cost);
	}
	free(grid);
	return error ? error : left_print(printout, group);
}
