/* machines_judge - medians over runs, then over machines, and what they tell. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/machines_parts.h"
#include "driver/names.h"
#include "driver/verdict.h"

const char *const machines_verdict_names[MACHINES_VERDICTS] = {
	"not told", "FASTER", "SLOWER", "SAME", "by kernel", "not exercised",
};

#define EXERCISED_MIN 0.05 /* of a row's growths; as within a run */

const struct machines_cell *machines_cell(const struct machines_group *group,
					  unsigned int row)
{
	return row < group->cells_count && group->cells[row].count > 0
		       ? &group->cells[row]
		       : NULL;
}

static bool is_same_work(const struct machines_block *a,
			 const struct machines_block *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       strcmp(a->workload, b->workload) == 0;
}

/* In what a block's work is other than that of most runs. */
static void reason_of(const struct machines_block *block,
		      const struct machines_block *most, char *text,
		      size_t size)
{
	int used = snprintf(text, size, "%.300s, %s: ", block->workload,
			    names_mode(block->thp, block->layout));

	if (block->digest[0] == '\0' && most->digest[0] != '\0')
		snprintf(text + used, size - (size_t)used,
			 "no sample of the reference was good");
	else if (block->seed != most->seed)
		snprintf(text + used, size - (size_t)used,
			 "seed %llu, where most have %llu",
			 (unsigned long long)block->seed,
			 (unsigned long long)most->seed);
	else if (strcmp(block->reference, most->reference) != 0)
		snprintf(text + used, size - (size_t)used,
			 "the reference is %.200s, where most have %.200s",
			 block->reference, most->reference);
	else if (strcmp(block->contents, most->contents) != 0)
		snprintf(text + used, size - (size_t)used,
			 "the file that it names had other contents");
	else
		snprintf(text + used, size - (size_t)used,
			 "other requests than in most runs, of the same seed "
			 "(another version of regrow?)");
}

/* The path of a run of a block is not kept; the reason says which they are. */
static int set_blocks_apart(struct machines *machines)
{
	char reason[1200];
	int error = 0;

	for (unsigned int i = 0; i < machines->blocks_count && error == 0;
	     i++) {
		struct machines_block *block = &machines->blocks[i];
		const struct machines_block *most = block;

		for (unsigned int j = 0; j < machines->blocks_count; j++)
			if (is_same_work(&machines->blocks[j], block) &&
			    (machines->blocks[j].runs > most->runs ||
			     (machines->blocks[j].runs == most->runs &&
			      &machines->blocks[j] < most)))
				most = &machines->blocks[j];
		block->apart = most != block;
		block->clock = block->clocks == 1u << CLOCK_CPU ? CLOCK_CPU
								: CLOCK_WALL;
		if (!block->apart)
			continue;
		reason_of(block, most, reason, sizeof(reason));
		error = machines_set_apart(machines, reason, "", block->runs,
					   false);
	}
	return error;
}

/* Those above 0, in scratch; how many. */
static size_t gather(const struct machines_cell *cell, enum group_clock clock,
		     bool ratios, double *scratch)
{
	size_t used = 0;

	for (unsigned int i = 0; i < cell->count; i++) {
		double value = ratios ? cell->runs[i].ratios[clock]
				      : cell->runs[i].times[clock];

		if (isfinite(value) && value > 0)
			scratch[used++] = value;
	}
	stats_sort(scratch, used);
	return used;
}

static enum machines_verdict verdict_from(const struct machines_row *row,
					  const struct machines_cell *cell,
					  double margin)
{
	static const enum machines_verdict verdicts[VERDICT_COUNT] = {
		[VERDICT_INCONCLUSIVE] = MACHINES_NOT_TOLD,
		[VERDICT_FASTER] = MACHINES_FASTER,
		[VERDICT_SLOWER] = MACHINES_SLOWER,
		[VERDICT_SAME] = MACHINES_SAME,
	};

	if (row->named && cell->reached < EXERCISED_MIN * cell->growths)
		return MACHINES_IDLE;
	/* The number of runs is looked at by the interval. */
	return verdicts[verdict_of(&cell->interval, VERDICT_PAIRS_MIN, margin)];
}

