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
	[ROW_OUTCOMES + OUTCOME_SLACK] = FIGURE_OUTCOMES + OUTCOME_SLACK,
	[ROW_OUTCOMES + OUTCOME_IN_PLACE] = FIGURE_OUTCOMES + OUTCOME_IN_PLACE,
	[ROW_OUTCOMES + OUTCOME_MOVED] = FIGURE_OUTCOMES + OUTCOME_MOVED,
	[ROW_OUTCOMES + OUTCOME_COPIED] = FIGURE_OUTCOMES + OUTCOME_COPIED,
	[ROW_OUTCOMES + OUTCOME_FAILED] = FIGURE_OUTCOMES + OUTCOME_FAILED,
};

/* Room for the values of any cell, three times. */
struct scratch {
	double *a, *b, *c;
};

static const struct row_ratio no_ratio = {NAN, {NAN, NAN, 0}, 0};

/* Of the timing pass, or where that has none, of the checking pass. */
static double row_median(const struct results_cell *cell,
			 enum figure_index figure,
			 const struct scratch *scratch)
{
	size_t count = results_cell_values(cell, PASS_TIMING, figure,
					   scratch->a, NULL);

	if (count == 0)
		count = results_cell_values(cell, PASS_CHECKING, figure,
					    scratch->a, NULL);
	stats_sort(scratch->a, count);
	return stats_median(scratch->a, count);
}

static struct row_ratio row_ratio_of(const struct results_cell *cell,
				     const struct results_cell *reference,
				     enum figure_index clock, double level,
				     const struct scratch *scratch)
{
	struct row_ratio ratio = no_ratio;
	size_t count;

	if (!cell || !reference)
		return ratio;
	count = results_pair_values(cell, reference, PASS_TIMING, clock,
				    scratch->a, scratch->b);
	ratio.median =
		stats_paired_ratio(scratch->a, scratch->b, count, level,
				   scratch->c, &ratio.interval, &ratio.pairs);
	return ratio;
}

static double row_spread(const struct row_ratio *ratio)
{
	return log(ratio->interval.high) - log(ratio->interval.low);
}

/* By the reference and its twin alone: the rows must not choose their clock. */
static enum figure_index row_clock(const struct results_cell *twin,
				   const struct results_cell *reference,
				   unsigned int threads,
				   const struct scratch *scratch)
{
	struct row_ratio wall, cpu;

	if (threads > 1)
		return FIGURE_WALL_NS;
	wall = row_ratio_of(twin, reference, FIGURE_WALL_NS, TABLE_LEVEL,
			    scratch);
	cpu = row_ratio_of(twin, reference, FIGURE_CPU_NS, TABLE_LEVEL,
			   scratch);
	if (cpu.pairs > 0 && cpu.pairs >= wall.pairs &&
	    (wall.pairs == 0 || row_spread(&cpu) < row_spread(&wall)))
		return FIGURE_CPU_NS;
	return FIGURE_WALL_NS;
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
		     enum figure_index clock, const struct scratch *scratch)
{
	int i;

	row->cell = cell;
	row->ratio = no_ratio;
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

static const struct results_cell *
table_cell_of(const struct results_file *file,
	      const struct results_group *group, enum cell_role role)
{
	unsigned int i;

	for (i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == group &&
		    file->cells[i].role == role)
			return &file->cells[i];
	return NULL;
}

static void table_fill_group(const struct results_file *file,
			     struct table_group *group,
			     const struct scratch *scratch)
{
	const struct json *plan =
		json_item(json_get(file->run, "plan.groups"), group->index);
	const struct results_cell *twin, *reference;
	unsigned int i;

	group->threads = (unsigned int)json_count(plan, "estimate.threads", 1);
	twin = table_cell_of(file, group->group, ROLE_TWIN);
	reference = table_cell_of(file, group->group, ROLE_REFERENCE);
	group->clock = row_clock(twin, reference, group->threads, scratch);
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

/* Ratios come last: their level follows from how many there are. */
static void table_fill_ratios(struct table *table, double level,
			      const struct scratch *scratch)
{
	unsigned int i, j;

	table->compared = 0;
	/* Repetitions in one process are not the samples of an experiment. */
	if (table->file->repeat > 1)
		return;
	for (i = 0; i < table->groups_count; i++) {
		struct table_group *group = &table->groups[i];
		const struct table_row *reference =
			table_row_of(group, ROLE_REFERENCE);

		for (j = 0; reference && j < group->rows_count; j++) {
			struct table_row *row = &group->rows[j];

			if (row == reference)
				continue;
			row->ratio = row_ratio_of(row->cell, reference->cell,
						  group->clock, level, scratch);
			table->compared += row->cell->role == ROLE_ROW &&
					   row->exercised &&
					   row->ratio.pairs > 0;
		}
	}
}

static int scratch_open(struct scratch *scratch,
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
	struct scratch scratch;
	unsigned int i;

	memset(table, 0, sizeof(*table));
	table->file = file;
	table->level = TABLE_LEVEL;
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
	table_fill_ratios(table, TABLE_LEVEL, &scratch);
	if (table->compared > 1) {
		table->level = 1 - (1 - TABLE_LEVEL) / table->compared;
		table_fill_ratios(table, table->level, &scratch);
	}
	free(scratch.a);
	return 0;
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
