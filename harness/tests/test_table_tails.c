/* test_table_tails - percentiles of requests over rounds, by hand-made samples. */
#include <math.h>

#include "driver/table_tails.h"
#include "driver/tails.h"
#include "tests/drawn.h"
#include "tests/made_samples.h"
#include "tests/printed.h"

static struct results_tail made_tails[MADE_SAMPLES_MAX][TAILS];

/* Requests of which each took as many microseconds as its number, from 1. */
static struct results_tail ramp(unsigned int count)
{
	static struct results_bucket buckets[HISTOGRAM_BUCKETS];
	struct results_bucket *last = NULL;
	struct results_histogram histogram = {
		.count = count,
		.max_ns = (uint64_t)count * 1000,
		.buckets = buckets,
	};

	for (unsigned int i = 1; i <= count; i++) {
		unsigned int bucket = histogram_bucket((uint64_t)i * 1000);

		if (!last || last->bucket != bucket) {
			last = &buckets[histogram.buckets_count++];
			*last = (struct results_bucket){.bucket = bucket};
		}
		last->count++;
	}
	return tail_of_sample(&histogram);
}

/* A sample of the next round whose requests are such a ramp. */
static struct results_sample *sample_add(enum tail_of tail, unsigned int count)
{
	struct results_sample *sample = made_sample();

	sample->tails = made_tails[sample->round];
	sample->tails[tail] = ramp(count);
	made.cell.histograms[tail_operations[tail]].count += count;
	made.table_group.rows[0].samples = made.cell.samples_count;
	return sample;
}

static int afresh(void **state)
{
	memset(made_tails, 0, sizeof(made_tails));
	return made_afresh(state);
}

static void assert_near(double ns, double expected)
{
	/* Half of a bucket. */
	if (fabs(ns - expected) > expected / 256)
		fail_msg("%.0f is not about %.0f", ns, expected);
}

static void a_percentile_has_ten_requests_above_it_or_is_absent(void **state)
{
	struct results_tail tail = ramp(1000);

	(void)state;
	assert_int_equal(tail.count, 1000);
	assert_near((double)tail.ns[TAIL_P50], 500e3);
	assert_near((double)tail.ns[TAIL_P90], 900e3);
	assert_near((double)tail.ns[TAIL_P99], 990e3);
	assert_int_equal(tail.ns[TAIL_P99_9], FIGURE_ABSENT);
	assert_int_equal(tail.ns[TAIL_P99_99], FIGURE_ABSENT);
	assert_int_equal(tail.ns[TAIL_MAX], 1000000);
	tail = ramp(999);
	assert_int_equal(tail.ns[TAIL_P99], FIGURE_ABSENT);
	tail = ramp(19);
	assert_int_equal(tail.ns[TAIL_P50], FIGURE_ABSENT);
	assert_int_equal(tail.ns[TAIL_MAX], 19000);
	tail = ramp(100000);
	assert_near((double)tail.ns[TAIL_P99_9], 99900e3);
	assert_near((double)tail.ns[TAIL_P99_99], 99990e3);
}

static struct drawn drawn;

static void a_sample_keeps_the_tails_of_its_own_requests(void **state)
{
	static const char row[] = "{\"group\":0,\"role\":\"row\","
				  "\"allocator\":\"mv\"}";
	const struct results_cell *cell;

	(void)state;
	drawn_run(&drawn, "{\"workload\":\"w\",\"thp\":\"never\"}", row, "");
	for (unsigned int round = 0; round < 3; round++) {
		char more[512];

		snprintf(more, sizeof(more),
			 ",\"operations\":{\"service\":{\"count\":100,"
			 "\"sum_ns\":9,\"min_ns\":10,\"max_ns\":%u,"
			 "\"overflow\":5,\"histogram\":[[%u,90],[200,5]]}}",
			 1000 + round, 10 + round);
		drawn_sample(&drawn, round == 2 ? "checking" : "timing", round,
			     0, more);
	}
	drawn_end(&drawn);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	cell = &drawn.results.files[0]->cells[0];
	assert_int_equal(cell->samples_count, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct results_sample *sample = &cell->samples[i];
		const struct results_tail *tail = sample->tails;

		if (sample->pass == PASS_CHECKING) {
			assert_null(sample->tails);
			continue;
		}
		assert_int_equal(tail[TAIL_SERVICE].count, 100);
		assert_int_equal(tail[TAIL_SERVICE].ns[TAIL_P50],
				 10 + sample->round);
		assert_int_equal(tail[TAIL_SERVICE].ns[TAIL_P90],
				 10 + sample->round);
		assert_int_equal(tail[TAIL_SERVICE].ns[TAIL_P99],
				 FIGURE_ABSENT);
		assert_int_equal(tail[TAIL_SERVICE].ns[TAIL_MAX],
				 1000 + sample->round);
		assert_int_equal(tail[TAIL_RESPONSE].count, 0);
	}
	drawn_close(&drawn);
}

static void requests_of_the_overflow_are_as_long_as_the_longest(void **state)
{
	struct results_bucket bucket = {100, 50};
	struct results_histogram histogram = {
		.count = 100,
		.max_ns = (uint64_t)1 << 40,
		.overflow = 50,
		.buckets_count = 1,
		.buckets = &bucket,
	};
	struct results_tail tail = tail_of_sample(&histogram);

	(void)state;
	assert_int_equal(tail.ns[TAIL_P50], 100);
	assert_int_equal(tail.ns[TAIL_P90], (int64_t)1 << 40);
}

