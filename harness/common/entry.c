/* entry - is an allocator or a workload fit to be used? */
#include "common/entry.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *missing_of_allocator(const struct allocator *allocator)
{
	if (allocator->alloc == NULL)
		return "alloc";
	if (allocator->grow == NULL)
		return "grow";
	return allocator->release == NULL ? "release" : NULL;
}

static const char *missing_of_workload(const struct workload *workload)
{
	if (workload->estimate == NULL)
		return "estimate";
	return workload->run == NULL ? "run" : NULL;
}

struct entry entry_of_allocator(const struct allocator *allocator)
{
	struct entry entry = {
		.noun = "allocator",
		.object = allocator,
		.contract_version_here = ALLOCATOR_CONTRACT_VERSION,
	};

	if (allocator)
		entry.contract_version = allocator->contract_version;
	/* Of another version only the first field has a known place. */
	if (entry.contract_version != ALLOCATOR_CONTRACT_VERSION)
		return entry;
	entry.name = allocator->name;
	entry.summary = allocator->summary;
	entry.options = allocator->options;
	entry.wraps_max = 1;
	entry.missing_hook = missing_of_allocator(allocator);
	return entry;
}

struct entry entry_of_workload(const struct workload *workload)
{
	struct entry entry = {
		.noun = "workload",
		.object = workload,
		.contract_version_here = WORKLOAD_CONTRACT_VERSION,
	};

	if (workload)
		entry.contract_version = workload->contract_version;
	if (entry.contract_version != WORKLOAD_CONTRACT_VERSION)
		return entry;
	entry.name = workload->name;
	entry.summary = workload->summary;
	entry.options = workload->options;
	entry.files_max = 1;
	entry.missing_hook = missing_of_workload(workload);
	return entry;
}

/* Names are keys of a spelling: nothing in them needs brackets. */
static bool is_name(const char *name)
{
	return name && *name != 0 &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "0123456789-_")] == 0;
}

/* What is wrong with an option, as the end of a sentence; NULL: nothing. */
static const char *option_defect(const struct option_entry *options,
				 const struct option_entry *option)
{
	const struct option_entry *other;

	if (!is_name(option->name))
		return "has a name of other letters than a-z, 0-9, - and _";
	if (option->standard == NULL)
		return "has no standard value";
	if (option->kind != OPTION_FILE &&
	    (option->kind == OPTION_CHOICE) != (option->choices != NULL))
		return "has choices without being a choice, or none";
	for (other = options; other < option; other++) {
		if (strcmp(other->name, option->name) == 0)
			return "is declared twice";
	}
	return NULL;
}

static int check_options(const struct entry *entry, const char *who, char *why,
			 size_t why_size)
{
	const struct option_entry *option = entry->options;
	unsigned int count = 0;
	unsigned int wraps = 0, files = 0;

	for (; option && option->name; option++) {
		const char *defect = option_defect(entry->options, option);

		wraps += option->kind == OPTION_ALLOCATOR;
		if (defect == NULL && wraps > entry->wraps_max)
			defect = "wraps an allocator where none can be";
		files += option->kind == OPTION_FILE;
		if (defect == NULL && files > entry->files_max)
			defect = "names a file where none can be";
		if (defect) {
			snprintf(why, why_size,
				 "%s cannot be used: its option '%s' %s", who,
				 option->name, defect);
			return -ENOEXEC;
		}
		if (++count > OPTIONS_MAX) {
			snprintf(why, why_size,
				 "%s cannot be used: it declares more than %d "
				 "options",
				 who, OPTIONS_MAX);
			return -ENOEXEC;
		}
	}
	return 0;
}

int entry_check(const struct entry *entry, const char *who, char *why,
		size_t why_size)
{
	if (entry->object == NULL)
		snprintf(why, why_size, "%s cannot be used: its %s is NULL",
			 who, entry->noun);
	else if (entry->contract_version != entry->contract_version_here)
		snprintf(why, why_size,
			 "%s has contract version %u and this regrow has %u: "
			 "rebuild it with the headers of this regrow",
			 who, entry->contract_version,
			 entry->contract_version_here);
	else if (!is_name(entry->name))
		snprintf(why, why_size,
			 "%s cannot be used: its name is empty or has other "
			 "letters than a-z, 0-9, - and _",
			 who);
	else if (entry->summary == NULL)
		snprintf(why, why_size, "%s cannot be used: it has no summary",
			 who);
	else if (entry->missing_hook)
		snprintf(why, why_size,
			 "%s cannot be used: it lacks the hook %s(), which is "
			 "required",
			 who, entry->missing_hook);
	else
		return check_options(entry, who, why, why_size);
	return -ENOEXEC;
}
