/* sheet - a drawing's data while it is written. */
#include "driver/sheet.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/drawing_text.h"
#include "driver/group_units.h"
#include "driver/names.h"

/* Behind a label, which has room for it. */
static void label_add(struct sheet_series *series, const char *text)
{
	size_t used = strlen(series->label);

	snprintf(series->label + used, sizeof(series->label) - used, "%s",
		 text);
}

/* Labels that were cut alike are told apart by a number. */
static void label_series(struct sheet *sheet, unsigned int place, bool twin)
{
	struct sheet_series *series = &sheet->series[place];
	unsigned int i, same = 1;
	size_t length;
	char text[16];

	drawing_shortened(series->cell->allocator, SHEET_LABEL_WIDTH,
			  series->label, sizeof(series->label) - 32);
	if (!series->label[0])
		label_add(series, "?");
	if (twin)
		label_add(series, " (twin)");
	length = strlen(series->label);
	for (i = 0; i < place; i++) {
		const char *other = sheet->series[i].label;

		if (strncmp(other, series->label, length) == 0 &&
		    (!other[length] || strncmp(other + length, " #", 2) == 0))
			same++;
	}
	snprintf(text, sizeof(text), " #%u", same);
	if (same > 1)
		label_add(series, text);
}

static bool was_measured(const struct results_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].valid)
			return true;
	return false;
}

static void add_role(struct sheet *sheet, enum cell_role role)
{
	const struct results_cell *cell;
	unsigned int i;

	for (i = 0; i < sheet->file->cells_count; i++) {
		cell = &sheet->file->cells[i];
		if (cell->group != sheet->group || cell->role != role ||
		    cell->skipped)
			continue;
		sheet->series[sheet->series_count].cell = cell;
		label_series(sheet, sheet->series_count++, role == ROLE_TWIN);
	}
}

int sheet_open(struct sheet *sheet, const struct results_file *file,
	       const struct results_group *group, bool twin_is_series)
{
	unsigned int i;

	sheet->file = file;
	sheet->group = group;
	sheet->compares = file->repeat <= 1;
	sheet->unit = group_units_of_sample(group, file);
	sheet->series = calloc(file->cells_count + 1, sizeof(*sheet->series));
	sheet->rows = open_memstream(&sheet->drawing->data,
				     &sheet->drawing->data_size);
	if (!sheet->series || !sheet->rows)
		return -ENOMEM;
	for (i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->group != group || cell->skipped)
			continue;
		if (cell->samples_count > sheet->samples_max)
			sheet->samples_max = cell->samples_count;
		if (cell->role == ROLE_REFERENCE && was_measured(cell))
			sheet->reference = cell;
		if (cell->role == ROLE_TWIN && was_measured(cell))
			sheet->twin = cell;
	}
	add_role(sheet, ROLE_REFERENCE);
	if (twin_is_series)
		add_role(sheet, ROLE_TWIN);
	add_role(sheet, ROLE_ROW);
	add_role(sheet, ROLE_FLOOR);
	return 0;
}

/* The number of fields of the rows, from the header. */
static unsigned int field_count(const char *data)
{
	unsigned int count = 1;

	for (; *data && *data != '\n'; data++)
		count += *data == '\t';
	return count;
}

/*
 * A series without a row would be missing in the legend without a word: it
 * gets one with empty fields that says so.
 */
static void add_missing(struct sheet *sheet)
{
	unsigned int i, fields;

	fflush(sheet->rows);
	fields = field_count(sheet->drawing->data);
	for (i = 0; i < sheet->series_count; i++) {
		struct sheet_series *series = &sheet->series[i];
		unsigned int left = fields > 4 ? fields - 4 : 0;

		if (series->has_rows)
			continue;
		label_add(series, " (no data)");
		sheet_row(sheet, i + 1);
		while (left-- > 0)
			sheet_text(sheet, "");
		sheet_row_end(sheet);
	}
}

int sheet_close(struct sheet *sheet)
{
	struct drawing *drawing = sheet->drawing;
	int failed = 0;

	if (sheet->rows) {
		if (!drawing->why_not[0])
			add_missing(sheet);
		failed = ferror(sheet->rows);
		failed |= fclose(sheet->rows) != 0;
	}
	free(sheet->series);
	if (failed || drawing->why_not[0]) {
		free(drawing->data);
		drawing->data = NULL;
	}
	return failed ? -ENOMEM : 0;
}

void sheet_header(struct sheet *sheet, const char *columns)
{
	size_t length;

	fprintf(sheet->rows, "series\trole\tlabel\tallocator");
	while (*columns) {
		length = strcspn(columns, "\t");
		if (length > 3 && memcmp(columns + length - 3, "_ns", 3) == 0)
			fprintf(sheet->rows, "\t%.*s%s", (int)length - 2,
				columns, sheet->unit.name);
		else
			fprintf(sheet->rows, "\t%.*s", (int)length, columns);
		columns += length + (columns[length] == '\t');
	}
	fputc('\n', sheet->rows);
}

