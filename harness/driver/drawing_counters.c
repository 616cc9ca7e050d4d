/* drawing_counters - what was counted in a sample, by counter. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"

#include "driver/drawing_kinds.h"
#include "driver/drawing_text.h"

#define PARTS 2 /* a counter may be kept apart for user and kernel */

/* A panel: a figure of every sample, or one or two counters. */
struct panel {
	char name[96];
	enum pass pass;
	int figure; /* enum figure_index; -1: counters */
	unsigned int parts; /* 1; 2: user, then kernel */
	unsigned int counters[PARTS]; /* in file->counters */
};

static const struct {
	enum figure_index figure;
	const char *name;
} always[] = {
	{FIGURE_FAULTS_MINOR, "minor faults"},
	{FIGURE_FAULTS_MAJOR, "major faults"},
	{FIGURE_SWITCHES_VOLUNTARY, "voluntary switches"},
	{FIGURE_SWITCHES_INVOLUNTARY, "involuntary switches"},
};
#define ALWAYS (sizeof(always) / sizeof(*always))

/* A sample's value of part; NaN: not measured. */
static double value_of(const struct panel *panel, unsigned int part,
		       const struct results_sample *sample)
{
	const struct results_reading *reading;
	double value;

	if (!sheet_usable(sample, panel->pass))
		return NAN;
	if (panel->figure >= 0) {
		int64_t figure = sample->values[panel->figure];

		return figure == FIGURE_ABSENT ? NAN : (double)figure;
	}
	if (!sample->readings)
		return NAN;
	reading = &sample->readings[panel->counters[part]];
	if (!reading->present || reading->failed)
		return NAN;
	value = (double)reading->value;
	/* It shared the unit with others: what it would have counted alone. */
	if (reading->running_ns > 0 &&
	    reading->running_ns < reading->enabled_ns)
		value *= (double)reading->enabled_ns /
			 (double)reading->running_ns;
	return reading->running_ns == 0 && reading->enabled_ns > 0 ? NAN
								   : value;
}

/* Of part, or of all parts of the panel together where part is PARTS. */
static struct sheet_middle middle_of(struct sheet *sheet,
				     const struct panel *panel,
				     const struct results_cell *cell,
				     unsigned int part, double *values)
{
	size_t i, count = 0;
	double value;

	for (i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (part < PARTS)
			value = value_of(panel, part, sample);
		else
			value = value_of(panel, 0, sample) +
				(panel->parts > 1 ? value_of(panel, 1, sample)
						  : 0);
		if (!isnan(value))
			values[count++] = value;
	}
	return sheet_middle(sheet, values, count);
}

/* The place of a counter's ending: ":u" or ":k"; 0: it has none. */
static size_t mode_at(const char *name, char mode)
{
	size_t length = strlen(name);

	return length > 2 && name[length - 2] == ':' && name[length - 1] == mode
		       ? length - 2
		       : 0;
}

/* The counter of the same name for the kernel, or file->counters_count. */
static unsigned int kernel_part(const struct results_file *file,
				unsigned int user)
{
	const char *name = file->counters[user].name;
	size_t length = mode_at(name, 'u');
	unsigned int i;

	for (i = 0; length && i < file->counters_count; i++) {
		const struct results_counter *other = &file->counters[i];

		if (!other->missing && mode_at(other->name, 'k') == length &&
		    strncmp(other->name, name, length) == 0)
			return i;
	}
	return file->counters_count;
}

static bool is_second_part(const struct results_file *file, unsigned int kernel)
{
	unsigned int i;

	for (i = 0; i < file->counters_count; i++)
		if (!file->counters[i].missing &&
		    kernel_part(file, i) == kernel)
			return true;
	return false;
}

static struct panel panel_of_counter(const struct results_file *file,
				     unsigned int counter)
{
	const struct results_counter *named = &file->counters[counter];
	unsigned int kernel = kernel_part(file, counter);
	struct panel panel = {.pass = named->tracepoint ? PASS_CHECKING
							: PASS_TIMING,
			      .figure = -1,
			      .parts = 1,
			      .counters = {counter}};

	snprintf(panel.name, sizeof(panel.name), "%s", named->name);
	if (kernel < file->counters_count) {
		panel.parts = 2;
		panel.counters[1] = kernel;
		if (mode_at(named->name, 'u') < sizeof(panel.name))
			panel.name[mode_at(named->name, 'u')] = 0;
	}
	return panel;
}

