/*
 * crossover_measure - measures what a map is made of: a run over a coarse grid
 * of sizes, then one of fresh rounds where it crosses. Both are ordinary runs.
 */
#ifndef REGROW_CROSSOVER_MEASURE_H
#define REGROW_CROSSOVER_MEASURE_H

#include <stdint.h>

#include "driver/run.h"

#define CROSSOVER_RESTS_MAX 8

struct crossover_options {
	/*
	 * All but workloads, sets, precision and trim; budget_ns is of both
	 * runs together.
	 */
	struct run_options run;
	const char *workload; /* its name; see crossover.h */
	/* Its other options, of each a map: "", "residue=4K". */
	const char *rests[CROSSOVER_RESTS_MAX];
	unsigned int rests_count;
	uint64_t from; /* bytes; of the smallest and the largest block */
	uint64_t to;
};

struct crossover_files {
	char paths[2][4096]; /* the coarse grid's, the fresh rounds' */
	unsigned int count; /* that hold samples */
};

/*
 * Returns an exit status; says on stderr what a person should know. Where it is
 * interrupted, files holds what was measured until then.
 */
int crossover_measure(const struct crossover_options *options,
		      struct crossover_files *files);

#endif
