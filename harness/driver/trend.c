/* trend - whether a cell's times keep their level. */
#include "driver/trend.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What can be judged of a series, in room of its own. */
struct judged {
	size_t count;
	double *times_ns;
	unsigned int *places;
};

static int judged_open(const double *times_ns, const unsigned int *places,
		       size_t count, struct judged *judged)
{
	judged->count = 0;
	judged->times_ns = calloc(count + 1, sizeof(*judged->times_ns));
	judged->places = calloc(count + 1, sizeof(*judged->places));
	if (!judged->times_ns || !judged->places)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(times_ns[i]) || times_ns[i] <= 0)
			continue;
		judged->times_ns[judged->count] = times_ns[i];
		judged->places[judged->count++] = places[i];
	}
	return 0;
}

static void judged_close(struct judged *judged)
{
	free(judged->times_ns);
	free(judged->places);
}

static int take_levels(const struct judged *judged,
		       const struct changes *changes,
		       struct trend_series *series)
{
	series->trend = changes->trend;
	series->levels =
		calloc(changes->segment_count + 1, sizeof(*series->levels));
	if (!series->levels)
		return -ENOMEM;
	series->levels_count = changes->segment_count;
	for (size_t i = 0; i < series->levels_count; i++) {
		const struct segment *segment = &changes->segments[i];

		series->levels[i].from = judged->places[segment->first];
		series->levels[i].count = segment->count;
		series->levels[i].median_ns = segment->median;
	}
	return 0;
}

int trend_find(const double *times_ns, const unsigned int *places, size_t count,
	       struct trend_series *series)
{
	const struct change_rule rule = {STATS_CHANGE_ALPHA, TREND_RATIO_MIN};
	struct changes changes;
	struct judged judged;
	int error = judged_open(times_ns, places, count, &judged);

	*series = (struct trend_series){.trend = TREND_UNKNOWN};
	if (error || judged.count == 0)
		goto out;
	series->count = judged.count;
	error = stats_change_find(judged.times_ns, judged.count, &rule,
				  &changes);
	if (error)
		goto out;
	error = take_levels(&judged, &changes, series);
	stats_change_free(&changes);
out:
	judged_close(&judged);
	return error;
}

void trend_free(struct trend_series *series)
{
	free(series->levels);
	memset(series, 0, sizeof(*series));
}

int trend_of_rounds(const struct results_cell *cell, enum figure_index clock,
		    struct trend_series *series)
{
	size_t room = cell->samples_count + 1, count;
	double *times_ns = calloc(room, sizeof(*times_ns));
	unsigned int *rounds = calloc(room, sizeof(*rounds));
	int error = -ENOMEM;

	if (times_ns && rounds) {
		count = results_cell_values(cell, PASS_TIMING, clock, times_ns,
					    rounds);
		error = trend_find(times_ns, rounds, count, series);
	}
	free(times_ns);
	free(rounds);
	return error;
}

void trend_to_json(const struct trend_series *series, struct json *into)
{
	struct json *levels, *one;

	json_add_text(into, "label", trend_names[series->trend]);
	json_add_count(into, "count", series->count);
	levels = json_add_array(into, "levels");
	for (size_t i = 0; i < series->levels_count; i++) {
		one = json_append_object(levels);
		json_add_count(one, "from", series->levels[i].from);
		json_add_count(one, "count", series->levels[i].count);
		json_add_real(one, "median_ns", series->levels[i].median_ns);
	}
}
