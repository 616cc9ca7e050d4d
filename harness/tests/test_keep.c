/* test_keep - kept ranges: how they are chosen, and what becomes of their pages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <regrow/keep_hooks.h>

#include "common/mapfile.h"
#include "tests/sanitized.h"

/* wrap: mmap munmap mprotect madvise */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);
int __real_munmap(void *address, size_t size);
int __real_mprotect(void *address, size_t size, int protection);
int __real_madvise(void *address, size_t size, int advice);

/* Planted: calls of this size or more fail with ENOMEM; 0: none do. */
static struct {
	size_t mmap;
	size_t munmap;
	size_t mprotect;
	size_t madvise;
} refuse;

static size_t mapped_last; /* bytes, of the last mmap where the kernel likes */
static unsigned int calls; /* of all four */
static int advice_last;

static bool refused(size_t size, size_t from)
{
	calls++;
	errno = ENOMEM;
	return from && size >= from;
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	if (refused(size, refuse.mmap))
		return MAP_FAILED;
	if (!address)
		mapped_last = size;
	return __real_mmap(address, size, protection, flags, fd, offset);
}

int __wrap_munmap(void *address, size_t size)
{
	if (refused(size, refuse.munmap))
		return -1;
	return __real_munmap(address, size);
}

int __wrap_mprotect(void *address, size_t size, int protection)
{
	if (refused(size, refuse.mprotect))
		return -1;
	return __real_mprotect(address, size, protection);
}

int __wrap_madvise(void *address, size_t size, int advice)
{
	advice_last = advice;
	if (refused(size, refuse.madvise))
		return -1;
	return __real_madvise(address, size, advice);
}

static struct recorder recorder;
static struct heap heap = {.recorder = &recorder};
static struct keep keep;

static void start(enum keep_mode mode, bool renews)
{
	memset(&refuse, 0, sizeof(refuse));
	memset(&recorder, 0, sizeof(recorder));
	memset(&keep, 0, sizeof(keep));
	heap.page_size = (size_t)sysconf(_SC_PAGESIZE);
	heap.thp_advise = false;
	heap.shared = &keep;
	assert_int_equal(keep_setup(&heap, &keep, mode, renews), 0);
}

static uint64_t failures(int error)
{
	return recorder.tally.failed_calls[error];
}

static size_t resident_bytes(void *range, size_t size)
{
	unsigned char present[2048];
	size_t pages = size / heap.page_size, resident = 0, i;

	assert_true(pages <= sizeof(present));
	assert_int_equal(mincore(range, size, present), 0);
	for (i = 0; i < pages; i++)
		resident += present[i] & 1;
	return resident * heap.page_size;
}

static bool is_mapped(void *page)
{
	unsigned char present;

	return mincore(page, 1, &present) == 0;
}

/* Can a byte of it be written? Asked of the kernel, which does not fault. */
static bool is_writable(unsigned char *page)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	bool writable;

	assert_true(zero >= 0);
	writable = read(zero, page, 1) == 1;
	close(zero);
	return writable;
}

/* What smaps says of the mapping that an address lies in; "": none. */
static const char *smaps_of(const void *address)
{
	static char text[1 << 20];
	uintptr_t from, to, wanted = (uintptr_t)address;
	size_t used = 0;
	ssize_t got;
	int fd = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	while ((got = read(fd, text + used, sizeof(text) - used - 1)) > 0)
		used += (size_t)got;
	close(fd);
	text[used] = 0;
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2 &&
		    from <= wanted && wanted < to)
			return line;
	}
	return "";
}

static uint64_t smaps_bytes(const void *address, const char *field)
{
	const char *text = smaps_of(address);
	const char *line = strstr(text, field);

	return line ? map_field_bytes(line, field) : 0;
}

/* The mappings that a range consists of. */
static uint64_t mappings_of(const void *range, size_t size)
{
	uintptr_t at = (uintptr_t)range, from, to;
	uint64_t count = 0;

	for (; at < (uintptr_t)range + size; at = to, count++)
		assert_int_equal(
			sscanf(smaps_of((void *)at), "%lx-%lx ", &from, &to),
			2);
	return count;
}

