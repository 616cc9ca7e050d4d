/*
 * test_planting_aligned - what is planted is met first as well where the kernel
 * aligns all large mappings, as those from 6.7 to 6.11 do. Here mmap() does.
 */
/* wrap: mmap */
#include <regrow/planting_look.h>

#include "tests/planted_map.h"

void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	uintptr_t padded, begin, end;
	void *got;

	if (address || fd >= 0 || size < PLANTING_HUGE)
		return __real_mmap(address, size, protection, flags, fd,
				   offset);
	got = __real_mmap(NULL, size + PLANTING_HUGE, protection, flags, fd,
			  offset);
	if (got == MAP_FAILED)
		return got;
	padded = (uintptr_t)got;
	begin = (padded + PLANTING_HUGE - 1) & -PLANTING_HUGE;
	end = padded + size + PLANTING_HUGE;
	if (begin > padded)
		munmap(got, begin - padded);
	if (end > begin + size)
		munmap((void *)(begin + size), end - begin - size);
	return (void *)begin;
}

static struct planting planting;
static size_t page;

static void begin_at_each_distance(void (*check)(void))
{
	void *shift[4];

	page = (size_t)sysconf(_SC_PAGESIZE);
	/* The edge lies elsewhere between two multiples of 2 MiB each time. */
	for (size_t i = 0; i < 4; i++) {
		shift[i] = mmap(NULL, (i + 1) * 37 * page, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		assert_true(shift[i] != MAP_FAILED);
		memset(&planting, 0, sizeof(planting));
		assert_int_equal(planting_open(&planting, page), 0);
		check();
		planting_close(&planting);
	}
	for (size_t i = 0; i < 4; i++)
		munmap(shift[i], (i + 1) * 37 * page);
}

static void check_edge(void)
{
	uintptr_t got;

	assert_int_equal(planting_plug(&planting), 0);
	got = planting_map(0, page, PROT_NONE);
	assert_int_equal(planting.up ? got : got + page, planting.edge);
	munmap((void *)got, page);
}

static void the_next_page_lies_at_the_edge(void **state)
{
	(void)state;
	begin_at_each_distance(check_edge);
}

static void check_holes(void)
{
	const size_t size = 16 * page;
	uintptr_t first, got;

	assert_int_equal(planting_plug(&planting), 0);
	assert_int_equal(planting_holes(&planting, 7, size, false, false), 0);
	first = planting.up ? planting.edge - 7 * (size + page)
			    : planting.edge + page + 6 * (size + page);
	got = planting_map(0, size, PROT_NONE);
	assert_int_equal(got, first);
	munmap((void *)got, size);
}

static void what_fits_a_hole_takes_the_first_one(void **state)
{
	(void)state;
	begin_at_each_distance(check_holes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_page_lies_at_the_edge),
		cmocka_unit_test(what_fits_a_hole_takes_the_first_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
