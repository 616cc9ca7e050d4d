/* table_verdicts - a table's ratios, at the level at which they hold together. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "driver/cells.h"
#include "driver/table_rows.h"

static void ratio_fill(struct table_row *row, const struct table_row *reference,
		       enum figure_index clock, double level,
		       const struct table_scratch *scratch)
{
	struct row_ratio *ratio = &row->ratio;
	size_t count =
		results_pair_values(row->cell, reference->cell, PASS_TIMING,
				    clock, scratch->a, scratch->b);

	ratio->median =
		stats_paired_ratio(scratch->a, scratch->b, count, level,
				   scratch->c, &ratio->interval, &ratio->pairs);
	ratio->p = stats_sign_p(scratch->c, ratio->pairs, 0);
}

/* Of all groups; a group's reference and its floor have none. */
static void ratios_fill(struct table *table, double level,
			const struct table_scratch *scratch)
{
	for (unsigned int i = 0; i < table->groups_count; i++) {
		struct table_group *group = &table->groups[i];
		const struct table_row *reference =
			table_row_of(group, ROLE_REFERENCE);

		for (unsigned int j = 0; reference && j < group->rows_count;
		     j++)
			if (&group->rows[j] != reference)
				ratio_fill(&group->rows[j], reference,
					   group->clock, level, scratch);
	}
}

/* Rows whose time says something of what they are named after. */
static unsigned int rows_choose(struct table *table)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < table->groups_count; i++) {
		struct table_group *group = &table->groups[i];

		for (unsigned int j = 0; j < group->rows_count; j++) {
			struct table_row *row = &group->rows[j];

			row->judged = row->cell->role == ROLE_ROW &&
				      row->exercised && row->ratio.pairs > 0;
			count += row->judged;
		}
	}
	return count;
}

/* By the twin at a level of its own: how many rows there are is no noise. */
static void margin_choose(const struct table *table, struct table_group *group,
			  const struct table_scratch *scratch)
{
	const struct table_row *reference = table_row_of(group, ROLE_REFERENCE);
	const struct table_row *found = table_row_of(group, ROLE_TWIN);
	struct table_row twin;

	group->margin_asked = table->file->margin > 0;
	if (group->margin_asked) {
		group->margin = table->file->margin;
		return;
	}
	group->margin = verdict_margin(NULL);
	if (!found || !reference)
		return;
	twin = *found;
	ratio_fill(&twin, reference, group->clock, TABLE_LEVEL, scratch);
	group->margin = verdict_margin(&twin.ratio.interval);
}

bool table_finds(const struct table_row *planted)
{
	return verdict_finds(&planted->ratio.interval, planted->ratio.pairs);
}

/* The planted row without which nothing is believed; or NULL. */
static const struct table_row *planted_of(const struct table_group *group)
{
	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];

		if (row->cell->role == ROLE_PLANTED && row->ratio.pairs > 0 &&
		    row->cell->planted_percent == CELLS_PLANTED_PERCENT)
			return row;
	}
	return NULL;
}

static enum lowered lowered_why(const struct table_group *group)
{
	const struct table_row *planted = planted_of(group);

	if (!planted)
		return LOWERED_NOT_PLANTED;
	return table_finds(planted) ? LOWERED_NOT : LOWERED_MISSED;
}

/* Until the row can be told, and what was planted is found as well. */
static unsigned int more_of(const struct table *table,
			    const struct table_group *group,
			    const struct table_row *row)
{
	const struct table_row *planted = planted_of(group);
	const struct row_ratio *ratio = &row->ratio;
	unsigned int more = 0, missed;

	if (verdict_of(&ratio->interval, ratio->pairs, group->margin) ==
	    VERDICT_INCONCLUSIVE)
		more = verdict_rounds_more(ratio->median, &ratio->interval,
					   ratio->pairs, table->level,
					   group->margin);
	if (row->lowered != LOWERED_MISSED)
		return more;
	ratio = &planted->ratio;
	missed = verdict_rounds_more(1 + CELLS_PLANTED_PERCENT / 100.0,
				     &ratio->interval, ratio->pairs,
				     table->level, 0);
	return missed > more ? missed : more;
}

static void group_judge(const struct table *table, struct table_group *group)
{
	enum lowered lowered = lowered_why(group);

	for (unsigned int i = 0; i < group->rows_count; i++) {
		struct table_row *row = &group->rows[i];

		if (!row->judged)
			continue;
		row->lowered = lowered;
		row->verdict =
			lowered ? VERDICT_INCONCLUSIVE
				: verdict_of(&row->ratio.interval,
					     row->ratio.pairs, group->margin);
		if (row->verdict == VERDICT_INCONCLUSIVE)
			row->rounds_more = more_of(table, group, row);
	}
}

/* p of each judged row in turn, or adjusted back to them. */
static void holm_fill(struct table *table, double *p, double *adjusted)
{
	size_t count = 0;

	for (unsigned int i = 0; i < table->groups_count; i++)
		for (unsigned int j = 0; j < table->groups[i].rows_count; j++)
			if (table->groups[i].rows[j].judged)
				p[count++] = table->groups[i].rows[j].ratio.p;
	stats_holm(p, count, adjusted);
	count = 0;
	for (unsigned int i = 0; i < table->groups_count; i++)
		for (unsigned int j = 0; j < table->groups[i].rows_count; j++)
			if (table->groups[i].rows[j].judged)
				table->groups[i].rows[j].p_holm =
					adjusted[count++];
}

int table_judge(struct table *table, const struct table_scratch *scratch)
{
	double *p;

	table->level = verdict_level(0);
	/* Repetitions in one process are not the samples of an experiment. */
	if (table->file->repeat > 1)
		return 0;
	ratios_fill(table, TABLE_LEVEL, scratch);
	table->compared = rows_choose(table);
	table->level = verdict_level(table->compared);
	if (table->compared > 1)
		ratios_fill(table, table->level, scratch);
	p = calloc(2 * (size_t)table->compared + 1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	holm_fill(table, p, p + table->compared);
	free(p);
	for (unsigned int i = 0; i < table->groups_count; i++) {
		margin_choose(table, &table->groups[i], scratch);
		group_judge(table, &table->groups[i]);
	}
	return 0;
}
