/*
 * histogram - latencies in log-linear buckets: exact below 256 ns, then 128
 * buckets to each doubling (relative width 1/128), up to 2^38 ns (4.6 min);
 * longer ones are counted in an overflow bucket of their own.
 */
#ifndef REGROW_HISTOGRAM_H
#define REGROW_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_EXACT 256
#define HISTOGRAM_PER_DOUBLING 128
#define HISTOGRAM_BITS_MAX 38
#define HISTOGRAM_BUCKETS                                                      \
	(HISTOGRAM_EXACT + HISTOGRAM_PER_DOUBLING * (HISTOGRAM_BITS_MAX - 8))

struct histogram {
	uint64_t count; /* of all, the overflow included */
	uint64_t sum_ns;
	uint64_t min_ns; /* 0 where count is 0 */
	uint64_t max_ns;
	uint64_t overflow;
	uint32_t buckets[HISTOGRAM_BUCKETS];
};

/* The bucket of a latency; HISTOGRAM_BUCKETS: overflow. */
static inline unsigned int histogram_bucket(uint64_t ns)
{
	unsigned int bits;

	if (ns < HISTOGRAM_EXACT)
		return (unsigned int)ns;
	if (ns >> HISTOGRAM_BITS_MAX)
		return HISTOGRAM_BUCKETS;
	bits = 63 - (unsigned int)__builtin_clzll(ns); /* 8 and up */
	return HISTOGRAM_EXACT + HISTOGRAM_PER_DOUBLING * (bits - 8) +
	       (unsigned int)((ns >> (bits - 7)) &
			      (HISTOGRAM_PER_DOUBLING - 1));
}

static inline void histogram_record(struct histogram *histogram, uint64_t ns)
{
	unsigned int bucket = histogram_bucket(ns);

	if (histogram->count++ == 0 || ns < histogram->min_ns)
		histogram->min_ns = ns;
	if (ns > histogram->max_ns)
		histogram->max_ns = ns;
	histogram->sum_ns += ns;
	if (bucket < HISTOGRAM_BUCKETS)
		histogram->buckets[bucket]++;
	else
		histogram->overflow++;
}

/* The smallest latency of a bucket, and the first one past it. */
uint64_t histogram_bucket_low_ns(unsigned int bucket);
uint64_t histogram_bucket_high_ns(unsigned int bucket);

/* Where in it a latency is said to be. */
static inline uint64_t histogram_bucket_middle_ns(unsigned int bucket)
{
	uint64_t low_ns = histogram_bucket_low_ns(bucket);

	return low_ns + (histogram_bucket_high_ns(bucket) - low_ns) / 2;
}

/* Adds from to into. */
void histogram_add(struct histogram *into, const struct histogram *from);

/*
 * ceil(quantile * count), from 1 to count. A quantile such as 0.07 stands for
 * the decimal, so a product that is above a whole number by no more than its
 * rounding error is that number.
 */
uint64_t histogram_rank(uint64_t count, double quantile);

/*
 * The quantile (0 to 1) by histogram_rank(): the middle of its bucket, at
 * most max_ns; max_ns in the overflow; 0 where empty.
 */
uint64_t histogram_quantile_ns(const struct histogram *histogram,
			       double quantile);

#endif
