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
	{FIGURE_REQUESTS, "requests", false},
	{FIGURE_LIVE_BYTES_MAX, "most live bytes", false},
	{FIGURE_TOUCHED_BYTES, "touched bytes", false},
	{FIGURE_FAULTS_MINOR, "minor faults", true},
	{OUTCOME(OUTCOME_SLACK), "growths in slack", false},
	{OUTCOME(OUTCOME_IN_PLACE), "growths in place", false},
	{OUTCOME(OUTCOME_MOVED), "growths moved", false},
	{OUTCOME(OUTCOME_COPIED), "growths copied", true},
	{OUTCOME(OUTCOME_FAILED), "growths failed", true},
	{FIGURE_BYTES_COPIED, "copied bytes", true},
	{FIGURE_BYTES_MOVED, "moved bytes", false},
	{MOVE(MOVE_PUD_EQUAL), "moves in 1 GiB phase", false},
	{MOVE(MOVE_PMD_EQUAL), "moves in 2 MiB phase", false},
	{MOVE(MOVE_MISMATCHED), "moves out of phase", true},
	{FIGURE_DESTINATIONS_OWNED, "owned destinations", false},
	{FIGURE_DESTINATIONS_FRESH, "fresh destinations", false},
	{REFILL(REFILL_DONE), "refills done", false},
	{REFILL(REFILL_TAKEN), "refills taken", false},
	{REFILL(REFILL_REFUSED), "refills refused", false},
	{FIGURE_PEAK_VIRTUAL_BYTES, "peak virtual bytes", true},
	{FINAL(MAP_MAPPINGS), "final VMAs", true},
	{FINAL(MAP_MAPPED_BYTES), "final mapped bytes", true},
	{FINAL(MAP_HOLES), "final holes", true},
	{FINAL(MAP_HOLE_BYTES), "final bytes in holes", true},
	{DRAINED(MAP_MAPPINGS), "drained VMAs", true},
	{DRAINED(MAP_MAPPED_BYTES), "drained mapped bytes", true},
	{DRAINED(MAP_HOLES), "drained holes", true},
	{DRAINED(MAP_HOLE_BYTES), "drained bytes in holes", true},
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

	if (count->units < count->room)
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
