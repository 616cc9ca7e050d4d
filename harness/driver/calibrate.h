/*
 * calibrate - the machine's constants: what a system call, a clock read, a
 * fault, a copied byte and a moved page-table entry cost here.
 */
#ifndef REGROW_CALIBRATE_H
#define REGROW_CALIBRATE_H

#include <stdint.h>

#include <regrow/workload.h>

struct json;

#define CALIBRATE_SIZES 5 /* 4 KiB, 64 KiB, 1 MiB, 16 MiB, 64 MiB */

/*
 * Medians of repeated measurements; 0: not measured here. Pages are of
 * sysconf(_SC_PAGESIZE), and huge pages are off but for fault_2m_ns.
 */
struct calibration {
	double syscall_ns; /* getppid, past the C library */
	double clock_ns; /* clock_gettime(CLOCK_MONOTONIC) */
	double cpu_clock_ns; /* clock_gettime(CLOCK_THREAD_CPUTIME_ID) */
	double fault_4k_ns; /* first touch of one page */
	double fault_2m_ns; /* of one huge page; 0: none was given */
	double memcpy_gib_s[CALIBRATE_SIZES]; /* warm; 0: not measured */
	double move_pte_ns; /* mremap, per page, phases unequal modulo 2 MiB */
	double move_pmd_ns; /* mremap, per 2 MiB, both ends aligned */
	double munmap_page_ns; /* per resident page */
	double mmap_ns; /* one call; nothing touched */
	double spin_ns; /* one iteration of spin() */
};

/* "4K", "64K", "1M", "16M", "64M": the sizes of memcpy_gib_s. */
const char *calibrate_size_name(unsigned int size);
uint64_t calibrate_size_bytes(unsigned int size);

/*
 * Measures in a process of its own, so that the driver's memory and map stay
 * as they are, on that CPU (-1: wherever). Of memcpy the sizes that fit in a
 * quarter of the memory, up to the first that is not below copy_bytes_max, the
 * largest block that there is to copy (UINT64_MAX: all). To make the buffers is
 * most of the time, which is a fifth of a second with all sizes, and one where
 * a fault costs 20 us. 0, or -errno and a sentence in why.
 */
int calibrate(int cpu, uint64_t copy_bytes_max, struct calibration *out,
	      char *why, unsigned int why_size);

/* Adds the fields of the line "calibration" of results/FORMAT.md. */
void calibrate_to_json(const struct calibration *calibration,
		       struct json *into);
/*
 * -EINVAL: a field that every machine has is missing or not above 0. Those that
 * the first files did not have may be: cpu_clock_ns, memcpy_gib_s of 4 KiB.
 */
int calibrate_from_json(const struct json *from,
			struct calibration *calibration);

/*
 * Roughly how long one sample takes with an allocator that copies each growth:
 * every touched and every copied page is faulted and unmapped; bytes are
 * copied, read again, and verified once; each operation maps and unmaps (which
 * is taken to cost as much as mapping); and 10 ms for the process.
 */
uint64_t calibrate_estimate_ns(const struct calibration *calibration,
			       const struct estimate *estimate);

#endif
