/* drawing_latency - latency by percentile, for each kind of operation. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/histogram.h"

#include "driver/drawing_kinds.h"
#include "driver/group_units.h"
#include "driver/names.h"
#include "driver/tails.h"

#define OPERATIONS_MIN                                                         \
	1000 /* of a kind, for its 99th percentile to mean much */
#define BEYOND_MIN 10 /* operations beyond the last percentile that is drawn */
#define STEPS_PER_NINE 20
#define NAMED_MAX 4 /* saturated ones, in the two lines below a figure */

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

static bool is_of_requests(enum operation operation)
{
	return operation == OPERATION_SERVICE ||
	       operation == OPERATION_RESPONSE;
}

/* Panels of requests, or of what they are made of. 0 or -ENOMEM. */
static int write_panels(struct sheet *sheet, bool requests)
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
		if (is_of_requests((enum operation)i) != requests)
			continue;
		collect(sheet, (enum operation)i, &latencies);
		if (latencies.most > most)
			most = latencies.most;
		if (latencies.most >= OPERATIONS_MIN)
			write_panel(sheet, (enum operation)i, ++panels,
				    &latencies);
	}
	if (panels == 0)
		sheet_why_not(sheet,
			      "at most %llu %s were timed; percentiles need %d",
			      (unsigned long long)most,
			      requests ? "requests" : "operations of a kind",
			      OPERATIONS_MIN);
	sheet_note(sheet,
		   "All valid samples together; each curve ends where fewer "
		   "than %d %s lie beyond it.",
		   BEYOND_MIN, requests ? "requests" : "operations");
	free(latencies.of);
	return 0;
}

int drawing_latency(struct sheet *sheet)
{
	return write_panels(sheet, false);
}

bool drawing_has_requests(const struct results_file *file,
			  const struct results_group *group)
{
	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == group &&
		    file->cells[i].histograms[OPERATION_SERVICE].count > 0)
			return true;
	return false;
}

static void note_saturated(struct sheet *sheet)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < sheet->series_count; i++) {
		const struct sheet_series *series = &sheet->series[i];
		struct tail_loops loops = tail_open_loops(series->cell);

		if (loops.saturated == 0)
			continue;
		if (count == 0)
			sheet_note(sheet, " Saturated, so that responses grow "
					  "with the run's length: ");
		if (count++ < NAMED_MAX)
			sheet_note(sheet, "%s%s (%zu of %zu samples)",
				   count > 1 ? ", " : "", series->label,
				   loops.saturated, loops.samples);
	}
	if (count > NAMED_MAX)
		sheet_note(sheet, " and %u more", count - NAMED_MAX);
	if (count > 0)
		sheet_note(sheet, ".");
}

int drawing_requests(struct sheet *sheet)
{
	int error = write_panels(sheet, true);

	if (!error)
		note_saturated(sheet);
	return error;
}
