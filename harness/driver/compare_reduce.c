/* compare_reduce - a results file reduced to what is compared of it. */
#include "driver/compare_reduce.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/compare_cells.h"
#include "driver/group_units.h"
#include "driver/stats.h"

static const enum figure_index clock_figures[CLOCK_COUNT] = {
	[CLOCK_WALL] = FIGURE_WALL_NS,
	[CLOCK_CPU] = FIGURE_CPU_NS,
};

/* A file that is being reduced, and room for the values of any cell. */
struct reduction {
	struct compare_side *side;
	const struct results_file *file;
	unsigned int number;
	bool several; /* files on the side: the run is the unit */
	double *a, *b;
};

/* Twins and planted rows measure the noise; they are not compared. */
static bool is_compared(const struct results_cell *cell)
{
	return cell->role == ROLE_REFERENCE || cell->role == ROLE_FLOOR ||
	       cell->role == ROLE_ROW;
}

/* All values, or their median where runs are the unit. */
static int add_units(const struct reduction *reduction, double *values,
		     size_t count, struct compare_values *into)
{
	int error = 0;

	if (count == 0)
		return 0;
	if (reduction->several) {
		stats_sort(values, count);
		return compare_values_add(into, stats_median(values, count));
	}
	for (size_t i = 0; error == 0 && i < count; i++)
		error = compare_values_add(into, values[i]);
	return error;
}

static int add_times(const struct reduction *reduction,
		     const struct results_cell *from, struct compare_cell *cell)
{
	struct machine_unit unit =
		group_units_of_sample(from->group, reduction->file);
	int error = 0;

	if (reduction->side->in_units)
		compare_unit_add(&reduction->side->groups[cell->group].unit,
				 &unit);
	for (int i = 0; error == 0 && i < CLOCK_COUNT; i++) {
		size_t count =
			results_cell_values(from, PASS_TIMING, clock_figures[i],
					    reduction->a, NULL);

		for (size_t j = 0; j < count; j++)
			reduction->a[j] /= unit.ns;
		if (i == CLOCK_WALL) {
			cell->samples += count;
			cell->runs += count > 0;
		}
		error = add_units(reduction, reduction->a, count,
				  &cell->times[i]);
	}
	return error;
}

/* The ratios of the rounds in which both were measured. */
static int add_ratios(const struct reduction *reduction,
		      const struct results_cell *from,
		      struct compare_values *to)
{
	const struct results_cell *reference =
		results_companion(from, ROLE_REFERENCE);
	int error = 0;

	if (reference == NULL || reference == from)
		return 0;
	for (int i = 0; error == 0 && i < CLOCK_COUNT; i++) {
		double *a = reduction->a, *b = reduction->b;
		size_t pairs = results_pair_values(from, reference, PASS_TIMING,
						   clock_figures[i], a, b);
		size_t used = 0;

		for (size_t j = 0; j < pairs; j++)
			if (a[j] > 0 && b[j] > 0)
				a[used++] = a[j] / b[j];
		error = add_units(reduction, a, used, &to[i]);
	}
	return error;
}

/* Of the timing pass, or where that has none, of the checking pass. */
static int add_count(const struct reduction *reduction,
		     const struct results_cell *from, enum figure_index figure,
		     struct compare_count *into)
{
	double *values = reduction->a;
	size_t count =
		results_cell_values(from, PASS_TIMING, figure, values, NULL);
	int error = 0;

	if (count == 0)
		count = results_cell_values(from, PASS_CHECKING, figure, values,
					    NULL);
	if (count == 0)
		return 0;
	if (reduction->several) {
		stats_sort(values, count);
		return compare_count_add(into, (int64_t)values[0],
					 (int64_t)values[count - 1],
					 stats_median(values, count));
	}
	for (size_t i = 0; error == 0 && i < count; i++)
		error = compare_count_add(into, (int64_t)values[i],
					  (int64_t)values[i], values[i]);
	return error;
}

static void add_digest(struct compare_cell *cell, const char *digest)
{
	if (digest[0] == 0)
		return;
	if (cell->digest[0] == 0)
		memcpy(cell->digest, digest, sizeof(cell->digest));
	else if (strcmp(cell->digest, digest) != 0)
		cell->digests_differ = true;
}

/* What was asked for in each sample, and which mechanism answered. */
static void add_samples(const struct results_cell *from,
			struct compare_cell *cell)
{
	cell->named = from->mechanism != 0;
	for (size_t i = 0; i < from->samples_count; i++) {
		const struct results_sample *sample = &from->samples[i];

		if (!sample->valid)
			continue;
		add_digest(cell, sample->digest);
		for (unsigned int j = 0; j < OUTCOME_COUNT; j++) {
			int64_t growths = sample->values[FIGURE_OUTCOMES + j];

			if (growths == FIGURE_ABSENT)
				continue;
			cell->growths += (double)growths;
			if (from->mechanism >> j & 1u)
				cell->reached += (double)growths;
		}
	}
}

