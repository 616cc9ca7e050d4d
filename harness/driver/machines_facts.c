/* machines_facts - which machine and kernel a run was on, and their names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/machines_parts.h"

#define KEY_MAX 2048
#define NAME_COLUMNS 20 /* bytes of a name, but for the number behind it */
#define FNV_START 0xcbf29ce484222325
#define FNV_STEP 0x100000001b3

static uint64_t hash_of(const char *text)
{
	uint64_t hash = FNV_START;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * FNV_STEP;
	return hash;
}

static unsigned long long count_of(const struct json *run, const char *path)
{
	return (unsigned long long)json_count(run, path, 0);
}

/*
 * What people are told of a machine. MemTotal differs a little from kernel to
 * kernel, hence whole GiB, and below 4 GiB halves.
 */
static void facts_of(const struct json *run, char *text, size_t size)
{
	double gib = (double)count_of(run, "machine.memory_bytes") / 0x1p30;
	unsigned long long packages = count_of(run, "machine.packages");
	char memory[32];

	snprintf(memory, sizeof(memory), "%g",
		 gib < 4 ? (double)(long)(2 * gib + 0.5) / 2
			 : (double)(long)(gib + 0.5));
	snprintf(text, size, "%.256s, %llu CPU%s%s, %s GiB, %.64s, %.64s",
		 json_text(run, "machine.cpu_model", "unknown processor"),
		 count_of(run, "machine.cpus_online"),
		 count_of(run, "machine.cpus_online") == 1 ? "" : "s",
		 packages > 1 ? " in several packages" : "", memory,
		 json_text(run, "machine.hypervisor", "no hypervisor"),
		 json_text(run, "machine.kernel_arch", "unknown architecture"));
}

/* Beside what is told: what makes another machine of it all the same. */
static void key_of(const struct json *run, const char *facts, char *text,
		   size_t size)
{
	snprintf(text, size, "%.512s\n%s\n%llu %llu %llu %llu",
		 json_text(run, "machine.host", ""), facts,
		 count_of(run, "machine.cores_allowed"),
		 count_of(run, "machine.packages"),
		 count_of(run, "machine.numa_nodes"),
		 count_of(run, "machine.page_bytes"));
}

