/*
 * gate - what an interposed function asks before it passes a call on, and where
 * to: two loads, a compare and a jump are all that small blocks pay.
 */
#ifndef REGROW_PRELOAD_GATE_H
#define REGROW_PRELOAD_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preload/next.h"

/*
 * Zeroed, all goes the long way (route.h), which is always right: so it is
 * before the library has started, and while it records.
 */
struct gate {
	size_t from; /* bytes; smaller requests are passed on */
	/*
	 * Bits that no served block's address has: where blocks are whole
	 * pages, those of an offset in a page. An address with one of them is
	 * the next malloc's.
	 */
	uintptr_t mask;
	struct next next; /* where what passes goes */
};

/* What malloc and free read is one cache line, and so one entry of a TLB. */
extern struct gate gate __attribute__((visibility("hidden"), aligned(64)));

static inline bool gate_passes_size(size_t size)
{
	return size < __atomic_load_n(&gate.from, __ATOMIC_RELAXED);
}

/* Never of NULL. */
static inline bool gate_passes_block(const void *block)
{
	return ((uintptr_t)block &
		__atomic_load_n(&gate.mask, __ATOMIC_RELAXED)) != 0;
}

#endif
