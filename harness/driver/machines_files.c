/* machines_files - the results files below folders. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/machines_parts.h"

/* Which file it is, whatever its name. */
struct file_identity {
	dev_t device;
	ino_t inode;
	unsigned int place; /* in files */
};

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_results(const FTSENT *entry)
{
	/* What was named is read, whatever its name. */
	if (entry->fts_level == FTS_ROOTLEVEL)
		return true;
	return entry->fts_name[0] != '.' &&
	       results_path_stem(entry->fts_name) < strlen(entry->fts_name);
}

static int add_file(struct machines *machines, const char *path)
{
	char **files = machines_grow(machines->files, machines->files_count,
				     sizeof(*files));

	if (files == NULL)
		return -ENOMEM;
	machines->files = files;
	files[machines->files_count] = strdup(path);
	if (files[machines->files_count] == NULL)
		return -ENOMEM;
	machines->files_count++;
	return 0;
}

static int complain(const char *path, int error, char *why, size_t why_size)
{
	snprintf(why, why_size, "cannot search '%s': %s", path,
		 strerror(error));
	return -error;
}

/* One entry of the walk. */
static int take_entry(struct machines *machines, FTS *walk, FTSENT *entry,
		      char *why, size_t why_size)
{
	switch (entry->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return complain(entry->fts_path, entry->fts_errno, why,
				why_size);
	case FTS_D:
		if (entry->fts_level > FTS_ROOTLEVEL &&
		    entry->fts_name[0] == '.')
			fts_set(walk, entry, FTS_SKIP);
		return 0;
	case FTS_DP:
	case FTS_DC:
		return 0;
	default: /* a link to a file is one, a link to nothing is told */
		return is_results(entry) ? add_file(machines, entry->fts_path)
					 : 0;
	}
}

static int by_identity(const void *left, const void *right)
{
	const struct file_identity *a = left, *b = right;

	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* Leaves the first name of each file; one that is not there stays. */
static int leave_once(struct machines *machines)
{
	struct file_identity *list =
		calloc(machines->files_count + 1, sizeof(*list));
	unsigned int count = 0, used = 0;
	struct stat status;

	if (list == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < machines->files_count; i++)
		if (stat(machines->files[i], &status) == 0)
			list[count++] = (struct file_identity){
				status.st_dev, status.st_ino, i};
	qsort(list, count, sizeof(*list), by_identity);
	for (unsigned int i = 1; i < count; i++) {
		if (list[i].device != list[i - 1].device ||
		    list[i].inode != list[i - 1].inode)
			continue;
		free(machines->files[list[i].place]);
		machines->files[list[i].place] = NULL;
	}
	for (unsigned int i = 0; i < machines->files_count; i++)
		if (machines->files[i] != NULL)
			machines->files[used++] = machines->files[i];
	machines->files_count = used;
	free(list);
	return 0;
}

static int search(struct machines *machines, const char *path, char *why,
		  size_t why_size)
{
	char *copy = strdup(path);
	char *const roots[] = {copy, NULL};
	FTS *walk =
		copy != NULL
			? fts_open(roots,
				   FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
				   by_name)
			: NULL;
	FTSENT *entry;
	int error = walk != NULL ? 0 : -ENOMEM;

	while (error == 0 && (errno = 0, entry = fts_read(walk)) != NULL)
		error = take_entry(machines, walk, entry, why, why_size);
	if (error == 0 && errno != 0)
		error = complain(path, errno, why, why_size);
	if (walk != NULL)
		fts_close(walk);
	free(copy);
	return error;
}

int machines_find_files(struct machines *machines, char *const *paths,
			unsigned int count, char *why, size_t why_size)
{
	int error = 0;

	for (unsigned int i = 0; i < count && error == 0; i++)
		error = search(machines, paths[i], why, why_size);
	if (error == 0)
		error = leave_once(machines);
	if (error == 0 && machines->files_count == 0) {
		snprintf(why, why_size,
			 "there is no results file (*.jsonl, *.jsonl.zst) in "
			 "or below %s%s",
			 paths[0], count > 1 ? " and the others" : "");
		error = -ENOENT;
	}
	return error;
}
