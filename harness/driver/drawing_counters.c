/* drawing_counters - what was counted in a sample, by counter. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"

#include "driver/counted.h"
#include "driver/drawing_kinds.h"
#include "driver/drawing_text.h"
#include "driver/group_units.h"

/*
 * Of a part, or of all together where part is COUNTED_PARTS; times in the
 * sheet's unit.
 */
static struct sheet_middle middle_of(struct sheet *sheet,
				     const struct counted *counted,
				     const struct results_cell *cell,
				     unsigned int part, double *values)
{
	size_t i, count = 0;

	for (i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		double value = part < COUNTED_PARTS
				       ? counted_value(counted, part, sample)
				       : counted_whole(counted, sample);

		if (!isnan(value))
			values[count++] =
				value / (counted->is_time ? sheet->unit.ns : 1);
	}
	return sheet_middle(sheet, values, count);
}

/* "131 k (0.43x)": the whole, and how it compares with the reference's. */
static void write_text(struct sheet *sheet, const struct results_cell *cell,
		       const struct counted *counted, double whole,
		       double reference)
{
	char count[UNITS_TEXT_SIZE], text[64];

	if (counted->is_time)
		sheet_time_text(sheet, whole * sheet->unit.ns, count);
	else
		units_read_count(whole, count);
	if (reference > 0 && sheet->compares && cell != sheet->reference &&
	    cell->role != ROLE_FLOOR)
		snprintf(text, sizeof(text), "%s (%.3gx)", count,
			 whole / reference);
	else
		snprintf(text, sizeof(text), "%s", count);
	sheet_text(sheet, text);
}

/* Which panel a row is of. */
static void write_panel(struct sheet *sheet, unsigned int place,
			const struct counted *counted)
{
	/* Instructions, and times in units of the machine, are numbers. */
	bool is_time = counted->is_time && !sheet->file->machine &&
		       !group_units_counts_instructions(sheet->file);
	char name[sizeof(counted->name) + 16];

	snprintf(name, sizeof(name), "%s%s%s", counted->name,
		 counted->is_time && !is_time ? ", " : "",
		 counted->is_time && !is_time ? sheet->unit.name : "");
	sheet_count(sheet, place);
	sheet_text(sheet, name);
	sheet_text(sheet, is_time ? "ns" : "count");
}

static void write_bar(struct sheet *sheet, unsigned int number,
		      unsigned int place, const struct counted *counted,
		      double *values)
{
	static const char *const part_names[COUNTED_PARTS] = {"user", "kernel"};
	const struct results_cell *cell = sheet->series[number - 1].cell;
	struct sheet_middle part, whole, reference = {0, NAN, NAN, NAN};
	double from = 0;
	unsigned int i;

	whole = middle_of(sheet, counted, cell, COUNTED_PARTS, values);
	if (sheet->reference)
		reference = middle_of(sheet, counted, sheet->reference,
				      COUNTED_PARTS, values);
	for (i = 0; i < counted->parts && i < COUNTED_PARTS && whole.count;
	     i++) {
		bool last = i + 1 == counted->parts;

		part = middle_of(sheet, counted, cell, i, values);
		sheet_row(sheet, number);
		write_panel(sheet, place, counted);
		sheet_count(sheet, counted->parts > 1 ? i + 1 : 0);
		sheet_text(sheet, counted->parts > 1 ? part_names[i] : "");
		sheet_count(sheet, part.count);
		sheet_real(sheet, part.median);
		sheet_real(sheet, from);
		sheet_real(sheet, from + part.median);
		sheet_real(sheet, last ? whole.low : NAN);
		sheet_real(sheet, last ? whole.high : NAN);
		if (last)
			write_text(sheet, cell, counted, whole.median,
				   reference.median);
		else
			sheet_text(sheet, "");
		sheet_row_end(sheet);
		from += part.median;
	}
}

/* The end of the farthest interval; NaN: it was not measured. */
static double greatest(struct sheet *sheet, const struct counted *counted,
		       double *values)
{
	double most = NAN;
	unsigned int i;

	for (i = 0; i < sheet->series_count; i++)
		most = fmax(most,
			    middle_of(sheet, counted, sheet->series[i].cell,
				      COUNTED_PARTS, values)
				    .high);
	return most;
}

/* By how much the twin's whole is above the reference's, paired by round. */
static struct sheet_middle twin_above(const struct sheet *sheet,
				      const struct counted *counted,
				      double *values)
{
	size_t i, cursor = 0, count = 0;
	struct interval interval;

	for (i = 0; i < sheet->twin->samples_count; i++) {
		const struct results_sample *twin = &sheet->twin->samples[i];
		const struct results_sample *other;
		double above = counted_whole(counted, twin);

		if (isnan(above))
			continue;
		other = sheet_partner(sheet->reference, counted->pass,
				      twin->round, &cursor);
		above -= other ? counted_whole(counted, other) : NAN;
		if (!isnan(above))
			values[count++] =
				above / (counted->is_time ? sheet->unit.ns : 1);
	}
	if (count == 0)
		return (struct sheet_middle){0, NAN, NAN, NAN};
	stats_sort(values, count);
	interval = stats_median_interval(values, count, SHEET_LEVEL);
	return (struct sheet_middle){count, stats_median(values, count),
				     interval.low, interval.high};
}

