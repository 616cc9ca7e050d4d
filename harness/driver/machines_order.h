/* machines_order - in which order machines, rows and kernels are shown. */
#ifndef REGROW_MACHINES_ORDER_H
#define REGROW_MACHINES_ORDER_H

#include "driver/machines.h"

/*
 * The next row of a block with that role, behind row `from`, MACHINES_NONE for
 * the first one; MACHINES_NONE: there is none.
 */
unsigned int machines_next_row(const struct machines *machines,
			       unsigned int block, enum cell_role role,
			       unsigned int from);

/* The block's allocator with the largest effect; MACHINES_NONE: none. */
unsigned int machines_main_row(const struct machines *machines,
			       unsigned int block);

/*
 * The machines that have a ratio of the row, by it upward; by_kernels: those on
 * most kernels before all others. places has room for all machines; returns how
 * many there are.
 */
unsigned int machines_order(const struct machines *machines, unsigned int row,
			    bool by_kernels, unsigned int *places);

/* A machine's cell of a row on a kernel; NULL: it has none. */
const struct machines_cell *machines_on_kernel(const struct machines *machines,
					       unsigned int machine,
					       unsigned int kernel,
					       unsigned int row);

#endif
