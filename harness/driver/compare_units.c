/* compare_units - in what the times of a side are given. */
#include "driver/compare_units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "driver/table_parts.h"

#define COUNT_FROM 99999.5 /* from there on, digits tell less than "120 k" */

void compare_unit_add(struct compare_unit *unit,
		      const struct machine_unit *more)
{
	if (unit->name == NULL) {
		*unit = (struct compare_unit){more->name, false, more->ns,
					      more->ns};
		return;
	}
	unit->names_differ |= strcmp(unit->name, more->name) != 0;
	unit->ns_min = fmin(unit->ns_min, more->ns);
	unit->ns_max = fmax(unit->ns_max, more->ns);
}

const char *compare_unit_name(const struct compare_unit *unit)
{
	if (unit->names_differ)
		return "not the same in all runs";
	return unit->name != NULL ? unit->name : machine_units_none.name;
}

bool compare_units_agree(const struct compare_unit *base,
			 const struct compare_unit *new)
{
	return !base->names_differ &&
	       !new->names_differ &&strcmp(compare_unit_name(base),
					   compare_unit_name(new)) == 0;
}

static const char *what_one_is(const struct compare_unit *unit)
{
	if (unit->names_differ)
		return "one is a copy or a fault, by the run";
	return strcmp(unit->name, "copies") == 0
		       ? "a copy is memcpy of what an allocator copies which "
			 "copies each growth"
		       : "a fault is the first touch of a page";
}

static void length_text(const struct compare_unit *unit, char *text,
			size_t size)
{
	char least[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];

	units_read_time(unit->ns_min, least);
	units_read_time(unit->ns_max, most);
	if (strcmp(least, most) == 0)
		snprintf(text, size, "%s", least);
	else
		snprintf(text, size, "%s to %s", least, most);
}

bool compare_units_text(const struct compare_unit *base,
			const struct compare_unit *new, char *text, size_t size)
{
	char base_length[2 * UNITS_TEXT_SIZE + 8];
	char new_length[2 * UNITS_TEXT_SIZE + 8];
	bool agree = compare_units_agree(base, new);

	if (base->name == NULL || new->name == NULL)
		return false;
	length_text(base, base_length, sizeof(base_length));
	length_text(new, new_length, sizeof(new_length));
	snprintf(text, size,
		 "%s%s%s: %s in base, %s in new, by the runs' own calibrations",
		 what_one_is(base), agree ? "" : " in base, in new ",
		 agree ? "" : what_one_is(new), base_length, new_length);
	return true;
}

void compare_unit_time(const struct compare_unit *unit, double time, char *text)
{
	if (unit->name == NULL)
		printout_time(time, text);
	else if (fabs(time) < COUNT_FROM)
		printout_ratio(time, text);
	else
		printout_count(time, text);
}
