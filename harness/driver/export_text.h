/*
 * export_text - texts of a results file, which may hold anything, made fit for
 * formats that know no quotes; and the names that exports give to a cell.
 */
#ifndef REGROW_EXPORT_TEXT_H
#define REGROW_EXPORT_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "driver/results.h"

/*
 * One line of UTF-8: '?' for control characters and what is no UTF-8, ' ' for
 * each of Unicode's blanks, none at either end; cut at a character. NULL: "".
 * Returned is out.
 */
#define EXPORT_LINE_SIZE 1024
char *export_line(const char *text, char out[EXPORT_LINE_SIZE]);

/* The same of a text of the run line; "" where it is absent. */
char *export_run_line(const struct results_file *file, const char *path,
		      char out[EXPORT_LINE_SIZE]);

/*
 * One word that can be taken back: as URLs do, %XX for each byte that is not
 * printable ASCII, for a blank, for % and for /.
 */
void export_word(const char *text, FILE *stream);

/* "twin", "planted-10": its role, and how much was planted in percent. */
#define EXPORT_ROLE_SIZE 32
const char *export_role(const struct results_cell *cell,
			char text[EXPORT_ROLE_SIZE]);

/*
 * workload=server-churn:scale=S/allocator=copy-realloc/thp=never
 * /layout=standard, in one piece, the values being words; before thp stand
 * role= where a cell before it is of the same allocator (the twin), and cell=
 * where that does not tell them apart. Unique in its file.
 */
void export_name(const struct results_cell *cell, FILE *stream);

/* "wrong word;oracle": why a sample is not valid. */
#define EXPORT_INVALID_SIZE 128
const char *export_invalid(const struct results_sample *sample,
			   char text[EXPORT_INVALID_SIZE]);

/*
 * "waited;probe gaps": what disturbed a sample, "none" where nothing did; NULL:
 * nobody looked.
 */
#define EXPORT_TAINT_SIZE 160
const char *export_taint(const struct results_sample *sample,
			 char text[EXPORT_TAINT_SIZE]);

/* A sample that counts: valid, of the timing pass, with its time. */
bool export_counts(const struct results_sample *sample);

/*
 * The figures of a sample that go where not all of them can, with the unit that
 * Go's benchmark format would give them.
 */
struct export_figure {
	const char *unit; /* of the first, where it is time */
	enum figure_index figure;
	bool of_cpu; /* CPU time, which a clock of instructions has not */
};
#define EXPORT_FIGURES 13
extern const struct export_figure export_figures[EXPORT_FIGURES];

#endif
