/* table_text - names and numbers as a table shows them. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/units.h"
#include "driver/table_parts.h"

/* The place of a spelling among the abbreviated, from 1; 0: no room left. */
static unsigned int printout_number(struct printout *printout,
				    const char *spelling)
{
	unsigned int i;

	for (i = 0; i < printout->names_count; i++)
		if (strcmp(printout->names[i], spelling) == 0)
			return i + 1;
	if (printout->names_count == NAMES_MAX)
		return 0;
	printout->names[printout->names_count++] = spelling;
	return printout->names_count;
}

/* The byte at which character number place begins. */
static size_t printout_byte(const char *text, size_t place)
{
	size_t byte = 0;

	while (text[byte] && place > 0) {
		do {
			byte++;
		} while (((unsigned char)text[byte] & 0xc0) == 0x80);
		place--;
	}
	return byte;
}

void printout_fit(const struct style *style, const char *text, size_t columns,
		  const char *mark, char *out)
{
	const char *dots = style_ellipsis(style);
	char clean[4 * SPEC_TEXT_MAX];
	size_t whole, room, head;

	style_clean(style, text, clean, sizeof(clean));
	whole = style_columns(clean);
	if (whole <= columns) {
		snprintf(out, GRID_TEXT_MAX, "%.*s", GRID_TEXT_MAX - 1, clean);
		return;
	}
	room = columns - style_columns(dots) - style_columns(mark);
	head = (room + 1) / 2;
	snprintf(out, GRID_TEXT_MAX, "%.*s%s%.*s%s",
		 (int)printout_byte(clean, head), clean, dots,
		 GRID_TEXT_MAX / 2,
		 clean + printout_byte(clean, whole - (room - head)), mark);
}

void printout_name(struct printout *printout, const char *spelling, char *text)
{
	char mark[16] = "";

	if (style_columns(spelling) > NAME_COLUMNS)
		snprintf(mark, sizeof(mark), " %u",
			 printout_number(printout, spelling));
	printout_fit(printout->style, spelling, NAME_COLUMNS, mark, text);
}

void printout_print_names(const struct printout *printout)
{
	char lead[32];
	unsigned int i;

	for (i = 0; i < printout->names_count; i++) {
		snprintf(lead, sizeof(lead), "%s %u  ",
			 i > 0 ? "            " : "abbreviated:", i + 1);
		style_wrap(printout->style, EMPHASIS_NONE, lead,
			   printout->names[i], printout->stream);
	}
}

void printout_time(double ns, char *text)
{
	if (isnan(ns))
		snprintf(text, GRID_TEXT_MAX, "-");
	else
		units_read_time(ns, text);
}

/* A difference from the state before open() may be below 0. */
void printout_size(double bytes, char *text)
{
	if (isnan(bytes)) {
		snprintf(text, GRID_TEXT_MAX, "-");
		return;
	}
	if (bytes < 0)
		*text++ = '-';
	units_read_size(fabs(bytes), text);
}

void printout_count(double count, char *text)
{
	if (isnan(count))
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (fabs(count) < 99999.5)
		snprintf(text, GRID_TEXT_MAX, "%.0f", count);
	else
		units_read_count(count, text);
}

void printout_percent(double share, char *text)
{
	snprintf(text, GRID_TEXT_MAX, "%.3g %%", 100 * share);
}

void printout_ratio(double ratio, char *text)
{
	if (!isfinite(ratio))
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (ratio > 0 && ratio < 0.00995)
		snprintf(text, GRID_TEXT_MAX, "%.2g", ratio);
	else if (ratio < 0.09995)
		snprintf(text, GRID_TEXT_MAX, "%.4f", ratio);
	else if (ratio < 9.9995)
		snprintf(text, GRID_TEXT_MAX, "%.3f", ratio);
	else
		snprintf(text, GRID_TEXT_MAX, ratio < 99.95 ? "%.1f" : "%.0f",
			 ratio);
}

void printout_ratio_interval(const struct printout *printout,
			     const struct row_ratio *ratio, char *text)
{
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	printout_ratio(ratio->median, median);
	printout_ratio(ratio->interval.low, low);
	printout_ratio(ratio->interval.high, high);
	if (ratio->pairs == 0)
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (ratio->interval.level > 0)
		snprintf(text, GRID_TEXT_MAX, "%.12s (%.12s%s%.12s)", median,
			 low, style_range(printout->style), high);
	else
		snprintf(text, GRID_TEXT_MAX, "%.12s (only %zu pair%s)", median,
			 ratio->pairs, ratio->pairs == 1 ? "" : "s");
}