static void the_interval_is_of_the_samples_own_percentiles(void **state)
{
	double values[MADE_SAMPLES_MAX];
	struct tail_figure figure;

	(void)state;
	for (unsigned int i = 0; i < 9; i++)
		sample_add(TAIL_SERVICE, 1000 + 100 * i);
	sample_add(TAIL_SERVICE, 50000)->pass = PASS_CHECKING;
	sample_add(TAIL_SERVICE, 50000)->valid = false;
	sample_add(TAIL_FORK, 50000);
	figure = tail_figure(&made.cell, TAIL_SERVICE, TAIL_P90, values);
	assert_int_equal(figure.samples, 9);
	assert_int_equal(figure.told, 9);
	assert_true(figure.count == 1400);
	assert_near(figure.ns, 0.9 * 1400e3);
	/* The second and the eighth of nine: 96 %. */
	assert_near(figure.interval.low, 0.9 * 1100e3);
	assert_near(figure.interval.high, 0.9 * 1700e3);
	assert_true(figure.interval.level > 0.95);
}

static void one_sample_with_too_few_is_enough_to_say_so(void **state)
{
	double values[MADE_SAMPLES_MAX];
	struct tail_figure figure;

	(void)state;
	sample_add(TAIL_SERVICE, 1000);
	sample_add(TAIL_SERVICE, 999);
	figure = tail_figure(&made.cell, TAIL_SERVICE, TAIL_P99, values);
	assert_int_equal(figure.told, 1);
	assert_true(isnan(figure.ns));
	figure = tail_figure(&made.cell, TAIL_SERVICE, TAIL_P90, values);
	assert_near(figure.ns, 0.9 * 999.5e3);
	assert_true(figure.interval.level <= 0);
	assert_int_equal(
		tail_figure(&made.cell, TAIL_EXIT, TAIL_P50, values).samples,
		0);
}

static void print_tails(struct printout *printout,
			const struct table_group *group)
{
	assert_int_equal(printout_print_tails(printout, group), 0);
}

static void print(void)
{
	free(text);
	text = made_print(print_tails);
}

static void service_stands_beside_response(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct results_sample *sample = sample_add(TAIL_SERVICE, 1000);

		sample->tails[TAIL_RESPONSE] = ramp(2000);
		sample->open_loop = true;
	}
	made.cell.histograms[OPERATION_RESPONSE].count = 16000;
	print();
	says("requests of  per sample  up to   service               response\n");
	says("copy               1000  p50     501 us (501..501)     1.00 ms "
	     "(1.00..1.00)\n");
	says("                         p99.9   too few               too few\n");
	does_not_say("saturated");
	does_not_say("processes");
}

static void a_closed_loop_has_no_response_and_forks_their_block(void **state)
{
	(void)state;
	sample_add(TAIL_SERVICE, 1000);
	sample_add(TAIL_FORK, 100)->tails[TAIL_EXIT] = ramp(200);
	made.cell.histograms[OPERATION_EXIT].count = 200;
	print();
	says("up to   service\n");
	does_not_say("response");
	says("processes of  per sample  up to   fork     exit\n");
	says("copy                 100  p50     50.0 us  100 us\n");
	says("max     100 us   200 us\n");
}

static void rows_that_cannot_keep_up_are_called_saturated(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct results_sample *sample = sample_add(TAIL_SERVICE, 1000);

		sample->open_loop = true;
		sample->saturated = i > 0;
	}
	made_sample()->saturated = true; /* not by a schedule */
	print();
	says("989 us   saturated\n");
	says("\nsaturated: copy, in 2 of 3 samples: requests were due faster "
	     "than they could be served, so");
}

static void nothing_is_printed_where_nothing_occurred(void **state)
{
	(void)state;
	made_sample();
	made.table_group.rows[0].samples = 1;
	print();
	assert_string_equal(text, "");
}

static void json_has_what_is_told(void **state)
{
	struct json *json = json_new_object();

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct results_sample *sample = sample_add(TAIL_SERVICE, 1000);

		sample->open_loop = true;
		sample->saturated = i == 0;
	}
	tails_to_json(&made.cell, json);
	assert_true(json_number(json, "tails.service.count", 0) == 1000);
	assert_near(json_number(json, "tails.service.p99_ns.median", 0), 990e3);
	assert_near(json_number(json, "tails.service.p99_ns.low", 0), 990e3);
	assert_true(json_number(json, "tails.service.p99_ns.level", 0) > 0.95);
	assert_null(json_get(json, "tails.service.p99_9_ns"));
	assert_true(json_number(json, "tails.service.max_ns.median", 0) == 1e6);
	assert_null(json_get(json, "tails.response"));
	assert_int_equal(json_count(json, "open_loop.samples", 0), 8);
	assert_int_equal(json_count(json, "open_loop.saturated", 0), 1);
	json_free(json);
}

#define TEST(name) cmocka_unit_test_setup(name, afresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_percentile_has_ten_requests_above_it_or_is_absent),
		TEST(a_sample_keeps_the_tails_of_its_own_requests),
		TEST(requests_of_the_overflow_are_as_long_as_the_longest),
		TEST(the_interval_is_of_the_samples_own_percentiles),
		TEST(one_sample_with_too_few_is_enough_to_say_so),
		TEST(service_stands_beside_response),
		TEST(a_closed_loop_has_no_response_and_forks_their_block),
		TEST(rows_that_cannot_keep_up_are_called_saturated),
		TEST(nothing_is_printed_where_nothing_occurred),
		TEST(json_has_what_is_told),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	printed_free();
	return failed;
}
