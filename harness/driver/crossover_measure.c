/* crossover_measure - the runs of a map. */
#include "driver/crossover_measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <regrow/recorder.h>

#include "common/units.h"
#include "driver/cli.h"
#include "driver/crossover_plan.h"
#include "driver/journal.h"
#include "driver/machine.h"
#include "driver/plan_make.h"
#include "driver/present.h"
#include "driver/progress.h"

/* Of the budget; the rest is for the fresh rounds. */
#define COARSE_PERCENT 50
/* Which side of 1 a ratio is on is all that the grid is to tell. */
#define COARSE_PRECISION 0.05
#define FRESH_PRECISION 0.01
/* Below it there is not even time to calibrate and to pilot. */
#define FRESH_NS_MIN 5000000000u
/* A populated copy has all of its destination and its source. */
#define RESIDENT_SIZES 3

struct measurement {
	const struct crossover_options *options;
	struct progress notes;
	uint64_t started_ns;
	uint64_t page_bytes;
	char fresh_path[4096]; /* asked for; "": a standard name */
	struct crossover_trim trim;
	struct run_options *run; /* the one that is made */
};

static void trim(struct plan *plan, void *context)
{
	struct measurement *measurement = context;

	crossover_trim(plan, &measurement->trim);
	measurement->run->rounds_least = measurement->trim.rounds;
}

/* What the memory has room for; 0: not even the smallest. */
static uint64_t largest(const struct measurement *measurement)
{
	const struct crossover_options *options = measurement->options;
	uint64_t limit_bytes = machine_memory_limit_bytes(NULL, 0);
	uint64_t most =
		limit_bytes / 100 * PLAN_MEMORY_PERCENT / RESIDENT_SIZES;
	char to[UNITS_TEXT_SIZE], room[UNITS_TEXT_SIZE];

	if (limit_bytes == 0 || options->to <= most)
		return options->to;
	progress_note((struct progress *)&measurement->notes,
		      "blocks of %s and their copies do not fit the memory: up "
		      "to %s are measured",
		      units_exact_size(options->to, to),
		      units_read_size((double)most, room));
	return most;
}

/* One run over a grid. */
static int grid_run(struct measurement *measurement,
		    const struct crossover_grid *grid, struct run_options *run,
		    char path[4096])
{
	const struct crossover_options *options = measurement->options;
	char *list = crossover_list(grid, options->workload, options->rests,
				    options->rests_count);
	int status;

	path[0] = '\0';
	if (!list)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"no memory to make a plan in");
	measurement->trim.workload = options->workload;
	run->workloads = list;
	run->trim = trim;
	run->trim_context = measurement;
	measurement->run = run;
	status = run_measure(run, path);
	free(list);
	return status;
}

static int coarse_run(struct measurement *measurement, char path[4096])
{
	struct run_options run = measurement->options->run;
	struct crossover_grid grid;
	char from[UNITS_TEXT_SIZE];

	crossover_octaves(measurement->options->from, largest(measurement),
			  &grid);
	if (grid.count == 0)
		return cli_fail(
			STATUS_NOTHING_MEASURED,
			"blocks of %s and their copies do not fit the "
			"memory",
			units_exact_size(measurement->options->from, from));
	/* Without an interval there is nothing to take fresh rounds of. */
	run.overtime_ns = run.budget_ns;
	run.budget_ns = run.budget_ns / 100 * COARSE_PERCENT;
	run.overtime_ns -= run.budget_ns;
	run.precision = COARSE_PRECISION;
	return grid_run(measurement, &grid, &run, path);
}

/* What a round took over what it was thought to take. */
static double slowness(const struct measurement *measurement,
		       const struct results_file *file)
{
	const struct results_pass *timing = &file->passes[PASS_TIMING];
	int64_t since_ns = file->passes[PASS_CHECKING].at_ns;

	if (timing->rounds == 0 || timing->at_ns <= since_ns ||
	    !(measurement->trim.round_ns > 0))
		return 1;
	return (double)(timing->at_ns - since_ns) / (double)timing->rounds /
	       measurement->trim.round_ns;
}

