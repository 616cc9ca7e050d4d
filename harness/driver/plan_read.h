/*
 * plan_read - a plan from the first line of a results file, back into a struct.
 */
#ifndef REGROW_PLAN_READ_H
#define REGROW_PLAN_READ_H

#include <stddef.h>

#include "driver/json.h"
#include "driver/plan.h"

/*
 * line: an object with the member "plan" of results/FORMAT.md, as record_run()
 * writes it, but from anywhere: each number is within its limits, groups have a
 * reference and hold their cells as neighbours, and each spelling is the
 * canonical one of an allocator or a workload that can be named here (plug-ins
 * are loaded). 0; -EBADMSG: not such a plan; -ENOENT, -EINVAL, -E2BIG or a
 * plug-in's error: a spelling; with one sentence in why. What is skipped stays
 * so: see plan_fit.h.
 */
int plan_read(const struct json *line, struct plan *plan, char *why,
	      size_t why_size);

/*
 * The plan in the first line of a file: results, or what --dry-run --json
 * printed. The above, or -EPROTONOSUPPORT (a later format), or the -errno of
 * opening and reading.
 */
int plan_read_file(const char *path, struct plan *plan, char *why,
		   size_t why_size);

#endif
