/*
 * protocol - what the driver asks of a sample's process, and its answer.
 *
 * Both are in one shared file mapping (memfd) that the driver makes, sized
 * sizeof(struct exchange), and hands to the child as descriptor EXCHANGE_FD. So
 * an answer can be read, up to where it got, from a child that crashed. Layout
 * is only good between one binary and itself; magic and size are checked.
 *
 * What must hold before exec is done by the driver between fork and exec, from
 * the same struct: affinity, set_mempolicy, rlimits, PR_SET_THP_DISABLE,
 * PR_SET_PDEATHSIG, personality. It survives exec.
 */
#ifndef REGROW_PROTOCOL_H
#define REGROW_PROTOCOL_H

#include <linux/perf_event.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include <regrow/identity.h>
#include <regrow/recorder.h>
#include <regrow/workload.h>

#include "common/histogram.h"
#include "common/mapfile.h"
#include "common/spec.h"

#define EXCHANGE_MAGIC 0x776f72676572u
#define EXCHANGE_FD 3
/* Contents of the file that the workload's options name; a sealed memfd. */
#define INPUT_FD 4
/* argv[1] of a sample's process; not a command that people type. */
#define SAMPLE_COMMAND "--sample"

#define THREADS_MAX 64
#define COUNTERS_MAX 32
#define REPETITIONS_MAX 1000 /* of the work in one process */
#define SIZE_CLASSES 48 /* growths by log2 of the new size, 2^0 to 2^47 */

/*
 * Timing measures; checking samples the map, opens tracepoints, cross-checks;
 * the pilot is the reference timed before the first round.
 */
enum pass { PASS_CHECKING, PASS_TIMING, PASS_PILOT, PASS_COUNT };

enum thp_mode { THP_NEVER, THP_MADVISE, THP_ALWAYS, THP_COUNT };

/*
 * Where the kernel looks for an address: below what is mapped, top-down, or
 * above it, bottom-up, as before Linux 2.6.9 and with `setarch -L`.
 */
enum layout { LAYOUT_STANDARD, LAYOUT_LEGACY, LAYOUT_COUNT };

struct counter_request {
	/* perf_open() sets size, disabled, inherit and read_format. */
	struct perf_event_attr attr;
	int32_t group; /* those of equal number share a perf group; -1: alone */
};

struct sample_request {
	char allocator[SPEC_TEXT_MAX]; /* canonical */
	char workload[SPEC_TEXT_MAX]; /* canonical */
	uint64_t seed;
	enum pass pass;
	enum thp_mode thp;
	enum layout layout;
	uint32_t threads;
	int32_t cpus[THREADS_MAX]; /* of each thread; -1: not bound */
	uint64_t block_bytes_max; /* of the estimate */
	uint64_t input_bytes; /* of INPUT_FD; 0: there is none */
	uint64_t
		spin_iterations; /* in each growth: a planted effect; 0: none */
	uint32_t counters_count;
	struct counter_request counters[COUNTERS_MAX];
	uint32_t repeat; /* how often the work is done; 0 is 1 */
	bool phases_off; /* for the floor's own measurement */
	uint64_t settle_ns; /* checking pass: look again until then; 0: no */
	uint32_t sweep; /* of a sweep, its point + 1; 0: no sweep */
};

/* How far the child got; the answer of a crash says where. */
enum sample_stage {
	STAGE_NONE, /* exec did not reach the sample */
	STAGE_PLACE,
	STAGE_OPEN, /* setup of allocator and workload */
	STAGE_RUN,
	STAGE_VERIFY,
	STAGE_DRAIN,
	STAGE_DONE,
};

/* When the map is looked at again after all was released. */
#define SETTLE_POINTS 3
static const uint64_t settle_points_ns[SETTLE_POINTS] = {100000000, 1000000000,
							 5000000000};
/* What may be left of a map that needs no further look. */
#define SETTLED_BYTES (64 << 10)

/* How a single mapping is found; all of them are read from the text. */
enum map_lookup { MAP_LOOKUP_QUERY, MAP_LOOKUP_TEXT, MAP_LOOKUP_COUNT };

/* Of the process, outside the timed part. Bytes unless named otherwise. */
struct map_figures {
	uint64_t at_ns; /* wall since the run began; points of a timeline */
	uint64_t operations; /* done by then, all threads */
	uint64_t live_bytes; /* asked for and not released */
	/* What would be resident without waste: pages of live blocks that the
	 * workload wrote, whole ones for each block. */
	uint64_t ideal_bytes;
	uint64_t read_ns; /* that this look took */
	/* As read; the baseline is not taken off. mapped_bytes includes what
	 * the heap (brk) grew by. */
	struct map_holes holes;
	uint64_t resident_bytes; /* RssAnon */
	uint64_t page_table_bytes; /* VmPTE */
	uint64_t huge_bytes; /* AnonHugePages; full figures only */
	uint64_t lazy_free_bytes; /* LazyFree; full figures only */
};

struct operation_figures {
	struct histogram histogram; /* count and sum stand in it */
	uint64_t failed; /* calls that returned NULL */
};

/*
 * Of requests that were due by a schedule; times by a clock that stands still
 * in pauses. Several threads: sums; spans, late_ns_max and backlog_max of the
 * one that had most.
 */
struct open_loop_figures {
	enum arrivals law; /* ARRIVALS_CLOSED: there was no schedule */
	uint64_t requests;
	uint64_t offered_ns; /* the schedule's begin to its last request */
	uint64_t served_ns; /* its begin to the end of that request */
	uint64_t busy_ns; /* service, summed */
	uint64_t waited_ns; /* until requests were due */
	uint64_t late; /* requests that began after they were due */
	uint64_t late_ns_max; /* by how much, at most */
	uint64_t backlog_max; /* due and waiting behind one that begins */
	bool saturated; /* of any thread; see open_loop.h */
};

