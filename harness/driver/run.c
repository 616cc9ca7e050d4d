/*
 * run - one invocation's measurements, from the options to the results file.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "driver/cli.h"
#include "driver/lab.h"
#include "driver/machine.h"
#include "driver/plan_make.h"
#include "driver/record.h"
#include "driver/run_parts.h"

volatile sig_atomic_t run_stop_signal;

static void stop_handle(int number)
{
	run_stop_signal = number;
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
	const struct run *run = context;
	unsigned int repeat = run->options->repeat;

	return calibrate_estimate_ns(&run->calibration, estimate) *
	       (repeat ? repeat : 1);
}

int run_count(struct run *run)
{
	char why[256] = "";

	if (counters_resolve(run->options->counters, &run->counters, why,
			     sizeof(why)) != 0)
		return cli_fail(STATUS_USAGE, "%s", why);
	return STATUS_DONE;
}

/* UINT64_MAX: some workload does not say. */
static uint64_t block_bytes_max(const struct plan *plan)
{
	uint64_t bytes_max = 0;

	for (unsigned int i = 0; i < plan->groups_count; i++) {
		uint64_t bytes = plan->groups[i].estimate.block_bytes_max;

		if (bytes == 0)
			return UINT64_MAX;
		if (bytes > bytes_max)
			bytes_max = bytes;
	}
	return bytes_max;
}

/* Where a sample's first thread will run. */
int run_calibrate(struct run *run)
{
	char why[256] = "";

	if (run->lab)
		return STATUS_DONE;
	if (calibrate(run->placement.cpus[0], block_bytes_max(&run->plan),
		      &run->calibration, why, sizeof(why)) != 0)
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
		.layout = options->layout,
		.reference = options->reference,
		.seed = options->seed,
		.rounds = options->rounds,
		.repeat = options->repeat,
		.counts = options->counts,
		.sweep = options->sweep,
		.bare = run->lab != NULL,
		.budget_ns = options->budget_ns,
		.precision = options->precision,
		.margin = options->margin,
		.settle_ns = options->settle_ns,
		.memory_limit_bytes = machine_memory_limit_bytes(NULL, 0),
		.sample_ns = timed && !run->lab ? sample_ns : NULL,
		.context = run,
	};
	char why[512] = "";
	int error;

	if (options->plan)
		return run_plan_stored(run, &request);
	error = plan_make(&request, &run->plan, why, sizeof(why));
	if (error == -ENOMEM || error == -ENOTSUP || error == -EAGAIN)
		return cli_fail(STATUS_NOTHING_MEASURED, "%s", why);
	if (error)
		return cli_fail(error == -ENODATA ? STATUS_FILE : STATUS_USAGE,
				"%s", why);
	if (timed && options->trim) {
		options->trim(&run->plan, options->trim_context);
		plan_warn(&run->plan, why, sizeof(why));
	}
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
int run_place(struct run *run)
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

/* Every cell once, in the round's order, then down to the disk. */
static int run_round(struct run *run, enum pass pass, unsigned int round)
{
	static unsigned int order[PLAN_CELLS_MAX];
	unsigned int count = plan_order(&run->plan, round, order);
	int status = STATUS_DONE;
	int error;

	for (unsigned int i = 0; i < count && !run_stop_signal; i++) {
		if (run->failures[order[i]] >= RUN_FAILURES_MAX)
			continue;
		status = run_sample(run, pass, round, order[i]);
		if (status)
			return status;
	}
	if (run_stop_signal)
		return STATUS_DONE;
	status = run_record_line(
		run,
		record_round(round, pass, clock_now_ns() - run->started_ns));
	if (status)
		return status;
	error = journal_sync(&run->journal);
	if (error)
		return cli_fail(STATUS_FILE, "cannot write %s to the disk: %s",
				run->journal.path, strerror(-error));
	return STATUS_DONE;
}

/* Is there time for another round as long as those before? */
static bool budget_left(const struct run *run)
{
	uint64_t now_ns = clock_now_ns();
	uint64_t budget_ns = run->plan.budget_ns;
	uint64_t round_ns;

	if (run->rounds < run->options->rounds_least)
		budget_ns += run->options->overtime_ns;
	if (run->rounds == 0)
		return true;
	round_ns = (now_ns - run->timing_since_ns) / run->rounds;
	return now_ns - run->started_ns + round_ns <= budget_ns;
}

