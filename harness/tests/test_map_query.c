/*
 * test_map_query - the map of a process whose mappings and holes are known is
 * read exactly, by the text and by the ioctl, in both layouts. The process is
 * this program once more, since a layout is chosen at exec.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/personality.h"
#include "sample/map_query.h"
#include "sample/process.h"
#include "tests/sanitized.h"

#define SPACE_COMMAND "--space"
#define GIB ((size_t)1 << 30)
#define SPACE_SIZE (4 * GIB)
#define STRIPES 3000 /* pages of alternating protections: 150 KiB of text */
#define HEAP_BYTES ((size_t)3 << 20)

enum { PAGE_HOLE = -1 };

/* A stretch of the space: PAGE_HOLE, or the protections that it has. */
struct stretch {
	uintptr_t from;
	uintptr_t to;
	int state;
};

static struct {
	uintptr_t start;
	uintptr_t at; /* where the next stretch begins */
	size_t page_size;
	size_t count;
	struct stretch stretches[STRIPES + 64];
} space;

#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "line %d: not %s\n", __LINE__,         \
				#condition);                                   \
			exit(1);                                               \
		}                                                              \
	} while (0)

static void plant(size_t size, int state)
{
	struct stretch *stretch = &space.stretches[space.count++];

	CHECK(space.count < sizeof(space.stretches) / sizeof(*stretch));
	*stretch = (struct stretch){space.at, space.at + size, state};
	space.at += size;
	if (state == PAGE_HOLE)
		CHECK(munmap((void *)stretch->from, size) == 0);
	else
		CHECK(mprotect((void *)stretch->from, size, state) == 0);
}

/*
 * The first page stays as it was reserved and belongs to no stretch, as does
 * the last part: they may have merged with what is beside them.
 */
static void plant_all(void)
{
	static const size_t holes[] = {1, 2, 511, 512, 513, 3};
	size_t page = space.page_size;

	space.at = space.start + page;
	plant(page, PROT_READ);
	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
		plant(holes[i] * page, PAGE_HOLE);
		plant((1 + i % 3) * page, PROT_READ | PROT_WRITE);
		plant(page, PROT_READ | PROT_EXEC);
	}
	plant(GIB + 5 * page, PAGE_HOLE);
	for (size_t i = 0; i < STRIPES; i++)
		plant(page, i % 2 ? PROT_NONE : PROT_READ | PROT_WRITE);
	/* The rest of what is reserved is PROT_NONE and would join. */
	plant(page, PROT_READ);
	CHECK(space.at < space.start + SPACE_SIZE);
}

static void expect(struct map_holes *holes)
{
	for (size_t i = 0; i < space.count; i++) {
		const struct stretch *stretch = &space.stretches[i];
		uint64_t size = stretch->to - stretch->from;

		if (stretch->state != PAGE_HOLE) {
			holes->mappings++;
			continue;
		}
		holes->holes++;
		holes->hole_bytes += size;
		holes->mapped_bytes -= size;
		if (holes->hole_bytes_max < size)
			holes->hole_bytes_max = size;
	}
	holes->mappings++; /* the reserved part, cut in two */
}

static void check_holes(const struct map_holes *seen,
			const struct map_holes *expected)
{
	CHECK(seen->mappings == expected->mappings);
	CHECK(seen->mapped_bytes == expected->mapped_bytes);
	CHECK(seen->holes == expected->holes);
	CHECK(seen->hole_bytes == expected->hole_bytes);
	CHECK(seen->hole_bytes_max == expected->hole_bytes_max);
}

/* The same by one look-up for each mapping, without the parser's counting. */
static void check_walk(enum map_lookup lookup, int maps,
		       const struct map_holes *expected)
{
	struct map_bounds bounds = process_bounds();
	struct map_holes holes = {0};
	struct mapping mapping;
	uintptr_t at = bounds.low, end = 0;

	while (map_lookup_find(lookup, maps, at, &mapping) == 0 &&
	       mapping.from < bounds.high) {
		uint64_t gap = end ? mapping.from - end : 0;

		at = mapping.to;
		if (mapping.from < bounds.low)
			continue;
		holes.mappings++;
		holes.mapped_bytes += mapping.to - mapping.from;
		holes.holes += gap > 0;
		holes.hole_bytes += gap;
		if (holes.hole_bytes_max < gap)
			holes.hole_bytes_max = gap;
		end = mapping.to;
	}
	/* No walk sees what the heap has in the area: none. */
	holes.mapped_bytes += HEAP_BYTES;
	check_holes(&holes, expected);
}

