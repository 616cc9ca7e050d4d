/*
 * exercise - what a program may ask of malloc(3), asked of any set of these
 * functions: edge cases, contents, threads, fork. NULL where all was right, or
 * what was wrong.
 */
#ifndef REGROW_TESTS_EXERCISE_H
#define REGROW_TESTS_EXERCISE_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <regrow/random.h>

#include "tests/sanitized.h"

struct calls {
	void *(*malloc)(size_t size);
	void *(*calloc)(size_t count, size_t size);
	void *(*realloc)(void *block, size_t size);
	void (*free)(void *block);
	int (*posix_memalign)(void **block, size_t alignment, size_t size);
	void *(*memalign)(size_t alignment, size_t size);
	void *(*valloc)(size_t size);
	void *(*pvalloc)(size_t size);
	size_t (*usable_size)(void *block);
};

/* A block whose bytes follow from its key; NULL: none. */
struct exercised {
	unsigned char *bytes;
	size_t size;
	uint64_t key;
};

BLOCK_CONTENTS
static void exercised_fill(struct exercised *block, size_t from)
{
	size_t i;

	for (i = from; i < block->size; i++)
		block->bytes[i] =
			(unsigned char)((block->key + i) * 0x9e3779b1u >> 13);
}

BLOCK_CONTENTS
static bool exercised_is_intact(const struct exercised *block)
{
	size_t i;

	for (i = 0; i < block->size; i++)
		if (block->bytes[i] !=
		    (unsigned char)((block->key + i) * 0x9e3779b1u >> 13))
			return false;
	return true;
}

