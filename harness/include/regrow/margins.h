/*
 * regrow/margins.h - an index from a block to the unused ends of its range.
 *
 * For allocators that map more than a block and place it inside. A hash table
 * of fixed size with linear probing, made and faulted in by margins_setup();
 * blocks that fill their range take no room. The lock is the caller's.
 */
#ifndef REGROW_MARGINS_H
#define REGROW_MARGINS_H

#include <regrow/pages.h>
#include <regrow/random.h>

/* Bytes before and behind a block that belong to its range. */
struct margin {
	uintptr_t block; /* 0: an empty slot */
	size_t front; /* up to the extent of a PUD */
	size_t back;
};

struct margins {
	struct margin *slots; /* NULL: no block has margins */
	uint32_t slots_count; /* a power of two */
	uint32_t used;
};

static inline size_t margins_bytes(const struct heap *heap,
				   const struct margins *margins)
{
	return pages_round(heap,
			   margins->slots_count * sizeof(*margins->slots));
}

/* 0 or -ENOMEM. slots_count is a power of two. */
static inline int margins_setup(struct heap *heap, struct margins *margins,
				uint32_t slots_count)
{
	margins->slots_count = slots_count;
	margins->used = 0;
	margins->slots =
		pages_map(heap, margins_bytes(heap, margins), MAP_POPULATE);
	return margins->slots ? 0 : -ENOMEM;
}

static inline void margins_teardown(struct heap *heap, struct margins *margins)
{
	if (margins->slots)
		pages_unmap(heap, margins->slots, margins_bytes(heap, margins));
}

/* No room for one more; a quarter stays empty, so that probing stays short. */
static inline bool margins_full(const struct margins *margins)
{
	return margins->used >= margins->slots_count / 4 * 3;
}

static inline uint32_t margins_home(const struct margins *margins,
				    uintptr_t block)
{
	return (uint32_t)random_mix(block) & (margins->slots_count - 1);
}

/* The slot of a block, or the empty one where it would go. */
static inline uint32_t margins_find(const struct margins *margins,
				    uintptr_t block)
{
	uint32_t slot = margins_home(margins, block);

	while (margins->slots[slot].block &&
	       margins->slots[slot].block != block)
		slot = (slot + 1) & (margins->slots_count - 1);
	return slot;
}

/* Only where not full. The block has no entry yet. */
static inline void margins_put(struct margins *margins, const void *block,
			       struct margin margin)
{
	if (margin.front == 0 && margin.back == 0)
		return;
	margin.block = (uintptr_t)block;
	margins->slots[margins_find(margins, margin.block)] = margin;
	margins->used++;
}

/* A block's margins, which leave the index; {0}: it has none. */
static inline struct margin margins_take(struct margins *margins,
					 const void *block)
{
	struct margin found = {0};
	uint32_t mask = margins->slots_count - 1, gap, slot;

	if (!margins->slots)
		return found;
	gap = margins_find(margins, (uintptr_t)block);
	if (!margins->slots[gap].block)
		return found;
	found = margins->slots[gap];
	margins->slots[gap].block = 0;
	margins->used--;
	/* What was put behind the gap because of it moves up. */
	for (slot = (gap + 1) & mask; margins->slots[slot].block;
	     slot = (slot + 1) & mask) {
		uint32_t home =
			margins_home(margins, margins->slots[slot].block);

		if (((slot - home) & mask) < ((slot - gap) & mask))
			continue;
		margins->slots[gap] = margins->slots[slot];
		margins->slots[slot].block = 0;
		gap = slot;
	}
	return found;
}

#endif
