/* serve - blocks that the chosen allocator serves, as malloc(3) would. */
#include "preload/serve.h"

#include <errno.h>
#include <string.h>

#include "preload/gate.h"
#include "preload/index.h"
#include "preload/zero.h"

#define ALIGNMENT_ANY 16 /* of every block */

static struct index blocks = INDEX_INITIALIZER;
static struct serve_live live;

static void serve_live_add(uint64_t count, uint64_t bytes)
{
	uint64_t now = __atomic_add_fetch(&live.bytes, bytes, __ATOMIC_RELAXED);
	uint64_t max = __atomic_load_n(&live.bytes_max, __ATOMIC_RELAXED);

	__atomic_fetch_add(&live.blocks, count, __ATOMIC_RELAXED);
	/* Sums wrap round: what is taken off is added as its complement. */
	while ((int64_t)now > (int64_t)max &&
	       !__atomic_compare_exchange_n(&live.bytes_max, &max, now, true,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* From now on the gate lets the block's address through to here. */
static void serve_open_gate(const void *block)
{
	if (gate_passes_block(block))
		__atomic_fetch_and(&gate.mask, ~(uintptr_t)block,
				   __ATOMIC_RELAXED);
}

/* NULL, with ENOMEM, where there is no slot or the size is none. */
static struct slot *serve_begin(size_t size)
{
	struct slot *slot = size <= PTRDIFF_MAX ? slots_enter() : NULL;

	if (!slot)
		errno = ENOMEM;
	return slot;
}

static void *serve_end(struct slot *slot, void *block, int error_before)
{
	slots_leave(slot);
	errno = block ? error_before : ENOMEM;
	return block;
}

/* A new block is known from here on; NULL: no memory to know it by. */
static void *serve_admit(struct slot *slot, void *block, size_t size)
{
	if (!block)
		return NULL;
	if (index_put(&blocks, block, size)) {
		heap_release(slot->heaps, block, size);
		return NULL;
	}
	serve_open_gate(block);
	serve_live_add(1, size);
	return block;
}

/* The slot is ours. */
static void *serve_new(struct slot *slot, size_t size)
{
	return serve_admit(slot, heap_alloc(slot->heaps, size), size);
}

/* A block goes, which was in the index. The slot is ours. */
static void serve_drop(struct slot *slot, void *block)
{
	/* Out of the index first: its address may be another's at once. */
	size_t size = index_remove(&blocks, block);

	serve_live_add((uint64_t)-1, -(uint64_t)size);
	heap_release(slot->heaps, block, size);
}

void *serve_alloc(size_t size, bool zeroed)
{
	int error_before = errno;
	struct slot *slot = serve_begin(size);
	size_t page_size;
	void *block;

	if (!slot)
		return NULL;
	block = serve_new(slot, size);
	if (block)
		slot->served.allocs++;
	else
		slot->served.allocs_failed++;
	page_size = slot->heaps[0].page_size;
	serve_end(slot, block, error_before);
	if (block && zeroed) {
		zero_block(block, size, page_size);
		errno = error_before;
	}
	return block;
}

/* The allocator's way to align, or NULL: it has none. */
static void *serve_try_aligned(struct slot *slot, size_t alignment, size_t size,
			       bool *has_none)
{
	struct heap *heap = slot->heaps;

	*has_none =
		alignment > ALIGNMENT_ANY && !heap->allocator->alloc_aligned;
	if (*has_none)
		return NULL;
	if (alignment <= ALIGNMENT_ANY)
		return serve_new(slot, size);
	return serve_admit(
		slot, heap->allocator->alloc_aligned(heap, alignment, size),
		size);
}

void *serve_aligned(size_t alignment, size_t size)
{
	int error_before = errno;
	struct slot *slot = serve_begin(size);
	bool has_none;
	void *block;

	if (!slot)
		return NULL;
	block = serve_try_aligned(slot, alignment, size, &has_none);
	if (has_none)
		slot->served.aligned_passed++;
	else if (block)
		slot->served.allocs++;
	else
		slot->served.allocs_failed++;
	serve_end(slot, block, error_before);
	return has_none ? gate.next.memalign(alignment, size) : block;
}

size_t serve_size(const void *block)
{
	return index_find(&blocks, block);
}

void serve_release(void *block)
{
	int error_before = errno;
	struct slot *slot = slots_enter();

	/* Without memory for a slot the block stays: there is no other way. */
	if (slot) {
		slot->served.frees++;
		serve_drop(slot, block);
		slots_leave(slot);
	}
	errno = error_before;
}

static void *serve_grow(struct slot *slot, void *block, size_t size,
			size_t new_size)
{
	void *grown;

	/*
	 * Out of the index before it moves: its old address may be another
	 * thread's block before this call is over.
	 */
	index_take(&blocks, block);
	grown = heap_grow(slot->heaps, block, size, new_size);
	index_restore(&blocks, grown ? grown : block, grown ? new_size : size);
	if (!grown)
		return NULL;
	serve_open_gate(grown);
	serve_live_add(0, new_size - size);
	return grown;
}

/* Where the allocator has no way to shrink. NULL: there is no memory. */
static void *serve_shrink_by_copy(struct slot *slot, void *block,
				  size_t new_size)
{
	void *copy = serve_new(slot, new_size);

	if (!copy)
		return NULL;
	memcpy(copy, block, new_size);
	serve_drop(slot, block);
	slot->served.shrinks_copied++;
	return copy;
}

static void *serve_shrink(struct slot *slot, void *block, size_t size,
			  size_t new_size)
{
	struct heap *heap = slot->heaps;
	void *shrunk;

	slot->served.shrinks++;
	if (heap->allocator->shrink) {
		index_take(&blocks, block);
		shrunk = heap->allocator->shrink(heap, block, size, new_size);
		index_restore(&blocks, shrunk ? shrunk : block,
			      shrunk ? new_size : size);
		if (shrunk) {
			serve_open_gate(shrunk);
			serve_live_add(0, -(uint64_t)(size - new_size));
		}
	} else {
		shrunk = serve_shrink_by_copy(slot, block, new_size);
	}
	if (shrunk)
		return shrunk;
	/* As realloc(3) of a smaller size should not fail. */
	slot->served.shrinks_refused++;
	return block;
}

void *serve_resize(void *block, size_t new_size)
{
	int error_before = errno;
	struct slot *slot = serve_begin(new_size);
	size_t size = serve_size(block);

	if (!slot)
		return NULL;
	if (new_size > size)
		block = serve_grow(slot, block, size, new_size);
	else if (new_size < size)
		block = serve_shrink(slot, block, size, new_size);
	return serve_end(slot, block, error_before);
}

void *serve_enter(void *block, size_t new_size)
{
	int error_before = errno;
	size_t size = gate.next.malloc_usable_size(block);
	struct slot *slot = serve_begin(new_size);
	void *served;

	if (!slot)
		return NULL;
	if (size > new_size)
		size = new_size;
	served = serve_new(slot, new_size);
	if (served) {
		slot->served.entered++;
		slot->served.entered_bytes += size;
	} else {
		slot->served.allocs_failed++;
	}
	serve_end(slot, served, error_before);
	if (!served)
		return NULL;
	memcpy(served, block, size);
	gate.next.free(block);
	errno = error_before;
	return served;
}

void *serve_leave(void *block, size_t new_size)
{
	int error_before = errno;
	size_t size = serve_size(block);
	void *passed = gate.next.malloc(new_size);
	struct slot *slot;

	if (!passed)
		return NULL;
	if (size > new_size)
		size = new_size;
	memcpy(passed, block, size);
	slot = slots_enter();
	if (slot) {
		slot->served.left++;
		slot->served.left_bytes += size;
		serve_drop(slot, block);
		slots_leave(slot);
	}
	errno = error_before;
	return passed;
}

void serve_lock(void)
{
	slots_lock_all();
	index_lock(&blocks);
}

void serve_unlock(void)
{
	index_unlock(&blocks);
	slots_unlock_all();
}

void serve_renew(void)
{
	slots_renew();
	live.bytes_max = live.bytes;
}

void serve_sum(struct tally *tally, struct served *served,
	       struct serve_live *now)
{
	slots_sum(tally, served);
	*now = live;
}
