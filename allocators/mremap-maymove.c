/*
 * mremap-maymove - lets the kernel extend the block or move its pages.
 *
 * On growth: mremap(MREMAP_MAYMOVE), in place where the kernel finds the space
 * behind the block free, else to a place of the kernel's choice, leaving a hole
 * behind. What glibc and musl do with mapped blocks. Where mremap fails the
 * growth fails: a copy instead would hide it.
 *
 * keep= unmaps nothing, and so chooses the place itself: see regrow/keep.h. On
 * growth: mremap(0), which extends the block in place where nothing is mapped
 * behind it, as at the end of a chunk; else a range that was kept, or of a new
 * chunk, is replaced by the block in one step, MREMAP_MAYMOVE | MREMAP_FIXED.
 * What the block has left is mapped again by MAP_FIXED_NOREPLACE and kept;
 * should another thread's mmap have been quicker, that is tallied, and there is
 * no hole either. MREMAP_DONTUNMAP would leave no such moment, but moves equal
 * sizes only: the rest of the destination would have to be unmapped instead, to
 * extend the block into it, and a mapping there undo the move by a copy; and the
 * range left behind would merge with no neighbour. mremap-fixed-fallback does
 * that by hole=reserve. No allocator that is known to us works like this.
 *
 *   pages, free  A block's pages stay where it was released, and their mapping,
 *                which is of its own kind once it was moved: a later block that
 *                spans two cannot be moved (EFAULT), and is copied. What a move
 *                replaces or leaves behind has no pages.
 *   dontneed     by mapping anew, so that mappings merge, but for neighbours that
 *                were faulted in apart (they have an anon_vma each).
 *
 * A move that the kernel refuses is a copy into a range that is kept. The
 * destination may be unmapped by then and another thread's: it is left alone,
 * for good.
 */
#include <regrow/keep_hooks.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000 /* <linux/mman.h> since 4.17 */
#endif

enum { THRESHOLD, KEEP };

static const struct option_entry mremap_maymove_options[] = {
	[THRESHOLD] = {"threshold", OPTION_SIZE, "0", NULL,
		       "blocks smaller than this are copied"},
	[KEEP] = KEEP_ENTRY,
	{0},
};

static int mremap_maymove_probe(const struct option_value *options, char *why,
				size_t why_size)
{
	return keep_probe(options[KEEP].number, why, why_size);
}

static enum faults_rule
mremap_maymove_faults(const struct option_value *options)
{
	return keep_faults(options[KEEP].number);
}

static int mremap_maymove_setup(struct heap *heap)
{
	return keep_setup(heap, heap->shared, heap->options[KEEP].number, true);
}

static void *mremap_maymove_copy(struct heap *heap, void *block, size_t size,
				 size_t new_size)
{
	void *copy = keep_alloc(heap, new_size);

	if (!copy) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	phase_begin(heap->recorder, PHASE_COPY);
	memcpy(copy, block, size);
	keep_release(heap, block, size);
	tally_copied(heap->recorder, size);
	return copy;
}

/* Maps and keeps the range that a block has left. */
static enum refill mremap_maymove_refill(struct heap *heap, void *range,
					 size_t bytes)
{
	struct keep *keep = heap->shared;
	void *mapped =
		mmap(range, bytes, keep_protection(keep),
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (mapped == range) {
		keep_advise(heap, keep, range, bytes);
		return keep_put(heap, keep, range, bytes) ? REFILL_DONE
							  : REFILL_REFUSED;
	}
	if (mapped == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return errno == EEXIST ? REFILL_TAKEN : REFILL_REFUSED;
	}
	/* A kernel before 4.17 took the address as a hint. */
	pages_unmap(heap, mapped, bytes);
	return REFILL_TAKEN;
}

/* Into a range of the allocator's; NULL: the block is as it was. */
static void *mremap_maymove_move(struct heap *heap, void *block, size_t bytes,
				 size_t new_bytes)
{
	struct recorder *recorder = heap->recorder;
	void *destination, *moved;
	bool owned;

	phase_begin(recorder, PHASE_MAP);
	destination = keep_reserve(heap, heap->shared, new_bytes, &owned);
	if (!destination)
		return NULL;
	phase_begin(recorder, PHASE_MOVE);
	moved = pages_remap(heap, block, bytes, new_bytes,
			    MREMAP_MAYMOVE | MREMAP_FIXED, destination);
	if (!moved)
		return NULL;
	tally_moved(recorder, block, moved, bytes, owned);
	phase_begin(recorder, PHASE_MAP);
	tally_refill(recorder, mremap_maymove_refill(heap, block, bytes));
	return moved;
}

static void *mremap_maymove_grow_kept(struct heap *heap, void *block,
				      size_t size, size_t new_size)
{
	size_t bytes = pages_round(heap, size);
	size_t new_bytes = pages_round(heap, new_size);
	void *moved;

	phase_begin(heap->recorder, PHASE_MAP);
	if (pages_remap(heap, block, bytes, new_bytes, 0, NULL)) {
		tally_growth(heap->recorder, OUTCOME_IN_PLACE);
		return block;
	}
	/* EFAULT: the block is not one mapping; MREMAP_FIXED would fail, too. */
	if (errno != EFAULT) {
		moved = mremap_maymove_move(heap, block, bytes, new_bytes);
		if (moved)
			return moved;
	}
	return mremap_maymove_copy(heap, block, size, new_size);
}

static void *mremap_maymove_grow(struct heap *heap, void *block, size_t size,
				 size_t new_size)
{
	struct recorder *recorder = heap->recorder;
	size_t bytes = pages_round(heap, size);
	void *grown;

	if (pages_slack(heap, size, new_size)) {
		tally_growth(recorder, OUTCOME_SLACK);
		return block;
	}
	if (size < heap->options[THRESHOLD].number)
		return mremap_maymove_copy(heap, block, size, new_size);
	if (heap->options[KEEP].number != KEEP_NO)
		return mremap_maymove_grow_kept(heap, block, size, new_size);
	phase_begin(recorder, PHASE_MOVE);
	grown = pages_remap(heap, block, bytes, pages_round(heap, new_size),
			    MREMAP_MAYMOVE, NULL);
	if (!grown) {
		tally_growth(recorder, OUTCOME_FAILED);
	} else if (grown == block) {
		phase_rename(recorder, PHASE_MAP);
		tally_growth(recorder, OUTCOME_IN_PLACE);
	} else {
		tally_moved(recorder, block, grown, bytes, false);
	}
	return grown;
}

static const struct allocator mremap_maymove = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "mremap-maymove",
	.summary =
		"mremap(MREMAP_MAYMOVE): in place, or where the kernel likes",
	.options = mremap_maymove_options,
	.mechanism = 1 << OUTCOME_MOVED | 1 << OUTCOME_IN_PLACE,
	.shared_size = sizeof(struct keep),
	.probe = mremap_maymove_probe,
	.faults = mremap_maymove_faults,
	.setup = mremap_maymove_setup,
	.teardown = keep_hook_teardown,
	.alloc = keep_alloc,
	.grow = mremap_maymove_grow,
	.release = keep_release,
	.alloc_aligned = keep_alloc_aligned,
	.shrink = keep_shrink,
};

REGISTER_ALLOCATOR(mremap_maymove);
