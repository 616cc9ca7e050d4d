/* kernels_read - results files of the lab, reduced to rows. */
#include "driver/kernels.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/kernels_parts.h"
#include "driver/lab.h"
#include "driver/lines.h"
#include "driver/names.h"
#include "driver/results.h"
#include "driver/style.h"
#include "sample/sweep.h"

bool kernels_is_lab(const char *path)
{
	char why[512];
	struct json *line = NULL;
	struct lines lines;
	bool is_lab;

	if (lines_open(&lines, path, why, sizeof(why)) != 0)
		return false;
	if (lines_next(&lines) == 1)
		line = json_parse(lines.text, lines.size, why, sizeof(why));
	is_lab = line && json_is_object(json_get(line, "lab")) &&
		 strcmp(json_text(line, "clock_unit", ""), LAB_INSTRUCTIONS) ==
			 0;
	json_free(line);
	lines_close(&lines);
	return is_lab;
}

static struct kernels_row *row_find(struct kernels *kernels,
				    const struct results_cell *cell,
				    enum operation operation)
{
	for (size_t i = 0; i < kernels->rows_count; i++) {
		struct kernels_row *row = &kernels->rows[i];

		if (row->operation == operation &&
		    row->thp == cell->group->thp &&
		    row->layout == cell->group->layout &&
		    strcmp(row->workload, cell->group->workload) == 0 &&
		    strcmp(row->allocator, cell->allocator) == 0)
			return row;
	}
	return NULL;
}

/* NULL where memory ran out. */
static struct kernels_row *row_add(struct kernels *kernels,
				   const struct results_cell *cell,
				   enum operation operation)
{
	struct kernels_row *rows =
		realloc(kernels->rows,
			(kernels->rows_count + 1) * sizeof(*kernels->rows));
	struct kernels_row *row;

	if (!rows)
		return NULL;
	kernels->rows = rows;
	row = &rows[kernels->rows_count++];
	memset(row, 0, sizeof(*row));
	row->workload = strdup(cell->group->workload);
	row->allocator = strdup(cell->allocator);
	row->thp = cell->group->thp;
	row->layout = cell->group->layout;
	row->operation = operation;
	row->is_control = cell->group->is_control;
	for (unsigned int i = 0; i < KERNELS_MAX; i++)
		row->medians[i] = NAN;
	return row->workload && row->allocator ? row : NULL;
}

/* Instructions of one call of an operation in a sample; NaN: there was none. */
static double mean_of(const struct results_sample *sample,
		      enum operation operation)
{
	int64_t count = sample->values[figure_of_operation(
		operation, OPERATION_FIGURE_COUNT)];
	int64_t sum = sample->values[figure_of_operation(
		operation, OPERATION_FIGURE_SUM_NS)];

	return count > 0 && sum >= 0 ? (double)sum / (double)count : NAN;
}

/* One operation of a cell. 0 or -ENOMEM. */
static int row_take(struct kernels *kernels, unsigned int side,
		    const struct results_cell *cell, enum operation operation)
{
	unsigned int count = kernels->sides[side].points;
	struct kernels_row *row = row_find(kernels, cell, operation);
	double *points = malloc((count ? count : 1) * sizeof(*points));
	double scratch[SWEEP_MAX];
	size_t used = 0;

	if (!points)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++)
		points[i] = NAN;
	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (sample->pass == PASS_TIMING && sample->valid &&
		    sample->outcome == SAMPLE_OK && sample->round < count)
			points[sample->round] = mean_of(sample, operation);
	}
	for (unsigned int i = 0; i < count; i++)
		if (isfinite(points[i]))
			scratch[used++] = points[i];
	if (used > 0 && !row)
		row = row_add(kernels, cell, operation);
	if (used == 0 || !row || row->points[side]) {
		free(points);
		return used > 0 && !row ? -ENOMEM : 0;
	}
	stats_sort(scratch, used);
	row->medians[side] = stats_median(scratch, used);
	row->points[side] = points;
	return 0;
}

static int cells_take(struct kernels *kernels, unsigned int side,
		      const struct results_file *file)
{
	int error = 0;

	for (unsigned int i = 0; i < file->cells_count && !error; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->role == ROLE_TWIN || cell->role == ROLE_PLANTED ||
		    cell->role == ROLE_FLOOR)
			continue;
		for (unsigned int j = 0; j < OPERATION_COUNT && !error; j++)
			error = row_take(kernels, side, cell,
					 (enum operation)j);
		if (!error)
			error = kernels_take_facts(kernels, side, cell);
	}
	return error;
}

/*
 * 5.10.262 of the package 5.10.262-1, whose release is 5.10.0-46-cloud-amd64;
 * the release where there is no package.
 */
static void short_name(const struct kernels_side *side, char *name, size_t size)
{
	const char *text =
		side->version[strspn(side->version, "0123456789.")] == '-'
			? side->version
			: side->release;
	size_t length = strspn(text, "0123456789.");

	snprintf(name, size, "%.*s", (int)(length ? length : strlen(text)),
		 text);
}

