/* arena - the harness's own memory in a sample: one mapping. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "sample/arena.h"

size_t arena_piece(size_t size)
{
	return (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
}

int arena_open(struct arena *arena, size_t size)
{
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (bytes == MAP_FAILED)
		return -errno;
	arena->bytes = bytes;
	arena->size = size;
	arena->used = 0;
	return 0;
}

void *arena_take(struct arena *arena, size_t size)
{
	void *piece = arena->bytes + arena->used;

	if (size == 0)
		return NULL;
	size = arena_piece(size);
	if (size > arena->size - arena->used)
		abort(); /* sample_size() forgot a piece */
	arena->used += size;
	return piece;
}
