/* test_stats - stats.c against R's numbers, and what its intervals cover. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/stats.h"
#include "tests/near.h"
#include "tests/stats_vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VALUES_MAX VECTOR_COUNT_MAX

static void assert_interval(struct interval found, const double expected[3])
{
	assert_near_three((double[]){found.low, found.high, found.level},
			  expected);
}

static void binomial_tail_is_rs_to_1e_9(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(binomial_vectors); i++)
		assert_near(stats_binomial_half_cdf(binomial_vectors[i].n,
						    binomial_vectors[i].k),
			    binomial_vectors[i].cdf);
}

static void binomial_tail_is_one_from_n_on_and_symmetric(void **state)
{
	size_t n, k;

	(void)state;
	assert_true(stats_binomial_half_cdf(0, 0) == 1);
	assert_true(stats_binomial_half_cdf(7, 7) == 1);
	assert_true(stats_binomial_half_cdf(7, 99) == 1);
	for (n = 1; n <= 64; n++)
		for (k = 0; k < n; k++)
			assert_near(
				stats_binomial_half_cdf(n, k) +
					stats_binomial_half_cdf(n, n - k - 1),
				1);
}

static void quantiles_are_rs_type_7_to_1e_9(void **state)
{
	double sorted[VALUES_MAX];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(sample_vectors); i++) {
		const struct sample_vector *vector = &sample_vectors[i];

		memcpy(sorted, vector->values, sizeof(sorted));
		stats_sort(sorted, vector->count);
		for (j = 0; j < COUNT(vector_quantiles); j++)
			assert_near(stats_quantile(sorted, vector->count,
						   vector_quantiles[j]),
				    vector->quantiles[j]);
		assert_near(stats_median(sorted, vector->count),
			    stats_quantile(sorted, vector->count, 0.5));
	}
}

static void quantile_of_nothing_is_not_a_number(void **state)
{
	(void)state;
	assert_true(isnan(stats_quantile(NULL, 0, 0.5)));
	assert_true(isnan(stats_median(NULL, 0)));
}

static void quantile_outside_0_to_1_is_an_end(void **state)
{
	const double sorted[] = {1, 2, 4};

	(void)state;
	assert_true(stats_quantile(sorted, 3, -0.5) == 1);
	assert_true(stats_quantile(sorted, 3, 1.5) == 4);
}

static void sorting_orders_ties_infinities_and_negatives(void **state)
{
	double values[] = {3, -1, INFINITY, 3, 0, -INFINITY};
	const double sorted[] = {-INFINITY, -1, 0, 3, 3, INFINITY};

	(void)state;
	stats_sort(values, COUNT(values));
	assert_memory_equal(values, sorted, sizeof(sorted));
	stats_sort(NULL, 0);
}

static void intervals_are_rs_sign_test_inverted(void **state)
{
	double sorted[VALUES_MAX];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(sample_vectors); i++) {
		const struct sample_vector *vector = &sample_vectors[i];

		memcpy(sorted, vector->values, sizeof(sorted));
		stats_sort(sorted, vector->count);
		for (j = 0; j < COUNT(vector_levels); j++)
			assert_interval(stats_median_interval(sorted,
							      vector->count,
							      vector_levels[j]),
					vector->intervals[j]);
	}
}

static void too_few_values_give_the_ends_at_level_0(void **state)
{
	const double sorted[] = {1, 2, 3, 4, 5, 6};
	struct interval interval = stats_median_interval(sorted, 5, 0.95);

	(void)state;
	assert_true(interval.low == 1 && interval.high == 5);
	assert_true(interval.level == 0);
	interval = stats_median_interval(sorted, 6, 0.95);
	assert_true(interval.low == 1 && interval.high == 6);
	assert_near(interval.level, 1 - 2.0 / 64);
	interval = stats_median_interval(NULL, 0, 0.95);
	assert_true(isnan(interval.low) && isnan(interval.high));
	assert_true(interval.level == 0);
}

static void all_values_equal_give_an_interval_of_that_value(void **state)
{
	double sorted[20];
	struct interval interval;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sorted); i++)
		sorted[i] = 42;
	interval = stats_median_interval(sorted, COUNT(sorted), 0.95);
	assert_true(interval.low == 42 && interval.high == 42);
	assert_true(interval.level >= 0.95);
}

static void paired_ratios_are_rs_to_1e_9(void **state)
{
	double scratch[VALUES_MAX], ratio;
	struct interval interval;
	size_t i, j, used;

	(void)state;
	for (i = 0; i < COUNT(pairs_vectors); i++) {
		const struct pairs_vector *vector = &pairs_vectors[i];

		for (j = 0; j < COUNT(vector_levels); j++) {
			ratio = stats_paired_ratio(
				vector->a, vector->b, vector->count,
				vector_levels[j], scratch, &interval, &used);
			assert_int_equal(used, vector->count);
			assert_near(ratio, vector->ratio);
			assert_interval(interval, vector->intervals[j]);
		}
	}
}

static void unusable_pairs_are_left_out_and_counted(void **state)
{
	const double a[] = {2, 0, NAN, INFINITY, -1, 4, 2, 2, 1, 8};
	const double b[] = {1, 1, 1, 1, 1, 2, 0, NAN, -INFINITY, 4};
	double scratch[COUNT(a)], ratio;
	struct interval interval;
	size_t used;

	(void)state;
	ratio = stats_paired_ratio(a, b, COUNT(a), 0.5, scratch, &interval,
				   &used);
	assert_int_equal(used, 3);
	assert_near(ratio, 2);
	assert_near(interval.low, 2);
	assert_near(interval.high, 2);
	assert_near(interval.level, 0.75);
}

static void no_usable_pair_gives_no_ratio(void **state)
{
	const double nothing[] = {0, 0};
	double scratch[2], ratio;
	struct interval interval;
	size_t used = 9;

	(void)state;
	ratio = stats_paired_ratio(nothing, nothing, 2, 0.95, scratch,
				   &interval, &used);
	assert_true(isnan(ratio) && isnan(interval.low) &&
		    isnan(interval.high));
	assert_true(interval.level == 0);
	assert_int_equal(used, 0);
}

static void a_ratio_beyond_what_a_double_divides_survives(void **state)
{
	const double a[] = {1e-300}, b[] = {1e300};
	double scratch[1], ratio;
	struct interval interval;
	size_t used;

	(void)state;
	ratio = stats_paired_ratio(a, b, 1, 0.95, scratch, &interval, &used);
	assert_int_equal(used, 1);
	assert_true(isfinite(ratio));
}

static void noise_that_a_pair_shares_cancels(void **state)
{
	struct random random = {7};
	double a[41], b[41], scratch[41], ratio;
	struct interval interval;
	size_t used, i;

	(void)state;
	for (i = 0; i < COUNT(a); i++) {
		b[i] = 1 + 99 * random_unit(&random);
		a[i] = 1.1 * b[i];
	}
	ratio = stats_paired_ratio(a, b, COUNT(a), 0.95, scratch, &interval,
				   &used);
	assert_near(ratio, 1.1);
	assert_near(interval.low, 1.1);
	assert_near(interval.high, 1.1);
}

static void swapping_the_sides_turns_the_ratio_over(void **state)
{
	const struct pairs_vector *vector = &pairs_vectors[7];
	double scratch[VALUES_MAX], there, back;
	struct interval forth, reverse;
	size_t used;

	(void)state;
	there = stats_paired_ratio(vector->a, vector->b, vector->count, 0.95,
				   scratch, &forth, &used);
	back = stats_paired_ratio(vector->b, vector->a, vector->count, 0.95,
				  scratch, &reverse, &used);
	assert_near(there * back, 1);
	assert_near(forth.low * reverse.high, 1);
	assert_near(forth.high * reverse.low, 1);
}

static void binomial_shares_sum_to_the_tail(void **state)
{
	double sum = 0;
	size_t k;

	(void)state;
	for (k = 0; k <= 60; k++) {
		sum += stats_binomial_half(60, k);
		assert_near(sum, stats_binomial_half_cdf(60, k));
	}
	assert_near(stats_binomial_half(0, 0), 1);
}

static void sign_p_is_rs_to_1e_9(void **state)
{
	double values[1100];
	size_t i, j, count;

	(void)state;
	for (i = 0; i < COUNT(sign_vectors); i++) {
		const struct sign_vector *vector = &sign_vectors[i];

		count = vector->below + vector->equal + vector->above;
		assert_true(count <= COUNT(values));
		for (j = 0; j < count; j++)
			values[j] = j < vector->below			? -3.5
				    : j < vector->below + vector->equal ? 1
									: 1.25;
		assert_near(stats_sign_p(values, count, 1), vector->p);
		for (j = 0; j < count; j++) /* the other side */
			values[j] = -values[j];
		assert_near(stats_sign_p(values, count, -1), vector->p);
	}
}

