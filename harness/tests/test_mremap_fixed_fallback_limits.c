/*
 * test_mremap_fixed_fallback_limits - failures that the kernel really makes,
 * and threads that really race: no byte is lost.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/limits.h"

#define WAY(options) "mremap-fixed-fallback:threshold=64K" options

/* Every way to move; each is tried in each test. */
static const char *const ways[] = {
	WAY(":dest=fresh:hole=leave"),
	WAY(":hole=refill"),
	WAY(":dest=fresh:hole=refill-none"),
	WAY(":hole=reserve"),
	WAY(":inplace=yes"),
	WAY(":hole=leave:phase=pmd"),
	WAY(":hole=refill:phase=mismatch"),
	WAY(":hole=reserve:phase=unaligned"),
	WAY(":hole=refill:phase=pud"),
};
#define WAYS (sizeof(ways) / sizeof(*ways))

static void a_source_over_two_mappings_is_copied(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned int i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		struct heap *heap = limits_start(ways[i], 1);
		struct checked block = {0};
		const struct tally *tally;

		if (!heap)
			continue;
		tally = &heap->recorder->tally;
		assert_true(checked_alloc(heap, &block, 300 * KIB, i));
		limits_grow(heap, &block, MIB);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
		assert_int_equal(
			mprotect(block.bytes + 10 * page, page, PROT_READ), 0);
		limits_grow(heap, &block, 3 * MIB + 1);
		assert_int_equal(tally->growths[OUTCOME_COPIED], 1);
		assert_true(tally->failed_calls[EFAULT] >= 1);
		limits_grow(heap, &block, 4 * MIB + 1);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 2);
		checked_release(heap, &block);
		heaps_close(&limits_heaps);
	}
}

static void at_rlimit_as_a_block_grows_or_stays_as_it_was(void **state)
{
	(void)state;
	limits_of_address_space(ways, WAYS);
}

static void near_max_map_count_a_block_grows_or_stays_as_it_was(void **state)
{
	(void)state;
	limits_of_mappings(ways, WAYS);
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
			limits_grow(heap, block, size);
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
		heap = limits_start(ways[i], 1);
		if (!heap)
			continue;
		opened = heaps_map().mapped_bytes;
		churn(heap);
		assert_true(heap->recorder->tally.growths[OUTCOME_MOVED] > 20);
		released = heaps_map().mapped_bytes;
		heaps_close(&limits_heaps);
		if (SANITIZED)
			continue;
		if (!keeps)
			assert_int_equal(released, opened);
		assert_int_equal(heaps_map().mapped_bytes, before);
	}
}

static void
threads_that_map_at_random_neither_lose_nor_take_a_byte(void **state)
{
	(void)state;
	limits_of_races(ways, WAYS);
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
