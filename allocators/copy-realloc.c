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
 */
#include <regrow/keep_hooks.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* <linux/mman.h> since 5.14 */
#endif

enum { POPULATE, KEEP };
enum { POPULATE_NO, POPULATE_WRITE, POPULATE_MAP };

static const struct option_entry copy_realloc_options[] = {
	[POPULATE] = {"populate", OPTION_CHOICE, "no", "no|write|map",
		      "fault the destination in first: MADV_POPULATE_WRITE, "
		      "MAP_POPULATE"},
	[KEEP] = KEEP_ENTRY,
	{0},
};

static int copy_realloc_check(const struct option_value *options, char *why,
			      size_t why_size)
{
	if (options[POPULATE].number != POPULATE_MAP ||
	    options[KEEP].number == KEEP_NO)
		return 0;
	snprintf(why, why_size,
		 "populate=map needs a new mapping for each block, and keep=%s "
		 "hands out kept ones: use populate=write",
		 options[KEEP].text);
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

/* A larger block, faulted in as asked; NULL: out of memory. */
static void *copy_realloc_destination(struct heap *heap, size_t size)
{
	struct recorder *recorder = heap->recorder;
	size_t bytes = pages_round(heap, size);
	void *destination;

	if (heap->options[POPULATE].number == POPULATE_MAP) {
		phase_begin(recorder, PHASE_POPULATE);
		return pages_map(heap, bytes, MAP_POPULATE);
	}
	destination = keep_alloc(heap, size);
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
	keep_release(heap, block, size);
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
	.shared_size = sizeof(struct keep),
	.check = copy_realloc_check,
	.probe = copy_realloc_probe,
	.faults = copy_realloc_faults,
	.setup = copy_realloc_setup,
	.teardown = keep_hook_teardown,
	.alloc = keep_alloc,
	.grow = copy_realloc_grow,
	.release = keep_release,
	.alloc_aligned = keep_alloc_aligned,
	.shrink = keep_shrink,
};

REGISTER_ALLOCATOR(copy_realloc);
