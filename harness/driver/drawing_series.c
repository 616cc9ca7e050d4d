/* drawing_series - series by the names of their allocators. */
#include "driver/drawing_series.h"

#include <string.h>

unsigned int drawing_series_of(struct drawing_series *series,
			       const char *allocator)
{
	unsigned int i;

	for (i = 0; i < series->count; i++)
		if (strcmp(series->names[i], allocator) == 0)
			return i + 1;
	if (i == PLAN_GROUP_CELLS_MAX)
		return 0;
	series->names[series->count++] = allocator;
	return i + 1;
}
