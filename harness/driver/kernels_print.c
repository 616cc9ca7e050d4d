/* kernels_print - a comparison of kernels, for people. */
#include "driver/kernels_print.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/figures.h"
#include "driver/names.h"
#include "driver/table_parts.h"

#define CHANGES_SHOWN 40 /* --json has all */
#define SIDES_AT_A_TIME                                                        \
	7 /* that fit a line beside an operation and its owner */

static void heading(const struct printout *printout, const char *text)
{
	fputc('\n', printout->stream);
	style_wrap(printout->style, EMPHASIS_STRONG, "", text,
		   printout->stream);
}

static void instructions_text(double count, char *text)
{
	if (isfinite(count) && fabs(count) < 999.5)
		snprintf(text, GRID_TEXT_MAX, "%.4g", count);
	else
		printout_count(count, text);
}

/* "+12.3 % (+11.8..+12.9)". */
static void change_text(const struct printout *printout,
			const struct kernels_change *change, char *text)
{
	if (!isfinite(change->ratio))
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (change->ratio >= 3 || change->ratio <= 1.0 / 3)
		snprintf(text, GRID_TEXT_MAX, "x%.3g (%.3g%s%.3g)",
			 change->ratio, change->interval.low,
			 style_range(printout->style), change->interval.high);
	else
		snprintf(text, GRID_TEXT_MAX, "%+.1f %% (%+.1f%s%+.1f)",
			 100 * (change->ratio - 1),
			 100 * (change->interval.low - 1),
			 style_range(printout->style),
			 100 * (change->interval.high - 1));
}

static bool same_block(const struct kernels_row *a, const struct kernels_row *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       strcmp(a->workload, b->workload) == 0;
}

/* The side that a change is from: the last before it with the row. */
static unsigned int side_before(const struct kernels_row *row,
				unsigned int side)
{
	while (side > 0 && !row->points[side - 1])
		side--;
	return side > 0 ? side - 1 : 0;
}

/*
 * The tables of costs are numbered, from 1, and others refer to them: a
 * workload's spelling is too long for a column.
 */
static unsigned int block_number(const struct kernels *kernels,
				 const char *workload)
{
	unsigned int number = 0;

	for (size_t i = 0; i < kernels->rows_count; i++) {
		const struct kernels_row *row = &kernels->rows[i];

		number += i == 0 || !same_block(row, row - 1);
		if (strcmp(row->workload, workload) == 0)
			return number;
	}
	return 0;
}

static void change_line(const struct kernels *kernels,
			struct printout *printout, struct grid *grid,
			size_t place)
{
	const struct kernels_row *row =
		&kernels->rows[place / kernels->sides_count];
	unsigned int side = (unsigned int)(place % kernels->sides_count);
	unsigned int before = side_before(row, side);
	struct grid_row *line = grid_row(grid);

	snprintf(line->cells[0], GRID_TEXT_MAX, "%s",
		 operation_names[row->operation]);
	printout_name(printout, row->allocator, line->cells[1]);
	snprintf(line->cells[2], GRID_TEXT_MAX, "%.24s to %.24s",
		 kernels->sides[before].name, kernels->sides[side].name);
	instructions_text(row->medians[before], line->cells[3]);
	instructions_text(row->medians[side], line->cells[4]);
	change_text(printout, &row->changes[side], line->cells[5]);
	snprintf(line->cells[6], GRID_TEXT_MAX, "%u",
		 block_number(kernels, row->workload));
}

static int largest_print(const struct kernels *kernels,
			 struct printout *printout)
{
	static const struct grid_column columns[] = {
		{{NULL, "call"}, true},	   {{NULL, "allocator"}, true},
		{{NULL, "kernels"}, true}, {{NULL, "before"}, false},
		{{NULL, "after"}, false},  {{NULL, "change"}, false},
		{{NULL, "of"}, false},
	};
	size_t *places = calloc(kernels->rows_count * kernels->sides_count + 1,
				sizeof(*places));
	struct grid *grid = grid_new(columns, 7);
	size_t count = 0;

