/*
 * heaps - an allocator's heaps as a sample's process would make them, for
 * tests: state zeroed, wrapped allocators first, hooks in their order.
 */
#ifndef REGROW_TESTS_HEAPS_H
#define REGROW_TESTS_HEAPS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <regrow/allocator.h>
#include <regrow/random.h>

#include "common/mapfile.h"
#include "common/spec.h"
#include "tests/sanitized.h"

#define HEAPS_THREADS_MAX 8

struct heaps {
	struct allocator_spec spec;
	unsigned int threads;
	struct heap layers[HEAPS_THREADS_MAX][SPEC_DEPTH_MAX];
	struct recorder recorders[HEAPS_THREADS_MAX];
	char why[256];
};

static inline struct heap *heaps_of(struct heaps *heaps, unsigned int thread)
{
	return &heaps->layers[thread][0];
}

/* Zeroed; NULL only where size is 0. */
static inline void *heaps_state(size_t size)
{
	void *state = size ? calloc(1, size) : NULL;

	if (size && !state)
		abort();
	return state;
}

/* setup(), then open() for each thread. 0 or -errno, and why. */
static inline int heaps_start(struct heaps *heaps)
{
	unsigned int thread, layer;
	int error = 0;

	for (layer = heaps->spec.depth; layer-- > 0 && !error;) {
		struct heap *heap = &heaps->layers[0][layer];

		if (heap->allocator->setup)
			error = heap->allocator->setup(heap);
	}
	for (thread = 0; thread < heaps->threads; thread++)
		for (layer = heaps->spec.depth; layer-- > 0 && !error;) {
			struct heap *heap = &heaps->layers[thread][layer];

			if (heap->allocator->open)
				error = heap->allocator->open(heap);
		}
	if (error)
		snprintf(heaps->why, sizeof(heaps->why), "setup or open: %s",
			 strerror(-error));
	return error;
}

/* Resolves, probes, sets up, opens. 0 or -errno, and why. */
static inline int heaps_open(struct heaps *heaps, const char *spelling,
			     unsigned int threads, size_t block_size_max)
{
	struct allocator_spec *spec = &heaps->spec;
	unsigned int thread, layer;
	void *shared[SPEC_DEPTH_MAX];
	int error;

	memset(heaps, 0, sizeof(*heaps));
	error = spec_parse_allocator(spelling, spec, heaps->why,
				     sizeof(heaps->why));
	if (error)
		return error;
	for (layer = 0; layer < spec->depth; layer++) {
		const struct allocator *allocator =
			spec->layers[layer].allocator;

		if (allocator->probe)
			error = allocator->probe(spec->layers[layer].values,
						 heaps->why,
						 sizeof(heaps->why));
		if (error)
			return error;
	}
	for (layer = 0; layer < spec->depth; layer++)
		shared[layer] =
			heaps_state(spec->layers[layer].allocator->shared_size);
	heaps->threads = threads;
	for (thread = 0; thread < threads; thread++)
		for (layer = 0; layer < spec->depth; layer++)
			heaps->layers[thread][layer] = (struct heap){
				.allocator = spec->layers[layer].allocator,
				.options = spec->layers[layer].values,
				.state = heaps_state(
					spec->layers[layer]
						.allocator->heap_size),
				.shared = shared[layer],
				.over = layer + 1 < spec->depth
						? &heaps->layers[thread]
								[layer + 1]
						: NULL,
				.recorder = &heaps->recorders[thread],
				.page_size = (size_t)sysconf(_SC_PAGESIZE),
				.block_size_max = block_size_max,
			};
	return heaps_start(heaps);
}

/* close() for each thread, then teardown(); the outer allocator first. */
static inline void heaps_close(struct heaps *heaps)
{
	unsigned int thread, layer;

	for (thread = 0; thread < heaps->threads; thread++)
		for (layer = 0; layer < heaps->spec.depth; layer++) {
			struct heap *heap = &heaps->layers[thread][layer];

			if (heap->allocator->close)
				heap->allocator->close(heap);
			free(heap->state);
		}
	for (layer = 0; layer < heaps->spec.depth; layer++) {
		struct heap *heap = &heaps->layers[0][layer];

		if (heap->allocator->teardown)
			heap->allocator->teardown(heap);
		free(heap->shared);
	}
}

/* The map of this process in these bounds, read without malloc. */
static inline struct map_holes heaps_map_in(struct map_bounds bounds)
{
	struct map_parser parser;
	char text[4096];
	ssize_t got;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		abort();
	map_parser_start(&parser, bounds);
	while ((got = read(fd, text, sizeof(text))) > 0)
		map_parser_feed(&parser, text, (size_t)got);
	close(fd);
	if (map_parser_end(&parser))
		abort();
	return parser.holes;
}

