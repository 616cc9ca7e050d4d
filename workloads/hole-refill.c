/*
 * hole-refill - frees a buffer among its neighbours and asks for the size again:
 * is the hole filled, and what do random replacements leave in the map?
 *
 * A refill. The kernel takes the first gap that fits from where its search
 * begins (the top of the mmap area, or its bottom in the legacy layout), so
 * PLUGS buffers of the size fill the gaps that are nearer to that place than the
 * hole is to be. Of the third of them that is farthest from it, the farthest
 * whose neighbours abut is released: the byte below its first page and the byte
 * above its last are mapped, by the map itself. Then the size is asked for
 * again, and all are released. What came of it is told by figures, in refills:
 *
 *	exact		the new buffer begins where the released one did
 *	higher_gap	it lies nearer to where the search begins: higher where
 *			addresses go down, lower where they go up
 *	elsewhere	it lies farther: behind all that is mapped
 *	no_hole		some of the range was still mapped when it had been
 *			released: the allocator keeps it, or its blocks are parts
 *			of larger mappings; nothing is said of the kernel
 *	not_abutting	no buffer of that third has neighbours that abut
 *	failed		no memory for the second buffer, or for any at all
 *
 * Which way addresses go is what most of the plugs did, one after the other: a
 * wrapper or a heap has a way of its own.
 *
 * Replacements: live buffers, of which a random one is released and asked for
 * again, over and over. Bytes in holes over live bytes, along the timeline, say
 * whether holes add up. classes= above 1 draws each size from size, 2 * size, 4 *
 * size, ... at random.
 *
 * The requests are the same whatever the addresses: all plugs have one identity
 * (and a generation of their own, so that no page of another is right), and
 * which of them is released does not show.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <regrow/random.h>
#include <regrow/workload.h>

#define PLUGS 40
#define SIZE_MAX_BYTES ((uint64_t)1 << 40)
#define REFILLS_MAX 1000
#define REPLACEMENTS_MAX 100000000
#define LIVE_MAX 100000
#define CLASSES_MAX 8
#define POINTS 64 /* of the timeline, at most */

enum { SIZE, REFILLS, REPLACEMENTS, LIVE, CLASSES, TOUCH };
enum { TOUCH_NONE, TOUCH_FIRST, TOUCH_ALL };

static const struct option_entry options_table[] = {
	[SIZE] = {"size", OPTION_SIZE, "0", NULL,
		  "of the buffer that is released and asked for again; to be "
		  "given"},
	[REFILLS] = {"refills", OPTION_COUNT, "3", NULL,
		     "how often one is released among neighbours"},
	[REPLACEMENTS] = {"replacements", OPTION_COUNT, "0", NULL,
			  "of random ones, after that; 30000, say"},
	[LIVE] = {"live", OPTION_COUNT, "256", NULL,
		  "buffers alive during replacements"},
	[CLASSES] = {"classes", OPTION_COUNT, "1", NULL,
		     "sizes of replacements: size, its double, ..."},
	[TOUCH] = {"touch", OPTION_CHOICE, "first", "none|first|all",
		   "pages of each buffer that are written"},
	{0},
};

enum outcome_figure {
	FIGURE_EXACT,
	FIGURE_HIGHER_GAP,
	FIGURE_ELSEWHERE,
	FIGURE_NO_HOLE,
	FIGURE_NOT_ABUTTING,
	FIGURE_FAILED,
	FIGURES,
};

static const char *const figure_names[FIGURES] = {
	[FIGURE_EXACT] = "exact",
	[FIGURE_HIGHER_GAP] = "higher_gap",
	[FIGURE_ELSEWHERE] = "elsewhere",
	[FIGURE_NO_HOLE] = "no_hole",
	[FIGURE_NOT_ABUTTING] = "not_abutting",
	[FIGURE_FAILED] = "failed",
};

struct refilling {
	struct random random;
	uint64_t figures[FIGURES];
	struct buffer plugs[PLUGS];
	struct buffer *far[PLUGS]; /* those alive, the farthest first */
	unsigned int far_count;
	bool downward; /* the way that addresses go */
	struct buffer buffers[]; /* live */
};

