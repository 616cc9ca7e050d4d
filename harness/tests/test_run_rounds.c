/* test_run_rounds - when a run has had its rounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/recorder.h>

#include "driver/run_parts.h"

#define HOUR_NS ((uint64_t)3600 * 1000000000)

static struct run_options options;
static struct run run;

/* Five rounds of an hour each, of a budget of four. */
static int after_five_hours(void **state)
{
	(void)state;
	memset(&run, 0, sizeof(run));
	memset(&options, 0, sizeof(options));
	run.options = &options;
	run.rounds = 5;
	run.started_ns = clock_now_ns() - 5 * HOUR_NS;
	run.timing_since_ns = run.started_ns;
	run.plan.budget_ns = 4 * HOUR_NS;
	run.width = 1;
	run.progress.quiet = true;
	return 0;
}

static void a_round_that_the_budget_has_no_time_for_is_not_begun(void **state)
{
	(void)state;
	assert_false(run_rounds_left(&run));
	run.plan.budget_ns = 6 * HOUR_NS + HOUR_NS / 2;
	assert_true(run_rounds_left(&run));
	run.plan.budget_ns = 6 * HOUR_NS - HOUR_NS / 2;
	assert_false(run_rounds_left(&run));
}

static void too_few_rounds_go_on_into_the_overtime(void **state)
{
	(void)state;
	options.overtime_ns = 3 * HOUR_NS;
	options.rounds_least = 5;
	assert_false(run_rounds_left(&run));
	options.rounds_least = 6;
	assert_true(run_rounds_left(&run));
	options.overtime_ns = HOUR_NS;
	assert_false(run_rounds_left(&run));
}

static void too_few_rounds_are_never_precise(void **state)
{
	(void)state;
	run.rounds = 12;
	run.plan.budget_ns = 24 * HOUR_NS;
	run.plan.precision = 0.5;
	run.width = 0.1;
	assert_false(run_rounds_left(&run));
	assert_true(run.precise);
	options.rounds_least = 13;
	assert_true(run_rounds_left(&run));
	assert_false(run.precise);
}

static void rounds_asked_for_are_made(void **state)
{
	(void)state;
	run.plan.rounds = 6;
	assert_true(run_rounds_left(&run));
	run.plan.rounds = 5;
	options.rounds_least = 6;
	options.overtime_ns = 9 * HOUR_NS;
	assert_false(run_rounds_left(&run));
}

#define TEST(name) cmocka_unit_test_setup(name, after_five_hours)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_round_that_the_budget_has_no_time_for_is_not_begun),
		TEST(too_few_rounds_go_on_into_the_overtime),
		TEST(too_few_rounds_are_never_precise),
		TEST(rounds_asked_for_are_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
