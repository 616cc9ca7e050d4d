/* table_counted - of a run that only counts: whether its counts repeat. */
#include <inttypes.h>
#include <string.h>

#include "driver/compare_counts.h"
#include "driver/table_parts.h"

#define COUNTED_MAX 1600
#define COUNTED_ROOM 96 /* of one that varies */

/* A figure over all samples that are valid; min above max: none has it. */
struct spread {
	int64_t min;
	int64_t max;
};

static struct spread spread_of(const struct results_cell *cell,
			       enum figure_index figure)
{
	struct spread spread = {INT64_MAX, INT64_MIN};

	for (size_t i = 0; i < cell->samples_count; i++) {
		int64_t value = cell->samples[i].values[figure];

		if (!cell->samples[i].valid || value == FIGURE_ABSENT)
			continue;
		if (value < spread.min)
			spread.min = value;
		if (value > spread.max)
			spread.max = value;
	}
	return spread;
}

/* The reference and its twin are one spread: they are the same program. */
static struct spread spread_with_twin(const struct table_group *group,
				      const struct table_row *row,
				      enum figure_index figure)
{
	struct spread spread = spread_of(row->cell, figure), other;
	const struct table_row *twin = table_row_of(group, ROLE_TWIN);

	if (row->cell->role != ROLE_REFERENCE || !twin)
		return spread;
	other = spread_of(twin->cell, figure);
	if (other.min < spread.min)
		spread.min = other.min;
	if (other.max > spread.max)
		spread.max = other.max;
	return spread;
}

static bool has_samples(const struct table_group *group)
{
	for (unsigned int i = 0; i < group->rows_count; i++)
		for (size_t j = 0; j < group->rows[i].cell->samples_count; j++)
			if (group->rows[i].cell->samples[j].valid)
				return true;
	return false;
}

/* What varies, behind each other; how many do. */
static unsigned int varying_list(const struct table_group *group, char *text,
				 size_t size)
{
	unsigned int varying = 0, left_out = 0;
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];

		for (int j = 0;
		     row->cell->role != ROLE_TWIN && j < COMPARE_COUNTS; j++) {
			struct spread spread = spread_with_twin(
				group, row, compare_counted[j].figure);

			if (spread.min >= spread.max)
				continue;
			varying++;
			if (used + COUNTED_ROOM > size) {
				left_out++;
				continue;
			}
			used += (size_t)snprintf(
				text + used, size - used,
				"%s%s of %.40s %" PRId64 " to %" PRId64,
				used ? "; " : "", compare_counted[j].name,
				row->cell->allocator, spread.min, spread.max);
			if (used >= size)
				used = size - 1;
		}
	}
	if (left_out)
		snprintf(text + used, size - used, "; and %u more", left_out);
	return varying;
}

void printout_print_counted(struct printout *printout,
			    const struct table_group *group)
{
	char list[COUNTED_MAX], text[COUNTED_MAX + 128];

	if (!has_samples(group)) {
		printout_note(printout, "counted: ", "no sample succeeded");
		return;
	}
	if (varying_list(group, list, sizeof(list)) == 0)
		snprintf(text, sizeof(text),
			 "all counts are the same in all rounds, and of the "
			 "reference and its twin");
	else
		snprintf(text, sizeof(text),
			 "not the same in all rounds, or of the reference and "
			 "its twin: %s. All others are the same",
			 list);
	printout_note(printout, "counted: ", text);
}
