/*
 * mremap-fixed-fallback - moves the block to a place of its own choice by
 * mremap(MREMAP_MAYMOVE | MREMAP_FIXED), and copies where that fails.
 *
 * On growth: takes a destination, moves the pages there, deals with the hole
 * that the source has become. jemalloc 2.1 to 3.6 and hardened_malloc do the
 * first two. The standard values are Daniel Micay's proposal, to own both ends
 * of the move so that nothing is unmapped: dest=own, hole=refill. jemalloc 3.6
 * is dest=fresh:hole=leave; it never tried to extend in place, hence inplace=no.
 *
 *   dest=own    the best fit among the ranges kept, else a new mmap; fresh: a
 *               new mmap always. New blocks of the threshold or more take from
 *               the ranges kept either way.
 *   hole=leave  nothing is kept, so that own finds nothing either
 *        refill mmap(MAP_FIXED_NOREPLACE) over the source after the move;
 *               another thread may have been quicker, which is tallied
 *        refill-none  the same, with PROT_NONE
 *        reserve  MREMAP_DONTUNMAP leaves the source mapped, so that nobody can
 *               be quicker, and PROT_NONE gives its pages' charge back. It
 *               moves equal sizes only: the block is then extended in place,
 *               where what was mapped behind it at the destination has just
 *               been unmapped; should another thread take that, the move is
 *               undone. Where the kernel has no MREMAP_DONTUNMAP this would be
 *               refill-none, and is refused.
 *   phase=pud, pmd, unaligned, mismatch  see regrow/phase.h. A range is then
 *               larger than its block, a new one's as well. The margins stay
 *               mapped, as a part of the range: trimming them would make holes.
 *               They forbid growth in place, and are mappings of their own. A
 *               block for which there is no such range lies where mmap likes.
 *
 * After a failed MREMAP_FIXED the destination may be unmapped already and
 * another thread's by now. It is left alone, for good, mapped or not: what it
 * takes of the address space is the price of never unmapping what is not ours.
 *
 * The lock is held over a move, and the source leaves the index of margins
 * before it. Copies, of small blocks and of those that cannot be moved, go to
 * a new mmap, which needs no lock; with a phase, to where new blocks go.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include <regrow/dontunmap.h>
#include <regrow/margins.h>
#include <regrow/phase.h>
#include <regrow/ranges.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000 /* <linux/mman.h> since 4.17 */
#endif

/*
 * Both tables are full only beyond what vm.max_map_count lets a process map by
 * default. Then ranges are unmapped, and blocks copied, with ENOMEM tallied.
 */
#define RANGES_MAX 16384
#define MARGINS_SLOTS 32768

enum { THRESHOLD, INPLACE, DEST, HOLE, PHASE };
enum { INPLACE_YES, INPLACE_NO };
enum { DEST_OWN, DEST_FRESH };
enum { HOLE_LEAVE, HOLE_REFILL, HOLE_REFILL_NONE, HOLE_RESERVE };

static const struct option_entry mremap_fixed_fallback_options[] = {
	[THRESHOLD] = {"threshold", OPTION_SIZE, "4M", NULL,
		       "blocks smaller than this are copied"},
	[INPLACE] = {"inplace", OPTION_CHOICE, "no", "yes|no",
		     "try to extend the block where it is, first"},
	[DEST] = {"dest", OPTION_CHOICE, "own", "own|fresh",
		  "destination: a range kept from before, or a new mmap"},
	[HOLE] = {"hole", OPTION_CHOICE, "refill",
		  "leave|refill|refill-none|reserve",
		  "the source range: left, mapped again, or never unmapped"},
	[PHASE] = PHASE_ENTRY,
	{0},
};

struct mremap_fixed_fallback_shared {
	pthread_mutex_t lock; /* of all that follows */
	struct ranges kept;
	struct margins margins;
};

/* A range to move a block into. */
struct destination {
	unsigned char *start;
	unsigned char *block; /* where in it the block comes to lie */
	struct margin margin;
	bool owned; /* one that was kept, not a new mmap */
};

static int mremap_fixed_fallback_probe(const struct option_value *options,
				       char *why, size_t why_size)
{
	int error = phase_probe((enum phase_choice)options[PHASE].number,
				(size_t)sysconf(_SC_PAGESIZE), why, why_size);

	if (error || options[HOLE].number != HOLE_RESERVE)
		return error;
	return dontunmap_probe(
		"hole=reserve needs MREMAP_DONTUNMAP (Linux 5.7), which this "
		"kernel refuses: it would be hole=refill-none here, ask for "
		"that",
		why, why_size);
}

