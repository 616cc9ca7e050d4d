/* test_stats_rank - stats_rank.c against R's numbers, and its odd cases. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/stats_rank.h"
#include "tests/near.h"
#include "tests/stats_vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* wrap: calloc */
static unsigned int failing; /* which of the next allocations fails, from 1 */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	if (failing > 0 && --failing == 0)
		return NULL;
	return __real_calloc(count, size);
}

static void rank_sums_are_rs_to_1e_9(void **state)
{
	struct rank_test test;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rank_vectors); i++) {
		const struct rank_vector *vector = &rank_vectors[i];

		assert_int_equal(stats_rank_test(vector->a, vector->a_count,
						 vector->b, vector->b_count,
						 &test),
				 0);
		assert_true(test.w == vector->w);
		assert_near(test.p, vector->p);
		assert_int_equal(test.exact, vector->exact);
	}
}

static void rank_sums_of_thousands_are_rs_to_1e_9(void **state)
{
	struct rank_test test;
	double *a, *b;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(rank_large_vectors); i++) {
		const struct rank_large_vector *vector = &rank_large_vectors[i];

		a = skewed(vector->a_seed, vector->a_count);
		b = skewed(vector->b_seed, vector->b_count);
		for (j = 0; j < vector->a_count; j++)
			a[j] *= vector->a_scale;
		assert_int_equal(stats_rank_test(a, vector->a_count, b,
						 vector->b_count, &test),
				 0);
		assert_true(test.w == vector->w);
		assert_near(test.p, vector->p);
		assert_false(test.exact);
		test_free(b);
		test_free(a);
	}
}

/* Every order of 4 values of a among 7, each as likely. */
static void exact_p_counts_the_orders(void **state)
{
	double a[4], b[3], w[35];
	struct rank_test test;
	unsigned int mask, place, orders = 0, i, far;
	size_t a_count, b_count;

	(void)state;
	for (mask = 0; mask < 1 << 7; mask++) {
		if (__builtin_popcount(mask) != 4)
			continue;
		for (place = 0, w[orders] = -10; place < 7; place++)
			if (mask & 1 << place)
				w[orders] += place + 1;
		orders++;
	}
	assert_int_equal(orders, COUNT(w));
	for (mask = 0; mask < 1 << 7; mask++) {
		if (__builtin_popcount(mask) != 4)
			continue;
		a_count = b_count = 0;
		for (place = 0; place < 7; place++) {
			if (mask & 1 << place)
				a[a_count++] = place;
			else
				b[b_count++] = place;
		}
		assert_int_equal(stats_rank_test(a, 4, b, 3, &test), 0);
		for (i = 0, far = 0; i < orders; i++)
			far += fabs(w[i] - 6) >= fabs(test.w - 6);
		assert_true(test.exact);
		assert_near(test.p, far / 35.0);
	}
}

static void swapping_the_sides_keeps_p(void **state)
{
	struct random random = {11};
	struct rank_test there, back;
	double a[48], b[64];
	size_t count, i;

	(void)state;
	for (i = 0; i < COUNT(b); i++) {
		a[i % COUNT(a)] = random_unit(&random) + 0.1;
		b[i] = random_unit(&random);
	}
	for (count = 1; count <= COUNT(b); count++) {
		assert_int_equal(stats_rank_test(a, COUNT(a), b, count, &there),
				 0);
		assert_int_equal(stats_rank_test(b, count, a, COUNT(a), &back),
				 0);
		assert_int_equal(there.exact, count < STATS_RANK_EXACT_BELOW);
		assert_near(there.p, back.p);
		assert_true(there.w + back.w == 48.0 * (double)count);
	}
}

static void equal_values_do_not_lie_apart(void **state)
{
	const double same[] = {5, 5, 5, 5};
	struct rank_test test;

	(void)state;
	assert_int_equal(stats_rank_test(same, 4, same, 3, &test), 0);
	assert_true(test.w == 6);
	assert_true(test.p == 1);
	assert_false(test.exact);
}

static void infinities_are_values_like_others(void **state)
{
	const double a[] = {-INFINITY, 1}, b[] = {2, INFINITY, 3};
	struct rank_test test;

	(void)state;
	assert_int_equal(stats_rank_test(a, 2, b, 3, &test), 0);
	assert_true(test.w == 0 && test.exact);
	assert_near(test.p, 0.2);
}

static void an_empty_side_or_no_number_is_refused(void **state)
{
	const double fine[] = {1, 2}, bad[] = {1, NAN};
	struct rank_test test;

	(void)state;
	assert_int_equal(stats_rank_test(NULL, 0, fine, 2, &test), -EINVAL);
	assert_int_equal(stats_rank_test(fine, 2, NULL, 0, &test), -EINVAL);
	assert_int_equal(stats_rank_test(bad, 2, fine, 2, &test), -EINVAL);
	assert_int_equal(stats_rank_test(fine, 2, bad, 2, &test), -EINVAL);
}

static void a_lack_of_memory_is_reported(void **state)
{
	const double a[] = {1, 2}, b[] = {3, 4};
	struct rank_test test;
	unsigned int nth;

	(void)state;
	for (nth = 1; nth <= 2; nth++) {
		failing = nth;
		assert_int_equal(stats_rank_test(a, 2, b, 2, &test), -ENOMEM);
		assert_int_equal(failing, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rank_sums_are_rs_to_1e_9),
		cmocka_unit_test(rank_sums_of_thousands_are_rs_to_1e_9),
		cmocka_unit_test(exact_p_counts_the_orders),
		cmocka_unit_test(swapping_the_sides_keeps_p),
		cmocka_unit_test(equal_values_do_not_lie_apart),
		cmocka_unit_test(infinities_are_values_like_others),
		cmocka_unit_test(an_empty_side_or_no_number_is_refused),
		cmocka_unit_test(a_lack_of_memory_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