bool run_rounds_left(struct run *run)
{
	double precision = run->plan.precision;

	if (run->plan.counts)
		return false;
	if (run->plan.rounds)
		return run->rounds < run->plan.rounds;
	progress_expect(
		&run->progress,
		timings_rounds_needed(run->width, run->rounds, precision));
	run->precise = run->rounds >= run->options->rounds_least &&
		       timings_is_precise(run->width, run->rounds, precision);
	return !run->precise && budget_left(run);
}

/* Rounds that are there already are not made again. */
static int run_checking(struct run *run)
{
	int status = STATUS_DONE;

	while (!status && !run_stop_signal &&
	       run->checks < run_checks_wanted(run)) {
		status = run_round(run, PASS_CHECKING,
				   run->next_round[PASS_CHECKING]++);
		run->timing_since_ns = clock_now_ns();
		if (status || run_stop_signal)
			break;
		run->checks++;
		progress_round(&run->progress, PASS_CHECKING, run->checks, 0);
	}
	return status;
}

static int run_rounds(struct run *run)
{
	int status = run_checking(run);

	run->width = timings_width(&run->timings, &run->plan);
	while (!status && !run_stop_signal && run_rounds_left(run)) {
		uint64_t sequence = run->sequence;

		status = run_round(run, PASS_TIMING,
				   run->next_round[PASS_TIMING]++);
		if (status || run_stop_signal)
			break;
		if (run->sequence == sequence) {
			if (run->sequence > 0)
				progress_note(&run->progress,
					      "every cell has been left out: "
					      "there is nothing more to "
					      "measure");
			break;
		}
		run->rounds++;
		run->width = timings_width(&run->timings, &run->plan);
		progress_round(&run->progress, PASS_TIMING, run->rounds,
			       run->width);
	}
	return status;
}

/* To the first round: the file then has all lines that come before it. */
static int run_begin(struct run *run)
{
	int status;

	if (run->options->resume)
		return run_resume_start(run);
	status = run_record_check(run);
	if (!status && !run->plan.counts && !run->lab)
		status = run_pilot(run);
	if (status)
		return status;
	if (!run_stop_signal && !run->plan.counts && !run->lab)
		progress_round(&run->progress, PASS_PILOT, 0, 0);
	status = run_record_open(run);
	return status ? status : run_record_start(run);
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
	/* Where instructions are counted nothing else is to run meanwhile. */
	if (run->lab)
		run->placement.probe_cpu = -1;
	taint_open("", &run->placement, &run->watch);
	status = run_begin(run);
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
	taint_close(&run->watch);
	spawner_close(&run->spawner);
	stop_remove();
	return status;
}

static int run_lab(struct run *run)
{
	char why[640] = "";

	if (!run->options->lab)
		return STATUS_DONE;
	run->lab = lab_read(run->options->lab, why, sizeof(why));
	return run->lab ? STATUS_DONE : cli_fail(STATUS_FILE, "%s", why);
}

/* Everything before the first sample. */
static int run_prepare(struct run *run)
{
	/* What was typed is judged before a second is spent on measuring. */
	int status = run_count(run);

	if (!status)
		status = run_lab(run);
	if (!status)
		status = run_plan(run, false);
	if (!status)
		status = run_place(run);
	if (!status)
		status = run_calibrate(run);
	if (!status)
		status = run_plan(run, true);
	return status;
}

int run_measure(const struct run_options *options, char path[4096])
{
	static struct run run;
	cpu_set_t allowed;
	bool bound;
	int status;

	memset(&run, 0, sizeof(run));
	/* The driver binds itself; who measures again is to find it free. */
	bound = sched_getaffinity(0, sizeof(allowed), &allowed) == 0;
	run_stop_signal = 0;
	run.options = options;
	run.started = time(NULL);
	run.started_ns = clock_now_ns();
	run.journal.fd = -1;
	path[0] = '\0';
	progress_start(&run.progress, options->quiet, options->rounds,
		       options->budget_ns);
	status = options->resume ? run_resume(&run) : run_prepare(&run);
	if (!status && options->dry_run)
		status = run_record_plan(&run);
	else if (!status && run.nothing_left)
		snprintf(path, 4096, "%s", run.journal.path);
	else if (!status)
		status = run_execute(&run, path);
	progress_end(&run.progress);
	timings_free(&run.timings);
	journal_close(&run.journal);
	topology_close(run.topology);
	json_free(run.lab);
	if (bound)
		sched_setaffinity(0, sizeof(allowed), &allowed);
	return status;
}
