/* table_moves - by which levels of page tables a row could move. */
#include "driver/table_moves.h"

#include <stdio.h>

/* NaN where it is not known. */
static double moves_bytes(const struct table_row *row)
{
	double sum = 0;

	for (int i = 0; i < MOVE_LEVEL_COUNT; i++)
		sum += row->figures[ROW_LEVELS_BYTES + i];
	return sum;
}

bool table_moves_seen(const struct table_group *group)
{
	for (unsigned int i = 0; i < group->rows_count; i++)
		if (moves_bytes(&group->rows[i]) > 0)
			return true;
	return false;
}

/* Neither nothing nor all is said of what is only nearly so. */
static int share_text(double share, char *text, size_t size)
{
	const char *nearly = "";

	if (share < 0.01) {
		nearly = "<";
		share = 0.01;
	} else if (share > 0.99 && share < 1) {
		nearly = ">";
		share = 0.99;
	}
	return snprintf(text, size, "%s%.0f %%", nearly, 100 * share);
}

void table_moves_text(const struct table_row *row, char text[GRID_TEXT_MAX])
{
	static const char *const words[MOVE_LEVEL_COUNT] = {
		[MOVE_BY_PUD] = "PUD",
		[MOVE_BY_PMD] = "PMD",
		[MOVE_BY_PTE] = "PTE",
	};
	double sum = moves_bytes(row);
	size_t used = 0;

	text[0] = '\0';
	if (!(sum > 0))
		return;
	for (int i = 0; i < MOVE_LEVEL_COUNT; i++) {
		double share = row->figures[ROW_LEVELS_BYTES + i] / sum;

		if (share <= 0)
			continue;
		used += (size_t)snprintf(text + used, GRID_TEXT_MAX - used,
					 "%s%s ", used > 0 ? ", " : "",
					 words[i]);
		used += (size_t)share_text(share, text + used,
					   GRID_TEXT_MAX - used);
	}
}
