/* compare_json - a comparison as JSON. */
#include "driver/compare.h"

#include <math.h>
#include <string.h>

#include "driver/cells.h"
#include "driver/interval_json.h"
#include "driver/names.h"

#define COMPARE_FORMAT 1

/* Absent, not null, where it is not a number. */
static void add_number(struct json *json, const char *key, double value)
{
	if (isfinite(value))
		json_add_real(json, key, value);
}

static void add_text(struct json *json, const char *key, const char *text)
{
	if (text != NULL)
		json_add_text(json, key, text);
}

static void add_ratio(struct json *json, const char *key,
		      const struct compare_ratio *ratio)
{
	struct json *object;

	if (!isfinite(ratio->median))
		return;
	object = json_add_object(json, key);
	json_add_real(object, "median", ratio->median);
	interval_to_json(object, &ratio->interval);
}

static void add_side(struct json *json, const char *key,
		     const struct compare_side *side)
{
	struct json *object = json_add_object(json, key);

	json_add_text(object, "path", side->path);
	json_add_count(object, "runs", side->files_count);
	json_add_count(object, "interrupted", side->interrupted);
	json_add_count(object, "torn", side->torn);
	add_text(object, "label", side->label);
	add_text(object, "started_first", side->started);
	add_text(object, "started_last", side->ended);
}

/* The values of a fact on one side, the most of them with their runs. */
static void add_values(struct json *json, const char *key,
		       const struct compare_fact *fact, unsigned int runs)
{
	struct json *list = json_add_array(json, key);
	unsigned int seen = fact != NULL ? fact->runs : 0;

	for (unsigned int i = 0; fact != NULL && i < fact->values_count; i++) {
		struct json *one = json_append_object(list);

		json_add_text(one, "value", fact->values[i].text);
		json_add_count(one, "runs", fact->values[i].runs);
	}
	if (seen < runs) {
		struct json *one = json_append_object(list);

		json_add_text(one, "value", NULL);
		json_add_count(one, "runs", runs - seen);
	}
}

static void add_differences(struct json *json,
			    const struct comparison *comparison)
{
	struct json *list = json_add_array(json, "differences");

	for (unsigned int i = 0; i < comparison->differences_count; i++) {
		const struct compare_difference *from =
			&comparison->differences[i];
		struct json *one = json_append_object(list);

		json_add_text(one, "name", from->name);
		add_values(one, "base", from->base,
			   comparison->base->facts.runs);
		add_values(one, "new", from->new, comparison->new->facts.runs);
	}
}

/* One number where it never varied. */
static void add_count(struct json *json, const char *key,
		      const struct compare_count *count)
{
	struct json *object;

	if (count->units == 0)
		return;
	if (count->min == count->max) {
		json_add_signed(json, key, count->min);
		return;
	}
	object = json_add_object(json, key);
	json_add_real(object, "median", count->median);
	json_add_signed(object, "min", count->min);
	json_add_signed(object, "max", count->max);
}

static void add_counts(struct json *json, const struct compare_row *row)
{
	struct json *all = json_add_object(json, "counts");

	for (int i = 0; i < COMPARE_COUNTS; i++) {
		const char *name = figures[compare_counted[i].figure].name;
		struct json *one;

		if (row->changes[i] == COMPARE_NOT_MEASURED)
			continue;
		one = json_add_object(all, name);
		json_add_text(one, "change",
			      compare_change_names[row->changes[i]]);
		add_count(one, "base", &row->base->counts[i]);
		add_count(one, "new", &row->new->counts[i]);
		if (compare_row_is_worse(row, i))
			json_add_bool(one, "worse", true);
	}
}

static void add_times(struct json *json, const char *key, double time,
		      size_t units, const struct compare_cell *cell,
		      const struct compare_unit *unit)
{
	struct json *object = json_add_object(json, key);

	add_number(object, unit->name != NULL ? "median_units" : "median_ns",
		   time);
	json_add_count(object, "units", units);
	json_add_count(object, "samples", cell->samples);
}

static void add_row(struct json *list, const struct compare_block *block,
		    const struct compare_row *row)
{
	struct json *json = json_append_object(list);

	json_add_text(json, "role", role_names[row->base->role]);
	json_add_text(json, "allocator", row->base->allocator);
	if (row->judged)
		json_add_text(json, "verdict", verdict_names[row->verdict]);
	json_add_bool(json, "exercised", row->exercised);
	add_times(json, "base", row->base_time, row->base_units, row->base,
		  &block->base->unit);
	add_times(json, "new", row->new_time, row->new_units, row->new,
		  &block->new->unit);
	add_ratio(json, "ratio", &row->ratio);
	if (row->base->role != ROLE_REFERENCE)
		add_ratio(json, "own_ratio", &row->own);
	add_number(json, "p", row->p);
	add_number(json, "p_holm", row->p_holm);
	if (row->judged && row->more > 0)
		json_add_real(json, "more", row->more);
	if (row->judged)
		add_text(json, "reason", row->reason);
	add_counts(json, row);
}

