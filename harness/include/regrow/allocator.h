/*
 * regrow/allocator.h - the contract between the harness and an allocator.
 *
 * An allocator is one file in allocators/ that fills one struct and registers
 * it. The same file built with -shared -fPIC is a plug-in that is named by its
 * path (ALLOC=./mine.so). harness/docs/skeleton-allocator.c is a start.
 *
 * An allocator returns an address, NULL, 0 or -errno. It never prints, exits,
 * reads a clock, or calls malloc; memory for its state is provided, zeroed.
 */
#ifndef REGROW_ALLOCATOR_H
#define REGROW_ALLOCATOR_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <regrow/identity.h>
#include <regrow/option.h>
#include <regrow/recorder.h>
#include <regrow/register.h>

#define ALLOCATOR_CONTRACT_VERSION 3

struct allocator;

/*
 * What a thread hands to each hook. Filled by the harness, read by the hooks.
 */
struct heap {
	const struct allocator *allocator;
	const struct option_value *options; /* in the order of the table */
	void *state; /* heap_size bytes of this thread's, or NULL */
	void *shared; /* shared_size bytes of all threads', or NULL */
	struct heap *over; /* the wrapped allocator's heap, or NULL */
	struct recorder *recorder;
	size_t page_size; /* bytes, sysconf(_SC_PAGESIZE) */
	size_t block_size_max; /* bytes; no block of the workload is larger */
	bool thp_advise; /* see pages.h */
};

#define ENVIRONMENT_ENTRIES_MAX 16

/* Variables for the child's environment at exec; see environment(). */
struct environment {
	char entries[ENVIRONMENT_ENTRIES_MAX][512]; /* "NAME=value" */
	unsigned int count;
	/*
	 * A shared object that is to be loaded before all others (LD_PRELOAD of
	 * ld.so(8)): its path, or its name, which the loader finds; "": none.
	 * The harness tries it before the run, and asks identify() in each
	 * sample what was really loaded.
	 */
	char preload[512];
	char remedy[96]; /* where it cannot be loaded: what to do; or "" */
	/* In one sentence, why environment() failed; or "". */
	char why[160];
	/*
	 * Filled by the harness: blocks of 2 MiB or more are to be advised
	 * MADV_HUGEPAGE, which an allocator that does not use pages.h can only
	 * have its library do.
	 */
	bool thp_advise;
};

/*
 * How the page faults of a sample follow from the pages that are touched and
 * copied. Dense: all memory was touched before it was grown or released. Of
 * wrapped allocators the last of these rules holds.
 */
enum faults_rule {
	FAULTS_EXACT, /* no others: every page is new, and left alone */
	/* Exact where dense; else it faults in what may be left untouched. */
	FAULTS_EXACT_DENSE,
	/*
	 * At most that many where dense, since pages are handed out again, as by
	 * a heap; else they cannot be computed.
	 */
	FAULTS_AT_MOST_DENSE,
};

struct allocator {
	uint32_t contract_version; /* ALLOCATOR_CONTRACT_VERSION */
	const char *name; /* the file's name: what is typed, stored and drawn */
	const char *summary; /* one line for `regrow list` */
	const struct option_entry
		*options; /* ends with a NULL name; NULL: none */
	/*
	 * Values that people will want, "lib=jemalloc", ends with NULL: `regrow
	 * list` tries each and tells which can be used here. NULL: none.
	 */
	const char *const *variants;
	bool is_reference; /* the others are compared with it; one may say so */
	bool is_floor; /* does nothing; contents do not survive: the floor */

	/*
	 * The growths that reached what the allocator is named after: a mask
	 * of 1 << OUTCOME_... . 0: any. A row in which under 5 % of the
	 * growths did is "not exercised".
	 */
	unsigned int mechanism;

	size_t heap_size; /* bytes of state per thread */
	size_t shared_size; /* bytes of state shared by the threads */

	/* Any hook but alloc, grow and release may be NULL. */

	/*
	 * Driver's side: 0, or -EINVAL and one line in why: the values do not
	 * fit together, or a text is malformed; -ENODATA: a file is.
	 */
	int (*check)(const struct option_value *options, char *why,
		     size_t why_size);
	/*
	 * Driver's side: 0, or -errno: cannot run here, and is skipped for
	 * that reason (one line in why, if it can say more). Tries the
	 * feature, never the version.
	 */
	int (*probe)(const struct option_value *options, char *why,
		     size_t why_size);
	/*
	 * Driver's side: what the child needs in its environment. 0, or -errno,
	 * and a sentence in environment->why: it cannot run in such a sample
	 * (advised huge pages), and is skipped there for that reason.
	 */
	int (*environment)(const struct option_value *options,
			   struct environment *environment);

