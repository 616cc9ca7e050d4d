/*
 * replay - what a real program asked of malloc, from a trace of it.
 *
 * As the preload library serves a program: blocks below from= are left to the
 * next malloc and not asked for here; one that grows to it is then allocated,
 * one that shrinks below it released. A resize to another size is a growth or a
 * shrink, one to the same size nothing. What a program did with its memory is
 * in no trace: touch= and reread= say what is done with it here.
 *
 * The trace is decoded before the clock starts. With several threads each makes
 * the requests of its share of the recorded threads, in their order, and waits
 * only for what was done before to the same block.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <regrow/touched_buffer.h>
#include <regrow/trace_estimate.h>
#include <regrow/trace_pass.h>
#include <regrow/turns.h>
#include <regrow/workload.h>

#define TIMES_MAX 1000000
#define REQUESTS_MAX ((uint64_t)1 << 24) /* of the trace, once */
#define CHECKPOINTS 64

enum { TRACE, FROM, TOUCH, REREAD, TIMES, THREADS, TORN };

static const struct option_entry options_table[] = {
	[TRACE] = {"trace", OPTION_FILE, "", "traces/NAME" TRACE_SUFFIX,
		   "the trace: a shipped one, or the path of another"},
	[FROM] = {"from", OPTION_SIZE, "0", NULL,
		  "smaller blocks are left out; 0: those that were when it was "
		  "recorded"},
	[TOUCH] = {"touch", OPTION_PERCENT, "100", NULL,
		   "share of the pages that is written, evenly spread"},
	[REREAD] = {"reread", OPTION_CHOICE, "no", "no|yes",
		    "read all that is older after each growth"},
	[TIMES] = {"times", OPTION_COUNT, "1", NULL,
		   "how often the whole trace is replayed"},
	[THREADS] = {"threads", OPTION_COUNT, "1", NULL,
		     "threads that the recorded ones are dealt to"},
	[TORN] = {"torn", OPTION_CHOICE, "no", "no|yes",
		  "take a trace without its end, as far as it goes"},
	{0},
};

static int pass_open(const struct option_value *options,
		     struct trace_pass *pass)
{
	return trace_pass_open(options[TRACE].contents, options[TRACE].number,
			       options[FROM].number, pass);
}

/* As far as the trace is sound; check() says where it is not. */
static void replay_estimate(const struct option_value *options, uint64_t seed,
			    struct estimate *estimate)
{
	const struct trace_use use = {
		.touch = options[TOUCH].number,
		.reread = options[REREAD].number != 0,
		.times = options[TIMES].number,
		.threads = (unsigned int)options[THREADS].number,
	};
	struct trace_pass pass;

	(void)seed;
	*estimate = (struct estimate){.threads = 1};
	if (!options[TRACE].contents || pass_open(options, &pass) != 0)
		return;
	trace_estimate(&pass, &use, (uint64_t)sysconf(_SC_PAGESIZE), estimate);
	trace_pass_close(&pass);
}

static int check_counts(const struct option_value *options, char *why,
			size_t why_size)
{
	if (!options[TRACE].contents)
		snprintf(why, why_size,
			 "trace= is missing: take a shipped one (see `regrow "
			 "list`), or the path of one of your own "
			 "(trace=./mine" TRACE_SUFFIX ")");
	else if (options[THREADS].number < 1 ||
		 options[THREADS].number > TRACE_USE_THREADS_MAX)
		snprintf(why, why_size, "threads is 1 to %d, not %" PRIu64,
			 TRACE_USE_THREADS_MAX, options[THREADS].number);
	else if (options[TIMES].number < 1 || options[TIMES].number > TIMES_MAX)
		snprintf(why, why_size, "times is 1 to %d, not %" PRIu64,
			 TIMES_MAX, options[TIMES].number);
	else
		return 0;
	return -EINVAL;
}

