/*
 * regrow/dontunmap.h - whether the kernel has MREMAP_DONTUNMAP (Linux 5.7),
 * which moves pages and leaves the range that they were in mapped.
 */
#ifndef REGROW_DONTUNMAP_H
#define REGROW_DONTUNMAP_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4 /* <linux/mman.h> since 5.7 */
#endif

/*
 * Tried with a page: 0; what mremap() says, and the sentence in why; or why
 * untouched and what mmap() says.
 */
static inline int dontunmap_probe(const char *sentence, char *why,
				  size_t why_size)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *pages;
	int error = 0;

	pages = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return -errno;
	if (mremap(pages, size, size,
		   MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
		   pages + size) == MAP_FAILED) {
		error = -errno;
		snprintf(why, why_size, "%s", sentence);
	}
	munmap(pages, 2 * size);
	return error;
}

#endif
