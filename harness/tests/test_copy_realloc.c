/* test_copy_realloc - what copying copies, populates, keeps and hints at. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>

#include "tests/heaps.h"

/* wrap: madvise mmap */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

int __real_madvise(void *address, size_t size, int advice);

static int madvise_error; /* planted; 0: none */

int __wrap_madvise(void *address, size_t size, int advice)
{
	if (madvise_error == 0)
		return __real_madvise(address, size, advice);
	errno = madvise_error;
	return -1;
}

void *__real_mmap(void *hint, size_t size, int protection, int flags, int file,
		  off_t offset);
void *__wrap_mmap(void *hint, size_t size, int protection, int flags, int file,
		  off_t offset);

static struct {
	void *hint;
	int flags;
} mapped; /* by the last call */

void *__wrap_mmap(void *hint, size_t size, int protection, int flags, int file,
		  off_t offset)
{
	mapped.hint = hint;
	mapped.flags = flags;
	return __real_mmap(hint, size, protection, flags, file, offset);
}

static struct heaps heaps;

static struct heap *start(const char *spelling)
{
	madvise_error = 0;
	if (heaps_open(&heaps, spelling, 1, 8 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	heaps.recorders[0].phases_on = true;
	return heaps_of(&heaps, 0);
}

static size_t resident_pages(struct heap *heap, void *block, size_t size)
{
	unsigned char present[2048];
	size_t pages = size / heap->page_size, resident = 0, i;

	assert_true(pages <= sizeof(present));
	assert_int_equal(mincore(block, size, present), 0);
	for (i = 0; i < pages; i++)
		resident += present[i] & 1;
	return resident;
}

/* Grows 1 MiB, all touched, to 4 MiB; returns the block. */
static struct checked grow_to_4m(struct heap *heap)
{
	struct checked block = {0};
	unsigned char *grown;

	assert_true(checked_alloc(heap, &block, MIB, 1));
	grown = heap_grow(heap, block.bytes, MIB, 4 * MIB);
	assert_non_null(grown);
	block.bytes = grown;
	assert_true(checked_intact(&block));
	block.size = 4 * MIB;
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_COPIED], 1);
	assert_int_equal(heap->recorder->tally.bytes_copied, MIB);
	return block;
}

static void without_populate_only_what_was_copied_is_resident(void **state)
{
	struct heap *heap = start("copy-realloc");
	struct checked block = grow_to_4m(heap);
	const uint64_t *phase_ns = heap->recorder->phase_ns;

	(void)state;
	/* A large folio may make somewhat more resident. */
	assert_true(resident_pages(heap, block.bytes, 4 * MIB) <
		    4 * MIB / heap->page_size);
	assert_int_equal(phase_ns[PHASE_POPULATE], 0);
	assert_true(phase_ns[PHASE_COPY] > 0);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void populate_makes_the_whole_destination_resident(void **state)
{
	static const char *const spellings[] = {"copy-realloc:populate=write",
						"copy-realloc:populate=map"};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct heap *heap = start(spellings[i]);
		struct checked block = grow_to_4m(heap);

		assert_int_equal(resident_pages(heap, block.bytes, 4 * MIB),
				 4 * MIB / heap->page_size);
		assert_true(heap->recorder->phase_ns[PHASE_POPULATE] > 0);
		checked_release(heap, &block);
		heaps_close(&heaps);
	}
}

static void growth_within_the_last_page_makes_no_copy(void **state)
{
	struct heap *heap = start("copy-realloc");
	void *block = heap_alloc(heap, 1);

	(void)state;
	assert_ptr_equal(heap_grow(heap, block, 1, heap->page_size), block);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_SLACK], 1);
	heap_release(heap, block, heap->page_size);
	heaps_close(&heaps);
}

static void a_kernel_without_populate_write_is_told_so(void **state)
{
	(void)state;
	madvise_error = EINVAL;
	assert_int_equal(
		heaps_open(&heaps, "copy-realloc:populate=write", 1, MIB),
		-EINVAL);
	assert_non_null(strstr(heaps.why, "5.14"));
	assert_int_equal(heaps_open(&heaps, "copy-realloc", 1, MIB), 0);
	heaps_close(&heaps);
}

static void
a_populate_that_fails_is_tallied_and_the_growth_goes_on(void **state)
{
	struct heap *heap = start("copy-realloc:populate=write");
	struct checked block;

	(void)state;
	madvise_error = ENOMEM;
	block = grow_to_4m(heap);
	assert_int_equal(heap->recorder->tally.failed_calls[ENOMEM], 1);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void kept_ranges_are_handed_out_again_in_every_mode(void **state)
{
	static const char *const modes[] = {"pages", "dontneed", "free",
					    "none"};
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		char spelling[64];
		struct heap *heap;
		unsigned char *first, *block;
		size_t resident;

		snprintf(spelling, sizeof(spelling), "copy-realloc:keep=%s",
			 modes[i]);
		heap = start(spelling);
		first = heap_alloc(heap, 2 * MIB);
		assert_non_null(first);
		memset(first, 1, 2 * MIB);
		block = heap_grow(heap, first, 2 * MIB, 6 * MIB);
		assert_ptr_not_equal(block, first);
		assert_ptr_equal(heap_alloc(heap, 2 * MIB), first);
		/* The kernel may take free pages back, but has no reason. */
		resident =
			resident_pages(heap, first, 2 * MIB) * heap->page_size;
		assert_int_equal(resident, i == 0 || i == 2 ? 2 * MIB : 0);
		heap_release(heap, first, 2 * MIB);
		heap_release(heap, block, 6 * MIB);
		heaps_close(&heaps);
	}
}

