/* test_pilot - the clock and the planted effects that a pilot decides. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/pilot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SPIN_NS 1.7

/* Neighbours differ by a hundredth, by a tenth; and all the same. */
static const uint64_t quiet[] = {10000, 10100, 10000, 10100, 10000, 10100};
static const uint64_t noisy[] = {50000, 55000, 50000, 55000, 50000, 55000};
static const uint64_t steady[] = {70000, 70000, 70000, 70000, 70000, 70000};

static struct plan plan;

static uint64_t span_ns_min; /* of the next group; 0: a closed loop */

/* A group of those threads that was decided by so many samples. */
static struct group *decide(const uint64_t *wall_ns, const uint64_t *cpu_ns,
			    unsigned int count, unsigned int threads)
{
	struct group *group = &plan.groups[1];
	struct pilot_times times = {.count = count, .growths = 40};

	memcpy(times.wall_ns, wall_ns, count * sizeof(*wall_ns));
	memcpy(times.cpu_ns, cpu_ns, count * sizeof(*cpu_ns));
	memset(group, 0, sizeof(*group));
	group->estimate.threads = threads;
	group->estimate.span_ns_min = span_ns_min;
	pilot_decide(&times, group);
	return group;
}

static enum group_clock clock_of(const uint64_t *wall_ns,
				 const uint64_t *cpu_ns, unsigned int count,
				 unsigned int threads)
{
	return decide(wall_ns, cpu_ns, count, threads)->clock;
}

static void the_cpu_time_is_taken_where_the_wall_is_noisier(void **state)
{
	(void)state;
	assert_int_equal(clock_of(noisy, quiet, 6, 1), CLOCK_CPU);
	assert_int_equal(clock_of(quiet, steady, 6, 1), CLOCK_CPU);
	assert_int_equal(clock_of(quiet, noisy, 6, 1), CLOCK_WALL);
	assert_int_equal(clock_of(steady, quiet, 6, 1), CLOCK_WALL);
}

static void the_wall_wins_ties(void **state)
{
	/* A tenth more noise, and a little less or more than that. */
	uint64_t less[6], more[6];

	(void)state;
	assert_int_equal(clock_of(noisy, noisy, 6, 1), CLOCK_WALL);
	assert_int_equal(clock_of(quiet, quiet, 6, 1), CLOCK_WALL);
	assert_int_equal(clock_of(steady, steady, 6, 1), CLOCK_WALL);
	for (unsigned int i = 0; i < 6; i++) {
		less[i] = i % 2 ? 1108000 : 1000000;
		more[i] = i % 2 ? 1112000 : 1000000;
	}
	assert_int_equal(clock_of(less, noisy, 6, 1), CLOCK_WALL);
	assert_int_equal(clock_of(more, noisy, 6, 1), CLOCK_CPU);
}

static void several_threads_are_always_compared_by_the_wall(void **state)
{
	(void)state;
	for (unsigned int threads = 2; threads <= 4; threads++) {
		struct group *group = decide(noisy, quiet, 6, threads);

		assert_int_equal(group->clock, CLOCK_WALL);
		assert_non_null(strstr(group->clock_why, "several threads"));
	}
	assert_int_equal(clock_of(noisy, quiet, 6, 1), CLOCK_CPU);
}

static void waiting_for_a_schedule_is_no_time_to_compare_by(void **state)
{
	struct group *group;

	(void)state;
	span_ns_min = 1;
	group = decide(noisy, quiet, 6, 1);
	span_ns_min = 0;
	assert_int_equal(group->clock, CLOCK_WALL);
	assert_non_null(strstr(group->clock_why, "due by a schedule"));
	assert_int_equal(clock_of(noisy, quiet, 6, 1), CLOCK_CPU);
}

static void fewer_than_three_good_samples_decide_nothing(void **state)
{
	static const char *const why[] = {
		"the pilot had 0 good samples of 6",
		"the pilot had 1 good samples of 6",
		"the pilot had 2 good samples of 6",
	};

	(void)state;
	assert_int_equal(PILOT_SAMPLES, 6);
	for (unsigned int count = 0; count < COUNT(why); count++) {
		struct group *group = decide(noisy, quiet, count, 1);

		assert_int_equal(group->clock, CLOCK_WALL);
		assert_string_equal(group->clock_why, why[count]);
		assert_int_equal(group->pilot.samples, count);
	}
	assert_int_equal(clock_of(noisy, quiet, 3, 1), CLOCK_CPU);
}

static void a_cpu_time_that_was_not_measured_is_no_clock(void **state)
{
	static const uint64_t none[6];

	(void)state;
	assert_int_equal(clock_of(noisy, none, 6, 1), CLOCK_WALL);
}

