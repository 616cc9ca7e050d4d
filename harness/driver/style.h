/* style - what a stream can show (colours, UTF-8), and text wrapped for it. */
#ifndef REGROW_STYLE_H
#define REGROW_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define STYLE_COLUMNS 100 /* no line is longer */

struct style {
	bool colour; /* escape sequences for bold and faint */
	bool utf8; /* else ASCII alone is written */
};

/*
 * Colours on a terminal (not a dumb one) without NO_COLOR in the environment;
 * UTF-8 where the locale of the environment says so.
 */
struct style style_of(FILE *stream);

/* Columns that UTF-8 text takes: one for each character. */
size_t style_columns(const char *text);

/*
 * Copies text as it can be shown: '?' for control characters, and for all that
 * is not ASCII where the style has no UTF-8. out holds size bytes and is cut at
 * a character.
 */
void style_clean(const struct style *style, const char *text, char *out,
		 size_t size);

/* "..." or an ellipsis; ".." or a dash between numbers. */
const char *style_ellipsis(const struct style *style);
const char *style_range(const struct style *style);

enum emphasis { EMPHASIS_NONE, EMPHASIS_STRONG, EMPHASIS_FAINT };

/*
 * Text cleaned and broken at blanks into lines of at most STYLE_COLUMNS, the
 * first with lead before it and the others indented as far. A word that is too
 * long is broken where the line ends.
 */
void style_wrap(const struct style *style, enum emphasis emphasis,
		const char *lead, const char *text, FILE *stream);

/* Before and after emphasized text; "" where the style has no colour. */
const char *style_begin(const struct style *style, enum emphasis emphasis);
const char *style_end(const struct style *style, enum emphasis emphasis);

#endif
