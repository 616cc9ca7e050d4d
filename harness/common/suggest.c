/* suggest - the nearest right name to a wrong one. */
#include "common/suggest.h"

#include <string.h>

#define NAME_MAX_LENGTH 63 /* longer ones are not compared */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Insertions, deletions, replacements and swaps of neighbours from one name to
 * the other, no letter touched twice (optimal string alignment).
 */
static unsigned int distance(const char *from, size_t from_length,
			     const char *to, size_t to_length)
{
	unsigned int rows[3][NAME_MAX_LENGTH + 1];
	unsigned int *two_back = rows[0];
	unsigned int *back = rows[1];
	unsigned int *row = rows[2];
	size_t i;
	size_t j;

	for (j = 0; j <= to_length; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= from_length; i++) {
		unsigned int *unused = two_back;

		two_back = back;
		back = row;
		row = unused;
		row[0] = (unsigned int)i;
		for (j = 1; j <= to_length; j++) {
			row[j] = least(back[j], row[j - 1]) + 1;
			row[j] = least(row[j], back[j - 1] + (from[i - 1] !=
							      to[j - 1]));
			if (i > 1 && j > 1 && from[i - 1] == to[j - 2] &&
			    from[i - 2] == to[j - 1])
				row[j] = least(row[j], two_back[j - 2] + 1);
		}
	}
	return row[to_length];
}

void suggest_offer(struct suggestion *suggestion, const char *right)
{
	size_t wrong_length = strlen(suggestion->wrong);
	size_t right_length = strlen(right);
	unsigned int near = (unsigned int)wrong_length / 3;
	unsigned int far;

	if (wrong_length > NAME_MAX_LENGTH || right_length > NAME_MAX_LENGTH)
		return;
	far = distance(suggestion->wrong, wrong_length, right, right_length);
	if (far > (near > 0 ? near : 1))
		return;
	if (suggestion->best == NULL || far < suggestion->distance) {
		suggestion->best = right;
		suggestion->distance = far;
	}
}
