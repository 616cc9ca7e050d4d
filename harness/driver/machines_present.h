/* machines_present - results of many machines as people see them. */
#ifndef REGROW_MACHINES_PRESENT_H
#define REGROW_MACHINES_PRESENT_H

#include <stdbool.h>

#include "driver/machines.h"
#include "driver/present.h"

/*
 * Reads, prints in that form, and draws where asked for, into folder, or NULL: as
 * present_plots(). Says what was wrong. An exit status: 5 also where some files
 * could not be read, and the others are printed; 2 where no run can be compared.
 */
int machines_present(char *const *paths, unsigned int count,
		     const struct machines_options *options,
		     enum present_form form, bool plot, const char *folder);

#endif
