/*
 * plan_make - the plan of what was asked for: its groups, their cells, and the
 * amount of work that fits the budget and the memory.
 */
#ifndef REGROW_PLAN_MAKE_H
#define REGROW_PLAN_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "driver/plan.h"

/* Rounds of the checking pass, before the timing pass; they take time too. */
#define PLAN_CHECKING_ROUNDS 1
/* What the pilot takes at most, as rounds. */
#define PLAN_PILOT_ROUNDS 1
/* Of the memory limit; the rest is for the driver, the kernel and the others. */
#define PLAN_MEMORY_PERCENT 80

struct plan_request {
	const char *
		allocators; /* a list of spellings; NULL: the reference alone */
	/*
	 * A list of spellings; NULL: each that is registered, is not the floor
	 * and runs with the standard values of its options.
	 */
	const char *workloads;
	const char *const *sets; /* each "WORKLOAD.OPTION=VALUE,VALUE..." */
	unsigned int sets_count;
	const char *thp; /* a list of modes; NULL: never */
	const char *thp_folder; /* THP_FOLDER in thp.h; NULL: that */
	const char *layout; /* a list of layouts; NULL: standard */
	const char *layout_setting; /* LAYOUT_SETTING in layout.h; NULL: that */
	const char *reference; /* a spelling; NULL: the registered one */
	uint64_t seed;
	unsigned int rounds; /* 0: as many as the budget allows */
	unsigned int repeat; /* of the work in each process; 0: once */
	unsigned int counts; /* as in struct plan */
	unsigned int sweep;
	/* Reference and rows alone: there is no noise that a twin, planted
	 * effects and the floor could tell about. */
	bool bare;
	uint64_t budget_ns; /* 0: none; the smallest scale is chosen */
	double precision; /* as in struct plan */
	double margin;
	uint64_t settle_ns;
	uint64_t memory_limit_bytes; /* of machine and cgroup; 0: not known */
	/*
	 * About the time of one sample; NULL: not known, and then the smallest
	 * scale is chosen.
	 */
	uint64_t (*sample_ns)(const struct estimate *estimate, void *context);
	void *context;
};

/*
 * One group for each workload, combination of the values set for it, THP mode
 * and layout: reference, twin, floor, and the rows that were asked for, each
 * once.
 *
 * Where a workload declares an option "scale" and none was given, it gets the
 * largest at which scale_rounds() rounds of the whole plan fit the budget and
 * its memory fits PLAN_MEMORY_PERCENT of the limit; all groups of one workload
 * get the same, but for those whose memory does not fit. The scale is spelled
 * out in the group's workload also where it is the standard.
 *
 * Where the work is repeated there are no planted rows, and no precision;
 * where it is only counted, no floor either.
 *
 * 0: why is empty, or holds one warning (the rounds do not fit the budget). A
 * group or a cell that cannot run here says so in skipped; where all are,
 * plan_order() is empty. Else one sentence in why, and -ENOENT or -EINVAL (what
 * was typed; see spec.h), -E2BIG (too many groups or cells), -ENOMEM (a size
 * that was asked for does not fit the memory), -ENOTSUP (the reference cannot
 * run here), -EAGAIN (what this system allows could not be tried).
 */
int plan_make(const struct plan_request *request, struct plan *plan, char *why,
	      size_t why_size);

/*
 * Whether this system lets samples have a group's THP mode and layout. 0;
 * -ENOTSUP: the reason is in its skipped; -EAGAIN: it could not be tried, and
 * the reason is in why.
 */
int plan_group_usable(const struct plan_request *request, struct group *group,
		      char *why, size_t why_size);

/*
 * Skips groups of the same work, THP mode and layout as one before them: two
 * spellings can come to that, also by the scale chosen.
 */
void plan_skip_repeated(struct plan *plan);

/*
 * In why: that the rounds which are needed do not fit the budget; "" where they
 * do, and where their number was given: then they are run whatever they take.
 */
void plan_warn(const struct plan *plan, char *why, size_t why_size);

/* Of one round of all that can run; 0: not known. */
double plan_round_ns(const struct plan *plan);

/*
 * For --dry-run: groups and their cells, memory, time, how many rounds fit, and
 * the order of the first rounds.
 */
void plan_describe(const struct plan *plan, FILE *stream);

#endif
