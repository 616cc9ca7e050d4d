/*
 * run - one invocation's measurements, from the options to the results file.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/spec.h"
#include "driver/calibrate.h"
#include "driver/cli.h"
#include "driver/counters.h"
#include "driver/journal.h"
#include "driver/machine.h"
#include "driver/placement.h"
#include "driver/plan_make.h"
#include "driver/progress.h"
#include "driver/record.h"
#include "driver/run.h"
#include "driver/spawn.h"
#include "driver/version.h"

#define RESULTS_FOLDER "results"
#define TIMEOUT_NS_MIN 60000000000u
#define TIMEOUT_FACTOR 20 /* of the sample's estimated time */
#define FAILURES_MAX 3 /* in a row; the cell is then left out */

struct run {
	const struct run_options *options;
	struct topology *topology;
	char topology_why[192]; /* where there is none */
	struct placement placement;
	struct calibration calibration;
	struct plan plan;
	struct counters counters;
	struct spawner spawner;
	struct journal journal;
	struct progress progress;
	time_t started;
	uint64_t started_ns;
	uint64_t sequence; /* of the next sample */
	uint64_t samples_ok;
	unsigned int rounds; /* timing rounds completed */
	unsigned int failures[PLAN_CELLS_MAX]; /* in a row */
	bool unbound_said;
};

/* The number of the signal that asked us to stop; 0. */
static volatile sig_atomic_t stop_signal;

static void stop_handle(int number)
{
	stop_signal = number;
}

static const int stop_numbers[] = {SIGINT, SIGTERM, SIGHUP};

#define STOP_NUMBERS (sizeof(stop_numbers) / sizeof(stop_numbers[0]))

static struct sigaction stop_before[STOP_NUMBERS];

static void stop_install(void)
{
	struct sigaction action = {.sa_handler = stop_handle};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < STOP_NUMBERS; i++) {
		sigaction(stop_numbers[i], &action, &stop_before[i]);
		/* Under nohup a run outlives its terminal. */
		if (stop_numbers[i] == SIGHUP &&
		    stop_before[i].sa_handler == SIG_IGN)
			signal(SIGHUP, SIG_IGN);
	}
	/* write(2) then says EFBIG, which ends the run as a full disk does. */
	signal(SIGXFSZ, SIG_IGN);
}

/* The table and the figures can be stopped as any program can. */
static void stop_remove(void)
{
	for (size_t i = 0; i < STOP_NUMBERS; i++)
		sigaction(stop_numbers[i], &stop_before[i], NULL);
}

static uint64_t sample_ns(const struct estimate *estimate, void *context)
{
	return calibrate_estimate_ns(context, estimate);
}

static int run_count(struct run *run)
{
	char why[256] = "";

	if (counters_resolve(run->options->counters, &run->counters, why,
			     sizeof(why)) != 0)
		return cli_fail(STATUS_USAGE, "%s", why);
	return STATUS_DONE;
}

/* Where a sample's first thread will run. */
static int run_calibrate(struct run *run)
{
	char why[256] = "";

	if (calibrate(run->placement.cpus[0], &run->calibration, why,
		      sizeof(why)) != 0)
		return cli_fail(STATUS_NOTHING_MEASURED, "%s", why);
	return STATUS_DONE;
}

/* timed: by the machine's constants; else what was asked for is checked. */
static int run_plan(struct run *run, bool timed)
{
	const struct run_options *options = run->options;
	struct plan_request request = {
		.allocators = options->allocators,
		.workloads = options->workloads,
		.sets = options->sets,
		.sets_count = options->sets_count,
		.thp = options->thp,
		.reference = options->reference,
		.seed = options->seed,
		.rounds = options->rounds,
		.budget_ns = options->budget_ns,
		.memory_limit_bytes = machine_memory_limit_bytes(NULL, 0),
		.sample_ns = timed ? sample_ns : NULL,
		.context = &run->calibration,
	};
	char why[512] = "";
	int error = plan_make(&request, &run->plan, why, sizeof(why));

	if (error == -ENOMEM || error == -ENOTSUP)
		return cli_fail(STATUS_NOTHING_MEASURED, "%s", why);
	if (error)
		return cli_fail(STATUS_USAGE, "%s", why);
	if (why[0])
		progress_note(&run->progress, "%s", why);
	return STATUS_DONE;
}

