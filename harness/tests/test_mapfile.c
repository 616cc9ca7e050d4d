/* test_mapfile - mappings and holes are counted exactly, however torn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <regrow/random.h>

#include "common/mapfile.h"

static const struct map_bounds everything = {0, UINT64_MAX};
static char maps[1 << 18]; /* a real /proc/self/maps */
static size_t maps_size;

static const char small[] =
	"1000-3000 r-xp 00000000 08:01 123   /bin/program with (blanks)\n"
	"3000-4000 rw-p 00000000 00:00 0 \n"
	"8000-9000 rw-s 00000000 00:00 0 \n"
	"20000-21000 ---p 00000000 00:00 0    [stack]\n";

/* Feeds all at once. */
static int parse(struct map_parser *parser, const char *text, size_t size,
		 struct map_bounds bounds)
{
	map_parser_start(parser, bounds);
	map_parser_feed(parser, text, size);
	return map_parser_end(parser);
}

static void assert_holes(const struct map_holes *holes, uint64_t mappings,
			 uint64_t mapped_bytes, uint64_t count,
			 uint64_t hole_bytes, uint64_t hole_bytes_max)
{
	assert_int_equal(holes->mappings, mappings);
	assert_int_equal(holes->mapped_bytes, mapped_bytes);
	assert_int_equal(holes->holes, count);
	assert_int_equal(holes->hole_bytes, hole_bytes);
	assert_int_equal(holes->hole_bytes_max, hole_bytes_max);
}

static int read_maps(void **state)
{
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t got;

	(void)state;
	if (fd < 0)
		return -1;
	while ((got = read(fd, maps + maps_size, sizeof(maps) - maps_size)) > 0)
		maps_size += (size_t)got;
	close(fd);
	return got < 0 || maps_size == sizeof(maps) ? -1 : 0;
}

static void mappings_and_holes_are_counted(void **state)
{
	struct map_parser parser;

	(void)state;
	assert_int_equal(parse(&parser, small, sizeof(small) - 1, everything),
			 0);
	assert_holes(&parser.holes, 4, 0x5000, 2, 0x4000 + 0x17000, 0x17000);
}

static void nothing_at_all_has_no_holes(void **state)
{
	struct map_parser parser;

	(void)state;
	assert_int_equal(parse(&parser, "", 0, everything), 0);
	assert_holes(&parser.holes, 0, 0, 0, 0, 0);
}

static void only_what_starts_in_the_bounds_is_counted(void **state)
{
	struct map_bounds bounds = {0x3000, 0x20000};
	struct map_parser parser;

	(void)state;
	parse(&parser, small, sizeof(small) - 1, bounds);
	assert_holes(&parser.holes, 2, 0x2000, 1, 0x4000, 0x4000);
	/* One that reaches over a bound belongs to where it starts. */
	bounds = (struct map_bounds){0x1001, 0x8001};
	parse(&parser, small, sizeof(small) - 1, bounds);
	assert_holes(&parser.holes, 2, 0x2000, 1, 0x4000, 0x4000);
	bounds = (struct map_bounds){0x4000, 0x8000};
	parse(&parser, small, sizeof(small) - 1, bounds);
	assert_holes(&parser.holes, 0, 0, 0, 0, 0);
}

static void addresses_at_the_top_are_read(void **state)
{
	static const char text[] =
		"7ffe2b5d6000-7ffe2b5d8000 r-xp 00000000 00:00 0  [vdso]\n"
		"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0"
		"                  [vsyscall]\n"
		"fffffffffffff000-ffffffffffffffff ---p 00000000 00:00 0\n";
	struct map_parser parser;

	(void)state;
	assert_int_equal(parse(&parser, text, sizeof(text) - 1, everything), 0);
	assert_holes(&parser.holes, 3, 0x2000 + 0x1000 + 0xfff, 2,
		     0xffffffffff600000 - 0x7ffe2b5d8000 + 0x9fe000,
		     0xffffffffff600000 - 0x7ffe2b5d8000);
}

static void a_last_line_needs_no_newline(void **state)
{
	struct map_parser parser;

	(void)state;
	assert_int_equal(parse(&parser, small, sizeof(small) - 2, everything),
			 0);
	assert_int_equal(parser.holes.mappings, 4);
	assert_int_equal(parse(&parser, "1000-2000 rw-p ", 15, everything), 0);
	assert_int_equal(parser.holes.mappings, 1);
}

