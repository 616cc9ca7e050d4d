/* output - a file that is whole when it appears under its name. */
#ifndef REGROW_OUTPUT_H
#define REGROW_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct output {
	FILE *stream;
	bool renamed; /* written under another name until it is whole */
	char path[PATH_MAX];
	char begun[PATH_MAX];
};

/*
 * Makes a file, or opens a pipe or a device. An existing file stays as it is
 * until output_close(). 0 or -errno.
 */
int output_open(struct output *output, const char *path);

/*
 * Flushes, closes, and gives the file its name; where error is not 0 or
 * something of that fails, the file begun is removed. error, or -errno.
 */
int output_close(struct output *output, int error);

/*
 * What was written to a stream is out; error where it is not 0, or -errno of
 * the write that failed, if nothing failed since.
 */
int output_flush(FILE *stream, int error);

#endif
