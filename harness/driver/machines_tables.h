/* machines_tables - the tables of a block; for machines_print alone. */
#ifndef REGROW_MACHINES_TABLES_H
#define REGROW_MACHINES_TABLES_H

#include "driver/machines.h"
#include "driver/page.h"

/*
 * named[i] is set of each machine that a table names; it has as many as there
 * are machines. 0 or -ENOMEM.
 */
int machines_table_effect(const struct machines *machines, struct page *page,
			  unsigned int block, bool *named);
int machines_table_verdicts(const struct machines *machines, struct page *page,
			    unsigned int block);
int machines_table_times(const struct machines *machines, struct page *page,
			 unsigned int block, bool *named);
/* "0.465 (0.451..0.480)"; "0.465 (3: too few)"; "-" of none. text holds
 * GRID_TEXT_MAX bytes. */
void machines_text_effect(const struct page *page,
			  const struct machines_spread *spread, char *text);
/* Machines by kernels, of the allocator with the largest effect. */
int machines_table_kernels(const struct machines *machines, struct page *page,
			   unsigned int block, bool *named);

#endif
