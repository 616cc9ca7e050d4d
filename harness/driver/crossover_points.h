/*
 * crossover_points - the points of a map as they are gathered from the groups of
 * results files, before their ratios are known. Private to crossover_read.c.
 */
#ifndef REGROW_CROSSOVER_POINTS_H
#define REGROW_CROSSOVER_POINTS_H

#include "driver/crossover.h"
#include "driver/table_rows.h"

/* Where the ratio of a point comes from; as many as points, in their order. */
struct crossover_source {
	const struct results_cell *mover;
	const struct results_cell *copy;
	const struct results_cell *cold;
	enum figure_index clock;
};

/* Curves and their points, while they are gathered. */
struct crossover_draft {
	struct crossover_map *map;
	const char *workload;
	struct crossover_source **sources; /* of each curve */
	unsigned int curves_room;
	unsigned int groups; /* of the workload, in the current file */
};

/*
 * Adds what a file's groups give: points with size, file and doubt, the rest
 * for crossover_read(). 0 or -ENOMEM.
 */
int crossover_points_add(struct crossover_draft *draft,
			 const struct table *table, unsigned int file);

/*
 * The value of an option of that kind in a canonical spelling; false: the
 * workload has none, or it is another one than draft's.
 */
bool crossover_number(const char *spelling, const char *workload,
		      const char *option, uint64_t *number);

/* The options of a spelling but size and times: what all of a curve share. */
void crossover_rest(const char *spelling, char rest[SPEC_TEXT_MAX]);

#endif
