/* test_mremap_in_place - extended where it can be, else copied, else failed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "tests/growing.h"

/* wrap: mremap mmap */

#define MIB ((size_t)1 << 20)

void *__real_mremap(void *old, size_t size, size_t new_size, int flags, ...);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);

static int mremap_flags; /* all that were ever passed */
static int mremap_error; /* planted; 0: none */
static int mmap_error;

void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags, ...)
{
	mremap_flags |= flags;
	if (mremap_error == 0)
		return __real_mremap(old, size, new_size, flags);
	errno = mremap_error;
	return MAP_FAILED;
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	if (mmap_error == 0)
		return __real_mmap(address, size, protection, flags, fd,
				   offset);
	errno = mmap_error;
	return MAP_FAILED;
}

static struct heaps heaps;

static struct heap *start(struct checked *block)
{
	mremap_flags = 0;
	mremap_error = 0;
	mmap_error = 0;
	if (heaps_open(&heaps, "mremap-in-place", 1, 8 * MIB))
		fail_msg("%s", heaps.why);
	*block = (struct checked){0};
	assert_true(checked_alloc(heaps_of(&heaps, 0), block, 4 * MIB, 1));
	return heaps_of(&heaps, 0);
}

static bool grow_in_place(struct heap *heap, struct checked *block,
			  size_t new_size)
{
	bool grew = grow(heap, block, new_size);

	assert_int_equal(mremap_flags, 0);
	return grew;
}

static void into_free_space_the_block_is_extended(void **state)
{
	struct checked block;
	struct heap *heap = start(&block);

	(void)state;
	assert_non_null(
		heap->allocator->shrink(heap, block.bytes, 4 * MIB, MIB));
	block.size = MIB;
	assert_true(grow_in_place(heap, &block, 2 * MIB + 1));
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_IN_PLACE], 1);
	assert_true(grow_in_place(heap, &block, 2 * MIB + 2));
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_SLACK], 1);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void against_a_neighbour_the_block_is_copied(void **state)
{
	struct checked block;
	struct heap *heap = start(&block);
	const struct tally *tally = &heap->recorder->tally;

	(void)state;
	/* Or something is there already. */
	(void)mmap(block.bytes + 4 * MIB, heap->page_size, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	assert_true(grow_in_place(heap, &block, 5 * MIB));
	assert_int_equal(tally->growths[OUTCOME_COPIED], 1);
	assert_int_equal(tally->bytes_copied, 4 * MIB);
	assert_int_equal(tally->failed_calls[ENOMEM], 1);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void without_memory_for_the_copy_the_block_stays(void **state)
{
	struct checked block;
	struct heap *heap = start(&block);
	const struct tally *tally = &heap->recorder->tally;

	(void)state;
	mremap_error = EFAULT;
	mmap_error = ENOMEM;
	assert_false(grow_in_place(heap, &block, 5 * MIB));
	assert_int_equal(tally->growths[OUTCOME_FAILED], 1);
	assert_int_equal(tally->failed_calls[EFAULT], 1);
	assert_int_equal(tally->failed_calls[ENOMEM], 1);
	mmap_error = 0;
	assert_true(grow_in_place(heap, &block, 5 * MIB));
	checked_release(heap, &block);
	heaps_close(&heaps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(into_free_space_the_block_is_extended),
		cmocka_unit_test(against_a_neighbour_the_block_is_copied),
		cmocka_unit_test(without_memory_for_the_copy_the_block_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
