/* results_merge - a cell's latencies, summed, and its timeline. */
#include "driver/results_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"

/* The list of [bucket, count] of one sample; NULL after a complaint. */
static struct results_bucket *
take_buckets(const struct json *list, uint64_t *total, struct fields *fields)
{
	size_t count = json_size(list);
	struct results_bucket *buckets =
		calloc(count > 0 ? count : 1, sizeof(*buckets));
	unsigned int next = 0;

	for (size_t i = 0; buckets != NULL && i < count; i++) {
		const struct json *pair = json_item(list, i);
		uint64_t bucket =
			json_own_count(json_item(pair, 0), HISTOGRAM_BUCKETS);
		uint64_t number = json_own_count(json_item(pair, 1), 0);

		if (bucket < next || bucket >= HISTOGRAM_BUCKETS ||
		    number == 0 ||
		    __builtin_add_overflow(*total, number, total)) {
			fields_complain(fields, "histogram",
					"is not pairs of an ascending bucket "
					"and a count");
			free(buckets);
			return NULL;
		}
		buckets[i].bucket = (unsigned int)bucket;
		buckets[i].count = number;
		next = (unsigned int)bucket + 1;
	}
	return buckets;
}

static uint64_t add_capped(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* Both lists ascend, and so does the sum. 0 or -ENOMEM. */
static int merge_buckets(struct results_histogram *into,
			 const struct results_bucket *from, unsigned int count)
{
	unsigned int a = 0, b = 0, used = 0;
	struct results_bucket *sum =
		calloc((size_t)into->buckets_count + count + 1, sizeof(*sum));

	if (sum == NULL)
		return -ENOMEM;
	while (a < into->buckets_count || b < count) {
		bool take_a = a < into->buckets_count &&
			      (b == count ||
			       into->buckets[a].bucket <= from[b].bucket);
		const struct results_bucket *next =
			take_a ? &into->buckets[a++] : &from[b++];

		if (used > 0 && sum[used - 1].bucket == next->bucket)
			sum[used - 1].count =
				add_capped(sum[used - 1].count, next->count);
		else
			sum[used++] = *next;
	}
	free(into->buckets);
	into->buckets = sum;
	into->buckets_count = used;
	return 0;
}

static void add_totals(struct results_histogram *into,
		       const struct results_histogram *from)
{
	if (into->count == 0 || from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
	into->count = add_capped(into->count, from->count);
	into->sum_ns = add_capped(into->sum_ns, from->sum_ns);
	into->overflow = add_capped(into->overflow, from->overflow);
}

/* What a sample keeps of its own. */
static int keep_own(struct results_sample *sample, int operation,
		    const struct results_histogram *histogram)
{
	int tail = tail_of_operation((enum operation)operation);

	sample->median_ns[operation] = tail_quantile_ns(histogram, 0.5);
	if (tail < 0)
		return 0;
	if (!sample->tails)
		sample->tails = calloc(TAILS, sizeof(*sample->tails));
	if (!sample->tails)
		return -ENOMEM;
	sample->tails[tail] = tail_of_sample(histogram);
	return 0;
}

static int take_histogram(struct results_histogram *into,
			  struct results_sample *sample, int number,
			  const struct json *operation, struct fields *fields)
{
	const struct json *list = fields_array(fields, operation, "histogram");
	struct results_histogram one = {
		.count = json_count(operation, "count", 0),
		.sum_ns = json_count(operation, "sum_ns", 0),
		.min_ns = json_count(operation, "min_ns", 0),
		.max_ns = json_count(operation, "max_ns", 0),
		.overflow = json_count(operation, "overflow", 0),
	};
	uint64_t total = one.overflow;
	int error;

	if (list == NULL || one.count == 0)
		return 0;
	one.buckets = take_buckets(list, &total, fields);
	one.buckets_count = (unsigned int)json_size(list);
	if (one.buckets == NULL)
		return fields->bad ? -EBADMSG : -ENOMEM;
	if (total != one.count)
		fields_complain(fields, "histogram", "does not sum to 'count'");
	error = fields->bad
			? -EBADMSG
			: merge_buckets(into, one.buckets, one.buckets_count);
	if (error == 0)
		error = keep_own(sample, number, &one);
	free(one.buckets);
	if (error == 0)
		add_totals(into, &one);
	return error;
}

int results_take_histograms(struct results_cell *cell,
			    struct results_sample *sample,
			    const struct json *line, struct fields *fields)
{
	int error = 0;

	for (int i = 0; error == 0 && i < OPERATION_COUNT; i++) {
		char path[32];

		snprintf(path, sizeof(path), "operations.%s",
			 operation_names[i]);
		error = take_histogram(&cell->histograms[i], sample, i,
				       fields_object(fields, line, path),
				       fields);
	}
	return error;
}

static void take_point(const struct json *json, struct fields *fields,
		       struct results_point *point)
{
	point->at_ns = fields_number(fields, json, "at_ns", false);
	point->operations = fields_number(fields, json, "operations", false);
	point->read_ns = fields_number(fields, json, "read_ns", false);
	for (int i = 0; i < MAP_FIGURES; i++)
		point->values[i] =
			fields_number(fields, json, map_figure_names[i],
				      figures[FIGURE_FINAL + i].is_signed);
}

/* Of the first valid checking sample that says something of it. */
static void take_settled(struct results_cell *cell, const struct json *line,
			 struct fields *fields)
{
	const struct json *list = fields_array(fields, line, "map.settled");
	size_t count = json_size(list);

	if (cell->settled_count > 0 || cell->settled_at_once)
		return;
	cell->settled_at_once =
		fields_bool(fields, line, "map.settled_at_once", false);
	if (count > SETTLE_POINTS) {
		fields_complain(fields, "map.settled", "has too many members");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		fields_enter(fields, "map.settled", i);
		take_point(json_item(list, i), fields, &cell->settled[i]);
	}
	fields_enter(fields, NULL, 0);
	cell->settled_count = (unsigned int)count;
}

int results_take_timeline(struct results_cell *cell, const struct json *line,
			  struct fields *fields)
{
	const struct json *list = fields_array(fields, line, "timeline");
	size_t count = json_size(list);

	take_settled(cell, line, fields);
	if (count > TIMELINE_POINTS_MAX)
		fields_complain(fields, "timeline", "has too many members");
	if (count == 0 || count > TIMELINE_POINTS_MAX || cell->timeline != NULL)
		return fields->bad ? -EBADMSG : 0;
	cell->timeline = calloc(count, sizeof(*cell->timeline));
	if (cell->timeline == NULL)
		return -ENOMEM;
	cell->timeline_count = (unsigned int)count;
	for (size_t i = 0; i < count; i++) {
		fields_enter(fields, "timeline", i);
		take_point(json_item(list, i), fields, &cell->timeline[i]);
	}
	fields_enter(fields, NULL, 0);
	return fields->bad ? -EBADMSG : 0;
}
