/*
 * run_parts - what the files of run share. Private to them.
 */
#ifndef REGROW_RUN_PARTS_H
#define REGROW_RUN_PARTS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "driver/calibrate.h"
#include "driver/counters.h"
#include "driver/journal.h"
#include "driver/pilot.h"
#include "driver/placement.h"
#include "driver/plan.h"
#include "driver/progress.h"
#include "driver/run.h"
#include "driver/spawn.h"
#include "driver/taint.h"
#include "driver/timings.h"

#define RUN_FAILURES_MAX 3 /* in a row; the cell is then left out */

/* The number of the signal that asked us to stop; 0. */
extern volatile sig_atomic_t run_stop_signal;

struct run {
	const struct run_options *options;
	struct topology *topology;
	char topology_why[192]; /* where there is none */
	struct placement placement;
	struct calibration calibration;
	struct plan plan;
	struct counters counters;
	struct spawner spawner;
	struct taint_watch watch;
	struct journal journal;
	struct progress progress;
	time_t started;
	uint64_t started_ns;
	uint64_t sequence; /* of the next sample */
	uint64_t samples_ok;
	unsigned int rounds; /* timing rounds completed */
	unsigned int failures[PLAN_CELLS_MAX]; /* in a row */
	struct timings timings; /* of the timing rounds so far */
	/* Until there is a file to write them to. */
	unsigned int pilot_lines_count;
	struct json *pilot_lines[PLAN_GROUPS_MAX * PILOT_SAMPLES];
	bool unbound_said;
	bool precise; /* the intervals are as narrow as asked */
};

/*
 * One sample, from the request to its line, which the caller owns; NULL: it was
 * interrupted. The answer stays in the spawner's exchange. An exit status, said
 * on stderr; a sample that fails is no failure of the run.
 */
int run_sample_measure(struct run *run, enum pass pass, unsigned int round,
		       unsigned int cell_index, struct json **line);
/* The same, its line in the file. */
int run_sample(struct run *run, enum pass pass, unsigned int round,
	       unsigned int cell_index);

/*
 * The reference of each group, before the first round: fixes the clocks and the
 * planted rows of the plan.
 */
int run_pilot(struct run *run);

/*
 * The results file: whether it can be made; made, with its first lines, the
 * pilot's included; a line; the last one.
 */
int run_record_check(struct run *run);
int run_record_open(struct run *run);
int run_record_start(struct run *run);
int run_record_line(struct run *run, struct json *line);
int run_record_end(struct run *run);

#endif
