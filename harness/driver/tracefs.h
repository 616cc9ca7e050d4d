/* tracefs - the numbers of this kernel's tracepoints. */
#ifndef REGROW_TRACEFS_H
#define REGROW_TRACEFS_H

#include <stddef.h>
#include <stdint.h>

struct tracefs {
	char events[256]; /* the folder events/ that can be read; "": none */
	int error; /* -errno where none can; 0 */
};

/*
 * Looks for events/ in roots, a list that ends with NULL; NULL: where the
 * system mounts it. 0; -ENOENT: tracefs is not mounted; -EACCES: it is, and
 * this user may not read it.
 */
int tracefs_open(struct tracefs *tracefs, const char *const *roots);

/*
 * The id of group:name, perf_event_attr.config of a tracepoint. 0; -EINVAL: not
 * spelled like a tracepoint; -ENOENT: this kernel has no such; -ENOTDIR: nor a
 * group of that name; the error of tracefs_open() or of reading.
 */
int tracefs_id(const struct tracefs *tracefs, const char *name, uint64_t *id);

/*
 * The nearest group:name that exists to one that does not, in near; "" where
 * none is near.
 */
void tracefs_nearest(const struct tracefs *tracefs, const char *name,
		     char *near, size_t near_size);

#endif