static void the_reason_says_what_was_seen(void **state)
{
	const char *why = decide(noisy, quiet, 6, 1)->clock_why;

	(void)state;
	assert_string_equal(why, "in the pilot neighbours differed by 9.5 % in "
				 "wall and by 1 % in CPU time");
}

static void what_was_seen_is_kept(void **state)
{
	struct pilot pilot = decide(noisy, quiet, 6, 1)->pilot;

	(void)state;
	assert_int_equal(pilot.samples, 6);
	assert_int_equal(pilot.growths, 40);
	assert_int_equal(pilot.wall_ns, 52500);
	assert_int_equal(pilot.cpu_ns, 10050);
	assert_true(fabs(pilot.wall_noise - log(1.1)) < 1e-12);
	assert_true(fabs(pilot.cpu_noise - log(1.01)) < 1e-12);
	pilot = decide(noisy, quiet, 5, 1)->pilot;
	assert_int_equal(pilot.wall_ns, 50000);
	assert_int_equal(pilot.cpu_ns, 10000);
}

static void noise_is_between_neighbours_and_no_drift(void **state)
{
	/* Twice as slow in the end, and yet each near the one before. */
	static const uint64_t drift[] = {10000, 11500, 13200,
					 15200, 17500, 20100};
	static const uint64_t jumps[] = {10000, 20100, 10000,
					 20100, 10000, 20100};

	(void)state;
	assert_int_equal(clock_of(drift, jumps, 6, 1), CLOCK_WALL);
	assert_int_equal(clock_of(jumps, drift, 6, 1), CLOCK_CPU);
	assert_true(fabs(decide(drift, jumps, 6, 1)->pilot.wall_noise -
			 log(1.15)) < 0.01);
}

static void one_outlier_is_not_noise(void **state)
{
	static const uint64_t once[] = {10000, 10100, 90000,
					10000, 10100, 10000};

	(void)state;
	assert_int_equal(clock_of(once, quiet, 6, 1), CLOCK_WALL);
}

/* A plan whose second group has two planted rows among four cells. */
static struct group *plan_fill(unsigned int threads, enum group_clock clock,
			       struct pilot pilot)
{
	static const enum cell_role roles[] = {
		ROLE_REFERENCE, ROLE_PLANTED, /* another group's */
		ROLE_REFERENCE, ROLE_PLANTED,	ROLE_PLANTED, ROLE_ROW,
		ROLE_PLANTED,	ROLE_REFERENCE, /* another's again */
	};
	struct group *group = &plan.groups[1];

	memset(&plan, 0, sizeof(plan));
	plan.groups_count = 3;
	plan.cells_count = COUNT(roles);
	for (unsigned int i = 0; i < COUNT(roles); i++) {
		plan.cells[i].role = roles[i];
		plan.cells[i].group = i < 2 ? 0 : i < 6 ? 1 : 2;
		if (roles[i] == ROLE_PLANTED)
			plan.cells[i].planted_percent = i % 2 ? 5 : 10;
	}
	group->first = 2;
	group->count = 4;
	group->estimate.threads = threads;
	group->clock = clock;
	group->pilot = pilot;
	return group;
}

static const struct pilot seen = {
	.samples = 6, .wall_ns = 3000000, .cpu_ns = 2000000, .growths = 120};

/* What the loop adds to a thread's time, as a share of the group's metric. */
static double planted_share(const struct group *group, unsigned int cell)
{
	double growths = (double)group->pilot.growths / group->estimate.threads;
	double metric_ns =
		(double)(group->clock == CLOCK_CPU ? group->pilot.cpu_ns
						   : group->pilot.wall_ns);

	return (double)plan.cells[cell].planted_iterations * SPIN_NS * growths /
	       metric_ns;
}

static void assert_share(const struct group *group, unsigned int cell,
			 double share)
{
	double found = planted_share(group, cell);

	/* Iterations are whole. */
	if (found < share || found > share * 1.002)
		fail_msg("%g is planted, and not %g", found, share);
}

static void a_planted_loop_is_so_much_of_the_groups_clock(void **state)
{
	static const enum group_clock clocks[] = {CLOCK_WALL, CLOCK_CPU};

	(void)state;
	for (size_t i = 0; i < COUNT(clocks); i++) {
		struct group *group = plan_fill(1, clocks[i], seen);

		pilot_plant(&plan, group, SPIN_NS);
		assert_share(group, 3, 0.05);
		assert_share(group, 4, 0.10);
		assert_string_equal(plan.cells[3].skipped, "");
		assert_string_equal(plan.cells[4].skipped, "");
	}
}

static void threads_grow_side_by_side_and_each_carries_its_share(void **state)
{
	(void)state;
	for (unsigned int threads = 1; threads <= 8; threads *= 2) {
		struct group *group = plan_fill(threads, CLOCK_WALL, seen);

		pilot_plant(&plan, group, SPIN_NS);
		assert_share(group, 3, 0.05);
		assert_share(group, 4, 0.10);
	}
}

