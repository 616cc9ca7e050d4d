/*
 * limits - failures that the kernel really makes, and threads that really race,
 * for tests of allocators that are spelled in a list of ways: no byte is lost.
 */
#ifndef REGROW_TESTS_LIMITS_H
#define REGROW_TESTS_LIMITS_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/heaps.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static struct heaps limits_heaps;

/* Starts one way; NULL where this kernel cannot. */
static inline struct heap *limits_start(const char *way, unsigned int threads)
{
	if (heaps_open(&limits_heaps, way, threads, 64 * MIB)) {
		print_message("# %s: %s\n", way, limits_heaps.why);
		return NULL;
	}
	return heaps_of(&limits_heaps, 0);
}

/* Grows; the contract must hold, and the growth succeed. */
static inline void limits_grow(struct heap *heap, struct checked *block,
			       size_t new_size)
{
	bool grew;
	const char *wrong = checked_grow(heap, block, new_size, &grew);

	if (wrong)
		fail_msg("%s: %s", limits_heaps.spec.canonical, wrong);
	if (!grew)
		fail_msg("%s: the growth failed", limits_heaps.spec.canonical);
}

static inline uint64_t limits_number(const char *path)
{
	unsigned long long number = 0;
	FILE *file = fopen(path, "re");

	if (!file || fscanf(file, "%llu", &number) != 1)
		abort();
	fclose(file);
	return number;
}

/* Runs a test in a child, in each way. It returns NULL, or what is wrong. */
static inline void limits_in_children(const char *const *ways,
				      unsigned int count,
				      const char *(*test)(struct heap *heap))
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			struct heap *heap = limits_start(ways[i], 1);
			const char *wrong = heap ? test(heap) : NULL;

			if (wrong)
				print_error("%s: %s\n", ways[i], wrong);
			_exit(wrong ? 1 : 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status)
			fail_msg("%s: failed in a child (status %d)", ways[i],
				 status);
	}
}

/*
 * The limit leaves room for the destination, and more for each try, so that
 * mmap, mremap and the copy's mmap are each the one that fails.
 */
static inline const char *limits_grow_in_little_space(struct heap *heap)
{
	struct checked block = {0}, after = {0};
	struct rlimit limit = {.rlim_max = RLIM_INFINITY};
	unsigned int i, failed = 0;
	const char *wrong;
	bool grew;

	if (!checked_alloc(heap, &block, 300 * KIB, 5))
		return "cannot allocate";
	if (checked_grow(heap, &block, MIB, &grew) || !grew)
		return "cannot grow";
	for (i = 0; i < 12; i++) {
		size_t new_size = block.size + MIB;

		limit.rlim_cur = heaps_map().mapped_bytes + i * new_size / 4;
		if (setrlimit(RLIMIT_AS, &limit))
			return "setrlimit failed";
		wrong = checked_grow(heap, &block, new_size, &grew);
		failed += !grew;
		if (wrong)
			return wrong;
	}
	if (failed == 0)
		return "nothing failed: the limit was not felt";
	if (heap->recorder->tally.failed_calls[ENOMEM] == 0)
		return "no ENOMEM was tallied";
	limit.rlim_cur = RLIM_INFINITY;
	if (setrlimit(RLIMIT_AS, &limit))
		return "setrlimit failed";
	wrong = checked_grow(heap, &block, block.size + 5 * MIB, &grew);
	if (wrong || !grew || !checked_alloc(heap, &after, MIB, 6))
		return wrong ? wrong : "does not recover from the limit";
	checked_release(heap, &after);
	checked_release(heap, &block);
	heaps_close(&limits_heaps);
	return NULL;
}

static inline void limits_of_address_space(const char *const *ways,
					   unsigned int count)
{
	if (SANITIZED)
		skip(); /* its shadow needs the address space */
	limits_in_children(ways, count, limits_grow_in_little_space);
}

/* Splits a filler until the process may have no more mappings. */
static inline unsigned char *limits_fill_mappings(size_t page, size_t count)
{
	size_t i;
	unsigned char *filler = mmap(NULL, count * page, PROT_NONE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (filler == MAP_FAILED)
		return NULL;
	for (i = 1; i < count; i += 2)
		if (mprotect(filler + i * page, page, PROT_READ))
			return filler;
	return NULL; /* the limit is elsewhere */
}

/* Tries from no room at all to room for anything, two mappings at a time. */
static inline const char *limits_grow_among_mappings(struct heap *heap)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t count = limits_number("/proc/sys/vm/max_map_count") + 2;
	struct checked blocks[4] = {{0}};
	unsigned char *filler;
	unsigned int i, k;
	const char *wrong;
	bool grew;

	for (i = 0; i < 4; i++)
		if (!checked_alloc(heap, &blocks[i], 200 * KIB, i) ||
		    checked_grow(heap, &blocks[i], 400 * KIB, &grew) || !grew)
			return "cannot allocate";
	filler = limits_fill_mappings(page, count);
	if (!filler)
		return "the limit of mappings was not reached";
	for (k = 0; k < 24; k++) {
		for (i = 0; i < 4; i++) {
			wrong = checked_grow(heap, &blocks[i],
					     blocks[i].size + 40 * KIB, &grew);
			if (wrong)
				return wrong;
		}
		/* Two mappings fewer: a page is like its neighbours again. */
		if (mprotect(filler + (2 * k + 1) * page, page, PROT_NONE))
			return "cannot give mappings back";
	}
	if (heap->recorder->tally.failed_calls[ENOMEM] == 0)
		return "no ENOMEM was tallied";
	munmap(filler, count * page);
	for (i = 0; i < 4; i++) {
		wrong = checked_grow(heap, &blocks[i], blocks[i].size + MIB,
				     &grew);
		if (wrong || !grew)
			return wrong ? wrong : "does not recover";
		checked_release(heap, &blocks[i]);
	}
	heaps_close(&limits_heaps);
	return NULL;
}

