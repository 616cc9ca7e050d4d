/*
 * trial - an allocator whose library is preloaded, tried before it is measured:
 * a sample that does nothing, and says what served it.
 *
 * A library is never loaded into the driver itself: it would replace the
 * driver's malloc, or find no room for its thread-local storage.
 */
#ifndef REGROW_TRIAL_H
#define REGROW_TRIAL_H

#include <stddef.h>

#include "sample/protocol.h"

/*
 * 0, and what was really loaded; an identity without a file where nothing is to
 * be preloaded, and then no process is started. Else -errno and one sentence in
 * why: what the loader says of the library (it goes on without it), what the
 * sample found instead of it, or how it ended, and what to do. An answer is
 * kept for as long as the driver runs. On the driver's main thread.
 */
int trial_run(const struct allocator_spec *spec, struct identity *identity,
	      char *why, size_t why_size);

#endif
