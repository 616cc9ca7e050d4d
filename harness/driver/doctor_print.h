/* doctor_print - a report of the doctor's for people, programs and shells. */
#ifndef REGROW_DOCTOR_PRINT_H
#define REGROW_DOCTOR_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "driver/doctor.h"
#include "driver/style.h"

/* all: also what is good and what does not apply, each with what it is. */
void doctor_print_text(const struct doctor_system *system,
		       const struct doctor_report *report, bool all,
		       const struct style *style, FILE *stream);

/* See results/TABLE.md. 0 or -errno. */
int doctor_print_json(const struct doctor_system *system,
		      const struct doctor_report *report, FILE *stream);

/*
 * Root's commands as a script for /bin/sh, the changes in the order of the
 * report or what undoes them in the reverse order; the others as comments.
 */
void doctor_print_script(const struct doctor_report *report, bool undo,
			 FILE *stream);

#endif
