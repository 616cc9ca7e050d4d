/* test_exponential - the classes are those of the series, and what they save. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/heaps.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

/*
 * The class of a size cannot be seen from outside, so a wrapped allocator notes
 * what it is asked for.
 */
static size_t asked_size, asked_new_size;
static unsigned int asked;
static bool refuse;

static void *noting_alloc(struct heap *heap, size_t size)
{
	(void)heap;
	asked++;
	asked_size = size;
	return refuse ? NULL : (void *)16;
}

static void *noting_grow(struct heap *heap, void *block, size_t size,
			 size_t new_size)
{
	asked++;
	asked_size = size;
	asked_new_size = new_size;
	tally_growth(heap->recorder, refuse ? OUTCOME_FAILED : OUTCOME_COPIED);
	return refuse ? NULL : block;
}

static void noting_release(struct heap *heap, void *block, size_t size)
{
	(void)heap;
	(void)block;
	asked++;
	asked_size = size;
}

static size_t asked_alignment;

static void *noting_alloc_aligned(struct heap *heap, size_t alignment,
				  size_t size)
{
	asked_alignment = alignment;
	return noting_alloc(heap, size);
}

static void *noting_shrink(struct heap *heap, void *block, size_t size,
			   size_t new_size)
{
	(void)heap;
	asked++;
	asked_size = size;
	asked_new_size = new_size;
	return refuse ? NULL : block;
}

static const struct allocator noting = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "noting",
	.summary = "notes what it is asked for",
	.alloc = noting_alloc,
	.grow = noting_grow,
	.release = noting_release,
	.alloc_aligned = noting_alloc_aligned,
	.shrink = noting_shrink,
};

static struct heaps heaps;

static struct heap *start(const char *options)
{
	char spelling[SPEC_TEXT_MAX];
	struct heap *heap = heaps_of(&heaps, 0);

	snprintf(spelling, sizeof(spelling), "exponential%s", options);
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	heaps.layers[0][1].allocator = &noting;
	refuse = false;
	asked = 0;
	return heap;
}

/* What exponential asks its wrapped allocator for where a size is asked. */
static size_t class_of(struct heap *heap, size_t size)
{
	asked_size = 0;
	if (!heap_alloc(heap, size))
		return 0;
	return asked_size;
}

static void classes_are(const char *options, const size_t (*expected)[2],
			size_t count)
{
	struct heap *heap = start(options);
	size_t i;

	for (i = 0; i < count; i++)
		if (class_of(heap, expected[i][0]) != expected[i][1])
			fail_msg("exponential%s: %zu is of class %zu, not %zu",
				 options, expected[i][0],
				 class_of(heap, expected[i][0]),
				 expected[i][1]);
	heaps_close(&heaps);
}
#define CLASSES_ARE(options, expected)                                         \
	classes_are(options, expected, sizeof(expected) / sizeof(*(expected)))

static void x2_doubles_from_the_first_class_on(void **state)
{
	static const size_t from_4m[][2] = {
		{1, 4 * MIB},
		{4 * MIB, 4 * MIB},
		{4 * MIB + 1, 8 * MIB},
		{9 * MIB, 16 * MIB},
		{64 * MIB, 64 * MIB},
		{64 * MIB + 1, 128 * MIB},
		{SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1},
		{SIZE_MAX / 2 + 2, 0},
		{SIZE_MAX, 0},
	};
	static const size_t from_96k[][2] = {
		{1, 96 * KIB},
		{97 * KIB, 192 * KIB},
		{193 * KIB, 384 * KIB},
	};

	(void)state;
	CLASSES_ARE("", from_4m);
	CLASSES_ARE(":first=96K", from_96k);
}

