/*
 * regrow/keep.h - ranges that stay mapped when their block goes, and are handed
 * out again: what keep= of an allocator means.
 *
 * A range is taken as the best fit among those that are kept, split, and
 * coalesced when it comes back (ranges.h). Where none fits, a chunk is mapped:
 * 2 MiB at first, each a quarter larger than the one before and at least what
 * is asked for, in whole 2 MiB, up to 1 GiB; beyond that what is asked for, and
 * where the kernel refuses the chunk, as near RLIMIT_AS, exactly the range.
 * jemalloc 5 grows its retained memory by its size classes, four to a doubling,
 * from 2 MiB, without an end (exp_grow.h); in whole 2 MiB chunks follow one
 * another without a gap, since kernels from 6.7 on align such mappings.
 *
 * What keeping means, by mode:
 *   pages     nothing is done: pages and contents are handed out again
 *   dontneed  MADV_DONTNEED: mapped and writable, pages gone, zero when taken
 *   free      MADV_FREE: resident until the kernel wants the pages (LazyFree),
 *             and used again without a fault where it did not
 *   none      PROT_NONE, mapped anew over the range, which drops the pages and
 *             gives back what they are charged for; mprotect when taken
 *
 * In THP mode "madvise" the mappings advised as a whole are the chunks, except
 * in mode none: there a range of 2 MiB or more is, when it is taken. So all of a
 * chunk has the same flags: advice on parts keeps mappings from merging, and
 * there would be two for each range. The price is that a small block may get a
 * huge page with its neighbours.
 *
 * The lock is inside; no system call is made under it, but madvise where munmap
 * was refused. Ranges that are not kept
 * belong to who took them. At most KEEP_RANGES are kept, a quarter of the
 * mappings that vm.max_map_count allows by default; one more is unmapped, ENOMEM
 * tallied. Phases are the caller's to name.
 */
#ifndef REGROW_KEEP_H
#define REGROW_KEEP_H

#include <pthread.h>

#include <regrow/ranges.h>

#define KEEP_RANGES 16384
#define KEEP_CHUNK_FIRST PAGES_HUGE
#define KEEP_CHUNK_MAX ((size_t)1 << 30)

enum keep_mode { KEEP_NO, KEEP_PAGES, KEEP_DONTNEED, KEEP_FREE, KEEP_NONE };

/* The values of the option, in the order of enum keep_mode. */
#define KEEP_CHOICES "no|pages|dontneed|free|none"

/* Zeroed, keep=no: nothing to set up or to tear down. */
struct keep {
	enum keep_mode mode;
	/*
	 * dontneed by mapping anew, which drops the pages as well. For those
	 * that move blocks: a mapping that was moved merges with no neighbour
	 * for as long as it lives, and mremap takes a block of one only.
	 */
	bool renews;
	pthread_mutex_t lock; /* of all that follows */
	struct ranges ranges;
	size_t chunk_size; /* bytes; of the chunk to be mapped next */
};

/* 0 or -errno. */
static inline int keep_setup(struct heap *heap, struct keep *keep,
			     enum keep_mode mode, bool renews)
{
	int error;

	keep->mode = mode;
	keep->renews = renews;
	keep->chunk_size = KEEP_CHUNK_FIRST;
	if (mode == KEEP_NO)
		return 0;
	error = -pthread_mutex_init(&keep->lock, NULL);
	if (error)
		return error;
	error = ranges_setup(heap, &keep->ranges, KEEP_RANGES);
	if (error)
		pthread_mutex_destroy(&keep->lock);
	return error;
}

/* Unmaps what is kept. */
static inline void keep_teardown(struct heap *heap, struct keep *keep)
{
	if (keep->mode == KEEP_NO)
		return;
	ranges_teardown(heap, &keep->ranges);
	pthread_mutex_destroy(&keep->lock);
}

static inline int keep_protection(const struct keep *keep)
{
	return keep->mode == KEEP_NONE ? PROT_NONE : PROT_READ | PROT_WRITE;
}

/*
 * Keeps a range, which may be empty, as it is: its pages and protection are the
 * caller's to have seen to. False: there is no room; see above.
 */
static inline bool keep_put(struct heap *heap, struct keep *keep, void *range,
			    size_t size)
{
	bool kept;

	if (size == 0)
		return true;
	pthread_mutex_lock(&keep->lock);
	kept = ranges_add(&keep->ranges, range, size);
	pthread_mutex_unlock(&keep->lock);
	if (kept)
		return true;
	tally_failed_call(heap->recorder, ENOMEM);
	if (pages_unmap(heap, range, size) == 0)
		return false;
	pthread_mutex_lock(&keep->lock);
	ranges_rescue(&keep->ranges, range, size);
	pthread_mutex_unlock(&keep->lock);
	return false;
}

/*
 * A part of a chunk was mapped anew: it is advised as the chunk was, whatever
 * its size, so that it merges with what is beside it.
 */
static inline void keep_advise(struct heap *heap, const struct keep *keep,
			       void *range, size_t size)
{
	if (heap->thp_advise && keep->mode != KEEP_NONE)
		madvise(range, size, MADV_HUGEPAGE);
}

