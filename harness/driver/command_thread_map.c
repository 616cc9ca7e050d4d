/* command_thread_map - evidence of T2 and T4: costs along holes and mappings. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/command_thread.h"
#include "driver/evidence.h"
#include "driver/group_units.h"
#include "driver/names.h"
#include "driver/shape_read.h"
#include "driver/table_parts.h"

#define CONTROL "linear-walk"
#define MOVER "mremap-maymove"
#define CHURN "server-churn"
#define AXIS_TEXT_SIZE 64
#define COST_TEXT_SIZE (GRID_TEXT_MAX + 16)

/* Single calls, with the walk planted beside them; and the same under churn. */
static const char *const call_files[] = {"mappings", "map-holes", NULL};
static const char *const all_files[] = {"mappings", "map-holes",
					"churn-mappings", "churn-holes", NULL};
#define PRESSURE_FILES 4

struct courses {
	struct claim_course *list;
	char (*axes)[AXIS_TEXT_SIZE]; /* of each course */
	size_t count;
	struct claim_table *table;
	const struct results_file *file; /* that is being read */
};

/* "holes of a page", "mappings, under churn". */
static void axis_text(const struct shape_line *line, char text[AXIS_TEXT_SIZE])
{
	const char *of = "";

	if (strncmp(line->workload, CHURN, strlen(CHURN)) == 0)
		of = ", under churn";
	else if (strcmp(line->axis, "holes") == 0)
		of = strstr(line->workload, "hole=page")   ? " of a page"
		     : strstr(line->workload, "hole=near") ? " of a near miss"
							   : " of the size";
	snprintf(text, AXIS_TEXT_SIZE, "%s%s", line->axis, of);
}

/*
 * What a call of an allocator is to the kernel; NULL: it is not looked at. The
 * reference maps, unmaps and copies; one that moves is looked at for that.
 */
static const char *call_of(const struct shape_course *course)
{
	bool mover = strcmp(course->cell->allocator, MOVER) == 0;

	if (course->operation == OPERATION_GROW)
		return mover ? "mremap" : NULL;
	if (course->cell->role != ROLE_REFERENCE)
		return NULL;
	switch (course->operation) {
	case OPERATION_ALLOC:
		return "mmap";
	case OPERATION_RELEASE:
		return "munmap";
	case OPERATION_TOUCH:
		return "page fault";
	case OPERATION_FORK:
		return "fork";
	case OPERATION_EXIT:
		return "exit";
	default:
		return NULL;
	}
}

/* Whether the walk that was planted on a line was called linear. */
static bool is_controlled(const struct shapes *shapes, unsigned int line)
{
	for (size_t i = 0; i < shapes->courses_count; i++) {
		const struct shape_course *course = &shapes->courses[i];

		if (course->line == line &&
		    course->operation == OPERATION_ALLOC &&
		    strncmp(course->cell->allocator, CONTROL,
			    strlen(CONTROL)) == 0)
			return course->fit.shape == SHAPE_LINEAR;
	}
	return false;
}

/* Where a growth begins, see shape.h. */
static double first_planted(const struct shape_line *line)
{
	return line->n[line->points > 1 && line->n[0] == 0];
}

/* least: the number that the largest is held against. */
static void set_ratio(struct claim_table *table, unsigned int column,
		      const struct shape_estimate *ratio, double least)
{
	if (ratio->interval.level > 0)
		claim_table_set(table, column, "%.3g (%.3g to %.3g) from %.0f",
				ratio->median, ratio->interval.low,
				ratio->interval.high, least);
}

/* "1.20 us", or "4.73 k instructions". */
static const char *cost_text(const struct results_file *file, double ns,
			     char text[COST_TEXT_SIZE])
{
	char count[GRID_TEXT_MAX];

	if (!group_units_counts_instructions(file))
		return units_read_time(ns, text);
	printout_count(ns, count);
	snprintf(text, COST_TEXT_SIZE, "%s instructions", count);
	return text;
}

