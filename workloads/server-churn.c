/*
 * server-churn - connections whose buffers are born, grow by doubling, live and die.
 *
 * Each step picks a connection at random. One that is below its target size
 * grows; one that has reached it and has a life left re-reads its buffer, and
 * has a step less of it; one that has none dies (its buffer is verified and
 * released) and is born again with a new target. The live set is built first,
 * as part of the run, in the state that the churn would settle in (with sizes=
 * or life= nearly so: its lives are some of 16,384, by their lengths).
 *
 * A step is a request: its service time is kept in a closed loop, where a step
 * follows the one before, and with rate=, where steps are due by a schedule
 * whatever became of those before, its response time as well. The threads share
 * the rate alike.
 *
 * sizes= is what a life ends at, of 8 bytes to 1 GiB: what is drawn beyond is
 * held there. It is born at the profile's size (small: 4 KiB, conn: 64 KiB,
 * pow2: 2 MiB) or, where that is less, at its last one; pow2+4K adds a page to
 * both. life= is 0 to 1,000,000,000 steps. Where both are empirical one line of
 * file= gives both.
 *
 * long= is the share of connections (of each thread, rounded up) that never
 * die: they are built at their last size, among the others. spike= is a share
 * of them too (rounded up): of the run's steps, counted from 1 in each thread,
 * those at 1/16, 3/16, ... 15/16 (rounded down) first bear so many more, each at
 * its last size at once, in the one request. In the sixteenth of the steps
 * (rounded down) that follows they die, evenly and those first that were born
 * first, in these steps' requests. No step picks them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <regrow/churn.h>
#include <regrow/churn_estimate.h>
#include <regrow/churn_laws.h>
#include <regrow/churn_profiles.h>
#include <regrow/plant.h>
#include <regrow/random.h>
#include <regrow/workload.h>

#define LIVE_MAX 1000000
#define STEPS_MAX 1000000000
#define THREADS_MAX 64
#define RATE_MAX 1000000000
#define POINTS 64 /* of the timeline, about */

enum {
	PROFILE,
	SCALE,
	LIVE,
	STEPS,
	TOUCH,
	THREADS,
	RATE,
	ARRIVALS,
	SIZES,
	LIFE,
	DATA,
	LONG,
	SPIKE,
	MAPPINGS,
	HOLES,
	HOLE,
};

static const struct option_entry options_table[] = {
	[PROFILE] = {"profile", OPTION_CHOICE, "small",
		     "small|conn|pow2|pow2+4K", "how large, how long-lived"},
	[SCALE] = {"scale", OPTION_CHOICE, "S", "S|M|L",
		   "steps: about a second of copying, 8 and 64 times that"},
	[LIVE] = {"live", OPTION_COUNT, "0", NULL,
		  "connections alive; 0: the profile's"},
	[STEPS] = {"steps", OPTION_COUNT, "0", NULL,
		   "growths, reads and deaths; 0: the profile's and the "
		   "scale's"},
	[TOUCH] =
		{"touch", OPTION_CHOICE, "ends", "ends|all|none",
		 "what is written of new bytes: first and last page, all, none"},
	[THREADS] = {"threads", OPTION_COUNT, "1", NULL,
		     "threads that live and steps are divided among"},
	[RATE] = {"rate", OPTION_COUNT, "0", NULL,
		  "steps due in a second, of all threads; 0: a closed loop"},
	[ARRIVALS] = {"arrivals", OPTION_CHOICE, "poisson", "poisson|fixed",
		      "with a rate: at exponential gaps, or equal ones"},
	[SIZES] =
		{"sizes", OPTION_TEXT, "", NULL,
		 "what a life ends at, to 1G: nothing (the profile's), a size, "
		 "[lognormal:1M:1.5], [bimodal:64K:4M:5%], [pareto:64K:1.2], "
		 "empirical"},
	[LIFE] = {"life", OPTION_TEXT, "0", NULL,
		  "steps of its own that it lives at that size: a number or a "
		  "law as in sizes"},
	[DATA] = {"file", OPTION_FILE, "", NULL,
		  "what is empirical: lines SIZE LIFE WEIGHT"},
	[LONG] = {"long", OPTION_PERCENT, "0", NULL,
		  "share of live that never dies"},
	[SPIKE] = {"spike", OPTION_PERCENT, "0", NULL,
		   "share of live that is born beside it at once, eight times"},
	[MAPPINGS] = {"mappings", OPTION_COUNT, "0", NULL,
		      "of a page each, without holes, that are planted before"},
	[HOLES] = {"holes", OPTION_COUNT, "0", NULL,
		   "gaps between single pages that are planted before"},
	[HOLE] = {"hole", OPTION_SIZE, "4K", NULL,
		  "of each planted hole, in whole pages"},
	{0},
};