static void a_last_line_that_is_torn_is_an_error(void **state)
{
	struct map_parser parser;
	size_t size;

	(void)state;
	for (size = 1; size < 15; size++) {
		int error = parse(&parser, "1000-2000 rw-p ", size, everything);

		assert_int_equal(error, -EINVAL);
		assert_int_equal(parser.line, 1);
	}
}

static void what_is_no_mapping_is_an_error_with_its_line(void **state)
{
	static const char *const garbage[] = {
		"garbage",
		"",
		" 1000-2000 rw-p 0 0 0",
		"1000",
		"1000-",
		"-2000 rw-p 0 0 0",
		"1000-2000",
		"1000-2000 ",
		"1000-2000 rw-p",
		"1000-2000 rwxz 0 0 0",
		"1000-2000 wr-p 0 0 0",
		"1000-2000rw-p 0 0 0",
		"1000 2000 rw-p 0 0 0",
		"0x1000-2000 rw-p 0 0 0",
		"1000-2g00 rw-p 0 0 0",
		"1000-2A00 rw-p 0 0 0",
		"2000-1000 rw-p 0 0 0",
		"2000-2000 rw-p 0 0 0",
		"1000-10000000000000000 rw-p 0 0 0",
		"00000000000001000-2000 rwzp 0 0 0",
		"1000-10000000000003000 rw-p 0 0 0",
		"a line that is longer than the 64 bytes that are kept of one",
	};
	struct map_parser parser;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		int size = snprintf(text, sizeof(text),
				    "100-200 rw-p 0 0 0\n300-400 rw-p 0 0 0\n"
				    "%s\n5000-6000 rw-p 0 0 0\n",
				    garbage[i]);

		if (parse(&parser, text, (size_t)size, everything) != -EINVAL)
			fail_msg("'%s' was taken", garbage[i]);
		assert_int_equal(parser.line, 3);
		/* What was read before it stays as it was. */
		assert_holes(&parser.holes, 2, 0x200, 1, 0x100, 0x100);
		map_parser_feed(&parser, "7000-8000 rw-p 0 0 0\n", 21);
		assert_int_equal(map_parser_end(&parser), -EINVAL);
		assert_int_equal(parser.line, 3);
		assert_int_equal(parser.holes.mappings, 2);
	}
	assert_int_equal(parse(&parser,
			       "1000-20\0"
			       "0 rw-p 0\n",
			       17, everything),
			 -EINVAL);
}

static void what_is_not_in_order_is_an_error(void **state)
{
	static const char *const second[] = {
		"2000-3000", /* the same again */
		"2800-4000", /* overlaps */
		"1000-2000", /* before it */
	};
	struct map_parser parser;
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(second) / sizeof(second[0]); i++) {
		int size = snprintf(text, sizeof(text),
				    "2000-3000 rw-p 0 0 0\n%s rw-p 0 0 0\n",
				    second[i]);

		assert_int_equal(parse(&parser, text, (size_t)size, everything),
				 -EINVAL);
		assert_int_equal(parser.line, 2);
	}
}

static void a_real_map_is_the_same_torn_in_two_anywhere(void **state)
{
	struct map_parser whole;
	struct map_parser parser;
	size_t split;

	(void)state;
	assert_int_equal(parse(&whole, maps, maps_size, everything), 0);
	assert_true(whole.holes.mappings > 5);
	for (split = 0; split <= maps_size; split++) {
		map_parser_start(&parser, everything);
		map_parser_feed(&parser, maps, split);
		map_parser_feed(&parser, maps + split, maps_size - split);
		assert_int_equal(map_parser_end(&parser), 0);
		assert_memory_equal(&parser.holes, &whole.holes,
				    sizeof(whole.holes));
		assert_int_equal(parser.line, whole.line);
	}
}

static void a_real_map_is_the_same_in_pieces_of_any_size(void **state)
{
	struct map_parser whole;
	struct map_parser parser;
	size_t piece;
	size_t at;

	(void)state;
	assert_int_equal(parse(&whole, maps, maps_size, everything), 0);
	for (piece = 1; piece <= 300; piece++) {
		map_parser_start(&parser, everything);
		for (at = 0; at + piece < maps_size; at += piece)
			map_parser_feed(&parser, maps + at, piece);
		map_parser_feed(&parser, maps + at, maps_size - at);
		assert_int_equal(map_parser_end(&parser), 0);
		assert_memory_equal(&parser.holes, &whole.holes,
				    sizeof(whole.holes));
	}
}

