/* machines_tables - effects, spreads and times of a block, over machines. */
#include "driver/machines_tables.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/machines_order.h"

#define MACHINE_COLUMNS 16 /* that a machine's name gets */
#define TWIN_NAME "(the reference twice)"

static void machine_text(const struct machines *machines,
			 const struct page *page, unsigned int machine,
			 bool *named, char *text)
{
	named[machine] = true;
	page_fit(page, machines->machines[machine].name, MACHINE_COLUMNS, text);
}

static void row_begin(struct page *page, const struct machines_row *row,
		      struct grid_row *line)
{
	if (row->role == ROLE_TWIN) {
		line->emphasis = EMPHASIS_FAINT;
		snprintf(line->cells[0], GRID_TEXT_MAX, TWIN_NAME);
	} else {
		page_name(page, row->allocator, line->cells[0]);
	}
}

void machines_text_effect(const struct page *page,
			  const struct machines_spread *spread, char *text)
{
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	printout_ratio(spread->median, median);
	printout_ratio(spread->interval.low, low);
	printout_ratio(spread->interval.high, high);
	if (spread->machines == 0)
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (spread->interval.level > 0)
		snprintf(text, GRID_TEXT_MAX, "%.12s (%.12s%s%.12s)", median,
			 low, style_range(page->printout.style), high);
	else
		snprintf(text, GRID_TEXT_MAX, "%.12s (%u: too few)", median,
			 spread->machines);
}

static void quartiles_text(const struct page *page, const char *low,
			   const char *high, char *text)
{
	snprintf(text, GRID_TEXT_MAX, "%.24s%s%.24s", low,
		 style_range(page->printout.style), high);
}

/* Rows in their order; the twin, which is the noise, behind them. */
static unsigned int next_row(const struct machines *machines,
			     unsigned int block, unsigned int row)
{
	enum cell_role role =
		row == MACHINES_NONE ? ROLE_ROW : machines->rows[row].role;
	unsigned int next = machines_next_row(machines, block, role, row);

	if (next == MACHINES_NONE && role == ROLE_ROW)
		next = machines_next_row(machines, block, ROLE_TWIN,
					 MACHINES_NONE);
	return next;
}

int machines_table_effect(const struct machines *machines, struct page *page,
			  unsigned int block, bool *named)
{
	static const struct grid_column columns[] = {
		{{"", "allocator"}, true},
		{{"effect: median", "over machines"}, false},
		{{"lowest", "machine"}, false},
		{{"half of the", "machines"}, false},
		{{"highest", "machine"}, false},
		{{"farthest from", "the median"}, true},
	};
	struct grid *grid = grid_new(columns, 6);
	char low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	if (grid == NULL)
		return -ENOMEM;
	for (unsigned int i = next_row(machines, block, MACHINES_NONE);
	     i != MACHINES_NONE && grid->rows_count < GRID_ROWS_MAX;
	     i = next_row(machines, block, i)) {
		const struct machines_row *row = &machines->rows[i];
		struct grid_row *line;

		if (row->ratio.machines == 0)
			continue;
		line = grid_row(grid);
		row_begin(page, row, line);
		machines_text_effect(page, &row->ratio, line->cells[1]);
		printout_ratio(row->ratio.lowest, line->cells[2]);
		printout_ratio(row->ratio.quartile_low, low);
		printout_ratio(row->ratio.quartile_high, high);
		quartiles_text(page, low, high, line->cells[3]);
		printout_ratio(row->ratio.highest, line->cells[4]);
		machine_text(machines, page, row->ratio.farthest, named,
			     line->cells[5]);
	}
	page_grid(page, grid);
	free(grid);
	return 0;
}

int machines_table_verdicts(const struct machines *machines, struct page *page,
			    unsigned int block)
{
	static const enum machines_verdict shown[] = {
		MACHINES_FASTER,   MACHINES_SLOWER,    MACHINES_SAME,
		MACHINES_NOT_TOLD, MACHINES_BY_KERNEL, MACHINES_IDLE};
	static const struct grid_column columns[] = {
		{{"", "allocator"}, true},
		{{"", "machines"}, false},
		{{"of these", "FASTER"}, false},
		{{"", "SLOWER"}, false},
		{{"", "SAME"}, false},
		{{"", "not told"}, false},
		{{"differs by", "kernel"}, false},
		{{"not", "exercised"}, false},
	};
	struct grid *grid = grid_new(columns, 8);

	if (grid == NULL)
		return -ENOMEM;
	for (unsigned int i = next_row(machines, block, MACHINES_NONE);
	     i != MACHINES_NONE && grid->rows_count < GRID_ROWS_MAX;
	     i = next_row(machines, block, i)) {
		const struct machines_row *row = &machines->rows[i];
		struct grid_row *line;

		if (row->ratio.machines == 0)
			continue;
		line = grid_row(grid);
		row_begin(page, row, line);
		snprintf(line->cells[1], GRID_TEXT_MAX, "%u",
			 row->ratio.machines);
		for (unsigned int j = 0; j < 6; j++)
			snprintf(line->cells[2 + j], GRID_TEXT_MAX, "%u",
				 row->verdicts[shown[j]]);
	}
	page_grid(page, grid);
	free(grid);
	return 0;
}

static const enum cell_role times_of[] = {ROLE_REFERENCE, ROLE_ROW};

static void times_line(const struct machines *machines, struct page *page,
		       const struct machines_row *row, struct grid_row *line,
		       bool *named)
{
	const struct compare_unit *unit = &machines->blocks[row->block].unit;
	const struct machines_spread *time = &row->time;
	char low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	row_begin(page, row, line);
	compare_unit_time(unit, time->median, line->cells[1]);
	compare_unit_time(unit, time->lowest, line->cells[2]);
	compare_unit_time(unit, time->quartile_low, low);
	compare_unit_time(unit, time->quartile_high, high);
	quartiles_text(page, low, high, line->cells[3]);
	compare_unit_time(unit, time->highest, line->cells[4]);
	snprintf(line->cells[5], GRID_TEXT_MAX, "x%.3g",
		 time->highest / time->lowest);
	machine_text(machines, page, time->highest_machine, named,
		     line->cells[6]);
}

int machines_table_times(const struct machines *machines, struct page *page,
			 unsigned int block, bool *named)
{
	static const struct grid_column columns[] = {
		{{"", "allocator"}, true},
		{{"median over", "machines"}, false},
		{{"lowest", "machine"}, false},
		{{"half of the", "machines"}, false},
		{{"highest", "machine"}, false},
		{{"over", "lowest"}, false},
		{{"slowest", "machine"}, true},
	};
	struct grid *grid = grid_new(columns, 7);

	if (grid == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int row = machines_next_row(
			     machines, block, times_of[i], MACHINES_NONE);
		     row != MACHINES_NONE && grid->rows_count < GRID_ROWS_MAX;
		     row = machines_next_row(machines, block, times_of[i], row))
			if (machines->rows[row].time.machines > 0)
				times_line(machines, page, &machines->rows[row],
					   grid_row(grid), named);
	if (machines->blocks[block].unit.names_differ)
		page_note(page, EMPHASIS_NONE, "",
			  "not given: runs do not all have the same unit");
	else
		page_grid(page, grid);
	free(grid);
	return 0;
}