static void course_row(const struct courses *courses, const char *call,
		       const char *axis, const struct shape_line *line,
		       const struct shape_course *course)
{
	struct claim_table *table = courses->table;
	const struct shape_fit *fit = &course->fit;
	size_t last = line->points - 1;
	char cost[COST_TEXT_SIZE];

	claim_table_row(table);
	claim_table_set(table, 0, "%s", call);
	claim_table_set(table, 1, "%s", course->cell->allocator);
	claim_table_set(table, 2, "%s", axis);
	claim_table_set(table, 3, "%zu", course->rounds);
	if (isfinite(fit->medians[0]))
		claim_table_set(
			table, 4, "%s",
			cost_text(courses->file, fit->medians[0], cost));
	if (isfinite(fit->medians[last]))
		claim_table_set(
			table, 5, "%s at %.0f",
			cost_text(courses->file, fit->medians[last], cost),
			line->n[last]);
	set_ratio(table, 6, &fit->ratio, line->n[0]);
	set_ratio(table, 7, &fit->growth, first_planted(line));
	claim_table_set(table, 8, "%s", shape_names[fit->shape]);
}

static void courses_add(struct courses *courses, const struct shapes *shapes)
{
	for (size_t i = 0; i < shapes->courses_count; i++) {
		const struct shape_course *course = &shapes->courses[i];
		const struct shape_line *line = &shapes->lines[course->line];
		bool control = strncmp(course->cell->allocator, CONTROL,
				       strlen(CONTROL)) == 0;
		const char *call = call_of(course);
		char *axis = courses->axes[courses->count];

		axis_text(line, axis);
		if (control && course->operation == OPERATION_ALLOC)
			course_row(courses, "a linear walk, planted", axis,
				   line, course);
		if (!call)
			continue;
		course_row(courses, call, axis, line, course);
		courses->list[courses->count++] = (struct claim_course){
			.operation = call,
			.axis = axis,
			.search = course->operation == OPERATION_ALLOC ||
				  course->operation == OPERATION_GROW,
			.whole = course->operation == OPERATION_FORK ||
				 course->operation == OPERATION_EXIT,
			.controlled = is_controlled(shapes, course->line),
			.from = first_planted(line),
			.fit = course->fit,
		};
	}
}

/* names: of the files, at most PRESSURE_FILES; ended by NULL. */
static int courses_read(const struct results_file *const *files,
			const char *const *names, struct courses *courses,
			struct claim_table *table)
{
	static const char *const heads[] = {
		"call",	     "allocator", "along",  "rounds", "with none",
		"with most", "ratio",	  "growth", "shape",  NULL};
	const struct results_file *read[PRESSURE_FILES] = {NULL};
	struct shapes shapes[PRESSURE_FILES] = {{0}};
	size_t room = 1;
	int error = 0;

	claim_table_begin(
		table,
		"Cost of a call along an axis (medians); its shape is "
		"that of the growth",
		heads);
	courses->table = table;
	for (size_t i = 0; names[i] && !error; i++) {
		read[i] = thread_file(files, names[i]);
		if (read[i])
			error = shapes_read(read[i], &shapes[i]);
		room += shapes[i].courses_count;
	}
	courses->list = calloc(room, sizeof(*courses->list));
	courses->axes = calloc(room, sizeof(*courses->axes));
	if (!courses->list || !courses->axes)
		error = -ENOMEM;
	for (size_t i = 0; i < PRESSURE_FILES; i++) {
		courses->file = read[i];
		if (!error)
			courses_add(courses, &shapes[i]);
		shapes_free(&shapes[i]);
	}
	return error;
}

int thread_gather_scan(const struct results_file *const *files,
		       struct claim_report *report)
{
	struct courses courses = {0};
	int error =
		courses_read(files, call_files, &courses, &report->tables[0]);

	if (!error)
		claim_judge_scan(courses.list, courses.count, &report->finding);
	free(courses.list);
	free(courses.axes);
	return error;
}

int thread_gather_slower(const struct results_file *const *files,
			 struct claim_report *report)
{
	struct courses courses = {0};
	int error =
		courses_read(files, all_files, &courses, &report->tables[0]);

	if (!error)
		claim_judge_slower(courses.list, courses.count,
				   &report->finding);
	free(courses.list);
	free(courses.axes);
	return error;
}
