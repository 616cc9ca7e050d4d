/*
 * crossover_plan - which sizes a map is measured at, as the plans of ordinary
 * runs: a group for each size, of a workload that grows one block once. Pure.
 */
#ifndef REGROW_CROSSOVER_PLAN_H
#define REGROW_CROSSOVER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/crossover.h"
#include "driver/plan.h"

#define CROSSOVER_SIZES_MAX 64
/*
 * Small blocks are grown so often that a sample takes long enough to be timed:
 * bytes of its blocks together, and growths at most. A function of the size
 * alone, so that the work is the same on every machine.
 */
#define CROSSOVER_WORK_BYTES ((uint64_t)2 << 20)
#define CROSSOVER_TIMES_MAX 128

/* Sizes upward, each once. */
struct crossover_grid {
	unsigned int count;
	uint64_t sizes[CROSSOVER_SIZES_MAX];
	/*
	 * 0: an octave or an end; 1: halves them; 2: the next halving; 3 to 5:
	 * the same, where growth alone crosses.
	 */
	unsigned char depths[CROSSOVER_SIZES_MAX];
};

uint64_t crossover_times(uint64_t size);

/* A size; where it is there already, at the lesser depth. */
void crossover_grid_add(struct crossover_grid *grid, uint64_t size,
			unsigned int depth);

/* from, twice that and so on to to; the grid is empty before. */
void crossover_octaves(uint64_t from, uint64_t to, struct crossover_grid *grid);

/*
 * Adds low, high and what halves the logarithm between them: quarter octaves,
 * halves where they are more than two octaves apart, octaves from five on.
 * Sizes are whole pages, and multiples of 2 MiB where both ends are: between
 * these page tables move as a whole, and others are another curve.
 */
void crossover_between(uint64_t low, uint64_t high, uint64_t page_bytes,
		       struct crossover_grid *grid);

/*
 * "WORKLOAD:size=64K:times=64[:REST],..." of all sizes and rests (a list,
 * separated by blanks; "" is one rest, of nothing). malloc'ed; NULL: no memory.
 */
char *crossover_list(const struct crossover_grid *grid, const char *workload,
		     const char *const *rests, unsigned int rests_count);

/* A group that fresh rounds are wanted of. */
struct crossover_want {
	enum thp_mode thp;
	enum layout layout;
	char rest[SPEC_TEXT_MAX];
	struct crossover_grid grid;
};

struct crossover_wants {
	unsigned int count;
	struct crossover_want list[32];
};

/*
 * The places where a map's curves cross, by the cost that decides and by growth
 * alone; sizes that only the latter wants are deeper than all others.
 */
void crossover_wanted(const struct crossover_map *map, uint64_t page_bytes,
		      struct crossover_wants *wants);

/* What is left out of a plan so that it fits. */
struct crossover_trim {
	const char *workload;
	const struct crossover_wants *wants; /* NULL: the coarse grid */
	double slowness; /* what rounds took over what was estimated; 1 */
	double round_ns; /* set: what a round of the plan is estimated at */
	unsigned int rounds; /* set: crossover_rounds() of the plan */
};

/*
 * The least rounds of which there are intervals at all: those of each size, mover
 * and copy together are to hold with 1 - CROSSOVER_ALPHA, in two files.
 */
unsigned int crossover_rounds(const struct plan *plan);

/*
 * Leaves out groups that nothing wants; then, until crossover_rounds() rounds,
 * the checking pass and the pilot fit the plan's budget, skips the largest size
 * of the coarse grid, or the finest halving of the wanted ones, the reason with
 * them.
 */
void crossover_trim(struct plan *plan, struct crossover_trim *trim);

#endif
