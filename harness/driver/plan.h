/*
 * plan - which cells a run measures, in which order. Pure; the whole plan is
 * stored in the run line.
 */
#ifndef REGROW_PLAN_H
#define REGROW_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/spec.h"
#include "driver/inputs.h"
#include "sample/protocol.h"

#define PLAN_CELLS_MAX 1024
#define PLAN_GROUPS_MAX 128
#define PLAN_GROUP_CELLS_MAX 32
#define PLAN_ROUNDS_MAX 100000
#define PLAN_ROUNDS_VERDICT 12 /* below it no interval of 95 % says much */
#define PLAN_COUNTS_MAX 1000
#define PLAN_ROUNDS_REPEAT 3 /* no verdicts: to see whether processes agree */

enum cell_role {
	ROLE_REFERENCE, /* the others are compared with it */
	ROLE_TWIN, /* the reference again: the noise floor */
	ROLE_FLOOR, /* the null allocator: the harness and the workload alone */
	ROLE_PLANTED, /* the reference and an effect that must be found */
	ROLE_ROW, /* what was asked for */
	ROLE_COUNT,
};

struct cell {
	unsigned int group;
	enum cell_role role;
	char allocator[SPEC_TEXT_MAX]; /* canonical */
	/*
	 * ROLE_PLANTED: how much longer a sample is to take, and the
	 * iterations of spin() in each growth that make it so (0: the pilot has
	 * not sized them).
	 */
	unsigned int planted_percent;
	uint64_t planted_iterations;
	char skipped[192]; /* why it cannot run here; "" */
};

/* By what the samples of a group are compared. */
enum group_clock { CLOCK_WALL, CLOCK_CPU, CLOCK_COUNT };

/*
 * What the reference showed before the first round. Noise is the middle
 * relative difference of two samples that followed each other.
 */
struct pilot {
	unsigned int samples; /* that were good; 0: there was no pilot */
	uint64_t wall_ns; /* medians */
	uint64_t cpu_ns;
	double wall_noise;
	double cpu_noise;
	uint64_t growths; /* of a sample, all threads */
};

/*
 * Cells of one workload, parameter set, THP mode and layout of the map;
 * neighbours in cells[].
 */
struct group {
	char workload[SPEC_TEXT_MAX]; /* canonical, the scale included */
	char contents[INPUT_HASH_TEXT]; /* of the file it names; "": none */
	bool is_control; /* the workload is; see regrow/workload.h */
	enum thp_mode thp;
	enum layout layout;
	unsigned int first; /* in cells[] */
	unsigned int count;
	struct estimate estimate;
	uint64_t sample_ns; /* of one sample, about; 0: not known */
	struct pilot pilot;
	enum group_clock clock; /* fixed by the pilot */
	char clock_why[160]; /* "" before the pilot */
	char skipped[192]; /* why none of it can run here; "" */
};

struct plan {
	uint64_t seed; /* below 2^63 */
	unsigned int
		rounds; /* of the timing pass; 0: as many as the budget allows */
	uint64_t budget_ns;
	double precision; /* 0.01: rounds until intervals are +-1 %; 0: none */
	double margin; /* of SAME; 0: the twin decides */
	uint64_t settle_ns; /* how long the map is looked at when drained */
	/*
	 * Of the work in each process of the timing pass; above 1 is a study of
	 * warm-up, from which no verdict is read.
	 */
	unsigned int repeat; /* 1 to REPETITIONS_MAX */
	/*
	 * Rounds of the checking pass, and no other: what is counted is the
	 * same each time, and nothing is compared by time. 0: a run as others.
	 */
	unsigned int counts;
	/*
	 * Layouts of memory that the rounds of the timing pass go through, by
	 * turns (sample/sweep.h): in round r, all samples are at point
	 * r % sweep, with the seed moved on by as much. 0: one layout.
	 */
	unsigned int sweep;
	unsigned int groups_count;
	unsigned int cells_count;
	struct group groups[PLAN_GROUPS_MAX];
	struct cell cells[PLAN_CELLS_MAX];
};

/*
 * The order of one round: indices into plan->cells, group after group, groups
 * shuffled by the seed and the round, the order inside from a Williams design;
 * skipped cells left out. Returns how many.
 */
unsigned int plan_order(const struct plan *plan, unsigned int round,
			unsigned int order[PLAN_CELLS_MAX]);

/*
 * Where plan_order() is empty, why: the reason of the first group that is
 * skipped. NULL: none is.
 */
const char *plan_why_empty(const struct plan *plan);

/*
 * Row number row (from 0, taken modulo their number) of the Williams design for
 * n treatments: n orders for even n, 2n for odd, in which each treatment
 * follows each other equally often (E. J. Williams, Aust. J. Sci. Res. A 2,
 * 1949).
 */
void plan_williams(unsigned int n, unsigned int row, unsigned int *order);

/*
 * Over rounds 0 to rounds - 1, within a group of n: the largest difference
 * between two ordered neighbour counts (0: balanced).
 */
unsigned int plan_imbalance(const struct plan *plan, unsigned int group,
			    unsigned int rounds);

#endif
