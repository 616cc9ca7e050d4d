/* machines_tables - the tables of a block; for machines_print alone. */
#ifndef REGROW_MACHINES_TABLES_H
#define REGROW_MACHINES_TABLES_H

#include "driver/machines.h"
#include "driver/table_parts.h"

/*
 * named[i] is set of each machine that a table names; it has as many as there
 * are machines. 0 or -ENOMEM.
 */
int machines_table_effect(const struct machines *machines,
			  struct printout *printout, unsigned int block,
			  bool *named);
int machines_table_verdicts(const struct machines *machines,
			    struct printout *printout, unsigned int block);
int machines_table_times(const struct machines *machines,
			 struct printout *printout, unsigned int block,
			 bool *named);
/* Machines by kernels, of the allocator with the largest effect. */
int machines_table_kernels(const struct machines *machines,
			   struct printout *printout, unsigned int block,
			   bool *named);

#endif
