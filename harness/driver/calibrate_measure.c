/* calibrate_measure - the measurements that calibrate() makes in its child. */
#include "driver/calibrate_measure.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <regrow/recorder.h>

#include "common/spin.h"
#include "driver/machine.h"
#include "driver/stats.h"

#define REPEATS 15
#define CALLS 1000
#define SPIN_ITERATIONS 200000
#define FAULT_PAGES 1024
#define FAULT_REPEATS 9
#define HUGE_BYTES ((size_t)2 << 20)
#define HUGE_REPEATS 5
#define MOVES 22
#define PTE_ENTRIES 2048
#define PMD_ENTRIES 64
#define SIZES_MIN 3 /* to 1 MiB, which is a matter of a millisecond */
#define GIB 0x1p30

static size_t page_bytes;
static uint64_t copy_max;

static double median(double *values, size_t count)
{
	stats_sort(values, count);
	return stats_median(values, count);
}

static void *map(size_t size, int protection, int flags)
{
	void *address = mmap(
		NULL, size, protection,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);

	return address != MAP_FAILED ? address : NULL;
}

static unsigned char *align_up(unsigned char *address, size_t alignment)
{
	return address + (-(uintptr_t)address & (alignment - 1));
}

static void touch(unsigned char *bytes, size_t size, size_t stride)
{
	for (size_t i = 0; i < size; i += stride)
		*(volatile unsigned char *)(bytes + i) = 1;
}

static int measure_calls(struct calibration *out)
{
	double clock_ns[REPEATS];
	double syscall_ns[REPEATS];

	for (int i = 0; i < REPEATS; i++) {
		uint64_t start_ns = clock_now_ns();
		uint64_t between_ns;

		for (int j = 0; j < CALLS - 1; j++)
			clock_now_ns();
		between_ns = clock_now_ns();
		for (int j = 0; j < CALLS; j++)
			syscall(SYS_getppid);
		clock_ns[i] = (double)(between_ns - start_ns) / CALLS;
		syscall_ns[i] = (double)(clock_now_ns() - between_ns) / CALLS;
	}
	out->clock_ns = median(clock_ns, REPEATS);
	out->syscall_ns = median(syscall_ns, REPEATS);
	return 0;
}

static int measure_cpu_clock(struct calibration *out)
{
	struct timespec cpu;
	double ns[REPEATS];

	for (int i = 0; i < REPEATS; i++) {
		uint64_t start_ns = clock_now_ns();

		for (int j = 0; j < CALLS; j++)
			clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
		ns[i] = (double)(clock_now_ns() - start_ns) / CALLS;
	}
	out->cpu_clock_ns = median(ns, REPEATS);
	return 0;
}

static int measure_spin(struct calibration *out)
{
	double ns[REPEATS];

	for (int i = 0; i < REPEATS; i++) {
		uint64_t start_ns = clock_now_ns();

		spin(SPIN_ITERATIONS);
		ns[i] = (double)(clock_now_ns() - start_ns) / SPIN_ITERATIONS;
	}
	out->spin_ns = median(ns, REPEATS);
	return 0;
}

static int measure_map(struct calibration *out)
{
	double ns[REPEATS * 8];
	size_t count = sizeof(ns) / sizeof(*ns);

	for (size_t i = 0; i < count; i++) {
		uint64_t start_ns = clock_now_ns();
		void *address = map(16 * page_bytes, PROT_READ | PROT_WRITE, 0);

		ns[i] = (double)(clock_now_ns() - start_ns) - out->clock_ns;
		if (address == NULL)
			return -errno;
		munmap(address, 16 * page_bytes);
	}
	out->mmap_ns = median(ns, count);
	return 0;
}

