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
		sheet_text(sheet, "");
		sheet_text(sheet, "");
		sheet_row_end(sheet);
		++*points;
	}
	warmup_free(&warmup);
	return 0;
}

/* Between the reference and its twin, repetition by repetition. */
static void write_between(struct sheet *sheet, const struct warmup *reference,
			  const struct warmup *twin)
{
	for (size_t i = 0; i < reference->count && i < twin->count; i++) {
		double a = reference->medians_ns[i], b = twin->medians_ns[i];

		if (!(a > 0) || !(b > 0))
			continue;
		sheet_row(sheet, 0);
		sheet_count(sheet, i + 1);
		sheet_count(sheet, twin->samples);
		sheet_time(sheet, a);
		sheet_text(sheet, "");
		sheet_text(sheet, "");
		sheet_time(sheet, fmin(a, b));
		sheet_time(sheet, fmax(a, b));
		sheet_row_end(sheet);
	}
}

static int write_noise(struct sheet *sheet, enum figure_index clock)
{
	struct warmup reference, twin;
	int error;

	if (!sheet->reference || !sheet->twin)
		return 0;
	error = warmup_of(sheet->reference, clock, &reference);
	if (error)
		return error;
	error = warmup_of(sheet->twin, clock, &twin);
	if (!error) {
		write_between(sheet, &reference, &twin);
		warmup_free(&twin);
	}
	warmup_free(&reference);
	return error;
}

bool drawing_has_warmup(const struct results_file *file,
			const struct results_group *group)
{
	(void)group;
	return file->repeat > 1;
}

int drawing_warmup(struct sheet *sheet)
{
	enum figure_index clock = sheet->group->clock == CLOCK_CPU
					  ? FIGURE_CPU_NS
					  : FIGURE_WALL_NS;
	size_t points = 0;
	int error = 0;

	sheet_header(sheet, "repetition\tprocesses\ttime_ns\tlevel_ns\ttrend\t"
			    "low_ns\thigh_ns");
	error = write_noise(sheet, clock);
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
