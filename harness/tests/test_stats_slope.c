/* test_stats_slope - the slope of points, and how sure it is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>

#include <regrow/random.h>

#include "driver/stats_slope.h"
#define assert_close(found, expected, by)                                      \
	assert_true(fabs((found) - (expected)) <= (by))

#define POINTS 40

static double x[POINTS], y[POINTS], slope;
static struct interval interval;

static int find(size_t count)
{
	return stats_slope(x, y, count, 0.95, &slope, &interval);
}

static void the_points_of_a_line_have_its_slope(void **state)
{
	(void)state;
	for (int i = 0; i < POINTS; i++) {
		x[i] = 3 * i;
		y[i] = 7 - 0.5 * i;
	}
	assert_int_equal(find(POINTS), 0);
	assert_close(slope, -1.0 / 6, 1e-12);
	assert_close(interval.low, -1.0 / 6, 1e-12);
	assert_close(interval.high, -1.0 / 6, 1e-12);
	assert_close(interval.level, 0.95, 0);
}

/* Hollander and Wolfe, Nonparametric Statistical Methods, example 9.1. */
static void the_slope_is_the_median_of_all_pairs(void **state)
{
	static const double ratios[] = {1.26, 1.27, 1.12, 1.16, 1.03};

	(void)state;
	for (int i = 0; i < 5; i++) {
		x[i] = i + 1;
		y[i] = ratios[i];
	}
	assert_int_equal(find(5), 0);
	assert_close(slope, -0.05625, 1e-9);
	/* Nine of ten pairs would have to lie on one side. */
	assert_close(interval.low, -0.15, 1e-9);
	assert_close(interval.high, 0.04, 1e-9);
}

static void three_points_are_too_few_to_be_sure(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		x[i] = i;
		y[i] = i * i;
	}
	assert_int_equal(find(3), 0);
	assert_close(interval.level, 0, 0);
	assert_close(interval.low, 1, 1e-12);
	assert_close(interval.high, 3, 1e-12);
}

static void single_points_do_not_turn_it(void **state)
{
	(void)state;
	for (int i = 0; i < POINTS; i++) {
		x[i] = i;
		y[i] = 2 * i;
	}
	y[0] = 1e9;
	y[17] = -1e9;
	y[39] = -1e12;
	assert_int_equal(find(POINTS), 0);
	assert_close(slope, 2, 1e-9);
	assert_true(interval.low <= 2 && interval.high >= 2);
}

static void points_that_do_not_differ_have_no_slope(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		x[i] = y[i] = 4;
	assert_int_equal(find(5), -EINVAL);
	assert_int_equal(find(1), -EINVAL);
	assert_int_equal(find(0), -EINVAL);
	x[0] = 3;
	assert_int_equal(find(5), 0);
	assert_close(slope, 0, 0);
	y[2] = NAN;
	assert_int_equal(find(5), -EINVAL);
	y[2] = 1;
	x[2] = INFINITY;
	assert_int_equal(find(5), -EINVAL);
}

/* Of 95 % intervals, 95 % hold the truth: give or take 4 deviations. */
static void the_interval_covers_what_it_says(void **state)
{
	enum { RUNS = 3000 };
	struct random random = {11};
	int covered = 0, sure = 0;

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		for (int i = 0; i < 32; i++) {
			x[i] = i;
			y[i] = 0.3 * i + 2 * random_normal(&random);
		}
		assert_int_equal(find(32), 0);
		covered += interval.low <= 0.3 && interval.high >= 0.3;
		sure += interval.low > 0;
	}
	assert_in_range(covered, (int)(0.934 * RUNS), (int)(0.966 * RUNS));
	assert_int_equal(sure, RUNS);
}

static void normal_quantiles_are_right(void **state)
{
	(void)state;
	assert_close(stats_normal_quantile(0.5), 0, 1e-9);
	assert_close(stats_normal_quantile(0.975), 1.959963985, 1e-8);
	assert_close(stats_normal_quantile(0.995), 2.575829304, 1e-8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_points_of_a_line_have_its_slope),
		cmocka_unit_test(the_slope_is_the_median_of_all_pairs),
		cmocka_unit_test(three_points_are_too_few_to_be_sure),
		cmocka_unit_test(single_points_do_not_turn_it),
		cmocka_unit_test(points_that_do_not_differ_have_no_slope),
		cmocka_unit_test(the_interval_covers_what_it_says),
		cmocka_unit_test(normal_quantiles_are_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
