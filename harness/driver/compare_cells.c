/* compare_cells - the groups and cells of a side, found or made. */
#include "driver/compare_cells.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int compare_cells_group(struct compare_side *side,
			const struct results_group *from, unsigned int *place)
{
	struct compare_group *groups, *group;

	for (*place = 0; *place < side->groups_count; (*place)++)
		if (side->groups[*place].thp == from->thp &&
		    side->groups[*place].layout == from->layout &&
		    strcmp(side->groups[*place].workload, from->workload) == 0)
			return 0;
	groups = realloc(side->groups,
			 (side->groups_count + 1) * sizeof(*groups));
	if (groups == NULL)
		return -ENOMEM;
	side->groups = groups;
	group = &groups[side->groups_count];
	memset(group, 0, sizeof(*group));
	group->thp = from->thp;
	snprintf(group->contents, sizeof(group->contents), "%s",
		 from->contents ? from->contents : "");
	group->layout = from->layout;
	group->workload = strdup(from->workload);
	if (group->workload == NULL)
		return -ENOMEM;
	side->groups_count++;
	return 0;
}

static bool is_cell(const struct compare_cell *cell, unsigned int group,
		    const struct results_cell *from)
{
	return cell->group == group && cell->role == from->role &&
	       strcmp(cell->allocator, from->allocator) == 0;
}

struct compare_cell *compare_cells_find(struct compare_side *side,
					unsigned int group,
					const struct results_cell *from,
					unsigned int *hint)
{
	struct compare_cell *cells, *cell;

	/* Runs of one plan have their cells in one order. */
	for (unsigned int i = 0; i < side->cells_count; i++) {
		unsigned int place = (*hint + i) % side->cells_count;

		if (!is_cell(&side->cells[place], group, from))
			continue;
		*hint = place + 1;
		return &side->cells[place];
	}
	cells = realloc(side->cells, (side->cells_count + 1) * sizeof(*cells));
	if (cells == NULL)
		return NULL;
	side->cells = cells;
	cell = &cells[side->cells_count];
	memset(cell, 0, sizeof(*cell));
	cell->group = group;
	cell->role = from->role;
	cell->allocator = strdup(from->allocator);
	if (cell->allocator == NULL)
		return NULL;
	side->cells_count++;
	return cell;
}
