/* claim_report - the table of a claim's evidence; verdicts in words and JSON. */
#include "driver/claim_report.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void claim_table_begin(struct claim_table *table, const char *title,
		       const char *const *heads)
{
	*table = (struct claim_table){.title = title};
	while (table->columns < CLAIM_COLUMNS_MAX && heads[table->columns]) {
		table->heads[table->columns] = heads[table->columns];
		table->columns++;
	}
}

static char *cell_at(const struct claim_table *table, size_t row,
		     unsigned int column)
{
	return table->cells + (row * table->columns + column) * CLAIM_CELL_SIZE;
}

void claim_table_row(struct claim_table *table)
{
	size_t bytes = (size_t)table->columns * CLAIM_CELL_SIZE;
	size_t room = 2 * table->room + 16;
	char *cells;

	if (table->rows == table->room) {
		cells = realloc(table->cells, room * bytes);
		if (!cells) {
			table->failed = true;
			return;
		}
		table->cells = cells;
		table->room = room;
	}
	memset(cell_at(table, table->rows, 0), 0, bytes);
	table->rows++;
}

void claim_table_set(struct claim_table *table, unsigned int column,
		     const char *format, ...)
{
	va_list arguments;

	if (table->rows == 0 || table->failed || column >= table->columns)
		return;
	va_start(arguments, format);
	vsnprintf(cell_at(table, table->rows - 1, column), CLAIM_CELL_SIZE,
		  format, arguments);
	va_end(arguments);
}

void claim_table_interval(struct claim_table *table, unsigned int column,
			  double median, const struct interval *interval)
{
	if (!isfinite(median))
		claim_table_set(table, column, "-");
	else if (interval->level > 0)
		claim_table_set(table, column, "%.3f (%.3f to %.3f)", median,
				interval->low, interval->high);
	else
		claim_table_set(table, column, "%.3f (too few rounds)", median);
}

const char *claim_table_cell(const struct claim_table *table, size_t row,
			     unsigned int column)
{
	return cell_at(table, row, column);
}

void claim_table_free(struct claim_table *table)
{
	free(table->cells);
	*table = (struct claim_table){0};
}

const char *claim_verdict_text(const struct claim_finding *finding, char *text,
			       size_t size)
{
	snprintf(text, size, "%s%s%s", claim_verdict_names[finding->verdict],
		 finding->verdict == CLAIM_PARTLY && finding->of ? " " : "",
		 finding->verdict == CLAIM_PARTLY && finding->of ? finding->of
								 : "");
	return text;
}

int claim_page_text(const struct claim_page *page, const struct style *style,
		    FILE *stream)
{
	char verdict[96], lead[128];

	style_wrap(style, EMPHASIS_FAINT, "", page->binary, stream);
	style_wrap(style, EMPHASIS_FAINT, "", page->machine, stream);
	for (unsigned int i = 0; i < page->count; i++) {
		const struct claim_report *report = &page->reports[i];

		fputc('\n', stream);
		snprintf(lead, sizeof(lead), "%s  ", report->id);
		style_wrap(style, EMPHASIS_STRONG, lead, report->claim, stream);
		style_wrap(style, EMPHASIS_STRONG, "    ",
			   claim_verdict_text(&report->finding, verdict,
					      sizeof(verdict)),
			   stream);
		style_wrap(style, EMPHASIS_NONE, "    ", report->finding.text,
			   stream);
	}
	return ferror(stream) ? -EIO : 0;
}

static void table_to_json(const struct claim_table *table, struct json *list)
{
	struct json *json = json_append_object(list), *rows, *cells;

	json_add_text(json, "title", table->title);
	cells = json_add_array(json, "columns");
	for (unsigned int i = 0; i < table->columns; i++)
		json_append_text(cells, table->heads[i]);
	rows = json_add_array(json, "rows");
	for (size_t i = 0; i < table->rows; i++) {
		cells = json_append_array(rows);
		for (unsigned int j = 0; j < table->columns; j++)
			json_append_text(cells, claim_table_cell(table, i, j));
	}
}

struct json *claim_page_json(const struct claim_page *page)
{
	struct json *json = json_new_object(), *list, *one, *tables, *pictures;
	char verdict[96];

	if (!json)
		return NULL;
	json_add_text(json, "machine", page->machine);
	json_add_text(json, "binary", page->binary);
	list = json_add_array(json, "claims");
	for (unsigned int i = 0; i < page->count; i++) {
		const struct claim_report *report = &page->reports[i];

		one = json_append_object(list);
		json_add_text(one, "id", report->id);
		json_add_text(one, "claim", report->claim);
		json_add_text(one, "verdict",
			      claim_verdict_text(&report->finding, verdict,
						 sizeof(verdict)));
		json_add_text(one, "found", report->finding.text);
		json_add_text(one, "command", report->command);
		json_add_text(one, "files", report->files);
		pictures = json_add_array(one, "figures");
		for (unsigned int j = 0; j < report->figures_count; j++)
			json_append_text(pictures, report->figures[j]);
		tables = json_add_array(one, "tables");
		for (unsigned int j = 0; j < 2; j++)
			if (report->tables[j].title)
				table_to_json(&report->tables[j], tables);
	}
	return json;
}
