/* crossover_read - the map of results files. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/changes.h"
#include "driver/crossover_points.h"
#include "driver/verdict.h"

/* Room for the values of any cell, three times. */
struct scratch {
	double *a, *b, *work;
};

/* Wall in grow() of a sample; NaN: not measured. */
static double grow_ns(const struct results_sample *sample)
{
	double sum = 0;

	for (unsigned int i = 0; i < sample->sizes_count; i++) {
		if (sample->sizes[i].grow_ns < 0)
			return NAN;
		sum += (double)sample->sizes[i].grow_ns;
	}
	return sum > 0 ? sum : NAN;
}

static bool is_usable(const struct results_sample *sample)
{
	return sample->pass == PASS_TIMING && sample->valid &&
	       sample->outcome == SAMPLE_OK;
}

/* Of two cells in the rounds that both have; samples stand by round. */
static size_t grow_pairs(const struct results_cell *mover,
			 const struct results_cell *copy, double *a, double *b)
{
	size_t count = 0, other = 0;

	for (size_t i = 0; i < mover->samples_count; i++) {
		const struct results_sample *sample = &mover->samples[i];

		if (!is_usable(sample))
			continue;
		while (other < copy->samples_count &&
		       (!is_usable(&copy->samples[other]) ||
			copy->samples[other].round < sample->round))
			other++;
		if (other == copy->samples_count ||
		    copy->samples[other].round != sample->round)
			continue;
		a[count] = grow_ns(sample);
		b[count] = grow_ns(&copy->samples[other]);
		if (isfinite(a[count]) && isfinite(b[count]))
			count++;
	}
	return count;
}

static void ratio_fill(const struct crossover_source *source,
		       enum crossover_cost cost, double level,
		       const struct scratch *scratch,
		       struct crossover_ratio *ratio)
{
	size_t count =
		cost == CROSSOVER_GROW
			? grow_pairs(source->mover, source->copy, scratch->a,
				     scratch->b)
			: results_pair_values(source->mover, source->copy,
					      PASS_TIMING, source->clock,
					      scratch->a, scratch->b);

	ratio->median = stats_paired_ratio(scratch->a, scratch->b, count, level,
					   scratch->work, &ratio->interval,
					   &ratio->pairs);
	ratio->side = crossover_side(ratio);
}

static double median_faults(const struct results_cell *cell, double *values)
{
	size_t count = results_cell_values(cell, PASS_TIMING,
					   FIGURE_FAULTS_MINOR, values, NULL);

	stats_sort(values, count);
	return stats_median(values, count);
}

/*
 * The reference makes a fault of each page that it copies to, in pages or huge
 * pages, and of each of the tail; what is warm makes none. Had the kept ranges
 * been given back, or been others, their faults would show here.
 */
static void warmth_fill(const struct crossover_source *source,
			const struct scratch *scratch,
			struct crossover_point *point)
{
	double cold = median_faults(source->cold, scratch->a);
	double warm = median_faults(source->copy, scratch->a);

	point->warm_faults = cold > 0 ? warm / cold : NAN;
	if (point->doubt == DOUBT_NONE &&
	    !(point->warm_faults <= CROSSOVER_WARM_FAULTS))
		point->doubt = DOUBT_WARM;
}

/* Nor can what was planted be found in so few. */
static void rounds_doubt(struct crossover_point *point)
{
	const struct crossover_ratio *ratio = &point->ratios[CROSSOVER_WHOLE];

	if ((point->doubt == DOUBT_NONE || point->doubt == DOUBT_PLANTED) &&
	    (ratio->pairs < VERDICT_PAIRS_MIN || ratio->interval.level <= 0)) {
		point->doubt = DOUBT_ROUNDS;
		point->of_group = true;
	}
}

/* Whether a point of a later file is between the ends of a crossing. */
static bool is_used(const struct crossover_curve *curve,
		    const struct crossover_point *point,
		    enum crossover_cost cost)
{
	if (point->doubt == DOUBT_SKIPPED)
		return false;
	if (point->file == curve->coarse)
		return true;
	for (unsigned int i = 0; i < curve->crossings[cost].count; i++)
		if (point->size >= curve->crossings[cost].list[i].low &&
		    point->size <= curve->crossings[cost].list[i].high)
			return true;
	return false;
}

/* All that a file says of a cost is said at one level. */
static double level_of(const struct crossover_map *map, unsigned int file,
		       enum crossover_cost cost)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < map->curves_count; i++) {
		const struct crossover_curve *curve = &map->curves[i];

		for (unsigned int j = 0; j < curve->points_count; j++)
			used += curve->points[j].file == file &&
				is_used(curve, &curve->points[j], cost);
	}
	return 1 - CROSSOVER_ALPHA / (double)map->results->files_count /
			   (used ? used : 1);
}

