/* registry - the allocators and workloads that are built in, and plug-ins. */
#include "common/registry.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/entry.h"
#include "common/static_binary.h"
#include "common/suggest.h"

/* Not weak: a build that lost its plug-ins must not link. */
extern const struct allocator *const __start_allocators[];
extern const struct allocator *const __stop_allocators[];
extern const struct workload *const __start_workloads[];
extern const struct workload *const __stop_workloads[];

/* All that are built in of one kind. */
struct shelf {
	const char *noun;
	const char *symbol; /* what a plug-in of this kind exports */
	const void *const *start; /* in the order of linking */
	const void *const *stop;
	struct entry (*entry_of)(const void *object);
	/* Those that can be used, by name; filled by shelf_sort(). */
	const void *sorted[REGISTRY_MAX];
	unsigned int count;
	bool is_sorted;
};

static struct entry allocator_entry(const void *object)
{
	return entry_of_allocator(object);
}

static struct entry workload_entry(const void *object)
{
	return entry_of_workload(object);
}

static struct shelf allocator_shelf = {
	.noun = "allocator",
	.symbol = "regrow_allocator",
	.start = (const void *const *)__start_allocators,
	.stop = (const void *const *)__stop_allocators,
	.entry_of = allocator_entry,
};

static struct shelf workload_shelf = {
	.noun = "workload",
	.symbol = "regrow_workload",
	.start = (const void *const *)__start_workloads,
	.stop = (const void *const *)__stop_workloads,
	.entry_of = workload_entry,
};

static size_t shelf_size(const struct shelf *shelf)
{
	return (size_t)(shelf->stop - shelf->start);
}

static struct entry shelf_entry(const struct shelf *shelf, size_t place)
{
	return shelf->entry_of(shelf->start[place]);
}

/* 0 where what is built in at that place can be used. */
static int check_built_in(const struct shelf *shelf, size_t place, char *why,
			  size_t why_size)
{
	struct entry entry = shelf_entry(shelf, place);
	const char *name = entry.name ? entry.name : "";
	char who[96];
	size_t i;

	snprintf(who, sizeof(who), "the %s '%s'", shelf->noun, name);
	if (entry_check(&entry, who, why, why_size) != 0)
		return -ENOEXEC;
	for (i = 0; i < shelf_size(shelf); i++) {
		struct entry other = shelf_entry(shelf, i);

		if (i == place || other.name == NULL ||
		    strcmp(other.name, name) != 0)
			continue;
		snprintf(why, why_size,
			 "two built-in %ss have the name '%s': rename one",
			 shelf->noun, name);
		return -ENOEXEC;
	}
	if (shelf_size(shelf) > REGISTRY_MAX) {
		snprintf(why, why_size,
			 "%zu %ss are built in and %d is the most: raise "
			 "REGISTRY_MAX",
			 shelf_size(shelf), shelf->noun, REGISTRY_MAX);
		return -ENOEXEC;
	}
	return 0;
}

static void shelf_sort(struct shelf *shelf)
{
	char why[128];
	size_t place;

	for (place = 0; place < shelf_size(shelf); place++) {
		const char *name = shelf_entry(shelf, place).name;
		unsigned int i = shelf->count;

		if (check_built_in(shelf, place, why, sizeof(why)) != 0)
			continue;
		for (; i > 0; i--) {
			const void *before = shelf->sorted[i - 1];

			if (strcmp(shelf->entry_of(before).name, name) <= 0)
				break;
			shelf->sorted[i] = before;
		}
		shelf->sorted[i] = shelf->start[place];
		shelf->count++;
	}
	shelf->is_sorted = true;
}

static const void *const *shelf_list(struct shelf *shelf, unsigned int *count)
{
	if (!shelf->is_sorted)
		shelf_sort(shelf);
	*count = shelf->count;
	return shelf->sorted;
}

const struct allocator *const *registry_allocators(unsigned int *count)
{
	return (const struct allocator *const *)shelf_list(&allocator_shelf,
							   count);
}

const struct workload *const *registry_workloads(unsigned int *count)
{
	return (const struct workload *const *)shelf_list(&workload_shelf,
							  count);
}

/* The allocator or workload of that name, or NULL. */
static const void *find_built_in(const struct shelf *shelf, const char *name,
				 char *why, size_t why_size)
{
	struct suggestion suggestion = {.wrong = name};
	size_t place;

	for (place = 0; place < shelf_size(shelf); place++) {
		struct entry entry = shelf_entry(shelf, place);

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
	void *library;
	void *variable;
	const char *reason;

	if (binary_is_static()) {
		snprintf(why, why_size,
			 "cannot load the plug-in '%s': this regrow is linked "
			 "statically",
			 path);
		errno = ENOEXEC;
		return NULL;
	}
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
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

/* Built in, by name; a plug-in, by a path. NULL: why, and errno. */
static const void *shelf_find(const struct shelf *shelf, const char *name,
			      char *why, size_t why_size)
{
	const void *const *variable;
	struct entry entry;
	char who[320];

	if (strchr(name, '/') == NULL)
		return find_built_in(shelf, name, why, why_size);
	variable = load(shelf, name, why, why_size);
	if (variable == NULL)
		return NULL;
	entry = shelf->entry_of(*variable);
	snprintf(who, sizeof(who), "the plug-in '%s'", name);
	if (entry_check(&entry, who, why, why_size) == 0)
		return *variable;
	errno = ENOEXEC;
	return NULL;
}

const struct allocator *registry_allocator(const char *name, char *why,
					   size_t why_size)
{
	return shelf_find(&allocator_shelf, name, why, why_size);
}

const struct workload *registry_workload(const char *name, char *why,
					 size_t why_size)
{
	return shelf_find(&workload_shelf, name, why, why_size);
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
