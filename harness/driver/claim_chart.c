/* claim_chart - the data of a claim's figure. */
#include "driver/claim_chart.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_text.h"

#define SERIES_WIDTH 48 /* characters */

void claim_chart_begin(struct claim_chart *chart, const char *title,
		       const char *axis, double mark, const char *mark_says)
{
	*chart = (struct claim_chart){.title = title,
				      .axis = axis,
				      .mark = mark,
				      .mark_says = mark_says};
	chart->points = open_memstream(&chart->data, &chart->data_size);
	chart->failed = !chart->points;
	if (chart->points)
		fputs("series\trole\tlabel\tallocator\trow\trow_name\tvalue\t"
		      "low\thigh\tmark\tmark_says\taxis\n",
		      chart->points);
}

/* From 1 on; 0: there are too many. */
static unsigned int series_of(struct claim_chart *chart, const char *name)
{
	unsigned int i = 0;

	while (i < chart->series_count && strcmp(chart->series[i], name) != 0)
		i++;
	if (i == CLAIM_CHART_SERIES_MAX)
		return 0;
	if (i == chart->series_count)
		snprintf(chart->series[chart->series_count++],
			 CLAIM_CHART_LABEL_SIZE, "%s", name);
	return i + 1;
}

void claim_chart_add(struct claim_chart *chart, const char *row,
		     const char *series, double value,
		     const struct interval *interval)
{
	char row_field[CLAIM_CHART_LABEL_SIZE], label[256],
		name[CLAIM_CHART_LABEL_SIZE];
	unsigned int number;

	if (chart->failed)
		return;
	if (!isfinite(value) || value <= 0)
		return;
	drawing_visible(series, name, sizeof(name));
	number = series_of(chart, name);
	if (number == 0)
		return;
	drawing_visible(row, row_field, sizeof(row_field));
	if (chart->rows == 0 || strcmp(chart->row, row_field) != 0) {
		chart->rows++;
		memcpy(chart->row, row_field, sizeof(row_field));
	}
	fprintf(chart->points, "%u\trow\t%s\t%s\t%u\t%s\t%.6g\t", number,
		drawing_shortened(name, SERIES_WIDTH, label, sizeof(label)),
		name, chart->rows, row_field, value);
	if (interval && interval->level > 0 && interval->low > 0)
		fprintf(chart->points, "%.6g\t%.6g\t", interval->low,
			interval->high);
	else
		fputs("\t\t", chart->points);
	if (isfinite(chart->mark))
		fprintf(chart->points, "%.6g", chart->mark);
	fprintf(chart->points, "\t%s\t%s\n",
		chart->mark_says ? chart->mark_says : "", chart->axis);
}

int claim_chart_draw(struct claim_chart *chart, struct drawing *drawing)
{
	FILE *points = chart->points;

	*drawing = (struct drawing){.kind = NULL};
	if (!points)
		return chart->failed ? -ENOMEM : 0;
	chart->points = NULL;
	chart->failed |= ferror(points) != 0;
	chart->failed |= fclose(points) != 0;
	if (chart->failed)
		return -ENOMEM;
	/* The head is one line, and each point another. */
	if (strchr(chart->data, '\n') == chart->data + chart->data_size - 1)
		return 0;
	drawing->kind = "claim";
	snprintf(drawing->title, sizeof(drawing->title), "%s", chart->title);
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	drawing->data = chart->data;
	drawing->data_size = chart->data_size;
	chart->data = NULL;
	return 0;
}

void claim_chart_free(struct claim_chart *chart)
{
	if (chart->points)
		fclose(chart->points);
	free(chart->data);
	*chart = (struct claim_chart){.title = NULL};
}
