/* test_mremap_maymove_keep - moving blocks without unmapping: keep=. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "tests/growing.h"

/* wrap: mremap mmap */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

void *__real_mremap(void *old, size_t size, size_t new_size, int flags,
		    void *to);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);

static int move_error; /* planted in moves; 0: none */
static int refill_error; /* planted in mmap(MAP_FIXED_NOREPLACE) */
static bool intruder; /* maps a page where a block has just left */
static unsigned char *intruded;

void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags,
		    void *to)
{
	void *moved;

	if (move_error && flags & MREMAP_FIXED) {
		/*
		 * As the kernels do that unmap first and fail then; by which
		 * time another thread has mapped something there.
		 */
		intruded = __real_mmap(to, new_size, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				       -1, 0);
		*intruded = 77;
		errno = move_error;
		return MAP_FAILED;
	}
	moved = __real_mremap(old, size, new_size, flags, to);
	if (intruder && moved != MAP_FAILED && moved != old) {
		intruded = __real_mmap(old, 4096, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				       -1, 0);
		*intruded = 77;
	}
	return moved;
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	if (refill_error && flags & MAP_FIXED_NOREPLACE) {
		errno = refill_error;
		return MAP_FAILED;
	}
	return __real_mmap(address, size, protection, flags, fd, offset);
}

static const char *const modes[] = {"pages", "dontneed", "free", "none"};
#define MODES 4

static struct heaps heaps;

static struct heap *start(const char *mode)
{
	char spelling[64];

	move_error = 0;
	refill_error = 0;
	intruder = false;
	snprintf(spelling, sizeof(spelling), "mremap-maymove:keep=%s", mode);
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	return heaps_of(&heaps, 0);
}

static bool is_mapped(void *page)
{
	unsigned char present;

	return mincore(page, 1, &present) == 0;
}

static void a_move_leaves_a_range_that_the_next_block_gets(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < MODES; i++) {
		struct heap *heap = start(modes[i]);
		const struct tally *tally = &heap->recorder->tally;
		struct checked a = {0}, b = {0};
		unsigned char *left;

		assert_true(checked_alloc(heap, &a, 2 * MIB, 1));
		left = a.bytes;
		grows(heap, &a, 4 * MIB); /* to a new chunk of 4 MiB */
		assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
		assert_int_equal(tally->destinations_fresh, 1);
		assert_int_equal(tally->refills[REFILL_DONE], 1);
		assert_true(is_mapped(left));
		assert_true(checked_alloc(heap, &b, 2 * MIB, 2));
		assert_ptr_equal(b.bytes, left);
		checked_release(heap, &a);
		grows(heap, &b, 4 * MIB);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 2);
		assert_int_equal(tally->destinations_owned, 1);
		assert_int_equal(tally->refills[REFILL_DONE], 2);
		assert_int_equal(tally->bytes_copied, 0);
		checked_release(heap, &b);
		heaps_close(&heaps);
	}
}

/* What of all that lies between the lowest and the highest block is holes. */
static void growth_leaves_no_holes_and_few_mappings_in_kept_ranges(void **state)
{
	uint64_t left[MODES]; /* mappings, when all blocks are gone */
	unsigned int mode, i, step;

	(void)state;
	for (mode = 0; mode < MODES; mode++) {
		struct heap *heap = start(modes[mode]);
		struct map_holes before = heaps_map(), after;
		struct checked blocks[32] = {0};
		struct random random = {5};

		for (step = 0; step < 1500; step++) {
			struct checked *block =
				&blocks[random_below(&random, 32)];

			if (!block->bytes)
				assert_true(checked_alloc(heap, block, 8 * KIB,
							  step));
			else if (block->size < MIB)
				grows(heap, block, 2 * block->size);
			else
				checked_release(heap, block);
		}
		after = heaps_map();
		assert_true(after.holes <= before.holes + 1);
		for (i = 0; i < 32; i++)
			if (blocks[i].bytes)
				checked_release(heap, &blocks[i]);
		left[mode] = heaps_map().mappings - before.mappings;
		heaps_close(&heaps);
	}
	/*
	 * With their pages, ranges keep their mappings as well. Without, they
	 * merge but for neighbours that two blocks have faulted in (anon_vma).
	 */
	assert_true(left[1] < left[0] && left[1] < left[2]);
	assert_true(left[3] <= 3);
}