static void chunks_grow_by_a_quarter_and_hold_what_is_asked_for(void **state)
{
	static const size_t series_mib[] = {2, 4, 6, 8, 10, 14, 18, 24};
	size_t size;
	unsigned int i;

	(void)state;
	start(KEEP_DONTNEED, false);
	for (i = 0; i < sizeof(series_mib) / sizeof(*series_mib); i++) {
		size = series_mib[i] * MIB;
		assert_non_null(keep_take(&heap, &keep, size - MIB));
		assert_int_equal(mapped_last, size);
		/* The rest was kept: it takes no chunk. */
		mapped_last = 0;
		assert_non_null(keep_take(&heap, &keep, MIB));
		assert_int_equal(mapped_last, 0);
	}
	/* What is larger gets its own in whole 2 MiB; the series goes on. */
	assert_non_null(keep_take(&heap, &keep, 100 * MIB + heap.page_size));
	assert_int_equal(mapped_last, 102 * MIB);
	assert_int_equal(keep.chunk_size, 128 * MIB);
	for (i = 0; i < 20; i++) {
		size = keep_chunk_after(keep.chunk_size);
		assert_true(size > keep.chunk_size || size == KEEP_CHUNK_MAX);
		assert_int_equal(size % PAGES_HUGE, 0);
		keep.chunk_size = size;
	}
	assert_int_equal(keep.chunk_size, KEEP_CHUNK_MAX);
	keep_teardown(&heap, &keep);
}

static void a_chunk_that_is_refused_leaves_the_range_alone(void **state)
{
	void *range;

	(void)state;
	start(KEEP_DONTNEED, false);
	refuse.mmap = 2 * MIB;
	range = keep_take(&heap, &keep, 300 * KIB);
	assert_non_null(range);
	assert_int_equal(mapped_last, 300 * KIB);
	assert_int_equal(failures(ENOMEM), 1);
	assert_int_equal(keep.chunk_size, KEEP_CHUNK_FIRST);
	refuse.mmap = KIB;
	assert_null(keep_take(&heap, &keep, 304 * KIB));
	assert_int_equal(failures(ENOMEM), 3);
	refuse.mmap = 0;
	keep_give(&heap, &keep, range, 300 * KIB);
	assert_ptr_equal(keep_take(&heap, &keep, 300 * KIB), range);
	keep_give(&heap, &keep, range, 300 * KIB);
	keep_teardown(&heap, &keep);
}

static void impossible_sizes_are_out_of_memory(void **state)
{
	static const size_t sizes[] = {0, SIZE_MAX / 2 & ~(size_t)65535,
				       SIZE_MAX & ~(size_t)65535};
	unsigned int i;

	(void)state;
	start(KEEP_NONE, false);
	for (i = 0; i < 3; i++) {
		assert_null(keep_take(&heap, &keep, sizes[i]));
		assert_null(keep_take_aligned(&heap, &keep, 4 * MIB, sizes[i]));
	}
	assert_true(failures(ENOMEM) >= 6);
	keep_teardown(&heap, &keep);
}

static void the_best_fit_is_split_and_what_touches_is_made_one(void **state)
{
	unsigned char *chunk, *large, *small;

	(void)state;
	start(KEEP_DONTNEED, false);
	chunk = keep_take(&heap, &keep, 2 * MIB);
	large = chunk + 256 * KIB; /* 1 MiB */
	small = chunk + 1536 * KIB; /* 512 KiB */
	keep_give(&heap, &keep, large, MIB);
	keep_give(&heap, &keep, small, 512 * KIB);
	assert_ptr_equal(keep_take(&heap, &keep, 384 * KIB), small);
	assert_ptr_equal(keep_take(&heap, &keep, 384 * KIB), large);
	assert_ptr_equal(keep_take(&heap, &keep, 128 * KIB), small + 384 * KIB);
	keep_give(&heap, &keep, large, 384 * KIB);
	keep_give(&heap, &keep, small, 512 * KIB);
	keep_give(&heap, &keep, chunk, 256 * KIB);
	keep_give(&heap, &keep, large + MIB, 256 * KIB);
	calls = 0;
	assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), chunk);
	assert_int_equal(calls, 0); /* a kept range costs no system call */
	keep_give(&heap, &keep, chunk, 2 * MIB);
	keep_teardown(&heap, &keep);
}

