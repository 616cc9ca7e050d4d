/* kernels_print - a comparison of kernels, for people and as JSON. */
#ifndef REGROW_KERNELS_PRINT_H
#define REGROW_KERNELS_PRINT_H

#include <stdio.h>

#include "driver/json.h"
#include "driver/kernels.h"
#include "driver/style.h"

/*
 * The largest changes first, then what each operation costs on each kernel, then
 * the counts that differ; at most STYLE_COLUMNS wide. 0 or -ENOMEM.
 */
int kernels_print(const struct kernels *kernels, const struct style *style,
		  FILE *stream);
/* NULL where memory ran out. results/TABLE.md names the fields. */
struct json *kernels_json(const struct kernels *kernels);

#endif