static void a_block_that_spans_two_mappings_is_copied(void **state)
{
	struct heap *heap = start("pages");
	const struct tally *tally = &heap->recorder->tally;
	struct checked low = {0}, block = {0};

	(void)state;
	/* All of a chunk; the lower half moves there, and keeps its mapping. */
	assert_true(checked_alloc(heap, &low, MIB, 1));
	grows(heap, &low, 2 * MIB + MIB);
	assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
	checked_release(heap, &low);
	assert_true(checked_alloc(heap, &block, 4 * MIB, 2));
	grows(heap, &block, 6 * MIB);
	assert_int_equal(tally->growths[OUTCOME_COPIED], 1);
	assert_int_equal(tally->bytes_copied, 4 * MIB);
	assert_int_equal(tally->failed_calls[EFAULT], 1);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void
a_refused_move_is_a_copy_and_its_destination_no_longer_ours(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < MODES; i++) {
		struct heap *heap = start(modes[i]);
		const struct tally *tally = &heap->recorder->tally;
		struct checked block = {0}, other = {0};

		assert_true(checked_alloc(heap, &block, 2 * MIB, 2));
		move_error = ENOMEM;
		grows(heap, &block, 4 * MIB);
		move_error = 0;
		assert_int_equal(tally->growths[OUTCOME_COPIED], 1);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 0);
		assert_int_equal(tally->bytes_copied, 2 * MIB);
		assert_ptr_not_equal(block.bytes, intruded);
		assert_true(checked_alloc(heap, &other, 4 * MIB, 3));
		assert_ptr_not_equal(other.bytes, intruded);
		grows(heap, &block, 5 * MIB);
		assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
		checked_release(heap, &block);
		checked_release(heap, &other);
		heaps_close(&heaps);
		assert_int_equal(*intruded, 77);
		munmap(intruded, 4 * MIB);
	}
}

static void without_room_for_a_copy_the_growth_fails(void **state)
{
	struct heap *heap = start("none");
	struct checked block = {0};
	bool grew;

	(void)state;
	assert_true(checked_alloc(heap, &block, MIB, 1));
	assert_null(checked_grow(heap, &block, (size_t)1 << 60, &grew));
	assert_false(grew);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_FAILED], 1);
	grows(heap, &block, 2 * MIB);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void what_another_mapped_where_a_block_left_is_not_touched(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < MODES; i++) {
		struct heap *heap = start(modes[i]);
		const struct tally *tally = &heap->recorder->tally;
		struct checked block = {0};

		assert_true(checked_alloc(heap, &block, 2 * MIB, 1));
		intruder = true;
		grows(heap, &block, 4 * MIB);
		intruder = false;
		assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
		assert_int_equal(tally->refills[REFILL_TAKEN], 1);
		assert_int_equal(tally->refills[REFILL_DONE], 0);
		checked_release(heap, &block);
		heaps_close(&heaps);
		assert_int_equal(*intruded, 77);
		munmap(intruded, (size_t)sysconf(_SC_PAGESIZE));
	}
}

static void
a_refill_that_is_refused_is_tallied_and_the_move_stands(void **state)
{
	struct heap *heap = start("dontneed");
	const struct tally *tally = &heap->recorder->tally;
	struct checked block = {0};
	unsigned char *left;

	(void)state;
	assert_true(checked_alloc(heap, &block, 2 * MIB, 1));
	left = block.bytes;
	refill_error = ENOMEM;
	grows(heap, &block, 4 * MIB);
	refill_error = 0;
	assert_int_equal(tally->growths[OUTCOME_MOVED], 1);
	assert_int_equal(tally->refills[REFILL_REFUSED], 1);
	assert_int_equal(tally->failed_calls[ENOMEM], 2); /* in place, too */
	assert_false(is_mapped(left));
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void blocks_below_the_threshold_are_copied_into_kept_ranges(void **state)
{
	struct checked block = {0};
	unsigned char *left;
	struct heap *heap;

	(void)state;
	start("none");
	heaps_close(&heaps);
	assert_int_equal(heaps_open(&heaps,
				    "mremap-maymove:keep=none:threshold=4M", 1,
				    8 * MIB),
			 0);
	heap = heaps_of(&heaps, 0);
	assert_true(checked_alloc(heap, &block, 2 * MIB, 1));
	left = block.bytes;
	grows(heap, &block, 4 * MIB);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_COPIED], 1);
	assert_ptr_equal(heap_alloc(heap, 2 * MIB), left);
	grows(heap, &block, 5 * MIB);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_MOVED], 1);
	heap_release(heap, left, 2 * MIB);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void the_end_of_a_chunk_is_extended_in_place(void **state)
{
	struct heap *heap = start("dontneed");
	struct checked block = {0};

	(void)state;
	assert_true(checked_alloc(heap, &block, 2 * MIB, 1));
	/* Nothing is mapped behind it from here on. */
	assert_int_equal(munmap(block.bytes + MIB, MIB), 0);
	block.size = MIB;
	grows(heap, &block, 2 * MIB);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_IN_PLACE], 1);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_move_leaves_a_range_that_the_next_block_gets),
		cmocka_unit_test(
			growth_leaves_no_holes_and_few_mappings_in_kept_ranges),
		cmocka_unit_test(a_block_that_spans_two_mappings_is_copied),
		cmocka_unit_test(
			a_refused_move_is_a_copy_and_its_destination_no_longer_ours),
		cmocka_unit_test(without_room_for_a_copy_the_growth_fails),
		cmocka_unit_test(
			what_another_mapped_where_a_block_left_is_not_touched),
		cmocka_unit_test(
			a_refill_that_is_refused_is_tallied_and_the_move_stands),
		cmocka_unit_test(
			blocks_below_the_threshold_are_copied_into_kept_ranges),
		cmocka_unit_test(the_end_of_a_chunk_is_extended_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
