/*
 * test_shape - costs of known shapes, with noise, are called what they are or
 * not at all; how often is a table that `test_shape table` prints.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/shape.h"

#define POINTS 5
#define ROUNDS_MAX 32
#define TIMES 100

static const double axis_n[POINTS] = {0, 64, 1024, 8192, 60000};

static double flat(double n)
{
	(void)n;
	return 2000;
}

static double step(double n)
{
	return n > 0 ? 6000 : 2000;
}

static double logarithm(double n)
{
	return 2000 + 1200 * log1p(n);
}

static double logarithm_small(double n)
{
	return 2000 + 120 * log1p(n);
}

static double logarithm_step(double n)
{
	return n > 0 ? 400 + 1200 * log1p(n) : 2000;
}

static double line(double n)
{
	return 2000 + 10 * n;
}

static double line_small(double n)
{
	return 2000 + 0.1 * n;
}

static double line_step(double n)
{
	return n > 0 ? 4000 + 0.2 * n : 2000;
}

/* The more there are, the fewer fit a cache. */
static double line_cold(double n)
{
	return 2000 + n * (n < 5000 ? 60 : n < 20000 ? 110 : 170);
}

static double root(double n)
{
	return 2000 + 30 * sqrt(n);
}

static double square(double n)
{
	return 2000 + 2e-6 * n * n;
}

static double fall(double n)
{
	return n > 0 ? 4000 - 0.03 * n : 4000;
}

static double hump(double n)
{
	return n == 8192 ? 4000 : 2000;
}

struct truth {
	const char *name;
	double (*cost)(double n);
	enum shape shape; /* SHAPE_UNTOLD: of none */
	unsigned int least; /* percent called so, at a noise of 6 % */
};

static const struct truth truths[] = {
	{"flat", flat, SHAPE_CONSTANT, 90},
	{"step, then flat", step, SHAPE_CONSTANT, 90},
	{"logarithm", logarithm, SHAPE_LOGARITHMIC, 80},
	{"line", line, SHAPE_LINEAR, 100},
	{"line, times 4 at the end", line_small, SHAPE_LINEAR, 85},
	{"step, then line", line_step, SHAPE_LINEAR, 70},
	{"line out of the caches", line_cold, SHAPE_LINEAR, 95},
	{"root", root, SHAPE_UNTOLD, 95},
	{"square", square, SHAPE_UNTOLD, 95},
	{"fall", fall, SHAPE_UNTOLD, 95},
	{"hump", hump, SHAPE_UNTOLD, 95},
	{"step and logarithm", logarithm_step, SHAPE_LOGARITHMIC, 80},
};
#define TRUTHS (sizeof(truths) / sizeof(truths[0]))

/* A round's cost: in 20 one is up to three times as slow. */
static double noisy(struct random *random, double cost, double sigma)
{
	cost *= exp(sigma * random_normal(random));
	if (random_unit(random) < 0.05)
		cost *= 1 + 2 * random_unit(random);
	return cost;
}

static void fit_of(double (*cost)(double), unsigned int rounds, double sigma,
		   struct random *random, struct shape_fit *fit)
{
	double costs[ROUNDS_MAX * POINTS], scratch[ROUNDS_MAX];
	struct shape_axis axis = {POINTS, axis_n, rounds, costs};

	for (unsigned int i = 0; i < rounds * POINTS; i++)
		costs[i] = noisy(random, cost(axis_n[i % POINTS]), sigma);
	shape_fit(&axis, 0.95, scratch, fit);
}

static void count_calls(const struct truth *truth, unsigned int rounds,
			double sigma, unsigned int calls[SHAPE_COUNT])
{
	struct random random = {1};
	struct shape_fit fit;

	memset(calls, 0, SHAPE_COUNT * sizeof(*calls));
	for (unsigned int i = 0; i < TIMES; i++) {
		fit_of(truth->cost, rounds, sigma, &random, &fit);
		calls[fit.shape]++;
	}
}

static unsigned int wrong_calls(const struct truth *truth,
				const unsigned int calls[SHAPE_COUNT])
{
	unsigned int wrong = TIMES - calls[SHAPE_UNTOLD];

	return truth->shape == SHAPE_UNTOLD ? wrong
					    : wrong - calls[truth->shape];
}

static void wrong_shapes_are_called_in_less_than_five_percent(void **state)
{
	static const double sigmas[] = {0.02, 0.06, 0.1, 0.2};
	static const unsigned int rounds[] = {6, 12, 24};
	unsigned int calls[SHAPE_COUNT];

	(void)state;
	for (size_t i = 0; i < TRUTHS; i++)
		for (size_t j = 0; j < 4; j++)
			for (size_t k = 0; k < 3; k++) {
				count_calls(&truths[i], rounds[k], sigmas[j],
					    calls);
				if (20 * wrong_calls(&truths[i], calls) >=
				    TIMES)
					fail_msg("%s at %g, %u rounds: %u of "
						 "%d wrong",
						 truths[i].name, sigmas[j],
						 rounds[k],
						 wrong_calls(&truths[i], calls),
						 TIMES);
			}
}

