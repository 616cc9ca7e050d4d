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
 */
#include <stdio.h>

#include <regrow/pages.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* <linux/mman.h> since 5.14 */
#endif

enum { POPULATE_NO, POPULATE_WRITE, POPULATE_MAP };

static const struct option_entry copy_realloc_options[] = {
	{"populate", OPTION_CHOICE, "no", "no|write|map",
	 "fault the destination in first: MADV_POPULATE_WRITE, MAP_POPULATE"},
	{0},
};

static int copy_realloc_probe(const struct option_value *options, char *why,
			      size_t why_size)
{
	void *page;
	int error = 0;

	if (options[0].number != POPULATE_WRITE)
		return 0;
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

/* A larger block, faulted in as asked; NULL: out of memory. */
static void *copy_realloc_destination(struct heap *heap, size_t bytes)
{
	struct recorder *recorder = heap->recorder;
	void *destination;

	if (heap->options[0].number == POPULATE_MAP) {
		phase_begin(recorder, PHASE_POPULATE);
		return pages_map(heap, bytes, MAP_POPULATE);
	}
	phase_begin(recorder, PHASE_MAP);
	destination = pages_map(heap, bytes, 0);
	if (destination && heap->options[0].number == POPULATE_WRITE) {
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
	destination =
		copy_realloc_destination(heap, pages_round(heap, new_size));
	if (!destination) {
		tally_growth(recorder, OUTCOME_FAILED);
		return NULL;
	}
	phase_begin(recorder, PHASE_COPY);
	memcpy(destination, block, size);
	pages_release(heap, block, size);
	tally_copied(recorder, size);
	return destination;
}

/* Populating reaches all of the new size, the copy only the old one. */
static enum faults_rule copy_realloc_faults(const struct option_value *options)
{
	return options[0].number == POPULATE_NO ? FAULTS_EXACT
						: FAULTS_EXACT_DENSE;
}

static const struct allocator copy_realloc = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "copy-realloc",
	.summary = "mmap, memcpy, munmap",
	.options = copy_realloc_options,
	.is_reference = true,
	.mechanism = 1 << OUTCOME_COPIED,
	.probe = copy_realloc_probe,
	.faults = copy_realloc_faults,
	.alloc = pages_alloc,
	.grow = copy_realloc_grow,
	.release = pages_release,
	.alloc_aligned = pages_alloc_aligned,
	.shrink = pages_shrink,
};

REGISTER_ALLOCATOR(copy_realloc);