/* Growths to sizes from 2^k to 2^(k+1) - 1. */
struct size_figures {
	uint64_t growths;
	uint64_t grow_ns; /* in grow() */
	uint64_t touch_ns; /* of the new tail */
	uint64_t reread_ns;
	uint64_t bytes; /* sum of the new sizes */
};

struct counter_figures {
	int32_t error; /* errno of perf_event_open or read; 0 */
	uint64_t value;
	uint64_t enabled_ns;
	uint64_t running_ns;
};

enum pressure { PRESSURE_CPU, PRESSURE_MEMORY, PRESSURE_IO, PRESSURE_COUNT };

/*
 * What disturbed the process from its first start to its last end (span_ns), as
 * it sees it itself. -1: not seen here.
 */
struct disturbance {
	int64_t pressure_ns[PRESSURE_COUNT]; /* PSI's `some`, of the system */
	int64_t migrations; /* from one CPU to another, all threads */
	int64_t waited_ns; /* runnable, another one running; all threads */
	int64_t khz_before; /* of thread 0's CPU */
	int64_t khz_after;
	int64_t shootdowns; /* of the system: see common/interrupts.h */
};

/* One time of the work: run and drain, as in the answer as a whole. */
struct repetition_figures {
	uint64_t wall_ns; /* several threads: the longest of them */
	uint64_t cpu_ns;
	uint64_t minor_faults;
};

/*
 * Of all repetitions, where the work is repeated: sums, but for final and peaks
 * (of the last one) and the drained map.
 */
struct sample_answer {
	enum sample_stage stage;
	int32_t error; /* errno where the child gave up; 0 */
	char message[256]; /* its one sentence, the reason included */
	int32_t affinity_error; /* errno of sched_setaffinity; 0 */
	int32_t mempolicy_error; /* errno of set_mempolicy; 0 */

	struct identity identity; /* of what served; no file: nothing to name */

	/* Timed operations. Several threads: the longest of them. */
	uint64_t wall_ns;
	/* Of the threads' timed parts (pauses off), summed. */
	uint64_t cpu_ns;
	uint64_t user_ns;
	uint64_t system_ns;
	uint64_t begin_ns; /* first start, of CLOCK_MONOTONIC */
	uint64_t span_ns; /* first start to last end, pauses included */
	struct disturbance disturbance;
	uint64_t clock_reads; /* made in the timed part, for the stated floor */
	uint64_t minor_faults;
	uint64_t major_faults;
	uint64_t voluntary_switches;
	uint64_t involuntary_switches;
	int32_t cpu_start; /* sched_getcpu of thread 0 */
	int32_t cpu_end;

	uint64_t phase_ns[PHASE_COUNT]; /* summed over threads */
	struct tally tally; /* summed over threads */
	struct operation_figures operations[OPERATION_COUNT];
	struct open_loop_figures open_loop;
	struct size_figures sizes[SIZE_CLASSES];
	struct counter_figures counters[COUNTERS_MAX];
	struct {
		uint64_t alloc_ns; /* the process's first alloc(); 0: none */
		uint64_t grow_ns; /* its first grow(); 0: none, or it failed */
		uint64_t bytes; /* the new size of that growth */
	} cold;

	uint32_t repetitions_count;
	struct repetition_figures repetitions[REPETITIONS_MAX];

	uint64_t requests; /* alloc, grow and release asked for */
	uint64_t digest; /* of the requests, in order, by thread */
	uint64_t touched_bytes; /* first writes, whole pages */
	uint64_t copied_pages; /* pages of copied growths, for the oracle */
	uint64_t untouched_pages; /* of their sources: first read by the copy */
	uint64_t rewritten_pages; /* touched after a copy had written them */
	uint64_t sparse_blocks; /* grown or released before all was touched */
	uint64_t live_bytes_max;

	uint64_t peak_resident_bytes; /* VmHWM less its value before open() */
	uint64_t peak_virtual_bytes; /* VmPeak less its value before open() */
	struct map_figures before; /* before open() */
	struct map_figures final; /* after the run, everything alive */
	struct map_figures drained; /* after the drain */
	uint32_t points_count;
	struct map_figures points[TIMELINE_POINTS_MAX];
	uint32_t settled_count;
	/* at_ns since all was released. */
	struct map_figures settled[SETTLE_POINTS];
	bool settled_at_once; /* nothing was left: not waited for */
	struct {
		enum map_lookup lookup;
		uint64_t reads; /* looks at the map, all of those above */
		uint64_t read_ns; /* of them together */
		uint64_t points_skipped; /* of the timeline: see map_cost.h */
	} reading;

	uint64_t words_verified;
	uint64_t words_wrong;
	uint64_t wrong_identity; /* of the first wrong word */
	uint64_t wrong_offset;

	/* Checking pass: growths whose tally disagrees with the address. */
	uint64_t contradictions;
	char contradiction[128]; /* the first one, in words */

	struct {
		char name[32];
		uint64_t value;
	} figures[WORKER_FIGURES_MAX];
};

struct exchange {
	uint64_t magic;
	uint64_t size; /* sizeof(struct exchange) */
	struct sample_request request;
	struct sample_answer answer;
};

/* The child's side: argv[1] was SAMPLE_COMMAND. Returns the exit status. */
int sample_main(void);

#endif
