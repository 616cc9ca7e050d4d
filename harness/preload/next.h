/*
 * next - the malloc behind this library (glibc's, or the next one that is
 * preloaded), and what stands in for it until it is found.
 */
#ifndef REGROW_PRELOAD_NEXT_H
#define REGROW_PRELOAD_NEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Resolved once, by dlsym(RTLD_NEXT), and then never NULL; the one there is is
 * gate.next. What is called most stands first.
 */
struct next {
	void *(*malloc)(size_t size);
	void (*free)(void *block);
	void *(*realloc)(void *block, size_t size);
	void *(*calloc)(size_t count, size_t size);
	int (*posix_memalign)(void **block, size_t alignment, size_t size);
	void *(*aligned_alloc)(size_t alignment, size_t size);
	void *(*memalign)(size_t alignment, size_t size);
	void *(*valloc)(size_t size);
	void *(*pvalloc)(size_t size);
	size_t (*malloc_usable_size)(void *block);
};

/*
 * Finds it, at the first call. False: this very call is being made from there
 * (dlsym may allocate): use next_bootstrap(). Ends the process where the system
 * has no such function.
 */
bool next_ready(void);

/*
 * Zeroed memory, at the start of a page, for the few calls before; NULL: no
 * more. It is never given back. The size of such a block, 0: it is none.
 */
void *next_bootstrap(size_t alignment, size_t size);
size_t next_bootstrap_size(const void *block);

#endif
