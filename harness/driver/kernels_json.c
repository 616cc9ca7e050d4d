/* kernels_json - a comparison of kernels, for programs. */
#include <math.h>

#include "driver/figures.h"
#include "driver/interval_json.h"
#include "driver/kernels_print.h"
#include "driver/names.h"

static void add_change(struct json *into, const char *key,
		       const struct kernels_change *change)
{
	struct json *json;

	if (change->verdict == KERNELS_ABSENT)
		return;
	json = json_add_object(into, key);
	json_add_text(json, "verdict", kernels_verdict_names[change->verdict]);
	json_add_real(json, "median", change->ratio);
	json_add_real(json, "low", change->interval.low);
	json_add_real(json, "high", change->interval.high);
	json_add_real(json, "level", change->interval.level);
	json_add_count(json, "pairs", change->pairs);
	json_add_count(json, "dearer", change->dearer);
	json_add_count(json, "cheaper", change->cheaper);
}

static void add_cell(struct json *into, const char *workload, enum thp_mode thp,
		     enum layout layout, const char *allocator)
{
	json_add_text(into, "workload", workload);
	json_add_text(into, "thp", thp_names[thp]);
	json_add_text(into, "layout", layout_names[layout]);
	json_add_text(into, "allocator", allocator);
}

static void add_row(struct json *rows, const struct kernels *kernels,
		    const struct kernels_row *row)
{
	struct json *json = json_append_object(rows);
	struct json *list;

	add_cell(json, row->workload, row->thp, row->layout, row->allocator);
	json_add_text(json, "operation", operation_names[row->operation]);
	json_add_bool(json, "is_control", row->is_control);
	list = json_add_array(json, "kernels");
	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		struct json *side = json_append_object(list);

		json_add_real(side, "instructions", row->medians[i]);
		add_change(side, "change", &row->changes[i]);
	}
	add_change(json, "whole", &row->whole);
}

static void add_fact(struct json *facts, const struct kernels *kernels,
		     const struct kernels_fact *fact)
{
	struct json *json = json_append_object(facts);
	struct json *list;

	add_cell(json, fact->workload, fact->thp, fact->layout,
		 fact->allocator);
	json_add_text(json, "count", fact->name);
	json_add_bool(json, "differs", fact->differs);
	list = json_add_array(json, "kernels");
	for (unsigned int i = 0; i < kernels->sides_count; i++)
		if (fact->values[i] == FIGURE_ABSENT)
			json_append_real(list, NAN);
		else
			json_append_signed(list, fact->values[i]);
}

static void add_absence(struct json *absences, const struct kernels *kernels,
			const struct kernels_absence *absence)
{
	struct json *json = json_append_object(absences);
	struct json *list;

	add_cell(json, absence->workload, absence->thp, absence->layout,
		 absence->allocator);
	json_add_bool(json, "differs", absence->differs);
	list = json_add_array(json, "kernels");
	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		struct json *side = json_append_object(list);

		if (absence->reasons[i])
			json_add_text(side, "reason", absence->reasons[i]);
	}
}

struct json *kernels_json(const struct kernels *kernels)
{
	struct json *json = json_new_object();
	struct json *list;

	json_add_count(json, "kernels_format", 1);
	list = json_add_array(json, "kernels");
	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		const struct kernels_side *side = &kernels->sides[i];
		struct json *one = json_append_object(list);

		json_add_text(one, "path", side->path);
		json_add_text(one, "release", side->release);
		json_add_text(one, "version", side->version);
		json_add_count(one, "layouts", side->points);
	}
	json_add_text(json, "clock", kernels->clock);
	json_add_real(json, "margin", kernels->margin);
	list = json_add_array(json, "refused");
	for (unsigned int i = 0; i < kernels->reasons_count; i++)
		json_append_text(list, kernels->reasons[i]);
	list = json_add_array(json, "rows");
	for (size_t i = 0; i < kernels->rows_count; i++)
		add_row(list, kernels, &kernels->rows[i]);
	list = json_add_array(json, "facts");
	for (size_t i = 0; i < kernels->facts_count; i++)
		add_fact(list, kernels, &kernels->facts[i]);
	list = json_add_array(json, "absent");
	for (size_t i = 0; i < kernels->absences_count; i++)
		add_absence(list, kernels, &kernels->absences[i]);
	return json;
}
