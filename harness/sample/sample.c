/*
 * sample - one process's measurement: place, open, run, verify, drain, answer.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/spin.h"
#include "sample/arena.h"
#include "sample/context.h"
#include "sample/input.h"
#include "sample/heaps.h"
#include "sample/looks.h"
#include "sample/map_layout.h"
#include "sample/perf.h"
#include "sample/process.h"
#include "sample/surroundings.h"
#include "sample/sweep.h"

#ifdef __SANITIZE_THREAD__
#define THREAD_STACK_SIZE (2u << 20) /* its own data lies there, too */
#else
#define THREAD_STACK_SIZE (256u << 10)
#endif

/* Static: the stack would grow, and malloc is what we measure. */
static struct {
	struct exchange *exchange;
	struct allocator_spec allocator;
	struct workload_spec workload;
	struct sample sample;
	struct arena arena;
	pthread_attr_t attributes[THREADS_MAX];
} state;

static int exchange_open(void)
{
	void *shared =
		mmap(NULL, sizeof(struct exchange), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, EXCHANGE_FD, 0);

	if (shared == MAP_FAILED)
		return -errno;
	state.exchange = shared;
	if (state.exchange->magic != EXCHANGE_MAGIC ||
	    state.exchange->size != sizeof(struct exchange))
		return -EPROTO;
	return 0;
}

static void sample_resolve(const struct sample_request *request,
			   struct sample_answer *answer)
{
	char why[256];
	int error;

	error = spec_parse_allocator(request->allocator, &state.allocator, why,
				     sizeof(why));
	if (error)
		sample_fail(answer, error, "%s", why);
	error = spec_parse_workload(request->workload, &state.workload, why,
				    sizeof(why));
	if (error)
		sample_fail(answer, error, "%s", why);
	if (request->threads == 0 || request->threads > THREADS_MAX)
		sample_fail(answer, EINVAL, "%u threads asked for",
			    request->threads);
	if (request->repeat > REPETITIONS_MAX)
		sample_fail(answer, EINVAL, "%u repetitions asked for",
			    request->repeat);
}

static size_t worker_state_size(void)
{
	const struct workload *workload = state.workload.workload;

	return workload->state_size
		       ? workload->state_size(state.workload.values)
		       : 0;
}

/* All that is taken from the arena below. */
static size_t sample_size(unsigned int threads)
{
	size_t size = arena_piece(threads * sizeof(struct context)) +
		      threads * arena_piece(worker_state_size());

	size += (threads - 1) * arena_piece(THREAD_STACK_SIZE);
	for (unsigned int i = 0; i < state.allocator.depth; i++) {
		const struct allocator *allocator =
			state.allocator.layers[i].allocator;

		size += threads * arena_piece(allocator->heap_size) +
			arena_piece(allocator->shared_size);
	}
	return size;
}

static void heaps_fill(struct context *context,
		       void *const shared[SPEC_DEPTH_MAX])
{
	const struct sample_request *request = state.sample.request;

	context->depth = state.allocator.depth;
	for (unsigned int i = 0; i < context->depth; i++) {
		struct heap *heap = &context->heaps[i];

		heap->allocator = state.allocator.layers[i].allocator;
		heap->options = state.allocator.layers[i].values;
		heap->state =
			arena_take(&state.arena, heap->allocator->heap_size);
		heap->shared = shared[i];
		heap->over =
			i + 1 < context->depth ? &context->heaps[i + 1] : NULL;
		heap->recorder = &context->recorder;
		heap->page_size = context->worker.page_size;
		heap->block_size_max = request->block_bytes_max;
		heap->thp_advise = request->thp == THP_MADVISE;
	}
}

static void contexts_fill(void)
{
	const struct sample_request *request = state.sample.request;
	void *shared[SPEC_DEPTH_MAX] = {NULL};

	state.sample.contexts = arena_take(
		&state.arena, request->threads * sizeof(struct context));
	for (unsigned int i = 0; i < state.allocator.depth; i++)
		shared[i] = arena_take(
			&state.arena,
			state.allocator.layers[i].allocator->shared_size);
	for (unsigned int i = 0; i < request->threads; i++) {
		struct context *context = &state.sample.contexts[i];

		context->worker.options = state.workload.values;
		context->worker.state =
			arena_take(&state.arena, worker_state_size());
		context->worker.seed = request->seed;
		context->worker.index = i;
		context->worker.threads = request->threads;
		context->worker.page_size = (size_t)sysconf(_SC_PAGESIZE);
		context->sample = &state.sample;
		context->recorder.phases_on = !request->phases_off;
		context->paused = true;
		context->digest = i;
		heaps_fill(context, shared);
	}
}

