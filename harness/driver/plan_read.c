/* plan_read - a plan from the first line of a results file. */
#include "driver/plan_read.h"

#include <errno.h>
#include <float.h>
#include <stdio.h>
#include <string.h>

#include "driver/fields.h"
#include "driver/names.h"
#include "driver/pilot.h"
#include "sample/sweep.h"

#define PERCENT_MAX 1000 /* that may be planted */

static const struct {
	const char *name;
	size_t offset; /* in struct estimate */
} estimate_counts[] = {
	{"operations", offsetof(struct estimate, operations)},
	{"growths", offsetof(struct estimate, growths)},
	{"block_bytes_max", offsetof(struct estimate, block_bytes_max)},
	{"live_bytes_max", offsetof(struct estimate, live_bytes_max)},
	{"resident_bytes_max", offsetof(struct estimate, resident_bytes_max)},
	{"touched_bytes", offsetof(struct estimate, touched_bytes)},
	{"reread_bytes", offsetof(struct estimate, reread_bytes)},
	{"copied_bytes", offsetof(struct estimate, copied_bytes)},
};

/* A whole number from 0 that must be there. */
static uint64_t read_count(struct fields *fields, const struct json *json,
			   const char *path)
{
	return fields_index(fields, json, path, (uint64_t)INT64_MAX + 1);
}

/* A number from 0 to max that need not be whole; 0 where it is absent. */
static double read_real(struct fields *fields, const struct json *json,
			const char *path, double max)
{
	const struct json *found = fields_find(fields, json, path);
	double value = json_own_number(found, -1);

	if (found == NULL)
		return 0;
	if (value >= 0 && value <= max)
		return value;
	fields_complain(fields, path, "is not a number in its range");
	return 0;
}

/* Plans of before there was such a thing have none. */
static uint64_t read_settle(struct fields *fields, const struct json *json)
{
	int64_t ns = fields_number(fields, json, "settle_ns", false);

	if (ns == FIGURE_ABSENT)
		return 0;
	if ((uint64_t)ns > settle_points_ns[SETTLE_POINTS - 1])
		fields_complain(fields, "settle_ns", "is more than 5 s");
	return (uint64_t)ns;
}

/* A text that must be there and fits into size bytes. */
static void read_name(struct fields *fields, const struct json *json,
		      const char *path, char *into, size_t size)
{
	const char *text = fields_name(fields, json, path);

	if ((size_t)snprintf(into, size, "%s", text) >= size)
		fields_complain(fields, path, "is too long");
}

/* "" where it is absent or empty. */
static void read_reason(struct fields *fields, const struct json *json,
			const char *path, char *into, size_t size)
{
	const char *text = fields_text(fields, json, path);

	if (text != NULL && text[0] != 0)
		read_name(fields, json, path, into, size);
}

/* A word that must be there; else 0. */
static unsigned int read_word(struct fields *fields, const struct json *json,
			      const char *path, const char *const *names,
			      unsigned int count)
{
	int place = fields_word(fields, json, path, names, count);

	if (place < 0)
		fields_complain(fields, path, "is missing");
	return place < 0 ? 0 : (unsigned int)place;
}

/* An array of at most limit members that must be there. */
static const struct json *read_array(struct fields *fields,
				     const struct json *json, const char *path,
				     size_t limit, unsigned int *count)
{
	const struct json *list = fields_array(fields, json, path);

	*count = 0;
	if (list == NULL)
		fields_complain(fields, path, "is missing");
	else if (json_size(list) == 0)
		fields_complain(fields, path, "is empty");
	else if (json_size(list) > limit)
		fields_complain(fields, path, "has too many members");
	else
		*count = (unsigned int)json_size(list);
	return list;
}

static void read_estimate(struct fields *fields, const struct json *group,
			  struct estimate *estimate)
{
	const struct json *json = fields_object(fields, group, "estimate");
	int64_t span_ns_min;

	estimate->threads = (unsigned int)fields_index(fields, json, "threads",
						       THREADS_MAX + 1);
	if (estimate->threads == 0)
		fields_complain(fields, "threads", "is 0");
	for (size_t i = 0;
	     i < sizeof(estimate_counts) / sizeof(estimate_counts[0]); i++) {
		uint64_t count =
			read_count(fields, json, estimate_counts[i].name);

		memcpy((char *)estimate + estimate_counts[i].offset, &count,
		       sizeof(count));
	}
	span_ns_min = fields_number(fields, json, "span_ns_min", false);
	estimate->span_ns_min = span_ns_min > 0 ? (uint64_t)span_ns_min : 0;
}