static void pages_are_handed_out_again_with_their_contents(void **state)
{
	unsigned char *range;

	(void)state;
	start(KEEP_PAGES, false);
	range = keep_take(&heap, &keep, 2 * MIB);
	memset(range, 7, 2 * MIB);
	calls = 0;
	keep_give(&heap, &keep, range, 2 * MIB);
	assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
	assert_int_equal(calls, 0);
	assert_int_equal(resident_bytes(range, 2 * MIB), 2 * MIB);
	assert_int_equal(range[2 * MIB - 1], 7);
	keep_give(&heap, &keep, range, 2 * MIB);
	keep_teardown(&heap, &keep);
}

static void dontneed_drops_pages_and_leaves_the_range_writable(void **state)
{
	unsigned int renews;

	(void)state;
	for (renews = 0; renews < 2; renews++) {
		unsigned char *range;

		start(KEEP_DONTNEED, renews);
		range = keep_take(&heap, &keep, 2 * MIB);
		memset(range, 7, 2 * MIB);
		advice_last = 0;
		keep_give(&heap, &keep, range, 2 * MIB);
		assert_int_equal(advice_last, renews ? 0 : MADV_DONTNEED);
		assert_int_equal(resident_bytes(range, 2 * MIB), 0);
		assert_true(is_writable(range));
		assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
		assert_int_equal(range[MIB], 0);
		keep_give(&heap, &keep, range, 2 * MIB);
		keep_teardown(&heap, &keep);
	}
}

static void free_pages_stay_until_the_kernel_wants_them(void **state)
{
	unsigned char *range;

	(void)state;
	start(KEEP_FREE, false);
	range = keep_take(&heap, &keep, 2 * MIB);
	memset(range, 7, 2 * MIB);
	keep_give(&heap, &keep, range, 2 * MIB);
	assert_int_equal(advice_last, MADV_FREE);
	assert_true(resident_bytes(range, 2 * MIB) > 0);
	/* Huge pages and a page in a CPU's batch may be missing. */
	assert_true(smaps_bytes(range, "LazyFree") >= MIB);
	assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
	memset(range, 8, 2 * MIB);
	assert_int_equal(smaps_bytes(range, "LazyFree"), 0);
	keep_give(&heap, &keep, range, 2 * MIB);
	keep_teardown(&heap, &keep);
}

static void none_can_be_touched_only_where_it_was_taken(void **state)
{
	unsigned char *range;

	(void)state;
	start(KEEP_NONE, false);
	range = keep_take(&heap, &keep, MIB);
	memset(range, 7, MIB);
	assert_true(is_writable(range));
	assert_false(is_writable(range + MIB)); /* the rest of the chunk */
	assert_true(is_mapped(range + MIB));
	keep_give(&heap, &keep, range, MIB);
	assert_int_equal(resident_bytes(range, MIB), 0);
	assert_false(is_writable(range));
	assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
	assert_int_equal(range[0], 0);
	assert_true(is_writable(range + 2 * MIB - 1));
	keep_give(&heap, &keep, range, 2 * MIB);
	keep_teardown(&heap, &keep);
}

static void what_mprotect_refuses_is_kept_and_out_of_memory(void **state)
{
	unsigned char *range;

	(void)state;
	start(KEEP_NONE, false);
	range = keep_take(&heap, &keep, 2 * MIB);
	keep_give(&heap, &keep, range, 2 * MIB);
	refuse.mprotect = 1;
	assert_null(keep_take(&heap, &keep, MIB));
	assert_int_equal(failures(ENOMEM), 1);
	refuse.mprotect = 0;
	assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
	keep_give(&heap, &keep, range, 2 * MIB);
	keep_teardown(&heap, &keep);
}

static void what_cannot_be_mapped_anew_is_kept_without_pages(void **state)
{
	unsigned int renews;

	(void)state;
	for (renews = 0; renews < 2; renews++) {
		unsigned char *range;

		start(renews ? KEEP_DONTNEED : KEEP_NONE, renews);
		range = keep_take(&heap, &keep, 2 * MIB);
		memset(range, 7, 2 * MIB);
		refuse.mmap = 1;
		keep_give(&heap, &keep, range, 2 * MIB);
		assert_int_equal(failures(ENOMEM), 1);
		assert_int_equal(resident_bytes(range, 2 * MIB), 0);
		assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
		/* A hole in it, as of an mmap that failed half-way. */
		assert_int_equal(__real_munmap(range + MIB, heap.page_size), 0);
		keep_give(&heap, &keep, range, 2 * MIB);
		assert_null(keep_take(&heap, &keep, MIB));
		assert_int_equal(__real_munmap(range, 2 * MIB), 0);
		keep_teardown(&heap, &keep);
	}
}

