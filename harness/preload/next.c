/* next - the malloc behind this library, and what stands in for it. */
#include "preload/next.h"

#include <dlfcn.h>
#include <stdint.h>
#include <unistd.h>

#include "preload/complain.h"
#include "preload/gate.h"

#define BOOTSTRAP_BYTES ((size_t)256 << 10)
#define BOOTSTRAP_PAGE ((size_t)4096) /* of gate.mask, not the machine's */
#define BOOTSTRAP_PAGES (BOOTSTRAP_BYTES / BOOTSTRAP_PAGE)

enum next_state { NEXT_UNKNOWN, NEXT_LOOKING, NEXT_FOUND };
static enum next_state next_state;

static struct {
	unsigned char bytes[BOOTSTRAP_BYTES]
		__attribute__((aligned(BOOTSTRAP_PAGE)));
	size_t sizes[BOOTSTRAP_PAGES]; /* of the block that starts there */
	size_t used; /* pages */
} bootstrap;

static void *next_find(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found) {
		complain("there is no %s behind this library", name);
		_exit(2);
	}
	return found;
}

#define NEXT_FIND(name) (*(void **)&gate.next.name = next_find(#name))

static void next_resolve(void)
{
	/* free last: where it is there, all are. */
	NEXT_FIND(malloc);
	NEXT_FIND(calloc);
	NEXT_FIND(realloc);
	NEXT_FIND(posix_memalign);
	NEXT_FIND(aligned_alloc);
	NEXT_FIND(memalign);
	NEXT_FIND(valloc);
	NEXT_FIND(pvalloc);
	NEXT_FIND(malloc_usable_size);
	NEXT_FIND(free);
}

bool next_ready(void)
{
	enum next_state unknown = NEXT_UNKNOWN;

	if (__atomic_load_n(&next_state, __ATOMIC_ACQUIRE) == NEXT_FOUND)
		return true;
	/* Another thread that comes by meanwhile makes do, too. */
	if (!__atomic_compare_exchange_n(&next_state, &unknown, NEXT_LOOKING,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return unknown == NEXT_FOUND;
	next_resolve();
	__atomic_store_n(&next_state, NEXT_FOUND, __ATOMIC_RELEASE);
	return true;
}

void *next_bootstrap(size_t alignment, size_t size)
{
	size_t pages = size / BOOTSTRAP_PAGE + 1, page;

	if (size > BOOTSTRAP_BYTES || alignment > BOOTSTRAP_PAGE)
		return NULL;
	page = __atomic_fetch_add(&bootstrap.used, pages, __ATOMIC_RELAXED);
	if (page > BOOTSTRAP_PAGES || pages > BOOTSTRAP_PAGES - page)
		return NULL;
	bootstrap.sizes[page] = size ? size : 1;
	return bootstrap.bytes + page * BOOTSTRAP_PAGE;
}

size_t next_bootstrap_size(const void *block)
{
	uintptr_t offset = (uintptr_t)block - (uintptr_t)bootstrap.bytes;

	return offset < BOOTSTRAP_BYTES
		       ? bootstrap.sizes[offset / BOOTSTRAP_PAGE]
		       : 0;
}
