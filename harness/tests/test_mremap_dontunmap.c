/*
 * test_mremap_dontunmap - planted failures, and a kernel that moves one mapping
 * at a time: no byte is lost, and nothing that is another's is touched.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "tests/growing.h"

/* wrap: mremap mmap munmap madvise mprotect */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define FOREIGN 0x5a /* what another thread writes to its pages */
#define NEVER 1000000

void *__real_mremap(void *old, size_t size, size_t new_size, int flags, ...);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);
int __real_munmap(void *address, size_t size);
int __real_madvise(void *address, size_t size, int advice);
int __real_mprotect(void *address, size_t size, int protection);

/* What goes wrong, and what was seen of it. */
static struct {
	unsigned int moves_until; /* calls that move, until one fails */
	int extend_error; /* of mremap without MREMAP_MAYMOVE */
	int renew_error; /* of mmap(MAP_FIXED) */
	int map_error; /* of mmap(NULL) */
	int munmap_error;
	bool tail_taken; /* what is unmapped next is another's at once */
	bool old; /* a kernel that moves one mapping at a time */

	unsigned int moves;
	void *advised; /* the start of what was advised last */
	size_t advised_size;
	unsigned int advised_moves; /* moves before that */
	unsigned char *foreign; /* what the other thread mapped */
	size_t foreign_size;
	unsigned int foreign_touched; /* calls that reached into it */
} planted;

static struct heaps heaps;

/* Another thread is quicker: maps there, and writes. */
static void take(unsigned char *at, size_t size)
{
	assert_non_null(at);
	assert_ptr_equal(
		__real_mmap(at, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
			    -1, 0),
		at);
	memset(at, FOREIGN, size);
	planted.foreign = at;
	planted.foreign_size = size;
}

static void see(const void *address, size_t size)
{
	uintptr_t start = (uintptr_t)address;
	uintptr_t foreign = (uintptr_t)planted.foreign;

	if (foreign && start < foreign + planted.foreign_size &&
	    start + size > foreign)
		planted.foreign_touched++;
}

static void *fails(int error)
{
	errno = error;
	return MAP_FAILED;
}

void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags, ...)
{
	void *to = NULL;
	va_list list;

	va_start(list, flags);
	if (flags & MREMAP_FIXED)
		to = va_arg(list, void *);
	va_end(list);
	see(old, size);
	see(to, to ? new_size : 0);
	if (planted.old && heaps_seams(old, size)) {
		if (to)
			__real_munmap(to, new_size);
		return fails(EFAULT);
	}
	if (!to && planted.extend_error)
		return fails(planted.extend_error);
	if (to && planted.moves++ == planted.moves_until) {
		/* The destination goes first. */
		__real_munmap(to, new_size);
		take(to, new_size);
		return fails(ENOMEM);
	}
	return __real_mremap(old, size, new_size, flags, to);
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	see(address, flags & MAP_FIXED ? size : 0);
	if (!address && planted.map_error)
		return fails(planted.map_error);
	if (address && flags & MAP_FIXED && planted.renew_error) {
		__real_munmap(address, size);
		take(address, size);
		return fails(planted.renew_error);
	}
	return __real_mmap(address, size, protection, flags, fd, offset);
}

int __wrap_munmap(void *address, size_t size)
{
	int result;

	see(address, size);
	if (planted.munmap_error) {
		errno = planted.munmap_error;
		return -1;
	}
	result = __real_munmap(address, size);
	if (result == 0 && planted.tail_taken) {
		planted.tail_taken = false;
		take(address, size);
	}
	return result;
}

int __wrap_madvise(void *address, size_t size, int advice)
{
	see(address, size);
	if (advice == MADV_HUGEPAGE) {
		planted.advised = address;
		planted.advised_size = size;
		planted.advised_moves = planted.moves;
	}
	return __real_madvise(address, size, advice);
}

int __wrap_mprotect(void *address, size_t size, int protection)
{
	see(address, size);
	return __real_mprotect(address, size, protection);
}

static struct heap *start(const char *options)
{
	char spelling[SPEC_TEXT_MAX];

