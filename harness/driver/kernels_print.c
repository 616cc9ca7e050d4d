/* kernels_print - a comparison of kernels, for people. */
#include "driver/kernels_print.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/kernels_page.h"
#include "driver/names.h"

#define CHANGES_SHOWN 40 /* --json has all */
#define SIDES_AT_A_TIME                                                        \
	7 /* that fit a line beside an operation and its owner */

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

unsigned int kernels_block(const struct kernels *kernels, const char *workload,
			   enum thp_mode thp, enum layout layout)
{
	unsigned int number = 0;

	for (size_t i = 0; i < kernels->rows_count; i++) {
		const struct kernels_row *row = &kernels->rows[i];

		number += i == 0 || !same_block(row, row - 1);
		if (row->thp == thp && row->layout == layout &&
		    strcmp(row->workload, workload) == 0)
			return number;
	}
	return 0;
}

static void change_line(struct kernels_page *page, struct grid *grid,
			size_t place)
{
	const struct kernels *kernels = page->kernels;
	const struct kernels_row *row =
		&kernels->rows[place / kernels->sides_count];
	unsigned int side = (unsigned int)(place % kernels->sides_count);
	unsigned int before = side_before(row, side);
	struct grid_row *line = page_row(&page->out, grid);

	snprintf(line->cells[0], GRID_TEXT_MAX, "%s",
		 operation_names[row->operation]);
	page_name(&page->out, row->allocator, line->cells[1]);
	snprintf(line->cells[2], GRID_TEXT_MAX, "%s to %s",
		 kernels->sides[before].name, kernels->sides[side].name);
	kernels_text_instructions(row->medians[before], line->cells[3]);
	kernels_text_instructions(row->medians[side], line->cells[4]);
	kernels_text_change(page, &row->changes[side], line->cells[5]);
	snprintf(line->cells[6], GRID_TEXT_MAX, "%u",
		 kernels_block(kernels, row->workload, row->thp, row->layout));
}

static int largest_print(struct kernels_page *page)
{
	static const struct grid_column columns[] = {
		{{NULL, "call"}, true},	   {{NULL, "allocator"}, true},
		{{NULL, "kernels"}, true}, {{NULL, "before"}, false},
		{{NULL, "after"}, false},  {{NULL, "change"}, false},
		{{NULL, "of"}, false},
	};
	const struct kernels *kernels = page->kernels;
	size_t *places = calloc(kernels->rows_count * kernels->sides_count + 1,
				sizeof(*places));
	struct grid *grid = grid_new(columns, 7);
	size_t count = 0;

	if (places && grid)
		count = kernels_largest(kernels, places);
	for (size_t i = 0; i < count && i < CHANGES_SHOWN; i++)
		change_line(page, grid, places[i]);
	if (count > 0) {
		page_heading(&page->out,
			     "What changed from one kernel to the next, in "
			     "instructions of a call, the largest first; the "
			     "last column: in which of the tables below");
		page_grid(&page->out, grid);
	}
	if (count > CHANGES_SHOWN)
		fprintf(page->out.printout.stream,
			"%sand %zu smaller ones: --json has them all\n",
			page->out.markdown ? "\n" : "", count - CHANGES_SHOWN);
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

unsigned int kernels_columns(const struct kernels *kernels, unsigned int from,
			     struct grid_column *columns)
{
	unsigned int count = 0;

	for (unsigned int i = from;
	     i < kernels->sides_count && count < SIDES_AT_A_TIME; i++)
		columns[2 + count++] = (struct grid_column){
			{NULL, kernels->sides[i].name}, false};
	return count;
}

/* Rows first to last - 1 are of one workload; sides from `from` on. */
static int block_print(struct kernels_page *page, size_t first, size_t last,
		       unsigned int from)
{
	struct grid_column columns[GRID_COLUMNS_MAX] = {
		{{NULL, "call"}, true}, {{NULL, "allocator"}, true}};
	unsigned int count = kernels_columns(page->kernels, from, columns);
	struct grid *grid;

	columns[2 + count] = (struct grid_column){{NULL, "verdict"}, true};
	grid = grid_new(columns, 3 + count);
	if (!grid)
		return -ENOMEM;
	for (size_t i = first; i < last; i++) {
		const struct kernels_row *row = &page->kernels->rows[i];
		struct grid_row *line = page_row(&page->out, grid);

		snprintf(line->cells[0], GRID_TEXT_MAX, "%s",
			 operation_names[row->operation]);
		page_name(&page->out, row->allocator, line->cells[1]);
		for (unsigned int j = 0; j < count; j++)
			kernels_text_instructions(row->medians[from + j],
						  line->cells[2 + j]);
		snprintf(line->cells[2 + count], GRID_TEXT_MAX, "%s",
			 row_word(page->kernels, row));
	}
	page_grid(&page->out, grid);
	free(grid);
	return 0;
}

static int costs_print(struct kernels_page *page)
{
	const struct kernels *kernels = page->kernels;
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
		page_heading(&page->out, text);
		for (unsigned int j = 0; j < kernels->sides_count && !error;
		     j += SIDES_AT_A_TIME) {
			if (j > 0)
				page_gap(&page->out);
			error = block_print(page, i, next, j);
		}
	}
	return error;
}

static void intro_print(const struct kernels_page *page)
{
	const struct kernels *kernels = page->kernels;
	char text[512];

	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		const struct kernels_side *side = &kernels->sides[i];

		snprintf(text, sizeof(text), "%s%s%s  %s", side->release,
			 side->version[0] ? ", " : "", side->version,
			 side->path);
		page_note(&page->out, EMPHASIS_NONE, "kernel: ", text);
	}
	snprintf(text, sizeof(text),
		 "%s: an executed instruction each. What caches, TLB misses, "
		 "memory and other CPUs cost is not in them.",
		 kernels->clock);
	page_note(&page->out, EMPHASIS_NONE, "instructions: ", text);
	snprintf(text, sizeof(text),
		 "the median over the same %u layouts of memory, paired, in "
		 "brackets its %.3g %% interval; a change is told where all "
		 "layouts agree on its direction, and the same where the "
		 "interval lies within %.3g %%",
		 kernels->sides[0].points, 100 * KERNELS_LEVEL,
		 100 * kernels->margin);
	page_note(&page->out, EMPHASIS_NONE, "changes: ", text);
	for (unsigned int i = 0; i < kernels->reasons_count; i++)
		page_note(&page->out, EMPHASIS_STRONG,
			  "refused: ", kernels->reasons[i]);
}

static int page_print(const struct kernels *kernels, const struct style *style,
		      bool markdown, FILE *stream)
{
	struct kernels_page *page = calloc(1, sizeof(*page));
	int error;

	if (!page)
		return -ENOMEM;
	page->kernels = kernels;
	page->out.markdown = markdown;
	page->out.printout.style = style;
	page->out.printout.stream = stream;
	page_title(&page->out, "regrow compare");
	intro_print(page);
	error = largest_print(page);
	if (!error)
		error = costs_print(page);
	if (!error)
		error = kernels_page_facts(page);
	if (!error)
		page_names(&page->out);
	free(page);
	return error;
}

int kernels_print(const struct kernels *kernels, const struct style *style,
		  FILE *stream)
{
	return page_print(kernels, style, false, stream);
}

int kernels_markdown(const struct kernels *kernels, FILE *stream)
{
	static const struct style style = {.utf8 = true};

	return page_print(kernels, &style, true, stream);
}
