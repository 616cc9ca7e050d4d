/*
 * vector-growth - vectors that grow by a container's rule and are filled.
 *
 * Every vector starts at first= bytes and grows by the rule of factor= until it
 * holds last= bytes; the last growth is cut to that, so that all rules end with
 * the same bytes. Vectors grow in turn, a step each. A step is a growth, the
 * first writes to the new tail, and a read of everything older.
 *
 * align= above 16 is what realloc() does not promise: such vectors grow by
 * allocating, copying and releasing, as Rust's do, and nothing is moved.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <regrow/growth.h>
#include <regrow/touched_buffer.h>
#include <regrow/workload.h>

#define GROWTHS_MAX 1000000
#define VECTORS_MAX 65536
#define THREADS_MAX 64

#define ALIGN_MAX ((uint64_t)2 << 20)

enum {
	FACTOR,
	SCALE,
	FIRST,
	LAST,
	VECTORS,
	RESIDUE,
	BLOCK,
	TOUCH,
	THREADS,
	ALIGN,
};
enum { BLOCK_NONE, BLOCK_SOME, BLOCK_ABOVE };

static const struct option_entry options_table[] = {
	[FACTOR] = {"factor", OPTION_TEXT, "2", NULL,
		    GROWTH_HELP ", or reserve (all at once)"},
	[SCALE] = {"scale", OPTION_CHOICE, "S", "S|M|L",
		   "final bytes of all vectors: 64 MiB, 512 MiB, 4 GiB"},
	/* Where mmap begins to matter, and one page of the largest in use. */
	[FIRST] = {"first", OPTION_SIZE, "64K", NULL,
		   "size of each vector's first block"},
	[LAST] = {"last", OPTION_SIZE, "0", NULL,
		  "final size of each vector; 0: the scale's share (+SIZE: "
		  "2^k that copies at most 8 times the scale)"},
	[VECTORS] = {"vectors", OPTION_COUNT, "1", NULL,
		     "vectors that grow in turn"},
	[RESIDUE] = {"residue", OPTION_SIZE, "0", NULL,
		     "added to each size asked for; 4K: as glibc maps"},
	[BLOCK] = {"block", OPTION_CHOICE, "none", "none|some|above",
		   "a page mapped above a block while it grows: never, every "
		   "second growth, always"},
	[TOUCH] = {"touch", OPTION_PERCENT, "100", NULL,
		   "share of the pages that is written, evenly spread"},
	[THREADS] = {"threads", OPTION_COUNT, "1", NULL,
		     "threads that the vectors are dealt to"},
	[ALIGN] = {"align", OPTION_SIZE, "16", NULL,
		   "of each block; above 16 it grows by a copy, as Rust's"},
	{0},
};

/* The options, resolved. Sizes are bytes and without the residue. */
struct shape {
	struct growth_rule rule;
	uint64_t first;
	uint64_t last;
	uint64_t residue;
	uint64_t vectors;
	uint64_t touch; /* percent */
	uint64_t block;
	unsigned int threads;
	uint64_t align;
	uint64_t page_size;
};

struct plants {
	uint64_t planted;
	uint64_t occupied; /* something was mapped there already */
	uint64_t refused; /* the kernel would not map it */
};

/* A thread's. Vector number i is index + i * threads of all. */
struct vectors {
	struct shape shape;
	struct plants plants;
	uint64_t count;
	struct buffer buffers[];
};

/*
 * The scale's share of a vector. Growing by a fixed step copies L * L / (2 *
 * step) bytes to reach L, where a factor f copies L / (f - 1): the largest
 * power of two is taken that copies no more than the smallest factor of
 * interest, 1.125, does.
 */
static uint64_t last_by_scale(const struct shape *shape, uint64_t scale)
{
	uint64_t share = ((uint64_t)64 << 20 << 3 * scale) / shape->vectors /
			 GROWTH_ELEMENT * GROWTH_ELEMENT;
	uint64_t last;

	if (shape->rule.kind != GROWTH_STEP)
		return share;
	for (last = GROWTH_ELEMENT;
	     last < share &&
	     (unsigned __int128)last * last <=
		     (unsigned __int128)4 * shape->rule.step * share;)
		last *= 2;
	return last < share ? last : share;
}

