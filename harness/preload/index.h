/*
 * index - the blocks that an allocator serves, by address, with their sizes.
 *
 * A hash table with linear probing, in mapped memory of its own once it
 * outgrows what it starts with; one lock, held for some tens of ns. An address
 * beyond all that were ever put in is told without it.
 */
#ifndef REGROW_PRELOAD_INDEX_H
#define REGROW_PRELOAD_INDEX_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_START_SLOTS 1024

struct index_entry {
	uintptr_t block; /* 0: an empty slot */
	size_t value; /* above 0 */
};

/* Zeroed is empty, but for INDEX_INITIALIZER's lock. */
struct index {
	pthread_mutex_t lock; /* of all that follows */
	struct index_entry *slots; /* NULL: still those of start */
	size_t slots_count; /* a power of two; 0: still those of start */
	size_t used;
	size_t held; /* places that index_take() left for index_restore() */
	/* The lowest address, inverted, so that 0 is none; and the highest. */
	uintptr_t low_inverted;
	uintptr_t high;
	struct index_entry start[INDEX_START_SLOTS];
};

#define INDEX_INITIALIZER                                                      \
	{                                                                      \
		.lock = PTHREAD_MUTEX_INITIALIZER                              \
	}

/* The block is not in it yet. 0, or -ENOMEM: no memory for a larger table. */
int index_put(struct index *index, const void *block, size_t value);

/* A block's value; 0: it is not in the index. */
size_t index_find(struct index *index, const void *block);

/* Takes the block out; its value, or 0: it was not in. */
size_t index_remove(struct index *index, const void *block);

/*
 * The same, with a place held that index_restore() fills, which so cannot fail:
 * for a block that comes to lie elsewhere, or goes for a while. index_forgo()
 * gives the place up.
 */
size_t index_take(struct index *index, const void *block);
void index_restore(struct index *index, const void *block, size_t value);
void index_forgo(struct index *index);

/* Around fork(2): the child finds it whole, and unlocked. */
void index_lock(struct index *index);
void index_unlock(struct index *index);

/* Empty again, as it was at first. The lock is held. */
void index_clear(struct index *index);

#endif
