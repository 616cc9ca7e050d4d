/* markdown - text that stays text where Markdown or HTML is rendered. */
#include "driver/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "driver/style.h"

/* Without control characters, malloc'ed; or NULL. */
static char *clean_text(const char *text)
{
	static const struct style plain = {.utf8 = true};
	size_t size = 4 * strlen(text) + 1;
	char *clean = malloc(size);

	if (clean)
		style_clean(&plain, text, clean, size);
	return clean;
}

void markdown_text(const char *text, FILE *stream)
{
	char *clean = clean_text(text);

	for (const char *byte = clean; byte && *byte; byte++) {
		if (*byte == '<')
			fputs("&lt;", stream);
		else if (*byte == '&')
			fputs("&amp;", stream);
		else if (*byte == '@' || *byte == '#')
			/* GitHub makes links of names and numbers behind. */
			fprintf(stream, "%c\u200b", *byte);
		else if (strchr("\\`*_{}[]|~$>!", *byte))
			fprintf(stream, "\\%c", *byte);
		else
			fputc(*byte, stream);
	}
	free(clean);
}

void markdown_html_text(const char *text, FILE *stream)
{
	char *clean = clean_text(text);

	for (const char *byte = clean; byte && *byte; byte++) {
		switch (*byte) {
		case '<':
			fputs("&lt;", stream);
			break;
		case '>':
			fputs("&gt;", stream);
			break;
		case '&':
			fputs("&amp;", stream);
			break;
		case '"':
			fputs("&quot;", stream);
			break;
		case '\'':
			fputs("&#39;", stream);
			break;
		default:
			fputc(*byte, stream);
		}
	}
	free(clean);
}

void markdown_note(const char *lead, const char *text, FILE *stream)
{
	const char *word = lead + strspn(lead, " ");
	char bold[GRID_TEXT_MAX];
	size_t length = strlen(word);

	/* Emphasis has no blank at its end. */
	while (length > 0 && word[length - 1] == ' ')
		length--;
	snprintf(bold, sizeof(bold), "%.*s", (int)length, word);
	fprintf(stream, "%*s- ", (int)(word - lead), "");
	if (length > 0) {
		fputs("**", stream);
		markdown_text(bold, stream);
		fputs("** ", stream);
	}
	markdown_text(text, stream);
	fputc('\n', stream);
}

static void put_heads(const struct grid *grid, FILE *stream)
{
	for (unsigned int i = 0; i < grid->columns_count; i++) {
		const char *const *head = grid->columns[i].head;

		fputs(i == 0 ? "| " : " | ", stream);
		markdown_text(head[0] ? head[0] : "", stream);
		fputs(head[0] && head[0][0] && head[1] ? " " : "", stream);
		markdown_text(head[1] ? head[1] : "", stream);
	}
	fputs(" |\n", stream);
	for (unsigned int i = 0; i < grid->columns_count; i++)
		fputs(grid->columns[i].left ? "| --- " : "| ---: ", stream);
	fputs("|\n", stream);
}

void markdown_grid(const struct grid *grid, FILE *stream)
{
	put_heads(grid, stream);
	for (unsigned int i = 0; i < grid->rows_count; i++) {
		const struct grid_row *row = &grid->rows[i];
		const char *bold = row->emphasis == EMPHASIS_STRONG ? "**" : "";

		for (unsigned int j = 0; j < grid->columns_count; j++) {
			bool any = row->cells[j][0] != 0;

			fputs(j == 0 ? "| " : " | ", stream);
			fputs(any ? bold : "", stream);
			markdown_text(row->cells[j], stream);
			fputs(any ? bold : "", stream);
		}
		fputs(" |\n", stream);
	}
}