/* False: the growth rule is malformed, or there are no vectors. */
static bool shape_read(const struct option_value *options, uint64_t page_size,
		       struct shape *shape)
{
	*shape = (struct shape){
		.first = options[FIRST].number,
		.last = options[LAST].number,
		.residue = options[RESIDUE].number,
		.vectors = options[VECTORS].number,
		.touch = options[TOUCH].number,
		.block = options[BLOCK].number,
		.threads = (unsigned int)options[THREADS].number,
		.align = options[ALIGN].number,
		.page_size = page_size,
	};
	if (!growth_read(options[FACTOR].text, &shape->rule) ||
	    shape->vectors == 0)
		return false;
	if (shape->last == 0)
		shape->last = last_by_scale(shape, options[SCALE].number);
	if (shape->rule.kind == GROWTH_RESERVE)
		shape->first = shape->last;
	return true;
}

/* The size after size, at most the last one. */
static uint64_t size_next(const struct shape *shape, uint64_t size)
{
	uint64_t next = growth_next(&shape->rule, size);

	return next < shape->last ? next : shape->last;
}

/* Growths of each vector; stops counting past GROWTHS_MAX. */
static unsigned int growths_count(const struct shape *shape)
{
	unsigned int growths = 0;
	uint64_t size;

	for (size = shape->first; size < shape->last && growths <= GROWTHS_MAX;
	     size = size_next(shape, size))
		growths++;
	return growths;
}

static int check_sizes(const struct shape *shape, char *why, size_t why_size)
{
	if (shape->first < GROWTH_ELEMENT || shape->first % GROWTH_ELEMENT ||
	    shape->last % GROWTH_ELEMENT || shape->residue % GROWTH_ELEMENT)
		snprintf(why, why_size,
			 "first, last and residue are multiples of 8 bytes, "
			 "and first is at least 8");
	else if (shape->last > GROWTH_BYTES_MAX / shape->vectors ||
		 shape->residue > GROWTH_BYTES_MAX / shape->vectors)
		snprintf(why, why_size,
			 "%" PRIu64 " vectors of %" PRIu64 " bytes are more "
			 "than an address space: lower last, residue or "
			 "vectors",
			 shape->vectors, shape->last);
	else if (shape->last <= shape->first &&
		 shape->rule.kind != GROWTH_RESERVE)
		snprintf(why, why_size,
			 "nothing grows: each vector starts at %" PRIu64
			 " bytes and ends at %" PRIu64 ": lower first or "
			 "vectors, or raise last or scale",
			 shape->first, shape->last);
	else if (shape->align == 0 || shape->align > ALIGN_MAX ||
		 (shape->align & (shape->align - 1)) != 0)
		snprintf(why, why_size,
			 "align is a power of two, at most 2M, not %" PRIu64,
			 shape->align);
	else if (growths_count(shape) > GROWTHS_MAX)
		snprintf(why, why_size,
			 "more than %d growths from %" PRIu64 " to %" PRIu64
			 " bytes: take a larger factor",
			 GROWTHS_MAX, shape->first, shape->last);
	else
		return 0;
	return -EINVAL;
}

static int vector_growth_check(const struct option_value *options, char *why,
			       size_t why_size)
{
	uint64_t vectors = options[VECTORS].number;
	uint64_t threads = options[THREADS].number;
	struct shape shape;

	if (vectors < 1 || vectors > VECTORS_MAX)
		snprintf(why, why_size, "vectors is 1 to %d, not %" PRIu64,
			 VECTORS_MAX, vectors);
	else if (threads < 1 || threads > THREADS_MAX)
		snprintf(why, why_size, "threads is 1 to %d, not %" PRIu64,
			 THREADS_MAX, threads);
	else if (threads > vectors)
		snprintf(why, why_size,
			 "%" PRIu64 " threads need as many vectors: add "
			 "vectors=%" PRIu64,
			 threads, threads);
	else if (!shape_read(options, 4096, &shape))
		snprintf(
			why, why_size,
			"factor=%s is not a growth rule: take " GROWTH_SPELLINGS,
			options[FACTOR].text);
	else
		return check_sizes(&shape, why, why_size);
	return -EINVAL;
}

