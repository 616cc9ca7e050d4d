/* machines_print - results of many machines, for people and as JSON. */
#ifndef REGROW_MACHINES_PRINT_H
#define REGROW_MACHINES_PRINT_H

#include <stdio.h>

#include "driver/json.h"
#include "driver/machines.h"
#include "driver/style.h"

#define MACHINES_SHOWN 40 /* lines of machines; --json has all */

/*
 * Of each workload: what each allocator gains, the median over machines, and
 * beside it how far machines lie apart; on how many it is what; times; then,
 * where there are several kernels, machines by kernels for the allocator of the
 * largest effect. At most STYLE_COLUMNS wide. 0 or -ENOMEM.
 */
int machines_print(const struct machines *machines, const struct style *style,
		   FILE *stream);
/* The same as GitHub renders it. */
int machines_markdown(const struct machines *machines, FILE *stream);
/* NULL where memory ran out. results/TABLE.md names the fields. */
struct json *machines_json(const struct machines *machines);

#endif
