/* export_csv - samples as comma-separated values, for other programs. */
#ifndef REGROW_EXPORT_CSV_H
#define REGROW_EXPORT_CSV_H

#include <stdio.h>

#include "driver/results.h"

/*
 * A header, then a row for each sample of each file, as RFC 4180 says (CRLF;
 * quotes where they are needed). The columns after the first few are figures
 * by their names, then failed_calls, counters and the workloads' own figures
 * that occur in any file. Empty: not measured. A text that a spreadsheet would
 * take for a formula has a ' put before it. 0 or -errno.
 */
int export_csv(const struct results *results, FILE *stream);

#endif
