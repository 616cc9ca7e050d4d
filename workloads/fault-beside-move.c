/*
 * fault-beside-move - page faults of one thread, beside others whose blocks grow
 * and move.
 *
 * Threads of a process share its map. Who changes it (mmap, munmap, mremap)
 * holds mmap_lock, and must tell the other CPUs which translations are gone;
 * who faults used to wait for that lock, and since Linux 6.4 waits for that of
 * its own mapping alone. Thread 0 writes to pages= pages of a mapping of its
 * own for the first time, each write timed as OPERATION_FAULT. Each of movers=
 * other threads has blocks= blocks of size= bytes and in steps= steps grows one
 * of them by a page, in turn, and fills that page. With block=above a page is
 * mapped above it meanwhile, in a pause, so that it moves each time, if its
 * allocator moves at all. movers=0 is the control: nobody moves.
 *
 * The requests must not depend on how long anything takes, so both sides do a
 * fixed amount of work, and one of them is done first. What thread 0 faults
 * once no mover is left is recorded as OPERATION_TOUCH: the figures say how many
 * faults and steps fell beside each other. All of it is in the sample's time,
 * and equal for all allocators.
 *
 * Thread 0's pages lie between pages of another protection, so that they share
 * no mapping with a block; they are resident at the end of the run.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <regrow/random.h>
#include <regrow/refuse.h>
#include <regrow/workload.h>

#define MOVERS_MAX 63
#define BLOCKS_MAX 256
#define STEPS_MAX 1000000
#define PAGES_MAX ((uint64_t)1 << 24)
#define SIZE_BYTES_MAX ((uint64_t)1 << 36)

enum { MOVERS, PAGES, SIZE, BLOCKS, STEPS, BLOCK };
enum { BLOCK_ABOVE, BLOCK_NONE };

static const struct option_entry options_table[] = {
	[MOVERS] = {"movers", OPTION_COUNT, "1", NULL,
		    "threads that move blocks; 0: nobody, the control"},
	[PAGES] = {"pages", OPTION_COUNT, "4096", NULL,
		   "that thread 0 writes to for the first time"},
	[SIZE] = {"size", OPTION_SIZE, "256K", NULL,
		  "of a block at first; it grows by pages"},
	[BLOCKS] = {"blocks", OPTION_COUNT, "8", NULL,
		    "of each mover, that grow in turn"},
	[STEPS] = {"steps", OPTION_COUNT, "1024", NULL,
		   "of each mover, each a growth"},
	[BLOCK] = {"block", OPTION_CHOICE, "above", "above|none",
		   "a page mapped above a block while it grows, or none"},
	{0},
};

/* Of all threads; zero between two times of the work. */
static struct {
	uint32_t ready; /* movers that have their blocks */
	uint32_t finished; /* movers that have made their steps */
	uint32_t faulted; /* thread 0 has written to all of its pages */
} all;

/* A thread's. */
struct side {
	unsigned char *memory; /* thread 0: its mapping, with a page around */
	uint64_t blocked; /* growths with something above the block */
	struct buffer blocks[];
};

static int fault_beside_move_check(const struct option_value *options,
				   char *why, size_t why_size)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);

	if (options[MOVERS].number > MOVERS_MAX)
		return refuse(why, why_size,
			      "movers is at most %d, not %" PRIu64, MOVERS_MAX,
			      options[MOVERS].number);
	if (options[PAGES].number < 1 || options[PAGES].number > PAGES_MAX)
		return refuse(why, why_size,
			      "pages is 1 to %" PRIu64 ", not %" PRIu64,
			      PAGES_MAX, options[PAGES].number);
	if (options[SIZE].number == 0 || options[SIZE].number % page_size ||
	    options[SIZE].number > SIZE_BYTES_MAX)
		return refuse(why, why_size,
			      "size is a number of pages of %" PRIu64
			      " bytes, at most 64G, not %" PRIu64,
			      page_size, options[SIZE].number);
	if (options[BLOCKS].number < 1 || options[BLOCKS].number > BLOCKS_MAX)
		return refuse(why, why_size, "blocks is 1 to %d, not %" PRIu64,
			      BLOCKS_MAX, options[BLOCKS].number);
	if (options[STEPS].number < 1 || options[STEPS].number > STEPS_MAX)
		return refuse(why, why_size, "steps is 1 to %d, not %" PRIu64,
			      STEPS_MAX, options[STEPS].number);
	return 0;
}

