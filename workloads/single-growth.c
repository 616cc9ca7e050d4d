/*
 * single-growth - a block that is made, filled, and grown once, again and again.
 *
 * What is timed is the growth, the first writes to the new tail and a read of
 * all older bytes: the whole price of a growth, since memory that was moved has
 * to be mapped again where it is read, and memory that was copied is in the
 * cache. Making the block, filling it and releasing it is the same for all, and
 * is done in pauses: `regrow crossover` asks from which size on one way to grow
 * is cheaper than another.
 *
 * Two rounds come before, in a pause, too. An allocator that keeps pages has
 * them then, so that its growth is measured into warm memory; for the others it
 * changes nothing. Two, since the second may join what the first left.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <regrow/growth.h>
#include <regrow/workload.h>

#define TIMES_MAX 1000000
#define ROUNDS_BEFORE 2

enum { SIZE, FACTOR, RESIDUE, TIMES };

static const struct option_entry options_table[] = {
	[SIZE] = {"size", OPTION_SIZE, "0", NULL,
		  "of the block before it grows; to be given"},
	[FACTOR] = {"factor", OPTION_TEXT, "2", NULL, GROWTH_HELP},
	[RESIDUE] = {"residue", OPTION_SIZE, "0", NULL,
		     "added to both sizes; 4K: as glibc maps"},
	[TIMES] = {"times", OPTION_COUNT, "16", NULL,
		   "growths of a sample, one block at a time"},
	{0},
};

/* Bytes, the residue included. */
struct sizes {
	uint64_t old;
	uint64_t new;
	uint64_t times;
};

struct single {
	struct sizes sizes;
	struct buffer buffer;
};

/* False: the growth rule is malformed, or nothing grows by it. */
static bool sizes_read(const struct option_value *options, struct sizes *sizes)
{
	struct growth_rule rule;

	if (!growth_read(options[FACTOR].text, &rule) ||
	    rule.kind == GROWTH_RESERVE)
		return false;
	sizes->old = options[SIZE].number + options[RESIDUE].number;
	sizes->new = growth_next(&rule, options[SIZE].number) +
		     options[RESIDUE].number;
	sizes->times = options[TIMES].number;
	return true;
}

static int single_growth_check(const struct option_value *options, char *why,
			       size_t why_size)
{
	uint64_t size = options[SIZE].number;
	uint64_t residue = options[RESIDUE].number;
	uint64_t times = options[TIMES].number;
	struct growth_rule rule;

	if (!growth_read(options[FACTOR].text, &rule))
		snprintf(why, why_size,
			 "factor=%s is not a growth rule: take " GROWTH_GROWING,
			 options[FACTOR].text);
	else if (rule.kind == GROWTH_RESERVE)
		snprintf(why, why_size,
			 "factor=%s has all memory at once, and nothing grows: "
			 "take " GROWTH_GROWING,
			 options[FACTOR].text);
	else if (size == 0)
		snprintf(why, why_size,
			 "a block of which size? size=64K, say (regrow "
			 "crossover goes through many)");
	else if (size % GROWTH_ELEMENT || residue % GROWTH_ELEMENT)
		snprintf(why, why_size,
			 "size and residue are multiples of 8 bytes");
	else if (size > GROWTH_BYTES_MAX / 32 ||
		 residue > GROWTH_BYTES_MAX / 32)
		snprintf(why, why_size,
			 "a block of %" PRIu64 " and %" PRIu64 " bytes is too "
			 "large to grow: lower size or residue",
			 size, residue);
	else if (times < 1 || times > TIMES_MAX)
		snprintf(why, why_size, "times is 1 to %d, not %" PRIu64,
			 TIMES_MAX, times);
	else
		return 0;
	return -EINVAL;
}

static uint64_t whole_pages(uint64_t bytes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

/* Time and memory are those of all rounds, those before included. */
static void single_growth_estimate(const struct option_value *options,
				   uint64_t seed, struct estimate *estimate)
{
	struct sizes sizes;
	uint64_t rounds;

	(void)seed;
	*estimate = (struct estimate){.threads = 1};
	if (!sizes_read(options, &sizes))
		return;
	rounds = sizes.times + ROUNDS_BEFORE;
	estimate->operations = 3 * rounds;
	estimate->growths = sizes.times;
	estimate->block_bytes_max = sizes.new;
	estimate->live_bytes_max = sizes.new;
	/* A copy has both at once, its tail not yet. */
	estimate->resident_bytes_max = 2 * whole_pages(sizes.old);
	if (estimate->resident_bytes_max < whole_pages(sizes.new))
		estimate->resident_bytes_max = whole_pages(sizes.new);
	estimate->touched_bytes = rounds * whole_pages(sizes.new);
	estimate->reread_bytes = sizes.times * sizes.old;
	estimate->copied_bytes = sizes.times * sizes.old;
}

static size_t single_growth_state_size(const struct option_value *options)
{
	(void)options;
	return sizeof(struct single);
}

static int single_growth_setup(struct worker *worker)
{
	struct single *single = worker->state;

	return sizes_read(worker->options, &single->sizes) ? 0 : -EINVAL;
}

/* In a pause: a filled block; not 0: out of memory. */
static int block_make(struct worker *worker, uint64_t number)
{
	struct single *single = worker->state;
	struct buffer *buffer = &single->buffer;
	int error;

	error = buffer_alloc(worker, buffer, number, single->sizes.old);
	if (!error)
		buffer_touch(worker, buffer, 0, buffer->size);
	return error;
}

static void block_grow(struct worker *worker)
{
	struct single *single = worker->state;
	struct buffer *buffer = &single->buffer;
	uint64_t old = buffer->size;

	/* A block that got no memory is as it was. */
	if (buffer_grow(worker, buffer, single->sizes.new) != 0)
		return;
	buffer_touch(worker, buffer, old, buffer->size);
	buffer_reread(worker, buffer, 0, old);
}

/* In a pause. */
static void block_end(struct worker *worker)
{
	struct single *single = worker->state;

	buffer_verify(worker, &single->buffer, 0, single->buffer.size);
	buffer_release(worker, &single->buffer);
}

static int single_growth_run(struct worker *worker)
{
	struct single *single = worker->state;
	uint64_t times = single->sizes.times;
	uint64_t stride = 1 + times / TIMELINE_POINTS_MAX;

	worker_pause(worker);
	for (uint64_t i = 0; i < ROUNDS_BEFORE; i++) {
		if (block_make(worker, i) != 0)
			continue;
		block_grow(worker);
		block_end(worker);
	}
	for (uint64_t i = 1; i <= times; i++) {
		int error = block_make(worker, ROUNDS_BEFORE - 1 + i);

		worker_resume(worker);
		if (!error)
			block_grow(worker);
		if (i % stride == 0)
			worker_checkpoint(worker);
		worker_pause(worker);
		if (!error)
			block_end(worker);
	}
	worker_resume(worker);
	return 0;
}

static const struct workload single_growth = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "single-growth",
	.summary = "a block that is made, filled, and grown once, again and "
		   "again",
	.options = options_table,
	.check = single_growth_check,
	.estimate = single_growth_estimate,
	.state_size = single_growth_state_size,
	.setup = single_growth_setup,
	.run = single_growth_run,
};

REGISTER_WORKLOAD(single_growth);
