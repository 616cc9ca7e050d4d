/*
 * steps - a workload of known work: each thread grows one buffer from one page
 * by doubling, several times over, everything touched and verified.
 */
#include <regrow/workload.h>

enum {
	STEPS_GROWTHS,
	STEPS_LIVES,
	STEPS_THREADS,
	STEPS_ALIGN,
	STEPS_SHRINK,
};

static const struct option_entry options[] = {
	{"growths", OPTION_COUNT, "4", NULL, "doublings of one life"},
	{"lives", OPTION_COUNT, "1", NULL, "how often each buffer is made"},
	{"threads", OPTION_COUNT, "1", NULL, "threads"},
	{"align", OPTION_SIZE, "16", NULL, "alignment of the buffer"},
	{"shrink", OPTION_COUNT, "0", NULL, "halvings at each life's end"},
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
		if (buffer_grow_aligned(worker, buffer, alignment, 2 * size) ==
		    0) {
			buffer_touch(worker, buffer, size, 2 * size);
			buffer_reread(worker, buffer, 0, size);
			size *= 2;
		}
		worker_checkpoint(worker);
	}
	for (uint64_t i = 0; i < worker->options[STEPS_SHRINK].number; i++) {
		error = buffer_shrink(worker, buffer, size / 2);
		if (error)
			return error;
		size /= 2;
	}
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
	.run = steps_run,
	.verify = steps_verify,
	.drain = steps_drain,
};

REGISTER_WORKLOAD(steps);
