/* drawing_phases - what the time of a sample went to, stacked. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/units.h"

#include "driver/drawing_kinds.h"
#include "driver/names.h"

/* The medians of a cell's phases; all NaN where it has no sample. */
struct stack {
	double ns[PHASE_COUNT];
	double total_ns;
	size_t samples;
};

static struct stack stack_of(struct sheet *sheet,
			     const struct results_cell *cell, double *values)
{
	struct stack stack = {.samples = 0};
	unsigned int i;

	for (i = 0; i < PHASE_COUNT; i++) {
		enum figure_index figure =
			(enum figure_index)(FIGURE_PHASES + i);
		size_t count = results_cell_values(cell, PASS_TIMING, figure,
						   values, NULL);

		if (count == 0)
			continue;
		stack.ns[i] =
			fmax(sheet_middle(sheet, values, count).median, 0);
		stack.total_ns += stack.ns[i];
		stack.samples = count;
	}
	return stack;
}

/* All phases of a sample, and NaN where one is not known. */
static double total_ns(const struct results_sample *sample)
{
	double total = 0;
	unsigned int i;

	if (!sheet_usable(sample, PASS_TIMING))
		return NAN;
	for (i = 0; i < PHASE_COUNT; i++) {
		int64_t ns = sample->values[FIGURE_PHASES + i];

		if (ns == FIGURE_ABSENT)
			return NAN;
		total += (double)ns;
	}
	return total;
}

/* How the twin's total compares with the reference's, by round. */
static struct sheet_middle twin_ratio(const struct sheet *sheet, double *values)
{
	double *others = values + sheet->samples_max;
	size_t i, cursor = 0, count = 0;

	for (i = 0; i < sheet->twin->samples_count; i++) {
		const struct results_sample *twin = &sheet->twin->samples[i];
		const struct results_sample *other;
		double ns = total_ns(twin);

		if (isnan(ns))
			continue;
		other = sheet_partner(sheet->reference, PASS_TIMING,
				      twin->round, &cursor);
		if (!other || isnan(total_ns(other)))
			continue;
		values[count] = ns;
		others[count++] = total_ns(other);
	}
	return sheet_ratio(values, others, count,
			   values + 2 * sheet->samples_max);
}

static void write_noise(struct sheet *sheet, double *values)
{
	struct stack stack = stack_of(sheet, sheet->reference, values);
	struct sheet_middle ratio = sheet_noise(twin_ratio(sheet, values));

	if (stack.samples == 0 || ratio.count == 0)
		return;
	sheet_row(sheet, 0);
	sheet_count(sheet, 0);
	sheet_text(sheet, "all");
	sheet_count(sheet, ratio.count);
	sheet_time(sheet, stack.total_ns);
	sheet_time(sheet, stack.total_ns * ratio.low);
	sheet_time(sheet, stack.total_ns * ratio.high);
	sheet_text(sheet, "");
	sheet_text(sheet, "");
	sheet_time(sheet, stack.total_ns);
	sheet_text(sheet, "");
	sheet_row_end(sheet);
}

static void write_stack(struct sheet *sheet, unsigned int number,
			const struct stack *stack, const bool used[PHASE_COUNT])
{
	char text[UNITS_TEXT_SIZE];
	double from_ns = 0, to_ns;
	unsigned int i;

	sheet_time_text(sheet, stack->total_ns, text);
	for (i = 0; i < PHASE_COUNT; i++) {
		if (!used[i])
			continue;
		to_ns = from_ns + stack->ns[i];
		sheet_row(sheet, number);
		sheet_count(sheet, i + 1);
		sheet_text(sheet, phase_names[i]);
		sheet_count(sheet, stack->samples);
		sheet_time(sheet, stack->ns[i]);
		sheet_time(sheet, from_ns);
		sheet_time(sheet, to_ns);
		sheet_real(sheet, from_ns / stack->total_ns);
		sheet_real(sheet, to_ns / stack->total_ns);
		sheet_time(sheet, stack->total_ns);
		sheet_text(sheet, text);
		sheet_row_end(sheet);
		from_ns = to_ns;
	}
}

static bool write_stacks(struct sheet *sheet, struct stack *stacks,
			 double *values)
{
	bool used[PHASE_COUNT] = {false}, any = false;
	unsigned int i, phase;

	for (i = 0; i < sheet->series_count; i++) {
		stacks[i] = stack_of(sheet, sheet->series[i].cell, values);
		for (phase = 0; phase < PHASE_COUNT; phase++)
			used[phase] |= stacks[i].ns[phase] > 0;
		any |= stacks[i].total_ns > 0;
	}
	if (any && sheet->reference && sheet->twin)
		write_noise(sheet, values);
	for (i = 0; i < sheet->series_count; i++)
		if (stacks[i].total_ns > 0)
			write_stack(sheet, i + 1, &stacks[i], used);
	return any;
}

int drawing_phases(struct sheet *sheet)
{
	double *values = calloc(3 * sheet->samples_max + 1, sizeof(*values));
	struct stack *stacks = calloc(sheet->series_count + 1, sizeof(*stacks));
	int result = values && stacks ? 0 : -ENOMEM;

	if (result == 0) {
		sheet_header(sheet, "phase\tphase_name\tsamples\ttime_ns\t"
				    "from_ns\tto_ns\tfrom_share\tto_share\t"
				    "total_ns\ttotal");
		if (!write_stacks(sheet, stacks, values))
			sheet_why_not(sheet,
				      "no phase was timed in a valid sample");
		if (sheet->values_max > 1)
			sheet_note(sheet,
				   "Medians of %zu samples, phase by phase",
				   sheet->values_max);
		else
			sheet_note(sheet, "One sample each");
		sheet_note(sheet, "; the time of all threads together.");
	}
	free(stacks);
	free(values);
	return result;
}