static unsigned int threads_max(const struct plan *plan)
{
	unsigned int threads = 1;

	for (unsigned int i = 0; i < plan->groups_count; i++)
		if (plan->groups[i].estimate.threads > threads)
			threads = plan->groups[i].estimate.threads;
	return threads;
}

/* Where the samples run; the driver keeps out of their way. */
static int run_place(struct run *run)
{
	unsigned int threads = threads_max(&run->plan);
	struct placement *placement = &run->placement;
	char unbound[256];
	cpu_set_t set;

	run->topology = topology_open(NULL, run->topology_why,
				      sizeof(run->topology_why));
	if (!run->topology && run->options->cpus)
		return cli_fail(STATUS_USAGE,
				"nothing can be bound to the CPUs %s: %s "
				"(leave out --cpus to measure unbound)",
				run->options->cpus, run->topology_why);
	snprintf(unbound, sizeof(unbound), "nothing is bound: %s",
		 run->topology_why);
	if (!run->topology)
		placement_unbound(threads, unbound, placement);
	else if (placement_decide(run->topology, run->options->cpus, threads,
				  placement) != 0)
		return cli_fail(STATUS_USAGE, "%s", placement->note);
	if (placement->note[0])
		progress_note(&run->progress, "%s", placement->note);
	if (placement->driver_cpu < 0)
		return STATUS_DONE;
	CPU_ZERO(&set);
	CPU_SET((size_t)placement->driver_cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		progress_note(&run->progress,
			      "the driver cannot be bound to CPU %d: %s",
			      placement->driver_cpu, strerror(errno));
	return STATUS_DONE;
}

static int write_line(struct run *run, struct json *line)
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

static int journal_open(struct run *run)
{
	const struct run_options *options = run->options;
	char why[512] = "";
	int error;

	if (options->results)
		error = journal_create(options->results, &run->journal, why,
				       sizeof(why));
	else
		error = journal_create_named(RESULTS_FOLDER, run->started,
					     options->allocators, &run->journal,
					     why, sizeof(why));
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

/* The first two lines: nothing has been measured yet. */
static int run_record_start(struct run *run)
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
	};
	struct json *machine = json_new_object();
	struct json *calibration = json_new_object();
	int status;

	mechanisms_fill(&run->plan, mechanisms);
	machine_facts(machine, options->anonymous, run->topology);
	status = write_line(run, record_run(&facts, machine));
	if (status) {
		json_free(calibration);
		return status;
	}
	json_add_text(calibration, "type", "calibration");
	calibrate_to_json(&run->calibration, calibration);
	return write_line(run, calibration);
}

static uint64_t timeout_ns(const struct run *run, const struct group *group)
{
	uint64_t estimate_ns =
		calibrate_estimate_ns(&run->calibration, &group->estimate);

	if (run->options->timeout_ns)
		return run->options->timeout_ns;
	if (estimate_ns > TIMEOUT_NS_MIN / TIMEOUT_FACTOR)
		return estimate_ns * TIMEOUT_FACTOR;
	return TIMEOUT_NS_MIN;
}

/* What the layers of an allocator want in the child's environment. */
static int environment_collect(const char *allocator,
			       struct environment *environment)
{
	static struct allocator_spec spec;
	char why[192];
	int error = spec_parse_allocator(allocator, &spec, why, sizeof(why));

	environment->count = 0;
	for (unsigned int i = 0; !error && i < spec.depth; i++)
		if (spec.layers[i].allocator->environment)
			error = spec.layers[i].allocator->environment(
				spec.layers[i].values, environment);
	return error;
}