static int mremap_fixed_fallback_setup(struct heap *heap)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	int error;

	error = -pthread_mutex_init(&shared->lock, NULL);
	if (error)
		return error;
	error = ranges_setup(heap, &shared->kept, RANGES_MAX);
	if (!error && heap->options[PHASE].number != PHASE_KERNEL) {
		error = margins_setup(heap, &shared->margins, MARGINS_SLOTS);
		if (error)
			ranges_teardown(heap, &shared->kept);
	}
	if (error)
		pthread_mutex_destroy(&shared->lock);
	return error;
}

static void mremap_fixed_fallback_teardown(struct heap *heap)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;

	margins_teardown(heap, &shared->margins);
	ranges_teardown(heap, &shared->kept);
	pthread_mutex_destroy(&shared->lock);
}

/*
 * A range for a block that is moved, or for a new one where block is NULL.
 * False: none, or no room to index it. The lock is held.
 */
static bool mremap_fixed_fallback_choose(struct heap *heap, const void *block,
					 size_t bytes,
					 struct destination *destination)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	enum phase_choice phase =
		(enum phase_choice)heap->options[PHASE].number;
	size_t slack = phase_slack(heap, phase), front = 0;

	if (bytes == 0 || bytes > SIZE_MAX - slack ||
	    (slack && margins_full(&shared->margins))) {
		tally_failed_call(heap->recorder, ENOMEM);
		return false;
	}
	destination->start = NULL;
	if (!block || heap->options[DEST].number == DEST_OWN)
		destination->start = ranges_take(&shared->kept, bytes + slack);
	destination->owned = destination->start;
	if (!destination->start)
		destination->start = slack ? phase_reserve(heap, bytes + slack)
					   : pages_map(heap, bytes, 0);
	if (!destination->start)
		return false;
	if (slack)
		front = phase_front(heap, phase, block, destination->start);
	destination->margin =
		(struct margin){.front = front, .back = slack - front};
	destination->block = destination->start + front;
	return true;
}

/* Maps a new block where it was chosen to lie; NULL: it cannot be. */
static void *mremap_fixed_fallback_map(struct heap *heap, void *at,
				       size_t bytes)
{
	/* Mapped anew: one mapping, writable, zero, whatever it had been. */
	void *block = mmap(at, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (block == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return NULL;
	}
	pages_advise(heap, block, bytes);
	return block;
}

/* A new block in the phase asked for; NULL: there is no range for it. */
static void *mremap_fixed_fallback_place(struct heap *heap, size_t bytes)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	struct destination destination;
	void *block = NULL;

	phase_begin(heap->recorder, PHASE_MAP);
	pthread_mutex_lock(&shared->lock);
	if (mremap_fixed_fallback_choose(heap, NULL, bytes, &destination)) {
		block = mremap_fixed_fallback_map(heap, destination.block,
						  bytes);
		if (block)
			margins_put(&shared->margins, block,
				    destination.margin);
		else
			ranges_keep(heap, &shared->kept, destination.start,
				    destination.margin.front + bytes +
					    destination.margin.back);
	}
	pthread_mutex_unlock(&shared->lock);
	return block;
}

/* Whether new blocks of a size are placed by their phase. */
static bool mremap_fixed_fallback_places(const struct heap *heap, size_t size)
{
	return heap->options[PHASE].number != PHASE_KERNEL &&
	       size >= heap->options[THRESHOLD].number;
}

/* A new block, in a range that was kept or in a new mapping. */
static void *mremap_fixed_fallback_alloc(struct heap *heap, size_t size)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	size_t bytes = pages_round(heap, size);
	void *range, *block = NULL;

	if (size < heap->options[THRESHOLD].number || bytes == 0)
		return pages_alloc(heap, size);
	if (mremap_fixed_fallback_places(heap, size)) {
		block = mremap_fixed_fallback_place(heap, bytes);
		return block ? block : pages_alloc(heap, size);
	}
	pthread_mutex_lock(&shared->lock);
	range = ranges_take(&shared->kept, bytes);
	pthread_mutex_unlock(&shared->lock);
	phase_begin(heap->recorder, PHASE_MAP);
	if (range)
		block = mremap_fixed_fallback_map(heap, range, bytes);
	return block ? block : pages_alloc(heap, size);
}

static void mremap_fixed_fallback_release(struct heap *heap, void *block,
					  size_t size)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	struct margin margin = {0};
	unsigned char *start = block;

	phase_begin(heap->recorder, PHASE_RELEASE);
	if (shared->margins.slots) {
		pthread_mutex_lock(&shared->lock);
		margin = margins_take(&shared->margins, block);
		pthread_mutex_unlock(&shared->lock);
	}
	start -= margin.front;
	size = margin.front + pages_round(heap, size) + margin.back;
	if (pages_unmap(heap, start, size)) {
		pthread_mutex_lock(&shared->lock);
		ranges_rescue(&shared->kept, start, size);
		pthread_mutex_unlock(&shared->lock);
	}
}

