/* null - gives the same pre-faulted mapping to everybody: the floor. */
#include <sys/mman.h>

#include <regrow/pages.h>

/* What every block is. */
struct null_shared {
	void *mapping;
	size_t size;
};

/*
 * A private mapping that is as large as the largest block, faulted in before
 * the clock starts. Blocks overlap, so contents do not survive (is_floor).
 */
static int null_setup(struct heap *heap)
{
	struct null_shared *shared = heap->shared;

	shared->size = pages_round(heap, heap->block_size_max);
	shared->mapping = pages_map(heap, shared->size, MAP_POPULATE);
	return shared->mapping ? 0 : -ENOMEM;
}

static void null_teardown(struct heap *heap)
{
	struct null_shared *shared = heap->shared;

	pages_unmap(heap, shared->mapping, shared->size);
}

static void *null_alloc(struct heap *heap, size_t size)
{
	struct null_shared *shared = heap->shared;

	return size <= shared->size ? shared->mapping : NULL;
}

static void *null_grow(struct heap *heap, void *block, size_t size,
		       size_t new_size)
{
	struct null_shared *shared = heap->shared;

	(void)size;
	if (new_size > shared->size) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	tally_growth(heap->recorder, OUTCOME_SLACK);
	return block;
}

static void null_release(struct heap *heap, void *block, size_t size)
{
	(void)heap;
	(void)block;
	(void)size;
}

static void *null_alloc_aligned(struct heap *heap, size_t alignment,
				size_t size)
{
	struct null_shared *shared = heap->shared;

	return (uintptr_t)shared->mapping % alignment == 0
		       ? null_alloc(heap, size)
		       : NULL;
}

static void *null_shrink(struct heap *heap, void *block, size_t size,
			 size_t new_size)
{
	(void)heap;
	(void)size;
	(void)new_size;
	return block;
}

static const struct allocator null = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "null",
	.summary = "nothing: one pre-faulted mapping; the floor",
	.is_floor = true,
	.shared_size = sizeof(struct null_shared),
	.setup = null_setup,
	.teardown = null_teardown,
	.alloc = null_alloc,
	.grow = null_grow,
	.release = null_release,
	.alloc_aligned = null_alloc_aligned,
	.shrink = null_shrink,
};

REGISTER_ALLOCATOR(null);
