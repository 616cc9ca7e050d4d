/*
 * test_open_loop - the schedule of an open loop, its queue and its saturation,
 * on a clock that the test turns: all of it exact.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample/open_loop.h"

#define US UINT64_C(1000)
#define MS (1000 * US)
#define SEED 42
#define REQUESTS 400 /* of most loops here */

static struct {
	uint64_t now_ns;
	struct open_loop loop;
	struct histogram service;
	struct histogram response;
	uint64_t due_ns[REQUESTS]; /* since the first was made */
	uint64_t start_ns[REQUESTS];
	uint64_t end_ns[REQUESTS];
} state;

static uint64_t now(void *context)
{
	return *(const uint64_t *)context;
}

static void wait_until(void *context, uint64_t until_ns)
{
	uint64_t *now_ns = context;

	assert_true(*now_ns < until_ns);
	*now_ns = until_ns;
}

static void loop_new(void)
{
	memset(&state, 0, sizeof(state));
	state.now_ns = 123456789;
	state.loop.clock = (struct open_loop_clock){
		.now_ns = now,
		.wait = wait_until,
		.context = &state.now_ns,
	};
	state.loop.service = &state.service;
	state.loop.response = &state.response;
}

/* How long the server takes for request number i. */
typedef uint64_t served_for(unsigned int i);

/* between_ns: what the server does from one request to the next. */
static void serve(unsigned int requests, served_for *takes_ns,
		  uint64_t between_ns)
{
	uint64_t origin_ns = state.now_ns;

	for (unsigned int i = 0; i < requests; i++) {
		open_loop_begin(&state.loop);
		if (i < REQUESTS) {
			state.due_ns[i] = state.loop.due_ns - origin_ns;
			state.start_ns[i] = state.now_ns - origin_ns;
		}
		state.now_ns += takes_ns(i);
		if (i < REQUESTS)
			state.end_ns[i] = state.now_ns - origin_ns;
		open_loop_end(&state.loop);
		state.now_ns += between_ns;
	}
}

static const struct open_loop_figures *run(enum arrivals law,
					   uint64_t interval_ns,
					   unsigned int requests,
					   served_for *takes_ns)
{
	loop_new();
	open_loop_open(&state.loop, law, (double)interval_ns, requests, SEED, 0,
		       1);
	serve(requests, takes_ns, 0);
	return &state.loop.figures;
}

static uint64_t stalls_at_20(unsigned int i)
{
	return i == 20 ? 50 * MS : 100 * US;
}

/*
 * Request 20 is due at 20 ms and ends at 70 ms; number 20 + j is due j ms after
 * it and ends 0.1 j ms after that, until the queue is gone: 0.9 j < 49.9.
 */
static void test_a_stall_shows_as_the_queue_that_it_makes(void **data)
{
	const struct open_loop_figures *figures =
		run(ARRIVALS_FIXED, MS, REQUESTS, stalls_at_20);
	struct histogram expected = {0};
	unsigned int slow = 0, arrived = 0;

	(void)data;
	for (unsigned int i = 0; i < 20; i++)
		histogram_record(&expected, 100 * US);
	for (unsigned int j = 0; j <= 55; j++)
		histogram_record(&expected, 50 * MS - j * (900 * US));
	for (unsigned int i = 76; i < REQUESTS; i++)
		histogram_record(&expected, 100 * US);
	assert_memory_equal(&state.response, &expected, sizeof(expected));
	/* As many as arrive from the stall's begin until it is made up for. */
	for (unsigned int i = 0; i < REQUESTS; i++)
		arrived += i * MS >= 20 * MS && i * MS < state.end_ns[75];
	for (unsigned int i = 0; i < REQUESTS; i++)
		slow += state.end_ns[i] - i * MS > 100 * US;
	assert_int_equal(arrived, 56);
	assert_int_equal(slow, 56);
	assert_int_equal(figures->late, 55);
	assert_int_equal(figures->late_ns_max, 49 * MS);
	assert_int_equal(figures->backlog_max, 49);
	assert_false(figures->saturated);
}

static void test_the_same_stall_is_one_slow_service(void **data)
{
	struct histogram expected = {0};

	(void)data;
	for (unsigned int i = 0; i < REQUESTS; i++)
		histogram_record(&expected, stalls_at_20(i));
	run(ARRIVALS_FIXED, MS, REQUESTS, stalls_at_20);
	assert_memory_equal(&state.service, &expected, sizeof(expected));
	loop_new();
	serve(REQUESTS, stalls_at_20, 0);
	assert_memory_equal(&state.service, &expected, sizeof(expected));
	assert_int_equal(state.response.count, 0);
	assert_int_equal(state.loop.figures.law, ARRIVALS_CLOSED);
	assert_int_equal(state.loop.figures.requests, 0);
}

