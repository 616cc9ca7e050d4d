/*
 * results - results files read into a model: what the table, the plots and the
 * exports use, and nothing else does.
 *
 * A file is read once, line by line, and reduced to what is below, so that
 * thousands can be compared; several threads may read at a time, each into
 * results of its own. Files come from anywhere and are checked: what is
 * absent was not measured, what is of the wrong kind refuses the file.
 */
#ifndef REGROW_RESULTS_H
#define REGROW_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/histogram.h"
#include "driver/figures.h"
#include "driver/json.h"
#include "driver/plan.h"
#include "driver/spawn.h"
#include "driver/tails.h"

struct calibration;

#define RESULTS_SAMPLES_MAX 1000000 /* of one file */
#define RESULTS_OWN_NAMES_MAX 64 /* workloads' own figures, of one file */

/* One size class of a sample's growths; see FORMAT.md. */
struct results_size {
	unsigned int log2;
	int64_t growths;
	int64_t bytes;
	int64_t grow_ns;
	int64_t touch_ns;
	int64_t reread_ns;
};

/* The work once, of a sample that repeats it. */
struct results_repetition {
	int64_t wall_ns;
	int64_t cpu_ns;
	int64_t minor_faults; /* FIGURE_ABSENT: not measured */
};

struct results_reading {
	bool present;
	bool failed; /* the counter could not be opened or read */
	int64_t value;
	int64_t enabled_ns;
	int64_t running_ns;
};

struct results_failed_call {
	int error; /* errno; 0: one without a name here */
	int64_t count;
};

struct results_sample {
	int64_t sequence;
	unsigned int round;
	enum pass pass;
	enum sample_outcome outcome;
	int stage; /* enum sample_stage; -1: absent */
	bool valid; /* may be used in verdicts */
	unsigned int invalid; /* 1 << INVALID_..., as far as they are known */
	bool taint_known; /* someone looked; else taint says nothing */
	unsigned int taint; /* 1 << TAINT_..., as far as they are known */
	bool migrated;
	bool oracle_applies;
	bool open_loop; /* its requests were due by a schedule */
	bool saturated; /* and could not be served as they were due */
	char digest[17]; /* hexadecimal; "" where absent */
	int64_t values[FIGURE_COUNT]; /* FIGURE_ABSENT: not measured */
	/* Valid timing samples, not lean: of a call; 0: there was none. */
	uint64_t median_ns[OPERATION_COUNT];
	unsigned int sizes_count;
	struct results_size *sizes; /* upward */
	unsigned int repetitions_count; /* 0 where the work was done once */
	struct results_repetition *repetitions;
	struct results_reading *readings; /* file->counters_count; or NULL */
	struct results_tail *tails; /* TAILS, of a timing sample; or NULL */
	bool failed_calls_known; /* else it is not said whether any failed */
	unsigned int failed_calls_count;
	struct results_failed_call *failed_calls;
	unsigned int own_count; /* the workload's own figures */
	struct {
		unsigned int name; /* in file->own_names */
		int64_t value;
	} own[WORKER_FIGURES_MAX];
};

/* Latencies of several samples together: buckets above 0 only, upward. */
struct results_histogram {
	uint64_t count;
	uint64_t sum_ns;
	uint64_t min_ns;
	uint64_t max_ns;
	uint64_t overflow;
	unsigned int buckets_count;
	struct results_bucket {
		unsigned int bucket;
		uint64_t count;
	} * buckets;
};

struct results_point {
	int64_t at_ns;
	int64_t operations;
	int64_t read_ns; /* that it took to look; older files: absent */
	int64_t values[MAP_FIGURES]; /* FIGURE_ABSENT: not measured */
};

struct results_group {
	const char *workload; /* canonical */
	const char *contents; /* hash of the file it names; NULL: none */
	bool is_control; /* the workload is; see regrow/workload.h */
	enum thp_mode thp;
	enum layout layout; /* older files: standard */
	enum group_clock clock; /* files before format 2: wall */
	const char *clock_why; /* NULL: not said */
	unsigned int threads; /* at least 1 */
	const char *skipped; /* why; NULL: not skipped */
};

struct results_cell {
	const struct results_file *file;
	const struct results_group *group;
	unsigned int index; /* in file->cells and the plan */
	enum cell_role role;
	const char *allocator; /* canonical */
	unsigned int planted_percent; /* ROLE_PLANTED */
	unsigned int mechanism; /* 1 << OUTCOME_...; 0: any */
	const char *skipped; /* why; NULL: not skipped */
	size_t samples_count;
	size_t samples_room;
	struct results_sample *samples; /* by pass, then round */
	unsigned int outcomes[SAMPLE_OUTCOME_COUNT]; /* samples that ended so */
	unsigned int
		invalid; /* samples with the outcome ok that are not valid */
	bool settled_at_once; /* nothing was left, and nobody waited */
	char *reason; /* of the first sample that was not ok; or NULL */
	char *contradiction; /* the first; or NULL */
	char *no_oracle; /* the first reason for it; or NULL */
	/* Which library served its samples; NULL where none is named. */
	struct results_library {
		char *file;
		char *version;
		char *build_id;
		bool changed; /* not the same one in all of them */
	} library;
	/* Of the valid timing samples, by operation. */
	struct results_histogram histograms[OPERATION_COUNT];
	/* Of the first valid checking sample. */
	unsigned int timeline_count;
	struct results_point *timeline;
	/* Of the same; at_ns since all was released, operations absent. */
	unsigned int settled_count;
	struct results_point settled[SETTLE_POINTS];
};

