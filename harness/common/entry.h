/*
 * entry - what the registry asks of an allocator and of a workload alike: the
 * contract's version, a name, sound options and the required hooks.
 */
#ifndef REGROW_ENTRY_H
#define REGROW_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include <regrow/allocator.h>
#include <regrow/workload.h>

/* All but the first four stay empty where the version is another one. */
struct entry {
	const char *noun; /* "allocator" or "workload" */
	const void
		*object; /* the struct itself; NULL: a plug-in exports NULL */
	uint32_t contract_version;
	uint32_t contract_version_here;
	const char *name;
	const char *summary;
	const struct option_entry *options;
	unsigned int wraps_max; /* options of kind OPTION_ALLOCATOR */
	unsigned int files_max; /* of kind OPTION_FILE */
	const char *missing_hook; /* NULL: none is missing */
};

struct entry entry_of_allocator(const struct allocator *allocator);
struct entry entry_of_workload(const struct workload *workload);

/*
 * 0, or -ENOEXEC and one sentence in why that begins with who ("the allocator
 * 'x'", "the plug-in './x.so'").
 */
int entry_check(const struct entry *entry, const char *who, char *why,
		size_t why_size);

#endif