	memset(&planted, 0, sizeof(planted));
	planted.moves_until = NEVER;
	snprintf(spelling, sizeof(spelling), "mremap-dontunmap%s", options);
	if (heaps_open(&heaps, spelling, 1, 64 * MIB)) {
		print_message("# %s: %s\n", spelling, heaps.why);
		skip();
	}
	planted.moves = 0;
	return heaps_of(&heaps, 0);
}

/* What another mapped is as it was, and goes for the next test. */
static void stop(void)
{
	size_t i;

	heaps_close(&heaps);
	assert_int_equal(planted.foreign_touched, 0);
	for (i = 0; i < planted.foreign_size; i++)
		assert_int_equal(planted.foreign[i], FOREIGN);
	if (planted.foreign)
		__real_munmap(planted.foreign, planted.foreign_size);
	memset(&planted, 0, sizeof(planted));
}

static const char *const tails[] = {"", ":tail=map"};

static void the_range_that_a_move_leaves_serves_the_next(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct heap *heap = start(tails[i]);
		const struct tally *tally = &heap->recorder->tally;
		struct checked block = block_of(heap, MIB);
		struct checked second = block_of(heap, 100 * KIB);
		unsigned char *left = block.bytes, *taken;
		size_t k;

		assert_true(grow(heap, &block, 3 * MIB));
		assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
		assert_int_equal(tally->bytes_moved, MIB);
		assert_int_equal(tally->destinations_fresh, 1);
		assert_int_equal(tally->refills[REFILL_DONE], 1);
		assert_true(grow(heap, &second, 300 * KIB));
		assert_ptr_equal(second.bytes, left);
		assert_int_equal(tally->destinations_owned, 1);
		taken = heap_alloc(heap, MIB - 300 * KIB);
		assert_ptr_equal(taken, left + 300 * KIB);
		for (k = 0; k < MIB - 300 * KIB; k++)
			assert_int_equal(taken[k], 0);
		heap_release(heap, taken, MIB - 300 * KIB);
		checked_release(heap, &second);
		checked_release(heap, &block);
		stop();
	}
}

/* Grows a block ten times, a little less than twofold. */
static void grow_ten_times(struct heap *heap, struct checked *block)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		assert_true(grow(heap, block, block->size / 3 * 5 + 4096 + i));
}

static void extending_keeps_one_mapping_and_mapping_adds_one(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct heap *heap = start(tails[i]);
		struct checked block = block_of(heap, 30 * KIB), left;

		grow_ten_times(heap, &block);
		assert_int_equal(grown(heap, OUTCOME_MOVED), 10);
		if (!SANITIZED)
			assert_int_equal(heaps_seams(block.bytes, block.size),
					 i ? 10 : 0);
		/* What it leaves is one mapping in any case. */
		left = block;
		assert_true(grow(heap, &block, 2 * block.size));
		if (!SANITIZED)
			assert_int_equal(heaps_seams(left.bytes, left.size), 0);
		checked_release(heap, &block);
		stop();
	}
}

static void no_growth_unmaps_what_another_could_take(void **state)
{
	struct heap *heap = start(":tail=map");
	struct checked block = block_of(heap, 30 * KIB);

	(void)state;
	planted.munmap_error = EPERM;
	grow_ten_times(heap, &block);
	assert_int_equal(heap->recorder->tally.failed_calls[EPERM], 0);
	planted.munmap_error = 0;
	checked_release(heap, &block);
	stop();
}

static void a_kernel_that_moves_one_mapping_at_a_time_copies_none(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct heap *heap = start(tails[i]);
		struct checked block = block_of(heap, 30 * KIB);
		size_t size;

		planted.old = true;
		grow_ten_times(heap, &block);
		/* Across seams, and to one: a mapping less each time. */
		for (size = block.size; size > 60 * KIB; size = size * 3 / 5) {
			assert_ptr_equal(heap->allocator->shrink(
						 heap, block.bytes, block.size,
						 size & ~(4 * KIB - 1)),
					 block.bytes);
			block.size = size & ~(4 * KIB - 1);
			assert_true(grow(heap, &block, block.size + 1));
		}
		assert_int_equal(grown(heap, OUTCOME_COPIED), 0);
		checked_release(heap, &block);
		stop();
	}
}

/* 500 KiB of three mappings. */
static struct checked seamed_block(struct heap *heap)
{
	struct checked block = block_of(heap, 100 * KIB);