void sheet_row(struct sheet *sheet, unsigned int number)
{
	struct sheet_series *series;
	char whole[4096];

	if (number == 0) {
		drawing_field(sheet->twin->allocator, whole, sizeof(whole));
		fprintf(sheet->rows, "0\tnoise\tnoise floor\t%s", whole);
		return;
	}
	series = &sheet->series[number - 1];
	series->has_rows = true;
	drawing_field(series->cell->allocator, whole, sizeof(whole));
	fprintf(sheet->rows, "%u\t%s\t%s\t%s", number,
		role_names[series->cell->role], series->label, whole);
}

void sheet_text(struct sheet *sheet, const char *text)
{
	char field[256];

	fprintf(sheet->rows, "\t%s",
		drawing_visible(text, field, sizeof(field)));
}

void sheet_count(struct sheet *sheet, uint64_t count)
{
	fprintf(sheet->rows, "\t%llu", (unsigned long long)count);
}

void sheet_real(struct sheet *sheet, double value)
{
	if (isfinite(value))
		fprintf(sheet->rows, "\t%.10g", value);
	else
		fputc('\t', sheet->rows);
}

void sheet_time(struct sheet *sheet, double ns)
{
	sheet_real(sheet, ns / sheet->unit.ns);
}

void sheet_time_text(const struct sheet *sheet, double ns, char *text)
{
	if (machine_units_same(&sheet->unit, &machine_units_none))
		units_read_time(ns, text);
	else if (machine_units_same(&sheet->unit, &machine_units_instructions))
		units_read_count(ns, text);
	else
		snprintf(text, UNITS_TEXT_SIZE, "%.3g", ns / sheet->unit.ns);
}

void sheet_row_end(struct sheet *sheet)
{
	fputc('\n', sheet->rows);
}

struct sheet_middle sheet_middle(struct sheet *sheet, double *values,
				 size_t count)
{
	struct interval interval;

	if (count == 0)
		return (struct sheet_middle){0, NAN, NAN, NAN};
	if (sheet->values_max == 0 || count < sheet->values_min)
		sheet->values_min = count;
	if (count > sheet->values_max)
		sheet->values_max = count;
	stats_sort(values, count);
	interval = stats_median_interval(values, count, SHEET_LEVEL);
	sheet->has_ranges |= !(interval.level > 0);
	return (struct sheet_middle){count, stats_median(values, count),
				     interval.low, interval.high};
}

struct sheet_middle sheet_ratio(const double *a, const double *b, size_t count,
				double *scratch)
{
	struct sheet_middle ratio = {0, NAN, NAN, NAN};
	struct interval interval;

	if (count == 0)
		return ratio;
	ratio.median = stats_paired_ratio(a, b, count, SHEET_LEVEL, scratch,
					  &interval, &ratio.count);
	if (ratio.count == 0)
		return (struct sheet_middle){0, NAN, NAN, NAN};
	ratio.low = interval.low;
	ratio.high = interval.high;
	return ratio;
}

struct sheet_middle sheet_noise(struct sheet_middle ratio)
{
	ratio.low = fmin(ratio.low, 1);
	ratio.high = fmax(ratio.high, 1);
	return ratio;
}

void sheet_band_width(struct sheet *sheet, double width)
{
	sheet->has_flat_band |= width <= 0;
}

const struct results_sample *sheet_partner(const struct results_cell *cell,
					   enum pass pass, unsigned int round,
					   size_t *cursor)
{
	for (; *cursor < cell->samples_count; (*cursor)++) {
		const struct results_sample *sample = &cell->samples[*cursor];

		if (!sheet_usable(sample, pass) || sample->round < round)
			continue;
		return sample->round == round ? sample : NULL;
	}
	return NULL;
}

void sheet_middle_fields(struct sheet *sheet, struct sheet_middle middle)
{
	sheet_real(sheet, middle.median);
	sheet_real(sheet, middle.low);
	sheet_real(sheet, middle.high);
}

void sheet_middle_times(struct sheet *sheet, struct sheet_middle middle)
{
	sheet_time(sheet, middle.median);
	sheet_time(sheet, middle.low);
	sheet_time(sheet, middle.high);
}

void sheet_note(struct sheet *sheet, const char *format, ...)
{
	char *note = sheet->drawing->note;
	size_t used = strlen(note), size = sizeof(sheet->drawing->note);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(note + used, size - used, format, arguments);
	va_end(arguments);
}

void sheet_note_middles(struct sheet *sheet)
{
	if (sheet->values_max <= 1) {
		sheet_note(sheet, "One sample each, so no interval.");
		return;
	}
	sheet_note(sheet, "Medians of ");
	if (sheet->values_min != sheet->values_max)
		sheet_note(sheet, "%zu to ", sheet->values_min);
	sheet_note(sheet, "%zu samples; bars: intervals of %g %%",
		   sheet->values_max, 100 * SHEET_LEVEL);
	if (sheet->has_ranges)
		sheet_note(sheet, ", least to greatest where too few samples");
	sheet_note(sheet, ".");
}

void sheet_why_not(struct sheet *sheet, const char *format, ...)
{
	char text[sizeof(sheet->drawing->why_not)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	drawing_field(text, sheet->drawing->why_not,
		      sizeof(sheet->drawing->why_not));
}
