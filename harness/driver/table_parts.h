/* table_parts - pieces of printed tables; for the table_ and compare_ files. */
#ifndef REGROW_TABLE_PARTS_H
#define REGROW_TABLE_PARTS_H

#include <stdio.h>

#include "driver/grid.h"
#include "driver/machine_units.h"
#include "driver/style.h"
#include "driver/table_rows.h"

#define NAME_COLUMNS 22 /* that an allocator's spelling gets */
#define NAMES_MAX PLAN_CELLS_MAX

/* Where a table goes, and which spellings were abbreviated in it. */
struct printout {
	const struct table *table;
	const struct style *style;
	FILE *stream;
	struct machine_unit sample_unit; /* of the group */
	struct machine_unit call_unit;
	unsigned int names_count;
	const char *names[NAMES_MAX]; /* abbreviated, by their number less 1 */
};

/*
 * A spelling in at most NAME_COLUMNS columns: "vendor-name:s...=8M] 2" is
 * explained under number 2 at the end. text holds GRID_TEXT_MAX bytes.
 */
void printout_name(struct printout *printout, const char *spelling, char *text);
/* The full spellings of what was abbreviated. */
void printout_print_names(const struct printout *printout);

/*
 * Text in at most so many columns, abbreviated in its middle, with mark behind
 * it where it was. out holds GRID_TEXT_MAX bytes.
 */
void printout_fit(const struct style *style, const char *text, size_t columns,
		  const char *mark, char *out);

/* "98.2 ms"; "-" where it is not a number. All hold GRID_TEXT_MAX bytes. */
void printout_time(double ns, char *text);
/*
 * The same, or in units of the machine where the file's times are given so:
 * "3.31". In a table, times are printed by this one.
 */
enum time_of {
	TIME_OF_SAMPLE, /* its whole work, or a repetition of it */
	TIME_OF_CALL, /* one operation */
};
void printout_time_of(const struct printout *printout, enum time_of of,
		      double ns, char *text);
/* Never in units of the machine: "98.2 ms", or "1.20 M instructions". */
void printout_time_as_is(const struct printout *printout, double ns,
			 char *text);
/*
 * A median with its interval: "211 ms (205..219)"; without it where its level
 * is 0.
 */
void printout_interval(const struct printout *printout, enum time_of of,
		       double median_ns, const struct interval *interval,
		       char *text);
/* A group begins: the units of its times, and a line that names them. */
void printout_begin_units(struct printout *printout,
			  const struct table_group *group);
/* Adds "units" to a group of the table's JSON; nothing where none are set. */
void table_units_to_json(const struct results_file *file,
			 const struct results_group *group, struct json *into);
void printout_size(double bytes, char *text);
void printout_count(double count, char *text);
/* "0.465", "1.003", "12.3". */
void printout_ratio(double ratio, char *text);
/* "2.5 %". */
void printout_percent(double share, char *text);
/* "0.465 (0.451..0.480)"; "0.465 (only 4 pairs)" where they are too few. */
void printout_ratio_interval(const struct printout *printout,
			     const struct row_ratio *ratio, char *text);

/*
 * The rows of a block in their order: reference, rows, and the floor apart from
 * them; the twin is the noise floor under the table. From NULL, to NULL.
 */
const struct table_row *printout_next(const struct table_group *group,
				      const struct table_row *row);
/* A line of the grid that begins with the row's name, as its role asks. */
struct grid_row *printout_begin(struct printout *printout, struct grid *grid,
				const struct table_row *row);

/* The blocks of a group; nothing where it has none. 0 or -ENOMEM. */
int printout_print_times(struct printout *printout,
			 const struct table_group *group);
int printout_print_growths(struct printout *printout,
			   const struct table_group *group);
int printout_print_memory(struct printout *printout,
			  const struct table_group *group);
int printout_print_latencies(struct printout *printout,
			     const struct table_group *group);
/* Fragmentation along the run, and whether holes add up. */
int printout_print_map(struct printout *printout,
		       const struct table_group *group);
/* The first growth of a process beside the later ones of its size. */
int printout_print_cold(struct printout *printout,
			const struct table_group *group);
int printout_print_counters(struct printout *printout,
			    const struct table_group *group);

/* A note: lead before the text, which is wrapped and indented as far. */
void printout_note(struct printout *printout, const char *lead,
		   const char *text);

/* Under a group: noise floor, planted rows, contents, faults; what is SAME. */
/* Of a run that only counts: whether all its rounds counted the same. */
void printout_print_counted(struct printout *printout,
			    const struct table_group *group);
void printout_print_checks(struct printout *printout,
			   const struct table_group *group);
/* Then what to do for a verdict, skipped cells, samples that went wrong. */
void printout_print_notes(struct printout *printout,
			  const struct table_group *group);
/* How many samples were tainted by what, and what difference that makes. */
void printout_print_taint(struct printout *printout,
			  const struct table_group *group);
/* What could not be seen to disturb here; nothing where all could. */
void printout_print_unseen(struct printout *printout);
/* In place of the times, where processes repeat their work. */
int printout_print_warmup(struct printout *printout,
			  const struct table_group *group);
/* Under all groups of such a run: what its figures are. */
void printout_print_warmup_end(struct printout *printout);

/* Behind all groups: the shapes along the file's axes; see shape_print.h. */
int printout_print_shapes(struct printout *printout,
			  const struct results_file *file);

/* Cells whose times change their level over the rounds; nothing if none. */
void printout_print_drift(struct printout *printout,
			  const struct table_group *group);
/* Under all groups: how many do. */
void printout_print_drift_end(struct printout *printout);
/* How often the run was taken up again; nothing where it was not. */
void printout_print_resumed(struct printout *printout);
/* Under all: what the intervals are, counters missing, how the run ended. */
void printout_print_end(struct printout *printout);

/* Operations of a kind per sample from which latencies are worth a line. */
#define LATENCIES_MIN 100
bool table_has_latencies(const struct table_row *row, enum operation operation);

#endif