/* After MREMAP_FIXED failed: what lies between the margins is not ours. */
static void mremap_fixed_fallback_abandon(struct heap *heap, size_t bytes,
					  const struct destination *destination)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;

	phase_begin(heap->recorder, PHASE_RELEASE);
	ranges_discard(heap, &shared->kept, destination->start,
		       destination->margin.front);
	ranges_discard(heap, &shared->kept, destination->block + bytes,
		       destination->margin.back);
}

/*
 * Moves the block to where new_bytes are mapped, and leaves its old range
 * mapped. NULL: the block is as it was, and nothing at the destination is ours.
 * The lock is held.
 */
static void *mremap_fixed_fallback_reserve(struct heap *heap, void *block,
					   size_t size, size_t new_bytes,
					   unsigned char *to)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	struct recorder *recorder = heap->recorder;
	size_t bytes = pages_round(heap, size), rest = new_bytes - bytes;

	if (!pages_remap(heap, block, bytes, bytes,
			 MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to))
		return NULL;
	phase_begin(recorder, PHASE_RELEASE);
	if (pages_unmap(heap, to + bytes, rest))
		rest = 0;
	phase_begin(recorder, PHASE_MAP);
	if (rest && pages_remap(heap, to, bytes, new_bytes, 0, NULL)) {
		phase_begin(recorder, PHASE_RELEASE);
		if (mprotect(block, bytes, PROT_NONE))
			tally_failed_call(recorder, errno);
		return to;
	}
	/*
	 * Not by another MREMAP_FIXED: its failure would lose the block. Since
	 * 6.17 what moved may be many mappings, some of them read-only.
	 */
	phase_begin(recorder, PHASE_COPY);
	if (mprotect(block, bytes, PROT_READ | PROT_WRITE))
		tally_failed_call(recorder, errno);
	memcpy(block, to, size);
	recorder->tally.bytes_copied += size;
	phase_begin(recorder, PHASE_RELEASE);
	ranges_discard(heap, &shared->kept, to, rest ? bytes : new_bytes);
	return NULL;
}

/* Maps the hole that a move left. */
static enum refill mremap_fixed_fallback_refill(struct heap *heap, void *hole,
						size_t bytes)
{
	int protection = heap->options[HOLE].number == HOLE_REFILL
				 ? PROT_READ | PROT_WRITE
				 : PROT_NONE;
	void *mapped =
		mmap(hole, bytes, protection,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (mapped == hole)
		return REFILL_DONE;
	if (mapped == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return errno == EEXIST ? REFILL_TAKEN : REFILL_REFUSED;
	}
	/* A kernel before 4.17 took the address as a hint. */
	pages_unmap(heap, mapped, bytes);
	return REFILL_TAKEN;
}

/* Deals with the range that a block was moved out of. The lock is held. */
static void mremap_fixed_fallback_retire(struct heap *heap,
					 unsigned char *block, size_t bytes,
					 struct margin margin)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	struct ranges *kept = &shared->kept;
	unsigned char *start = block - margin.front, *end = block + bytes;
	uint64_t hole = heap->options[HOLE].number;
	enum refill refill = REFILL_DONE;

	if (hole == HOLE_LEAVE) {
		phase_begin(heap->recorder, PHASE_RELEASE);
		ranges_discard(heap, kept, start, margin.front);
		ranges_discard(heap, kept, end, margin.back);
		return;
	}
	phase_begin(heap->recorder, PHASE_MAP);
	if (hole != HOLE_RESERVE)
		refill = mremap_fixed_fallback_refill(heap, block, bytes);
	if (refill != REFILL_DONE) {
		ranges_keep(heap, kept, start, margin.front);
		ranges_keep(heap, kept, end, margin.back);
	} else if (!ranges_keep(heap, kept, start,
				margin.front + bytes + margin.back)) {
		refill = REFILL_REFUSED;
	}
	tally_refill(heap->recorder, refill);
}

/* NULL: the block is as it was. The lock is held. */
static void *mremap_fixed_fallback_move(struct heap *heap, void *block,
					size_t size, size_t new_bytes)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	struct margin margin = margins_take(&shared->margins, block);
	size_t bytes = pages_round(heap, size);
	struct destination destination;
	void *moved = NULL;

	phase_begin(heap->recorder, PHASE_MAP);
	if (mremap_fixed_fallback_choose(heap, block, new_bytes,
					 &destination)) {
		phase_begin(heap->recorder, PHASE_MOVE);
		if (heap->options[HOLE].number == HOLE_RESERVE)
			moved = mremap_fixed_fallback_reserve(
				heap, block, size, new_bytes,
				destination.block);
		else
			moved = pages_remap(heap, block, bytes, new_bytes,
					    MREMAP_MAYMOVE | MREMAP_FIXED,
					    destination.block);
		if (!moved)
			mremap_fixed_fallback_abandon(heap, new_bytes,
						      &destination);
	}
	if (!moved) {
		margins_put(&shared->margins, block, margin);
		return NULL;
	}
	margins_put(&shared->margins, moved, destination.margin);
	tally_moved(heap->recorder, block, moved, bytes, destination.owned);
	mremap_fixed_fallback_retire(heap, block, bytes, margin);
	return moved;
}

