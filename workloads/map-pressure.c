/*
 * map-pressure - what the calls of an allocator cost in a map that is full of
 * mappings or of holes.
 *
 * Two axes, apart. mappings= are of a page each, without holes between them, and
 * do not merge. holes= are gaps between single pages, hole= their size; whatever
 * gap was there already is plugged, so that the planted ones are the first that
 * the kernel looks at (see regrow/planting.h). Both are planted in a pause and
 * are no requests.
 *
 * hole=   page: of 4 KiB; size: of size=; near: of size + 2 MiB - 4 KiB, which
 *         is a page too small for a multiple of 2 MiB to be aligned in
 * ask=    what each turn asks for. fit: what a hole has, at most size; near: a
 *         page more than a hole; big: size more than a hole. The same with no
 *         hole at all, so that an axis begins at holes=0
 * pairs=  whether a block merges with the mapping beside it, which is then cut
 *         when it is released: beside it lies readable, writable memory, or
 *         memory of another protection
 * pages=  one: each planted mapping has a page, which a fork shares and an exit
 *         gives back
 *
 * A turn: a block is made, its first page is written (a page fault), and it is
 * released: timed. Then a block grows, alone of its life timed:
 *
 *   moving    from a page to what is asked for; above it a page was planted, so
 *             that it cannot grow in place
 *   in-place  from what is asked for by a page; when it was made, a page was
 *             planted above where it would lie, which is gone since. Only where
 *             no hole fits: above a block in a hole, a mapping lies
 *
 * Last come forks, each child told to end at once.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <regrow/plant.h>
#include <regrow/workload.h>

#define TIMES_MAX 1000000
#define FORKS_MAX 1000
#define SIZE_MAX_BYTES ((uint64_t)1 << 36)

enum {
	HOLES,
	HOLE,
	MAPPINGS,
	SIZE,
	ASK,
	PAIRS,
	PAGES,
	GROW,
	TIMES,
	FORKS,
};
enum { HOLE_PAGE, HOLE_SIZE, HOLE_NEAR };
enum { ASK_FIT, ASK_NEAR, ASK_BIG };
enum { PAIRS_APART, PAIRS_MERGING };
enum { PAGES_NONE, PAGES_ONE };
enum { GROW_MOVING, GROW_IN_PLACE };

static const struct option_entry options_table[] = {
	[HOLES] = {"holes", OPTION_COUNT, "0", NULL,
		   "gaps between single pages that are planted"},
	[HOLE] = {"hole", OPTION_CHOICE, "size", "page|size|near",
		  "of each: 4 KiB; size=; size= and 2 MiB less 4 KiB"},
	[MAPPINGS] = {"mappings", OPTION_COUNT, "0", NULL,
		      "of a page each, without holes, that are planted"},
	[SIZE] = {"size", OPTION_SIZE, "0", NULL,
		  "in whole pages, see hole and ask; to be given"},
	[ASK] = {"ask", OPTION_CHOICE, "fit", "fit|near|big",
		 "for what a hole has (at most size); a page more; size more"},
	[PAIRS] = {"pairs", OPTION_CHOICE, "apart", "apart|merging",
		   "whether a block merges with what is mapped beside it"},
	[PAGES] = {"pages", OPTION_CHOICE, "none", "none|one",
		   "of memory, behind each planted mapping"},
	[GROW] = {"grow", OPTION_CHOICE, "moving", "moving|in-place",
		  "something is mapped above a block that grows, or nothing"},
	[TIMES] = {"times", OPTION_COUNT, "32", NULL,
		   "blocks that are made and released, and blocks that grow"},
	[FORKS] = {"forks", OPTION_COUNT, "2", NULL,
		   "at the end; dear where there are many mappings"},
	{0},
};

/* The options, resolved. Sizes are bytes. */
struct pressure_sizes {
	uint64_t hole;
	uint64_t ask;
	uint64_t old; /* of a block, before it grows */
	uint64_t new;
};

struct pressure {
	struct pressure_sizes sizes;
	uint64_t blocked; /* growths below something mapped */
	uint64_t roomy; /* growths below a page that was planted and is gone */
	struct buffer pair; /* made and released */
	struct buffer growing;
	struct planting planting;
};

static void sizes_read(const struct option_value *options, uint64_t page_size,
		       struct pressure_sizes *sizes)
{
	uint64_t size = options[SIZE].number;
	uint64_t hole = options[HOLE].number;

