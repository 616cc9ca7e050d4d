/* plan_same - whether two files were to measure the same. Pure. */
#ifndef REGROW_PLAN_SAME_H
#define REGROW_PLAN_SAME_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/json.h"

/*
 * Two objects with the member "plan" of results/FORMAT.md, from anywhere; no
 * plug-in is loaded for what they name. The same are the length, the seed, the
 * groups' work and the cells; not what each machine finds of them (estimates,
 * the pilot and what it decided, what is skipped). False with a clause in why:
 * the first difference.
 */
bool plan_same(const struct json *one, const struct json *other, char *why,
	       size_t why_size);

/*
 * As above, of two files: results, or what --dry-run --json printed. 0;
 * -ESTALE: they are not the same; -EBADMSG: one has no plan; or the -errno of
 * opening and reading; with a sentence in why.
 */
int plan_same_files(const char *path, const char *other_path, char *why,
		    size_t why_size);

#endif
