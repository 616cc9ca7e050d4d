/* doctor_cpus - the CPUs that would measure, and settings that each has. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cpulist.h"
#include "driver/doctor_parts.h"
#include "driver/sysfile.h"

#define CPUS_MAX 4096
#define VALUES_MAX 8

static int compare(const void *one, const void *other)
{
	unsigned int a = *(const unsigned int *)one;
	unsigned int b = *(const unsigned int *)other;

	return a < b ? -1 : a > b;
}

static unsigned int chosen(const struct placement *placement,
			   unsigned int *cpus, unsigned int max)
{
	unsigned int count = 0;
	unsigned int kept = 0;

	for (unsigned int i = 0; i < placement->threads && count < max; i++)
		if (placement->cpus[i] >= 0)
			cpus[count++] = (unsigned int)placement->cpus[i];
	qsort(cpus, count, sizeof(*cpus), compare);
	for (unsigned int i = 0; i < count; i++)
		if (kept == 0 || cpus[kept - 1] != cpus[i])
			cpus[kept++] = cpus[i];
	return kept;
}

static unsigned int online(const struct doctor_system *system,
			   unsigned int *cpus, unsigned int max)
{
	char list[4096];
	const char *text = list;
	unsigned int count = 0;
	unsigned int first;
	unsigned int last;

	if (!sysfile_text(system->root, DOCTOR_CPUS "/online", list,
			  sizeof(list)))
		return 0;
	while (cpulist_next(&text, &first, &last) > 0)
		for (; first <= last && count < max; first++)
			cpus[count++] = first;
	return count;
}

unsigned int doctor_cpus(const struct doctor_system *system, unsigned int *cpus,
			 unsigned int max)
{
	unsigned int count = chosen(system->placement, cpus, max);

	return count > 0 ? count : online(system, cpus, max);
}

unsigned int doctor_cpus_online(const struct doctor_system *system)
{
	unsigned int cpus[CPUS_MAX];

	return online(system, cpus, CPUS_MAX);
}

unsigned int doctor_nodes(const struct doctor_system *system)
{
	char list[1024];
	unsigned int count = 0;

	if (sysfile_text(system->root, "/sys/devices/system/node/online", list,
			 sizeof(list)))
		count = cpulist_count(list);
	return count > 0 ? count : 1;
}

/* Some of the CPUs, upward. */
struct group {
	char value[DOCTOR_WORD_MAX]; /* what their files hold */
	unsigned int count;
	unsigned int cpus[CPUS_MAX];
};

static bool in_group(const void *group, unsigned int cpu)
{
	const struct group *set = group;

	return bsearch(&cpu, set->cpus, set->count, sizeof(cpu), compare) !=
	       NULL;
}

static void group_text(const struct group *group, char *text, size_t size)
{
	unsigned int end =
		group->count > 0 ? group->cpus[group->count - 1] + 1 : 0;

	cpulist_write(in_group, group, end, text, size);
}

void doctor_cpus_text(const struct doctor_system *system, char *text,
		      size_t size)
{
	struct group all;

	all.count = doctor_cpus(system, all.cpus, CPUS_MAX);
	group_text(&all, text, size);
}

static bool in_list(const char *list, unsigned int cpu)
{
	unsigned int first;
	unsigned int last;

	while (cpulist_next(&list, &first, &last) > 0)
		if (cpu >= first && cpu <= last)
			return true;
	return false;
}

bool doctor_cpus_within(const struct doctor_system *system, const char *list)
{
	unsigned int cpus[CPUS_MAX];
	unsigned int count = doctor_cpus(system, cpus, CPUS_MAX);

	for (unsigned int i = 0; i < count; i++)
		if (!in_list(list, cpus[i]))
			return false;
	return count > 0;
}

/* One command for all CPUs of a group that writes value to their file. */
static char *group_command(const struct group *group, const char *file,
			   const char *value)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (stream == NULL)
		return NULL;
	if (group->count == 1) {
		fprintf(stream, "echo %s >" DOCTOR_CPUS "/cpu%u/%s", value,
			group->cpus[0], file);
	} else {
		fputs("for cpu in", stream);
		for (unsigned int i = 0; i < group->count; i++)
			fprintf(stream, " %u", group->cpus[i]);
		fprintf(stream,
			"; do echo %s >" DOCTOR_CPUS "/cpu$cpu/%s; done", value,
			file);
	}
	if (fclose(stream) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void command(struct doctor_finding *finding, const struct group *group,
		    const char *file, const char *wanted)
{
	char *change = group_command(group, file, wanted);
	char *undo = group_command(group, file, group->value);

	if (change != NULL && undo != NULL)
		doctor_command(finding, DOCTOR_ROOT, change, undo);
	else
		finding->lost = true;
	free(change);
	free(undo);
}

/* The group with that value, a new one where none has it; NULL: too many. */
static struct group *group_of(struct group *groups, unsigned int *count,
			      const char *value)
{
	for (unsigned int i = 0; i < *count; i++)
		if (strcmp(groups[i].value, value) == 0)
			return &groups[i];
	if (*count == VALUES_MAX)
		return NULL;
	snprintf(groups[*count].value, sizeof(groups[*count].value), "%s",
		 value);
	return &groups[(*count)++];
}

/* CPUs by what their file holds: how many groups; 0: the finding says why. */
static unsigned int read_groups(const struct doctor_system *system,
				struct doctor_finding *finding,
				const char *file, const char *absent,
				struct group *groups)
{
	unsigned int cpus[CPUS_MAX];
	unsigned int cpus_count = doctor_cpus(system, cpus, CPUS_MAX);
	unsigned int count = 0;

	if (cpus_count == 0)
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "which CPUs would measure is not known");
	for (unsigned int i = 0; i < cpus_count; i++) {
		char path[256];
		char value[DOCTOR_WORD_MAX];
		struct group *group;

		snprintf(path, sizeof(path), DOCTOR_CPUS "/cpu%u/%s", cpus[i],
			 file);
		if (!doctor_word(system, finding, path, absent, value))
			return 0;
		group = group_of(groups, &count, value);
		if (group != NULL)
			group->cpus[group->count++] = cpus[i];
	}
	return count;
}

void doctor_each_cpu(const struct doctor_system *system,
		     struct doctor_finding *finding, const char *file,
		     const char *absent, const char *wanted)
{
	struct group *groups = calloc(VALUES_MAX, sizeof(*groups));
	char is[1024] = "";
	unsigned int count;
	size_t used = 0;

	if (groups == NULL) {
		finding->lost = true;
		return;
	}
	count = read_groups(system, finding, file, absent, groups);
	for (unsigned int i = 0; i < count; i++) {
		char list[DOCTOR_LIST_MAX];

		group_text(&groups[i], list, sizeof(list));
		if (used < sizeof(is))
			used += (size_t)snprintf(
				is + used, sizeof(is) - used, "%s%s on CPU %s",
				i > 0 ? ", " : "", groups[i].value, list);
		if (strcmp(groups[i].value, wanted) == 0)
			continue;
		doctor_could(finding, DOCTOR_BETTER, "%s", wanted);
		command(finding, &groups[i], file, wanted);
	}
	if (count > 0)
		doctor_is(finding, "%s", is);
	free(groups);
}
