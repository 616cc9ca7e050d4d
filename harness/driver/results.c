/* results - what was read, given out as values; and given back. */
#include "driver/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/results_parts.h"

size_t results_path_stem(const char *path)
{
	static const char *const endings[] = {".jsonl", ".jsonl.zst"};
	size_t length = strlen(path);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending &&
		    strcmp(path + length - ending, endings[i]) == 0)
			return length - ending;
	}
	return length;
}

static void free_cell(struct results_cell *cell)
{
	for (size_t i = 0; i < cell->samples_count; i++) {
		free(cell->samples[i].sizes);
		free(cell->samples[i].repetitions);
		free(cell->samples[i].tails);
		free(cell->samples[i].readings);
		free(cell->samples[i].failed_calls);
	}
	for (int i = 0; i < OPERATION_COUNT; i++)
		free(cell->histograms[i].buckets);
	free(cell->samples);
	free(cell->timeline);
	free(cell->reason);
	free(cell->contradiction);
	free(cell->no_oracle);
	free(cell->library.file);
	free(cell->library.version);
	free(cell->library.build_id);
}

void results_free_file(struct results_file *file)
{
	if (file == NULL)
		return;
	for (unsigned int i = 0; file->cells != NULL && i < file->cells_count;
	     i++)
		free_cell(&file->cells[i]);
	for (unsigned int i = 0; i < file->own_names_count; i++)
		free(file->own_names[i]);
	free(file->groups);
	free(file->cells);
	free(file->counters);
	free(file->machine);
	json_free(file->run);
	json_free(file->calibration);
	json_free(file->resume);
	free(file->path);
	free(file);
}

void results_free(struct results *results)
{
	for (size_t i = 0; i < results->files_count; i++)
		results_free_file(results->files[i]);
	free(results->files);
	memset(results, 0, sizeof(*results));
}

const struct results_cell *results_companion(const struct results_cell *cell,
					     enum cell_role role)
{
	const struct results_file *file = cell->file;

	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == cell->group &&
		    file->cells[i].role == role)
			return &file->cells[i];
	return NULL;
}

/* A valid sample of the pass that has the figure. */
static bool has_value(const struct results_sample *sample, enum pass pass,
		      enum figure_index figure)
{
	return sample->pass == pass && sample->valid &&
	       sample->values[figure] != FIGURE_ABSENT;
}

size_t results_cell_values(const struct results_cell *cell, enum pass pass,
			   enum figure_index figure, double *values,
			   unsigned int *rounds)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (!has_value(sample, pass, figure))
			continue;
		if (values != NULL)
			values[count] = (double)sample->values[figure];
		if (rounds != NULL)
			rounds[count] = sample->round;
		count++;
	}
	return count;
}

/* clean: of the pairs only those that nothing is known to have disturbed. */
static size_t pair_values(const struct results_cell *a_cell,
			  const struct results_cell *b_cell, enum pass pass,
			  enum figure_index figure, bool clean, double *a,
			  double *b)
{
	size_t count = 0, i = 0, j = 0;

	while (i < a_cell->samples_count && j < b_cell->samples_count) {
		const struct results_sample *one = &a_cell->samples[i];
		const struct results_sample *other = &b_cell->samples[j];

		if (!has_value(one, pass, figure)) {
			i++;
		} else if (!has_value(other, pass, figure)) {
			j++;
		} else if (one->round != other->round) {
			i += one->round < other->round;
			j += other->round < one->round;
		} else {
			if (!clean || (one->taint | other->taint) == 0) {
				a[count] = (double)one->values[figure];
				b[count++] = (double)other->values[figure];
			}
			i++;
			j++;
		}
	}
	return count;
}

size_t results_pair_values(const struct results_cell *a_cell,
			   const struct results_cell *b_cell, enum pass pass,
			   enum figure_index figure, double *a, double *b)
{
	return pair_values(a_cell, b_cell, pass, figure, false, a, b);
}

size_t results_clean_pair_values(const struct results_cell *a_cell,
				 const struct results_cell *b_cell,
				 enum pass pass, enum figure_index figure,
				 double *a, double *b)
{
	return pair_values(a_cell, b_cell, pass, figure, true, a, b);
}

size_t results_counter_values(const struct results_cell *cell, enum pass pass,
			      unsigned int counter, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		const struct results_reading *reading;
		double value;

		if (sample->pass != pass || !sample->valid ||
		    sample->readings == NULL)
			continue;
		reading = &sample->readings[counter];
		if (!reading->present || reading->running_ns == 0)
			continue;
		value = (double)reading->value;
		if (reading->running_ns > 0 &&
		    reading->running_ns < reading->enabled_ns)
			value *= (double)reading->enabled_ns /
				 (double)reading->running_ns;
		if (values != NULL)
			values[count] = value;
		count++;
	}
	return count;
}

int64_t results_own(const struct results_sample *sample, unsigned int name)
{
	for (unsigned int i = 0; i < sample->own_count; i++)
		if (sample->own[i].name == name)
			return sample->own[i].value;
	return FIGURE_ABSENT;
}

void results_histogram(const struct results_cell *cell,
		       enum operation operation, struct histogram *histogram)
{
	const struct results_histogram *from = &cell->histograms[operation];

	memset(histogram, 0, sizeof(*histogram));
	histogram->count = from->count;
	histogram->sum_ns = from->sum_ns;
	histogram->min_ns = from->min_ns;
	histogram->max_ns = from->max_ns;
	histogram->overflow = from->overflow;
	for (unsigned int i = 0; i < from->buckets_count; i++)
		histogram->buckets[from->buckets[i].bucket] =
			from->buckets[i].count > UINT32_MAX
				? UINT32_MAX
				: (uint32_t)from->buckets[i].count;
}

bool results_library(const struct results_cell *cell, bool build_id, char *text,
		     size_t size)
{
	const struct results_library *library = &cell->library;
	const char *slash = library->file ? strrchr(library->file, '/') : NULL;

	if (!library->file)
		return false;
	build_id = library->build_id && (build_id || !library->version);
	snprintf(text, size, "%s%s%s%s%s", slash ? slash + 1 : library->file,
		 library->version ? ", " : "",
		 library->version ? library->version : "",
		 build_id ? ", build ID " : "",
		 build_id ? library->build_id : "");
	return true;
}