static int add_cell(const struct reduction *reduction,
		    const struct results_cell *from, struct compare_cell *cell)
{
	const char *skipped =
		from->skipped != NULL ? from->skipped : from->group->skipped;
	int error;

	if (skipped != NULL) {
		if (cell->skipped == NULL)
			cell->skipped = strdup(skipped);
		return cell->skipped != NULL ? 0 : -ENOMEM;
	}
	error = add_times(reduction, from, cell);
	if (error == 0)
		error = add_ratios(reduction, from, cell->ratios);
	for (int i = 0; error == 0 && i < COMPARE_COUNTS; i++)
		error = add_count(reduction, from, compare_counted[i].figure,
				  &cell->counts[i]);
	add_samples(from, cell);
	return error;
}

static int add_cells(struct reduction *reduction, char *why, size_t why_size)
{
	const struct results_file *file = reduction->file;
	unsigned int hint = 0, group = 0;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < file->cells_count; i++) {
		const struct results_cell *from = &file->cells[i];
		struct compare_cell *cell;

		error = compare_cells_group(reduction->side, from->group,
					    &group);
		if (error != 0)
			return error;
		reduction->side->groups[group].clocks |= 1u
							 << from->group->clock;
		if (from->role == ROLE_TWIN)
			error = add_ratios(reduction, from,
					   reduction->side->groups[group].twin);
		if (!is_compared(from))
			continue;
		cell = compare_cells_find(reduction->side, group, from, &hint);
		if (cell == NULL)
			return -ENOMEM;
		if (cell->seen == reduction->number) {
			snprintf(why, why_size,
				 "cannot compare '%s': its plan has '%s' twice "
				 "for '%s'",
				 file->path, from->allocator,
				 from->group->workload);
			return -EBADMSG;
		}
		cell->seen = reduction->number;
		error = add_cell(reduction, from, cell);
	}
	return error;
}

/* When the first run began, and the last. Such texts sort as their times. */
static int add_started(struct compare_side *side, const char *started)
{
	char **places[] = {&side->started, &side->ended};

	for (int i = 0; started != NULL && i < 2; i++) {
		int order =
			*places[i] != NULL ? strcmp(started, *places[i]) : 0;

		if (*places[i] != NULL && (i == 0 ? order >= 0 : order <= 0))
			continue;
		free(*places[i]);
		*places[i] = strdup(started);
		if (*places[i] == NULL)
			return -ENOMEM;
	}
	return 0;
}

static int add_heading(const struct reduction *reduction)
{
	const struct results_file *file = reduction->file;
	struct compare_side *side = reduction->side;
	const char *label = json_text(file->run, "label", NULL);
	char seed[32];

	side->interrupted += !file->ended;
	side->torn += file->torn;
	side->repeated += file->repeat > 1;
	if (reduction->number == 1 && label != NULL) {
		side->label = strdup(label);
		if (side->label == NULL)
			return -ENOMEM;
	}
	snprintf(seed, sizeof(seed), "%llu",
		 (unsigned long long)json_count(file->run, "plan.seed", 0));
	side->work.runs++;
	if (compare_facts_add(&side->work, "seed", seed) != 0 ||
	    compare_facts_add(&side->work, "clock_unit", file->clock_unit) != 0)
		return -ENOMEM;
	return add_started(side, json_text(file->run, "started", NULL));
}

/* An earlier cell of that spelling named its library. */
static bool is_named(const struct results_file *file, unsigned int cell)
{
	for (unsigned int i = 0; i < cell; i++)
		if (file->cells[i].library.file != NULL &&
		    strcmp(file->cells[i].allocator,
			   file->cells[cell].allocator) == 0)
			return true;
	return false;
}

/* Another build of a library is another allocator under one name. */
static int add_libraries(struct compare_side *side,
			 const struct results_file *file)
{
	char name[SPEC_TEXT_MAX + 16], text[512];
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < file->cells_count; i++) {
		if (is_named(file, i) ||
		    !results_library(&file->cells[i], true, text, sizeof(text)))
			continue;
		snprintf(name, sizeof(name), "library of %s",
			 file->cells[i].allocator);
		error = compare_facts_add(&side->facts, name, text);
	}
	return error;
}

int compare_reduce(struct compare_side *side, const struct results_file *file,
		   unsigned int number, char *why, size_t why_size)
{
	struct reduction reduction = {.side = side,
				      .file = file,
				      .number = number,
				      .several = side->files_count > 1};
	size_t most = 1;
	int error;

	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].samples_count > most)
			most = file->cells[i].samples_count;
	reduction.a = calloc(2 * most, sizeof(*reduction.a));
	if (reduction.a == NULL)
		return -ENOMEM;
	reduction.b = reduction.a + most;
	error = add_heading(&reduction);
	if (error == 0)
		error = compare_facts_add_run(&side->facts, file->run);
	if (error == 0)
		error = add_libraries(side, file);
	if (error == -E2BIG)
		snprintf(why, why_size,
			 "cannot compare '%s': its machine has more than %d "
			 "facts",
			 file->path, COMPARE_FACTS_MAX);
	if (error == 0)
		error = add_cells(&reduction, why, why_size);
	if (error == 0)
		error = compare_planted_add(side, file);
	free(reduction.a);
	return error;
}

void compare_reduce_finish(struct compare_side *side)
{
	for (unsigned int i = 0; i < side->cells_count; i++)
		for (int j = 0; j < COMPARE_COUNTS; j++)
			compare_count_finish(&side->cells[i].counts[j]);
}
