/*
 * idle_hooks - the required hooks of allocators that tests only resolve and
 * never run.
 */
#ifndef REGROW_IDLE_HOOKS_H
#define REGROW_IDLE_HOOKS_H

#include <regrow/allocator.h>

static void *idle_alloc(struct heap *heap, size_t size)
{
	(void)heap;
	(void)size;
	return NULL;
}

static void *idle_grow(struct heap *heap, void *block, size_t size,
		       size_t new_size)
{
	(void)heap;
	(void)block;
	(void)size;
	(void)new_size;
	return NULL;
}

static void idle_release(struct heap *heap, void *block, size_t size)
{
	(void)heap;
	(void)block;
	(void)size;
}

#endif
