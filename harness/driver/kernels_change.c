/* kernels_change - what changed from one kernel to another. */
#include "driver/kernels.h"

#include <math.h>
#include <string.h>

#include "sample/sweep.h"

const char *const kernels_verdict_names[KERNELS_VERDICTS] = {
	[KERNELS_INCONCLUSIVE] = "INCONCLUSIVE",
	[KERNELS_SAME] = "SAME",
	[KERNELS_DEARER] = "DEARER",
	[KERNELS_CHEAPER] = "CHEAPER",
	[KERNELS_ABSENT] = "-",
};

static enum kernels_verdict
verdict_of_change(const struct kernels_change *change, double margin)
{
	if (change->pairs == 0)
		return KERNELS_ABSENT;
	if (change->interval.level > 0 &&
	    change->interval.low >= 1 / (1 + margin) &&
	    change->interval.high <= 1 + margin)
		return KERNELS_SAME;
	if (change->pairs < KERNELS_POINTS_MIN)
		return KERNELS_INCONCLUSIVE;
	if (change->dearer == change->pairs)
		return KERNELS_DEARER;
	if (change->cheaper == change->pairs)
		return KERNELS_CHEAPER;
	return KERNELS_INCONCLUSIVE;
}

void kernels_change_of(const double *before, const double *after,
		       unsigned int points, double margin,
		       struct kernels_change *change)
{
	double scratch[SWEEP_MAX];
	size_t pairs = 0;

	memset(change, 0, sizeof(*change));
	change->ratio = NAN;
	for (unsigned int i = 0; i < points; i++) {
		if (!(before[i] > 0) || !(after[i] > 0))
			continue;
		change->dearer += after[i] > before[i];
		change->cheaper += after[i] < before[i];
	}
	change->ratio = stats_paired_ratio(after, before, points, KERNELS_LEVEL,
					   scratch, &change->interval, &pairs);
	change->pairs = (unsigned int)pairs;
	change->verdict = verdict_of_change(change, margin);
}

static double distance(const struct kernels *kernels, size_t place)
{
	const struct kernels_row *row =
		&kernels->rows[place / kernels->sides_count];

	return fabs(log(row->changes[place % kernels->sides_count].ratio));
}

/* Insertion into what is sorted: changes are tens, not thousands. */
size_t kernels_largest(const struct kernels *kernels, size_t *places)
{
	size_t count = 0;

	for (size_t i = 0; i < kernels->rows_count * kernels->sides_count;
	     i++) {
		enum kernels_verdict verdict =
			kernels->rows[i / kernels->sides_count]
				.changes[i % kernels->sides_count]
				.verdict;
		size_t at = count;

		if (verdict != KERNELS_DEARER && verdict != KERNELS_CHEAPER)
			continue;
		while (at > 0 && distance(kernels, places[at - 1]) <
					 distance(kernels, i)) {
			places[at] = places[at - 1];
			at--;
		}
		places[at] = i;
		count++;
	}
	return count;
}
