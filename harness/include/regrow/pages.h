/*
 * regrow/pages.h - mmap, munmap and mremap as allocators use them: failures
 * tallied, phases named, THP advice given alike to all.
 *
 * In THP mode "madvise" every mapping of 2 MiB or more that an allocator makes
 * is advised MADV_HUGEPAGE as a whole, destination of a copy and of a move
 * alike; in the other modes no advice is given (advice on part of an area keeps
 * it from merging). Using these helpers is what makes a row comparable.
 */
#ifndef REGROW_PAGES_H
#define REGROW_PAGES_H

#ifndef _GNU_SOURCE
#error "regrow/pages.h needs -D_GNU_SOURCE"
#endif
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <regrow/allocator.h>

#define PAGES_HUGE ((size_t)2 << 20)

/* size rounded up to whole pages; 0 where that overflows. */
static inline size_t pages_round(const struct heap *heap, size_t size)
{
	return (size + heap->page_size - 1) & ~(heap->page_size - 1);
}

static inline void pages_advise(struct heap *heap, void *address, size_t size)
{
	if (heap->thp_advise && size >= PAGES_HUGE)
		madvise(address, size, MADV_HUGEPAGE);
}

/*
 * A private anonymous mapping of size bytes (whole pages), with flags added,
 * at hint where that is free, else (and for NULL) where the kernel likes; NULL,
 * and the errno tallied, where it fails.
 */
static inline void *pages_map_near(struct heap *heap, void *hint, size_t size,
				   int flags)
{
	void *address;

	if (size == 0) {
		errno = ENOMEM;
		tally_failed_call(heap->recorder, ENOMEM);
		return NULL;
	}
	address = mmap(hint, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
	if (address == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return NULL;
	}
	pages_advise(heap, address, size);
	return address;
}

static inline void *pages_map(struct heap *heap, size_t size, int flags)
{
	return pages_map_near(heap, NULL, size, flags);
}

/* 0 or -errno, tallied; near max_map_count even munmap can fail (ENOMEM). */
static inline int pages_unmap(struct heap *heap, void *address, size_t size)
{
	if (munmap(address, size) == 0)
		return 0;
	tally_failed_call(heap->recorder, errno);
	return -errno;
}

/*
 * mremap(2) with flags, and to where MREMAP_FIXED is among them. NULL, and the
 * errno tallied and left in errno, where it fails.
 */
static inline void *pages_remap(struct heap *heap, void *address, size_t size,
				size_t new_size, int flags, void *to)
{
	void *moved = mremap(address, size, new_size, flags, to);

	if (moved == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return NULL;
	}
	if (new_size > size)
		pages_advise(heap, moved, new_size);
	return moved;
}

/* Both sizes take the same whole pages: a growth needs nothing. */
static inline bool pages_slack(const struct heap *heap, size_t size,
			       size_t new_size)
{
	return pages_round(heap, size) == pages_round(heap, new_size);
}

/*
 * A new mapping of new_size bytes that begins with a copy of the block, phases
 * named. NULL: out of memory. The block stays.
 */
static inline void *pages_copy(struct heap *heap, const void *block,
			       size_t size, size_t new_size)
{
	void *copy;

	phase_begin(heap->recorder, PHASE_MAP);
	copy = pages_map(heap, pages_round(heap, new_size), 0);
	if (!copy)
		return NULL;
	phase_begin(heap->recorder, PHASE_COPY);
	return memcpy(copy, block, size);
}

/*
 * Hooks of an allocator whose every block is a mapping of its own. What munmap
 * refuses near max_map_count stays mapped, and is tallied.
 */
static inline void *pages_alloc(struct heap *heap, size_t size)
{
	phase_begin(heap->recorder, PHASE_MAP);
	return pages_map(heap, pages_round(heap, size), 0);
}

static inline void pages_release(struct heap *heap, void *block, size_t size)
{
	phase_begin(heap->recorder, PHASE_RELEASE);
	pages_unmap(heap, block, pages_round(heap, size));
}

/*
 * Of a range of bytes and alignment more, the aligned bytes; both ends are
 * unmapped. NULL, and nothing is mapped, where the kernel refuses that.
 */
static inline void *pages_trim(struct heap *heap, unsigned char *range,
			       size_t bytes, size_t alignment)
{
	size_t front = -(uintptr_t)range & (alignment - 1);
	size_t back = alignment - front; /* above 0: front is below alignment */

	if (front && pages_unmap(heap, range, front)) {
		pages_unmap(heap, range, bytes + alignment);
		return NULL;
	}
	range += front;
	if (pages_unmap(heap, range + bytes, back)) {
		pages_unmap(heap, range, bytes + back);
		return NULL;
	}
	return range;
}

/* Maps alignment more than it needs and trims both ends. */
static inline void *pages_alloc_aligned(struct heap *heap, size_t alignment,
					size_t size)
{
	size_t bytes = pages_round(heap, size);
	unsigned char *range;

	if (alignment <= heap->page_size)
		return pages_alloc(heap, size);
	phase_begin(heap->recorder, PHASE_MAP);
	range = pages_map(
		heap,
		bytes && bytes <= SIZE_MAX - alignment ? bytes + alignment : 0,
		0);
	return range ? pages_trim(heap, range, bytes, alignment) : NULL;
}

/* NULL, the block as it was, where the kernel cannot unmap its end. */
static inline void *pages_shrink(struct heap *heap, void *block, size_t size,
				 size_t new_size)
{
	size_t bytes = pages_round(heap, size);
	size_t new_bytes = pages_round(heap, new_size);

	if (bytes == new_bytes)
		return block;
	phase_begin(heap->recorder, PHASE_RELEASE);
	if (pages_unmap(heap, (char *)block + new_bytes, bytes - new_bytes))
		return NULL;
	return block;
}

#endif
