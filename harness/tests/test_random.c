/* test_random - a seed gives the same requests on every machine. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <regrow/random.h>

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static void the_generator_is_splitmix64(void **state)
{
	/* The test vector of Vigna's splitmix64.c in common use. */
	static const uint64_t expected[] = {
		6457827717110365317u,  3203168211198807973u,
		9817491932198370423u,  4593380528125082431u,
		16408922859458223821u,
	};
	struct random random = {1234567};
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_true(random_next(&random) == expected[i]);
}

/*
 * Computed by a Python transcription of the same operations, whose floats are
 * rounded as IEEE 754 says: equal to the last bit.
 */
static void normal_numbers_are_the_same_to_the_last_bit(void **state)
{
	static const double expected[] = {
		0x1.f8c80e851c08cp-2,  -0x1.47f4af60c7f94p+0,
		-0x1.342959c9fa344p-1, -0x1.8ad8264f1e64dp+0,
		-0x1.73962f43d35a8p+0,
	};
	struct random random = {42};
	uint64_t digest = 0;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_true(random_normal(&random) == expected[i]);
	random.state = 2014;
	for (i = 0; i < 100000; i++)
		digest = random_mix(digest ^ bits_of(random_normal(&random)));
	assert_true(digest == 0x77fcd1c82d3c862u);
}

static void lognormal_numbers_are_the_same_to_the_last_bit(void **state)
{
	static const double expected[] = {
		0x1.0c2033fa18818p+21, 0x1.2bc4282ce632cp+17,
		0x1.9f27fcb229717p+18, 0x1.95230ec7b1f2fp+16,
		0x1.d04932a1c0588p+16,
	};
	struct random random = {42};
	uint64_t digest = 0;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_true(random_lognormal(&random, 1048576, 1.5) ==
			    expected[i]);
	random.state = 2014;
	for (i = 0; i < 100000; i++)
		digest = random_mix(digest ^ bits_of(random_lognormal(
						     &random, 20000, 2.5)));
	assert_true(digest == 0x2e614a62c86b090du);
}

/* The polar method again, by the C library's logarithm. */
static double libm_normal(struct random *random)
{
	double x;
	double y;
	double square;

	do {
		x = 2 * random_unit(random) - 1;
		y = 2 * random_unit(random) - 1;
		square = x * x + y * y;
	} while (square >= 1 || square == 0);
	return x * sqrt(-2 * log(square) / square);
}

static void the_own_logarithm_agrees_with_the_c_library(void **state)
{
	struct random ours = {5};
	struct random theirs = {5};
	int i;

	(void)state;
	for (i = 0; i < 200000; i++) {
		double a = random_normal(&ours);
		double b = libm_normal(&theirs);

		assert_true(fabs(a - b) <= 1e-15 * fabs(b));
	}
}

static void the_own_exponential_agrees_with_the_c_library(void **state)
{
	static const double sigmas[] = {0, 0.1, 1.5, 2.5, 20, 100};
	size_t s;
	int i;

	(void)state;
	for (s = 0; s < sizeof(sigmas) / sizeof(sigmas[0]); s++) {
		struct random ours = {s};
		struct random theirs = {s};

		for (i = 0; i < 50000; i++) {
			double a = random_lognormal(&ours, 3, sigmas[s]);
			double b = 3 * exp(sigmas[s] * random_normal(&theirs));

			assert_true(fabs(a - b) <= 1e-15 * b);
		}
	}
}

static void a_width_beyond_all_bounds_stays_finite(void **state)
{
	struct random random = {9};
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		double value = random_lognormal(&random, 1, 1e9);

		assert_true(isfinite(value) && value > 0);
	}
}

static void a_width_of_zero_gives_the_median(void **state)
{
	struct random random = {1};
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		assert_true(random_lognormal(&random, 4096, 0) == 4096);
}

static void normal_numbers_have_the_moments_of_the_normal(void **state)
{
	struct random random = {20140425};
	double sums[5] = {0};
	unsigned int beyond_two = 0;
	int count = 1000000;
	int i;

	(void)state;
	for (i = 0; i < count; i++) {
		double x = random_normal(&random);

		sums[1] += x;
		sums[2] += x * x;
		sums[3] += x * x * x;
		sums[4] += x * x * x * x;
		beyond_two += fabs(x) > 2;
	}
	/* Five standard errors each, with sqrt(count) = 1000. */
	assert_true(fabs(sums[1] / count) < 0.005);
	assert_true(fabs(sums[2] / count - 1) < 0.0071);
	assert_true(fabs(sums[3] / count) < 0.0194);
	assert_true(fabs(sums[4] / count - 3) < 0.049);
	assert_in_range(beyond_two, 45500 - 1050, 45500 + 1050);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void half_of_the_lognormal_lies_below_its_median(void **state)
{
	static double values[100001];
	struct random random = {11};
	size_t i;

	(void)state;
	for (i = 0; i < 100001; i++)
		values[i] = random_lognormal(&random, 1048576, 1.5);
	qsort(values, 100001, sizeof(values[0]), compare);
	/* exp(1.5 z) at five standard errors of the median in z, 0.0198. */
	assert_true(fabs(log(values[50000] / 1048576)) < 0.03);
	/* One standard deviation up: the quantile 0.8413447. */
	assert_true(fabs(log(values[84134] / 1048576) / 1.5 - 1) < 0.03);
}

static void numbers_below_a_bound_stay_below_and_reach_all(void **state)
{
	struct random random = {0};
	unsigned int seen[7] = {0};
	int i;

	(void)state;
	for (i = 0; i < 70000; i++) {
		uint64_t number = random_below(&random, 7);

		assert_true(number < 7);
		seen[number]++;
	}
	for (i = 0; i < 7; i++)
		assert_in_range(seen[i], 9500, 10500);
	for (i = 0; i < 1000; i++) {
		assert_true(random_below(&random, 1) == 0);
		assert_true(random_unit(&random) < 1);
		assert_true(random_unit(&random) >= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_generator_is_splitmix64),
		cmocka_unit_test(normal_numbers_are_the_same_to_the_last_bit),
		cmocka_unit_test(
			lognormal_numbers_are_the_same_to_the_last_bit),
		cmocka_unit_test(the_own_logarithm_agrees_with_the_c_library),
		cmocka_unit_test(the_own_exponential_agrees_with_the_c_library),
		cmocka_unit_test(a_width_beyond_all_bounds_stays_finite),
		cmocka_unit_test(a_width_of_zero_gives_the_median),
		cmocka_unit_test(normal_numbers_have_the_moments_of_the_normal),
		cmocka_unit_test(half_of_the_lognormal_lies_below_its_median),
		cmocka_unit_test(
			numbers_below_a_bound_stay_below_and_reach_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
