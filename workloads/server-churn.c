/*
 * server-churn - connections whose buffers are born, grow by doubling and die.
 *
 * Each step picks a connection at random. One that is below its target size
 * grows; one that has reached it dies (its buffer is verified and released) and
 * is born again with a new target. The live set is built first, as part of the
 * run, in the state that the churn would settle in.
 *
 * A step is a request: its service time is kept in a closed loop, where a step
 * follows the one before, and with rate=, where steps are due by a schedule
 * whatever became of those before, its response time as well. The threads share
 * the rate alike.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <regrow/random.h>
#include <regrow/workload.h>

#define LIVE_MAX 1000000
#define STEPS_MAX 1000000000
#define THREADS_MAX 64
#define RATE_MAX 1000000000
#define POINTS 64 /* of the timeline, about */

enum { PROFILE, SCALE, LIVE, STEPS, TOUCH, THREADS, RATE, ARRIVALS };
enum { TOUCH_ENDS, TOUCH_ALL, TOUCH_NONE };

static const struct option_entry options_table[] = {
	[PROFILE] = {"profile", OPTION_CHOICE, "small",
		     "small|conn|pow2|pow2+4K", "how large, how long-lived"},
	[SCALE] = {"scale", OPTION_CHOICE, "S", "S|M|L",
		   "steps: about a second of copying, 8 and 64 times that"},
	[LIVE] = {"live", OPTION_COUNT, "0", NULL,
		  "connections alive; 0: the profile's"},
	[STEPS] = {"steps", OPTION_COUNT, "0", NULL,
		   "growths and deaths; 0: the profile's and the scale's"},
	[TOUCH] = {"touch", OPTION_CHOICE, "ends", "ends|all|none",
		   "what is written of new bytes: first and last page, all"},
	[THREADS] = {"threads", OPTION_COUNT, "1", NULL,
		     "threads that live and steps are divided among"},
	[RATE] = {"rate", OPTION_COUNT, "0", NULL,
		  "steps due in a second, of all threads; 0: a closed loop"},
	[ARRIVALS] = {"arrivals", OPTION_CHOICE, "poisson", "poisson|fixed",
		      "with a rate: at exponential gaps, or equal ones"},
	{0},
};

/* A life: born at one size, it doubles up to its target and dies. */
struct connection {
	uint64_t born; /* bytes, as all sizes here; the residue included */
	uint64_t size;
	uint64_t target;
	uint64_t resident; /* for the estimate only */
	uint64_t written; /* for the estimate only */
};

struct profile {
	unsigned int live;
	unsigned int steps; /* at scale S */
	uint64_t residue; /* bytes, added to each size */
	unsigned int growths_max; /* of one life */
	void (*draw)(struct random *random, struct connection *connection);
};

/* What one thread's stream of requests is made from. */
struct churn {
	const struct profile *profile;
	struct random random;
	uint64_t count; /* of this thread's connections */
	uint64_t steps;
	uint64_t touch; /* TOUCH_ */
	uint64_t page_size;
};

struct slot {
	struct connection connection; /* as it should be */
	struct buffer buffer; /* as the allocator left it */
};

/* A thread's. Connection number i is index + i * threads of all. */
struct connections {
	struct churn churn;
	struct slot slots[];
};

/* Two growths to one death: the mean of a geometric law that ends at eight. */
static void draw_small(struct random *random, struct connection *connection)
{
	unsigned int growths = 0;

	while (growths < 8 && random_below(random, 100000) < 67657)
		growths++;
	connection->born = 4 << 10;
	connection->target = connection->born << growths;
}

static void draw_conn(struct random *random, struct connection *connection)
{
	double size = random_lognormal(random, 0x1p20, 1.5);

	connection->born = 64 << 10;
	if (size < 0x1p16)
		size = 0x1p16;
	if (size > 0x1p26)
		size = 0x1p26;
	connection->target = (uint64_t)size / 8 * 8;
}

