/*
 * compare - results files against each other: what became faster or slower,
 * which counts changed, and what differs between the machines.
 *
 * Data of different runs are not paired: their medians are compared by
 * Mann-Whitney and the bootstrap. Where a side has one run, whatever changed
 * between the two runs, the machine's drift included, is in the difference;
 * where there are several, the run is the unit and drift is in the noise.
 */
#ifndef REGROW_COMPARE_H
#define REGROW_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "driver/compare_side.h"
#include "driver/json.h"
#include "driver/stats.h"
#include "driver/style.h"
#include "driver/verdict.h"

#define COMPARE_RUNS_MIN 5 /* of a side, where runs are the unit */
#define COMPARE_SAMPLES_MIN VERDICT_PAIRS_MIN /* of a cell, else */

struct compare_options {
	bool force; /* compare also what is not the same work */
	double margin; /* a fraction; 0: by the noise of both sides */
	/* Times in units of the machine that each run was made on. */
	bool in_units;
};

/* new / base, and where it lies. */
struct compare_ratio {
	double median; /* the ratio of the medians; NaN: none */
	struct interval interval; /* level 0: too few values */
};

/* One cell on both sides. */
struct compare_row {
	const struct compare_cell *base;
	const struct compare_cell *new;
	bool forced; /* of another workload or THP mode, too */
	size_t base_units; /* samples, or runs */
	size_t new_units;
	double base_time; /* medians, in the unit of the group; NaN: none */
	double new_time;
	struct compare_ratio ratio;
	/*
	 * How the cell's ratio to its reference, of the same round of the same
	 * run, has changed: a drift of the machine is not in it.
	 */
	struct compare_ratio own;
	double p; /* of Mann-Whitney; NaN: none */
	double p_holm;
	bool exercised; /* on both sides */
	bool judged; /* not the floor, and exercised: it has a verdict */
	enum verdict verdict;
	/* For INCONCLUSIVE: so many more units a side; 0: cannot be said. */
	double more;
	const char *reason; /* for INCONCLUSIVE; or NULL */
	enum compare_change changes[COMPARE_COUNTS];
};

/* Rows of one workload and THP mode. */
struct compare_block {
	const struct compare_group *base;
	const struct compare_group *new;
	enum group_clock clock;
	bool clocks_differ; /* in the plans of the runs: it is wall */
	struct compare_ratio base_noise; /* the twin to its reference */
	struct compare_ratio new_noise;
	double margin;
	unsigned int rows_count;
	struct compare_row *rows;
};

/* A cell that is on one side only. */
struct compare_alone {
	bool is_base; /* else new */
	const struct compare_group *group;
	const struct compare_cell *cell;
	const char *skipped; /* why it is not on the other; or NULL */
};

struct comparison {
	const struct compare_side *base;
	const struct compare_side *new;
	bool runs; /* are the unit; else samples */
	unsigned int blocks_count;
	struct compare_block *blocks;
	unsigned int alone_count;
	struct compare_alone *alone;
	unsigned int differences_count;
	struct compare_difference *differences; /* of the machines */
	/* Why it is refused; with options->force, what was overruled. */
	unsigned int reasons_count;
	char **reasons;
};

struct compare {
	struct compare_options options;
	struct compare_side base;
	unsigned int count; /* further sides, and comparisons with base */
	struct compare_side *sides;
	struct comparison *comparisons;
	unsigned int compared; /* rows with a verdict, in all comparisons */
	double level; /* of each ratio: verdict_level(compared) */
	bool refused;
};

/*
 * Reads all sides and compares each further one with the first. paths has count
 * of them, at least two, and must outlive it. 0; or -errno and one sentence in
 * why: a file could not be read. compare is to be freed in any case.
 */
int compare_make(const char *const *paths, unsigned int count,
		 const struct compare_options *options, struct compare *compare,
		 char *why, size_t why_size);
void compare_free(struct compare *compare);

/* What a gate makes of it. */
enum compare_gate {
	COMPARE_GATE_FINE,
	COMPARE_GATE_SLOWER, /* a row, or with counts: one that is worse */
	COMPARE_GATE_CANNOT_TELL, /* a row is INCONCLUSIVE, and none slower */
};
enum compare_gate compare_gate(const struct compare *compare, bool counts);
/* A count that changed to what is worse. */
bool compare_row_is_worse(const struct compare_row *row, int count);

/* For people, at most STYLE_COLUMNS wide. 0 or -ENOMEM. */
int compare_print(const struct compare *compare, const struct style *style,
		  FILE *stream);
/* As GitHub renders it. 0 or -ENOMEM. */
int compare_markdown(const struct compare *compare, FILE *stream);
/* NULL where memory ran out. results/TABLE.md names the fields. */
struct json *compare_json(const struct compare *compare);

#endif