static void nothing_on_either_side_has_a_sign_p_of_1(void **state)
{
	const double values[] = {2, NAN, 2};

	(void)state;
	assert_true(stats_sign_p(NULL, 0, 0) == 1);
	assert_true(stats_sign_p(values, COUNT(values), 2) == 1);
	assert_true(stats_sign_p(values, COUNT(values), NAN) == 1);
}

/* The interval at 1 - alpha excludes what the test at alpha rejects. */
static void sign_p_and_the_interval_decide_alike(void **state)
{
	struct random random = {3};
	struct interval interval;
	double values[25], p;
	unsigned int trial;
	size_t i;

	(void)state;
	for (trial = 0; trial < 500; trial++) {
		for (i = 0; i < COUNT(values); i++)
			values[i] = random_unit(&random) - 0.35;
		p = stats_sign_p(values, COUNT(values), 0);
		stats_sort(values, COUNT(values));
		interval = stats_median_interval(values, COUNT(values), 0.95);
		assert_int_equal(p <= 1 - 0.95,
				 interval.low > 0 || interval.high < 0);
	}
}

static void holms_adjustment_is_rs_to_1e_9(void **state)
{
	double adjusted[COUNT(holm_vectors[0].p)];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(holm_vectors); i++) {
		stats_holm(holm_vectors[i].p, holm_vectors[i].count, adjusted);
		for (j = 0; j < holm_vectors[i].count; j++)
			assert_near(adjusted[j], holm_vectors[i].adjusted[j]);
	}
	stats_holm(NULL, 0, NULL);
}

