/*
 * page-malloc - a library to preload: each block is a mapping of its own. What
 * it lacks, or does wrong, is a definition on the compiler's command line.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE ((size_t)4096)

#ifndef VERSION
#define VERSION 123 /* 1.2.3 */
#endif

size_t malloc_usable_size(void *block);
void *memalign(size_t alignment, size_t size);
int mi_version(void);

/* In front of each block. */
struct header {
	void *start; /* of the mapping */
	size_t size; /* of the mapping */
};

static struct header *header_of(void *block)
{
	return (struct header *)block - 1;
}

void *memalign(size_t alignment, size_t size)
{
	size_t room;
	unsigned char *start;
	uintptr_t block;

	if (alignment < sizeof(struct header))
		alignment = sizeof(struct header);
	if (size > SIZE_MAX / 2)
		return NULL;
	room = (size + 2 * alignment + PAGE - 1) & ~(PAGE - 1);
#ifdef CRASHES
	abort();
#endif
	start = mmap(NULL, room, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED)
		return NULL;
	block = ((uintptr_t)start + sizeof(struct header) + alignment - 1) &
		~(uintptr_t)(alignment - 1);
	*header_of((void *)block) = (struct header){start, room};
	return (void *)block;
}

void free(void *block)
{
	if (block)
		munmap(header_of(block)->start, header_of(block)->size);
}

size_t real_usable_size(void *block);
size_t real_usable_size(void *block)
{
	struct header *header = header_of(block);

	return header->size - (size_t)((unsigned char *)block -
				       (unsigned char *)header->start);
}

#ifndef NO_USABLE_SIZE
size_t malloc_usable_size(void *block)
{
	return block ? real_usable_size(block) : 0;
}
#endif

void *malloc(size_t size)
{
	return memalign(16, size);
}

void *calloc(size_t count, size_t size)
{
	return memalign(16, count * size); /* mappings are zero */
}

void *realloc(void *block, size_t size)
{
	void *grown;

	if (block && real_usable_size(block) >= size)
		return block;
	grown = malloc(size);
	if (grown && block) {
#ifndef FORGETS
		memcpy(grown, block, real_usable_size(block));
#endif
		free(block);
	}
	return grown;
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = memalign(alignment, size);
	return *block ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

#ifndef NO_VERSION
int mi_version(void)
{
	return VERSION;
}
#endif
