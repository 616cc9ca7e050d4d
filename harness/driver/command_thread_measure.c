/* command_thread_measure - the runs of `regrow thread`, one after the other. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <regrow/recorder.h>

#include "driver/cli.h"
#include "driver/command_thread.h"
#include "driver/names.h"
#include "driver/progress.h"
#include "driver/record.h"

bool thread_is_of(const char *claims, const char *id)
{
	return strstr(claims, id) != NULL;
}

struct measurement {
	const struct run_options *options;
	const bool *wanted;
	const char *folder;
	struct progress notes;
	uint64_t started_ns;
	unsigned int measured; /* experiments with a file */
};

static bool is_wanted(const struct measurement *measurement,
		      const struct thread_experiment *experiment)
{
	if (measurement->options->budget_ns < experiment->budget_min_ns)
		return false;
	for (unsigned int i = 0; i < THREAD_CLAIMS; i++)
		if (measurement->wanted[i] &&
		    thread_is_of(experiment->claims, thread_claims[i].id))
			return true;
	return false;
}

/* What is there of a run: to be begun, to be gone on with, whole. */
enum progress_made { PROGRESS_NONE, PROGRESS_BEGUN, PROGRESS_WHOLE };

static int look_at(const char *path, enum progress_made *made)
{
	struct results results = {0};
	char why[512] = "";
	bool interrupted;

	*made = PROGRESS_NONE;
	if (access(path, F_OK) != 0)
		return STATUS_DONE;
	if (results_read(&results, path, why, sizeof(why)) != 0)
		return cli_fail(STATUS_FILE, "%s", why);
	interrupted = results.files[0]->status &&
		      strcmp(results.files[0]->status,
			     run_status_names[RUN_INTERRUPTED]) == 0;
	*made = results.files[0]->ended && !interrupted ? PROGRESS_WHOLE
							: PROGRESS_BEGUN;
	results_free(&results);
	return STATUS_DONE;
}

static void options_fill(const struct thread_experiment *experiment,
			 struct run_options *run)
{
	run->allocators = experiment->allocators;
	run->workloads = experiment->workloads;
	run->reference = experiment->reference;
	run->thp = experiment->thp;
	run->layout = experiment->layout;
	run->counts = experiment->counts;
	run->sets_count = 0;
	while (run->sets_count < THREAD_SETS_MAX &&
	       experiment->sets[run->sets_count]) {
		run->sets[run->sets_count] = experiment->sets[run->sets_count];
		run->sets_count++;
	}
	if (run->counts)
		run->precision = 0;
}

/* A run is not begun for less than that part of its part of the whole budget. */
#define PART_LEAST 4

static uint64_t budget_left(const struct measurement *measurement)
{
	uint64_t spent_ns = clock_now_ns() - measurement->started_ns;
	uint64_t budget_ns = measurement->options->budget_ns;

	return spent_ns < budget_ns ? budget_ns - spent_ns : 0;
}

/* Of the timed runs from a place on; at least 1. */
static unsigned int shares_from(const struct measurement *measurement,
				unsigned int place)
{
	unsigned int shares = 0;

	for (unsigned int i = place; i < thread_experiments_count; i++)
		if (is_wanted(measurement, &thread_experiments[i]))
			shares += thread_experiments[i].share;
	return shares ? shares : 1;
}

/*
 * The part of what is left, left_ns, that a timed run gets. 0: nothing, or too
 * little to be begun for.
 */
static uint64_t budget_of(const struct measurement *measurement,
			  unsigned int place, uint64_t left_ns)
{
	uint64_t of_share_ns = left_ns / shares_from(measurement, place);
	uint64_t whole_ns = measurement->options->budget_ns;

	if (of_share_ns < whole_ns / shares_from(measurement, 0) / PART_LEAST)
		return 0;
	return of_share_ns * thread_experiments[place].share;
}

static int measure_one(struct measurement *measurement, unsigned int place)
{
	const struct thread_experiment *experiment = &thread_experiments[place];
	struct run_options run = *measurement->options;
	char path[4096], written[4096];
	enum progress_made made;
	uint64_t left_ns;
	int status;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s.jsonl",
			     measurement->folder,
			     experiment->name) >= sizeof(path))
		return cli_fail(STATUS_USAGE, "the folder's name is too long");
	status = look_at(path, &made);
	if (status)
		return status;
	if (made == PROGRESS_WHOLE) {
		measurement->measured++;
		return STATUS_DONE;
	}
	run.results = path;
	options_fill(experiment, &run);
	progress_note(&measurement->notes, "%s: %s", experiment->claims,
		      experiment->name);
	left_ns = budget_left(measurement);
	if (!run.counts && budget_of(measurement, place, left_ns) == 0) {
		progress_note(&measurement->notes,
			      "no time is left for %s: --budget (BUDGET=) "
			      "gives more",
			      experiment->name);
		return STATUS_DONE;
	}
	if (!run.counts) {
		run.budget_ns = budget_of(measurement, place, left_ns);
		/* Without an interval the claim is not told. */
		run.rounds_least = experiment->rounds;
		run.overtime_ns = left_ns - run.budget_ns;
		if (run.overtime_ns > run.budget_ns)
			run.overtime_ns = run.budget_ns;
	}
	if (made == PROGRESS_BEGUN) {
		run = (struct run_options){.resume = path,
					   .precision = -1,
					   .quiet = run.quiet,
					   .argc = run.argc,
					   .argv = run.argv};
	}
	status = run_measure(&run, written);
	measurement->measured += written[0] != '\0';
	/* One that cannot run here leaves its claim untold. */
	return status == STATUS_NOTHING_MEASURED ? STATUS_DONE : status;
}

int thread_measure(const struct run_options *options,
		   const bool wanted[THREAD_CLAIMS], const char *folder)
{
	struct measurement measurement = {
		.options = options,
		.wanted = wanted,
		.folder = folder,
		.notes = {.quiet = options->quiet},
		.started_ns = clock_now_ns(),
	};
	int status = STATUS_DONE;

	for (unsigned int i = 0; i < thread_experiments_count && !status; i++)
		if (is_wanted(&measurement, &thread_experiments[i]))
			status = measure_one(&measurement, i);
	if (status || options->dry_run || measurement.measured > 0)
		return status;
	return cli_fail(STATUS_NOTHING_MEASURED,
			"nothing of what the claims need could be measured");
}
