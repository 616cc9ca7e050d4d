/* run_resume - a run goes on where its results file ends. */
#include <string.h>

#include "driver/cli.h"
#include "driver/plan_fit.h"
#include "driver/plan_read.h"
#include "driver/record.h"
#include "driver/results.h"
#include "driver/run_parts.h"
#include "driver/version.h"

/*
 * Lines of one format in one file; and a plan that the pilot has decided all
 * of: what was stopped before that has measured nothing.
 */
static int check_plan(struct run *run, const struct results_file *file)
{
	bool decided = true;

	if (json_count(file->run, "format", 0) != RECORD_FORMAT)
		return cli_fail(STATUS_FILE,
				"cannot go on with %s: it has another format "
				"than the %d that this regrow writes (--plan "
				"measures its plan anew)",
				file->path, RECORD_FORMAT);
	for (unsigned int i = 0;
	     i < run->plan.groups_count && !run->plan.counts; i++)
		decided = decided && !pilot_wanted(&run->plan.groups[i]);
	return decided ? STATUS_DONE
		       : cli_fail(STATUS_FILE,
				  "cannot go on with %s: it was stopped in its "
				  "pilot, before the first round; begin anew "
				  "(--plan takes its plan)",
				  file->path);
}

/* The plan as it is in force: a run that was extended stays so. */
static int take_plan(struct run *run, const struct results_file *file)
{
	const struct run_options *options = run->options;
	struct plan *plan = &run->plan;
	char why[512] = "";

	if (plan_read(file->run, plan, why, sizeof(why)) != 0 ||
	    plan_fit_work(plan, why, sizeof(why)) != 0)
		return cli_fail(STATUS_FILE, "cannot go on with %s: %s",
				file->path, why);
	plan_fit_length(plan,
			(unsigned int)json_count(file->resume, "rounds", 0),
			json_count(file->resume, "budget_ns", 0),
			json_number(file->resume, "precision", -1));
	if (run_counts_only(run, file->path))
		return STATUS_USAGE;
	plan_fit_length(plan, options->rounds, options->budget_ns,
			options->precision);
	return check_plan(run, file);
}

/* "2,4": the CPUs of the threads; "": they were not bound. */
static void cpus_text(const struct json *cpus, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < json_size(cpus) && used < size; i++) {
		int64_t cpu = json_own_signed(json_item(cpus, i), -1);

		if (cpu >= 0)
			used += (size_t)snprintf(text + used, size - used,
						 "%s%lld", i > 0 ? "," : "",
						 (long long)cpu);
	}
}

/* Can these CPUs be had? Where they must, run_place() says why not. */
static bool cpus_usable(const char *cpus, unsigned int threads)
{
	struct placement placement;
	char why[192];
	struct topology *topology = topology_open(NULL, why, sizeof(why));
	bool usable = topology && placement_decide(topology, cpus, threads,
						   &placement) == 0;

	topology_close(topology);
	return usable;
}

/* What is not in the plan comes from the file as if it had been typed. */
static int take_options(struct run *run, const struct results_file *file)
{
	static char cpus[4096], counters[COUNTERS_MAX * COUNTER_NAME_MAX];
	struct run_options *options = &run->resume_options;
	const struct json *list = json_get(file->run, "placement.cpus");
	size_t used = 0;

	*options = *run->options;
	options->timeout_ns = json_count(file->run, "timeout_ns", 0);
	options->anonymous = !json_get(file->run, "machine.host");
	cpus_text(list, cpus, sizeof(cpus));
	if (cpus[0] && (!options->force ||
			cpus_usable(cpus, (unsigned int)json_size(list))))
		options->cpus = cpus;
	for (unsigned int i = 0; i < file->counters_count; i++)
		if (used < sizeof(counters))
			used += (size_t)snprintf(counters + used,
						 sizeof(counters) - used,
						 "%s%s", i > 0 ? "," : "",
						 file->counters[i].name);
	options->counters = counters;
	run->options = options;
	return file->counters_count > 0 ? run_count(run) : STATUS_DONE;
}

/* How often in a row a cell has failed until now. */
static unsigned int failures_of(const struct results_cell *cell)
{
	unsigned int failures = 0;
	int64_t ok = -1;

	for (size_t i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].outcome == SAMPLE_OK &&
		    cell->samples[i].sequence > ok)
			ok = cell->samples[i].sequence;
	for (size_t i = 0; i < cell->samples_count; i++)
		failures += cell->samples[i].sequence > ok;
	return failures;
}

