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
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <regrow/touched.h>
#include <regrow/trace.h>
#include <regrow/workload.h>

#define THREADS_MAX 64
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

/* Of a block of the trace, by its number in it. */
struct block {
	uint64_t size; /* bytes */
	uint64_t resident; /* pages, where growths copy; of the estimate */
	uint32_t slot; /* from 1; 0: it is not the allocator's */
	bool alive;
};

/* Of those that are the allocator's: numbers without gaps, used again. */
struct slot {
	uint32_t next_free; /* from 1 */
	uint32_t turns; /* requests so far */
};

enum kind { KIND_ALLOC, KIND_RESIZE, KIND_RELEASE };

/* What is asked of the allocator. */
struct step {
	enum kind kind;
	uint32_t thread; /* of the trace */
	uint32_t slot;
	uint32_t turn; /* requests of the slot before */
	uint64_t alignment; /* bytes; 0: none is asked for */
	uint64_t old_size; /* bytes; KIND_ALLOC: 0 */
	uint64_t size; /* KIND_RELEASE: 0 */
	struct block *block;
};

/* A pass over a trace, from event to event that asks something. */
struct walk {
	struct trace_decoder decoder;
	struct trace_head head;
	uint64_t from; /* bytes */
	struct block *blocks;
	struct slot *slots;
	size_t map_size;
	uint32_t slots_count;
	uint32_t slots_alive;
	uint32_t slot_free; /* from 1; 0: none */
	uint64_t steps;
	uint64_t below; /* events of blocks that are not the allocator's */
	uint64_t same; /* resizes to the same size */
};

/*
 * 0, -EBADMSG (decoder.error) or -ENOMEM. No more blocks than events; pages of
 * the tables that are not used take no memory.
 */