	sizes->hole = hole == HOLE_PAGE	  ? page_size
		      : hole == HOLE_SIZE ? size
					  : size + PLANTING_HUGE - page_size;
	if (options[ASK].number == ASK_FIT)
		sizes->ask = sizes->hole < size ? sizes->hole : size;
	else if (options[ASK].number == ASK_NEAR)
		sizes->ask = sizes->hole + page_size;
	else
		sizes->ask = sizes->hole + size;
	if (options[GROW].number == GROW_IN_PLACE) {
		sizes->old = sizes->ask;
		sizes->new = sizes->ask + page_size;
	} else {
		/* A block of a page has to grow. */
		sizes->old = page_size;
		sizes->new =
			sizes->ask > page_size ? sizes->ask : 2 * page_size;
	}
}

static struct plant plant_of(const struct option_value *options,
			     const struct pressure_sizes *sizes)
{
	return (struct plant){
		.holes = options[HOLES].number,
		.hole_bytes = sizes->hole,
		.mappings = options[MAPPINGS].number,
		.merging = options[PAIRS].number == PAIRS_MERGING,
		.touch = options[PAGES].number == PAGES_ONE,
	};
}

static int check_planted(const struct option_value *options, char *why,
			 size_t why_size)
{
	struct pressure_sizes sizes;
	struct plant plant;

	sizes_read(options, (uint64_t)sysconf(_SC_PAGESIZE), &sizes);
	plant = plant_of(options, &sizes);
	if (options[GROW].number == GROW_IN_PLACE && plant.holes &&
	    options[ASK].number == ASK_FIT) {
		snprintf(why, why_size,
			 "a block that fits a hole has no room to grow in "
			 "place: take ask=near or ask=big, or holes=0");
		return -EINVAL;
	}
	return plant_check(&plant, 0, why, why_size);
}

static int map_pressure_check(const struct option_value *options, char *why,
			      size_t why_size)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t size = options[SIZE].number;
	uint64_t times = options[TIMES].number;

	if (size == 0)
		snprintf(why, why_size,
			 "blocks of which size? size=1M, say (an axis: --set "
			 "map-pressure.size=1M --set "
			 "map-pressure.mappings=0,64,640,6400,60000)");
	else if (size % page_size || size > SIZE_MAX_BYTES)
		snprintf(why, why_size,
			 "size is whole pages of %" PRIu64 " bytes, at most "
			 "64G, not %" PRIu64,
			 page_size, size);
	else if (times < 1 || times > TIMES_MAX)
		snprintf(why, why_size, "times is 1 to %d, not %" PRIu64,
			 TIMES_MAX, times);
	else if (options[FORKS].number > FORKS_MAX)
		snprintf(why, why_size, "forks is at most %d, not %" PRIu64,
			 FORKS_MAX, options[FORKS].number);
	else
		return check_planted(options, why, why_size);
	return -EINVAL;
}

/* Planted pages are touched, too: they take time and memory. */
static void map_pressure_estimate(const struct option_value *options,
				  uint64_t seed, struct estimate *estimate)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t times = options[TIMES].number, planted = 0, copied;
	struct pressure_sizes sizes;
	struct plant plant;

	(void)seed;
	sizes_read(options, page_size, &sizes);
	plant = plant_of(options, &sizes);
	if (plant.touch)
		planted = plant_mappings(&plant) * page_size;
	copied = sizes.old;
	*estimate = (struct estimate){
		.threads = 1,
		.operations = 5 * times,
		.growths = times,
		.block_bytes_max = sizes.new,
		.live_bytes_max = sizes.new,
		/* A copy has its untouched pages as well, at both ends. */
		.resident_bytes_max = planted + page_size + copied,
		.touched_bytes = planted + 2 * times *page_size,
		.copied_bytes = times *copied,
	};
}

static size_t map_pressure_state_size(const struct option_value *options)
{
	(void)options;
	return sizeof(struct pressure);
}

static int map_pressure_setup(struct worker *worker)
{
	struct pressure *pressure = worker->state;

	sizes_read(worker->options, worker->page_size, &pressure->sizes);
	return 0;
}

