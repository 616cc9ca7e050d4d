/* crossover_json - a map as JSON; see results/TABLE.md. */
#include <math.h>

#include "driver/crossover.h"
#include "driver/json.h"
#include "driver/interval_json.h"
#include "driver/names.h"

#define CROSSOVER_FORMAT 1

static const char *const cost_names[CROSSOVER_COSTS] = {
	[CROSSOVER_WHOLE] = "whole",
	[CROSSOVER_GROW] = "grow",
};

static const char *const doubt_names[DOUBT_COUNT] = {
	[DOUBT_ROUNDS] = "rounds",	 [DOUBT_PLANTED] = "planted",
	[DOUBT_EXERCISED] = "exercised", [DOUBT_WARM] = "warm",
	[DOUBT_SKIPPED] = "skipped",
};

static void add_ratio(struct json *json, const struct crossover_point *point,
		      enum crossover_cost cost)
{
	const struct crossover_ratio *ratio = &point->ratios[cost];
	struct json *into;

	if (!isfinite(ratio->median))
		return;
	into = json_add_object(json, cost_names[cost]);
	json_add_real(into, "median", ratio->median);
	interval_to_json(into, &ratio->interval);
	json_add_count(into, "pairs", ratio->pairs);
	json_add_text(into, "cheaper",
		      crossover_side_names[crossover_told(point, cost)]);
}

static void add_point(struct json *list, const struct crossover_point *point)
{
	struct json *json = json_append_object(list);

	json_add_count(json, "size", point->size);
	json_add_count(json, "file", point->file);
	if (point->doubt != DOUBT_NONE)
		json_add_text(json, "doubt", doubt_names[point->doubt]);
	if (point->why)
		json_add_text(json, "why", point->why);
	if (isfinite(point->warm_faults))
		json_add_real(json, "warm_faults", point->warm_faults);
	for (int cost = 0; cost < CROSSOVER_COSTS; cost++)
		add_ratio(json, point, (enum crossover_cost)cost);
}

static void add_crossings(struct json *json,
			  const struct crossover_curve *curve,
			  enum crossover_cost cost)
{
	struct json *list = json_add_array(json, cost_names[cost]);

	for (unsigned int i = 0; i < curve->crossings[cost].count; i++) {
		const struct crossover_crossing *crossing =
			&curve->crossings[cost].list[i];
		struct json *one = json_append_object(list);

		json_add_count(one, "low", crossing->low);
		json_add_count(one, "high", crossing->high);
		json_add_real(one, "estimate", crossing->estimate);
		json_add_text(one, "above",
			      crossover_side_names[crossing->above]);
		json_add_text(one, "from",
			      crossover_state_names[crossing->state]);
		json_add_count(one, "rounds", crossing->pairs);
	}
}

static void add_curve(struct json *list, const struct crossover_curve *curve)
{
	struct json *json = json_append_object(list), *points;

	json_add_text(json, "mover", curve->mover);
	json_add_text(json, "copy", crossover_copy_names[curve->copy]);
	json_add_text(json, "copier", curve->copier);
	json_add_text(json, "thp", thp_names[curve->thp]);
	json_add_text(json, "layout", layout_names[curve->layout]);
	json_add_text(json, "options", curve->rest);
	points = json_add_object(json, "thresholds");
	for (int cost = 0; cost < CROSSOVER_COSTS; cost++)
		add_crossings(points, curve, (enum crossover_cost)cost);
	points = json_add_array(json, "points");
	for (unsigned int i = 0; i < curve->points_count; i++)
		add_point(points, &curve->points[i]);
}

struct json *crossover_json(const struct crossover_map *map)
{
	struct json *json = json_new_object(), *list;

	json_add_count(json, "crossover_format", CROSSOVER_FORMAT);
	json_add_real(json, "level", 1 - CROSSOVER_ALPHA);
	list = json_add_array(json, "files");
	for (size_t i = 0; i < map->results->files_count; i++)
		json_append_text(list, map->results->files[i]->path);
	list = json_add_array(json, "curves");
	for (unsigned int i = 0; i < map->curves_count; i++)
		add_curve(list, &map->curves[i]);
	return json;
}