static void shapes_are_found_in_twelve_rounds(void **state)
{
	unsigned int calls[SHAPE_COUNT];

	(void)state;
	for (size_t i = 0; i < TRUTHS; i++) {
		count_calls(&truths[i], 12, 0.06, calls);
		if (100 * calls[truths[i].shape] < truths[i].least * TIMES)
			fail_msg("%s: called so in %u of %d", truths[i].name,
				 calls[truths[i].shape], TIMES);
	}
}

static void without_noise_each_shape_and_its_numbers_are_exact(void **state)
{
	struct random random = {1};
	double costs[8 * POINTS], scratch[8];
	struct shape_axis axis = {POINTS, axis_n, 8, costs};
	struct shape_fit fit;

	(void)state;
	for (unsigned int i = 0; i < 8 * POINTS; i++)
		costs[i] = line_step(axis_n[i % POINTS]);
	shape_fit(&axis, 0.95, scratch, &fit);
	assert_int_equal(fit.shape, SHAPE_LINEAR);
	assert_int_equal(fit.doubt, SHAPE_SURE);
	assert_true(fabs(fit.exponent.median - 1) < 1e-9);
	assert_true(fabs(fit.slope.median - 200) < 1e-6);
	assert_true(fabs(fit.step.median - 2.0064) < 1e-9);
	assert_true(fabs(fit.ratio.median - 8) < 1e-9);
	assert_true(fabs(fit.growth.median - 16000 / 4012.8) < 1e-9);
	assert_true(fabs(fit.medians[0] - 2000) < 1e-9);
	assert_int_equal(fit.ratio.rounds, 8);
	fit_of(logarithm_small, 8, 0, &random, &fit);
	assert_true(fit.exponent.median < 0.01);
}

/* The promise of the word, not the lack of a finding. */
static void growth_that_noise_could_hide_is_not_called_constant(void **state)
{
	struct random random = {7};
	struct shape_fit fit;

	(void)state;
	for (unsigned int i = 0; i < 50; i++) {
		fit_of(flat, 12, 0.5, &random, &fit);
		assert_int_equal(fit.shape, SHAPE_UNTOLD);
	}
}

static void a_step_at_the_first_is_no_growth(void **state)
{
	struct random random = {1};
	struct shape_fit fit;

	(void)state;
	fit_of(step, 12, 0.01, &random, &fit);
	assert_int_equal(fit.shape, SHAPE_CONSTANT);
	assert_true(fit.step.interval.low > 2.5);
	assert_true(fit.ratio.interval.low > 2.5);
}

static void doubts_say_why(void **state)
{
	struct random random = {1};
	double costs[12 * POINTS], scratch[12];
	struct shape_axis axis = {POINTS, axis_n, 12, costs};
	struct shape_fit fit;

	(void)state;
	fit_of(line, 5, 0.01, &random, &fit);
	assert_int_equal(fit.doubt, SHAPE_FEW_ROUNDS);
	fit_of(fall, 12, 0.01, &random, &fit);
	assert_int_equal(fit.doubt, SHAPE_FALLS);
	fit_of(root, 12, 0.01, &random, &fit);
	assert_int_equal(fit.doubt, SHAPE_BETWEEN);
	fit_of(flat, 12, 0.5, &random, &fit);
	assert_int_equal(fit.doubt, SHAPE_NOISY);
	for (unsigned int i = 0; i < 12 * POINTS; i++)
		costs[i] = i % POINTS == 2 ? NAN : line(axis_n[i % POINTS]);
	shape_fit(&axis, 0.95, scratch, &fit);
	assert_int_equal(fit.doubt, SHAPE_BETWEEN);
	assert_true(isnan(fit.medians[2]));
	axis.points = 4;
	axis.rounds = 1;
	shape_fit(&axis, 0.95, scratch, &fit);
	assert_int_equal(fit.doubt, SHAPE_FEW_POINTS);
	for (int i = 1; i < SHAPE_DOUBTS; i++)
		assert_true(strlen(shape_doubt_texts[i]) > 5);
}

static int table_print(void)
{
	unsigned int calls[SHAPE_COUNT];

	printf("%-26s%8s%12s%12s%13s%10s\n", "truth", "noise", "constant",
	       "logarithmic", "linear", "untold");
	for (size_t i = 0; i < TRUTHS; i++)
		for (int percent = 3; percent < 13; percent += 3) {
			double sigma = percent / 100.0;

			count_calls(&truths[i], 12, sigma, calls);
			printf("%-26s%7.0f%%%11.1f%%%11.1f%%%12.1f%%%9.1f%%\n",
			       truths[i].name, 100 * sigma,
			       100.0 * calls[SHAPE_CONSTANT] / TIMES,
			       100.0 * calls[SHAPE_LOGARITHMIC] / TIMES,
			       100.0 * calls[SHAPE_LINEAR] / TIMES,
			       100.0 * calls[SHAPE_UNTOLD] / TIMES);
		}
	return 0;
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(wrong_shapes_are_called_in_less_than_five_percent),
		TEST(shapes_are_found_in_twelve_rounds),
		TEST(without_noise_each_shape_and_its_numbers_are_exact),
		TEST(growth_that_noise_could_hide_is_not_called_constant),
		TEST(a_step_at_the_first_is_no_growth),
		TEST(doubts_say_why),
	};

	if (argc > 1 && strcmp(argv[1], "table") == 0)
		return table_print();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
