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
