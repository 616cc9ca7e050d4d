/* drawing_latency - latency by percentile, for each kind of operation. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/histogram.h"

#include "driver/drawing_kinds.h"
#include "driver/group_units.h"
#include "driver/names.h"

#define OPERATIONS_MIN                                                         \
	1000 /* of a kind, for its 99th percentile to mean much */
#define BEYOND_MIN 10 /* operations beyond the last percentile that is drawn */
#define STEPS_PER_NINE 20

/* All cells of a sheet, and the twin behind them; histograms of one kind. */
struct latencies {
	struct histogram *of; /* series_count + 1 of them */
	uint64_t most; /* operations of one series */
};

static void collect(const struct sheet *sheet, enum operation operation,
		    struct latencies *latencies)
{
	unsigned int i;

	latencies->most = 0;
	for (i = 0; i < sheet->series_count; i++) {
		results_histogram(sheet->series[i].cell, operation,
				  &latencies->of[i]);
		if (latencies->of[i].count > latencies->most)
			latencies->most = latencies->of[i].count;
	}
	latencies->of[i] = (struct histogram){.count = 0};
	if (sheet->twin)
		results_histogram(sheet->twin, operation, &latencies->of[i]);
}

/* 0: too few operations lie beyond it, or none was recorded. */
static double latency_ns(const struct histogram *histogram, double tail)
{
	if ((double)histogram->count < tail * BEYOND_MIN)
		return 0;
	return (double)histogram_quantile_ns(histogram, 1 - 1 / tail);
}

static void write_point(struct sheet *sheet, unsigned int number,
			enum operation operation, unsigned int panel,
			double tail, const double ns[2])
{
	sheet_row(sheet, number);
	sheet_count(sheet, panel);
	sheet_text(sheet, operation_names[operation]);
	sheet_real(sheet, tail);
	sheet_real(sheet, 100 * (1 - 1 / tail));
	sheet_time(sheet, ns[0]);
	sheet_time(sheet, number ? NAN : fmin(ns[0], ns[1]));
	sheet_time(sheet, number ? NAN : fmax(ns[0], ns[1]));
	sheet_row_end(sheet);
}

/* A series' curve; number 0: the reference's and the twin's, as a band. */
static void write_curve(struct sheet *sheet, unsigned int number,
			enum operation operation, unsigned int panel,
			const struct histogram *histograms[2])
{
	unsigned int step;
	double tail, ns[2];

	for (step = 0;; step++) {
		tail = pow(10, (double)step / STEPS_PER_NINE);
		ns[0] = latency_ns(histograms[0], tail);
		ns[1] = latency_ns(histograms[1], tail);
		if (ns[0] <= 0 || ns[1] <= 0)
			return;
		write_point(sheet, number, operation, panel, tail, ns);
	}
}

static void write_panel(struct sheet *sheet, enum operation operation,
			unsigned int panel, const struct latencies *latencies)
{
	const struct histogram *of = latencies->of;
	unsigned int i;

	for (i = 0; i < sheet->series_count; i++)
		if (sheet->twin && sheet->series[i].cell == sheet->reference)
			write_curve(sheet, 0, operation, panel,
				    (const struct histogram *[2]){
					    &of[i], &of[sheet->series_count]});
	for (i = 0; i < sheet->series_count; i++)
		write_curve(sheet, i + 1, operation, panel,
			    (const struct histogram *[2]){&of[i], &of[i]});
}

int drawing_latency(struct sheet *sheet)
{
	struct latencies latencies = {
		.of = calloc(sheet->series_count + 1, sizeof(*latencies.of))};
	unsigned int i, panels = 0;
	uint64_t most = 0;

	if (!latencies.of)
		return -ENOMEM;
	sheet->unit = group_units_of_call(sheet->file);
	sheet_header(sheet, "panel\tpanel_name\ttail\tpercentile\tlatency_ns\t"
			    "low_ns\thigh_ns");
	for (i = 0; i < OPERATION_COUNT; i++) {
		collect(sheet, (enum operation)i, &latencies);
		if (latencies.most > most)
			most = latencies.most;
		if (latencies.most >= OPERATIONS_MIN)
			write_panel(sheet, (enum operation)i, ++panels,
				    &latencies);
	}
	if (panels == 0)
		sheet_why_not(sheet,
			      "at most %llu operations of a kind were timed; "
			      "percentiles need %d",
			      (unsigned long long)most, OPERATIONS_MIN);
	sheet_note(sheet,
		   "All valid samples together; each curve ends where fewer "
		   "than %d operations lie beyond it.",
		   BEYOND_MIN);
	free(latencies.of);
	return 0;
}