/* After the last step: whether what was walked over can be replayed. */
static int check_whole(const struct option_value *options,
		       const struct trace_pass *pass, char *why,
		       size_t why_size)
{
	int error = -EINVAL;

	if (!pass->decoder.ended && !options[TORN].number) {
		snprintf(why, why_size,
			 "the trace has no end: its program was killed, or the "
			 "file is cut; torn=yes takes the %" PRIu64
			 " events that are whole",
			 pass->decoder.events);
		error = -ENODATA;
	} else if (pass->steps == 0) {
		snprintf(why, why_size,
			 "no block of the trace's %" PRIu64
			 " events comes to %" PRIu64 " bytes: lower from",
			 pass->decoder.events, pass->from);
	} else if (pass->steps > REQUESTS_MAX) {
		snprintf(why, why_size,
			 "the trace makes %" PRIu64 " requests, and %" PRIu64
			 " are the most: raise from",
			 pass->steps, REQUESTS_MAX);
	} else if (options[THREADS].number > pass->decoder.threads) {
		snprintf(why, why_size,
			 "the trace has %u thread%s: threads=%u is the most",
			 pass->decoder.threads,
			 pass->decoder.threads == 1 ? "" : "s",
			 pass->decoder.threads);
	} else {
		return 0;
	}
	return error;
}

static int check_walk(const struct option_value *options,
		      struct trace_pass *pass, char *why, size_t why_size)
{
	struct trace_step step;
	int status;

	if (pass->from < pass->head.floor) {
		snprintf(why, why_size,
			 "nothing below %" PRIu64 " bytes is in the trace: "
			 "raise from",
			 pass->head.floor);
		return -EINVAL;
	}
	do
		status = trace_pass_next(pass, &step);
	while (status > 0);
	if (status == 0)
		return check_whole(options, pass, why, why_size);
	snprintf(why, why_size, "event %" PRIu64 " of the trace is wrong: %s",
		 pass->decoder.events + 1, pass->decoder.error);
	return -ENODATA;
}

static int replay_check(const struct option_value *options, char *why,
			size_t why_size)
{
	struct trace_pass pass;
	int error = check_counts(options, why, why_size);

	if (error)
		return error;
	error = pass_open(options, &pass);
	if (error == -ENOMEM) {
		snprintf(why, why_size, "no memory to walk over the trace in");
		return -EINVAL;
	}
	if (error) {
		snprintf(why, why_size, "the head of the trace is wrong: %s",
			 pass.decoder.error);
		return -ENODATA;
	}
	error = check_walk(options, &pass, why, why_size);
	trace_pass_close(&pass);
	return error;
}

/* A step, as it is kept for the run. */
struct request {
	uint64_t size;
	uint32_t slot;
	uint32_t turn;
	uint32_t position; /* of all threads' requests, in recorded order */
	uint8_t kind;
	uint8_t alignment_log2; /* 0: none is asked for */
};

/* A block of the run. With several threads the turn says whose it is. */
struct place {
	struct buffer buffer;
	struct turns turns; /* requests, of all times */
	uint32_t turns_count; /* in one time, its end included */
};

/*
 * A thread's. Slot number i is in place i / threads of thread i % threads,
 * which verifies and releases what is left in it.
 */
struct replay {
	uint64_t touch; /* percent */
	uint64_t times;
	unsigned int threads;
	uint32_t requests_count; /* of this thread */
	uint32_t places_count;
	uint32_t positions; /* of all threads' requests, once */
	uint32_t left; /* blocks alive at the end, of all threads */
	uint64_t events;
	uint64_t below;
	uint64_t same;
	uint64_t waited;
	uint64_t stride; /* positions between two checkpoints */
	uint64_t next_checkpoint;
	bool reread;
	struct request *requests;
	struct place places[];
};

/* Filled in setup(), after which all threads meet. */
static struct replay *replays[TRACE_USE_THREADS_MAX];

static uint32_t places_of(uint32_t slots, unsigned int threads,
			  unsigned int index)
{
	return (slots + threads - 1 - index) / threads;
}

