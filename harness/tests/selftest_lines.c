/* selftest_lines - many simulated runs of a kind, and what they show. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/selftest.h"

#define BUDGET_SHORT 24 /* rounds */
#define BUDGET_LONG SIMULATE_ROUNDS_MAX

/* What is asked for: reached in the midst of the rounds there is time for. */
static const double precisions[NOISE_COUNT] = {
	[NOISE_NORMAL] = 0.015,	   [NOISE_SKEWED] = 0.02,
	[NOISE_HEAVY] = 0.02,	   [NOISE_STATES] = 0.05,
	[NOISE_CORRELATED] = 0.02, [NOISE_FLICKERING] = 0.04,
	[NOISE_DRIFTING] = 0.015,
};

/* Over the runs of one line. */
struct line {
	unsigned int runs;
	unsigned int alarms; /* a row FASTER or SLOWER */
	unsigned int same; /* a row SAME */
	unsigned int missed; /* an interval does not hold the true ratio */
	unsigned int apart;
	unsigned int ended_at[SIMULATE_ROUNDS_MAX + 1];
};

static struct line line_run(const struct scenario *scenario, unsigned int runs,
			    struct random *random)
{
	struct line line = {.runs = runs};
	struct simulated_run told;

	for (unsigned int i = 0; i < runs; i++) {
		simulate(scenario, random_next(random), &told);
		line.alarms += told.verdicts[VERDICT_FASTER] +
				       told.verdicts[VERDICT_SLOWER] >
			       0;
		line.same += told.verdicts[VERDICT_SAME] > 0;
		line.missed += !told.hold;
		line.apart += told.apart;
		line.ended_at[told.rounds]++;
	}
	return line;
}

/* The middle run's. */
static unsigned int rounds_of(const struct line *line)
{
	unsigned int rounds = 0, below = line->ended_at[0];

	while (2 * below < line->runs)
		below += line->ended_at[++rounds];
	return rounds;
}

static const char *verdict_on(bool good)
{
	return good ? "pass" : "FAIL";
}

/* "normal, +-1.5 %" */
static void print_noise(enum noise noise)
{
	char text[32];

	snprintf(text, sizeof(text), "%s, +-%g %%", noise_names[noise],
		 100 * precisions[noise]);
	printf("%-21s ", text);
}

static unsigned int line_same(enum noise noise, unsigned int rows,
			      unsigned int rounds_max, unsigned int runs,
			      struct random *random)
{
	struct scenario scenario = {.noise = noise,
				    .rows = rows,
				    .ratio = 1,
				    .precision = precisions[noise],
				    .rounds_max = rounds_max};
	struct line line = line_run(&scenario, runs, random);
	bool good = share_at_most(line.alarms, runs, VERDICT_ALPHA) &&
		    share_at_most(line.missed, runs, VERDICT_ALPHA);
	char alarms[SHARE_TEXT_SIZE], missed[SHARE_TEXT_SIZE],
		apart[SHARE_TEXT_SIZE];

	print_noise(noise);
	printf("%4u %6u %6u  %-14s %-14s %4.0f  %-17s %s\n", rows, rounds_max,
	       rounds_of(&line), share_text(line.alarms, runs, alarms),
	       share_text(line.missed, runs, missed), 100.0 * line.same / runs,
	       share_text(line.apart, runs, apart), verdict_on(good));
	return !good;
}

unsigned int lines_same(unsigned int runs, uint64_t seed)
{
	struct random random = {random_mix(seed + 1)};
	unsigned int failed = 0;

	printf("\nSimulated, all alike\n"
	       "%u runs a line. False: FASTER or SLOWER for any row. Missed: "
	       "the interval of any row does not\n"
	       "hold 1. Each must be at most %.0f %% of runs. A then B: "
	       "Mann-Whitney tells any row apart at %.0f %%.\n\n",
	       runs, 100 * VERDICT_ALPHA, 100 * VERDICT_ALPHA);
	printf("%-21s %4s %6s %6s  %-14s %-14s %4s  %s\n", "noise, precision",
	       "rows", "budget", "rounds", "false, %", "missed, %", "SAME",
	       "A then B: false, %");
	for (int noise = 0; noise < NOISE_COUNT; noise++) {
		for (unsigned int rows = 1; rows <= 4; rows += 3) {
			failed += line_same((enum noise)noise, rows,
					    BUDGET_SHORT, runs, &random);
			failed += line_same((enum noise)noise, rows,
					    BUDGET_LONG, runs, &random);
		}
	}
	return failed;
}