static inline struct map_holes heaps_map(void)
{
	return heaps_map_in((struct map_bounds){0, UINT64_MAX});
}

/* How many times one mapping ends and another begins within a block. */
static inline unsigned int heaps_seams(const void *block, size_t size)
{
	struct map_bounds bounds = {(uintptr_t)block + 1,
				    (uintptr_t)block + size};

	return (unsigned int)heaps_map_in(bounds).mappings;
}

/* A block whose every byte follows from key and offset. */
struct checked {
	unsigned char *bytes; /* NULL: none */
	size_t size;
	uint64_t key;
};

/* The byte at an offset: of the 8-byte word key + offset / 8. */
static inline unsigned char checked_byte(const struct checked *block,
					 size_t offset)
{
	uint64_t word = block->key + offset / 8;

	return ((unsigned char *)&word)[offset % 8];
}

/* Writes the bytes from offset from to the end. */
BLOCK_CONTENTS
static void checked_fill(struct checked *block, size_t from)
{
	uint64_t *words = (uint64_t *)block->bytes;
	size_t i = from;

	for (; i % 8 && i < block->size; i++)
		block->bytes[i] = checked_byte(block, i);
	for (; i + 8 <= block->size; i += 8)
		words[i / 8] = block->key + i / 8;
	for (; i < block->size; i++)
		block->bytes[i] = checked_byte(block, i);
}

/* Is every byte right? */
BLOCK_CONTENTS
static bool checked_intact(const struct checked *block)
{
	const uint64_t *words = (const uint64_t *)block->bytes;
	uint64_t wrong = 0;
	size_t i;

	for (i = 0; i < block->size / 8; i++)
		wrong |= words[i] ^ (block->key + i);
	for (i *= 8; i < block->size; i++)
		wrong |= block->bytes[i] ^ checked_byte(block, i);
	return wrong == 0;
}

static inline bool checked_alloc(struct heap *heap, struct checked *block,
				 size_t size, uint64_t key)
{
	block->bytes = heap_alloc(heap, size);
	if (!block->bytes)
		return false;
	block->size = size;
	block->key = random_mix(key);
	checked_fill(block, 0);
	return true;
}

static inline void checked_release(struct heap *heap, struct checked *block)
{
	heap_release(heap, block->bytes, block->size);
	block->bytes = NULL;
}

static inline uint64_t heaps_growths(const struct tally *tally)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < OUTCOME_COUNT; i++)
		sum += tally->growths[i];
	return sum;
}

/* What of before and after contradicts the contract; NULL: nothing. */
static inline const char *heaps_contradiction(const struct tally *before,
					      const struct tally *after,
					      size_t size, bool same_address,
					      bool failed)
{
	uint64_t copied = after->bytes_copied - before->bytes_copied;
	uint64_t moved = after->bytes_moved - before->bytes_moved;
	enum outcome outcome = OUTCOME_SLACK;

	if (heaps_growths(after) != heaps_growths(before) + 1)
		return "not exactly one outcome was tallied";
	while (after->growths[outcome] == before->growths[outcome])
		outcome++;
	if (failed != (outcome == OUTCOME_FAILED))
		return "failure is not what was tallied";
	if (!failed && same_address != (outcome == OUTCOME_SLACK ||
					outcome == OUTCOME_IN_PLACE))
		return "the address contradicts the outcome";
	if (outcome == OUTCOME_COPIED ? copied + moved < size
				      : copied && !failed)
		return "bytes copied contradict the outcome";
	if (outcome == OUTCOME_MOVED ? moved < size : moved && copied == 0)
		return "bytes moved contradict the outcome";
	return NULL;
}

/*
 * Grows, fills what is new, and checks the contract. NULL where it holds, or
 * what is wrong; *grew says whether the block could be grown.
 */
static inline const char *checked_grow(struct heap *heap, struct checked *block,
				       size_t new_size, bool *grew)
{
	struct tally before = heap->recorder->tally;
	size_t size = block->size;
	uintptr_t address = (uintptr_t)block->bytes;
	unsigned char *grown = heap_grow(heap, block->bytes, size, new_size);
	const char *wrong;

	*grew = grown;
	if (grown)
		block->bytes = grown;
	wrong = heaps_contradiction(&before, &heap->recorder->tally, size,
				    (uintptr_t)block->bytes == address, !grown);
	if (wrong)
		return wrong;
	if ((uintptr_t)block->bytes % 16)
		return "the block is not aligned to 16 bytes";
	if (!checked_intact(block))
		return "contents did not survive";
	if (!grown)
		return NULL;
	block->size = new_size;
	checked_fill(block, size);
	return NULL;
}

#endif
