/*
 * skeleton-workload - a workload to start from: blocks that double in turn.
 *
 * Copy it to workloads/NAME.c, put NAME (with _ for -) in place of skeleton,
 * and run `make`: `regrow list` shows it, nothing else is to be edited. Or keep
 * it elsewhere as a plug-in, which is named by its path, ./NAME.so:
 *
 *	cc -D_GNU_SOURCE -Iharness/include -shared -fPIC -O2 -o NAME.so NAME.c
 *
 * A workload includes <regrow/...> and system headers only. In the sample's
 * process (setup to drain) it calls no malloc, reads no clock, prints nothing:
 * all that would be measured along.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <regrow/random.h>
#include <regrow/workload.h>

#define BLOCKS_MAX 1000

/* Places in the table below, and in the values that each hook is given. */
enum { SCALE, BLOCKS };

static const struct option_entry options_table[] = {
	/*
	 * Work is fixed by name, the same on every machine. Of an option that
	 * is called scale and has these choices, the largest that fits is
	 * chosen where none is asked for.
	 */
	[SCALE] = {"scale", OPTION_CHOICE, "S", "S|M|L",
		   "final size of a block: 1 MiB, 8 MiB, 64 MiB"},
	[BLOCKS] = {"blocks", OPTION_COUNT, "16", NULL, "blocks alive at once"},
	{0},
};

/*
 * A thread's state. It is provided, zeroed; a zeroed struct buffer has no
 * block.
 */
struct skeleton {
	struct random random;
	uint64_t last; /* bytes */
	struct buffer buffers[];
};

static uint64_t last_of(const struct option_value *options)
{
	return (uint64_t)1 << 20 << 3 * options[SCALE].number;
}

/*
 * In the driver: refuses what the kinds of the options cannot, by one sentence
 * that says what is wrong and what would be right.
 */
static int skeleton_check(const struct option_value *options, char *why,
			  size_t why_size)
{
	if (options[BLOCKS].number >= 1 && options[BLOCKS].number <= BLOCKS_MAX)
		return 0;
	snprintf(why, why_size, "blocks is 1 to %d, not %" PRIu64, BLOCKS_MAX,
		 options[BLOCKS].number);
	return -EINVAL;
}

/*
 * In the driver: what a sample takes, exactly, so that none is started that
 * the machine has no memory or no time for. A workload whose sizes are random
 * runs its generator here, without memory behind it.
 */
static void skeleton_estimate(const struct option_value *options, uint64_t seed,
			      struct estimate *estimate)
{
	uint64_t blocks = options[BLOCKS].number;
	uint64_t last = last_of(options);

	(void)seed; /* changes the order only */
	*estimate = (struct estimate){
		.threads = 1,
		.operations = 3 * blocks, /* alloc, grow, release */
		.growths = blocks,
		.block_bytes_max = last,
		.live_bytes_max = blocks * last,
		/* A copied half is there twice, the new half not yet. */
		.resident_bytes_max = blocks * last,
		.touched_bytes = blocks * last,
		.reread_bytes = blocks * last / 2,
		.copied_bytes = blocks * last / 2,
	};
}

/* In both: bytes of state for each thread. */
static size_t skeleton_state_size(const struct option_value *options)
{
	return sizeof(struct skeleton) +
	       options[BLOCKS].number * sizeof(struct buffer);
}

/*
 * From here on in the sample's process, in each thread. Not timed. With
 * --repeat all hooks run again, on a zeroed state.
 */
static int skeleton_setup(struct worker *worker)
{
	struct skeleton *skeleton = worker->state;

	/* From the seed and nothing else: all allocators are asked alike. */
	skeleton->random.state = worker->seed;
	skeleton->last = last_of(worker->options);
	return 0;
}

/*
 * The work. The buffer_ functions are timed, the code between them is not: keep
 * it short all the same, it shares the caches.
 */
static int skeleton_run(struct worker *worker)
{
	struct skeleton *skeleton = worker->state;
	uint64_t blocks = worker->options[BLOCKS].number;
	uint64_t last = skeleton->last, half = last / 2;
	uint64_t first = random_below(&skeleton->random, blocks);
	struct buffer *buffer;
	uint64_t i;

	for (i = 0; i < blocks; i++) {
		buffer = &skeleton->buffers[i];
		/* -ENOMEM is an outcome like others, and recorded: go on. */
		if (buffer_alloc(worker, buffer, i, half) == 0)
			buffer_touch(worker, buffer, 0, half);
	}
	for (i = 0; i < blocks; i++) {
		buffer = &skeleton->buffers[(first + i) % blocks];
		if (buffer->bytes && buffer_grow(worker, buffer, last) == 0) {
			buffer_touch(worker, buffer, half, last);
			/* A growth's cost does not end with the call. */
			buffer_reread(worker, buffer, 0, half);
		}
		/* In each thread alike, and TIMELINE_POINTS_MAX at most. */
		if (i % (1 + blocks / TIMELINE_POINTS_MAX) == 0)
			worker_checkpoint(worker);
	}
	return 0;
}

/*
 * All that is alive and was written; not timed. A block that dies in run() is
 * verified there, before it is released.
 */
static int skeleton_verify(struct worker *worker)
{
	struct skeleton *skeleton = worker->state;
	const struct buffer *buffer;

	for (uint64_t i = 0; i < worker->options[BLOCKS].number; i++) {
		buffer = &skeleton->buffers[i];
		if (buffer->bytes)
			buffer_verify(worker, buffer, 0, buffer->size);
	}
	return 0;
}

/* Releases all that is alive; what is left of the map is recorded. */
static int skeleton_drain(struct worker *worker)
{
	struct skeleton *skeleton = worker->state;

	for (uint64_t i = 0; i < worker->options[BLOCKS].number; i++)
		if (skeleton->buffers[i].bytes)
			buffer_release(worker, &skeleton->buffers[i]);
	return 0;
}

static const struct workload skeleton = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "skeleton",
	.summary = "blocks that double in turn",
	.options = options_table,
	.check = skeleton_check,
	.estimate = skeleton_estimate,
	.state_size = skeleton_state_size,
	.setup = skeleton_setup,
	.run = skeleton_run,
	.verify = skeleton_verify,
	.drain = skeleton_drain,
};

REGISTER_WORKLOAD(skeleton);
