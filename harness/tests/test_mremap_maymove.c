/* test_mremap_maymove - in place, moved and copied are told by what happened. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "tests/growing.h"

/* wrap: mremap */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

void *__real_mremap(void *old, size_t size, size_t new_size, int flags, ...);

static int mremap_error; /* planted; 0: none */
static unsigned int mremap_calls;

void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags, ...)
{
	mremap_calls++;
	if (mremap_error == 0)
		return __real_mremap(old, size, new_size, flags);
	errno = mremap_error;
	return MAP_FAILED;
}

static struct heaps heaps;

static struct heap *start(const char *spelling)
{
	mremap_error = 0;
	mremap_calls = 0;
	if (heaps_open(&heaps, spelling, 1, 8 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	heaps.recorders[0].phases_on = true;
	return heaps_of(&heaps, 0);
}

static void growth_into_free_space_is_in_place_and_a_mapping_phase(void **state)
{
	struct heap *heap = start("mremap-maymove");
	struct checked block = {0};

	(void)state;
	assert_true(checked_alloc(heap, &block, 4 * MIB, 1));
	assert_non_null(
		heap->allocator->shrink(heap, block.bytes, 4 * MIB, MIB));
	block.size = MIB;
	grows(heap, &block, 2 * MIB);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_IN_PLACE], 1);
	assert_int_equal(heap->recorder->phase, PHASE_MAP);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void growth_against_a_neighbour_moves_and_tallies_the_phase(void **state)
{
	struct heap *heap = start("mremap-maymove");
	const struct tally *tally = &heap->recorder->tally;
	struct checked block = {0};
	void *neighbour, *before;
	enum move_phase phase;

	(void)state;
	assert_true(checked_alloc(heap, &block, MIB, 1));
	neighbour = mmap(block.bytes + MIB, heap->page_size, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			 0); /* or something is there already */
	before = block.bytes;
	grows(heap, &block, 2 * MIB);
	assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
	assert_int_equal(tally->bytes_moved, MIB);
	assert_int_equal(tally->destinations_fresh, 1);
	phase = move_phase(before, block.bytes, heap->page_size);
	assert_int_equal(tally->moves[phase], 1);
	assert_int_equal(heap->recorder->phase, PHASE_MOVE);
	checked_release(heap, &block);
	if (neighbour != MAP_FAILED)
		munmap(neighbour, heap->page_size);
	heaps_close(&heaps);
}

static void blocks_below_the_threshold_are_copied(void **state)
{
	struct heap *heap = start("mremap-maymove:threshold=1M");
	const struct tally *tally = &heap->recorder->tally;
	struct checked block = {0};

	(void)state;
	assert_true(checked_alloc(heap, &block, MIB - 1, 1));
	grows(heap, &block, MIB + 1);
	assert_int_equal(tally->growths[OUTCOME_COPIED], 1);
	assert_int_equal(tally->bytes_copied, MIB - 1);
	assert_int_equal(mremap_calls, 0);
	grows(heap, &block, 2 * MIB);
	assert_int_equal(mremap_calls, 1);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void a_refused_mremap_fails_the_growth_and_copies_nothing(void **state)
{
	struct heap *heap = start("mremap-maymove");
	const struct tally *tally = &heap->recorder->tally;
	struct checked block = {0};
	bool grew;

	(void)state;
	assert_true(checked_alloc(heap, &block, MIB, 1));
	mremap_error = ENOMEM;
	assert_null(checked_grow(heap, &block, 2 * MIB, &grew));
	assert_false(grew);
	assert_int_equal(tally->growths[OUTCOME_FAILED], 1);
	assert_int_equal(tally->failed_calls[ENOMEM], 1);
	assert_int_equal(tally->bytes_copied, 0);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			growth_into_free_space_is_in_place_and_a_mapping_phase),
		cmocka_unit_test(
			growth_against_a_neighbour_moves_and_tallies_the_phase),
		cmocka_unit_test(blocks_below_the_threshold_are_copied),
		cmocka_unit_test(
			a_refused_mremap_fails_the_growth_and_copies_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
