/*
 * layers - what the layers of a resolved spelling ask of the harness together.
 */
#ifndef REGROW_LAYERS_H
#define REGROW_LAYERS_H

#include <stddef.h>

#include "sample/protocol.h"

/*
 * What they want in the environment of a sample of that THP mode. 0, or -errno
 * and one sentence in why: cannot run in such a sample.
 */
int layers_environment(const struct allocator_spec *spec, enum thp_mode thp,
		       struct environment *environment, char *why,
		       size_t why_size);

/* What the page faults are held against: the last of their rules. */
enum faults_rule layers_faults(const struct allocator_spec *spec);

/* Is one of them the library that a sample loads before all others? */
bool layers_preload(const struct allocator_spec *spec);

#endif
