/*
 * test_crossover_coverage - how often a map's intervals hold the truth, on
 * curves that are known: the coarse grid, the choice of places and the fresh
 * rounds as regrow crossover does them, on times that are made up.
 *
 * `make selftest-crossover` draws more of them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/crossover_plan.h"
#include "driver/stats.h"

#define POINTS_MAX 64
#define ROUNDS 24
#define FROM_LOG2 14
#define TO_LOG2 26

static unsigned int maps = 300;

/* The logarithm of mover over copy at a logarithm of size, base 2. */
typedef double curve_function(double x);

static double steep(double x)
{
	return 0.9 * (19.3 - x);
}

static double flat(double x)
{
	return 0.12 * (19.3 - x);
}

static double bent(double x)
{
	return x < 19.3 ? 0.3 * (19.3 - x) * (19.3 - x) : 0.2 * (19.3 - x);
}

/* Page tables are moved as a whole from there on. */
static double jump(double x)
{
	return x < 21 ? 0.2 : -1.5;
}

static double twice(double x)
{
	return 0.25 * (x - 17.4) * (x - 22.6) / 2;
}

static double below(double x)
{
	return -0.1 - 0.01 * x;
}

/* Whatever is told of it is false. */
static double equal(double x)
{
	(void)x;
	return 0;
}

static double humped(double x)
{
	return 0.4 * (19.3 - x) + 0.25 * sin(1.3 * (x - 19.3));
}

static double uniform(struct random *random)
{
	return ((double)random_below(random, 1u << 30) + 0.5) / (1u << 30);
}

/* A tenth of all samples takes half as much again, as a noisy host has it. */
static double noise(struct random *random, double sigma)
{
	double normal = sqrt(-2 * log(uniform(random))) *
			cos(2 * 3.14159265358979 * uniform(random));

	return sigma * normal + (uniform(random) < 0.1 ? log(1.5) : 0);
}

static void point_draw(struct random *random, curve_function *curve,
		       double sigma, double level, unsigned int file,
		       uint64_t size, struct crossover_point *point)
{
	struct crossover_ratio *ratio = &point->ratios[CROSSOVER_WHOLE];
	double mover[ROUNDS], copy[ROUNDS], scratch[ROUNDS];
	double truth = curve(log2((double)size));

	*point = (struct crossover_point){.size = size, .file = file};
	for (unsigned int i = 0; i < ROUNDS; i++) {
		copy[i] = exp(noise(random, sigma));
		mover[i] = exp(truth + noise(random, sigma));
	}
	ratio->median = stats_paired_ratio(mover, copy, ROUNDS, level, scratch,
					   &ratio->interval, &ratio->pairs);
	ratio->side = crossover_side(ratio);
}

/* Points of a file at these sizes, as many as hold together. */
static void points_draw(struct random *random, curve_function *function,
			double sigma, const struct crossover_grid *grid,
			unsigned int file, struct crossover_curve *curve)
{
	double level =
		1 - CROSSOVER_ALPHA / 2 / (grid->count ? grid->count : 1);

	for (unsigned int i = 0;
	     i < grid->count && curve->points_count < POINTS_MAX; i++)
		point_draw(random, function, sigma, level, file, grid->sizes[i],
			   &curve->points[curve->points_count++]);
	crossover_find(curve, CROSSOVER_WHOLE);
}

/* Of a point, that what is told of it is true. */
static bool is_true(const struct crossover_point *point,
		    curve_function *function)
{
	double truth = function(log2((double)point->size));
	enum crossover_side side = crossover_told(point, CROSSOVER_WHOLE);

	return side == CROSSOVER_UNTOLD ||
	       (side == CROSSOVER_MOVING ? truth < 0 : truth > 0);
}

/*
 * Whether all that is told is true, and the sides at the ends of each crossing
 * are the true ones.
 */