/* Of a block, by the growths that it has had. */
static uint64_t size_after(const struct option_value *options,
			   uint64_t page_size, uint64_t growths)
{
	return options[SIZE].number + growths * page_size;
}

static void fault_beside_move_estimate(const struct option_value *options,
				       uint64_t seed, struct estimate *estimate)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t movers = options[MOVERS].number;
	uint64_t blocks = options[BLOCKS].number;
	uint64_t steps = options[STEPS].number;
	uint64_t full = steps / blocks, rest = steps % blocks;
	uint64_t live = blocks * options[SIZE].number + steps * page_size;

	(void)seed;
	*estimate = (struct estimate){
		.threads = (unsigned int)movers + 1,
		.operations = movers * (2 * blocks + steps),
		.growths = movers * steps,
		.live_bytes_max = movers * live,
		.touched_bytes =
			movers * live + options[PAGES].number * page_size,
		/* Turns 0, 1, ... of all blocks, and a part of another. */
		.copied_bytes =
			movers * (steps * options[SIZE].number +
				  page_size * (blocks * full * (full - 1) / 2 +
					       rest * full)),
	};
	if (movers > 0)
		estimate->block_bytes_max =
			size_after(options, page_size, full + (rest > 0));
	/* The last block to grow is as large as any before it. */
	estimate->resident_bytes_max =
		options[PAGES].number * page_size +
		movers * (live - page_size +
			  size_after(options, page_size, (steps - 1) / blocks));
}

static size_t fault_beside_move_state_size(const struct option_value *options)
{
	return sizeof(struct side) +
	       options[BLOCKS].number * sizeof(struct buffer);
}

static uint64_t identity_of(const struct worker *worker, uint64_t block)
{
	return (worker->index - 1) * worker->options[BLOCKS].number + block;
}

/*
 * A page directly above the block; PROT_NONE: it does not merge with it. NULL:
 * something was there already, or it could not be mapped.
 */
