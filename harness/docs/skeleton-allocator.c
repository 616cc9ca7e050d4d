/*
 * skeleton-allocator - a start for an allocator of your own: it works as it is.
 *
 * Built in: copy it to allocators/my-name.c, rename, run make; nothing else is
 * edited. As a plug-in, without touching the tree:
 *
 *   cc -O2 -g -shared -fPIC -D_GNU_SOURCE -Iharness/include \
 *      -o mine.so harness/docs/skeleton-allocator.c
 *   build/tests/test_allocator_contract ./mine.so    (after make check)
 *   make bench ALLOC=./mine.so
 *
 * The file's name is the allocator's name, and what its functions begin with.
 * Include <regrow/...> and system headers only. Say here what happens on growth
 * and who uses the strategy.
 *
 * This one maps each block and lets mremap(2) extend it in place; where the
 * kernel cannot, it copies.
 */
#include <regrow/pages.h>

/* Places in the table of options; heap->options has the same order. */
enum { THRESHOLD };

/* Parsed and shown for you; as typed: skeleton-allocator:threshold=1M. */
static const struct option_entry skeleton_allocator_options[] = {
	[THRESHOLD] = {"threshold", OPTION_SIZE, "0", NULL,
		       "blocks smaller than this are always copied"},
	{0},
};

/*
 * Needed where the values must fit together, or for a kernel feature: return
 * -errno and one line that says why, and the row is skipped with that reason.
 *
 *   int check(const struct option_value *options, char *why, size_t why_size);
 *   int probe(const struct option_value *options, char *why, size_t why_size);
 *
 * Needed where page faults do not follow from what is touched and copied: where
 * it populates memory, or hands out pages again.
 *
 *   enum faults_rule faults(const struct option_value *options);
 *
 * Needed where it stands for a library that replaces malloc: what to preload,
 * and which library served; see allocators/malloc.c.
 *
 *   int environment(const struct option_value *options,
 *                   struct environment *environment);
 *   int identify(const struct option_value *options,
 *                struct identity *identity, char *why, size_t why_size);
 *
 * Needed where the allocator has state: .heap_size bytes of each thread are
 * heap->state, .shared_size bytes of all threads are heap->shared, zeroed.
 *
 *   int setup(struct heap *heap);      once; shared state, locks
 *   int open(struct heap *heap);       in each thread
 *   void close(struct heap *heap);
 *   void teardown(struct heap *heap);  leaves nothing mapped
 */

/* NULL: out of memory. Blocks are aligned to 16 bytes at least. */
static void *skeleton_allocator_alloc(struct heap *heap, size_t size)
{
	phase_begin(heap->recorder, PHASE_MAP);
	return pages_map(heap, pages_round(heap, size), 0);
}

/* Sizes are what was asked for last, not rounded; size is the block's. */
static void skeleton_allocator_release(struct heap *heap, void *block,
				       size_t size)
{
	phase_begin(heap->recorder, PHASE_RELEASE);
	pages_unmap(heap, block, pages_round(heap, size));
}

/*
 * Name each phase as it begins, and tally exactly one outcome: the harness
 * checks it against the address. NULL: the block is as it was.
 */
static void *skeleton_allocator_grow(struct heap *heap, void *block,
				     size_t size, size_t new_size)
{
	struct recorder *recorder = heap->recorder;
	size_t bytes = pages_round(heap, size);
	size_t new_bytes = pages_round(heap, new_size);
	void *copy;

	if (new_bytes == bytes) {
		tally_growth(recorder, OUTCOME_SLACK);
		return block;
	}
	phase_begin(recorder, PHASE_MAP);
	if (size >= heap->options[THRESHOLD].number &&
	    pages_remap(heap, block, bytes, new_bytes, 0, NULL)) {
		tally_growth(recorder, OUTCOME_IN_PLACE);
		return block;
	}
	copy = pages_map(heap, new_bytes, 0);
	if (!copy) {
		tally_growth(recorder, OUTCOME_FAILED);
		return NULL;
	}
	phase_begin(recorder, PHASE_COPY);
	memcpy(copy, block, size);
	phase_begin(recorder, PHASE_RELEASE);
	pages_unmap(heap, block, bytes);
	tally_copied(recorder, size);
	return copy;
}

static const struct allocator skeleton_allocator = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "skeleton-allocator",
	.summary = "in place where the kernel can, else a copy",
	.options = skeleton_allocator_options,
	/* What it is named after; a row that hardly did that says so. */
	.mechanism = 1 << OUTCOME_IN_PLACE,
	.alloc = skeleton_allocator_alloc,
	.grow = skeleton_allocator_grow,
	.release = skeleton_allocator_release,
};

REGISTER_ALLOCATOR(skeleton_allocator);