static int hole_refill_check(const struct option_value *options, char *why,
			     size_t why_size)
{
	uint64_t size = options[SIZE].number;
	uint64_t refills = options[REFILLS].number;
	uint64_t replacements = options[REPLACEMENTS].number;
	uint64_t live = options[LIVE].number;
	uint64_t classes = options[CLASSES].number;

	if (size == 0)
		snprintf(why, why_size,
			 "buffers of which size? size=4M, say (a sweep: "
			 "--set hole-refill.size=2M,2052K,4M)");
	else if (size % 8)
		snprintf(why, why_size,
			 "size is a multiple of 8 bytes, not %" PRIu64, size);
	else if (classes < 1 || classes > CLASSES_MAX)
		snprintf(why, why_size, "classes is 1 to %d, not %" PRIu64,
			 CLASSES_MAX, classes);
	else if (size > SIZE_MAX_BYTES >> (classes - 1))
		snprintf(why, why_size,
			 "buffers of %" PRIu64 " bytes and %" PRIu64
			 " classes are too large: the largest may have 1T",
			 size, classes);
	else if (refills > REFILLS_MAX)
		snprintf(why, why_size, "refills is at most %d, not %" PRIu64,
			 REFILLS_MAX, refills);
	else if (replacements > REPLACEMENTS_MAX)
		snprintf(why, why_size,
			 "replacements is at most %d, not %" PRIu64,
			 REPLACEMENTS_MAX, replacements);
	else if (refills == 0 && replacements == 0)
		snprintf(
			why, why_size,
			"nothing is to be done: raise refills or replacements");
	else if (live < 1 || live > LIVE_MAX)
		snprintf(why, why_size, "live is 1 to %d, not %" PRIu64,
			 LIVE_MAX, live);
	else
		return 0;
	return -EINVAL;
}

static uint64_t size_draw(const struct option_value *options,
			  struct random *random)
{
	uint64_t classes = options[CLASSES].number;
	uint64_t size = options[SIZE].number;

	return classes > 1 ? size << random_below(random, classes) : size;
}

static uint64_t size_touched(const struct option_value *options, uint64_t size,
			     uint64_t page_size)
{
	if (options[TOUCH].number == TOUCH_NONE)
		return 0;
	if (options[TOUCH].number == TOUCH_ALL || size < page_size)
		return size;
	return page_size;
}

/* What is there while the requests are gone through. */
struct account {
	const struct option_value *options;
	struct estimate *estimate;
	uint64_t live;
	uint64_t resident;
};

static uint64_t account_touched(const struct account *account, uint64_t size)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t touched = size_touched(account->options, size, page_size);

	return (touched + page_size - 1) / page_size * page_size;
}

static void account_alloc(struct account *account, uint64_t size)
{
	struct estimate *estimate = account->estimate;

	estimate->operations++;
	estimate->touched_bytes += account_touched(account, size);
	account->live += size;
	account->resident += account_touched(account, size);
	if (estimate->block_bytes_max < size)
		estimate->block_bytes_max = size;
	if (estimate->live_bytes_max < account->live)
		estimate->live_bytes_max = account->live;
	if (estimate->resident_bytes_max < account->resident)
		estimate->resident_bytes_max = account->resident;
}

static void account_release(struct account *account, uint64_t size)
{
	account->estimate->operations++;
	account->live -= size;
	account->resident -= account_touched(account, size);
}

/* The replacements without memory behind them; sizes holds live. */
static void account_replacements(struct account *account, uint64_t seed,
				 uint64_t *sizes)
{
	const struct option_value *options = account->options;
	uint64_t live = options[LIVE].number;
	struct random random = {seed};

	for (uint64_t i = 0; i < live; i++) {
		sizes[i] = size_draw(options, &random);
		account_alloc(account, sizes[i]);
	}
	for (uint64_t i = 0; i < options[REPLACEMENTS].number; i++) {
		uint64_t place = random_below(&random, live);

		account_release(account, sizes[place]);
		sizes[place] = size_draw(options, &random);
		account_alloc(account, sizes[place]);
	}
	for (uint64_t i = 0; i < live; i++)
		account_release(account, sizes[i]);
}

static void hole_refill_estimate(const struct option_value *options,
				 uint64_t seed, struct estimate *estimate)
{
	struct account account = {.options = options, .estimate = estimate};
	uint64_t size = options[SIZE].number;
	uint64_t *sizes;

	*estimate = (struct estimate){.threads = 1};
	for (uint64_t i = 0; i < options[REFILLS].number; i++) {
		for (unsigned int plug = 0; plug < PLUGS; plug++)
			account_alloc(&account, size);
		account_release(&account, size);
		account_alloc(&account, size);
		for (unsigned int plug = 0; plug < PLUGS; plug++)
			account_release(&account, size);
	}
	if (options[REPLACEMENTS].number == 0)
		return;
	sizes = calloc(options[LIVE].number, sizeof(*sizes));
	if (sizes)
		account_replacements(&account, seed, sizes);
	free(sizes);
}

