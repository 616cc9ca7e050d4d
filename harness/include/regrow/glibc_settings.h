/*
 * regrow/glibc_settings.h - what glibc's malloc is told before it is loaded, as
 * variables of the sample's environment.
 *
 * Pinned are M_MMAP_THRESHOLD, since the dynamic threshold rises to the size of
 * what was freed, up to 32 MiB, and a row would change its meaning while it
 * runs; with it M_TRIM_THRESHOLD stays at 128 KiB. M_MMAP_MAX to the largest
 * number: beyond its 65,536 mappings large blocks would go to the heap. dynamic
 * pins neither (either ends the dynamics; mallopt(3)): glibc as programs find
 * it. In THP mode madvise its tunable hugetlb=1 (glibc 2.35) advises mappings
 * and heap, as the other allocators' mappings are. Its value 2, pages of
 * hugetlbfs, is not offered: where they run out, glibc goes on with small ones
 * without a word.
 */
#ifndef REGROW_GLIBC_SETTINGS_H
#define REGROW_GLIBC_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <regrow/allocator.h>
#include <regrow/environment.h>

/* glibc before 2.35 ignores a larger threshold, without a word. */
#define GLIBC_THRESHOLD_MAX ((size_t)32 << 20)
#define GLIBC_THRESHOLD_STANDARD ((size_t)128 << 10)

struct glibc_settings {
	uint64_t threshold; /* bytes, at most GLIBC_THRESHOLD_MAX */
	bool dynamic; /* the threshold is glibc's, and rises */
	bool hugetlb; /* huge pages are advised where --thp says so */
};

/* The tunables of glibc 2.26, and what went before. */
static inline void glibc_environment(const struct glibc_settings *settings,
				     struct environment *environment)
{
	unsigned long long threshold = settings->threshold;
	bool huge = environment->thp_advise && settings->hugetlb;

	if (settings->dynamic) {
		if (huge)
			environment_add(
				environment,
				"GLIBC_TUNABLES=glibc.malloc.hugetlb=1");
		return;
	}
	environment_add(environment,
			"GLIBC_TUNABLES=glibc.malloc.mmap_threshold=%llu:"
			"glibc.malloc.mmap_max=2147483647%s",
			threshold, huge ? ":glibc.malloc.hugetlb=1" : "");
	environment_add(environment, "MALLOC_MMAP_THRESHOLD_=%llu", threshold);
	environment_add(environment, "MALLOC_MMAP_MAX_=2147483647");
}

#endif
