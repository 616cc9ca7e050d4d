/* run_record - a run's results file, from its first line to its last. */
#include <stdlib.h>
#include <string.h>

#include "common/spec.h"
#include "driver/cli.h"
#include "driver/machine.h"
#include "driver/record.h"
#include "driver/results.h"
#include "driver/run_parts.h"
#include "driver/table_checks.h"
#include "driver/version.h"

#define RESULTS_FOLDER "results"

int run_record_line(struct run *run, struct json *line)
{
	int error = line ? journal_write(&run->journal, line) : -ENOMEM;

	json_free(line);
	if (error)
		return cli_fail(STATUS_FILE,
				"cannot write to %s: %s; what is there stays "
				"readable",
				run->journal.path, strerror(-error));
	return STATUS_DONE;
}

int run_record_check(struct run *run)
{
	const char *path = run->options->results;
	char why[512] = "";

	if (journal_check(path ? path : RESULTS_FOLDER "/new", why,
			  sizeof(why)) != 0)
		return cli_fail(STATUS_FILE, "%s", why);
	return STATUS_DONE;
}

int run_record_open(struct run *run)
{
	const struct run_options *options = run->options;
	char names[1024], why[512] = "";
	int error;

	run_plan_names(&run->plan, names, sizeof(names));
	if (options->results)
		error = journal_create(options->results, &run->journal, why,
				       sizeof(why));
	else
		error = journal_create_named(
			RESULTS_FOLDER, run->started,
			options->plan ? names : options->allocators,
			&run->journal, why, sizeof(why));
	return error ? cli_fail(STATUS_FILE, "%s", why) : STATUS_DONE;
}

/* What the rows are named after, from their outermost layer. */
static void mechanisms_fill(const struct plan *plan,
			    unsigned int mechanisms[PLAN_CELLS_MAX])
{
	static struct allocator_spec spec;
	char why[192];

	for (unsigned int i = 0; i < plan->cells_count; i++) {
		mechanisms[i] = 0;
		if (spec_parse_allocator(plan->cells[i].allocator, &spec, why,
					 sizeof(why)) == 0)
			mechanisms[i] = spec.layers[0].allocator->mechanism;
	}
}

/* The lines were kept until now; they are given away, or freed. */
static int pilot_write(struct run *run, int status)
{
	for (unsigned int i = 0; i < run->pilot_lines_count; i++)
		if (status)
			json_free(run->pilot_lines[i]);
		else
			status = run_record_line(run, run->pilot_lines[i]);
	run->pilot_lines_count = 0;
	return status;
}

int run_record_start(struct run *run)
{
	static unsigned int mechanisms[PLAN_CELLS_MAX];
	const struct run_options *options = run->options;
	struct run_facts facts = {
		.version = version_text(),
		.started = run->started,
		.label = options->label,
		.command = (const char *const *)options->argv,
		.command_count = (unsigned int)options->argc,
		.plan = &run->plan,
		.mechanisms = mechanisms,
		.placement = &run->placement,
		.counters = &run->counters,
		.unseen = run->watch.unseen,
		.no_shootdowns = run->watch.no_shootdowns,
		.timeout_ns = options->timeout_ns,
		.binary = run->binary,
		.lab = run->lab,
	};
	struct json *machine;
	char why[512] = "";
	int status;

	if (binary_hash(&run->plan, run->binary, why, sizeof(why)) != 0)
		return cli_fail(STATUS_FILE, "%s", why);
	machine = json_new_object();
	mechanisms_fill(&run->plan, mechanisms);
	machine_facts(machine, options->anonymous, run->topology);
	status = run_record_line(run, record_run(&facts, machine));
	if (status || run->lab)
		return pilot_write(run, status);
	return pilot_write(run, run_record_calibration(run));
}

int run_record_calibration(struct run *run)
{
	struct json *calibration = json_new_object();

	json_add_text(calibration, "type", "calibration");
	calibrate_to_json(&run->calibration, calibration);
	return pilot_write(run, run_record_line(run, calibration));
}

int run_record_plan(struct run *run)
{
	static unsigned int mechanisms[PLAN_CELLS_MAX];
	struct json *line;
	char *text = NULL;
	size_t size;

	if (!run->options->plan_json) {
		plan_describe(&run->plan, stdout);
		return STATUS_DONE;
	}
	mechanisms_fill(&run->plan, mechanisms);
	line = record_plan(&run->plan, mechanisms);
	if (line)
		text = json_line(line, &size);
	if (text)
		fputs(text, stdout);
	json_free(line);
	free(text);
	return text ? STATUS_DONE
		    : cli_fail(STATUS_NOTHING_MEASURED,
			       "no memory to print the plan");
}

/*
 * What the run's checks of itself came to, as anybody finds it in the file;
 * not where it went to a pipe, which nobody can read twice.
 */
static void checks_add(const struct run *run, struct json *end)
{
	struct results results = {0};
	char why[512];

	if (!run->journal.regular ||
	    results_read(&results, run->journal.path, why, sizeof(why)) != 0)
		return;
	table_checks_to_end(results.files[0], end);
	results_free(&results);
}

/* The last line; what a person should know about how it ended. */
int run_record_end(struct run *run)
{
	bool fixed = run->plan.rounds || run->plan.counts;
	enum run_status ended = run_stop_signal ? RUN_INTERRUPTED
				: run->precise	? RUN_PRECISION
				: fixed		? RUN_DONE
						: RUN_BUDGET;
	struct json *end = record_end(ended, run->sequence, run->rounds,
				      clock_now_ns() - run->started_ns);
	int status;

	if (end)
		checks_add(run, end);
	status = run_record_line(run, end);
	if (status)
		return status;
	if (run_stop_signal) {
		progress_note(&run->progress,
			      "interrupted after %u rounds; %s keeps them",
			      run->plan.counts ? run->checks : run->rounds,
			      run->journal.path);
		return STATUS_SIGNAL + run_stop_signal;
	}
	if (run->sequence == 0 && plan_why_empty(&run->plan))
		return cli_fail(STATUS_NOTHING_MEASURED,
				"nothing of this can run here: %s",
				plan_why_empty(&run->plan));
	if (run->samples_ok == 0)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"no sample succeeded; %s says why",
				run->journal.path);
	return STATUS_DONE;
}
