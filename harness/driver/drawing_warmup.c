/* drawing_warmup - the time of each repetition, and the levels it keeps. */
#include <math.h>

#include "driver/drawing_kinds.h"
#include "driver/warmup.h"

/* The median of the level that a repetition belongs to; NaN: none. */
static double level_ns(const struct trend_series *series, size_t repetition)
{
	double ns = NAN;

	for (size_t i = 0; i < series->levels_count; i++)
		if (series->levels[i].from <= repetition)
			ns = series->levels[i].median_ns;
	return ns;
}

static int write_series(struct sheet *sheet, unsigned int number,
			enum figure_index clock, size_t *points)
{
	struct warmup warmup;
	int error = warmup_of(sheet->series[number - 1].cell, clock, &warmup);

	if (error)
		return error;
	for (size_t i = 0; i < warmup.count; i++) {
		if (!(warmup.medians_ns[i] > 0))
			continue;
		sheet_row(sheet, number);
		sheet_count(sheet, i + 1);
		sheet_count(sheet, warmup.samples);
		sheet_time(sheet, warmup.medians_ns[i]);
		sheet_time(sheet, level_ns(&warmup.series, i));
		sheet_text(sheet, trend_names[warmup.series.trend]);
		sheet_row_end(sheet);
		++*points;
	}
	warmup_free(&warmup);
	return 0;
}

int drawing_warmup(struct sheet *sheet)
{
	enum figure_index clock = sheet->group->clock == CLOCK_CPU
					  ? FIGURE_CPU_NS
					  : FIGURE_WALL_NS;
	size_t points = 0;
	int error = 0;

	sheet_header(sheet, "repetition\tprocesses\ttime_ns\tlevel_ns\ttrend");
	for (unsigned int i = 1; i <= sheet->series_count && !error; i++)
		error = write_series(sheet, i, clock, &points);
	if (points == 0)
		sheet_why_not(sheet, "no valid sample repeated its work");
	sheet_note(sheet,
		   "Medians over the processes, %s; lines: the levels that a "
		   "change-point test finds.",
		   clock == FIGURE_CPU_NS ? "CPU time" : "wall");
	return error;
}
