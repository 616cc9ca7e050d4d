/*
 * progress - how far a run is and when it will end, to stderr.
 *
 * On a terminal one line that is rewritten; else a plain line for each round.
 */
#ifndef REGROW_PROGRESS_H
#define REGROW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool quiet;
	bool terminal;
	uint64_t started_ns;
	uint64_t budget_ns; /* 0: rounds are fixed */
	unsigned int rounds; /* 0: the budget decides */
	uint64_t first_round_ns; /* when the timing pass began */
	uint64_t shown_ns;
};

void progress_start(struct progress *progress, bool quiet, unsigned int rounds,
		    uint64_t budget_ns);

/* Before a sample: what is about to run. round counts from 0. */
void progress_sample(struct progress *progress, bool checking,
		     unsigned int round, const char *workload,
		     const char *allocator);

/* After a timing round (or, round 0 of 0, the checking pass). */
void progress_round(struct progress *progress, bool checking,
		    unsigned int done);

/* What a person should know now; kept apart from the line. */
__attribute__((format(printf, 2, 3))) void
progress_note(struct progress *progress, const char *format, ...);

/* Leaves the terminal's line clean. */
void progress_end(struct progress *progress);

#endif
