/* process - what the kernel says of this process: its map, its memory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sample/map_query.h"
#include "sample/process.h"

extern char __executable_start;

static struct {
	int maps;
	int status;
	int smaps_rollup; /* -1 before Linux 4.14 */
	enum map_lookup lookup;
	struct map_bounds bounds;
	uintptr_t heap; /* where it ended when we began */
	char text[1 << 16];
} process = {.maps = -1, .status = -1, .smaps_rollup = -1};

/* A file of /proc/self from its start, whole where it fits; -errno. */
static ssize_t process_read(int fd)
{
	size_t used = 0;

	while (used < sizeof(process.text) - 1) {
		ssize_t got =
			pread(fd, process.text + used,
			      sizeof(process.text) - 1 - used, (off_t)used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	process.text[used] = '\0';
	return (ssize_t)used;
}

/*
 * The mmap area lies between the heap and the stack where it grows down from
 * the stack, and below the program where it grows up (legacy layout): a page
 * tells which.
 */
static int process_find_bounds(void)
{
	uintptr_t heap = process.heap;
	uintptr_t stack = (uintptr_t)__builtin_frame_address(0);
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	struct rlimit limit;
	void *page;

	if (getrlimit(RLIMIT_STACK, &limit) != 0)
		return -errno;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > stack)
		limit.rlim_cur = 8u << 20;
	page = mmap(NULL, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	if (page == MAP_FAILED)
		return -errno;
	munmap(page, page_size);
	if ((uintptr_t)page > heap) {
		/* Far from both: the heap may grow, the area grows down. */
		process.bounds.low = heap + ((uintptr_t)page - heap) / 2;
		process.bounds.high = stack - limit.rlim_cur;
	} else {
		process.bounds.low = 0;
		process.bounds.high = (uintptr_t)&__executable_start;
	}
	return 0;
}

int process_open(void)
{
	process.maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	if (process.maps < 0)
		return -errno;
	process.lookup = map_lookup_usable(process.maps);
	process.status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (process.status < 0)
		return -errno;
	process.smaps_rollup =
		open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
	memset(process.text, 0, sizeof(process.text));
	process.heap = (uintptr_t)sbrk(0);
	return process_find_bounds();
}

void process_close(void)
{
	close(process.maps);
	close(process.status);
	if (process.smaps_rollup >= 0)
		close(process.smaps_rollup);
}

struct map_bounds process_bounds(void)
{
	return process.bounds;
}

int process_mapping(uintptr_t address, struct mapping *mapping)
{
	return map_lookup_find(process.lookup, process.maps, address, mapping);
}

enum map_lookup process_lookup(void)
{
	return process.lookup;
}

static int process_holes(struct map_holes *holes)
{
	struct map_parser parser;
	off_t at = 0;

	map_parser_start(&parser, process.bounds);
	for (;;) {
		ssize_t got = pread(process.maps, process.text,
				    sizeof(process.text), at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		map_parser_feed(&parser, process.text, (size_t)got);
		at += got;
	}
	if (map_parser_end(&parser) < 0)
		return -EINVAL;
	*holes = parser.holes;
	/* No mapping of the area, but blocks of malloc may be in it. */
	holes->mapped_bytes += (uintptr_t)sbrk(0) - process.heap;
	return 0;
}

int process_figures(struct map_figures *figures, bool full)
{
	int error = process_holes(&figures->holes);
	ssize_t got;

	if (error)
		return error;
	got = process_read(process.status);
	if (got < 0)
		return (int)got;
	figures->resident_bytes = map_field_bytes(process.text, "RssAnon");
	figures->page_table_bytes = map_field_bytes(process.text, "VmPTE");
	if (!full || process.smaps_rollup < 0)
		return 0;
	got = process_read(process.smaps_rollup);
	if (got < 0)
		return (int)got;
	figures->huge_bytes = map_field_bytes(process.text, "AnonHugePages");
	figures->lazy_free_bytes = map_field_bytes(process.text, "LazyFree");
	return 0;
}

int process_peaks(struct process_peaks *peaks)
{
	ssize_t got = process_read(process.status);

	if (got < 0)
		return (int)got;
	peaks->resident_bytes = map_field_bytes(process.text, "VmRSS");
	peaks->resident_bytes_max = map_field_bytes(process.text, "VmHWM");
	peaks->virtual_bytes = map_field_bytes(process.text, "VmSize");
	peaks->virtual_bytes_max = map_field_bytes(process.text, "VmPeak");
	return 0;
}

void process_reset_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "5", 1) != 1)
		process.text[0] = '\0'; /* an older kernel: the peak is kept */
	close(fd);
}
