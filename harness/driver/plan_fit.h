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
 * The above; then judges anew what is skipped (allocators that cannot run here,
 * THP modes, memory), predicts the times, and takes over rounds and budget_ns,
 * where they are given, of request. The work stays as it is: nothing is sized.
 * Of request only these, memory_limit_bytes, thp_folder, sample_ns and context
 * are used. 0, and why is empty or holds one warning; -EINVAL; -ENOTSUP: the
 * reference cannot run here.
 */
int plan_fit(const struct plan_request *request, struct plan *plan, char *why,
	     size_t why_size);

#endif
