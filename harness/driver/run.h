/*
 * run - one invocation's measurements, from the options to the results file.
 */
#ifndef REGROW_RUN_H
#define REGROW_RUN_H

#include <stdbool.h>
#include <stdint.h>

#define RUN_SETS_MAX 32

struct plan;

/*
 * What was asked for on the command line; NULL and 0: not given. What a plan
 * that is there already says is not given beside plan and resume.
 */
struct run_options {
	const char *allocators; /* a list of spellings */
	const char *workloads; /* a list of names or spellings */
	const char *sets[RUN_SETS_MAX]; /* "W.key=v1,v2" */
	unsigned int sets_count;
	const char *thp; /* a list: never, madvise, always */
	const char *layout; /* a list: standard, legacy */
	const char *counters;
	const char *reference;
	const char *cpus;
	const char *label;
	const char *results; /* the file to write */
	const char *plan; /* a file whose plan is measured */
	const char *resume; /* a results file to go on with */
	/* A file for lab_read(): the work is fixed, and nothing is tried out. */
	const char *lab;
	uint64_t budget_ns;
	/* 0.01: until intervals are +-1 %; below 0: not given */
	double precision;
	double margin; /* of SAME; 0: the twin decides */
	uint64_t settle_ns;
	unsigned int rounds;
	/*
	 * With fewer rounds no precision ends a run, and its budget is so much
	 * longer.
	 */
	unsigned int rounds_least;
	uint64_t overtime_ns;
	unsigned int repeat; /* of the work in each process; 0: once */
	/* Rounds of the checking pass and nothing else; 0: it is timed. */
	unsigned int counts;
	unsigned int sweep; /* layouts that the rounds go through; 0: one */
	uint64_t seed;
	uint64_t timeout_ns; /* of one sample */
	bool force; /* --resume: whatever differs */
	bool dry_run;
	bool plan_json; /* dry_run: the plan as JSON */
	bool anonymous;
	bool quiet;
	/* NULL; or is shown the plan, its times known, to leave out groups. */
	void (*trim)(struct plan *plan, void *context);
	void *trim_context;
	int argc; /* the command line, for the record */
	char **argv;
};

/*
 * Plans, measures and records; also several times, one after the other. path:
 * the results file that was written, "" where there is none to be read (also
 * with dry_run, or where the results went to a pipe or device). Returns an exit
 * status; says on stderr what a person should know.
 */
int run_measure(const struct run_options *options, char path[4096]);

#endif
