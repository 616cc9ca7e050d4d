/*
 * compare_side - one side of a comparison: its results files, reduced to what
 * is compared, so that thousands take little memory.
 */
#ifndef REGROW_COMPARE_SIDE_H
#define REGROW_COMPARE_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/compare_counts.h"
#include "driver/compare_facts.h"
#include "driver/compare_planted.h"
#include "driver/compare_units.h"
#include "driver/plan.h"

/* Numbers, as many as were added. */
struct compare_values {
	size_t count;
	size_t room;
	double *values;
};
/* 0 or -ENOMEM. */
int compare_values_add(struct compare_values *values, double value);

/* A workload with its parameters in one THP mode and layout of the map. */
struct compare_group {
	char *workload; /* canonical */
	char contents[INPUT_HASH_TEXT]; /* of its file, in the first run; "" */
	enum thp_mode thp;
	enum layout layout;
	unsigned int clocks; /* 1 << CLOCK_...: of its runs' plans */
	/* The twin's ratios to the reference, of rounds or of runs. */
	struct compare_values twin[CLOCK_COUNT];
	struct compare_unit unit; /* of the times of its cells */
	struct compare_planted planted;
};

/*
 * A cell of a group, in all files of the side. Where the side has one file, its
 * values are those of the valid samples of the timing pass, in the order of
 * their rounds; where it has several, they are the medians of the runs.
 */
struct compare_cell {
	unsigned int group; /* in the side's groups */
	enum cell_role role; /* not a twin, nor planted */
	char *allocator; /* canonical */
	char *skipped; /* the first reason; NULL: it was measured */
	unsigned int seen; /* the last file that has it, from 1 */
	unsigned int runs; /* files with a valid sample of it */
	size_t samples; /* valid ones of the timing pass, in all files */
	struct compare_values times[CLOCK_COUNT]; /* in its group's unit */
	struct compare_values ratios[CLOCK_COUNT]; /* to the reference */
	struct compare_count counts[COMPARE_COUNTS];
	double growths; /* of all samples */
	double reached; /* those of what the cell is named after */
	bool named; /* after an outcome */
	/* The requests of its samples. */
	char digest[17]; /* "" where they have none */
	bool digests_differ;
};

struct compare_side {
	const char *path; /* as given */
	bool in_units; /* times are in units of each run's own machine */
	unsigned int files_count; /* runs */
	char **files; /* in the order of their names */
	unsigned int interrupted; /* files without an end line */
	unsigned int torn; /* files whose last line was cut */
	unsigned int repeated; /* runs whose processes repeat their work */
	struct compare_facts facts; /* of the machines */
	struct compare_facts work; /* what has to be equal: seed, clock_unit */
	char *label; /* of the first run; or NULL */
	char *started; /* first and last, as their files say it; or NULL */
	char *ended;
	unsigned int groups_count;
	struct compare_group *groups; /* in the order they were met */
	unsigned int cells_count;
	struct compare_cell *cells;
};

/*
 * Reads a results file or, where path is a directory, all its *.jsonl and
 * *.jsonl.zst, with
 * in_units into units of the machine that each file was measured on. One file
 * is in memory at a time for each CPU. 0, or -errno and one sentence in why (a
 * file cannot be read, or has no calibration to take units from); a side that
 * could not be read is to be freed, too.
 */
int compare_side_read(struct compare_side *side, const char *path,
		      bool in_units, char *why, size_t why_size);
void compare_side_free(struct compare_side *side);

/*
 * Whether 5 % of the growths reached what the cell is named after; also where
 * it is named after nothing, or has no sample.
 */
bool compare_cell_exercised(const struct compare_cell *cell);

#endif