/* Of a side: what its times are given in, where that is not nanoseconds. */
static void add_unit(struct json *json, const char *key,
		     const struct compare_unit *unit)
{
	struct json *object;

	if (unit->name == NULL)
		return;
	object = json_add_object(json, key);
	json_add_text(object, "name", compare_unit_name(unit));
	json_add_real(object, "ns_min", unit->ns_min);
	json_add_real(object, "ns_max", unit->ns_max);
}

static void add_planted(struct json *json, const char *key,
			const struct compare_planted *planted)
{
	struct json *object = json_add_object(json, key);

	json_add_count(object, "percent", CELLS_PLANTED_PERCENT);
	json_add_count(object, "runs", planted->runs);
	json_add_count(object, "found", planted->found);
	json_add_count(object, "not_found", planted->missed);
	json_add_count(object, "not_measured",
		       planted->runs - planted->found - planted->missed);
}

static void add_block(struct json *list, const struct compare_block *block)
{
	struct json *json = json_append_object(list), *cells;

	json_add_text(json, "workload", block->base->workload);
	json_add_text(json, "thp", thp_names[block->base->thp]);
	json_add_text(json, "layout", layout_names[block->base->layout]);
	if (block->rows[0].forced) {
		json_add_text(json, "new_workload", block->new->workload);
		json_add_text(json, "new_thp", thp_names[block->new->thp]);
		json_add_text(json, "new_layout",
			      layout_names[block->new->layout]);
	}
	json_add_text(json, "clock", clock_names[block->clock]);
	if (block->clocks_differ)
		json_add_bool(json, "clocks_differ", true);
	add_unit(json, "base_unit", &block->base->unit);
	add_unit(json, "new_unit", &block->new->unit);
	json_add_real(json, "margin", block->margin);
	add_ratio(json, "base_noise", &block->base_noise);
	add_ratio(json, "new_noise", &block->new_noise);
	add_planted(json, "base_planted", &block->base->planted);
	add_planted(json, "new_planted", &block->new->planted);
	cells = json_add_array(json, "cells");
	for (unsigned int i = 0; i < block->rows_count; i++)
		add_row(cells, block, &block->rows[i]);
}

static void add_alone(struct json *list, const struct compare_alone *alone)
{
	struct json *json = json_append_object(list);

	json_add_text(json, "side", alone->is_base ? "base" : "new");
	json_add_text(json, "workload", alone->group->workload);
	json_add_text(json, "thp", thp_names[alone->group->thp]);
	json_add_text(json, "layout", layout_names[alone->group->layout]);
	json_add_text(json, "role", role_names[alone->cell->role]);
	json_add_text(json, "allocator", alone->cell->allocator);
	add_text(json, "skipped", alone->skipped);
}

static void add_comparison(struct json *list,
			   const struct comparison *comparison)
{
	struct json *json = json_append_object(list), *into;

	add_side(json, "base", comparison->base);
	add_side(json, "new", comparison->new);
	json_add_text(json, "unit", comparison->runs ? "run" : "sample");
	into = json_add_array(json, "forced");
	for (unsigned int i = 0; i < comparison->reasons_count; i++)
		json_append_text(into, comparison->reasons[i]);
	add_differences(json, comparison);
	into = json_add_array(json, "groups");
	for (unsigned int i = 0; i < comparison->blocks_count; i++)
		add_block(into, &comparison->blocks[i]);
	into = json_add_array(json, "alone");
	for (unsigned int i = 0; i < comparison->alone_count; i++)
		add_alone(into, &comparison->alone[i]);
}

struct json *compare_json(const struct compare *compare)
{
	struct json *json = json_new_object(), *list;

	json_add_count(json, "compare_format", COMPARE_FORMAT);
	json_add_bool(json, "paired", false);
	json_add_text(json, "units",
		      compare->options.in_units ? "machine" : "time");
	json_add_real(json, "level_ratio", compare->level);
	json_add_count(json, "compared", compare->compared);
	list = json_add_array(json, "comparisons");
	for (unsigned int i = 0; i < compare->count; i++)
		add_comparison(list, &compare->comparisons[i]);
	return json;
}
