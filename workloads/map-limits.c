/*
 * map-limits - growths and allocations that the kernel is made to refuse.
 *
 * A few blocks are made and filled in a pause, and then one of these is done to
 * the process (force=):
 *
 *   none      nothing: the control
 *   mappings  all but spare= of the mappings that vm.max_map_count allows are
 *             planted, so that mmap, mremap and even munmap give ENOMEM
 *   space     RLIMIT_AS is set to what is mapped and room= bytes more
 *   split     before each growth, half of the block is made another mapping
 *             (MADV_DONTFORK), so that mremap gives EFAULT: a source that is
 *             to grow must lie in one. One that is only moved, to an address
 *             that is given, need not since Linux 6.17 (d23cb648e365)
 *
 * In each of steps= steps a block grows by size= bytes, the blocks in turn, and
 * another block is made, filled and released. Whether a growth succeeds or
 * fails, all of the block is verified after it: what failed has to be as it was.
 * At the end the limit is lifted and each block grows once more.
 *
 * Requests are the same for all allocators as long as their outcomes are: what
 * could not be made is not released.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <regrow/planting.h>
#include <regrow/workload.h>

#define BLOCKS_MAX 256
#define STEPS_MAX 100000
#define SIZE_MAX_BYTES ((uint64_t)1 << 36)
#define SPARE_MAX 10000
#define LIMIT_MAX 300000 /* mappings that are planted in good time */

enum { FORCE, SPARE, ROOM, SIZE, BLOCKS, STEPS };
enum { FORCE_NONE, FORCE_MAPPINGS, FORCE_SPACE, FORCE_SPLIT };

static const struct option_entry options_table[] = {
	[FORCE] = {"force", OPTION_CHOICE, "none", "none|mappings|space|split",
		   "what is made to fail: nothing, for want of mappings or of "
		   "address space, or as a block lies in two mappings"},
	[SPARE] = {"spare", OPTION_COUNT, "4", NULL,
		   "mappings that force=mappings leaves"},
	[ROOM] = {"room", OPTION_SIZE, "1M", NULL,
		  "address space that force=space leaves"},
	[SIZE] = {"size", OPTION_SIZE, "0", NULL,
		  "of a block at first, and that it grows by; to be given"},
	[BLOCKS] = {"blocks", OPTION_COUNT, "8", NULL, "that grow in turn"},
	[STEPS] = {"steps", OPTION_COUNT, "32", NULL,
		   "each a growth and a block made and released"},
	{0},
};

enum figure {
	FIGURE_GROWS,
	FIGURE_GROWS_FAILED,
	FIGURE_ALLOCS,
	FIGURE_ALLOCS_FAILED,
	FIGURE_SPLIT,
	FIGURE_RECOVERED,
	FIGURES,
};

static const char *const figure_names[FIGURES] = {
	[FIGURE_GROWS] = "grows",
	[FIGURE_GROWS_FAILED] = "grows_failed",
	[FIGURE_ALLOCS] = "allocs",
	[FIGURE_ALLOCS_FAILED] = "allocs_failed",
	[FIGURE_SPLIT] = "split", /* blocks that were, before a growth */
	[FIGURE_RECOVERED] = "recovered", /* growths without the limit */
};

struct limited {
	uint64_t figures[FIGURES];
	struct rlimit before;
	bool is_set; /* a limit of address space */
	struct planting planting;
	struct buffer extra;
	struct buffer blocks[];
};

static int map_limits_check(const struct option_value *options, char *why,
			    size_t why_size)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t size = options[SIZE].number;
	uint64_t steps = options[STEPS].number;
	uint64_t blocks = options[BLOCKS].number;
	uint64_t limit = planting_limit();

	if (size == 0)
		snprintf(why, why_size, "blocks of which size? size=256K, say");
	else if (size % (2 * page_size) || size > SIZE_MAX_BYTES)
		snprintf(why, why_size,
			 "size is twice a number of pages of %" PRIu64
			 " bytes, at most 64G, not %" PRIu64,
			 page_size, size);
	else if (blocks < 1 || blocks > BLOCKS_MAX)
		snprintf(why, why_size, "blocks is 1 to %d, not %" PRIu64,
			 BLOCKS_MAX, blocks);
	else if (steps < 1 || steps > STEPS_MAX)
		snprintf(why, why_size, "steps is 1 to %d, not %" PRIu64,
			 STEPS_MAX, steps);
	else if (options[SPARE].number > SPARE_MAX)
		snprintf(why, why_size, "spare is at most %d, not %" PRIu64,
			 SPARE_MAX, options[SPARE].number);
	else if (options[FORCE].number == FORCE_MAPPINGS && limit > LIMIT_MAX)
		snprintf(why, why_size,
			 "vm.max_map_count is %" PRIu64
			 ": too many mappings to plant; as root, sysctl -w "
			 "vm.max_map_count=65530",
			 limit);
	else
		return 0;
	return -EINVAL;
}

