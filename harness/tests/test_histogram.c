/* test_histogram - buckets are as narrow as said and quantiles fall in them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <regrow/random.h>

#include "common/histogram.h"

static struct histogram histogram;

static int empty_histogram(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	return 0;
}

static void every_bucket_holds_both_its_edges(void **state)
{
	unsigned int bucket;

	(void)state;
	for (bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
		uint64_t low = histogram_bucket_low_ns(bucket);
		uint64_t high = histogram_bucket_high_ns(bucket);

		assert_int_equal(histogram_bucket(low), bucket);
		assert_int_equal(histogram_bucket(high - 1), bucket);
		assert_int_equal(histogram_bucket(high), bucket + 1);
		assert_int_equal(histogram_bucket_low_ns(bucket + 1), high);
	}
}

static void a_bucket_is_exact_or_narrower_than_a_128th(void **state)
{
	unsigned int bucket;

	(void)state;
	for (bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
		uint64_t low = histogram_bucket_low_ns(bucket);
		uint64_t width = histogram_bucket_high_ns(bucket) - low;

		if (low < HISTOGRAM_EXACT)
			assert_int_equal(width, 1);
		else
			assert_true(width * 128 <= low);
	}
	assert_int_equal(histogram_bucket_low_ns(HISTOGRAM_BUCKETS),
			 (uint64_t)1 << HISTOGRAM_BITS_MAX);
	assert_int_equal(histogram_bucket_high_ns(HISTOGRAM_BUCKETS),
			 UINT64_MAX);
}

static void count_sum_and_extremes_are_exact(void **state)
{
	static const uint64_t values[] = {700, 3, 0, 123456789, 5};
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		histogram_record(&histogram, values[i]);
	assert_int_equal(histogram.count, 5);
	assert_int_equal(histogram.sum_ns, 123457497);
	assert_int_equal(histogram.min_ns, 0);
	assert_int_equal(histogram.max_ns, 123456789);
	assert_int_equal(histogram.overflow, 0);
}

static void the_longest_go_to_the_overflow(void **state)
{
	uint64_t longest = (uint64_t)1 << HISTOGRAM_BITS_MAX;

	(void)state;
	histogram_record(&histogram, longest - 1);
	assert_int_equal(histogram.overflow, 0);
	histogram_record(&histogram, longest);
	histogram_record(&histogram, UINT64_MAX);
	assert_int_equal(histogram.overflow, 2);
	assert_int_equal(histogram.count, 3);
	assert_int_equal(histogram.max_ns, UINT64_MAX);
	assert_int_equal(histogram_quantile_ns(&histogram, 1), UINT64_MAX);
	assert_int_equal(histogram_quantile_ns(&histogram, 0.5), UINT64_MAX);
	assert_in_range(histogram_quantile_ns(&histogram, 0.3),
			longest - longest / 128, longest - 1);
}

static void an_empty_one_has_no_quantile(void **state)
{
	(void)state;
	assert_int_equal(histogram_quantile_ns(&histogram, 0.5), 0);
	assert_int_equal(histogram_quantile_ns(&histogram, 1), 0);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void quantiles_lie_in_the_bucket_of_the_sorted_value(void **state)
{
	static const double quantiles[] = {0,	 0.001, 0.25,	0.5, 0.9,
					   0.99, 0.999, 0.9999, 1};
	static uint64_t values[5000];
	struct random random = {7};
	size_t i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		values[i] = (uint64_t)random_lognormal(&random, 20000, 2.5);
		histogram_record(&histogram, values[i]);
	}
	qsort(values, 5000, sizeof(values[0]), compare);
	for (i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
		double rank = quantiles[i] * 5000;
		size_t place = rank > 1 ? (size_t)(rank + 0.999999) - 1 : 0;
		uint64_t got = histogram_quantile_ns(&histogram, quantiles[i]);
		uint64_t error = got > values[place] ? got - values[place]
						     : values[place] - got;

		assert_int_equal(histogram_bucket(got),
				 histogram_bucket(values[place]));
		/* The middle of a bucket is off by half its width at most. */
		assert_true(error * 256 <= values[place]);
		assert_true(got <= histogram.max_ns);
	}
	assert_true(histogram_quantile_ns(&histogram, 1) <= values[4999]);
}

static void a_rank_that_is_whole_is_not_rounded_up(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 1; i <= 100; i++)
		histogram_record(&histogram, i);
	/* 0.07 * 100 is 7.000000000000001 in binary. */
	for (i = 1; i <= 100; i++)
		assert_int_equal(histogram_quantile_ns(&histogram, i / 100.0),
				 i);
	assert_int_equal(histogram_quantile_ns(&histogram, 0.071), 8);
	assert_int_equal(histogram_quantile_ns(&histogram, 0), 1);
	assert_int_equal(histogram_quantile_ns(&histogram, -1), 1);
	assert_int_equal(histogram_quantile_ns(&histogram, 2), 100);
}

static void adding_is_the_same_as_recording_all(void **state)
{
	static struct histogram half;
	static struct histogram all;
	struct random random = {3};
	unsigned int i;

	(void)state;
	memset(&half, 0, sizeof(half));
	memset(&all, 0, sizeof(all));
	for (i = 0; i < 20000; i++) {
		uint64_t ns = random_next(&random) >> random_below(&random, 64);

		histogram_record(i % 3 ? &histogram : &half, ns);
		histogram_record(&all, ns);
	}
	histogram_add(&histogram, &half);
	assert_memory_equal(&histogram, &all, sizeof(all));
}

static void adding_nothing_changes_nothing(void **state)
{
	static const struct histogram nothing;
	static struct histogram before;

	(void)state;
	histogram_add(&histogram, &nothing);
	assert_memory_equal(&histogram, &nothing, sizeof(nothing));
	histogram_record(&histogram, 42);
	before = histogram;
	histogram_add(&histogram, &nothing);
	assert_memory_equal(&histogram, &before, sizeof(before));
	memset(&histogram, 0, sizeof(histogram));
	histogram_add(&histogram, &before);
	assert_memory_equal(&histogram, &before, sizeof(before));
}

static void a_bucket_that_is_full_stays_full(void **state)
{
	static struct histogram other;

	(void)state;
	memset(&other, 0, sizeof(other));
	histogram_record(&histogram, 5);
	histogram_record(&other, 5);
	histogram.buckets[5] = UINT32_MAX;
	histogram_add(&histogram, &other);
	assert_int_equal(histogram.buckets[5], UINT32_MAX);
}

#define TEST(function) cmocka_unit_test_setup(function, empty_histogram)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_bucket_holds_both_its_edges),
		TEST(a_bucket_is_exact_or_narrower_than_a_128th),
		TEST(count_sum_and_extremes_are_exact),
		TEST(the_longest_go_to_the_overflow),
		TEST(an_empty_one_has_no_quantile),
		TEST(quantiles_lie_in_the_bucket_of_the_sorted_value),
		TEST(a_rank_that_is_whole_is_not_rounded_up),
		TEST(adding_is_the_same_as_recording_all),
		TEST(adding_nothing_changes_nothing),
		TEST(a_bucket_that_is_full_stays_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
