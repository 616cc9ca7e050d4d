/* test_linear_walk - the control looks at each mapping, and changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "tests/heaps.h"
#include "tests/planted_map.h"

/* wrap: pread */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static struct {
	unsigned int calls;
	unsigned int lines;
	bool fails;
} reads;

ssize_t __real_pread(int fd, void *buffer, size_t size, off_t offset);

ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset)
{
	ssize_t got;

	reads.calls++;
	if (reads.fails) {
		errno = EIO;
		return -1;
	}
	got = __real_pread(fd, buffer, size, offset);
	for (ssize_t i = 0; i < got; i++)
		reads.lines += ((char *)buffer)[i] == '\n';
	return got;
}

static struct heaps heaps;

static struct heap *start(const char *spelling)
{
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	memset(&reads, 0, sizeof(reads));
	return heaps_of(&heaps, 0);
}

/* vsyscall's mapping is in the kernel's half, and not everywhere. */
static void assert_walked(unsigned int mappings)
{
	assert_in_range(reads.lines, mappings, mappings + 1);
	reads.lines = 0;
}

static void alloc_and_grow_look_at_each_mapping(void **state)
{
	struct heap *heap = start("linear-walk");
	struct checked block = {0};
	size_t page = heap->page_size;
	unsigned int mappings;
	bool grew;

	(void)state;
	for (size_t planted = 0; planted <= 3000; planted += 1500) {
		char *range = mmap(NULL, (planted + 1) * page, PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		assert_true(range != MAP_FAILED);
		for (size_t i = 1; i < planted; i += 2)
			assert_int_equal(
				mprotect(range + i * page, page, PROT_READ), 0);
		mappings = map_count(0, 0);
		assert_true(mappings > planted);
		reads.lines = 0;
		assert_true(checked_alloc(heap, &block, 64 * KIB, 1));
		assert_walked(mappings);
		mappings = map_count(0, 0);
		reads.lines = 0;
		assert_null(checked_grow(heap, &block, 128 * KIB, &grew));
		assert_true(grew);
		assert_walked(mappings);
		checked_release(heap, &block);
		assert_int_equal(reads.lines, 0);
		munmap(range, (planted + 1) * page);
	}
	heaps_close(&heaps);
}

static void blocks_and_outcomes_are_the_wrapped_ones(void **state)
{
	struct heap *heap = start("linear-walk:over=mremap-maymove");
	struct checked block = {0};
	bool grew;

	(void)state;
	assert_true(checked_alloc(heap, &block, 64 * KIB, 2));
	assert_null(checked_grow(heap, &block, 3 * MIB, &grew));
	assert_true(grew);
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_COPIED], 0);
	assert_int_equal(
		heap->recorder->tally.growths[OUTCOME_MOVED] +
			heap->recorder->tally.growths[OUTCOME_IN_PLACE],
		1);
	block.bytes = heap_shrink(heap, block.bytes, block.size, 64 * KIB);
	assert_non_null(block.bytes);
	block.size = 64 * KIB;
	assert_true(checked_intact(&block));
	checked_release(heap, &block);
	reads.calls = 0;
	block.bytes = heap_alloc_aligned(heap, 2 * MIB, 64 * KIB);
	assert_non_null(block.bytes);
	assert_int_equal((uintptr_t)block.bytes % (2 * MIB), 0);
	assert_true(reads.calls > 0);
	heap_release(heap, block.bytes, 64 * KIB);
	heaps_close(&heaps);
}

static void a_map_that_cannot_be_walked_fails_the_call(void **state)
{
	struct heap *heap = start("linear-walk");
	struct checked block = {0};
	bool grew;

	(void)state;
	assert_true(checked_alloc(heap, &block, 64 * KIB, 3));
	reads.fails = true;
	assert_null(heap_alloc(heap, 64 * KIB));
	assert_null(checked_grow(heap, &block, 128 * KIB, &grew));
	assert_false(grew);
	assert_int_equal(heap->recorder->tally.failed_calls[EIO], 2);
	reads.fails = false;
	assert_null(checked_grow(heap, &block, 128 * KIB, &grew));
	assert_true(grew);
	checked_release(heap, &block);
	heaps_close(&heaps);
}

static void a_process_without_a_map_to_read_cannot_open_it(void **state)
{
	(void)state;
	reads.fails = true;
	assert_int_equal(heaps_open(&heaps, "linear-walk", 1, MIB), -EIO);
	reads.fails = false;
	heaps_close(&heaps);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(alloc_and_grow_look_at_each_mapping),
		TEST(blocks_and_outcomes_are_the_wrapped_ones),
		TEST(a_map_that_cannot_be_walked_fails_the_call),
		TEST(a_process_without_a_map_to_read_cannot_open_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