/* Growths of a block, from 0 on; the last one is without the limit. */
static uint64_t growths_of(const struct option_value *options, uint64_t block)
{
	uint64_t blocks = options[BLOCKS].number;

	if (blocks == 0)
		return 0; /* it was refused */
	return (options[STEPS].number + blocks - 1 - block) / blocks + 1;
}

/* Where nothing fails; a failure takes less. */
static void map_limits_estimate(const struct option_value *options,
				uint64_t seed, struct estimate *estimate)
{
	uint64_t blocks = options[BLOCKS].number;
	uint64_t steps = options[STEPS].number;
	uint64_t size = options[SIZE].number, live = 0;

	(void)seed;
	*estimate = (struct estimate){
		.threads = 1,
		.operations = 3 * blocks + 3 * steps,
		.growths = steps,
		.touched_bytes = size * steps,
	};
	for (uint64_t i = 0; i < blocks; i++) {
		uint64_t growths = growths_of(options, i);

		estimate->touched_bytes += size * (growths + 1);
		/* 1, 2, ... of size; the last one is in a pause. */
		estimate->copied_bytes += size * (growths * (growths - 1) / 2);
		live += size * (growths + 1);
	}
	estimate->block_bytes_max = size * (growths_of(options, 0) + 1);
	estimate->live_bytes_max = live;
	/* The last block is the last one to be copied. */
	estimate->resident_bytes_max =
		live - size + size * growths_of(options, blocks - 1);
}

static size_t map_limits_state_size(const struct option_value *options)
{
	return sizeof(struct limited) +
	       options[BLOCKS].number * sizeof(struct buffer);
}

/* Bytes of address space that are mapped; 0: cannot be read. */
static uint64_t mapped_bytes(size_t page_size)
{
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t got;

	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return strtoull(text, NULL, 10) * page_size;
}

static int limit_space(struct worker *worker)
{
	struct limited *limited = worker->state;
	uint64_t mapped = mapped_bytes(worker->page_size);
	struct rlimit limit;

	if (mapped == 0 || getrlimit(RLIMIT_AS, &limited->before))
		return -errno;
	limit = limited->before;
	limit.rlim_cur = mapped + worker->options[ROOM].number;
	/* Who has less already is limited by that. */
	if (limit.rlim_cur >= limited->before.rlim_cur)
		return 0;
	if (setrlimit(RLIMIT_AS, &limit))
		return -errno;
	limited->is_set = true;
	return 0;
}

/* 0 or -errno. */
static int limit_begin(struct worker *worker)
{
	struct limited *limited = worker->state;
	int error;

	switch (worker->options[FORCE].number) {
	case FORCE_MAPPINGS:
		error = planting_open(&limited->planting, worker->page_size);
		return error ? error
			     : planting_fill(&limited->planting,
					     worker->options[SPARE].number);
	case FORCE_SPACE:
		return limit_space(worker);
	default:
		return 0;
	}
}

static int limit_end(struct worker *worker)
{
	struct limited *limited = worker->state;

	planting_close(&limited->planting);
	if (limited->is_set && setrlimit(RLIMIT_AS, &limited->before))
		return -errno;
	limited->is_set = false;
	return 0;
}

/* The pages of the upper half of a block. */
struct half {
	void *from;
	size_t bytes; /* 0: it was not split */
};

