/* selftest_lines - many simulated runs of a kind, and what they show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/selftest.h"

/* Over the runs of one line. */
struct line {
	unsigned int runs;
	unsigned int alarms; /* a row FASTER or SLOWER */
	unsigned int same; /* a row SAME */
	unsigned int hold;
	unsigned int apart;
	unsigned int at_rounds[SIMULATE_ROUNDS_MAX + 1];
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
		line.hold += told.hold;
		line.apart += told.apart;
		line.at_rounds[told.rounds]++;
	}
	return line;
}

/* Of the rounds at which the runs ended, the one below which share of them. */
static unsigned int rounds_at(const struct line *line, double share)
{
	unsigned int rounds = 0, below = line->at_rounds[0];

	while (below <= share * line->runs && rounds < SIMULATE_ROUNDS_MAX)
		below += line->at_rounds[++rounds];
	return rounds;
}

/* "48 (38-60)"; returned. */
#define ROUNDS_TEXT_SIZE 48
static char *rounds_text(const struct line *line, char *text)
{
	snprintf(text, ROUNDS_TEXT_SIZE, "%u (%u-%u)", rounds_at(line, 0.5),
		 rounds_at(line, 0.1), rounds_at(line, 0.9));
	return text;
}

static bool holds(const struct line *line)
{
	return share_at_least(line->hold, line->runs, 1 - VERDICT_ALPHA);
}

static unsigned int line_same(enum noise noise, unsigned int rows,
			      unsigned int runs, struct random *random)
{
	struct scenario scenario = {.noise = noise, .rows = rows, .ratio = 1};
	struct line line = line_run(&scenario, runs, random);
	bool good =
		share_at_most(line.alarms, runs, VERDICT_ALPHA) && holds(&line);
	char alarms[SHARE_TEXT_SIZE], hold[SHARE_TEXT_SIZE],
		apart[SHARE_TEXT_SIZE], rounds[ROUNDS_TEXT_SIZE];

	printf("%-14s %4u  %-16s %-19s %3.0f %%  %-12s %-17s %s\n",
	       noise_names[noise], rows, share_text(line.alarms, runs, alarms),
	       share_text(line.hold, runs, hold), 100.0 * line.same / runs,
	       rounds_text(&line, rounds), share_text(line.apart, runs, apart),
	       good ? "pass" : "FAIL");
	return !good;
}

unsigned int lines_same(unsigned int runs, uint64_t seed)
{
	struct random random = {random_mix(seed + 1)};
	unsigned int failed = 0;

	printf("\nSimulated, true ratio 1: %u runs a line. FASTER or SLOWER for "
	       "any row is a false alarm: at most\n%.0f %% of runs. The "
	       "intervals of all rows hold the true ratio in at least %.0f %% "
	       "of runs.\n",
	       runs, 100 * VERDICT_ALPHA, 100 * (1 - VERDICT_ALPHA));
	printf("%-14s %4s  %-16s %-19s %5s  %-12s %s\n", "noise", "rows",
	       "false alarms", "intervals hold", "SAME", "rounds",
	       "A-then-B alarms");
	for (int noise = 0; noise < NOISE_COUNT; noise++)
		for (unsigned int rows = 1; rows <= 4; rows += 3)
			failed += line_same((enum noise)noise, rows, runs,
					    &random);
	return failed;
}

static unsigned int line_margin(enum noise noise, double margin,
				unsigned int runs, struct random *random)
{
	struct scenario scenario = {.noise = noise,
				    .rows = 1,
				    .ratio = 1 + margin,
				    .margin = margin};
	struct line line = line_run(&scenario, runs, random);
	bool good =
		share_at_most(line.same, runs, VERDICT_ALPHA) && holds(&line);
	char same[SHARE_TEXT_SIZE], hold[SHARE_TEXT_SIZE],
		rounds[ROUNDS_TEXT_SIZE];

	printf("%-14s %4.0f %% %-16s %-19s %3.0f %%  %-12s %3.0f %%%12s %s\n",
	       noise_names[noise], 100 * margin,
	       share_text(line.same, runs, same),
	       share_text(line.hold, runs, hold), 100.0 * line.alarms / runs,
	       rounds_text(&line, rounds), 100 - 100.0 * line.apart / runs, "",
	       good ? "pass" : "FAIL");
	return !good;
}

unsigned int lines_margin(unsigned int runs, uint64_t seed)
{
	struct random random = {random_mix(seed + 2)};
	unsigned int failed = 0;

	printf("\nSimulated, true ratio at the margin: %u runs a line. SAME is "
	       "false: at most %.0f %% of runs.\n",
	       runs, 100 * VERDICT_ALPHA);
	printf("%-14s %6s %-16s %-19s %5s  %-12s %s\n", "noise", "margin",
	       "false SAME", "interval holds", "apart", "rounds",
	       "A-then-B misses");
	for (int noise = 0; noise < NOISE_COUNT; noise++)
		for (unsigned int i = 0; i < 2; i++)
			failed += line_margin((enum noise)noise,
					      i == 0 ? 0.02 : 0.05, runs,
					      &random);
	return failed;
}

static unsigned int line_stopping(enum noise noise, enum stopping stopping,
				  unsigned int runs, struct random *random)
{
	struct scenario scenario = {
		.noise = noise, .stopping = stopping, .rows = 1, .ratio = 1};
	struct line line = line_run(&scenario, runs, random);
	bool real = stopping == STOPPING_REAL;
	char missed[SHARE_TEXT_SIZE], rounds[ROUNDS_TEXT_SIZE];

	printf("%-14s %-42s %-16s %-12s %s\n", noise_names[noise],
	       real ? "as it does: few looks, and the spread"
		    : "each round, by the interval alone",
	       share_text(runs - line.hold, runs, missed),
	       rounds_text(&line, rounds),
	       !real	      ? "(not done)"
	       : holds(&line) ? "pass"
			      : "FAIL");
	return real && !holds(&line);
}

unsigned int lines_stopping(unsigned int runs, uint64_t seed)
{
	struct random random = {random_mix(seed + 3)};
	unsigned int failed = 0;

	printf("\nWhy a run looks seldom: how often the interval misses the "
	       "true ratio, by when the run ends.\n");
	printf("%-14s %-42s %-16s %s\n", "noise", "a run ends", "misses",
	       "rounds");
	for (int noise = 0; noise < NOISE_COUNT; noise++)
		for (int stopping = STOPPING_REAL;
		     stopping <= STOPPING_EACH_ROUND; stopping++)
			failed += line_stopping((enum noise)noise,
						(enum stopping)stopping, runs,
						&random);
	return failed;
}
