/*
 * run_parts - what the files of run share. Private to them.
 */
#ifndef REGROW_RUN_PARTS_H
#define REGROW_RUN_PARTS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "driver/binary_hash.h"
#include "driver/calibrate.h"
#include "driver/changes.h"
#include "driver/counters.h"
#include "driver/journal.h"
#include "driver/pilot.h"
#include "driver/placement.h"
#include "driver/plan.h"
#include "driver/plan_make.h"
#include "driver/progress.h"
#include "driver/results.h"
#include "driver/run.h"
#include "driver/spawn.h"
#include "driver/taint.h"
#include "driver/timings.h"

#define RUN_FAILURES_MAX 3 /* in a row; the cell is then left out */

/* The number of the signal that asked us to stop; 0. */
extern volatile sig_atomic_t run_stop_signal;

struct run {
	const struct run_options *options;
	struct json *lab; /* NULL: not of the lab */
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
	unsigned int next_round[PASS_COUNT]; /* its number */
	unsigned int checks; /* rounds of the checking pass completed */
	uint64_t timing_since_ns;
	char binary[BINARY_HASH_TEXT];
	/* Of each group's workload, once its first sample was asked for. */
	struct {
		bool known;
		const struct input *input; /* NULL: it names no file */
	} inputs[PLAN_GROUPS_MAX];
	unsigned int failures[PLAN_CELLS_MAX]; /* in a row */
	struct timings timings; /* of the timing rounds so far */
	double width; /* timings_width() of them */
	/* Until there is a file to write them to. */
	unsigned int pilot_lines_count;
	struct json *pilot_lines[PLAN_GROUPS_MAX * PILOT_SAMPLES];
	bool unbound_said;
	bool precise; /* the intervals are as narrow as asked */
	/* With --resume: what the file gives. */
	struct run_options resume_options;
	struct changes changes; /* what differs */
	bool torn; /* the last line of the file */
	bool calibrated; /* the file has a calibration */
	bool nothing_left;
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

/* Steps before the first sample; exit statuses, said on stderr. */
int run_count(struct run *run);
int run_place(struct run *run);
int run_calibrate(struct run *run);
/* --plan: reads the plan and fits it to this machine. */
int run_plan_stored(struct run *run, const struct plan_request *request);
/*
 * Whether a length was asked for, of a plan from a file that only counts: said
 * on stderr, a usage error.
 */
bool run_counts_only(const struct run *run, const char *path);
/* The allocators that a plan was asked for, for the name of a file. */
void run_plan_names(const struct plan *plan, char *names, size_t size);

/* Rounds that the checking pass has. */
static inline unsigned int run_checks_wanted(const struct run *run)
{
	return run->plan.counts ? run->plan.counts : PLAN_CHECKING_ROUNDS;
}

/*
 * After a round: is another to follow? run->width is up to date; timings.h says
 * when precision is looked at.
 */
bool run_rounds_left(struct run *run);

/*
 * --resume, instead of these steps: opens and reads the file, refuses what has
 * changed since, and takes all over that it says. Nothing is written yet.
 */
int run_resume(struct run *run);
/*
 * Compares the file's machine, kernel, placement, counters and program with
 * these. STATUS_CHECK_FAILED where they differ, unless forced.
 */
int run_changes(struct run *run, const struct results_file *file);
/* Writes that the run goes on, before its first sample. */
int run_resume_start(struct run *run);

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
int run_record_calibration(struct run *run);
int run_record_line(struct run *run, struct json *line);
int run_record_end(struct run *run);
/* --dry-run: the plan to stdout, in words or as JSON. */
int run_record_plan(struct run *run);

#endif
