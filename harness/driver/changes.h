/*
 * changes - what differs between the machine of a results file and another, or
 * this one: each fact as it was and as it is.
 */
#ifndef REGROW_CHANGES_H
#define REGROW_CHANGES_H

#include <stddef.h>

#include "driver/json.h"

#define CHANGES_MAX 64
#define CHANGES_TEXT_MAX 4096 /* of changes_tell() */

struct change {
	char what[64]; /* "machine.kernel" */
	char was[160]; /* cut where it is longer; "none": absent */
	char is[160];
};

struct changes {
	unsigned int count; /* what is past CHANGES_MAX is counted alone */
	struct change items[CHANGES_MAX];
};

/* Adds what is not the same; NULL: absent. */
void changes_add(struct changes *changes, const char *what, const char *was,
		 const char *is);

/*
 * Adds what differs between two objects, leaf by leaf, under names that begin
 * with inside: "machine" and "placement" of results/FORMAT.md, but for what
 * changes by itself from one minute to the next (memory_available_bytes), and
 * notes, which say the same in words.
 */
void changes_add_json(struct changes *changes, const char *inside,
		      const struct json *was, const struct json *is);

/* A line for each, indented: "  machine.kernel: 6.17 -> 6.18". */
void changes_tell(const struct changes *changes, char *text, size_t size);

#endif