static int pressure_plant(struct worker *worker)
{
	struct pressure *pressure = worker->state;
	const struct plant plant = plant_of(worker->options, &pressure->sizes);
	struct planting_seen seen;
	int error = plant_open(&pressure->planting, &plant, worker->page_size,
			       &seen);

	if (error)
		return error;
	worker_figure(worker, 0, "planted_mappings", seen.mappings);
	worker_figure(worker, 1, "planted_holes", seen.holes);
	return 0;
}

static void pair_turn(struct worker *worker)
{
	struct pressure *pressure = worker->state;
	struct buffer *buffer = &pressure->pair;

	if (buffer_alloc(worker, buffer, 0, pressure->sizes.ask) != 0)
		return;
	buffer_touch(worker, buffer, 0, worker->page_size);
	buffer_verify(worker, buffer, 0, worker->page_size);
	buffer_release(worker, buffer);
}

/*
 * Where no hole fits, a block is mapped at the edge of the free area: below a
 * page that lies there meanwhile. Above that edge, where the kernel looks
 * upward, there is nothing as it is. 0 or -ENOMEM.
 */
static int block_make(struct worker *worker)
{
	struct pressure *pressure = worker->state;
	const struct planting *planting = &pressure->planting;
	struct buffer *buffer = &pressure->growing;
	uintptr_t spacer = 0;
	int error;

	if (worker->options[GROW].number == GROW_IN_PLACE && !planting->up) {
		spacer = planting_map(planting->edge - worker->page_size,
				      worker->page_size, PROT_NONE);
		pressure->roomy += spacer != 0;
	}
	error = buffer_alloc(worker, buffer, 1, pressure->sizes.old);
	if (!error)
		buffer_touch(worker, buffer, 0, worker->page_size);
	if (spacer)
		munmap((void *)spacer, worker->page_size);
	return error;
}

/* Maps a page directly above a block; 0: something is there, or nothing may. */
static uintptr_t block_obstruct(struct worker *worker)
{
	struct pressure *pressure = worker->state;
	const struct buffer *buffer = &pressure->growing;
	uintptr_t end = (uintptr_t)(buffer->bytes + buffer->size);
	uintptr_t at = (end + worker->page_size - 1) & -worker->page_size;
	uintptr_t page = planting_map(at, worker->page_size, PROT_NONE);

	if (page || errno == EEXIST)
		pressure->blocked++;
	return page;
}

/* In a pause, but for the growth. */
static void growth_turn(struct worker *worker)
{
	struct pressure *pressure = worker->state;
	struct buffer *buffer = &pressure->growing;
	uintptr_t obstacle = 0;

	if (block_make(worker) != 0)
		return;
	if (worker->options[GROW].number == GROW_MOVING)
		obstacle = block_obstruct(worker);
	worker_resume(worker);
	/* A block that got no memory is as it was. */
	buffer_grow(worker, buffer, pressure->sizes.new);
	worker_pause(worker);
	if (obstacle)
		munmap((void *)obstacle, worker->page_size);
	buffer_verify(worker, buffer, 0, worker->page_size);
	buffer_release(worker, buffer);
}

static int map_pressure_run(struct worker *worker)
{
	const struct option_value *options = worker->options;
	struct pressure *pressure = worker->state;
	int error;

	worker_pause(worker);
	error = pressure_plant(worker);
	for (uint64_t i = 0; i < options[TIMES].number && !error; i++) {
		worker_resume(worker);
		pair_turn(worker);
		worker_pause(worker);
		growth_turn(worker);
	}
	worker_resume(worker);
	for (uint64_t i = 0; i < options[FORKS].number && !error; i++)
		error = worker_fork(worker);
	worker_checkpoint(worker);
	if (options[GROW].number == GROW_MOVING)
		worker_figure(worker, 2, "blocked_growths", pressure->blocked);
	else if (!pressure->planting.up)
		worker_figure(worker, 2, "roomy_growths", pressure->roomy);
	return error;
}

static int map_pressure_drain(struct worker *worker)
{
	struct pressure *pressure = worker->state;

	worker_pause(worker);
	planting_close(&pressure->planting);
	worker_resume(worker);
	return 0;
}

static const struct workload map_pressure = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "map-pressure",
	.summary = "calls in a map that is full of mappings or of holes",
	.options = options_table,
	.check = map_pressure_check,
	.estimate = map_pressure_estimate,
	.state_size = map_pressure_state_size,
	.setup = map_pressure_setup,
	.run = map_pressure_run,
	.drain = map_pressure_drain,
};

REGISTER_WORKLOAD(map_pressure);
