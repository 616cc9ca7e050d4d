/*
 * malloc - the process's own realloc: glibc's, or that of an installed library
 * which is preloaded into the sample (lib=).
 *
 * On growth: realloc. glibc gives a block of the mmap threshold or more a
 * mapping of its own (where nothing free in its heap is large enough) and grows
 * it by mremap(MREMAP_MAYMOVE); a smaller one is extended within the heap or
 * copied. jemalloc 4 and later, mimalloc and tcmalloc extend in place what they
 * can, and copy.
 *
 * What is pinned of glibc, and what a library is told, see
 * regrow/glibc_settings.h and regrow/library_settings.h.
 *
 * How an outcome is told, realloc being silent:
 *   slack     malloc_usable_size() was large enough and the address stayed
 *   in place  the address stayed
 *   moved     before and after the block looks like a mapping of its own, as
 *             glibc lays it out (16 bytes behind the start of a page, usable up
 *             to the end of one), and errno was left alone, which glibc's
 *             failing mremap sets before it copies instead
 *   copied    anything else. Bytes, of glibc: those asked for, the least that
 *             had to be copied; of libraries: those usable, since all of them
 *             copy their whole size class
 * A heap block looks like a mapping by chance once in 65,536. A library that
 * moves by mremap (hardened_malloc from 32 MiB on) is told as copying: nothing
 * that a process may read without rights says which it was at a cost that could
 * stand inside a growth. Its page faults do, of which there are fewer than of a
 * copy, and, as root, --counters syscalls:sys_enter_mremap.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <regrow/glibc_settings.h>
#include <regrow/identity.h>
#include <regrow/library.h>
#include <regrow/library_identity.h>
#include <regrow/library_settings.h>
#include <regrow/pages.h>
#include <regrow/refuse.h>

/* What glibc keeps in front of a block: two words. */
#define HEADER (2 * sizeof(size_t))
#define SIZE_MIN ((size_t)16)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZER_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZER_MALLOC 1
#endif
#endif
#ifndef SANITIZER_MALLOC
#define SANITIZER_MALLOC 0
#endif

enum place { LIB, CONF, THRESHOLD, DYNAMIC, HUGETLB };
enum hugetlb { HUGETLB_MODE, HUGETLB_NO };

static const struct option_entry malloc_options[] = {
	[LIB] = {"lib", OPTION_TEXT, "libc", NULL,
		 "libc, jemalloc, mimalloc, tcmalloc, or a library's path"},
	[CONF] = {"conf", OPTION_TEXT, "", NULL,
		  "the library's settings: [narenas:1] or [NAME=VALUE,...]"},
	[THRESHOLD] = {"threshold", OPTION_SIZE, "128K", NULL,
		       "glibc's mmap threshold, pinned: at most 32M"},
	[DYNAMIC] = {"dynamic", OPTION_CHOICE, "no", "no|yes",
		     "yes: glibc's threshold is not pinned, and rises"},
	[HUGETLB] = {"hugetlb", OPTION_CHOICE, "mode", "mode|no",
		     "glibc advises huge pages where --thp says so; or not"},
	{0},
};

static const char *const malloc_variants[] = {"lib=jemalloc", "lib=mimalloc",
					      "lib=tcmalloc", NULL};

static bool is_libc(const struct option_value *options)
{
	return strcmp(options[LIB].text, "libc") == 0;
}

static int libc_check(const struct option_value *options, char *why,
		      size_t why_size)
{
	if (options[CONF].text[0])
		return refuse(why, why_size,
			      "conf= is for a library (lib=); glibc has "
			      "threshold=, dynamic= and hugetlb=");
	if (options[THRESHOLD].number > GLIBC_THRESHOLD_MAX)
		return refuse(why, why_size,
			      "threshold=%s is above 32M, which glibc may "
			      "ignore",
			      options[THRESHOLD].text);
	if (options[DYNAMIC].number &&
	    options[THRESHOLD].number != GLIBC_THRESHOLD_STANDARD)
		return refuse(why, why_size,
			      "threshold= pins what dynamic=yes lets rise");
	return 0;
}

