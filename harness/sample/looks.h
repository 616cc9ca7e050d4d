/*
 * looks - at the memory of a sample's process, into its answer: before it
 * works, when all of the work is done, when all is released, and a while later.
 * By thread 0, the others waiting. A map that cannot be read ends the sample.
 */
#ifndef REGROW_LOOKS_H
#define REGROW_LOOKS_H

#include "sample/context.h"

/* Before the allocator is opened; the peaks count from here. */
void looks_before(struct sample *sample);

/* What is alive at the end of the work, and the peaks. */
void looks_final(struct sample *sample);

/*
 * What is left once everything was released; in the checking pass, where more
 * than SETTLED_BYTES are, also at the points of settle_points_ns that the
 * request has time for.
 */
void looks_drained(struct sample *sample);

#endif
