/*
 * scale - the amount of work of each group: the largest named one that fits the
 * memory and lets the whole plan fit the time.
 */
#ifndef REGROW_SCALE_H
#define REGROW_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/plan.h"
#include "driver/plan_make.h"
#include "driver/variants.h"

/*
 * plan holds groups and cells, skipped ones marked; variants[i] is the spelling
 * of group i. Fills the groups' workload, estimate and sample_ns. As
 * plan_make().
 */
int scale_choose(const struct plan_request *request,
		 const struct variant *const *variants, struct plan *plan,
		 char *why, size_t why_size);

/*
 * Whether the memory of a workload is within what request allows; else what it
 * needs, in why.
 */
bool scale_fits(const struct plan_request *request,
		const struct estimate *estimate, char *why, size_t why_size);

/*
 * Rounds that must fit: those asked for or PLAN_ROUNDS_VERDICT (with work that
 * is repeated, PLAN_ROUNDS_REPEAT), whichever is more, those of the checking
 * pass and what the pilot takes.
 */
unsigned int scale_rounds(unsigned int asked, unsigned int repeat);

#endif