static void request_fill(struct run *run, unsigned int cell_index,
			 enum pass pass, unsigned int places[COUNTERS_MAX])
{
	const struct cell *cell = &run->plan.cells[cell_index];
	const struct group *group = &run->plan.groups[cell->group];
	struct sample_request *request = &run->spawner.exchange->request;

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), "%s",
		 cell->allocator);
	snprintf(request->workload, sizeof(request->workload), "%s",
		 group->workload);
	request->seed = run->plan.seed;
	request->pass = pass;
	request->thp = group->thp;
	request->threads = group->estimate.threads;
	request->block_bytes_max = group->estimate.block_bytes_max;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] =
			i < request->threads ? run->placement.cpus[i] : -1;
	counters_request(&run->counters, pass, request, places);
}

/* A container may forbid both; the record keeps it, people hear it once. */
static void unbound_say(struct run *run)
{
	const struct sample_answer *answer = &run->spawner.exchange->answer;

	if (run->unbound_said)
		return;
	if (answer->affinity_error)
		progress_note(&run->progress,
			      "the samples cannot be bound to their CPUs (%s): "
			      "they run where the system likes",
			      strerror(answer->affinity_error));
	if (answer->mempolicy_error)
		progress_note(&run->progress,
			      "the samples' memory cannot be bound to its node "
			      "(%s): it comes from where the system likes",
			      strerror(answer->mempolicy_error));
	run->unbound_said = answer->affinity_error || answer->mempolicy_error;
}

/* The outcome of a sample, as it is counted and told. */
static void sample_note(struct run *run, unsigned int cell_index,
			const struct spawn_result *result)
{
	const struct cell *cell = &run->plan.cells[cell_index];
	const char *workload = run->plan.groups[cell->group].workload;

	run->sequence++;
	unbound_say(run);
	if (result->outcome == SAMPLE_OK) {
		run->samples_ok++;
		run->failures[cell_index] = 0;
		return;
	}
	progress_note(&run->progress, "%s on %s: %s", cell->allocator, workload,
		      result->reason);
	if (++run->failures[cell_index] == FAILURES_MAX)
		progress_note(
			&run->progress,
			"%s on %s failed %d times in a row: left out from "
			"here on",
			cell->allocator, workload, FAILURES_MAX);
}

/* One sample, from the request to its line in the file. */
static int run_sample(struct run *run, enum pass pass, unsigned int round,
		      unsigned int cell_index)
{
	const struct cell *cell = &run->plan.cells[cell_index];
	const struct group *group = &run->plan.groups[cell->group];
	struct environment environment;
	struct spawn_setting setting = {
		.nodes_max = run->placement.nodes_max,
		.timeout_ns = timeout_ns(run, group),
		.stop = &stop_signal,
		.environment = &environment,
	};
	struct sample_context context = {
		.sequence = run->sequence,
		.round = round,
		.pass = pass,
		.cell = cell_index,
		.role = cell->role,
		.thp = group->thp,
		.at_ns = clock_now_ns() - run->started_ns,
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
	};
	unsigned int places[COUNTERS_MAX];
	struct spawn_result result;
	int error = environment_collect(cell->allocator, &environment);

	if (error)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"%s: its environment cannot be made: %s",
				cell->allocator, strerror(-error));
	memcpy(setting.node_mask, run->placement.node_mask,
	       sizeof(setting.node_mask));
	request_fill(run, cell_index, pass, places);
	context.counters_count = run->spawner.exchange->request.counters_count;
	progress_sample(&run->progress, pass == PASS_CHECKING, round,
			group->workload, cell->allocator);
	error = spawn_sample(&run->spawner, &setting, &result);
	if (error)
		return cli_fail(
			STATUS_NOTHING_MEASURED, "cannot start a process: %s%s",
			strerror(-error),
			error == -EAGAIN ? " (see ulimit -u, RLIMIT_NPROC)"
					 : "");
	if (result.outcome == SAMPLE_INTERRUPTED)
		return STATUS_DONE;
	sample_note(run, cell_index, &result);
	return write_line(run, record_sample(&context,
					     &run->spawner.exchange->answer,
					     &result, &run->counters, places));
}