static struct half block_split(struct worker *worker,
			       const struct buffer *buffer)
{
	struct limited *limited = worker->state;
	uintptr_t middle = (uintptr_t)buffer->bytes + buffer->size / 2;
	uintptr_t end = (uintptr_t)buffer->bytes + buffer->size;
	struct half half;

	if (worker->options[FORCE].number != FORCE_SPLIT)
		return (struct half){0};
	middle &= -worker->page_size;
	half = (struct half){(void *)middle,
			     (end - middle) & -worker->page_size};
	if (madvise(half.from, half.bytes, MADV_DONTFORK))
		return (struct half){0};
	limited->figures[FIGURE_SPLIT]++;
	return half;
}

/* In a pause, but for the growth. */
static void block_grow(struct worker *worker, struct buffer *buffer, bool timed)
{
	struct limited *limited = worker->state;
	size_t old = buffer->size;
	struct half half = {0};
	int error;

	if (timed) {
		half = block_split(worker, buffer);
		worker_resume(worker);
	}
	error = buffer_grow(worker, buffer, old + worker->options[SIZE].number);
	if (timed)
		worker_pause(worker);
	/* Where the block has left it, it may be mapped for another. */
	if (half.bytes)
		madvise(half.from, half.bytes, MADV_DOFORK);
	if (!error)
		buffer_touch(worker, buffer, old, buffer->size);
	buffer_verify(worker, buffer, 0, buffer->size);
	if (!timed)
		limited->figures[FIGURE_RECOVERED] += !error;
	else
		limited->figures[error ? FIGURE_GROWS_FAILED : FIGURE_GROWS]++;
}

/* One that lives for a moment. */
static void extra_turn(struct worker *worker)
{
	struct limited *limited = worker->state;
	struct buffer *buffer = &limited->extra;

	if (buffer_alloc(worker, buffer, worker->options[BLOCKS].number,
			 worker->options[SIZE].number) != 0) {
		limited->figures[FIGURE_ALLOCS_FAILED]++;
		return;
	}
	limited->figures[FIGURE_ALLOCS]++;
	buffer_touch(worker, buffer, 0, buffer->size);
	buffer_verify(worker, buffer, 0, buffer->size);
	buffer_release(worker, buffer);
}

static int blocks_make(struct worker *worker)
{
	struct limited *limited = worker->state;
	int error = 0;

	for (uint64_t i = 0; i < worker->options[BLOCKS].number && !error;
	     i++) {
		error = buffer_alloc(worker, &limited->blocks[i], i,
				     worker->options[SIZE].number);
		if (!error)
			buffer_touch(worker, &limited->blocks[i], 0,
				     limited->blocks[i].size);
	}
	return error;
}

static int map_limits_run(struct worker *worker)
{
	const struct option_value *options = worker->options;
	struct limited *limited = worker->state;
	uint64_t blocks = options[BLOCKS].number;
	int error, ended;

	worker_pause(worker);
	error = blocks_make(worker);
	if (!error)
		error = limit_begin(worker);
	for (uint64_t i = 0; i < options[STEPS].number && !error; i++) {
		block_grow(worker, &limited->blocks[i % blocks], true);
		worker_resume(worker);
		extra_turn(worker);
		worker_pause(worker);
	}
	ended = limit_end(worker);
	error = error ? error : ended;
	for (uint64_t i = 0; i < blocks && !error; i++)
		block_grow(worker, &limited->blocks[i], false);
	worker_resume(worker);
	for (unsigned int i = 0; i < FIGURES; i++)
		if (i != FIGURE_SPLIT || options[FORCE].number == FORCE_SPLIT)
			worker_figure(worker, i, figure_names[i],
				      limited->figures[i]);
	worker_checkpoint(worker);
	return error;
}

static int map_limits_drain(struct worker *worker)
{
	struct limited *limited = worker->state;

	for (uint64_t i = 0; i < worker->options[BLOCKS].number; i++)
		if (limited->blocks[i].bytes)
			buffer_release(worker, &limited->blocks[i]);
	return 0;
}

static const struct workload map_limits = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "map-limits",
	.summary = "growths and allocations that the kernel is made to refuse",
	.options = options_table,
	.check = map_limits_check,
	.estimate = map_limits_estimate,
	.state_size = map_limits_state_size,
	.run = map_limits_run,
	.drain = map_limits_drain,
};

REGISTER_WORKLOAD(map_limits);
