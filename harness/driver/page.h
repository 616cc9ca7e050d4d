/*
 * page - tables, headings and notes that are the same page as text and as
 * Markdown.
 */
#ifndef REGROW_PAGE_H
#define REGROW_PAGE_H

#include <stdbool.h>

#include "driver/table_parts.h"

/* Begins as zeros, with the style and the stream of its printout set. */
struct page {
	bool markdown;
	struct printout printout; /* where it goes */
};

/* Of Markdown alone, of the third level; then headings are of the fourth. */
void page_title(const struct page *page, const char *text);
void page_heading(const struct page *page, const char *text);
/* A word before it, or "", and a sentence. */
void page_note(const struct page *page, enum emphasis emphasis,
	       const char *lead, const char *text);
/* An empty line: what follows is another table or list. */
void page_gap(const struct page *page);

/* A row more. What does not fit the grid is printed, and it begins anew. */
struct grid_row *page_row(const struct page *page, struct grid *grid);
/* Nothing where it has no rows. */
void page_grid(const struct page *page, const struct grid *grid);

/* An allocator's spelling, as short as the page wants it. text holds
 * GRID_TEXT_MAX bytes. */
void page_name(struct page *page, const char *spelling, char *text);
/* Another name, in at most so many columns where the page has no more. */
void page_fit(const struct page *page, const char *name, size_t columns,
	      char *text);
/* What was abbreviated; the page's end. */
void page_names(const struct page *page);

#endif
