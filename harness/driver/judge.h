/*
 * judge - whether what a sample's process answered holds together, and whether
 * it took the page faults that its work makes.
 */
#ifndef REGROW_JUDGE_H
#define REGROW_JUDGE_H

#include <stdbool.h>

#include "driver/record.h"

/* The buckets sum to the count. */
bool judge_histogram(const struct histogram *histogram);

/*
 * The oracle: without huge pages, a process takes one minor fault for each page
 * that it first writes, for each that a growth copies to, and for each that it
 * copies from and that nothing was written to before.
 */
struct oracle {
	uint64_t expected; /* minor faults */
	bool at_most; /* fewer are right, too: pages are handed out again */
	const char *silent; /* why it says nothing of this sample; or NULL */
	bool agrees; /* or is silent */
};
struct oracle judge_faults(const struct sample_context *context,
			   const struct sample_answer *answer);

#endif