static uint64_t pages(const struct shape *shape, uint64_t size)
{
	return (size + shape->page_size - 1) / shape->page_size;
}

/* Of the pages of a block of size bytes, those that are written. */
static uint64_t pages_touched(const struct shape *shape, uint64_t size)
{
	return touched_pages(pages(shape, size), shape->touch);
}

/* What one vector takes; see struct estimate. */
static void estimate_vector(const struct shape *shape,
			    struct estimate *estimate)
{
	uint64_t size = shape->first, old, new, resident, grown, peak;

	new = shape->first + shape->residue;
	resident = pages_touched(shape, new) * shape->page_size;
	estimate->touched_bytes = resident;
	estimate->resident_bytes_max = shape->vectors * resident;
	while (size < shape->last) {
		old = new;
		size = size_next(shape, size);
		new = size + shape->residue;
		/* A copy makes the whole of what it copies resident. */
		grown = pages_touched(shape, new) - pages_touched(shape, old);
		grown *= shape->page_size;
		estimate->touched_bytes += grown;
		grown += pages(shape, old) * shape->page_size;
		peak = resident + pages(shape, old) * shape->page_size;
		if (peak < grown)
			peak = grown;
		peak = (shape->vectors - shape->threads) * grown +
		       shape->threads * peak;
		if (estimate->resident_bytes_max < peak)
			estimate->resident_bytes_max = peak;
		resident = grown;
		estimate->growths++;
		estimate->reread_bytes +=
			touched_bytes(shape->page_size, shape->touch, old);
		estimate->copied_bytes += old;
	}
	estimate->block_bytes_max = new;
}

static void vector_growth_estimate(const struct option_value *options,
				   uint64_t seed, struct estimate *estimate)
{
	struct shape shape;

	(void)seed;
	*estimate = (struct estimate){.threads = 1};
	if (!shape_read(options, (uint64_t)sysconf(_SC_PAGESIZE), &shape))
		return;
	estimate_vector(&shape, estimate);
	estimate->threads = shape.threads;
	estimate->growths *= shape.vectors;
	estimate->operations = estimate->growths + 2 * shape.vectors;
	estimate->live_bytes_max = shape.vectors * estimate->block_bytes_max;
	estimate->touched_bytes *= shape.vectors;
	estimate->reread_bytes *= shape.vectors;
	estimate->copied_bytes *= shape.vectors;
}

/* Of one thread: its share of the vectors. */
static uint64_t vectors_count(const struct shape *shape, unsigned int index)
{
	return (shape->vectors + shape->threads - 1 - index) / shape->threads;
}

static size_t vector_growth_state_size(const struct option_value *options)
{
	struct shape shape;

	if (!shape_read(options, 1, &shape))
		return 0;
	return sizeof(struct vectors) +
	       vectors_count(&shape, 0) * sizeof(struct buffer);
}

static int vector_growth_setup(struct worker *worker)
{
	struct vectors *vectors = worker->state;

	if (!shape_read(worker->options, worker->page_size, &vectors->shape))
		return -EINVAL;
	vectors->count = vectors_count(&vectors->shape, worker->index);
	return 0;
}

/*
 * Maps a page directly above the block, so that it cannot grow in place.
 * PROT_NONE: a page like the block's own would merge with it, which changes
 * what a growth costs. NULL: something is there already, or the kernel refused.
 */
static void *plant(struct worker *worker, const struct buffer *buffer,
		   struct plants *plants)
{
	uintptr_t end = (uintptr_t)(buffer->bytes + buffer->size);
	uintptr_t at = (end + worker->page_size - 1) & -worker->page_size;
	void *page;

