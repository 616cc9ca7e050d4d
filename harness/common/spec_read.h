/* spec_read - one name[:key=value]... is taken apart. */
#ifndef REGROW_SPEC_READ_H
#define REGROW_SPEC_READ_H

#include <stddef.h>
#include <stdio.h>

#include <regrow/option.h>

#include "common/spec_text.h"

/* Where texts are kept and errors are said. */
struct spec_reader {
	char *storage;
	size_t storage_size;
	size_t *storage_used;
	char *why;
	size_t why_size;
};

/* One allocator or workload and its options. */
struct spec_subject {
	const char *name; /* as typed: a plug-in's path is its name */
	const struct option_entry *options;
	struct option_value *values; /* in the order of options; zeroed */
};

/* Puts the sentence (a format and what it takes) in why; is error. */
#define spec_read_fail(reader, error, ...)                                     \
	(snprintf((reader)->why, (reader)->why_size, __VA_ARGS__), (error))

/*
 * What was typed without the blanks around it, if its size, its brackets and
 * its letters are good. 0, -EINVAL or -E2BIG.
 */
int spec_read_text(const struct spec_reader *reader, const char *text,
		   struct span *typed);

/*
 * The name that it begins with, into name (SPEC_TEXT_MAX bytes); rest is then
 * empty or begins with the : of the first option. 0 or -EINVAL.
 */
int spec_read_name(const struct spec_reader *reader, struct span typed,
		   char *name, struct span *rest);

/*
 * All values of a subject: those in rest, the others standard. 0, -EINVAL or
 * -E2BIG.
 */
int spec_read_options(const struct spec_reader *reader,
		      const struct spec_subject *subject, struct span rest);

#endif
