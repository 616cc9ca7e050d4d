/* test_timings - the width of a run's intervals, and when it is looked at. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/stats.h"
#include "driver/timings.h"
#include "driver/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROUNDS 24
#define BASE_NS 1000000.0

static struct plan plan;
static struct timings timings;

static int setup(void **state)
{
	(void)state;
	memset(&plan, 0, sizeof(plan));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	timings_free(&timings);
	return 0;
}

static void assert_near(double found, double expected)
{
	if (!(fabs(found - expected) <= 1e-9 * fabs(expected)))
		fail_msg("%.17g is not %.17g", found, expected);
}

/* A group of one cell for each letter: r, t, f, p (planted) and x (a row). */
static void group_add(const char *roles)
{
	static const char letters[] = "rtfpx";
	struct group *group = &plan.groups[plan.groups_count];

	group->first = plan.cells_count;
	group->count = (unsigned int)strlen(roles);
	for (; *roles; roles++) {
		struct cell *cell = &plan.cells[plan.cells_count++];

		cell->group = plan.groups_count;
		cell->role =
			(enum cell_role)(strchr(letters, *roles) - letters);
	}
	plan.groups_count++;
}

static void note(unsigned int cell, unsigned int round, double ns)
{
	assert_int_equal(timings_note(&timings, cell, round, (uint64_t)ns), 0);
}

/* A cell's rounds: so much slower than the base, give or take. */
static void note_rounds(unsigned int cell, double slower, double spread,
			uint64_t seed)
{
	struct random random = {seed};

	for (unsigned int i = 0; i < ROUNDS; i++)
		note(cell, i,
		     BASE_NS * slower *
			     exp(spread * (random_unit(&random) - 0.5)));
}

/* What timings_width() must be for one cell: from its log ratios. */
static double width_of(unsigned int cell, unsigned int reference, double level)
{
	double logs[ROUNDS];
	size_t count = 0;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		double ratio = timings.ns[cell][i] / timings.ns[reference][i];

		if (!isnan(ratio))
			logs[count++] = log(ratio);
	}
	stats_sort(logs, count);
	return expm1(timings_half_width(logs, count, level));
}

static void a_run_looks_after_rounds_that_grow_by_half(void **state)
{
	static const unsigned int looks[] = {12, 18, 27, 41, 62, 93, 140};
	size_t next = 0;

	(void)state;
	for (unsigned int rounds = 0; rounds <= 140; rounds++) {
		bool is_look = rounds == looks[next];

		assert_int_equal(timings_is_look(rounds), is_look);
		next += is_look;
	}
	assert_int_equal(next, COUNT(looks));
}

static void a_run_ends_at_a_look_that_finds_it_precise(void **state)
{
	(void)state;
	assert_true(timings_is_precise(0.01, 12, 0.01));
	assert_true(timings_is_precise(0.001, 18, 0.01));
	assert_false(timings_is_precise(0.0101, 12, 0.01));
	assert_false(timings_is_precise(0.001, 13, 0.01));
	assert_false(timings_is_precise(INFINITY, 12, 0.01));
	assert_false(timings_is_precise(NAN, 12, 0.01));
	/* None was asked for: not even where nothing is compared. */
	assert_false(timings_is_precise(0, 12, 0));
}

static void it_looks_no_more_where_rounds_are_past_counting(void **state)
{
	(void)state;
	assert_false(timings_is_look(UINT_MAX));
}

static void half_the_exact_interval_is_the_least(void **state)
{
	double values[101];

	(void)state;
	for (size_t count = 6; count <= COUNT(values); count++) {
		struct interval interval;
		struct random random = {count};

		for (size_t i = 0; i < count; i++)
			values[i] = random_unit(&random);
		stats_sort(values, count);
		interval = stats_median_interval(values, count, 0.95);
		assert_true(timings_half_width(values, count, 0.95) >=
			    (interval.high - interval.low) / 2);
	}
}

static void it_is_what_the_spread_makes_likely_for_it(void **state)
{
	static double values[2000];
	struct random random = {1};
	double likely = 1.96 * sqrt(M_PI / 2) * 0.3 / sqrt(2000);

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = 0.3 * random_normal(&random);
	stats_sort(values, COUNT(values));
	assert_true(fabs(timings_half_width(values, COUNT(values), 0.95) -
			 likely) < 0.1 * likely);
}

