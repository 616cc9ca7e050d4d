/* test_vector_block - vector-growth plants neighbours, and takes them away. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "fake_worker.h"

/* wrap: mmap munmap */

/* Pages planted above blocks, as the workload asks for them. */
static struct {
	enum { PLANT_AT_ADDRESS, PLANT_ELSEWHERE } answer;
	int error; /* 0: mapped */
	void *at; /* the last one asked for */
	void *planted; /* stands at the moment */
	unsigned int asked;
	unsigned int unmapped;
} plants;

void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);
int __real_munmap(void *address, size_t size);

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	if (!(flags & MAP_FIXED_NOREPLACE))
		return __real_mmap(address, size, protection, flags, fd,
				   offset);
	assert_true(fake.paused);
	assert_null(plants.planted);
	assert_int_equal(size, fake.page_size);
	assert_int_equal(protection, PROT_NONE);
	plants.asked++;
	plants.at = address;
	errno = plants.error;
	if (plants.error)
		return MAP_FAILED;
	plants.planted = (char *)address +
			 (plants.answer == PLANT_ELSEWHERE ? 64 * size : 0);
	return plants.planted;
}

int __wrap_munmap(void *address, size_t size)
{
	if (!plants.planted || address != plants.planted)
		return __real_munmap(address, size);
	assert_true(fake.paused);
	plants.planted = NULL;
	plants.unmapped++;
	return 0;
}

static void plants_reset(int error)
{
	memset(&plants, 0, sizeof(plants));
	plants.error = error;
}

static uint64_t figure(const char *name)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++)
		if (fake.figures[i].name &&
		    strcmp(fake.figures[i].name, name) == 0)
			return fake.figures[i].value;
	fail_msg("no figure %s", name);
	return 0;
}

static void test_block_above_plants_before_each_growth(void **state)
{
	(void)state;
	plants_reset(0);
	fake_run("vector-growth:last=1M:vectors=3:block=above", 1, 0);
	assert_int_equal(plants.asked, 12);
	assert_int_equal(plants.unmapped, 12);
	assert_null(plants.planted);
	assert_int_equal((uintptr_t)plants.at % fake.page_size, 0);
	assert_int_equal(figure("blocked_growths"), 12);
	assert_int_equal(figure("planted"), 12);
	assert_int_equal(figure("occupied"), 0);
	assert_int_equal(figure("not_planted"), 0);
}

static void test_block_some_plants_before_every_second_growth(void **state)
{
	(void)state;
	plants_reset(0);
	fake_run("vector-growth:last=1M:vectors=2:block=some", 1, 0);
	assert_int_equal(plants.asked, 4);
	plants_reset(0);
	fake_run("vector-growth:last=1M:block=some", 1, 0);
	assert_int_equal(figure("blocked_growths"), 2);
}

static void test_block_none_plants_nothing_and_has_no_figures(void **state)
{
	(void)state;
	plants_reset(0);
	fake_run("vector-growth:last=1M", 1, 0);
	assert_int_equal(plants.asked, 0);
	assert_null(fake.figures[0].name);
}

static void test_what_is_mapped_already_counts_as_blocked(void **state)
{
	(void)state;
	plants_reset(EEXIST);
	fake_run("vector-growth:last=1M:block=above", 1, 0);
	assert_int_equal(plants.unmapped, 0);
	assert_int_equal(figure("blocked_growths"), 4);
	assert_int_equal(figure("occupied"), 4);
	assert_int_equal(figure("planted"), 0);
}

static void test_refused_page_does_not_count_as_blocked(void **state)
{
	(void)state;
	plants_reset(ENOMEM);
	fake_run("vector-growth:last=1M:block=above", 1, 0);
	assert_int_equal(figure("blocked_growths"), 0);
	assert_int_equal(figure("not_planted"), 4);
}

static void test_page_mapped_elsewhere_by_an_old_kernel_is_noticed(void **state)
{
	(void)state;
	plants_reset(0);
	plants.answer = PLANT_ELSEWHERE;
	fake_run("vector-growth:last=1M:block=above", 1, 0);
	assert_int_equal(plants.unmapped, 4);
	assert_int_equal(figure("occupied"), 4);
	assert_int_equal(figure("planted"), 0);
}

static bool fails_always(uint64_t call)
{
	(void)call;
	return true;
}

static bool fails_after_the_first(uint64_t call)
{
	return call > 0;
}

static void test_failed_growth_takes_its_page_away_too(void **state)
{
	(void)state;
	plants_reset(0);
	fake.fails = fails_after_the_first;
	fake_run("vector-growth:last=1M:block=above", 1, 0);
	fake.fails = NULL;
	assert_int_equal(plants.asked, 4);
	assert_int_equal(plants.unmapped, 4);
}

static void test_vector_without_memory_is_not_blocked(void **state)
{
	(void)state;
	plants_reset(0);
	fake.fails = fails_always;
	fake_run("vector-growth:last=1M:block=above", 1, 0);
	fake.fails = NULL;
	assert_int_equal(plants.asked, 0);
	assert_int_equal(figure("blocked_growths"), 0);
}

static int teardown(void **state)
{
	(void)state;
	fake.fails = NULL;
	fake_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block_above_plants_before_each_growth),
		cmocka_unit_test(
			test_block_some_plants_before_every_second_growth),
		cmocka_unit_test(
			test_block_none_plants_nothing_and_has_no_figures),
		cmocka_unit_test(test_what_is_mapped_already_counts_as_blocked),
		cmocka_unit_test(test_refused_page_does_not_count_as_blocked),
		cmocka_unit_test(
			test_page_mapped_elsewhere_by_an_old_kernel_is_noticed),
		cmocka_unit_test(test_failed_growth_takes_its_page_away_too),
		cmocka_unit_test(test_vector_without_memory_is_not_blocked),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
