/* markdown - text that stays text where Markdown or HTML is rendered. */
#ifndef REGROW_MARKDOWN_H
#define REGROW_MARKDOWN_H

#include <stdio.h>

#include "driver/grid.h"

/*
 * Text that means nothing to Markdown or HTML: what would is escaped, control
 * characters become question marks. Nothing where memory runs out.
 */
void markdown_text(const char *text, FILE *stream);

/* An item of a list: lead, bold, and text. An indented lead is below the one
 * before it. */
void markdown_note(const char *lead, const char *text, FILE *stream);

/* A grid as GitHub renders tables: its heads in one line, what is strong bold. */
void markdown_grid(const struct grid *grid, FILE *stream);

/* The same as markdown_text() for HTML alone, in an element or in an attribute's quotes. */
void markdown_html_text(const char *text, FILE *stream);

#endif