/*
 * What the twin says that the reference's bar could as well end at. Differences
 * and not ratios, since many a count is 0 in some rounds.
 */
static struct sheet_middle
noise_of(struct sheet *sheet, const struct counted *counted, double *values)
{
	struct sheet_middle none = {0, NAN, NAN, NAN}, bar, above;

	if (!sheet->reference || !sheet->twin)
		return none;
	bar = middle_of(sheet, counted, sheet->reference, COUNTED_PARTS,
			values);
	above = twin_above(sheet, counted, values);
	if (bar.count == 0 || above.count == 0)
		return none;
	return (struct sheet_middle){above.count, bar.median,
				     fmax(bar.median + fmin(above.low, 0), 0),
				     bar.median + fmax(above.high, 0)};
}

static void write_noise(struct sheet *sheet, unsigned int place,
			const struct counted *counted, double *values)
{
	struct sheet_middle noise = noise_of(sheet, counted, values);

	if (noise.count == 0)
		return;
	sheet_band_width(sheet, noise.high - noise.low);
	sheet_row(sheet, 0);
	write_panel(sheet, place, counted);
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_count(sheet, noise.count);
	sheet_real(sheet, noise.median);
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_real(sheet, noise.low);
	sheet_real(sheet, noise.high);
	sheet_text(sheet, "");
	sheet_row_end(sheet);
}

/* The panels so far, and the names of what has nothing to be seen. */
struct counting {
	struct sheet *sheet;
	double *values; /* room for a cell's samples */
	unsigned int panels;
	unsigned int panels_checking; /* of them, in the checking pass */
	char zeroes[256];
};

static void add_panel(struct counting *counting, const struct counted *counted)
{
	double most = greatest(counting->sheet, counted, counting->values);
	size_t used = strlen(counting->zeroes);
	char name[96];
	unsigned int i;

	if (isnan(most))
		return;
	if (most <= 0) {
		snprintf(counting->zeroes + used,
			 sizeof(counting->zeroes) - used, "%s%s",
			 used ? ", " : "",
			 drawing_visible(counted->name, name, sizeof(name)));
		return;
	}
	counting->panels++;
	counting->panels_checking += counted->pass == PASS_CHECKING;
	write_noise(counting->sheet, counting->panels, counted,
		    counting->values);
	for (i = 1; i <= counting->sheet->series_count; i++)
		write_bar(counting->sheet, i, counting->panels, counted,
			  counting->values);
}

static void add_always(struct counting *counting)
{
	struct counted counted;
	unsigned int i;

	for (i = 0; counted_always(i, &counted); i++)
		add_panel(counting, &counted);
}

/* Halves that no sample has both of stand apart. */
static void add_counter(struct counting *counting,
			const struct counted *counted)
{
	struct counted half;
	unsigned int i;

	if (counted->parts == 1 ||
	    !isnan(greatest(counting->sheet, counted, counting->values))) {
		add_panel(counting, counted);
		return;
	}
	for (i = 0; i < counted->parts; i++)
		if (counted_counter(counting->sheet->file, counted->counters[i],
				    false, &half))
			add_panel(counting, &half);
}

static void add_counters(struct counting *counting, bool tracepoints)
{
	const struct results_file *file = counting->sheet->file;
	struct counted counted;
	unsigned int i;

	for (i = 0; i < file->counters_count; i++)
		if (file->counters[i].tracepoint == tracepoints &&
		    counted_counter(file, i, true, &counted))
			add_counter(counting, &counted);
}

static void note_left_out(struct counting *counting)
{
	const struct results_file *file = counting->sheet->file;
	unsigned int i, missing = 0;

	for (i = 0; i < file->counters_count; i++)
		missing += file->counters[i].missing != NULL;
	if (counting->panels_checking)
		sheet_note(counting->sheet,
			   " Tracepoints: of the checking pass.");
	if (counting->zeroes[0])
		sheet_note(counting->sheet, " Of median 0 everywhere: %s.",
			   counting->zeroes);
	if (missing)
		sheet_note(counting->sheet,
			   " %u counter%s could not be opened.", missing,
			   missing == 1 ? "" : "s");
}

int drawing_counters(struct sheet *sheet)
{
	struct counting counting = {
		.sheet = sheet,
		.values = calloc(sheet->samples_max + 1, sizeof(double))};

	if (!counting.values)
		return -ENOMEM;
	sheet_header(sheet, "panel\tpanel_name\tunit\tpart\tpart_name\t"
			    "samples\tvalue\tfrom\tto\tlow\thigh\ttext");
	add_always(&counting);
	add_counters(&counting, false);
	sheet_note_middles(sheet);
	add_counters(&counting, true);
	note_left_out(&counting);
	if (counting.panels == 0)
		sheet_why_not(sheet, "nothing was counted in a valid sample, "
				     "or all of it is 0");
	free(counting.values);
	return 0;
}
