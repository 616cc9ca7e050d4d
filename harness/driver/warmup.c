/* warmup - what repeating the work in one process does to its time. */
#include "driver/warmup.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/stats.h"

/* What of a repetition. */
enum part { PART_WALL, PART_CPU, PART_FAULTS };

static double part_of(const struct results_sample *sample, size_t repetition,
		      enum part part)
{
	const struct results_repetition *of = &sample->repetitions[repetition];
	int64_t value = part == PART_WALL  ? of->wall_ns
			: part == PART_CPU ? of->cpu_ns
					   : of->minor_faults;

	return value == FIGURE_ABSENT ? NAN : (double)value;
}

static bool usable(const struct results_sample *sample)
{
	return sample->valid && sample->pass == PASS_TIMING &&
	       sample->repetitions_count > 0;
}

/* How many samples there are, and the repetitions that all of them have. */
static void count_samples(const struct results_cell *cell,
			  struct warmup *warmup)
{
	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (!usable(sample))
			continue;
		if (warmup->samples++ == 0 ||
		    sample->repetitions_count < warmup->count)
			warmup->count = sample->repetitions_count;
	}
}

/* Over the samples; values holds samples_count. NaN: none has it. */
static double median_over_samples(const struct results_cell *cell,
				  size_t repetition, enum part part,
				  double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++) {
		double value;

		if (!usable(&cell->samples[i]))
			continue;
		value = part_of(&cell->samples[i], repetition, part);
		if (!isnan(value))
			values[count++] = value;
	}
	stats_sort(values, count);
	return stats_median(values, count);
}

/* Room for one sample's series, or for one repetition's values. */
struct scratch {
	double *values;
	unsigned int *places;
};

/* Samples that are labelled as their medians are. */
static int count_alike(const struct results_cell *cell, enum part part,
		       const struct scratch *scratch, struct warmup *warmup)
{
	struct trend_series series;
	int error;

	for (size_t i = 0; i < cell->samples_count; i++) {
		if (!usable(&cell->samples[i]))
			continue;
		for (size_t j = 0; j < warmup->count; j++)
			scratch->values[j] =
				part_of(&cell->samples[i], j, part);
		error = trend_find(scratch->values, scratch->places,
				   warmup->count, &series);
		if (error)
			return error;
		warmup->alike += series.trend == warmup->series.trend;
		trend_free(&series);
	}
	return 0;
}

static double steady_of(const struct warmup *warmup, double *scratch)
{
	const struct trend_series *series = &warmup->series;

	if (series->trend == TREND_UNSTEADY || series->levels_count == 0)
		return NAN;
	if (series->trend != TREND_UNKNOWN)
		return series->levels[series->levels_count - 1].median_ns;
	memcpy(scratch, warmup->medians_ns + 1,
	       (warmup->count - 1) * sizeof(*scratch));
	stats_sort(scratch, warmup->count - 1);
	return stats_median(scratch, warmup->count - 1);
}

static int fill(const struct results_cell *cell, enum part part,
		const struct scratch *scratch, struct warmup *warmup)
{
	struct trend_series series;
	int error;

	for (size_t i = 0; i < warmup->count; i++) {
		scratch->places[i] = (unsigned int)i;
		warmup->medians_ns[i] =
			median_over_samples(cell, i, part, scratch->values);
	}
	warmup->first_ns = warmup->medians_ns[0];
	warmup->first_faults =
		median_over_samples(cell, 0, PART_FAULTS, scratch->values);
	warmup->last_faults = median_over_samples(cell, warmup->count - 1,
						  PART_FAULTS, scratch->values);
	error = trend_find(warmup->medians_ns, scratch->places, warmup->count,
			   &series);
	if (error)
		return error;
	warmup->series = series;
	error = count_alike(cell, part, scratch, warmup);
	if (!error)
		warmup->steady_ns = steady_of(warmup, scratch->values);
	return error;
}

int warmup_of(const struct results_cell *cell, enum figure_index clock,
	      struct warmup *warmup)
{
	struct scratch scratch;
	size_t room;
	int error = -ENOMEM;

	*warmup = (struct warmup){.series.trend = TREND_UNKNOWN,
				  .first_ns = NAN,
				  .steady_ns = NAN,
				  .first_faults = NAN,
				  .last_faults = NAN};
	count_samples(cell, warmup);
	if (warmup->samples == 0)
		return 0;
	room = cell->samples_count + warmup->count;
	scratch.values = calloc(room, sizeof(*scratch.values));
	scratch.places = calloc(room, sizeof(*scratch.places));
	warmup->medians_ns = calloc(warmup->count, sizeof(*warmup->medians_ns));
	if (scratch.values && scratch.places && warmup->medians_ns)
		error = fill(cell,
			     clock == FIGURE_CPU_NS ? PART_CPU : PART_WALL,
			     &scratch, warmup);
	free(scratch.values);
	free(scratch.places);
	if (error)
		warmup_free(warmup);
	return error;
}

void warmup_free(struct warmup *warmup)
{
	trend_free(&warmup->series);
	free(warmup->medians_ns);
	memset(warmup, 0, sizeof(*warmup));
}

static void add_number(struct json *json, const char *key, double value)
{
	if (isfinite(value))
		json_add_real(json, key, value);
}

void warmup_to_json(const struct results_cell *cell, enum figure_index clock,
		    struct json *into)
{
	struct warmup warmup;
	struct json *json;

	if (warmup_of(cell, clock, &warmup) != 0)
		return;
	if (warmup.samples > 0) {
		json = json_add_object(into, "warmup");
		trend_to_json(&warmup.series, json);
		json_add_count(json, "samples", warmup.samples);
		json_add_count(json, "alike", warmup.alike);
		add_number(json, "first_ns", warmup.first_ns);
		add_number(json, "steady_ns", warmup.steady_ns);
		add_number(json, "first_faults", warmup.first_faults);
		add_number(json, "last_faults", warmup.last_faults);
	}
	warmup_free(&warmup);
}
