/* compare_table - a comparison for people. */
#include "driver/compare_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/table_parts.h"

#define NAME_MIN 8 /* columns that an allocator's spelling gets */
#define NAME_MAX 40

/* A table that is being filled: its grid, and whose each of its lines is. */
struct filling {
	struct printout printout;
	struct grid *grid;
	const struct compare_row *rows[GRID_ROWS_MAX]; /* NULL: no name */
};

static void print_note(void *context, const char *lead, const char *text)
{
	const struct printout *printout = context;

	style_wrap(printout->style, EMPHASIS_NONE, lead, text,
		   printout->stream);
}

/* Columns that are left for the names, when the others are filled. */
static size_t name_columns(const struct grid *grid)
{
	size_t used = 0;

	for (unsigned int i = 1; i < grid->columns_count; i++) {
		size_t widest = 0;

		for (int j = 0; j < 2; j++) {
			const char *head = grid->columns[i].head[j];
			size_t width = head != NULL ? style_columns(head) : 0;

			widest = width > widest ? width : widest;
		}
		for (unsigned int j = 0; j < grid->rows_count; j++) {
			size_t width = style_columns(grid->rows[j].cells[i]);

			widest = width > widest ? width : widest;
		}
		used += GRID_GAP + widest;
	}
	if (used + NAME_MIN > STYLE_COLUMNS)
		return NAME_MIN;
	used = STYLE_COLUMNS - used;
	return used < NAME_MAX ? used : NAME_MAX;
}

/* The place of a spelling among the abbreviated, from 1; 0: no room left. */
static unsigned int number_of(struct printout *printout, const char *spelling)
{
	for (unsigned int i = 0; i < printout->names_count; i++)
		if (strcmp(printout->names[i], spelling) == 0)
			return i + 1;
	if (printout->names_count == NAMES_MAX)
		return 0;
	printout->names[printout->names_count] = spelling;
	return ++printout->names_count;
}

static void fill_name(struct printout *printout, const char *spelling,
		      size_t columns, char *text)
{
	char mark[16] = "";

	if (style_columns(spelling) > columns)
		snprintf(mark, sizeof(mark), " %u",
			 number_of(printout, spelling));
	printout_fit(printout->style, spelling, columns, mark, text);
}

/* What was filled in, under its heads; it is empty then. */
static void filling_print(struct filling *filling)
{
	struct grid *grid = filling->grid;
	size_t columns = name_columns(grid);

	for (unsigned int i = 0; i < grid->rows_count; i++)
		if (filling->rows[i] != NULL)
			fill_name(&filling->printout,
				  filling->rows[i]->base->allocator, columns,
				  grid->rows[i].cells[0]);
	if (grid->rows_count > 0)
		grid_print(grid, filling->printout.style,
			   filling->printout.stream);
	memset(grid->rows, 0, sizeof(grid->rows));
	grid->rows_count = 0;
}

/* A line of a row; a full table is printed first. */
static struct grid_row *filling_line(struct filling *filling,
				     const struct compare_row *row)
{
	if (filling->grid->rows_count == GRID_ROWS_MAX)
		filling_print(filling);
	filling->rows[filling->grid->rows_count] = row;
	return grid_row(filling->grid);
}

static enum emphasis emphasis_of(const struct compare_row *row)
{
	if (row->verdict == VERDICT_FASTER || row->verdict == VERDICT_SLOWER)
		return EMPHASIS_STRONG;
	return row->base->role == ROLE_FLOOR ? EMPHASIS_FAINT : EMPHASIS_NONE;
}

