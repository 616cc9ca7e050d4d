/*
 * compare_planted - whether the runs of a side found the effect that each of
 * them plants to prove that it can see one.
 *
 * A comparison is read from unpaired intervals of its own, so that a run which
 * could not see an effect does not lower its verdicts; but who reads them has
 * to know.
 */
#ifndef REGROW_COMPARE_PLANTED_H
#define REGROW_COMPARE_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

/* Of a group, the effect of CELLS_PLANTED_PERCENT. */
struct compare_planted {
	unsigned int runs; /* in which the group was measured */
	unsigned int found; /* by the test of that run's own verdicts */
	unsigned int missed; /* in the rest of them, it was not measured */
};

struct compare_side;
struct results_file;

/* A file's groups added to its side's. 0 or -ENOMEM. */
int compare_planted_add(struct compare_side *side,
			const struct results_file *file);

/*
 * "the planted +10 % was not found in 1 and not measured in 2 of 5 runs: ...";
 * false: it was found in all of them, and there is nothing to be said.
 */
bool compare_planted_text(const struct compare_planted *planted, char *text,
			  size_t size);

#endif
