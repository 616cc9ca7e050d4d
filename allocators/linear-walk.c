/*
 * linear-walk - looks at every mapping of the process, one by one, before it
 * asks another allocator for a block.
 *
 * Nobody allocates like this. It is the positive control of what is said about
 * the kernel's search for an address: kernels before 3.8 could walk all mappings
 * for a gap, those since have a tree. Where the cost of map-pressure is called
 * constant or logarithmic in the number of mappings or holes, this allocator's
 * must be called linear in the same run, or the verdict says nothing.
 *
 * The walk reads /proc/self/maps, in which the kernel goes from mapping to
 * mapping and writes a line for each. That is dearer for each mapping than the
 * walk of an old kernel was: the shape is the same, the slope is not. It is done
 * before each alloc and each grow, as both search for an address.
 */
#include <fcntl.h>
#include <unistd.h>

#include <regrow/pages.h>

enum { OVER };

static const struct option_entry linear_walk_options[] = {
	[OVER] = {"over", OPTION_ALLOCATOR, "copy-realloc", NULL,
		  "the allocator that blocks are asked of"},
	{0},
};

/* The kernel hands out a page of lines at a time. */
#define TEXT_SIZE 4096

/* A thread's. */
struct walking {
	int file; /* /proc/self/maps */
	uint64_t lines; /* of the last walk: one for each mapping */
	char text[TEXT_SIZE];
};

/* 0 or -errno. */
static int walk(struct heap *heap)
{
	struct walking *walking = heap->state;
	const char *line;
	off_t at = 0;
	ssize_t got;

	walking->lines = 0;
	while ((got = pread(walking->file, walking->text, TEXT_SIZE, at)) > 0) {
		at += got;
		line = walking->text;
		while ((line = memchr(line, '\n',
				      (size_t)(walking->text + got - line)))) {
			walking->lines++;
			line++;
		}
	}
	return got < 0 ? -errno : 0;
}

/* The first walk, which faults its text in, is not measured. */
static int linear_walk_open(struct heap *heap)
{
	struct walking *walking = heap->state;

	walking->file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	return walking->file < 0 ? -errno : walk(heap);
}

static void linear_walk_close(struct heap *heap)
{
	struct walking *walking = heap->state;

	close(walking->file);
}

/* A walk that fails is a call that failed: the control does not work. */
static bool walked(struct heap *heap)
{
	int error;

	phase_begin(heap->recorder, PHASE_MAP);
	error = walk(heap);
	if (error)
		tally_failed_call(heap->recorder, -error);
	return error == 0;
}

static void *linear_walk_alloc(struct heap *heap, size_t size)
{
	return walked(heap) ? heap_alloc(heap->over, size) : NULL;
}

static void *linear_walk_alloc_aligned(struct heap *heap, size_t alignment,
				       size_t size)
{
	return walked(heap) ? heap_alloc_aligned(heap->over, alignment, size)
			    : NULL;
}

static void *linear_walk_grow(struct heap *heap, void *block, size_t size,
			      size_t new_size)
{
	if (walked(heap))
		return heap_grow(heap->over, block, size, new_size);
	tally_growth(heap->recorder, OUTCOME_FAILED);
	return NULL;
}

static void linear_walk_release(struct heap *heap, void *block, size_t size)
{
	heap_release(heap->over, block, size);
}

static void *linear_walk_shrink(struct heap *heap, void *block, size_t size,
				size_t new_size)
{
	return heap_shrink(heap->over, block, size, new_size);
}

static const struct allocator linear_walk = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "linear-walk",
	.summary = "a control: walks all mappings, then asks another allocator",
	.options = linear_walk_options,
	.heap_size = sizeof(struct walking),
	.open = linear_walk_open,
	.close = linear_walk_close,
	.alloc = linear_walk_alloc,
	.grow = linear_walk_grow,
	.release = linear_walk_release,
	.alloc_aligned = linear_walk_alloc_aligned,
	.shrink = linear_walk_shrink,
};

REGISTER_ALLOCATOR(linear_walk);
