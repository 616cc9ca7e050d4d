/* claim_page - the page of all claims, as Markdown and as HTML. */
#include <errno.h>

#include "driver/claim_report.h"
#include "driver/markdown.h"

static int page_end(FILE *stream)
{
	return ferror(stream) ? -EIO : 0;
}

static void markdown_table(const struct claim_table *table, FILE *stream)
{
	fputs("\n**", stream);
	markdown_text(table->title, stream);
	fputs("**\n\n", stream);
	for (unsigned int i = 0; i < table->columns; i++) {
		fputs("| ", stream);
		markdown_text(table->heads[i], stream);
		fputc(' ', stream);
	}
	fputs("|\n", stream);
	for (unsigned int i = 0; i < table->columns; i++)
		fputs("| --- ", stream);
	fputs("|\n", stream);
	for (size_t i = 0; i < table->rows; i++) {
		for (unsigned int j = 0; j < table->columns; j++) {
			fputs("| ", stream);
			markdown_text(claim_table_cell(table, i, j), stream);
			fputc(' ', stream);
		}
		fputs("|\n", stream);
	}
}

/* Code of one line may hold anything but a backquote, which no command has. */
static void markdown_code(const char *text, FILE *stream)
{
	fputc('`', stream);
	for (; *text; text++)
		fputc(*text == '`' ? '\'' : *text, stream);
	fputc('`', stream);
}

static void markdown_report(const struct claim_report *report, FILE *stream)
{
	char verdict[96];

	fprintf(stream, "\n## %s: ", report->id);
	markdown_text(
		claim_verdict_text(&report->finding, verdict, sizeof(verdict)),
		stream);
	fputs("\n\n> ", stream);
	markdown_text(report->claim, stream);
	fputs("\n\n", stream);
	markdown_text(report->finding.text, stream);
	fputs("\n\nDecided by: ", stream);
	markdown_text(report->decided_by, stream);
	fputs("\n\nAlone: ", stream);
	markdown_code(report->command, stream);
	if (report->files[0]) {
		fputs(" (read from ", stream);
		markdown_code(report->files, stream);
		fputc(')', stream);
	}
	fputc('\n', stream);
	for (unsigned int i = 0; i < report->figures_count; i++) {
		fprintf(stream, "\n![%s](<", report->id);
		markdown_html_text(report->figures[i], stream);
		fputs(".png>)\n", stream);
	}
	for (unsigned int i = 0; i < 2; i++)
		if (report->tables[i].title)
			markdown_table(&report->tables[i], stream);
}

int claim_page_markdown(const struct claim_page *page, FILE *stream)
{
	char verdict[96];

	fputs("# ", stream);
	markdown_text(page->title, stream);
	fputs("\n\n", stream);
	markdown_text(page->machine, stream);
	fputs("  \n", stream);
	markdown_text(page->binary, stream);
	fputs("\n\n| | claim | here |\n| --- | --- | --- |\n", stream);
	for (unsigned int i = 0; i < page->count; i++) {
		const struct claim_report *report = &page->reports[i];

		fprintf(stream, "| %s | ", report->id);
		markdown_text(report->claim, stream);
		fputs(" | **", stream);
		markdown_text(claim_verdict_text(&report->finding, verdict,
						 sizeof(verdict)),
			      stream);
		fputs("** |\n", stream);
	}
	for (unsigned int i = 0; i < page->count; i++)
		markdown_report(&page->reports[i], stream);
	return page_end(stream);
}

/* An element with text in it. */
static void element(const char *name, const char *text, FILE *stream)
{
	fprintf(stream, "<%s>", name);
	markdown_html_text(text, stream);
	fprintf(stream, "</%s>\n", name);
}

static void html_table(const struct claim_table *table, FILE *stream)
{
	fputs("<table>\n", stream);
	element("caption", table->title, stream);
	fputs("<tr>", stream);
	for (unsigned int i = 0; i < table->columns; i++)
		element("th", table->heads[i], stream);
	fputs("</tr>\n", stream);
	for (size_t i = 0; i < table->rows; i++) {
		fputs("<tr>", stream);
		for (unsigned int j = 0; j < table->columns; j++)
			element("td", claim_table_cell(table, i, j), stream);
		fputs("</tr>\n", stream);
	}
	fputs("</table>\n", stream);
}

static void html_report(const struct claim_report *report, FILE *stream)
{
	static const char *const classes[CLAIM_VERDICTS] = {
		[CLAIM_UNTOLD] = "untold",
		[CLAIM_HOLDS] = "holds",
		[CLAIM_PARTLY] = "partly",
		[CLAIM_FAILS] = "fails",
	};
	char verdict[96];

	fprintf(stream, "<section id=\"%s\">\n<h2>%s: <span class=\"%s\">",
		report->id, report->id, classes[report->finding.verdict]);
	markdown_html_text(
		claim_verdict_text(&report->finding, verdict, sizeof(verdict)),
		stream);
	fputs("</span></h2>\n", stream);
	element("blockquote", report->claim, stream);
	element("p", report->finding.text, stream);
	fputs("<p>Decided by: ", stream);
	markdown_html_text(report->decided_by, stream);
	fputs("</p>\n<p>Alone: <code>", stream);
	markdown_html_text(report->command, stream);
	fputs("</code>", stream);
	if (report->files[0]) {
		fputs(" (read from <code>", stream);
		markdown_html_text(report->files, stream);
		fputs("</code>)", stream);
	}
	fputs("</p>\n", stream);
	for (unsigned int i = 0; i < report->figures_count; i++) {
		fputs("<img src=\"", stream);
		markdown_html_text(report->figures[i], stream);
		fprintf(stream, ".svg\" alt=\"%s\">\n", report->id);
	}
	for (unsigned int i = 0; i < 2; i++)
		if (report->tables[i].title)
			html_table(&report->tables[i], stream);
	fputs("</section>\n", stream);
}

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<style>\n"
	"body { max-width: 60em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 "
	"sans-serif; color: #222; background: #fff }\n"
	"table { border-collapse: collapse; margin: 1em 0; font-size: 14px }\n"
	"caption { text-align: left; font-weight: bold }\n"
	"th, td { border-bottom: 1px solid #ccc; padding: 2px 10px; text-align: "
	"left }\n"
	"img { max-width: 100% }\n"
	"blockquote { margin-left: 0; padding-left: 1em; border-left: 3px solid "
	"#ccc; color: #555 }\n"
	".holds { color: #0072b2 } .fails { color: #d55e00 }\n"
	".partly { color: #8a6d00 } .untold { color: #666 }\n"
	"</style>\n";

int claim_page_html(const struct claim_page *page, FILE *stream)
{
	char verdict[96];

	fputs(head, stream);
	element("title", page->title, stream);
	fputs("</head>\n<body>\n", stream);
	element("h1", page->title, stream);
	element("p", page->machine, stream);
	element("p", page->binary, stream);
	fputs("<table>\n", stream);
	for (unsigned int i = 0; i < page->count; i++) {
		const struct claim_report *report = &page->reports[i];

		fprintf(stream, "<tr><td><a href=\"#%s\">%s</a></td>",
			report->id, report->id);
		element("td", report->claim, stream);
		element("td",
			claim_verdict_text(&report->finding, verdict,
					   sizeof(verdict)),
			stream);
		fputs("</tr>\n", stream);
	}
	fputs("</table>\n", stream);
	for (unsigned int i = 0; i < page->count; i++)
		html_report(&page->reports[i], stream);
	fputs("</body>\n</html>\n", stream);
	return page_end(stream);
}
