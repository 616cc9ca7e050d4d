/* markdown - text that stays text where Markdown or HTML is rendered. */
#ifndef REGROW_MARKDOWN_H
#define REGROW_MARKDOWN_H

#include <stdio.h>

/*
 * Text that means nothing to Markdown or HTML: what would is escaped, control
 * characters become question marks. Nothing where memory runs out.
 */
void markdown_text(const char *text, FILE *stream);

/* The same for HTML alone, in an element or in an attribute's quotes. */
void markdown_html_text(const char *text, FILE *stream);

#endif
