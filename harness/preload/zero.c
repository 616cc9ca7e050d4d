/* zero - makes a block's bytes zero without touching pages that are anyway. */
#include "preload/zero.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define ZERO_PAGES 1024 /* asked for at a time */

/* The pages from start, all resident or none. */
static void zero_run(unsigned char *start, size_t size, int resident)
{
	if (resident || madvise(start, size, MADV_DONTNEED))
		memset(start, 0, size);
}

/* Whole pages, at most ZERO_PAGES. */
static void zero_pages(unsigned char *start, size_t pages, size_t page_size)
{
	unsigned char resident[ZERO_PAGES];
	size_t from = 0, to;

	if (mincore(start, pages * page_size, resident)) {
		memset(start, 0, pages * page_size);
		return;
	}
	for (; from < pages; from = to) {
		to = from + 1;
		while (to < pages && (resident[to] & 1) == (resident[from] & 1))
			to++;
		zero_run(start + from * page_size, (to - from) * page_size,
			 resident[from] & 1);
	}
}

void zero_block(void *block, size_t size, size_t page_size)
{
	unsigned char *start = block;
	size_t front = -(uintptr_t)block & (page_size - 1), pages;

	if (front > size)
		front = size;
	memset(start, 0, front);
	start += front;
	size -= front;
	for (pages = size / page_size; pages > 0;) {
		size_t some = pages < ZERO_PAGES ? pages : ZERO_PAGES;

		zero_pages(start, some, page_size);
		start += some * page_size;
		size -= some * page_size;
		pages -= some;
	}
	memset(start, 0, size);
}
