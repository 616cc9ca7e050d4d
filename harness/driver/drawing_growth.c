/* drawing_growth - what a growth costs, by its new size. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/drawing_kinds.h"
#include "driver/group_units.h"

#define SIZES_MAX 64 /* powers of two */

/* What is drawn of a size class: a time per growth, in ns. */
enum cost {
	COST_GROW, /* in grow() alone */
	COST_WHOLE, /* and first touch of the new part, re-read of the old */
};

/* Values of one cell and of the one it is compared with, to be filled. */
struct scratch {
	double *values;
	double *others;
	double *work;
};

static const struct results_size *size_of(const struct results_sample *sample,
					  unsigned int log2)
{
	unsigned int i;

	for (i = 0; i < sample->sizes_count; i++)
		if (sample->sizes[i].log2 == log2 &&
		    sample->sizes[i].growths > 0)
			return &sample->sizes[i];
	return NULL;
}

/* NaN: not measured. */
static double cost_ns(const struct results_sample *sample, unsigned int log2,
		      enum cost cost)
{
	const struct results_size *size = size_of(sample, log2);
	double ns;

	if (!sheet_usable(sample, PASS_TIMING) || !size || size->grow_ns < 0)
		return NAN;
	ns = (double)size->grow_ns;
	if (cost == COST_WHOLE) {
		if (size->touch_ns < 0 || size->reread_ns < 0)
			return NAN;
		ns += (double)size->touch_ns + (double)size->reread_ns;
	}
	/* No place on a logarithmic axis. */
	return ns > 0 ? ns / (double)size->growths : NAN;
}

/* The mean new size of a class, the same in all samples; NaN: none. */
static double size_bytes(const struct results_cell *cell, unsigned int log2)
{
	const struct results_size *size;
	size_t i;

	for (i = 0; i < cell->samples_count; i++) {
		size = size_of(&cell->samples[i], log2);
		if (size && size->bytes > 0)
			return (double)size->bytes / (double)size->growths;
	}
	return NAN;
}

static struct sheet_middle cost_middle(struct sheet *sheet,
				       const struct results_cell *cell,
				       unsigned int log2, enum cost cost,
				       struct scratch *scratch)
{
	size_t i, count = 0;

	for (i = 0; i < cell->samples_count; i++) {
		double ns = cost_ns(&cell->samples[i], log2, cost);

		if (!isnan(ns))
			scratch->values[count++] = ns;
	}
	return sheet_middle(sheet, scratch->values, count);
}

/* Of a cell to the reference, paired by round. */
static struct sheet_middle cost_ratio(struct sheet *sheet,
				      const struct results_cell *cell,
				      unsigned int log2, enum cost cost,
				      struct scratch *scratch)
{
	size_t i, cursor = 0, count = 0;

	for (i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i], *other;
		double ns = cost_ns(sample, log2, cost), other_ns;

		if (isnan(ns))
			continue;
		other = sheet_partner(sheet->reference, PASS_TIMING,
				      sample->round, &cursor);
		other_ns = other ? cost_ns(other, log2, cost) : NAN;
		if (isnan(other_ns))
			continue;
		scratch->values[count] = ns;
		scratch->others[count++] = other_ns;
	}
	return sheet_ratio(scratch->values, scratch->others, count,
			   scratch->work);
}

/* The reference's median, and how far the twin says it could reach. */
static void write_noise(struct sheet *sheet, unsigned int log2,
			struct scratch *scratch)
{
	struct sheet_middle grow, ratio, whole;
	double bytes = size_bytes(sheet->reference, log2);

	grow = cost_middle(sheet, sheet->reference, log2, COST_GROW, scratch);
	ratio = sheet_noise(
		cost_ratio(sheet, sheet->twin, log2, COST_GROW, scratch));
	whole = sheet_noise(
		cost_ratio(sheet, sheet->twin, log2, COST_WHOLE, scratch));
	if (isnan(bytes) || grow.count == 0 || ratio.count == 0)
		return;
	sheet->unit = group_units_of_growth(sheet->file, bytes);
	sheet_row(sheet, 0);
	sheet_real(sheet, bytes);
	sheet_count(sheet, ratio.count);
	sheet_time(sheet, grow.median);
	sheet_time(sheet, grow.median * ratio.low);
	sheet_time(sheet, grow.median * ratio.high);
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	if (!sheet->compares || whole.count == 0)
		whole.low = whole.high = NAN;
	sheet_real(sheet, sheet->compares ? 1 : NAN);
	sheet_real(sheet, whole.low);
	sheet_real(sheet, whole.high);
	sheet_row_end(sheet);
}

static bool write_point(struct sheet *sheet, unsigned int number,
			unsigned int log2, struct scratch *scratch)
{
	const struct results_cell *cell = sheet->series[number - 1].cell;
	struct sheet_middle none = {0, NAN, NAN, NAN}, ratio = none;
	struct sheet_middle grow =
		cost_middle(sheet, cell, log2, COST_GROW, scratch);
	double bytes = size_bytes(cell, log2);

	if (grow.count == 0 || isnan(bytes))
		return false;
	/* The floor keeps no contents: its ratio would compare nothing. */
	if (sheet->compares && sheet->reference && cell != sheet->reference &&
	    cell->role != ROLE_FLOOR)
		ratio = cost_ratio(sheet, cell, log2, COST_WHOLE, scratch);
	sheet->unit = group_units_of_growth(sheet->file, bytes);
	sheet_row(sheet, number);
	sheet_real(sheet, bytes);
	sheet_count(sheet, grow.count);
	sheet_middle_times(sheet, grow);
	sheet_middle_times(sheet,
			   cost_middle(sheet, cell, log2, COST_WHOLE, scratch));
	sheet_middle_fields(sheet, ratio);
	sheet_row_end(sheet);
	return true;
}

int drawing_growth_cost(struct sheet *sheet)
{
	size_t room = sheet->samples_max + 1;
	double *values = calloc(3 * room, sizeof(*values));
	struct scratch scratch = {values, values + room, values + 2 * room};
	unsigned int i, log2, points = 0;

	if (!values)
		return -ENOMEM;
	sheet->unit = group_units_of_growth(sheet->file, 1);
	sheet_header(sheet, "size_bytes\tsamples\t"
			    "grow_ns\tgrow_low_ns\tgrow_high_ns\t"
			    "cost_ns\tcost_low_ns\tcost_high_ns\t"
			    "ratio\tratio_low\tratio_high");
	for (log2 = 0; log2 < SIZES_MAX && sheet->reference && sheet->twin;
	     log2++)
		write_noise(sheet, log2, &scratch);
	for (i = 1; i <= sheet->series_count; i++)
		for (log2 = 0; log2 < SIZES_MAX; log2++)
			points += write_point(sheet, i, log2, &scratch);
	if (points == 0)
		sheet_why_not(sheet, "no growth was timed in a valid sample");
	sheet_note_middles(sheet);
	free(values);
	return 0;
}
