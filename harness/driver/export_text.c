/* export_text - texts, names and figures, fit for formats without quotes. */
#include "driver/export_text.h"

#include <string.h>

#include "common/utf8.h"
#include "driver/names.h"

const struct export_figure export_figures[EXPORT_FIGURES] = {
	{"ns/op", FIGURE_WALL_NS, false},
	{"cpu-ns/op", FIGURE_CPU_NS, true},
	{"user-ns/op", FIGURE_USER_NS, true},
	{"system-ns/op", FIGURE_SYSTEM_NS, true},
	{"faults/op", FIGURE_FAULTS_MINOR, false},
	{"major-faults/op", FIGURE_FAULTS_MAJOR, false},
	{"copied-B/op", FIGURE_BYTES_COPIED, false},
	{"moved-B/op", FIGURE_BYTES_MOVED, false},
	{"peak-resident-B", FIGURE_PEAK_RESIDENT_BYTES, false},
	{"mappings", FIGURE_FINAL + MAP_MAPPINGS, false},
	{"holes", FIGURE_FINAL + MAP_HOLES, false},
	{"hole-B", FIGURE_FINAL + MAP_HOLE_BYTES, false},
	{"page-table-B", FIGURE_FINAL + MAP_PAGE_TABLE_BYTES, false},
};

/* White space that is not ASCII (Unicode, PropList.txt). */
static bool is_wide_blank(const char *text, size_t length)
{
	static const char *const blanks[] = {
		"\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001",
		"\u2002",   "\u2003", "\u2004", "\u2005", "\u2006",
		"\u2007",   "\u2008", "\u2009", "\u200a", "\u2028",
		"\u2029",   "\u202f", "\u205f", "\u3000",
	};

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (strlen(blanks[i]) == length &&
		    memcmp(blanks[i], text, length) == 0)
			return true;
	return false;
}

/* What stands in a line for the character at text; or length is kept. */
static char replacement(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;

	if (length == 0)
		return '?';
	if (is_wide_blank(text, length))
		return ' ';
	if (length == 1 && (bytes[0] < ' ' || bytes[0] == 0x7f))
		return '?';
	/* U+0080 to U+009F are control characters, too. */
	if (length == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0)
		return '?';
	return 0;
}

char *export_line(const char *text, char out[EXPORT_LINE_SIZE])
{
	size_t left = text != NULL ? strlen(text) : 0, used = 0;

	while (left > 0) {
		size_t length = utf8_sequence(text, left);
		char other = replacement(text, length);
		size_t taken = length > 0 ? length : 1;
		size_t given = other != 0 ? 1 : length;

		if (used + given >= EXPORT_LINE_SIZE)
			break;
		if (other == 0)
			memcpy(out + used, text, given);
		else
			out[used] = other;
		if (used > 0 || out[0] != ' ')
			used += given;
		text += taken;
		left -= taken;
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	out[used] = 0;
	return out;
}

char *export_run_line(const struct results_file *file, const char *path,
		      char out[EXPORT_LINE_SIZE])
{
	return export_line(json_text(file->run, path, NULL), out);
}

void export_word(const char *text, FILE *stream)
{
	for (; *text != 0; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte > ' ' && byte < 0x7f && byte != '%' && byte != '/')
			fputc(byte, stream);
		else
			fprintf(stream, "%%%02X", byte);
	}
}

/* Of the same work and allocator. */
static bool is_alike(const struct results_cell *a, const struct results_cell *b)
{
	return strcmp(a->allocator, b->allocator) == 0 &&
	       strcmp(a->group->workload, b->group->workload) == 0 &&
	       a->group->thp == b->group->thp &&
	       a->group->layout == b->group->layout;
}

const char *export_role(const struct results_cell *cell,
			char text[EXPORT_ROLE_SIZE])
{
	const char *name = role_names[cell->role];

	if (cell->role == ROLE_PLANTED)
		snprintf(text, EXPORT_ROLE_SIZE, "%s-%u", name,
			 cell->planted_percent);
	else
		snprintf(text, EXPORT_ROLE_SIZE, "%s", name);
	return text;
}

void export_name(const struct results_cell *cell, FILE *stream)
{
	bool needs_role = false, needs_number = false;
	char role[EXPORT_ROLE_SIZE];

	for (unsigned int i = 0; i < cell->index; i++) {
		const struct results_cell *other = &cell->file->cells[i];

		if (!is_alike(cell, other))
			continue;
		needs_role = true;
		needs_number |= other->role == cell->role &&
				other->planted_percent == cell->planted_percent;
	}
	fputs("workload=", stream);
	export_word(cell->group->workload, stream);
	fputs("/allocator=", stream);
	export_word(cell->allocator, stream);
	if (needs_role)
		fprintf(stream, "/role=%s", export_role(cell, role));
	if (needs_number)
		fprintf(stream, "/cell=%u", cell->index);
	fprintf(stream, "/thp=%s/layout=%s", thp_names[cell->group->thp],
		layout_names[cell->group->layout]);
}

const char *export_invalid(const struct results_sample *sample,
			   char text[EXPORT_INVALID_SIZE])
{
	text[0] = 0;
	for (unsigned int i = 0; i < INVALID_COUNT; i++)
		if (sample->invalid & (1u << i))
			snprintf(text + strlen(text),
				 EXPORT_INVALID_SIZE - strlen(text), "%s%s",
				 text[0] != 0 ? ";" : "", invalid_names[i]);
	return text;
}

const char *export_taint(const struct results_sample *sample,
			 char text[EXPORT_TAINT_SIZE])
{
	text[0] = 0;
	for (unsigned int i = 0; i < TAINT_COUNT; i++)
		if (sample->taint & (1u << i))
			snprintf(text + strlen(text),
				 EXPORT_TAINT_SIZE - strlen(text), "%s%s",
				 text[0] != 0 ? ";" : "", taint_names[i]);
	/* What a later version knows. */
	if (sample->taint >> TAINT_COUNT != 0)
		snprintf(text + strlen(text), EXPORT_TAINT_SIZE - strlen(text),
			 "%sother", text[0] != 0 ? ";" : "");
	if (text[0] != 0)
		return text;
	return sample->taint_known ? "none" : NULL;
}

bool export_counts(const struct results_sample *sample)
{
	return sample->valid && sample->pass == PASS_TIMING &&
	       sample->values[FIGURE_WALL_NS] != FIGURE_ABSENT;
}
