/*
 * steps - a workload of known work: each thread grows one buffer from one page
 * by doubling, several times over, everything touched and verified. A growth is
 * a request where that is asked for.
 */
#include <time.h>

#include <regrow/workload.h>

enum {
	STEPS_GROWTHS,
	STEPS_LIVES,
	STEPS_THREADS,
	STEPS_ALIGN,
	STEPS_SHRINK,
	STEPS_REQUESTS,
	STEPS_NAP,
	STEPS_FORKS,
};

enum { REQUESTS_NONE, REQUESTS_CLOSED, REQUESTS_FIXED, REQUESTS_POISSON };

static const struct option_entry options[] = {
	{"growths", OPTION_COUNT, "4", NULL, "doublings of one life"},
	{"lives", OPTION_COUNT, "1", NULL, "how often each buffer is made"},
	{"threads", OPTION_COUNT, "1", NULL, "threads"},
	{"align", OPTION_SIZE, "16", NULL, "alignment of the buffer"},
	{"shrink", OPTION_COUNT, "0", NULL, "halvings at each life's end"},
	{"requests", OPTION_CHOICE, "none", "none|closed|fixed|poisson",
	 "each growth is one, due every 200 us"},
	{"nap", OPTION_COUNT, "0", NULL, "ms asleep in each growth's pause"},
	{"forks", OPTION_COUNT, "0", NULL, "children of each life"},
	{0},
};

static void steps_estimate(const struct option_value *values, uint64_t seed,
			   struct estimate *estimate)
{
	(void)seed;
	estimate->threads = (unsigned int)values[STEPS_THREADS].number;
	estimate->block_bytes_max = 65536u << values[STEPS_GROWTHS].number;
	estimate->growths = values[STEPS_THREADS].number *
			    values[STEPS_LIVES].number *
			    values[STEPS_GROWTHS].number;
}

static size_t steps_state_size(const struct option_value *values)
{
	(void)values;
	return sizeof(struct buffer);
}

static void nap(struct worker *worker)
{
	struct timespec pause = {
		.tv_nsec = (long)worker->options[STEPS_NAP].number * 1000000,
	};

	if (pause.tv_nsec == 0)
		return;
	worker_pause(worker);
	nanosleep(&pause, NULL);
	worker_resume(worker);
}

static void growth(struct worker *worker, struct buffer *buffer, size_t *size)
{
	size_t alignment = worker->options[STEPS_ALIGN].number;
	bool requested =
		worker->options[STEPS_REQUESTS].number != REQUESTS_NONE;

	if (requested)
		worker_request_begin(worker);
	nap(worker);
	if (buffer_grow_aligned(worker, buffer, alignment, 2 * *size) == 0) {
		buffer_touch(worker, buffer, *size, 2 * *size);
		buffer_reread(worker, buffer, 0, *size);
		*size *= 2;
	}
	if (requested)
		worker_request_end(worker);
}

static int life(struct worker *worker, struct buffer *buffer)
{
	size_t size = worker->page_size;
	size_t alignment = worker->options[STEPS_ALIGN].number;
	int error = buffer_alloc_aligned(worker, buffer, worker->index,
					 alignment, size);

	if (error)
		return error;
	buffer_touch(worker, buffer, 0, size);
	for (uint64_t i = 0; i < worker->options[STEPS_GROWTHS].number; i++) {
		growth(worker, buffer, &size);
		worker_checkpoint(worker);
	}
	for (uint64_t i = 0; i < worker->options[STEPS_SHRINK].number; i++) {
		error = buffer_shrink(worker, buffer, size / 2);
		if (error)
			return error;
		size /= 2;
	}
	for (uint64_t i = 0; i < worker->options[STEPS_FORKS].number; i++) {
		error = worker_fork(worker);
		if (error)
			return error;
	}
	return 0;
}

static int steps_setup(struct worker *worker)
{
	const struct option_value *values = worker->options;
	uint64_t requests =
		values[STEPS_LIVES].number * values[STEPS_GROWTHS].number;

	if (values[STEPS_REQUESTS].number == REQUESTS_FIXED)
		worker_arrivals(worker, ARRIVALS_FIXED, 200000, requests);
	if (values[STEPS_REQUESTS].number == REQUESTS_POISSON)
		worker_arrivals(worker, ARRIVALS_POISSON, 200000, requests);
	return 0;
}

static int steps_run(struct worker *worker)
{
	struct buffer *buffer = worker->state;
	uint64_t lives = worker->options[STEPS_LIVES].number;

	for (uint64_t i = 0; i < lives; i++) {
		int error = life(worker, buffer);

		if (error)
			return error;
		if (i + 1 < lives) {
			buffer_verify(worker, buffer, 0, buffer->size);
			buffer_release(worker, buffer);
		}
	}
	worker_figure(worker, 0, "lives", lives);
	return 0;
}

static int steps_verify(struct worker *worker)
{
	struct buffer *buffer = worker->state;

	buffer_verify(worker, buffer, 0, buffer->size);
	return 0;
}

static int steps_drain(struct worker *worker)
{
	buffer_release(worker, worker->state);
	return 0;
}

static const struct workload steps = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "steps",
	.summary = "known work, for tests",
	.options = options,
	.estimate = steps_estimate,
	.state_size = steps_state_size,
	.setup = steps_setup,
	.run = steps_run,
	.verify = steps_verify,
	.drain = steps_drain,
};

REGISTER_WORKLOAD(steps);