/* For small blocks and for those that could not be moved. */
static void *mremap_fixed_fallback_copy(struct heap *heap, void *block,
					size_t size, size_t new_size)
{
	void *copy;

	if (mremap_fixed_fallback_places(heap, new_size)) {
		copy = mremap_fixed_fallback_alloc(heap, new_size);
		phase_begin(heap->recorder, PHASE_COPY);
		if (copy)
			memcpy(copy, block, size);
	} else {
		copy = pages_copy(heap, block, size, new_size);
	}
	if (!copy) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	mremap_fixed_fallback_release(heap, block, size);
	tally_copied(heap->recorder, size);
	return copy;
}

static void *mremap_fixed_fallback_grow(struct heap *heap, void *block,
					size_t size, size_t new_size)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	size_t new_bytes = pages_round(heap, new_size);
	void *moved;

	if (pages_slack(heap, size, new_size)) {
		tally_growth(heap->recorder, OUTCOME_SLACK);
		return block;
	}
	if (size < heap->options[THRESHOLD].number)
		return mremap_fixed_fallback_copy(heap, block, size, new_size);
	if (heap->options[INPLACE].number == INPLACE_YES) {
		phase_begin(heap->recorder, PHASE_MAP);
		if (pages_remap(heap, block, pages_round(heap, size), new_bytes,
				0, NULL)) {
			tally_growth(heap->recorder, OUTCOME_IN_PLACE);
			return block;
		}
	}
	pthread_mutex_lock(&shared->lock);
	moved = mremap_fixed_fallback_move(heap, block, size, new_bytes);
	pthread_mutex_unlock(&shared->lock);
	if (moved)
		return moved;
	return mremap_fixed_fallback_copy(heap, block, size, new_size);
}

/* The end of the block goes, and the margin behind it. */
static void *mremap_fixed_fallback_shrink(struct heap *heap, void *block,
					  size_t size, size_t new_size)
{
	struct mremap_fixed_fallback_shared *shared = heap->shared;
	size_t bytes = pages_round(heap, new_size);
	size_t rest = pages_round(heap, size) - bytes;
	struct margin margin;

	if (rest == 0 || !shared->margins.slots)
		return pages_shrink(heap, block, size, new_size);
	phase_begin(heap->recorder, PHASE_RELEASE);
	pthread_mutex_lock(&shared->lock);
	margin = margins_take(&shared->margins, block);
	if (pages_unmap(heap, (char *)block + bytes, rest + margin.back) == 0) {
		margin.back = 0;
		rest = 0;
	}
	margins_put(&shared->margins, block, margin);
	pthread_mutex_unlock(&shared->lock);
	return rest ? NULL : block;
}

/* A placed block may be aligned enough as it is. */
static void *mremap_fixed_fallback_alloc_aligned(struct heap *heap,
						 size_t alignment, size_t size)
{
	size_t bytes = pages_round(heap, size);
	void *block = NULL;

	if (bytes && mremap_fixed_fallback_places(heap, size))
		block = mremap_fixed_fallback_place(heap, bytes);
	if (block && ((uintptr_t)block & (alignment - 1)) == 0)
		return block;
	if (block)
		mremap_fixed_fallback_release(heap, block, size);
	return pages_alloc_aligned(heap, alignment, size);
}

static const struct allocator mremap_fixed_fallback = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "mremap-fixed-fallback",
	.summary = "mremap to a destination of its own choice, else a copy",
	.options = mremap_fixed_fallback_options,
	.mechanism = 1 << OUTCOME_MOVED,
	.shared_size = sizeof(struct mremap_fixed_fallback_shared),
	.probe = mremap_fixed_fallback_probe,
	.setup = mremap_fixed_fallback_setup,
	.teardown = mremap_fixed_fallback_teardown,
	.alloc = mremap_fixed_fallback_alloc,
	.grow = mremap_fixed_fallback_grow,
	.release = mremap_fixed_fallback_release,
	.alloc_aligned = mremap_fixed_fallback_alloc_aligned,
	.shrink = mremap_fixed_fallback_shrink,
};

REGISTER_ALLOCATOR(mremap_fixed_fallback);
