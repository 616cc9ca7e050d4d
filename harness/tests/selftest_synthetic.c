/* selftest_synthetic - the times of samples on a machine that is made up. */
#include <math.h>

#include "tests/selftest.h"

#define TYPICAL_NS 1e8
#define OWN 0.02 /* deviation of a sample's logarithm */
#define SPIKES 0.1 /* share of samples */
#define SPIKE 1.5 /* times as long */
#define SLOW_SHARE 0.4 /* of the samples */
#define SLOW 1.2 /* times as long */
#define LEVEL 0.1 /* deviation of what neighbours share */
#define LEVEL_KEPT 0.8 /* in a while */
#define WHILE_FAST 1 /* slots */
#define WHILE_SLOW 6 /* about a round */
#define CREEP 0.3 /* over all slots */
#define JUMPS 3
#define JUMP 0.1

const char *const noise_names[NOISE_COUNT] = {
	[NOISE_NORMAL] = "normal",
	[NOISE_SKEWED] = "skewed",
	[NOISE_HEAVY] = "heavy tails",
	[NOISE_STATES] = "two states",
	[NOISE_CORRELATED] = "autocorrelated",
	[NOISE_FLICKERING] = "flickering",
	[NOISE_DRIFTING] = "drifting",
};

static double sign(struct random *random)
{
	return random_below(random, 2) ? 1 : -1;
}

static void levels_correlate(struct synthetic *synthetic, unsigned int slots,
			     double kept_in)
{
	double kept = pow(LEVEL_KEPT, 1 / kept_in);
	double level = LEVEL * random_normal(&synthetic->random);

	for (unsigned int i = 0; i < slots; i++) {
		synthetic->levels[i] = level;
		level = kept * level +
			LEVEL * sqrt(1 - kept * kept) *
				random_normal(&synthetic->random);
	}
}

static void levels_drift(struct synthetic *synthetic, unsigned int slots)
{
	double creep = CREEP * sign(&synthetic->random) / slots;

	for (unsigned int i = 0; i < slots; i++)
		synthetic->levels[i] = creep * i;
	for (unsigned int jump = 0; jump < JUMPS; jump++) {
		double by = JUMP * sign(&synthetic->random);
		unsigned int i =
			(unsigned int)random_below(&synthetic->random, slots);

		for (; i < slots; i++)
			synthetic->levels[i] += by;
	}
}

void synthetic_start(struct synthetic *synthetic, enum noise noise,
		     uint64_t seed, unsigned int slots)
{
	synthetic->noise = noise;
	synthetic->random.state = seed;
	if (noise == NOISE_CORRELATED)
		levels_correlate(synthetic, slots, WHILE_SLOW);
	else if (noise == NOISE_FLICKERING)
		levels_correlate(synthetic, slots, WHILE_FAST);
	else if (noise == NOISE_DRIFTING)
		levels_drift(synthetic, slots);
	else
		for (unsigned int i = 0; i < slots; i++)
			synthetic->levels[i] = 0;
}

double synthetic_ns(struct synthetic *synthetic, unsigned int slot)
{
	struct random *random = &synthetic->random;
	double own = OWN * random_normal(random);

	switch (synthetic->noise) {
	case NOISE_SKEWED:
		own += random_unit(random) < SPIKES ? log(SPIKE) : 0;
		break;
	case NOISE_HEAVY:
		/* chi-square of 2 degrees is -2 log of a uniform number. */
		own /= sqrt(-log(1 - random_unit(random)));
		break;
	case NOISE_STATES:
		own += random_unit(random) < SLOW_SHARE ? log(SLOW) : 0;
		break;
	default:
		break;
	}
	return TYPICAL_NS * exp(synthetic->levels[slot] + own);
}
