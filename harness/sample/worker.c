/*
 * worker - a workload's thread: its clocks, pauses, requests, checkpoints,
 * figures.
 */
#include <string.h>
#include <sys/resource.h>

#include "sample/context.h"
#include "sample/map_cost.h"
#include "sample/perf.h"
#include "sample/process.h"

static uint64_t timeval_ns(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000000u +
	       (uint64_t)time.tv_usec * 1000u;
}

static uint64_t cpu_read_ns(void)
{
	struct timespec cpu;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	return (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec;
}

/*
 * All but the CPU time, which is read closest to the timed work. A request's
 * clock runs in no reading of them.
 */
static void usage_read(struct usage *usage)
{
	struct rusage rusage;

	getrusage(RUSAGE_THREAD, &rusage);
	usage->user_ns = timeval_ns(rusage.ru_utime);
	usage->system_ns = timeval_ns(rusage.ru_stime);
	usage->minor_faults = (uint64_t)rusage.ru_minflt;
	usage->major_faults = (uint64_t)rusage.ru_majflt;
	usage->voluntary_switches = (uint64_t)rusage.ru_nvcsw;
	usage->involuntary_switches = (uint64_t)rusage.ru_nivcsw;
}

static void usage_add_since(struct usage *usage, const struct usage *since)
{
	struct usage now;

	usage->cpu_ns += cpu_read_ns() - since->cpu_ns;
	usage_read(&now);
	usage->user_ns += now.user_ns - since->user_ns;
	usage->system_ns += now.system_ns - since->system_ns;
	usage->minor_faults += now.minor_faults - since->minor_faults;
	usage->major_faults += now.major_faults - since->major_faults;
	usage->voluntary_switches +=
		now.voluntary_switches - since->voluntary_switches;
	usage->involuntary_switches +=
		now.involuntary_switches - since->involuntary_switches;
}

/*
 * Counters are the process's and cannot be stopped for one thread: with
 * several, the pauses stay in them (and the record says so).
 */
static bool counters_pause(const struct context *context)
{
	return context->worker.threads == 1;
}

/*
 * The resources are read inside the counters' bounds: starting and stopping
 * those takes some microseconds, which are not to be in the CPU time.
 */
void context_start(struct context *context)
{
	context->paused = false;
	context->recorder.phases_on = !context->sample->request->phases_off;
	if (counters_pause(context))
		perf_start();
	usage_read(&context->since);
	context->since.cpu_ns = cpu_read_ns();
	if (context->requests_on)
		context->paused_ns += clock_now_ns() - context->paused_since_ns;
}

void context_stop(struct context *context)
{
	uint64_t now_ns = context->requests_on ? clock_now_ns() : 0;

	usage_add_since(&context->usage, &context->since);
	if (context->requests_on)
		context->paused_since_ns = now_ns;
	if (counters_pause(context))
		perf_stop();
	context->recorder.phases_on = false;
	context->paused = true;
}

void worker_pause(struct worker *worker)
{
	context_stop(worker_context(worker));
}

void worker_resume(struct worker *worker)
{
	context_start(worker_context(worker));
}

int worker_fork(struct worker *worker)
{
	return context_fork(worker_context(worker));
}

static uint64_t request_now_ns(void *context)
{
	return clock_now_ns() - ((struct context *)context)->paused_ns;
}

/* Never asleep: to be woken takes longer than most requests. */
static void request_wait(void *context, uint64_t until_ns)
{
	while (request_now_ns(context) < until_ns)
		;
}

/* In a pause this one is not timed: what it is for begins after it. */
static struct open_loop *loop_of(struct context *context)
{
	struct open_loop *loop = &context->loop;
	struct operation_figures *operations = context->operations;

	if (context->requests_on)
		return loop;
	context->requests_on = true;
	context->paused_since_ns = clock_now_ns();
	loop->clock = (struct open_loop_clock){
		.now_ns = request_now_ns,
		.wait = request_wait,
		.context = context,
	};
	loop->service = &operations[OPERATION_SERVICE].histogram;
	loop->response = &operations[OPERATION_RESPONSE].histogram;
	return loop;
}

void worker_arrivals(struct worker *worker, enum arrivals law,
		     double interval_ns, uint64_t requests)
{
	open_loop_open(loop_of(worker_context(worker)), law, interval_ns,
		       requests, worker->seed, worker->index, worker->threads);
}

void worker_request_begin(struct worker *worker)
{
	struct context *context = worker_context(worker);

	context->clock_reads += 2;
	open_loop_begin(loop_of(context));
}

void worker_request_end(struct worker *worker)
{
	open_loop_end(&worker_context(worker)->loop);
}

int sample_read_map(struct sample *sample, struct map_figures *figures)
{
	struct sample_answer *answer = sample->answer;
	int64_t live_bytes = 0, written_pages = 0;
	uint64_t begin_ns = clock_now_ns();
	int error;

	memset(figures, 0, sizeof(*figures));
	if (sample->started_ns)
		figures->at_ns = begin_ns - sample->started_ns;
	error = process_figures(figures, true);
	if (error)
		return error;
	for (unsigned int i = 0; i < sample->threads; i++) {
		const struct context *context = &sample->contexts[i];

		figures->operations += context->requests;
		live_bytes += context->live_bytes;
		written_pages += context->written_pages;
	}
	/* Below 0 by nothing but a workload that releases twice. */
	figures->live_bytes = live_bytes > 0 ? (uint64_t)live_bytes : 0;
	if (written_pages > 0)
		figures->ideal_bytes = (uint64_t)written_pages *
				       sample->contexts[0].worker.page_size;
	figures->read_ns = clock_now_ns() - begin_ns;
	answer->reading.read_ns += figures->read_ns;
	answer->reading.reads++;
	sample->last_read_ns = figures->read_ns;
	return 0;
}

/* Adds a point to the timeline; one thread, the others waiting. */
static void timeline_add(struct sample *sample)
{
	struct sample_answer *answer = sample->answer;

	if (answer->points_count >= TIMELINE_POINTS_MAX)
		return;
	if (!map_cost_allows(clock_now_ns() - sample->started_ns,
			     answer->reading.read_ns, sample->last_read_ns)) {
		answer->reading.points_skipped++;
		return;
	}
	if (sample_read_map(sample, &answer->points[answer->points_count]) == 0)
		answer->points_count++;
}

void worker_checkpoint(struct worker *worker)
{
	struct context *context = worker_context(worker);
	struct sample *sample = context->sample;

	if (sample->request->pass != PASS_CHECKING)
		return;
	worker_pause(worker);
	if (sample->threads > 1)
		pthread_barrier_wait(&sample->barrier);
	if (worker->index == 0)
		timeline_add(sample);
	if (sample->threads > 1)
		pthread_barrier_wait(&sample->barrier);
	worker_resume(worker);
}

int worker_mapping(struct worker *worker, const void *address,
		   struct mapping *mapping)
{
	(void)worker;
	return process_mapping((uintptr_t)address, mapping);
}

void worker_figure(struct worker *worker, unsigned int place, const char *name,
		   uint64_t value)
{
	struct context *context = worker_context(worker);

	if (place >= WORKER_FIGURES_MAX)
		return;
	context->figures[place].name = name;
	context->figures[place].value = context->figures[place].before + value;
}
