/* drawing_rounds - every sample in the order of the run. */
#include <errno.h>
#include <math.h>

#include "driver/drawing_kinds.h"
#include "driver/names.h"

enum status { STATUS_GOOD, STATUS_INVALID, STATUS_FAILED };

static enum status status_of(const struct results_sample *sample)
{
	if (sample->outcome != SAMPLE_OK)
		return STATUS_FAILED;
	return sample->valid ? STATUS_GOOD : STATUS_INVALID;
}

/* The reference's sample of the same round; NULL: there is no pair. */
static const struct results_sample *
partner_of(const struct sheet *sheet, const struct results_sample *sample,
	   size_t *cursor)
{
	if (!sheet->compares || !sheet->reference ||
	    !sheet_usable(sample, PASS_TIMING))
		return NULL;
	return sheet_partner(sheet->reference, PASS_TIMING, sample->round,
			     cursor);
}

/*
 * Of a sample to its partner, or NULL, by the clock that the verdict is read
 * by; NaN: no ratio.
 */
static double ratio_of(const struct sheet *sheet,
		       const struct results_sample *sample,
		       const struct results_sample *partner)
{
	enum figure_index clock = sheet->group->clock == CLOCK_CPU
					  ? FIGURE_CPU_NS
					  : FIGURE_WALL_NS;
	int64_t ns = sample->values[clock];
	int64_t partner_ns = partner ? partner->values[clock] : 0;

	return ns > 0 && partner_ns > 0 ? (double)ns / (double)partner_ns : NAN;
}

/* "1": it was disturbed, "2": its partner was, "0"; "": nobody looked. */
static const char *taint_of(const struct results_sample *sample,
			    const struct results_sample *partner)
{
	if (sample->taint)
		return "1";
	if (partner && partner->taint)
		return "2";
	return sample->taint_known ? "0" : "";
}

struct range {
	double low;
	double high;
};

static void take_in(struct range *range, double value)
{
	range->low = fmin(range->low, value);
	range->high = fmax(range->high, value);
}

/* How far the twin's ratios reach; low above high: it has none. */
static struct range twin_range(const struct sheet *sheet)
{
	struct range range = {INFINITY, -INFINITY};
	size_t i, cursor = 0;

	for (i = 0; sheet->twin && i < sheet->twin->samples_count; i++) {
		const struct results_sample *sample = &sheet->twin->samples[i];

		take_in(&range, ratio_of(sheet, sample,
					 partner_of(sheet, sample, &cursor)));
	}
	if (range.low <= range.high)
		take_in(&range, 1);
	return range;
}

static struct range sequences(const struct sheet *sheet)
{
	struct range range = {INFINITY, -INFINITY};
	unsigned int i;
	size_t j;

	for (i = 0; i < sheet->series_count; i++) {
		const struct results_cell *cell = sheet->series[i].cell;

		for (j = 0; j < cell->samples_count; j++)
			if (cell->samples[j].pass == PASS_TIMING)
				take_in(&range,
					(double)cell->samples[j].sequence);
	}
	return range;
}

static void write_noise(struct sheet *sheet, double sequence,
			struct range range)
{
	sheet_row(sheet, 0);
	sheet_real(sheet, sequence);
	sheet_text(sheet, "");
	sheet_count(sheet, STATUS_GOOD);
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_real(sheet, range.low);
	sheet_real(sheet, range.high);
	sheet_text(sheet, clock_names[sheet->group->clock]);
	sheet_row_end(sheet);
}

static unsigned int write_series(struct sheet *sheet, unsigned int number)
{
	const struct results_cell *cell = sheet->series[number - 1].cell;
	unsigned int good = 0;
	size_t i, cursor = 0;

	for (i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		int64_t wall_ns = sample->values[FIGURE_WALL_NS];
		const struct results_sample *partner =
			partner_of(sheet, sample, &cursor);
		double ratio = ratio_of(sheet, sample, partner);

		if (sample->pass != PASS_TIMING)
			continue;
		/* The floor keeps no contents, and the reference is the 1. */
		if (cell->role == ROLE_FLOOR || cell == sheet->reference)
			ratio = NAN;
		sheet_row(sheet, number);
		sheet_real(sheet, (double)sample->sequence);
		sheet_count(sheet, sample->round);
		sheet_count(sheet, status_of(sample));
		sheet_text(sheet, taint_of(sample, partner));
		sheet_time(sheet, wall_ns > 0 ? (double)wall_ns : NAN);
		sheet_real(sheet, ratio);
		sheet_text(sheet, "");
		sheet_text(sheet, "");
		sheet_text(sheet, clock_names[sheet->group->clock]);
		sheet_row_end(sheet);
		good += status_of(sample) == STATUS_GOOD && wall_ns > 0;
	}
	return good;
}

int drawing_rounds(struct sheet *sheet)
{
	struct range range = twin_range(sheet), run = sequences(sheet);
	unsigned int i, good = 0;

	sheet_header(sheet, "sequence\tround\tstatus\ttaint\twall_ns\tratio\t"
			    "low\thigh\tclock");
	if (range.low <= range.high) {
		write_noise(sheet, run.low, range);
		write_noise(sheet, run.high, range);
	}
	for (i = 1; i <= sheet->series_count; i++)
		good += write_series(sheet, i);
	if (good == 0)
		sheet_why_not(sheet, "no valid sample was timed");
	sheet_note(sheet, "Each point is one sample, a process of its own%s.",
		   range.low <= range.high ? "; the band reaches from the "
					     "least to the greatest ratio of "
					     "the twin"
					   : "");
	return 0;
}
