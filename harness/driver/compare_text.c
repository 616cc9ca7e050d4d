/* compare_text - a comparison's numbers as tables show them. */
#include "driver/compare_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/names.h"
#include "driver/table_parts.h"

static const char *dash(bool utf8)
{
	const struct style style = {.utf8 = utf8};

	return style_range(&style);
}

const char *compare_unit(const struct comparison *comparison, double count)
{
	if (comparison->runs)
		return count == 1 ? "run" : "runs";
	return count == 1 ? "sample" : "samples";
}

/* As tables have room for it; what is a thousandth needs no digits. */
static void ratio_text(double ratio, char *text)
{
	if (isfinite(ratio) && ratio < 0.0005)
		snprintf(text, COMPARE_TEXT_MAX, "<0.001");
	else if (isfinite(ratio) && ratio < 0.1)
		snprintf(text, COMPARE_TEXT_MAX, "%.3f", ratio);
	else
		printout_ratio(ratio, text);
}

void compare_text_ratio(const struct compare_ratio *ratio, bool utf8,
			char *text)
{
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	ratio_text(ratio->median, median);
	ratio_text(ratio->interval.low, low);
	ratio_text(ratio->interval.high, high);
	if (!isfinite(ratio->median))
		snprintf(text, COMPARE_TEXT_MAX, "-");
	else if (ratio->interval.level > 0)
		snprintf(text, COMPARE_TEXT_MAX, "%.12s (%.12s%s%.12s)", median,
			 low, dash(utf8), high);
	else
		snprintf(text, COMPARE_TEXT_MAX, "%.12s (too few)", median);
}

void compare_text_p(double p, char *text)
{
	if (!isfinite(p))
		snprintf(text, COMPARE_TEXT_MAX, "-");
	else if (p < 0.001)
		snprintf(text, COMPARE_TEXT_MAX, "<0.001");
	else
		snprintf(text, COMPARE_TEXT_MAX, p < 0.1 ? "%.3f" : "%.2f", p);
}

void compare_text_own(const struct compare_row *row, bool utf8, char *text)
{
	if (row->base->role == ROLE_REFERENCE)
		snprintf(text, COMPARE_TEXT_MAX, "reference");
	else
		compare_text_ratio(&row->own, utf8, text);
}

void compare_text_verdict(const struct compare_row *row, char *text)
{
	if (row->base->role == ROLE_FLOOR)
		snprintf(text, COMPARE_TEXT_MAX, "floor");
	else if (!row->judged)
		snprintf(text, COMPARE_TEXT_MAX, "not exercised");
	else
		snprintf(text, COMPARE_TEXT_MAX, "%s",
			 verdict_names[row->verdict]);
}

void compare_text_block(const struct comparison *comparison,
			const struct compare_block *block, char *text,
			size_t size)
{
	const char *unit = compare_unit_name(&block->base->unit);
	const char *other = compare_unit_name(&block->new->unit);
	size_t base = 0, new = 0;
	char units[120] = "";

	for (unsigned int i = 0; i < block->rows_count; i++) {
		const struct compare_row *row = &block->rows[i];

		base = row->base_units > base ? row->base_units : base;
		new = row->new_units > new ? row->new_units : new;
	}
	if (!compare_units_agree(&block->base->unit, &block->new->unit))
		snprintf(units, sizeof(units), ", in %s and %s", unit, other);
	else if (block->base->unit.name != NULL)
		snprintf(units, sizeof(units), ", in %s", unit);
	snprintf(text, size,
		 "%.511s, %s, clock: %s%s, unpaired: %zu and %zu %s",
		 block->base->workload,
		 names_mode(block->base->thp, block->base->layout),
		 block->clock == CLOCK_CPU ? "CPU time of the thread" : "wall",
		 units, base, new, compare_unit(comparison, (double)new));
}

/* A value that varies, in a unit that people read. */
static void varying_text(double value, enum figure_unit unit, char *text)
{
	if (unit == UNIT_BYTES)
		printout_size(value, text);
	else
		printout_count(value, text);
}

/* Takes the unit off, where it is that of another text. */
static void drop_unit(char *text, const char *like)
{
	const char *unit = strrchr(like, ' ');
	char *own = strrchr(text, ' ');

	if (unit != NULL && own != NULL && strcmp(unit, own) == 0)
		*own = 0;
}

void compare_text_count(const struct compare_count *count,
			enum figure_unit unit, bool utf8, char *text)
{
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	if (count->units == 0) {
		snprintf(text, COMPARE_TEXT_MAX, "-");
		return;
	}
	if (count->min == count->max) {
		snprintf(text, COMPARE_TEXT_MAX, "%" PRId64, count->min);
		return;
	}
	varying_text(count->median, unit, median);
	varying_text((double)count->min, unit, low);
	varying_text((double)count->max, unit, high);
	drop_unit(low, high);
	drop_unit(high, median);
	snprintf(text, COMPARE_TEXT_MAX, "%.20s (%.20s%s%.20s)", median, low,
		 dash(utf8), high);
}

void compare_text_change(const struct compare_row *row, int count, char *text)
{
	const struct compare_count *base = &row->base->counts[count];
	const struct compare_count *new = &row->new->counts[count];
	char factor[GRID_TEXT_MAX];

	switch (row->changes[count]) {
	case COMPARE_NOT_MEASURED:
		snprintf(text, COMPARE_TEXT_MAX, "-");
		break;
	case COMPARE_EQUAL:
		snprintf(text, COMPARE_TEXT_MAX, "same");
		break;
	case COMPARE_VARIES:
		snprintf(text, COMPARE_TEXT_MAX, "varies");
		break;
	case COMPARE_CHANGED:
		printout_ratio((double)new->min / (double)base->min, factor);
		if (base->min > 0 && new->min > 0)
			snprintf(text, COMPARE_TEXT_MAX, "x%.20s", factor);
		else
			snprintf(text, COMPARE_TEXT_MAX, "%+.0f",
				 (double)new->min - (double)base->min);
		break;
	}
}

bool compare_count_is_shown(const struct compare_row *row, int count)
{
	const struct compare_count *base = &row->base->counts[count];
	const struct compare_count *new = &row->new->counts[count];

	if (row->changes[count] == COMPARE_VARIES)
		return base->median != new->median || base->min != new->min ||
		       base->max != new->max;
	return row->changes[count] == COMPARE_CHANGED;
}
