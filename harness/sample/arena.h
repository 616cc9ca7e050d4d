/*
 * arena - the harness's own memory in a sample: one mapping, made and faulted
 * in before the baseline, so that nothing of ours is in what is measured.
 */
#ifndef REGROW_ARENA_H
#define REGROW_ARENA_H

#include <stddef.h>

struct arena {
	unsigned char *bytes;
	size_t size;
	size_t used;
};

/* Each piece is rounded up to it: no false sharing, stacks aligned. */
#define ARENA_ALIGNMENT 4096

/* What arena_take(size) will use of the arena. */
size_t arena_piece(size_t size);

/* 0 or -errno. Zeroed and resident. */
int arena_open(struct arena *arena, size_t size);

/* The next piece; the arena was sized for it. NULL where size is 0. */
void *arena_take(struct arena *arena, size_t size);

#endif
