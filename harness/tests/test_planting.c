/*
 * test_planting - planted mappings and holes are what the kernel meets first,
 * and exactly as many as asked for.
 */
#include <regrow/planting_look.h>

#include "tests/planted_map.h"
#include "tests/sanitized.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static struct planting planting;
static size_t page;

static void begin(void)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	memset(&planting, 0, sizeof(planting));
	assert_int_equal(planting_open(&planting, page), 0);
	assert_int_equal(planting_plug(&planting), 0);
}

static void *take(size_t size)
{
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(block != MAP_FAILED);
	return block;
}

/* The n-th hole that the kernel meets, of count. */
static uintptr_t hole_begin(unsigned int n, unsigned int count, size_t size)
{
	uintptr_t first = planting.edge + page;

	if (planting.up)
		return planting.edge - (count - n) * (size + page);
	return first + (count - 1 - n) * (size + page);
}

static void what_fits_a_hole_takes_the_first_ones(void **state)
{
	void *blocks[3];

	(void)state;
	begin();
	assert_int_equal(planting_holes(&planting, 7, 64 * KIB, false, false),
			 0);
	for (unsigned int i = 0; i < 3; i++) {
		blocks[i] = take(64 * KIB);
		assert_int_equal((uintptr_t)blocks[i],
				 hole_begin(i, 7, 64 * KIB));
	}
	/* One that is free again is the first again. */
	munmap(blocks[1], 64 * KIB);
	assert_ptr_equal(take(64 * KIB), blocks[1]);
	for (unsigned int i = 0; i < 3; i++)
		munmap(blocks[i], 64 * KIB);
	planting_close(&planting);
}

static void gaps_that_were_there_are_plugged(void **state)
{
	/* Where the kernel looks first, with gaps of several sizes in it. */
	static const size_t gaps[] = {1, 2, 16, 700, 513};
	char *region, *gap, *block;
	size_t size = 0;

	(void)state;
	page = (size_t)sysconf(_SC_PAGESIZE);
	for (unsigned int i = 0; i < 5; i++)
		size += (gaps[i] + 1) * page;
	region = gap = take(size + page);
	for (unsigned int i = 0; i < 5; i++) {
		munmap(gap + page, gaps[i] * page);
		gap += (gaps[i] + 1) * page;
	}
	begin();
	assert_int_equal(planting_holes(&planting, 3, 64 * KIB, false, false),
			 0);
	for (size_t pages = 1; pages <= 16; pages *= 2) {
		block = take(pages * page);
		assert_in_range((uintptr_t)block, hole_begin(0, 3, 64 * KIB),
				hole_begin(0, 3, 64 * KIB) + 64 * KIB - 1);
		munmap(block, pages * page);
	}
	planting_close(&planting);
	munmap(region, size + page);
}

static void what_fits_no_hole_lies_beside_the_guard(void **state)
{
	static const size_t sizes[] = {68 * KIB, MIB, 5 * MIB + 4 * KIB};

	(void)state;
	begin();
	assert_int_equal(planting_holes(&planting, 7, 64 * KIB, false, false),
			 0);
	assert_int_equal(planting_mappings(&planting, 6, false), 0);
	assert_int_equal(planting_guard(&planting, false), 0);
	for (unsigned int i = 0; i < 3; i++) {
		char *block = take(sizes[i]);

		assert_int_equal(
			(uintptr_t)(planting.up ? block : block + sizes[i]),
			planting.edge);
		munmap(block, sizes[i]);
	}
	planting_close(&planting);
}

static void assert_counted(unsigned int mappings, unsigned int holes)
{
	struct planting_seen seen;

	assert_int_equal(planting_look(&planting, &seen), 0);
	assert_int_equal(seen.mappings, mappings);
	assert_int_equal(seen.holes, holes);
}

static void pairs_merge_where_they_are_to(void **state)
{
	(void)state;
	for (unsigned int merging = 0; merging < 2; merging++) {
		unsigned int before;
		void *filling, *beside;

		begin();
		assert_int_equal(
			planting_holes(&planting, 4, 64 * KIB, merging, false),
			0);
		assert_int_equal(planting_guard(&planting, merging), 0);
		assert_counted(5, 4);
		before = map_count(0, 0);
		filling = take(64 * KIB);
		/* Two that were apart become one, or there is one more. */
		assert_int_equal(map_count(0, 0),
				 merging ? before - 1 : before + 1);
		beside = take(MIB);
		assert_int_equal(map_count(0, 0),
				 merging ? before - 1 : before + 2);
		munmap(filling, 64 * KIB);
		munmap(beside, MIB);
		assert_int_equal(map_count(0, 0), before);
		planting_close(&planting);
	}
}