static size_t hole_refill_state_size(const struct option_value *options)
{
	return sizeof(struct refilling) +
	       options[LIVE].number * sizeof(struct buffer);
}

static int hole_refill_setup(struct worker *worker)
{
	struct refilling *refilling = worker->state;

	refilling->random.state = worker->seed;
	return 0;
}

/* 0 or -ENOMEM. */
static int buffer_fill(struct worker *worker, struct buffer *buffer,
		       uint64_t identity, uint64_t size)
{
	uint64_t touched =
		size_touched(worker->options, size, worker->page_size);
	int error = buffer_alloc(worker, buffer, identity, size);

	if (!error && touched > 0)
		buffer_touch(worker, buffer, 0, touched);
	return error;
}

static void buffer_check(struct worker *worker, const struct buffer *buffer)
{
	uint64_t touched =
		size_touched(worker->options, buffer->size, worker->page_size);

	if (buffer->bytes && touched > 0)
		buffer_verify(worker, buffer, 0, touched);
}

static void buffer_end(struct worker *worker, struct buffer *buffer)
{
	if (!buffer->bytes)
		return;
	buffer_check(worker, buffer);
	buffer_release(worker, buffer);
}

/* Whole pages that a buffer lies in. */
struct range {
	uintptr_t from;
	uintptr_t to;
};

static struct range buffer_range(const struct worker *worker,
				 const struct buffer *buffer)
{
	uintptr_t from = (uintptr_t)buffer->bytes;
	uintptr_t mask = worker->page_size - 1;

	return (struct range){from & ~mask,
			      (from + buffer->size + mask) & ~mask};
}

/* 1: some byte of the range is mapped; 0: none is; -errno. */
static int range_mapped(struct worker *worker, struct range range)
{
	struct mapping mapping;
	int error = worker_mapping(worker, (const void *)range.from, &mapping);

	if (error == -ENOENT)
		return 0;
	return error ? error : mapping.from < range.to;
}

/* 1: the bytes below and above are mapped; 0, -errno. */
static int range_abuts(struct worker *worker, struct range range)
{
	int below = range_mapped(worker,
				 (struct range){range.from - 1, range.from});

	if (below <= 0)
		return below;
	return range_mapped(worker, (struct range){range.to, range.to + 1});
}

/* Finds the way that addresses go, and orders the plugs by it. */
static void plugs_order(struct refilling *refilling)
{
	const struct buffer *before = NULL;
	int down = 0;

	refilling->far_count = 0;
	for (unsigned int i = 0; i < PLUGS; i++) {
		struct buffer *plug = &refilling->plugs[i];

		if (!plug->bytes)
			continue;
		if (before)
			down += plug->bytes < before->bytes ? 1 : -1;
		before = plug;
		refilling->far[refilling->far_count++] = plug;
	}
	refilling->downward = down >= 0;
	for (unsigned int i = 1; i < refilling->far_count; i++) {
		struct buffer *plug = refilling->far[i];
		unsigned int j = i;

		for (; j > 0 && (plug->bytes < refilling->far[j - 1]->bytes) ==
					refilling->downward;
		     j--)
			refilling->far[j] = refilling->far[j - 1];
		refilling->far[j] = plug;
	}
}

/* Its place in far; -ENOENT: there is none that abuts; -errno. */
static int plugs_choose(struct worker *worker)
{
	struct refilling *refilling = worker->state;

	plugs_order(refilling);
	for (unsigned int i = 0; i < (refilling->far_count + 2) / 3; i++) {
		int abuts = range_abuts(
			worker, buffer_range(worker, refilling->far[i]));

		if (abuts < 0)
			return abuts;
		if (abuts)
			return (int)i;
	}
	return -ENOENT;
}

static enum outcome_figure refill_judge(const struct refilling *refilling,
					uintptr_t released, uintptr_t again)
{
	if (again == released)
		return FIGURE_EXACT;
	return (again > released) == refilling->downward ? FIGURE_HIGHER_GAP
							 : FIGURE_ELSEWHERE;
}

/*
 * Releases one of the plugs and asks for it again: the same two requests
 * whatever can be said of it. 0 or -errno.
 */
