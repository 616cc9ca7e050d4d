/* machines_reduce - a run reduced to a ratio and a time for each of its cells. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cells.h"
#include "driver/group_units.h"
#include "driver/machines_parts.h"
#include "driver/verdict.h"

static const enum figure_index clock_figures[CLOCK_COUNT] = {
	[CLOCK_WALL] = FIGURE_WALL_NS,
	[CLOCK_CPU] = FIGURE_CPU_NS,
};

/* Room for the values of any cell of a file. */
struct scratch {
	double *a;
	double *b;
	double *c;
};

static bool is_wanted(const struct results_cell *cell)
{
	return cell->role != ROLE_PLANTED && cell->skipped == NULL &&
	       cell->group->skipped == NULL;
}

/* Of the first valid sample that has one; "". */
static const char *digest_of(const struct results_cell *cell)
{
	for (size_t i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].valid && cell->samples[i].digest[0])
			return cell->samples[i].digest;
	return "";
}

/* What a group of a file is, for as long as the file is there. */
static struct machines_block block_of(const struct results_cell *reference,
				      char *text, size_t size)
{
	const struct results_group *group = reference->group;
	struct machines_block block = {
		.workload = (char *)group->workload,
		.seed = json_count(reference->file->run, "plan.seed", 0),
		.thp = group->thp,
		.layout = group->layout};

	snprintf(text, size, "%s", reference->allocator);
	block.reference = text;
	snprintf(block.contents, sizeof(block.contents), "%s",
		 group->contents ? group->contents : "");
	snprintf(block.digest, sizeof(block.digest), "%s",
		 digest_of(reference));
	return block;
}

static bool is_same(const struct machines_block *a,
		    const struct machines_block *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       a->seed == b->seed && strcmp(a->workload, b->workload) == 0 &&
	       strcmp(a->reference, b->reference) == 0 &&
	       strcmp(a->contents, b->contents) == 0 &&
	       strcmp(a->digest, b->digest) == 0;
}

