/*
 * mremap-dontunmap - moves the block's pages by mremap(MREMAP_DONTUNMAP) and
 * keeps the range that they leave for the next.
 *
 * On growth: takes a destination, the best fit among the ranges kept or else a
 * new mmap, and moves the pages there. The source stays mapped, empty, and is
 * kept, so that no growth makes a hole that another thread could take, and none
 * waits to fill one. No allocator is known to do this with growing blocks; the
 * flag (Linux 5.7) was made for compacting garbage collectors such as ART's.
 * New blocks take from the ranges kept, too, mapped anew. Blocks released are
 * unmapped. What is kept costs address space, and commit charge where
 * vm.overcommit_memory is 2.
 *
 *   tail=extend  MREMAP_DONTUNMAP moves equal sizes only. What the destination
 *                has behind them is unmapped, and the moved mapping extended
 *                there in place: a block stays one mapping. Should another
 *                thread take the place in between, the block is copied.
 *   tail=map     that end of the destination is mapped beforehand, and stays:
 *                a mapping more for each growth.
 *
 * Kernels before 6.17 move one mapping at a time, so that is what is done on
 * all: where a block's mappings meet is a seam, and what lies between two seams
 * is moved by a call of its own. Where one fails, its destination may be
 * unmapped already and another thread's by now; it is left alone, for good. The
 * block is then put together in a new mapping, from both places; failing that,
 * at its old one.
 *
 * The lock is held over all of a growth.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include <regrow/dontunmap.h>
#include <regrow/ranges.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000 /* <linux/mman.h> since 4.17 */
#endif

/*
 * Full only beyond what vm.max_map_count lets a process map by default. Then
 * ranges are unmapped, and a block whose seam was not noted is copied.
 */
#define RANGES_MAX 16384
#define SEAMS_MAX 65536

enum { TAIL };
enum { TAIL_EXTEND, TAIL_MAP };

static const struct option_entry mremap_dontunmap_options[] = {
	[TAIL] = {"tail", OPTION_CHOICE, "extend", "extend|map",
		  "what is new: extended in place after the move, or mapped"},
	{0},
};

struct mremap_dontunmap_shared {
	pthread_mutex_t lock; /* of all that follows */
	struct ranges kept;
	/* A byte each, at a page's start: two seams never touch. */
	struct ranges seams;
};

/* A growth. Offsets are bytes from the start of block and to alike. */
struct move {
	unsigned char *block;
	unsigned char *to; /* NULL: no destination */
	size_t bytes;
	size_t new_bytes;
	size_t moved; /* offset: the pages from here to bytes are at to */
	size_t lost; /* offset: from here to moved, to is not ours */
	size_t end; /* offset: where what is ours at to ends */
	bool owned; /* the destination was kept, not a new mmap */
	bool seamed; /* what is new became a mapping of its own */
};

static int mremap_dontunmap_probe(const struct option_value *options, char *why,
				  size_t why_size)
{
	(void)options;
	return dontunmap_probe(
		"needs MREMAP_DONTUNMAP (Linux 5.7), which this kernel "
		"refuses: take mremap-fixed-fallback:hole=refill",
		why, why_size);
}

static int mremap_dontunmap_setup(struct heap *heap)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	int error;

	error = -pthread_mutex_init(&shared->lock, NULL);
	if (error)
		return error;
	error = ranges_setup(heap, &shared->kept, RANGES_MAX);
	if (!error) {
		error = ranges_setup(heap, &shared->seams, SEAMS_MAX);
		if (error)
			ranges_teardown(heap, &shared->kept);
	}
	if (error)
		pthread_mutex_destroy(&shared->lock);
	return error;
}

static void mremap_dontunmap_teardown(struct heap *heap)
{
	struct mremap_dontunmap_shared *shared = heap->shared;

	while (shared->seams.root[RANGES_BY_ADDRESS])
		ranges_drop(&shared->seams,
			    shared->seams.root[RANGES_BY_ADDRESS]);
	ranges_teardown(heap, &shared->seams);
	ranges_teardown(heap, &shared->kept);
	pthread_mutex_destroy(&shared->lock);
}

/* The last seam within the first end bytes of a block, or 0. */
static size_t mremap_dontunmap_seam(struct heap *heap,
				    const unsigned char *block, size_t end)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	uintptr_t start = (uintptr_t)block;
	uint32_t node = ranges_below(&shared->seams, start + end - 1);
	uintptr_t seam = shared->seams.nodes[node].start;

	return node && seam > start ? seam - start : 0;
}

/* Takes the seams from..end out of a block, and gives them to to, if any. */
static void mremap_dontunmap_reseam(struct heap *heap,
				    const unsigned char *block, size_t from,
				    size_t end, unsigned char *to)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	size_t seam;

	while ((seam = mremap_dontunmap_seam(heap, block, end)) != 0 &&
	       seam >= from) {
		ranges_drop(
			&shared->seams,
			ranges_below(&shared->seams, (uintptr_t)block + seam));
		if (to)
			ranges_add(&shared->seams, to + seam, 1);
		end = seam;
	}
}

