/*
 * printed - what a test had printed, and what stands in it.
 *
 * Include in one file of a test.
 */
#ifndef REGROW_TESTS_PRINTED_H
#define REGROW_TESTS_PRINTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t text_size;

/* A stream whose text is text once it is closed. */
static inline FILE *printed_open(void)
{
	FILE *stream;

	free(text);
	stream = open_memstream(&text, &text_size);
	assert_non_null(stream);
	return stream;
}

static inline void printed_free(void)
{
	free(text);
	text = NULL;
}

static inline void says(const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is missing in:\n%s", part, text);
}

static inline void does_not_say(const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("'%s' stands in:\n%s", part, text);
}

/* The columns of the longest line, a character each. */
static inline size_t longest_line(void)
{
	size_t longest = 0, columns = 0;

	for (const char *byte = text; *byte != 0; byte++) {
		columns += ((unsigned char)*byte & 0xc0) != 0x80;
		if (*byte == '\n')
			columns = 0;
		longest = columns > longest ? columns : longest;
	}
	return longest;
}

#endif