/* From the first byte and the last, and a hole's gives what is above it. */
static void check_stretch(enum map_lookup lookup, int maps, size_t place)
{
	const struct stretch *stretch = &space.stretches[place];
	const struct stretch *above = stretch;
	uintptr_t inside[] = {stretch->from, stretch->to - 1,
			      (stretch->from + stretch->to) / 2};

	if (stretch->state == PAGE_HOLE)
		above++;
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		struct mapping mapping;

		CHECK(map_lookup_find(lookup, maps, inside[i], &mapping) == 0);
		CHECK(mapping.from == above->from && mapping.to == above->to);
		CHECK(mapping.protections == above->state);
	}
}

static void check_end(enum map_lookup lookup, int maps)
{
	struct mapping mapping;

	CHECK(map_lookup_find(lookup, maps, (uintptr_t)1 << 47, &mapping) ==
	      -ENOENT);
	CHECK(map_lookup_find(lookup, -1, 0, &mapping) == -EBADF);
	CHECK(map_lookup_find(lookup, maps, 0, &mapping) == 0);
	CHECK(mapping.from > 0 && mapping.to > mapping.from);
}

static void check_method(enum map_lookup lookup, int maps,
			 const struct map_holes *expected)
{
	/* By the text each look-up reads the map from its begin. */
	size_t step = lookup == MAP_LOOKUP_TEXT ? 29 : 1;

	check_walk(lookup, maps, expected);
	for (size_t i = 0; i < space.count; i += i < 32 ? 1 : step)
		check_stretch(lookup, maps, i);
	check_end(lookup, maps);
}

static int space_main(const char *layout)
{
	struct map_figures before = {0}, after = {0};
	int maps = open("/proc/self/maps", O_RDONLY);
	void *reserved;

	CHECK(maps >= 0 && process_open() == 0);
	space.page_size = (size_t)sysconf(_SC_PAGESIZE);
	reserved = mmap(NULL, SPACE_SIZE, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(reserved != MAP_FAILED);
	space.start = (uintptr_t)reserved;
	CHECK((space.start < (uintptr_t)&space) ==
	      (strcmp(layout, "legacy") == 0));
	CHECK(process_figures(&before, false) == 0);
	plant_all();
	CHECK(sbrk((intptr_t)HEAP_BYTES) != (void *)-1);
	expect(&before.holes);
	before.holes.mapped_bytes += HEAP_BYTES;
	CHECK(process_figures(&after, false) == 0);
	check_holes(&after.holes, &before.holes);
	CHECK(before.holes.hole_bytes_max >= GIB + 5 * space.page_size);
	check_method(MAP_LOOKUP_TEXT, maps, &before.holes);
	if (map_lookup_usable(maps) == MAP_LOOKUP_QUERY)
		check_method(MAP_LOOKUP_QUERY, maps, &before.holes);
	process_close();
	close(maps);
	return 0;
}

static void space_run(const char *layout)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (personality_set_layout(strcmp(layout, "legacy") == 0) == 0)
			execl("/proc/self/exe", "test_map_query", SPACE_COMMAND,
			      layout, NULL);
		_exit(2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_known_space_is_read_exactly_by_both_methods(void **state)
{
	(void)state;
	space_run("standard");
}

static void a_known_space_is_read_exactly_bottom_up(void **state)
{
	(void)state;
	/* Its shadow has no room for another layout. */
	if (THREAD_SANITIZED)
		skip();
	space_run("legacy");
}

static void where_the_ioctl_is_refused_the_text_is_taken(void **state)
{
	int pipe_ends[2];

	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	assert_int_equal(map_lookup_usable(pipe_ends[0]), MAP_LOOKUP_TEXT);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static void a_text_that_is_no_map_is_an_error(void **state)
{
	struct mapping mapping;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	fputs("1000-2000 rw-p 0 0 0\n", file);
	fflush(file);
	assert_int_equal(map_lookup_find(MAP_LOOKUP_TEXT, fileno(file), 0x1fff,
					 &mapping),
			 0);
	assert_int_equal(mapping.from, 0x1000);
	assert_int_equal(map_lookup_find(MAP_LOOKUP_TEXT, fileno(file), 0x2000,
					 &mapping),
			 -ENOENT);
	fputs("nonsense\n", file);
	fflush(file);
	assert_int_equal(map_lookup_find(MAP_LOOKUP_TEXT, fileno(file), 0x2000,
					 &mapping),
			 -EINVAL);
	fclose(file);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_space_is_read_exactly_by_both_methods),
		cmocka_unit_test(a_known_space_is_read_exactly_bottom_up),
		cmocka_unit_test(where_the_ioctl_is_refused_the_text_is_taken),
		cmocka_unit_test(a_text_that_is_no_map_is_an_error),
	};

	if (argc == 3 && strcmp(argv[1], SPACE_COMMAND) == 0)
		return space_main(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
