/* machines_read - results files of many machines, each reduced as it is read. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/each_file.h"
#include "driver/machines_parts.h"

#define APART_MAX 256 /* reasons; what has others is counted with the last */

void *machines_grow(void *list, unsigned int count, size_t size)
{
	/* Powers of two, so that there is room unless count is one. */
	if (count != 0 && (count & (count - 1)) != 0)
		return list;
	return realloc(list, 2 * (size_t)(count != 0 ? count : 1) * size);
}

int machines_set_apart(struct machines *machines, const char *reason,
		       const char *path, unsigned int runs, bool failed)
{
	struct machines_apart *list;
	unsigned int i;

	if (machines->apart_count == APART_MAX - 1)
		reason = "others, for other reasons";
	for (i = 0; i < machines->apart_count; i++) {
		if (machines->apart[i].failed != failed ||
		    strcmp(machines->apart[i].reason, reason) != 0)
			continue;
		machines->apart[i].runs += runs;
		return 0;
	}
	list = machines_grow(machines->apart, i, sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	machines->apart = list;
	list[i] = (struct machines_apart){.reason = strdup(reason),
					  .path = strdup(path),
					  .runs = runs,
					  .failed = failed};
	machines->apart_count++;
	return list[i].reason != NULL && list[i].path != NULL ? 0 : -ENOMEM;
}

unsigned int machines_failed(const struct machines *machines)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < machines->apart_count; i++)
		if (machines->apart[i].failed)
			count += machines->apart[i].runs;
	return count;
}

static bool is_same_work(const struct results_group *a,
			 const struct results_group *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       strcmp(a->workload, b->workload) == 0;
}

/* A plan of regrow's own has each cell once; a run would count twice. */
static bool has_twice(const struct results_file *file)
{
	for (unsigned int i = 0; i < file->cells_count; i++)
		for (unsigned int j = 0; j < i; j++) {
			const struct results_cell *a = &file->cells[i];
			const struct results_cell *b = &file->cells[j];

			if (a->role == b->role &&
			    is_same_work(a->group, b->group) &&
			    a->role != ROLE_PLANTED &&
			    strcmp(a->allocator, b->allocator) == 0)
				return true;
		}
	return false;
}

/* Why a whole run is in no table; NULL: it is. */
static const char *reason_against(const struct results_file *file)
{
	if (strcmp(file->clock_unit, "ns") != 0)
		return "they count instructions, which have no ratio to times; "
		       "regrow compare without --machines compares kernels by "
		       "them";
	if (file->repeat > 1)
		return "they repeat the work in each process (--repeat), which "
		       "is a study of how allocators warm up";
	if (file->counts > 0)
		return "they only count, and took no times (--counts)";
	return has_twice(file) ? "their plan has an allocator twice" : NULL;
}

static int take(void *context, unsigned int place,
		const struct results_file *file, int error, const char *why)
{
	struct machines *machines = context;
	const char *reason;

	if (error == -ENOMEM)
		return error;
	if (file == NULL)
		return machines_set_apart(machines, why, machines->files[place],
					  1, true);
	reason = error == 0 ? reason_against(file)
			    : "they have no calibration that their times could "
			      "be given in units of (--units machine)";
	if (reason != NULL)
		return machines_set_apart(machines, reason, file->path, 1,
					  false);
	return machines_reduce(machines, file);
}

int machines_make(char *const *paths, unsigned int count,
		  const struct machines_options *options,
		  struct machines *machines, char *why, size_t why_size)
{
	int error;

	memset(machines, 0, sizeof(*machines));
	machines->options = *options;
	why[0] = '\0';
	error = machines_find_files(machines, paths, count, why, why_size);
	if (error == 0)
		error = each_file_read(machines->files, machines->files_count,
				       options->in_units, take, machines);
	if (error == 0)
		error = machines_name(machines);
	if (error == 0)
		error = machines_judge(machines);
	if (error != 0 && why[0] == '\0')
		snprintf(why, why_size, "cannot compare the machines: %s",
			 strerror(-error));
	return error;
}

static void groups_free(struct machines *machines)
{
	for (unsigned int i = 0; i < machines->groups_count; i++) {
		struct machines_group *group = &machines->groups[i];

		for (unsigned int j = 0; j < group->cells_count; j++)
			free(group->cells[j].runs);
		free(group->cells);
	}
	free(machines->groups);
}

static void facts_free(struct machines *machines)
{
	for (unsigned int i = 0; i < machines->machines_count; i++) {
		free(machines->machines[i].key);
		free(machines->machines[i].host);
		free(machines->machines[i].facts);
		free(machines->machines[i].name);
	}
	for (unsigned int i = 0; i < machines->kernels_count; i++)
		free(machines->kernels[i].release);
	free(machines->machines);
	free(machines->kernels);
	compare_facts_free(&machines->builds);
}

void machines_free(struct machines *machines)
{
	groups_free(machines);
	facts_free(machines);
	for (unsigned int i = 0; i < machines->files_count; i++)
		free(machines->files[i]);
	for (unsigned int i = 0; i < machines->blocks_count; i++) {
		free(machines->blocks[i].workload);
		free(machines->blocks[i].reference);
	}
	for (unsigned int i = 0; i < machines->rows_count; i++)
		free(machines->rows[i].allocator);
	for (unsigned int i = 0; i < machines->apart_count; i++) {
		free(machines->apart[i].reason);
		free(machines->apart[i].path);
	}
	free(machines->files);
	free(machines->blocks);
	free(machines->rows);
	free(machines->apart);
	memset(machines, 0, sizeof(*machines));
}
