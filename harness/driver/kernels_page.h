/*
 * kernels_page - a comparison of kernels on a page. For the files that print it.
 */
#ifndef REGROW_KERNELS_PAGE_H
#define REGROW_KERNELS_PAGE_H

#include "driver/kernels.h"
#include "driver/page.h"

struct kernels_page {
	const struct kernels *kernels;
	struct page out;
};

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
