/*
 * test_sweep - the layouts of a sweep differ, are the same each time, and are in
 * a sample's map before it is looked at. This program is its own sample's
 * binary.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sample/sweep.h"
#include "tests/own_sample.h"

#define POINTS 16

/* Lines of /proc/self/maps: the mappings of this process. */
static unsigned int mappings_count(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned int count = 0;
	int byte;

	while (maps && (byte = fgetc(maps)) != EOF)
		count += byte == '\n';
	if (maps)
		fclose(maps);
	return count;
}

static void test_points_differ_in_mappings_and_in_shift(void **state)
{
	struct sweep_point points[POINTS];

	(void)state;
	for (uint32_t i = 0; i < POINTS; i++) {
		sweep_point(i, &points[i]);
		for (uint32_t j = 0; j < i; j++) {
			assert_int_not_equal(points[i].mappings,
					     points[j].mappings);
			assert_int_not_equal(points[i].shift_pages,
					     points[j].shift_pages);
		}
	}
}

static void test_the_first_point_is_the_layout_as_it_is(void **state)
{
	struct sweep_point point;

	(void)state;
	sweep_point(0, &point);
	assert_int_equal(point.mappings, 0);
	assert_int_equal(point.shift_pages, 0);
}

static void test_every_point_is_within_its_limits(void **state)
{
	struct sweep_point point;
	uint32_t most = 0;

	(void)state;
	for (uint32_t i = 0; i < SWEEP_MAX; i++) {
		sweep_point(i, &point);
		assert_true(point.mappings <= 64);
		assert_true(point.shift_pages < 512);
		most = point.mappings > most ? point.mappings : most;
	}
	assert_int_equal(most, 64);
}

/* In a child, whose map nobody needs again: its exit status is the count. */
static unsigned int mappings_added(uint32_t point)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		unsigned int before = mappings_count();

		if (sweep_apply(point, (size_t)sysconf(_SC_PAGESIZE)) != 0)
			_exit(255);
		_exit((int)(mappings_count() - before));
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return (unsigned int)WEXITSTATUS(status);
}

static void test_what_a_point_maps_does_not_merge(void **state)
{
	struct sweep_point point;

	(void)state;
	for (uint32_t i = 0; i < POINTS; i++) {
		unsigned int added = mappings_added(i);

		sweep_point(i, &point);
		/* The first may merge with what lies beside it. */
		assert_in_range(added, point.mappings,
				point.mappings + (point.shift_pages > 0));
	}
}

/* Where addresses are random, two areas of a process (the loader's, the kernel's
 * own pages, a sanitizer's) lie side by side and merge by chance: up to 4 were
 * seen, in 300 runs with the address sanitizer. */
#define BY_CHANCE 6

static uint64_t mappings_before(uint32_t point_plus_1)
{
	struct sample_request *request =
		own_request("copy-realloc", "vector-growth:last=128K");

	request->sweep = point_plus_1;
	return own_sample()->before.holes.mappings;
}

static void test_a_sample_has_its_point_in_its_map_from_the_start(void **state)
{
	uint64_t none = mappings_before(0);
	struct sweep_point point;

	(void)state;
	sweep_point(9, &point);
	assert_true(point.mappings > 4 * BY_CHANCE);
	assert_in_range(mappings_before(1), none - BY_CHANCE, none + BY_CHANCE);
	assert_in_range(mappings_before(10), none + point.mappings - BY_CHANCE,
			none + point.mappings + 1 + BY_CHANCE);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points_differ_in_mappings_and_in_shift),
		cmocka_unit_test(test_the_first_point_is_the_layout_as_it_is),
		cmocka_unit_test(test_every_point_is_within_its_limits),
		cmocka_unit_test(test_what_a_point_maps_does_not_merge),
		cmocka_unit_test(
			test_a_sample_has_its_point_in_its_map_from_the_start),
	};

	if (own_is_sample(argc, argv))
		return sample_main();
	return cmocka_run_group_tests(tests, own_open, own_close);
}