/* Where the system refuses, the thread runs unbound, and the answer says so. */
static void pin(const struct sample_request *request, unsigned int index)
{
	cpu_set_t set;
	int cpu = request->cpus[index];

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		state.exchange->answer.affinity_error = errno;
}

static void sweep_begin(const struct sample_request *request,
			struct sample_answer *answer)
{
	int error = request->sweep ? sweep_apply(request->sweep - 1,
						 (size_t)sysconf(_SC_PAGESIZE))
				   : 0;

	if (error)
		sample_fail(answer, error,
			    "cannot map the layout of the sweep: %s",
			    strerror(-error));
}

static void layout_look(const struct sample_request *request,
			struct sample_answer *answer)
{
	char why[256];
	int error = map_layout_check(request->layout, why, sizeof(why));

	if (error)
		sample_fail(answer, error, "%s", why);
}

/* All threads wait here for each other; with one thread it is free. */
static void meet(struct sample *sample)
{
	if (sample->threads > 1)
		pthread_barrier_wait(&sample->barrier);
}

static void hook(struct context *context, int (*call)(struct worker *),
		 const char *what)
{
	int error = call ? call(&context->worker) : 0;

	if (error)
		sample_fail(context->sample->answer, error,
			    "%s: %s of thread %u: %s",
			    state.workload.workload->name, what,
			    context->worker.index, strerror(-error));
}

static void timed_hook(struct context *context, int (*call)(struct worker *),
		       const char *what)
{
	context_start(context);
	hook(context, call, what);
	context_stop(context);
}

/* Thread 0 alone, the others waiting at the next meet(). */
static void stage_enter(struct context *context, enum sample_stage stage)
{
	if (context->worker.index == 0)
		state.exchange->answer.stage = stage;
}

/* Counters of several threads run from here to there, pauses included. */
static void counters_all(const struct sample *sample, void (*call)(void))
{
	if (sample->threads > 1)
		call();
}

/* The workload's own numbers add up over the repetitions. */
static void figures_carry(struct context *context)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++)
		context->figures[i].before = context->figures[i].value;
}

/*
 * The workload begins anew, the allocator goes on with what it has. Clearing
 * the state makes no fault: the arena is resident.
 */
static void work_renew(struct context *context)
{
	stage_enter(context, STAGE_OPEN);
	if (context->worker.state)
		memset(context->worker.state, 0, worker_state_size());
	figures_carry(context);
	hook(context, state.workload.workload->setup, "setup");
	meet(context->sample);
}

static void run_timed(struct context *context)
{
	struct sample *sample = context->sample;
	bool first = context->worker.index == 0;

	stage_enter(context, STAGE_RUN);
	if (first)
		counters_all(sample, perf_start);
	meet(sample);
	if (context->begin_ns == 0)
		context->begin_ns = clock_now_ns();
	timed_hook(context, state.workload.workload->run, "run");
	meet(sample);
	if (first)
		counters_all(sample, perf_stop);
}

static void drain_timed(struct context *context)
{
	struct sample *sample = context->sample;
	bool first = context->worker.index == 0;

	stage_enter(context, STAGE_DRAIN);
	if (first)
		counters_all(sample, perf_start);
	meet(sample);
	timed_hook(context, state.workload.workload->drain, "drain");
	context->end_ns = clock_now_ns();
	meet(sample);
	if (first)
		counters_all(sample, perf_stop);
}

/*
 * The work once: run, verify, drain. The map is looked at in the last
 * repetition only: walking it is not to stand between two that are compared.
 */
