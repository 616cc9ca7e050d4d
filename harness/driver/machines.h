/*
 * machines - results of many machines and kernels: what each allocator gains on
 * each of them, and how far the machines lie apart in it.
 *
 * Each file is a run. It is reduced, as soon as it is read, to two numbers for
 * each cell and clock: the ratio to the reference of the same run, paired in its
 * rounds as the run's own table has it, and the median time. Runs of one machine
 * on one kernel are a group, whose value is the median over them: the run is the
 * unit. Over machines there are only the values of machines, each counted once,
 * however many runs and kernels it has.
 *
 * Like goes with like. What is not the same work (another seed, reference,
 * contents of an input, requests) is set apart, with its reason, from what most
 * runs did; so are runs that count instructions, or repeat their work.
 */
#ifndef REGROW_MACHINES_H
#define REGROW_MACHINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/compare_facts.h"
#include "driver/compare_planted.h"
#include "driver/compare_units.h"
#include "driver/plan.h"
#include "driver/stats.h"

/*
 * Asked of each group's interval, by order statistics of its runs; with fewer
 * than MACHINES_RUNS_MIN, it is out of reach, and there is no verdict. 5 have
 * 0.9375. It holds for each machine alone. Where there is no difference,
 * at most a twentieth of the machines is FASTER by chance, and SLOWER likewise.
 */
#define MACHINES_LEVEL 0.9
#define MACHINES_RUNS_MIN 5
#define MACHINES_KERNELS_MAX 64 /* of one machine; more are set apart */

/* Of an allocator on a machine. */
enum machines_verdict {
	MACHINES_NOT_TOLD, /* too few runs, or the interval holds too much */
	MACHINES_FASTER, /* than the reference, on all of its kernels */
	MACHINES_SLOWER,
	MACHINES_SAME, /* within the margin */
	MACHINES_BY_KERNEL, /* its kernels do not have the same verdict */
	MACHINES_IDLE, /* what the row is named after did not happen */
	MACHINES_VERDICTS,
};
/* "not told", "FASTER", ... */
extern const char *const machines_verdict_names[MACHINES_VERDICTS];

/*
 * A machine is what has the same host's name, processor, CPUs, memory (whole
 * GiB) and hypervisor. The kernel is not of it. Without a host's name (regrow
 * run --anonymous) all that are alike are one.
 */
struct machines_machine {
	char *key; /* all of it, as it is told apart */
	char *host; /* NULL: not said */
	char *facts; /* "AMD EPYC, 2 CPUs, 8 GiB, kvm, x86_64" */
	char *name; /* of tables: short, and no other machine's */
	uint64_t hash; /* of key */
	unsigned int runs;
	unsigned int groups_count; /* kernels that it has */
	unsigned int last_group; /* the others by their `before` */
};

struct machines_kernel {
	char *release;
	unsigned int runs;
};

/* What a run says of a cell. NaN: nothing. */
struct machines_run {
	double ratios[CLOCK_COUNT]; /* to the reference */
	double times[CLOCK_COUNT]; /* medians, in the block's unit */
};

/* A row on one machine and kernel. */
struct machines_cell {
	unsigned int count;
	unsigned int room;
	struct machines_run *runs;
	double growths; /* of all samples */
	double reached; /* those of what the row is named after */
	/* By the block's clock, once all is read. NaN: none. */
	double ratio; /* median over runs */
	struct interval interval; /* of it; level 0: too few runs */
	double time;
	enum machines_verdict verdict;
};

/* The runs of one machine on one kernel. */
struct machines_group {
	unsigned int machine;
	unsigned int kernel;
	unsigned int before; /* another of the machine; MACHINES_NONE */
	unsigned int runs;
	unsigned int cells_count;
	struct machines_cell *cells; /* by row; rows behind: not measured */
};
#define MACHINES_NONE UINT32_MAX

