/* present - results files as people see them: the table, the figures. */
#ifndef REGROW_PRESENT_H
#define REGROW_PRESENT_H

#include <stdbool.h>

#include "driver/drawing.h"
#include "driver/results.h"

/* What a command prints its figures as. */
enum present_form { PRESENT_TABLE, PRESENT_JSON, PRESENT_MARKDOWN };

/* Reads files into results (zeroed); says what was wrong. An exit status. */
int present_read(struct results *results, const char *const *paths,
		 unsigned int count);

/*
 * The table of a results file (or JSON) to stdout, its times in units of its
 * machine where asked for. An exit status.
 */
int present_table(const char *path, bool json, bool machine);

/*
 * The figures of results files. folder NULL: the first file's path without
 * .jsonl. Without gnuplot the data is exported, what to install is said, and
 * the status is 0: drawing is not measuring. An exit status.
 */
int present_plots(const char *const *paths, unsigned int count,
		  const char *folder, bool machine, bool quiet);

/*
 * Drawings that were made of results files, as these figures. path: the first
 * file's. An exit status.
 */
int present_drawings(const struct drawings *drawings, const char *path,
		     const char *folder, bool quiet);

#endif
