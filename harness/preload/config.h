/*
 * config - what the environment asks of the library. Pure but for the working
 * folder, and the plug-in that a spelling may name.
 */
#ifndef REGROW_PRELOAD_CONFIG_H
#define REGROW_PRELOAD_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/spec.h"

/* The value of an environment variable, or NULL. */
typedef const char *config_getter(const char *name);

struct config {
	bool serves; /* false: REGROW_ALLOC=none */
	struct allocator_spec spec; /* of REGROW_ALLOC; where it serves */
	size_t from; /* bytes, REGROW_FROM; above 0 */
	char stats[PATH_MAX]; /* REGROW_STATS: absolute, "-" or "" (none) */
	char trace[PATH_MAX]; /* REGROW_TRACE: absolute, or "" (none) */
	size_t trace_from; /* bytes, REGROW_TRACE_FROM */
};

/*
 * Reads REGROW_ALLOC (else standard_allocator), REGROW_FROM (else 128K),
 * REGROW_STATS, REGROW_TRACE and REGROW_TRACE_FROM (else as REGROW_FROM, which
 * it may not be above where an allocator serves); one that is empty is as if it
 * were not set. 0, or -errno and in why one sentence that says what is wrong
 * with which variable: a bad spelling, an allocator that cannot run here, that
 * keeps no contents, or whose own variables are not set.
 */
int config_read(struct config *config, config_getter *get,
		const char *standard_allocator, char *why, size_t why_size);

/*
 * The name of a file with %p for the process, %% for a %. 0, -EINVAL: another
 * letter follows a %; or -ENAMETOOLONG.
 */
int config_file_name(const char *pattern, pid_t pid, char *name,
		     size_t name_size);

#endif
