/* shape_read - axes of a results file, and the shape of each cost along them. */
#include "driver/shape_read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/spec_text.h"

#define PLANTED "planted_"
#define ROUNDS_MAX 100000 /* later ones stay out */

bool spelling_without(const char *spelling, const char *option, char *rest,
		      size_t rest_size)
{
	struct span left = {spelling, strlen(spelling)};
	size_t used = 0, length = strlen(option);

	rest[0] = 0;
	while (left.size > 0) {
		/* From the second part on it begins with its colon. */
		size_t colon = left.text != spelling;
		struct span after = {left.text + colon, left.size - colon};
		size_t size = colon + span_until(after, ':');

		if (colon && size > length + 2 &&
		    strncmp(after.text, option, length) == 0 &&
		    after.text[length] == '=') {
			if (strspn(after.text + length + 1, "0123456789") !=
			    size - length - 2)
				return false;
		} else {
			if (used + size >= rest_size)
				return false;
			memcpy(rest + used, left.text, size);
			used += size;
			rest[used] = 0;
		}
		left.text += size;
		left.size -= size;
	}
	return true;
}

/* What the first valid sample of a group tells by that figure; NaN: nothing. */
static double group_number(const struct results_file *file,
			   const struct results_group *group, unsigned int name)
{
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		for (size_t j = 0;
		     cell->group == group && j < cell->samples_count; j++) {
			int64_t value = results_own(&cell->samples[j], name);

			if (cell->samples[j].valid && value != FIGURE_ABSENT)
				return (double)value;
		}
	}
	return NAN;
}

/* In its place by n; one that is there already, or too many, stay out. */
static void line_add(struct shape_line *line, double n,
		     const struct results_group *group)
{
	size_t place = line->points;

	if (line->points == SHAPE_POINTS_MAX)
		return;
	for (size_t i = 0; i < line->points; i++)
		if (line->n[i] == n)
			return;
	for (; place > 0 && line->n[place - 1] > n; place--) {
		line->n[place] = line->n[place - 1];
		line->groups[place] = line->groups[place - 1];
	}
	line->n[place] = n;
	line->groups[place] = group;
	line->points++;
}

static bool line_takes(const struct shape_line *line, const char *rest,
		       const struct results_group *group)
{
	return line->group && strcmp(line->workload, rest) == 0 &&
	       line->group->thp == group->thp &&
	       line->group->layout == group->layout;
}

/* The lines along one option; those of a single number are dropped. */
static void lines_of_axis(const struct results_file *file, unsigned int name,
			  struct shapes *shapes)
{
	const char *axis = file->own_names[name] + strlen(PLANTED);
	size_t first = shapes->lines_count, kept = first;
	char rest[SPEC_TEXT_MAX];

	for (unsigned int i = 0; i < file->groups_count; i++) {
		const struct results_group *group = &file->groups[i];
		double n = group_number(file, group, name);
		size_t at = first;

		if (isnan(n) || !spelling_without(group->workload, axis, rest,
						  sizeof(rest)))
			continue;
		while (at < shapes->lines_count &&
		       !line_takes(&shapes->lines[at], rest, group))
			at++;
		if (at == shapes->lines_count) {
			struct shape_line *line =
				&shapes->lines[shapes->lines_count++];

			*line = (struct shape_line){.group = group};
			snprintf(line->axis, sizeof(line->axis), "%s", axis);
			snprintf(line->workload, sizeof(line->workload), "%s",
				 rest);
		}
		line_add(&shapes->lines[at], n, group);
	}
	for (size_t i = first; i < shapes->lines_count; i++)
		if (shapes->lines[i].points > 1)
			shapes->lines[kept++] = shapes->lines[i];
	shapes->lines_count = kept;
}

static bool is_axis(const char *name)
{
	return strncmp(name, PLANTED, strlen(PLANTED)) == 0 &&
	       strlen(name) > strlen(PLANTED) &&
	       strlen(name) <
		       strlen(PLANTED) + sizeof((struct shape_line){0}.axis);
}

static int lines_read(const struct results_file *file, struct shapes *shapes)
{
	size_t axes = 0;

	for (unsigned int i = 0; i < file->own_names_count; i++)
		axes += is_axis(file->own_names[i]);
	shapes->lines =
		calloc(axes * file->groups_count + 1, sizeof(*shapes->lines));
	if (!shapes->lines)
		return -ENOMEM;
	for (unsigned int i = 0; i < file->own_names_count; i++)
		if (is_axis(file->own_names[i]))
			lines_of_axis(file, i, shapes);
	return 0;
}

/* The cell of a group that is like another in a group that is alike. */
static const struct results_cell *cell_in(const struct results_file *file,
					  const struct results_group *group,
					  const struct results_cell *like)
{
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->group == group && cell->role == like->role &&
		    strcmp(cell->allocator, like->allocator) == 0)
			return cell;
	}
	return NULL;
}

