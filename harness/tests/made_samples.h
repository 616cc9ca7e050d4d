/*
 * made_samples - a cell with samples made by hand, for tests of what is
 * computed from them.
 */
#ifndef REGROW_TESTS_MADE_SAMPLES_H
#define REGROW_TESTS_MADE_SAMPLES_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/results.h"
#include "driver/table_parts.h"

#define MADE_SAMPLES_MAX 64

static struct {
	struct results_file file;
	struct results_group group;
	struct results_cell cell;
	struct results_sample samples[MADE_SAMPLES_MAX];
	struct results_size sizes[MADE_SAMPLES_MAX][2];
	struct table table;
	struct table_group table_group;
} made;

static int made_afresh(void **state)
{
	(void)state;
	memset(&made, 0, sizeof(made));
	made.group.workload = "work";
	made.cell.file = &made.file;
	made.cell.group = &made.group;
	made.cell.role = ROLE_REFERENCE;
	made.cell.allocator = "copy";
	made.cell.samples = made.samples;
	made.table.file = &made.file;
	made.table.groups_count = 1;
	made.table.groups = &made.table_group;
	made.table_group.group = &made.group;
	made.table_group.clock = FIGURE_WALL_NS;
	made.table_group.rows_count = 1;
	made.table_group.rows[0].cell = &made.cell;
	return 0;
}

/* A valid timing sample that knows nothing, of the next round. */
static inline struct results_sample *made_sample(void)
{
	size_t place = made.cell.samples_count++;
	struct results_sample *sample = &made.samples[place];

	assert(place < MADE_SAMPLES_MAX);
	for (int i = 0; i < FIGURE_COUNT; i++)
		sample->values[i] = FIGURE_ABSENT;
	sample->round = (unsigned int)place;
	sample->pass = PASS_TIMING;
	sample->valid = true;
	return sample;
}

/* What a function prints of the only group; free() it. */
static inline char *made_print(void (*print)(struct printout *printout,
					     const struct table_group *group))
{
	static struct printout printout;
	static const struct style style;
	char *text = NULL;
	size_t size;

	memset(&printout, 0, sizeof(printout));
	printout.table = &made.table;
	printout.style = &style;
	printout.stream = open_memstream(&text, &size);
	assert(printout.stream);
	print(&printout, &made.table_group);
	fclose(printout.stream);
	return text;
}

#endif
