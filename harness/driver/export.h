/* export - the samples of results files in the formats of other programs. */
#ifndef REGROW_EXPORT_H
#define REGROW_EXPORT_H

#include <stddef.h>
#include <stdio.h>

#include "driver/results.h"

/* An export that is being written; what a format's functions are given. */
struct export
{
	FILE *stream; /* NULL: into files of a folder */
	const char *folder; /* NULL: into the stream */
	unsigned int number; /* of the results file at hand, from 1 */
	unsigned int count; /* of results files */
	void *state; /* the format's own, zeroed at first */
	char *why; /* for one sentence, where errno's text does not say it */
	size_t why_size;
};

/* All but file() may be NULL. They return 0 or -errno. */
struct export_format {
	const char *name;
	bool has_folder; /* may be written as files of a folder */
	size_t state_size;
	/* Of each results file, before anything is written. */
	int (*survey)(struct export *export, const struct results_file *file);
	int (*begin)(struct export *export);
	/* Writes one results file, which is gone afterwards. */
	int (*file)(struct export *export, const struct results_file *file);
	int (*end)(struct export *export);
	void (*free)(struct export *export); /* what state points to */
};

/* Each defined in the file of its name. */
extern const struct export_format export_csv;
extern const struct export_format export_hdr;
extern const struct export_format export_pyperf;
extern const struct export_format export_benchfmt;
extern const struct export_format export_sql;

/* The first is the standard; ends with NULL. */
extern const struct export_format *const export_formats[];

struct export_request {
	const struct export_format *format;
	const char *const *paths; /* results files */
	unsigned int count;
	FILE *stream; /* where to, without an output */
	const char *output; /* a file, or the folder of has_folder; or NULL */
};

/*
 * Reads the files and writes them, one in memory at a time. Nothing is written
 * unless all can be read; a file or a device that fills up is an error. 0, or
 * -errno and one sentence in why; -ENODATA: they hold nothing that the format
 * can express.
 */
int export_files(const struct export_request *request, char *why,
		 size_t why_size);

#endif
