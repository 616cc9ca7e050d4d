/*
 * slots - the heaps that threads work on: one slot a thread, handed on when the
 * thread ends, and all of them held still around fork(2).
 *
 * A served call locks its own slot only, so that threads meet where the
 * allocator itself makes them. What an allocator calls a thread is a slot: its
 * open() ran once for it, and close() is never called, since blocks outlive
 * threads.
 */
#ifndef REGROW_PRELOAD_SLOTS_H
#define REGROW_PRELOAD_SLOTS_H

#include <pthread.h>
#include <stdbool.h>

#include <regrow/allocator.h>

#include "common/spec.h"

/* What the library itself did beside the allocator's growths; counts. */
struct served {
	uint64_t allocs; /* of the program: malloc, calloc, the aligned */
	uint64_t allocs_failed;
	uint64_t frees;
	uint64_t shrinks; /* to a size that is still served */
	uint64_t shrinks_copied; /* of these: by alloc, copy and release */
	uint64_t shrinks_refused; /* the block stayed as large as it was */
	uint64_t entered; /* grown or shrunk from the next malloc's to here */
	uint64_t entered_bytes; /* copied by it */
	uint64_t left; /* the other way */
	uint64_t left_bytes;
	uint64_t aligned_passed; /* to the next malloc: the allocator cannot */
};

struct slot {
	pthread_mutex_t lock; /* held by a served call, and by fork */
	bool inside; /* a served call is going on */
	bool idle; /* no thread's */
	struct slot *next;
	struct heap heaps[SPEC_DEPTH_MAX]; /* [0] is the outer one */
	struct recorder recorder;
	struct served served;
};

/* The calling thread's; NULL: it has none yet. No malloc, ever. */
extern __thread struct slot *slots_own
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * Runs the allocators' setup() on the first slot, which is the calling
 * thread's. The spec stays where it is. 0, or -errno and one sentence in why.
 */
int slots_setup(const struct allocator_spec *spec, char *why, size_t why_size);

/*
 * The calling thread's slot, locked; NULL: no memory for one. Not where
 * slots_inside().
 */
struct slot *slots_enter(void);
void slots_leave(struct slot *slot);

/* Is the caller an allocator's hook, or a signal's handler amid one? */
static inline bool slots_inside(void)
{
	return slots_own && slots_own->inside;
}

/* All slots hold still from one to the other. */
void slots_lock_all(void);
void slots_unlock_all(void);

/* In a new process, all locked: what others had is idle, all counts are 0. */
void slots_renew(void);

/* The sums over all slots, all locked. */
void slots_sum(struct tally *tally, struct served *served);

#endif