static void populate_write_populates_a_kept_range(void **state)
{
	struct heap *heap = start("copy-realloc:keep=none:populate=write");
	struct checked block;
	void *first = heap_alloc(heap, 4 * MIB);

	(void)state;
	heap_release(heap, first, 4 * MIB);
	block = grow_to_4m(heap);
	assert_int_equal(resident_pages(heap, block.bytes, 4 * MIB),
			 4 * MIB / heap->page_size);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void populate_map_with_kept_ranges_is_refused(void **state)
{
	(void)state;
	madvise_error = 0;
	assert_int_equal(heaps_open(&heaps,
				    "copy-realloc:keep=pages:populate=map", 1,
				    MIB),
			 -EINVAL);
	assert_non_null(strstr(heaps.why, "populate=write"));
}

static void a_kernel_without_madv_free_is_told_so(void **state)
{
	(void)state;
	madvise_error = EINVAL;
	assert_int_equal(heaps_open(&heaps, "copy-realloc:keep=free", 1, MIB),
			 -EINVAL);
	assert_non_null(strstr(heaps.why, "4.5"));
	assert_int_equal(
		heaps_open(&heaps, "copy-realloc:keep=dontneed", 1, MIB), 0);
	heaps_close(&heaps);
}

static void a_hint_is_what_was_unmapped_last(void **state)
{
	static const char *const spellings[] = {
		"copy-realloc:hint=freed",
		"copy-realloc:hint=freed:populate=map"};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		struct heap *heap = start(spellings[i]);
		char *first = heap_alloc(heap, MIB), *second, *third;

		assert_null(mapped.hint);
		second = heap_alloc(heap, 2 * MIB);
		assert_null(mapped.hint);
		heap_release(heap, first, MIB);
		third = heap_grow(heap, second, 2 * MIB, 3 * MIB);
		assert_ptr_equal(mapped.hint, first);
		assert_int_equal(mapped.flags & MAP_FIXED, 0);
		/* The old block is what was unmapped last, and then an end. */
		first = heap_alloc(heap, MIB);
		assert_ptr_equal(mapped.hint, second);
		assert_ptr_equal(heap_shrink(heap, third, 3 * MIB, MIB + 1),
				 third);
		second = heap_alloc(heap, 64 * KIB);
		assert_ptr_equal(mapped.hint, third + MIB + heap->page_size);
		heap_release(heap, first, MIB);
		heap_release(heap, second, 64 * KIB);
		heap_release(heap, third, MIB + 1);
		heaps_close(&heaps);
	}
}

static void without_hint_none_is_given(void **state)
{
	struct heap *heap = start("copy-realloc");
	void *block = heap_alloc(heap, MIB);

	(void)state;
	heap_release(heap, block, MIB);
	block = heap_alloc(heap, MIB);
	assert_null(mapped.hint);
	block = heap_grow(heap, block, MIB, 2 * MIB);
	assert_null(mapped.hint);
	heap_release(heap, block, 2 * MIB);
	heaps_close(&heaps);
}

static void a_hint_with_kept_ranges_is_refused(void **state)
{
	(void)state;
	madvise_error = 0;
	assert_int_equal(heaps_open(&heaps,
				    "copy-realloc:hint=freed:keep=pages", 1,
				    MIB),
			 -EINVAL);
	assert_non_null(strstr(heaps.why, "keep=pages unmaps none"));
}

/* What the faults of a sample are held against; see judge.h. */
static enum faults_rule rule_of(const char *spelling)
{
	struct allocator_spec spec;
	char why[256];

	assert_int_equal(
		spec_parse_allocator(spelling, &spec, why, sizeof(why)), 0);
	return spec.layers[0].allocator->faults(spec.layers[0].values);
}

static void faults_are_exact_only_where_pages_are_dropped(void **state)
{
	(void)state;
	assert_int_equal(rule_of("copy-realloc"), FAULTS_EXACT);
	assert_int_equal(rule_of("copy-realloc:keep=dontneed"), FAULTS_EXACT);
	assert_int_equal(rule_of("copy-realloc:keep=none"), FAULTS_EXACT);
	assert_int_equal(rule_of("copy-realloc:keep=pages"),
			 FAULTS_AT_MOST_DENSE);
	assert_int_equal(rule_of("copy-realloc:keep=free:populate=write"),
			 FAULTS_AT_MOST_DENSE);
	assert_int_equal(rule_of("copy-realloc:keep=none:populate=write"),
			 FAULTS_EXACT_DENSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			without_populate_only_what_was_copied_is_resident),
		cmocka_unit_test(populate_makes_the_whole_destination_resident),
		cmocka_unit_test(growth_within_the_last_page_makes_no_copy),
		cmocka_unit_test(a_kernel_without_populate_write_is_told_so),
		cmocka_unit_test(
			a_populate_that_fails_is_tallied_and_the_growth_goes_on),
		cmocka_unit_test(
			kept_ranges_are_handed_out_again_in_every_mode),
		cmocka_unit_test(populate_write_populates_a_kept_range),
		cmocka_unit_test(populate_map_with_kept_ranges_is_refused),
		cmocka_unit_test(a_hint_is_what_was_unmapped_last),
		cmocka_unit_test(without_hint_none_is_given),
		cmocka_unit_test(a_hint_with_kept_ranges_is_refused),
		cmocka_unit_test(a_kernel_without_madv_free_is_told_so),
		cmocka_unit_test(faults_are_exact_only_where_pages_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
