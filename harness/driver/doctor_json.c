/* doctor_json - the doctor's report as JSON. */
#include <errno.h>

#include "driver/doctor_parts.h"
#include "driver/doctor_print.h"
#include "driver/json.h"
#include "driver/version.h"

#define DOCTOR_FORMAT 1

/* Absent, not null, where there is nothing to say. */
static void add_text(struct json *json, const char *key, const char *text)
{
	if (text != NULL)
		json_add_text(json, key, text);
}

static void add_finding(struct json *findings,
			const struct doctor_finding *finding)
{
	struct json *json = json_append_object(findings);

	json_add_text(json, "name", finding->name);
	json_add_text(json, "state", doctor_state_names[finding->state]);
	add_text(json, "is", finding->is);
	add_text(json, "better", finding->better);
	add_text(json, "reason", finding->reason);
	json_add_text(json, "why", finding->why);
	json_add_text(json, "cost", finding->cost);
	if (finding->change == NULL)
		return;
	json_add_text(json, "means", doctor_means_names[finding->means]);
	json_add_text(json, "change", finding->change);
	json_add_text(json, "undo", finding->undo);
}

int doctor_print_json(const struct doctor_system *system,
		      const struct doctor_report *report, FILE *stream)
{
	struct json *json = json_new_object();
	struct json *list;
	unsigned int cpus[THREADS_MAX];
	unsigned int count = doctor_cpus(system, cpus, THREADS_MAX);
	int error;

	json_add_count(json, "doctor_format", DOCTOR_FORMAT);
	json_add_text(json, "regrow", version_text());
	json_add_text(json, "kernel", system->release);
	list = json_add_array(json, "cpus");
	for (unsigned int i = 0; i < count; i++)
		json_append_count(list, cpus[i]);
	json_add_signed(json, "driver_cpu", system->placement->driver_cpu);
	json_add_signed(json, "probe_cpu", system->placement->probe_cpu);
	list = json_add_object(json, "states");
	for (unsigned int i = 0; i < DOCTOR_STATES; i++)
		json_add_count(list, doctor_state_names[i], report->states[i]);
	list = json_add_array(json, "findings");
	for (unsigned int i = 0; i < report->count; i++)
		add_finding(list, &report->findings[i]);
	error = json_print(json, stream);
	json_free(json);
	return error;
}