static int refill_one(struct worker *worker, uint32_t generation)
{
	struct refilling *refilling = worker->state;
	uintptr_t released;
	struct buffer *plug;
	struct range range;
	int chosen, mapped;

	worker_pause(worker);
	chosen = plugs_choose(worker);
	worker_resume(worker);
	if (chosen < 0 && chosen != -ENOENT)
		return chosen;
	if (refilling->far_count == 0) {
		refilling->figures[FIGURE_FAILED]++;
		return 0;
	}
	plug = refilling->far[chosen < 0 ? 0 : chosen];
	range = buffer_range(worker, plug);
	released = (uintptr_t)plug->bytes;
	buffer_end(worker, plug);
	worker_pause(worker);
	mapped = range_mapped(worker, range);
	worker_resume(worker);
	if (mapped < 0)
		return mapped;
	plug->generation = generation;
	if (buffer_fill(worker, plug, 0, worker->options[SIZE].number) != 0)
		refilling->figures[FIGURE_FAILED]++;
	else if (chosen < 0)
		refilling->figures[FIGURE_NOT_ABUTTING]++;
	else if (mapped)
		refilling->figures[FIGURE_NO_HOLE]++;
	else
		refilling->figures[refill_judge(refilling, released,
						(uintptr_t)plug->bytes)]++;
	return 0;
}

static int refills_run(struct worker *worker)
{
	struct refilling *refilling = worker->state;
	uint64_t refills = worker->options[REFILLS].number;
	uint64_t stride = (refills + POINTS - 1) / POINTS;
	uint32_t generation = 0;

	for (uint64_t i = 0; i < refills; i++) {
		int error;

		for (unsigned int plug = 0; plug < PLUGS; plug++) {
			refilling->plugs[plug].generation = generation++;
			buffer_fill(worker, &refilling->plugs[plug], 0,
				    worker->options[SIZE].number);
		}
		error = refill_one(worker, generation++);
		if (error)
			return error;
		/* The timeline is the replacements' where there are some. */
		if (i % stride == 0 &&
		    worker->options[REPLACEMENTS].number == 0)
			worker_checkpoint(worker);
		for (unsigned int plug = 0; plug < PLUGS; plug++)
			buffer_end(worker, &refilling->plugs[plug]);
	}
	return 0;
}

static void replacements_run(struct worker *worker)
{
	struct refilling *refilling = worker->state;
	const struct option_value *options = worker->options;
	uint64_t replacements = options[REPLACEMENTS].number;
	uint64_t live = options[LIVE].number;
	uint64_t stride = (replacements + POINTS - 1) / POINTS;

	for (uint64_t i = 0; i < live; i++)
		buffer_fill(worker, &refilling->buffers[i], 1 + i,
			    size_draw(options, &refilling->random));
	for (uint64_t i = 1; i <= replacements; i++) {
		uint64_t place = random_below(&refilling->random, live);
		struct buffer *buffer = &refilling->buffers[place];

		buffer_end(worker, buffer);
		buffer_fill(worker, buffer, 1 + place,
			    size_draw(options, &refilling->random));
		if (i % stride == 0)
			worker_checkpoint(worker);
	}
}

static int hole_refill_run(struct worker *worker)
{
	const struct refilling *refilling = worker->state;
	int error = refills_run(worker);

	for (unsigned int i = 0; i < FIGURES; i++)
		worker_figure(worker, i, figure_names[i],
			      refilling->figures[i]);
	if (!error && worker->options[REPLACEMENTS].number > 0)
		replacements_run(worker);
	return error;
}

static uint64_t replaced_count(const struct worker *worker)
{
	return worker->options[REPLACEMENTS].number > 0
		       ? worker->options[LIVE].number
		       : 0;
}

static int hole_refill_verify(struct worker *worker)
{
	const struct refilling *refilling = worker->state;

	for (uint64_t i = 0; i < replaced_count(worker); i++)
		buffer_check(worker, &refilling->buffers[i]);
	return 0;
}

static int hole_refill_drain(struct worker *worker)
{
	struct refilling *refilling = worker->state;

	for (uint64_t i = 0; i < replaced_count(worker); i++)
		if (refilling->buffers[i].bytes)
			buffer_release(worker, &refilling->buffers[i]);
	/* A refill that was broken off has left them. */
	for (unsigned int i = 0; i < PLUGS; i++)
		if (refilling->plugs[i].bytes)
			buffer_end(worker, &refilling->plugs[i]);
	return 0;
}

static const struct workload hole_refill = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "hole-refill",
	.summary = "frees a buffer among its neighbours, asks for the size "
		   "again",
	.options = options_table,
	.check = hole_refill_check,
	.estimate = hole_refill_estimate,
	.state_size = hole_refill_state_size,
	.setup = hole_refill_setup,
	.run = hole_refill_run,
	.verify = hole_refill_verify,
	.drain = hole_refill_drain,
};

REGISTER_WORKLOAD(hole_refill);
