/*
 * zero - makes a block's bytes zero without touching pages that are anyway.
 */
#ifndef REGROW_PRELOAD_ZERO_H
#define REGROW_PRELOAD_ZERO_H

#include <stddef.h>

/*
 * For calloc(3): a strategy may hand out pages that were in use before. Pages
 * that are resident (mincore(2)) are written; the others are dropped
 * (MADV_DONTNEED), for they may lie on a swap device, and are zero when they
 * are touched next. So a sparse table stays sparse, and a fresh mapping costs
 * two system calls. Blocks are private anonymous memory.
 */
void zero_block(void *block, size_t size, size_t page_size);

#endif