/* Where another has the same short name: the package's whole one, or the file's. */
static void long_name(const struct kernels *kernels, unsigned int side,
		      char *name, size_t size)
{
	const struct kernels_side *sides = kernels->sides;
	char other[sizeof(sides->name)];
	bool shared = false;

	short_name(&sides[side], name, size);
	for (unsigned int i = 0; i < kernels->sides_count && !shared; i++) {
		short_name(&sides[i], other, sizeof(other));
		shared = i != side && strcmp(other, name) == 0;
	}
	if (shared && sides[side].version[0])
		snprintf(name, size, "%s", sides[side].version);
}

/* No two columns of a table have one name. */
static void sides_name(struct kernels *kernels)
{
	static const struct style ascii;
	char name[sizeof(kernels->sides->name)], other[sizeof(name)];

	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		struct kernels_side *side = &kernels->sides[i];
		unsigned int number = 1;

		long_name(kernels, i, name, sizeof(name));
		for (unsigned int j = 0; j < i; j++) {
			long_name(kernels, j, other, sizeof(other));
			number += strcmp(other, name) == 0;
		}
		if (number > 1)
			snprintf(other, sizeof(other), "%.100s#%u", name,
				 number);
		style_clean(&ascii, number > 1 ? other : name, side->name,
			    sizeof(side->name));
	}
}

static void side_take(struct kernels *kernels, unsigned int place,
		      const struct results_file *file)
{
	struct kernels_side *side = &kernels->sides[place];
	uint64_t sweep = json_count(file->run, "plan.sweep", 0);

	side->points = sweep <= SWEEP_MAX ? (unsigned int)sweep : 0;
	snprintf(side->release, sizeof(side->release), "%s",
		 json_text(file->run, "machine.kernel", "unknown"));
	snprintf(side->version, sizeof(side->version), "%s",
		 json_text(file->run, "lab.kernel_version", ""));
	if (place == 0)
		snprintf(kernels->clock, sizeof(kernels->clock),
			 "%.32s %.32s, %.80s",
			 json_text(file->run, "lab.emulator", ""),
			 json_text(file->run, "lab.emulator_version", ""),
			 json_text(file->run, "lab.cpu", ""));
}

static int side_read(struct kernels *kernels, unsigned int place,
		     const char *path, struct json **first, char *why,
		     size_t why_size)
{
	struct results results = {0};
	int error = results_read(&results, path, why, why_size);

	if (error)
		return error;
	kernels->sides[place].path = path;
	side_take(kernels, place, results.files[0]);
	if (place == 0)
		*first = json_duplicate(results.files[0]->run);
	else
		kernels_check_side(kernels, place, *first,
				   results.files[0]->run);
	error = cells_take(kernels, place, results.files[0]);
	if (error)
		snprintf(why, why_size, "no memory for what %s holds", path);
	results_free(&results);
	return error;
}

static void changes_fill(struct kernels *kernels, struct kernels_row *row)
{
	unsigned int points = kernels->sides[0].points;
	int first = -1, last = -1;

	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		row->changes[i].ratio = NAN;
		row->changes[i].verdict = KERNELS_ABSENT;
		if (!row->points[i])
			continue;
		if (last >= 0)
			kernels_change_of(row->points[last], row->points[i],
					  points, kernels->margin,
					  &row->changes[i]);
		first = first < 0 ? (int)i : first;
		last = (int)i;
	}
	row->whole = (struct kernels_change){.ratio = NAN,
					     .verdict = KERNELS_ABSENT};
	if (last > first)
		kernels_change_of(row->points[first], row->points[last], points,
				  kernels->margin, &row->whole);
}

int kernels_make(const char *const *paths, unsigned int count, double margin,
		 struct kernels *kernels, char *why, size_t why_size)
{
	struct json *first = NULL;
	int error = 0;

	memset(kernels, 0, sizeof(*kernels));
	kernels->margin = margin > 0 ? margin : KERNELS_MARGIN;
	if (count > KERNELS_MAX) {
		snprintf(why, why_size, "more than %d kernels at a time",
			 KERNELS_MAX);
		return -E2BIG;
	}
	for (unsigned int i = 0; i < count && !error; i++) {
		error = side_read(kernels, i, paths[i], &first, why, why_size);
		kernels->sides_count = i + 1;
	}
	json_free(first);
	sides_name(kernels);
	for (size_t i = 0; i < kernels->rows_count && !error; i++)
		changes_fill(kernels, &kernels->rows[i]);
	if (!error)
		kernels_judge_facts(kernels);
	if (!error)
		kernels_check_control(kernels);
	return error;
}

void kernels_free(struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->rows_count; i++) {
		for (unsigned int j = 0; j < KERNELS_MAX; j++)
			free(kernels->rows[i].points[j]);
		free(kernels->rows[i].workload);
		free(kernels->rows[i].allocator);
	}
	kernels_free_facts(kernels);
	free(kernels->rows);
	memset(kernels, 0, sizeof(*kernels));
}
