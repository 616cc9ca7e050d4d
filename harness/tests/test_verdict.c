/* test_verdict - what an interval allows to say, at and beside its edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MARGIN 0.02
#define PAIRS 40
#define LEVEL 0.95

static struct interval interval_of(double low, double high)
{
	return (struct interval){low, high, LEVEL};
}

static enum verdict verdict(double low, double high)
{
	struct interval ratio = interval_of(low, high);

	return verdict_of(&ratio, PAIRS, MARGIN);
}

static double below(double value)
{
	return nextafter(value, 0);
}

static double above(double value)
{
	return nextafter(value, INFINITY);
}

/* Ratios about 1, none of them at an edge. */
#define STEPS 20u
static double step(size_t number)
{
	return 0.903 + 0.01 * (double)number;
}

static void a_verdict_is_read_from_the_interval_alone(void **state)
{
	(void)state;
	assert_int_equal(verdict(0.5, 0.6), VERDICT_FASTER);
	assert_int_equal(verdict(1.7, 2), VERDICT_SLOWER);
	assert_int_equal(verdict(0.99, 1.01), VERDICT_SAME);
	assert_int_equal(verdict(0.9, 1.1), VERDICT_INCONCLUSIVE);
	assert_int_equal(verdict(0.5, 1.01), VERDICT_INCONCLUSIVE);
	assert_int_equal(verdict(0.99, 2), VERDICT_INCONCLUSIVE);
}

static void an_interval_that_touches_one_has_not_left_it_out(void **state)
{
	(void)state;
	assert_int_equal(verdict(0.5, 1), VERDICT_INCONCLUSIVE);
	assert_int_equal(verdict(0.5, below(1)), VERDICT_FASTER);
	assert_int_equal(verdict(1, 2), VERDICT_INCONCLUSIVE);
	assert_int_equal(verdict(above(1), 2), VERDICT_SLOWER);
}

static void the_margins_ends_belong_to_it(void **state)
{
	const double low = 1 / (1 + MARGIN), high = 1 + MARGIN;

	(void)state;
	assert_int_equal(verdict(low, high), VERDICT_SAME);
	assert_int_equal(verdict(below(low), high), VERDICT_INCONCLUSIVE);
	assert_int_equal(verdict(low, above(high)), VERDICT_INCONCLUSIVE);
	assert_int_equal(verdict(low, low), VERDICT_SAME);
	assert_int_equal(verdict(high, high), VERDICT_SAME);
}

static void a_sure_difference_within_the_margin_is_none(void **state)
{
	(void)state;
	assert_int_equal(verdict(1.005, 1.015), VERDICT_SAME);
	assert_int_equal(verdict(0.985, 0.995), VERDICT_SAME);
	/* One that reaches out of it is a difference. */
	assert_int_equal(verdict(1.005, 1.03), VERDICT_SLOWER);
	assert_int_equal(verdict(0.97, 0.995), VERDICT_FASTER);
}

static void the_other_way_round_it_is_the_other_verdict(void **state)
{
	static const enum verdict mirrored[VERDICT_COUNT] = {
		[VERDICT_INCONCLUSIVE] = VERDICT_INCONCLUSIVE,
		[VERDICT_FASTER] = VERDICT_SLOWER,
		[VERDICT_SLOWER] = VERDICT_FASTER,
		[VERDICT_SAME] = VERDICT_SAME,
	};

	(void)state;
	for (size_t i = 0; i < STEPS; i++)
		for (size_t j = i; j < STEPS; j++)
			assert_int_equal(verdict(1 / step(j), 1 / step(i)),
					 mirrored[verdict(step(i), step(j))]);
}