/* Every cell once, in the round's order, then down to the disk. */
static int run_round(struct run *run, enum pass pass, unsigned int round)
{
	static unsigned int order[PLAN_CELLS_MAX];
	unsigned int count = plan_order(&run->plan, round, order);
	int status = STATUS_DONE;
	int error;

	for (unsigned int i = 0; i < count && !stop_signal; i++) {
		if (run->failures[order[i]] >= FAILURES_MAX)
			continue;
		status = run_sample(run, pass, round, order[i]);
		if (status)
			return status;
	}
	if (stop_signal)
		return STATUS_DONE;
	status =
		write_line(run, record_round(round, pass,
					     clock_now_ns() - run->started_ns));
	if (status)
		return status;
	error = journal_sync(&run->journal);
	if (error)
		return cli_fail(STATUS_FILE, "cannot write %s to the disk: %s",
				run->journal.path, strerror(-error));
	progress_round(&run->progress, pass == PASS_CHECKING, round + 1);
	return STATUS_DONE;
}

/* Is there time for another round as long as those before? */
static bool budget_left(const struct run *run, uint64_t timing_since_ns)
{
	uint64_t now_ns = clock_now_ns();
	uint64_t round_ns;

	if (run->plan.rounds)
		return run->rounds < run->plan.rounds;
	if (run->rounds == 0)
		return true;
	round_ns = (now_ns - timing_since_ns) / run->rounds;
	return now_ns - run->started_ns + round_ns <= run->plan.budget_ns;
}

static int run_rounds(struct run *run)
{
	int status = run_round(run, PASS_CHECKING, 0);
	uint64_t since_ns = clock_now_ns();

	while (!status && !stop_signal && budget_left(run, since_ns)) {
		status = run_round(run, PASS_TIMING, run->rounds);
		if (!status && !stop_signal)
			run->rounds++;
	}
	return status;
}

/* The last line; what a person should know about how it ended. */
static int run_record_end(struct run *run)
{
	enum run_status ended = stop_signal	   ? RUN_INTERRUPTED
				: run->plan.rounds ? RUN_DONE
						   : RUN_BUDGET;
	int status =
		write_line(run, record_end(ended, run->sequence, run->rounds,
					   clock_now_ns() - run->started_ns));

	if (status)
		return status;
	if (stop_signal) {
		progress_note(&run->progress,
			      "interrupted after %u rounds; %s keeps them",
			      run->rounds, run->journal.path);
		return STATUS_SIGNAL + stop_signal;
	}
	if (run->samples_ok == 0)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"no sample succeeded; %s says why",
				run->journal.path);
	return STATUS_DONE;
}

static int run_execute(struct run *run, char path[4096])
{
	int status;
	int error;

	stop_install();
	error = spawner_open(&run->spawner);
	if (error)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"cannot prepare the samples' processes: %s%s",
				strerror(-error),
				error == -EFBIG ? " (see ulimit -f)" : "");
	status = journal_open(run);
	if (status)
		goto out;
	status = run_record_start(run);
	/* A pipe that was written to is not to be read from. */
	if (!status && run->journal.regular)
		snprintf(path, 4096, "%s", run->journal.path);
	if (!status)
		status = run_rounds(run);
	if (!status)
		status = run_record_end(run);
	error = journal_close(&run->journal);
	if (error && !status)
		status = cli_fail(STATUS_FILE, "cannot close %s: %s",
				  run->journal.path, strerror(-error));
out:
	spawner_close(&run->spawner);
	stop_remove();
	return status;
}

int run_measure(const struct run_options *options, char path[4096])
{
	static struct run run;
	int status;

	run.options = options;
	run.started = time(NULL);
	run.started_ns = clock_now_ns();
	path[0] = '\0';
	progress_start(&run.progress, options->quiet, options->rounds,
		       options->budget_ns);
	/* What was typed is judged before a second is spent on measuring. */
	status = run_count(&run);
	if (!status)
		status = run_plan(&run, false);
	if (!status)
		status = run_place(&run);
	if (!status)
		status = run_calibrate(&run);
	if (!status)
		status = run_plan(&run, true);
	if (!status && options->dry_run)
		plan_describe(&run.plan, stdout);
	else if (!status)
		status = run_execute(&run, path);
	progress_end(&run.progress);
	topology_close(run.topology);
	return status;
}
