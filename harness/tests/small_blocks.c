/*
 * small_blocks - a program that does little but call malloc for small blocks:
 * what `make preload-overhead` runs with the preload library and without it.
 *
 * usage: small_blocks CALLS     (0: it starts and ends)
 *
 * As many calls of malloc, calloc, realloc and free, the same in each run: some
 * 10,000 blocks live, of 16 to 4096 bytes, half of them 48 or less; every other
 * call goes to a few blocks that live shortly, as most blocks of real programs
 * do; what is allocated is written, a byte each cache line, and read again
 * before it is freed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "regrow/random.h"

/* About half of them hold a block. */
#define SLOTS 20000
#define SLOTS_SHORT 64 /* of them */
#define SIZES 4096
#define SIZE_MEDIAN 48.0
#define SIZE_SIGMA 1.0 /* of its logarithm */
#define SIZE_LEAST 16
#define SIZE_LARGEST 4096
#define CACHE_LINE 64

static unsigned char *slots[SLOTS]; /* NULL: no block */
/* Drawn before, so that drawing them costs next to nothing. */
static uint16_t sizes[SIZES];

static void sizes_draw(struct random *random)
{
	for (size_t i = 0; i < SIZES; i++) {
		double size = random_lognormal(random, SIZE_MEDIAN, SIZE_SIGMA);

		if (size < SIZE_LEAST)
			size = SIZE_LEAST;
		if (size > SIZE_LARGEST)
			size = SIZE_LARGEST;
		sizes[i] = (uint16_t)size;
	}
}

static unsigned char slot_tag(size_t slot)
{
	return (unsigned char)(slot * 7 + 1);
}

static void slot_check(size_t slot)
{
	if (slots[slot][0] == slot_tag(slot))
		return;
	fputs("small_blocks: a block lost its contents\n", stderr);
	exit(1);
}

static void slot_fill(size_t slot, unsigned char *block, size_t size)
{
	if (!block) {
		fputs("small_blocks: no memory\n", stderr);
		exit(1);
	}
	for (size_t i = 0; i < size; i += CACHE_LINE)
		block[i] = slot_tag(slot);
	slots[slot] = block;
}

/* One call. Of 8 allocations 1 is a calloc; of 8 others 1 is a realloc. */
static void slot_visit(size_t slot, size_t size, bool rare)
{
	if (!slots[slot]) {
		slot_fill(slot, rare ? calloc(1, size) : malloc(size), size);
		return;
	}
	slot_check(slot);
	if (rare) {
		slot_fill(slot, realloc(slots[slot], size), size);
		return;
	}
	free(slots[slot]);
	slots[slot] = NULL;
}

static void work(uint64_t calls)
{
	struct random random = {.state = 1};

	sizes_draw(&random);
	for (uint64_t i = 0; i < calls; i++) {
		uint64_t word = random_next(&random);
		uint32_t among = word & 1 ? SLOTS : SLOTS_SHORT;
		bool rare = (word >> 1 & 7) == 0;
		size_t size = sizes[(word >> 4) % SIZES];

		slot_visit(((word >> 32) * among) >> 32, size, rare);
	}
}

int main(int argc, char **argv)
{
	char *end = NULL;
	unsigned long long calls = 0;

	errno = 0;
	if (argc == 2 && *argv[1] >= '0' && *argv[1] <= '9')
		calls = strtoull(argv[1], &end, 10);
	if (!end || *end || errno) {
		fputs("usage: small_blocks CALLS\n", stderr);
		return 2;
	}
	if (calls)
		work(calls);
	return 0;
}
