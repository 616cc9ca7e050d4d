/*
 * regrow/workload.h - the contract between the harness and a workload.
 *
 * A workload is one file in workloads/ (or a plug-in, as an allocator): it says
 * what to ask of the allocator and in which order; the harness times, counts,
 * verifies and prints. harness/docs/skeleton-workload.c is a start.
 *
 * The requests depend on the options and the seed alone, never on the
 * allocator, an address or a clock; a digest of them is kept in the record.
 */
#ifndef REGROW_WORKLOAD_H
#define REGROW_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <regrow/mapping.h>
#include <regrow/option.h>
#include <regrow/register.h>

#define WORKLOAD_CONTRACT_VERSION 4

/*
 * What a latency histogram is kept of: one timed call, or a request of several.
 * A sample's time is the sum of the calls; requests are made of them and add
 * nothing to it.
 */
enum operation {
	OPERATION_ALLOC,
	OPERATION_GROW,
	OPERATION_RELEASE,
	OPERATION_TOUCH, /* first writes */
	OPERATION_REREAD,
	OPERATION_SHRINK,
	OPERATION_FORK, /* fork(), as its parent sees it */
	OPERATION_EXIT, /* of that child: told to end, until it is reaped */
	OPERATION_SERVICE, /* a request, from its begin to its end */
	OPERATION_RESPONSE, /* a request, from when it was due to its end */
	OPERATION_FAULT, /* the first write to a page of the workload's own */
	OPERATION_COUNT,
};

/* What one sample of a workload takes, for the plan; of all threads. */
struct estimate {
	unsigned int threads; /* at least 1 */
	uint64_t operations; /* calls of alloc, grow, shrink and release */
	uint64_t growths; /* that are timed, as what is re-read and copied */
	uint64_t block_bytes_max; /* the largest block */
	uint64_t live_bytes_max; /* asked for and not released, at most */
	uint64_t
		resident_bytes_max; /* touched, source and destination of a copy at once */
	uint64_t touched_bytes; /* first writes, whole pages */
	uint64_t reread_bytes;
	uint64_t copied_bytes; /* by an allocator that copies each growth */
	uint64_t span_ns_min; /* by when requests are due; 0: a closed loop */
};

/* One thread of a workload in the child. Filled by the harness. */
struct worker {
	const struct option_value *options;
	void *state; /* state_size() bytes of this thread's, zeroed */
	uint64_t seed; /* the sample's; the same for each thread */
	unsigned int index; /* 0 to threads - 1 */
	unsigned int threads;
	size_t page_size; /* bytes */
};

struct workload {
	uint32_t contract_version; /* WORKLOAD_CONTRACT_VERSION */
	const char *name; /* the file's name */
	const char *summary; /* one line for `regrow list` */
	/*
	 * Ends with a NULL name; NULL: none. An OPTION_CHOICE named "scale"
	 * with choices "S|M|L" is a fixed amount of work by name: where none is
	 * given the plan chooses the largest that fits.
	 */
	const struct option_entry *options;
	bool is_floor; /* does nothing: the cost of the harness */
	/* No system call and no page fault is in what is timed: it takes the
	 * same on each kernel, or they cannot be compared. */
	bool is_control;

	/*
	 * Driver's side; as in struct allocator. Any may be NULL but estimate.
	 */
	int (*check)(const struct option_value *options, char *why,
		     size_t why_size);
	void (*estimate)(const struct option_value *options, uint64_t seed,
			 struct estimate *estimate);

	/* Bytes of state a thread needs; NULL: none. Both sides. */
	size_t (*state_size)(const struct option_value *options);

	/*
	 * Child's side, in each thread, in this order; 0, or -errno, which
	 * ends the sample. setup() is not timed. run() works by the buffer_
	 * functions below, which are timed. verify() checks all that is
	 * alive, not timed. drain() releases all that is alive. Between the
	 * hooks all threads wait for each other. run() is required.
	 *
	 * Where the work is repeated in one process, the hooks are called in
	 * this order again, with a state that is zeroed again: what setup()
	 * or run() took besides from the system, drain() gives back. The
	 * requests are the same each time; contents are not.
	 */
	int (*setup)(struct worker *worker);
	int (*run)(struct worker *worker);
	int (*verify)(struct worker *worker);
	int (*drain)(struct worker *worker);
};

/*
 * A block under its contents' key. Zeroed: no block. The 8-byte word at an
 * offset is key + offset, in the machine's byte order; the key comes from the
 * identity and the generation, so that a page lost, swapped or stale is a wrong
 * word.
 */
struct buffer {
	unsigned char *bytes; /* NULL: none */
	size_t size; /* bytes, as asked for */
	uint64_t key;
	uint64_t identity; /* the caller's, given to buffer_alloc() */
	uint32_t generation; /* of the identity; counted by buffer_alloc() */
	/* The harness's own, for the page faults that the work makes. */
	size_t resident_pages; /* that were written, or copied to */
	size_t copied_bytes; /* from the start: resident by copy or shrink */
	size_t written_pages; /* by the workload, whoever copied them since */
};

/*
 * Timed, one operation each. size and new_size are bytes. buffer_alloc and
 * buffer_grow return 0 or -ENOMEM (recorded; the buffer is as it was).
 * buffer_alloc keeps identity's generation across lives if the same struct is
 * used again. buffer_release leaves no block.
 */
int buffer_alloc(struct worker *worker, struct buffer *buffer,
		 uint64_t identity, size_t size);
int buffer_grow(struct worker *worker, struct buffer *buffer, size_t new_size);
void buffer_release(struct worker *worker, struct buffer *buffer);

