/* compare_counts - counts that the same work makes again exactly. */
#include "driver/compare_counts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/stats.h"

#define OUTCOME(outcome) (enum figure_index)(FIGURE_OUTCOMES + (outcome))
#define MOVE(phase) (enum figure_index)(FIGURE_MOVES + (phase))
#define REFILL(refill) (enum figure_index)(FIGURE_REFILLS + (refill))
#define FINAL(map) (enum figure_index)(FIGURE_FINAL + (map))
#define DRAINED(map) (enum figure_index)(FIGURE_DRAINED + (map))

const struct compare_counted compare_counted[COMPARE_COUNTS] = {
	{"requests", FIGURE_REQUESTS, false},
	{"most live bytes", FIGURE_LIVE_BYTES_MAX, false},
	{"touched bytes", FIGURE_TOUCHED_BYTES, false},
	{"minor faults", FIGURE_FAULTS_MINOR, true},
	{"growths in slack", OUTCOME(OUTCOME_SLACK), false},
	{"growths in place", OUTCOME(OUTCOME_IN_PLACE), false},
	{"growths moved", OUTCOME(OUTCOME_MOVED), false},
	{"growths copied", OUTCOME(OUTCOME_COPIED), true},
	{"growths failed", OUTCOME(OUTCOME_FAILED), true},
	{"copied bytes", FIGURE_BYTES_COPIED, true},
	{"moved bytes", FIGURE_BYTES_MOVED, false},
	{"moves in 1 GiB phase", MOVE(MOVE_PUD_EQUAL), false},
	{"moves in 2 MiB phase", MOVE(MOVE_PMD_EQUAL), false},
	{"moves out of phase", MOVE(MOVE_MISMATCHED), true},
	{"owned destinations", FIGURE_DESTINATIONS_OWNED, false},
	{"fresh destinations", FIGURE_DESTINATIONS_FRESH, false},
	{"refills done", REFILL(REFILL_DONE), false},
	{"refills taken", REFILL(REFILL_TAKEN), false},
	{"refills refused", REFILL(REFILL_REFUSED), false},
	{"peak virtual bytes", FIGURE_PEAK_VIRTUAL_BYTES, true},
	{"final VMAs", FINAL(MAP_MAPPINGS), true},
	{"final mapped bytes", FINAL(MAP_MAPPED_BYTES), true},
	{"final holes", FINAL(MAP_HOLES), true},
	{"final bytes in holes", FINAL(MAP_HOLE_BYTES), true},
	{"drained VMAs", DRAINED(MAP_MAPPINGS), true},
	{"drained mapped bytes", DRAINED(MAP_MAPPED_BYTES), true},
	{"drained holes", DRAINED(MAP_HOLES), true},
	{"drained bytes in holes", DRAINED(MAP_HOLE_BYTES), true},
};

const char *const compare_change_names[COMPARE_VARIES + 1] = {
	[COMPARE_NOT_MEASURED] = "not measured",
	[COMPARE_EQUAL] = "equal",
	[COMPARE_CHANGED] = "changed",
	[COMPARE_VARIES] = "varies",
};

/* Room for one unit more; the first time, for all that were equal so far. */
static int make_room(struct compare_count *count)
{
	size_t room = 2 * count->units + 8;
	double *medians;

	if (count->medians != NULL && count->units < count->room)
		return 0;
	medians = realloc(count->medians, room * sizeof(*medians));
	if (medians == NULL)
		return -ENOMEM;
	for (size_t i = 0; count->medians == NULL && i < count->units; i++)
		medians[i] = (double)count->min;
	count->medians = medians;
	count->room = room;
	return 0;
}

int compare_count_add(struct compare_count *count, int64_t min, int64_t max,
		      double median)
{
	bool equal = min == max && (count->units == 0 ||
				    (count->min == min && count->max == max));

	if (count->medians != NULL || !equal) {
		if (make_room(count) != 0)
			return -ENOMEM;
		count->medians[count->units] = median;
	}
	if (count->units == 0 || min < count->min)
		count->min = min;
	if (count->units == 0 || max > count->max)
		count->max = max;
	count->units++;
	return 0;
}

void compare_count_finish(struct compare_count *count)
{
	count->median = count->units > 0 ? (double)count->min : NAN;
	if (count->medians != NULL) {
		stats_sort(count->medians, count->units);
		count->median = stats_median(count->medians, count->units);
	}
	compare_count_free(count);
}

void compare_count_free(struct compare_count *count)
{
	free(count->medians);
	count->medians = NULL;
	count->room = 0;
}

enum compare_change compare_count_change(const struct compare_count *base,
					 const struct compare_count *new)
{
	if (base->units == 0 || new->units == 0)
		return COMPARE_NOT_MEASURED;
	if (base->min != base->max || new->min != new->max)
		return COMPARE_VARIES;
	return base->min == new->min ? COMPARE_EQUAL : COMPARE_CHANGED;
}
