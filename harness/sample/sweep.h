/*
 * sweep - the same work in another layout of the process's memory.
 *
 * What a system call costs depends on how many mappings there are (the kernel's
 * tree of them has nodes of 10 to 16; see the maple tree, Linux 6.1) and on
 * where they lie. Where nothing else differs between two runs, such as between
 * two boots whose clock counts instructions, one layout says nothing about
 * others. A sweep measures in several, the same ones everywhere.
 */
#ifndef REGROW_SWEEP_H
#define REGROW_SWEEP_H

#include <stddef.h>
#include <stdint.h>

/* Points of a sweep at most. */
#define SWEEP_MAX 1000

/* What a point puts into the map. */
struct sweep_point {
	uint32_t mappings; /* of a page each, which do not merge */
	uint32_t shift_pages; /* reserved, so that all else lies lower */
};

/*
 * Of point number point, from 0: 3 mappings more each time, 64 at most, and a
 * shift within 2 MiB that comes to each page of it once in 512 points.
 */
void sweep_point(uint32_t point, struct sweep_point *layout);

/*
 * Maps it in this process, before the map is looked at for the first time; it
 * stays until the process ends. 0 or -errno.
 */
int sweep_apply(uint32_t point, size_t page_size);

#endif