static void *plant(struct worker *worker, const struct buffer *buffer)
{
	struct side *side = worker->state;
	uintptr_t end = (uintptr_t)(buffer->bytes + buffer->size);
	uintptr_t at = (end + worker->page_size - 1) & -worker->page_size;
	void *page =
		mmap((void *)at, worker->page_size, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (page == MAP_FAILED) {
		side->blocked += errno == EEXIST;
		return NULL;
	}
	/* Before Linux 4.17 the address is only a hint. */
	if ((uintptr_t)page != at) {
		munmap(page, worker->page_size);
		side->blocked++;
		return NULL;
	}
	side->blocked++;
	return page;
}

static int grow(struct worker *worker, struct buffer *buffer, uint64_t size)
{
	void *page;
	int error;

	if (worker->options[BLOCK].number == BLOCK_NONE)
		return buffer_grow(worker, buffer, size);
	worker_pause(worker);
	page = plant(worker, buffer);
	worker_resume(worker);
	error = buffer_grow(worker, buffer, size);
	if (page) {
		worker_pause(worker);
		munmap(page, worker->page_size);
		worker_resume(worker);
	}
	return error;
}

/* A block that got no memory is tried again when its turn comes. */
static void block_step(struct worker *worker, uint64_t block, uint64_t size)
{
	struct side *side = worker->state;
	struct buffer *buffer = &side->blocks[block];
	uint64_t old = buffer->bytes ? buffer->size : 0;
	int error = old ? grow(worker, buffer, size)
			: buffer_alloc(worker, buffer,
				       identity_of(worker, block), size);

	if (!error)
		buffer_touch(worker, buffer, old, size);
}

static void move(struct worker *worker)
{
	const struct option_value *options = worker->options;
	uint64_t blocks = options[BLOCKS].number, beside = 0;
	uint64_t block = 0, growths = 1;
	const struct side *side = worker->state;

	worker_pause(worker);
	for (uint64_t i = 0; i < blocks; i++)
		block_step(worker, i, options[SIZE].number);
	__atomic_add_fetch(&all.ready, 1, __ATOMIC_RELEASE);
	worker_resume(worker);
	for (uint64_t i = 0; i < options[STEPS].number; i++) {
		beside += !__atomic_load_n(&all.faulted, __ATOMIC_RELAXED);
		block_step(worker, block,
			   size_after(options, worker->page_size, growths));
		if (++block == blocks) {
			block = 0;
			growths++;
		}
	}
	__atomic_add_fetch(&all.finished, 1, __ATOMIC_RELEASE);
	worker_figure(worker, 2, "steps_beside", beside);
	worker_figure(worker, 3, "steps_alone", options[STEPS].number - beside);
	worker_figure(worker, 4, "blocked_growths", side->blocked);
}

/* Two pages more than are written to: one on each side. */
static size_t memory_bytes(const struct worker *worker)
{
	return (worker->options[PAGES].number + 2) * worker->page_size;
}

/* Each page is a fault of its own in any THP mode. 0 or -errno. */
static int memory_map(struct worker *worker)
{
	struct side *side = worker->state;
	size_t bytes = memory_bytes(worker);
	void *memory = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	unsigned char *inside;

	if (memory == MAP_FAILED)
		return -errno;
	side->memory = memory;
	inside = side->memory + worker->page_size;
	bytes -= 2 * worker->page_size;
	if (mprotect(inside, bytes, PROT_READ | PROT_WRITE) != 0)
		return -errno;
	/* EINVAL: a kernel without huge pages. */
	if (madvise(inside, bytes, MADV_NOHUGEPAGE) != 0 && errno != EINVAL)
		return -errno;
	return 0;
}

static uint64_t *page_word(const struct worker *worker, uint64_t page)
{
	const struct side *side = worker->state;

	return (uint64_t *)(void *)(side->memory +
				    (page + 1) * worker->page_size);
}

static uint64_t page_value(const struct worker *worker, uint64_t page)
{
	return random_mix(worker->seed + page) | 1;
}

static int fault(struct worker *worker)
{
	uint64_t movers = worker->options[MOVERS].number, beside = 0;
	uint64_t pages = worker->options[PAGES].number;
	bool is_beside;
	int error;

	worker_pause(worker);
	error = memory_map(worker);
	/* Not asleep: the first steps would be over when it is woken. */
	while (__atomic_load_n(&all.ready, __ATOMIC_ACQUIRE) < movers)
		sched_yield();
	worker_resume(worker);
	if (error)
		return error;
	for (uint64_t i = 0; i < pages; i++) {
		is_beside = movers == 0 ||
			    __atomic_load_n(&all.finished, __ATOMIC_RELAXED) <
				    movers;
		beside += is_beside;
		worker_fault(worker, is_beside, page_word(worker, i),
			     page_value(worker, i));
	}
	__atomic_store_n(&all.faulted, 1, __ATOMIC_RELAXED);
	worker_figure(worker, 0, "faults_beside", beside);
	worker_figure(worker, 1, "faults_alone", pages - beside);
	return 0;
}

static int fault_beside_move_run(struct worker *worker)
{
	int error = 0;

	if (worker->index == 0)
		error = fault(worker);
	else
		move(worker);
	worker_checkpoint(worker);
	return error;
}

static int fault_beside_move_verify(struct worker *worker)
{
	const struct side *side = worker->state;
	const struct buffer *buffer;

	if (worker->index == 0) {
		for (uint64_t i = 0; i < worker->options[PAGES].number; i++)
			if (*page_word(worker, i) != page_value(worker, i))
				return -EIO;
		return 0;
	}
	for (uint64_t i = 0; i < worker->options[BLOCKS].number; i++) {
		buffer = &side->blocks[i];
		if (buffer->bytes)
			buffer_verify(worker, buffer, 0, buffer->size);
	}
	return 0;
}

static int fault_beside_move_drain(struct worker *worker)
{
	struct side *side = worker->state;
	int status;

	if (worker->index == 0) {
		all.ready = all.finished = all.faulted = 0;
		worker_pause(worker);
		status = munmap(side->memory, memory_bytes(worker));
		worker_resume(worker);
		return status != 0 ? -errno : 0;
	}
	for (uint64_t i = 0; i < worker->options[BLOCKS].number; i++)
		if (side->blocks[i].bytes)
			buffer_release(worker, &side->blocks[i]);
	return 0;
}

static const struct workload fault_beside_move = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "fault-beside-move",
	.summary = "page faults of a thread, beside others whose blocks move",
	.options = options_table,
	.check = fault_beside_move_check,
	.estimate = fault_beside_move_estimate,
	.state_size = fault_beside_move_state_size,
	.run = fault_beside_move_run,
	.verify = fault_beside_move_verify,
	.drain = fault_beside_move_drain,
};

REGISTER_WORKLOAD(fault_beside_move);