static void work_do(struct context *context, bool last)
{
	struct sample *sample = context->sample;
	struct sample_answer *answer = sample->answer;
	bool first = context->worker.index == 0;

	run_timed(context);
	if (first && last)
		looks_final(sample);
	stage_enter(context, STAGE_VERIFY);
	hook(context, state.workload.workload->verify, "verify");
	meet(sample);
	drain_timed(context);
	if (last)
		schedule_end(&context->schedule);
	if (first) {
		answer_add_repetition(sample);
		sample->repetition++;
	}
	if (first && last) {
		answer->cpu_end = sched_getcpu();
		surroundings_end(&sample->surroundings, &answer->disturbance);
		looks_drained(sample);
	}
	meet(sample);
}

/* What each thread does, thread 0 the shared parts besides. */
static void thread_run(struct context *context)
{
	struct sample *sample = context->sample;
	uint32_t repeat = sample->request->repeat;
	bool first = context->worker.index == 0;

	stage_enter(context, STAGE_OPEN);
	hook(context, state.workload.workload->setup, "setup");
	meet(sample);
	if (first) {
		heaps_setup(context);
		/* What setup did is not the run's. */
		memset(&context->recorder.tally, 0,
		       sizeof(context->recorder.tally));
		looks_before(sample);
	}
	meet(sample);
	heaps_open(context);
	schedule_begin(&context->schedule);
	meet(sample);
	if (first) {
		surroundings_begin(&sample->surroundings);
		sample->answer->cpu_start = sched_getcpu();
		sample->started_ns = clock_now_ns();
	}
	for (uint32_t i = 0; i == 0 || i < repeat; i++) {
		if (i > 0)
			work_renew(context);
		work_do(context, i + 1 >= repeat);
	}
	heaps_close(context);
}

static void *thread_main(void *argument)
{
	struct context *context = argument;

	pin(context->sample->request, context->worker.index);
	thread_run(context);
	return NULL;
}

static void threads_start(void)
{
	struct sample *sample = &state.sample;

	if (sample->threads == 1)
		return;
	pthread_barrier_init(&sample->barrier, NULL, sample->threads);
	for (unsigned int i = 1; i < sample->threads; i++) {
		struct context *context = &sample->contexts[i];
		int error;

		pthread_attr_init(&state.attributes[i]);
		pthread_attr_setstack(
			&state.attributes[i],
			arena_take(&state.arena, THREAD_STACK_SIZE),
			THREAD_STACK_SIZE);
		error = pthread_create(&context->thread, &state.attributes[i],
				       thread_main, context);
		if (error)
			sample_fail(sample->answer, error,
				    "cannot start thread %u: %s", i,
				    strerror(error));
	}
}

static void threads_join(void)
{
	for (unsigned int i = 1; i < state.sample.threads; i++)
		pthread_join(state.sample.contexts[i].thread, NULL);
}

int sample_main(void)
{
	struct sample_answer *answer;
	const struct sample_request *request;
	struct sample *sample = &state.sample;
	int error = exchange_open();

	if (error)
		return 2; /* nobody to tell: not started by a driver */
	answer = &state.exchange->answer;
	request = &state.exchange->request;
	answer->stage = STAGE_PLACE;
	sample->answer = answer;
	sample->request = request;
	sample->threads = request->threads;
	error = input_open(request);
	if (error)
		sample_fail(answer, error, "cannot map the workload's file: %s",
			    strerror(-error));
	sample_resolve(request, answer);
	sample->contents_kept = !state.allocator.layers[0].allocator->is_floor;
	pin(request, 0);
	layout_look(request, answer);
	sweep_begin(request, answer);
	error = process_open();
	if (error)
		sample_fail(answer, error, "cannot read /proc/self: %s",
			    strerror(-error));
	answer->reading.lookup = process_lookup();
	surroundings_open("", request->cpus[0]);
	error = arena_open(&state.arena, sample_size(request->threads));
	if (error)
		sample_fail(answer, error,
			    "no memory for the sample's own state: %s",
			    strerror(-error));
	contexts_fill();
	perf_open(request, answer->counters);
	/* Its code is resident then, or a planted effect takes a fault more. */
	spin(0);
	threads_start();
	thread_run(&sample->contexts[0]);
	threads_join();
	perf_read(answer->counters);
	perf_close();
	heaps_teardown(&sample->contexts[0]);
	answer_fill(sample);
	heaps_identify(&sample->contexts[0]);
	process_close();
	surroundings_close();
	answer->stage = STAGE_DONE;
	return 0;
}
