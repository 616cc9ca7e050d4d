/* compare_planted - whether the runs of a side found what they planted. */
#include "driver/compare_planted.h"

#include <stdio.h>

#include "driver/cells.h"
#include "driver/compare_cells.h"
#include "driver/table_rows.h"

static void add_group(struct compare_planted *planted,
		      const struct table_group *group)
{
	bool measured = false, found = false;

	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];

		if (row->cell->role != ROLE_PLANTED || row->ratio.pairs == 0 ||
		    row->cell->planted_percent != CELLS_PLANTED_PERCENT)
			continue;
		measured = true;
		found |= table_finds(row);
	}
	planted->runs++;
	planted->found += found;
	planted->missed += measured && !found;
}

int compare_planted_add(struct compare_side *side,
			const struct results_file *file)
{
	struct table table;
	int error = table_compute(file, &table);

	for (unsigned int i = 0; error == 0 && i < table.groups_count; i++) {
		const struct table_group *group = &table.groups[i];
		unsigned int place;

		if (group->rounds == 0)
			continue;
		error = compare_cells_group(side, group->group, &place);
		if (error == 0)
			add_group(&side->groups[place].planted, group);
	}
	table_free(&table);
	return error;
}

bool compare_planted_text(const struct compare_planted *planted, char *text,
			  size_t size)
{
	unsigned int silent = planted->runs - planted->found - planted->missed;
	char missed[32] = "", unseen[32] = "";

	if (planted->missed == 0 && silent == 0)
		return false;
	if (planted->missed > 0)
		snprintf(missed, sizeof(missed), "not found in %u",
			 planted->missed);
	if (silent > 0)
		snprintf(unseen, sizeof(unseen), "not measured in %u", silent);
	snprintf(text, size,
		 "the planted +%d %% was %s%s%s of %u run%s: nothing proves "
		 "that such a run can see as much; what is said here rests on "
		 "the unpaired intervals alone",
		 CELLS_PLANTED_PERCENT, missed,
		 missed[0] != 0 && unseen[0] != 0 ? " and " : "", unseen,
		 planted->runs, planted->runs == 1 ? "" : "s");
	return true;
}