	if (places && grid)
		count = kernels_largest(kernels, places);
	for (size_t i = 0; i < count && i < CHANGES_SHOWN; i++)
		change_line(kernels, printout, grid, places[i]);
	if (count > 0) {
		heading(printout,
			"What changed from one kernel to the next, in "
			"instructions of a call, the largest first; the last "
			"column: in which of the tables below");
		grid_print(grid, printout->style, printout->stream);
	}
	if (count > CHANGES_SHOWN)
		fprintf(printout->stream,
			"and %zu smaller ones: --json has them all\n",
			count - CHANGES_SHOWN);
	free(places);
	free(grid);
	return places && grid ? 0 : -ENOMEM;
}

/* What the verdicts of a row come to: the word of the last change but SAME. */
static const char *row_word(const struct kernels *kernels,
			    const struct kernels_row *row)
{
	bool told = true;

	for (unsigned int i = 1; i < kernels->sides_count; i++) {
		enum kernels_verdict verdict = row->changes[i].verdict;

		if (verdict == KERNELS_DEARER || verdict == KERNELS_CHEAPER)
			return "changes";
		told &= verdict == KERNELS_SAME || verdict == KERNELS_ABSENT;
	}
	return told ? "same" : "not told";
}

/* Rows first to last - 1 are of one workload; sides from `from` on. */
static int block_print(const struct kernels *kernels, struct printout *printout,
		       size_t first, size_t last, unsigned int from)
{
	struct grid_column columns[GRID_COLUMNS_MAX] = {
		{{NULL, "call"}, true}, {{NULL, "allocator"}, true}};
	unsigned int to = from + SIDES_AT_A_TIME;
	unsigned int count = 2;
	struct grid *grid;

	if (to > kernels->sides_count)
		to = kernels->sides_count;
	for (unsigned int i = from; i < to; i++)
		columns[count++] = (struct grid_column){
			{NULL, kernels->sides[i].name}, false};
	columns[count++] = (struct grid_column){{NULL, "verdict"}, true};
	grid = grid_new(columns, count);
	if (!grid)
		return -ENOMEM;
	for (size_t i = first; i < last && i - first < GRID_ROWS_MAX; i++) {
		const struct kernels_row *row = &kernels->rows[i];
		struct grid_row *line = grid_row(grid);

		snprintf(line->cells[0], GRID_TEXT_MAX, "%s",
			 operation_names[row->operation]);
		printout_name(printout, row->allocator, line->cells[1]);
		for (unsigned int j = from; j < to; j++)
			instructions_text(row->medians[j],
					  line->cells[2 + j - from]);
		snprintf(line->cells[count - 1], GRID_TEXT_MAX, "%s",
			 row_word(kernels, row));
	}
	grid_print(grid, printout->style, printout->stream);
	free(grid);
	return 0;
}

static int costs_print(const struct kernels *kernels, struct printout *printout)
{
	char text[2 * SPEC_TEXT_MAX];
	unsigned int number = 0;
	int error = 0;

	for (size_t i = 0, next; i < kernels->rows_count && !error; i = next) {
		const struct kernels_row *row = &kernels->rows[i];

		for (next = i + 1; next < kernels->rows_count &&
				   same_block(row, &kernels->rows[next]);)
			next++;
		snprintf(text, sizeof(text),
			 "%u: %s, %s: instructions of a call, median of %u "
			 "layouts",
			 ++number, row->workload,
			 names_mode(row->thp, row->layout),
			 kernels->sides[0].points);
		heading(printout, text);
		for (unsigned int j = 0; j < kernels->sides_count && !error;
		     j += SIDES_AT_A_TIME)
			error = block_print(kernels, printout, i, next, j);
	}
	return error;
}

static void fact_text(int64_t value, char *text)
{
	if (value == FIGURE_ABSENT)
		snprintf(text, GRID_TEXT_MAX, "-");
	else
		snprintf(text, GRID_TEXT_MAX, "%" PRId64, value);
}

