/* test_stats_bootstrap - stats_bootstrap.c against R, and what it covers. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/stats_bootstrap.h"
#include "tests/near.h"
#include "tests/stats_vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* wrap: reallocarray */
static unsigned int failing; /* which of the next allocations fails, from 1 */

void *__real_reallocarray(void *block, size_t count, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);

void *__wrap_reallocarray(void *block, size_t count, size_t size)
{
	if (failing > 0 && --failing == 0)
		return NULL;
	return __real_reallocarray(block, count, size);
}

static struct interval ratio_of(const double *a, size_t a_count,
				const double *b, size_t b_count, double level)
{
	struct interval interval;

	assert_int_equal(
		stats_bootstrap_ratio(a, a_count, b, b_count, level, &interval),
		0);
	return interval;
}

static void assert_intervals(const double *a, size_t a_count, const double *b,
			     size_t b_count,
			     const double expected[VECTOR_LEVELS][3])
{
	struct interval found;
	size_t i;

	for (i = 0; i < VECTOR_LEVELS; i++) {
		found = ratio_of(a, a_count, b, b_count, vector_levels[i]);
		assert_near_three(
			(double[]){found.low, found.high, found.level},
			expected[i]);
	}
}

static void intervals_are_those_of_all_resamples(void **state)
{
	double a[100], b[100];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bootstrap_vectors); i++) {
		const struct bootstrap_vector *vector = &bootstrap_vectors[i];

		memcpy(a, vector->a, sizeof(a));
		memcpy(b, vector->b, sizeof(b));
		stats_sort(a, vector->a_count);
		stats_sort(b, vector->b_count);
		assert_intervals(a, vector->a_count, b, vector->b_count,
				 vector->intervals);
	}
}

static void intervals_of_100000_values_are_rs_to_1e_9(void **state)
{
	double *a, *b;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bootstrap_large_vectors); i++) {
		const struct bootstrap_large_vector *vector =
			&bootstrap_large_vectors[i];

		a = skewed(vector->a_seed, vector->a_count);
		b = skewed(vector->b_seed, vector->b_count);
		stats_sort(a, vector->a_count);
		stats_sort(b, vector->b_count);
		assert_intervals(a, vector->a_count, b, vector->b_count,
				 vector->intervals);
		test_free(b);
		test_free(a);
	}
}

static void swapping_the_sides_turns_the_interval_over(void **state)
{
	struct random random = {5};
	struct interval there, back;
	double a[24], b[31];
	size_t i, count;

	(void)state;
	for (i = 0; i < COUNT(b); i++) {
		a[i % COUNT(a)] = random_lognormal(&random, 100, 0.3);
		b[i] = random_lognormal(&random, 100, 0.3);
	}
	stats_sort(a, COUNT(a));
	stats_sort(b, COUNT(b));
	for (count = 2; count <= COUNT(a); count++) {
		there = ratio_of(a, count, b, COUNT(b), 0.9);
		back = ratio_of(b, COUNT(b), a, count, 0.9);
		assert_near(there.low * back.high, 1);
		assert_near(there.high * back.low, 1);
		assert_true(there.low < there.high);
	}
}

/* Levels that some ratio reaches without any rounding: 1 / 16 of 2 by 2. */
static void a_bound_that_is_reached_exactly_counts(void **state)
{
	const double a[] = {1, 2}, b[] = {10, 1000};
	struct interval interval = ratio_of(a, 2, b, 2, 0.875);

	(void)state;
	assert_near(interval.low, 0.001);
	assert_near(interval.high, 0.2);
	interval = ratio_of(a, 2, b, 2, 0.8749);
	assert_near(interval.low, 1.5 / 1000);
	assert_near(interval.high, 0.15);
}