/* The same work in all runs: what has no ratio to another is another block. */
struct machines_block {
	char *workload; /* canonical */
	char *reference; /* canonical */
	char contents[INPUT_HASH_TEXT]; /* of the file it names; "" */
	char digest[17]; /* of the requests; "" */
	uint64_t seed;
	enum thp_mode thp;
	enum layout layout;
	unsigned int clocks; /* 1 << CLOCK_...: of its runs' plans */
	enum group_clock
		clock; /* CPU time where all runs chose it, else wall */
	unsigned int runs;
	bool apart; /* others of this workload and mode have more runs */
	struct compare_unit
		unit; /* of times; names_differ: they have no median */
	double margin; /* of SAME */
	struct compare_planted planted; /* in its runs */
};

/* A number over machines, one value for each. NaN: there is none. */
struct machines_spread {
	unsigned int machines;
	double median;
	struct interval interval; /* of it; level 0: too few machines */
	double lowest;
	double quartile_low;
	double quartile_high;
	double highest;
	unsigned int lowest_machine;
	unsigned int highest_machine;
	unsigned int farthest; /* machine, from the median, by their ratio */
};

/* An allocator in a block, over all machines. */
struct machines_row {
	unsigned int block;
	enum cell_role role; /* a twin is one, as the noise; no planted rows */
	char *allocator; /* canonical */
	bool named; /* after an outcome */
	struct machines_spread ratio; /* none of the reference */
	struct machines_spread time;
	/* Of its ratio, from a machine's first kernel to its last: their
	 * quotient, of those that have several. */
	struct machines_spread change;
	unsigned int verdicts[MACHINES_VERDICTS]; /* machines */
};

/* Runs that are in no table. */
struct machines_apart {
	char *reason;
	char *path; /* of the first */
	unsigned int runs;
	bool failed; /* the file could not be read */
};

struct machines_options {
	double margin; /* of SAME, a fraction; 0: by the twins */
	bool in_units; /* times in units of the machine of each run */
};

struct machines {
	struct machines_options options;
	unsigned int files_count; /* found */
	char **files; /* in the order of their names */
	unsigned int runs; /* read, and not apart as a whole */
	unsigned int interrupted; /* of these, without an end line */
	unsigned int torn; /* of these, whose last line was cut */
	unsigned int nameless; /* of these, without a host's name */
	struct compare_facts builds; /* versions of regrow, of these */
	unsigned int machines_count;
	struct machines_machine *machines; /* in the order they were met */
	unsigned int kernels_count;
	struct machines_kernel *kernels; /* by release, as versions sort */
	unsigned int groups_count;
	struct machines_group *groups;
	unsigned int blocks_count;
	struct machines_block *blocks;
	unsigned int rows_count;
	struct machines_row *rows; /* of a block: in the order they were met */
	double level_effect; /* of each row's interval over machines */
	unsigned int apart_count;
	struct machines_apart *apart;
};

/*
 * Reads all results files of paths: files, and what is below folders. A file
 * that is there twice, by whatever name, is read once. 0, or -errno and one
 * sentence in why: a path cannot be searched, there is no file (-ENOENT), memory
 * ran out. What cannot be read or is not the same work is set apart, and it may
 * be all of it. machines is to be freed in any case.
 */
int machines_make(char *const *paths, unsigned int count,
		  const struct machines_options *options,
		  struct machines *machines, char *why, size_t why_size);
void machines_free(struct machines *machines);

/* A row of a group; NULL: it has no run of it. */
const struct machines_cell *machines_cell(const struct machines_group *group,
					  unsigned int row);
/*
 * A machine's value of a row: the median over its kernels, so that each counts
 * alike; NaN: none. The interval is that of its only kernel, else of level 0.
 */
struct machines_value {
	double ratio;
	struct interval interval;
	double time;
	enum machines_verdict verdict;
	unsigned int kernels; /* it was measured on */
	double change; /* ratio on the last of them over the first's; NaN */
};
struct machines_value machines_value(const struct machines *machines,
				     unsigned int machine, unsigned int row);

/* Files that could not be read. */
unsigned int machines_failed(const struct machines *machines);

#endif
