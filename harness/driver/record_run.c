/* record_run - the lines about a run: its first, its rounds, its last. */
#include "driver/record.h"

#include <string.h>

#include "driver/names.h"

const char *const run_status_names[RUN_STATUS_COUNT] = {
	[RUN_DONE] = "done",
	[RUN_PRECISION] = "precision",
	[RUN_BUDGET] = "budget",
	[RUN_INTERRUPTED] = "interrupted",
};

static struct json *line_of(const char *type)
{
	struct json *line = json_new_object();

	json_add_text(line, "type", type);
	return line;
}

static void add_skipped(struct json *into, const char *skipped)
{
	if (skipped[0] != 0)
		json_add_text(into, "skipped", skipped);
}

static void add_pilot(struct json *group, const struct pilot *pilot)
{
	struct json *json = json_add_object(group, "pilot");

	json_add_count(json, "samples", pilot->samples);
	json_add_count(json, "wall_ns", pilot->wall_ns);
	json_add_count(json, "cpu_ns", pilot->cpu_ns);
	json_add_real(json, "wall_noise", pilot->wall_noise);
	json_add_real(json, "cpu_noise", pilot->cpu_noise);
	json_add_count(json, "growths", pilot->growths);
}

static void add_group(struct json *groups, const struct group *group)
{
	const struct estimate *estimate = &group->estimate;
	struct json *json = json_append_object(groups);
	struct json *into;

	json_add_text(json, "workload", group->workload);
	if (group->contents[0] != 0)
		json_add_text(json, "contents", group->contents);
	if (group->is_control)
		json_add_bool(json, "is_control", true);
	json_add_text(json, "thp", thp_names[group->thp]);
	json_add_text(json, "layout", layout_names[group->layout]);
	add_skipped(json, group->skipped);
	if (group->sample_ns > 0)
		json_add_count(json, "sample_ns", group->sample_ns);
	json_add_text(json, "clock", clock_names[group->clock]);
	json_add_text(json, "clock_why", group->clock_why);
	if (group->pilot.samples > 0)
		add_pilot(json, &group->pilot);
	into = json_add_object(json, "estimate");
	json_add_count(into, "threads", estimate->threads);
	json_add_count(into, "operations", estimate->operations);
	json_add_count(into, "growths", estimate->growths);
	json_add_count(into, "block_bytes_max", estimate->block_bytes_max);
	json_add_count(into, "live_bytes_max", estimate->live_bytes_max);
	json_add_count(into, "resident_bytes_max",
		       estimate->resident_bytes_max);
	json_add_count(into, "touched_bytes", estimate->touched_bytes);
	json_add_count(into, "reread_bytes", estimate->reread_bytes);
	json_add_count(into, "copied_bytes", estimate->copied_bytes);
	if (estimate->span_ns_min > 0)
		json_add_count(into, "span_ns_min", estimate->span_ns_min);
}

static void add_cell(struct json *cells, const struct cell *cell,
		     unsigned int mechanism)
{
	struct json *json = json_append_object(cells);
	struct json *names;

	json_add_count(json, "group", cell->group);
	json_add_text(json, "role", role_names[cell->role]);
	json_add_text(json, "allocator", cell->allocator);
	if (cell->role == ROLE_PLANTED) {
		json_add_count(json, "planted_percent", cell->planted_percent);
		json_add_count(json, "planted_iterations",
			       cell->planted_iterations);
	}
	if (mechanism != 0) {
		names = json_add_array(json, "mechanism");
		for (unsigned int i = 0; i < OUTCOME_COUNT; i++)
			if (mechanism & (1u << i))
				json_append_text(names, outcome_names[i]);
	}
	add_skipped(json, cell->skipped);
}

static void add_plan(struct json *line, const struct plan *plan,
		     const unsigned int *mechanisms)
{
	struct json *json = json_add_object(line, "plan");
	struct json *list;

	json_add_count(json, "seed", plan->seed);
	json_add_count(json, "rounds", plan->rounds);
	json_add_count(json, "budget_ns", plan->budget_ns);
	json_add_real(json, "precision", plan->precision);
	json_add_real(json, "margin", plan->margin);
	json_add_count(json, "settle_ns", plan->settle_ns);
	json_add_count(json, "repeat", plan->repeat);
	json_add_count(json, "counts", plan->counts);
	if (plan->sweep > 0)
		json_add_count(json, "sweep", plan->sweep);
	list = json_add_array(json, "groups");
	for (unsigned int i = 0; i < plan->groups_count; i++)
		add_group(list, &plan->groups[i]);
	list = json_add_array(json, "cells");
	for (unsigned int i = 0; i < plan->cells_count; i++)
		add_cell(list, &plan->cells[i],
			 mechanisms != NULL ? mechanisms[i] : 0);
}

struct json *record_plan(const struct plan *plan,
			 const unsigned int *mechanisms)
{
	struct json *line = line_of("plan");

	json_add_count(line, "format", RECORD_FORMAT);
	add_plan(line, plan, mechanisms);
	return line;
}

