/*
 * test_mremap_fixed_fallback_limits - failures that the kernel really makes,
 * and threads that really race: no byte is lost.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/heaps.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

/* Every way to move; each is tried in each test. */
static const char *const ways[] = {
	":dest=fresh:hole=leave",
	":hole=refill",
	":dest=fresh:hole=refill-none",
	":hole=reserve",
	":inplace=yes",
	":hole=leave:phase=pmd",
	":hole=refill:phase=mismatch",
	":hole=reserve:phase=unaligned",
	":hole=refill:phase=pud",
};
#define WAYS (sizeof(ways) / sizeof(*ways))

static struct heaps heaps;

/* Starts one way; NULL where this kernel cannot. */
static struct heap *start(const char *way, unsigned int threads)
{
	char spelling[SPEC_TEXT_MAX];

	snprintf(spelling, sizeof(spelling),
		 "mremap-fixed-fallback:threshold=64K%s", way);
	if (heaps_open(&heaps, spelling, threads, 64 * MIB)) {
		print_message("# %s: %s\n", spelling, heaps.why);
		return NULL;
	}
	return heaps_of(&heaps, 0);
}

static void grows(struct heap *heap, struct checked *block, size_t new_size)
{
	bool grew;
	const char *wrong = checked_grow(heap, block, new_size, &grew);

	if (wrong)
		fail_msg("%s: %s", heaps.spec.canonical, wrong);
	if (!grew)
		fail_msg("%s: the growth failed", heaps.spec.canonical);
}

static uint64_t text_number(const char *path)
{
	unsigned long long number = 0;
	FILE *file = fopen(path, "re");

	if (!file || fscanf(file, "%llu", &number) != 1)
		abort();
	fclose(file);
	return number;
}

static void a_source_over_two_mappings_is_copied(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned int i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		struct heap *heap = start(ways[i], 1);
		struct checked block = {0};
		const struct tally *tally;

		if (!heap)
			continue;
		tally = &heap->recorder->tally;
		assert_true(checked_alloc(heap, &block, 300 * KIB, i));
		grows(heap, &block, MIB);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
		assert_int_equal(
			mprotect(block.bytes + 10 * page, page, PROT_READ), 0);
		grows(heap, &block, 3 * MIB + 1);
		assert_int_equal(tally->growths[OUTCOME_COPIED], 1);
		assert_true(tally->failed_calls[EFAULT] >= 1);
		grows(heap, &block, 4 * MIB + 1);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 2);
		checked_release(heap, &block);
		heaps_close(&heaps);
	}
}

/* Runs a test in a child, in each way. It returns NULL, or what is wrong. */
static void in_children(const char *(*test)(struct heap *heap))
{
	unsigned int i;

	for (i = 0; i < WAYS; i++) {
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			struct heap *heap = start(ways[i], 1);
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
static const char *grow_at_the_limit_of_address_space(struct heap *heap)
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
	heaps_close(&heaps);
	return NULL;
}

static void at_rlimit_as_a_block_grows_or_stays_as_it_was(void **state)
{
	(void)state;
	if (SANITIZED)
		skip(); /* its shadow needs the address space */
	in_children(grow_at_the_limit_of_address_space);
}

/* Splits a filler until the process may have no more mappings. */
static unsigned char *fill_mappings(size_t page, size_t count)
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
static const char *grow_at_the_limit_of_mappings(struct heap *heap)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t count = text_number("/proc/sys/vm/max_map_count") + 2;
	struct checked blocks[4] = {{0}};
	unsigned char *filler;
	unsigned int i, k;
	const char *wrong;
	bool grew;

	for (i = 0; i < 4; i++)
		if (!checked_alloc(heap, &blocks[i], 200 * KIB, i) ||
		    checked_grow(heap, &blocks[i], 400 * KIB, &grew) || !grew)
			return "cannot allocate";
	filler = fill_mappings(page, count);
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
	heaps_close(&heaps);
	return NULL;
}

static void near_max_map_count_a_block_grows_or_stays_as_it_was(void **state)
{
	uint64_t count = text_number("/proc/sys/vm/max_map_count");

	(void)state;
#ifdef __SANITIZE_THREAD__
	skip(); /* its runtime needs mappings, too, and ends without */
#endif
	if (count > 300000) {
		print_message("# vm.max_map_count is %llu: too many to fill\n",
			      (unsigned long long)count);
		skip();
	}
	in_children(grow_at_the_limit_of_mappings);
}