static const struct churn_profile *
profile_of(const struct option_value *options)
{
	return &churn_profiles[options[PROFILE].number];
}

static uint64_t live_of(const struct option_value *options)
{
	return options[LIVE].number ? options[LIVE].number
				    : profile_of(options)->live;
}

static uint64_t steps_of(const struct option_value *options)
{
	return options[STEPS].number ? options[STEPS].number
				     : (uint64_t)profile_of(options)->steps
					       << 3 * options[SCALE].number;
}

static uint64_t count_of(const struct option_value *options, unsigned int index)
{
	uint64_t threads = options[THREADS].number;

	return (live_of(options) + threads - 1 - index) / threads;
}

static uint64_t share_of(uint64_t count, const struct option_value *percent)
{
	return (count * percent->number + 99) / 100;
}

/* Of a thread: of its connections, and of a spike's. */
static uint64_t places_of(const struct option_value *options,
			  unsigned int index)
{
	uint64_t count = count_of(options, index);

	return count + share_of(count, &options[SPIKE]);
}

/* Equal for all threads: they meet at each checkpoint. */
static uint64_t thread_steps(const struct option_value *options)
{
	return steps_of(options) / options[THREADS].number;
}

/* The mean between two steps of a thread; with a rate. */
static double interval_ns(const struct option_value *options)
{
	return 1e9 * (double)options[THREADS].number /
	       (double)options[RATE].number;
}

/* By when the steps are due, in the mean of all seeds; 0: a closed loop. */
static uint64_t span_ns(const struct option_value *options)
{
	if (options[RATE].number == 0)
		return 0;
	return (uint64_t)((double)thread_steps(options) * interval_ns(options));
}

static struct churn_laws laws_of(const struct option_value *options)
{
	return (struct churn_laws){
		.sizes = &options[SIZES],
		.life = &options[LIFE],
		.file = &options[DATA],
	};
}

static struct plant plant_of(const struct option_value *options)
{
	return (struct plant){
		.holes = options[HOLES].number,
		.hole_bytes = options[HOLE].number,
		.mappings = options[MAPPINGS].number,
	};
}

static bool is_planted(const struct option_value *options)
{
	return options[MAPPINGS].number || options[HOLES].number;
}

/* Each connection may be a mapping of its own. */
static int check_planted(const struct option_value *options, char *why,
			 size_t why_size)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	const struct plant plant = plant_of(options);

	if (plant.hole_bytes == 0 || plant.hole_bytes % page_size) {
		snprintf(why, why_size,
			 "hole is whole pages of %" PRIu64
			 " bytes, not %" PRIu64,
			 page_size, plant.hole_bytes);
		return -EINVAL;
	}
	return is_planted(options)
		       ? plant_check(&plant, live_of(options), why, why_size)
		       : 0;
}

static int server_churn_check(const struct option_value *options, char *why,
			      size_t why_size)
{
	const struct churn_laws laws = laws_of(options);
	uint64_t threads = options[THREADS].number;
	struct churn churn;

	if (threads < 1 || threads > THREADS_MAX)
		snprintf(why, why_size, "threads is 1 to %d, not %" PRIu64,
			 THREADS_MAX, threads);
	else if (live_of(options) > LIVE_MAX)
		snprintf(why, why_size, "live is at most %d, not %" PRIu64,
			 LIVE_MAX, live_of(options));
	else if (steps_of(options) > STEPS_MAX)
		snprintf(why, why_size, "steps is at most %d, not %" PRIu64,
			 STEPS_MAX, steps_of(options));
	else if (threads > live_of(options) || threads > steps_of(options))
		snprintf(why, why_size,
			 "%" PRIu64 " threads need as many connections and "
			 "steps: raise live or steps, or lower threads",
			 threads);
	else if (options[SPIKE].number > 0 &&
		 thread_steps(options) < 2 * CHURN_SPIKES)
		snprintf(why, why_size,
			 "%" PRIu64 " spikes need %" PRIu64
			 " steps of a thread, not %" PRIu64,
			 CHURN_SPIKES, 2 * CHURN_SPIKES, thread_steps(options));
	else if (options[RATE].number > RATE_MAX)
		snprintf(why, why_size, "rate is at most %d, not %" PRIu64,
			 RATE_MAX, options[RATE].number);
	else if (check_planted(options, why, why_size) == 0)
		return churn_laws_read(&laws, &churn, why, why_size);
	return -EINVAL;
}