struct results_counter {
	const char *name;
	bool tracepoint; /* counted in the checking pass */
	const char *missing; /* why; NULL: it was counted */
};

/* How far a pass got. */
struct results_pass {
	uint64_t rounds; /* completed */
	uint64_t next; /* past the highest number of a round, partial or not */
	int64_t at_ns; /* when the last completed one was; 0: none was */
};

struct results_file {
	char *path; /* as given */
	struct json *run; /* the run line, whole */
	struct json *calibration; /* or NULL */
	/*
	 * Times are to be given in units of this machine; NULL: as they are.
	 * Not set by reading; see group_units.h.
	 */
	struct calibration *machine;
	struct json *resume; /* the last resume line, whole; or NULL */
	const char *clock_unit; /* what the file's nanoseconds are: "ns" */
	double margin; /* of SAME, as asked for; 0: the twin decides */
	const char *status; /* of the end line, one of a fixed few; or NULL */
	uint64_t rounds; /* of the timing pass, completed */
	struct results_pass passes[PASS_COUNT];
	int64_t at_ns; /* of the latest line that has one; 0 */
	uint64_t sequence; /* past the highest of the samples */
	unsigned int resumes; /* how often the run was taken up again */
	unsigned int forced; /* of these, over differences */
	uint64_t samples_count;
	unsigned int groups_count;
	struct results_group *groups;
	unsigned int cells_count;
	struct results_cell *cells; /* of the whole plan */
	unsigned int counters_count;
	struct results_counter *counters;
	unsigned int own_names_count;
	char *own_names[RESULTS_OWN_NAMES_MAX];
	unsigned int repeat; /* of the work in each timing sample; 1: once */
	unsigned int counts; /* rounds of counting alone; 0: it was timed */
	bool lean; /* results_read_lean() read it */
	bool torn; /* the last line was cut, and left out */
	bool ended; /* has an end line; else the run was interrupted */
};

/*
 * Length of path without the ending of a results file, .jsonl or, compressed,
 * .jsonl.zst; all of it where it has neither.
 */
size_t results_path_stem(const char *path);

/* Zeroed: nothing read yet. */
struct results {
	size_t files_count;
	struct results_file **files; /* in the order they were read */
};

/*
 * Adds a file, which may be compressed by zstd. 0, or -errno and one sentence
 * in why, and results is as it was: cannot be opened, not a results file, of a
 * later format (-EPROTONOSUPPORT), damaged (-EBADMSG, with the line; -ENODATA,
 * its compression), a line too long (-EMSGSIZE), too many samples (-EFBIG).
 */
int results_read(struct results *results, const char *path, char *why,
		 size_t why_size);
/*
 * The same in less time, for what compares many files: of each sample only its
 * validity, digest, times by both clocks, and the counts in compare_counts.c;
 * the rest is as if it were absent, and is not checked.
 */
int results_read_lean(struct results *results, const char *path, char *why,
		      size_t why_size);
void results_free(struct results *results);

/* The cell of that role in a cell's group, the first of them; or NULL. */
const struct results_cell *results_companion(const struct results_cell *cell,
					     enum cell_role role);

/*
 * A figure's values in the valid samples of a pass, in the order of their
 * rounds; returns how many. values and rounds hold samples_count, or are NULL.
 */
size_t results_cell_values(const struct results_cell *cell, enum pass pass,
			   enum figure_index figure, double *values,
			   unsigned int *rounds);

/*
 * A figure of two cells of one file in the rounds in which both have it: pairs,
 * as many as returned; a and b hold the smaller samples_count.
 */
size_t results_pair_values(const struct results_cell *a_cell,
			   const struct results_cell *b_cell, enum pass pass,
			   enum figure_index figure, double *a, double *b);

/* The same over the rounds in which neither of the two samples is tainted. */
size_t results_clean_pair_values(const struct results_cell *a_cell,
				 const struct results_cell *b_cell,
				 enum pass pass, enum figure_index figure,
				 double *a, double *b);

/*
 * A counter's values (index in file->counters), in the same way; scaled up by
 * enabled / running time where it did not always run.
 */
size_t results_counter_values(const struct results_cell *cell, enum pass pass,
			      unsigned int counter, double *values);

/*
 * Which library served a cell: "libmine.so.2, 5.3.0", with its build ID where
 * that is asked for or it says no version. False: none is named.
 */
bool results_library(const struct results_cell *cell, bool build_id, char *text,
		     size_t size);

/*
 * A workload's own figure of a sample (index in file->own_names);
 * FIGURE_ABSENT where it has none.
 */
int64_t results_own(const struct results_sample *sample, unsigned int name);

/* All latencies of an operation; counts that do not fit stay at their end. */
void results_histogram(const struct results_cell *cell,
		       enum operation operation, struct histogram *histogram);

#endif
