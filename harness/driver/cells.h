/*
 * cells - the allocators of a plan: reference, twin, floor, and what was asked.
 */
#ifndef REGROW_CELLS_H
#define REGROW_CELLS_H

#include <stddef.h>

#include "driver/plan.h"

/* The planted effect that must be found, or a group has no verdicts. */
#define CELLS_PLANTED_PERCENT 10

/*
 * Each allocator once, by its canonical spelling, but for the twin and the
 * planted rows, which are the reference again.
 */
struct cell_list {
	unsigned int count;
	struct cell cells[PLAN_GROUP_CELLS_MAX]; /* without their group */
};

/*
 * 0, or the first layer's error: the reason is then in skipped, with the
 * layer's name where it is a wrapped one. A library that is to be preloaded is
 * tried in a process of its own.
 */
int cells_probe(const struct allocator_spec *spec, char *skipped,
		size_t skipped_size);

/* 0, or -errno: what cannot run in that THP mode, for the reason in skipped. */
int cells_fit_thp(const struct allocator_spec *spec, enum thp_mode thp,
		  char *skipped, size_t skipped_size);

/*
 * Puts the reference (a spelling; NULL: the registered one), its twin, the
 * reference with 5 % and CELLS_PLANTED_PERCENT % planted, and the registered
 * floor into an empty list. 0, or an error of the spelling, or
 * -ENOTSUP: the reference cannot run here; one sentence in why.
 */
int cells_add_standard(const char *reference, struct cell_list *list, char *why,
		       size_t why_size);

/*
 * Adds the allocators of a list of spellings as rows, but for those that are
 * there. What probe() refuses, in any layer, is skipped for its reason. 0,
 * -E2BIG, or an error of a spelling.
 */
int cells_add_rows(const char *typed, struct cell_list *list, char *why,
		   size_t why_size);

#endif
