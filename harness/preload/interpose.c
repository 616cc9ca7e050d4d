/*
 * interpose - the functions of malloc(3) that the program calls: small requests
 * and addresses that cannot be ours go straight to the next malloc.
 */
#include <errno.h>
#include <stdint.h>

#include "preload/gate.h"
#include "preload/next.h"
#include "preload/route.h"

#define INTERPOSED __attribute__((visibility("default")))

/*
 * <stdlib.h> and <malloc.h> are left out: their attributes let the compiler
 * assume of these functions what they are here to do.
 */
INTERPOSED void *malloc(size_t size);
INTERPOSED void *calloc(size_t count, size_t size);
INTERPOSED void *realloc(void *block, size_t size);
INTERPOSED void *reallocarray(void *block, size_t count, size_t size);
INTERPOSED void free(void *block);
INTERPOSED void free_sized(void *block, size_t size);
INTERPOSED void free_aligned_sized(void *block, size_t alignment, size_t size);
INTERPOSED int posix_memalign(void **block, size_t alignment, size_t size);
INTERPOSED void *aligned_alloc(size_t alignment, size_t size);
INTERPOSED void *memalign(size_t alignment, size_t size);
INTERPOSED void *valloc(size_t size);
INTERPOSED void *pvalloc(size_t size);
INTERPOSED size_t malloc_usable_size(void *block);

void *malloc(size_t size)
{
	if (__builtin_expect(gate_passes_size(size), 1))
		return gate.next.malloc(size);
	return route_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_expect(!__builtin_mul_overflow(count, size, &bytes) &&
				     gate_passes_size(bytes),
			     1))
		return gate.next.calloc(count, size);
	return route_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	if (__builtin_expect(gate_passes_block(block) && gate_passes_size(size),
			     1))
		return gate.next.realloc(block, size);
	return route_realloc(block, size);
}

void *reallocarray(void *block, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, bytes);
}

void free(void *block)
{
	if (__builtin_expect(gate_passes_block(block), 1))
		gate.next.free(block);
	else
		route_free(block);
}

/* C23; the sizes are those that the block was asked for with. */
void free_sized(void *block, size_t size)
{
	(void)size;
	free(block);
}

void free_aligned_sized(void *block, size_t alignment, size_t size)
{
	(void)alignment;
	(void)size;
	free(block);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	return route_posix_memalign(block, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (!next_ready())
		return next_bootstrap(alignment, size);
	return route_aligned(gate.next.aligned_alloc, alignment, size);
}

void *memalign(size_t alignment, size_t size)
{
	if (!next_ready())
		return next_bootstrap(alignment, size);
	return route_aligned(gate.next.memalign, alignment, size);
}

void *valloc(size_t size)
{
	return next_ready() ? route_valloc(size) : NULL;
}

void *pvalloc(size_t size)
{
	return next_ready() ? route_pvalloc(size) : NULL;
}

size_t malloc_usable_size(void *block)
{
	if (__builtin_expect(gate_passes_block(block), 1))
		return gate.next.malloc_usable_size(block);
	return route_usable_size(block);
}