static void below_twelve_pairs_nothing_is_said(void **state)
{
	const struct interval faster = interval_of(0.1, 0.2);
	const struct interval slower = interval_of(3, 4);
	const struct interval same = interval_of(1, 1);

	(void)state;
	assert_int_equal(VERDICT_PAIRS_MIN, 12);
	for (size_t pairs = 0; pairs < VERDICT_PAIRS_MIN; pairs++) {
		assert_int_equal(verdict_of(&faster, pairs, MARGIN),
				 VERDICT_INCONCLUSIVE);
		assert_int_equal(verdict_of(&slower, pairs, MARGIN),
				 VERDICT_INCONCLUSIVE);
		assert_int_equal(verdict_of(&same, pairs, MARGIN),
				 VERDICT_INCONCLUSIVE);
		assert_false(verdict_finds(&slower, pairs));
	}
	assert_int_equal(verdict_of(&faster, VERDICT_PAIRS_MIN, MARGIN),
			 VERDICT_FASTER);
	assert_int_equal(verdict_of(&slower, VERDICT_PAIRS_MIN, MARGIN),
			 VERDICT_SLOWER);
	assert_int_equal(verdict_of(&same, VERDICT_PAIRS_MIN, MARGIN),
			 VERDICT_SAME);
	assert_true(verdict_finds(&slower, VERDICT_PAIRS_MIN));
}

static void an_interval_without_a_level_says_nothing(void **state)
{
	static const struct interval intervals[] = {
		{0.1, 0.2, 0}, {3, 4, 0}, {1, 1, 0}, {NAN, NAN, 0}};

	(void)state;
	for (size_t i = 0; i < COUNT(intervals); i++) {
		assert_int_equal(verdict_of(&intervals[i], PAIRS, MARGIN),
				 VERDICT_INCONCLUSIVE);
		assert_false(verdict_finds(&intervals[i], PAIRS));
	}
}

static void a_wider_margin_makes_only_more_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < STEPS; i++)
		for (size_t j = i; j < STEPS; j++) {
			struct interval ratio = interval_of(step(i), step(j));
			enum verdict narrow = verdict_of(&ratio, PAIRS, 0.02);
			enum verdict wide = verdict_of(&ratio, PAIRS, 0.05);

			assert_true(wide == narrow || wide == VERDICT_SAME);
		}
}

static void the_level_is_shared_out_over_the_rows(void **state)
{
	(void)state;
	assert_true(verdict_level(0) == 0.95);
	assert_true(verdict_level(1) == 0.95);
	for (unsigned int rows = 1; rows <= 1000; rows++)
		assert_true(fabs(rows * (1 - verdict_level(rows)) -
				 VERDICT_ALPHA) < 1e-12);
}

static void the_margin_is_narrow_where_the_twin_is(void **state)
{
	const double low = 1 / 1.01, high = 1.01;
	struct interval twin = interval_of(low, high);

	(void)state;
	assert_true(verdict_margin(&twin) == 0.02);
	twin = interval_of(0.999, 1.001);
	assert_true(verdict_margin(&twin) == 0.02);
	twin = interval_of(below(low), high);
	assert_true(verdict_margin(&twin) == 0.05);
	twin = interval_of(low, above(high));
	assert_true(verdict_margin(&twin) == 0.05);
}

static void without_a_twins_interval_the_margin_is_wide(void **state)
{
	const struct interval unknown = {1, 1, 0};

	(void)state;
	assert_true(verdict_margin(NULL) == 0.05);
	assert_true(verdict_margin(&unknown) == 0.05);
}

static void a_planted_effect_is_found_above_one_alone(void **state)
{
	struct interval planted = interval_of(above(1), 1.2);

	(void)state;
	assert_true(verdict_finds(&planted, PAIRS));
	planted = interval_of(1, 1.2);
	assert_false(verdict_finds(&planted, PAIRS));
	/* It was to make it slower: to be sure that it is faster is no find. */
	planted = interval_of(0.8, 0.9);
	assert_false(verdict_finds(&planted, PAIRS));
	/* The margin is not asked. */
	planted = interval_of(1.001, 1.002);
	assert_true(verdict_finds(&planted, PAIRS));
}

