/* index - the blocks that an allocator serves, by address. */
#include "preload/index.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include <regrow/random.h>

void index_lock(struct index *index)
{
	pthread_mutex_lock(&index->lock);
}

void index_unlock(struct index *index)
{
	pthread_mutex_unlock(&index->lock);
}

static struct index_entry *index_slots(struct index *index, size_t *mask)
{
	if (!index->slots) {
		*mask = INDEX_START_SLOTS - 1;
		return index->start;
	}
	*mask = index->slots_count - 1;
	return index->slots;
}

static size_t index_home(uintptr_t block, size_t mask)
{
	return (size_t)random_mix(block) & mask;
}

/* The slot of a block, or the empty one where it would go. */
static size_t index_slot(const struct index_entry *slots, size_t mask,
			 uintptr_t block)
{
	size_t slot = index_home(block, mask);

	while (slots[slot].block && slots[slot].block != block)
		slot = (slot + 1) & mask;
	return slot;
}

/* Twice the slots. False: no memory, the table is as it was. */
static bool index_enlarge(struct index *index)
{
	struct index_entry *slots, *old;
	size_t mask, i, new_mask;

	old = index_slots(index, &mask);
	new_mask = 2 * mask + 1;
	slots = mmap(NULL, (new_mask + 1) * sizeof(*slots),
		     PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (slots == MAP_FAILED)
		return false;
	for (i = 0; i <= mask; i++)
		if (old[i].block)
			slots[index_slot(slots, new_mask, old[i].block)] =
				old[i];
	if (index->slots)
		munmap(index->slots, (mask + 1) * sizeof(*slots));
	index->slots = slots;
	index->slots_count = new_mask + 1;
	return true;
}

/*
 * Room for one more. Beyond three quarters it should grow; where the system has
 * no memory it goes on up to the last slot but one, which ends every search.
 */
static bool index_has_room(struct index *index)
{
	size_t mask, full = index->used + index->held + 1;

	index_slots(index, &mask);
	if (full <= (mask + 1) / 4 * 3 || index_enlarge(index))
		return true;
	return full < mask;
}

/* Read without the lock by index_find(). */
static void index_widen(struct index *index, uintptr_t block)
{
	if (~block > index->low_inverted)
		__atomic_store_n(&index->low_inverted, ~block,
				 __ATOMIC_RELAXED);
	if (block > index->high)
		__atomic_store_n(&index->high, block, __ATOMIC_RELAXED);
}

static void index_insert(struct index *index, const void *block, size_t value)
{
	size_t mask;
	struct index_entry *slots = index_slots(index, &mask);

	slots[index_slot(slots, mask, (uintptr_t)block)] =
		(struct index_entry){(uintptr_t)block, value};
	index->used++;
	index_widen(index, (uintptr_t)block);
}

int index_put(struct index *index, const void *block, size_t value)
{
	int error = -ENOMEM;

	index_lock(index);
	if (index_has_room(index)) {
		index_insert(index, block, value);
		error = 0;
	}
	index_unlock(index);
	return error;
}

size_t index_find(struct index *index, const void *block)
{
	uintptr_t address = (uintptr_t)block;
	struct index_entry *slots;
	size_t mask, slot, value;

	/*
	 * Who has a block got it after it was put in, so the bounds that are
	 * seen here include it.
	 */
	if (address > __atomic_load_n(&index->high, __ATOMIC_RELAXED) ||
	    ~address > __atomic_load_n(&index->low_inverted, __ATOMIC_RELAXED))
		return 0;
	index_lock(index);
	slots = index_slots(index, &mask);
	slot = index_slot(slots, mask, address);
	value = slots[slot].block ? slots[slot].value : 0;
	index_unlock(index);
	return value;
}

/* What was put behind the gap because of it moves up. */
static void index_close_gap(struct index_entry *slots, size_t mask, size_t gap)
{
	size_t slot = (gap + 1) & mask;

	for (; slots[slot].block; slot = (slot + 1) & mask) {
		size_t home = index_home(slots[slot].block, mask);

		if (((slot - home) & mask) < ((slot - gap) & mask))
			continue;
		slots[gap] = slots[slot];
		gap = slot;
	}
	slots[gap].block = 0;
}

/* The lock is held. */
static size_t index_extract(struct index *index, const void *block)
{
	size_t mask, slot, value;
	struct index_entry *slots = index_slots(index, &mask);

	slot = index_slot(slots, mask, (uintptr_t)block);
	if (!slots[slot].block)
		return 0;
	value = slots[slot].value;
	index->used--;
	index_close_gap(slots, mask, slot);
	return value;
}

size_t index_remove(struct index *index, const void *block)
{
	size_t value;

	index_lock(index);
	value = index_extract(index, block);
	index_unlock(index);
	return value;
}

size_t index_take(struct index *index, const void *block)
{
	size_t value;

	index_lock(index);
	value = index_extract(index, block);
	if (value)
		index->held++;
	index_unlock(index);
	return value;
}

void index_restore(struct index *index, const void *block, size_t value)
{
	index_lock(index);
	index->held--;
	index_insert(index, block, value);
	index_unlock(index);
}

void index_forgo(struct index *index)
{
	index_lock(index);
	index->held--;
	index_unlock(index);
}

void index_clear(struct index *index)
{
	if (index->slots)
		munmap(index->slots,
		       index->slots_count * sizeof(*index->slots));
	index->slots = NULL;
	index->slots_count = 0;
	index->used = 0;
	index->held = 0;
	index->low_inverted = 0;
	index->high = 0;
	memset(index->start, 0, sizeof(index->start));
}
