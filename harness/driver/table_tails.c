/* table_tails - requests by percentile, and who could not keep up. */
#include "driver/table_tails.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/interval_json.h"
#include "driver/names.h"
#include "driver/tails.h"

/* What stands side by side. */
static const enum tail_of blocks[][2] = {
	{TAIL_SERVICE, TAIL_RESPONSE},
	{TAIL_FORK, TAIL_EXIT},
};

static bool occurs(const struct results_cell *cell, enum tail_of tail)
{
	return cell->histograms[tail_operations[tail]].count > 0;
}

static bool occurs_in_group(const struct table_group *group, enum tail_of tail)
{
	for (unsigned int i = 0; i < group->rows_count; i++)
		if (occurs(group->rows[i].cell, tail))
			return true;
	return false;
}

/* "5.2 ms (4.9..5.3)", "too few", "-". */
static void figure_text(const struct printout *printout,
			const struct tail_figure *figure, char *text)
{
	if (figure->samples == 0)
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (isnan(figure->ns))
		snprintf(text, GRID_TEXT_MAX, "too few");
	else
		printout_interval(printout, TIME_OF_CALL, figure->ns,
				  &figure->interval, text);
}

/* The lines of one row, one for each percentile. */
static void row_add(struct printout *printout, struct grid *grid,
		    const struct table_row *row, const enum tail_of *tails,
		    unsigned int tails_count, double *values)
{
	struct tail_loops loops = tail_open_loops(row->cell);

	for (int place = 0; place < TAIL_PLACES; place++) {
		struct grid_row *line = grid_row(grid);
		struct tail_figure figure;

		if (row->cell->role == ROLE_FLOOR)
			line->emphasis = EMPHASIS_FAINT;
		snprintf(line->cells[2], GRID_TEXT_MAX, "%s",
			 tail_names[place]);
		for (unsigned int i = 0; i < tails_count; i++) {
			figure = tail_figure(row->cell, tails[i],
					     (enum tail_place)place, values);
			figure_text(printout, &figure, line->cells[3 + i]);
			if (place == 0 && i == 0)
				printout_count(figure.count, line->cells[1]);
		}
		if (place == 0)
			printout_name(printout, row->cell->allocator,
				      line->cells[0]);
		if (loops.saturated > 0 && tails[0] == TAIL_SERVICE)
			snprintf(line->cells[3 + tails_count], GRID_TEXT_MAX,
				 "saturated");
	}
}

static int block_print(struct printout *printout,
		       const struct table_group *group,
		       const enum tail_of *tails, unsigned int tails_count,
		       double *values)
{
	struct grid_column columns[6] = {
		{{"requests of"}, true},
		{{"per sample"}, false},
		{{"up to"}, true},
	};
	const struct table_row *row = NULL;
	struct grid *grid;

	if (tails[0] != TAIL_SERVICE)
		columns[0].head[0] = "processes of";
	for (unsigned int i = 0; i < tails_count; i++)
		columns[3 + i] = (struct grid_column){
			{operation_names[tail_operations[tails[i]]]}, true};
	columns[3 + tails_count] = (struct grid_column){{""}, true};
	grid = grid_new(columns, 4 + tails_count);
	if (!grid)
		return -ENOMEM;
	while ((row = printout_next(group, row)))
		if (row->samples > 0 && occurs(row->cell, tails[0]))
			row_add(printout, grid, row, tails, tails_count,
				values);
	fputc('\n', printout->stream);
	grid_print(grid, printout->style, printout->stream);
	free(grid);
	return 0;
}

static void saturated_print(struct printout *printout,
			    const struct table_group *group)
{
	const struct table_row *row = NULL;
	char name[GRID_TEXT_MAX], text[GRID_TEXT_MAX + 256];

	while ((row = printout_next(group, row))) {
		struct tail_loops loops = tail_open_loops(row->cell);

		if (loops.saturated == 0)
			continue;
		printout_name(printout, row->cell->allocator, name);
		snprintf(text, sizeof(text),
			 "%s, in %zu of %zu samples: requests were due faster "
			 "than they could be served, so its response times "
			 "grow with the length of the run",
			 name, loops.saturated, loops.samples);
		printout_note(printout, "saturated: ", text);
	}
}

/* Room for the values of any cell of a group. */
static double *values_new(const struct table_group *group)
{
	size_t most = 0;

	for (unsigned int i = 0; i < group->rows_count; i++)
		if (most < group->rows[i].cell->samples_count)
			most = group->rows[i].cell->samples_count;
	return calloc(most + 1, sizeof(double));
}

int printout_print_tails(struct printout *printout,
			 const struct table_group *group)
{
	double *values = values_new(group);
	int error = values ? 0 : -ENOMEM;

	for (int i = 0; !error && i < 2; i++)
		if (occurs_in_group(group, blocks[i][0]))
			error = block_print(
				printout, group, blocks[i],
				occurs_in_group(group, blocks[i][1]) ? 2 : 1,
				values);
	if (!error)
		saturated_print(printout, group);
	free(values);
	return error;
}

void tail_figure_to_json(struct json *json, const char *key,
			 const struct tail_figure *figure)
{
	struct json *object;

	if (isnan(figure->ns))
		return;
	object = json_add_object(json, key);
	json_add_real(object, "median", figure->ns);
	interval_to_json(object, &figure->interval);
}

static void tail_to_json(const struct results_cell *cell, enum tail_of tail,
			 struct json *into, double *values)
{
	struct json *json =
		json_add_object(into, operation_names[tail_operations[tail]]);

	for (int place = 0; place < TAIL_PLACES; place++) {
		struct tail_figure figure =
			tail_figure(cell, tail, (enum tail_place)place, values);

		if (place == 0)
			json_add_real(json, "count", figure.count);
		tail_figure_to_json(json, tail_keys[place], &figure);
	}
}

void tails_to_json(const struct results_cell *cell, struct json *into)
{
	struct tail_loops loops = tail_open_loops(cell);
	double *values = calloc(cell->samples_count + 1, sizeof(*values));
	struct json *json = NULL;

	for (int i = 0; values && i < TAILS; i++) {
		if (!occurs(cell, (enum tail_of)i))
			continue;
		if (!json)
			json = json_add_object(into, "tails");
		tail_to_json(cell, (enum tail_of)i, json, values);
	}
	free(values);
	if (loops.samples == 0)
		return;
	json = json_add_object(into, "open_loop");
	json_add_count(json, "samples", loops.samples);
	json_add_count(json, "saturated", loops.saturated);
}