static int find_block(struct machines *machines,
		      const struct machines_block *wanted, unsigned int *place)
{
	struct machines_block *list;

	for (*place = 0; *place < machines->blocks_count; (*place)++)
		if (is_same(&machines->blocks[*place], wanted))
			return 0;
	list = machines_grow(machines->blocks, machines->blocks_count,
			     sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	machines->blocks = list;
	list[*place] = *wanted;
	list[*place].workload = strdup(wanted->workload);
	list[*place].reference = strdup(wanted->reference);
	machines->blocks_count++;
	return list[*place].workload != NULL && list[*place].reference != NULL
		       ? 0
		       : -ENOMEM;
}

static int find_row(struct machines *machines, unsigned int block,
		    const struct results_cell *cell, unsigned int *place)
{
	struct machines_row *list;

	for (*place = 0; *place < machines->rows_count; (*place)++) {
		const struct machines_row *row = &machines->rows[*place];

		if (row->block == block && row->role == cell->role &&
		    strcmp(row->allocator, cell->allocator) == 0)
			return 0;
	}
	list = machines_grow(machines->rows, machines->rows_count,
			     sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	machines->rows = list;
	list[*place] =
		(struct machines_row){.block = block,
				      .role = cell->role,
				      .allocator = strdup(cell->allocator),
				      .named = cell->mechanism != 0};
	machines->rows_count++;
	return list[*place].allocator != NULL ? 0 : -ENOMEM;
}

/* The group of a machine on a kernel. 0, -ENOMEM, or -E2BIG: too many. */
static int find_group(struct machines *machines, unsigned int machine,
		      unsigned int kernel, unsigned int *place)
{
	struct machines_machine *of = &machines->machines[machine];
	struct machines_group *list;

	for (*place = of->last_group; *place != MACHINES_NONE;
	     *place = machines->groups[*place].before)
		if (machines->groups[*place].kernel == kernel)
			return 0;
	if (of->groups_count == MACHINES_KERNELS_MAX)
		return -E2BIG;
	list = machines_grow(machines->groups, machines->groups_count,
			     sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	machines->groups = list;
	*place = machines->groups_count++;
	list[*place] = (struct machines_group){
		.machine = machine, .kernel = kernel, .before = of->last_group};
	of->last_group = *place;
	of->groups_count++;
	return 0;
}

/* A new run in a row of a group; NULL where memory ran out. */
static struct machines_run *add_run(struct machines_group *group,
				    unsigned int row,
				    struct machines_cell **cell)
{
	struct machines_run *runs;

	if (row >= group->cells_count) {
		struct machines_cell *cells =
			realloc(group->cells, (row + 1) * sizeof(*cells));

		if (cells == NULL)
			return NULL;
		memset(&cells[group->cells_count], 0,
		       (row + 1 - group->cells_count) * sizeof(*cells));
		group->cells = cells;
		group->cells_count = row + 1;
	}
	*cell = &group->cells[row];
	runs = (*cell)->runs;
	if ((*cell)->count == (*cell)->room) {
		unsigned int room = 2 * (*cell)->room + 2;

		runs = realloc(runs, room * sizeof(*runs));
		if (runs == NULL)
			return NULL;
		(*cell)->runs = runs;
		(*cell)->room = room;
	}
	return &runs[(*cell)->count++];
}

static void add_growths(const struct results_cell *from,
			struct machines_cell *cell)
{
	for (size_t i = 0; i < from->samples_count; i++) {
		const struct results_sample *sample = &from->samples[i];

		for (unsigned int j = 0; sample->valid && j < OUTCOME_COUNT;
		     j++) {
			int64_t growths = sample->values[FIGURE_OUTCOMES + j];

			if (growths == FIGURE_ABSENT)
				continue;
			cell->growths += (double)growths;
			if (from->mechanism >> j & 1u)
				cell->reached += (double)growths;
		}
	}
}

/* The times and ratios of a cell by one clock. */
static void take_clock(const struct results_cell *cell,
		       const struct results_cell *reference,
		       enum group_clock clock, double unit_ns,
		       const struct scratch *scratch, struct machines_run *run)
{
	enum figure_index figure = clock_figures[clock];
	struct interval interval;
	size_t count, used;

	count = results_cell_values(cell, PASS_TIMING, figure, scratch->a,
				    NULL);
	stats_sort(scratch->a, count);
	run->times[clock] = stats_median(scratch->a, count) / unit_ns;
	run->ratios[clock] = NAN;
	if (cell == reference)
		return;
	count = results_pair_values(cell, reference, PASS_TIMING, figure,
				    scratch->a, scratch->b);
	run->ratios[clock] =
		stats_paired_ratio(scratch->a, scratch->b, count, 0.5,
				   scratch->c, &interval, &used);
}

/* A cell of the file that has a reference to go with. */
static int reduce_cell(struct machines *machines, unsigned int group,
		       unsigned int block, const struct results_cell *from,
		       const struct results_cell *reference,
		       const struct scratch *scratch)
{
	struct machine_unit unit =
		group_units_of_sample(from->group, from->file);
	struct machines_cell *cell;
	struct machines_run run;
	struct machines_run *place;
	unsigned int row;

	for (int i = 0; i < CLOCK_COUNT; i++)
		take_clock(from, reference, (enum group_clock)i, unit.ns,
			   scratch, &run);
	/* A cell whose every sample failed was not measured. */
	if (isnan(run.times[CLOCK_WALL]) && isnan(run.times[CLOCK_CPU]))
		return 0;
	if (find_row(machines, block, from, &row) != 0)
		return -ENOMEM;
	place = add_run(&machines->groups[group], row, &cell);
	if (place == NULL)
		return -ENOMEM;
	*place = run;
	add_growths(from, cell);
	return 0;
}

/* Rows of a file whose intervals hold together, as its own table has them. */
static unsigned int rows_of(const struct results_file *file)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < file->cells_count; i++)
		count += file->cells[i].role == ROLE_ROW &&
			 is_wanted(&file->cells[i]);
	return count;
}

/* Whether the run finds what it planted in the group of that reference. */
static void add_planted(struct compare_planted *planted,
			const struct results_cell *reference,
			const struct scratch *scratch)
{
	const struct results_file *file = reference->file;
	enum figure_index figure = clock_figures[reference->group->clock];
	double level = verdict_level(rows_of(file));
	bool measured = false, found = false;
	struct interval interval;

	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];
		size_t pairs;

		if (cell->group != reference->group ||
		    cell->role != ROLE_PLANTED ||
		    cell->planted_percent != CELLS_PLANTED_PERCENT)
			continue;
		pairs = results_pair_values(cell, reference, PASS_TIMING,
					    figure, scratch->a, scratch->b);
		stats_paired_ratio(scratch->a, scratch->b, pairs, level,
				   scratch->c, &interval, &pairs);
		measured |= pairs > 0;
		found |= verdict_finds(&interval, pairs);
	}
	planted->runs++;
	planted->found += found;
	planted->missed += measured && !found;
}

