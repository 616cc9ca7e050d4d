/*
 * surroundings - what the kernel says of whatever else goes on while a sample
 * runs: pressure, the CPU's frequency, TLB shootdowns, and how its threads were
 * scheduled.
 *
 * Read around the timed part, never in it. What cannot be read is -1.
 */
#ifndef REGROW_SURROUNDINGS_H
#define REGROW_SURROUNDINGS_H

#include <stdint.h>

#include "sample/protocol.h"

/* Counts from the system's or the thread's start; -1: not seen. */
struct surroundings {
	int64_t pressure_ns[PRESSURE_COUNT];
	int64_t khz;
	int64_t shootdowns; /* row TLB of /proc/interrupts */
};
struct schedule {
	int64_t migrations;
	int64_t waited_ns;
};

/*
 * Opens the files once, so that reading them takes no memory later. root stands
 * before each path ("": this system); cpu is thread 0's, -1: not bound, and its
 * frequency is then not seen.
 */
void surroundings_open(const char *root, int cpu);
void surroundings_close(void);

/*
 * Reads; then what came about until now, all but the schedule, into the
 * disturbance. One thread.
 */
void surroundings_begin(struct surroundings *surroundings);
void surroundings_end(const struct surroundings *begin,
		      struct disturbance *disturbance);

/* Reads those of the calling thread; then makes of it what came about. */
void schedule_begin(struct schedule *schedule);
void schedule_end(struct schedule *schedule);

/*
 * The three formats; -1 where text is not of them. "total=" of the line `some`,
 * in microseconds, as ns; the number behind a key of /proc/PID/sched; the
 * second number of /proc/PID/schedstat.
 */
int64_t pressure_parse_ns(const char *text);
int64_t schedule_parse_count(const char *text, const char *key);
int64_t schedule_parse_waited_ns(const char *text);

#endif
