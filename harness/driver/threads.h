/*
 * threads - what a workload's threads cost each other, from a results file:
 * throughput, tails and TLB shootdowns against their number. Pure.
 *
 * A line goes through the groups that are alike but for one option, `threads`
 * or `movers`; its numbers are the threads of a sample that the plan says.
 *
 * What threads cost each other can be told only where each of them had a
 * physical core of its own, and the driver and the probe one each besides: the
 * placement and the machine in the file say so. Else the numbers are those of
 * waiting for a CPU, and nothing is told.
 */
#ifndef REGROW_THREADS_H
#define REGROW_THREADS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/spec.h"
#include "driver/results.h"
#include "driver/table_rows.h"

#define THREADS_POINTS_MAX 16
#define THREADS_WHY_SIZE 320

/* One number of threads, of one line. */
struct threads_point {
	const struct results_group *group;
	char why[THREADS_WHY_SIZE]; /* it cannot be told; "": it can */
};

struct threads_line {
	const char *option; /* "threads", "movers" */
	char workload[SPEC_TEXT_MAX]; /* the spelling without it */
	enum thp_mode thp;
	enum layout layout;
	size_t points_count;
	struct threads_point
		points[THREADS_POINTS_MAX]; /* by threads, upward */
};

struct threads_lines {
	size_t count;
	struct threads_line *list;
};

/* One allocator, the reference or a row, at one number of threads. */
struct threads_course {
	size_t samples; /* valid ones of the timing pass */
	/*
	 * Requests in a second of the longest thread's timed work, to those at
	 * the least number of threads, by round; pairs is 0 at that number, and
	 * where there are no requests.
	 */
	struct row_ratio throughput;
	bool is_base; /* it is that number */
	enum tail_of tail; /* threads_tail() */
	struct tail_figure p50;
	struct tail_figure p99;
	struct tail_figure p99_9;
	double shootdowns; /* for each growth, median; NaN: not counted */
};

/* Faults where a cell has some, else requests, else growths. */
enum tail_of threads_tail(const struct results_cell *cell);

/* 0 or -ENOMEM. file must outlive the lines. */
int threads_read(const struct results_file *file, struct threads_lines *lines);
void threads_free(struct threads_lines *lines);

/*
 * Of the cell that is like another, in the group of a point. False: there is
 * none, or it has no valid sample. values: room for threads_values() of them.
 */
bool threads_course(const struct threads_line *line, size_t point,
		    const struct results_cell *like, double *values,
		    struct threads_course *course);
size_t threads_values(const struct results_file *file);

/*
 * Whether samples of several threads counted shootdowns. Where all of them
 * counted none they are not told: a hypervisor, or the processor by itself, may
 * do without the interrupts.
 */
enum shootdowns { SHOOTDOWNS_ABSENT, SHOOTDOWNS_NONE, SHOOTDOWNS_SEEN };
enum shootdowns threads_shootdowns(const struct results_file *file);

#endif