static void advice_that_is_refused_is_tallied_and_the_range_kept(void **state)
{
	unsigned char *range;

	(void)state;
	start(KEEP_FREE, false);
	range = keep_take(&heap, &keep, 2 * MIB);
	refuse.madvise = 1;
	keep_give(&heap, &keep, range, 2 * MIB);
	assert_int_equal(failures(ENOMEM), 1);
	assert_ptr_equal(keep_take(&heap, &keep, 2 * MIB), range);
	keep_give(&heap, &keep, range, 2 * MIB);
	keep_teardown(&heap, &keep);
}

static void a_range_too_many_is_unmapped_or_rescued(void **state)
{
	unsigned char *chunk;
	size_t page, i;

	(void)state;
	start(KEEP_PAGES, false);
	page = heap.page_size;
	chunk = keep_take(&heap, &keep, 2 * MIB);
	for (i = 0; i < 4; i++)
		keep_give(&heap, &keep, chunk + 2 * i * page, page);
	keep.ranges.max = keep.ranges.used; /* full, as by 16384 */
	assert_false(keep_put(&heap, &keep, chunk + 8 * page, page));
	assert_int_equal(failures(ENOMEM), 1);
	assert_false(is_mapped(chunk + 8 * page));
	/* It coalesces all the same. */
	assert_true(keep_put(&heap, &keep, chunk + page, page));
	assert_true(is_mapped(chunk + page));
	/* Where munmap is refused, it stays mapped, its pages gone. */
	assert_true(keep_put(&heap, &keep, chunk + 11 * page, page));
	memset(chunk + 9 * page, 1, page);
	refuse.munmap = page;
	assert_false(keep_put(&heap, &keep, chunk + 9 * page, page));
	refuse.munmap = 0;
	assert_int_equal(resident_bytes(chunk + 9 * page, page), 0);
	keep.ranges.max = KEEP_RANGES;
	keep_teardown(&heap, &keep);
	assert_int_equal(munmap(chunk, 2 * MIB), 0);
}

static void an_aligned_range_gives_both_ends_back(void **state)
{
	static const enum keep_mode modes[] = {KEEP_PAGES, KEEP_NONE};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		unsigned char *chunk, *range;
		size_t page;

		start(modes[i], false);
		page = heap.page_size;
		chunk = keep_take(&heap, &keep, 32 * MIB);
		keep_give(&heap, &keep, chunk + page, 32 * MIB - page);
		range = keep_take_aligned(&heap, &keep, 8 * MIB, 300 * KIB);
		assert_int_equal((uintptr_t)range % (8 * MIB), 0);
		assert_true(range > chunk && range < chunk + 32 * MIB);
		memset(range, 1, 300 * KIB);
		mapped_last = 0;
		/* What lies before it, and what lies behind it. */
		assert_ptr_equal(
			keep_take(&heap, &keep, (size_t)(range - chunk) - page),
			chunk + page);
		assert_ptr_equal(keep_take(&heap, &keep,
					   32 * MIB - (size_t)(range - chunk) -
						   300 * KIB),
				 range + 300 * KIB);
		assert_int_equal(mapped_last, 0);
		keep_give(&heap, &keep, chunk, 32 * MIB);
		/* A page's alignment needs nothing more than the size. */
		assert_ptr_equal(keep_take_aligned(&heap, &keep, 64, 32 * MIB),
				 chunk);
		keep_give(&heap, &keep, chunk, 32 * MIB);
		keep_teardown(&heap, &keep);
	}
}

static void what_is_kept_merges_to_one_mapping(void **state)
{
	static const enum keep_mode modes[] = {KEEP_PAGES, KEEP_DONTNEED,
					       KEEP_FREE, KEEP_NONE};
	unsigned char *ranges[24];
	unsigned int thp, mode, i;

	(void)state;
	for (thp = 0; thp < 2; thp++)
		for (mode = 0; mode < 4; mode++) {
			start(modes[mode], modes[mode] == KEEP_DONTNEED);
			heap.thp_advise = thp;
			for (i = 0; i < 24; i++) {
				ranges[i] = keep_take(&heap, &keep, 64 * KIB);
				memset(ranges[i], 1, 64 * KIB);
			}
			for (i = 0; i < 24; i += 2)
				keep_give(&heap, &keep, ranges[i], 64 * KIB);
			for (i = 1; i < 24; i += 2)
				keep_give(&heap, &keep, ranges[i], 64 * KIB);
			/* The chunk, a quarter of which was never taken. */
			assert_int_equal(mappings_of(ranges[0], 2 * MIB), 1);
			keep_teardown(&heap, &keep);
		}
}

