/* table_cold - the first growth of a process beside the later ones. */
#include "driver/table_cold.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/stats.h"
#include "driver/table_parts.h"

/* The sums of the size class that a size falls in, or NULL. */
static const struct results_size *class_of(const struct results_sample *sample,
					   int64_t bytes)
{
	unsigned int log2 = 63 - (unsigned int)__builtin_clzll((uint64_t)bytes);
	unsigned int i;

	for (i = 0; i < sample->sizes_count; i++)
		if (sample->sizes[i].log2 == log2)
			return &sample->sizes[i];
	return NULL;
}

/* The mean of the class without its first growth; NaN: it had no other. */
static double later_ns(const struct results_sample *sample)
{
	int64_t first_ns = sample->values[FIGURE_COLD_GROW_NS];
	int64_t bytes = sample->values[FIGURE_COLD_BYTES];
	const struct results_size *class;

	if (first_ns < 0 || bytes <= 0)
		return NAN;
	class = class_of(sample, bytes);
	if (!class || class->growths < 2 || class->grow_ns < first_ns)
		return NAN;
	return (double)(class->grow_ns - first_ns) /
	       (double)(class->growths - 1);
}

static double figure_median(const struct results_cell *cell,
			    enum figure_index figure, double *values,
			    size_t *count)
{
	*count = results_cell_values(cell, PASS_TIMING, figure, values, NULL);
	stats_sort(values, *count);
	return stats_median(values, *count);
}

static double later_median(const struct results_cell *cell, double *values)
{
	size_t count = 0, i;

	for (i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		double ns = later_ns(sample);

		if (sample->valid && sample->pass == PASS_TIMING && !isnan(ns))
			values[count++] = ns;
	}
	stats_sort(values, count);
	return stats_median(values, count);
}

struct cold cold_of(const struct results_cell *cell)
{
	struct cold cold = {0, NAN, NAN, NAN, NAN};
	double *values = calloc(cell->samples_count + 1, sizeof(*values));

	if (!values)
		return cold;
	cold.alloc_ns = figure_median(cell, FIGURE_COLD_ALLOC_NS, values,
				      &cold.samples);
	cold.bytes =
		figure_median(cell, FIGURE_COLD_BYTES, values, &cold.samples);
	cold.grow_ns =
		figure_median(cell, FIGURE_COLD_GROW_NS, values, &cold.samples);
	cold.later_ns = later_median(cell, values);
	free(values);
	return cold;
}

void cold_to_json(const struct results_cell *cell, struct json *into)
{
	struct cold cold = cold_of(cell);
	struct json *json;

	if (cold.samples == 0)
		return;
	json = json_add_object(into, "cold");
	json_add_real(json, "grow_ns", cold.grow_ns);
	json_add_real(json, "bytes", cold.bytes);
	if (!isnan(cold.alloc_ns))
		json_add_real(json, "alloc_ns", cold.alloc_ns);
	if (!isnan(cold.later_ns))
		json_add_real(json, "later_ns", cold.later_ns);
}

/* Columns that no row has anything in are left out. */
static unsigned int columns_count(const struct table_group *group)
{
	for (unsigned int i = 0; i < group->rows_count; i++)
		if (!isnan(cold_of(group->rows[i].cell).later_ns))
			return 6;
	return 4;
}

int printout_print_cold(struct printout *printout,
			const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{"first call in", "a process of"}, true},
		{{NULL, "alloc"}, false},
		{{NULL, "growth"}, false},
		{{NULL, "to"}, false},
		{{"later growths", "of that size"}, false},
		{{"first", "to later"}, false},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, columns_count(group));

	if (!grid)
		return -ENOMEM;
	while ((row = printout_next(group, row))) {
		struct cold cold = cold_of(row->cell);
		struct grid_row *line;

		if (cold.samples == 0)
			continue;
		line = printout_begin(printout, grid, row);
		printout_time_of(printout, TIME_OF_CALL, cold.alloc_ns,
				 line->cells[1]);
		printout_time_of(printout, TIME_OF_CALL, cold.grow_ns,
				 line->cells[2]);
		printout_size(cold.bytes, line->cells[3]);
		printout_time_of(printout, TIME_OF_CALL, cold.later_ns,
				 line->cells[4]);
		printout_ratio(cold.grow_ns / cold.later_ns, line->cells[5]);
	}
	if (grid->rows_count > 0) {
		fputc('\n', printout->stream);
		grid_print(grid, printout->style, printout->stream);
	}
	free(grid);
	return 0;
}