/* "131 k (0.43x)": the whole, and how it compares with the reference's. */
static void write_text(struct sheet *sheet, const struct results_cell *cell,
		       double whole, double reference)
{
	char count[UNITS_TEXT_SIZE], text[64];

	units_read_count(whole, count);
	if (reference > 0 && cell != sheet->reference &&
	    cell->role != ROLE_FLOOR)
		snprintf(text, sizeof(text), "%s (%.3gx)", count,
			 whole / reference);
	else
		snprintf(text, sizeof(text), "%s", count);
	sheet_text(sheet, text);
}

static void write_bar(struct sheet *sheet, unsigned int number,
		      unsigned int place, const struct panel *panel,
		      double *values)
{
	static const char *const part_names[] = {"user", "kernel"};
	const struct results_cell *cell = sheet->series[number - 1].cell;
	struct sheet_middle part, whole, reference = {0, NAN, NAN, NAN};
	double from = 0;
	unsigned int i;

	whole = middle_of(sheet, panel, cell, PARTS, values);
	if (sheet->reference)
		reference = middle_of(sheet, panel, sheet->reference, PARTS,
				      values);
	for (i = 0; i < panel->parts && whole.count; i++) {
		bool last = i + 1 == panel->parts;

		part = middle_of(sheet, panel, cell, i, values);
		sheet_row(sheet, number);
		sheet_count(sheet, place);
		sheet_text(sheet, panel->name);
		sheet_count(sheet, panel->parts > 1 ? i + 1 : 0);
		sheet_text(sheet, panel->parts > 1 ? part_names[i] : "");
		sheet_count(sheet, part.count);
		sheet_real(sheet, part.median);
		sheet_real(sheet, from);
		sheet_real(sheet, from + part.median);
		sheet_real(sheet, last ? whole.low : NAN);
		sheet_real(sheet, last ? whole.high : NAN);
		if (last)
			write_text(sheet, cell, whole.median, reference.median);
		else
			sheet_text(sheet, "");
		sheet_row_end(sheet);
		from += part.median;
	}
}

/* The greatest value of any sample; NaN: it was not measured. */
static double greatest(const struct sheet *sheet, const struct panel *panel)
{
	double most = NAN;
	unsigned int i, part;
	size_t j;

	for (i = 0; i < sheet->series_count; i++) {
		const struct results_cell *cell = sheet->series[i].cell;

		for (j = 0; j < cell->samples_count; j++)
			for (part = 0; part < panel->parts; part++)
				most = fmax(most, value_of(panel, part,
							   &cell->samples[j]));
	}
	return most;
}

/* Draws it, or notes that it is 0 everywhere. Returns the panels so far. */
static unsigned int add_panel(struct sheet *sheet, const struct panel *panel,
			      unsigned int panels, double *values)
{
	double most = greatest(sheet, panel);
	char name[96];
	unsigned int i;

	if (isnan(most))
		return panels;
	if (most <= 0) {
		sheet_note(sheet, " %s: 0 everywhere.",
			   drawing_visible(panel->name, name, sizeof(name)));
		return panels;
	}
	for (i = 1; i <= sheet->series_count; i++)
		write_bar(sheet, i, panels + 1, panel, values);
	return panels + 1;
}

static unsigned int add_counters(struct sheet *sheet, unsigned int panels,
				 double *values)
{
	const struct results_file *file = sheet->file;
	unsigned int i, missing = 0;
	struct panel panel;

	for (i = 0; i < file->counters_count; i++) {
		missing += file->counters[i].missing != NULL;
		if (file->counters[i].missing || is_second_part(file, i))
			continue;
		panel = panel_of_counter(file, i);
		panels = add_panel(sheet, &panel, panels, values);
	}
	if (missing)
		sheet_note(sheet, " Counters that could not be opened: %u.",
			   missing);
	return panels;
}

int drawing_counters(struct sheet *sheet)
{
	double *values = calloc(sheet->samples_max + 1, sizeof(*values));
	unsigned int i, panels = 0;

	if (!values)
		return -ENOMEM;
	sheet_header(sheet, "panel\tpanel_name\tpart\tpart_name\tsamples\t"
			    "value\tfrom\tto\tlow\thigh\ttext");
	sheet_note(sheet, "Medians per sample; bars: intervals of %g %%.",
		   100 * SHEET_LEVEL);
	for (i = 0; i < ALWAYS; i++) {
		struct panel panel = {.pass = PASS_TIMING,
				      .figure = (int)always[i].figure,
				      .parts = 1};

		snprintf(panel.name, sizeof(panel.name), "%s", always[i].name);
		panels = add_panel(sheet, &panel, panels, values);
	}
	panels = add_counters(sheet, panels, values);
	if (panels == 0)
		sheet_why_not(sheet, "nothing was counted in a valid sample, "
				     "or all of it is 0");
	free(values);
	return 0;
}
