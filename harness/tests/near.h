/* near.h - numbers that agree with R's, and the data of its large vectors. */
#ifndef REGROW_TESTS_NEAR_H
#define REGROW_TESTS_NEAR_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define NEAR 1e-9

/* Relative, so that tails are compared too. NaN is near NaN. */
static inline void assert_near(double found, double expected)
{
	double slack = NEAR * fmax(fabs(expected), 1e-305);

	if (isnan(found) != isnan(expected) || fabs(found - expected) > slack)
		fail_msg("%.17g is not %.17g", found, expected);
}

/* Low, high, level. */
static inline void assert_near_three(const double found[3],
				     const double expected[3])
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		assert_near(found[i], expected[i]);
}

/*
 * skewed() of stats_vectors.R: 1000 / u, with u by Park and Miller's generator.
 * Both round alike. The caller frees.
 */
static inline double *skewed(uint64_t seed, size_t count)
{
	const uint64_t modulus = 2147483647;
	double *values = test_malloc(count * sizeof(*values));
	size_t i;

	for (i = 0; i < count + 10; i++) {
		seed = 48271 * seed % modulus;
		if (i >= 10)
			values[i - 10] =
				1000 * ((double)modulus / (double)seed);
	}
	return values;
}

#endif
