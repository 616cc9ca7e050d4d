/* results_run - the run line of a results file: its cells and counters. */
#include "driver/results_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"
#include "driver/record.h"

static void take_clock(struct results_group *group, const struct json *json,
		       struct fields *fields)
{
	int clock =
		fields_word(fields, json, "clock", clock_names, CLOCK_COUNT);
	int64_t threads =
		fields_number(fields, json, "estimate.threads", false);

	group->clock = clock < 0 ? CLOCK_WALL : (enum group_clock)clock;
	group->clock_why = fields_text(fields, json, "clock_why");
	group->threads = threads > 0 && threads <= THREADS_MAX
				 ? (unsigned int)threads
				 : 1;
	if (group->threads > 1 && group->clock == CLOCK_CPU)
		fields_complain(fields, "clock",
				"is CPU time, of several threads");
}

static void take_contents(struct results_group *group, const struct json *json,
			  struct fields *fields)
{
	const char *text = fields_text(fields, json, "contents");

	if (text && text[strspn(text, "0123456789abcdef")] != 0)
		fields_complain(fields, "contents", "is not hexadecimal text");
	else
		group->contents = text;
}

static void take_groups(struct results_file *file, const struct json *list,
			struct fields *fields)
{
	for (unsigned int i = 0; i < file->groups_count; i++) {
		const struct json *json = json_item(list, i);
		struct results_group *group = &file->groups[i];
		int thp, layout;

		fields_enter(fields, "plan.groups", i);
		group->workload = fields_name(fields, json, "workload");
		take_contents(group, json, fields);
		group->is_control =
			fields_bool(fields, json, "is_control", false);
		group->skipped = fields_text(fields, json, "skipped");
		thp = fields_word(fields, json, "thp", thp_names, THP_COUNT);
		take_clock(group, json, fields);
		if (thp < 0)
			fields_complain(fields, "thp", "is missing");
		else
			group->thp = (enum thp_mode)thp;
		layout = fields_word(fields, json, "layout", layout_names,
				     LAYOUT_COUNT);
		group->layout =
			layout < 0 ? LAYOUT_STANDARD : (enum layout)layout;
	}
}

/* 0: any outcome. */
static unsigned int take_mechanism(const struct json *cell,
				   struct fields *fields)
{
	const struct json *list = fields_array(fields, cell, "mechanism");
	unsigned int mask = 0;

	for (size_t i = 0; i < json_size(list); i++) {
		int place = names_find(outcome_names, OUTCOME_COUNT,
				       json_own_text(json_item(list, i), NULL));

		if (place < 0)
			fields_complain(fields, "mechanism",
					"is not an array of outcomes");
		else
			mask |= 1u << place;
	}
	return mask;
}

static unsigned int take_percent(const struct json *cell, struct fields *fields)
{
	int64_t percent = fields_number(fields, cell, "planted_percent", false);

	return percent > 0 && percent <= 1000 ? (unsigned int)percent : 0;
}

/* A share from 0 to 1; 0 where it is absent. */
static double take_margin(const struct json *run, struct fields *fields)
{
	double margin = json_number(run, "plan.margin", 0);

	if (margin >= 0 && margin <= 1)
		return margin;
	fields_complain(fields, "plan.margin", "is not a share");
	return 0;
}

static void take_cells(struct results_file *file, const struct json *list,
		       struct fields *fields)
{
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct json *json = json_item(list, i);
		struct results_cell *cell = &file->cells[i];
		int role;

		fields_enter(fields, "plan.cells", i);
		cell->file = file;
		cell->index = i;
		cell->group = &file->groups[fields_index(fields, json, "group",
							 file->groups_count)];
		cell->allocator = fields_name(fields, json, "allocator");
		cell->planted_percent = take_percent(json, fields);
		cell->mechanism = take_mechanism(json, fields);
		cell->skipped = fields_text(fields, json, "skipped");
		role = fields_word(fields, json, "role", role_names,
				   ROLE_COUNT);
		if (role < 0)
			fields_complain(fields, "role", "is missing");
		else
			cell->role = (enum cell_role)role;
	}
}

