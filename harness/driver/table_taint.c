/* table_taint - whether what disturbed some samples makes a difference. */
#include <stdarg.h>
#include <string.h>

#include "driver/table_parts.h"

#define NOTE_MAX 2400

static void taint_count(struct row_taint *taint,
			const struct results_sample *sample)
{
	int i;

	taint->known++;
	taint->tainted += sample->taint != 0;
	for (i = 0; i < TAINT_COUNT; i++)
		taint->by[i] += sample->taint >> i & 1u;
}

static enum agreement agreement_of(const struct row_ratio *all,
				   const struct row_ratio *clean)
{
	if (all->pairs == 0)
		return AGREEMENT_NONE;
	if (clean->pairs == all->pairs)
		return AGREEMENT_AGREES;
	if (clean->interval.level <= 0)
		return AGREEMENT_UNTOLD;
	return all->median >= clean->interval.low &&
			       all->median <= clean->interval.high
		       ? AGREEMENT_AGREES
		       : AGREEMENT_DISAGREES;
}

static void taint_fill(struct table_row *row,
		       const struct results_cell *reference,
		       enum figure_index clock, double level, double *a,
		       double *b, double *c)
{
	const struct results_cell *cell = row->cell;
	struct row_ratio *clean = &row->taint.clean;
	size_t i, count;

	for (i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].pass == PASS_TIMING &&
		    cell->samples[i].valid && cell->samples[i].taint_known)
			taint_count(&row->taint, &cell->samples[i]);
	if (row->ratio.pairs == 0)
		return;
	count = results_clean_pair_values(cell, reference, PASS_TIMING, clock,
					  a, b);
	clean->median = stats_paired_ratio(a, b, count, level, c,
					   &clean->interval, &clean->pairs);
	row->taint.agreement = agreement_of(&row->ratio, clean);
}

void table_taint_fill(struct table *table, double *a, double *b, double *c)
{
	unsigned int i, j;

	for (i = 0; i < table->groups_count; i++) {
		struct table_group *group = &table->groups[i];
		const struct table_row *reference =
			table_row_of(group, ROLE_REFERENCE);

		for (j = 0; j < group->rows_count; j++)
			taint_fill(&group->rows[j],
				   reference ? reference->cell : NULL,
				   group->clock, table->level, a, b, c);
	}
}

/* A text that grows, cut where it is full. */
struct text {
	size_t used;
	char bytes[NOTE_MAX];
};

__attribute__((format(printf, 2, 3))) static void
text_add(struct text *text, const char *format, ...)
{
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text->bytes + text->used, NOTE_MAX - text->used,
			 format, arguments);
	va_end(arguments);
	if (size > 0)
		text->used += (size_t)size;
	if (text->used >= NOTE_MAX)
		text->used = NOTE_MAX - 1;
}

/* "7 of 60 samples (probe gaps 5, switches 3)" */
static void text_add_counts(struct text *text, const struct row_taint *all)
{
	const char *gap = " (";
	int i;

	if (all->tainted == 0) {
		text_add(text, "none of %zu samples", all->known);
		return;
	}
	text_add(text, "%zu of %zu samples", all->tainted, all->known);
	for (i = 0; i < TAINT_COUNT; i++) {
		if (all->by[i] == 0)
			continue;
		text_add(text, "%s%s %zu", gap, taint_names[i], all->by[i]);
		gap = ", ";
	}
	text_add(text, "%s", gap[0] == ',' ? ")" : "");
}

/* The floor is not compared, and the reference with nothing. */
static bool is_compared(const struct table_row *row, enum agreement agreement)
{
	return row->cell->role != ROLE_FLOOR &&
	       row->cell->role != ROLE_REFERENCE &&
	       row->taint.agreement == agreement;
}

static unsigned int rows_of(const struct table_group *group,
			    enum agreement agreement)
{
	unsigned int i, count = 0;

	for (i = 0; i < group->rows_count; i++)
		count += is_compared(&group->rows[i], agreement);
	return count;
}

/* The twin and the planted go by the reference's name. */
static void text_add_name(struct text *text, const struct results_cell *cell)
{
	if (cell->role == ROLE_TWIN)
		text_add(text, "the twin");
	else if (cell->role == ROLE_PLANTED)
		text_add(text, "planted +%u %%", cell->planted_percent);
	else
		text_add(text, "%.255s", cell->allocator);
}

/* " for move: 0.51 (0.49..0.55) over 9 pairs, ..."; ratios where asked. */
static void text_add_rows(struct text *text, const struct printout *printout,
			  const struct table_group *group,
			  enum agreement agreement, bool ratios)
{
	char ratio[GRID_TEXT_MAX];
	const char *gap = " for ";
	unsigned int i;

	for (i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];
		const struct row_ratio *clean = &row->taint.clean;

		if (!is_compared(row, agreement))
			continue;
		text_add(text, "%s", gap);
		text_add_name(text, row->cell);
		gap = ", ";
		if (!ratios)
			continue;
		printout_ratio_interval(printout, clean, ratio);
		text_add(text, ": %s over %zu pairs", ratio, clean->pairs);
	}
}

/* Rows that are not named agree. */
static void text_add_agreement(struct text *text,
			       const struct printout *printout,
			       const struct table_group *group)
{
	unsigned int agree = rows_of(group, AGREEMENT_AGREES);
	unsigned int disagree = rows_of(group, AGREEMENT_DISAGREES);
	unsigned int untold = rows_of(group, AGREEMENT_UNTOLD);

	if (disagree > 0) {
		text_add(text, "; clean pairs disagree");
		text_add_rows(text, printout, group, AGREEMENT_DISAGREES, true);
	}
	if (untold > 0) {
		text_add(text, "; too few clean pairs to tell");
		if (agree + disagree > 0)
			text_add_rows(text, printout, group, AGREEMENT_UNTOLD,
				      false);
	}
	if (agree > 0 && disagree + untold == 0)
		text_add(text, "; clean pairs agree");
}

void printout_print_taint(struct printout *printout,
			  const struct table_group *group)
{
	struct row_taint all = {0};
	struct text text = {0};
	unsigned int i;
	int j;

	for (i = 0; i < group->rows_count; i++) {
		const struct row_taint *taint = &group->rows[i].taint;

		all.known += taint->known;
		all.tainted += taint->tainted;
		for (j = 0; j < TAINT_COUNT; j++)
			all.by[j] += taint->by[j];
	}
	if (all.known == 0)
		return;
	text_add_counts(&text, &all);
	if (all.tainted > 0)
		text_add_agreement(&text, printout, group);
	style_wrap(printout->style, EMPHASIS_NONE, "tainted: ", text.bytes,
		   printout->stream);
}

static void unseen_add(void *context, const char *key, const struct json *value)
{
	struct text *text = context;

	text_add(text, "%s%.40s (%.160s)", text->used > 0 ? ", " : "", key,
		 json_own_text(value, "for an unknown reason"));
}

void printout_print_unseen(struct printout *printout)
{
	const struct json *unseen =
		json_get(printout->table->file->run, "taint.not_seen");
	struct text text = {0};

	if (!json_is_object(unseen))
		return;
	json_each(unseen, unseen_add, &text);
	if (text.used > 0)
		style_wrap(printout->style, EMPHASIS_NONE,
			   "not seen: ", text.bytes, printout->stream);
}
