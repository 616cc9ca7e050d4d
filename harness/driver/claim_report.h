/*
 * claim_report - a claim's verdict with its evidence, as a table of text; and the
 * page of all of them, as Markdown, HTML, JSON and on a terminal.
 */
#ifndef REGROW_CLAIM_REPORT_H
#define REGROW_CLAIM_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "driver/claim_chart.h"
#include "driver/claims.h"
#include "driver/json.h"
#include "driver/style.h"

#define CLAIM_COLUMNS_MAX 10
#define CLAIM_CELL_SIZE 96 /* bytes; what is longer is cut */
#define CLAIM_FIGURES_MAX 6

/* Zeroed: no table. */
struct claim_table {
	const char *title; /* a literal; NULL: no table */
	const char *heads[CLAIM_COLUMNS_MAX]; /* literals; ended by NULL */
	unsigned int columns;
	size_t rows;
	size_t room;
	char *cells; /* rows times columns of CLAIM_CELL_SIZE; malloc'ed */
	bool failed; /* no memory for some row */
};

void claim_table_begin(struct claim_table *table, const char *title,
		       const char *const *heads);
/* A row of empty cells. */
void claim_table_row(struct claim_table *table);
/* The text of a cell of the last row. */
__attribute__((format(printf, 3, 4))) void
claim_table_set(struct claim_table *table, unsigned int column,
		const char *format, ...);
/* "0.934 (0.921 to 0.950)"; "-" where the median is no number. */
void claim_table_interval(struct claim_table *table, unsigned int column,
			  double median, const struct interval *interval);
const char *claim_table_cell(const struct claim_table *table, size_t row,
			     unsigned int column);
void claim_table_free(struct claim_table *table);

struct claim_report {
	const char *id; /* "T1" */
	const char *claim; /* a sentence */
	const char *decided_by; /* a sentence */
	struct claim_finding finding;
	struct claim_table tables[2];
	struct claim_chart chart; /* zeroed: the figures say it */
	const char *command; /* what reproduces it alone */
	unsigned int figures_count;
	/* Paths from the page's folder, without .svg or .png. */
	char figures[CLAIM_FIGURES_MAX][192];
	char files[256]; /* the results files it is read from */
};

struct claim_page {
	const char *title;
	const char *machine; /* one line */
	const char *binary; /* what measured: version, when */
	unsigned int count;
	struct claim_report *reports;
};

/* "holds for these sizes". */
const char *claim_verdict_text(const struct claim_finding *finding, char *text,
			       size_t size);

/* Whatever comes from files is escaped. 0, or -errno of the stream. */
int claim_page_markdown(const struct claim_page *page, FILE *stream);
int claim_page_html(const struct claim_page *page, FILE *stream);
/* Verdicts and what was found; tables are on the page. */
int claim_page_text(const struct claim_page *page, const struct style *style,
		    FILE *stream);
struct json *claim_page_json(const struct claim_page *page);

#endif
