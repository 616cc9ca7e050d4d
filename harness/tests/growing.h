/*
 * growing - blocks that are made and grown by a heap, for cmocka's tests: what
 * breaks the contract fails the test, with the allocator's name.
 */
#ifndef REGROW_TESTS_GROWING_H
#define REGROW_TESTS_GROWING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/heaps.h"

/* Of that size, filled. */
static inline struct checked block_of(struct heap *heap, size_t size)
{
	struct checked block = {0};

	assert_true(checked_alloc(heap, &block, size, size));
	return block;
}

/* The contract must hold. Did it grow? */
static inline bool grow(struct heap *heap, struct checked *block,
			size_t new_size)
{
	bool grew;
	const char *wrong = checked_grow(heap, block, new_size, &grew);

	if (wrong)
		fail_msg("%s: %s", heap->allocator->name, wrong);
	return grew;
}

/* It must, too. */
static inline void grows(struct heap *heap, struct checked *block,
			 size_t new_size)
{
	if (!grow(heap, block, new_size))
		fail_msg("%s: the growth failed", heap->allocator->name);
}

/* How many growths of the heap came out so. */
static inline uint64_t grown(const struct heap *heap, enum outcome outcome)
{
	return heap->recorder->tally.growths[outcome];
}

#endif
