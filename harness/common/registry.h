/*
 * registry - the allocators and workloads that are built in, and plug-ins.
 */
#ifndef REGROW_REGISTRY_H
#define REGROW_REGISTRY_H

#include <stddef.h>

#include <regrow/allocator.h>
#include <regrow/workload.h>

#define REGISTRY_MAX 64

/* Built in, sorted by name; *count of them. The array is static. */
const struct allocator *const *registry_allocators(unsigned int *count);
const struct workload *const *registry_workloads(unsigned int *count);

/*
 * By name, or by path where it contains a /: the shared object is loaded and
 * stays. NULL, and one sentence in why: unknown (with the nearest name), cannot
 * be loaded, has no regrow_allocator (regrow_workload), has another contract
 * version, or is missing a required hook. errno is then ENOENT (unknown name,
 * no such file) or ENOEXEC. What is built in but not fit to be used is left out
 * of the lists above and says why here.
 */
const struct allocator *registry_allocator(const char *name, char *why,
					   size_t why_size);
const struct workload *registry_workload(const char *name, char *why,
					 size_t why_size);

/* The allocator that says is_reference, or NULL. */
const struct allocator *registry_reference(void);
/* The allocator that says is_floor, or NULL. */
const struct allocator *registry_floor(void);

#endif
