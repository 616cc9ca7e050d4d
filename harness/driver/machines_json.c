/* machines_json - results of many machines, for programs. */
#include <math.h>

#include "driver/cells.h"
#include "driver/interval_json.h"
#include "driver/machines_print.h"
#include "driver/names.h"

/* Nothing where it was not measured. */
static void add_real(struct json *json, const char *key, double value)
{
	if (isfinite(value))
		json_add_real(json, key, value);
}

static void add_machines(struct json *json, const struct machines *machines)
{
	struct json *list = json_add_array(json, "machines");

	for (unsigned int i = 0; i < machines->machines_count; i++) {
		const struct machines_machine *machine = &machines->machines[i];
		struct json *one = json_append_object(list);

		json_add_text(one, "name", machine->name);
		if (machine->host != NULL)
			json_add_text(one, "host", machine->host);
		json_add_text(one, "facts", machine->facts);
		json_add_count(one, "runs", machine->runs);
	}
	list = json_add_array(json, "kernels");
	for (unsigned int i = 0; i < machines->kernels_count; i++) {
		struct json *one = json_append_object(list);

		json_add_text(one, "release", machines->kernels[i].release);
		json_add_count(one, "runs", machines->kernels[i].runs);
	}
}

static void add_apart(struct json *json, const struct machines *machines)
{
	struct json *list = json_add_array(json, "apart");

	for (unsigned int i = 0; i < machines->apart_count; i++) {
		const struct machines_apart *apart = &machines->apart[i];
		struct json *one = json_append_object(list);

		json_add_text(one, "reason", apart->reason);
		if (apart->path[0] != '\0')
			json_add_text(one, "first", apart->path);
		json_add_count(one, "runs", apart->runs);
		json_add_bool(one, "failed", apart->failed);
	}
}

static void add_spread(struct json *into, const char *key,
		       const struct machines *machines,
		       const struct machines_spread *spread)
{
	struct json *json;

	if (spread->machines == 0)
		return;
	json = json_add_object(into, key);
	json_add_count(json, "machines", spread->machines);
	json_add_real(json, "median", spread->median);
	interval_to_json(json, &spread->interval);
	json_add_real(json, "lowest", spread->lowest);
	json_add_real(json, "quartile_low", spread->quartile_low);
	json_add_real(json, "quartile_high", spread->quartile_high);
	json_add_real(json, "highest", spread->highest);
	json_add_text(json, "farthest",
		      machines->machines[spread->farthest].name);
}

/* The row on each machine and kernel that has it. */
static void add_cells(struct json *into, const struct machines *machines,
		      unsigned int row)
{
	struct json *list = json_add_array(into, "cells");

	for (unsigned int i = 0; i < machines->groups_count; i++) {
		const struct machines_group *group = &machines->groups[i];
		const struct machines_cell *cell = machines_cell(group, row);
		struct json *one;

		if (cell == NULL)
			continue;
		one = json_append_object(list);
		json_add_text(one, "machine",
			      machines->machines[group->machine].name);
		json_add_text(one, "kernel",
			      machines->kernels[group->kernel].release);
		json_add_count(one, "runs", cell->count);
		add_real(one, "time", cell->time);
		if (!isfinite(cell->ratio))
			continue;
		json_add_text(one, "verdict",
			      machines_verdict_names[cell->verdict]);
		json_add_real(one, "ratio", cell->ratio);
		interval_to_json(one, &cell->interval);
	}
}

static void add_row(struct json *rows, const struct machines *machines,
		    unsigned int place)
{
	const struct machines_row *row = &machines->rows[place];
	struct json *json = json_append_object(rows);
	struct json *verdicts;

	json_add_text(json, "allocator", row->allocator);
	json_add_text(json, "role", role_names[row->role]);
	add_spread(json, "ratio", machines, &row->ratio);
	add_spread(json, "time", machines, &row->time);
	add_spread(json, "kernel_change", machines, &row->change);
	if (row->ratio.machines > 0) {
		verdicts = json_add_object(json, "verdicts");
		for (unsigned int i = 0; i < MACHINES_VERDICTS; i++)
			json_add_count(verdicts, machines_verdict_names[i],
				       row->verdicts[i]);
	}
	add_cells(json, machines, place);
}

static void add_planted(struct json *into,
			const struct compare_planted *planted)
{
	struct json *json = json_add_object(into, "planted");

	json_add_count(json, "percent", CELLS_PLANTED_PERCENT);
	json_add_count(json, "runs", planted->runs);
	json_add_count(json, "found", planted->found);
	json_add_count(json, "not_found", planted->missed);
	json_add_count(json, "not_measured",
		       planted->runs - planted->found - planted->missed);
}

static void add_group(struct json *groups, const struct machines *machines,
		      unsigned int place)
{
	const struct machines_block *block = &machines->blocks[place];
	struct json *json = json_append_object(groups);
	struct json *rows;

	json_add_text(json, "workload", block->workload);
	json_add_text(json, "thp", thp_names[block->thp]);
	json_add_text(json, "layout", layout_names[block->layout]);
	json_add_text(json, "reference", block->reference);
	json_add_count(json, "seed", block->seed);
	json_add_text(json, "clock", clock_names[block->clock]);
	json_add_text(json, "unit", compare_unit_name(&block->unit));
	json_add_real(json, "margin", block->margin);
	json_add_count(json, "runs", block->runs);
	add_planted(json, &block->planted);
	rows = json_add_array(json, "rows");
	for (unsigned int i = 0; i < machines->rows_count; i++)
		if (machines->rows[i].block == place)
			add_row(rows, machines, i);
}

struct json *machines_json(const struct machines *machines)
{
	struct json *json = json_new_object();
	struct json *groups;

	json_add_count(json, "machines_format", 1);
	json_add_count(json, "files", machines->files_count);
	json_add_count(json, "runs", machines->runs);
	json_add_count(json, "interrupted", machines->interrupted);
	json_add_count(json, "torn", machines->torn);
	json_add_count(json, "nameless", machines->nameless);
	json_add_real(json, "level_machine", MACHINES_LEVEL);
	json_add_real(json, "level_effect", machines->level_effect);
	add_machines(json, machines);
	add_apart(json, machines);
	groups = json_add_array(json, "groups");
	for (unsigned int i = 0; i < machines->blocks_count; i++)
		if (!machines->blocks[i].apart)
			add_group(groups, machines, i);
	return json;
}