static int walk_open(const struct option_value *options, struct walk *walk)
{
	size_t events = options[TRACE].number / 4 + 1;
	int error;

	memset(walk, 0, sizeof(*walk));
	error = trace_open(&walk->decoder, options[TRACE].contents,
			   options[TRACE].number, &walk->head);
	if (error)
		return error;
	walk->from = options[FROM].number;
	if (walk->from == 0)
		walk->from = walk->head.from;
	if (walk->from == 0)
		walk->from = 1;
	walk->map_size = events * (sizeof(struct block) + sizeof(struct slot));
	walk->blocks = mmap(NULL, walk->map_size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (walk->blocks == MAP_FAILED)
		return -ENOMEM;
	walk->slots = (struct slot *)(void *)(walk->blocks + events);
	return 0;
}

static void walk_close(struct walk *walk)
{
	munmap(walk->blocks, walk->map_size);
}

static uint32_t slot_take(struct walk *walk)
{
	uint32_t slot = walk->slot_free;

	if (slot)
		walk->slot_free = walk->slots[slot - 1].next_free;
	else
		slot = ++walk->slots_count;
	walk->slots_alive++;
	return slot;
}

static void slot_give(struct walk *walk, uint32_t slot)
{
	walk->slots[slot - 1].next_free = walk->slot_free;
	walk->slot_free = slot;
	walk->slots_alive--;
}

/* The step that an event comes to, of a block that is sound; false: none. */
static bool walk_step(struct walk *walk, const struct trace_event *event,
		      struct block *block, struct step *step)
{
	bool serves = event->kind != TRACE_FREE && event->size >= walk->from;
	bool served = block->slot != 0;

	if (!serves && !served) {
		walk->below++;
		return false;
	}
	if (serves && served && event->size == block->size) {
		walk->same++;
		return false;
	}
	if (!served)
		block->slot = slot_take(walk);
	*step = (struct step){
		.kind = !served	 ? KIND_ALLOC
			: serves ? KIND_RESIZE
				 : KIND_RELEASE,
		.thread = event->thread,
		.slot = block->slot - 1,
		.turn = walk->slots[block->slot - 1].turns++,
		.alignment = event->alignment,
		.old_size = served ? block->size : 0,
		.size = serves ? event->size : 0,
		.block = block,
	};
	if (!serves) {
		slot_give(walk, block->slot);
		block->slot = 0;
	}
	walk->steps++;
	return true;
}

/* 1: *step is the next. 0: there is none. -EBADMSG: see decoder.error. */
static int walk_next(struct walk *walk, struct step *step)
{
	struct trace_event event;
	int status;

	while ((status = trace_next(&walk->decoder, &event)) > 0) {
		struct block *block = &walk->blocks[event.block];
		bool starts = event.kind == TRACE_ALLOC ||
			      event.kind == TRACE_ALLOC_ALIGNED;
		bool steps;

		if (starts == block->alive) {
			walk->decoder.events--;
			return trace_refuse(&walk->decoder,
					    starts ? "its block lives already"
						   : "its block does not live");
		}
		steps = walk_step(walk, &event, block, step);
		block->alive = event.kind != TRACE_FREE;
		block->size = event.size;
		if (steps)
			return 1;
	}
	return status;
}

/* Sums that a trace from anywhere may take beyond their range stay at it. */
static void add(uint64_t *sum, uint64_t number)
{
	if (__builtin_add_overflow(*sum, number, sum))
		*sum = UINT64_MAX;
}

static void multiply(uint64_t *number, uint64_t factor)
{
	if (__builtin_mul_overflow(*number, factor, number))
		*number = UINT64_MAX;
}

static uint64_t pages_of(uint64_t page_size, uint64_t size)
{
	return (size + page_size - 1) / page_size;
}

/* What goes up and down by what one thread does, and how high it came. */
struct level {
	int64_t now;
	int64_t max;
};

static void level_move(struct level *level, int64_t by)
{
	if (__builtin_add_overflow(level->now, by, &level->now))
		level->now = by < 0 ? INT64_MIN : INT64_MAX;
	if (level->max < level->now)
		level->max = level->now;
}

/*
 * Each thread keeps its own order, so that no more can be there at once than
 * the sum of what each of them comes to.
 */
struct levels {
	struct level live[THREADS_MAX]; /* bytes */
	struct level resident[THREADS_MAX]; /* pages */
};

/* The step's part of an estimate whose allocator copies each growth. */
static void estimate_step(const struct option_value *options,
			  const struct step *step, uint64_t page_size,
			  struct levels *levels, struct estimate *estimate)
{
	uint64_t percent = options[TOUCH].number, touched, resident;
	uint64_t old = pages_of(page_size, step->old_size);
	uint64_t new = pages_of(page_size, step->size);
	unsigned int thread = step->thread % options[THREADS].number;
	struct level *level = &levels->resident[thread];

	touched = touched_pages(new, percent);
	touched -= new > old ? touched_pages(old, percent) : touched;
	resident = step->kind == KIND_RELEASE ? 0
		   : new > old		      ? old + touched
					      : new;
	if (step->kind == KIND_ALLOC)
		resident = touched;
	if (step->kind == KIND_RESIZE) {
		/* Source and destination at once, without the first writes. */
		level_move(level, (int64_t)(new > old ? old : new));
		level_move(level, -(int64_t)(new > old ? old : new));
	}
	level_move(level, (int64_t)resident - (int64_t)step->block->resident);
	step->block->resident = resident;
	level_move(&levels->live[thread],
		   (int64_t)step->size - (int64_t)step->old_size);
	add(&estimate->touched_bytes, touched * page_size);
	if (estimate->block_bytes_max < step->size)
		estimate->block_bytes_max = step->size;
	if (step->kind != KIND_RESIZE || step->size < step->old_size)
		return;
	estimate->growths++;
	add(&estimate->copied_bytes, step->old_size);
	if (options[REREAD].number)
		add(&estimate->reread_bytes,
		    touched_bytes(page_size, percent, step->old_size));
}

/* As far as the trace is sound; check() says where it is not. */
static void replay_estimate(const struct option_value *options, uint64_t seed,
			    struct estimate *estimate)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t times = options[TIMES].number;
	struct levels levels = {0};
	struct step step;
	struct walk walk;

	(void)seed;
	*estimate = (struct estimate){.threads = 1};
	if (!options[TRACE].contents || walk_open(options, &walk) != 0)
		return;
	while (walk_next(&walk, &step) > 0)
		estimate_step(options, &step, page_size, &levels, estimate);
	estimate->threads = (unsigned int)options[THREADS].number;
	estimate->operations = walk.steps + walk.slots_alive;
	for (unsigned int i = 0; i < estimate->threads; i++) {
		add(&estimate->live_bytes_max, (uint64_t)levels.live[i].max);
		add(&estimate->resident_bytes_max,
		    (uint64_t)levels.resident[i].max * page_size);
	}
	walk_close(&walk);
	multiply(&estimate->operations, times);
	multiply(&estimate->growths, times);
	multiply(&estimate->copied_bytes, times);
	multiply(&estimate->touched_bytes, times);
	multiply(&estimate->reread_bytes, times);
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
		 options[THREADS].number > THREADS_MAX)
		snprintf(why, why_size, "threads is 1 to %d, not %" PRIu64,
			 THREADS_MAX, options[THREADS].number);
	else if (options[TIMES].number < 1 || options[TIMES].number > TIMES_MAX)
		snprintf(why, why_size, "times is 1 to %d, not %" PRIu64,
			 TIMES_MAX, options[TIMES].number);
	else
		return 0;
	return -EINVAL;
}

