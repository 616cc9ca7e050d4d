/*
 * claim_chart - a claim's evidence as a figure: a number with its interval for
 * each row and series, and the mark that decides. plot/claim.gp draws it.
 */
#ifndef REGROW_CLAIM_CHART_H
#define REGROW_CLAIM_CHART_H

#include <stdbool.h>
#include <stdio.h>

#include "driver/drawing.h"
#include "driver/stats.h"

#define CLAIM_CHART_SERIES_MAX 10
#define CLAIM_CHART_LABEL_SIZE 96 /* bytes; what is longer is cut */

/* Zeroed: none. From its beginning on it must stay where it is. */
struct claim_chart {
	const char *title; /* literals; NULL: no chart */
	const char *axis; /* what the numbers are */
	const char *mark_says; /* what lies on one side of it */
	double mark; /* NaN: none */
	FILE *points;
	char *data; /* malloc'ed */
	size_t data_size;
	unsigned int rows;
	unsigned int series_count;
	char series[CLAIM_CHART_SERIES_MAX][CLAIM_CHART_LABEL_SIZE];
	char row[CLAIM_CHART_LABEL_SIZE]; /* the last one */
	bool failed; /* no memory for some point */
};

/* mark_says: NULL with a mark of NaN. */
void claim_chart_begin(struct claim_chart *chart, const char *title,
		       const char *axis, double mark, const char *mark_says);
/*
 * A point of a series in a row; rows and series stand in the order in which they
 * come first, rows of one name one after the other. Ignored: what is not above 0,
 * and more than CLAIM_CHART_SERIES_MAX series. interval: NULL or level 0: none.
 */
void claim_chart_add(struct claim_chart *chart, const char *row,
		     const char *series, double value,
		     const struct interval *interval);
/*
 * The drawing of it, which takes its data; kind NULL: there is no point. Its
 * workload, machine and note are the caller's. 0 or -ENOMEM.
 */
int claim_chart_draw(struct claim_chart *chart, struct drawing *drawing);
void claim_chart_free(struct claim_chart *chart);

#endif
