/* style - what a stream can show, and text wrapped to fit it. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/utf8.h"
#include "driver/style.h"

#define WRAP_TEXT_MAX 4096

/* Without setlocale(): numbers are written with a point everywhere. */
static bool style_locale_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (locale == (locale_t)0)
		return false;
	utf8 = strcasecmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}

struct style style_of(FILE *stream)
{
	const char *terminal = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	struct style style = {.utf8 = style_locale_is_utf8()};

	style.colour = isatty(fileno(stream)) == 1 &&
		       !(no_colour && no_colour[0] != '\0') && terminal &&
		       strcmp(terminal, "dumb") != 0;
	return style;
}

static bool style_continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t style_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += !style_continues(*text);
	return columns;
}

void style_clean(const struct style *style, const char *text, char *out,
		 size_t size)
{
	size_t left = strlen(text), length, used = 0;

	for (; left > 0; text += length, left -= length) {
		const unsigned char *bytes = (const unsigned char *)text;
		bool shown;

		length = utf8_sequence(text, left);
		shown = length == 1 && bytes[0] >= ' ' && bytes[0] != 0x7f;
		/* U+0080 to U+009F control a terminal, too. */
		if (length > 1 && style->utf8)
			shown = bytes[0] != 0xc2 || bytes[1] >= 0xa0;
		if (length == 0)
			length = 1;
		if (used + (shown ? length : 1) >= size)
			break;
		if (shown)
			memcpy(out + used, text, length);
		else
			out[used] = '?';
		used += shown ? length : 1;
	}
	out[used] = '\0';
}

const char *style_ellipsis(const struct style *style)
{
	return style->utf8 ? "\u2026" : "...";
}

const char *style_range(const struct style *style)
{
	return style->utf8 ? "\u2013" : "..";
}

const char *style_begin(const struct style *style, enum emphasis emphasis)
{
	if (!style->colour || emphasis == EMPHASIS_NONE)
		return "";
	return emphasis == EMPHASIS_STRONG ? "\033[1m" : "\033[2m";
}

const char *style_end(const struct style *style, enum emphasis emphasis)
{
	return style->colour && emphasis != EMPHASIS_NONE ? "\033[0m" : "";
}

/* Bytes of text that fill at most so many columns, broken at a blank if any. */
static size_t style_line(const char *text, size_t columns)
{
	size_t end = 0, blank = 0, used = 0;

	while (text[end] && used < columns) {
		if (text[end] == ' ')
			blank = end;
		for (end++; style_continues(text[end]); end++)
			;
		used++;
	}
	if (text[end] == '\0' || text[end] == ' ' || blank == 0)
		return end;
	return blank;
}

void style_wrap(const struct style *style, enum emphasis emphasis,
		const char *lead, const char *text, FILE *stream)
{
	size_t indent = style_columns(lead), length;
	char clean[WRAP_TEXT_MAX];
	const char *rest = clean;

	style_clean(style, text, clean, sizeof(clean));
	do {
		length = style_line(rest, STYLE_COLUMNS - indent);
		if (rest == clean)
			fputs(lead, stream);
		else
			fprintf(stream, "%*s", (int)indent, "");
		fprintf(stream, "%s%.*s%s\n", style_begin(style, emphasis),
			(int)length, rest, style_end(style, emphasis));
		rest += length;
		rest += strspn(rest, " ");
	} while (*rest);
}
