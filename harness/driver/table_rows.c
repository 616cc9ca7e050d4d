/* table_rows - a run's samples reduced to the numbers of its table. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/table_rows.h"

const enum figure_index row_figures[ROW_FIGURES] = {
	[ROW_FAULTS] = FIGURE_FAULTS_MINOR,
	[ROW_PEAK_RESIDENT_BYTES] = FIGURE_PEAK_RESIDENT_BYTES,
	[ROW_LIVE_BYTES_MAX] = FIGURE_LIVE_BYTES_MAX,
	[ROW_FINAL_RESIDENT_BYTES] = FIGURE_FINAL + MAP_RESIDENT_BYTES,
	[ROW_FINAL_MAPPED_BYTES] = FIGURE_FINAL + MAP_MAPPED_BYTES,
	[ROW_FINAL_LIVE_BYTES] = FIGURE_FINAL + MAP_LIVE_BYTES,
	[ROW_MAPPINGS] = FIGURE_FINAL + MAP_MAPPINGS,
	[ROW_HOLES] = FIGURE_FINAL + MAP_HOLES,
	[ROW_HOLE_BYTES] = FIGURE_FINAL + MAP_HOLE_BYTES,
	[ROW_BYTES_COPIED] = FIGURE_BYTES_COPIED,
	[ROW_BYTES_MOVED] = FIGURE_BYTES_MOVED,
	[ROW_LEVELS_BYTES + MOVE_BY_PUD] = FIGURE_LEVELS_BYTES + MOVE_BY_PUD,
	[ROW_LEVELS_BYTES + MOVE_BY_PMD] = FIGURE_LEVELS_BYTES + MOVE_BY_PMD,
	[ROW_LEVELS_BYTES + MOVE_BY_PTE] = FIGURE_LEVELS_BYTES + MOVE_BY_PTE,
	[ROW_OUTCOMES + OUTCOME_SLACK] = FIGURE_OUTCOMES + OUTCOME_SLACK,
	[ROW_OUTCOMES + OUTCOME_IN_PLACE] = FIGURE_OUTCOMES + OUTCOME_IN_PLACE,
	[ROW_OUTCOMES + OUTCOME_MOVED] = FIGURE_OUTCOMES + OUTCOME_MOVED,
	[ROW_OUTCOMES + OUTCOME_COPIED] = FIGURE_OUTCOMES + OUTCOME_COPIED,
	[ROW_OUTCOMES + OUTCOME_FAILED] = FIGURE_OUTCOMES + OUTCOME_FAILED,
};

static const struct row_ratio no_ratio = {NAN, {NAN, NAN, 0}, 0, NAN};

/* Of the timing pass, or where that has none, of the checking pass. */
static double row_median(const struct results_cell *cell,
			 enum figure_index figure,
			 const struct table_scratch *scratch)
{
	size_t count = results_cell_values(cell, PASS_TIMING, figure,
					   scratch->a, NULL);

	if (count == 0)
		count = results_cell_values(cell, PASS_CHECKING, figure,
					    scratch->a, NULL);
	stats_sort(scratch->a, count);
	return stats_median(scratch->a, count);
}

/* A row named after what almost never happened compares nothing. */
static void row_judge_mechanism(struct table_row *row)
{
	unsigned int mask = row->cell->mechanism;
	double all = 0, reached = 0;
	int i;

	for (i = 0; i < OUTCOME_COUNT; i++) {
		double count = row->figures[ROW_OUTCOMES + i];

		if (isnan(count))
			continue;
		all += count;
		reached += mask & (1u << i) ? count : 0;
	}
	row->mechanism = all > 0 ? reached / all : NAN;
	row->exercised = mask == 0 || row->mechanism >= TABLE_EXERCISED_MIN;
}

static void row_fill(struct table_row *row, const struct results_cell *cell,
		     enum figure_index clock,
		     const struct table_scratch *scratch)
{
	int i;

	row->cell = cell;
	row->ratio = no_ratio;
	row->p_holm = NAN;
	row->samples =
		results_cell_values(cell, PASS_TIMING, clock, scratch->a, NULL);
	stats_sort(scratch->a, row->samples);
	row->time_ns = stats_median(scratch->a, row->samples);
	row->time =
		stats_median_interval(scratch->a, row->samples, TABLE_LEVEL);
	for (i = 0; i < ROW_FIGURES; i++)
		row->figures[i] = row_median(cell, row_figures[i], scratch);
	row_judge_mechanism(row);
}

static void table_fill_group(const struct results_file *file,
			     struct table_group *group,
			     const struct table_scratch *scratch)
{
	unsigned int i;

	group->clock = group->group->clock == CLOCK_CPU ? FIGURE_CPU_NS
							: FIGURE_WALL_NS;
	for (i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];
		struct table_row *row = &group->rows[group->rows_count];

		if (cell->group != group->group || cell->skipped ||
		    group->group->skipped ||
		    group->rows_count == PLAN_GROUP_CELLS_MAX)
			continue;
		row_fill(row, cell, group->clock, scratch);
		group->rows_count++;
		if (row->samples > group->rounds)
			group->rounds = row->samples;
	}
}

static int scratch_open(struct table_scratch *scratch,
			const struct results_file *file)
{
	size_t most = 1;
	unsigned int i;

	for (i = 0; i < file->cells_count; i++)
		if (file->cells[i].samples_count > most)
			most = file->cells[i].samples_count;
	scratch->a = calloc(3 * most, sizeof(*scratch->a));
	if (!scratch->a)
		return -ENOMEM;
	scratch->b = scratch->a + most;
	scratch->c = scratch->b + most;
	return 0;
}

int table_compute(const struct results_file *file, struct table *table)
{
	struct table_scratch scratch;
	unsigned int i;
	int error;

	memset(table, 0, sizeof(*table));
	table->file = file;
	if (scratch_open(&scratch, file) != 0)
		return -ENOMEM;
	table->groups = calloc(file->groups_count + 1, sizeof(*table->groups));
	if (!table->groups) {
		free(scratch.a);
		return -ENOMEM;
	}
	table->groups_count = file->groups_count;
	for (i = 0; i < file->groups_count; i++) {
		table->groups[i].group = &file->groups[i];
		table->groups[i].index = i;
		table_fill_group(file, &table->groups[i], &scratch);
	}
	error = table_judge(table, &scratch);
	table_taint_fill(table, scratch.a, scratch.b, scratch.c);
	free(scratch.a);
	if (error)
		table_free(table);
	return error;
}

void table_free(struct table *table)
{
	free(table->groups);
	memset(table, 0, sizeof(*table));
}

const struct table_row *table_row_of(const struct table_group *group,
				     enum cell_role role)
{
	unsigned int i;

	for (i = 0; i < group->rows_count; i++)
		if (group->rows[i].cell->role == role)
			return &group->rows[i];
	return NULL;
}

double table_counter(const struct results_cell *cell, unsigned int counter)
{
	enum pass pass = cell->file->counters[counter].tracepoint
				 ? PASS_CHECKING
				 : PASS_TIMING;
	double *values = calloc(cell->samples_count + 1, sizeof(*values));
	double median = NAN;
	size_t count;

	if (!values)
		return NAN;
	count = results_counter_values(cell, pass, counter, values);
	stats_sort(values, count);
	median = stats_median(values, count);
	free(values);
	return median;
}