static bool has_huge_flag(const void *address)
{
	const char *flags = strstr(smaps_of(address), "VmFlags:");
	const char *huge = flags ? strstr(flags, " hg") : NULL;

	return huge && huge < strchr(flags, '\n');
}

static void
chunks_are_advised_as_a_whole_and_of_none_what_is_taken(void **state)
{
	unsigned char *small, *large;

	(void)state;
	if (access("/sys/kernel/mm/transparent_hugepage", F_OK))
		skip(); /* a kernel without THP has no such flag */
	start(KEEP_DONTNEED, false);
	heap.thp_advise = true;
	small = keep_take(&heap, &keep, 64 * KIB);
	assert_true(has_huge_flag(small));
	assert_true(has_huge_flag(small + MIB));
	keep_teardown(&heap, &keep);

	start(KEEP_NONE, false);
	heap.thp_advise = true;
	large = keep_take(&heap, &keep, 2 * MIB);
	small = keep_take(&heap, &keep, 64 * KIB);
	assert_true(has_huge_flag(large));
	assert_false(has_huge_flag(small));
	keep_give(&heap, &keep, large, 2 * MIB);
	assert_false(has_huge_flag(large));
	keep_give(&heap, &keep, small, 64 * KIB);
	keep_teardown(&heap, &keep);
}

static void keep_no_maps_nothing_and_is_torn_down_as_that(void **state)
{
	void *block;

	(void)state;
	calls = 0;
	start(KEEP_NO, false);
	assert_int_equal(calls, 0);
	block = keep_alloc(&heap, MIB);
	assert_ptr_equal(keep_shrink(&heap, block, MIB, 64 * KIB), block);
	assert_false(is_mapped((char *)block + 64 * KIB));
	keep_release(&heap, block, 64 * KIB);
	assert_false(is_mapped(block));
	keep_hook_teardown(&heap);
}

static void a_shrunk_blocks_end_is_kept(void **state)
{
	unsigned char *block;

	(void)state;
	start(KEEP_DONTNEED, false);
	block = keep_alloc(&heap, 2 * MIB);
	memset(block, 1, 2 * MIB);
	assert_ptr_equal(keep_shrink(&heap, block, 2 * MIB, MIB + 1), block);
	assert_int_equal(resident_bytes(block, 2 * MIB), MIB + heap.page_size);
	assert_ptr_equal(keep_alloc(&heap, 512 * KIB),
			 block + MIB + heap.page_size);
	keep_teardown(&heap, &keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			chunks_grow_by_a_quarter_and_hold_what_is_asked_for),
		cmocka_unit_test(
			a_chunk_that_is_refused_leaves_the_range_alone),
		cmocka_unit_test(impossible_sizes_are_out_of_memory),
		cmocka_unit_test(
			the_best_fit_is_split_and_what_touches_is_made_one),
		cmocka_unit_test(
			pages_are_handed_out_again_with_their_contents),
		cmocka_unit_test(
			dontneed_drops_pages_and_leaves_the_range_writable),
		cmocka_unit_test(free_pages_stay_until_the_kernel_wants_them),
		cmocka_unit_test(none_can_be_touched_only_where_it_was_taken),
		cmocka_unit_test(
			what_mprotect_refuses_is_kept_and_out_of_memory),
		cmocka_unit_test(
			what_cannot_be_mapped_anew_is_kept_without_pages),
		cmocka_unit_test(
			advice_that_is_refused_is_tallied_and_the_range_kept),
		cmocka_unit_test(a_range_too_many_is_unmapped_or_rescued),
		cmocka_unit_test(an_aligned_range_gives_both_ends_back),
		cmocka_unit_test(what_is_kept_merges_to_one_mapping),
		cmocka_unit_test(
			chunks_are_advised_as_a_whole_and_of_none_what_is_taken),
		cmocka_unit_test(keep_no_maps_nothing_and_is_torn_down_as_that),
		cmocka_unit_test(a_shrunk_blocks_end_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