/* After the last step: whether what was walked over can be replayed. */
static int check_whole(const struct option_value *options,
		       const struct walk *walk, char *why, size_t why_size)
{
	int error = -EINVAL;

	if (!walk->decoder.ended && !options[TORN].number) {
		snprintf(why, why_size,
			 "the trace has no end: its program was killed, or the "
			 "file is cut; torn=yes takes the %" PRIu64
			 " events that are whole",
			 walk->decoder.events);
		error = -ENODATA;
	} else if (walk->steps == 0) {
		snprintf(why, why_size,
			 "no block of the trace's %" PRIu64
			 " events comes to %" PRIu64 " bytes: lower from",
			 walk->decoder.events, walk->from);
	} else if (walk->steps > REQUESTS_MAX) {
		snprintf(why, why_size,
			 "the trace makes %" PRIu64 " requests, and %" PRIu64
			 " are the most: raise from",
			 walk->steps, REQUESTS_MAX);
	} else if (options[THREADS].number > walk->decoder.threads) {
		snprintf(why, why_size,
			 "the trace has %u thread%s: threads=%u is the most",
			 walk->decoder.threads,
			 walk->decoder.threads == 1 ? "" : "s",
			 walk->decoder.threads);
	} else {
		return 0;
	}
	return error;
}

static int check_walk(const struct option_value *options, struct walk *walk,
		      char *why, size_t why_size)
{
	struct step step;
	int status;

	if (walk->from < walk->head.floor) {
		snprintf(why, why_size,
			 "nothing below %" PRIu64 " bytes is in the trace: "
			 "raise from",
			 walk->head.floor);
		return -EINVAL;
	}
	do
		status = walk_next(walk, &step);
	while (status > 0);
	if (status == 0)
		return check_whole(options, walk, why, why_size);
	snprintf(why, why_size, "event %" PRIu64 " of the trace is wrong: %s",
		 walk->decoder.events + 1, walk->decoder.error);
	return -ENODATA;
}

static int replay_check(const struct option_value *options, char *why,
			size_t why_size)
{
	struct walk walk;
	int error = check_counts(options, why, why_size);

	if (error)
		return error;
	error = walk_open(options, &walk);
	if (error == -ENOMEM) {
		snprintf(why, why_size, "no memory to walk over the trace in");
		return -EINVAL;
	}
	if (error) {
		snprintf(why, why_size, "the head of the trace is wrong: %s",
			 walk.decoder.error);
		return -ENODATA;
	}
	error = check_walk(options, &walk, why, why_size);
	walk_close(&walk);
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
	uint32_t turn; /* requests done, of all times; a futex; it may wrap */
	uint32_t turns; /* in one time, its end included */
	uint32_t waiting; /* threads, for their turn */
};

/*
 * A thread's. Slot number i is in place i / threads of thread i % threads,
 * which verifies and releases what is left in it.
 */
