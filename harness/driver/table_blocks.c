/* table_blocks - times and memory of a group's rows. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"
#include "driver/table_moves.h"
#include "driver/table_parts.h"

/* "moved 14" or "copied 13, slack 2": what occurred, the most often first. */
static void growths_outcomes(const struct table_row *row, char *text)
{
	static const char *const words[OUTCOME_COUNT] = {
		[OUTCOME_SLACK] = "slack",   [OUTCOME_IN_PLACE] = "in place",
		[OUTCOME_MOVED] = "moved",   [OUTCOME_COPIED] = "copied",
		[OUTCOME_FAILED] = "failed",
	};
	bool told[OUTCOME_COUNT] = {false};
	char count[GRID_TEXT_MAX];
	size_t used = 0;

	text[0] = '\0';
	for (;;) {
		int most = -1, i;

		for (i = 0; i < OUTCOME_COUNT; i++)
			if (!told[i] && row->figures[ROW_OUTCOMES + i] > 0 &&
			    (most < 0 ||
			     row->figures[ROW_OUTCOMES + i] >
				     row->figures[ROW_OUTCOMES + most]))
				most = i;
		if (most < 0)
			break;
		told[most] = true;
		printout_count(row->figures[ROW_OUTCOMES + most], count);
		used += (size_t)snprintf(text + used, GRID_TEXT_MAX - used,
					 "%s%s %.12s", used > 0 ? ", " : "",
					 words[most], count);
	}
	if (used == 0)
		snprintf(text, GRID_TEXT_MAX, "%s",
			 isnan(row->figures[ROW_OUTCOMES]) ? "-" : "none");
}

static void times_ratio(const struct printout *printout,
			const struct table_row *row, char *text)
{
	if (row->cell->role == ROLE_REFERENCE)
		snprintf(text, GRID_TEXT_MAX, "reference");
	else if (row->cell->role == ROLE_FLOOR)
		snprintf(text, GRID_TEXT_MAX, "floor");
	else if (row->samples > 0 && !row->exercised)
		snprintf(text, GRID_TEXT_MAX, "-");
	else
		printout_ratio_interval(printout, &row->ratio, text);
}

static void times_verdict(const struct table_row *row, char *text)
{
	if (row->cell->role != ROLE_ROW)
		text[0] = '\0';
	else if (row->judged)
		snprintf(text, GRID_TEXT_MAX, "%s",
			 verdict_names[row->verdict]);
	else
		snprintf(text, GRID_TEXT_MAX, "%s",
			 row->samples > 0 && !row->exercised ? "not exercised"
							     : "-");
}

/* "0.00049", "1"; the smallest that one may ask for is what counts. */
static void times_p(const struct table_row *row, char *text)
{
	if (!row->judged || isnan(row->p_holm))
		text[0] = '\0';
	else if (row->p_holm < 1e-6)
		snprintf(text, GRID_TEXT_MAX, "<1e-6");
	else
		snprintf(text, GRID_TEXT_MAX, "%.2g", row->p_holm);
}

const struct table_row *printout_next(const struct table_group *group,
				      const struct table_row *row)
{
	static const enum cell_role order[] = {ROLE_REFERENCE, ROLE_ROW,
					       ROLE_FLOOR};
	size_t place = 0;
	unsigned int i = 0;

	if (row) {
		while (order[place] != row->cell->role)
			place++;
		i = (unsigned int)(row - group->rows) + 1;
	}
	for (; place < sizeof(order) / sizeof(order[0]); place++, i = 0)
		for (; i < group->rows_count; i++)
			if (group->rows[i].cell->role == order[place])
				return &group->rows[i];
	return NULL;
}

struct grid_row *printout_begin(struct printout *printout, struct grid *grid,
				const struct table_row *row)
{
	struct grid_row *line = grid_row(grid);

	printout_name(printout, row->cell->allocator, line->cells[0]);
	if (row->cell->role == ROLE_FLOOR)
		line->emphasis = EMPHASIS_FAINT;
	return line;
}

/* 0. */
static int rows_end(struct printout *printout, struct grid *grid)
{
	grid_print(grid, printout->style, printout->stream);
	free(grid);
	return 0;
}

int printout_print_times(struct printout *printout,
			 const struct table_group *group)
{
	const bool counts = machine_units_same(&printout->sample_unit,
					       &machine_units_instructions);
	const struct grid_column columns[] = {
		{{"allocator"}, true},
		{{counts ? "instructions" : "time of a sample"}, true},
		{{"ratio to the reference"}, true},
		{{"verdict"}, true},
		{{"p (Holm)"}, false},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, 5);

	if (!grid)
		return -ENOMEM;
	while ((row = printout_next(group, row))) {
		struct grid_row *line = printout_begin(printout, grid, row);

		line->apart = row->cell->role == ROLE_FLOOR;
		printout_interval(printout, TIME_OF_SAMPLE, row->time_ns,
				  &row->time, line->cells[1]);
		times_ratio(printout, row, line->cells[2]);
		times_verdict(row, line->cells[3]);
		times_p(row, line->cells[4]);
	}
	return rows_end(printout, grid);
}

