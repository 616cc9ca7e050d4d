/* sweep - the same work in another layout of the process's memory. */
#include "sample/sweep.h"

#include <errno.h>
#include <sys/mman.h>

#define MAPPINGS_STEP 3
#define MAPPINGS_COUNT 65 /* 0 to 64 */
/* Odd: it comes to all of the pages of 2 MiB. */
#define SHIFT_STEP 37
#define SHIFT_COUNT 512

void sweep_point(uint32_t point, struct sweep_point *layout)
{
	layout->mappings = point * MAPPINGS_STEP % MAPPINGS_COUNT;
	layout->shift_pages = point * SHIFT_STEP % SHIFT_COUNT;
}

static int reserve(size_t size, int protection)
{
	return mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED
		       ? -errno
		       : 0;
}

int sweep_apply(uint32_t point, size_t page_size)
{
	struct sweep_point layout;
	int error = 0;

	sweep_point(point, &layout);
	if (layout.shift_pages > 0)
		error = reserve(layout.shift_pages * page_size, PROT_NONE);
	/* Neighbours differ in what they allow, and in that from memory that is
	 * written: they do not merge. */
	for (uint32_t i = 0; !error && i < layout.mappings; i++)
		error = reserve(page_size, i % 2 ? PROT_NONE : PROT_READ);
	return error;
}
