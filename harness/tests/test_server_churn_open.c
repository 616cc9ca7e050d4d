/* test_server_churn_open - server-churn's steps as requests, due by a schedule. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_worker.h"

static void test_each_step_is_a_request_in_closed_and_open_loop(void **state)
{
	(void)state;
	fake_run("server-churn:steps=700:live=30", 1, 0);
	assert_int_equal(fake.law, ARRIVALS_CLOSED);
	assert_int_equal(fake.requests, 700);
	fake_run("server-churn:steps=700:live=30:rate=2000", 1, 0);
	assert_int_equal(fake.law, ARRIVALS_POISSON);
	assert_int_equal(fake.requests, 700);
	fake_run("server-churn:steps=700:live=30:rate=2000:arrivals=fixed", 1,
		 0);
	assert_int_equal(fake.law, ARRIVALS_FIXED);
	assert_int_equal(fake.requests, 700);
}

static void test_a_rate_changes_nothing_that_is_asked_for(void **state)
{
	struct fake_request *closed;
	size_t count;

	(void)state;
	fake_run("server-churn:steps=700:live=30", 1, 0);
	closed = fake.log;
	count = fake.count;
	fake.log = NULL;
	fake_run("server-churn:steps=700:live=30:rate=2000", 1, 0);
	assert_int_equal(fake.count, count);
	assert_memory_equal(fake.log, closed, count * sizeof(*closed));
	free(closed);
}

static void test_threads_share_the_rate(void **state)
{
	(void)state;
	fake_run("server-churn:steps=700:live=30:rate=2000", 1, 0);
	assert_true(fake.interval_ns == 500000);
	for (unsigned int index = 0; index < 4; index++) {
		fake_run("server-churn:steps=700:live=30:rate=2000:threads=4",
			 1, index);
		assert_true(fake.interval_ns == 2000000);
		assert_int_equal(fake.requests_due, 175);
	}
}

static uint64_t span_ns_min(const char *text)
{
	struct estimate estimate;
	struct workload_spec spec;

	fake_parse(text, &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	return estimate.span_ns_min;
}

static void test_the_estimate_knows_how_long_a_schedule_takes(void **state)
{
	(void)state;
	assert_int_equal(span_ns_min("server-churn:steps=700:live=30"), 0);
	assert_int_equal(span_ns_min("server-churn:steps=700:live=30:rate=200"),
			 3500000000);
	assert_int_equal(
		span_ns_min(
			"server-churn:steps=700:live=30:rate=200:threads=7"),
		3500000000);
}

static void test_bad_rates_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("server-churn:rate=1000000001", "rate is at most");
	fake_assert_refused("server-churn:rate=1.5", "not a count");
	fake_assert_refused("server-churn:rate=5:arrivals=sometimes",
			    "none of poisson|fixed");
}

static int teardown(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_each_step_is_a_request_in_closed_and_open_loop),
		cmocka_unit_test(test_a_rate_changes_nothing_that_is_asked_for),
		cmocka_unit_test(test_threads_share_the_rate),
		cmocka_unit_test(
			test_the_estimate_knows_how_long_a_schedule_takes),
		cmocka_unit_test(test_bad_rates_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
