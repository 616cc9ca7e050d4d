/*
 * reserve - reserves address space far ahead and commits it on growth.
 *
 * On growth: mprotect of what is new, in place, nothing moved and nothing
 * copied: the upper bound of what growing can be. Arenas, stacks of green
 * threads and databases that size their heap once do so; a general allocator
 * cannot know how far ahead, which ahead= says. Each block is two mappings, the
 * committed front and the rest of PROT_NONE.
 *
 * A reservation is the smallest multiple of ahead that holds the block, at all
 * times, so that it follows from the block's size. A block that outgrows its
 * own is copied to a larger one, and tallied so. Its standard is the workload's
 * largest block, which none outgrows; where a program has no such bound, 1 GiB.
 *
 * MAP_NORESERVE: without it a committed page stays charged, and its mapping
 * another than the rest's, after the block shrinks.
 */
#include <regrow/pages.h>

#define AHEAD_UNKNOWN ((size_t)1 << 30) /* bytes; where no bound is known */
#define AHEAD_MAX ((size_t)1 << 40) /* bytes; a larger bound is none */

static const struct option_entry reserve_options[] = {
	{"ahead", OPTION_SIZE, "0", NULL,
	 "bytes reserved for a block; 0: the workload's largest, or 1G"},
	{0},
};

struct reserve_shared {
	size_t ahead; /* bytes, whole pages */
};

static int reserve_setup(struct heap *heap)
{
	struct reserve_shared *shared = heap->shared;
	size_t ahead = heap->options[0].number;

	if (ahead == 0)
		ahead = heap->block_size_max;
	if (ahead == 0 || (heap->options[0].number == 0 && ahead > AHEAD_MAX))
		ahead = AHEAD_UNKNOWN;
	shared->ahead = pages_round(heap, ahead);
	return shared->ahead ? 0 : -EINVAL;
}

/* Bytes of the reservation of a block of bytes; 0: more than can be. */
static size_t reserve_bytes(const struct heap *heap, size_t bytes)
{
	const struct reserve_shared *shared = heap->shared;
	size_t reservations, reserved;

	if (bytes == 0)
		return 0;
	reservations = (bytes - 1) / shared->ahead + 1;
	return __builtin_mul_overflow(reservations, shared->ahead, &reserved)
		       ? 0
		       : reserved;
}

/* 0 or -errno, tallied. */
static int reserve_protect(struct heap *heap, void *start, size_t bytes,
			   int protection)
{
	if (mprotect(start, bytes, protection) == 0)
		return 0;
	tally_failed_call(heap->recorder, errno);
	return -errno;
}

/* A reservation aligned to a power of two of bytes; NULL: none. */
static void *reserve_map(struct heap *heap, size_t alignment, size_t reserved)
{
	size_t excess = alignment > heap->page_size ? alignment : 0;
	void *start;

	if (reserved == 0 || reserved > SIZE_MAX - excess) {
		tally_failed_call(heap->recorder, ENOMEM);
		return NULL;
	}
	start = mmap(NULL, reserved + excess, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (start == MAP_FAILED) {
		tally_failed_call(heap->recorder, errno);
		return NULL;
	}
	return excess ? pages_trim(heap, start, reserved, alignment) : start;
}

static void *reserve_alloc_aligned(struct heap *heap, size_t alignment,
				   size_t size)
{
	size_t bytes = pages_round(heap, size);
	size_t reserved = reserve_bytes(heap, bytes);
	unsigned char *block;

	phase_begin(heap->recorder, PHASE_MAP);
	block = reserve_map(heap, alignment, reserved);
	if (!block)
		return NULL;
	pages_advise(heap, block, reserved);
	if (reserve_protect(heap, block, bytes, PROT_READ | PROT_WRITE)) {
		pages_unmap(heap, block, reserved);
		return NULL;
	}
	return block;
}

static void *reserve_alloc(struct heap *heap, size_t size)
{
	return reserve_alloc_aligned(heap, 1, size);
}

static void reserve_release(struct heap *heap, void *block, size_t size)
{
	phase_begin(heap->recorder, PHASE_RELEASE);
	pages_unmap(heap, block, reserve_bytes(heap, pages_round(heap, size)));
}

static void *reserve_copy(struct heap *heap, void *block, size_t size,
			  size_t new_size)
{
	void *copy = reserve_alloc(heap, new_size);

	if (!copy) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	phase_begin(heap->recorder, PHASE_COPY);
	memcpy(copy, block, size);
	reserve_release(heap, block, size);
	tally_copied(heap->recorder, size);
	return copy;
}

static void *reserve_grow(struct heap *heap, void *block, size_t size,
			  size_t new_size)
{
	size_t bytes = pages_round(heap, size);
	size_t new_bytes = pages_round(heap, new_size);

	if (bytes == new_bytes) {
		tally_growth(heap->recorder, OUTCOME_SLACK);
		return block;
	}
	if (reserve_bytes(heap, new_bytes) != reserve_bytes(heap, bytes))
		return reserve_copy(heap, block, size, new_size);
	phase_begin(heap->recorder, PHASE_MAP);
	if (reserve_protect(heap, (char *)block + bytes, new_bytes - bytes,
			    PROT_READ | PROT_WRITE)) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	tally_growth(heap->recorder, OUTCOME_IN_PLACE);
	return block;
}

/*
 * Gives memory back, and of the reservation what the smaller size does not
 * call for. NULL, the block as it was, where the kernel cannot unmap that.
 */
static void *reserve_shrink(struct heap *heap, void *block, size_t size,
			    size_t new_size)
{
	size_t bytes = pages_round(heap, size);
	size_t new_bytes = pages_round(heap, new_size);
	size_t reserved = reserve_bytes(heap, new_bytes);
	size_t excess = reserve_bytes(heap, bytes) - reserved;
	unsigned char *start = block;

	if (bytes == new_bytes)
		return block;
	phase_begin(heap->recorder, PHASE_RELEASE);
	if (excess && pages_unmap(heap, start + reserved, excess))
		return NULL;
	if (bytes > reserved)
		bytes = reserved;
	if (bytes == new_bytes)
		return block;
	if (madvise(start + new_bytes, bytes - new_bytes, MADV_DONTNEED))
		tally_failed_call(heap->recorder, errno);
	/* Where this fails, it stays committed: only less is caught. */
	reserve_protect(heap, start + new_bytes, bytes - new_bytes, PROT_NONE);
	return block;
}

static const struct allocator reserve = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "reserve",
	.summary = "reserves far ahead, commits on growth: the upper bound",
	.options = reserve_options,
	.mechanism = 1 << OUTCOME_IN_PLACE,
	.shared_size = sizeof(struct reserve_shared),
	.setup = reserve_setup,
	.alloc = reserve_alloc,
	.grow = reserve_grow,
	.release = reserve_release,
	.alloc_aligned = reserve_alloc_aligned,
	.shrink = reserve_shrink,
};

REGISTER_ALLOCATOR(reserve);
