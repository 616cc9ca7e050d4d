/*
 * taint - what disturbed a sample, as far as it can be seen here.
 *
 * A tainted sample is kept and used like any other: which samples are left out
 * must not depend on how they came out. The mark lets a table say whether the
 * clean ones alone say the same.
 *
 * The process itself sees its switches, its waiting, its migrations, its
 * faults, pressure and frequency (struct disturbance); what it cannot see or
 * should not look at is read here, around it.
 */
#ifndef REGROW_TAINT_H
#define REGROW_TAINT_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/figures.h"
#include "driver/names.h"
#include "driver/placement.h"
#include "driver/probe.h"

#define TAINT_THP_SIZE 64
#define TAINT_WHY_SIZE 160

/* The system at one moment. */
struct taint_state {
	char thp[TAINT_THP_SIZE]; /* "madvise, 2 MiB: inherit"; "": not seen */
	int64_t collapsed; /* by khugepaged; FIGURE_ABSENT: not seen */
	int64_t throttles; /* of the samples' CPUs; FIGURE_ABSENT: not seen */
};

struct taint_watch {
	const char *root; /* before each path; "": this system */
	unsigned int cpus_count;
	int cpus[THREADS_MAX]; /* of the samples */
	struct probe *probe; /* NULL: there is none */
	char unseen[TAINT_COUNT][TAINT_WHY_SIZE]; /* why; "": it is seen */
	char no_shootdowns[TAINT_WHY_SIZE]; /* why; "": they are counted */
	struct taint_state before; /* the sample that is running */
};

/* What was seen of one sample from outside of it. */
struct taint_reading {
	struct taint_state before;
	struct taint_state after;
	bool probed;
	struct probe_gaps gaps; /* in the timed part */
};

/* Finds out what can be seen and starts the probe, where there is a core. */
void taint_open(const char *root, const struct placement *placement,
		struct taint_watch *watch);
void taint_close(struct taint_watch *watch);

/*
 * Around a sample: nothing but it should go on in between. answer says when its
 * timed part was.
 */
void taint_begin(struct taint_watch *watch);
void taint_end(struct taint_watch *watch, const struct sample_answer *answer,
	       struct taint_reading *reading);

/* Those of a sample's figures that a reading has; the rest stay. */
void taint_figures(const struct taint_reading *reading,
		   int64_t values[FIGURE_COUNT]);

bool taint_thp_changed(const struct taint_reading *reading);

/*
 * Judges a sample by its figures: a mask of 1 << TAINT_... . What is absent
 * taints nothing, and is not thereby known to be undisturbed. thp_changed: see
 * above; false where that was not seen. Pure.
 */
unsigned int taint_judge(const int64_t values[FIGURE_COUNT], bool thp_changed);

#endif
