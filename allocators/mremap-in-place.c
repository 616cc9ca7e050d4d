/*
 * mremap-in-place - extends the block where it is, and copies where that fails.
 *
 * On growth: mremap without MREMAP_MAYMOVE; where something is mapped behind
 * the block: mmap, memcpy, munmap. PHP does so with blocks from 2 MiB on.
 * folly's fbvector asks jemalloc to extend in place (xallocx) before it copies,
 * and jemalloc since 4 tries the same within its own extents. Pages are never
 * moved, so that no two mappings ever differ in what keeps them from merging.
 */
#include <regrow/pages.h>

static void *mremap_in_place_grow(struct heap *heap, void *block, size_t size,
				  size_t new_size)
{
	size_t new_bytes = pages_round(heap, new_size);
	void *copy;

	if (pages_slack(heap, size, new_size)) {
		tally_growth(heap->recorder, OUTCOME_SLACK);
		return block;
	}
	phase_begin(heap->recorder, PHASE_MAP);
	if (pages_remap(heap, block, pages_round(heap, size), new_bytes, 0,
			NULL)) {
		tally_growth(heap->recorder, OUTCOME_IN_PLACE);
		return block;
	}
	copy = pages_copy(heap, block, size, new_size);
	if (!copy) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	pages_release(heap, block, size);
	tally_copied(heap->recorder, size);
	return copy;
}

static const struct allocator mremap_in_place = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "mremap-in-place",
	.summary = "mremap without MAYMOVE: in place, else a copy",
	.mechanism = 1 << OUTCOME_IN_PLACE,
	.alloc = pages_alloc,
	.grow = mremap_in_place_grow,
	.release = pages_release,
	.alloc_aligned = pages_alloc_aligned,
	.shrink = pages_shrink,
};

REGISTER_ALLOCATOR(mremap_in_place);