/*
 * As buffer_alloc() and buffer_grow(), the block aligned to a power of two. As
 * realloc() promises no more than 16 bytes, a block of more alignment grows as
 * Rust's vectors do then (realloc_fallback): another is allocated, copied to
 * and the old one released, whatever the allocator could do; one growth, tallied
 * as copied. -ENOMEM also where the allocator has no such blocks.
 */
int buffer_alloc_aligned(struct worker *worker, struct buffer *buffer,
			 uint64_t identity, size_t alignment, size_t size);
int buffer_grow_aligned(struct worker *worker, struct buffer *buffer,
			size_t alignment, size_t new_size);

/*
 * new_size is above 0 and below the buffer's; its bytes survive. No growth, and
 * no outcome is tallied. 0 or -ENOMEM, the buffer as it was.
 */
int buffer_shrink(struct worker *worker, struct buffer *buffer,
		  size_t new_size);

/*
 * Writes every word of the bytes from..to (rounded outward to 8, never past the
 * size's last whole word); timed as PHASE_TOUCH. Bytes that were never written
 * are not to be re-read or verified.
 */
void buffer_touch(struct worker *worker, struct buffer *buffer, size_t from,
		  size_t to);

/*
 * Writes a word of a page of memory that the workload mapped by itself, for the
 * first time, which is a page fault: timed as PHASE_TOUCH, and recorded as
 * OPERATION_FAULT where it is of interest and as OPERATION_TOUCH otherwise. The
 * page counts as touched, not as the allocator's. No request. Verifying it is
 * the workload's.
 */
void worker_fault(struct worker *worker, bool of_interest, uint64_t *word,
		  uint64_t value);

/* Reads one word of each 64 bytes from..to; timed as PHASE_REREAD. */
void buffer_reread(struct worker *worker, const struct buffer *buffer,
		   size_t from, size_t to);

/*
 * Checks every word of from..to, outside the clock (it pauses by itself). A
 * wrong word makes the sample invalid; the first one's place is kept. Does
 * nothing for an allocator that is the floor.
 */
void buffer_verify(struct worker *worker, const struct buffer *buffer,
		   size_t from, size_t to);

/*
 * Outside the clock between the two: work that is not to be measured (planting
 * a neighbour, making a block to be grown). buffer_ functions do there what
 * they always do, and requests and live bytes count, but no time, page fault,
 * latency or outcome does. Each costs some 3 us, not measured either. They do
 * not nest.
 */
void worker_pause(struct worker *worker);
void worker_resume(struct worker *worker);

/*
 * By which law requests are due. Closed: when the last one has ended. Fixed: at
 * equal gaps. Poisson: at exponential ones.
 */
enum arrivals {
	ARRIVALS_CLOSED,
	ARRIVALS_FIXED,
	ARRIVALS_POISSON,
	ARRIVALS_COUNT,
};

/*
 * In setup() or run(), before the first request: this thread will make so many
 * requests, which are due by that law, interval_ns the mean between two of
 * them. When each is due follows from the seed and the thread's number alone,
 * never from how long anything took, and is drawn from a stream of its own. The
 * schedule begins with the first request; its clock stands still in pauses and
 * at checkpoints. Threads at a fixed rate are staggered: each is due once in an
 * interval, by its share of it. Not called: a closed loop.
 */
void worker_arrivals(struct worker *worker, enum arrivals law,
		     double interval_ns, uint64_t requests);

/*
 * A request of several calls; not nested, not begun or ended in a pause. begin()
 * waits, spinning, until it is due. end() records its service time, from begin
 * to end, and in an open loop its response time, from when it was due: calls,
 * and what the workload does between them, but no pauses. Two readings of the
 * clock, besides those of the calls; none of it is in the sample's time, but
 * waiting is CPU time of the thread.
 */
void worker_request_begin(struct worker *worker);
void worker_request_end(struct worker *worker);

/*
 * A point of the timeline: call it in every thread at the same places, at most
 * TIMELINE_POINTS_MAX times a run. In the checking pass the threads meet and
 * the map is sampled, outside the clock; in the timing pass it is free.
 */
#define TIMELINE_POINTS_MAX 96
void worker_checkpoint(struct worker *worker);

/*
 * The mapping that covers address, or the next above it: whether a byte is
 * mapped, and what lies beside it. 0, -ENOENT where there is none, -errno.
 * Outside of what is timed, but some 2 us of the thread's CPU time where the
 * kernel has PROCMAP_QUERY (6.11), and a read of the whole map else: call it in
 * a pause.
 */
int worker_mapping(struct worker *worker, const void *address,
		   struct mapping *mapping);

/*
 * Forks a child, timed as OPERATION_FORK until fork(2) returns to its parent,
 * and lets it end, timed as OPERATION_EXIT from when it is told to until it is
 * reaped; in between it waits, and touches nothing. 0 or -errno (recorded as a
 * failed fork). No request. The page faults of the parent that follow from
 * sharing its pages with the child for a while are left out as far as they are
 * the harness's; counters include the child. Only thread 0 may call it.
 */
int worker_fork(struct worker *worker);

/*
 * A number about this thread's run that is the workload's own (the share of
 * growths that were blocked), summed over threads: place 0 to 7. The names
 * stand in the record.
 */
#define WORKER_FIGURES_MAX 8
void worker_figure(struct worker *worker, unsigned int place, const char *name,
		   uint64_t value);

#define REGISTER_WORKLOAD(object) REGISTER(workload, object)

#endif
