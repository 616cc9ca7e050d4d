/* table_json - the figures of a table as JSON. */
#include <math.h>
#include <string.h>

#include "driver/map_trend.h"
#include "driver/interval_json.h"
#include "driver/names.h"
#include "driver/shape_print.h"
#include "driver/table.h"
#include "driver/table_checks.h"
#include "driver/table_cold.h"
#include "driver/table_parts.h"
#include "driver/table_tails.h"
#include "driver/table_threads.h"
#include "driver/trend.h"
#include "driver/warmup.h"

#define TABLE_FORMAT 2

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
	[ROW_LEVELS_BYTES + MOVE_BY_PUD] = "bytes_by_pud",
	[ROW_LEVELS_BYTES + MOVE_BY_PMD] = "bytes_by_pmd",
	[ROW_LEVELS_BYTES + MOVE_BY_PTE] = "bytes_by_pte",
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
	interval_to_json(json, interval);
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

static void json_add_library(struct json *json, const struct results_cell *cell)
{
	const struct results_library *library = &cell->library;
	struct json *object;

	if (!library->file)
		return;
	object = json_add_object(json, "library");
	json_add_text(object, "file", library->file);
	if (library->version)
		json_add_text(object, "version", library->version);
	if (library->build_id)
		json_add_text(object, "build_id", library->build_id);
	if (library->changed)
		json_add_bool(object, "changed", true);
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

/* As in a verdict's note: only rows that are judged have any. */
static void json_add_verdict(struct json *json, const struct table_row *row)
{
	static const char *const reasons[] = {
		[LOWERED_MISSED] = "the planted effect was not found",
		[LOWERED_NOT_PLANTED] = "no planted effect was measured",
	};

	if (!row->judged)
		return;
	json_add_text(json, "verdict", verdict_names[row->verdict]);
	if (row->lowered != LOWERED_NOT)
		json_add_text(json, "lowered", reasons[row->lowered]);
	json_add_number(json, "p", row->ratio.p);
	json_add_number(json, "p_holm", row->p_holm);
	if (row->rounds_more > 0)
		json_add_count(json, "rounds_more", row->rounds_more);
}

/* Where someone looked. */
static void json_add_taint(struct json *json, const struct row_taint *taint)
{
	struct json *object, *by;
	int i;

	if (taint->known == 0)
		return;
	object = json_add_object(json, "taint");
	json_add_count(object, "samples", taint->known);
	json_add_count(object, "tainted", taint->tainted);
	by = json_add_object(object, "by");
	for (i = 0; i < TAINT_COUNT; i++)
		if (taint->by[i] > 0)
			json_add_count(by, taint_names[i], taint->by[i]);
	table_ratio_to_json(object, "clean_ratio", &taint->clean);
	if (taint->agreement == AGREEMENT_AGREES ||
	    taint->agreement == AGREEMENT_DISAGREES)
		json_add_bool(object, "agrees",
			      taint->agreement == AGREEMENT_AGREES);
}

/* Of the timing samples, over their rounds. */
static void json_add_trend(struct json *json, const struct table_row *row,
			   enum figure_index clock)
{
	struct trend_series series;

	if (trend_of_rounds(row->cell, clock, &series) != 0)
		return;
	if (series.count > 0)
		trend_to_json(&series, json_add_object(json, "trend"));
	trend_free(&series);
}

static void json_add_row(struct json *list, const struct table_group *group,
			 const struct table_row *row)
{
	struct json *json = json_append_object(list), *outcomes, *time;
	struct map_course course;
	int i;

	json_add_text(json, "role", role_names[row->cell->role]);
	json_add_text(json, "allocator", row->cell->allocator);
	if (row->cell->role == ROLE_PLANTED)
		json_add_count(json, "planted_percent",
			       row->cell->planted_percent);
	json_add_library(json, row->cell);
	json_add_samples(json, row->cell, row->samples);
	if (row->samples > 0) {
		time = json_add_object(json, "time_ns");
		json_add_median(time, row->time_ns, &row->time);
	}
	table_ratio_to_json(json, "ratio", &row->ratio);
	json_add_verdict(json, row);
	json_add_taint(json, &row->taint);
	json_add_bool(json, "exercised", row->exercised);
	json_add_number(json, "mechanism_share", row->mechanism);
	outcomes = json_add_object(json, "outcomes");
	for (i = 0; i < OUTCOME_COUNT; i++)
		json_add_number(outcomes, outcome_names[i],
				row->figures[ROW_OUTCOMES + i]);
	for (i = 0; i < ROW_OUTCOMES; i++)
		json_add_number(json, json_names[i], row->figures[i]);
	json_add_latencies(json, row);
	tails_to_json(row->cell, json);
	if (map_course_find(row->cell, &course) == 0)
		map_course_to_json(&course, json);
	cold_to_json(row->cell, json);
	json_add_trend(json, row, group->clock);
	warmup_to_json(row->cell, group->clock, json);
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
	struct json *json = json_append_object(list), *cells;
	unsigned int i;

	json_add_text(json, "workload", group->group->workload);
	json_add_text(json, "thp", thp_names[group->group->thp]);
	json_add_text(json, "layout", layout_names[group->group->layout]);
	if (group->group->skipped) {
		json_add_text(json, "skipped", group->group->skipped);
		return;
	}
	json_add_text(json, "clock", clock_names[group->group->clock]);
	if (group->group->clock_why)
		json_add_text(json, "clock_why", group->group->clock_why);
	json_add_count(json, "threads", group->group->threads);
	table_units_to_json(file, group->group, json);
	json_add_count(json, "rounds", group->rounds);
	if (file->counts)
		json_add_count(json, "counted",
			       file->passes[PASS_CHECKING].rounds);
	json_add_real(json, "margin", group->margin);
	json_add_bool(json, "margin_asked", group->margin_asked);
	table_checks_to_json(file, group, json);
	cells = json_add_array(json, "cells");
	for (i = 0; i < group->rows_count; i++)
		json_add_row(cells, group, &group->rows[i]);
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

static void json_add_unseen_one(void *list, const char *key,
				const struct json *value)
{
	struct json *one = json_append_object(list);

	json_add_text(one, "name", key);
	json_add_text(one, "not_seen", json_own_text(value, ""));
}

/* What could not be seen to disturb; absent where nobody looked. */
static void json_add_unseen(struct json *json, const struct results_file *file)
{
	const struct json *unseen = json_get(file->run, "taint.not_seen");

	if (json_is_object(unseen))
		json_each(unseen, json_add_unseen_one,
			  json_add_array(json, "taint_not_seen"));
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
	json_add_count(json, "repeat", file->repeat);
	json_add_text(json, "units", file->machine ? "machine" : "time");
	groups = json_add_array(json, "groups");
	for (i = 0; i < table.groups_count; i++)
		json_add_group(groups, &table, &table.groups[i]);
	json_add_missing(json, file);
	json_add_unseen(json, file);
	table_free(&table);
	if (shapes_to_json(file, json) == 0 && threads_to_json(file, json) == 0)
		return json;
	json_free(json);
	return NULL;
}
