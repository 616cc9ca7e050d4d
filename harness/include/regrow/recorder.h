/*
 * regrow/recorder.h - what an allocator reports while it works: where a phase
 * begins, and how a growth came out. The harness owns the clock behind it.
 *
 * One recorder belongs to one thread; nothing here locks, allocates or makes a
 * system call other than clock_gettime (vDSO).
 */
#ifndef REGROW_RECORDER_H
#define REGROW_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <regrow/page_tables.h>

/*
 * Phases partition a thread's timed work: one is current at any moment, and
 * phase_begin() ends it. Allocators use those from PHASE_MAP to PHASE_RELEASE.
 */
enum phase {
	PHASE_CALL, /* in the allocator, in no phase it named; its user time */
	PHASE_MAP, /* getting address space: mmap, mprotect, in-place mremap */
	PHASE_POPULATE, /* faulting a destination in before it is used */
	PHASE_COPY, /* copying bytes, the faults of source and destination included */
	PHASE_MOVE, /* moving page tables: mremap to another address, UFFDIO_MOVE */
	PHASE_RELEASE, /* giving address space back: munmap, madvise */
	PHASE_TOUCH, /* the workload's first writes to new memory, faults included */
	PHASE_REREAD, /* the workload's reads of memory that a growth kept */
	PHASE_COUNT,
};

/* How one call of grow() came out; exactly one for each call. */
enum outcome {
	OUTCOME_SLACK, /* the block was large enough already: no system call */
	OUTCOME_IN_PLACE, /* larger at the same address */
	OUTCOME_MOVED, /* at another address by moving page tables */
	OUTCOME_COPIED, /* at another address by copying bytes */
	OUTCOME_FAILED, /* NULL: the block is as it was */
	OUTCOME_COUNT,
};

/*
 * Source and destination of a move against each other, modulo the extents of
 * page_tables.h (1 GiB and 2 MiB with pages of 4 KiB), whatever its size.
 */
enum move_phase {
	MOVE_PUD_EQUAL, /* equal modulo that of a PUD */
	MOVE_PMD_EQUAL, /* equal modulo that of a PMD only */
	MOVE_MISMATCHED, /* neither: page by page */
	MOVE_PHASE_COUNT,
};

/* What became of the source range of a moved growth. */
enum refill {
	REFILL_DONE, /* the range is the allocator's again */
	REFILL_TAKEN, /* something else was mapped there first (EEXIST) */
	REFILL_REFUSED, /* the kernel refused for another reason */
	REFILL_COUNT,
};

#define TALLY_ERRNO_MAX 134 /* Linux's errno values are below it */

/* Counts since the recorder was reset; one thread's, or a sum. */
struct tally {
	uint64_t growths[OUTCOME_COUNT];
	uint64_t bytes_copied;
	uint64_t bytes_moved; /* page-table moves, whole pages */
	uint64_t moves[MOVE_PHASE_COUNT];
	uint64_t moves_bytes[MOVE_PHASE_COUNT];
	/* Bytes that could be moved by each level, as a sum bytes_moved. */
	uint64_t levels_bytes[MOVE_LEVEL_COUNT];
	uint64_t destinations_owned; /* of moves: from ranges kept earlier */
	uint64_t
		destinations_fresh; /* of moves: from a new mmap, or the kernel's choice */
	uint64_t refills[REFILL_COUNT];
	uint64_t failed_calls
		[TALLY_ERRNO_MAX]; /* system calls that failed, by errno */
};

struct recorder {
	uint64_t phase_ns[PHASE_COUNT];
	uint64_t phase_since_ns; /* when the current phase began */
	enum phase phase;
	bool phases_on; /* false: phase_begin() reads no clock */
	uint32_t clock_reads; /* by phase_begin(), for the stated floor */
	struct tally tally;
};

static inline uint64_t clock_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Ends the current phase and begins another. */
static inline void phase_begin(struct recorder *recorder, enum phase phase)
{
	uint64_t now_ns;

	if (!recorder->phases_on)
		return;
	now_ns = clock_now_ns();
	recorder->phase_ns[recorder->phase] +=
		now_ns - recorder->phase_since_ns;
	recorder->phase_since_ns = now_ns;
	recorder->phase = phase;
	recorder->clock_reads++;
}

/*
 * The current phase turns out to have been another: mremap(2) says only
 * afterwards whether it moved.
 */
static inline void phase_rename(struct recorder *recorder, enum phase phase)
{
	recorder->phase = phase;
}

/* Slack, in place, failed: outcomes without bytes. */
static inline void tally_growth(struct recorder *recorder, enum outcome outcome)
{
	recorder->tally.growths[outcome]++;
}

static inline void tally_copied(struct recorder *recorder, size_t bytes)
{
	recorder->tally.growths[OUTCOME_COPIED]++;
	recorder->tally.bytes_copied += bytes;
}

static inline enum move_phase move_phase(const void *from, const void *to,
					 size_t page_size)
{
	if (page_tables_equal(from, to, page_tables_pud(page_size)))
		return MOVE_PUD_EQUAL;
	if (page_tables_equal(from, to, page_tables_pmd(page_size)))
		return MOVE_PMD_EQUAL;
	return MOVE_MISMATCHED;
}

/* owned: the destination came from ranges that the allocator had kept. */
static inline void tally_moved(struct recorder *recorder, const void *from,
			       const void *to, size_t bytes, bool owned)
{
	struct tally *tally = &recorder->tally;
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	enum move_phase phase = move_phase(from, to, page_size);

	tally->growths[OUTCOME_MOVED]++;
	tally->bytes_moved += bytes;
	tally->moves[phase]++;
	tally->moves_bytes[phase] += bytes;
	page_tables_add(tally->levels_bytes, from, to, bytes, page_size);
	if (owned)
		tally->destinations_owned++;
	else
		tally->destinations_fresh++;
}

/* The source range after a move; see enum refill. */
static inline void tally_refill(struct recorder *recorder, enum refill refill)
{
	recorder->tally.refills[refill]++;
}

/* A system call failed; the growth may still succeed another way. */
static inline void tally_failed_call(struct recorder *recorder, int error)
{
	if (error > 0 && error < TALLY_ERRNO_MAX)
		recorder->tally.failed_calls[error]++;
}

#endif