/*
 * Replacement above all, one growth to sixteen deaths: the question is what the
 * sizes leave in the map, and a copy of 4 MiB costs as much as hundreds of
 * replacements.
 */
static void draw_pow2(struct random *random, struct connection *connection)
{
	uint64_t class = random_below(random, 4);

	connection->born = (uint64_t)2 << 20 << class;
	connection->target = connection->born;
	if (class < 3 && random_below(random, 12) == 0)
		connection->target *= 2;
}

/*
 * In the order of the option's choices. A second of copying, where a first
 * touch of a page costs 18 us, is about 2,500 deaths of small, 75 of conn and
 * 700 of pow2: a life of conn copies 4 MiB.
 */
static const struct profile profiles[] = {
	{4000, 7500, 0, 8, draw_small},
	{1000, 500, 0, 10, draw_conn},
	{256, 750, 0, 1, draw_pow2},
	{256, 750, 4096, 1, draw_pow2},
};

static const struct profile *profile_of(const struct option_value *options)
{
	return &profiles[options[PROFILE].number];
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

static int server_churn_check(const struct option_value *options, char *why,
			      size_t why_size)
{
	uint64_t threads = options[THREADS].number;

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
	else if (options[RATE].number > RATE_MAX)
		snprintf(why, why_size, "rate is at most %d, not %" PRIu64,
			 RATE_MAX, options[RATE].number);
	else
		return 0;
	return -EINVAL;
}

static void churn_open(struct churn *churn, const struct option_value *options,
		       uint64_t seed, unsigned int index, uint64_t page_size)
{
	churn->profile = profile_of(options);
	churn->random.state = random_mix(seed ^ random_mix(index + 1));
	churn->count = count_of(options, index);
	churn->steps = thread_steps(options);
	churn->touch = options[TOUCH].number;
	churn->page_size = page_size;
}

static uint64_t size_next(const struct connection *connection, uint64_t size)
{
	return 2 * size < connection->target ? 2 * size : connection->target;
}

static void connection_bear(struct churn *churn, struct connection *connection)
{
	*connection = (struct connection){0};
	churn->profile->draw(&churn->random, connection);
	connection->born += churn->profile->residue;
	connection->target += churn->profile->residue;
	connection->size = connection->born;
}

/* One step: it grows, or it has lived and is born again. */
static void connection_step(struct churn *churn, struct connection *connection)
{
	if (connection->size == connection->target)
		connection_bear(churn, connection);
	else
		connection->size = size_next(connection, connection->size);
}

/*
 * A connection as a long churn would show it: a life is met in proportion to
 * its number of steps, at any of them alike. It is born at the size that it
 * has.
 */
static void connection_settle(struct churn *churn,
			      struct connection *connection)
{
	uint64_t size, growths, age;

	do {
		connection_bear(churn, connection);
		growths = 0;
		for (size = connection->born; size < connection->target;
		     size = size_next(connection, size))
			growths++;
	} while (random_below(&churn->random, churn->profile->growths_max + 1) >
		 growths);
	for (age = random_below(&churn->random, growths + 1); age > 0; age--)
		connection->size = size_next(connection, connection->size);
	connection->born = connection->size;
}

/*
 * What is written when a buffer grows: of the new bytes all, or those in their
 * first and last page, or none. Two ranges, of which any may be empty.
 */
struct written {
	uint64_t from[2];
	uint64_t to[2];
};

static struct written step_written(const struct churn *churn, uint64_t from,
				   uint64_t to)
{
	uint64_t first_end =
		from / churn->page_size * churn->page_size + churn->page_size;
	uint64_t last = (to - 1) / churn->page_size * churn->page_size;

	if (churn->touch == TOUCH_NONE)
		return (struct written){{to, to}, {to, to}};
	if (churn->touch == TOUCH_ALL || last <= first_end)
		return (struct written){{from, to}, {to, to}};
	return (struct written){{from, last}, {first_end, to}};
}

static uint64_t pages(const struct churn *churn, uint64_t size)
{
	return (size + churn->page_size - 1) / churn->page_size;
}

/* Pages that a step is the first to write. */
static uint64_t step_pages(const struct churn *churn, uint64_t from,
			   uint64_t to)
{
	uint64_t fresh = pages(churn, to) - pages(churn, from);

	if (churn->touch == TOUCH_NONE)
		return 0;
	if (churn->touch == TOUCH_ALL || fresh < 2)
		return fresh;
	return from % churn->page_size ? 1 : 2;
}

/* Counts for the estimate, and what one thread has at the moment. */
struct account {
	struct estimate *estimate;
	uint64_t live;
	uint64_t live_max;
	uint64_t resident; /* all that was copied, and what was written since */
	uint64_t resident_max;
};

static void account_peak(struct account *account)
{
	if (account->live_max < account->live)
		account->live_max = account->live;
	if (account->resident_max < account->resident)
		account->resident_max = account->resident;
}

/* A connection was born (old is 0), or grew from old bytes by copying. */
static void account_size(struct account *account, const struct churn *churn,
			 struct connection *connection, uint64_t old)
{
	struct estimate *estimate = account->estimate;
	uint64_t size = connection->size;
	uint64_t copied = pages(churn, old) * churn->page_size;
	uint64_t touched = step_pages(churn, old, size) * churn->page_size;
	struct written written = step_written(churn, old, size);

	estimate->operations++;
	estimate->growths += old > 0;
	estimate->touched_bytes += touched;
	estimate->reread_bytes += connection->written;
	estimate->copied_bytes += old;
	if (estimate->block_bytes_max < size)
		estimate->block_bytes_max = size;
	account->resident += copied;
	account_peak(account);
	account->resident += touched - connection->resident;
	account->live += size - old;
	account_peak(account);
	connection->resident = copied + touched;
	connection->written += written.to[0] - written.from[0] + written.to[1] -
			       written.from[1];
}

/* The requests of one thread, without memory behind them. */
static void estimate_thread(struct churn *churn, struct account *account,
			    struct connection *connections)
{
	struct connection *connection;
	uint64_t i, old;

	for (i = 0; i < churn->count; i++) {
		connection_settle(churn, &connections[i]);
		account_size(account, churn, &connections[i], 0);
	}
	for (i = 0; i < churn->steps; i++) {
		connection = &connections[random_below(&churn->random,
						       churn->count)];
		old = connection->size;
		if (old == connection->target) {
			account->estimate->operations++;
			account->live -= old;
			account->resident -= connection->resident;
			old = 0;
		}
		connection_step(churn, connection);
		account_size(account, churn, connection, old);
	}
	account->estimate->operations += churn->count; /* the drain */
	/* As if all threads had the most at once. */
	account->estimate->live_bytes_max += account->live_max;
	account->estimate->resident_bytes_max += account->resident_max;
}

static void server_churn_estimate(const struct option_value *options,
				  uint64_t seed, struct estimate *estimate)
{
	unsigned int threads = (unsigned int)options[THREADS].number;
	struct connection *connections =
		calloc(count_of(options, 0), sizeof(*connections));
	struct churn churn;

	*estimate = (struct estimate){
		.threads = threads,
		.span_ns_min = span_ns(options),
	};
	/* Nothing that large fits where not even this does. */
	if (!connections)
		estimate->resident_bytes_max = UINT64_MAX;
	for (unsigned int i = 0; connections && i < threads; i++) {
		struct account account = {.estimate = estimate};

		churn_open(&churn, options, seed, i,
			   (uint64_t)sysconf(_SC_PAGESIZE));
		estimate_thread(&churn, &account, connections);
	}
	free(connections);
}

static size_t server_churn_state_size(const struct option_value *options)
{
	return sizeof(struct connections) +
	       count_of(options, 0) * sizeof(struct slot);
}

static int server_churn_setup(struct worker *worker)
{
	struct connections *connections = worker->state;

	churn_open(&connections->churn, worker->options, worker->seed,
		   worker->index, worker->page_size);
	if (worker->options[RATE].number)
		worker_arrivals(
			worker,
			worker->options[ARRIVALS].number ? ARRIVALS_FIXED
							 : ARRIVALS_POISSON,
			interval_ns(worker->options), connections->churn.steps);
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
static void slot_access(struct worker *worker, struct slot *slot,
			enum access access, uint64_t from, uint64_t upto)
{
	const struct connections *connections = worker->state;
	uint64_t at = 0, to = slot->connection.born;
	struct written written;

	while (at < upto) {
		written = step_written(&connections->churn, at, to);
		for (int i = 0; at >= from && i < 2; i++)
			range_access(worker, &slot->buffer, access,
				     written.from[i], written.to[i]);
		at = to;
		to = size_next(&slot->connection, at);
	}
}

/*
 * Brings a buffer to its connection's size. Where that fails the buffer stays
 * as it is, or none, and the next growth asks for its own size: the requests
 * are the same whatever the allocator can give.
 */
static void slot_fill(struct worker *worker, struct slot *slot,
		      uint64_t identity)
{
	uint64_t old = slot->buffer.bytes ? slot->buffer.size : 0;
	uint64_t size = slot->connection.size;
	int error;

	error = old ? buffer_grow(worker, &slot->buffer, size)
		    : buffer_alloc(worker, &slot->buffer, identity, size);
	if (error)
		return;
	slot_access(worker, slot, ACCESS_TOUCH, old, size);
	slot_access(worker, slot, ACCESS_REREAD, 0, old);
}

static void slot_die(struct worker *worker, struct slot *slot)
{
	if (!slot->buffer.bytes)
		return;
	/* One pause for all the ranges. */
	worker_pause(worker);
	slot_access(worker, slot, ACCESS_VERIFY, 0, slot->buffer.size);
	worker_resume(worker);
	buffer_release(worker, &slot->buffer);
}

/* True: a connection died and was born again; false: one grew. */
static bool churn_step(struct worker *worker)
{
	struct connections *connections = worker->state;
	struct churn *churn = &connections->churn;
	uint64_t i = random_below(&churn->random, churn->count);
	struct slot *slot = &connections->slots[i];
	struct connection *connection = &slot->connection;
	bool dies = connection->size == connection->target;

	if (dies)
		slot_die(worker, slot);
	connection_step(churn, connection);
	slot_fill(worker, slot, worker->index + i * worker->threads);
	return dies;
}

static int server_churn_run(struct worker *worker)
{
	struct connections *connections = worker->state;
	struct churn *churn = &connections->churn;
	uint64_t stride = (churn->steps + POINTS - 1) / POINTS;
	uint64_t i, replacements = 0;

	for (i = 0; i < churn->count; i++) {
		connection_settle(churn, &connections->slots[i].connection);
		slot_fill(worker, &connections->slots[i],
			  worker->index + i * worker->threads);
	}
	worker_checkpoint(worker);
	for (i = 1; i <= churn->steps; i++) {
		worker_request_begin(worker);
		replacements += churn_step(worker);
		worker_request_end(worker);
		if (i % stride == 0)
			worker_checkpoint(worker);
	}
	worker_figure(worker, 0, "replacements", replacements);
	return 0;
}

static int server_churn_verify(struct worker *worker)
{
	struct connections *connections = worker->state;
	struct slot *slot;

	for (uint64_t i = 0; i < connections->churn.count; i++) {
		slot = &connections->slots[i];
		if (slot->buffer.bytes)
			slot_access(worker, slot, ACCESS_VERIFY, 0,
				    slot->buffer.size);
	}
	return 0;
}

static int server_churn_drain(struct worker *worker)
{
	struct connections *connections = worker->state;
	struct slot *slot;

	for (uint64_t i = 0; i < connections->churn.count; i++) {
		slot = &connections->slots[i];
		if (slot->buffer.bytes)
			buffer_release(worker, &slot->buffer);
	}
	return 0;
}

static const struct workload server_churn = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "server-churn",
	.summary = "connections whose buffers are born, grow and die",
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
