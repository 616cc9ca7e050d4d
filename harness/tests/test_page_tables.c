/*
 * test_page_tables - what a move could do by whole tables: counted at once as
 * by walking, told as shares.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include <regrow/random.h>
#include <regrow/recorder.h>

#include "driver/table_moves.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)

static uint64_t levels[MOVE_LEVEL_COUNT];

static void move(uintptr_t from, uintptr_t to, size_t bytes, size_t page_size)
{
	memset(levels, 0, sizeof(levels));
	page_tables_add(levels, (const void *)from, (const void *)to, bytes,
			page_size);
}

static void assert_levels(uint64_t pud, uint64_t pmd, uint64_t pte)
{
	assert_int_equal(levels[MOVE_BY_PUD], pud);
	assert_int_equal(levels[MOVE_BY_PMD], pmd);
	assert_int_equal(levels[MOVE_BY_PTE], pte);
}

static void extents_follow_from_the_page_size(void **state)
{
	(void)state;
	assert_int_equal(page_tables_pmd(4096), 2 * MIB);
	assert_int_equal(page_tables_pud(4096), GIB);
	assert_int_equal(page_tables_pmd(16 * KIB), 32 * MIB);
	assert_int_equal(page_tables_pud(16 * KIB), 64 * GIB);
	assert_int_equal(page_tables_pmd(64 * KIB), 512 * MIB);
	assert_int_equal(page_tables_pud(64 * KIB), 4096 * GIB);
}

static void aligned_ends_move_by_whole_tables(void **state)
{
	(void)state;
	move(64 * GIB, 96 * GIB, 2 * MIB, 4096);
	assert_levels(0, 2 * MIB, 0);
	move(64 * GIB, 96 * GIB, 2 * MIB - 4096, 4096);
	assert_levels(0, 0, 2 * MIB - 4096);
	move(64 * GIB, 96 * GIB, 3 * GIB + 5 * MIB, 4096);
	assert_levels(3 * GIB, 4 * MIB, MIB);
}

static void an_extent_has_to_lie_in_the_block_as_a_whole(void **state)
{
	(void)state;
	/* 1 MiB off the grid, the same at both ends. */
	move(64 * GIB + MIB, 96 * GIB + MIB, 4 * MIB, 4096);
	assert_levels(0, 2 * MIB, 2 * MIB);
	move(64 * GIB + MIB, 96 * GIB + MIB, 2 * MIB, 4096);
	assert_levels(0, 0, 2 * MIB);
	/* No whole GiB in the first GiB, one in two. */
	move(64 * GIB + MIB, 96 * GIB + MIB, GIB, 4096);
	assert_levels(0, GIB - 2 * MIB, 2 * MIB);
	move(64 * GIB + MIB, 96 * GIB + MIB, 2 * GIB, 4096);
	assert_levels(GIB, GIB - 2 * MIB, 2 * MIB);
}

static void offsets_have_to_be_equal(void **state)
{
	(void)state;
	move(64 * GIB, 96 * GIB + 2 * MIB, 2 * GIB, 4096);
	assert_levels(0, 2 * GIB, 0);
	move(64 * GIB, 96 * GIB + 4096, 2 * GIB, 4096);
	assert_levels(0, 0, 2 * GIB);
}

static void a_header_before_the_block_is_of_its_first_page(void **state)
{
	(void)state;
	move(64 * GIB + 16, 96 * GIB + 16, 4 * MIB, 4096);
	assert_levels(0, 4 * MIB, 0);
}

static void other_page_sizes_have_other_extents(void **state)
{
	(void)state;
	move(1024 * GIB, 2048 * GIB, 512 * MIB, 64 * KIB);
	assert_levels(0, 512 * MIB, 0);
	move(1024 * GIB, 2048 * GIB, 256 * MIB, 64 * KIB);
	assert_levels(0, 0, 256 * MIB);
	move(1024 * GIB, 2048 * GIB + 2 * MIB, 512 * MIB, 64 * KIB);
	assert_levels(0, 0, 512 * MIB);
	assert_int_equal(move_phase((void *)GIB, (void *)(3 * GIB), 4096),
			 MOVE_PUD_EQUAL);
	assert_int_equal(move_phase((void *)GIB, (void *)(3 * GIB), 64 * KIB),
			 MOVE_PMD_EQUAL);
	assert_int_equal(
		move_phase((void *)GIB, (void *)(GIB + 2 * MIB), 64 * KIB),
		MOVE_MISMATCHED);
}