BLOCK_CONTENTS
static bool exercise_is_zero(const unsigned char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* Sizes on both sides of a threshold of 64 KiB, hardly ever whole pages. */
static size_t exercise_size(struct random *random)
{
	switch (random_below(random, 4)) {
	case 0:
		return 1 + random_below(random, 300);
	case 1:
		return 60000 + random_below(random, 10000);
	case 2:
		return (size_t)4096 * (1 + random_below(random, 64));
	default:
		return 1 + random_below(random, 600000);
	}
}

/* Refused, with ENOMEM, and nothing else harmed. */
static const char *exercise_impossible(const struct calls *calls)
{
	struct exercised block = {calls->malloc(100000), 100000, 5};
	size_t size = SIZE_MAX;

	if (!block.bytes)
		return "no 100,000 bytes";
	exercised_fill(&block, 0);
	for (; size > PTRDIFF_MAX / 2; size = size / 2 + 7) {
		errno = 0;
		if (calls->malloc(size) || errno != ENOMEM)
			return "an impossible malloc is not ENOMEM";
		errno = 0;
		if (calls->realloc(block.bytes, size) || errno != ENOMEM)
			return "an impossible realloc is not ENOMEM";
		errno = 0;
		if (calls->calloc(size, 3) || errno != ENOMEM)
			return "an impossible calloc is not ENOMEM";
		if (size < (size_t)PTRDIFF_MAX / 2 * 3 / 2)
			break;
	}
	if (!exercised_is_intact(&block))
		return "a failed realloc changed the block";
	calls->free(block.bytes);
	return NULL;
}

static const char *exercise_edges(const struct calls *calls)
{
	void *block, *other;

	calls->free(NULL);
	if (calls->usable_size(NULL) != 0)
		return "NULL has a usable size";
	block = calls->malloc(0);
	other = calls->malloc(0);
	if (!block || block == other)
		return "malloc(0) is not a block of its own";
	calls->free(block);
	calls->free(other);
	block = calls->realloc(NULL, 200000);
	if (!block || calls->usable_size(block) < 200000)
		return "realloc(NULL) is no malloc";
	if (calls->realloc(block, 0))
		return "realloc to 0 is no free";
	block = calls->calloc(0, 8);
	if (!block)
		return "calloc of nothing is not a block";
	errno = EDOM;
	calls->free(block);
	block = calls->malloc(300000);
	calls->free(block);
	return errno == EDOM ? NULL : "errno was not left alone";
}

/* Zero, also where blocks that were written to are handed out again. */
static const char *exercise_zero(const struct calls *calls)
{
	struct random random = {11};
	unsigned int i;

	for (i = 0; i < 40; i++) {
		size_t size = exercise_size(&random);
		unsigned char *block = calls->malloc(size), *zeroed;

		if (!block)
			return "no memory";
		memset(block, 0xa5, size);
		calls->free(block);
		zeroed = i % 2 ? calls->calloc(1, size)
			       : calls->calloc(size / 2 + 1, 2);
		if (!zeroed || !exercise_is_zero(zeroed, size))
			return "calloc is not zero";
		memset(zeroed, 0x5a, size);
		calls->free(zeroed);
	}
	return NULL;
}

static const char *exercise_one_alignment(const struct calls *calls,
					  size_t alignment, size_t size)
{
	struct exercised block = {NULL, size, alignment + size};
	void *aligned = NULL;

	if (calls->posix_memalign(&aligned, alignment, size))
		return "posix_memalign failed";
	block.bytes = aligned;
	if ((uintptr_t)aligned % alignment ||
	    calls->usable_size(aligned) < size)
		return "posix_memalign is not aligned, or too small";
	exercised_fill(&block, 0);
	aligned = calls->memalign(alignment, size);
	if (!aligned || (uintptr_t)aligned % alignment)
		return "memalign is not aligned";
	memset(aligned, 1, size);
	block.bytes = calls->realloc(block.bytes, 2 * size + 1);
	if (!block.bytes || !exercised_is_intact(&block))
		return "an aligned block does not grow";
	calls->free(aligned);
	calls->free(block.bytes);
	return NULL;
}

static const char *exercise_alignments(const struct calls *calls)
{
	static const size_t sizes[] = {1, 5000, 65535, 65536, 70001};
	size_t page = (size_t)sysconf(_SC_PAGESIZE), alignment;
	const char *wrong = NULL;
	void *block = &wrong;
	unsigned int i;

	for (alignment = 8; alignment <= (size_t)1 << 21; alignment *= 8)
		for (i = 0; i < 5 && !wrong; i++)
			wrong = exercise_one_alignment(calls, alignment,
						       sizes[i]);
	if (wrong)
		return wrong;
	if (calls->posix_memalign(&block, 24, 100000) != EINVAL ||
	    calls->posix_memalign(&block, 2, 100000) != EINVAL ||
	    calls->posix_memalign(&block, 0, 100) != EINVAL)
		return "a bad alignment is not EINVAL";
	if (calls->posix_memalign(&block, 64, SIZE_MAX - 100) != ENOMEM ||
	    block != &wrong)
		return "an impossible size is not ENOMEM, or sets the pointer";
	for (i = 0; i < 5; i++) {
		void *valloc = calls->valloc(sizes[i]);
		void *pvalloc = calls->pvalloc(sizes[i]);

		if (!valloc || !pvalloc || (uintptr_t)valloc % page ||
		    (uintptr_t)pvalloc % page)
			return "valloc or pvalloc is not a page";
		memset(pvalloc, 1, (sizes[i] + page - 1) / page * page);
		calls->free(valloc);
		calls->free(pvalloc);
	}
	return NULL;
}

/* One step of a random life; the block may be any thread's. */
static const char *exercise_step(const struct calls *calls,
				 struct random *random, struct exercised *block)
{
	size_t size = exercise_size(random), kept;
	unsigned char *bytes;

	if (block->bytes && !exercised_is_intact(block))
		return "contents were lost";
	if (!block->bytes) {
		block->bytes = calls->malloc(size);
		if (!block->bytes)
			return "no memory";
		block->size = size;
		block->key = random_next(random);
		exercised_fill(block, 0);
		return NULL;
	}
	if (random_below(random, 4) == 0) {
		calls->free(block->bytes);
		block->bytes = NULL;
		return NULL;
	}
	/* All that is usable may be used, and is kept by realloc. */
	kept = block->size;
	block->size = calls->usable_size(block->bytes);
	if (block->size < kept)
		return "less is usable than was asked for";
	exercised_fill(block, kept);
	bytes = calls->realloc(block->bytes, size);
	if (!bytes)
		return "no memory to resize";
	kept = block->size < size ? block->size : size;
	block->bytes = bytes;
	block->size = kept;
	if (!exercised_is_intact(block))
		return "contents did not survive realloc";
	block->size = size;
	exercised_fill(block, kept);
	return NULL;
}

#define EXERCISE_PLACES 24

static const char *exercise_many(const struct calls *calls, uint64_t seed,
				 unsigned int steps)
{
	struct exercised blocks[EXERCISE_PLACES] = {0};
	struct random random = {seed};
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < steps && !wrong; i++)
		wrong = exercise_step(
			calls, &random,
			&blocks[random_below(&random, EXERCISE_PLACES)]);
	for (i = 0; i < EXERCISE_PLACES && !wrong; i++) {
		if (blocks[i].bytes && !exercised_is_intact(&blocks[i]))
			wrong = "contents were lost at the end";
		calls->free(blocks[i].bytes);
	}
	return wrong;
}

#define EXERCISE_THREADS 4

/* Blocks on their way from one thread to another. */
struct exercise_exchange {
	const struct calls *calls;
	struct exercised blocks[EXERCISE_PLACES];
	pthread_mutex_t locks[EXERCISE_PLACES];
	unsigned int steps;
	bool stop; /* atomic: no more steps */
};

