/* record_map - the timeline of a sample's map, settled, and how it was read. */
#include "driver/record_map.h"

#include "driver/names.h"
#include "driver/record_figures.h"

/* whole: with what smaps_rollup alone says. */
static void add_point(const struct sample_answer *answer, struct json *json,
		      const struct map_figures *map, bool whole)
{
	int64_t values[MAP_FIGURES];

	record_map(map, &answer->before, values);
	json_add_count(json, "at_ns", map->at_ns);
	json_add_count(json, "read_ns", map->read_ns);
	for (int i = 0; i < MAP_FIGURES; i++)
		if (whole || (i != MAP_HUGE_BYTES && i != MAP_LAZY_FREE_BYTES))
			json_add_signed(json, map_figure_names[i], values[i]);
}

/*
 * Points that no one looked at the whole of hold no huge pages and nothing
 * lazily freed, all of them: absent then, not 0.
 */
static bool add_timeline(const struct sample_answer *answer, struct json *line)
{
	uint32_t count = answer->points_count;
	struct json *list, *json;
	bool whole = false;

	if (count > TIMELINE_POINTS_MAX)
		return false;
	for (uint32_t i = 0; i < count; i++)
		whole |= answer->points[i].huge_bytes > 0 ||
			 answer->points[i].lazy_free_bytes > 0;
	list = json_add_array(line, "timeline");
	for (uint32_t i = 0; i < count; i++) {
		json = json_append_object(list);
		add_point(answer, json, &answer->points[i], whole);
		json_add_count(json, "operations",
			       answer->points[i].operations);
	}
	return true;
}

/* The map again, some time after all was released; or that none was needed. */
static bool add_settled(const struct sample_answer *answer, struct json *map)
{
	struct json *list;

	if (answer->settled_count > SETTLE_POINTS)
		return false;
	if (answer->settled_at_once)
		json_add_bool(map, "settled_at_once", true);
	if (answer->settled_count == 0)
		return true;
	list = json_add_array(map, "settled");
	for (uint32_t i = 0; i < answer->settled_count; i++)
		add_point(answer, json_append_object(list), &answer->settled[i],
			  true);
	return true;
}

static bool add_reading(const struct sample_answer *answer, struct json *map)
{
	struct json *json = json_at(map, "reading");
	unsigned int lookup = (unsigned int)answer->reading.lookup;

	json_add_text(json, "walk", map_lookup_names[MAP_LOOKUP_TEXT]);
	if (lookup >= MAP_LOOKUP_COUNT)
		return false;
	json_add_text(json, "lookup", map_lookup_names[lookup]);
	return true;
}

bool record_map_lines(const struct sample_answer *answer, enum pass pass,
		      struct json *line)
{
	bool looked = answer->before.holes.mappings > 0;
	bool checking = pass == PASS_CHECKING;
	bool sound = !checking || add_timeline(answer, line);

	if (looked)
		sound &= add_reading(answer, json_at(line, "map"));
	if (looked && checking)
		sound &= add_settled(answer, json_at(line, "map"));
	return sound;
}
