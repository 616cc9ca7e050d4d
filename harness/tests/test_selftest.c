/* test_selftest - the pieces of make selftest-stats, against known values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/selftest.h"

#define DRAWS 20001
#define SLOTS 600
#define TYPICAL_NS 1e8

void selftest_die(const char *what, const char *why)
{
	fail_msg("%s: %s", what, why);
	abort();
}

static void interval_is(unsigned int hits, unsigned int of, double low,
			double high)
{
	struct interval interval = share_interval(hits, of);

	assert_true(fabs(interval.low - low) < 1e-9);
	assert_true(fabs(interval.high - high) < 1e-9);
}

static void an_interval_of_a_share_is_that_of_clopper_and_pearson(void **state)
{
	(void)state;
	/* R: binom.test(hits, of)$conf.int */
	interval_is(3, 40, 0.0157421798510, 0.2038647487329);
	interval_is(10, 200, 0.0242341654721, 0.0900275377014);
	interval_is(200, 4000, 0.0434518076810, 0.0572149929617);
	interval_is(19, 20, 0.7512672372280, 0.9987349105021);
}

static void what_never_or_always_happened_has_an_open_end(void **state)
{
	(void)state;
	/* Closed forms: 1 - 0.025^(1/n), and its mirror. */
	interval_is(0, 40, 0, 1 - pow(0.025, 1 / 40.0));
	interval_is(40, 40, pow(0.025, 1 / 40.0), 1);
	interval_is(0, 0, 0, 1);
}

static void a_promise_is_broken_where_the_lower_end_is_above_it(void **state)
{
	(void)state;
	assert_true(share_at_most(0, 4000, 0.05));
	assert_true(share_at_most(227, 4000, 0.05)); /* 0.0497 */
	assert_false(share_at_most(230, 4000, 0.05)); /* 0.0505 */
	assert_true(share_at_most(4, 40, 0.05));
	assert_false(share_at_most(6, 40, 0.05));
}

static void a_share_is_printed_in_per_cent(void **state)
{
	char text[SHARE_TEXT_SIZE];

	(void)state;
	assert_string_equal(share_text(3, 40, text), "7.5 (1.6-20.4)");
}

static double median_of(double *values, size_t count)
{
	stats_sort(values, count);
	return stats_median(values, count);
}

static void samples_of_a_level_differ_by_a_symmetric_ratio(void **state)
{
	static struct synthetic machine;
	static double ratios[DRAWS];

	(void)state;
	for (int noise = 0; noise < NOISE_COUNT; noise++) {
		synthetic_start(&machine, (enum noise)noise, 1, SLOTS);
		for (size_t i = 0; i < DRAWS; i++) {
			double first = synthetic_ns(&machine, 0);

			ratios[i] = log(synthetic_ns(&machine, 0) / first);
		}
		assert_true(fabs(median_of(ratios, DRAWS)) < 0.002);
		assert_true(fabs(stats_quantile(ratios, DRAWS, 0.1) +
				 stats_quantile(ratios, DRAWS, 0.9)) < 0.01);
	}
}

static void
noise_has_the_median_and_the_shape_that_it_is_named_after(void **state)
{
	static const double tails[NOISE_COUNT] = {
		/* The 0.95 quantile over the median, of the logarithm. */
		[NOISE_NORMAL] = 0.0329,
		[NOISE_SKEWED] = 0.4027,
		[NOISE_HEAVY] = 0.0584,
		[NOISE_STATES] = 0.186,
	};
	static struct synthetic machine;
	static double values[DRAWS];

	(void)state;
	for (int noise = 0; noise < NOISE_CORRELATED; noise++) {
		double median, tail;

		synthetic_start(&machine, (enum noise)noise, 1, SLOTS);
		for (size_t i = 0; i < DRAWS; i++)
			values[i] = synthetic_ns(&machine, i % SLOTS);
		median = median_of(values, DRAWS) / TYPICAL_NS;
		tail = log(stats_quantile(values, DRAWS, 0.95) / TYPICAL_NS /
			   median);
		/* Spikes and slow samples shift the median upward a little. */
		assert_true(median > 0.999 && median < 1.03);
		assert_true(fabs(tail - tails[noise]) < 0.006);
	}
}