static int measure_faults(struct calibration *out)
{
	double fault_ns[FAULT_REPEATS];
	double munmap_ns[FAULT_REPEATS];

	for (int i = 0; i < FAULT_REPEATS; i++) {
		size_t size = FAULT_PAGES * page_bytes;
		unsigned char *bytes = map(size, PROT_READ | PROT_WRITE, 0);
		uint64_t start_ns = clock_now_ns();
		uint64_t touched_ns;

		if (bytes == NULL)
			return -errno;
		touch(bytes, size, page_bytes);
		touched_ns = clock_now_ns();
		munmap(bytes, size);
		munmap_ns[i] =
			(double)(clock_now_ns() - touched_ns) / FAULT_PAGES;
		fault_ns[i] = (double)(touched_ns - start_ns) / FAULT_PAGES;
	}
	out->fault_4k_ns = median(fault_ns, FAULT_REPEATS);
	out->munmap_page_ns = median(munmap_ns, FAULT_REPEATS);
	return 0;
}

/* Of this process: the system's setting stays as it is. */
static void allow_huge_pages(bool allowed)
{
	unsigned long disabled = allowed ? 0 : 1;

	prctl(PR_SET_THP_DISABLE, disabled, 0UL, 0UL, 0UL);
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/*
 * The first touch of a huge page; 0 where it was none: then the pages behind
 * the first one fault as well.
 */
static double huge_fault_ns(void)
{
	unsigned char *bytes = map(2 * HUGE_BYTES, PROT_READ | PROT_WRITE, 0);
	unsigned char *huge;
	uint64_t start_ns;
	uint64_t end_ns;
	long faults;

	if (bytes == NULL)
		return 0;
	huge = align_up(bytes, HUGE_BYTES);
	madvise(huge, HUGE_BYTES, MADV_HUGEPAGE);
	faults = minor_faults();
	start_ns = clock_now_ns();
	touch(huge, 1, 1);
	end_ns = clock_now_ns();
	touch(huge, HUGE_BYTES, page_bytes);
	faults = minor_faults() - faults;
	munmap(bytes, 2 * HUGE_BYTES);
	return faults == 1 ? (double)(end_ns - start_ns) : 0;
}

static int measure_huge(struct calibration *out)
{
	double ns[HUGE_REPEATS];
	size_t count = 0;

	allow_huge_pages(true);
	for (int i = 0; i < HUGE_REPEATS; i++) {
		ns[count] = huge_fault_ns();
		if (ns[count] > 0)
			count++;
	}
	allow_huge_pages(false);
	if (count > 0)
		out->fault_2m_ns = median(ns, count);
	return 0;
}

/* Warm; several copies at a time where one is too short for the clock. */
static double copy_gib_s(unsigned char *to, const unsigned char *from,
			 size_t size)
{
	size_t times = size < (1 << 20) ? (1 << 20) / size : 1;
	double gib_s[REPEATS];
	size_t repeats = size > (4 << 20) ? 5 : REPEATS;

	memcpy(to, from, size);
	for (size_t i = 0; i < repeats; i++) {
		uint64_t start_ns = clock_now_ns();

		for (size_t j = 0; j < times; j++) {
			memcpy(to, from, size);
			/* Or all but one of the copies could be left out. */
			__asm__ volatile("" : : "r"(to) : "memory");
		}
		gib_s[i] = (double)(times * size) / GIB * 1e9 /
			   (double)(clock_now_ns() - start_ns);
	}
	return median(gib_s, repeats);
}

/* How many sizes there are up to the first that is not below bytes. */
static unsigned int sizes_to(uint64_t bytes)
{
	unsigned int sizes = 1;

	while (sizes < CALIBRATE_SIZES &&
	       calibrate_size_bytes(sizes - 1) < bytes)
		sizes++;
	return sizes < SIZES_MIN ? SIZES_MIN : sizes;
}

/*
 * Both buffers, resident, for the largest of the sizes that takes at most a
 * quarter of the memory; *sizes: how many are left.
 */
static unsigned char *map_buffers(unsigned int *sizes)
{
	uint64_t room = machine_memory_limit_bytes(NULL, 0) / 4;

	for (; *sizes > 0; (*sizes)--) {
		size_t size = 2 * calibrate_size_bytes(*sizes - 1);
		unsigned char *buffers = NULL;

		if (size <= room)
			buffers =
				map(size, PROT_READ | PROT_WRITE, MAP_POPULATE);
		if (buffers != NULL)
			return buffers;
	}
	return NULL;
}

static int measure_copies(struct calibration *out)
{
	unsigned int sizes = sizes_to(copy_max);
	unsigned char *from = map_buffers(&sizes);
	size_t size;

	if (from == NULL)
		return -ENOMEM;
	size = calibrate_size_bytes(sizes - 1);
	memset(from, 1, 2 * size);
	for (unsigned int i = 0; i < sizes; i++)
		out->memcpy_gib_s[i] =
			copy_gib_s(from + size, from, calibrate_size_bytes(i));
	munmap(from, 2 * size);
	return 0;
}

/*
 * One move of a range whose first page in each stride is resident: the median
 * of moves to and fro, the destination off aligned behind an aligned source.
 * 0 where the address space or the kernel refuses.
 */
static double move_ns(size_t size, size_t stride, size_t aligned, size_t off)
{
	size_t window = 2 * size + 2 * aligned + off;
	unsigned char *base = map(window, PROT_NONE, 0);
	unsigned char *places[2];
	double ns[MOVES];
	int moved = 0;

	if (base == NULL)
		return 0;
	places[0] = align_up(base, aligned);
	places[1] = align_up(places[0] + size, aligned) + off;
	if (mprotect(places[0], size, PROT_READ | PROT_WRITE) == 0) {
		touch(places[0], size, stride);
		for (; moved < MOVES; moved++) {
			uint64_t start_ns = clock_now_ns();
			void *to = mremap(places[moved % 2], size, size,
					  MREMAP_MAYMOVE | MREMAP_FIXED,
					  places[(moved + 1) % 2]);

			ns[moved] = (double)(clock_now_ns() - start_ns);
			if (to == MAP_FAILED)
				break;
		}
	}
	munmap(base, window);
	return moved == MOVES ? median(ns, MOVES) : 0;
}

/* Per entry: the call itself is in the move of one entry as well. */
static double per_entry_ns(size_t entries, size_t bytes, size_t aligned,
			   size_t off)
{
	double one_ns = move_ns(bytes, bytes, aligned, off);
	double all_ns = move_ns(entries * bytes, bytes, aligned, off);
	double ns = (all_ns - one_ns) / (double)(entries - 1);

	return one_ns > 0 && ns > 0 ? ns : 0;
}

static int measure_moves(struct calibration *out)
{
	/* What one page of page-table entries maps: 2 MiB for pages of 4 KiB. */
	size_t pmd_bytes = page_bytes / 8 * page_bytes;

	out->move_pte_ns =
		per_entry_ns(PTE_ENTRIES, page_bytes, pmd_bytes, page_bytes);
	out->move_pmd_ns = per_entry_ns(PMD_ENTRIES, pmd_bytes, pmd_bytes, 0);
	return 0;
}

int calibrate_measure(uint64_t copy_bytes_max, struct calibration *out,
		      const char **step)
{
	static const struct {
		const char *name;
		int (*measure)(struct calibration *out);
	} steps[] = {
		{"a system call and the clock", measure_calls},
		{"the clock of CPU time", measure_cpu_clock},
		{"a loop", measure_spin},
		{"mmap", measure_map},
		{"page faults", measure_faults},
		{"a huge page", measure_huge},
		{"copying", measure_copies},
		{"moving page tables", measure_moves},
	};
	int error = 0;

	memset(out, 0, sizeof(*out));
	page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	copy_max = copy_bytes_max;
	allow_huge_pages(false);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps) && error == 0;
	     i++) {
		*step = steps[i].name;
		error = steps[i].measure(out);
	}
	return error;
}