static void a_small_map_is_the_same_torn_in_three_anywhere(void **state)
{
	struct map_parser whole;
	struct map_parser parser;
	size_t size = sizeof(small) - 1;
	size_t one;
	size_t two;

	(void)state;
	parse(&whole, small, size, everything);
	for (one = 0; one <= size; one++) {
		for (two = one; two <= size; two++) {
			map_parser_start(&parser, everything);
			map_parser_feed(&parser, small, one);
			map_parser_feed(&parser, small + one, two - one);
			map_parser_feed(&parser, small + two, size - two);
			assert_int_equal(map_parser_end(&parser), 0);
			assert_memory_equal(&parser.holes, &whole.holes,
					    sizeof(whole.holes));
		}
	}
}

/* An address space of our own: pages that are unmapped, none, or readable. */
#define REGION_PAGES 4096
enum page_state { PAGE_HOLE, PAGE_NONE, PAGE_READ };

struct region {
	char *start;
	size_t page_size;
	unsigned char pages[REGION_PAGES];
};

static struct region region;

static int map_region(void **state)
{
	size_t size;
	char *start;

	(void)state;
	region.page_size = (size_t)sysconf(_SC_PAGESIZE);
	size = REGION_PAGES * region.page_size;
	start = mmap(NULL, size + 2 * region.page_size, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED)
		return -1;
	/* A hole on each side, so that no neighbour merges with the region. */
	region.start = start + region.page_size;
	memset(region.pages, PAGE_NONE, sizeof(region.pages));
	return munmap(start, region.page_size) |
	       munmap(region.start + size, region.page_size);
}

static int unmap_region(void **state)
{
	(void)state;
	return munmap(region.start, REGION_PAGES * region.page_size);
}

static void set_pages(size_t from, size_t to, enum page_state page)
{
	char *start = region.start + from * region.page_size;
	size_t size = (to - from) * region.page_size;
	int protection = page == PAGE_READ ? PROT_READ : PROT_NONE;

	if (page == PAGE_HOLE)
		assert_int_equal(munmap(start, size), 0);
	else
		assert_ptr_equal(mmap(start, size, protection,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				      -1, 0),
				 start);
	memset(region.pages + from, page, to - from);
}

/* What the parser must find, from the states of the pages. */
static void expect_holes(struct map_holes *holes)
{
	uint64_t gap_bytes = 0;
	int before = PAGE_HOLE;
	size_t i;

	memset(holes, 0, sizeof(*holes));
	for (i = 0; i < REGION_PAGES; i++) {
		int page = region.pages[i];

		if (page == PAGE_HOLE) {
			gap_bytes += region.page_size;
		} else {
			if (gap_bytes > 0 && holes->mappings > 0) {
				holes->holes++;
				holes->hole_bytes += gap_bytes;
				if (gap_bytes > holes->hole_bytes_max)
					holes->hole_bytes_max = gap_bytes;
			}
			gap_bytes = 0;
			holes->mappings += page != before;
			holes->mapped_bytes += region.page_size;
		}
		before = page;
	}
}

/* Reads the live map in pieces, taking no memory meanwhile. */
static void check_region(void)
{
	struct map_bounds bounds = {
		.low = (uintptr_t)region.start,
		.high = (uintptr_t)region.start +
			REGION_PAGES * region.page_size,
	};
	static char piece[3001];
	struct map_holes expected;
	struct map_parser parser;
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t got;

	assert_true(fd >= 0);
	map_parser_start(&parser, bounds);
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		map_parser_feed(&parser, piece, (size_t)got);
	close(fd);
	assert_int_equal(got, 0);
	assert_int_equal(map_parser_end(&parser), 0);
	expect_holes(&expected);
	assert_holes(&parser.holes, expected.mappings, expected.mapped_bytes,
		     expected.holes, expected.hole_bytes,
		     expected.hole_bytes_max);
}

static void the_live_map_has_the_holes_that_were_made(void **state)
{
	size_t page_size = region.page_size;
	struct map_holes holes;

	(void)state;
	check_region();
	set_pages(10, 11, PAGE_HOLE);
	set_pages(20, 30, PAGE_HOLE);
	set_pages(40, 44, PAGE_READ);
	check_region();
	expect_holes(&holes);
	assert_holes(&holes, 5, (REGION_PAGES - 11) * page_size, 2,
		     11 * page_size, 10 * page_size);
	set_pages(10, 11, PAGE_NONE);
	set_pages(25, 26, PAGE_READ);
	check_region();
	/* At the edges of the bounds nothing is a hole. */
	set_pages(0, 5, PAGE_HOLE);
	set_pages(REGION_PAGES - 5, REGION_PAGES, PAGE_HOLE);
	check_region();
}