static unsigned int line_margin(enum noise noise, double margin,
				unsigned int runs, struct random *random)
{
	struct scenario scenario = {.noise = noise,
				    .rows = 1,
				    .ratio = 1 + margin,
				    .margin = margin,
				    .precision = precisions[noise],
				    .rounds_max = BUDGET_LONG};
	struct line line = line_run(&scenario, runs, random);
	bool good = share_at_most(line.same, runs, VERDICT_ALPHA) &&
		    share_at_most(line.missed, runs, VERDICT_ALPHA);
	char same[SHARE_TEXT_SIZE], missed[SHARE_TEXT_SIZE],
		blind[SHARE_TEXT_SIZE];

	print_noise(noise);
	printf("%6.0f %% %6u  %-14s %-14s %6.0f  %-18s %s\n", 100 * margin,
	       rounds_of(&line), share_text(line.same, runs, same),
	       share_text(line.missed, runs, missed),
	       100.0 * line.alarms / runs,
	       share_text(runs - line.apart, runs, blind), verdict_on(good));
	return !good;
}

unsigned int lines_margin(unsigned int runs, uint64_t seed)
{
	struct random random = {random_mix(seed + 2)};
	unsigned int failed = 0;

	printf("\nSimulated, slower by exactly the margin\n"
	       "%u runs a line. SAME is false here, SLOWER is right. At most "
	       "%.0f %% of runs may be false.\n\n",
	       runs, 100 * VERDICT_ALPHA);
	printf("%-21s %8s %6s  %-14s %-14s %6s  %s\n", "noise, precision",
	       "margin", "rounds", "false SAME, %", "missed, %", "SLOWER",
	       "A then B: no difference, %");
	for (int noise = 0; noise < NOISE_COUNT; noise++) {
		failed += line_margin((enum noise)noise, 0.02, runs, &random);
		failed += line_margin((enum noise)noise, 0.05, runs, &random);
	}
	return failed;
}

static struct line line_stopping(enum noise noise, enum stopping stopping,
				 unsigned int runs, struct random *random)
{
	struct scenario scenario = {.noise = noise,
				    .stopping = stopping,
				    .rows = 1,
				    .ratio = 1,
				    .precision = precisions[noise],
				    .rounds_max = BUDGET_LONG};

	return line_run(&scenario, runs, random);
}

unsigned int lines_stopping(unsigned int runs, uint64_t seed)
{
	struct random random = {random_mix(seed + 3)};
	char missed[SHARE_TEXT_SIZE], naive_missed[SHARE_TEXT_SIZE];
	unsigned int failed = 0;

	printf("\nSimulated, when a run ends\n"
	       "%u runs a line of one row, budget %u rounds. Naive: looking "
	       "each round, at the interval alone.\n\n",
	       runs, BUDGET_LONG);
	printf("%-21s %6s  %-14s %-5s %12s  %s\n", "noise, precision", "rounds",
	       "missed, %", "", "naive rounds", "missed, %");
	for (int noise = 0; noise < NOISE_COUNT; noise++) {
		struct line line = line_stopping((enum noise)noise,
						 STOPPING_REAL, runs, &random);
		struct line naive = line_stopping(
			(enum noise)noise, STOPPING_EACH_ROUND, runs, &random);
		bool good = share_at_most(line.missed, runs, VERDICT_ALPHA);

		print_noise((enum noise)noise);
		printf("%6u  %-14s %-5s %12u  %s\n", rounds_of(&line),
		       share_text(line.missed, runs, missed), verdict_on(good),
		       rounds_of(&naive),
		       share_text(naive.missed, runs, naive_missed));
		failed += !good;
	}
	return failed;
}