/* As the kernel goes: the largest extent that begins here and fits. */
static void walk(uintptr_t from, uintptr_t to, size_t bytes, size_t page_size)
{
	const size_t extents[MOVE_LEVEL_COUNT] = {
		[MOVE_BY_PUD] = page_tables_pud(page_size),
		[MOVE_BY_PMD] = page_tables_pmd(page_size),
		[MOVE_BY_PTE] = page_size,
	};

	memset(levels, 0, sizeof(levels));
	while (bytes > 0) {
		int level = 0;

		while (level < MOVE_BY_PTE &&
		       (((from | to) & (extents[level] - 1)) != 0 ||
			bytes < extents[level]))
			level++;
		levels[level] += extents[level];
		from += extents[level];
		to += extents[level];
		bytes -= extents[level];
	}
}

static void the_sum_is_that_of_walking_the_tables(void **state)
{
	enum { PAGE = 64 }; /* extents of 512 and 4096 bytes */
	uint64_t walked[MOVE_LEVEL_COUNT], reached[MOVE_LEVEL_COUNT] = {0};

	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		uintptr_t from = (random_mix(3 * i) % 300) * PAGE;
		uintptr_t to = from + (random_mix(3 * i + 1) % 200 + 200) *
					      (i % 3 == 0   ? PAGE
					       : i % 3 == 1 ? 512
							    : 4096);
		size_t bytes = (random_mix(3 * i + 2) % 300 + 1) * PAGE;

		walk(from, to, bytes, PAGE);
		memcpy(walked, levels, sizeof(levels));
		move(from, to, bytes, PAGE);
		assert_memory_equal(levels, walked, sizeof(levels));
		for (int level = 0; level < MOVE_LEVEL_COUNT; level++)
			reached[level] += levels[level];
	}
	for (int level = 0; level < MOVE_LEVEL_COUNT; level++)
		assert_true(reached[level] > 100000);
}

static void a_move_is_tallied_by_level(void **state)
{
	static struct recorder recorder;
	const struct tally *tally = &recorder.tally;
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	size_t pmd = page_tables_pmd(page_size);
	uintptr_t far = 4 * page_tables_pud(page_size);

	(void)state;
	tally_moved(&recorder, (void *)far, (void *)(2 * far), pmd + page_size,
		    true);
	tally_moved(&recorder, (void *)far, (void *)(2 * far + page_size), pmd,
		    true);
	assert_int_equal(tally->levels_bytes[MOVE_BY_PUD], 0);
	assert_int_equal(tally->levels_bytes[MOVE_BY_PMD], pmd);
	assert_int_equal(tally->levels_bytes[MOVE_BY_PTE], pmd + page_size);
	assert_int_equal(tally->bytes_moved, 2 * pmd + page_size);
}

static struct table_group group;

static const char *told(double pud, double pmd, double pte)
{
	static char text[GRID_TEXT_MAX];

	group.rows_count = 1;
	group.rows[0].figures[ROW_LEVELS_BYTES + MOVE_BY_PUD] = pud;
	group.rows[0].figures[ROW_LEVELS_BYTES + MOVE_BY_PMD] = pmd;
	group.rows[0].figures[ROW_LEVELS_BYTES + MOVE_BY_PTE] = pte;
	table_moves_text(&group.rows[0], text);
	return text;
}

static void shares_are_told_from_the_highest_level(void **state)
{
	(void)state;
	assert_string_equal(told(0, 97, 3), "PMD 97 %, PTE 3 %");
	assert_string_equal(told(50, 25, 25), "PUD 50 %, PMD 25 %, PTE 25 %");
	assert_string_equal(told(0, 0, 4096), "PTE 100 %");
	assert_true(table_moves_seen(&group));
}

static void what_is_nearly_all_or_nothing_is_told_so(void **state)
{
	(void)state;
	assert_string_equal(told(0, 1e6, 1), "PMD >99 %, PTE <1 %");
	assert_string_equal(told(0, 995, 5), "PMD >99 %, PTE <1 %");
	assert_string_equal(told(1e6, 0, 0), "PUD 100 %");
}

static void nothing_is_told_where_nothing_moved_or_is_known(void **state)
{
	(void)state;
	assert_string_equal(told(0, 0, 0), "");
	assert_false(table_moves_seen(&group));
	assert_string_equal(told(NAN, NAN, NAN), "");
	assert_false(table_moves_seen(&group));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extents_follow_from_the_page_size),
		cmocka_unit_test(aligned_ends_move_by_whole_tables),
		cmocka_unit_test(an_extent_has_to_lie_in_the_block_as_a_whole),
		cmocka_unit_test(offsets_have_to_be_equal),
		cmocka_unit_test(
			a_header_before_the_block_is_of_its_first_page),
		cmocka_unit_test(other_page_sizes_have_other_extents),
		cmocka_unit_test(the_sum_is_that_of_walking_the_tables),
		cmocka_unit_test(a_move_is_tallied_by_level),
		cmocka_unit_test(shares_are_told_from_the_highest_level),
		cmocka_unit_test(what_is_nearly_all_or_nothing_is_told_so),
		cmocka_unit_test(
			nothing_is_told_where_nothing_moved_or_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
