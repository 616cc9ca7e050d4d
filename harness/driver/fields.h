/*
 * fields - members of a line that came from anywhere: absent, of the right
 * kind, or a complaint that says which line and field.
 */
#ifndef REGROW_FIELDS_H
#define REGROW_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/figures.h"
#include "driver/json.h"

struct fields {
	uint64_t line; /* its number, for the complaint */
	char place[48]; /* inside it, "plan.cells[3]: "; "" */
	bool bad; /* there was a complaint; the first one is kept */
	char *why;
	size_t why_size;
};

/* Complains of the field: line 3: 'time.wall_ns' is not ... */
void fields_complain(struct fields *fields, const char *path, const char *what);

/* Where complaints are from now on: name[index]; NULL: the line itself. */
void fields_enter(struct fields *fields, const char *name, size_t index);

/*
 * The member at a path of keys, or NULL where it or a parent is absent. All
 * below complain where it is of another kind.
 */
const struct json *fields_find(struct fields *fields, const struct json *json,
			       const char *path);
const struct json *fields_array(struct fields *fields, const struct json *json,
				const char *path);
const struct json *fields_object(struct fields *fields, const struct json *json,
				 const char *path);
/* A whole number, from 0 unless it may be below; FIGURE_ABSENT. */
int64_t fields_number(struct fields *fields, const struct json *json,
		      const char *path, bool is_signed);
/* The same of the value itself, which was found at path; or NULL. */
int64_t fields_number_of(struct fields *fields, const struct json *found,
			 const char *path, bool is_signed);
/* A number from 0 to limit - 1 that must be there; else 0 and a complaint. */
uint64_t fields_index(struct fields *fields, const struct json *json,
		      const char *path, uint64_t limit);
bool fields_bool(struct fields *fields, const struct json *json,
		 const char *path, bool standard);
const char *fields_text(struct fields *fields, const struct json *json,
			const char *path);
/*
 * A text that must be there, is not empty, and can be put on a terminal; else
 * "?" and a complaint.
 */
const char *fields_name(struct fields *fields, const struct json *json,
			const char *path);
/* The place of a text among names; -1 where absent. */
int fields_word(struct fields *fields, const struct json *json,
		const char *path, const char *const *names, unsigned int count);

/* No control characters, which move a terminal's cursor. */
bool fields_printable(const char *text);

#endif
