/*
 * route - where a call goes that the gate did not pass on: to the allocator, to
 * the next malloc, or to what stands in until that is found.
 *
 * Each is its namesake of malloc(3), for any argument and at any time.
 */
#ifndef REGROW_PRELOAD_ROUTE_H
#define REGROW_PRELOAD_ROUTE_H

#include <stddef.h>

#include "preload/next.h"

void *route_malloc(size_t size);
void *route_calloc(size_t count, size_t size);
void *route_realloc(void *block, size_t size);
void route_free(void *block);
size_t route_usable_size(void *block);
int route_posix_memalign(void **block, size_t alignment, size_t size);

/* memalign(3) and aligned_alloc(3): which of the next malloc's it is. */
void *route_aligned(void *(*pass)(size_t alignment, size_t size),
		    size_t alignment, size_t size);
void *route_valloc(size_t size);
void *route_pvalloc(size_t size);

/*
 * From here on blocks of size from and above are served, and those from
 * record_from on recorded; SIZE_MAX: none.
 */
void route_start(size_t from, size_t record_from);

#endif