static bool is_right(const struct crossover_curve *curve,
		     curve_function *function)
{
	for (unsigned int i = 0; i < curve->points_count; i++)
		if (!is_true(&curve->points[i], function))
			return false;
	for (unsigned int i = 0; i < curve->crossings[CROSSOVER_WHOLE].count;
	     i++) {
		const struct crossover_crossing *crossing =
			&curve->crossings[CROSSOVER_WHOLE].list[i];
		bool moving = crossing->above == CROSSOVER_MOVING;

		if (crossing->state == CROSSING_NOT_CONFIRMED)
			continue;
		if ((function(log2((double)crossing->high)) < 0) != moving ||
		    (function(log2((double)crossing->low)) < 0) == moving)
			return false;
	}
	return true;
}

struct told {
	unsigned int wrong; /* maps in which something that is said is false */
	unsigned int crossings;
	double width; /* of fresh intervals, in octaves, summed */
	unsigned int fresh;
};

static struct told simulate(curve_function *function, double sigma)
{
	struct told outcome = {0};
	static struct crossover_point points[POINTS_MAX];

	for (unsigned int map = 0; map < maps; map++) {
		struct random random = {.state = random_mix(map + 1)};
		struct crossover_curve curve = {.points = points};
		struct crossover_map one = {.curves_count = 1,
					    .curves = &curve};
		static struct crossover_wants wants;
		struct crossover_grid grid;

		crossover_octaves((uint64_t)1 << FROM_LOG2,
				  (uint64_t)1 << TO_LOG2, &grid);
		points_draw(&random, function, sigma, &grid, 0, &curve);
		crossover_wanted(&one, 4096, &wants);
		if (wants.count)
			points_draw(&random, function, sigma,
				    &wants.list[0].grid, 1, &curve);
		outcome.wrong += !is_right(&curve, function);
		for (unsigned int i = 0;
		     i < curve.crossings[CROSSOVER_WHOLE].count; i++) {
			const struct crossover_crossing *crossing =
				&curve.crossings[CROSSOVER_WHOLE].list[i];

			outcome.crossings++;
			if (crossing->state != CROSSING_FRESH)
				continue;
			outcome.fresh++;
			outcome.width += log2((double)crossing->high /
					      (double)crossing->low);
		}
	}
	return outcome;
}

static const struct {
	const char *name;
	curve_function *function;
	unsigned int crossings;
} cases[] = {
	{"steep", steep, 1}, {"flat", flat, 1},	    {"bent", bent, 1},
	{"jump", jump, 1},   {"twice", twice, 2},   {"below", below, 0},
	{"equal", equal, 0}, {"humped", humped, 1},
};

static void what_a_map_says_is_right_in_95_of_100(void **state)
{
	static const double sigmas[] = {0.02, 0.08, 0.25};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t j = 0; j < sizeof(sigmas) / sizeof(sigmas[0]);
		     j++) {
			struct told outcome =
				simulate(cases[i].function, sigmas[j]);

			print_message(
				"%-7s noise %4.2f: wrong %.2f %%, %.2f of "
				"%u crossings, fresh ones %.2f octaves "
				"wide\n",
				cases[i].name, sigmas[j],
				100.0 * outcome.wrong / maps,
				(double)outcome.crossings / maps,
				cases[i].crossings,
				outcome.width /
					(outcome.fresh ? outcome.fresh : 1));
			assert_true(outcome.wrong <= CROSSOVER_ALPHA * maps);
		}
}

static void a_quiet_machine_finds_each_crossing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct told outcome = simulate(cases[i].function, 0.01);

		assert_true(outcome.crossings + maps / 20 >=
			    maps * cases[i].crossings);
		assert_true(outcome.crossings <=
			    maps * cases[i].crossings + maps / 20);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_map_says_is_right_in_95_of_100),
		cmocka_unit_test(a_quiet_machine_finds_each_crossing),
	};

	if (argc > 1)
		maps = (unsigned int)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
