/* drawing_timeline - the memory map while the workload runs, and drained. */
#include <math.h>
#include <string.h>

#include "driver/drawing_kinds.h"
#include "driver/map_trend.h"

/* A panel: a number of the map. */
struct panel {
	const char *name;
	const char *unit; /* "count", "bytes", "ratio": of live bytes */
	enum map_figure figure;
	bool only_above_0; /* drawn only where some value is not 0 */
	bool common; /* the same for every allocator: drawn once */
};

/* Points after the run: at once, then the settled ones. */
enum { DURING_RUN, DRAINED };

static const struct panel panels[] = {
	{"mappings (VMAs)", "count", MAP_MAPPINGS, false, false},
	{"holes", "count", MAP_HOLES, false, false},
	{"bytes in holes", "bytes", MAP_HOLE_BYTES, false, false},
	{"resident", "bytes", MAP_RESIDENT_BYTES, false, false},
	{"page tables", "bytes", MAP_PAGE_TABLE_BYTES, false, false},
	{"in huge pages", "bytes", MAP_HUGE_BYTES, true, false},
	{"lazily freed, still resident", "bytes", MAP_LAZY_FREE_BYTES, true,
	 false},
	{"live: asked for, not released", "bytes", MAP_LIVE_BYTES, true, true},
	{"ideal: of live pages those written", "bytes", MAP_IDEAL_BYTES, true,
	 true},
	{"mapped over live", "ratio", MAP_MAPPED_BYTES, true, false},
	{"resident over live", "ratio", MAP_RESIDENT_BYTES, true, false},
};
#define PANELS (sizeof(panels) / sizeof(*panels))

/* The first valid checking sample, which the timeline is of; or NULL. */
static const struct results_sample *checked(const struct results_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->samples_count; i++)
		if (sheet_usable(&cell->samples[i], PASS_CHECKING))
			return &cell->samples[i];
	return NULL;
}

static double real(int64_t value)
{
	return value == FIGURE_ABSENT ? NAN : (double)value;
}

static double panel_value(const struct panel *panel, const int64_t *values)
{
	if (strcmp(panel->unit, "ratio") == 0)
		return map_share(values[panel->figure], values[MAP_LIVE_BYTES]);
	return real(values[panel->figure]);
}

static bool panel_has_something(const struct sheet *sheet,
				const struct panel *panel)
{
	unsigned int i, j;

	for (i = 0; i < sheet->series_count; i++) {
		const struct results_cell *cell = sheet->series[i].cell;

		for (j = 0; j < cell->timeline_count; j++) {
			double value =
				panel_value(panel, cell->timeline[j].values);

			if (!isnan(value) &&
			    (value != 0 || !panel->only_above_0))
				return true;
		}
	}
	return false;
}

static void write_point(struct sheet *sheet, unsigned int number,
			unsigned int place, const struct panel *panel,
			const double numbers[4], unsigned int drained)
{
	sheet_row(sheet, number);
	sheet_count(sheet, place);
	sheet_text(sheet, panel->name);
	sheet_text(sheet, panel->unit);
	sheet_real(sheet, numbers[0]);
	sheet_count(sheet, drained);
	sheet_real(sheet, numbers[1]);
	sheet_real(sheet, numbers[2]);
	sheet_real(sheet, numbers[3]);
	sheet_row_end(sheet);
}

/* Between the reference and its twin, at the same operations. */
static void write_noise(struct sheet *sheet, unsigned int place,
			const struct panel *panel)
{
	const struct results_cell *cell = sheet->reference;
	const struct results_cell *twin = sheet->twin;
	double widest = 0;
	unsigned int i, points = 0;

	for (i = 0; i < cell->timeline_count && i < twin->timeline_count; i++) {
		double a = panel_value(panel, cell->timeline[i].values);
		double b = panel_value(panel, twin->timeline[i].values);

		if (cell->timeline[i].operations !=
			    twin->timeline[i].operations ||
		    isnan(a) || isnan(b))
			continue;
		write_point(sheet, 0, place, panel,
			    (double[]){real(cell->timeline[i].operations), a,
				       fmin(a, b), fmax(a, b)},
			    DURING_RUN);
		widest = fmax(widest, fabs(a - b));
		points++;
	}
	if (points > 0)
		sheet_band_width(sheet, widest);
}

static void write_after(struct sheet *sheet, unsigned int number,
			unsigned int place, const struct panel *panel,
			double operations, const int64_t *values,
			unsigned int drained)
{
	double value = panel_value(panel, values);

	if (!isnan(value))
		write_point(sheet, number, place, panel,
			    (double[]){operations, value, NAN, NAN}, drained);
}

static bool write_series(struct sheet *sheet, unsigned int number,
			 unsigned int place, const struct panel *panel)
{
	const struct results_cell *cell = sheet->series[number - 1].cell;
	const struct results_sample *sample = checked(cell);
	double value, operations = 0;
	unsigned int i;
	bool any = false;

	for (i = 0; i < cell->timeline_count; i++) {
		value = panel_value(panel, cell->timeline[i].values);
		operations = real(cell->timeline[i].operations);
		if (isnan(value) || isnan(operations))
			continue;
		write_point(sheet, number, place, panel,
			    (double[]){operations, value, NAN, NAN},
			    DURING_RUN);
		any = true;
	}
	if (any && sample)
		write_after(sheet, number, place, panel, operations,
			    &sample->values[FIGURE_DRAINED], DRAINED);
	for (i = 0; any && i < cell->settled_count; i++)
		write_after(sheet, number, place, panel, operations,
			    cell->settled[i].values, DRAINED + 1 + i);
	return any;
}

static void write_panel(struct sheet *sheet, unsigned int place,
			const struct panel *panel)
{
	unsigned int i;

	if (sheet->reference && sheet->twin && !panel->common)
		write_noise(sheet, place, panel);
	for (i = 1; i <= sheet->series_count; i++)
		if (write_series(sheet, i, place, panel) && panel->common)
			break;
}

int drawing_timeline(struct sheet *sheet)
{
	unsigned int i, count = 0, points_max = 0;

	for (i = 0; i < sheet->series_count; i++)
		if (sheet->series[i].cell->timeline_count > points_max)
			points_max = sheet->series[i].cell->timeline_count;
	sheet_header(sheet, "panel\tpanel_name\tunit\toperations\tdrained\t"
			    "value\tlow\thigh");
	for (i = 0; i < PANELS && points_max > 1; i++)
		if (panel_has_something(sheet, &panels[i]))
			write_panel(sheet, ++count, &panels[i]);
	if (count == 0)
		sheet_why_not(sheet, "the map was not sampled along the run");
	sheet_note(sheet, "One sample each, of the checking pass; over the "
			  "state before the allocator was opened. Drained: "
			  "after everything was released, at once and some "
			  "time later where that was asked for. Over live: "
			  "undefined below 1 MiB of it.");
	return 0;
}