static size_t replay_state_size(const struct option_value *options)
{
	unsigned int threads = (unsigned int)options[THREADS].number;
	uint64_t requests[TRACE_USE_THREADS_MAX] = {0}, most = 0;
	struct trace_step step;
	struct trace_pass pass;
	size_t size;

	if (threads == 0 || pass_open(options, &pass) != 0)
		return 0;
	while (trace_pass_next(&pass, &step) > 0)
		requests[step.thread % threads]++;
	for (unsigned int i = 0; i < threads; i++)
		if (most < requests[i])
			most = requests[i];
	size = sizeof(struct replay) +
	       places_of(pass.slots_count, threads, 0) * sizeof(struct place) +
	       most * sizeof(struct request);
	trace_pass_close(&pass);
	return size;
}

static void request_keep(const struct trace_step *step, uint32_t position,
			 struct request *request)
{
	*request = (struct request){
		.size = step->size,
		.slot = step->slot,
		.turn = step->turn,
		.position = position,
		.kind = (uint8_t)step->kind,
	};
	if (step->alignment)
		request->alignment_log2 =
			(uint8_t)__builtin_ctzll(step->alignment);
}

/* Of a pass that is over. */
static void setup_counts(const struct trace_pass *pass, unsigned int index,
			 struct replay *replay)
{
	uint64_t positions = pass->steps * replay->times;

	replay->positions = (uint32_t)pass->steps;
	replay->left = pass->slots_alive;
	replay->events = pass->decoder.events;
	replay->below = pass->below;
	replay->same = pass->same;
	replay->stride = (positions + CHECKPOINTS - 1) / CHECKPOINTS;
	replay->next_checkpoint = replay->stride;
	for (uint32_t i = 0; i < replay->places_count; i++)
		replay->places[i].turns_count =
			pass->slots[index + i * replay->threads].turns + 1;
}

/* How many slots there are is known at a pass's end, requests follow them. */
static uint32_t slots_count(const struct option_value *options)
{
	struct trace_step step;
	struct trace_pass pass;

	if (pass_open(options, &pass) != 0)
		return 0;
	while (trace_pass_next(&pass, &step) > 0)
		;
	trace_pass_close(&pass);
	return pass.slots_count;
}

static int replay_setup(struct worker *worker)
{
	const struct option_value *options = worker->options;
	struct replay *replay = worker->state;
	struct trace_step step;
	struct trace_pass pass;
	int status;

	replay->touch = options[TOUCH].number;
	replay->reread = options[REREAD].number;
	replay->times = options[TIMES].number;
	replay->threads = worker->threads;
	replay->places_count =
		places_of(slots_count(options), worker->threads, worker->index);
	replay->requests = (struct request *)(void *)(replay->places +
						      replay->places_count);
	status = pass_open(options, &pass);
	if (status)
		return status;
	while ((status = trace_pass_next(&pass, &step)) > 0)
		if (step.thread % worker->threads == worker->index)
			request_keep(
				&step, (uint32_t)(pass.steps - 1),
				&replay->requests[replay->requests_count++]);
	setup_counts(&pass, worker->index, replay);
	trace_pass_close(&pass);
	replays[worker->index] = replay;
	return status;
}

static struct place *place_of(const struct replay *replay, uint32_t slot)
{
	return &replays[slot % replay->threads]->places[slot / replay->threads];
}

/* The block is ours then. */
static void place_await(struct worker *worker, struct place *place,
			uint32_t turn)
{
	struct replay *replay = worker->state;

	replay->waited += turns_await(worker, &place->turns, turn);
}

static void release(struct worker *worker, struct buffer *buffer)
{
	const struct replay *replay = worker->state;

	if (!buffer->bytes)
		return;
	touched_verify(worker, buffer, replay->touch);
	buffer_release(worker, buffer);
}

static int allocate(struct worker *worker, struct buffer *buffer,
		    const struct request *request)
{
	if (request->alignment_log2)
		return buffer_alloc_aligned(
			worker, buffer, request->slot,
			(size_t)1 << request->alignment_log2, request->size);
	return buffer_alloc(worker, buffer, request->slot, request->size);
}