static int facts_print_of(const struct kernels *kernels,
			  struct printout *printout, unsigned int from)
{
	struct grid_column columns[GRID_COLUMNS_MAX] = {
		{{NULL, "count"}, true}, {{NULL, "allocator"}, true}};
	unsigned int to = from + SIDES_AT_A_TIME;
	unsigned int count = 2;
	struct grid *grid;

	if (to > kernels->sides_count)
		to = kernels->sides_count;
	for (unsigned int i = from; i < to; i++)
		columns[count++] = (struct grid_column){
			{NULL, kernels->sides[i].name}, false};
	columns[count++] = (struct grid_column){{NULL, "of"}, false};
	grid = grid_new(columns, count);
	if (!grid)
		return -ENOMEM;
	for (size_t i = 0; i < kernels->facts_count; i++) {
		const struct kernels_fact *fact = &kernels->facts[i];
		struct grid_row *line;

		if (!fact->differs || grid->rows_count == GRID_ROWS_MAX)
			continue;
		line = grid_row(grid);
		snprintf(line->cells[0], GRID_TEXT_MAX, "%s", fact->name);
		printout_name(printout, fact->allocator, line->cells[1]);
		for (unsigned int j = from; j < to; j++)
			fact_text(fact->values[j], line->cells[2 + j - from]);
		snprintf(line->cells[count - 1], GRID_TEXT_MAX, "%u",
			 block_number(kernels, fact->workload));
	}
	grid_print(grid, printout->style, printout->stream);
	free(grid);
	return 0;
}

static int facts_print(const struct kernels *kernels, struct printout *printout)
{
	size_t differ = 0;
	char text[160];
	int error = 0;

	for (size_t i = 0; i < kernels->facts_count; i++)
		differ += kernels->facts[i].differs;
	snprintf(text, sizeof(text),
		 "What a kernel does: %zu of %zu counts are the same on all%s",
		 kernels->facts_count - differ, kernels->facts_count,
		 differ > 0 ? "; these are not" : "");
	heading(printout, text);
	for (unsigned int i = 0;
	     differ > 0 && i < kernels->sides_count && !error;
	     i += SIDES_AT_A_TIME)
		error = facts_print_of(kernels, printout, i);
	return error;
}

static void intro_print(const struct kernels *kernels,
			const struct printout *printout)
{
	char text[512];

	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		const struct kernels_side *side = &kernels->sides[i];

		snprintf(text, sizeof(text), "%s%s%s  %s", side->release,
			 side->version[0] ? ", " : "", side->version,
			 side->path);
		style_wrap(printout->style, EMPHASIS_NONE, "kernel: ", text,
			   printout->stream);
	}
	snprintf(text, sizeof(text),
		 "%s: an executed instruction each. What caches, TLB misses, "
		 "memory and other CPUs cost is not in them.",
		 kernels->clock);
	style_wrap(printout->style, EMPHASIS_NONE, "instructions: ", text,
		   printout->stream);
	snprintf(text, sizeof(text),
		 "the median over the same %u layouts of memory, paired; a "
		 "change is told where all of them agree on its direction, "
		 "and none within %.3g %%",
		 kernels->sides[0].points, 100 * kernels->margin);
	style_wrap(printout->style, EMPHASIS_NONE, "changes: ", text,
		   printout->stream);
	for (unsigned int i = 0; i < kernels->reasons_count; i++)
		style_wrap(printout->style, EMPHASIS_STRONG,
			   "refused: ", kernels->reasons[i], printout->stream);
}

int kernels_print(const struct kernels *kernels, const struct style *style,
		  FILE *stream)
{
	struct printout *printout = calloc(1, sizeof(*printout));
	int error;

	if (!printout)
		return -ENOMEM;
	printout->style = style;
	printout->stream = stream;
	intro_print(kernels, printout);
	error = largest_print(kernels, printout);
	if (!error)
		error = costs_print(kernels, printout);
	if (!error)
		error = facts_print(kernels, printout);
	if (!error)
		printout_print_names(printout);
	free(printout);
	return error;
}