/* The ratios of a file, whose coarse crossings are then known. */
static void file_fill(struct crossover_draft *draft, unsigned int file,
		      enum crossover_cost cost, const struct scratch *scratch)
{
	struct crossover_map *map = draft->map;
	double level = level_of(map, file, cost);

	if (file == 0 || level > map->levels[cost])
		map->levels[cost] = level;
	for (unsigned int i = 0; draft->sources && i < map->curves_count; i++) {
		struct crossover_curve *curve = &map->curves[i];

		for (unsigned int j = 0; j < curve->points_count; j++) {
			struct crossover_point *point = &curve->points[j];
			const struct crossover_source *source =
				&draft->sources[i][j];

			if (point->file != file ||
			    point->doubt == DOUBT_SKIPPED)
				continue;
			ratio_fill(source, cost, level, scratch,
				   &point->ratios[cost]);
			if (curve->copy == CROSSOVER_WARM)
				warmth_fill(source, scratch, point);
			rounds_doubt(point);
		}
		crossover_find(curve, cost);
	}
}

static int scratch_open(const struct results *results, struct scratch *scratch)
{
	size_t most = 1;

	for (size_t i = 0; i < results->files_count; i++)
		for (unsigned int j = 0; j < results->files[i]->cells_count;
		     j++) {
			size_t count =
				results->files[i]->cells[j].samples_count;

			if (count > most)
				most = count;
		}
	scratch->a = calloc(3 * most, sizeof(*scratch->a));
	if (!scratch->a)
		return -ENOMEM;
	scratch->b = scratch->a + most;
	scratch->work = scratch->b + most;
	return 0;
}

/* A threshold is one machine's, under one kernel, of one program. */
static int files_match(const struct results *results, char *why,
		       size_t why_size)
{
	const struct results_file *first = results->files[0];

	for (size_t i = 1; i < results->files_count; i++) {
		const struct results_file *file = results->files[i];
		struct changes changes = {0};
		char list[CHANGES_TEXT_MAX];

		changes_add(&changes, "binary",
			    json_text(first->run, "binary", NULL),
			    json_text(file->run, "binary", NULL));
		changes_add_json(&changes, "machine",
				 json_get(first->run, "machine"),
				 json_get(file->run, "machine"));
		if (changes.count == 0)
			continue;
		changes_tell(&changes, list, sizeof(list));
		snprintf(why, why_size,
			 "%s and %s are not of the same machine and program:\n"
			 "%s",
			 first->path, file->path, list);
		return -EINVAL;
	}
	return 0;
}

static int file_gather(struct crossover_draft *draft, unsigned int file,
		       char *why, size_t why_size)
{
	const struct results_file *from = draft->map->results->files[file];
	struct table table;
	int error = table_compute(from, &table);

	if (!error) {
		error = crossover_points_add(draft, &table, file);
		table_free(&table);
	}
	if (!error && draft->groups == 0) {
		snprintf(why, why_size,
			 "%s has no group of the workload %s: it was not made "
			 "by regrow crossover",
			 from->path, draft->workload);
		error = -ENODATA;
	}
	if (error == -ENOMEM)
		snprintf(why, why_size, "no memory for the map");
	return error;
}

static void draft_free(struct crossover_draft *draft)
{
	for (unsigned int i = 0; draft->sources && i < draft->map->curves_count;
	     i++)
		free(draft->sources[i]);
	free(draft->sources);
}

int crossover_read(const struct results *results, const char *workload,
		   struct crossover_map *map, char *why, size_t why_size)
{
	struct crossover_draft draft = {.map = map, .workload = workload};
	struct scratch scratch = {0};
	int error;

	*map = (struct crossover_map){.results = results};
	error = files_match(results, why, why_size);
	for (unsigned int i = 0; i < results->files_count && !error; i++)
		error = file_gather(&draft, i, why, why_size);
	if (!error && scratch_open(results, &scratch) != 0) {
		snprintf(why, why_size, "no memory for the map");
		error = -ENOMEM;
	}
	for (unsigned int i = 0; i < results->files_count && !error; i++)
		for (int cost = 0; cost < CROSSOVER_COSTS; cost++)
			file_fill(&draft, i, (enum crossover_cost)cost,
				  &scratch);
	free(scratch.a);
	draft_free(&draft);
	if (error)
		crossover_free(map);
	return error;
}

void crossover_free(struct crossover_map *map)
{
	for (unsigned int i = 0; i < map->curves_count; i++)
		free(map->curves[i].points);
	free(map->curves);
	*map = (struct crossover_map){0};
}
