/*
 * kernels_page - a comparison of kernels is the same page as text and as
 * Markdown. For the files that print it.
 */
#ifndef REGROW_KERNELS_PAGE_H
#define REGROW_KERNELS_PAGE_H

#include <stdio.h>

#include "driver/kernels.h"
#include "driver/table_parts.h"

struct kernels_page {
	const struct kernels *kernels;
	bool markdown;
	struct printout printout; /* where it goes */
};

void kernels_page_heading(const struct kernels_page *page, const char *text);
/* A word before it, and a sentence. */
void kernels_page_note(const struct kernels_page *page, enum emphasis emphasis,
		       const char *lead, const char *text);

/* A row more. What does not fit the grid is printed, and it begins anew. */
struct grid_row *kernels_page_row(const struct kernels_page *page,
				  struct grid *grid);
/* Nothing where it has no rows. */
void kernels_page_grid(const struct kernels_page *page,
		       const struct grid *grid);

/* An allocator's spelling, as short as the page wants it. */
void kernels_page_name(struct kernels_page *page, const char *spelling,
		       char *text);
/* What was abbreviated; the page's end. */
void kernels_page_names(const struct kernels_page *page);

/*
 * Tables of costs are numbered, from 1, and others refer to them: a workload's
 * spelling is too long for a column. 0: there is none of it.
 */
unsigned int kernels_block(const struct kernels *kernels, const char *workload,
			   enum thp_mode thp, enum layout layout);
/*
 * Columns of the kernels from `from` on, as many as fit a line, behind the first
 * two of columns; returns how many.
 */
unsigned int kernels_columns(const struct kernels *kernels, unsigned int from,
			     struct grid_column *columns);

/* The counts of kernels, and what could not be measured. 0 or -ENOMEM. */
int kernels_page_facts(struct kernels_page *page);

/* All hold GRID_TEXT_MAX bytes. "12.3 M"; "-": not measured. */
void kernels_text_instructions(double count, char *text);
/* "+12.3 % (+11.8..+12.9)"; "x3.1 (2.9..3.3)" from a factor of 3 on. */
void kernels_text_change(const struct kernels_page *page,
			 const struct kernels_change *change, char *text);
/* A count; "-": not measured. */
void kernels_text_count(int64_t count, char *text);

#endif