static void the_shortest_loop_is_one_step(void **state)
{
	struct pilot short_one = seen;
	struct group *group;

	(void)state;
	short_one.wall_ns = 0;
	group = plan_fill(1, CLOCK_WALL, short_one);
	pilot_plant(&plan, group, SPIN_NS);
	assert_int_equal(plan.cells[3].planted_iterations, 1);
	assert_int_equal(plan.cells[4].planted_iterations, 1);
}

static void only_the_planted_rows_of_the_group_are_sized(void **state)
{
	static struct plan before;
	struct group *group = plan_fill(1, CLOCK_WALL, seen);

	(void)state;
	before = plan;
	pilot_plant(&plan, group, SPIN_NS);
	for (unsigned int i = 0; i < PLAN_CELLS_MAX; i++)
		if (i != 3 && i != 4)
			assert_memory_equal(&plan.cells[i], &before.cells[i],
					    sizeof(plan.cells[i]));
	assert_memory_equal(plan.groups, before.groups, sizeof(plan.groups));
}

/* Nothing can be planted, in those words; rows and reference run. */
static void assert_not_planted(unsigned int threads, struct pilot pilot,
			       double spin_ns, const char *why)
{
	struct group *group = plan_fill(threads, CLOCK_WALL, pilot);

	pilot_plant(&plan, group, spin_ns);
	for (unsigned int i = 0; i < plan.cells_count; i++) {
		assert_int_equal(plan.cells[i].planted_iterations, 0);
		assert_string_equal(plan.cells[i].skipped,
				    i == 3 || i == 4 ? why : "");
	}
}

static void where_nothing_can_be_planted_the_rows_say_why(void **state)
{
	static const char few[] =
		"the pilot has too few good samples to size it";
	static const char none[] =
		"nothing grows: there is nothing to plant it in";
	static const char loop[] =
		"the loop that it is made of was not calibrated";
	struct pilot pilot = seen;

	(void)state;
	pilot.samples = 2;
	assert_not_planted(1, pilot, SPIN_NS, few);
	pilot.samples = 0;
	assert_not_planted(1, pilot, SPIN_NS, few);
	pilot = seen;
	pilot.growths = 0;
	assert_not_planted(1, pilot, SPIN_NS, none);
	pilot.growths = 3; /* one thread of four would have nothing to carry */
	assert_not_planted(4, pilot, SPIN_NS, none);
	assert_not_planted(1, seen, 0, loop);
	assert_not_planted(1, seen, -1, loop);
	assert_not_planted(1, seen, NAN, loop);
}

static void three_samples_are_enough_to_plant(void **state)
{
	struct pilot pilot = seen;
	struct group *group;

	(void)state;
	pilot.samples = 3;
	pilot.growths = 4;
	group = plan_fill(4, CLOCK_WALL, pilot);
	pilot_plant(&plan, group, SPIN_NS);
	assert_share(group, 3, 0.05);
	assert_share(group, 4, 0.10);
}

static void a_pilot_is_wanted_until_one_has_decided(void **state)
{
	static struct group group;

	(void)state;
	group.estimate.threads = 1;
	assert_true(pilot_wanted(&group));
	/* Also without a good sample: a second one would be another run's. */
	pilot_decide(&(struct pilot_times){0}, &group);
	assert_false(pilot_wanted(&group));
	memset(&group, 0, sizeof(group));
	strcpy(group.skipped, "the system's THP mode is never");
	assert_false(pilot_wanted(&group));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_cpu_time_is_taken_where_the_wall_is_noisier),
		cmocka_unit_test(the_wall_wins_ties),
		cmocka_unit_test(
			several_threads_are_always_compared_by_the_wall),
		cmocka_unit_test(
			waiting_for_a_schedule_is_no_time_to_compare_by),
		cmocka_unit_test(fewer_than_three_good_samples_decide_nothing),
		cmocka_unit_test(a_cpu_time_that_was_not_measured_is_no_clock),
		cmocka_unit_test(the_reason_says_what_was_seen),
		cmocka_unit_test(what_was_seen_is_kept),
		cmocka_unit_test(noise_is_between_neighbours_and_no_drift),
		cmocka_unit_test(one_outlier_is_not_noise),
		cmocka_unit_test(a_planted_loop_is_so_much_of_the_groups_clock),
		cmocka_unit_test(
			threads_grow_side_by_side_and_each_carries_its_share),
		cmocka_unit_test(the_shortest_loop_is_one_step),
		cmocka_unit_test(only_the_planted_rows_of_the_group_are_sized),
		cmocka_unit_test(where_nothing_can_be_planted_the_rows_say_why),
		cmocka_unit_test(three_samples_are_enough_to_plant),
		cmocka_unit_test(a_pilot_is_wanted_until_one_has_decided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