	/*
	 * Driver's side: what the page faults of a sample are held against.
	 * NULL: FAULTS_EXACT.
	 */
	enum faults_rule (*faults)(const struct option_value *options);

	/*
	 * Child's side, after all that is measured: which library served, for
	 * the record (no file: none that the record is to name). 0, or -errno
	 * and one sentence in why: it is not the one that the options ask for,
	 * or does not work, and the sample fails.
	 */
	int (*identify)(const struct option_value *options,
			struct identity *identity, char *why, size_t why_size);

	/*
	 * Child's side, not measured. setup() runs once before the threads
	 * and sees the first thread's heap (shared state is for it to fill);
	 * open() runs in each thread. 0 or -errno. A wrapped allocator's hooks
	 * ran before these; it is called by heap->over->allocator->...
	 */
	int (*setup)(struct heap *heap);
	int (*open)(struct heap *heap);
	void (*close)(struct heap *heap);
	void (*teardown)(struct heap *heap);

	/*
	 * Child's side, measured. Sizes are bytes, not rounded, above 0. A
	 * block is aligned to 16 bytes and may be grown or released by another
	 * thread than the one that made it. size is what was asked for last.
	 * alloc: NULL: out of memory. grow: new_size > size; the first size
	 * bytes survive; NULL: the block is as it was. grow() tallies exactly
	 * one outcome.
	 */
	void *(*alloc)(struct heap *heap, size_t size);
	void *(*grow)(struct heap *heap, void *block, size_t size,
		      size_t new_size);
	void (*release)(struct heap *heap, void *block, size_t size);

	/*
	 * Optional: a block aligned to a power of two above 16, which grow()
	 * need not keep so; where NULL, such blocks are refused. And a smaller
	 * new_size, of which new_size bytes survive; NULL returned: the block
	 * is as it was, nothing tallied; where the hook is NULL, a caller
	 * copies to another block. See heap_alloc_aligned(), heap_shrink().
	 */
	void *(*alloc_aligned)(struct heap *heap, size_t alignment,
			       size_t size);
	void *(*shrink)(struct heap *heap, void *block, size_t size,
			size_t new_size);
};

/* Calls through to a wrapped allocator. */
static inline void *heap_alloc(struct heap *heap, size_t size)
{
	return heap->allocator->alloc(heap, size);
}

static inline void *heap_grow(struct heap *heap, void *block, size_t size,
			      size_t new_size)
{
	return heap->allocator->grow(heap, block, size, new_size);
}

static inline void heap_release(struct heap *heap, void *block, size_t size)
{
	heap->allocator->release(heap, block, size);
}

/* What malloc promises, and each block has without asking. */
#define ALIGNMENT_STANDARD ((size_t)16) /* bytes */

/*
 * alignment is a power of two. NULL: out of memory, or the allocator has no
 * such blocks (EOPNOTSUPP tallied).
 */
static inline void *heap_alloc_aligned(struct heap *heap, size_t alignment,
				       size_t size)
{
	if (alignment <= ALIGNMENT_STANDARD)
		return heap_alloc(heap, size);
	if (heap->allocator->alloc_aligned)
		return heap->allocator->alloc_aligned(heap, alignment, size);
	tally_failed_call(heap->recorder, EOPNOTSUPP);
	return NULL;
}

/*
 * Another block of new_size bytes, so aligned, that begins with the bytes of
 * this one (as many as both hold), which is released; bytes copied are tallied,
 * an outcome is not. NULL: the block is as it was.
 */
static inline void *heap_replace(struct heap *heap, void *block, size_t size,
				 size_t alignment, size_t new_size)
{
	size_t survive = size < new_size ? size : new_size;
	void *copy = heap_alloc_aligned(heap, alignment, new_size);

	if (!copy)
		return NULL;
	phase_begin(heap->recorder, PHASE_COPY);
	memcpy(copy, block, survive);
	heap->recorder->tally.bytes_copied += survive;
	heap_release(heap, block, size);
	return copy;
}

/* NULL: the block is as it was. */
static inline void *heap_shrink(struct heap *heap, void *block, size_t size,
				size_t new_size)
{
	if (heap->allocator->shrink)
		return heap->allocator->shrink(heap, block, size, new_size);
	return heap_replace(heap, block, size, ALIGNMENT_STANDARD, new_size);
}

#define REGISTER_ALLOCATOR(object) REGISTER(allocator, object)

#endif