/* The costs of a course, and room to sort them in. */
struct costs {
	size_t rounds;
	double *all; /* rounds times points */
	double *scratch; /* rounds */
};

static void costs_fill(const struct results_file *file,
		       const struct shape_line *line,
		       const struct shape_course *course, struct costs *costs)
{
	for (size_t i = 0; i < costs->rounds * line->points; i++)
		costs->all[i] = NAN;
	for (size_t point = 0; point < line->points; point++) {
		const struct results_cell *cell =
			cell_in(file, line->groups[point], course->cell);

		for (size_t i = 0; cell && i < cell->samples_count; i++) {
			const struct results_sample *sample = &cell->samples[i];
			uint64_t ns = sample->median_ns[course->operation];

			if (ns && sample->round < costs->rounds)
				costs->all[sample->round * line->points +
					   point] = (double)ns;
		}
	}
}

static struct interval interval_at(const struct shape_line *line,
				   const struct costs *costs, size_t point)
{
	size_t count = 0;

	for (size_t i = 0; i < costs->rounds; i++)
		if (!isnan(costs->all[i * line->points + point]))
			costs->scratch[count++] =
				costs->all[i * line->points + point];
	stats_sort(costs->scratch, count);
	return stats_median_interval(costs->scratch, count, SHAPE_LEVEL);
}

/* False: the allocator never did that. */
static bool course_fill(const struct results_file *file,
			const struct shape_line *line, struct costs *costs,
			struct shape_course *course)
{
	const struct shape_axis axis = {
		.points = line->points,
		.n = line->n,
		.rounds = costs->rounds,
		.costs = costs->all,
	};

	costs_fill(file, line, course, costs);
	for (size_t i = 0; i < costs->rounds; i++) {
		bool any = false;

		for (size_t point = 0; point < line->points; point++)
			any |= !isnan(costs->all[i * line->points + point]);
		course->rounds += any;
	}
	if (course->rounds == 0)
		return false;
	shape_fit(&axis, SHAPE_LEVEL, costs->scratch, &course->fit);
	for (size_t point = 0; point < line->points; point++)
		course->intervals[point] = interval_at(line, costs, point);
	return true;
}

/* Of one line. The list has room. */
static void courses_of_line(const struct results_file *file, unsigned int place,
			    struct costs *costs, struct shapes *shapes)
{
	const struct shape_line *line = &shapes->lines[place];

	for (int operation = 0; operation < OPERATION_COUNT; operation++)
		for (unsigned int i = 0; i < file->cells_count; i++) {
			const struct results_cell *cell = &file->cells[i];
			struct shape_course *course =
				&shapes->courses[shapes->courses_count];

			if (cell->group != line->groups[0] || cell->skipped ||
			    (cell->role != ROLE_REFERENCE &&
			     cell->role != ROLE_ROW))
				continue;
			*course = (struct shape_course){
				.line = place,
				.operation = (enum operation)operation,
				.cell = cell,
			};
			shapes->courses_count +=
				course_fill(file, line, costs, course);
		}
}

static size_t rounds_count(const struct results_file *file)
{
	size_t rounds = 0;

	for (unsigned int i = 0; i < file->cells_count; i++)
		for (size_t j = 0; j < file->cells[i].samples_count; j++) {
			const struct results_sample *sample =
				&file->cells[i].samples[j];

			if (sample->valid && sample->pass == PASS_TIMING &&
			    rounds <= sample->round)
				rounds = (size_t)sample->round + 1;
		}
	return rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX;
}

int shapes_read(const struct results_file *file, struct shapes *shapes)
{
	struct costs costs = {.rounds = rounds_count(file)};
	int error;

	*shapes = (struct shapes){0};
	error = lines_read(file, shapes);
	if (error)
		return error;
	if (shapes->lines_count == 0 || costs.rounds == 0)
		return 0;
	shapes->courses = calloc(shapes->lines_count * OPERATION_COUNT *
					 PLAN_GROUP_CELLS_MAX,
				 sizeof(*shapes->courses));
	costs.all = calloc(costs.rounds * SHAPE_POINTS_MAX, sizeof(double));
	costs.scratch = calloc(costs.rounds, sizeof(double));
	if (shapes->courses && costs.all && costs.scratch)
		for (unsigned int i = 0; i < shapes->lines_count; i++)
			courses_of_line(file, i, &costs, shapes);
	else
		error = -ENOMEM;
	free(costs.all);
	free(costs.scratch);
	if (error)
		shapes_free(shapes);
	return error;
}

void shapes_free(struct shapes *shapes)
{
	free(shapes->lines);
	free(shapes->courses);
	*shapes = (struct shapes){0};
}
