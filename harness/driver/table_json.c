/* table_json - the figures of a table as JSON. */
#include <math.h>
#include <string.h>

#include "driver/names.h"
#include "driver/table.h"
#include "driver/table_parts.h"

#define TABLE_FORMAT 1

/* As in a sample line, but flat. */
static const char *const json_names[ROW_OUTCOMES] = {
	[ROW_FAULTS] = "minor_faults",
	[ROW_PEAK_RESIDENT_BYTES] = "peak_resident_bytes",
	[ROW_LIVE_BYTES_MAX] = "live_bytes_max",
	[ROW_FINAL_RESIDENT_BYTES] = "final_resident_bytes",
	[ROW_FINAL_MAPPED_BYTES] = "final_mapped_bytes",
	[ROW_FINAL_LIVE_BYTES] = "final_live_bytes",
	[ROW_MAPPINGS] = "final_mappings",
	[ROW_HOLES] = "final_holes",
	[ROW_HOLE_BYTES] = "final_hole_bytes",
	[ROW_BYTES_COPIED] = "bytes_copied",
	[ROW_BYTES_MOVED] = "bytes_moved",
};

/* Absent, not null, where it is not a number. */
static void json_add_number(struct json *json, const char *key, double value)
{
	if (isfinite(value))
		json_add_real(json, key, value);
}

/* low, high and level only where there were values enough. */
static void json_add_median(struct json *json, double median,
			    const struct interval *interval)
{
	json_add_number(json, "median", median);
	if (interval->level <= 0)
		return;
	json_add_number(json, "low", interval->low);
	json_add_number(json, "high", interval->high);
	json_add_number(json, "level", interval->level);
}

static void json_add_ratio(struct json *json, const char *key,
			   const struct row_ratio *ratio)
{
	struct json *object;

	if (ratio->pairs == 0)
		return;
	object = json_add_object(json, key);
	json_add_median(object, ratio->median, &ratio->interval);
	json_add_count(object, "pairs", ratio->pairs);
}

static void json_add_samples(struct json *json, const struct results_cell *cell,
			     size_t timing)
{
	struct json *samples = json_add_object(json, "samples");
	int i;

	json_add_count(samples, "all", cell->samples_count);
	json_add_count(samples, "timing", timing);
	json_add_count(samples, "invalid", cell->invalid);
	for (i = 0; i < SAMPLE_OUTCOME_COUNT; i++)
		if (i != SAMPLE_OK && cell->outcomes[i] > 0)
			json_add_count(samples, sample_outcome_names[i],
				       cell->outcomes[i]);
	if (cell->reason)
		json_add_text(samples, "reason", cell->reason);
	if (cell->contradiction)
		json_add_text(samples, "contradiction", cell->contradiction);
}

static void json_add_latencies(struct json *json, const struct table_row *row)
{
	struct json *all = json_add_object(json, "latencies");
	struct histogram histogram;
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		struct json *one;

		if (row->cell->histograms[i].count == 0)
			continue;
		results_histogram(row->cell, (enum operation)i, &histogram);
		one = json_add_object(all, operation_names[i]);
		json_add_count(one, "count", histogram.count);
		json_add_count(one, "p50_ns",
			       histogram_quantile_ns(&histogram, 0.5));
		json_add_count(one, "p99_ns",
			       histogram_quantile_ns(&histogram, 0.99));
		json_add_count(one, "max_ns", histogram.max_ns);
		json_add_count(one, "overflow", histogram.overflow);
	}
}

static void json_add_counters(struct json *json, const struct table_row *row)
{
	const struct results_file *file = row->cell->file;
	struct json *all = json_add_object(json, "counters");
	unsigned int i;

	for (i = 0; i < file->counters_count; i++)
		json_add_number(all, file->counters[i].name,
				table_counter(row->cell, i));
}

static void json_add_row(struct json *list, const struct table_row *row)
{
	struct json *json = json_append_object(list), *outcomes, *time;
	int i;

	json_add_text(json, "role", role_names[row->cell->role]);
	json_add_text(json, "allocator", row->cell->allocator);
	json_add_samples(json, row->cell, row->samples);
	if (row->samples > 0) {
		time = json_add_object(json, "time_ns");
		json_add_median(time, row->time_ns, &row->time);
	}
	json_add_ratio(json, "ratio", &row->ratio);
	json_add_bool(json, "exercised", row->exercised);
	json_add_number(json, "mechanism_share", row->mechanism);
	outcomes = json_add_object(json, "outcomes");
	for (i = 0; i < OUTCOME_COUNT; i++)
		json_add_number(outcomes, outcome_names[i],
				row->figures[ROW_OUTCOMES + i]);
	for (i = 0; i < ROW_OUTCOMES; i++)
		json_add_number(json, json_names[i], row->figures[i]);
	json_add_latencies(json, row);
	json_add_counters(json, row);
}

static void json_add_skipped(struct json *list, const struct results_cell *cell)
{
	struct json *json = json_append_object(list);

	json_add_text(json, "role", role_names[cell->role]);
	json_add_text(json, "allocator", cell->allocator);
	json_add_text(json, "skipped", cell->skipped);
}

static void json_add_group(struct json *list, const struct table *table,
			   const struct table_group *group)
{
	const struct results_file *file = table->file;
	const struct table_row *twin = table_row_of(group, ROLE_TWIN);
	struct json *json = json_append_object(list), *cells;
	unsigned int i;

	json_add_text(json, "workload", group->group->workload);
	json_add_text(json, "thp", thp_names[group->group->thp]);
	if (group->group->skipped) {
		json_add_text(json, "skipped", group->group->skipped);
		return;
	}
	json_add_text(json, "clock",
		      group->clock == FIGURE_CPU_NS ? "cpu" : "wall");
	json_add_count(json, "threads", group->threads);
	json_add_count(json, "rounds", group->rounds);
	if (twin)
		json_add_ratio(json, "noise_floor", &twin->ratio);
	cells = json_add_array(json, "cells");
	for (i = 0; i < group->rows_count; i++)
		json_add_row(cells, &group->rows[i]);
	for (i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == group->group &&
		    file->cells[i].skipped)
			json_add_skipped(cells, &file->cells[i]);
}

static void json_add_missing(struct json *json, const struct results_file *file)
{
	struct json *list = json_add_array(json, "counters_missing"), *one;
	unsigned int i;

	for (i = 0; i < file->counters_count; i++) {
		if (!file->counters[i].missing)
			continue;
		one = json_append_object(list);
		json_add_text(one, "name", file->counters[i].name);
		json_add_text(one, "missing", file->counters[i].missing);
	}
}

struct json *table_json(const struct results_file *file)
{
	struct json *json, *groups;
	struct table table;
	unsigned int i;

	if (table_compute(file, &table) != 0)
		return NULL;
	json = json_new_object();
	json_add_count(json, "table_format", TABLE_FORMAT);
	json_add_text(json, "file", file->path);
	json_add_text(json, "status",
		      file->ended && file->status ? file->status
						  : "interrupted");
	json_add_bool(json, "torn", file->torn);
	json_add_count(json, "resumed", file->resumes);
	json_add_count(json, "forced", file->forced);
	json_add_real(json, "level_median", TABLE_LEVEL);
	json_add_real(json, "level_ratio", table.level);
	json_add_count(json, "compared", table.compared);
	groups = json_add_array(json, "groups");
	for (i = 0; i < table.groups_count; i++)
		json_add_group(groups, &table, &table.groups[i]);
	json_add_missing(json, file);
	table_free(&table);
	return json;
}