static int print_times(struct filling *filling,
		       const struct compare_block *block)
{
	static const struct grid_column columns[] = {
		{{NULL, "allocator"}, true}, {{NULL, "base"}, false},
		{{NULL, "new"}, false},	     {{NULL, "new / base"}, true},
		{{"Holm's", "p"}, false},    {{NULL, "own ratio"}, true},
		{{NULL, "verdict"}, true},
	};
	bool utf8 = filling->printout.style->utf8;

	filling->grid = grid_new(columns, 7);
	if (filling->grid == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < block->rows_count; i++) {
		const struct compare_row *row = &block->rows[i];
		struct grid_row *line = filling_line(filling, row);

		line->emphasis = emphasis_of(row);
		compare_unit_time(&block->base->unit, row->base_time,
				  line->cells[1]);
		compare_unit_time(&block->new->unit, row->new_time,
				  line->cells[2]);
		compare_text_ratio(&row->ratio, utf8, line->cells[3]);
		compare_text_p(row->p_holm, line->cells[4]);
		compare_text_own(row, utf8, line->cells[5]);
		compare_text_verdict(row, line->cells[6]);
	}
	filling_print(filling);
	free(filling->grid);
	return 0;
}

static int print_counts(struct filling *filling,
			const struct compare_block *block)
{
	static const struct grid_column columns[] = {
		{{"allocator"}, true}, {{"count"}, true},   {{"base"}, false},
		{{"new"}, false},      {{"change"}, false},
	};
	bool utf8 = filling->printout.style->utf8;

	filling->grid = grid_new(columns, 5);
	if (filling->grid == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < block->rows_count; i++) {
		const struct compare_row *row = &block->rows[i];
		const struct compare_row *named = row;

		for (int j = 0; j < COMPARE_COUNTS; j++) {
			struct grid_row *line;

			if (!compare_count_is_shown(row, j))
				continue;
			line = filling_line(filling, named);
			named = NULL;
			snprintf(line->cells[1], GRID_TEXT_MAX, "%s",
				 compare_counted[j].name);
			compare_text_count(
				&row->base->counts[j],
				figures[compare_counted[j].figure].unit, utf8,
				line->cells[2]);
			compare_text_count(
				&row->new->counts[j],
				figures[compare_counted[j].figure].unit, utf8,
				line->cells[3]);
			compare_text_change(row, j, line->cells[4]);
		}
	}
	if (filling->grid->rows_count > 0)
		fputc('\n', filling->printout.stream);
	filling_print(filling);
	free(filling->grid);
	return 0;
}

static int print_block(struct filling *filling,
		       const struct comparison *comparison,
		       const struct compare_block *block,
		       const struct compare_notes *notes)
{
	FILE *stream = filling->printout.stream;
	char heading[800];
	int error;

	compare_text_block(comparison, block, heading, sizeof(heading));
	fputc('\n', stream);
	style_wrap(filling->printout.style, EMPHASIS_STRONG, "", heading,
		   stream);
	error = print_times(filling, block);
	if (error != 0)
		return error;
	fputc('\n', stream);
	compare_notes_block(comparison, block, notes);
	return print_counts(filling, block);
}

static int print_comparison(struct filling *filling,
			    const struct compare *compare,
			    const struct comparison *comparison)
{
	struct compare_notes notes = {print_note, &filling->printout,
				      filling->printout.style->utf8};
	int error = 0;

	compare_notes_head(comparison, &notes);
	for (unsigned int i = 0; error == 0 && i < comparison->blocks_count;
	     i++)
		error = print_block(filling, comparison, &comparison->blocks[i],
				    &notes);
	if (error != 0)
		return error;
	fputc('\n', filling->printout.stream);
	compare_notes_end(compare, comparison, &notes);
	return 0;
}

int compare_print(const struct compare *compare, const struct style *style,
		  FILE *stream)
{
	struct filling *filling = calloc(1, sizeof(*filling));
	int error = 0;

	if (filling == NULL)
		return -ENOMEM;
	filling->printout.style = style;
	filling->printout.stream = stream;
	for (unsigned int i = 0; error == 0 && i < compare->count; i++) {
		if (i > 0)
			fputc('\n', stream);
		error = print_comparison(filling, compare,
					 &compare->comparisons[i]);
	}
	printout_print_names(&filling->printout);
	free(filling);
	return error;
}
