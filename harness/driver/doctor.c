/* doctor - the checks, one after the other. */
#include "driver/doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/doctor_parts.h"

const char *const doctor_state_names[DOCTOR_STATES] = {
	[DOCTOR_GOOD] = "good",
	[DOCTOR_BETTER] = "could be better",
	[DOCTOR_BAD] = "bad",
	[DOCTOR_UNKNOWN] = "cannot be told",
	[DOCTOR_APART] = "does not apply",
};

const char *const doctor_means_names[DOCTOR_MEANS_COUNT] = {
	[DOCTOR_NONE] = "none",
	[DOCTOR_ROOT] = "root",
	[DOCTOR_SHELL] = "shell",
	[DOCTOR_BOOT] = "boot",
};

static const struct doctor_check *const tables[] = {
	doctor_cpu_checks,	  doctor_isolation_checks,
	doctor_frequency_checks,  doctor_memory_checks,
	doctor_background_checks, doctor_layout_checks,
	doctor_thp_checks,	  doctor_kernel_checks,
	doctor_perf_checks,	  NULL,
};

static void examine(const struct doctor_check *check,
		    const struct doctor_system *system,
		    struct doctor_report *report)
{
	struct doctor_finding *finding = &report->findings[report->count++];

	finding->name = check->name;
	finding->why = check->why;
	finding->cost = check->cost;
	check->look(system, finding);
	report->states[finding->state]++;
}

int doctor_examine(const struct doctor_system *system,
		   struct doctor_report *report)
{
	bool lost = false;

	memset(report, 0, sizeof(*report));
	for (const struct doctor_check *const *table = tables; *table; table++)
		for (const struct doctor_check *check = *table;
		     check->name && report->count < DOCTOR_FINDINGS_MAX;
		     check++)
			examine(check, system, report);
	for (unsigned int i = 0; i < report->count; i++)
		lost |= report->findings[i].lost;
	return lost ? -ENOMEM : 0;
}

void doctor_release(struct doctor_report *report)
{
	for (unsigned int i = 0; i < report->count; i++) {
		struct doctor_finding *finding = &report->findings[i];

		free(finding->is);
		free(finding->better);
		free(finding->reason);
		free(finding->change);
		free(finding->undo);
	}
	report->count = 0;
}