/* room: as churn_laws_room() says. 0 or -EINVAL. */
static int churn_open(struct churn *churn, const struct option_value *options,
		      uint64_t seed, unsigned int index, void *room)
{
	const struct churn_laws laws = laws_of(options);

	*churn = (struct churn){.profile = profile_of(options)};
	churn->random.state = random_mix(seed ^ random_mix(index + 1));
	churn->count = count_of(options, index);
	churn->immortal = share_of(churn->count, &options[LONG]);
	churn->extra = share_of(churn->count, &options[SPIKE]);
	churn->steps = thread_steps(options);
	return churn_laws_open(&laws, churn, room);
}

static void server_churn_estimate(const struct option_value *options,
				  uint64_t seed, struct estimate *estimate)
{
	const struct churn_laws laws = laws_of(options);
	unsigned int threads = (unsigned int)options[THREADS].number;
	struct connection *connections =
		calloc(places_of(options, 0), sizeof(*connections));
	void *room = malloc(churn_laws_room(&laws) + 1);
	struct churn churn;

	*estimate = (struct estimate){
		.threads = threads,
		.span_ns_min = span_ns(options),
	};
	/* Nothing that large fits where not even this does. */
	if (!connections || !room)
		estimate->resident_bytes_max = UINT64_MAX;
	for (unsigned int i = 0; connections && room && i < threads; i++)
		if (churn_open(&churn, options, seed, i, room) == 0)
			churn_estimate(&churn, options[TOUCH].number,
				       (uint64_t)sysconf(_SC_PAGESIZE),
				       connections, estimate);
	free(room);
	free(connections);
}

/*
 * A thread's. A connection's identity is index + place * threads, a spike's
 * come after those of all threads.
 */
struct state {
	struct churn churn;
	enum churn_touch touch;
	uint64_t stride; /* steps between two checkpoints */
	uint64_t live; /* of all threads */
	uint64_t places;
	uint64_t died;
	uint64_t read;
	struct connection *connections; /* as they should be */
	struct buffer *buffers; /* as the allocator left them */
	struct planting planting; /* thread 0's */
	uint64_t room[]; /* for all of these */
};

static size_t server_churn_state_size(const struct option_value *options)
{
	const struct churn_laws laws = laws_of(options);

	return sizeof(struct state) +
	       places_of(options, 0) *
		       (sizeof(struct connection) + sizeof(struct buffer)) +
	       churn_laws_room(&laws);
}

static int server_churn_setup(struct worker *worker)
{
	const struct option_value *options = worker->options;
	struct state *state = worker->state;
	int error;

	state->places = places_of(options, worker->index);
	state->connections = (struct connection *)(void *)state->room;
	state->buffers =
		(struct buffer *)(void *)(state->connections + state->places);
	error = churn_open(&state->churn, options, worker->seed, worker->index,
			   state->buffers + state->places);
	if (error)
		return error;
	state->touch = options[TOUCH].number;
	state->live = live_of(options);
	state->stride = (state->churn.steps + POINTS - 1) / POINTS;
	if (options[RATE].number)
		worker_arrivals(worker,
				options[ARRIVALS].number ? ARRIVALS_FIXED
							 : ARRIVALS_POISSON,
				interval_ns(options), state->churn.steps);
	return 0;
}

enum access { ACCESS_TOUCH, ACCESS_REREAD, ACCESS_VERIFY };

static void range_access(struct worker *worker, struct buffer *buffer,
			 enum access access, uint64_t from, uint64_t to)
{
	if (from == to)
		return;
	if (access == ACCESS_TOUCH)
		buffer_touch(worker, buffer, from, to);
	else if (access == ACCESS_REREAD)
		buffer_reread(worker, buffer, from, to);
	else
		buffer_verify(worker, buffer, from, to);
}

/* What the steps of a connection that began at or above from wrote, to upto. */
static void place_access(struct worker *worker, uint64_t place,
			 enum access access, uint64_t from, uint64_t upto)
{
	const struct state *state = worker->state;
	const struct connection *connection = &state->connections[place];
	uint64_t at = 0, to = connection->born;
	struct churn_written written;

	while (at < upto) {
		written =
			churn_written(state->touch, worker->page_size, at, to);
		for (int i = 0; at >= from && i < 2; i++)
			range_access(worker, &state->buffers[place], access,
				     written.from[i], written.to[i]);
		at = to;
		to = connection_next(connection, at);
	}
}

