/* table_trend - the drift of a run: cells whose times change their level. */
#include <stdio.h>
#include <string.h>

#include "driver/table_parts.h"
#include "driver/trend.h"

#define NOTE_MAX 1600
#define LEVELS_MAX 4 /* that a note shows; the others stand in the JSON */

/* Cells by their trend. */
struct drift {
	unsigned int cells[TREND_COUNT];
	unsigned int known;
};

/* "95.2 ms, 99.1 ms from round 8 on"; people count rounds from 1. */
static void levels_text(const struct printout *printout,
			const struct trend_series *series, char *text,
			size_t size)
{
	size_t used = 0, i;
	char time[GRID_TEXT_MAX];

	text[0] = '\0';
	for (i = 0; i < series->levels_count && i < LEVELS_MAX; i++) {
		const struct trend_level *level = &series->levels[i];

		printout_time_of(printout, TIME_OF_SAMPLE, level->median_ns,
				 time);
		if (i == 0)
			used += (size_t)snprintf(text, size, "%.16s", time);
		else
			used += (size_t)snprintf(text + used, size - used,
						 ", %.16s from round %u", time,
						 level->from + 1);
	}
	if (i < series->levels_count)
		snprintf(text + used, size - used, ", and %zu more",
			 series->levels_count - i);
}

static void drift_add(struct drift *drift, const struct trend_series *series)
{
	drift->cells[series->trend]++;
	drift->known += series->trend != TREND_UNKNOWN;
}

static bool is_drift(const struct trend_series *series)
{
	return series->trend != TREND_FLAT && series->trend != TREND_UNKNOWN;
}

void printout_print_drift(struct printout *printout,
			  const struct table_group *group)
{
	char text[NOTE_MAX] = "", levels[256];
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < group->rows_count; i++) {
		const struct results_cell *cell = group->rows[i].cell;
		struct trend_series series;

		if (trend_of_rounds(cell, group->clock, &series) != 0)
			continue;
		if (is_drift(&series) && used < sizeof(text)) {
			levels_text(printout, &series, levels, sizeof(levels));
			used += (size_t)snprintf(
				text + used, sizeof(text) - used,
				"%s%.511s%s is %s (%s)", used > 0 ? "; " : "",
				cell->allocator,
				cell->role == ROLE_TWIN ? " (twin)" : "",
				trend_names[series.trend], levels);
		}
		trend_free(&series);
	}
	if (used > 0)
		style_wrap(printout->style, EMPHASIS_NONE, "drift: ", text,
			   printout->stream);
}

static void drift_count(const struct table_group *group, struct drift *drift)
{
	unsigned int i;

	for (i = 0; i < group->rows_count; i++) {
		struct trend_series series;

		if (trend_of_rounds(group->rows[i].cell, group->clock,
				    &series) != 0)
			continue;
		if (series.count > 0)
			drift_add(drift, &series);
		trend_free(&series);
	}
}

void printout_print_drift_end(struct printout *printout)
{
	const struct table *table = printout->table;
	struct drift drift = {{0}, 0};
	unsigned int i, judged;
	char text[NOTE_MAX];

	for (i = 0; i < table->groups_count; i++)
		drift_count(&table->groups[i], &drift);
	judged = drift.known + drift.cells[TREND_UNKNOWN];
	if (judged == 0)
		return;
	if (drift.known == 0)
		snprintf(text, sizeof(text),
			 "not known: so few rounds show no change of level "
			 "(a dozen are enough for a clear one)");
	else if (drift.cells[TREND_FLAT] == drift.known)
		snprintf(text, sizeof(text),
			 "none: the times of %s%u cells are flat over the "
			 "rounds%s",
			 drift.known == judged ? "all " : "", drift.known,
			 drift.known == judged ? "" : ", the others too few");
	else
		snprintf(text, sizeof(text),
			 "%u of %u cells change their level by %.0f %% or more "
			 "over the rounds (Pettitt's test, %.0f %% each); "
			 "ratios are paired by round, which cancels what all "
			 "cells share",
			 drift.known - drift.cells[TREND_FLAT], drift.known,
			 100 * TREND_RATIO_MIN, 100 * STATS_CHANGE_ALPHA);
	style_wrap(printout->style, EMPHASIS_NONE, "drift: ", text,
		   printout->stream);
}
