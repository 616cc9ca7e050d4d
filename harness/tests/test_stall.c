/*
 * test_stall - the allocator that `make open-loop` plants a stall with sleeps at
 * the call that it is told to, and at no other. Its nanosleep() is this
 * program's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "tests/heaps.h"
#include "tests/plugin_folder.h"

#define MIB ((size_t)1 << 20)
#define CALLS_MAX 16

static struct {
	unsigned int count;
	unsigned int at[CALLS_MAX]; /* after how many calls for memory */
	uint64_t ns[CALLS_MAX];
	unsigned int interrupted; /* so many of the first */
} sleeps;
static unsigned int calls;
static struct heaps heaps;

__attribute__((visibility("default"))) int
nanosleep(const struct timespec *wanted, struct timespec *left)
{
	unsigned int number = sleeps.count++;

	if (number >= CALLS_MAX)
		abort();
	sleeps.at[number] = calls;
	sleeps.ns[number] = (uint64_t)wanted->tv_sec * 1000000000u +
			    (uint64_t)wanted->tv_nsec;
	if (number >= sleeps.interrupted)
		return 0;
	*left = (struct timespec){.tv_nsec = wanted->tv_nsec / 2};
	errno = EINTR;
	return -1;
}

static struct heap *start(const char *options)
{
	char folder[3072], spelling[4096];

	if (!plugin_folder(folder, sizeof(folder)))
		fail_msg("where are the plug-ins?");
	snprintf(spelling, sizeof(spelling), "%s/stall.so%s", folder, options);
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	memset(&sleeps, 0, sizeof(sleeps));
	calls = 0;
	return heaps_of(&heaps, 0);
}

/* An alloc, an aligned one, a growth, a shrinking and two releases. */
static void life(struct heap *heap)
{
	unsigned char *block, *other;
	size_t page = heap->page_size;

	block = heap_alloc(heap, page);
	calls++;
	assert_non_null(block);
	memset(block, 7, page);
	other = heap_alloc_aligned(heap, 4 * page, page);
	calls++;
	assert_non_null(other);
	assert_int_equal((uintptr_t)other & (4 * page - 1), 0);
	block = heap_grow(heap, block, page, 8 * page);
	calls++;
	assert_non_null(block);
	assert_int_equal(block[page - 1], 7);
	block = heap_shrink(heap, block, 8 * page, page);
	assert_non_null(block);
	heap_release(heap, block, page);
	heap_release(heap, other, page);
}

static void each_call_for_memory_can_be_the_one_that_stalls(void **state)
{
	char options[32];

	(void)state;
	for (unsigned int at = 1; at <= 6; at++) {
		snprintf(options, sizeof(options), ":at=%u", at);
		for (struct heap *heap = start(options); calls < 9;)
			life(heap);
		assert_int_equal(sleeps.count, 1);
		assert_int_equal(sleeps.at[0], at - 1);
		assert_int_equal(sleeps.ns[0], 50000000);
		heaps_close(&heaps);
	}
}

static void untold_it_stalls_at_none(void **state)
{
	struct heap *heap = start("");

	(void)state;
	life(heap);
	assert_int_equal(sleeps.count, 0);
	heaps_close(&heaps);
}

static void it_stalls_as_long_as_it_is_told(void **state)
{
	struct heap *heap = start(":at=1:for=1250");

	(void)state;
	life(heap);
	assert_int_equal(sleeps.count, 1);
	assert_int_equal(sleeps.ns[0], 1250000000);
	heaps_close(&heaps);
}

static void a_signal_does_not_cut_it_short(void **state)
{
	struct heap *heap = start(":at=1:for=8");

	(void)state;
	sleeps.interrupted = 2;
	life(heap);
	assert_int_equal(sleeps.count, 3);
	assert_int_equal(sleeps.at[2], 0);
	assert_int_equal(sleeps.ns[1], 4000000);
	assert_int_equal(sleeps.ns[2], 2000000);
	heaps_close(&heaps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_call_for_memory_can_be_the_one_that_stalls),
		cmocka_unit_test(untold_it_stalls_at_none),
		cmocka_unit_test(it_stalls_as_long_as_it_is_told),
		cmocka_unit_test(a_signal_does_not_cut_it_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
