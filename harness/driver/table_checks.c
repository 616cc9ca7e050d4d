/* table_checks - what a run's checks of itself came to. */
#include "driver/table_checks.h"

#include <math.h>
#include <string.h>

#include "driver/interval_json.h"
#include "driver/names.h"

static void sample_check(const struct results_sample *sample,
			 struct group_checks *checks)
{
	if (sample->outcome != SAMPLE_OK)
		return;
	checks->samples++;
	if (sample->invalid & (1u << INVALID_WORD))
		checks->contents_wrong++;
	else if (sample->values[FIGURE_VERIFIED_WORDS] > 0)
		checks->contents_held++;
	if (!sample->oracle_applies)
		checks->faults_silent++;
	else if (sample->invalid & (1u << INVALID_ORACLE))
		checks->faults_differ++;
	else
		checks->faults_agree++;
	if (sample->pass != PASS_CHECKING)
		return;
	checks->tallies++;
	checks->contradictions +=
		(sample->invalid & (1u << INVALID_CONTRADICTION)) != 0;
}

void table_check(const struct results_file *file,
		 const struct table_group *group, struct group_checks *checks)
{
	memset(checks, 0, sizeof(*checks));
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		/* The floor keeps no contents and takes no faults. */
		if (cell->group != group->group || cell->role == ROLE_FLOOR)
			continue;
		for (size_t j = 0; j < cell->samples_count; j++)
			sample_check(&cell->samples[j], checks);
		if (!checks->silent_why)
			checks->silent_why = cell->no_oracle;
	}
}

void table_ratio_to_json(struct json *json, const char *key,
			 const struct row_ratio *ratio)
{
	struct json *object;

	if (ratio->pairs == 0 || !isfinite(ratio->median))
		return;
	object = json_add_object(json, key);
	json_add_real(object, "median", ratio->median);
	interval_to_json(object, &ratio->interval);
	json_add_count(object, "pairs", ratio->pairs);
}

static void planted_to_json(const struct table_group *group, struct json *json)
{
	struct json *list = json_add_array(json, "planted");

	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];
		struct json *one;

		if (row->cell->role != ROLE_PLANTED)
			continue;
		one = json_append_object(list);
		json_add_count(one, "percent", row->cell->planted_percent);
		table_ratio_to_json(one, "ratio", &row->ratio);
		json_add_bool(one, "found", table_finds(row));
	}
}

void table_checks_to_json(const struct results_file *file,
			  const struct table_group *group, struct json *json)
{
	const struct table_row *twin = table_row_of(group, ROLE_TWIN);
	struct group_checks checks;
	struct json *all;

	table_check(file, group, &checks);
	if (twin)
		table_ratio_to_json(json, "noise_floor", &twin->ratio);
	planted_to_json(group, json);
	all = json_add_object(json, "checks");
	json_add_count(all, "samples", checks.samples);
	json_add_count(all, "contents_held", checks.contents_held);
	json_add_count(all, "contents_wrong", checks.contents_wrong);
	json_add_count(all, "faults_agree", checks.faults_agree);
	json_add_count(all, "faults_differ", checks.faults_differ);
	json_add_count(all, "faults_no_oracle", checks.faults_silent);
	if (checks.silent_why)
		json_add_text(all, "no_oracle_why", checks.silent_why);
	json_add_count(all, "tallies", checks.tallies);
	json_add_count(all, "contradictions", checks.contradictions);
}

int table_checks_to_end(const struct results_file *file, struct json *end)
{
	struct json *list, *json;
	struct table table;
	int error = table_compute(file, &table);

	if (error)
		return error;
	list = json_add_array(end, "groups");
	for (unsigned int i = 0; i < table.groups_count; i++) {
		const struct table_group *group = &table.groups[i];

		if (group->group->skipped)
			continue;
		json = json_append_object(list);
		json_add_count(json, "group", i);
		table_checks_to_json(file, group, json);
	}
	table_free(&table);
	return 0;
}
