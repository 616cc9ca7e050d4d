/*
 * table_checks - what a run's checks of itself came to: memory, page faults,
 * the tally. The twin and the planted rows are checks, too, and rows of the
 * table.
 */
#ifndef REGROW_TABLE_CHECKS_H
#define REGROW_TABLE_CHECKS_H

#include <stddef.h>

#include "driver/json.h"
#include "driver/table_rows.h"

/* Samples of a group but the floor's, of all passes, that ended well. */
struct group_checks {
	size_t samples;
	size_t contents_held; /* all words that were checked, some */
	size_t contents_wrong;
	size_t faults_agree; /* with the oracle */
	size_t faults_differ;
	size_t faults_silent; /* no oracle */
	const char *silent_why; /* the first reason, or NULL */
	size_t tallies; /* compared with the address: the checking pass */
	size_t contradictions; /* of them, samples that contradict */
};

void table_check(const struct results_file *file,
		 const struct table_group *group, struct group_checks *checks);

/*
 * Adds "noise_floor", "planted" and "checks" of results/TABLE.md to a group's
 * object; an end line keeps the same.
 */
void table_checks_to_json(const struct results_file *file,
			  const struct table_group *group, struct json *json);

/*
 * Adds "groups" to an end line, the checks of each group that was not skipped.
 * 0 or -ENOMEM.
 */
int table_checks_to_end(const struct results_file *file, struct json *end);

/* "median", "low", "high", "level", "pairs" under key; nothing without pairs. */
void table_ratio_to_json(struct json *json, const char *key,
			 const struct row_ratio *ratio);

#endif
