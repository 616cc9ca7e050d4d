/* map_trend - what a timeline of the map says of fragmentation and holes. */
#include "driver/map_trend.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/stats_slope.h"

const char *const map_trend_names[MAP_TREND_COUNT] = {
	[MAP_TREND_UNKNOWN] = "unknown",
	[MAP_TREND_BOUNDED] = "bounded",
	[MAP_TREND_GROWING] = "growing",
	[MAP_TREND_UNTOLD] = "cannot tell",
};

double map_share(int64_t bytes, int64_t live_bytes)
{
	if (bytes == FIGURE_ABSENT || live_bytes == FIGURE_ABSENT ||
	    live_bytes < MAP_LIVE_MIN)
		return NAN;
	return (double)bytes / (double)live_bytes;
}

static double point_share(const struct results_point *point,
			  enum map_figure figure)
{
	return map_share(point->values[figure], point->values[MAP_LIVE_BYTES]);
}

static struct map_share share_find(const struct results_cell *cell,
				   enum map_figure figure)
{
	struct map_share share = {NAN, NAN};

	for (unsigned int i = 0; i < cell->timeline_count; i++) {
		double now = point_share(&cell->timeline[i], figure);

		if (isnan(now))
			continue;
		share.final = now;
		share.worst = fmax(share.worst, now);
	}
	return share;
}

/* Points of the later half of the requests into x and y; how many. */
static size_t half_fill(const struct results_cell *cell, double *x, double *y)
{
	const struct results_point *points = cell->timeline;
	size_t count = 0;
	double middle;

	if (cell->timeline_count == 0)
		return 0;
	middle = ((double)points[0].operations +
		  (double)points[cell->timeline_count - 1].operations) /
		 2;
	for (unsigned int i = 0; i < cell->timeline_count; i++) {
		double share = point_share(&points[i], MAP_HOLE_BYTES);

		if (isnan(share) || points[i].operations == FIGURE_ABSENT ||
		    (double)points[i].operations < middle)
			continue;
		x[count] = (double)points[i].operations / MAP_TREND_REQUESTS;
		y[count++] = share;
	}
	return count;
}

static enum map_trend trend_judge(const struct map_course *course, double span)
{
	if (course->interval.level <= 0)
		return MAP_TREND_UNTOLD;
	if (course->interval.high * span <= MAP_TREND_SHARE_MAX)
		return MAP_TREND_BOUNDED;
	return course->interval.low > 0 ? MAP_TREND_GROWING : MAP_TREND_UNTOLD;
}

static int trend_fill(struct map_course *course, double *x, double *y)
{
	double span;
	int error;

	if (course->points < MAP_TREND_POINTS_MIN)
		return 0;
	span = x[course->points - 1] - x[0];
	error = stats_slope(x, y, course->points, MAP_TREND_LEVEL,
			    &course->slope, &course->interval);
	/* Points at the same request: a timeline that says nothing. */
	if (error)
		return error == -EINVAL ? 0 : error;
	course->trend = trend_judge(course, span);
	stats_sort(y, course->points);
	course->holes = stats_median(y, course->points);
	return 0;
}

/* Of the first valid checking sample, as the timeline is. */
static double checked_value(const struct results_cell *cell,
			    enum figure_index figure)
{
	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		int64_t value = sample->values[figure];

		if (sample->pass == PASS_CHECKING && sample->valid)
			return value == FIGURE_ABSENT ? NAN : (double)value;
	}
	return NAN;
}

static void cost_fill(const struct results_cell *cell,
		      struct map_course *course)
{
	double sum_ns = 0;

	course->read_ns = NAN;
	course->read_share = NAN;
	course->points_skipped = checked_value(cell, FIGURE_MAP_POINTS_SKIPPED);
	for (unsigned int i = 0; i < cell->timeline_count; i++) {
		if (cell->timeline[i].read_ns == FIGURE_ABSENT)
			return;
		sum_ns += (double)cell->timeline[i].read_ns;
	}
	if (cell->timeline_count == 0)
		return;
	course->read_ns = sum_ns / cell->timeline_count;
	course->read_share = sum_ns / checked_value(cell, FIGURE_SPAN_NS);
}

int map_course_find(const struct results_cell *cell, struct map_course *course)
{
	size_t room = cell->timeline_count + 1;
	double *x = calloc(room, sizeof(*x)), *y = calloc(room, sizeof(*y));
	int error = -ENOMEM;

	*course = (struct map_course){
		.mapped = share_find(cell, MAP_MAPPED_BYTES),
		.resident = share_find(cell, MAP_RESIDENT_BYTES),
		.left_mapped_bytes =
			checked_value(cell, FIGURE_DRAINED + MAP_MAPPED_BYTES),
		.left_resident_bytes = checked_value(
			cell, FIGURE_DRAINED + MAP_RESIDENT_BYTES),
		.holes = NAN,
		.slope = NAN,
	};
	cost_fill(cell, course);
	if (x && y) {
		course->points = half_fill(cell, x, y);
		error = trend_fill(course, x, y);
	}
	free(x);
	free(y);
	return error;
}

static void add_number(struct json *json, const char *key, double value)
{
	if (isfinite(value))
		json_add_real(json, key, value);
}

void map_course_to_json(const struct map_course *course, struct json *into)
{
	struct json *json, *trend;

	if (isnan(course->mapped.final))
		return;
	json = json_add_object(into, "map");
	add_number(json, "mapped_final", course->mapped.final);
	add_number(json, "mapped_worst", course->mapped.worst);
	add_number(json, "resident_final", course->resident.final);
	add_number(json, "resident_worst", course->resident.worst);
	add_number(json, "left_mapped_bytes", course->left_mapped_bytes);
	add_number(json, "left_resident_bytes", course->left_resident_bytes);
	add_number(json, "read_ns", course->read_ns);
	add_number(json, "read_share", course->read_share);
	add_number(json, "points_skipped", course->points_skipped);
	trend = json_add_object(json, "holes");
	json_add_text(trend, "label", map_trend_names[course->trend]);
	json_add_count(trend, "points", course->points);
	add_number(trend, "share", course->holes);
	add_number(trend, "slope", course->slope);
	if (course->interval.level <= 0)
		return;
	json_add_real(trend, "slope_low", course->interval.low);
	json_add_real(trend, "slope_high", course->interval.high);
	json_add_real(trend, "level", course->interval.level);
}
