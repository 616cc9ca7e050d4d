/*
 * drawing_text - texts from results files made fit to be drawn, to stand in a
 * table, or to name a file. Pure.
 */
#ifndef REGROW_DRAWING_TEXT_H
#define REGROW_DRAWING_TEXT_H

#include <stddef.h>

/*
 * A field of a tab-separated line: control characters become blanks, a double
 * quote (which begins a quoted field in gnuplot and others) becomes a single
 * one, and what is not UTF-8 or may not stand in XML a question mark. out holds
 * size bytes, is always ended, and is cut at a character.
 */
char *drawing_field(const char *text, char *out, size_t size);

/*
 * The same to be seen in a picture. Besides, a backslash becomes a slash, as
 * gnuplot breaks lines at \n; and a character outside Latin (U+0000 to U+017F)
 * a question mark, as cairo draws one without a glyph as a box over the page.
 */
char *drawing_visible(const char *text, char *out, size_t size);

/*
 * As drawing_visible(), and at most width characters: the middle gives way to
 * an ellipsis, as both ends tell spellings apart.
 */
char *drawing_shortened(const char *text, unsigned int width, char *out,
			size_t size);

/*
 * The part of a file's name that a spelling (end ':') or a path (end 0) gives:
 * what stands before end, without folder and suffix, of letters, digits, dots,
 * - and _ alone, not starting with a dot, at most 48 characters; "unnamed"
 * where nothing is left.
 */
#define DRAWING_WORD_SIZE 49
char *drawing_word(const char *text, char end, char out[DRAWING_WORD_SIZE]);

#endif
