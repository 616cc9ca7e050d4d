/* selftest_power - what is planted is found, by the number of rounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/selftest.h"

#define RUNS 5
#define ROUNDS 240 /* of each */
#define DRAWS 1000 /* stretches of neighbouring rounds */

static const struct real_cell cells[] = {{ROLE_TWIN, 0},
					 {ROLE_PLANTED, 2},
					 {ROLE_PLANTED, 5},
					 {ROLE_PLANTED, 10}};

#define CELLS (sizeof(cells) / sizeof(cells[0]))

static const unsigned int lengths[] = {12, 15, 24, 31, 60, 100};

/* The rounds of one run in which all cells have a time, by one clock. */
struct stretch {
	size_t count;
	double reference[ROUNDS];
	double ns[CELLS][ROUNDS];
};

/* How often something was seen in the draws, by cell. */
struct found {
	unsigned int paired[CELLS];
	unsigned int then[CELLS]; /* A then B */
};

static double time_of(const struct results_cell *cell, unsigned int round,
		      enum figure_index clock)
{
	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (sample->pass == PASS_TIMING && sample->round == round &&
		    sample->valid && sample->values[clock] > 0)
			return (double)sample->values[clock];
	}
	return NAN;
}

static void stretch_fill(struct stretch *stretch,
			 const struct results_file *file,
			 enum figure_index clock)
{
	stretch->count = 0;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		size_t at = stretch->count;
		bool whole;

		stretch->reference[at] = time_of(&file->cells[0], round, clock);
		whole = !isnan(stretch->reference[at]);
		for (size_t i = 0; i < CELLS; i++) {
			stretch->ns[i][at] =
				time_of(&file->cells[i + 1], round, clock);
			whole = whole && !isnan(stretch->ns[i][at]);
		}
		stretch->count += whole;
	}
}

/* By the verdicts' own interval: slower; for the twin, either. */
static bool paired_finds(const struct stretch *stretch, size_t cell,
			 size_t first, unsigned int length)
{
	double scratch[ROUNDS];
	struct interval interval;
	enum verdict verdict;
	size_t pairs;

	stats_paired_ratio(stretch->ns[cell] + first,
			   stretch->reference + first, length, verdict_level(1),
			   scratch, &interval, &pairs);
	verdict = verdict_of(&interval, pairs, 0);
	return verdict == VERDICT_SLOWER ||
	       (cells[cell].role == ROLE_TWIN && verdict == VERDICT_FASTER);
}

/* As many of each: the reference, and then the cell in the rounds after. */
static bool then_finds(const struct stretch *stretch, size_t cell, size_t first,
		       unsigned int length)
{
	const double *a = stretch->reference + first;
	const double *b = stretch->ns[cell] + first + length;
	double a_sorted[ROUNDS], b_sorted[ROUNDS];

	if (simulate_rank_p(a, length, b, length) >= VERDICT_ALPHA)
		return false;
	for (unsigned int i = 0; i < length; i++) {
		a_sorted[i] = a[i];
		b_sorted[i] = b[i];
	}
	stats_sort(a_sorted, length);
	stats_sort(b_sorted, length);
	return cells[cell].role == ROLE_TWIN ||
	       stats_median(b_sorted, length) > stats_median(a_sorted, length);
}

static struct found draws(const struct stretch stretches[RUNS],
			  unsigned int length, struct random *random)
{
	struct found found = {0};

	for (unsigned int draw = 0; draw < DRAWS; draw++) {
		const struct stretch *stretch =
			&stretches[random_below(random, RUNS)];
		size_t first;

		if (stretch->count < 2 * (size_t)length)
			selftest_die("power", "too few good samples");
		first = random_below(random,
				     stretch->count - 2 * (size_t)length + 1);
		for (size_t i = 0; i < CELLS; i++) {
			found.paired[i] +=
				paired_finds(stretch, i, first, length);
			found.then[i] += then_finds(stretch, i, first, length);
		}
	}
	return found;
}

static void print_shares(const unsigned int hits[CELLS])
{
	for (size_t i = 0; i < CELLS; i++)
		printf(" %6.1f", 100.0 * hits[i] / DRAWS);
}

/* What was planted, as it came out over all rounds of all runs. */
static void print_measured(const struct stretch stretches[RUNS])
{
	static double a[RUNS * ROUNDS], b[RUNS * ROUNDS], c[RUNS * ROUNDS];

	for (size_t i = 1; i < CELLS; i++) {
		struct interval interval;
		size_t count = 0, pairs;
		double median;

		for (unsigned int run = 0; run < RUNS; run++) {
			const struct stretch *from = &stretches[run];

			for (size_t j = 0; j < from->count; j++) {
				a[count] = from->ns[i][j];
				b[count++] = from->reference[j];
			}
		}
		median = stats_paired_ratio(a, b, count, verdict_level(1), c,
					    &interval, &pairs);
		printf("%s%.3f (%.3f-%.3f)", i > 1 ? ", " : " ", median,
		       interval.low, interval.high);
	}
}

static void clock_show(const char *name, const struct stretch stretches[RUNS],
		       struct random *random)
{
	printf("\nBy %s; over all rounds", name);
	print_measured(stretches);
	printf("\n%-16s  %-27s   %s\n%-6s %9s ", "", "paired", "A then B",
	       "rounds", "disjoint");
	for (int side = 0; side < 2; side++)
		printf(" %6s %6s %6s %6s%s", "false", "+2 %", "+5 %", "+10 %",
		       side ? "\n" : "  ");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct found found = draws(stretches, lengths[i], random);

		printf("%6u %9u ", lengths[i], RUNS * (ROUNDS / lengths[i]));
		print_shares(found.paired);
		printf("  ");
		print_shares(found.then);
		putchar('\n');
	}
}

void power_show(const struct real *real)
{
	static struct stretch wall[RUNS], cpu[RUNS];
	struct random random = {random_mix(real->seed + 4)};

	printf("\nReal, planted in the reference\n"
	       "How often, in %%, so many rounds find +2, +5 and +10 %%, and how "
	       "often they tell the reference from\n"
	       "itself: %d stretches of neighbouring rounds of %d runs of %d. "
	       "They overlap: where few are\n"
	       "disjoint, shares are rough. A then B: the reference in a "
	       "stretch, the other in the one after it.\n",
	       DRAWS, RUNS, ROUNDS);
	for (unsigned int run = 0; run < RUNS; run++) {
		struct results results = {0};
		char name[32];

		snprintf(name, sizeof(name), "power-%u", run);
		run_real(real, name, cells, CELLS, ROUNDS, 0,
			 random_next(&random), &results);
		stretch_fill(&wall[run], results.files[0], FIGURE_WALL_NS);
		stretch_fill(&cpu[run], results.files[0], FIGURE_CPU_NS);
		results_free(&results);
	}
	clock_show("wall time", wall, &random);
	clock_show("CPU time", cpu, &random);
}
