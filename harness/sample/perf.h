/*
 * perf - the counters of a sample: opened, started, stopped, read.
 *
 * Child's side: no libpfm4, no malloc, no stdio; one set of counters a process,
 * its state in the file. The driver tries events out by the same calls.
 *
 * Counting is a matter of the process, not of a thread: a thread that calls
 * perf_stop() stops the counts of all that were made after perf_open(). Where
 * threads pause on their own, leave it running.
 */
#ifndef REGROW_PERF_H
#define REGROW_PERF_H

#include "sample/protocol.h"

/*
 * Opens the request's counters, stopped, on the calling thread and on every
 * thread that it makes later; a descriptor each. Those of an equal group number
 * share a perf group, led by the first that opens. Clears figures; one that
 * cannot be opened has its errno in error, and the others go on. Returns how
 * many are open.
 */
unsigned int perf_open(const struct sample_request *request,
		       struct counter_figures figures[COUNTERS_MAX]);

/*
 * From any thread, any number of times, at one system call a group (1.0 us for
 * one counter, 1.4 us for five in a group, 5.9 us for five alone, on the
 * machine where it was written); free where nothing is open.
 */
void perf_start(void);
void perf_stop(void);

/*
 * Reads each counter that is open, exited and living threads summed, running or
 * not; a read that fails leaves its errno in error, and the value at 0.
 */
void perf_read(struct counter_figures figures[COUNTERS_MAX]);

void perf_close(void);

#endif
