/*
 * variants - the combinations of the values that --set gives each workload.
 */
#ifndef REGROW_VARIANTS_H
#define REGROW_VARIANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/spec.h"
#include "driver/plan.h"

/* A workload with one value for each option that was set. */
struct variant {
	char text[SPEC_TEXT_MAX]; /* as a spelling, not canonical */
	unsigned int workload; /* index in the list of workloads */
};

struct variants {
	unsigned int count;
	struct variant items[PLAN_GROUPS_MAX];
};

/*
 * workloads: a list of spellings. sets: each "WORKLOAD.OPTION=VALUE,VALUE...",
 * the last option of a workload varying fastest. 0, or -EINVAL, -ENOENT, -E2BIG
 * and one sentence in why.
 */
int variants_make(const char *workloads, const char *const *sets,
		  unsigned int sets_count, struct variants *variants, char *why,
		  size_t why_size);

/* Whether a spelling gives an option a value, be it the standard one. */
bool spelling_gives(const char *text, const char *option);

#endif