static void quarter_has_four_classes_to_each_doubling_as_jemalloc(void **state)
{
	static const size_t from_4m[][2] = {
		{1, 4 * MIB},
		{4 * MIB, 4 * MIB},
		{4 * MIB + 1, 5 * MIB},
		{5 * MIB + 1, 6 * MIB},
		{6 * MIB + 1, 7 * MIB},
		{7 * MIB + 1, 8 * MIB},
		{8 * MIB, 8 * MIB},
		{8 * MIB + 1, 10 * MIB},
		{13 * MIB, 14 * MIB},
		{14 * MIB + 1, 16 * MIB},
		{33 * MIB, 40 * MIB},
		{57 * MIB, 64 * MIB},
		{(size_t)7 << 61, (size_t)7 << 61},
		{((size_t)7 << 61) + 1, 0},
	};
	static const size_t from_20k[][2] = {
		{1, 20 * KIB},
		{20 * KIB, 20 * KIB},
		{20 * KIB + 1, 24 * KIB},
		{28 * KIB + 1, 32 * KIB},
		{32 * KIB + 1, 40 * KIB},
	};

	(void)state;
	CLASSES_ARE(":step=quarter", from_4m);
	CLASSES_ARE(":step=quarter:first=20K", from_20k);
}

static void page_rounds_to_whole_pages_from_the_smallest_on(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t expected[][2] = {
		{1, page},
		{page, page},
		{page + 1, 2 * page},
		{100 * page - 1, 100 * page},
		{SIZE_MAX, 0},
	};

	(void)state;
	CLASSES_ARE(":step=page", expected);
}

static void a_linear_step_rounds_to_its_multiples(void **state)
{
	static const size_t by_4m[][2] = {
		{1, 4 * MIB},		{4 * MIB + 1, 8 * MIB},
		{8 * MIB, 8 * MIB},	{8 * MIB + 1, 12 * MIB},
		{101 * MIB, 104 * MIB}, {SIZE_MAX - MIB, 0},
	};
	static const size_t by_64k[][2] = {
		{1, 4 * MIB},
		{4 * MIB + 1, 4 * MIB + 64 * KIB},
	};

	(void)state;
	CLASSES_ARE(":step=+4M", by_4m);
	CLASSES_ARE(":step=+64K", by_64k);
	CLASSES_ARE(":step=+65536", by_64k);
}

static void growth_within_a_class_asks_nobody_and_is_slack(void **state)
{
	struct heap *heap = start("");
	void *block = heap_alloc(heap, 4 * MIB + 1);
	struct tally *tally = &heap->recorder->tally;

	(void)state;
	asked = 0;
	assert_ptr_equal(heap_grow(heap, block, 4 * MIB + 1, 8 * MIB), block);
	assert_int_equal(asked, 0);
	assert_int_equal(tally->growths[OUTCOME_SLACK], 1);
	assert_int_equal(heaps_growths(tally), 1);
	heaps_close(&heaps);
}

static void growth_beyond_a_class_and_release_ask_by_classes(void **state)
{
	struct heap *heap = start("");
	void *block = heap_alloc(heap, 5 * MIB);

	(void)state;
	assert_ptr_equal(heap_grow(heap, block, 5 * MIB, 9 * MIB), block);
	assert_int_equal(asked_size, 8 * MIB);
	assert_int_equal(asked_new_size, 16 * MIB);
	assert_int_equal(heaps_growths(&heap->recorder->tally), 1);
	heap_release(heap, block, 9 * MIB);
	assert_int_equal(asked_size, 16 * MIB);
	heaps_close(&heaps);
}

static void aligned_and_shrunk_blocks_are_asked_for_by_classes(void **state)
{
	struct heap *heap = start("");
	void *block = heap_alloc_aligned(heap, 4096, 5 * MIB);

	(void)state;
	assert_non_null(block);
	assert_int_equal(asked_alignment, 4096);
	assert_int_equal(asked_size, 8 * MIB);
	asked = 0;
	assert_ptr_equal(heap_shrink(heap, block, 8 * MIB, 5 * MIB), block);
	assert_int_equal(asked, 0);
	assert_ptr_equal(heap_shrink(heap, block, 5 * MIB, MIB), block);
	assert_int_equal(asked, 1);
	assert_int_equal(asked_size, 8 * MIB);
	assert_int_equal(asked_new_size, 4 * MIB);
	refuse = true;
	assert_null(heap_shrink(heap, block, 9 * MIB, MIB));
	assert_null(heap_alloc_aligned(heap, 4096, SIZE_MAX));
	heaps_close(&heaps);
}