	worker_pause(worker);
	/* Before Linux 4.17 the address is only a hint. */
	page = mmap((void *)at, worker->page_size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (page != MAP_FAILED && (uintptr_t)page != at) {
		munmap(page, worker->page_size);
		page = MAP_FAILED;
		errno = EEXIST;
	}
	if (page != MAP_FAILED)
		plants->planted++;
	else if (errno == EEXIST)
		plants->occupied++;
	else
		plants->refused++;
	worker_resume(worker);
	return page == MAP_FAILED ? NULL : page;
}

/*
 * The planted page goes as soon as the growth is over: the block has moved away
 * from it, and the figures of the map are to be the allocator's alone.
 */
static int grow(struct worker *worker, struct buffer *buffer, uint64_t size,
		bool blocked)
{
	struct vectors *vectors = worker->state;
	void *page = blocked ? plant(worker, buffer, &vectors->plants) : NULL;
	int error =
		buffer_grow_aligned(worker, buffer, vectors->shape.align, size);

	if (page) {
		worker_pause(worker);
		munmap(page, worker->page_size);
		worker_resume(worker);
	}
	return error;
}

static void figures(struct worker *worker, const struct plants *plants)
{
	worker_figure(worker, 0, "blocked_growths",
		      plants->planted + plants->occupied);
	worker_figure(worker, 1, "planted", plants->planted);
	worker_figure(worker, 2, "occupied", plants->occupied);
	worker_figure(worker, 3, "not_planted", plants->refused);
}

/* A vector that got no memory tries again at its next step, for that size. */
static void step(struct worker *worker, struct buffer *buffer, uint64_t vector,
		 uint64_t size, bool blocked)
{
	const struct vectors *vectors = worker->state;
	const struct shape *shape = &vectors->shape;
	uint64_t old = buffer->bytes ? buffer->size : 0;
	int error;

	error = old ? grow(worker, buffer, size, blocked)
		    : buffer_alloc_aligned(worker, buffer, vector, shape->align,
					   size);
	if (error)
		return;
	touched_write(worker, buffer, shape->touch, old);
	touched_reread(worker, buffer, shape->touch, old);
}

static int vector_growth_run(struct worker *worker)
{
	struct vectors *vectors = worker->state;
	const struct shape *shape = &vectors->shape;
	unsigned int rounds = growths_count(shape) + 1, round;
	unsigned int stride =
		(rounds + TIMELINE_POINTS_MAX - 1) / TIMELINE_POINTS_MAX;
	uint64_t i, vector, size = shape->first;
	bool blocked;

	for (round = 1; round <= rounds; round++) {
		for (i = 0; i < vectors->count; i++) {
			vector = worker->index + i * worker->threads;
			/* Of two neighbours, one at a time. */
			blocked = shape->block == BLOCK_ABOVE ||
				  (shape->block == BLOCK_SOME &&
				   (round + vector) % 2);
			step(worker, &vectors->buffers[i], vector,
			     size + shape->residue, blocked);
		}
		size = size_next(shape, size);
		if (round % stride == 0)
			worker_checkpoint(worker);
	}
	if (shape->block != BLOCK_NONE)
		figures(worker, &vectors->plants);
	return 0;
}

static int vector_growth_verify(struct worker *worker)
{
	struct vectors *vectors = worker->state;
	uint64_t i;

	for (i = 0; i < vectors->count; i++)
		touched_verify(worker, &vectors->buffers[i],
			       vectors->shape.touch);
	return 0;
}

static int vector_growth_drain(struct worker *worker)
{
	struct vectors *vectors = worker->state;
	uint64_t i;

	for (i = 0; i < vectors->count; i++)
		if (vectors->buffers[i].bytes)
			buffer_release(worker, &vectors->buffers[i]);
	return 0;
}

static const struct workload vector_growth = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "vector-growth",
	.summary = "vectors that grow by a container's rule and are filled",
	.options = options_table,
	.check = vector_growth_check,
	.estimate = vector_growth_estimate,
	.state_size = vector_growth_state_size,
	.setup = vector_growth_setup,
	.run = vector_growth_run,
	.verify = vector_growth_verify,
	.drain = vector_growth_drain,
};

REGISTER_WORKLOAD(vector_growth);