static void an_interval_that_is_narrow_by_luck_is_not_believed(void **state)
{
	/* The middle ones agree; the others do not. */
	static const double sorted[] = {-9, -8, -7, -6, 0, 0, 0,
					0,  0,	0,  6,	7, 8, 9};
	struct interval interval =
		stats_median_interval(sorted, COUNT(sorted), 0.5);

	(void)state;
	assert_true(interval.level > 0 && interval.low == interval.high);
	assert_true(timings_half_width(sorted, COUNT(sorted), 0.5) > 1);
}

static void a_width_goes_with_the_unit_and_not_with_the_place(void **state)
{
	double values[20], moved[20], larger[20];
	struct random random = {1};
	double width;

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = random_unit(&random);
	stats_sort(values, COUNT(values));
	for (size_t i = 0; i < COUNT(values); i++) {
		moved[i] = values[i] + 5;
		larger[i] = values[i] * 3;
	}
	width = timings_half_width(values, COUNT(values), 0.95);
	assert_near(timings_half_width(moved, COUNT(values), 0.95), width);
	assert_near(timings_half_width(larger, COUNT(values), 0.95), 3 * width);
	assert_true(timings_half_width(values, COUNT(values), 0.99) > width);
}

static void too_few_values_have_no_width(void **state)
{
	static const double sorted[] = {1, 2, 3, 4, 5, 6};

	(void)state;
	for (size_t count = 0; count < 6; count++)
		assert_true(timings_half_width(sorted, count, 0.95) ==
			    INFINITY);
	assert_true(isfinite(timings_half_width(sorted, 6, 0.95)));
	assert_true(timings_half_width(sorted, 6, 0.99) == INFINITY);
}

static void the_width_is_that_of_the_ratios_interval(void **state)
{
	double ratios[ROUNDS], ones[ROUNDS], scratch[ROUNDS];
	struct interval interval;
	size_t pairs;

	(void)state;
	group_add("rx");
	/* Two heaps, so that the exact interval reaches from one to the other. */
	for (unsigned int i = 0; i < ROUNDS; i++) {
		ratios[i] = i % 2 ? 1.25 : 1;
		ones[i] = 1;
		note(0, i, BASE_NS * (i + 1));
		note(1, i, BASE_NS * (i + 1) * ratios[i]);
	}
	stats_paired_ratio(ratios, ones, ROUNDS, verdict_level(1), scratch,
			   &interval, &pairs);
	assert_near(interval.low, 1);
	assert_near(interval.high, 1.25);
	/* Half of it, in logarithms; the spread makes less likely here. */
	assert_near(timings_width(&timings, &plan), sqrt(1.25) - 1);
}

static void the_widest_row_decides(void **state)
{
	(void)state;
	group_add("rtfpxxx");
	note_rounds(0, 1, 0.02, 1);
	note_rounds(4, 1, 0.02, 2);
	note_rounds(5, 2, 0.2, 3);
	note_rounds(6, 0.5, 0.1, 4);
	assert_true(width_of(5, 0, verdict_level(3)) >
		    width_of(6, 0, verdict_level(3)));
	assert_near(timings_width(&timings, &plan),
		    width_of(5, 0, verdict_level(3)));
}

static void rows_are_at_the_level_of_all_rows_together(void **state)
{
	double last = 0;

	(void)state;
	group_add("rxxxxx");
	group_add("rxxxxx");
	note_rounds(0, 1, 0.1, 1);
	note_rounds(6, 1, 0.1, 1);
	/* Each row the same, so that only their number makes a difference. */
	for (unsigned int rows = 1; rows <= 10; rows++) {
		double width;

		note_rounds(rows <= 5 ? rows : rows + 1, 1.5, 0.1, 2);
		width = timings_width(&timings, &plan);
		assert_near(width, width_of(1, 0, verdict_level(rows)));
		assert_true(width >= last);
		last = width;
	}
	assert_true(last > width_of(1, 0, verdict_level(1)));
}

static void each_row_is_compared_within_its_group(void **state)
{
	(void)state;
	group_add("rx");
	group_add("rx");
	/* Neither would be narrow against the other's reference. */
	for (unsigned int i = 0; i < ROUNDS; i++) {
		note(0, i, BASE_NS * (1 + i % 5));
		note(1, i, BASE_NS * (1 + i % 5) * 2);
		note(2, i, BASE_NS * (1 + i % 7));
		note(3, i, BASE_NS * (1 + i % 7) * 3);
	}
	assert_true(timings_width(&timings, &plan) < 1e-9);
}