static void what_the_wrapped_allocator_refuses_fails_once(void **state)
{
	struct heap *heap = start("");
	void *block = heap_alloc(heap, 5 * MIB);
	struct tally *tally = &heap->recorder->tally;

	(void)state;
	refuse = true;
	assert_null(heap_grow(heap, block, 5 * MIB, 9 * MIB));
	assert_int_equal(tally->growths[OUTCOME_FAILED], 1);
	asked = 0;
	assert_null(heap_grow(heap, block, 5 * MIB, SIZE_MAX));
	assert_int_equal(asked, 0);
	assert_int_equal(tally->growths[OUTCOME_FAILED], 2);
	assert_null(heap_alloc(heap, SIZE_MAX));
	assert_null(heap_alloc(heap, MIB));
	heaps_close(&heaps);
}

static void doubling_saves_nothing_and_slow_growth_much(void **state)
{
	struct heap *heap = start("");
	struct tally *tally = &heap->recorder->tally;
	size_t size;

	(void)state;
	for (size = 4 * MIB; size < 64 * MIB; size *= 2)
		assert_non_null(heap_grow(heap, (void *)16, size, 2 * size));
	assert_int_equal(tally->growths[OUTCOME_SLACK], 0);
	for (size = 4 * MIB; size < 64 * MIB; size += 64 * KIB)
		assert_non_null(
			heap_grow(heap, (void *)16, size, size + 64 * KIB));
	assert_int_equal(tally->growths[OUTCOME_SLACK], 960 - 4);
	assert_int_equal(tally->growths[OUTCOME_COPIED], 4 + 4);
	heaps_close(&heaps);
}

static void malformed_steps_are_refused_with_the_reason(void **state)
{
	static const char *const wrong[] = {
		"x3",	 "",	  "quarters",
		"+",	 "+0",	  "+M",
		"4M",	 "+-4M",  "+4MM",
		"+4.5M", "+ 4M",  "+99999999999T",
		"+4m",	 "+4KiB", "+99999999999999999999",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char spelling[64];
		struct allocator_spec spec;
		char why[256] = "";

		snprintf(spelling, sizeof(spelling), "exponential:step=%s",
			 wrong[i]);
		if (spec_parse_allocator(spelling, &spec, why, sizeof(why)) !=
		    -EINVAL)
			fail_msg("'%s' was taken", spelling);
		assert_true(why[0] != '\0');
	}
	assert_int_equal(heaps_open(&heaps, "exponential:first=0", 1, MIB),
			 -EINVAL);
	assert_non_null(strstr(heaps.why, "first=0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x2_doubles_from_the_first_class_on),
		cmocka_unit_test(
			quarter_has_four_classes_to_each_doubling_as_jemalloc),
		cmocka_unit_test(
			page_rounds_to_whole_pages_from_the_smallest_on),
		cmocka_unit_test(a_linear_step_rounds_to_its_multiples),
		cmocka_unit_test(
			growth_within_a_class_asks_nobody_and_is_slack),
		cmocka_unit_test(
			growth_beyond_a_class_and_release_ask_by_classes),
		cmocka_unit_test(
			aligned_and_shrunk_blocks_are_asked_for_by_classes),
		cmocka_unit_test(what_the_wrapped_allocator_refuses_fails_once),
		cmocka_unit_test(doubling_saves_nothing_and_slow_growth_much),
		cmocka_unit_test(malformed_steps_are_refused_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
