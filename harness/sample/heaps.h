/*
 * heaps - the hooks of a sample's allocators, the outer one and those that it
 * goes over. A hook that fails ends the sample, with its reason in the answer.
 */
#ifndef REGROW_HEAPS_H
#define REGROW_HEAPS_H

#include "sample/context.h"

/* Once, by thread 0, and first: what the process shares. */
void heaps_setup(struct context *context);
void heaps_teardown(struct context *context);

/* By each thread. Inner layers open first: an outer one may call them then. */
void heaps_open(struct context *context);
void heaps_close(struct context *context);

/*
 * Which library served, into the answer. At the very end: asking it for its
 * version may be the first thing that it does, and the first call is measured.
 */
void heaps_identify(struct context *context);

#endif