/*
 * To the size that the trace says. Where there was no memory before, the block
 * is not there, or not as large as it was in the trace.
 */
static void resize(struct worker *worker, struct buffer *buffer,
		   const struct request *request)
{
	const struct replay *replay = worker->state;
	uint64_t old = buffer->bytes ? buffer->size : 0;
	int error;

	if (request->size == old)
		return;
	if (request->size < old) {
		/* What is cut off is looked at for the last time. */
		touched_verify(worker, buffer, replay->touch);
		buffer_shrink(worker, buffer, request->size);
		return;
	}
	/* As realloc() does, an aligned block grows without its alignment. */
	error = old ? buffer_grow(worker, buffer, request->size)
		    : allocate(worker, buffer, request);
	if (error)
		return;
	touched_write(worker, buffer, replay->touch, old);
	if (replay->reread)
		touched_reread(worker, buffer, replay->touch, old);
}

static void checkpoints(struct worker *worker, uint64_t position)
{
	struct replay *replay = worker->state;

	for (; replay->next_checkpoint <= position;
	     replay->next_checkpoint += replay->stride)
		worker_checkpoint(worker);
}

/* All that is alive when the trace is over, for it to begin again. */
static void end_time(struct worker *worker, uint64_t time)
{
	struct replay *replay = worker->state;

	for (uint32_t i = 0; i < replay->places_count; i++) {
		struct place *place = &replay->places[i];

		place_await(worker, place,
			    (uint32_t)(time + 1) * place->turns_count - 1);
		release(worker, &place->buffer);
		turns_pass_on(&place->turns);
	}
}

static void run_time(struct worker *worker, uint64_t time)
{
	struct replay *replay = worker->state;
	uint64_t first = time * replay->positions;

	for (uint32_t i = 0; i < replay->requests_count; i++) {
		const struct request *request = &replay->requests[i];
		struct place *place = place_of(replay, request->slot);

		checkpoints(worker, first + request->position);
		place_await(worker, place,
			    (uint32_t)time * place->turns_count +
				    request->turn);
		if (request->kind == TRACE_STEP_RELEASE)
			release(worker, &place->buffer);
		else
			resize(worker, &place->buffer, request);
		turns_pass_on(&place->turns);
	}
	checkpoints(worker, first + replay->positions);
}

static int replay_run(struct worker *worker)
{
	struct replay *replay = worker->state;
	bool first = worker->index == 0;

	for (uint64_t time = 0; time < replay->times; time++) {
		run_time(worker, time);
		if (time + 1 < replay->times)
			end_time(worker, time);
	}
	/* Of all threads together: sums of one number and zeros. */
	worker_figure(worker, 0, "events", first ? replay->events : 0);
	worker_figure(worker, 1, "below_from", first ? replay->below : 0);
	worker_figure(worker, 2, "same_size", first ? replay->same : 0);
	worker_figure(worker, 3, "left_alive", first ? replay->left : 0);
	worker_figure(worker, 4, "waited", replay->waited);
	return 0;
}

static int replay_verify(struct worker *worker)
{
	struct replay *replay = worker->state;

	for (uint32_t i = 0; i < replay->places_count; i++)
		if (replay->places[i].buffer.bytes)
			touched_verify(worker, &replay->places[i].buffer,
				       replay->touch);
	return 0;
}

static int replay_drain(struct worker *worker)
{
	struct replay *replay = worker->state;

	for (uint32_t i = 0; i < replay->places_count; i++)
		if (replay->places[i].buffer.bytes)
			buffer_release(worker, &replay->places[i].buffer);
	return 0;
}

static const struct workload replay = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "replay",
	.summary = "a recorded trace of a real program's allocation calls",
	.options = options_table,
	.check = replay_check,
	.estimate = replay_estimate,
	.state_size = replay_state_size,
	.setup = replay_setup,
	.run = replay_run,
	.verify = replay_verify,
	.drain = replay_drain,
};

REGISTER_WORKLOAD(replay);