static void verdicts_have_their_names(void **state)
{
	(void)state;
	assert_string_equal(verdict_names[VERDICT_INCONCLUSIVE],
			    "INCONCLUSIVE");
	assert_string_equal(verdict_names[VERDICT_FASTER], "FASTER");
	assert_string_equal(verdict_names[VERDICT_SLOWER], "SLOWER");
	assert_string_equal(verdict_names[VERDICT_SAME], "SAME");
}

static void the_pairs_needed_are_those_of_an_exact_interval(void **state)
{
	static double sorted[64];

	(void)state;
	for (size_t i = 0; i < COUNT(sorted); i++)
		sorted[i] = (double)i;
	for (unsigned int rows = 0; rows <= 2000; rows++) {
		double level = verdict_level(rows);
		size_t needed = verdict_pairs_needed(level);

		assert_true(needed >= VERDICT_PAIRS_MIN);
		assert_true(stats_median_interval(sorted, needed, level).level >
			    0);
		if (needed > VERDICT_PAIRS_MIN)
			assert_true(
				stats_median_interval(sorted, needed - 1, level)
					.level == 0);
	}
	assert_int_equal(verdict_pairs_needed(0.95), VERDICT_PAIRS_MIN);
	assert_int_equal(verdict_pairs_needed(1 - 0x1p-19), 20);
}

/* Of an interval that reaches as far to either side of its median. */
static unsigned int rounds_more(double median, double half, size_t pairs,
				double margin)
{
	struct interval ratio =
		interval_of(exp(log(median) - half), exp(log(median) + half));

	return verdict_rounds_more(median, &ratio, pairs, LEVEL, margin);
}

static void half_as_wide_takes_four_times_as_many(void **state)
{
	const double margin = log1p(MARGIN);

	(void)state;
	/* From 20 to 80: to fit the margin, or to leave 1 out. */
	assert_in_range(rounds_more(1, 2 * margin, 20, MARGIN), 60, 61);
	assert_in_range(rounds_more(1.1, 2 * log(1.1), 20, MARGIN), 60, 61);
	assert_in_range(rounds_more(1 / 1.1, 2 * log(1.1), 20, MARGIN), 60, 61);
	/* Where the median is within the margin, whichever is nearer. */
	assert_in_range(
		rounds_more(exp(margin / 4), margin * 3 / 2, 20, MARGIN), 60,
		61);
	assert_in_range(
		rounds_more(exp(margin * 3 / 4), margin * 3 / 2, 20, MARGIN),
		60, 61);
}

/* Is there a verdict after so many rounds, as verdict_rounds_more() assumes? */
static bool concludes(double median, double half, size_t pairs, size_t then)
{
	double half_then = half * sqrt((double)pairs / (double)then);
	struct interval ratio = interval_of(exp(log(median) - half_then),
					    exp(log(median) + half_then));

	return verdict_of(&ratio, then, MARGIN) != VERDICT_INCONCLUSIVE;
}

static void so_many_rounds_lead_to_a_verdict_and_fewer_do_not(void **state)
{
	static const double medians[] = {1, 1.003, 0.995, 1.019, 1.05, 0.6, 3};
	static const double halves[] = {0.03, 0.1, 0.33, 1.5};

	(void)state;
	for (size_t i = 0; i < COUNT(medians); i++)
		for (size_t j = 0; j < COUNT(halves); j++) {
			unsigned int more = rounds_more(medians[i], halves[j],
							PAIRS, MARGIN);

			if (concludes(medians[i], halves[j], PAIRS, PAIRS)) {
				assert_int_equal(more, 1);
				continue;
			}
			assert_true(concludes(medians[i], halves[j], PAIRS,
					      PAIRS + more + 1));
			assert_false(more > 2 &&
				     concludes(medians[i], halves[j], PAIRS,
					       PAIRS + more - 2));
		}
}

static void a_wider_interval_never_takes_fewer(void **state)
{
	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		unsigned int last = 1;

		for (int j = 0; j < 100; j++) {
			unsigned int more = rounds_more(
				step(i), 0.001 * pow(1.1, j), PAIRS, MARGIN);

			assert_in_range(more, last, VERDICT_MORE_MAX);
			last = more;
		}
	}
}

