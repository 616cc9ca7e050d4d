/* table_units - times of a table in units of the machine. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "driver/group_units.h"
#include "driver/table_parts.h"

void printout_time_as_is(const struct printout *printout, double ns, char *text)
{
	char count[GRID_TEXT_MAX];

	if (!machine_units_same(&printout->call_unit,
				&machine_units_instructions)) {
		printout_time(ns, text);
		return;
	}
	printout_count(ns, count);
	snprintf(text, GRID_TEXT_MAX, "%.20s instructions", count);
}

void printout_time_of(const struct printout *printout, enum time_of of,
		      double ns, char *text)
{
	const struct machine_unit *unit = of == TIME_OF_SAMPLE
						  ? &printout->sample_unit
						  : &printout->call_unit;
	double times;

	if (machine_units_same(unit, &machine_units_none)) {
		printout_time(ns, text);
		return;
	}
	if (machine_units_same(unit, &machine_units_instructions)) {
		printout_count(ns, text);
		return;
	}
	times = ns / unit->ns;
	if (fabs(times) < 99999.5)
		printout_ratio(times, text);
	else
		printout_count(times, text);
}

/* The ends have their own unit where it differs. */
void printout_interval(const struct printout *printout, enum time_of of,
		       double median_ns, const struct interval *interval,
		       char *text)
{
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];
	const char *unit;
	size_t length;

	printout_time_of(printout, of, median_ns, median);
	if (interval->level <= 0) {
		snprintf(text, GRID_TEXT_MAX, "%s", median);
		return;
	}
	printout_time_of(printout, of, interval->low, low);
	printout_time_of(printout, of, interval->high, high);
	unit = strrchr(median, ' ');
	length = unit ? strlen(unit) : 0;
	if (unit && strlen(low) > length && strlen(high) > length &&
	    strcmp(low + strlen(low) - length, unit) == 0 &&
	    strcmp(high + strlen(high) - length, unit) == 0) {
		low[strlen(low) - length] = '\0';
		high[strlen(high) - length] = '\0';
	}
	snprintf(text, GRID_TEXT_MAX, "%.16s (%.16s%s%.16s)", median, low,
		 style_range(printout->style), high);
}

static void copies_text(const struct printout *printout,
			const struct table_group *group, char *text,
			size_t size)
{
	struct group_copies copies =
		group_units_copies(group->group, printout->table->file);
	char bytes[UNITS_TEXT_SIZE], piece[UNITS_TEXT_SIZE];
	char time[UNITS_TEXT_SIZE];

	units_read_size(copies.bytes, bytes);
	units_read_size(copies.bytes / copies.growths, piece);
	units_read_time(printout->sample_unit.ns, time);
	snprintf(text, size,
		 "of samples in copies (memcpy of the %s that copying copies, "
		 "%s at a time: %s)",
		 bytes, piece, time);
}

void printout_begin_units(struct printout *printout,
			  const struct table_group *group)
{
	const struct results_file *file = printout->table->file;
	char samples[256] = "of samples", text[512], time[UNITS_TEXT_SIZE];

	printout->sample_unit = group_units_of_sample(group->group, file);
	printout->call_unit = group_units_of_call(file);
	if (group->group->skipped)
		return;
	if (machine_units_same(&printout->call_unit,
			       &machine_units_instructions))
		style_wrap(printout->style, EMPHASIS_STRONG, "times ",
			   "are executed instructions, which is what this "
			   "clock counts: caches, TLB misses, memory and other "
			   "CPUs cost nothing",
			   printout->stream);
	if (!file->machine)
		return;
	if (printout->sample_unit.ns != printout->call_unit.ns)
		copies_text(printout, group, samples, sizeof(samples));
	units_read_time(printout->call_unit.ns, time);
	snprintf(text, sizeof(text),
		 "%s%s of calls in faults (first touch of a page: %s); both by "
		 "the calibration in the file",
		 samples,
		 printout->sample_unit.ns != printout->call_unit.ns ? ","
								    : " and",
		 time);
	style_wrap(printout->style, EMPHASIS_STRONG, "times ", text,
		   printout->stream);
}

static void add_unit(struct json *json, const char *key,
		     const struct machine_unit *unit)
{
	struct json *object = json_add_object(json, key);

	json_add_text(object, "name", unit->name);
	json_add_real(object, "ns", unit->ns);
}

void table_units_to_json(const struct results_file *file,
			 const struct results_group *group, struct json *into)
{
	struct machine_unit unit;
	struct json *units;

	unit = group_units_of_call(file);
	if (machine_units_same(&unit, &machine_units_none))
		return;
	units = json_add_object(into, "units");
	unit = group_units_of_sample(group, file);
	add_unit(units, "sample", &unit);
	unit = group_units_of_call(file);
	add_unit(units, "call", &unit);
}