static void where_there_is_no_row_it_is_the_twin(void **state)
{
	(void)state;
	group_add("rtfpp");
	note_rounds(0, 1, 0.1, 1);
	note_rounds(1, 1, 0.1, 2);
	note_rounds(2, 1, 3, 3);
	note_rounds(3, 1, 3, 4);
	note_rounds(4, 1, 3, 5);
	assert_near(timings_width(&timings, &plan),
		    width_of(1, 0, verdict_level(0)));
}

static void where_there_is_one_the_others_do_not_count(void **state)
{
	(void)state;
	group_add("rtfpx");
	note_rounds(0, 1, 0.1, 1);
	note_rounds(1, 1, 3, 2);
	note_rounds(2, 1, 3, 3);
	note_rounds(3, 1, 3, 4);
	note_rounds(4, 1, 0.1, 5);
	assert_near(timings_width(&timings, &plan),
		    width_of(4, 0, verdict_level(1)));
}

static void rows_that_were_never_measured_do_not_count(void **state)
{
	(void)state;
	group_add("rtxxx");
	note_rounds(0, 1, 0.1, 1);
	note_rounds(1, 1, 3, 2);
	note_rounds(3, 1, 0.1, 3);
	assert_near(timings_width(&timings, &plan),
		    width_of(3, 0, verdict_level(1)));
}

static void where_nothing_is_compared_the_width_is_none(void **state)
{
	(void)state;
	assert_true(timings_width(&timings, &plan) == 0);
	group_add("rtx");
	assert_true(timings_width(&timings, &plan) == 0);
	note_rounds(0, 1, 0.1, 1);
	assert_true(timings_width(&timings, &plan) == 0);
}

static void what_cannot_be_told_is_infinitely_wide(void **state)
{
	(void)state;
	group_add("rx");
	for (unsigned int i = 0; i < 5; i++) {
		note(0, i, BASE_NS);
		note(1, i, BASE_NS);
		assert_true(timings_width(&timings, &plan) == INFINITY);
	}
	note(0, 5, BASE_NS);
	note(1, 5, BASE_NS);
	assert_true(timings_width(&timings, &plan) == 0);
}

static void a_row_whose_reference_is_missing_is_infinitely_wide(void **state)
{
	(void)state;
	group_add("rx");
	note_rounds(1, 1, 0.1, 1);
	assert_true(timings_width(&timings, &plan) == INFINITY);
}

static void only_rounds_that_both_have_are_pairs(void **state)
{
	double width;

	(void)state;
	group_add("rx");
	note_rounds(0, 1, 0.1, 1);
	note_rounds(1, 1, 0.1, 2);
	/* A round that one of them lacks: nonsense in the other is no matter. */
	note(0, ROUNDS, BASE_NS);
	note(1, ROUNDS + 1, 1e15);
	note(0, ROUNDS + 2, 1e15);
	width = width_of(1, 0, verdict_level(1));
	assert_int_equal(timings.rounds, ROUNDS + 3);
	assert_near(timings_width(&timings, &plan), width);
	/* Nor is a time of 0 one. */
	note(0, ROUNDS + 1, 0);
	note(1, ROUNDS + 2, 0);
	assert_near(timings_width(&timings, &plan), width);
	/* Pairs that are lost again make it another. */
	note(1, 3, 0);
	assert_near(timings_width(&timings, &plan),
		    width_of(1, 0, verdict_level(1)));
	assert_true(timings_width(&timings, &plan) != width);
}

static void there_is_room_for_each_round_and_none_is_lost(void **state)
{
	static const unsigned int rounds[] = {0, 1, 2, 3, 100, 50, 5000, 4999};

	(void)state;
	for (size_t i = 0; i < COUNT(rounds); i++)
		for (unsigned int cell = 0; cell <= 14; cell += 7)
			note(cell, rounds[i], 1 + 10.0 * rounds[i] + cell);
	/* The first of a cell when the others have many. */
	note(PLAN_CELLS_MAX - 1, 2, 77);
	assert_int_equal(timings.rounds, 5001);
	for (unsigned int round = 0; round < timings.rounds; round++) {
		bool noted = round == 50 || round == 100 || round == 4999 ||
			     round == 5000 || round <= 3;

		for (unsigned int cell = 0; cell <= 14; cell += 7) {
			double ns = timings.ns[cell][round];

			if (noted)
				assert_true(ns == 1 + 10.0 * round + cell);
			else
				assert_true(isnan(ns));
		}
		assert_true(
			round == 2
				? timings.ns[PLAN_CELLS_MAX - 1][2] == 77
				: isnan(timings.ns[PLAN_CELLS_MAX - 1][round]));
	}
	assert_null(timings.ns[1]);
}

