/* route - where a call goes that the gate did not pass on. */
#include "preload/route.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "preload/gate.h"
#include "preload/serve.h"

/* Addresses are told apart by their offset in a page of any machine. */
#define MASK_START ((uintptr_t)4095)

struct gate gate;
static size_t serve_from = SIZE_MAX;

/* Is a request of that size served? Not what an allocator asks for itself. */
static bool route_serves(size_t size)
{
	return size >= __atomic_load_n(&serve_from, __ATOMIC_RELAXED) &&
	       !slots_inside();
}

/* An allocator's hook may be at work on its own blocks. */
static bool route_is_served(const void *block)
{
	return !slots_inside() && serve_size(block) > 0;
}

static void *route_bootstrap(size_t alignment, size_t size)
{
	void *block = next_bootstrap(alignment, size);

	if (!block)
		errno = ENOMEM;
	return block;
}

void *route_malloc(size_t size)
{
	if (route_serves(size))
		return serve_alloc(size, false);
	if (!next_ready())
		return route_bootstrap(1, size);
	return next.malloc(size);
}

void *route_calloc(size_t count, size_t size)
{
	size_t bytes;

	if (!__builtin_mul_overflow(count, size, &bytes)) {
		if (route_serves(bytes))
			return serve_alloc(bytes, true);
		if (!next_ready())
			return route_bootstrap(1, bytes);
	}
	if (next_ready())
		return next.calloc(count, size);
	errno = ENOMEM;
	return NULL;
}

/* The block stays where it is; its first page cannot be given back. */
static void *route_leave_bootstrap(const void *block, size_t bytes, size_t size)
{
	void *copy = route_malloc(size);

	if (copy)
		memcpy(copy, block, bytes < size ? bytes : size);
	return copy;
}

static void *route_resize_served(void *block, size_t size)
{
	if (size == 0) {
		serve_release(block);
		return NULL;
	}
	return route_serves(size) ? serve_resize(block, size)
				  : serve_leave(block, size);
}

void *route_realloc(void *block, size_t size)
{
	size_t bootstrap_bytes;

	if (!block)
		return route_malloc(size);
	bootstrap_bytes = next_bootstrap_size(block);
	if (bootstrap_bytes)
		return route_leave_bootstrap(block, bootstrap_bytes, size);
	if (route_is_served(block))
		return route_resize_served(block, size);
	/* The block was the next malloc's, so that is there. */
	return route_serves(size) ? serve_enter(block, size)
				  : next.realloc(block, size);
}

void route_free(void *block)
{
	if (!block || next_bootstrap_size(block))
		return;
	if (route_is_served(block))
		serve_release(block);
	else
		next.free(block);
}

size_t route_usable_size(void *block)
{
	size_t size = block ? next_bootstrap_size(block) : 0;

	if (!block || size)
		return size;
	size = slots_inside() ? 0 : serve_size(block);
	return size ? size : next.malloc_usable_size(block);
}

static bool is_power_of_two(size_t number)
{
	return number && (number & (number - 1)) == 0;
}

void *route_aligned(void *(*pass)(size_t alignment, size_t size),
		    size_t alignment, size_t size)
{
	/* What is no power of two the next malloc refuses, or makes one. */
	if (route_serves(size) && is_power_of_two(alignment))
		return serve_aligned(alignment, size);
	return pass(alignment, size);
}

int route_posix_memalign(void **block, size_t alignment, size_t size)
{
	int error_before = errno;
	void *aligned;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return EINVAL;
	if (route_serves(size)) {
		aligned = serve_aligned(alignment, size);
	} else {
		if (next_ready())
			return next.posix_memalign(block, alignment, size);
		aligned = next_bootstrap(alignment, size);
	}
	errno = error_before;
	if (!aligned)
		return ENOMEM;
	*block = aligned;
	return 0;
}

void *route_valloc(size_t size)
{
	if (route_serves(size))
		return serve_aligned((size_t)sysconf(_SC_PAGESIZE), size);
	return next.valloc(size);
}

void *route_pvalloc(size_t size)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (size + page_size - 1) & ~(page_size - 1);

	if (bytes >= size && route_serves(bytes))
		return serve_aligned(page_size, bytes);
	return next.pvalloc(size);
}

void route_start(size_t from)
{
	__atomic_store_n(&serve_from, from, __ATOMIC_RELAXED);
	__atomic_store_n(&gate.mask, MASK_START, __ATOMIC_RELAXED);
	__atomic_store_n(&gate.from, from, __ATOMIC_RELEASE);
}