#define TRIALS 4000

/* How often the interval of count skewed values holds their true median. */
static unsigned int covered(size_t count, double level, double *reached)
{
	struct random random = {20140425 + count};
	unsigned int hits = 0, trial;
	struct interval interval;
	double values[64];
	size_t i;

	for (trial = 0; trial < TRIALS; trial++) {
		for (i = 0; i < count; i++) /* exponential: median ln 2 */
			values[i] = -log(1 - random_unit(&random));
		stats_sort(values, count);
		interval = stats_median_interval(values, count, level);
		hits += interval.low <= M_LN2 && M_LN2 <= interval.high;
	}
	*reached = interval.level;
	return hits;
}

static void intervals_cover_the_median_as_often_as_they_say(void **state)
{
	static const size_t counts[] = {6, 12, 13, 31, 64};
	static const double levels[] = {0.9, 0.95};
	double reached, expected, slack;
	unsigned int hits;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(counts); i++) {
		for (j = 0; j < COUNT(levels); j++) {
			hits = covered(counts[i], levels[j], &reached);
			expected = TRIALS * reached;
			slack = 4 * sqrt(expected * (1 - reached));
			assert_true(reached >= levels[j]);
			assert_true(fabs(hits - expected) <= slack);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binomial_tail_is_rs_to_1e_9),
		cmocka_unit_test(binomial_tail_is_one_from_n_on_and_symmetric),
		cmocka_unit_test(quantiles_are_rs_type_7_to_1e_9),
		cmocka_unit_test(quantile_of_nothing_is_not_a_number),
		cmocka_unit_test(quantile_outside_0_to_1_is_an_end),
		cmocka_unit_test(sorting_orders_ties_infinities_and_negatives),
		cmocka_unit_test(intervals_are_rs_sign_test_inverted),
		cmocka_unit_test(too_few_values_give_the_ends_at_level_0),
		cmocka_unit_test(
			all_values_equal_give_an_interval_of_that_value),
		cmocka_unit_test(paired_ratios_are_rs_to_1e_9),
		cmocka_unit_test(unusable_pairs_are_left_out_and_counted),
		cmocka_unit_test(no_usable_pair_gives_no_ratio),
		cmocka_unit_test(a_ratio_beyond_what_a_double_divides_survives),
		cmocka_unit_test(noise_that_a_pair_shares_cancels),
		cmocka_unit_test(swapping_the_sides_turns_the_ratio_over),
		cmocka_unit_test(binomial_shares_sum_to_the_tail),
		cmocka_unit_test(sign_p_is_rs_to_1e_9),
		cmocka_unit_test(nothing_on_either_side_has_a_sign_p_of_1),
		cmocka_unit_test(sign_p_and_the_interval_decide_alike),
		cmocka_unit_test(holms_adjustment_is_rs_to_1e_9),
		cmocka_unit_test(
			intervals_cover_the_median_as_often_as_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
