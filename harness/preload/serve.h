/*
 * serve - blocks that the chosen allocator serves, as malloc(3) would: through
 * its hooks, in the calling thread's slot, sizes kept in the index.
 *
 * A block is as large as it was asked for: that is its usable size, too, and
 * what the allocator is told. NULL comes with ENOMEM in errno; else errno is
 * left alone.
 */
#ifndef REGROW_PRELOAD_SERVE_H
#define REGROW_PRELOAD_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <regrow/recorder.h>

#include "preload/slots.h"

/* Of the program's blocks that are served; bytes as asked for. */
struct serve_live {
	uint64_t blocks;
	uint64_t bytes;
	uint64_t bytes_max;
};

/* size is above 0. zeroed: as calloc(3). */
void *serve_alloc(size_t size, bool zeroed);

/*
 * alignment is a power of two. Where the allocator has no way to align, the
 * next malloc's memalign(3) is asked, and that is counted.
 */
void *serve_aligned(size_t alignment, size_t size);

/* The block's size; 0: it is not served. */
size_t serve_size(const void *block);

void serve_release(void *block);

/*
 * A served block becomes new_size bytes, which is above 0. NULL: it is as it
 * was.
 */
void *serve_resize(void *block, size_t new_size);

/*
 * A block of the next malloc becomes a served one, or the other way round, by
 * copying as many bytes as both have. NULL: it is as it was.
 */
void *serve_enter(void *block, size_t new_size);
void *serve_leave(void *block, size_t new_size);

/* Around fork(2); the child's counts begin at 0, live blocks are still so. */
void serve_lock(void);
void serve_unlock(void);
void serve_renew(void);

/* Sums over all threads, while no served call is going on. */
void serve_sum(struct tally *tally, struct served *served,
	       struct serve_live *live);

#endif