static void a_median_farther_out_never_takes_more(void **state)
{
	unsigned int last = VERDICT_MORE_MAX;

	(void)state;
	/* From the middle of the margin on: within it the margin may be nearer. */
	for (int i = 0; i < 100; i++) {
		unsigned int more = rounds_more((1 + MARGIN / 2) * pow(1.01, i),
						0.5, PAIRS, MARGIN);

		assert_in_range(more, 1, last);
		last = more;
	}
}

static void it_is_one_at_least_and_the_greatest_at_most(void **state)
{
	const struct interval unknown = {1, 1, 0};
	struct interval ratio = interval_of(0, INFINITY);

	(void)state;
	/* There is a verdict already, or all but. */
	assert_int_equal(rounds_more(0.5, 0.001, PAIRS, MARGIN), 1);
	assert_int_equal(rounds_more(1, 0, PAIRS, MARGIN), 1);
	assert_int_equal(verdict_rounds_more(1, &unknown, PAIRS, LEVEL, MARGIN),
			 1);
	/* There never is one, or it cannot be told. */
	assert_int_equal(rounds_more(1, 0.1, PAIRS, 0), VERDICT_MORE_MAX);
	assert_int_equal(rounds_more(1, 10, PAIRS, 1e-6), VERDICT_MORE_MAX);
	assert_int_equal(verdict_rounds_more(1, &ratio, PAIRS, LEVEL, MARGIN),
			 VERDICT_MORE_MAX);
	ratio = interval_of(NAN, NAN);
	assert_int_equal(verdict_rounds_more(NAN, &ratio, PAIRS, LEVEL, MARGIN),
			 VERDICT_MORE_MAX);
}

static void before_there_are_enough_pairs_those_are_what_it_takes(void **state)
{
	const struct interval unknown = {0.5, 2, 0};
	const double level = 1 - 0x1p-19;

	(void)state;
	for (size_t pairs = 0; pairs < VERDICT_PAIRS_MIN; pairs++) {
		assert_int_equal(
			verdict_rounds_more(1, &unknown, pairs, LEVEL, MARGIN),
			VERDICT_PAIRS_MIN - pairs);
		/* Also where there is an interval: it is 12 for a verdict. */
		assert_int_equal(rounds_more(0.5, 0.01, pairs, MARGIN),
				 VERDICT_PAIRS_MIN - pairs);
	}
	assert_int_equal(verdict_rounds_more(1, &unknown, 12, level, MARGIN),
			 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verdict_is_read_from_the_interval_alone),
		cmocka_unit_test(
			an_interval_that_touches_one_has_not_left_it_out),
		cmocka_unit_test(the_margins_ends_belong_to_it),
		cmocka_unit_test(a_sure_difference_within_the_margin_is_none),
		cmocka_unit_test(the_other_way_round_it_is_the_other_verdict),
		cmocka_unit_test(below_twelve_pairs_nothing_is_said),
		cmocka_unit_test(an_interval_without_a_level_says_nothing),
		cmocka_unit_test(a_wider_margin_makes_only_more_the_same),
		cmocka_unit_test(the_level_is_shared_out_over_the_rows),
		cmocka_unit_test(the_margin_is_narrow_where_the_twin_is),
		cmocka_unit_test(without_a_twins_interval_the_margin_is_wide),
		cmocka_unit_test(a_planted_effect_is_found_above_one_alone),
		cmocka_unit_test(verdicts_have_their_names),
		cmocka_unit_test(
			the_pairs_needed_are_those_of_an_exact_interval),
		cmocka_unit_test(half_as_wide_takes_four_times_as_many),
		cmocka_unit_test(
			so_many_rounds_lead_to_a_verdict_and_fewer_do_not),
		cmocka_unit_test(a_wider_interval_never_takes_fewer),
		cmocka_unit_test(a_median_farther_out_never_takes_more),
		cmocka_unit_test(it_is_one_at_least_and_the_greatest_at_most),
		cmocka_unit_test(
			before_there_are_enough_pairs_those_are_what_it_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
