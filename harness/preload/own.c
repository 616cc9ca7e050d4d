/* own - the library's own memory, from mmap. */
#include "preload/own.h"

#include <sys/mman.h>

#define OWN_ALIGNMENT ((size_t)64) /* a cache line: no false sharing */
#define OWN_CHUNK ((size_t)64 << 10)

static struct {
	unsigned char *rest;
	size_t rest_size;
} own;

static unsigned char *own_map(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

void *own_take(size_t size)
{
	unsigned char *taken;

	if (size == 0 || size > (size_t)-OWN_ALIGNMENT)
		return NULL;
	size = (size + OWN_ALIGNMENT - 1) & ~(OWN_ALIGNMENT - 1);
	if (size > OWN_CHUNK)
		return own_map(size);
	if (size > own.rest_size) {
		taken = own_map(OWN_CHUNK);
		if (!taken)
			return NULL;
		own.rest = taken;
		own.rest_size = OWN_CHUNK;
	}
	taken = own.rest;
	own.rest += size;
	own.rest_size -= size;
	return taken;
}