struct exercise_thread {
	pthread_t thread;
	struct exercise_exchange *exchange;
	uint64_t seed;
	const char *wrong;
};

static void *exercise_thread_main(void *argument)
{
	struct exercise_thread *thread = argument;
	struct exercise_exchange *exchange = thread->exchange;
	struct random random = {thread->seed};
	unsigned int step;

	for (step = 0; step < exchange->steps && !thread->wrong; step++) {
		uint64_t place = random_below(&random, EXERCISE_PLACES);

		if (__atomic_load_n(&exchange->stop, __ATOMIC_RELAXED))
			break;
		pthread_mutex_lock(&exchange->locks[place]);
		thread->wrong = exercise_step(exchange->calls, &random,
					      &exchange->blocks[place]);
		pthread_mutex_unlock(&exchange->locks[place]);
	}
	return NULL;
}

static const char *exercise_start(struct exercise_exchange *exchange,
				  struct exercise_thread *threads,
				  uint64_t seed)
{
	unsigned int i;

	for (i = 0; i < EXERCISE_THREADS; i++) {
		threads[i] = (struct exercise_thread){
			.exchange = exchange,
			.seed = seed + i,
		};
		if (pthread_create(&threads[i].thread, NULL,
				   exercise_thread_main, &threads[i]))
			return "no thread";
	}
	return NULL;
}

static const char *exercise_join(struct exercise_thread *threads)
{
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < EXERCISE_THREADS; i++) {
		pthread_join(threads[i].thread, NULL);
		if (threads[i].wrong)
			wrong = threads[i].wrong;
	}
	return wrong;
}

static void exercise_open(struct exercise_exchange *exchange,
			  const struct calls *calls, unsigned int steps)
{
	unsigned int i;

	memset(exchange, 0, sizeof(*exchange));
	exchange->calls = calls;
	exchange->steps = steps;
	for (i = 0; i < EXERCISE_PLACES; i++)
		pthread_mutex_init(&exchange->locks[i], NULL);
}

static void exercise_close(struct exercise_exchange *exchange)
{
	unsigned int i;

	for (i = 0; i < EXERCISE_PLACES; i++) {
		exchange->calls->free(exchange->blocks[i].bytes);
		pthread_mutex_destroy(&exchange->locks[i]);
	}
}

/* Twice: the second threads get what the first have left. */
static const char *exercise_threads(const struct calls *calls,
				    unsigned int steps)
{
	static struct exercise_exchange exchange;
	struct exercise_thread threads[EXERCISE_THREADS];
	const char *wrong = NULL;
	uint64_t seed;

	exercise_open(&exchange, calls, steps);
	for (seed = 0; seed < 20 && !wrong; seed += 10) {
		wrong = exercise_start(&exchange, threads, seed);
		if (!wrong)
			wrong = exercise_join(threads);
	}
	exercise_close(&exchange);
	return wrong;
}

/* What a child does with what it has, and with threads of its own. */
static const char *exercise_child(const struct calls *calls,
				  struct exercised *inherited, uint64_t seed)
{
	struct random random = {seed};
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < 8 && !wrong; i++)
		wrong = exercise_step(calls, &random, inherited);
	if (!wrong)
		wrong = exercise_many(calls, seed, 12);
	if (!wrong && !SANITIZED)
		wrong = exercise_threads(calls, 4);
	return wrong;
}

/* Forks while other threads are inside malloc and realloc. */
static const char *exercise_forks(const struct calls *calls,
				  unsigned int children)
{
	static struct exercise_exchange exchange;
	struct exercise_thread threads[EXERCISE_THREADS];
	struct exercised own = {0};
	struct random random = {5};
	const char *wrong, *theirs;
	unsigned int i;

	exercise_open(&exchange, calls, 1000000);
	wrong = exercise_start(&exchange, threads, 70);
	for (i = 0; i < children && !wrong; i++) {
		int status = -1;
		pid_t child;

		wrong = exercise_step(calls, &random, &own);
		child = fork();
		if (child == 0) {
			alarm(60); /* a lock that nobody gives back */
			wrong = exercise_child(calls, &own, i);
			if (wrong)
				dprintf(2, "child %u: %s\n", i, wrong);
			_exit(wrong ? 1 : 0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    status != 0) {
			dprintf(2, "child %u ended with %d\n", i, status);
			wrong = "a child failed";
		}
	}
	__atomic_store_n(&exchange.stop, true, __ATOMIC_RELAXED);
	theirs = exercise_join(threads);
	calls->free(own.bytes);
	exercise_close(&exchange);
	return wrong ? wrong : theirs;
}

#endif
