/*
 * spec_text - where the parts of a spelling begin and end; brackets nest.
 */
#ifndef REGROW_SPEC_TEXT_H
#define REGROW_SPEC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a text, not ended by a 0. */
struct span {
	const char *text;
	size_t size;
};

/* Without the blanks (space, tab, newline) around it. */
struct span span_trim(const char *text, size_t size);

/* Each bracket that opens is closed, and the other way round. */
bool span_is_balanced(struct span span);

/*
 * The bytes before the first stop outside of brackets; all where there is none.
 * The span is balanced.
 */
size_t span_until(struct span span, char stop);

/*
 * Takes off the brackets that a value stands in, if it does. False: something
 * follows the bracket that closes the first one.
 */
bool span_unwrap(struct span *span);

/* Must the value stand in brackets to be read back as it is? */
bool text_needs_brackets(const char *text);

#endif
