/* machines_kernels - machines by kernels: the same machine under each of them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/machines_order.h"
#include "driver/machines_print.h"
#include "driver/machines_tables.h"

#define KERNELS_AT_A_TIME 4
#define KERNELS_SHOWN 20 /* the last ones; --json has all */
#define RELEASE_COLUMNS 13
#define MACHINE_COLUMNS 16

/* The table of one row of a block, from a kernel on. */
struct part {
	const struct machines *machines;
	struct page *page;
	unsigned int row;
	unsigned int from;
	unsigned int to;
};

static void machine_line(const struct part *part, unsigned int machine,
			 struct grid_row *line)
{
	for (unsigned int i = part->from; i < part->to; i++) {
		const struct machines_cell *cell = machines_on_kernel(
			part->machines, machine, i, part->row);

		if (cell != NULL && isfinite(cell->ratio))
			printout_ratio(cell->ratio,
				       line->cells[1 + i - part->from]);
	}
	printout_ratio(
		machines_value(part->machines, machine, part->row).change,
		line->cells[1 + part->to - part->from]);
}

static void median_text(double *values, size_t count, char *text)
{
	stats_sort(values, count);
	printout_ratio(stats_median(values, count), text);
}

/* Of each column: over the machines that have it. */
static void median_line(const struct part *part, double *scratch,
			struct grid_row *line)
{
	line->emphasis = EMPHASIS_STRONG;
	snprintf(line->cells[0], GRID_TEXT_MAX, "median");
	for (unsigned int i = part->from; i < part->to; i++) {
		size_t count = 0;

		for (unsigned int j = 0; j < part->machines->machines_count;
		     j++) {
			const struct machines_cell *cell = machines_on_kernel(
				part->machines, j, i, part->row);

			if (cell != NULL && isfinite(cell->ratio))
				scratch[count++] = cell->ratio;
		}
		median_text(scratch, count, line->cells[1 + i - part->from]);
	}
	machines_text_effect(part->page,
			     &part->machines->rows[part->row].change,
			     line->cells[1 + part->to - part->from]);
}

static int part_print(const struct part *part, const unsigned int *places,
		      unsigned int count, double *scratch, bool *named)
{
	struct grid_column columns[GRID_COLUMNS_MAX] = {
		{{NULL, "machine"}, true}};
	char releases[KERNELS_AT_A_TIME][GRID_TEXT_MAX];
	unsigned int kernels = part->to - part->from;
	struct grid *grid;

	for (unsigned int i = 0; i < kernels; i++) {
		page_fit(part->page,
			 part->machines->kernels[part->from + i].release,
			 RELEASE_COLUMNS, releases[i]);
		columns[1 + i] =
			(struct grid_column){{NULL, releases[i]}, false};
	}
	columns[1 + kernels] =
		(struct grid_column){{NULL, "last / first"}, false};
	grid = grid_new(columns, 2 + kernels);
	if (grid == NULL)
		return -ENOMEM;
	median_line(part, scratch, grid_row(grid));
	for (unsigned int i = 0; i < count && i < MACHINES_SHOWN; i++) {
		struct grid_row *line = grid_row(grid);

		named[places[i]] = true;
		page_fit(part->page, part->machines->machines[places[i]].name,
			 MACHINE_COLUMNS, line->cells[0]);
		machine_line(part, places[i], line);
	}
	page_grid(part->page, grid);
	free(grid);
	return 0;
}

/* Machines that were measured on several kernels stand first: how many. */
static unsigned int with_several(const struct part *part,
				 const unsigned int *places, unsigned int count)
{
	unsigned int several = 0;

	while (several < count &&
	       machines_value(part->machines, places[several], part->row)
			       .kernels > 1)
		several++;
	return several;
}

static void head_print(const struct part *part, unsigned int several,
		       unsigned int count)
{
	const struct machines *machines = part->machines;
	char text[SPEC_TEXT_MAX + 256];

	snprintf(text, sizeof(text),
		 "%s by kernel: its ratio on each machine that has several "
		 "kernels, those with most first; last / first: of the same "
		 "machine",
		 machines->rows[part->row].allocator);
	page_heading(part->page, text);
	if (part->from > 0) {
		snprintf(text, sizeof(text),
			 "the last %u of %u kernels: --json has all",
			 KERNELS_SHOWN, machines->kernels_count);
		page_note(part->page, EMPHASIS_NONE, "", text);
	}
	if (several > MACHINES_SHOWN) {
		snprintf(text, sizeof(text),
			 "%u of %u machines: --json has all", MACHINES_SHOWN,
			 several);
		page_note(part->page, EMPHASIS_NONE, "", text);
	}
	if (several < count) {
		snprintf(text, sizeof(text),
			 "%u of %u machines have one kernel, and are in the "
			 "medians alone: what columns differ by is the "
			 "machines, too",
			 count - several, count);
		page_note(part->page, EMPHASIS_NONE, "", text);
	}
	/* Or a table is of the last note. */
	if (part->page->markdown &&
	    (part->from > 0 || several > MACHINES_SHOWN || several < count))
		page_gap(part->page);
}

int machines_table_kernels(const struct machines *machines, struct page *page,
			   unsigned int block, bool *named)
{
	struct part part = {.machines = machines,
			    .page = page,
			    .row = machines_main_row(machines, block)};
	unsigned int *places =
		calloc(machines->machines_count + 1, sizeof(*places));
	double *scratch =
		calloc(machines->machines_count + 1, sizeof(*scratch));
	int error = places != NULL && scratch != NULL ? 0 : -ENOMEM;
	unsigned int count = 0, several = 0;

	if (error == 0 && part.row != MACHINES_NONE) {
		count = machines_order(machines, part.row, true, places);
		several = with_several(&part, places, count);
		if (machines->kernels_count > KERNELS_SHOWN)
			part.from = machines->kernels_count - KERNELS_SHOWN;
		head_print(&part, several, count);
	}
	for (; count > 0 && part.from < machines->kernels_count && error == 0;
	     part.from += KERNELS_AT_A_TIME) {
		part.to = part.from + KERNELS_AT_A_TIME;
		if (part.to > machines->kernels_count)
			part.to = machines->kernels_count;
		error = part_print(&part, places, several, scratch, named);
	}
	free(places);
	free(scratch);
	return error;
}
