/* verdict - what paired measurements allow to say of an allocator. */
#include "driver/verdict.h"

#include <math.h>

#define MARGIN_NARROW 0.02
#define MARGIN_WIDE 0.05
#define TWIN_NARROW 0.01

const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
	[VERDICT_FASTER] = "FASTER",
	[VERDICT_SLOWER] = "SLOWER",
	[VERDICT_SAME] = "SAME",
};

double verdict_level(unsigned int rows)
{
	return 1 - VERDICT_ALPHA / (rows > 1 ? rows : 1);
}

/* The whole interval lies between 1 / (1 + margin) and 1 + margin. */
static bool verdict_within(const struct interval *ratio, double margin)
{
	return ratio->level > 0 && ratio->low >= 1 / (1 + margin) &&
	       ratio->high <= 1 + margin;
}

double verdict_margin(const struct interval *twin)
{
	return twin && verdict_within(twin, TWIN_NARROW) ? MARGIN_NARROW
							 : MARGIN_WIDE;
}

enum verdict verdict_of(const struct interval *ratio, size_t pairs,
			double margin)
{
	if (ratio->level <= 0 || pairs < VERDICT_PAIRS_MIN)
		return VERDICT_INCONCLUSIVE;
	if (verdict_within(ratio, margin))
		return VERDICT_SAME;
	if (ratio->high < 1)
		return VERDICT_FASTER;
	if (ratio->low > 1)
		return VERDICT_SLOWER;
	return VERDICT_INCONCLUSIVE;
}

bool verdict_finds(const struct interval *planted, size_t pairs)
{
	return planted->level > 0 && pairs >= VERDICT_PAIRS_MIN &&
	       planted->low > 1;
}

size_t verdict_pairs_needed(double level)
{
	/* The widest interval, from the least value to the greatest. */
	size_t needed = 1 + (size_t)ceil(log2(1 / (1 - level)));

	return needed > VERDICT_PAIRS_MIN ? needed : VERDICT_PAIRS_MIN;
}

unsigned int verdict_rounds_more(double median, const struct interval *ratio,
				 size_t pairs, double level, double margin)
{
	size_t needed = verdict_pairs_needed(level);
	double away = fabs(log(median)), half, room, pairs_then;

	if (ratio->level <= 0 || pairs < needed)
		return needed > pairs ? (unsigned int)(needed - pairs) : 1;
	half = (log(ratio->high) - log(ratio->low)) / 2;
	/* To leave 1 out it must be narrower than away; to be SAME, room. */
	room = log(1 + margin) - away;
	pairs_then = (double)pairs * pow(half / fmax(away, room), 2);
	if (!(pairs_then < VERDICT_MORE_MAX))
		return VERDICT_MORE_MAX;
	return pairs_then > (double)pairs + 1
		       ? (unsigned int)ceil(pairs_then - (double)pairs)
		       : 1;
}