void record_placement(struct json *line, const struct placement *placement)
{
	const unsigned int bits = 8 * sizeof(placement->node_mask[0]);
	struct json *json = json_add_object(line, "placement");
	struct json *list = json_add_array(json, "cpus");

	for (unsigned int i = 0; i < placement->threads && i < THREADS_MAX; i++)
		json_append_signed(list, placement->cpus[i]);
	json_add_signed(json, "driver_cpu", placement->driver_cpu);
	json_add_signed(json, "probe_cpu", placement->probe_cpu);
	list = json_add_array(json, "nodes");
	for (unsigned int i = 0; i < sizeof(placement->node_mask) * 8; i++)
		if (placement->node_mask[i / bits] >> (i % bits) & 1)
			json_append_count(list, i);
	json_add_bool(json, "shared", placement->shared);
	json_add_text(json, "note", placement->note);
}

static void add_taint(struct json *line, const char (*unseen)[TAINT_WHY_SIZE])
{
	struct json *json = json_add_object(line, "taint");
	struct json *seen = json_add_array(json, "seen");
	struct json *not_seen = json_add_object(json, "not_seen");

	for (int i = 0; i < TAINT_COUNT; i++)
		if (unseen[i][0] == 0)
			json_append_text(seen, taint_names[i]);
		else
			json_add_text(not_seen, taint_names[i], unseen[i]);
}

static void add_counters(struct json *line, const struct counters *counters)
{
	struct json *list = json_add_array(line, "counters");

	for (unsigned int i = 0; i < counters->count; i++) {
		const struct counter *counter = &counters->counters[i];
		struct json *json = json_append_object(list);

		json_add_text(json, "name", counter->name);
		json_add_bool(json, "tracepoint", counter->tracepoint);
		if (!counter->usable)
			json_add_text(json, "missing", counter->reason);
	}
}

static void add_started(struct json *line, time_t when)
{
	char started[32] = "";
	struct tm utc;

	if (gmtime_r(&when, &utc) != NULL)
		strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &utc);
	json_add_text(line, "started", started);
}

static void add_command(struct json *line, const char *const *words,
			unsigned int count)
{
	struct json *command = json_add_array(line, "command");

	for (unsigned int i = 0; i < count; i++)
		json_append_text(command, words[i]);
}

struct json *record_run(const struct run_facts *facts, struct json *machine)
{
	struct json *line = line_of("run");

	json_add_count(line, "format", RECORD_FORMAT);
	json_add_text(line, "clock_unit",
		      json_text(facts->lab, "clock_unit", RECORD_CLOCK_UNIT));
	json_add_text(line, "regrow", facts->version);
	if (facts->binary != NULL)
		json_add_text(line, "binary", facts->binary);
	add_started(line, facts->started);
	if (facts->label != NULL)
		json_add_text(line, "label", facts->label);
	add_command(line, facts->command, facts->command_count);
	if (facts->timeout_ns > 0)
		json_add_count(line, "timeout_ns", facts->timeout_ns);
	add_plan(line, facts->plan, facts->mechanisms);
	record_placement(line, facts->placement);
	add_counters(line, facts->counters);
	if (facts->unseen != NULL)
		add_taint(line, facts->unseen);
	if (facts->no_shootdowns != NULL && facts->no_shootdowns[0] != 0)
		json_add_text(line, "shootdowns_missing", facts->no_shootdowns);
	if (facts->lab != NULL)
		json_add(line, "lab", json_duplicate(facts->lab));
	if (machine != NULL)
		json_add(line, "machine", machine);
	return line;
}

static void add_forced(struct json *line, const struct changes *changes)
{
	struct json *list;

	if (changes->count == 0)
		return;
	list = json_add_array(line, "forced");
	for (unsigned int i = 0; i < changes->count && i < CHANGES_MAX; i++) {
		const struct change *change = &changes->items[i];
		struct json *json = json_append_object(list);

		json_add_text(json, "what", change->what);
		json_add_text(json, "was", change->was);
		json_add_text(json, "is", change->is);
	}
}

struct json *record_resume(const struct resume_facts *facts)
{
	struct json *line = line_of("resume");

	json_add_text(line, "regrow", facts->version);
	json_add_text(line, "binary", facts->binary);
	add_started(line, facts->started);
	json_add_count(line, "at_ns", facts->at_ns);
	add_command(line, facts->command, facts->command_count);
	json_add_count(line, "rounds", facts->plan->rounds);
	json_add_count(line, "budget_ns", facts->plan->budget_ns);
	json_add_real(line, "precision", facts->plan->precision);
	add_forced(line, facts->forced);
	return line;
}

struct json *record_round(unsigned int round, enum pass pass, uint64_t at_ns)
{
	struct json *line = line_of("round");

	json_add_count(line, "round", round);
	json_add_text(line, "pass", pass_names[pass]);
	json_add_count(line, "at_ns", at_ns);
	return line;
}

struct json *record_end(enum run_status status, uint64_t samples,
			unsigned int rounds, uint64_t at_ns)
{
	struct json *line = line_of("end");

	json_add_text(line, "status", run_status_names[status]);
	json_add_count(line, "samples", samples);
	json_add_count(line, "rounds", rounds);
	json_add_count(line, "at_ns", at_ns);
	return line;
}
