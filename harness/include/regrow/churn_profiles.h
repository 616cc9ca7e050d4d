/* regrow/churn_profiles.h - how large connections become, where only a name says it. */
#ifndef REGROW_CHURN_PROFILES_H
#define REGROW_CHURN_PROFILES_H

#include <regrow/churn.h>

/* Two growths to one death: the mean of a geometric law that ends at eight. */
static inline void churn_draw_small(struct random *random,
				    struct connection *connection)
{
	unsigned int growths = 0;

	while (growths < 8 && random_below(random, 100000) < 67657)
		growths++;
	connection->born = 4 << 10;
	connection->target = connection->born << growths;
}

static inline void churn_draw_conn(struct random *random,
				   struct connection *connection)
{
	double size = random_lognormal(random, 0x1p20, 1.5);

	connection->born = 64 << 10;
	if (size < 0x1p16)
		size = 0x1p16;
	if (size > 0x1p26)
		size = 0x1p26;
	connection->target = (uint64_t)size / 8 * 8;
}

/*
 * Replacement above all, one growth to sixteen deaths: the question is what the
 * sizes leave in the map, and a copy of 4 MiB costs as much as hundreds of
 * replacements.
 */
static inline void churn_draw_pow2(struct random *random,
				   struct connection *connection)
{
	uint64_t class = random_below(random, 4);

	connection->born = (uint64_t)2 << 20 << class;
	connection->target = connection->born;
	if (class < 3 && random_below(random, 12) == 0)
		connection->target *= 2;
}

/*
 * In the order of the option's choices. A second of copying, where a first
 * touch of a page costs 18 us, is about 2,500 deaths of small, 75 of conn and
 * 700 of pow2: a life of conn copies 4 MiB.
 */
static const struct churn_profile churn_profiles[] = {
	{4000, 7500, 0, 8, 4 << 10, churn_draw_small},
	{1000, 500, 0, 10, 64 << 10, churn_draw_conn},
	{256, 750, 0, 1, 2 << 20, churn_draw_pow2},
	{256, 750, 4096, 1, 2 << 20, churn_draw_pow2},
};

#endif
