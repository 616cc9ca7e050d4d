/* registry - the allocators and workloads that are built in, and plug-ins. */
#include "common/registry.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/entry.h"
#include "common/suggest.h"

/* Not weak: a build that lost its plug-ins must not link. */
extern const struct allocator *const __start_allocators[];
extern const struct allocator *const __stop_allocators[];
extern const struct workload *const __start_workloads[];
extern const struct workload *const __stop_workloads[];

static const struct allocator *allocators[REGISTRY_MAX];
static const struct workload *workloads[REGISTRY_MAX];
static unsigned int allocators_count;
static unsigned int workloads_count;

/* All that are built in of one kind, in the order of linking. */
struct shelf {
	const char *noun;
	const char *symbol; /* what a plug-in of this kind exports */
	size_t count;
	struct entry (*get)(size_t place);
};

static struct entry built_in_allocator(size_t place)
{
	return entry_of_allocator(__start_allocators[place]);
}

static struct entry built_in_workload(size_t place)
{
	return entry_of_workload(__start_workloads[place]);
}

static struct shelf allocator_shelf(void)
{
	return (struct shelf){
		.noun = "allocator",
		.symbol = "regrow_allocator",
		.count = (size_t)(__stop_allocators - __start_allocators),
		.get = built_in_allocator,
	};
}

static struct shelf workload_shelf(void)
{
	return (struct shelf){
		.noun = "workload",
		.symbol = "regrow_workload",
		.count = (size_t)(__stop_workloads - __start_workloads),
		.get = built_in_workload,
	};
}

/* 0 where what is built in at that place can be used. */
static int check_built_in(const struct shelf *shelf, size_t place, char *why,
			  size_t why_size)
{
	struct entry entry = shelf->get(place);
	const char *name = entry.name ? entry.name : "";
	char who[96];
	size_t i;

	snprintf(who, sizeof(who), "the %s '%s'", shelf->noun, name);
	if (entry_check(&entry, who, why, why_size) != 0)
		return -ENOEXEC;
	for (i = 0; i < shelf->count; i++) {
		struct entry other = shelf->get(i);

		if (i == place || other.name == NULL ||
		    strcmp(other.name, name) != 0)
			continue;
		snprintf(why, why_size,
			 "two built-in %ss have the name '%s': rename one",
			 shelf->noun, name);
		return -ENOEXEC;
	}
	if (shelf->count > REGISTRY_MAX) {
		snprintf(why, why_size,
			 "%zu %ss are built in and %d is the most: raise "
			 "REGISTRY_MAX",
			 shelf->count, shelf->noun, REGISTRY_MAX);
		return -ENOEXEC;
	}
	return 0;
}

const struct allocator *const *registry_allocators(unsigned int *count)
{
	static bool sorted;
	struct shelf shelf = allocator_shelf();
	char why[128];
	size_t place;

	for (place = 0; !sorted && place < shelf.count; place++) {
		const struct allocator *next = __start_allocators[place];
		unsigned int i = allocators_count;

		if (check_built_in(&shelf, place, why, sizeof(why)) != 0)
			continue;
		for (; i > 0 && strcmp(allocators[i - 1]->name, next->name) > 0;
		     i--)
			allocators[i] = allocators[i - 1];
		allocators[i] = next;
		allocators_count++;
	}
	sorted = true;
	*count = allocators_count;
	return allocators;
}

const struct workload *const *registry_workloads(unsigned int *count)
{
	static bool sorted;
	struct shelf shelf = workload_shelf();
	char why[128];
	size_t place;

	for (place = 0; !sorted && place < shelf.count; place++) {
		const struct workload *next = __start_workloads[place];
		unsigned int i = workloads_count;

		if (check_built_in(&shelf, place, why, sizeof(why)) != 0)
			continue;
		for (; i > 0 && strcmp(workloads[i - 1]->name, next->name) > 0;
		     i--)
			workloads[i] = workloads[i - 1];
		workloads[i] = next;
		workloads_count++;
	}
	sorted = true;
	*count = workloads_count;
	return workloads;
}

/* The allocator or workload of that name, or NULL. */
static const void *find_built_in(const struct shelf *shelf, const char *name,
				 char *why, size_t why_size)
{
	struct suggestion suggestion = {.wrong = name};
	size_t place;

	for (place = 0; place < shelf->count; place++) {
		struct entry entry = shelf->get(place);

		if (entry.name == NULL)
			continue;
		suggest_offer(&suggestion, entry.name);
		if (strcmp(entry.name, name) != 0)
			continue;
		if (check_built_in(shelf, place, why, why_size) == 0)
			return entry.object;
		errno = ENOEXEC;
		return NULL;
	}
	if (suggestion.best)
		snprintf(why, why_size, "unknown %s '%s': did you mean '%s'?",
			 shelf->noun, name, suggestion.best);
	else
		snprintf(why, why_size,
			 "unknown %s '%s': 'regrow list' names those that "
			 "there are, and a plug-in's path contains a /",
			 shelf->noun, name);
	errno = ENOENT;
	return NULL;
}

/* What a plug-in exports under the shelf's symbol, or NULL. */
static const void *load(const struct shelf *shelf, const char *path, char *why,
			size_t why_size)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	void *variable;
	const char *reason;

	if (library == NULL) {
		reason = dlerror();
		snprintf(why, why_size, "cannot load the plug-in '%s': %s",
			 path, reason ? reason : "unknown reason");
		errno = access(path, F_OK) == 0 ? ENOEXEC : ENOENT;
		return NULL;
	}
	variable = dlsym(library, shelf->symbol);
	if (variable == NULL) {
		snprintf(why, why_size,
			 "the plug-in '%s' has no symbol %s: does it register "
			 "its %s, and is it built without REGROW_BUILT_IN?",
			 path, shelf->symbol, shelf->noun);
		dlclose(library);
		errno = ENOEXEC;
	}
	return variable;
}

static int check_plugin(const struct entry *entry, const char *path, char *why,
			size_t why_size)
{
	char who[320];

	snprintf(who, sizeof(who), "the plug-in '%s'", path);
	if (entry_check(entry, who, why, why_size) == 0)
		return 0;
	errno = ENOEXEC;
	return -ENOEXEC;
}

const struct allocator *registry_allocator(const char *name, char *why,
					   size_t why_size)
{
	struct shelf shelf = allocator_shelf();
	const struct allocator *const *variable;
	struct entry entry;

	if (strchr(name, '/') == NULL)
		return find_built_in(&shelf, name, why, why_size);
	variable = load(&shelf, name, why, why_size);
	if (variable == NULL)
		return NULL;
	entry = entry_of_allocator(*variable);
	return check_plugin(&entry, name, why, why_size) ? NULL : *variable;
}

const struct workload *registry_workload(const char *name, char *why,
					 size_t why_size)
{
	struct shelf shelf = workload_shelf();
	const struct workload *const *variable;
	struct entry entry;

	if (strchr(name, '/') == NULL)
		return find_built_in(&shelf, name, why, why_size);
	variable = load(&shelf, name, why, why_size);
	if (variable == NULL)
		return NULL;
	entry = entry_of_workload(*variable);
	return check_plugin(&entry, name, why, why_size) ? NULL : *variable;
}

const struct allocator *registry_reference(void)
{
	unsigned int count;
	const struct allocator *const *all = registry_allocators(&count);
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (all[i]->is_reference)
			return all[i];
	}
	return NULL;
}

const struct allocator *registry_floor(void)
{
	unsigned int count;
	const struct allocator *const *all = registry_allocators(&count);
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (all[i]->is_floor)
			return all[i];
	}
	return NULL;
}
