/*
 * process - what the kernel says of this process: its map, its memory.
 *
 * Files are opened once, before the baseline, and read into static memory, so
 * that looking does not change what is looked at.
 */
#ifndef REGROW_PROCESS_H
#define REGROW_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "sample/protocol.h"

/* Opens the files and finds the bounds of the mmap area. 0 or -errno. */
int process_open(void);
void process_close(void);

/* What counts as the mmap area. */
struct map_bounds process_bounds(void);

/* As worker_mapping() of the contract, and how it is done. */
int process_mapping(uintptr_t address, struct mapping *mapping);
enum map_lookup process_lookup(void);

/*
 * holes, resident_bytes and page_table_bytes; with full also huge_bytes and
 * lazy_free_bytes (smaps_rollup walks every page table). 0 or -errno.
 */
int process_figures(struct map_figures *figures, bool full);

/* VmHWM and VmPeak now, and VmRSS and VmSize. */
struct process_peaks {
	uint64_t resident_bytes;
	uint64_t resident_bytes_max;
	uint64_t virtual_bytes;
	uint64_t virtual_bytes_max;
};

int process_peaks(struct process_peaks *peaks);

/* Sets VmHWM back to VmRSS where the kernel lets us (clear_refs, 4.0). */
void process_reset_peak(void);

#endif
