/* grid - aligns rows of texts under their heads. */
#include <stdlib.h>
#include <string.h>

#include "driver/grid.h"

#define LAST_MIN 12 /* columns that a last one that goes on below gets */

struct grid *grid_new(const struct grid_column *columns,
		      unsigned int columns_count)
{
	struct grid *grid = calloc(1, sizeof(*grid));

	if (grid) {
		grid->columns = columns;
		grid->columns_count = columns_count;
	}
	return grid;
}

struct grid_row *grid_row(struct grid *grid)
{
	if (grid->rows_count < GRID_ROWS_MAX)
		grid->rows_count++;
	return &grid->rows[grid->rows_count - 1];
}

static size_t grid_width(const struct grid *grid, unsigned int column)
{
	size_t widest = 0, width;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const char *head = grid->columns[column].head[i];

		width = head ? style_columns(head) : 0;
		widest = width > widest ? width : widest;
	}
	for (i = 0; i < grid->rows_count; i++) {
		width = style_columns(grid->rows[i].cells[column]);
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void grid_pad(size_t columns, FILE *stream)
{
	fprintf(stream, "%*s", (int)columns, "");
}

/* The texts of one line; nothing is written behind the last of them. */
static void grid_line(const struct grid *grid, const size_t *widths,
		      const char *const *texts, FILE *stream)
{
	size_t behind = 0, width;
	unsigned int i;

	for (i = 0; i < grid->columns_count; i++) {
		const char *text = texts[i] ? texts[i] : "";
		bool left = grid->columns[i].left;

		width = style_columns(text);
		width = width < widths[i] ? width : widths[i];
		if (text[0] != '\0') {
			grid_pad(behind + (left ? 0 : widths[i] - width),
				 stream);
			fputs(text, stream);
			behind = left ? widths[i] - width : 0;
		} else {
			behind += widths[i];
		}
		behind += GRID_GAP;
	}
}

/*
 * The part that fits: of a list up to and with a comma, of a sentence up to a
 * blank; at least something.
 */
static size_t grid_part(const char *text, size_t columns)
{
	size_t end = 0, blank = 0, i;

	if (style_columns(text) <= columns)
		return strlen(text);
	for (i = 0; text[i] && i < columns; i++)
		if (text[i] == ',')
			end = i + 1;
		else if (text[i] == ' ')
			blank = i;
	if (end == 0)
		end = blank;
	return end > 0 ? end : columns;
}

/* A row, its last column going on below where it is too long. */
static void grid_print_row(const struct grid *grid, const size_t *widths,
			   const struct grid_row *row, FILE *stream)
{
	unsigned int last = grid->columns_count - 1, i;
	const char *texts[GRID_COLUMNS_MAX] = {NULL};
	const char *rest = row->cells[last];
	char part[GRID_TEXT_MAX];
	size_t length;

	for (i = 0; i < last; i++)
		texts[i] = row->cells[i];
	do {
		length = grid->columns[last].left
				 ? grid_part(rest, widths[last])
				 : strlen(rest);
		snprintf(part, sizeof(part), "%.*s", (int)length, rest);
		texts[last] = part;
		grid_line(grid, widths, texts, stream);
		rest += length;
		rest += strspn(rest, " ");
		memset(texts, 0, sizeof(texts));
		if (*rest)
			fputc('\n', stream);
	} while (*rest);
}

static void grid_print_heads(const struct grid *grid, const size_t *widths,
			     const struct style *style, FILE *stream)
{
	const char *heads[GRID_COLUMNS_MAX];
	unsigned int line, i;
	bool any;

	for (line = 0; line < 2; line++) {
		for (i = 0, any = false; i < grid->columns_count; i++) {
			heads[i] = grid->columns[i].head[line];
			any |= heads[i] != NULL;
		}
		if (!any)
			continue;
		fputs(style_begin(style, EMPHASIS_FAINT), stream);
		grid_line(grid, widths, heads, stream);
		fprintf(stream, "%s\n", style_end(style, EMPHASIS_FAINT));
	}
}

void grid_print(const struct grid *grid, const struct style *style,
		FILE *stream)
{
	unsigned int last = grid->columns_count - 1, i;
	size_t widths[GRID_COLUMNS_MAX], used = 0;

	for (i = 0; i < grid->columns_count; i++) {
		widths[i] = grid_width(grid, i);
		used += i < last ? widths[i] + GRID_GAP : 0;
	}
	if (grid->columns[last].left && used + widths[last] > STYLE_COLUMNS)
		widths[last] = used + LAST_MIN < STYLE_COLUMNS
				       ? STYLE_COLUMNS - used
				       : LAST_MIN;
	grid_print_heads(grid, widths, style, stream);
	for (i = 0; i < grid->rows_count; i++) {
		const struct grid_row *row = &grid->rows[i];

		if (row->apart)
			fputc('\n', stream);
		fputs(style_begin(style, row->emphasis), stream);
		grid_print_row(grid, widths, row, stream);
		fprintf(stream, "%s\n", style_end(style, row->emphasis));
	}
}
