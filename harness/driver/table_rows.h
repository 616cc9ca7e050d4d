/*
 * table_rows - the numbers of a run's table, from its results: medians,
 * intervals, ratios to the reference, verdicts. Printing them is table.h's.
 */
#ifndef REGROW_TABLE_ROWS_H
#define REGROW_TABLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/names.h"
#include "driver/plan.h"
#include "driver/results.h"
#include "driver/stats.h"
#include "driver/verdict.h"

#define TABLE_LEVEL 0.95 /* of each median; of all ratios of a table together */
/* Growths that must reach what a row is named after, or it tells nothing. */
#define TABLE_EXERCISED_MIN 0.05

/* Medians of a cell; the figures behind them stand in table_rows.c. */
enum row_figure {
	ROW_FAULTS,
	ROW_PEAK_RESIDENT_BYTES, /* above the state before open() */
	ROW_LIVE_BYTES_MAX,
	ROW_FINAL_RESIDENT_BYTES,
	ROW_FINAL_MAPPED_BYTES,
	ROW_FINAL_LIVE_BYTES,
	ROW_MAPPINGS,
	ROW_HOLES,
	ROW_HOLE_BYTES,
	ROW_BYTES_COPIED,
	ROW_BYTES_MOVED,
	ROW_LEVELS_BYTES, /* that could be moved by a level of page tables */
	ROW_OUTCOMES = ROW_LEVELS_BYTES + MOVE_LEVEL_COUNT,
	ROW_FIGURES = ROW_OUTCOMES + OUTCOME_COUNT,
};
/* The names of the figures, as in a sample line. */
extern const enum figure_index row_figures[ROW_FIGURES];

/* A ratio of times in the same rounds. NaN and 0 pairs: none. */
struct row_ratio {
	double median;
	struct interval interval;
	size_t pairs;
	double p; /* two-sided, exact sign test, of a ratio of 1 */
};

/* Why a row's interval is not taken at its word. */
enum lowered {
	LOWERED_NOT,
	LOWERED_MISSED, /* the planted effect of the group was not found */
	LOWERED_NOT_PLANTED, /* none was measured */
};

/*
 * What the clean pairs say, those of two samples that nothing is known to have
 * disturbed, against what all pairs say. They agree where the median over all
 * pairs lies in the clean pairs' interval. Not the other way round, too: the
 * fewer the clean pairs are, the more often would their median leave the
 * interval of all by chance alone.
 */
enum agreement {
	AGREEMENT_NONE, /* there is no ratio */
	AGREEMENT_UNTOLD, /* too few clean pairs for an interval */
	AGREEMENT_AGREES,
	AGREEMENT_DISAGREES,
	AGREEMENT_COUNT,
};

struct row_taint {
	size_t known; /* valid samples of the timing pass that were watched */
	size_t tainted; /* of them */
	size_t by[TAINT_COUNT]; /* of them, by what; one may have several */
	struct row_ratio clean; /* to the reference; of the table's level */
	enum agreement agreement;
};

struct table_row {
	const struct results_cell *cell;
	size_t samples; /* valid ones of the timing pass */
	double time_ns; /* median by the group's clock; NaN: none */
	struct interval time;
	struct row_ratio ratio; /* to the reference */
	bool judged; /* it is one of the rows that get a verdict */
	enum verdict verdict;
	enum lowered lowered; /* why it is INCONCLUSIVE whatever the interval */
	double p_holm; /* adjusted over all judged rows; NaN: not judged */
	unsigned int rounds_more; /* of INCONCLUSIVE: until it may be told */
	/* Share of the growths that reached what the row is named after. */
	double mechanism; /* NaN: no growths */
	bool exercised; /* true where the row is not named after an outcome */
	double figures[ROW_FIGURES]; /* medians; NaN: not measured */
	struct row_taint taint;
};

/* The cells of a group that are not skipped, in the order of the plan. */
struct table_group {
	const struct results_group *group;
	unsigned int index;
	enum figure_index
		clock; /* FIGURE_WALL_NS or FIGURE_CPU_NS, by the plan */
	double margin; /* 0.02: ratios from 1/1.02 to 1.02 are the same */
	bool margin_asked; /* else the twin decided */
	size_t rounds; /* valid samples of the cell that has most */
	unsigned int rows_count;
	struct table_row rows[PLAN_GROUP_CELLS_MAX];
};

struct table {
	const struct results_file *file;
	double level; /* of each ratio: verdict_level(compared) */
	/* Rows with a verdict; twins and planted rows do not count. */
	unsigned int compared;
	unsigned int groups_count;
	struct table_group *groups;
};

/* 0 or -ENOMEM. file must outlive the table. */
int table_compute(const struct results_file *file, struct table *table);
void table_free(struct table *table);

/* The first row of that role, or NULL. */
const struct table_row *table_row_of(const struct table_group *group,
				     enum cell_role role);

/* Whether the verdicts' own test finds what was planted in that row. */
bool table_finds(const struct table_row *planted);

/* Room for the values of any cell of a file, three times. */
struct table_scratch {
	double *a, *b, *c;
};

/*
 * The second half of table_compute(): ratios, their level, the margins, the
 * verdicts. 0 or -ENOMEM.
 */
int table_judge(struct table *table, const struct table_scratch *scratch);
/* For table_compute(), last: taints; room for the values of any cell each. */
void table_taint_fill(struct table *table, double *a, double *b, double *c);

/* A median of a counter (index in file->counters), in its pass; NaN: none. */
double table_counter(const struct results_cell *cell, unsigned int counter);

#endif