struct replay {
	uint64_t page_size;
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
static struct replay *replays[THREADS_MAX];

static uint32_t places_of(uint32_t slots, unsigned int threads,
			  unsigned int index)
{
	return (slots + threads - 1 - index) / threads;
}

static size_t replay_state_size(const struct option_value *options)
{
	unsigned int threads = (unsigned int)options[THREADS].number;
	uint64_t requests[THREADS_MAX] = {0}, most = 0;
	struct step step;
	struct walk walk;
	size_t size;

	if (threads == 0 || walk_open(options, &walk) != 0)
		return 0;
	while (walk_next(&walk, &step) > 0)
		requests[step.thread % threads]++;
	for (unsigned int i = 0; i < threads; i++)
		if (most < requests[i])
			most = requests[i];
	size = sizeof(struct replay) +
	       places_of(walk.slots_count, threads, 0) * sizeof(struct place) +
	       most * sizeof(struct request);
	walk_close(&walk);
	return size;
}

static void request_keep(const struct step *step, uint32_t position,
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

/* Of a walk that is over. */
static void setup_counts(const struct walk *walk, unsigned int index,
			 struct replay *replay)
{
	uint64_t positions = walk->steps * replay->times;

	replay->positions = (uint32_t)walk->steps;
	replay->left = walk->slots_alive;
	replay->events = walk->decoder.events;
	replay->below = walk->below;
	replay->same = walk->same;
	replay->stride = (positions + CHECKPOINTS - 1) / CHECKPOINTS;
	replay->next_checkpoint = replay->stride;
	for (uint32_t i = 0; i < replay->places_count; i++)
		replay->places[i].turns =
			walk->slots[index + i * replay->threads].turns + 1;
}

/* How many slots there are is known at a walk's end, requests follow them. */
static uint32_t slots_count(const struct option_value *options)
{
	struct step step;
	struct walk walk;

	if (walk_open(options, &walk) != 0)
		return 0;
	while (walk_next(&walk, &step) > 0)
		;
	walk_close(&walk);
	return walk.slots_count;
}

static int replay_setup(struct worker *worker)
{
	const struct option_value *options = worker->options;
	struct replay *replay = worker->state;
	struct step step;
	struct walk walk;
	int status;

	replay->page_size = worker->page_size;
	replay->touch = options[TOUCH].number;
	replay->reread = options[REREAD].number;
	replay->times = options[TIMES].number;
	replay->threads = worker->threads;
	replay->places_count =
		places_of(slots_count(options), worker->threads, worker->index);
	replay->requests = (struct request *)(void *)(replay->places +
						      replay->places_count);
	status = walk_open(options, &walk);
	if (status)
		return status;
	while ((status = walk_next(&walk, &step)) > 0)
		if (step.thread % worker->threads == worker->index)
			request_keep(
				&step, (uint32_t)(walk.steps - 1),
				&replay->requests[replay->requests_count++]);
	setup_counts(&walk, worker->index, replay);
	walk_close(&walk);
	replays[worker->index] = replay;
	return status;
}

static struct place *place_of(const struct replay *replay, uint32_t slot)
{
	return &replays[slot % replay->threads]->places[slot / replay->threads];
}

static void place_futex(struct place *place, int what, uint32_t value)
{
	syscall(SYS_futex, &place->turn, what | FUTEX_PRIVATE_FLAG, value, NULL,
		NULL, 0);
}

/*
 * Until the block is ours, by its turn; the wait is outside the clock. Asleep,
 * as there may be fewer CPUs than threads.
 */
static void place_await(struct worker *worker, struct place *place,
			uint32_t turn)
{
	struct replay *replay = worker->state;
	uint32_t now = __atomic_load_n(&place->turn, __ATOMIC_ACQUIRE);

	if (now == turn)
		return;
	replay->waited++;
	worker_pause(worker);
	__atomic_add_fetch(&place->waiting, 1, __ATOMIC_SEQ_CST);
	while ((now = __atomic_load_n(&place->turn, __ATOMIC_SEQ_CST)) != turn)
		place_futex(place, FUTEX_WAIT, now);
	__atomic_sub_fetch(&place->waiting, 1, __ATOMIC_SEQ_CST);
	worker_resume(worker);
}

static void place_pass_on(struct place *place)
{
	__atomic_store_n(&place->turn, place->turn + 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&place->waiting, __ATOMIC_SEQ_CST) > 0)
		place_futex(place, FUTEX_WAKE, INT_MAX);
}

static void touch(struct worker *worker, struct buffer *buffer, uint64_t from)
{
	const struct replay *replay = worker->state;
	uint64_t end;

	for (; touched_run(replay->page_size, replay->touch, &from, &end,
			   buffer->size);
	     from = end)
		buffer_touch(worker, buffer, from, end);
}

static void verify(struct worker *worker, const struct buffer *buffer)
{
	const struct replay *replay = worker->state;
	uint64_t from = 0, end;

	for (; touched_run(replay->page_size, replay->touch, &from, &end,
			   buffer->size);
	     from = end)
		buffer_verify(worker, buffer, from, end);
}

static void release(struct worker *worker, struct buffer *buffer)
{
	if (!buffer->bytes)
		return;
	verify(worker, buffer);
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

static void reread(struct worker *worker, const struct buffer *buffer,
		   uint64_t to)
{
	const struct replay *replay = worker->state;
	uint64_t from = 0, end;

	for (; touched_run(replay->page_size, replay->touch, &from, &end, to);
	     from = end)
		buffer_reread(worker, buffer, from, end);
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
		verify(worker, buffer);
		buffer_shrink(worker, buffer, request->size);
		return;
	}
	/* As realloc() does, an aligned block grows without its alignment. */
	error = old ? buffer_grow(worker, buffer, request->size)
		    : allocate(worker, buffer, request);
	if (error)
		return;
	touch(worker, buffer, old);
	if (replay->reread)
		reread(worker, buffer, old);
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
			    (uint32_t)(time + 1) * place->turns - 1);
		release(worker, &place->buffer);
		place_pass_on(place);
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
			    (uint32_t)time * place->turns + request->turn);
		if (request->kind == KIND_RELEASE)
			release(worker, &place->buffer);
		else
			resize(worker, &place->buffer, request);
		place_pass_on(place);
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
			verify(worker, &replay->places[i].buffer);
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
