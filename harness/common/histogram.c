/* histogram - latencies in log-linear buckets: edges, sums and quantiles. */
#include "common/histogram.h"

/* Buckets from here on are 2^this wide. */
static unsigned int width_log2(unsigned int bucket)
{
	if (bucket < HISTOGRAM_EXACT)
		return 0;
	return 1 + (bucket - HISTOGRAM_EXACT) / HISTOGRAM_PER_DOUBLING;
}

uint64_t histogram_bucket_low_ns(unsigned int bucket)
{
	uint64_t steps = bucket;

	if (bucket >= HISTOGRAM_BUCKETS)
		return (uint64_t)1 << HISTOGRAM_BITS_MAX;
	if (bucket >= HISTOGRAM_EXACT)
		steps = HISTOGRAM_PER_DOUBLING +
			(bucket - HISTOGRAM_EXACT) % HISTOGRAM_PER_DOUBLING;
	return steps << width_log2(bucket);
}

uint64_t histogram_bucket_high_ns(unsigned int bucket)
{
	if (bucket >= HISTOGRAM_BUCKETS)
		return UINT64_MAX;
	return histogram_bucket_low_ns(bucket) +
	       ((uint64_t)1 << width_log2(bucket));
}

void histogram_add(struct histogram *into, const struct histogram *from)
{
	unsigned int i;

	if (from->count == 0)
		return;
	if (into->count == 0 || from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
	into->count += from->count;
	into->sum_ns += from->sum_ns;
	into->overflow += from->overflow;
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (__builtin_add_overflow(into->buckets[i], from->buckets[i],
					   &into->buckets[i]))
			into->buckets[i] = UINT32_MAX;
	}
}

uint64_t histogram_rank(uint64_t count, double quantile)
{
	double exact = quantile * (double)count * (1 - 0x1p-51);
	uint64_t rank;

	if (!(exact > 0))
		return 1;
	if (exact >= (double)count)
		return count;
	rank = (uint64_t)exact;
	if ((double)rank < exact)
		rank++;
	return rank < count ? rank : count;
}

uint64_t histogram_quantile_ns(const struct histogram *histogram,
			       double quantile)
{
	uint64_t left;
	uint64_t middle;
	unsigned int i;

	if (histogram->count == 0)
		return 0;
	left = histogram_rank(histogram->count, quantile);
	for (i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (left <= histogram->buckets[i])
			break;
		left -= histogram->buckets[i];
	}
	if (i == HISTOGRAM_BUCKETS)
		return histogram->max_ns;
	middle = histogram_bucket_middle_ns(i);
	return middle < histogram->max_ns ? middle : histogram->max_ns;
}
