/*
 * mremap-maymove - lets the kernel extend the block or move its pages.
 *
 * On growth: mremap(MREMAP_MAYMOVE), in place where the kernel finds the space
 * behind the block free, else to a place of the kernel's choice, leaving a hole
 * behind. What glibc and musl do with mapped blocks. Where mremap fails the
 * growth fails: a copy instead would hide it.
 */
#include <regrow/pages.h>

static const struct option_entry mremap_maymove_options[] = {
	{"threshold", OPTION_SIZE, "0", NULL,
	 "blocks smaller than this are copied"},
	{0},
};

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
	if (size < heap->options[0].number)
		return pages_grow_by_copy(heap, block, size, new_size);
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
	.alloc = pages_alloc,
	.grow = mremap_maymove_grow,
	.release = pages_release,
	.alloc_aligned = pages_alloc_aligned,
	.shrink = pages_shrink,
};

REGISTER_ALLOCATOR(mremap_maymove);
