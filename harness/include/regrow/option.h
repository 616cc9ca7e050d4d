/* regrow/option.h - options that an allocator or a workload declares. */
#ifndef REGROW_OPTION_H
#define REGROW_OPTION_H

#include <stddef.h>
#include <stdint.h>

enum option_kind {
	OPTION_CHOICE, /* number: index into choices */
	OPTION_SIZE, /* number: bytes; typed as 4096, 64K, 2M, 1G */
	OPTION_COUNT, /* number: a plain unsigned integer */
	OPTION_PERCENT, /* number: 0 to 100; typed with or without % */
	OPTION_TEXT, /* text: as typed, judged by check() */
	OPTION_ALLOCATOR, /* an allocator's spelling, resolved to heap->over */
	/*
	 * A file, compressed with zstd, or, where none are shipped, as it is;
	 * number: bytes of its contents, 0 where the text is "". A text with a
	 * / is its path, another names one of those that are shipped. Of a
	 * workload, at most one.
	 */
	OPTION_FILE,
};

/*
 * One declared option. A table of them ends with a NULL name. Not called struct
 * option: that is getopt's.
 */
struct option_entry {
	const char *name;
	enum option_kind kind;
	const char *standard; /* the value where none is given, as typed */
	/*
	 * OPTION_CHOICE: "no|write|map". OPTION_FILE: where those are that are
	 * shipped, below workloads/: "traces/NAME.trace.zst", or NULL: none.
	 * Else NULL.
	 */
	const char *choices;
	const char *help; /* one line */
};

/* The value of an option, in the place that it has in the table. */
struct option_value {
	uint64_t number; /* see option_kind */
	const char *text; /* as typed, or the standard; never NULL */
	/*
	 * OPTION_FILE: its contents, decompressed, read-only, up to its last
	 * whole frame: a file that was cut says so only by what is missing.
	 * NULL: none.
	 */
	const void *contents;
};

#define OPTIONS_MAX 16 /* of one allocator or workload */

#endif
