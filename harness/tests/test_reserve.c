/*
 * test_reserve - within its reservation a block never moves; beyond it it does,
 * and says so; what shrinks is given back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "tests/growing.h"

/* wrap: mprotect munmap madvise */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

int __real_mprotect(void *address, size_t size, int protection);
int __real_munmap(void *address, size_t size);
int __real_madvise(void *address, size_t size, int advice);

static int mprotect_error; /* planted; 0: none */
static unsigned int munmap_fails; /* the call that fails, from 1; 0: none */

static size_t advised; /* bytes, MADV_HUGEPAGE, at last */

int __wrap_madvise(void *address, size_t size, int advice)
{
	if (advice == MADV_HUGEPAGE)
		advised = size;
	return __real_madvise(address, size, advice);
}

int __wrap_mprotect(void *address, size_t size, int protection)
{
	if (mprotect_error == 0)
		return __real_mprotect(address, size, protection);
	errno = mprotect_error;
	return -1;
}

int __wrap_munmap(void *address, size_t size)
{
	if (munmap_fails == 0 || --munmap_fails > 0)
		return __real_munmap(address, size);
	errno = ENOMEM;
	return -1;
}

static struct heaps heaps;
static uint64_t mapped_before;

static struct heap *start(const char *spelling, size_t block_size_max)
{
	mprotect_error = 0;
	munmap_fails = 0;
	if (heaps_open(&heaps, spelling, 1, block_size_max))
		fail_msg("%s: %s", spelling, heaps.why);
	mapped_before = heaps_map().mapped_bytes;
	return heaps_of(&heaps, 0);
}

static void maps(uint64_t bytes)
{
	if (!SANITIZED)
		assert_int_equal(heaps_map().mapped_bytes - mapped_before,
				 bytes);
}

static void stop(void)
{
	maps(0);
	heaps_close(&heaps);
}

static void shrink(struct heap *heap, struct checked *block, size_t new_size)
{
	assert_ptr_equal(heap->allocator->shrink(heap, block->bytes,
						 block->size, new_size),
			 block->bytes);
	block->size = new_size;
	assert_true(checked_intact(block));
}

static void up_to_the_workloads_largest_a_block_never_moves(void **state)
{
	struct heap *heap = start("reserve", 8 * MIB);
	struct checked block = block_of(heap, 1);
	unsigned char *there = block.bytes;
	size_t size;

	(void)state;
	maps(8 * MIB);
	for (size = 100 * KIB; size <= 8 * MIB; size += 79 * KIB) {
		assert_true(grow(heap, &block, size));
		if (!SANITIZED)
			assert_int_equal(heaps_seams(there, 8 * MIB), 1);
	}
	assert_true(grow(heap, &block, 8 * MIB));
	assert_ptr_equal(block.bytes, there);
	assert_int_equal(heaps_growths(&heap->recorder->tally),
			 grown(heap, OUTCOME_IN_PLACE));
	maps(8 * MIB);
	checked_release(heap, &block);
	stop();
}

static void without_a_largest_block_a_gibibyte_is_reserved(void **state)
{
	static const size_t unknown[] = {0, SIZE_MAX, SIZE_MAX / 2};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct heap *heap = start("reserve", unknown[i]);
		struct checked block = block_of(heap, 1);

		maps(1024 * MIB);
		checked_release(heap, &block);
		stop();
	}
}

static void a_block_that_outgrows_its_reservation_is_copied(void **state)
{
	struct heap *heap = start("reserve:ahead=1M", 8 * MIB);
	struct checked block = block_of(heap, MIB - 1);

	(void)state;
	assert_true(grow(heap, &block, MIB));
	assert_true(grow(heap, &block, MIB + 1));
	assert_int_equal(grown(heap, OUTCOME_COPIED), 1);
	assert_int_equal(heap->recorder->tally.bytes_copied, MIB);
	maps(2 * MIB);
	assert_true(grow(heap, &block, 2 * MIB));
	assert_int_equal(grown(heap, OUTCOME_IN_PLACE), 1);
	mprotect_error = ENOMEM;
	assert_false(grow(heap, &block, 3 * MIB));
	mprotect_error = 0;
	maps(2 * MIB);
	checked_release(heap, &block);
	stop();
}

static void a_refused_commit_fails_and_leaves_the_block(void **state)
{
	struct heap *heap = start("reserve", 8 * MIB);
	struct checked block = block_of(heap, MIB);

	(void)state;
	mprotect_error = ENOMEM;
	assert_false(grow(heap, &block, 2 * MIB));
	assert_null(heap_alloc(heap, MIB));
	assert_int_equal(heap->recorder->tally.failed_calls[ENOMEM], 2);
	mprotect_error = 0;
	maps(8 * MIB);
	assert_true(grow(heap, &block, 2 * MIB));
	checked_release(heap, &block);
	stop();
}

