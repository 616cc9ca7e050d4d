/*
 * malloc - the process's own realloc: glibc's, unless another is preloaded.
 *
 * On growth: realloc. glibc gives a block of the mmap threshold or more a
 * mapping of its own (where nothing free in its heap is large enough) and grows
 * it by mremap(MREMAP_MAYMOVE); a smaller one is extended within the heap or
 * copied.
 *
 * What is pinned, through the child's environment, for glibc: M_MMAP_THRESHOLD
 * to threshold=, since the dynamic threshold rises to the size of what was
 * freed, up to 32 MiB, and a row would change its meaning while it runs; with
 * it M_TRIM_THRESHOLD stays at 128 KiB. M_MMAP_MAX to the largest number:
 * beyond its 65,536 mappings large blocks would go to the heap. In THP mode
 * madvise its tunable hugetlb=1 (glibc 2.35) advises mappings and heap, as the
 * other allocators' mappings are.
 *
 * How an outcome is told, realloc being silent:
 *   slack     malloc_usable_size() was large enough and the address stayed
 *   in place  the address stayed
 *   moved     before and after the block looks like a mapping of its own, as
 *             glibc lays it out (16 bytes behind the start of a page, usable up
 *             to the end of one), and errno was left alone, which glibc's
 *             failing mremap sets before it copies instead
 *   copied    anything else; bytes are those asked for, the least that had to
 *             be copied
 * A heap block looks like a mapping by chance once in 65,536. Other libraries
 * lay blocks out otherwise: what they move by mremap is told as copied.
 */
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <regrow/pages.h>

/* glibc before 2.35 ignores a larger threshold, without a word. */
#define THRESHOLD_MAX ((size_t)32 << 20)
/* What glibc keeps in front of a block: two words. */
#define HEADER (2 * sizeof(size_t))

#define TUNABLES                                                               \
	"GLIBC_TUNABLES=glibc.malloc.mmap_threshold=%llu:"                     \
	"glibc.malloc.mmap_max=2147483647"

static const struct option_entry malloc_options[] = {
	{"threshold", OPTION_SIZE, "128K", NULL,
	 "glibc's mmap threshold, pinned: at most 32M"},
	{0},
};

static int malloc_check(const struct option_value *options, char *why,
			size_t why_size)
{
	if (options[0].number <= THRESHOLD_MAX)
		return 0;
	snprintf(why, why_size,
		 "threshold=%s is above 32M, which glibc may ignore",
		 options[0].text);
	return -EINVAL;
}

__attribute__((format(printf, 2, 3))) static void
malloc_variable(struct environment *environment, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(environment->entries[environment->count++],
		  sizeof(environment->entries[0]), format, arguments);
	va_end(arguments);
}

/* The tunables of glibc 2.26, and what went before. */
static int malloc_environment(const struct option_value *options,
			      struct environment *environment)
{
	unsigned long long threshold = options[0].number;

	malloc_variable(environment, TUNABLES "%s", threshold,
			environment->thp_advise ? ":glibc.malloc.hugetlb=1"
						: "");
	malloc_variable(environment, "MALLOC_MMAP_THRESHOLD_=%llu", threshold);
	malloc_variable(environment, "MALLOC_MMAP_MAX_=2147483647");
	return 0;
}

/* The bytes of the block's own mapping; 0: it does not look like one. */
static size_t malloc_mapping(const struct heap *heap, void *block,
			     size_t usable)
{
	size_t offset_max = heap->page_size - 1;

	if (((uintptr_t)block & offset_max) != HEADER ||
	    ((usable + HEADER) & offset_max) != 0)
		return 0;
	return usable + HEADER;
}

static void *malloc_alloc(struct heap *heap, size_t size)
{
	void *block = malloc(size);

	if (!block)
		tally_failed_call(heap->recorder, ENOMEM);
	return block;
}

static void *malloc_grow(struct heap *heap, void *block, size_t size,
			 size_t new_size)
{
	struct recorder *recorder = heap->recorder;
	size_t usable = malloc_usable_size(block);
	size_t mapping = malloc_mapping(heap, block, usable);
	uintptr_t address = (uintptr_t)block;
	void *grown;

	errno = 0;
	grown = realloc(block, new_size);
	tally_failed_call(recorder, errno);
	if (!grown)
		tally_growth(recorder, OUTCOME_FAILED);
	else if ((uintptr_t)grown == address)
		tally_growth(recorder, usable >= new_size ? OUTCOME_SLACK
							  : OUTCOME_IN_PLACE);
	else if (mapping && errno == 0 &&
		 malloc_mapping(heap, grown, malloc_usable_size(grown)))
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): compared only */
		tally_moved(recorder, (void *)address, grown, mapping, false);
	else
		tally_copied(recorder, size);
	return grown;
}

static void malloc_release(struct heap *heap, void *block, size_t size)
{
	(void)heap;
	(void)size;
	free(block);
}

static void *malloc_alloc_aligned(struct heap *heap, size_t alignment,
				  size_t size)
{
	void *block = NULL;
	int error = posix_memalign(&block, alignment, size);

	tally_failed_call(heap->recorder, error);
	return error ? NULL : block;
}

static void *malloc_shrink(struct heap *heap, void *block, size_t size,
			   size_t new_size)
{
	(void)heap;
	(void)size;
	return realloc(block, new_size);
}

/* Below its threshold a block is a piece of the heap. */
static enum faults_rule malloc_faults(const struct option_value *options)
{
	(void)options;
	return FAULTS_AT_MOST_DENSE;
}

static const struct allocator own_malloc = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "malloc",
	.summary = "the process's own realloc; glibc's mmap threshold pinned",
	.options = malloc_options,
	.check = malloc_check,
	.environment = malloc_environment,
	.faults = malloc_faults,
	.alloc = malloc_alloc,
	.grow = malloc_grow,
	.release = malloc_release,
	.alloc_aligned = malloc_alloc_aligned,
	.shrink = malloc_shrink,
};

REGISTER_ALLOCATOR(own_malloc);