	assert_true(grow(heap, &block, 200 * KIB));
	assert_true(grow(heap, &block, 500 * KIB));
	return block;
}

/* A block where another was is moved by one call. */
static void moves_as_one(struct heap *heap, unsigned char *there, size_t size)
{
	struct checked next = block_of(heap, size);

	if (next.bytes != there)
		print_message("# something else is there now\n");
	planted.moves = 0;
	assert_true(grow(heap, &next, 600 * KIB));
	assert_int_equal(planted.moves, 1);
	checked_release(heap, &next);
}

static void a_new_block_has_no_seams_of_one_that_was_there(void **state)
{
	struct heap *heap = start(":tail=map");
	struct checked block = seamed_block(heap);
	unsigned char *there = block.bytes;

	(void)state;
	checked_release(heap, &block);
	moves_as_one(heap, there, 500 * KIB);
	stop();
}

static void a_new_block_has_no_seams_of_one_that_shrank(void **state)
{
	struct heap *heap = start(":tail=map");
	struct checked block = seamed_block(heap);

	(void)state;
	assert_non_null(
		heap->allocator->shrink(heap, block.bytes, block.size, 1));
	block.size = 1;
	moves_as_one(heap, block.bytes + 4 * KIB, 496 * KIB);
	checked_release(heap, &block);
	stop();
}

static void a_tail_that_another_takes_is_left_to_it_and_copied(void **state)
{
	struct heap *heap = start("");
	struct checked block = block_of(heap, MIB);

	(void)state;
	planted.tail_taken = true;
	assert_true(grow(heap, &block, 3 * MIB));
	assert_int_equal(grown(heap, OUTCOME_COPIED), 1);
	assert_int_equal(heap->recorder->tally.failed_calls[EEXIST], 1);
	assert_true(grow(heap, &block, 4 * MIB));
	assert_int_equal(grown(heap, OUTCOME_MOVED), 1);
	checked_release(heap, &block);
	stop();
}

static void a_tail_that_cannot_be_extended_is_mapped(void **state)
{
	struct heap *heap = start("");
	struct checked block = block_of(heap, MIB);

	(void)state;
	planted.old = true;
	planted.extend_error = ENOMEM;
	assert_true(grow(heap, &block, 2 * MIB));
	assert_int_equal(grown(heap, OUTCOME_MOVED), 1);
	planted.extend_error = 0;
	assert_true(grow(heap, &block, 3 * MIB));
	assert_true(grow(heap, &block, 4 * MIB));
	assert_int_equal(grown(heap, OUTCOME_MOVED), 3);
	if (!SANITIZED)
		assert_int_equal(heaps_seams(block.bytes, block.size), 1);
	checked_release(heap, &block);
	stop();
}

static void a_tail_that_cannot_be_unmapped_is_kept_and_copied(void **state)
{
	struct heap *heap = start("");
	struct checked block = block_of(heap, MIB);
	struct checked second = block_of(heap, 2 * MIB);

	(void)state;
	planted.munmap_error = ENOMEM;
	assert_true(grow(heap, &block, 3 * MIB));
	planted.munmap_error = 0;
	assert_int_equal(grown(heap, OUTCOME_COPIED), 1);
	/* What could not be unmapped is used. */
	assert_true(grow(heap, &second, 3 * MIB));
	checked_release(heap, &second);
	assert_int_equal(heap->recorder->tally.destinations_owned, 1);
	checked_release(heap, &block);
	stop();
}

/* Four mappings, of which the moves before the failing one are made. */
static void fail_the_move(unsigned int until, bool memory)
{
	struct heap *heap = start(":tail=map");
	struct checked block = block_of(heap, 300 * KIB);
	unsigned int i;

	for (i = 0; i < 3; i++)
		assert_true(grow(heap, &block, block.size + 100 * KIB + 1));
	planted.old = true;
	if (!memory) {
		/* A destination is kept, and nothing else is to be had. */
		struct checked other = block_of(heap, 2 * MIB);

		assert_true(grow(heap, &other, 3 * MIB));
		checked_release(heap, &other);
		planted.map_error = ENOMEM;
	}
	planted.moves = 0;
	planted.moves_until = until;
	assert_int_equal(grow(heap, &block, MIB), memory);
	assert_int_equal(grown(heap, OUTCOME_COPIED), memory);
	assert_int_equal(grown(heap, OUTCOME_FAILED), !memory);
	assert_non_null(planted.foreign);
	planted.moves_until = NEVER;
	planted.map_error = 0;
	assert_true(grow(heap, &block, 2 * MIB));
	assert_true(grow(heap, &block, 3 * MIB));
	assert_int_equal(grown(heap, OUTCOME_COPIED), memory);
	checked_release(heap, &block);
	stop();
}