static void more_values_make_the_interval_narrower(void **state)
{
	static const size_t counts[] = {10, 101, 1000, 10001};
	double last = INFINITY, *values;
	struct interval interval;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(counts); i++) {
		values = test_malloc(counts[i] * sizeof(*values));
		for (j = 0; j < counts[i]; j++)
			values[j] = 1 + (double)j / (double)counts[i];
		interval = ratio_of(values, counts[i], values, counts[i], 0.95);
		assert_true(interval.high - interval.low < last / 2);
		assert_true(interval.low < 1 && interval.high > 1);
		last = interval.high - interval.low;
		test_free(values);
	}
}

static void equal_values_give_their_ratio(void **state)
{
	const double a[] = {3, 3, 3, 3}, b[] = {2, 2, 2};
	struct interval interval = ratio_of(a, 4, b, 3, 0.99);

	(void)state;
	assert_near(interval.low, 1.5);
	assert_near(interval.high, 1.5);
	assert_true(interval.level == 0.99);
}

static void ratios_beyond_what_a_double_divides_survive(void **state)
{
	const double a[] = {1e-300, 2e-300, 3e-300}, b[] = {1e5, 1e5, 1e5};
	struct interval interval = ratio_of(a, 3, b, 3, 0.9);

	(void)state;
	assert_near(interval.low, 1e-305);
	assert_near(interval.high, 3e-305);
}

static void one_value_gives_the_range_at_level_0(void **state)
{
	const double a[] = {6}, b[] = {1, 2, 3};
	struct interval interval = ratio_of(a, 1, b, 3, 0.95);

	(void)state;
	assert_near(interval.low, 2);
	assert_near(interval.high, 6);
	assert_true(interval.level == 0);
	interval = ratio_of(a, 1, a, 1, 0.95);
	assert_near(interval.low, 1);
	assert_near(interval.high, 1);
	interval = ratio_of(NULL, 0, b, 3, 0.95);
	assert_true(isnan(interval.low) && isnan(interval.high));
	assert_true(interval.level == 0);
}

static void what_has_no_ratio_is_refused(void **state)
{
	static const double wrong[][3] = {{0, 1, 2},
					  {-1, 1, 2},
					  {1, 2, INFINITY},
					  {1, NAN, 2},
					  {2, 1, 3}};
	static const double levels[] = {0, 1, -0.5, NAN};
	const double fine[] = {1, 2, 3};
	struct interval interval;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(stats_bootstrap_ratio(wrong[i], 3, fine, 3,
						       0.95, &interval),
				 -EINVAL);
		assert_int_equal(stats_bootstrap_ratio(fine, 3, wrong[i], 3,
						       0.95, &interval),
				 -EINVAL);
	}
	for (i = 0; i < COUNT(levels); i++)
		assert_int_equal(stats_bootstrap_ratio(fine, 3, fine, 3,
						       levels[i], &interval),
				 -EINVAL);
}

static void a_lack_of_memory_is_reported(void **state)
{
	struct interval interval;
	unsigned int nth = 0;
	double values[30];
	int error;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(values); i++)
		values[i] = 1 + (double)i;
	do { /* each allocation once, of both sides */
		failing = ++nth;
		error = stats_bootstrap_ratio(values, 30, values, 29, 0.95,
					      &interval);
		assert_int_equal(error, failing == 0 ? -ENOMEM : 0);
	} while (error);
	failing = 0;
	assert_true(nth > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_are_those_of_all_resamples),
		cmocka_unit_test(intervals_of_100000_values_are_rs_to_1e_9),
		cmocka_unit_test(swapping_the_sides_turns_the_interval_over),
		cmocka_unit_test(a_bound_that_is_reached_exactly_counts),
		cmocka_unit_test(more_values_make_the_interval_narrower),
		cmocka_unit_test(equal_values_give_their_ratio),
		cmocka_unit_test(ratios_beyond_what_a_double_divides_survive),
		cmocka_unit_test(one_value_gives_the_range_at_level_0),
		cmocka_unit_test(what_has_no_ratio_is_refused),
		cmocka_unit_test(a_lack_of_memory_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