/* Fresh pages of the kept protection over a range. False: not mapped anew. */
static inline bool keep_renew(struct heap *heap, const struct keep *keep,
			      void *range, size_t size)
{
	if (mmap(range, size, keep_protection(keep),
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		 0) == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return false;
	}
	keep_advise(heap, keep, range, size);
	return true;
}

/*
 * Keeps a range, whole pages, that a block has filled. What the kernel refuses
 * near max_map_count is tallied, and MADV_DONTNEED, which needs no mapping more,
 * drops the pages instead.
 */
static inline void keep_give(struct heap *heap, struct keep *keep, void *range,
			     size_t size)
{
	bool renews = keep->mode == KEEP_NONE ||
		      (keep->mode == KEEP_DONTNEED && keep->renews);
	int advice = keep->mode == KEEP_FREE ? MADV_FREE : MADV_DONTNEED;

	if (keep->mode != KEEP_PAGES &&
	    !(renews && keep_renew(heap, keep, range, size)) &&
	    madvise(range, size, advice)) {
		tally_failed_call(heap->recorder, errno);
		/* Only where a failed mmap has unmapped it: no longer ours. */
		if (renews)
			return;
	}
	keep_put(heap, keep, range, size);
}

/* The series goes on after a chunk of size bytes. */
static inline size_t keep_chunk_after(size_t size)
{
	size += size / 4 + PAGES_HUGE - 1;
	size &= ~(PAGES_HUGE - 1);
	return size < KEEP_CHUNK_MAX ? size : KEEP_CHUNK_MAX;
}

/* A new mapping of the kept protection, advised as it says above, or NULL. */
static inline void *keep_map(struct heap *heap, const struct keep *keep,
			     size_t size)
{
	void *range = mmap(NULL, size, keep_protection(keep),
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (range == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return NULL;
	}
	if (keep->mode != KEEP_NONE)
		pages_advise(heap, range, size);
	return range;
}

/* A range of size bytes, the start of a new chunk, whose rest is kept. */
static inline void *keep_take_new(struct heap *heap, struct keep *keep,
				  size_t size)
{
	size_t chunk_size, rounded = (size + PAGES_HUGE - 1) & -PAGES_HUGE;
	unsigned char *chunk;

	pthread_mutex_lock(&keep->lock);
	chunk_size = keep->chunk_size > size ? keep->chunk_size : rounded;
	pthread_mutex_unlock(&keep->lock);
	if (chunk_size < size) /* rounded beyond the address space */
		chunk_size = size;
	chunk = keep_map(heap, keep, chunk_size);
	if (!chunk)
		return chunk_size == size ? NULL : keep_map(heap, keep, size);
	pthread_mutex_lock(&keep->lock);
	if (keep->chunk_size <= chunk_size)
		keep->chunk_size = keep_chunk_after(chunk_size);
	pthread_mutex_unlock(&keep->lock);
	keep_put(heap, keep, chunk + size, chunk_size - size);
	return chunk;
}

/*
 * A range of size bytes, whole pages, as it is kept: in mode none not even
 * readable. For a destination of mremap(MREMAP_FIXED), which brings its own
 * mapping. NULL: out of memory; *kept: it was kept before, and not new.
 */
static inline void *keep_reserve(struct heap *heap, struct keep *keep,
				 size_t size, bool *kept)
{
	void *range;

	*kept = false;
	if (size == 0) {
		tally_failed_call(heap->recorder, ENOMEM);
		return NULL;
	}
	pthread_mutex_lock(&keep->lock);
	range = ranges_take(&keep->ranges, size);
	pthread_mutex_unlock(&keep->lock);
	*kept = range;
	return range ? range : keep_take_new(heap, keep, size);
}

/* Makes a reserved range a block's. NULL: refused; it is kept again. */
static inline void *keep_commit(struct heap *heap, struct keep *keep,
				void *range, size_t size)
{
	if (!range || keep->mode != KEEP_NONE)
		return range;
	if (mprotect(range, size, PROT_READ | PROT_WRITE)) {
		tally_failed_call(heap->recorder, errno);
		keep_put(heap, keep, range, size);
		return NULL;
	}
	pages_advise(heap, range, size);
	return range;
}

/* A range of size bytes, whole pages, for a block. NULL: out of memory. */
static inline void *keep_take(struct heap *heap, struct keep *keep, size_t size)
{
	bool kept;

	return keep_commit(heap, keep, keep_reserve(heap, keep, size, &kept),
			   size);
}

/* The same, aligned; what is left over at both ends is kept again. */
static inline void *keep_take_aligned(struct heap *heap, struct keep *keep,
				      size_t alignment, size_t size)
{
	size_t slack = alignment > heap->page_size ? alignment : 0;
	unsigned char *range;
	size_t front;
	bool kept;

	range = keep_reserve(
		heap, keep, size && size <= SIZE_MAX - slack ? size + slack : 0,
		&kept);
	if (!range)
		return NULL;
	if (slack) {
		front = -(uintptr_t)range & (alignment - 1);
		keep_put(heap, keep, range, front);
		range += front;
		keep_put(heap, keep, range + size, slack - front);
	}
	return keep_commit(heap, keep, range, size);
}

#endif