/* Files of format 1 have no clock: it is not fixed yet. */
static void read_clock(struct fields *fields, const struct json *json,
		       struct group *group)
{
	int clock =
		fields_word(fields, json, "clock", clock_names, CLOCK_COUNT);

	group->clock = clock < 0 ? CLOCK_WALL : (enum group_clock)clock;
	if (group->clock == CLOCK_CPU && group->estimate.threads > 1)
		fields_complain(fields, "clock",
				"is CPU time, of several threads");
	if (group->clock == CLOCK_CPU && group->estimate.span_ns_min > 0)
		fields_complain(fields, "clock",
				"is CPU time, in which requests are waited "
				"for");
	read_reason(fields, json, "clock_why", group->clock_why,
		    sizeof(group->clock_why));
}

/* Absent in files from before there was a choice. */
static void read_layout(struct fields *fields, const struct json *json,
			struct group *group)
{
	int layout =
		fields_word(fields, json, "layout", layout_names, LAYOUT_COUNT);

	group->layout = layout < 0 ? LAYOUT_STANDARD : (enum layout)layout;
}

/* Absent where none of its samples was good, or there was none. */
static void read_pilot(struct fields *fields, const struct json *group,
		       struct pilot *pilot)
{
	const struct json *json = fields_object(fields, group, "pilot");

	if (json == NULL)
		return;
	pilot->samples = (unsigned int)fields_index(fields, json, "samples",
						    PILOT_SAMPLES + 1);
	pilot->wall_ns = read_count(fields, json, "wall_ns");
	pilot->cpu_ns = read_count(fields, json, "cpu_ns");
	pilot->wall_noise = read_real(fields, json, "wall_noise", DBL_MAX);
	pilot->cpu_noise = read_real(fields, json, "cpu_noise", DBL_MAX);
	pilot->growths = read_count(fields, json, "growths");
}

/* Absent where the workload names no file. */
static void read_contents(struct fields *fields, const struct json *json,
			  char contents[INPUT_HASH_TEXT])
{
	const char *text = fields_text(fields, json, "contents");

	if (text == NULL)
		return;
	if (strlen(text) != INPUT_HASH_TEXT - 1 ||
	    text[strspn(text, "0123456789abcdef")] != 0)
		fields_complain(fields, "contents",
				"is not 16 hexadecimal digits");
	else
		memcpy(contents, text, INPUT_HASH_TEXT);
}

static void read_group(struct fields *fields, const struct json *json,
		       struct group *group)
{
	int64_t sample_ns = fields_number(fields, json, "sample_ns", false);

	read_name(fields, json, "workload", group->workload,
		  sizeof(group->workload));
	read_contents(fields, json, group->contents);
	group->is_control = fields_bool(fields, json, "is_control", false);
	group->thp = (enum thp_mode)read_word(fields, json, "thp", thp_names,
					      THP_COUNT);
	read_layout(fields, json, group);
	read_reason(fields, json, "skipped", group->skipped,
		    sizeof(group->skipped));
	group->sample_ns = sample_ns > 0 ? (uint64_t)sample_ns : 0;
	read_estimate(fields, json, &group->estimate);
	read_clock(fields, json, group);
	read_pilot(fields, json, &group->pilot);
}

static void read_cell(struct fields *fields, const struct json *json,
		      unsigned int groups_count, struct cell *cell)
{
	cell->group =
		(unsigned int)fields_index(fields, json, "group", groups_count);
	cell->role = (enum cell_role)read_word(fields, json, "role", role_names,
					       ROLE_COUNT);
	read_name(fields, json, "allocator", cell->allocator,
		  sizeof(cell->allocator));
	read_reason(fields, json, "skipped", cell->skipped,
		    sizeof(cell->skipped));
	if (cell->role != ROLE_PLANTED)
		return;
	cell->planted_percent = (unsigned int)fields_index(
		fields, json, "planted_percent", PERCENT_MAX + 1);
	cell->planted_iterations =
		read_count(fields, json, "planted_iterations");
}