/* All that is wanted; what a group does not want is trimmed from its plan. */
static void wants_unite(const struct crossover_wants *wants,
			struct crossover_grid *grid)
{
	*grid = (struct crossover_grid){0};
	for (unsigned int i = 0; i < wants->count; i++)
		for (unsigned int j = 0; j < wants->list[i].grid.count; j++)
			crossover_grid_add(grid, wants->list[i].grid.sizes[j],
					   0);
}

/* Where the coarse grid crosses; an exit status. */
static int places_find(struct measurement *measurement, const char *path,
		       struct crossover_wants *wants)
{
	struct results results = {0};
	struct crossover_map map;
	char why[CROSSOVER_WHY_MAX] = "";
	int status = present_read(&results, &path, 1);

	if (status)
		return status;
	if (crossover_read(&results, measurement->options->workload, &map, why,
			   sizeof(why)) != 0) {
		status = cli_fail(STATUS_FILE, "%s", why);
	} else {
		crossover_wanted(&map, measurement->page_bytes, wants);
		measurement->trim.slowness =
			slowness(measurement, results.files[0]);
		crossover_free(&map);
	}
	results_free(&results);
	return status;
}

/* Fresh rounds at these places, in the time that is left. */
static int fresh_run(struct measurement *measurement,
		     const struct crossover_wants *wants, char path[4096])
{
	struct run_options run = measurement->options->run;
	uint64_t spent_ns = clock_now_ns() - measurement->started_ns;
	struct crossover_grid grid;

	if (!run.rounds && spent_ns + FRESH_NS_MIN > run.budget_ns) {
		progress_note(&measurement->notes,
			      "the budget has no time left for fresh rounds "
			      "where moving and copying cross: raise --budget");
		return STATUS_DONE;
	}
	if (run.budget_ns > spent_ns)
		run.budget_ns -= spent_ns;
	if (measurement->fresh_path[0])
		run.results = measurement->fresh_path;
	run.precision = FRESH_PRECISION;
	measurement->trim.wants = wants;
	wants_unite(wants, &grid);
	progress_note(&measurement->notes,
		      "fresh rounds at %u sizes where moving and copying cross",
		      grid.count);
	return grid_run(measurement, &grid, &run, path);
}

/* "x.jsonl" to "x-fresh.jsonl", which is not to be there. An exit status. */
static int fresh_name(struct measurement *measurement)
{
	const char *path = measurement->options->run.results;
	size_t length = path ? strlen(path) : 0;
	const char *suffix = "";
	char why[512] = "";

	if (!path)
		return STATUS_DONE;
	if (length > 6 && strcmp(path + length - 6, ".jsonl") == 0) {
		suffix = ".jsonl";
		length -= 6;
	}
	snprintf(measurement->fresh_path, sizeof(measurement->fresh_path),
		 "%.*s-fresh%s", (int)length, path, suffix);
	if (measurement->options->run.dry_run)
		return STATUS_DONE;
	if (journal_check(measurement->fresh_path, why, sizeof(why)) != 0)
		return cli_fail(STATUS_FILE, "%s", why);
	return STATUS_DONE;
}

int crossover_measure(const struct crossover_options *options,
		      struct crossover_files *files)
{
	struct measurement measurement = {
		.options = options,
		.notes = {.quiet = options->run.quiet},
		.started_ns = clock_now_ns(),
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
	};
	struct crossover_wants *wants = calloc(1, sizeof(*wants));
	int status;

	files->count = 0;
	if (!wants)
		return cli_fail(STATUS_NOTHING_MEASURED, "no memory");
	status = fresh_name(&measurement);
	if (!status)
		status = coarse_run(&measurement, files->paths[0]);
	if (files->paths[0][0])
		files->count = 1;
	if (!status && files->count)
		status = places_find(&measurement, files->paths[0], wants);
	if (!status && files->count && wants->count) {
		status = fresh_run(&measurement, wants, files->paths[1]);
		if (files->paths[1][0] && status != STATUS_NOTHING_MEASURED)
			files->count = 2;
	}
	free(wants);
	return status;
}
