/*
 * open_loop - when the requests of one thread are due, how long each took, and
 * whether the thread kept up.
 *
 * The clock is a parameter, and nothing else is read: on a clock that a test
 * turns, what comes out is exact. It stands still in pauses. Private to
 * harness/sample.
 *
 * A closed loop makes its next request when the last one has ended: its
 * service time is all there is. In an open loop requests arrive by a schedule,
 * whatever becomes of those before them: one that is due while another is
 * served waits, and its response time, from when it was due to its end, is
 * what a client sees. When they are due follows from the seed alone (Poisson:
 * exponential gaps; fixed: equal ones, the threads' staggered).
 *
 * Saturation. Let h be the half of the requests, rounded down, and the last
 * half those from number h on. The thread is saturated if there are
 * OPEN_LOOP_JUDGED_MIN requests or more and both hold:
 *
 *   100 * (spent - waited - longest) >= 98 * offered
 *    99 * spent                      >= 100 * offered
 *
 * spent: from the end of request h - 1 to that of the last one; waited: in
 * that, until a request was due; longest: the longest service time of the
 * half; offered: from when request h was due to when the last one was, and a
 * mean interval. So the work, even without its longest request, took 98 % of
 * the time in which it arrived, and less than 99 % of what was offered was
 * achieved. Work below 98 % of its time is never called saturated for one
 * stall, wherever it stands; work of more than 1 / 0.99 of its time always is,
 * but where a single request is more than its excess over 98 %.
 */
#ifndef REGROW_OPEN_LOOP_H
#define REGROW_OPEN_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <regrow/random.h>
#include <regrow/workload.h>

#include "common/histogram.h"
#include "sample/protocol.h"

#define OPEN_LOOP_JUDGED_MIN 40 /* requests */

struct open_loop_clock {
	uint64_t (*now_ns)(void *context);
	/* Returns when now_ns() is until_ns, or as soon after as can be. */
	void (*wait)(void *context, uint64_t until_ns);
	void *context;
};

/* A walk over the arrivals of a thread. */
struct arrival {
	struct random random; /* of its gaps, and of nothing else */
	uint64_t number; /* of the arrival, from 0 */
	double at_ns; /* since the schedule's begin */
};

struct open_loop {
	struct open_loop_clock clock;
	struct histogram *service;
	struct histogram *response; /* of an open loop only */

	enum arrivals law;
	double interval_ns; /* the mean between two arrivals of this thread */
	double phase; /* of an interval, before the first of a fixed rate */
	uint64_t requests; /* that there will be */
	struct arrival next; /* the request that begins next */
	struct arrival ahead; /* the first that is not due yet */
	bool begun;
	uint64_t
		origin_ns; /* the schedule's begin: that of the first request */
	uint64_t due_ns;
	uint64_t start_ns; /* of the request that is served */
	struct {
		uint64_t free_ns; /* when the request before it had ended */
		uint64_t due_ns;
		uint64_t waited_ns; /* before that */
		uint64_t longest_ns;
	} half;
	struct open_loop_figures figures; /* of all schedules so far */
};

/*
 * Requests are due by law from here on; the schedule begins with the first of
 * them. seed is the sample's; thread number index of threads. Zeroed, a loop is
 * a closed one: it needs only its clock and its histograms. Figures are kept:
 * work that is repeated adds to them.
 */
void open_loop_open(struct open_loop *loop, enum arrivals law,
		    double interval_ns, uint64_t requests, uint64_t seed,
		    unsigned int index, unsigned int threads);

/* A request: waits until it is due; records how long it took. */
void open_loop_begin(struct open_loop *loop);
void open_loop_end(struct open_loop *loop);

/* One thread's figures into those of all: sums, and what the worst one had. */
void open_loop_add(struct open_loop_figures *into,
		   const struct open_loop_figures *from);

#endif