static void take_counters(struct results_file *file, const struct json *list,
			  struct fields *fields)
{
	for (unsigned int i = 0; i < file->counters_count; i++) {
		const struct json *json = json_item(list, i);
		struct results_counter *counter = &file->counters[i];

		fields_enter(fields, "counters", i);
		counter->name = fields_name(fields, json, "name");
		counter->tracepoint =
			fields_bool(fields, json, "tracepoint", false);
		counter->missing = fields_text(fields, json, "missing");
	}
}

/* The size of an array that may have limit members at most. */
static unsigned int limited(const struct json *list, const char *path,
			    size_t limit, struct fields *fields)
{
	size_t size = json_size(list);

	if (size <= limit)
		return (unsigned int)size;
	fields_complain(fields, path, "has too many members");
	return 0;
}

/* calloc() that asks for something where count is 0. */
static void *room_for(size_t count, size_t size)
{
	return calloc(count > 0 ? count : 1, size);
}

/* Absent: once. */
static unsigned int take_repeat(const struct json *run, struct fields *fields)
{
	int64_t repeat = fields_number(fields, run, "plan.repeat", false);

	if (repeat == FIGURE_ABSENT)
		return 1;
	if (repeat < 1 || repeat > REPETITIONS_MAX) {
		fields_complain(fields, "plan.repeat", "is out of range");
		return 1;
	}
	return (unsigned int)repeat;
}

/* Absent: not a run that only counts. */
static unsigned int take_counts(const struct json *run, struct fields *fields)
{
	int64_t counts = fields_number(fields, run, "plan.counts", false);

	if (counts == FIGURE_ABSENT)
		return 0;
	if (counts < 0 || counts > PLAN_COUNTS_MAX) {
		fields_complain(fields, "plan.counts", "is out of range");
		return 0;
	}
	return (unsigned int)counts;
}

int results_take_run(struct results_file *file, struct fields *fields)
{
	const struct json *groups, *cells, *counters;
	int64_t format = fields_number(fields, file->run, "format", false);

	if (format > RECORD_FORMAT)
		return -EPROTONOSUPPORT;
	if (format == FIGURE_ABSENT || format < 1)
		fields_complain(fields, "format", "is missing or not from 1");
	groups = fields_array(fields, file->run, "plan.groups");
	cells = fields_array(fields, file->run, "plan.cells");
	counters = fields_array(fields, file->run, "counters");
	if (groups == NULL || cells == NULL)
		fields_complain(fields, "plan", "is missing");
	file->repeat = take_repeat(file->run, fields);
	file->counts = take_counts(file->run, fields);
	file->groups_count =
		limited(groups, "plan.groups", PLAN_GROUPS_MAX, fields);
	file->cells_count =
		limited(cells, "plan.cells", PLAN_CELLS_MAX, fields);
	file->counters_count =
		limited(counters, "counters", COUNTERS_MAX, fields);
	file->groups = room_for(file->groups_count, sizeof(*file->groups));
	file->cells = room_for(file->cells_count, sizeof(*file->cells));
	file->counters =
		room_for(file->counters_count, sizeof(*file->counters));
	if (file->groups == NULL || file->cells == NULL ||
	    file->counters == NULL)
		return -ENOMEM;
	file->clock_unit = RECORD_CLOCK_UNIT;
	if (fields_text(fields, file->run, "clock_unit") != NULL)
		file->clock_unit = fields_name(fields, file->run, "clock_unit");
	file->margin = take_margin(file->run, fields);
	take_groups(file, groups, fields);
	take_cells(file, cells, fields);
	take_counters(file, counters, fields);
	fields_enter(fields, NULL, 0);
	return fields->bad ? -EBADMSG : 0;
}
