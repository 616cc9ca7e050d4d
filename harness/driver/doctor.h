/*
 * doctor - whether a machine is fit to measure on: what is, what would be
 * better, why, what it costs to leave it, and the commands for both ways.
 *
 * Reads /proc and /sys; writes nothing and starts nothing but gzip, for the
 * kernel's configuration.
 */
#ifndef REGROW_DOCTOR_H
#define REGROW_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/placement.h"

enum doctor_state {
	DOCTOR_GOOD,
	DOCTOR_BETTER, /* could be better: intervals are wider than need be */
	DOCTOR_BAD, /* numbers would be wrong, or not those of what is named */
	DOCTOR_UNKNOWN, /* cannot be told: the reason says why */
	DOCTOR_APART, /* does not apply: the reason says why */
	DOCTOR_STATES
};

/* "good", "could be better", ...: the same in the text and in JSON. */
extern const char *const doctor_state_names[DOCTOR_STATES];

/* What a finding's change and undo are. */
enum doctor_means {
	DOCTOR_NONE, /* no command of this system does it; both are NULL */
	DOCTOR_ROOT, /* root's commands, a line for each */
	DOCTOR_SHELL, /* in the shell that starts regrow, and for it alone */
	DOCTOR_BOOT, /* for the kernel's command line; then a reboot */
	DOCTOR_MEANS_COUNT
};

extern const char *const doctor_means_names[DOCTOR_MEANS_COUNT];

/* The system that is looked at. */
struct doctor_system {
	const char *root; /* before each path; "" is this system's own */
	const char *release; /* of its kernel, as uname -r */
	const struct placement *placement; /* who would measure where */
	unsigned int cpus_allowed; /* to this process; 0: not known */
	/*
	 * The kernel's configuration, of doctor_config(); NULL: not to be had,
	 * for the reason that config_why gives.
	 */
	const char *config;
	const char *config_why;
};

/* Texts that are not const are malloc'ed; NULL: there is nothing to say. */
struct doctor_finding {
	const char *name; /* of the check: "governor" */
	const char *why; /* what it does to a measurement; a sentence */
	const char *cost; /* of leaving it as it is; a sentence */
	enum doctor_state state;
	enum doctor_means means;
	char *is; /* NULL: unknown */
	char *better; /* what would be; only with BETTER and BAD */
	char *reason; /* only with UNKNOWN and APART */
	/*
	 * For a shell as they are: what came from a file is a number, a plain
	 * word or quoted. undo sets back what there is now. Both are there or
	 * neither is.
	 */
	char *change;
	char *undo;
	bool lost; /* memory ran out for one of the texts */
};

/*
 * The text of /boot/config-RELEASE or its like, or of /proc/config.gz; NULL,
 * and a sentence in why. free() it.
 */
char *doctor_config(const char *root, const char *release, char *why,
		    size_t why_size);

#define DOCTOR_FINDINGS_MAX 64

struct doctor_report {
	struct doctor_finding findings[DOCTOR_FINDINGS_MAX];
	unsigned int count;
	unsigned int states[DOCTOR_STATES]; /* how many findings of each */
};

/* 0 or -ENOMEM; doctor_release() the report in both cases. */
int doctor_examine(const struct doctor_system *system,
		   struct doctor_report *report);
void doctor_release(struct doctor_report *report);

#endif
