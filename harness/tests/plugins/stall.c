/*
 * stall - asks another allocator, and once, at one of a thread's calls for
 * memory, sleeps before it does: what a rare slow path looks like to requests.
 */
#include <errno.h>
#include <time.h>

#include <regrow/allocator.h>

enum { AT, FOR, OVER };

static const struct option_entry options[] = {
	[AT] = {"at", OPTION_COUNT, "0", NULL,
		"the call of a thread that stalls, from 1; 0: none does"},
	[FOR] = {"for", OPTION_COUNT, "50", NULL, "ms that it stalls"},
	[OVER] = {"over", OPTION_ALLOCATOR, "copy-realloc", NULL,
		  "the allocator that blocks are asked of"},
	{0},
};

struct calls {
	uint64_t count; /* alloc and grow, of this thread */
};

static void count_call(struct heap *heap)
{
	struct calls *calls = heap->state;
	struct timespec rest = {
		.tv_sec = (time_t)(heap->options[FOR].number / 1000),
		.tv_nsec = (long)(heap->options[FOR].number % 1000) * 1000000,
	};

	if (++calls->count != heap->options[AT].number)
		return;
	/* A signal does not shorten it. */
	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		;
}

static void *stall_alloc(struct heap *heap, size_t size)
{
	count_call(heap);
	return heap_alloc(heap->over, size);
}

static void *stall_alloc_aligned(struct heap *heap, size_t alignment,
				 size_t size)
{
	count_call(heap);
	return heap_alloc_aligned(heap->over, alignment, size);
}

static void *stall_grow(struct heap *heap, void *block, size_t size,
			size_t new_size)
{
	count_call(heap);
	return heap_grow(heap->over, block, size, new_size);
}

static void stall_release(struct heap *heap, void *block, size_t size)
{
	heap_release(heap->over, block, size);
}

static void *stall_shrink(struct heap *heap, void *block, size_t size,
			  size_t new_size)
{
	return heap_shrink(heap->over, block, size, new_size);
}

static const struct allocator stall = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "stall",
	.summary = "sleeps once, and asks another allocator",
	.options = options,
	.heap_size = sizeof(struct calls),
	.alloc = stall_alloc,
	.grow = stall_grow,
	.release = stall_release,
	.alloc_aligned = stall_alloc_aligned,
	.shrink = stall_shrink,
};

REGISTER_ALLOCATOR(stall);
