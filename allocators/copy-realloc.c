/*
 * copy-realloc - maps a larger block, copies, and unmaps the old one.
 *
 * On growth: mmap, memcpy, munmap. What mimalloc, tcmalloc, snmalloc, scudo and
 * jemalloc since 4 do with a large block, and the reference of all others.
 *
 * populate= faults the destination in before the copy, which is otherwise
 * mostly page faults: write by MADV_POPULATE_WRITE, map by MAP_POPULATE within
 * the mmap, so that both count as PHASE_POPULATE. In THP mode "madvise" map
 * faults small pages, since the advice can only follow the mmap.
 *
 * keep= unmaps nothing: see regrow/keep.h. jemalloc 5 does so on 64-bit Linux,
 * by opt.retain; dontneed is nearest to it, pages to what it does with ranges
 * for opt.dirty_decay_ms before. hardened_malloc's quarantine of large blocks is
 * none, for a time. A block is never extended into what is kept behind it.
 * populate=write populates all of a range that is taken: pages that it was kept
 * with cost a walk, and no fault.
 *
 * hint=freed gives each mmap the address of the range that the thread unmapped
 * last, as a hint (no MAP_FIXED): the kernel takes it where it is free, and else
 * searches as ever. From 6.7 on a search for a multiple of 2 MiB wants that much
 * more room, for an aligned address, and passes by a hole of the exact size; a
 * hint does not (6.13). Blocks of more than a page's alignment get none.
 */
#include <regrow/keep_hooks.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* <linux/mman.h> since 5.14 */
#endif

enum { POPULATE, KEEP, HINT };
enum { POPULATE_NO, POPULATE_WRITE, POPULATE_MAP };
enum { HINT_NO, HINT_FREED };

static const struct option_entry copy_realloc_options[] = {
	[POPULATE] = {"populate", OPTION_CHOICE, "no", "no|write|map",
		      "fault the destination in first: MADV_POPULATE_WRITE, "
		      "MAP_POPULATE"},
	[KEEP] = KEEP_ENTRY,
	[HINT] = {"hint", OPTION_CHOICE, "no", "no|freed",
		  "address given to mmap: none, or what was unmapped last"},
	{0},
};

/* A thread's. */
struct copying {
	void *freed; /* unmapped last, its first byte; NULL: nothing yet */
};

static int copy_realloc_check(const struct option_value *options, char *why,
			      size_t why_size)
{
	if (options[KEEP].number == KEEP_NO)
		return 0;
	if (options[POPULATE].number == POPULATE_MAP)
		snprintf(why, why_size,
			 "populate=map needs a new mapping for each block, and "
			 "keep=%s hands out kept ones: use populate=write",
			 options[KEEP].text);
	else if (options[HINT].number == HINT_FREED)
		snprintf(why, why_size,
			 "hint=freed needs ranges that are unmapped, and "
			 "keep=%s unmaps none: leave one of them out",
			 options[KEEP].text);
	else
		return 0;
	return -EINVAL;
}

static int copy_realloc_probe(const struct option_value *options, char *why,
			      size_t why_size)
{
	void *page;
	int error;

	error = keep_probe(options[KEEP].number, why, why_size);
	if (error || options[POPULATE].number != POPULATE_WRITE)
		return error;
	page = mmap(NULL, 1, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	if (madvise(page, 1, MADV_POPULATE_WRITE)) {
		error = -errno;
		snprintf(why, why_size,
			 "populate=write needs MADV_POPULATE_WRITE (Linux "
			 "5.14), which this kernel refuses: use populate=map");
	}
	munmap(page, 1);
	return error;
}

static int copy_realloc_setup(struct heap *heap)
{
	return keep_setup(heap, heap->shared, heap->options[KEEP].number,
			  false);
}

static void *copy_realloc_map(struct heap *heap, size_t bytes, int flags)
{
	const struct copying *copying = heap->state;

	return pages_map_near(heap, copying->freed, bytes, flags);
}

static void *copy_realloc_alloc(struct heap *heap, size_t size)
{
	if (heap->options[KEEP].number != KEEP_NO)
		return keep_alloc(heap, size);
	phase_begin(heap->recorder, PHASE_MAP);
	return copy_realloc_map(heap, pages_round(heap, size), 0);
}

static void copy_realloc_release(struct heap *heap, void *block, size_t size)
{
	struct copying *copying = heap->state;

	keep_release(heap, block, size);
	if (heap->options[HINT].number == HINT_FREED)
		copying->freed = block;
}

static void *copy_realloc_shrink(struct heap *heap, void *block, size_t size,
				 size_t new_size)
{
	struct copying *copying = heap->state;
	void *shrunk = keep_shrink(heap, block, size, new_size);

	if (shrunk && heap->options[HINT].number == HINT_FREED &&
	    !pages_slack(heap, size, new_size))
		copying->freed = (char *)block + pages_round(heap, new_size);
	return shrunk;
}

/* A larger block, faulted in as asked; NULL: out of memory. */
static void *copy_realloc_destination(struct heap *heap, size_t size)
{
	struct recorder *recorder = heap->recorder;
	size_t bytes = pages_round(heap, size);
	void *destination;

	if (heap->options[POPULATE].number == POPULATE_MAP) {
		phase_begin(recorder, PHASE_POPULATE);
		return copy_realloc_map(heap, bytes, MAP_POPULATE);
	}
	destination = copy_realloc_alloc(heap, size);
	if (destination && heap->options[POPULATE].number == POPULATE_WRITE) {
		phase_begin(recorder, PHASE_POPULATE);
		if (madvise(destination, bytes, MADV_POPULATE_WRITE))
			tally_failed_call(recorder, errno);
	}
	return destination;
}

static void *copy_realloc_grow(struct heap *heap, void *block, size_t size,
			       size_t new_size)
{
	struct recorder *recorder = heap->recorder;
	void *destination;

	if (pages_slack(heap, size, new_size)) {
		tally_growth(recorder, OUTCOME_SLACK);
		return block;
	}
	destination = copy_realloc_destination(heap, new_size);
	if (!destination) {
		tally_growth(recorder, OUTCOME_FAILED);
		return NULL;
	}
	phase_begin(recorder, PHASE_COPY);
	memcpy(destination, block, size);
	copy_realloc_release(heap, block, size);
	tally_copied(recorder, size);
	return destination;
}

/* Populating reaches all of the new size, the copy only the old one. */
static enum faults_rule copy_realloc_faults(const struct option_value *options)
{
	enum faults_rule rule = keep_faults(options[KEEP].number);

	if (rule == FAULTS_EXACT && options[POPULATE].number != POPULATE_NO)
		return FAULTS_EXACT_DENSE;
	return rule;
}

static const struct allocator copy_realloc = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "copy-realloc",
	.summary = "mmap, memcpy, munmap",
	.options = copy_realloc_options,
	.is_reference = true,
	.mechanism = 1 << OUTCOME_COPIED,
	.heap_size = sizeof(struct copying),
	.shared_size = sizeof(struct keep),
	.check = copy_realloc_check,
	.probe = copy_realloc_probe,
	.faults = copy_realloc_faults,
	.setup = copy_realloc_setup,
	.teardown = keep_hook_teardown,
	.alloc = copy_realloc_alloc,
	.grow = copy_realloc_grow,
	.release = copy_realloc_release,
	.alloc_aligned = keep_alloc_aligned,
	.shrink = copy_realloc_shrink,
};

REGISTER_ALLOCATOR(copy_realloc);
