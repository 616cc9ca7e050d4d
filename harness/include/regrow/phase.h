/*
 * regrow/phase.h - the option phase= of allocators that own their destination:
 * where in a range a block comes to lie, against the place that it comes from.
 *
 * What matters to a move are the offsets of source and destination in the
 * extents of page tables (page_tables.h; 2 MiB and 1 GiB with pages of 4 KiB):
 *
 *   kernel     the whole range, where mmap likes it
 *   pud        equal modulo 1 GiB; new blocks begin at a multiple of it, so that
 *              a move of 1 GiB or more can go by PUDs
 *   pmd        equal modulo 2 MiB, not modulo 1 GiB; new blocks begin at a
 *              multiple of it, so that 2 MiB or more can go by PMDs
 *   unaligned  the same, but new blocks begin 1 MiB past a multiple: what a
 *              move has of its first and last 2 MiB goes page by page
 *   mismatch   1 MiB apart modulo 2 MiB: all goes page by page
 *
 * For that, a range is larger than its block by phase_slack(), up to 1 GiB with
 * phase=pud: addresses, not memory, which phase_reserve() takes without asking
 * for it under any vm.overcommit_memory. A process of 47 bits has 128 TiB, or
 * 131,072 times 1 GiB. Blocks far apart take page tables of their own, too.
 */
#ifndef REGROW_PHASE_H
#define REGROW_PHASE_H

#include <stdio.h>

#include <regrow/pages.h>

enum phase_choice {
	PHASE_KERNEL,
	PHASE_PUD,
	PHASE_PMD,
	PHASE_UNALIGNED,
	PHASE_MISMATCH,
};

/* The option, for the table of an allocator. */
#define PHASE_ENTRY                                                            \
	{                                                                      \
		"phase", OPTION_CHOICE, "kernel",                              \
			"kernel|pud|pmd|unaligned|mismatch",                   \
			"destination against source, modulo 1 GiB or 2 MiB"    \
	}

/* What offsets are taken modulo, bytes. */
static inline size_t phase_extent(const struct heap *heap,
				  enum phase_choice choice)
{
	return choice == PHASE_PUD ? page_tables_pud(heap->page_size)
				   : page_tables_pmd(heap->page_size);
}

/* By how much a range is to be larger than its block, bytes. */
static inline size_t phase_slack(const struct heap *heap,
				 enum phase_choice choice)
{
	size_t extent = phase_extent(heap, choice);

	switch (choice) {
	case PHASE_PUD:
	case PHASE_MISMATCH:
		return extent;
	case PHASE_PMD:
	case PHASE_UNALIGNED:
		return 2 * extent; /* one of two is not equal modulo 1 GiB */
	case PHASE_KERNEL:
		break;
	}
	return 0;
}

/*
 * Bytes from the start of a range, at most the slack, to where a block moved
 * there from source begins, or a new one (NULL). Not for PHASE_KERNEL.
 */
static inline size_t phase_front(const struct heap *heap,
				 enum phase_choice choice, const void *source,
				 const unsigned char *start)
{
	size_t extent = phase_extent(heap, choice);
	uintptr_t offset = (uintptr_t)source;
	size_t front;

	if (choice == (source ? PHASE_MISMATCH : PHASE_UNALIGNED))
		offset += extent / 2;
	front = (offset - (uintptr_t)start) & (extent - 1);
	if (source && choice != PHASE_PUD && choice != PHASE_MISMATCH &&
	    page_tables_equal(source, start + front,
			      page_tables_pud(heap->page_size)))
		front += extent;
	return front;
}

/*
 * Address space alone: nothing can be read or written there, and nothing is
 * charged for it. NULL, and the errno tallied, where it fails.
 */
static inline void *phase_reserve(struct heap *heap, size_t bytes)
{
	void *range = mmap(NULL, bytes, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (range != MAP_FAILED)
		return range;
	tally_failed_call(heap->recorder, errno);
	return NULL;
}

/* 0, or -errno and why: there are not addresses enough for one block. */
static inline int phase_probe(enum phase_choice choice, size_t page_size,
			      char *why, size_t why_size)
{
	size_t pud = page_tables_pud(page_size);
	void *range;

	if (choice != PHASE_PUD)
		return 0;
	range = mmap(NULL, 2 * pud, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (range == MAP_FAILED) {
		int error = -errno;

		snprintf(why, why_size,
			 "phase=pud needs %zu GiB of addresses for each block, "
			 "and cannot have them (see ulimit -v)",
			 pud >> 30);
		return error;
	}
	munmap(range, 2 * pud);
	return 0;
}

#endif
