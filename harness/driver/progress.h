/*
 * progress - how far a run is and when it will end, to stderr.
 *
 * On a terminal one line that is rewritten; else a plain line for each round.
 */
#ifndef REGROW_PROGRESS_H
#define REGROW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "sample/protocol.h"

struct progress {
	bool quiet;
	bool terminal;
	uint64_t started_ns;
	uint64_t budget_ns; /* 0: rounds are fixed */
	unsigned int rounds; /* 0: the budget decides */
	unsigned int
		rounds_likely; /* until it is precise enough; 0: not known */
	uint64_t first_round_ns; /* when the timing pass began */
	uint64_t shown_ns;
};

void progress_start(struct progress *progress, bool quiet, unsigned int rounds,
		    uint64_t budget_ns);

/* Before a sample: what is about to run. round counts from 0. */
void progress_sample(struct progress *progress, enum pass pass,
		     unsigned int round, const char *workload,
		     const char *allocator);

/*
 * After a round; for the pilot and the checking pass, after all of it. width is
 * half that of the widest interval, 0.02 for 2 %; 0 or not finite: not known.
 */
void progress_round(struct progress *progress, enum pass pass,
		    unsigned int done, double width);

/* The rounds after which a run will probably be precise enough; 0: not known. */
void progress_expect(struct progress *progress, unsigned int rounds);

/* What a person should know now; kept apart from the line. */
__attribute__((format(printf, 2, 3))) void
progress_note(struct progress *progress, const char *format, ...);

/* Leaves the terminal's line clean. */
void progress_end(struct progress *progress);

#endif
