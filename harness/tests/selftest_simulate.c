/* selftest_simulate - a run on a machine that is made up, to its verdicts. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "driver/cells.h"
#include "driver/plan.h"
#include "driver/stats_rank.h"
#include "driver/timings.h"
#include "tests/selftest.h"

#define STANDARD 3 /* reference, twin, planted: before the rows */
#define ROWS_MAX 4
#define CELLS (STANDARD + ROWS_MAX)

/* The run as it would be read from its file. */
struct simulated {
	struct plan plan;
	struct timings timings;
	struct synthetic machine;
	double ratios[CELLS];
	struct results_file file;
	struct results_group group;
	struct results_cell cells[CELLS];
	struct results_sample samples[CELLS][SIMULATE_ROUNDS_MAX];
};

static void plan_fill(struct simulated *run, const struct scenario *scenario,
		      uint64_t seed)
{
	static const enum cell_role standard[STANDARD] = {
		ROLE_REFERENCE, ROLE_TWIN, ROLE_PLANTED};
	struct plan *plan = &run->plan;

	plan->seed = seed >> 1;
	plan->precision = scenario->precision;
	plan->margin = scenario->margin;
	plan->groups_count = 1;
	plan->cells_count = STANDARD + scenario->rows;
	plan->groups[0].count = plan->cells_count;
	for (unsigned int i = 0; i < plan->cells_count; i++) {
		plan->cells[i].role = i < STANDARD ? standard[i] : ROLE_ROW;
		run->ratios[i] = i < STANDARD ? 1 : scenario->ratio;
	}
	plan->cells[STANDARD - 1].planted_percent = CELLS_PLANTED_PERCENT;
	run->ratios[STANDARD - 1] = 1 + CELLS_PLANTED_PERCENT / 100.0;
}

static void file_fill(struct simulated *run)
{
	run->file.margin = run->plan.margin;
	run->file.repeat = 1;
	run->file.groups_count = 1;
	run->file.groups = &run->group;
	run->file.cells_count = run->plan.cells_count;
	run->file.cells = run->cells;
	run->group.threads = 1;
	for (unsigned int i = 0; i < run->plan.cells_count; i++) {
		const struct cell *cell = &run->plan.cells[i];

		run->cells[i] = (struct results_cell){
			.file = &run->file,
			.group = &run->group,
			.index = i,
			.role = cell->role,
			.allocator = "",
			.planted_percent = cell->planted_percent,
			.samples = run->samples[i],
		};
	}
}

static void sample_add(struct simulated *run, unsigned int cell,
		       unsigned int round, unsigned int slot)
{
	double ns = synthetic_ns(&run->machine, slot) * run->ratios[cell];
	struct results_sample *sample = &run->samples[cell][round];

	sample->round = round;
	sample->pass = PASS_TIMING;
	sample->valid = true;
	for (unsigned int i = 0; i < FIGURE_COUNT; i++)
		sample->values[i] = FIGURE_ABSENT;
	sample->values[FIGURE_WALL_NS] = (int64_t)ns;
	run->cells[cell].samples_count = round + 1;
	if (timings_note(&run->timings, cell, round, (uint64_t)ns) != 0)
		selftest_die("simulating", "no memory");
}

/* As narrow as the interval of a first row is, looked at alone. */
static double naive_width(const struct simulated *run, unsigned int rounds)
{
	const double *reference = run->timings.ns[0];
	const double *row = run->timings.ns[STANDARD];
	double scratch[SIMULATE_ROUNDS_MAX];
	struct interval interval;
	size_t pairs;

	stats_paired_ratio(row, reference, rounds, verdict_level(1), scratch,
			   &interval, &pairs);
	return interval.level > 0 ? sqrt(interval.high / interval.low) - 1
				  : INFINITY;
}

static bool ends(const struct simulated *run, const struct scenario *scenario,
		 unsigned int rounds)
{
	if (rounds == scenario->rounds_max)
		return true;
	if (scenario->stopping == STOPPING_EACH_ROUND)
		return rounds >= VERDICT_PAIRS_MIN &&
		       naive_width(run, rounds) <= run->plan.precision;
	/* No other width counts, and each takes a while. */
	return timings_is_look(rounds) &&
	       timings_is_precise(timings_width(&run->timings, &run->plan),
				  rounds, run->plan.precision);
}

static unsigned int rounds_run(struct simulated *run,
			       const struct scenario *scenario)
{
	static unsigned int order[PLAN_CELLS_MAX];
	unsigned int slot = 0, rounds = 0;

	do {
		unsigned int count = plan_order(&run->plan, rounds, order);

		for (unsigned int i = 0; i < count; i++)
			sample_add(run, order[i], rounds, slot++);
		rounds++;
	} while (!ends(run, scenario, rounds));
	return rounds;
}

static void verdicts_read(const struct simulated *run,
			  const struct scenario *scenario,
			  struct simulated_run *told)
{
	struct table table;

	if (table_compute(&run->file, &table) != 0)
		selftest_die("simulating", "no memory");
	told->hold = true;
	for (unsigned int i = 0; i < table.groups[0].rows_count; i++) {
		const struct table_row *row = &table.groups[0].rows[i];
		const struct interval *interval = &row->ratio.interval;

		if (!row->judged)
			continue;
		told->verdicts[row->verdict]++;
		told->hold = told->hold && interval->low <= scenario->ratio &&
			     interval->high >= scenario->ratio;
	}
	table_free(&table);
}

double simulate_rank_p(const double *a, size_t a_count, const double *b,
		       size_t b_count)
{
	struct rank_test test;
	int error = stats_rank_test(a, a_count, b, b_count, &test);

	if (error == -ENOMEM)
		selftest_die("Mann-Whitney", "no memory");
	return error ? 1 : test.p;
}

/* So many samples of one allocator, spread evenly over one part of the run. */
static void part_fill(struct simulated *run, unsigned int part, double ratio,
		      unsigned int rounds, unsigned int parts, double *ns)
{
	unsigned int slots = rounds * run->plan.cells_count;

	for (unsigned int i = 0; i < rounds; i++)
		ns[i] = ratio * synthetic_ns(&run->machine,
					     (part * rounds + i) * slots /
						     (parts * rounds));
}

static bool apart(struct simulated *run, const struct scenario *scenario,
		  unsigned int rounds)
{
	double a[SIMULATE_ROUNDS_MAX], b[SIMULATE_ROUNDS_MAX];
	unsigned int parts = 1 + scenario->rows;
	bool any = false;

	part_fill(run, 0, 1, rounds, parts, a);
	for (unsigned int i = 1; i < parts; i++) {
		part_fill(run, i, scenario->ratio, rounds, parts, b);
		any |= simulate_rank_p(a, rounds, b, rounds) <
		       1 - verdict_level(scenario->rows);
	}
	return any;
}

void simulate(const struct scenario *scenario, uint64_t seed,
	      struct simulated_run *told)
{
	static struct simulated run;

	memset(told, 0, sizeof(*told));
	plan_fill(&run, scenario, seed);
	file_fill(&run);
	synthetic_start(&run.machine, scenario->noise, random_mix(seed),
			scenario->rounds_max * run.plan.cells_count);
	told->rounds = rounds_run(&run, scenario);
	verdicts_read(&run, scenario, told);
	told->apart = apart(&run, scenario, told->rounds);
	timings_free(&run.timings);
}