/* Churn that moves, shrinks, recovers, and leaves nothing behind. */
static void churn(struct heap *heap)
{
	struct random random = {4};
	struct checked blocks[8] = {{0}};
	unsigned int i, step;

	for (step = 0; step < 200; step++) {
		struct checked *block = &blocks[random_below(&random, 8)];
		size_t size = 64 * KIB + random_below(&random, MIB);

		if (!block->bytes) {
			assert_true(checked_alloc(heap, block, size, step));
		} else if (size > block->size) {
			grows(heap, block, size);
		} else if (step % 3) {
			block->bytes = heap->allocator->shrink(
				heap, block->bytes, block->size, size);
			assert_non_null(block->bytes);
			block->size = size;
			assert_true(checked_intact(block));
		} else {
			assert_true(checked_intact(block));
			checked_release(heap, block);
		}
	}
	for (i = 0; i < 8; i++)
		if (blocks[i].bytes)
			checked_release(heap, &blocks[i]);
}

static void ranges_with_their_margins_are_released_whole(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		bool keeps = !strstr(ways[i], "hole=leave");
		uint64_t before, opened, released;
		struct heap *heap;

		before = heaps_map().mapped_bytes;
		heap = start(ways[i], 1);
		if (!heap)
			continue;
		opened = heaps_map().mapped_bytes;
		churn(heap);
		assert_true(heap->recorder->tally.growths[OUTCOME_MOVED] > 20);
		released = heaps_map().mapped_bytes;
		heaps_close(&heaps);
		if (SANITIZED)
			continue;
		if (!keeps)
			assert_int_equal(released, opened);
		assert_int_equal(heaps_map().mapped_bytes, before);
	}
}

#define GROWERS 2
#define RACERS 2

static atomic_bool race_over;

struct racer {
	pthread_t thread;
	unsigned int index;
	const char *wrong;
	uint64_t steps;
};

/* Maps where the kernel likes, which is where a hole has just been left. */
static void *race(void *argument)
{
	struct racer *racer = argument;
	struct random random = {racer->index};
	struct checked mine[8] = {{0}};
	unsigned int i;

	while (!atomic_load(&race_over) && !racer->wrong) {
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

static void *grow_in_the_race(void *argument)
{
	struct racer *grower = argument;
	struct heap *heap = heaps_of(&heaps, grower->index);
	struct random random = {100 + grower->index};
	struct checked blocks[6] = {{0}};
	unsigned int i;
	bool grew;

	while (!atomic_load(&race_over) && !grower->wrong) {
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

static void race_one_way(const char *way, long duration_ns)
{
	struct racer racers[GROWERS + RACERS] = {{0}};
	struct timespec duration = {0, duration_ns};
	unsigned int i;

	if (!start(way, GROWERS))
		return;
	atomic_store(&race_over, false);
	for (i = 0; i < GROWERS + RACERS; i++) {
		racers[i].index = i;
		assert_int_equal(
			pthread_create(&racers[i].thread, NULL,
				       i < GROWERS ? grow_in_the_race : race,
				       &racers[i]),
			0);
	}
	nanosleep(&duration, NULL);
	atomic_store(&race_over, true);
	for (i = 0; i < GROWERS + RACERS; i++)
		pthread_join(racers[i].thread, NULL);
	for (i = 0; i < GROWERS + RACERS; i++)
		if (racers[i].wrong)
			fail_msg("%s: %s after %llu steps", way,
				 racers[i].wrong,
				 (unsigned long long)racers[i].steps);
	heaps_close(&heaps);
}

static void
threads_that_map_at_random_neither_lose_nor_take_a_byte(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < WAYS; i++)
		race_one_way(ways[i], 150 * 1000000L);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_over_two_mappings_is_copied),
		cmocka_unit_test(at_rlimit_as_a_block_grows_or_stays_as_it_was),
		cmocka_unit_test(
			near_max_map_count_a_block_grows_or_stays_as_it_was),
		cmocka_unit_test(ranges_with_their_margins_are_released_whole),
		cmocka_unit_test(
			threads_that_map_at_random_neither_lose_nor_take_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