/* As if they had just been measured: what the run's end is decided by. */
static int take_timings(struct run *run, const struct results_cell *cell)
{
	unsigned int group = run->plan.cells[cell->index].group;
	enum figure_index figure = run->plan.groups[group].clock == CLOCK_CPU
					   ? FIGURE_CPU_NS
					   : FIGURE_WALL_NS;

	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (sample->pass != PASS_TIMING || !sample->valid ||
		    sample->values[figure] < 0)
			continue;
		if (timings_note(&run->timings, cell->index, sample->round,
				 (uint64_t)sample->values[figure]) != 0)
			return cli_fail(STATUS_NOTHING_MEASURED,
					"no memory to keep the times in");
	}
	return STATUS_DONE;
}

/*
 * Where the run stands. Its clock goes on from the last line, as if it had not
 * been away; a round that was not completed stays as it is and its number is
 * not used again.
 */
static int take_progress(struct run *run, const struct results_file *file)
{
	const struct results_pass *checking = &file->passes[PASS_CHECKING];
	int status = STATUS_DONE;

	for (int i = 0; i < PASS_COUNT; i++) {
		if (file->passes[i].next > PLAN_ROUNDS_MAX)
			return cli_fail(STATUS_FILE,
					"cannot go on with %s: its rounds have "
					"numbers beyond %d",
					file->path, PLAN_ROUNDS_MAX);
		run->next_round[i] = (unsigned int)file->passes[i].next;
	}
	run->rounds = (unsigned int)file->rounds;
	run->checks = (unsigned int)checking->rounds;
	run->sequence = file->sequence;
	run->started_ns = clock_now_ns() - (uint64_t)file->at_ns;
	run->timing_since_ns = run->started_ns + (uint64_t)checking->at_ns;
	for (unsigned int i = 0; i < file->cells_count && !status; i++) {
		run->failures[i] = failures_of(&file->cells[i]);
		run->samples_ok += file->cells[i].outcomes[SAMPLE_OK];
		status = take_timings(run, &file->cells[i]);
	}
	run->width = timings_width(&run->timings, &run->plan);
	run->progress.rounds = run->plan.rounds;
	run->progress.budget_ns = run->plan.budget_ns;
	run->progress.started_ns = run->started_ns;
	run->progress.first_round_ns = run->timing_since_ns;
	run->torn = file->torn;
	return status;
}

/* The same constants as before; measured where they were not yet. */
static int take_calibration(struct run *run, const struct results_file *file)
{
	run->calibrated =
		file->calibration &&
		calibrate_from_json(file->calibration, &run->calibration) == 0;
	return run->calibrated ? STATUS_DONE : run_calibrate(run);
}

/* Whether the file is that of a run that was stopped, or may go on. */
static bool is_left(struct run *run, const struct results_file *file)
{
	return !file->ended || run->checks < run_checks_wanted(run) ||
	       strcmp(file->status, run_status_names[RUN_INTERRUPTED]) == 0 ||
	       run_rounds_left(run);
}

static int take_over(struct run *run, const struct results_file *file)
{
	int status = take_plan(run, file);

	if (!status)
		status = take_options(run, file);
	if (!status)
		status = run_place(run);
	if (!status)
		status = run_changes(run, file);
	if (!status)
		status = take_progress(run, file);
	if (status)
		return status;
	run->nothing_left = !is_left(run, file);
	if (!run->nothing_left)
		return take_calibration(run, file);
	progress_note(&run->progress,
		      "nothing is left to do: %s has all its %u rounds "
		      "(--rounds, --budget or --precision extend it)",
		      file->path, run->plan.counts ? run->checks : run->rounds);
	return STATUS_DONE;
}

int run_resume(struct run *run)
{
	const char *path = run->options->resume;
	struct results results = {0};
	char why[512] = "";
	int status;

	/* Locked first: what is read then stays as it is. */
	if (journal_append(path, &run->journal, why, sizeof(why)) != 0 ||
	    results_read(&results, path, why, sizeof(why)) != 0)
		status = cli_fail(STATUS_FILE, "%s", why);
	else
		status = take_over(run, results.files[0]);
	results_free(&results);
	return status;
}

int run_resume_start(struct run *run)
{
	struct resume_facts facts = {
		.version = version_text(),
		.started = run->started,
		.at_ns = clock_now_ns() - run->started_ns,
		.command = (const char *const *)run->options->argv,
		.command_count = (unsigned int)run->options->argc,
		.binary = run->binary,
		.plan = &run->plan,
		.forced = &run->changes,
	};
	int error = journal_mend(&run->journal, run->torn);
	int status;

	if (error)
		return cli_fail(STATUS_FILE,
				"cannot take the torn last line off %s: %s",
				run->journal.path, strerror(-error));
	status = run_record_line(run, record_resume(&facts));
	if (!status && !run->calibrated)
		status = run_record_calibration(run);
	return status;
}
