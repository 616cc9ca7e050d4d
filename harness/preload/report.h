/*
 * report - the line of JSON that a process leaves at its end: what became of
 * the blocks that were served. regrow(1) says what each field is.
 */
#ifndef REGROW_PRELOAD_REPORT_H
#define REGROW_PRELOAD_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <regrow/recorder.h>

#include "preload/serve.h"

#define REPORT_FORMAT 1
#define REPORT_SIZE 8192 /* bytes that any line fits in */

struct report {
	pid_t pid;
	bool forked; /* its own process began by fork(2), not exec(2) */
	const char *program; /* as it was called; any bytes */
	const char *allocator; /* canonical; NULL: none */
	size_t from; /* bytes */
	struct tally tally;
	struct served served;
	struct serve_live live;
};

/* The line, its newline included, and its length. No malloc. */
size_t report_write(const struct report *report, char line[REPORT_SIZE]);

#endif
