/* selftest_same - real runs of the reference against itself. */
#include <stdio.h>
#include <string.h>

#include "driver/cells.h"
#include "tests/selftest.h"

/* Some of the runs reach it in their budget, some do not. */
#define PRECISION 0.03
#define ROWS 2
#define VALUES_MAX 4096 /* samples of a cell, twice */

static const struct real_cell cells[] = {{ROLE_TWIN, 0},
					 {ROLE_PLANTED, CELLS_PLANTED_PERCENT},
					 {ROLE_ROW, 0},
					 {ROLE_ROW, 0}};

/* By which clock the verdicts of a run are read. */
enum read_by { BY_PILOT, BY_WALL, BY_CPU, READ_BY_COUNT };

static const char *const read_by_names[READ_BY_COUNT] = {"pilot's choice",
							 "wall", "CPU"};

/* Of all runs, by one clock. */
struct same_line {
	unsigned int alarms;
	unsigned int missed;
	unsigned int same;
	unsigned int lowered;
	unsigned int apart; /* Mann-Whitney, the halves of a run */
	unsigned int pairs; /* of runs that followed each other */
	unsigned int pairs_apart;
	size_t before_count;
	double before[VALUES_MAX]; /* the reference's times in the last run */
};

/* Appends the times of the rounds from the first to before the last. */
static size_t values_of(const struct results_cell *cell,
			enum figure_index clock, size_t first, size_t end,
			double *values, size_t count)
{
	static double all[VALUES_MAX];
	static unsigned int rounds[VALUES_MAX];
	size_t found;

	if (cell->samples_count > VALUES_MAX / 2)
		selftest_die("a real run", "more rounds than expected");
	found = results_cell_values(cell, PASS_TIMING, clock, all, rounds);
	for (size_t i = 0; i < found; i++)
		if (rounds[i] >= first && rounds[i] < end)
			values[count++] = all[i];
	return count;
}

/*
 * The same samples as if A had been measured before B: reference and twin in
 * the first half of the rounds against both rows in the second, which is as
 * many of each as the run has rounds.
 */
static bool halves_apart(const struct results_file *file,
			 enum figure_index clock)
{
	static double a[VALUES_MAX], b[VALUES_MAX];
	size_t rounds = file->rounds, a_count = 0, b_count = 0;

	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->role == ROLE_REFERENCE || cell->role == ROLE_TWIN)
			a_count = values_of(cell, clock, 0, rounds / 2, a,
					    a_count);
		if (cell->role == ROLE_ROW)
			b_count = values_of(cell, clock, rounds - rounds / 2,
					    rounds, b, b_count);
	}
	return simulate_rank_p(a, a_count, b, b_count) < VERDICT_ALPHA;
}

/* The reference in this run against the run before, each run used once. */
static void runs_compare(struct same_line *line, unsigned int run,
			 const struct results_file *file,
			 enum figure_index clock)
{
	static double now[VALUES_MAX];
	size_t count =
		values_of(&file->cells[0], clock, 0, file->rounds, now, 0);

	if (run % 2 == 1) {
		line->pairs++;
		line->pairs_apart +=
			simulate_rank_p(line->before, line->before_count, now,
					count) < VERDICT_ALPHA;
	}
	memcpy(line->before, now, count * sizeof(*now));
	line->before_count = count;
}

static void verdicts_count(struct same_line *line, const struct table *table)
{
	bool alarm = false, missed = false, same = false, lowered = false;

	for (unsigned int i = 0; i < table->groups[0].rows_count; i++) {
		const struct table_row *row = &table->groups[0].rows[i];
		const struct interval *interval = &row->ratio.interval;

		if (!row->judged)
			continue;
		alarm |= row->verdict == VERDICT_FASTER ||
			 row->verdict == VERDICT_SLOWER;
		same |= row->verdict == VERDICT_SAME;
		missed |= interval->low > 1 || interval->high < 1;
		lowered |= row->lowered == LOWERED_MISSED;
	}
	line->alarms += alarm;
	line->missed += missed;
	line->same += same;
	line->lowered += lowered;
}