static void what_is_not_committed_cannot_be_touched(void **state)
{
	static const size_t sizes[] = {2 * MIB, MIB};
	struct checked block;
	struct heap *heap;
	unsigned int i;

	(void)state;
	if (SANITIZED)
		skip(); /* it catches the signal */
	heap = start("reserve", 8 * MIB);
	block = block_of(heap, 2 * MIB);
	for (i = 0; i < 2; i++) {
		int status;
		pid_t child;

		if (i)
			shrink(heap, &block, sizes[i]);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			signal(SIGSEGV, SIG_DFL); /* not cmocka's */
			*(volatile unsigned char *)&block.bytes[sizes[i]] = 1;
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSEGV);
	}
	checked_release(heap, &block);
	stop();
}

static void what_shrinks_gives_its_memory_back(void **state)
{
	struct heap *heap = start("reserve:ahead=2M", 8 * MIB);
	struct checked block = block_of(heap, 5 * MIB);
	unsigned char resident[512];
	unsigned int i;

	(void)state;
	maps(6 * MIB);
	shrink(heap, &block, MIB);
	maps(2 * MIB);
	assert_int_equal(mincore(block.bytes + MIB, MIB, resident), 0);
	for (i = 0; i < MIB / heap->page_size; i++)
		assert_false(resident[i] & 1);
	assert_true(grow(heap, &block, 2 * MIB));
	assert_int_equal(grown(heap, OUTCOME_IN_PLACE), 1);
	checked_release(heap, &block);
	/* What was committed is as what never was: one mapping. */
	block = block_of(heap, MIB);
	shrink(heap, &block, 1);
	if (!SANITIZED)
		assert_int_equal(heaps_seams(block.bytes, 2 * MIB), 1);
	checked_release(heap, &block);
	stop();
}

static void a_refused_shrink_loses_nothing(void **state)
{
	struct heap *heap = start("reserve:ahead=2M", 8 * MIB);
	struct checked block = block_of(heap, 5 * MIB);

	(void)state;
	munmap_fails = 1;
	assert_null(
		heap->allocator->shrink(heap, block.bytes, block.size, MIB));
	assert_true(checked_intact(&block));
	/* It stays committed; smaller it is all the same. */
	mprotect_error = ENOMEM;
	shrink(heap, &block, MIB);
	mprotect_error = 0;
	maps(2 * MIB);
	assert_true(grow(heap, &block, 2 * MIB));
	checked_release(heap, &block);
	stop();
}

static void an_aligned_block_has_a_reservation_like_others(void **state)
{
	struct heap *heap = start("reserve:ahead=1M", 8 * MIB);
	struct checked block = {.size = 300 * KIB, .key = 3};
	unsigned int call;

	(void)state;
	block.bytes = heap->allocator->alloc_aligned(heap, 4 * MIB, block.size);
	assert_int_equal((uintptr_t)block.bytes % (4 * MIB), 0);
	checked_fill(&block, 0);
	maps(MIB);
	assert_true(grow(heap, &block, MIB));
	assert_int_equal(grown(heap, OUTCOME_IN_PLACE), 1);
	for (call = 1; call <= 2; call++) {
		munmap_fails = call;
		assert_null(heap->allocator->alloc_aligned(heap, 4 * MIB, MIB));
		maps(MIB);
	}
	checked_release(heap, &block);
	stop();
}

static void a_reservation_is_advised_as_a_whole(void **state)
{
	struct heap *heap = start("reserve", 8 * MIB);
	struct checked block;

	(void)state;
	heap->thp_advise = true;
	block = block_of(heap, MIB);
	assert_true(grow(heap, &block, 5 * MIB));
	assert_int_equal(advised, 8 * MIB);
	if (!SANITIZED)
		assert_int_equal(heaps_seams(block.bytes, 8 * MIB), 1);
	checked_release(heap, &block);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			up_to_the_workloads_largest_a_block_never_moves),
		cmocka_unit_test(
			without_a_largest_block_a_gibibyte_is_reserved),
		cmocka_unit_test(
			a_block_that_outgrows_its_reservation_is_copied),
		cmocka_unit_test(a_refused_commit_fails_and_leaves_the_block),
		cmocka_unit_test(what_is_not_committed_cannot_be_touched),
		cmocka_unit_test(what_shrinks_gives_its_memory_back),
		cmocka_unit_test(a_refused_shrink_loses_nothing),
		cmocka_unit_test(
			an_aligned_block_has_a_reservation_like_others),
		cmocka_unit_test(a_reservation_is_advised_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
