/* kernels_print - a comparison of kernels, for people and as JSON. */
#ifndef REGROW_KERNELS_PRINT_H
#define REGROW_KERNELS_PRINT_H

#include <stdio.h>

#include "driver/json.h"
#include "driver/kernels.h"
#include "driver/style.h"

/*
 * The largest changes first, then what each operation costs on each kernel, then
 * the counts that differ and those that do not, and what could not be measured
 * on each; at most STYLE_COLUMNS wide. 0 or -ENOMEM.
 */
int kernels_print(const struct kernels *kernels, const struct style *style,
		  FILE *stream);
/* The same page in Markdown, as GitHub renders it. 0 or -ENOMEM. */
int kernels_markdown(const struct kernels *kernels, FILE *stream);
/* NULL where memory ran out. results/TABLE.md names the fields. */
struct json *kernels_json(const struct kernels *kernels);

#endif
