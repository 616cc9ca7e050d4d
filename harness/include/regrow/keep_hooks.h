/*
 * regrow/keep_hooks.h - the hooks that allocators with an option keep= share.
 *
 * With keep=no a block is a mapping of its own, as in pages.h; otherwise it is a
 * range of keep.h. What an allocator shares between its threads begins with a
 * struct keep. Phases are named here.
 */
#ifndef REGROW_KEEP_HOOKS_H
#define REGROW_KEEP_HOOKS_H

#include <stdio.h>

#include <regrow/keep.h>

/* The option, for the table of an allocator. */
#define KEEP_ENTRY                                                             \
	{                                                                      \
		"keep", OPTION_CHOICE, "no", KEEP_CHOICES,                     \
			"ranges stay mapped, for reuse: with pages, or "       \
			"without"                                              \
	}

/* 0, or -errno and why: the mode needs what this kernel does not have. */
static inline int keep_probe(enum keep_mode mode, char *why, size_t why_size)
{
	void *page;
	int error = 0;

	if (mode != KEEP_FREE)
		return 0;
	page = mmap(NULL, 1, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	if (madvise(page, 1, MADV_FREE)) {
		error = -errno;
		snprintf(why, why_size,
			 "keep=free needs MADV_FREE (Linux 4.5), which this "
			 "kernel refuses: use keep=dontneed");
	}
	munmap(page, 1);
	return error;
}

/* Of an allocator that copies or moves, and populates nothing. */
static inline enum faults_rule keep_faults(enum keep_mode mode)
{
	return mode == KEEP_PAGES || mode == KEEP_FREE ? FAULTS_AT_MOST_DENSE
						       : FAULTS_EXACT;
}

static inline void keep_hook_teardown(struct heap *heap)
{
	keep_teardown(heap, heap->shared);
}

static inline void *keep_alloc(struct heap *heap, size_t size)
{
	struct keep *keep = heap->shared;

	if (keep->mode == KEEP_NO)
		return pages_alloc(heap, size);
	phase_begin(heap->recorder, PHASE_MAP);
	return keep_take(heap, keep, pages_round(heap, size));
}

static inline void keep_release(struct heap *heap, void *block, size_t size)
{
	struct keep *keep = heap->shared;

	if (keep->mode == KEEP_NO) {
		pages_release(heap, block, size);
		return;
	}
	phase_begin(heap->recorder, PHASE_RELEASE);
	keep_give(heap, keep, block, pages_round(heap, size));
}

static inline void *keep_alloc_aligned(struct heap *heap, size_t alignment,
				       size_t size)
{
	struct keep *keep = heap->shared;

	if (keep->mode == KEEP_NO)
		return pages_alloc_aligned(heap, alignment, size);
	phase_begin(heap->recorder, PHASE_MAP);
	return keep_take_aligned(heap, keep, alignment,
				 pages_round(heap, size));
}

/* The end of the block goes, or is kept, which cannot fail. */
static inline void *keep_shrink(struct heap *heap, void *block, size_t size,
				size_t new_size)
{
	struct keep *keep = heap->shared;
	size_t bytes = pages_round(heap, size);
	size_t new_bytes = pages_round(heap, new_size);

	if (keep->mode == KEEP_NO)
		return pages_shrink(heap, block, size, new_size);
	if (bytes != new_bytes) {
		phase_begin(heap->recorder, PHASE_RELEASE);
		keep_give(heap, keep, (char *)block + new_bytes,
			  bytes - new_bytes);
	}
	return block;
}

#endif
