/* compare_side - a side's files, found, read and reduced. */
#include "driver/compare_side.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/compare_reduce.h"
#include "driver/each_file.h"
#include "driver/table_rows.h"

int compare_values_add(struct compare_values *values, double value)
{
	if (values->count == values->room) {
		size_t room = 2 * values->room + 16;
		double *list = realloc(values->values, room * sizeof(*list));

		if (list == NULL)
			return -ENOMEM;
		values->values = list;
		values->room = room;
	}
	values->values[values->count++] = value;
	return 0;
}

bool compare_cell_exercised(const struct compare_cell *cell)
{
	if (!cell->named || cell->samples == 0)
		return true;
	return cell->growths > 0 &&
	       cell->reached >= TABLE_EXERCISED_MIN * cell->growths;
}

static int is_results(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       results_path_stem(entry->d_name) < strlen(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The files of a directory; 0, -errno, or -ENOENT: there is none. */
static int list_directory(struct compare_side *side)
{
	struct dirent **entries;
	int count = scandir(side->path, &entries, is_results, by_name);
	int error = count < 0 ? -errno : 0;

	if (count < 0)
		return error;
	side->files = calloc((size_t)count + 1, sizeof(*side->files));
	if (side->files == NULL)
		error = -ENOMEM;
	for (int i = 0; i < count; i++) {
		char *file = NULL;

		if (error == 0 && asprintf(&file, "%s/%s", side->path,
					   entries[i]->d_name) < 0)
			error = -ENOMEM;
		else if (error == 0)
			side->files[side->files_count++] = file;
		free(entries[i]);
	}
	free(entries);
	return error == 0 && count == 0 ? -ENOENT : error;
}

static int list_files(struct compare_side *side, char *why, size_t why_size)
{
	struct stat status;
	int error;

	if (stat(side->path, &status) == 0 && S_ISDIR(status.st_mode)) {
		error = list_directory(side);
		if (error == -ENOENT)
			snprintf(why, why_size,
				 "there is no results file (*.jsonl, "
				 "*.jsonl.zst) in the "
				 "directory '%s'",
				 side->path);
		else if (error != 0)
			snprintf(why, why_size,
				 "cannot read the directory '%s': %s",
				 side->path, strerror(-error));
		return error;
	}
	side->files = calloc(1, sizeof(*side->files));
	if (side->files == NULL)
		return -ENOMEM;
	side->files[0] = strdup(side->path);
	if (side->files[0] == NULL)
		return -ENOMEM;
	side->files_count = 1;
	return 0;
}

struct reading {
	struct compare_side *side;
	char *why;
	size_t why_size;
};

static int take_file(void *context, unsigned int place,
		     const struct results_file *file, int error,
		     const char *why)
{
	const struct reading *reading = context;

	if (error == 0)
		return compare_reduce(reading->side, file, place + 1,
				      reading->why, reading->why_size);
	snprintf(reading->why, reading->why_size, "%s", why);
	return error;
}

static int read_all(struct compare_side *side, char *why, size_t why_size)
{
	struct reading reading = {side, why, why_size};

	return each_file_read(side->files, side->files_count, side->in_units,
			      take_file, &reading);
}

int compare_side_read(struct compare_side *side, const char *path,
		      bool in_units, char *why, size_t why_size)
{
	int error;

	memset(side, 0, sizeof(*side));
	side->path = path;
	side->in_units = in_units;
	why[0] = 0;
	error = list_files(side, why, why_size);
	if (error == 0)
		error = read_all(side, why, why_size);
	if (error == 0)
		compare_reduce_finish(side);
	else if (why[0] == 0)
		snprintf(why, why_size, "cannot compare '%s': %s", path,
			 strerror(-error));
	return error;
}

static void free_cell(struct compare_cell *cell)
{
	for (int i = 0; i < CLOCK_COUNT; i++) {
		free(cell->times[i].values);
		free(cell->ratios[i].values);
	}
	for (int i = 0; i < COMPARE_COUNTS; i++)
		compare_count_free(&cell->counts[i]);
	free(cell->allocator);
	free(cell->skipped);
}

void compare_side_free(struct compare_side *side)
{
	for (unsigned int i = 0; i < side->files_count; i++)
		free(side->files[i]);
	for (unsigned int i = 0; i < side->groups_count; i++) {
		free(side->groups[i].workload);
		for (int j = 0; j < CLOCK_COUNT; j++)
			free(side->groups[i].twin[j].values);
	}
	for (unsigned int i = 0; i < side->cells_count; i++)
		free_cell(&side->cells[i]);
	compare_facts_free(&side->facts);
	compare_facts_free(&side->work);
	free(side->files);
	free(side->groups);
	free(side->cells);
	free(side->label);
	free(side->started);
	free(side->ended);
	memset(side, 0, sizeof(*side));
}
