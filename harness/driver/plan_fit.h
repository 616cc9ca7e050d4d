/*
 * plan_fit - a plan that was made elsewhere, or at another time, on this
 * machine: whether its work is the same here, and what of it can run.
 */
#ifndef REGROW_PLAN_FIT_H
#define REGROW_PLAN_FIT_H

#include <stddef.h>

#include "driver/plan.h"
#include "driver/plan_make.h"

/*
 * Whether each workload still makes the requests that the plan says, as far as
 * its estimate shows: threads, operations, growths and the bytes asked for.
 * Those that depend on the size of a page may differ. 0, or -EINVAL and one
 * sentence in why.
 */
int plan_fit_work(const struct plan *plan, char *why, size_t why_size);

/*
 * How long the rounds of a plan go on, where that is given anew: rounds and
 * budget_ns that are not 0, a precision from 0. Rounds are exact; without them
 * either of the others makes the plan go by budget and precision.
 */
void plan_fit_length(struct plan *plan, unsigned int rounds, uint64_t budget_ns,
		     double precision);

/*
 * Both of the above; then judges anew what is skipped (allocators that cannot
 * run here, THP modes, layouts, memory) and predicts the times. The work, the
 * clocks and the planted effects stay as they are: nothing is sized here. Of
 * request, rounds, budget_ns, precision, memory_limit_bytes, thp_folder,
 * layout_setting, sample_ns and context are used. 0, and why is empty or holds
 * one warning; -EINVAL; -ENOTSUP: the reference cannot run here; -EAGAIN: what
 * this system allows could not be tried.
 */
int plan_fit(const struct plan_request *request, struct plan *plan, char *why,
	     size_t why_size);

#endif
