/*
 * regrow/page_tables.h - how much of a move the kernel can do by whole tables of
 * page tables instead of page by page.
 *
 * An entry of a page table (PTE) maps a page; a table of them, one page large
 * with entries of 8 bytes, hangs on an entry of the level above (PMD), and a
 * table of those on a PUD. mremap(2) moves a whole table by one entry where its
 * extent lies in the source as a whole and at the same offset in source and
 * destination: PMDs since Linux 5.0 (mm/mremap.c, commit 2c91bd4a4e2e), PUDs
 * since 5.11 (c49dd3401802). With pages of 4 KiB the extents are 2 MiB and 1
 * GiB, with 16 KiB 32 MiB and 64 GiB, with 64 KiB 512 MiB and 4 TiB.
 *
 * What is said here is what addresses allow. The kernel is not observed: an old
 * one, or one for another processor, moves page by page all the same, and one
 * since 6.7 may take in a part of a table that nothing else is mapped in.
 */
#ifndef REGROW_PAGE_TABLES_H
#define REGROW_PAGE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum move_level { MOVE_BY_PUD, MOVE_BY_PMD, MOVE_BY_PTE, MOVE_LEVEL_COUNT };

/* Bytes that an entry of the level maps; page_size is a power of two. */
static inline size_t page_tables_pmd(size_t page_size)
{
	return page_size / 8 * page_size;
}

static inline size_t page_tables_pud(size_t page_size)
{
	return page_tables_pmd(page_size) / 8 * page_size;
}

/* Whether two addresses have the same offset in extents of a power of two. */
static inline bool page_tables_equal(const void *from, const void *to,
				     size_t extent)
{
	return (((uintptr_t)from ^ (uintptr_t)to) & (extent - 1)) == 0;
}

/* Bytes of start..end in extents that lie in it as a whole. */
static inline size_t page_tables_whole(uintptr_t start, uintptr_t end,
				       size_t extent)
{
	uintptr_t first = (start + extent - 1) & ~(uintptr_t)(extent - 1);
	uintptr_t last = end & ~(uintptr_t)(extent - 1);

	return first < last ? last - first : 0;
}

/*
 * Adds to each level the bytes that a move of bytes (whole pages, from the page
 * that from lies in) could move by it.
 */
static inline void page_tables_add(uint64_t levels[MOVE_LEVEL_COUNT],
				   const void *from, const void *to,
				   size_t bytes, size_t page_size)
{
	uintptr_t start = (uintptr_t)from & ~(uintptr_t)(page_size - 1);
	size_t pmd = page_tables_pmd(page_size);
	size_t pud = page_tables_pud(page_size);
	size_t by_pmd = 0, by_pud = 0;

	if (page_tables_equal(from, to, pmd))
		by_pmd = page_tables_whole(start, start + bytes, pmd);
	if (page_tables_equal(from, to, pud))
		by_pud = page_tables_whole(start, start + bytes, pud);
	levels[MOVE_BY_PUD] += by_pud;
	levels[MOVE_BY_PMD] += by_pmd - by_pud;
	levels[MOVE_BY_PTE] += bytes - by_pmd;
}

#endif