/* Maps anew what is ours and mapped; false: now it is not. */
static bool mremap_dontunmap_renew(struct heap *heap, void *start, size_t bytes)
{
	if (mmap(start, bytes, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED)
		return true;
	tally_failed_call(heap->recorder, errno);
	return false;
}

/* A new block, in a range that was kept or in a new mapping. */
static void *mremap_dontunmap_alloc(struct heap *heap, size_t size)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	size_t bytes = pages_round(heap, size);
	void *block = NULL;

	if (bytes) {
		pthread_mutex_lock(&shared->lock);
		block = ranges_take(&shared->kept, bytes);
		pthread_mutex_unlock(&shared->lock);
	}
	if (!block)
		return pages_alloc(heap, size);
	phase_begin(heap->recorder, PHASE_MAP);
	if (!mremap_dontunmap_renew(heap, block, bytes))
		return pages_alloc(heap, size);
	pages_advise(heap, block, bytes);
	return block;
}

static void mremap_dontunmap_release(struct heap *heap, void *block,
				     size_t size)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	size_t bytes = pages_round(heap, size);

	phase_begin(heap->recorder, PHASE_RELEASE);
	/* Before another thread can have a block there. */
	pthread_mutex_lock(&shared->lock);
	mremap_dontunmap_reseam(heap, block, 0, bytes, NULL);
	pthread_mutex_unlock(&shared->lock);
	if (pages_unmap(heap, block, bytes)) {
		pthread_mutex_lock(&shared->lock);
		ranges_rescue(&shared->kept, block, bytes);
		pthread_mutex_unlock(&shared->lock);
	}
}

/* A destination, its end mapped as tail=map needs it. False: none. */
static bool mremap_dontunmap_choose(struct heap *heap, struct move *move)
{
	struct mremap_dontunmap_shared *shared = heap->shared;

	phase_begin(heap->recorder, PHASE_MAP);
	if (move->new_bytes)
		move->to = ranges_take(&shared->kept, move->new_bytes);
	move->owned = move->to;
	if (!move->to)
		move->to = pages_map(heap, move->new_bytes, 0);
	if (!move->to)
		return false;
	move->end = move->new_bytes;
	/* What was kept may be several mappings. */
	if (move->owned && heap->options[TAIL].number == TAIL_MAP &&
	    !mremap_dontunmap_renew(heap, move->to + move->bytes,
				    move->new_bytes - move->bytes)) {
		move->lost = move->bytes;
		move->end = move->bytes;
		return false;
	}
	return true;
}

/* Moves the block's mappings, the last one first. False: not all of them. */
static bool mremap_dontunmap_pages(struct heap *heap, struct move *move)
{
	size_t start;

	phase_begin(heap->recorder, PHASE_MOVE);
	while (move->moved > 0) {
		start = mremap_dontunmap_seam(heap, move->block, move->moved);
		move->lost = start;
		if (!pages_remap(heap, move->block + start, move->moved - start,
				 move->moved - start,
				 MREMAP_MAYMOVE | MREMAP_FIXED |
					 MREMAP_DONTUNMAP,
				 move->to + start))
			return false;
		move->moved = start;
	}
	return true;
}

/* What is new, behind the moved pages. False: it cannot be had there. */
static bool mremap_dontunmap_tail(struct heap *heap, struct move *move)
{
	unsigned char *tail = move->to + move->bytes;
	size_t rest = move->new_bytes - move->bytes, last;

	if (heap->options[TAIL].number == TAIL_MAP) {
		move->seamed = true;
		return true;
	}
	phase_begin(heap->recorder, PHASE_RELEASE);
	if (pages_unmap(heap, tail, rest))
		return false;
	move->end = move->bytes;
	phase_begin(heap->recorder, PHASE_MAP);
	last = mremap_dontunmap_seam(heap, move->block, move->bytes);
	if (pages_remap(heap, move->to + last, move->bytes - last,
			move->new_bytes - last, 0, NULL))
		return true;
	if (mmap(tail, rest, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		 0) != tail) {
		tally_failed_call(heap->recorder, errno);
		return false;
	}
	move->seamed = true;
	return true;
}