static void a_failed_move_is_put_together_from_both_places(void **state)
{
	unsigned int until;

	(void)state;
	for (until = 0; until < 4; until++)
		fail_the_move(until, true);
}

static void without_memory_a_failed_move_leaves_the_block(void **state)
{
	unsigned int until;

	(void)state;
	for (until = 0; until < 4; until++)
		fail_the_move(until, false);
}

static void a_range_that_cannot_be_mapped_anew_is_left_alone(void **state)
{
	struct heap *heap = start(":tail=map");
	struct checked block = block_of(heap, MIB), small, next;

	(void)state;
	small = block_of(heap, 100 * KIB);
	assert_true(grow(heap, &block, 3 * MIB));
	/* The end of a kept destination is mapped anew. */
	planted.renew_error = ENOMEM;
	assert_true(grow(heap, &small, 300 * KIB));
	assert_int_equal(grown(heap, OUTCOME_COPIED), 1);
	planted.renew_error = 0;
	assert_non_null(planted.foreign);
	assert_true(grow(heap, &small, 400 * KIB));
	next = block_of(heap, 64 * KIB);
	checked_release(heap, &next);
	checked_release(heap, &small);
	checked_release(heap, &block);
	stop();
}

static void a_grown_block_is_advised_as_a_whole(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct heap *heap = start(tails[i]);
		struct checked block;

		heap->thp_advise = true;
		block = block_of(heap, MIB);
		assert_null(planted.advised);
		assert_true(grow(heap, &block, 4 * MIB));
		assert_ptr_equal(planted.advised, block.bytes);
		assert_int_equal(planted.advised_size, 4 * MIB);
		assert_int_equal(planted.advised_moves, 1);
		/* Advised in part, it would be two mappings more. */
		if (!SANITIZED)
			assert_int_equal(heaps_seams(block.bytes, block.size),
					 i);
		checked_release(heap, &block);
		stop();
	}
}

static void a_kernel_without_the_flag_is_told(void **state)
{
	memset(&planted, 0, sizeof(planted)); /* the first move fails */
	(void)state;
	assert_int_equal(heaps_open(&heaps, "mremap-dontunmap", 1, MIB),
			 -ENOMEM);
	assert_non_null(strstr(heaps.why, "MREMAP_DONTUNMAP (Linux 5.7)"));
	/* The probe's own unmapping cannot know that a page was taken. */
	planted.foreign = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_range_that_a_move_leaves_serves_the_next),
		cmocka_unit_test(
			extending_keeps_one_mapping_and_mapping_adds_one),
		cmocka_unit_test(no_growth_unmaps_what_another_could_take),
		cmocka_unit_test(
			a_kernel_that_moves_one_mapping_at_a_time_copies_none),
		cmocka_unit_test(
			a_new_block_has_no_seams_of_one_that_was_there),
		cmocka_unit_test(a_new_block_has_no_seams_of_one_that_shrank),
		cmocka_unit_test(
			a_tail_that_another_takes_is_left_to_it_and_copied),
		cmocka_unit_test(a_tail_that_cannot_be_extended_is_mapped),
		cmocka_unit_test(
			a_tail_that_cannot_be_unmapped_is_kept_and_copied),
		cmocka_unit_test(
			a_failed_move_is_put_together_from_both_places),
		cmocka_unit_test(without_memory_a_failed_move_leaves_the_block),
		cmocka_unit_test(
			a_range_that_cannot_be_mapped_anew_is_left_alone),
		cmocka_unit_test(a_grown_block_is_advised_as_a_whole),
		cmocka_unit_test(a_kernel_without_the_flag_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
