/* route - where a call goes that the gate did not pass on. */
#include "preload/route.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "preload/gate.h"
#include "preload/record.h"
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

/* A new block of the program's, or NULL; it is block. */
static void *route_record(void *block, size_t size, size_t alignment)
{
	if (record_is_on())
		record_alloc(block, size, alignment);
	return block;
}

static void *route_take(size_t size)
{
	if (route_serves(size))
		return serve_alloc(size, false);
	if (!next_ready())
		return route_bootstrap(1, size);
	return gate.next.malloc(size);
}

void *route_malloc(size_t size)
{
	return route_record(route_take(size), size, 0);
}

static void *route_take_zeroed(size_t size)
{
	if (route_serves(size))
		return serve_alloc(size, true);
	if (!next_ready())
		return route_bootstrap(1, size);
	return gate.next.calloc(1, size);
}

void *route_calloc(size_t count, size_t size)
{
	size_t bytes;

	if (!__builtin_mul_overflow(count, size, &bytes))
		return route_record(route_take_zeroed(bytes), bytes, 0);
	errno = ENOMEM;
	return NULL;
}

/* The block stays where it is; its first page cannot be given back. */
static void *route_leave_bootstrap(const void *block, size_t bytes, size_t size)
{
	void *copy = route_take(size);

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

static void *route_resize(void *block, size_t size)
{
	size_t bootstrap_bytes = next_bootstrap_size(block);

	if (bootstrap_bytes)
		return route_leave_bootstrap(block, bootstrap_bytes, size);
	if (route_is_served(block))
		return route_resize_served(block, size);
	/* The block was the next malloc's, so that is there. */
	return route_serves(size) ? serve_enter(block, size)
				  : gate.next.realloc(block, size);
}

void *route_realloc(void *block, size_t size)
{
	if (!block)
		return route_malloc(size);
	return record_is_on() ? record_resize(block, size, route_resize)
			      : route_resize(block, size);
}

void route_free(void *block)
{
	if (!block || next_bootstrap_size(block))
		return;
	if (record_is_on())
		record_free(block);
	if (route_is_served(block))
		serve_release(block);
	else
		gate.next.free(block);
}

size_t route_usable_size(void *block)
{
	size_t size = block ? next_bootstrap_size(block) : 0;

	if (!block || size)
		return size;
	size = slots_inside() ? 0 : serve_size(block);
	return size ? size : gate.next.malloc_usable_size(block);
}

static bool is_power_of_two(size_t number)
{
	return number && (number & (number - 1)) == 0;
}

void *route_aligned(void *(*pass)(size_t alignment, size_t size),
		    size_t alignment, size_t size)
{
	/* What is no power of two the next malloc refuses, or makes one. */
	if (!is_power_of_two(alignment))
		return route_record(pass(alignment, size), size, 0);
	return route_record(route_serves(size) ? serve_aligned(alignment, size)
					       : pass(alignment, size),
			    size, alignment);
}

/* The next malloc's, or NULL and errno as it was. */
static void *route_pass_posix_memalign(size_t alignment, size_t size)
{
	void *block = NULL;

	if (!next_ready())
		return next_bootstrap(alignment, size);
	return gate.next.posix_memalign(&block, alignment, size) ? NULL : block;
}

int route_posix_memalign(void **block, size_t alignment, size_t size)
{
	int error_before = errno;
	void *aligned;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return EINVAL;
	aligned = route_aligned(route_pass_posix_memalign, alignment, size);
	errno = error_before;
	if (!aligned)
		return ENOMEM;
	*block = aligned;
	return 0;
}

void *route_valloc(size_t size)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);

	return route_record(route_serves(size) ? serve_aligned(page_size, size)
					       : gate.next.valloc(size),
			    size, page_size);
}

void *route_pvalloc(size_t size)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (size + page_size - 1) & ~(page_size - 1);
	bool serves = bytes >= size && route_serves(bytes);

	return route_record(serves ? serve_aligned(page_size, bytes)
				   : gate.next.pvalloc(size),
			    bytes, page_size);
}

void route_start(size_t from, size_t record_from)
{
	__atomic_store_n(&serve_from, from, __ATOMIC_RELAXED);
	/* Of a recorded block no address tells: all are looked up. */
	if (record_from == SIZE_MAX)
		__atomic_store_n(&gate.mask, MASK_START, __ATOMIC_RELAXED);
	__atomic_store_n(&gate.from, from < record_from ? from : record_from,
			 __ATOMIC_RELEASE);
}