static unsigned int resident_pages(uintptr_t from, uintptr_t to)
{
	unsigned int resident = 0;
	unsigned char in;

	for (; from < to; from += page)
		if (mincore((void *)from, page, &in) == 0)
			resident += in & 1;
	return resident;
}

/* Of all that was placed so far. */
static void assert_planted(unsigned int before, unsigned int mappings,
			   unsigned int holes, unsigned int resident)
{
	unsigned int pages = 0;

	assert_counted(mappings, holes);
	assert_int_equal(map_count(0, 0), before + mappings);
	for (unsigned int i = 0; i < planting.count; i++)
		if (planting.ranges[i].counts)
			pages += resident_pages(planting.ranges[i].begin,
						planting.ranges[i].end);
	assert_int_equal(pages, resident);
}

static void planted_things_are_counted_exactly(void **state)
{
	(void)state;
	for (unsigned int way = 0; way < 4; way++)
		for (unsigned int count = 0; count < 70; count += 1 + way) {
			bool merging = way & 1, touch = way & 2;
			unsigned int more, before;

			begin();
			before = map_count(0, 0);
			assert_int_equal(planting_holes(&planting, count,
							16 * KIB, merging,
							touch),
					 0);
			more = count ? count + 1 : 0;
			assert_planted(before, more, count, touch ? more : 0);
			assert_int_equal(
				planting_mappings(&planting, count, touch), 0);
			more += count;
			assert_planted(before, more, count, touch ? more : 0);
			assert_int_equal(planting_guard(&planting, merging), 0);
			/* The guard is a mapping, and is not counted. */
			assert_planted(before + 1, more, count,
				       touch ? more : 0);
			planting_close(&planting);
		}
}

static void closing_gives_all_of_it_back(void **state)
{
	unsigned int before = map_count(0, 0);

	(void)state;
	begin();
	assert_int_equal(planting_holes(&planting, 9, 8 * KIB, true, true), 0);
	assert_int_equal(planting_mappings(&planting, 100, true), 0);
	assert_int_equal(planting_guard(&planting, true), 0);
	assert_true(map_count(0, 0) > before + 100);
	planting_close(&planting);
	assert_int_equal(map_count(0, 0), before);
}

/* In a child, as not even this program's own calls would find a mapping. */
static const char *fill(uint64_t spare)
{
	uint64_t limit = planting_limit();
	unsigned int mappings, more = 0;

	begin();
	if (planting_fill(&planting, spare))
		return "cannot fill";
	while (more < 100 &&
	       mmap(NULL, page, more % 2 ? PROT_NONE : PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		more++;
	if (errno != ENOMEM || more + 2 < spare || more > spare + 2)
		return "not as many are left as were to be spared";
	planting_close(&planting);
	mappings = map_count(0, 0);
	return mappings < limit / 2 ? NULL : "not given back";
}

static void a_filled_map_has_so_many_mappings_left(void **state)
{
	(void)state;
	if (SANITIZED || planting_limit() > 300000)
		skip(); /* its runtime maps as well; too many to fill */
	for (unsigned int spare = 2; spare <= 32; spare *= 4) {
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			const char *wrong = fill(spare);

			if (wrong)
				print_error("spare %u: %s\n", spare, wrong);
			_exit(wrong ? 1 : 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

static void it_is_all_the_same_where_the_kernel_looks_upward(void **state)
{
	(void)state;
	if (SANITIZED)
		skip(); /* its shadow wants the standard layout */
	run_legacy();
}

static void the_direction_is_seen(void **state)
{
	(void)state;
	begin();
	assert_true(planting.up);
	planting_close(&planting);
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(what_fits_a_hole_takes_the_first_ones),
		TEST(gaps_that_were_there_are_plugged),
		TEST(what_fits_no_hole_lies_beside_the_guard),
		TEST(pairs_merge_where_they_are_to),
		TEST(planted_things_are_counted_exactly),
		TEST(closing_gives_all_of_it_back),
		TEST(a_filled_map_has_so_many_mappings_left),
		TEST(it_is_all_the_same_where_the_kernel_looks_upward),
	};
	const struct CMUnitTest legacy[] = {
		TEST(what_fits_a_hole_takes_the_first_ones),
		TEST(gaps_that_were_there_are_plugged),
		TEST(what_fits_no_hole_lies_beside_the_guard),
		TEST(pairs_merge_where_they_are_to),
		TEST(planted_things_are_counted_exactly),
		TEST(the_direction_is_seen),
	};

	if (argc == 2 && strcmp(argv[1], "legacy") == 0)
		return cmocka_run_group_tests(legacy, NULL, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
