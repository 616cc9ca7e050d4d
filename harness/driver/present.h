/* present - a results file as people see it: the table, the figures. */
#ifndef REGROW_PRESENT_H
#define REGROW_PRESENT_H

#include <stdbool.h>

/* The table (or JSON) to stdout. An exit status. */
int present_table(const char *path, bool json);

/*
 * The figures of a results file. folder NULL: the file's path without .jsonl.
 * Without gnuplot the data is exported, what to install is said, and the
 * status is 0: drawing is not measuring.
 */
int present_plots(const char *path, const char *folder, bool quiet);

#endif
