/*
 * regrow/planting.h - mappings and holes that a workload puts into the map of
 * its process, where the kernel looks first for an address.
 *
 * Linux takes the gap that is nearest to where it begins to look: the highest
 * that fits, or in the legacy layout the lowest. The large free area is the last
 * of them. So what is planted lies at the edge of the free area, and whatever
 * gap is left before it is plugged: then the planted holes are the first that
 * the kernel meets, and what fits none of them lands in the free area beside
 * what was planted last.
 *
 * All of it is mmap, munmap and mprotect of the workload's own: no request. Call
 * it in a pause. Functions return 0 or -errno.
 */
#ifndef REGROW_PLANTING_H
#define REGROW_PLANTING_H

#ifndef _GNU_SOURCE
#error "regrow/planting.h needs -D_GNU_SOURCE"
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PLANTING_RANGES_MAX 256
/* Lengths of which a multiple is aligned to it since Linux 6.12; from 6.7 on all
 * from it on. */
#define PLANTING_HUGE ((size_t)2 << 20)
/* Larger than any gap but the free area; not a multiple of PLANTING_HUGE. */
#define PLANTING_AREA ((size_t)1 << 40)
#define PLANTING_LIMIT_STANDARD 65530 /* DEFAULT_MAX_MAP_COUNT */

/* Zeroed: nothing is planted. */
struct planting {
	size_t page_size; /* bytes */
	bool up; /* the kernel looks upward: the legacy layout */
	uintptr_t edge; /* of the free area, where it is met by mappings */
	int protection; /* of what lies there, as far as it was placed here */
	unsigned int count;
	struct {
		uintptr_t begin;
		uintptr_t end;
		bool counts; /* see planting_look.h; no plug and no guard */
	} ranges[PLANTING_RANGES_MAX];
	char text[1 << 14]; /* of /proc/self/maps */
};