static void run_count(struct same_line *line, unsigned int run,
		      struct results_file *file, enum group_clock clock)
{
	struct table table;

	file->groups[0].clock = clock;
	if (table_compute(file, &table) != 0)
		selftest_die("the verdicts", "no memory");
	verdicts_count(line, &table);
	line->apart += halves_apart(file, table.groups[0].clock);
	runs_compare(line, run, file, table.groups[0].clock);
	table_free(&table);
}

static unsigned int line_print(const struct same_line *line, unsigned int runs,
			       enum read_by by)
{
	char alarms[SHARE_TEXT_SIZE], missed[SHARE_TEXT_SIZE],
		apart[SHARE_TEXT_SIZE], pairs[SHARE_TEXT_SIZE];
	bool good = share_at_most(line->alarms, runs, VERDICT_ALPHA) &&
		    share_at_most(line->missed, runs, VERDICT_ALPHA);
	/* Verdicts are read by the clock that the pilot fixed. */
	bool promised = by == BY_PILOT;

	printf("%-14s %-14s %-14s %4.0f %5.0f  %-17s %-17s %s\n",
	       read_by_names[by], share_text(line->alarms, runs, alarms),
	       share_text(line->missed, runs, missed),
	       100.0 * line->same / runs, 100.0 * line->lowered / runs,
	       share_text(line->apart, runs, apart),
	       share_text(line->pairs_apart, line->pairs, pairs),
	       !promised ? "-"
	       : good	 ? "pass"
			 : "FAIL");
	return promised && !good;
}

static void same_introduce(const struct real *real)
{
	printf("\nReal, the reference against itself\n"
	       "%u runs of `regrow run` with the reference as %d rows, each at "
	       "most %.1f s, precision %.0f %%. Deaf:\n"
	       "the planted +10 %% was not found, so that nothing is said. A "
	       "then B in a run: reference and twin\n"
	       "in the first half of its rounds against the rows in the second. "
	       "Run by run: the reference in a\n"
	       "run against the reference in the next.\n\n",
	       real->runs, ROWS, (double)real->budget_ns / 1e9,
	       100 * PRECISION);
	printf("%-14s %-14s %-14s %4s %5s  %-17s %s\n", "clock", "false, %",
	       "missed, %", "SAME", "deaf", "A then B: false",
	       "run by run: false");
}

unsigned int same_show(const struct real *real)
{
	static struct same_line lines[READ_BY_COUNT];
	unsigned int failed = 0, precise = 0, cpu = 0;
	uint64_t rounds = 0;

	same_introduce(real);
	for (unsigned int run = 0; run < real->runs; run++) {
		struct results results = {0};
		struct results_file *file;
		char name[32];

		snprintf(name, sizeof(name), "same-%u", run);
		run_real(real, name, cells, sizeof(cells) / sizeof(cells[0]), 0,
			 PRECISION, random_mix(real->seed + run), &results);
		file = results.files[0];
		rounds += file->rounds;
		precise +=
			file->status && strcmp(file->status, "precision") == 0;
		cpu += file->groups[0].clock == CLOCK_CPU;
		run_count(&lines[BY_PILOT], run, file, file->groups[0].clock);
		run_count(&lines[BY_WALL], run, file, CLOCK_WALL);
		run_count(&lines[BY_CPU], run, file, CLOCK_CPU);
		results_free(&results);
	}
	for (int by = 0; by < READ_BY_COUNT; by++)
		failed += line_print(&lines[by], real->runs, (enum read_by)by);
	printf("\n%.0f rounds a run; %u of %u ended on precision; the pilot "
	       "chose CPU time in %u\n",
	       (double)rounds / real->runs, precise, real->runs, cpu);
	return failed;
}
