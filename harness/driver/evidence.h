/*
 * evidence - numbers out of results files that claims are judged by: counts
 * that repeat, ratios that are credible, shares within a sample.
 */
#ifndef REGROW_EVIDENCE_H
#define REGROW_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/spec.h"
#include "driver/table_rows.h"

/* Equal repeats that make a count a fact. */
#define EVIDENCE_REPEATS 3

/*
 * The options of a group's workload. False: it is another one, or is not
 * spelled as this program spells it. spec is large.
 */
bool evidence_workload(const struct results_group *group, const char *workload,
		       struct workload_spec *spec);
/* A number among them; 0 where there is no such option. */
uint64_t evidence_number(const struct workload_spec *spec, const char *option);
/* A text or a choice's word; "" where there is no such option. */
const char *evidence_text(const struct workload_spec *spec, const char *option);

/* "x1.125 to 8M", "+64K to 8M": a growth rule as it is spelled, and an end. */
void evidence_growth_text(const char *rule, uint64_t bytes, char *text,
			  size_t size);

/*
 * The cell of an allocator in a group, reference or row, by any spelling of it;
 * NULL: there is none, or it was skipped.
 */
const struct results_cell *evidence_cell(const struct results_file *file,
					 const struct results_group *group,
					 const char *allocator);

/*
 * A count in all valid samples, timed or not: it is the same. True where there
 * are EVIDENCE_REPEATS of them or more and all say the same. value: that of the
 * first; FIGURE_ABSENT where there is none.
 */
bool evidence_count(const struct results_cell *cell, enum figure_index figure,
		    int64_t *value);
/* The same of a workload's own figure. */
bool evidence_own(const struct results_cell *cell, const char *name,
		  int64_t *value);

/*
 * The time of a cell over that of another of its group, by the group's clock,
 * in the rounds that both have. 0 or -ENOMEM.
 */
int evidence_ratio(const struct results_cell *of, const struct results_cell *to,
		   double level, struct row_ratio *ratio);

/*
 * Whether a ratio in a group can be believed: the effect that was planted there
 * was found; or its whole interval is farther from 1 than the group's twin and
 * its planted rows ever are, by their intervals. What is beyond anything that
 * the same program showed against itself is no noise, however much of that
 * there is.
 */
bool evidence_credible(const struct table_group *group,
		       const struct row_ratio *ratio);

/*
 * Of each valid timing sample the share that some figures have in the sum of
 * these and others; its median over rounds and the interval of it. Where no
 * sample has all of them: rounds is 0. 0 or -ENOMEM.
 */
struct evidence_share {
	double median;
	struct interval interval;
	size_t rounds;
};
int evidence_share(const struct results_cell *cell,
		   const enum figure_index *part, size_t part_count,
		   const enum figure_index *rest, size_t rest_count,
		   double level, struct evidence_share *share);

#endif