static int malloc_check(const struct option_value *options, char *why,
			size_t why_size)
{
	const struct library *library = library_find(options[LIB].text);

	if (is_libc(options))
		return libc_check(options, why, why_size);
	if (!library)
		return refuse(why, why_size,
			      "lib=%s is none of libc, jemalloc, mimalloc, "
			      "tcmalloc, and no path, which has a / (./%s)",
			      options[LIB].text, options[LIB].text);
	if (options[THRESHOLD].number != GLIBC_THRESHOLD_STANDARD ||
	    options[DYNAMIC].number || options[HUGETLB].number)
		return refuse(why, why_size,
			      "threshold=, dynamic= and hugetlb= are glibc's: "
			      "lib=%s has conf=",
			      options[LIB].text);
	return library_check(library, options[LIB].text, options[CONF].text,
			     why, why_size);
}

static int malloc_probe(const struct option_value *options, char *why,
			size_t why_size)
{
	if (is_libc(options) || !SANITIZER_MALLOC)
		return 0;
	snprintf(why, why_size,
		 "this regrow was built with a sanitizer, which has a malloc "
		 "of its own: build it without SANITIZE=");
	return -ENOTSUP;
}

static int malloc_environment(const struct option_value *options,
			      struct environment *environment)
{
	const struct library *library = library_find(options[LIB].text);
	const struct glibc_settings settings = {
		.threshold = options[THRESHOLD].number,
		.dynamic = options[DYNAMIC].number != 0,
		.hugetlb = options[HUGETLB].number == HUGETLB_MODE,
	};

	if (library)
		return library_environment(library, options[LIB].text,
					   options[CONF].text, environment);
	glibc_environment(&settings, environment);
	return 0;
}

/* Of each thread. */
struct malloc_heap {
	bool is_library;
};

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

static int malloc_open(struct heap *heap)
{
	struct malloc_heap *own = heap->state;

	own->is_library = !is_libc(heap->options);
	return 0;
}

/* Of less than 16 bytes jemalloc and tcmalloc align a block to 8 alone. */
static size_t size_asked(size_t size)
{
	return size < SIZE_MIN ? SIZE_MIN : size;
}

static void *malloc_alloc(struct heap *heap, size_t size)
{
	void *block = malloc(size_asked(size));

	if (!block)
		tally_failed_call(heap->recorder, ENOMEM);
	return block;
}

static void *malloc_grow(struct heap *heap, void *block, size_t size,
			 size_t new_size)
{
	const struct malloc_heap *own = heap->state;
	struct recorder *recorder = heap->recorder;
	size_t usable = malloc_usable_size(block);
	size_t mapping =
		own->is_library ? 0 : malloc_mapping(heap, block, usable);
	uintptr_t address = (uintptr_t)block;
	void *grown;

	errno = 0;
	grown = realloc(block, size_asked(new_size));
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
	else if (own->is_library)
		tally_copied(recorder, usable < new_size ? usable : new_size);
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
	return realloc(block, size_asked(new_size));
}

/* Below its threshold a block is a piece of the heap. */
static enum faults_rule malloc_faults(const struct option_value *options)
{
	(void)options;
	return FAULTS_AT_MOST_DENSE;
}

/* libc serves where nothing else is asked for; the record names it anyway. */
static int libc_identify(struct identity *identity, char *why, size_t why_size)
{
	struct identity served, libc;

	if (!SANITIZER_MALLOC && identity_find((uintptr_t)getpid, &libc) == 0 &&
	    identity_find((uintptr_t)malloc, &served) == 0 &&
	    strcmp(served.file, libc.file) != 0) {
		snprintf(why, why_size,
			 "blocks come from %s, not from libc: see "
			 "/etc/ld.so.preload, or name it by lib=",
			 served.file);
		return -ELIBACC;
	}
	memset(identity, 0, sizeof(*identity));
	return 0;
}

static int malloc_identify(const struct option_value *options,
			   struct identity *identity, char *why,
			   size_t why_size)
{
	const struct library *library = library_find(options[LIB].text);

	if (!library)
		return libc_identify(identity, why, why_size);
	return library_identify(library, options[LIB].text, options[CONF].text,
				identity, why, why_size);
}

static const struct allocator own_malloc = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "malloc",
	.summary =
		"the process's own realloc: libc's, or a preloaded library's",
	.options = malloc_options,
	.variants = malloc_variants,
	.heap_size = sizeof(struct malloc_heap),
	.check = malloc_check,
	.probe = malloc_probe,
	.environment = malloc_environment,
	.faults = malloc_faults,
	.identify = malloc_identify,
	.open = malloc_open,
	.alloc = malloc_alloc,
	.grow = malloc_grow,
	.release = malloc_release,
	.alloc_aligned = malloc_alloc_aligned,
	.shrink = malloc_shrink,
};

REGISTER_ALLOCATOR(own_malloc);
