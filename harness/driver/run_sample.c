/* run_sample - one sample of a run, from the request to its line in the file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/spec.h"
#include "driver/cli.h"
#include "driver/layers.h"
#include "driver/record.h"
#include "driver/run_parts.h"

#define TIMEOUT_NS_MIN 60000000000u
#define TIMEOUT_FACTOR 20 /* of the sample's estimated time */

static uint64_t timeout_ns(const struct run *run, const struct group *group,
			   unsigned int repeat)
{
	uint64_t estimate_ns =
		calibrate_estimate_ns(&run->calibration, &group->estimate) *
		repeat;

	if (run->options->timeout_ns || run->lab)
		return run->options->timeout_ns;
	if (estimate_ns > TIMEOUT_NS_MIN / TIMEOUT_FACTOR)
		return estimate_ns * TIMEOUT_FACTOR + run->plan.settle_ns;
	return TIMEOUT_NS_MIN + run->plan.settle_ns;
}

/* What the plan has looked at before. */
static int layers_collect(const char *allocator, enum thp_mode thp,
			  struct environment *environment,
			  enum faults_rule *faults, char *why, size_t why_size)
{
	static struct allocator_spec spec;
	int error = spec_parse_allocator(allocator, &spec, why, why_size);

	if (error)
		return error;
	*faults = layers_faults(&spec);
	return layers_environment(&spec, thp, environment, why, why_size);
}

/* The file that a group's workload names, for its samples; NULL: none. */
static const struct input *input_of(struct run *run, unsigned int group)
{
	static struct workload_spec spec;
	char why[192];

	if (run->inputs[group].known)
		return run->inputs[group].input;
	/* The plan was made of it: it is right. */
	if (spec_parse_workload(run->plan.groups[group].workload, &spec, why,
				sizeof(why)) == 0)
		run->inputs[group].input = inputs_of(&spec);
	run->inputs[group].known = true;
	return run->inputs[group].input;
}

/* Only what is timed is worth doing again. */
static unsigned int repeat_of(const struct run *run, enum pass pass)
{
	return pass == PASS_TIMING ? run->plan.repeat : 1;
}

static void request_fill(struct run *run, unsigned int cell_index,
			 enum pass pass, unsigned int round,
			 unsigned int places[COUNTERS_MAX])
{
	const struct cell *cell = &run->plan.cells[cell_index];
	const struct group *group = &run->plan.groups[cell->group];
	const struct input *input = input_of(run, cell->group);
	struct sample_request *request = &run->spawner.exchange->request;

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), "%s",
		 cell->allocator);
	snprintf(request->workload, sizeof(request->workload), "%s",
		 group->workload);
	request->seed = run->plan.seed;
	if (pass == PASS_TIMING && run->plan.sweep > 0) {
		request->sweep = round % run->plan.sweep + 1;
		request->seed += round % run->plan.sweep;
	}
	/* The pilot must be like what it is to speak of. */
	request->pass = pass == PASS_PILOT ? PASS_TIMING : pass;
	request->spin_iterations = cell->planted_iterations;
	request->thp = group->thp;
	request->layout = group->layout;
	request->threads = group->estimate.threads;
	request->repeat = repeat_of(run, pass);
	request->settle_ns = run->plan.settle_ns;
	request->block_bytes_max = group->estimate.block_bytes_max;
	request->input_bytes = input ? input->bytes : 0;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] =
			i < request->threads ? run->placement.cpus[i] : -1;
	counters_request(&run->counters, request->pass, request, places);
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
	if (++run->failures[cell_index] == RUN_FAILURES_MAX)
		progress_note(
			&run->progress,
			"%s on %s failed %d times in a row: left out from "
			"here on",
			cell->allocator, workload, RUN_FAILURES_MAX);
}

int run_sample_measure(struct run *run, enum pass pass, unsigned int round,
		       unsigned int cell_index, struct json **line)
{
	const struct cell *cell = &run->plan.cells[cell_index];
	const struct group *group = &run->plan.groups[cell->group];
	struct environment environment;
	struct taint_reading reading;
	struct spawn_setting setting = {
		.nodes_max = run->placement.nodes_max,
		.timeout_ns = timeout_ns(run, group, repeat_of(run, pass)),
		.stop = &run_stop_signal,
		.environment = &environment,
	};
	struct sample_context context = {
		.sequence = run->sequence,
		.round = round,
		.pass = pass,
		.cell = cell_index,
		.role = cell->role,
		.thp = group->thp,
		.repeat = repeat_of(run, pass),
		.at_ns = clock_now_ns() - run->started_ns,
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
		.taint = &reading,
	};
	unsigned int places[COUNTERS_MAX];
	struct spawn_result result;
	char why[192];
	int error = layers_collect(cell->allocator, group->thp, &environment,
				   &context.faults, why, sizeof(why));

	if (error)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"%s: its environment cannot be made: %s",
				cell->allocator, why);
	memcpy(setting.node_mask, run->placement.node_mask,
	       sizeof(setting.node_mask));
	request_fill(run, cell_index, pass, round, places);
	if (input_of(run, cell->group))
		setting.input_fd = input_of(run, cell->group)->fd;
	context.counters_count = run->spawner.exchange->request.counters_count;
	progress_sample(&run->progress, pass, run->rounds, group->workload,
			cell->allocator);
	taint_begin(&run->watch);
	error = spawn_sample(&run->spawner, &setting, &result);
	taint_end(&run->watch, &run->spawner.exchange->answer, &reading);
	if (error)
		return cli_fail(
			STATUS_NOTHING_MEASURED, "cannot start a process: %s%s",
			strerror(-error),
			error == -EAGAIN ? " (see ulimit -u, RLIMIT_NPROC)"
					 : "");
	*line = NULL;
	if (result.outcome == SAMPLE_INTERRUPTED)
		return STATUS_DONE;
	sample_note(run, cell_index, &result);
	*line = record_sample(&context, &run->spawner.exchange->answer, &result,
			      &run->counters, places);
	return *line ? STATUS_DONE : run_record_line(run, NULL);
}

static int time_keep(struct run *run, unsigned int round, unsigned int cell)
{
	const struct sample_answer *answer = &run->spawner.exchange->answer;
	const struct group *group =
		&run->plan.groups[run->plan.cells[cell].group];

	if (timings_note(&run->timings, cell, round,
			 group->clock == CLOCK_CPU ? answer->cpu_ns
						   : answer->wall_ns) != 0)
		return cli_fail(STATUS_NOTHING_MEASURED,
				"no memory to keep the times in");
	return STATUS_DONE;
}

int run_sample(struct run *run, enum pass pass, unsigned int round,
	       unsigned int cell_index)
{
	struct json *line = NULL;
	int status = run_sample_measure(run, pass, round, cell_index, &line);

	if (status || !line)
		return status;
	if (pass == PASS_TIMING && json_bool(line, "valid", false))
		status = time_keep(run, round, cell_index);
	if (status) {
		json_free(line);
		return status;
	}
	return run_record_line(run, line);
}