/* The block is at its destination: keeps the source, as one mapping. */
static void *mremap_dontunmap_settle(struct heap *heap, struct move *move)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	bool several = mremap_dontunmap_seam(heap, move->block, move->bytes);
	enum refill refill = REFILL_DONE;

	mremap_dontunmap_reseam(heap, move->block, 0, move->bytes, move->to);
	if (move->seamed)
		ranges_add(&shared->seams, move->to + move->bytes, 1);
	if (several || move->seamed)
		pages_advise(heap, move->to, move->new_bytes);
	tally_moved(heap->recorder, move->block, move->to, move->bytes,
		    move->owned);
	phase_begin(heap->recorder, PHASE_MAP);
	if ((several &&
	     !mremap_dontunmap_renew(heap, move->block, move->bytes)) ||
	    !ranges_keep(heap, &shared->kept, move->block, move->bytes))
		refill = REFILL_REFUSED;
	tally_refill(heap->recorder, refill);
	return move->to;
}

/* Gives back what is ours at the destination. */
static void mremap_dontunmap_abandon(struct heap *heap, struct move *move)
{
	struct ranges *kept =
		&((struct mremap_dontunmap_shared *)heap->shared)->kept;

	if (!move->to)
		return;
	phase_begin(heap->recorder, PHASE_RELEASE);
	ranges_keep(heap, kept, move->to, move->lost);
	ranges_discard(heap, kept, move->to + move->moved,
		       move->bytes - move->moved);
	ranges_keep(heap, kept, move->to + move->bytes,
		    move->end - move->bytes);
}

/*
 * Puts the block together in a new mapping, of what was moved and what was not;
 * or, without memory, where it was. NULL: that. Since 6.17 what moved may be
 * many mappings, some of them read-only.
 */
static void *mremap_dontunmap_copy(struct heap *heap, struct move *move,
				   size_t size)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	size_t there = size > move->moved ? size - move->moved : 0;
	unsigned char *copy;

	phase_begin(heap->recorder, PHASE_MAP);
	copy = pages_map(heap, move->new_bytes, 0);
	phase_begin(heap->recorder, PHASE_COPY);
	if (copy) {
		memcpy(copy, move->block, size - there);
		if (there)
			memcpy(copy + move->moved, move->to + move->moved,
			       there);
		tally_copied(heap->recorder, size);
		mremap_dontunmap_reseam(heap, move->block, 0, move->bytes,
					NULL);
		phase_begin(heap->recorder, PHASE_RELEASE);
		ranges_discard(heap, &shared->kept, move->block, move->bytes);
	} else {
		if (there) {
			mprotect(move->block + move->moved,
				 move->bytes - move->moved,
				 PROT_READ | PROT_WRITE);
			memcpy(move->block + move->moved,
			       move->to + move->moved, there);
		}
		heap->recorder->tally.bytes_copied += there;
		tally_growth(heap->recorder, OUTCOME_FAILED);
	}
	mremap_dontunmap_abandon(heap, move);
	return copy;
}

static void *mremap_dontunmap_grow(struct heap *heap, void *block, size_t size,
				   size_t new_size)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	size_t bytes = pages_round(heap, size);
	struct move move = {
		.block = block,
		.bytes = bytes,
		.new_bytes = pages_round(heap, new_size),
		.moved = bytes,
	};
	void *grown;

	if (move.new_bytes == bytes) {
		tally_growth(heap->recorder, OUTCOME_SLACK);
		return block;
	}
	pthread_mutex_lock(&shared->lock);
	if (mremap_dontunmap_choose(heap, &move) &&
	    mremap_dontunmap_pages(heap, &move) &&
	    mremap_dontunmap_tail(heap, &move))
		grown = mremap_dontunmap_settle(heap, &move);
	else
		grown = mremap_dontunmap_copy(heap, &move, size);
	pthread_mutex_unlock(&shared->lock);
	return grown;
}

static void *mremap_dontunmap_shrink(struct heap *heap, void *block,
				     size_t size, size_t new_size)
{
	struct mremap_dontunmap_shared *shared = heap->shared;
	size_t bytes = pages_round(heap, size);
	void *shrunk;

	/* The seams go after, but before another thread can have any there. */
	pthread_mutex_lock(&shared->lock);
	shrunk = pages_shrink(heap, block, size, new_size);
	if (shrunk)
		mremap_dontunmap_reseam(
			heap, block, pages_round(heap, new_size), bytes, NULL);
	pthread_mutex_unlock(&shared->lock);
	return shrunk;
}

static const struct allocator mremap_dontunmap = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "mremap-dontunmap",
	.summary = "moves pages by MREMAP_DONTUNMAP, keeps what they leave",
	.options = mremap_dontunmap_options,
	.mechanism = 1 << OUTCOME_MOVED,
	.shared_size = sizeof(struct mremap_dontunmap_shared),
	.probe = mremap_dontunmap_probe,
	.setup = mremap_dontunmap_setup,
	.teardown = mremap_dontunmap_teardown,
	.alloc = mremap_dontunmap_alloc,
	.grow = mremap_dontunmap_grow,
	.release = mremap_dontunmap_release,
	.alloc_aligned = pages_alloc_aligned,
	.shrink = mremap_dontunmap_shrink,
};

REGISTER_ALLOCATOR(mremap_dontunmap);
