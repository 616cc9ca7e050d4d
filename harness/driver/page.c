/* page - text, or the same as Markdown. */
#include "driver/page.h"

#include <stdio.h>
#include <string.h>

#include "driver/markdown.h"

void page_title(const struct page *page, const char *text)
{
	if (!page->markdown)
		return;
	fputs("### ", page->printout.stream);
	markdown_text(text, page->printout.stream);
	fputs("\n\n", page->printout.stream);
}

void page_heading(const struct page *page, const char *text)
{
	FILE *stream = page->printout.stream;

	fputc('\n', stream);
	if (page->markdown) {
		fputs("#### ", stream);
		markdown_text(text, stream);
		fputs("\n\n", stream);
	} else {
		style_wrap(page->printout.style, EMPHASIS_STRONG, "", text,
			   stream);
	}
}

void page_note(const struct page *page, enum emphasis emphasis,
	       const char *lead, const char *text)
{
	if (page->markdown)
		markdown_note(lead, text, page->printout.stream);
	else
		style_wrap(page->printout.style, emphasis, lead, text,
			   page->printout.stream);
}

void page_gap(const struct page *page)
{
	fputc('\n', page->printout.stream);
}

void page_grid(const struct page *page, const struct grid *grid)
{
	if (grid->rows_count == 0)
		return;
	if (page->markdown)
		markdown_grid(grid, page->printout.stream);
	else
		grid_print(grid, page->printout.style, page->printout.stream);
}

struct grid_row *page_row(const struct page *page, struct grid *grid)
{
	if (grid->rows_count == GRID_ROWS_MAX) {
		page_grid(page, grid);
		/* Two tables of Markdown are one without a line between. */
		page_gap(page);
		memset(grid->rows, 0, sizeof(grid->rows));
		grid->rows_count = 0;
	}
	return grid_row(grid);
}

void page_name(struct page *page, const char *spelling, char *text)
{
	/* Markdown has room; what it has none for is explained, too. */
	if (page->markdown && strlen(spelling) < GRID_TEXT_MAX)
		snprintf(text, GRID_TEXT_MAX, "%s", spelling);
	else
		printout_name(&page->printout, spelling, text);
}

void page_fit(const struct page *page, const char *name, size_t columns,
	      char *text)
{
	if (page->markdown)
		snprintf(text, GRID_TEXT_MAX, "%s", name);
	else
		printout_fit(page->printout.style, name, columns, "", text);
}

void page_names(const struct page *page)
{
	char lead[32];

	if (!page->markdown) {
		printout_print_names(&page->printout);
		return;
	}
	if (page->printout.names_count > 0)
		fputc('\n', page->printout.stream);
	for (unsigned int i = 0; i < page->printout.names_count; i++) {
		snprintf(lead, sizeof(lead), "abbreviated: %u", i + 1);
		markdown_note(lead, page->printout.names[i],
			      page->printout.stream);
	}
}