static void test_figures_add_up_to_the_span(void **data)
{
	const struct open_loop_figures *figures =
		run(ARRIVALS_FIXED, MS, REQUESTS, stalls_at_20);

	(void)data;
	assert_int_equal(figures->law, ARRIVALS_FIXED);
	assert_int_equal(figures->requests, REQUESTS);
	assert_int_equal(figures->offered_ns, 399 * MS);
	assert_int_equal(figures->served_ns, 399 * MS + 100 * US);
	assert_int_equal(figures->busy_ns, 50 * MS + 399 * (100 * US));
	assert_int_equal(figures->waited_ns,
			 figures->served_ns - figures->busy_ns);
}

static uint64_t takes_nothing(unsigned int i)
{
	(void)i;
	return 0;
}

static uint64_t takes_irregularly(unsigned int i)
{
	return i * i * 7919 % 1700 * US;
}

/* The recurrence of a queue with one server, written down anew. */
static void assert_recurrence(served_for *takes_ns)
{
	struct histogram expected = {0};
	uint64_t end_ns = 0, late = 0, late_ns_max = 0, backlog_max = 0;

	for (unsigned int i = 0; i < REQUESTS; i++) {
		uint64_t due_ns = state.due_ns[i];
		uint64_t start_ns = due_ns > end_ns ? due_ns : end_ns;
		uint64_t backlog = 0;

		for (unsigned int j = i + 1; j < REQUESTS; j++)
			backlog += state.due_ns[j] <= start_ns;
		late += start_ns > due_ns;
		if (start_ns - due_ns > late_ns_max)
			late_ns_max = start_ns - due_ns;
		if (backlog > backlog_max)
			backlog_max = backlog;
		end_ns = start_ns + takes_ns(i);
		assert_int_equal(state.start_ns[i], start_ns);
		assert_int_equal(state.end_ns[i], end_ns);
		histogram_record(&expected, end_ns - due_ns);
	}
	assert_memory_equal(&state.response, &expected, sizeof(expected));
	assert_int_equal(state.loop.figures.late, late);
	assert_int_equal(state.loop.figures.late_ns_max, late_ns_max);
	assert_int_equal(state.loop.figures.backlog_max, backlog_max);
}

static void test_poisson_arrivals_queue_as_the_recurrence_says(void **data)
{
	(void)data;
	run(ARRIVALS_POISSON, MS, REQUESTS, takes_irregularly);
	assert_recurrence(takes_irregularly);
	assert_true(state.loop.figures.backlog_max > 2);
	run(ARRIVALS_POISSON, MS, REQUESTS, stalls_at_20);
	assert_recurrence(stalls_at_20);
	assert_true(state.loop.figures.backlog_max > 20);
}

static void test_when_requests_are_due_does_not_depend_on_service(void **data)
{
	static const enum arrivals laws[] = {ARRIVALS_FIXED, ARRIVALS_POISSON};
	uint64_t due_ns[REQUESTS];

	(void)data;
	for (unsigned int i = 0; i < 2; i++) {
		run(laws[i], MS, REQUESTS, takes_nothing);
		memcpy(due_ns, state.due_ns, sizeof(due_ns));
		run(laws[i], MS, REQUESTS, takes_irregularly);
		assert_memory_equal(state.due_ns, due_ns, sizeof(due_ns));
		run(laws[i], MS, REQUESTS, stalls_at_20);
		assert_memory_equal(state.due_ns, due_ns, sizeof(due_ns));
	}
}

static void due_of(enum arrivals law, uint64_t seed, unsigned int index,
		   unsigned int threads, uint64_t *due_ns)
{
	loop_new();
	open_loop_open(&state.loop, law, (double)MS, REQUESTS, seed, index,
		       threads);
	serve(REQUESTS, takes_nothing, 0);
	memcpy(due_ns, state.due_ns, sizeof(state.due_ns));
}

static void test_poisson_follows_from_seed_and_thread(void **data)
{
	uint64_t first[REQUESTS], other[REQUESTS];

	(void)data;
	due_of(ARRIVALS_POISSON, 1, 0, 2, first);
	due_of(ARRIVALS_POISSON, 1, 0, 2, other);
	assert_memory_equal(first, other, sizeof(first));
	due_of(ARRIVALS_POISSON, 2, 0, 2, other);
	assert_true(memcmp(first, other, sizeof(first)) != 0);
	due_of(ARRIVALS_POISSON, 1, 1, 2, other);
	assert_true(memcmp(first, other, sizeof(first)) != 0);
}