/* The reference of a group begins its block. */
static int begin_block(struct machines *machines,
		       const struct results_cell *reference,
		       unsigned int *place)
{
	struct machine_unit unit =
		group_units_of_sample(reference->group, reference->file);
	char spelling[SPEC_TEXT_MAX];
	struct machines_block wanted =
		block_of(reference, spelling, sizeof(spelling));
	struct machines_block *block;

	if (find_block(machines, &wanted, place) != 0)
		return -ENOMEM;
	block = &machines->blocks[*place];
	block->runs++;
	block->clocks |= 1u << reference->group->clock;
	if (machines->options.in_units)
		compare_unit_add(&block->unit, &unit);
	return 0;
}

static int reduce_cells(struct machines *machines, unsigned int group,
			const struct results_file *file,
			const struct scratch *scratch)
{
	int error = 0;

	for (unsigned int i = 0; i < file->cells_count && error == 0; i++) {
		const struct results_cell *reference = &file->cells[i];
		unsigned int block;

		if (reference->role != ROLE_REFERENCE ||
		    !is_wanted(reference) ||
		    results_companion(reference, ROLE_REFERENCE) != reference)
			continue;
		error = begin_block(machines, reference, &block);
		if (error == 0)
			add_planted(&machines->blocks[block].planted, reference,
				    scratch);
		for (unsigned int j = 0; j < file->cells_count && error == 0;
		     j++)
			if (file->cells[j].group == reference->group &&
			    is_wanted(&file->cells[j]))
				error = reduce_cell(machines, group, block,
						    &file->cells[j], reference,
						    scratch);
	}
	return error;
}

/* What is counted of a run besides its cells. */
static int count_run(struct machines *machines, unsigned int group,
		     const struct results_file *file)
{
	struct machines_group *of = &machines->groups[group];

	of->runs++;
	machines->machines[of->machine].runs++;
	machines->kernels[of->kernel].runs++;
	machines->runs++;
	machines->interrupted += !file->ended;
	machines->torn += file->torn;
	machines->nameless += machines->machines[of->machine].host == NULL;
	machines->builds.runs++;
	return compare_facts_add(&machines->builds, "regrow",
				 json_text(file->run, "regrow", "unknown"));
}

int machines_reduce(struct machines *machines, const struct results_file *file)
{
	unsigned int machine, kernel, group;
	struct scratch scratch;
	size_t most = 1;
	int error;

	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].samples_count > most)
			most = file->cells[i].samples_count;
	scratch.a = calloc(3 * most, sizeof(*scratch.a));
	if (scratch.a == NULL)
		return -ENOMEM;
	scratch.b = scratch.a + most;
	scratch.c = scratch.b + most;
	error = machines_find_machine(machines, file->run, &machine);
	if (error == 0)
		error = machines_find_kernel(machines, file->run, &kernel);
	if (error == 0)
		error = find_group(machines, machine, kernel, &group);
	if (error == -E2BIG) {
		error = machines_set_apart(machines,
					   "their machine had already so many "
					   "kernels as are compared",
					   file->path, 1, false);
		goto out;
	}
	if (error == 0)
		error = count_run(machines, group, file);
	if (error == 0)
		error = reduce_cells(machines, group, file, &scratch);
out:
	free(scratch.a);
	return error;
}
