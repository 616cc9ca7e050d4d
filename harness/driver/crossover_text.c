/* crossover_text - what a map says, in words. */
#include "driver/crossover_text.h"

#include <stdio.h>

#include "common/units.h"

void crossover_text_size(double bytes, char *text)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	unsigned int unit = 0;

	while (bytes >= 1024 && unit < 4) {
		bytes /= 1024;
		unit++;
	}
	if (bytes == (double)(unsigned int)bytes)
		snprintf(text, UNITS_TEXT_SIZE, "%u %s", (unsigned int)bytes,
			 units[unit]);
	else
		snprintf(text, UNITS_TEXT_SIZE, "%.3g %s", bytes, units[unit]);
}

const char *crossover_text_doubt(enum crossover_doubt doubt)
{
	static const char *const texts[DOUBT_COUNT] = {
		[DOUBT_NONE] = "the interval holds 1",
		[DOUBT_ROUNDS] = "too few rounds for an interval",
		[DOUBT_PLANTED] = "the planted +10 % was not found, so that "
				  "nothing is concluded",
		[DOUBT_EXERCISED] = "under 5 % of the growths moved (or were "
				    "copied)",
		[DOUBT_WARM] = "the warm copy was not warm: it took more than "
			       "5 % of the cold one's page faults",
		[DOUBT_SKIPPED] = "not measured",
	};

	return texts[doubt];
}

void crossover_text_none(const struct crossover_curve *curve,
			 enum crossover_cost cost, char *text)
{
	struct crossover_reach reach = crossover_reach(curve, cost);
	char from[UNITS_TEXT_SIZE], to[UNITS_TEXT_SIZE];

	if (reach.told == 0) {
		snprintf(text, CROSSOVER_TEXT_MAX,
			 "cannot be told at any size");
		return;
	}
	crossover_text_size((double)reach.from, from);
	crossover_text_size((double)reach.to, to);
	if (reach.from == reach.to)
		snprintf(text, CROSSOVER_TEXT_MAX,
			 "%s is cheaper at %s; not told at %u of %u sizes",
			 crossover_side_names[reach.below], from, reach.untold,
			 reach.untold + reach.told);
	else if (reach.untold == 0)
		snprintf(text, CROSSOVER_TEXT_MAX,
			 "%s is cheaper at all sizes tried, %s to %s",
			 crossover_side_names[reach.below], from, to);
	else
		snprintf(text, CROSSOVER_TEXT_MAX,
			 "%s is cheaper where it is told, %s to %s; not told "
			 "at %u of %u sizes",
			 crossover_side_names[reach.below], from, to,
			 reach.untold, reach.untold + reach.told);
}