static void test_threads_of_a_fixed_rate_are_staggered(void **data)
{
	uint64_t due_ns[REQUESTS];

	(void)data;
	for (unsigned int index = 0; index < 4; index++) {
		due_of(ARRIVALS_FIXED, 1, index, 4, due_ns);
		for (unsigned int i = 0; i < REQUESTS; i++)
			assert_int_equal(due_ns[i], i * MS + index * MS / 4);
	}
}

/* An interval that no binary fraction is: no rounding adds up. */
static void test_a_fixed_rate_does_not_drift(void **data)
{
	(void)data;
	loop_new();
	open_loop_open(&state.loop, ARRIVALS_FIXED, 1e9 / 3, 3000001, SEED, 0,
		       1);
	serve(3000001, takes_nothing, 0);
	assert_in_range(state.loop.figures.offered_ns,
			1000000 * (1000 * MS) - 1, 1000000 * (1000 * MS));
}

static void test_poisson_gaps_are_exponential(void **data)
{
	enum { MANY = 100000 };
	uint64_t last_ns, above = 0;

	(void)data;
	loop_new();
	open_loop_open(&state.loop, ARRIVALS_POISSON, (double)MS, MANY, SEED, 0,
		       1);
	last_ns = state.now_ns;
	for (unsigned int i = 0; i < MANY; i++) {
		open_loop_begin(&state.loop);
		above += state.now_ns - last_ns > MS;
		last_ns = state.now_ns;
		open_loop_end(&state.loop);
	}
	/* Mean 1 ms and exp(-1) of them above it; five standard deviations. */
	assert_in_range(state.loop.figures.offered_ns / MS, MANY - 1600,
			MANY + 1600);
	assert_in_range(above, 36788 - 760, 36788 + 760);
}

static unsigned int stall_place;
static uint64_t stall_ns;
static uint64_t steady_ns;

static uint64_t takes_steadily(unsigned int i)
{
	return steady_ns + (i == stall_place ? stall_ns : 0);
}

static bool saturated(enum arrivals law, uint64_t each_ns, unsigned int place,
		      uint64_t stalled_ns)
{
	steady_ns = each_ns;
	stall_place = place;
	stall_ns = stalled_ns;
	return run(law, MS, REQUESTS, takes_steadily)->saturated;
}

static void test_one_stall_is_no_saturation_wherever_it_stands(void **data)
{
	(void)data;
	for (unsigned int place = 0; place < REQUESTS; place++)
		for (uint64_t each_ns = 100 * US; each_ns < 980 * US;
		     each_ns += 80 * US) {
			assert_false(saturated(ARRIVALS_FIXED, each_ns, place,
					       50 * MS));
			/* As long as the whole run. */
			assert_false(saturated(ARRIVALS_FIXED, each_ns, place,
					       400 * MS));
		}
}

static void test_work_that_just_fits_its_time_is_no_saturation(void **data)
{
	(void)data;
	assert_false(saturated(ARRIVALS_FIXED, 985 * US, 0, 0));
	assert_false(saturated(ARRIVALS_FIXED, 1000 * US, 0, 0));
}

static void test_more_work_than_time_is_saturation_always(void **data)
{
	(void)data;
	for (uint64_t each_ns = 1020 * US; each_ns < 3 * MS;
	     each_ns += 20 * US) {
		assert_true(saturated(ARRIVALS_FIXED, each_ns, 0, 0));
		assert_true(saturated(ARRIVALS_FIXED, each_ns, 20, 50 * MS));
		assert_true(saturated(ARRIVALS_FIXED, each_ns, 390, 50 * MS));
	}
	assert_true(saturated(ARRIVALS_POISSON, 1500 * US, 0, 0));
	assert_false(saturated(ARRIVALS_POISSON, 700 * US, 0, 0));
}

/* A server that is busy with other things keeps up no better. */
static void test_time_between_requests_saturates_as_well(void **data)
{
	(void)data;
	loop_new();
	open_loop_open(&state.loop, ARRIVALS_FIXED, (double)MS, REQUESTS, SEED,
		       0, 1);
	steady_ns = 300 * US;
	stall_ns = 0;
	serve(REQUESTS, takes_steadily, 600 * US);
	assert_false(state.loop.figures.saturated);
	loop_new();
	open_loop_open(&state.loop, ARRIVALS_FIXED, (double)MS, REQUESTS, SEED,
		       0, 1);
	serve(REQUESTS, takes_steadily, 800 * US);
	assert_true(state.loop.figures.saturated);
}