int machines_find_machine(struct machines *machines, const struct json *run,
			  unsigned int *place)
{
	const char *host = json_text(run, "machine.host", NULL);
	char facts[KEY_MAX / 2], key[KEY_MAX];
	struct machines_machine *list, *machine;
	uint64_t hash;

	facts_of(run, facts, sizeof(facts));
	key_of(run, facts, key, sizeof(key));
	hash = hash_of(key);
	/* Runs of a machine are neighbours in most folders: the last first. */
	for (*place = machines->machines_count; (*place)-- > 0;)
		if (machines->machines[*place].hash == hash &&
		    strcmp(machines->machines[*place].key, key) == 0)
			return 0;
	list = machines_grow(machines->machines, machines->machines_count,
			     sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	machines->machines = list;
	*place = machines->machines_count++;
	machine = &list[*place];
	*machine = (struct machines_machine){.key = strdup(key),
					     .facts = strdup(facts),
					     .hash = hash,
					     .last_group = MACHINES_NONE};
	if (host != NULL && host[0] != '\0') {
		machine->host = strdup(host);
		if (machine->host == NULL)
			return -ENOMEM;
	}
	return machine->key != NULL && machine->facts != NULL ? 0 : -ENOMEM;
}

int machines_find_kernel(struct machines *machines, const struct json *run,
			 unsigned int *place)
{
	const char *release = json_text(run, "machine.kernel", "unknown");
	struct machines_kernel *list;

	for (*place = 0; *place < machines->kernels_count; (*place)++)
		if (strcmp(machines->kernels[*place].release, release) == 0)
			return 0;
	list = machines_grow(machines->kernels, machines->kernels_count,
			     sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	machines->kernels = list;
	list[*place] = (struct machines_kernel){.release = strdup(release)};
	machines->kernels_count++;
	return list[*place].release != NULL ? 0 : -ENOMEM;
}

static int by_version(const void *left, const void *right)
{
	const struct machines_kernel *const *a = left, *const *b = right;

	return strverscmp((*a)->release, (*b)->release);
}

int machines_sort_kernels(struct machines *machines)
{
	unsigned int count = machines->kernels_count;
	struct machines_kernel **order =
		calloc(count + 1, sizeof(struct machines_kernel *));
	struct machines_kernel *sorted = calloc(count + 1, sizeof(*sorted));
	unsigned int *places = calloc(count + 1, sizeof(*places));

	for (unsigned int i = 0; i < count && order != NULL; i++)
		order[i] = &machines->kernels[i];
	if (order != NULL && sorted != NULL && places != NULL) {
		qsort(order, count, sizeof(struct machines_kernel *),
		      by_version);
		for (unsigned int i = 0; i < count; i++) {
			sorted[i] = *order[i];
			places[order[i] - machines->kernels] = i;
		}
		for (unsigned int i = 0; i < count; i++)
			machines->kernels[i] = sorted[i];
		for (unsigned int i = 0; i < machines->groups_count; i++)
			machines->groups[i].kernel =
				places[machines->groups[i].kernel];
		count = 0;
	}
	free(order);
	free(sorted);
	free(places);
	return count == 0 ? 0 : -ENOMEM;
}

/* Bytes of text up to a size that end at a character. */
static int cut_at(const char *text, size_t most)
{
	size_t length = strlen(text);

	if (length <= most)
		return (int)length;
	while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return (int)most;
}

/* The host without its domain, or the processor. */
static int name_begin(struct machines_machine *machine)
{
	const char *text = machine->host ? machine->host : machine->facts;
	size_t length = strcspn(text, machine->host ? "." : ",");

	/* An address has dots, and no domain. */
	if (length == 0 || text[strspn(text, "0123456789.")] == '\0')
		length = strlen(text);
	if (length > NAME_COLUMNS)
		length = NAME_COLUMNS;
	if (asprintf(&machine->name, "%.*s", cut_at(text, length), text) < 0)
		machine->name = NULL;
	/* Only a number behind a name begins with it. */
	for (char *at = machine->name; at != NULL && *at != '\0'; at++)
		if (*at == '#')
			*at = '-';
	return machine->name != NULL ? 0 : -ENOMEM;
}

static int by_name(const void *left, const void *right)
{
	const struct machines_machine *const *a = left, *const *b = right;
	int order = strcmp((*a)->name, (*b)->name);

	return order != 0 ? order : *a < *b ? -1 : *a > *b;
}

/* " 2" and so on behind all of a name but the first. */
static int name_alike(struct machines_machine **list, unsigned int count)
{
	unsigned int number = 1;
	int error = 0;

	for (unsigned int i = 1; i < count && error == 0; i++) {
		const char *first = list[i - number]->name;
		char *name = NULL;

		if (strcmp(list[i]->name, first) != 0) {
			number = 1;
			continue;
		}
		if (asprintf(&name, "%s#%u", first, ++number) < 0)
			return -ENOMEM;
		free(list[i]->name);
		list[i]->name = name;
	}
	return error;
}

int machines_name(struct machines *machines)
{
	unsigned int count = machines->machines_count;
	struct machines_machine **list =
		calloc(count + 1, sizeof(struct machines_machine *));
	int error = list != NULL ? 0 : -ENOMEM;

	for (unsigned int i = 0; i < count && error == 0; i++) {
		list[i] = &machines->machines[i];
		error = name_begin(list[i]);
	}
	if (error == 0) {
		qsort(list, count, sizeof(struct machines_machine *), by_name);
		error = name_alike(list, count);
	}
	free(list);
	return error;
}
