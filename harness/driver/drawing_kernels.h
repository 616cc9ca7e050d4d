/*
 * drawing_kernels - the figures of a comparison of kernels: a heat map of what
 * each operation costs on each kernel over what it costs on the first, and the
 * same as steps from kernel to kernel.
 */
#ifndef REGROW_DRAWING_KERNELS_H
#define REGROW_DRAWING_KERNELS_H

#include "driver/drawing.h"
#include "driver/kernels.h"

/* Rows of the heat map, and panels of the steps; those that change most. */
#define DRAWING_KERNELS_ROWS 40
#define DRAWING_KERNELS_PANELS 12

/* Two figures; to be freed by drawings_free(). 0 or -ENOMEM. */
int drawings_kernels(const struct kernels *kernels, struct drawings *drawings);

#endif