static void test_few_requests_are_not_judged(void **data)
{
	(void)data;
	steady_ns = 2 * MS;
	stall_ns = 0;
	assert_false(run(ARRIVALS_FIXED, MS, OPEN_LOOP_JUDGED_MIN - 1,
			 takes_steadily)
			     ->saturated);
	assert_true(
		run(ARRIVALS_FIXED, MS, OPEN_LOOP_JUDGED_MIN, takes_steadily)
			->saturated);
}

static void test_work_that_is_repeated_has_its_schedule_again(void **data)
{
	struct open_loop_figures once;
	uint64_t due_ns[REQUESTS];

	(void)data;
	once = *run(ARRIVALS_POISSON, MS, REQUESTS, stalls_at_20);
	memcpy(due_ns, state.due_ns, sizeof(due_ns));
	state.now_ns += 5 * MS;
	open_loop_open(&state.loop, ARRIVALS_POISSON, (double)MS, REQUESTS,
		       SEED, 0, 1);
	serve(REQUESTS, stalls_at_20, 0);
	assert_memory_equal(state.due_ns, due_ns, sizeof(due_ns));
	assert_int_equal(state.loop.figures.requests, 2 * once.requests);
	assert_int_equal(state.loop.figures.offered_ns, 2 * once.offered_ns);
	assert_int_equal(state.loop.figures.busy_ns, 2 * once.busy_ns);
	assert_int_equal(state.loop.figures.late, 2 * once.late);
	assert_int_equal(state.loop.figures.backlog_max, once.backlog_max);
}

static void test_threads_add_up_and_the_worst_one_shows(void **data)
{
	struct open_loop_figures sum = {0};
	const struct open_loop_figures one = {
		.law = ARRIVALS_FIXED,
		.requests = 1,
		.offered_ns = 20,
		.served_ns = 30,
		.busy_ns = 4,
		.waited_ns = 5,
		.late = 6,
		.late_ns_max = 70,
		.backlog_max = 8,
		.saturated = true,
	};
	const struct open_loop_figures other = {
		.law = ARRIVALS_FIXED,
		.requests = 100,
		.offered_ns = 200,
		.served_ns = 3,
		.busy_ns = 400,
		.waited_ns = 500,
		.late = 600,
		.late_ns_max = 7,
		.backlog_max = 800,
	};

	(void)data;
	open_loop_add(&sum, &one);
	open_loop_add(&sum, &other);
	assert_int_equal(sum.law, ARRIVALS_FIXED);
	assert_int_equal(sum.requests, 101);
	assert_int_equal(sum.offered_ns, 200);
	assert_int_equal(sum.served_ns, 30);
	assert_int_equal(sum.busy_ns, 404);
	assert_int_equal(sum.waited_ns, 505);
	assert_int_equal(sum.late, 606);
	assert_int_equal(sum.late_ns_max, 70);
	assert_int_equal(sum.backlog_max, 800);
	assert_true(sum.saturated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stall_shows_as_the_queue_that_it_makes),
		cmocka_unit_test(test_the_same_stall_is_one_slow_service),
		cmocka_unit_test(test_figures_add_up_to_the_span),
		cmocka_unit_test(
			test_poisson_arrivals_queue_as_the_recurrence_says),
		cmocka_unit_test(
			test_when_requests_are_due_does_not_depend_on_service),
		cmocka_unit_test(test_poisson_follows_from_seed_and_thread),
		cmocka_unit_test(test_threads_of_a_fixed_rate_are_staggered),
		cmocka_unit_test(test_a_fixed_rate_does_not_drift),
		cmocka_unit_test(test_poisson_gaps_are_exponential),
		cmocka_unit_test(
			test_one_stall_is_no_saturation_wherever_it_stands),
		cmocka_unit_test(
			test_work_that_just_fits_its_time_is_no_saturation),
		cmocka_unit_test(test_more_work_than_time_is_saturation_always),
		cmocka_unit_test(test_time_between_requests_saturates_as_well),
		cmocka_unit_test(test_few_requests_are_not_judged),
		cmocka_unit_test(
			test_work_that_is_repeated_has_its_schedule_again),
		cmocka_unit_test(test_threads_add_up_and_the_worst_one_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