/* The medians of a cell over its runs. */
static void cell_reduce(const struct machines_block *block,
			struct machines_cell *cell, double *scratch)
{
	size_t count = gather(cell, block->clock, true, scratch);

	cell->ratio = stats_median(scratch, count);
	cell->interval = stats_median_interval(scratch, count, MACHINES_LEVEL);
	count = gather(cell, block->clock, false, scratch);
	cell->time =
		block->unit.names_differ ? NAN : stats_median(scratch, count);
}

/* The ratio on the last of a machine's kernels over that on its first. */
static double change_of(const struct machines *machines, unsigned int machine,
			unsigned int row)
{
	unsigned int first = MACHINES_NONE, last = 0;
	double before = NAN, after = NAN;

	for (unsigned int i = machines->machines[machine].last_group;
	     i != MACHINES_NONE; i = machines->groups[i].before) {
		const struct machines_group *group = &machines->groups[i];
		const struct machines_cell *cell = machines_cell(group, row);

		if (cell == NULL || !isfinite(cell->ratio))
			continue;
		if (first == MACHINES_NONE || group->kernel < first) {
			first = group->kernel;
			before = cell->ratio;
		}
		if (group->kernel >= last) {
			last = group->kernel;
			after = cell->ratio;
		}
	}
	return first != MACHINES_NONE && first < last ? after / before : NAN;
}

struct machines_value machines_value(const struct machines *machines,
				     unsigned int machine, unsigned int row)
{
	struct machines_value value = {
		NAN, {NAN, NAN, 0}, NAN, MACHINES_NOT_TOLD, 0, NAN};
	double ratios[MACHINES_KERNELS_MAX], times[MACHINES_KERNELS_MAX];
	size_t ratios_count = 0, times_count = 0;

	for (unsigned int i = machines->machines[machine].last_group;
	     i != MACHINES_NONE; i = machines->groups[i].before) {
		const struct machines_cell *cell =
			machines_cell(&machines->groups[i], row);

		if (cell == NULL)
			continue;
		if (value.kernels == 0) {
			value.verdict = cell->verdict;
			value.interval = cell->interval;
		} else {
			value.interval.level = 0;
			if (value.verdict != cell->verdict)
				value.verdict = MACHINES_BY_KERNEL;
		}
		value.kernels++;
		if (isfinite(cell->ratio))
			ratios[ratios_count++] = cell->ratio;
		if (isfinite(cell->time))
			times[times_count++] = cell->time;
	}
	stats_sort(ratios, ratios_count);
	stats_sort(times, times_count);
	value.ratio = stats_median(ratios, ratios_count);
	value.time = stats_median(times, times_count);
	value.change = change_of(machines, machine, row);
	return value;
}

/* A machine's value, to be sorted. */
struct placed {
	double value;
	unsigned int machine;
};

static int by_value(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a->machine < b->machine ? -1 : a->machine > b->machine;
}

static void spread_of(struct placed *list, size_t count, double level,
		      double *sorted, struct machines_spread *spread)
{
	qsort(list, count, sizeof(*list), by_value);
	for (size_t i = 0; i < count; i++)
		sorted[i] = list[i].value;
	*spread = (struct machines_spread){
		.machines = (unsigned int)count,
		.median = stats_median(sorted, count),
		.interval = stats_median_interval(sorted, count, level),
		.lowest = stats_quantile(sorted, count, 0),
		.quartile_low = stats_quantile(sorted, count, 0.25),
		.quartile_high = stats_quantile(sorted, count, 0.75),
		.highest = stats_quantile(sorted, count, 1),
	};
	if (count == 0)
		return;
	spread->lowest_machine = list[0].machine;
	spread->highest_machine = list[count - 1].machine;
	spread->farthest = spread->highest / spread->median >
					   spread->median / spread->lowest
				   ? spread->highest_machine
				   : spread->lowest_machine;
}

/* Room for all machines. */
struct room {
	struct placed *ratios;
	struct placed *times;
	struct placed *changes;
	double *sorted;
};