/* Cell number index goes to its group, which holds its cells as neighbours. */
static void place_cell(struct fields *fields, struct plan *plan,
		       unsigned int index)
{
	const struct cell *cell = &plan->cells[index];
	struct group *group = &plan->groups[cell->group];

	if (group->count == 0)
		group->first = index;
	if (group->first + group->count != index)
		fields_complain(fields, "group",
				"is apart from the other cells of its group");
	else if (group->count == PLAN_GROUP_CELLS_MAX)
		fields_complain(fields, "group", "has too many cells");
	else
		group->count++;
	/* Pairs are made with the reference, in whatever order they run. */
	if ((group->count == 1) != (cell->role == ROLE_REFERENCE))
		fields_complain(fields, "role",
				"is not in the order of a plan: one reference, "
				"the first of its group");
}

static void read_all(struct fields *fields, const struct json *line,
		     struct plan *plan)
{
	const struct json *json = fields_object(fields, line, "plan");
	const struct json *groups, *cells;

	if (json == NULL)
		fields_complain(fields, "plan", "is missing");
	plan->seed = read_count(fields, json, "seed");
	plan->rounds = (unsigned int)fields_index(fields, json, "rounds",
						  PLAN_ROUNDS_MAX + 1);
	plan->budget_ns = read_count(fields, json, "budget_ns");
	plan->precision = read_real(fields, json, "precision", 1);
	plan->margin = read_real(fields, json, "margin", 1);
	plan->settle_ns = read_settle(fields, json);
	plan->repeat = (unsigned int)fields_index(fields, json, "repeat", 2);
	if (plan->repeat != 1)
		fields_complain(fields, "repeat", "is not 1");
	if (json_get(json, "counts"))
		plan->counts = (unsigned int)fields_index(
			fields, json, "counts", PLAN_COUNTS_MAX + 1);
	if (json_get(json, "sweep"))
		plan->sweep = (unsigned int)fields_index(fields, json, "sweep",
							 SWEEP_MAX + 1);
	groups = read_array(fields, json, "groups", PLAN_GROUPS_MAX,
			    &plan->groups_count);
	cells = read_array(fields, json, "cells", PLAN_CELLS_MAX,
			   &plan->cells_count);
	for (unsigned int i = 0; i < plan->groups_count; i++) {
		fields_enter(fields, "plan.groups", i);
		read_group(fields, json_item(groups, i), &plan->groups[i]);
	}
	for (unsigned int i = 0; i < plan->cells_count; i++) {
		fields_enter(fields, "plan.cells", i);
		read_cell(fields, json_item(cells, i), plan->groups_count,
			  &plan->cells[i]);
		if (!fields->bad)
			place_cell(fields, plan, i);
	}
}

/* Whether a spelling is read here as it was there. */
static int check_spelling(int error, const char *text, const char *canonical,
			  char *why, size_t why_size)
{
	if (error != 0 || strcmp(text, canonical) == 0)
		return error;
	snprintf(why, why_size,
		 "'%s' is spelled '%s' by this regrow, which may mean "
		 "something else: make the plan anew",
		 text, canonical);
	return -EINVAL;
}

static int check_spellings(const struct plan *plan, char *why, size_t why_size)
{
	static struct allocator_spec allocator;
	static struct workload_spec workload;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < plan->groups_count; i++)
		error = check_spelling(
			spec_parse_workload(plan->groups[i].workload, &workload,
					    why, why_size),
			plan->groups[i].workload, workload.canonical, why,
			why_size);
	for (unsigned int i = 0; error == 0 && i < plan->cells_count; i++)
		error = check_spelling(
			spec_parse_allocator(plan->cells[i].allocator,
					     &allocator, why, why_size),
			plan->cells[i].allocator, allocator.canonical, why,
			why_size);
	return error;
}

int plan_read(const struct json *line, struct plan *plan, char *why,
	      size_t why_size)
{
	struct fields fields = {.line = 1, .why = why, .why_size = why_size};

	memset(plan, 0, sizeof(*plan));
	read_all(&fields, line, plan);
	if (fields.bad)
		return -EBADMSG;
	return check_spellings(plan, why, why_size);
}