int printout_print_growths(struct printout *printout,
			   const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{"allocator"}, true},	{{"copied"}, false},
		{{"moved"}, false},	{{"growths"}, true},
		{{"movable by"}, true},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, table_moves_seen(group) ? 5 : 4);

	if (!grid)
		return -ENOMEM;
	fputc('\n', printout->stream);
	while ((row = printout_next(group, row))) {
		struct grid_row *line = printout_begin(printout, grid, row);

		printout_size(row->figures[ROW_BYTES_COPIED], line->cells[1]);
		printout_size(row->figures[ROW_BYTES_MOVED], line->cells[2]);
		growths_outcomes(row, line->cells[3]);
		table_moves_text(row, line->cells[4]);
	}
	return rows_end(printout, grid);
}

/* A share of the live bytes, "1.13x"; nothing where nothing is live. */
static void memory_share(double bytes, double live_bytes, char *text)
{
	char share[GRID_TEXT_MAX];

	if (isnan(bytes) || !(live_bytes > 0)) {
		snprintf(text, GRID_TEXT_MAX, "-");
		return;
	}
	snprintf(share, sizeof(share),
		 fabs(bytes / live_bytes) < 99.95 ? "%.2f" : "%.0f",
		 bytes / live_bytes);
	snprintf(text, GRID_TEXT_MAX, "%.12sx", share);
}

int printout_print_memory(struct printout *printout,
			  const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{NULL, "allocator"}, true},	 {{"minor", "faults"}, false},
		{{"resident,", "peak"}, false},	 {{"of", "live"}, false},
		{{"resident,", "final"}, false}, {{"of", "live"}, false},
		{{"virtual", "of live"}, false}, {{NULL, "VMAs"}, false},
		{{NULL, "holes"}, false},	 {{"bytes in", "holes"}, false},
	};
	const struct table_row *row = NULL;
	struct grid *grid = grid_new(columns, 10);

	if (!grid)
		return -ENOMEM;
	fputc('\n', printout->stream);
	while ((row = printout_next(group, row))) {
		struct grid_row *line = printout_begin(printout, grid, row);
		const double *of = row->figures;

		printout_count(of[ROW_FAULTS], line->cells[1]);
		printout_size(of[ROW_PEAK_RESIDENT_BYTES], line->cells[2]);
		memory_share(of[ROW_PEAK_RESIDENT_BYTES],
			     of[ROW_LIVE_BYTES_MAX], line->cells[3]);
		printout_size(of[ROW_FINAL_RESIDENT_BYTES], line->cells[4]);
		memory_share(of[ROW_FINAL_RESIDENT_BYTES],
			     of[ROW_FINAL_LIVE_BYTES], line->cells[5]);
		memory_share(of[ROW_FINAL_MAPPED_BYTES],
			     of[ROW_FINAL_LIVE_BYTES], line->cells[6]);
		printout_count(of[ROW_MAPPINGS], line->cells[7]);
		printout_count(of[ROW_HOLES], line->cells[8]);
		printout_size(of[ROW_HOLE_BYTES], line->cells[9]);
	}
	return rows_end(printout, grid);
}

bool table_has_latencies(const struct table_row *row, enum operation operation)
{
	return row->samples > 0 &&
	       row->cell->histograms[operation].count / row->samples >=
		       LATENCIES_MIN;
}

/* Rows of one operation; its name stands in the first of them. */
static void latencies_add(struct printout *printout,
			  const struct table_group *group,
			  enum operation operation, struct grid *grid)
{
	struct histogram histogram;
	const struct table_row *row = NULL;
	bool first = true;

	while ((row = printout_next(group, row))) {
		struct grid_row *line;

		if (!table_has_latencies(row, operation))
			continue;
		results_histogram(row->cell, operation, &histogram);
		line = grid_row(grid);
		line->emphasis = row->cell->role == ROLE_FLOOR ? EMPHASIS_FAINT
							       : EMPHASIS_NONE;
		snprintf(line->cells[0], GRID_TEXT_MAX, "%s",
			 first ? operation_names[operation] : "");
		printout_name(printout, row->cell->allocator, line->cells[1]);
		printout_count((double)histogram.count / (double)row->samples,
			       line->cells[2]);
		printout_time_of(printout, TIME_OF_CALL,
				 (double)histogram_quantile_ns(&histogram, 0.5),
				 line->cells[3]);
		printout_time_of(
			printout, TIME_OF_CALL,
			(double)histogram_quantile_ns(&histogram, 0.99),
			line->cells[4]);
		printout_time_of(printout, TIME_OF_CALL,
				 (double)histogram.max_ns, line->cells[5]);
		first = false;
	}
}

int printout_print_latencies(struct printout *printout,
			     const struct table_group *group)
{
	static const struct grid_column columns[] = {
		{{"latency of"}, true},	 {{"allocator"}, true},
		{{"per sample"}, false}, {{"p50"}, false},
		{{"p99"}, false},	 {{"max"}, false},
	};
	struct grid *grid = grid_new(columns, 6);
	int operation;

	if (!grid)
		return -ENOMEM;
	/* Those with a tail have a block of their own. */
	for (operation = 0; operation < OPERATION_COUNT; operation++) {
		int tail = tail_of_operation((enum operation)operation);

		if (tail < 0 || tail >= TAILS_IN_BLOCKS)
			latencies_add(printout, group,
				      (enum operation)operation, grid);
	}
	if (grid->rows_count > 0) {
		fputc('\n', printout->stream);
		grid_print(grid, printout->style, printout->stream);
	}
	free(grid);
	return 0;
}