static void the_live_map_is_exact_through_random_changes(void **state)
{
	struct random random = {3};
	int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		size_t from = random_below(&random, REGION_PAGES);
		size_t size = 1 + random_below(&random, 40);

		if (size > REGION_PAGES - from)
			size = REGION_PAGES - from;
		set_pages(from, from + size,
			  (enum page_state)random_below(&random, 3));
		check_region();
	}
}

static void thousands_of_mappings_and_holes_are_exact(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < REGION_PAGES; i += 2)
		set_pages(i, i + 1, PAGE_READ);
	check_region();
	for (i = 1; i < REGION_PAGES; i += 4)
		set_pages(i, i + 1, PAGE_HOLE);
	check_region();
}

static void fields_are_found_by_their_whole_name(void **state)
{
	static const char text[] = "Name:\tVmPTE: 5 kB\n"
				   "VmPeak:\t    3252 kB\n"
				   "XVmPTE:\t      77 kB\n"
				   "VmPTEs:\t      78 kB\n"
				   "VmPTE:\t      44 kB\n"
				   "Threads:\t1\n"
				   "Huge:\t18014398509481983 kB\n"
				   "Absurd:\t99999999999999999999999 kB\n"
				   "LazyFree:              0 kB\n"
				   "Words:\tseven kB\n"
				   "Last: 12 kB";

	(void)state;
	assert_int_equal(map_field_bytes(text, "VmPTE"), 44 * 1024);
	assert_int_equal(map_field_bytes(text, "VmPeak"), 3252 * 1024);
	assert_int_equal(map_field_bytes(text, "Threads"), 1);
	assert_int_equal(map_field_bytes(text, "LazyFree"), 0);
	assert_int_equal(map_field_bytes(text, "Last"), 12 * 1024);
	assert_int_equal(map_field_bytes(text, "Words"), 0);
	assert_int_equal(map_field_bytes(text, "Missing"), 0);
	assert_int_equal(map_field_bytes(text, "Absurd"), 0);
	assert_int_equal(map_field_bytes("", "VmPTE"), 0);
	assert_int_equal(map_field_bytes("VmPTE", "VmPTE"), 0);
	assert_int_equal(map_field_bytes("VmPTE:", "VmPTE"), 0);
}

static void a_real_status_has_a_resident_size(void **state)
{
	static char status[16384];
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t got = read(fd, status, sizeof(status) - 1);

	(void)state;
	close(fd);
	assert_true(got > 0);
	status[got] = 0;
	assert_true(map_field_bytes(status, "VmRSS") >= 4096);
	assert_true(map_field_bytes(status, "VmPeak") >=
		    map_field_bytes(status, "VmRSS"));
}

#define REGION_TEST(function)                                                  \
	cmocka_unit_test_setup_teardown(function, map_region, unmap_region)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_and_holes_are_counted),
		cmocka_unit_test(nothing_at_all_has_no_holes),
		cmocka_unit_test(only_what_starts_in_the_bounds_is_counted),
		cmocka_unit_test(addresses_at_the_top_are_read),
		cmocka_unit_test(a_last_line_needs_no_newline),
		cmocka_unit_test(a_last_line_that_is_torn_is_an_error),
		cmocka_unit_test(what_is_no_mapping_is_an_error_with_its_line),
		cmocka_unit_test(what_is_not_in_order_is_an_error),
		cmocka_unit_test(a_real_map_is_the_same_torn_in_two_anywhere),
		cmocka_unit_test(a_real_map_is_the_same_in_pieces_of_any_size),
		cmocka_unit_test(
			a_small_map_is_the_same_torn_in_three_anywhere),
		REGION_TEST(the_live_map_has_the_holes_that_were_made),
		REGION_TEST(the_live_map_is_exact_through_random_changes),
		REGION_TEST(thousands_of_mappings_and_holes_are_exact),
		cmocka_unit_test(fields_are_found_by_their_whole_name),
		cmocka_unit_test(a_real_status_has_a_resident_size),
	};

	return cmocka_run_group_tests(tests, read_maps, NULL);
}