static void freed_they_are_as_new(void **state)
{
	static const struct timings none;

	(void)state;
	note(3, 40, BASE_NS);
	timings_free(&timings);
	assert_memory_equal(&timings, &none, sizeof(none));
	note(3, 0, BASE_NS);
	assert_int_equal(timings.rounds, 1);
}

static void half_the_width_takes_four_times_the_rounds(void **state)
{
	(void)state;
	/* 48 and 80 rounds, at the first look from there on. */
	assert_int_equal(timings_rounds_needed(0.02, 12, 0.01), 62);
	assert_int_equal(
		timings_rounds_needed(expm1(2 * log1p(0.01)), 20, 0.01), 93);
	assert_int_equal(timings_rounds_needed(0.0101, 27, 0.01), 41);
}

static void
a_run_that_is_precise_needs_no_more_than_the_first_look(void **state)
{
	(void)state;
	assert_int_equal(timings_rounds_needed(0.001, 12, 0.01), 12);
	assert_int_equal(timings_rounds_needed(0, 12, 0.01), 12);
	assert_int_equal(timings_rounds_needed(0.01, 12, 0.01), 12);
	/* Before there can be one, too. */
	assert_int_equal(timings_rounds_needed(0.001, 6, 0.01), 12);
}

static void what_is_needed_is_a_look_and_never_shrinks(void **state)
{
	unsigned int last = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		unsigned int needed =
			timings_rounds_needed(0.0001 * pow(1.1, i), 30, 0.01);

		assert_true(timings_is_look(needed));
		assert_true(needed >= last);
		last = needed;
	}
}

static void rounds_that_cannot_be_told_are_none(void **state)
{
	(void)state;
	assert_int_equal(timings_rounds_needed(INFINITY, 12, 0.01), 0);
	assert_int_equal(timings_rounds_needed(NAN, 12, 0.01), 0);
	assert_int_equal(timings_rounds_needed(0.1, 12, 0), 0);
	assert_int_equal(timings_rounds_needed(0.1, 12, NAN), 0);
	assert_int_equal(timings_rounds_needed(0.1, 12, 1e-9), 0);
}

#define WITH_TIMINGS(test)                                                     \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_looks_after_rounds_that_grow_by_half),
		cmocka_unit_test(a_run_ends_at_a_look_that_finds_it_precise),
		cmocka_unit_test(
			it_looks_no_more_where_rounds_are_past_counting),
		cmocka_unit_test(half_the_exact_interval_is_the_least),
		cmocka_unit_test(it_is_what_the_spread_makes_likely_for_it),
		cmocka_unit_test(
			an_interval_that_is_narrow_by_luck_is_not_believed),
		cmocka_unit_test(
			a_width_goes_with_the_unit_and_not_with_the_place),
		cmocka_unit_test(too_few_values_have_no_width),
		WITH_TIMINGS(the_width_is_that_of_the_ratios_interval),
		WITH_TIMINGS(the_widest_row_decides),
		WITH_TIMINGS(rows_are_at_the_level_of_all_rows_together),
		WITH_TIMINGS(each_row_is_compared_within_its_group),
		WITH_TIMINGS(where_there_is_no_row_it_is_the_twin),
		WITH_TIMINGS(where_there_is_one_the_others_do_not_count),
		WITH_TIMINGS(rows_that_were_never_measured_do_not_count),
		WITH_TIMINGS(where_nothing_is_compared_the_width_is_none),
		WITH_TIMINGS(what_cannot_be_told_is_infinitely_wide),
		WITH_TIMINGS(
			a_row_whose_reference_is_missing_is_infinitely_wide),
		WITH_TIMINGS(only_rounds_that_both_have_are_pairs),
		WITH_TIMINGS(there_is_room_for_each_round_and_none_is_lost),
		WITH_TIMINGS(freed_they_are_as_new),
		cmocka_unit_test(half_the_width_takes_four_times_the_rounds),
		cmocka_unit_test(
			a_run_that_is_precise_needs_no_more_than_the_first_look),
		cmocka_unit_test(what_is_needed_is_a_look_and_never_shrinks),
		cmocka_unit_test(rounds_that_cannot_be_told_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
