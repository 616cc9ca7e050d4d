/*
 * own - the library's own memory, from mmap: it never calls malloc.
 */
#ifndef REGROW_PRELOAD_OWN_H
#define REGROW_PRELOAD_OWN_H

#include <stddef.h>

/*
 * size bytes, zeroed, aligned to 64, for good; NULL: out of memory. size 0 is
 * NULL, too. One caller at a time.
 */
void *own_take(size_t size);

#endif
