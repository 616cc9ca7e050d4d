/* test_preload_index - blocks are found by address, in a table that grows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* wrap: mmap */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <regrow/random.h>

#include "preload/index.h"

void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);

static bool no_memory;

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	if (no_memory) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return __real_mmap(address, size, protection, flags, fd, offset);
}

static struct index *index_new(void)
{
	struct index *index = calloc(1, sizeof(*index));

	assert_non_null(index);
	pthread_mutex_init(&index->lock, NULL);
	return index;
}

static void index_delete(struct index *index)
{
	if (index->slots)
		munmap(index->slots,
		       index->slots_count * sizeof(*index->slots));
	free(index);
}

static void *block_at(uint64_t number)
{
	return (void *)(uintptr_t)(0x7f0000000000 + number * 4096);
}

static void what_was_put_is_found_until_it_is_removed(void **state)
{
	struct index *index = index_new();

	(void)state;
	assert_int_equal(index_find(index, block_at(1)), 0);
	assert_int_equal(index_put(index, block_at(1), 77), 0);
	assert_int_equal(index_put(index, block_at(2), 88), 0);
	assert_int_equal(index_find(index, block_at(1)), 77);
	assert_int_equal(index_find(index, block_at(2)), 88);
	assert_int_equal(index_find(index, block_at(3)), 0);
	assert_int_equal(index_find(index, block_at(0)), 0);
	assert_int_equal(index_remove(index, block_at(1)), 77);
	assert_int_equal(index_remove(index, block_at(1)), 0);
	assert_int_equal(index_find(index, block_at(1)), 0);
	assert_int_equal(index_find(index, block_at(2)), 88);
	index_delete(index);
}

#define NUMBERS 5000

/* Beside an array that says what is in. */
static void a_random_life_agrees_with_a_plain_array(void **state)
{
	struct index *index = index_new();
	static size_t values[NUMBERS];
	struct random random = {1};
	unsigned int step, i;

	(void)state;
	for (step = 0; step < 200000; step++) {
		uint64_t number = random_below(&random, NUMBERS);
		size_t value = 1 + random_below(&random, 1000);

		assert_int_equal(index_find(index, block_at(number)),
				 values[number]);
		if (!values[number]) {
			assert_int_equal(
				index_put(index, block_at(number), value), 0);
			values[number] = value;
		} else if (value % 2) {
			assert_int_equal(index_remove(index, block_at(number)),
					 values[number]);
			values[number] = 0;
		} else {
			assert_int_equal(index_take(index, block_at(number)),
					 values[number]);
			assert_int_equal(index_find(index, block_at(number)),
					 0);
			index_restore(index, block_at(number), value);
			values[number] = value;
		}
	}
	assert_true(index->slots_count >= NUMBERS);
	for (i = 0; i < NUMBERS; i++)
		assert_int_equal(index_remove(index, block_at(i)), values[i]);
	assert_int_equal(index->used, 0);
	assert_int_equal(index->held, 0);
	index_delete(index);
	memset(values, 0, sizeof(values));
}

static void without_memory_a_full_table_refuses_and_stays_whole(void **state)
{
	struct index *index = index_new();
	unsigned int count = 0, i;

	(void)state;
	no_memory = true;
	while (index_put(index, block_at(count), count + 1) == 0)
		count++;
	assert_true(count >= INDEX_START_SLOTS / 4 * 3);
	assert_true(count < INDEX_START_SLOTS);
	assert_int_equal(index_put(index, block_at(count), 1), -ENOMEM);
	for (i = 0; i < count; i++)
		assert_int_equal(index_find(index, block_at(i)), i + 1);
	assert_int_equal(index_find(index, block_at(count + 1)), 0);
	no_memory = false;
	assert_int_equal(index_put(index, block_at(count), 1), 0);
	assert_int_equal(index_find(index, block_at(count)), 1);
	index_delete(index);
}

static void
a_place_that_is_held_is_there_when_the_block_comes_back(void **state)
{
	struct index *index = index_new();
	unsigned int count = 0;

	(void)state;
	no_memory = true;
	while (index_put(index, block_at(count), count + 1) == 0)
		count++;
	assert_int_equal(index_take(index, block_at(0)), 1);
	assert_int_equal(index_put(index, block_at(count), 9), -ENOMEM);
	index_restore(index, block_at(count + 1), 5);
	assert_int_equal(index_find(index, block_at(count + 1)), 5);
	assert_int_equal(index_take(index, block_at(1)), 2);
	index_forgo(index);
	assert_int_equal(index_put(index, block_at(count), 9), 0);
	assert_int_equal(index_take(index, block_at(0)), 0);
	assert_int_equal(index->held, 0);
	no_memory = false;
	index_delete(index);
}

static void
addresses_beyond_all_that_were_in_are_told_without_the_lock(void **state)
{
	struct index *index = index_new();

	(void)state;
	assert_int_equal(index_put(index, block_at(10), 1), 0);
	assert_int_equal(index_put(index, block_at(20), 2), 0);
	index_lock(index);
	assert_int_equal(index_find(index, block_at(9)), 0);
	assert_int_equal(index_find(index, block_at(21)), 0);
	index_unlock(index);
	assert_int_equal(index_find(index, block_at(10)), 1);
	assert_int_equal(index_find(index, block_at(20)), 2);
	index_delete(index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_found_until_it_is_removed),
		cmocka_unit_test(a_random_life_agrees_with_a_plain_array),
		cmocka_unit_test(
			without_memory_a_full_table_refuses_and_stays_whole),
		cmocka_unit_test(
			a_place_that_is_held_is_there_when_the_block_comes_back),
		cmocka_unit_test(
			addresses_beyond_all_that_were_in_are_told_without_the_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