/* vm.max_map_count, or the standard where it cannot be read. */
static inline uint64_t planting_limit(void)
{
	char text[32];
	ssize_t got = -1;
	int fd = open("/proc/sys/vm/max_map_count", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		got = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	if (got <= 0)
		return PLANTING_LIMIT_STANDARD;
	text[got] = '\0';
	return strtoull(text, NULL, 10);
}

/* Where the kernel likes, or at an address; 0, and errno is set. */
static inline uintptr_t planting_map(uintptr_t at, size_t size, int protection)
{
	/* Before Linux 4.17 the address is only a hint. */
	void *range = mmap((void *)at, size, protection,
			   MAP_PRIVATE | MAP_ANONYMOUS |
				   (at ? MAP_FIXED_NOREPLACE : 0),
			   -1, 0);

	if (range == MAP_FAILED)
		return 0;
	if (at && (uintptr_t)range != at) {
		munmap(range, size);
		errno = EEXIST;
		return 0;
	}
	return (uintptr_t)range;
}

static inline int planting_note(struct planting *planting, uintptr_t begin,
				size_t size, bool counts)
{
	unsigned int place = planting->count;

	if (place == PLANTING_RANGES_MAX) {
		munmap((void *)begin, size);
		return -ENOSPC;
	}
	planting->ranges[place].begin = begin;
	planting->ranges[place].end = begin + size;
	planting->ranges[place].counts = counts;
	planting->count++;
	return 0;
}

/* Of two pages, both where the kernel likes, which is the higher? */
static inline int planting_direction(size_t page_size, bool *up)
{
	uintptr_t first = planting_map(0, page_size, PROT_NONE);
	uintptr_t second = first ? planting_map(0, page_size, PROT_NONE) : 0;
	int error = second ? 0 : -errno;

	*up = second > first;
	if (first)
		munmap((void *)first, page_size);
	if (second)
		munmap((void *)second, page_size);
	return error;
}

/*
 * From near the edge of the free area to the edge. Kernels from 6.7 to 6.11 align
 * all that is as long as PLANTING_HUGE, the area as well, and leave less than
 * that before it; what is shorter goes to the edge itself, where no gap that is
 * met before is as large.
 */
static inline int planting_find_edge(struct planting *planting)
{
	const size_t size = PLANTING_HUGE - planting->page_size;
	uintptr_t held[PLANTING_RANGES_MAX], at = 0;
	unsigned int count = 0;
	bool found = false;
	int error = 0;

	while (!found && !error) {
		at = count < PLANTING_RANGES_MAX
			     ? planting_map(0, size, PROT_NONE)
			     : 0;
		if (at) {
			held[count++] = at;
			found = planting->up ? at + size >= planting->edge
					     : at <= planting->edge;
		} else {
			error = count < PLANTING_RANGES_MAX ? -errno : -ENOSPC;
		}
	}
	while (count > 0)
		munmap((void *)held[--count], size);
	if (found)
		planting->edge = planting->up ? at : at + size;
	return error;
}

/* Finds which way the kernel looks, and the edge of the free area. */
static inline int planting_open(struct planting *planting, size_t page_size)
{
	size_t size = PLANTING_AREA + page_size;
	int error = planting_direction(page_size, &planting->up);
	uintptr_t area;

	if (error)
		return error;
	area = planting_map(0, size, PROT_NONE);
	if (!area)
		return -errno;
	munmap((void *)area, size);
	planting->page_size = page_size;
	planting->edge = planting->up ? area : area + size;
	return planting_find_edge(planting);
}

/* Whether the kernel took a range from the free area. */
static inline bool planting_is_free_area(const struct planting *planting,
					 uintptr_t begin, size_t size)
{
	return planting->up ? begin >= planting->edge
			    : begin + size <= planting->edge;
}

/* Takes gaps of size bytes until there are none. */
static inline int planting_plug_size(struct planting *planting, size_t size)
{
	uintptr_t plug;
	int error;

	for (;;) {
		plug = planting_map(0, size, PROT_NONE);
		if (!plug)
			return -errno;
		if (planting_is_free_area(planting, plug, size)) {
			munmap((void *)plug, size);
			return 0;
		}
		error = planting_note(planting, plug, size, false);
		if (error)
			return error;
	}
}

/* Whole pages at the edge of the free area, which moves; 0: errno is set. */
static inline uintptr_t planting_place(struct planting *planting, size_t size,
				       int protection, bool counts)
{
	uintptr_t begin = planting->up ? planting->edge : planting->edge - size;
	int error;

	if (!planting_map(begin, size, protection))
		return 0;
	error = planting_note(planting, begin, size, counts);
	if (error) {
		errno = -error;
		return 0;
	}
	planting->edge = planting->up ? begin + size : begin;
	planting->protection = protection;
	return begin;
}

/*
 * Leaves no gap before the free area, and a page at its edge that nothing
 * planted merges with.
 */
static inline int planting_plug(struct planting *planting)
{
	size_t page = planting->page_size;
	int error = 0;

	for (size_t most = PLANTING_AREA / 2; most > page && !error; most /= 2)
		error = planting_plug_size(planting, most + page);
	if (!error)
		error = planting_plug_size(planting, page);
	if (error)
		return error;
	return planting_place(planting, page, PROT_NONE, false) ? 0 : -errno;
}

/* What does not merge with what lies at the edge, nor is writable. */
static inline int planting_other(int protection)
{
	return protection == PROT_READ ? PROT_NONE : PROT_READ;
}

/*
 * From here to a page past the next multiple of PLANTING_HUGE: what the kernel
 * maps next lies beside it, and shares its page table, which therefore stays
 * when that is unmapped. merging: and merges with it, where it is readable,
 * writable memory.
 */
static inline int planting_guard(struct planting *planting, bool merging)
{
	size_t page = planting->page_size, size;
	int protection = merging ? PROT_READ | PROT_WRITE
				 : planting_other(planting->protection);
	uintptr_t edge;

	/* It does not merge with a page between two holes itself. */
	if (protection == planting->protection &&
	    !planting_place(planting, page, PROT_NONE, false))
		return -errno;
	edge = planting->edge;
	size = planting->up ? ((edge + PLANTING_HUGE) & -PLANTING_HUGE) - edge
			    : edge - ((edge - 1) & -PLANTING_HUGE);
	if (!planting_place(planting, size + page, protection, false))
		return -errno;
	return 0;
}

/*
 * Not for the address sanitizer to look at: it remembers what its own runtime
 * had mapped there, and a fixed mapping of ours is no news to it.
 */
__attribute__((no_sanitize("address"))) static inline void
planting_write(uintptr_t at)
{
	*(volatile char *)at = 1;
}

/* A page gets its protection, and touch: its memory before. 0 or -errno. */
static inline int planting_page(uintptr_t at, size_t size, int protection,
				bool touch)
{
	if (touch && mprotect((void *)at, size, PROT_READ | PROT_WRITE))
		return -errno;
	if (touch)
		planting_write(at);
	return mprotect((void *)at, size, protection) ? -errno : 0;
}

/*
 * That many mappings of a page each, readable and inaccessible in turn so that
 * they do not merge; touch: each with its page.
 */
static inline int planting_mappings(struct planting *planting, uint64_t count,
				    bool touch)
{
	int first = planting_other(planting->protection);
	int second = planting_other(first);
	size_t page = planting->page_size;
	uintptr_t begin, at;

	if (count == 0)
		return 0;
	begin = planting_place(planting, count * page,
			       touch ? PROT_READ | PROT_WRITE : first, true);
	if (!begin)
		return -errno;
	for (uint64_t i = 0; touch && i < count; i++)
		planting_write(begin + i * page);
	if (touch && mprotect((void *)begin, count * page, first))
		return -errno;
	/* From where the others are, as that one is not to merge with them. */
	for (uint64_t i = 1; i < count; i += 2) {
		at = planting->up ? begin + i * page
				  : begin + (count - 1 - i) * page;
		if (mprotect((void *)at, page, second))
			return -errno;
	}
	planting->protection = count % 2 ? first : second;
	return 0;
}

/*
 * That many holes of size bytes (whole pages), a mapping of a page before,
 * between and behind them: such that what fills a hole merges with them, or
 * does not.
 */
static inline int planting_holes(struct planting *planting, uint64_t count,
				 size_t size, bool merging, bool touch)
{
	int protection = merging ? PROT_READ | PROT_WRITE
				 : planting_other(planting->protection);
	size_t page = planting->page_size;
	size_t step = size + page;
	uintptr_t at;
	int error = 0;

	if (count == 0)
		return 0;
	/* Writable memory of that size might not be had. */
	at = planting_place(planting, count * step + page,
			    merging ? PROT_NONE : protection, true);
	if (!at)
		return -errno;
	planting->protection = protection;
	for (uint64_t i = 0; i <= count; i++, at += step) {
		if (i < count && munmap((void *)(at + page), size))
			return -errno;
		if (merging || touch)
			error = planting_page(at, page, protection, touch);
		if (error)
			return error;
	}
	return 0;
}

/*
 * Mappings up to vm.max_map_count, but for spare. Each protection that differs
 * makes two more of a range, until the kernel refuses: then there are exactly as
 * many as it allows, or one less, and each that is taken back gives two.
 */
static inline int planting_fill(struct planting *planting, uint64_t spare)
{
	size_t page = planting->page_size;
	uint64_t pages = planting_limit() + 4, i;
	uintptr_t begin =
		planting_place(planting, pages * page, PROT_READ, true);

	if (!begin)
		return -errno;
	for (i = 1; i + 1 < pages; i += 2)
		if (mprotect((void *)(begin + i * page), page, PROT_NONE))
			break;
	if (i + 1 >= pages)
		return -ERANGE; /* there is no limit that we could see */
	for (uint64_t back = 0; back < spare; back += 2) {
		if (i < 3)
			return -ERANGE;
		i -= 2;
		if (mprotect((void *)(begin + i * page), page, PROT_READ))
			return -errno;
	}
	return 0;
}

/* Unmaps all of it. */
static inline void planting_close(struct planting *planting)
{
	while (planting->count > 0) {
		unsigned int i = --planting->count;

		munmap((void *)planting->ranges[i].begin,
		       planting->ranges[i].end - planting->ranges[i].begin);
	}
}

#endif
