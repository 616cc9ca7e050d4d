/*
 * lines - reads a file line by line, one line in memory, of limited length; a
 * zstd file, which is decompressed first, as a whole, of limited size.
 */
#ifndef REGROW_LINES_H
#define REGROW_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_BYTES_MAX ((size_t)16 << 20) /* of one line */
#define LINES_ZSTD_BYTES_MAX ((uint64_t)1 << 30) /* of a zstd file's contents */

struct lines {
	int fd;
	char *buffer;
	size_t capacity;
	size_t begin; /* of what was not handed out yet, in buffer */
	size_t end;
	bool ended; /* nothing more comes from fd */
	/* The current line, without its newline; good until the next call. */
	const char *text;
	size_t size;
	uint64_t number; /* of it, from 1 */
	bool torn; /* it is the last one and has no newline */
};

/*
 * 0 or -errno; -ENODATA: what begins as a zstd file is damaged or too large, and
 * why says how, in a clause.
 */
int lines_open(struct lines *lines, const char *path, char *why,
	       size_t why_size);
void lines_close(struct lines *lines);

/*
 * 1: there is a line. 0: no more. -EMSGSIZE: it is longer than LINES_BYTES_MAX;
 * or the -errno of reading, or -ENOMEM.
 */
int lines_next(struct lines *lines);

#endif
