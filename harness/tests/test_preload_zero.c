/* test_preload_zero - a block becomes zero, and what was not there stays away. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* wrap: mincore madvise */

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "preload/zero.h"
#include "tests/sanitized.h"

int __real_mincore(void *start, size_t size, unsigned char *pages);
int __real_madvise(void *start, size_t size, int advice);

static bool mincore_fails, madvise_fails;

int __wrap_mincore(void *start, size_t size, unsigned char *pages)
{
	if (mincore_fails) {
		errno = ENOSYS;
		return -1;
	}
	return __real_mincore(start, size, pages);
}

int __wrap_madvise(void *start, size_t size, int advice)
{
	if (madvise_fails) {
		errno = EINVAL;
		return -1;
	}
	return __real_madvise(start, size, advice);
}

#define PAGES 2500 /* more than are asked for at a time */

static size_t page_size;

static unsigned char *mapping_new(void)
{
	void *mapping = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(mapping != MAP_FAILED);
	/* Pages, not huge ones: which are resident is what is tested. */
	__real_madvise(mapping, PAGES * page_size, MADV_NOHUGEPAGE);
	return mapping;
}

static size_t resident(unsigned char *mapping)
{
	static unsigned char pages[PAGES];
	size_t count = 0, i;

	assert_int_equal(__real_mincore(mapping, PAGES * page_size, pages), 0);
	for (i = 0; i < PAGES; i++)
		count += pages[i] & 1;
	return count;
}

/* Some pages, alone and in runs, at both ends and in between. */
static void dirty(unsigned char *mapping)
{
	size_t i;

	for (i = 0; i < PAGES; i++)
		if (i % 7 < 2 || i > PAGES - 3 || (i > 1000 && i < 1100))
			memset(mapping + i * page_size, 0xee, page_size);
}

/* A block from offset on becomes zero, and nothing around it changes. */
static void check_from(size_t offset, size_t size)
{
	unsigned char *mapping = mapping_new();
	size_t before, i;

	dirty(mapping);
	before = resident(mapping);
	zero_block(mapping + offset, size, page_size);
	if (!mincore_fails && !madvise_fails) /* torn at its ends */
		assert_true(resident(mapping) <= before + 2);
	for (i = 0; i < size; i++)
		if (mapping[offset + i])
			fail_msg("byte %zu is not zero", i);
	for (i = 0; i < offset; i++)
		if (mapping[i] != 0xee)
			fail_msg("byte %zu before it was changed", i);
	for (i = offset + size; i < PAGES * page_size; i++)
		if (mapping[i] != 0xee)
			fail_msg("byte %zu was changed behind it", i);
	munmap(mapping, PAGES * page_size);
}

static void a_block_becomes_zero_and_its_neighbours_stay(void **state)
{
	(void)state;
	check_from(0, PAGES * page_size);
	check_from(16, PAGES * page_size - 16);
	check_from(page_size, PAGES * page_size - page_size);
	check_from(page_size + 5, (PAGES - 2) * page_size - 9);
}

static void a_block_inside_one_page_is_zero(void **state)
{
	unsigned char *mapping = mapping_new();

	(void)state;
	memset(mapping, 0xee, 2 * page_size);
	zero_block(mapping + 100, 50, page_size);
	assert_int_equal(mapping[99], 0xee);
	assert_int_equal(mapping[100], 0);
	assert_int_equal(mapping[149], 0);
	assert_int_equal(mapping[150], 0xee);
	zero_block(mapping + page_size - 8, 16, page_size);
	assert_int_equal(mapping[page_size - 9], 0xee);
	assert_int_equal(mapping[page_size - 8], 0);
	assert_int_equal(mapping[page_size + 7], 0);
	assert_int_equal(mapping[page_size + 8], 0xee);
	munmap(mapping, PAGES * page_size);
}

static void untouched_pages_stay_untouched(void **state)
{
	unsigned char *mapping = mapping_new();

	(void)state;
	if (SANITIZED)
		skip(); /* its memset reads the shadow, not the pages */
	zero_block(mapping, PAGES * page_size, page_size);
	assert_int_equal(resident(mapping), 0);
	munmap(mapping, PAGES * page_size);
}

static void where_the_kernel_says_nothing_all_is_written(void **state)
{
	(void)state;
	mincore_fails = true;
	check_from(page_size, PAGES * page_size - page_size);
	mincore_fails = false;
	madvise_fails = true;
	check_from(page_size, PAGES * page_size - page_size);
	madvise_fails = false;
}

static int set_page_size(void **state)
{
	(void)state;
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_becomes_zero_and_its_neighbours_stay),
		cmocka_unit_test(a_block_inside_one_page_is_zero),
		cmocka_unit_test(untouched_pages_stay_untouched),
		cmocka_unit_test(where_the_kernel_says_nothing_all_is_written),
	};

	return cmocka_run_group_tests(tests, set_page_size, NULL);
}