static uint64_t identity_of(const struct worker *worker, uint64_t place)
{
	const struct state *state = worker->state;

	if (place < state->churn.count)
		return worker->index + place * worker->threads;
	return state->live + worker->index +
	       (place - state->churn.count) * worker->threads;
}

/*
 * Brings a buffer to its connection's size. Where that fails the buffer stays
 * as it is, or none, and the next growth asks for its own size: the requests
 * are the same whatever the allocator can give.
 */
static void place_sized(void *context, uint64_t place, uint64_t old_size)
{
	struct worker *worker = context;
	struct state *state = worker->state;
	struct buffer *buffer = &state->buffers[place];
	uint64_t old = buffer->bytes ? buffer->size : 0;
	uint64_t size = state->connections[place].size;
	int error;

	(void)old_size; /* what it should have been */
	error = old ? buffer_grow(worker, buffer, size)
		    : buffer_alloc(worker, buffer, identity_of(worker, place),
				   size);
	if (error)
		return;
	place_access(worker, place, ACCESS_TOUCH, old, size);
	place_access(worker, place, ACCESS_REREAD, 0, old);
}

static void place_reads(void *context, uint64_t place)
{
	struct worker *worker = context;
	struct state *state = worker->state;

	state->read++;
	if (state->buffers[place].bytes)
		place_access(worker, place, ACCESS_REREAD, 0,
			     state->buffers[place].size);
}

static void place_dies(void *context, uint64_t place)
{
	struct worker *worker = context;
	struct state *state = worker->state;
	struct buffer *buffer = &state->buffers[place];

	state->died += place < state->churn.count;
	if (!buffer->bytes)
		return;
	/* One pause for all the ranges. */
	worker_pause(worker);
	place_access(worker, place, ACCESS_VERIFY, 0, buffer->size);
	worker_resume(worker);
	buffer_release(worker, buffer);
}

static void step_begins(void *context)
{
	worker_request_begin(context);
}

static void step_ends(void *context, uint64_t number)
{
	struct worker *worker = context;
	const struct state *state = worker->state;

	if (number > 0)
		worker_request_end(worker);
	if (number % state->stride == 0)
		worker_checkpoint(worker);
}

/* By the first thread; the others wait for it. 0 or -errno. */
static int churn_plant(struct worker *worker)
{
	struct state *state = worker->state;
	const struct plant plant = plant_of(worker->options);
	struct planting_seen seen = {0};
	int error = 0;

	worker_pause(worker);
	if (worker->index == 0)
		error = plant_open(&state->planting, &plant, worker->page_size,
				   &seen);
	worker_resume(worker);
	worker_checkpoint(worker);
	if (error || worker->index > 0)
		return error;
	worker_figure(worker, 2, "planted_mappings", seen.mappings);
	worker_figure(worker, 3, "planted_holes", seen.holes);
	return 0;
}

static int server_churn_run(struct worker *worker)
{
	static const struct churn_visitor visitor = {
		.begins = step_begins,
		.ends = step_ends,
		.sized = place_sized,
		.reads = place_reads,
		.dies = place_dies,
	};
	struct state *state = worker->state;
	int error = is_planted(worker->options) ? churn_plant(worker) : 0;

	if (error)
		return error;
	churn_walk(&state->churn, state->connections, &visitor, worker);
	worker_figure(worker, 0, "replacements", state->died);
	if (state->read > 0)
		worker_figure(worker, 1, "reads", state->read);
	return 0;
}

static int server_churn_verify(struct worker *worker)
{
	struct state *state = worker->state;

	for (uint64_t i = 0; i < state->places; i++)
		if (state->buffers[i].bytes)
			place_access(worker, i, ACCESS_VERIFY, 0,
				     state->buffers[i].size);
	return 0;
}

static int server_churn_drain(struct worker *worker)
{
	struct state *state = worker->state;

	for (uint64_t i = 0; i < state->places; i++)
		if (state->buffers[i].bytes)
			buffer_release(worker, &state->buffers[i]);
	worker_pause(worker);
	planting_close(&state->planting);
	worker_resume(worker);
	return 0;
}

static const struct workload server_churn = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "server-churn",
	.summary = "connections whose buffers are born, grow, live and die",
	.options = options_table,
	.check = server_churn_check,
	.estimate = server_churn_estimate,
	.state_size = server_churn_state_size,
	.setup = server_churn_setup,
	.run = server_churn_run,
	.verify = server_churn_verify,
	.drain = server_churn_drain,
};

REGISTER_WORKLOAD(server_churn);