static double level_correlation(const struct synthetic *machine,
				unsigned int apart)
{
	double both = 0, one = 0;

	for (unsigned int i = 0; i + apart < SLOTS; i++) {
		both += machine->levels[i] * machine->levels[i + apart];
		one += machine->levels[i] * machine->levels[i];
	}
	return both / one;
}

/* The mean over machines of what neighbours have in common. */
static double correlation(enum noise noise, unsigned int apart)
{
	static struct synthetic machine;
	double sum = 0;

	for (uint64_t seed = 0; seed < 200; seed++) {
		synthetic_start(&machine, noise, seed, SLOTS);
		sum += level_correlation(&machine, apart);
	}
	return sum / 200;
}

static void levels_keep_for_a_round_or_for_a_sample(void **state)
{
	(void)state;
	assert_true(fabs(correlation(NOISE_CORRELATED, 6) - 0.8) < 0.05);
	assert_true(fabs(correlation(NOISE_FLICKERING, 1) - 0.8) < 0.05);
	assert_true(fabs(correlation(NOISE_FLICKERING, 6) - 0.26) < 0.05);
}

static void a_drifting_level_creeps_by_what_it_says_and_jumps(void **state)
{
	static struct synthetic machine;
	unsigned int jumps = 0;

	(void)state;
	synthetic_start(&machine, NOISE_DRIFTING, 3, SLOTS);
	for (unsigned int i = 1; i < SLOTS; i++) {
		double by = fabs(machine.levels[i] - machine.levels[i - 1]);

		jumps += by > 0.09;
		assert_true(by > 0.09 || fabs(by - 0.3 / SLOTS) < 1e-9);
	}
	assert_int_equal(jumps, 3);
}

static struct simulated_run simulated(double ratio, double precision,
				      unsigned int rounds_max)
{
	struct scenario scenario = {.noise = NOISE_NORMAL,
				    .rows = 4,
				    .ratio = ratio,
				    .precision = precision,
				    .rounds_max = rounds_max};
	struct simulated_run told;

	simulate(&scenario, 1, &told);
	return told;
}

static void a_simulated_run_ends_by_the_rule_of_real_ones(void **state)
{
	(void)state;
	assert_int_equal(simulated(1, 0.5, 100).rounds, 12);
	assert_int_equal(simulated(1, 0.0001, 31).rounds, 31);
	assert_int_equal(simulated(1, 0, 31).rounds, 31);
}

static void a_simulated_run_has_the_verdicts_of_its_ratio(void **state)
{
	struct simulated_run slower = simulated(1.2, 0.01, 60);
	struct simulated_run same = simulated(1, 0.005, 100);

	(void)state;
	assert_int_equal(slower.verdicts[VERDICT_SLOWER], 4);
	assert_true(slower.hold && slower.apart);
	assert_int_equal(simulated(0.8, 0.01, 60).verdicts[VERDICT_FASTER], 4);
	assert_int_equal(same.verdicts[VERDICT_SAME], 4);
	assert_false(same.apart);
}

static void a_seed_gives_the_same_run_again(void **state)
{
	struct simulated_run first = simulated(1, 0.015, 100);
	struct simulated_run again;

	(void)state;
	simulated(1.3, 0.02, 50);
	again = simulated(1, 0.015, 100);
	assert_int_equal(again.rounds, first.rounds);
	assert_memory_equal(again.verdicts, first.verdicts,
			    sizeof(first.verdicts));
	assert_int_equal(again.hold, first.hold);
	assert_int_equal(again.apart, first.apart);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_interval_of_a_share_is_that_of_clopper_and_pearson),
		cmocka_unit_test(what_never_or_always_happened_has_an_open_end),
		cmocka_unit_test(
			a_promise_is_broken_where_the_lower_end_is_above_it),
		cmocka_unit_test(a_share_is_printed_in_per_cent),
		cmocka_unit_test(
			samples_of_a_level_differ_by_a_symmetric_ratio),
		cmocka_unit_test(
			noise_has_the_median_and_the_shape_that_it_is_named_after),
		cmocka_unit_test(levels_keep_for_a_round_or_for_a_sample),
		cmocka_unit_test(
			a_drifting_level_creeps_by_what_it_says_and_jumps),
		cmocka_unit_test(a_simulated_run_ends_by_the_rule_of_real_ones),
		cmocka_unit_test(a_simulated_run_has_the_verdicts_of_its_ratio),
		cmocka_unit_test(a_seed_gives_the_same_run_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
