/*
 * command_thread - what the files of `regrow thread` share. Private to them:
 * they alone of the driver know which allocators and workloads a claim is
 * measured by.
 */
#ifndef REGROW_COMMAND_THREAD_H
#define REGROW_COMMAND_THREAD_H

#include "driver/claim_report.h"
#include "driver/results.h"
#include "driver/run.h"

#define THREAD_CLAIMS 8
#define THREAD_SETS_MAX 5

/* A run that evidence comes from, as one types it. */
struct thread_experiment {
	const char *name; /* of its results file, without .jsonl */
	const char *claims; /* "T1 T6" */
	const char *reference; /* NULL: the registered one */
	const char *allocators;
	const char *workloads;
	const char *sets[THREAD_SETS_MAX]; /* ended by NULL, or full */
	const char *thp; /* NULL: never */
	const char *layout; /* NULL: standard */
	unsigned int counts; /* rounds that count; 0: it is timed */
	unsigned int share; /* of the time of all that are timed */
	unsigned int rounds; /* at least, of a timed one */
	uint64_t budget_min_ns; /* with less in all it is left out */
	const char *const *figures; /* kinds that the page shows; or NULL */
};

extern const struct thread_experiment *const thread_experiments;
extern const unsigned int thread_experiments_count;
/* Fills what depends on the machine's pages; before anything else. */
void thread_experiments_prepare(void);

/* Timed runs end where intervals reach no further than that. */
#define THREAD_PRECISION 0.02

/*
 * Measures what the wanted claims need into folder/NAME.jsonl: what counts
 * first, then what is timed, by its share of the budget that is left. A file
 * that is whole stays as it is, one that was begun is gone on with. options:
 * what all runs have in common, the budget being that of all. An exit status.
 */
int thread_measure(const struct run_options *options,
		   const bool wanted[THREAD_CLAIMS], const char *folder);

struct thread_page_options {
	const bool *wanted; /* of each claim */
	bool json;
	bool plot;
	bool quiet;
};

/*
 * Judges what there is in folder, writes thread.md, thread.html and figures/ to
 * it and prints the verdicts. An exit status.
 */
int thread_page_show(const char *folder,
		     const struct thread_page_options *options);

/* Whether a claim's name is in "T1 T6". */
bool thread_is_of(const char *claims, const char *id);

struct thread_claim {
	const char *id;
	const char *claim;
	const char *decided_by;
	/* Called by thread_judge() alone. */
	int (*gather)(const struct results_file *const *files,
		      struct claim_report *report);
	/* It says what takes longer, of which instructions are no evidence. */
	bool of_time;
};
extern const struct thread_claim thread_claims[THREAD_CLAIMS];

/*
 * Judges a claim; files: of each experiment, or NULL where it was not measured.
 * Where one of its files counts instructions and it is of time, it cannot be
 * told. 0 or -ENOMEM.
 */
int thread_judge(const struct thread_claim *claim,
		 const struct results_file *const *files,
		 struct claim_report *report);

/* The file of an experiment's name; NULL: not measured. */
const struct results_file *thread_file(const struct results_file *const *files,
				       const char *name);

int thread_gather_win(const struct results_file *const *files,
		      struct claim_report *report);
int thread_gather_scan(const struct results_file *const *files,
		       struct claim_report *report);
int thread_gather_slower(const struct results_file *const *files,
			 struct claim_report *report);
int thread_gather_shares(const struct results_file *const *files,
			 struct claim_report *report);
int thread_gather_fixed(const struct results_file *const *files,
			struct claim_report *report);
int thread_gather_classes(const struct results_file *const *files,
			  struct claim_report *report);
int thread_gather_keeping(const struct results_file *const *files,
			  struct claim_report *report);
int thread_gather_holes(const struct results_file *const *files,
			struct claim_report *report);

#endif
