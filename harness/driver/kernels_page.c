/* kernels_page - pieces of a comparison of kernels, as text or as Markdown. */
#include "driver/kernels_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "driver/figures.h"
#include "driver/markdown.h"

void kernels_page_heading(const struct kernels_page *page, const char *text)
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

void kernels_page_note(const struct kernels_page *page, enum emphasis emphasis,
		       const char *lead, const char *text)
{
	if (page->markdown)
		markdown_note(lead, text, page->printout.stream);
	else
		style_wrap(page->printout.style, emphasis, lead, text,
			   page->printout.stream);
}

void kernels_page_grid(const struct kernels_page *page, const struct grid *grid)
{
	if (grid->rows_count == 0)
		return;
	if (page->markdown)
		markdown_grid(grid, page->printout.stream);
	else
		grid_print(grid, page->printout.style, page->printout.stream);
}

struct grid_row *kernels_page_row(const struct kernels_page *page,
				  struct grid *grid)
{
	if (grid->rows_count == GRID_ROWS_MAX) {
		kernels_page_grid(page, grid);
		/* Two tables of Markdown are one without a line between. */
		fputc('\n', page->printout.stream);
		memset(grid->rows, 0, sizeof(grid->rows));
		grid->rows_count = 0;
	}
	return grid_row(grid);
}

void kernels_page_name(struct kernels_page *page, const char *spelling,
		       char *text)
{
	/* Markdown has room; what it has none for is explained, too. */
	if (page->markdown && strlen(spelling) < GRID_TEXT_MAX)
		snprintf(text, GRID_TEXT_MAX, "%s", spelling);
	else
		printout_name(&page->printout, spelling, text);
}

void kernels_page_names(const struct kernels_page *page)
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

void kernels_text_instructions(double count, char *text)
{
	if (isfinite(count) && fabs(count) < 999.5)
		snprintf(text, GRID_TEXT_MAX, "%.4g", count);
	else
		printout_count(count, text);
}

void kernels_text_change(const struct kernels_page *page,
			 const struct kernels_change *change, char *text)
{
	const char *range = style_range(page->printout.style);

	if (!isfinite(change->ratio))
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (change->ratio >= 3 || change->ratio <= 1.0 / 3)
		snprintf(text, GRID_TEXT_MAX, "x%.3g (%.3g%s%.3g)",
			 change->ratio, change->interval.low, range,
			 change->interval.high);
	else
		snprintf(text, GRID_TEXT_MAX, "%+.1f %% (%+.1f%s%+.1f)",
			 100 * (change->ratio - 1),
			 100 * (change->interval.low - 1), range,
			 100 * (change->interval.high - 1));
}

void kernels_text_count(int64_t count, char *text)
{
	if (count == FIGURE_ABSENT)
		snprintf(text, GRID_TEXT_MAX, "-");
	else
		snprintf(text, GRID_TEXT_MAX, "%" PRId64, count);
}
