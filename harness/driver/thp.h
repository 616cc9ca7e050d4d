/*
 * thp - which THP modes samples can have on this system.
 */
#ifndef REGROW_THP_H
#define REGROW_THP_H

#include <stddef.h>

#include "driver/words.h"
#include "sample/protocol.h"

#define THP_FOLDER "/sys/kernel/mm/transparent_hugepage"

extern const struct words thp_words;

/*
 * Whether the system, as described by folder, is set so that a mode means what
 * its name says: never is asked for per process and always can be; madvise gets
 * nothing where the system says never; always needs the system's always. 0, or
 * -ENOTSUP: one sentence in why, with the command that changes it. The size of
 * 2 MiB, which has a setting of its own since Linux 6.8, counts.
 */
int thp_mode_usable(enum thp_mode mode, const char *folder, char *why,
		    size_t why_size);

#endif