static void row_judge(struct machines *machines, unsigned int place,
		      const struct room *room)
{
	struct machines_row *row = &machines->rows[place];
	size_t ratios = 0, times = 0, changes = 0;

	for (unsigned int i = 0; i < machines->machines_count; i++) {
		struct machines_value value =
			machines_value(machines, i, place);

		if (isfinite(value.ratio)) {
			room->ratios[ratios++] =
				(struct placed){value.ratio, i};
			row->verdicts[value.verdict]++;
		}
		if (isfinite(value.time))
			room->times[times++] = (struct placed){value.time, i};
		if (isfinite(value.change))
			room->changes[changes++] =
				(struct placed){value.change, i};
	}
	spread_of(room->ratios, ratios, machines->level_effect, room->sorted,
		  &row->ratio);
	spread_of(room->times, times, machines->level_effect, room->sorted,
		  &row->time);
	spread_of(room->changes, changes, machines->level_effect, room->sorted,
		  &row->change);
}

/* By what the twins' ratios to the reference leave open, over machines. */
static void margins_set(struct machines *machines)
{
	for (unsigned int i = 0; i < machines->blocks_count; i++) {
		struct interval none = {NAN, NAN, 0};

		machines->blocks[i].margin = machines->options.margin > 0
						     ? machines->options.margin
						     : verdict_margin(&none);
	}
	for (unsigned int i = 0; i < machines->rows_count; i++)
		if (machines->rows[i].role == ROLE_TWIN &&
		    !(machines->options.margin > 0))
			machines->blocks[machines->rows[i].block].margin =
				verdict_margin(
					&machines->rows[i].ratio.interval);
}

/* Compared rows of all blocks in tables: their intervals hold together. */
static unsigned int rows_compared(const struct machines *machines)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < machines->rows_count; i++)
		count += machines->rows[i].role == ROLE_ROW &&
			 !machines->blocks[machines->rows[i].block].apart;
	return count;
}

static void cells_judge(struct machines *machines)
{
	for (unsigned int i = 0; i < machines->groups_count; i++)
		for (unsigned int j = 0; j < machines->groups[i].cells_count;
		     j++) {
			struct machines_cell *cell =
				&machines->groups[i].cells[j];
			const struct machines_row *row = &machines->rows[j];

			cell->verdict = verdict_from(
				row, cell, machines->blocks[row->block].margin);
		}
}

static unsigned int runs_most(const struct machines *machines)
{
	unsigned int most = 1;

	for (unsigned int i = 0; i < machines->groups_count; i++)
		for (unsigned int j = 0; j < machines->groups[i].cells_count;
		     j++)
			if (machines->groups[i].cells[j].count > most)
				most = machines->groups[i].cells[j].count;
	return most;
}

static int rows_judge(struct machines *machines)
{
	unsigned int count = machines->machines_count + 1;
	struct room room = {calloc(count, sizeof(struct placed)),
			    calloc(count, sizeof(struct placed)),
			    calloc(count, sizeof(struct placed)),
			    calloc(count, sizeof(double))};
	bool has_room =
		room.ratios && room.times && room.changes && room.sorted;

	for (unsigned int i = 0; i < machines->rows_count && has_room; i++)
		if (machines->rows[i].role == ROLE_TWIN)
			row_judge(machines, i, &room);
	margins_set(machines);
	cells_judge(machines);
	for (unsigned int i = 0; i < machines->rows_count && has_room; i++) {
		memset(machines->rows[i].verdicts, 0,
		       sizeof(machines->rows[i].verdicts));
		row_judge(machines, i, &room);
	}
	free(room.ratios);
	free(room.times);
	free(room.changes);
	free(room.sorted);
	return has_room ? 0 : -ENOMEM;
}

int machines_judge(struct machines *machines)
{
	double *scratch = calloc(runs_most(machines), sizeof(*scratch));
	int error = scratch != NULL ? machines_sort_kernels(machines) : -ENOMEM;

	if (error == 0)
		error = set_blocks_apart(machines);
	if (error != 0)
		goto out;
	machines->level_effect = verdict_level(rows_compared(machines));
	for (unsigned int i = 0; i < machines->groups_count; i++)
		for (unsigned int j = 0; j < machines->groups[i].cells_count;
		     j++)
			cell_reduce(&machines->blocks[machines->rows[j].block],
				    &machines->groups[i].cells[j], scratch);
	error = rows_judge(machines);
out:
	free(scratch);
	return error;
}
