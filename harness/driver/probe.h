/*
 * probe - a thread that spins on another core while a sample runs, and notes
 * when it was not let run: what disturbs that core disturbs a neighbour, too.
 *
 * It sees what no counter of a guest does: a virtual CPU that its host took
 * away. It reads the clock and makes no system call; a gap is two readings
 * PROBE_GAP_NS_MIN apart or more.
 */
#ifndef REGROW_PROBE_H
#define REGROW_PROBE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A timer interrupt takes 5 to 25 us of a virtual CPU, thousands of times a
 * second; of gaps from 50 us on there are a few a second on a quiet one.
 */
#define PROBE_GAP_NS_MIN 50000u
#define PROBE_GAPS_MAX 8192u /* that are kept of one sample */

struct probe;

struct probe_gaps {
	uint64_t gaps;
	uint64_t gap_ns; /* their sum */
	uint64_t gap_ns_max;
};

/*
 * The thread, asleep. It is bound to cpu and of the policy SCHED_IDLE: it
 * leaves the CPU to whatever else wants it, and, as the scheduler takes a CPU
 * with nothing else on it for idle, drives little over to the sample's: of two
 * CPUs, one with a probe, the other was switched away from 16 to 34 times a
 * second instead of 10 to 14, with the ordinary policy 80 to 100 times. It
 * takes no signals. NULL, and one sentence in why.
 */
struct probe *probe_open(int cpu, char *why, size_t why_size);
void probe_close(struct probe *probe); /* or NULL */

/*
 * Spins from start to stop; neither waits for the thread, which may be far from
 * a CPU just then. That it was is a gap like any other.
 */
void probe_start(struct probe *probe);
void probe_stop(struct probe *probe);

/*
 * The gaps since the last start in the time from begin to end, those that reach
 * out of it by the part that lies in it. After probe_stop(). Of more than
 * PROBE_GAPS_MAX the oldest are counted as the shortest there are.
 */
void probe_read(const struct probe *probe, uint64_t begin_ns, uint64_t end_ns,
		struct probe_gaps *gaps);

#endif