static inline void limits_of_mappings(const char *const *ways,
				      unsigned int count)
{
	uint64_t mappings = limits_number("/proc/sys/vm/max_map_count");

#ifdef __SANITIZE_THREAD__
	skip(); /* its runtime needs mappings, too, and ends without */
#endif
	if (mappings > 300000) {
		print_message("# vm.max_map_count is %llu: too many to fill\n",
			      (unsigned long long)mappings);
		skip();
	}
	limits_in_children(ways, count, limits_grow_among_mappings);
}

#define LIMITS_GROWERS 2
#define LIMITS_RACERS 2

static atomic_bool limits_race_over;

struct limits_racer {
	pthread_t thread;
	unsigned int index;
	const char *wrong;
	uint64_t steps;
};

/* Maps where the kernel likes, which is where a hole has just been left. */
static inline void *limits_map_at_random(void *argument)
{
	struct limits_racer *racer = argument;
	struct random random = {racer->index};
	struct checked mine[8] = {{0}};
	unsigned int i;

	while (!atomic_load(&limits_race_over) && !racer->wrong) {
		struct checked *range = &mine[random_below(&random, 8)];

		racer->steps++;
		if (range->bytes) {
			if (!checked_intact(range))
				racer->wrong =
					"a racing thread's range changed";
			munmap(range->bytes, range->size);
			range->bytes = NULL;
			continue;
		}
		range->size = 4 * KIB * (1 + random_below(&random, 64));
		range->key = random_next(&random);
		range->bytes = mmap(NULL, range->size, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (range->bytes == MAP_FAILED)
			abort();
		checked_fill(range, 0);
	}
	for (i = 0; i < 8; i++)
		if (mine[i].bytes)
			munmap(mine[i].bytes, mine[i].size);
	return NULL;
}

static inline void *limits_grow_in_the_race(void *argument)
{
	struct limits_racer *grower = argument;
	struct heap *heap = heaps_of(&limits_heaps, grower->index);
	struct random random = {100 + grower->index};
	struct checked blocks[6] = {{0}};
	unsigned int i;
	bool grew;

	while (!atomic_load(&limits_race_over) && !grower->wrong) {
		struct checked *block = &blocks[random_below(&random, 6)];
		size_t size = 64 * KIB + random_below(&random, 256 * KIB);

		grower->steps++;
		if (!block->bytes) {
			if (!checked_alloc(heap, block, size, grower->steps))
				grower->wrong = "an allocation failed";
		} else if (block->size < 700 * KIB) {
			grower->wrong = checked_grow(heap, block,
						     block->size + size, &grew);
		} else {
			if (!checked_intact(block))
				grower->wrong = "a block's contents changed";
			checked_release(heap, block);
		}
	}
	for (i = 0; i < 6; i++)
		if (blocks[i].bytes)
			checked_release(heap, &blocks[i]);
	return NULL;
}

static inline void limits_race_one_way(const char *way)
{
	struct limits_racer racers[LIMITS_GROWERS + LIMITS_RACERS] = {{0}};
	struct timespec duration = {0, 150 * 1000000L};
	unsigned int i;

	if (!limits_start(way, LIMITS_GROWERS))
		return;
	atomic_store(&limits_race_over, false);
	for (i = 0; i < LIMITS_GROWERS + LIMITS_RACERS; i++) {
		racers[i].index = i;
		assert_int_equal(
			pthread_create(&racers[i].thread, NULL,
				       i < LIMITS_GROWERS
					       ? limits_grow_in_the_race
					       : limits_map_at_random,
				       &racers[i]),
			0);
	}
	nanosleep(&duration, NULL);
	atomic_store(&limits_race_over, true);
	for (i = 0; i < LIMITS_GROWERS + LIMITS_RACERS; i++)
		pthread_join(racers[i].thread, NULL);
	for (i = 0; i < LIMITS_GROWERS + LIMITS_RACERS; i++)
		if (racers[i].wrong)
			fail_msg("%s: %s after %llu steps", way,
				 racers[i].wrong,
				 (unsigned long long)racers[i].steps);
	heaps_close(&limits_heaps);
}

/* Threads that grow, and threads that map where a hole may be. */
static inline void limits_of_races(const char *const *ways, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		limits_race_one_way(ways[i]);
}

#endif
