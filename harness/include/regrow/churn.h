/*
 * regrow/churn.h - the lives of connections, without memory behind them.
 *
 * A life is born at one size, doubles up to a final one, a growth a step, lives
 * on at it for as many steps as its life= says, in each of which its buffer is
 * read, and dies in the step after, in which another is born in its place. The
 * same seed makes the same lives for whoever walks over them.
 */
#ifndef REGROW_CHURN_H
#define REGROW_CHURN_H

#include <stdbool.h>
#include <stdint.h>

#include <regrow/distribution.h>
#include <regrow/empirical.h>
#include <regrow/random.h>

#define CHURN_SIZE_MAX ((uint64_t)1 << 30) /* bytes, of sizes= */
#define CHURN_LIFE_MAX 1000000000u /* steps, of life= */
#define CHURN_FOREVER UINT64_MAX /* a life, in steps */
#define CHURN_SPIKES UINT64_C(8)
/* Lives that are drawn beforehand, to be met in proportion to their steps. */
#define CHURN_POOL 16384

struct connection {
	uint64_t born; /* bytes, as all sizes here; the residue included */
	uint64_t size;
	uint64_t target;
	uint64_t life; /* steps that are left once it is of its target size */
	uint64_t resident; /* for the estimate only */
	uint64_t written; /* for the estimate only */
};

struct churn_life {
	uint64_t born;
	uint64_t target;
	uint64_t life;
	uint64_t steps; /* its own and those of all before it */
};

struct churn_profile {
	unsigned int live;
	unsigned int steps; /* at scale S */
	uint64_t residue; /* bytes, added to each size */
	unsigned int growths_max; /* of one life */
	uint64_t born; /* bytes, where sizes= says what a life ends at */
	void (*draw)(struct random *random, struct connection *connection);
};

/* What one thread's lives are made from. Filled by whoever walks. */
struct churn {
	const struct churn_profile *profile;
	struct random random;
	struct distribution sizes; /* no law: the profile's */
	struct distribution life;
	struct empirical empirical; /* where one of the two says so */
	struct churn_life *pool; /* room, unless churn_is_plain() */
	uint64_t count; /* of this thread's connections */
	uint64_t immortal; /* of them */
	uint64_t extra; /* connections of a spike, beside those */
	uint64_t steps; /* 16 or more where there are spikes */

	/* The walk's own. */
	uint64_t spikes; /* that there were */
	uint64_t spike_step; /* of the last one */
	uint64_t faded; /* connections of it that have died */
};

/* What is done about it; places are 0 to count + extra - 1. */
struct churn_visitor {
	void (*begins)(void *context); /* a step */
	void (*ends)(void *context, uint64_t number); /* from 1; 0: build */
	/* It is of its size now: born (old is 0), or grown from old bytes. */
	void (*sized)(void *context, uint64_t place, uint64_t old);
	void (*reads)(void *context, uint64_t place);
	void (*dies)(void *context, uint64_t place);
};

static inline uint64_t connection_next(const struct connection *connection,
				       uint64_t size)
{
	return 2 * size < connection->target ? 2 * size : connection->target;
}

static inline uint64_t connection_growths(const struct connection *connection)
{
	uint64_t growths = 0;

	for (uint64_t size = connection->born; size < connection->target;
	     size = connection_next(connection, size))
		growths++;
	return growths;
}

/* One whose size and life are not the profile's alone. */
static inline void churn_draw(struct churn *churn,
			      struct connection *connection)
{
	struct empirical_entry entry = {0};
	uint64_t size;

	if (churn->sizes.law == DISTRIBUTION_EMPIRICAL ||
	    churn->life.law == DISTRIBUTION_EMPIRICAL)
		entry = *empirical_draw(&churn->empirical, &churn->random);
	if (churn->sizes.law == DISTRIBUTION_NONE) {
		churn->profile->draw(&churn->random, connection);
	} else {
		size = churn->sizes.law == DISTRIBUTION_EMPIRICAL
			       ? entry.size
			       : distribution_draw(&churn->sizes,
						   &churn->random);
		/* Words are of 8 bytes. */
		connection->target = (size + 7) / 8 * 8;
		connection->born = churn->profile->born < connection->target
					   ? churn->profile->born
					   : connection->target;
	}
	connection->life =
		churn->life.law == DISTRIBUTION_EMPIRICAL
			? entry.life
			: distribution_draw(&churn->life, &churn->random);
}

static inline void churn_bear(struct churn *churn,
			      struct connection *connection)
{
	*connection = (struct connection){0};
	churn_draw(churn, connection);
	connection->born += churn->profile->residue;
	connection->target += churn->profile->residue;
	connection->size = connection->born;
}

/* At its final size at once: it is born at it. */
static inline void churn_bear_grown(struct churn *churn,
				    struct connection *connection)
{
	churn_bear(churn, connection);
	connection->size = connection->born = connection->target;
}

/* Nothing but the profile says what a life is: few growths, no more. */
static inline bool churn_is_plain(const struct churn *churn)
{
	return churn->sizes.law == DISTRIBUTION_NONE &&
	       churn->life.law == DISTRIBUTION_CONSTANT &&
	       churn->life.numbers[0] < 1;
}

/* A life as it is met, in proportion to its number of steps: exactly so. */
static inline void churn_meet_plain(struct churn *churn,
				    struct connection *connection)
{
	do
		churn_bear(churn, connection);
	while (random_below(&churn->random, churn->profile->growths_max + 1) >
	       connection_growths(connection));
}

static inline void churn_pool_draw(struct churn *churn)
{
	struct connection connection;
	uint64_t steps = 0;

	for (unsigned int i = 0; i < CHURN_POOL; i++) {
		churn_bear(churn, &connection);
		steps += connection_growths(&connection) + 1 + connection.life;
		churn->pool[i] = (struct churn_life){
			connection.born,
			connection.target,
			connection.life,
			steps,
		};
	}
}

/*
 * Nearly so: one of those drawn. Where lives may be long, refusing short ones
 * would go on for ages.
 */
static inline void churn_meet(struct churn *churn,
			      struct connection *connection)
{
	const struct churn_life *pool = churn->pool;
	unsigned int low = 0, high = CHURN_POOL - 1;
	uint64_t step = random_below(&churn->random, pool[high].steps);

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (step < pool[middle].steps)
			high = middle;
		else
			low = middle + 1;
	}
	*connection = (struct connection){
		.born = pool[low].born,
		.size = pool[low].born,
		.target = pool[low].target,
		.life = pool[low].life,
	};
}

/*
 * A connection as a long churn would show it: a life is met in proportion to
 * its number of steps, at any of them alike. It is born at the size that it
 * has.
 */
static inline void churn_settle(struct churn *churn,
				struct connection *connection)
{
	uint64_t growths, age;

	if (churn_is_plain(churn))
		churn_meet_plain(churn, connection);
	else
		churn_meet(churn, connection);
	growths = connection_growths(connection);
	age = random_below(&churn->random, growths + 1 + connection->life);
	for (; age > 0 && connection->size < connection->target; age--)
		connection->size =
			connection_next(connection, connection->size);
	connection->life -= age;
	connection->born = connection->size;
}

/* Those that never die are spread evenly: they lie among the others. */
static inline bool churn_is_immortal(const struct churn *churn, uint64_t place)
{
	return (place + 1) * churn->immortal / churn->count >
	       place * churn->immortal / churn->count;
}

static inline void churn_build(struct churn *churn,
			       struct connection *connections,
			       const struct churn_visitor *visitor,
			       void *context)
{
	if (!churn_is_plain(churn))
		churn_pool_draw(churn);
	for (uint64_t i = 0; i < churn->count; i++) {
		if (churn_is_immortal(churn, i)) {
			churn_bear_grown(churn, &connections[i]);
			connections[i].life = CHURN_FOREVER;
		} else {
			churn_settle(churn, &connections[i]);
		}
		visitor->sized(context, i, 0);
	}
	visitor->ends(context, 0);
}

/* What a spike does in a step, from 1; see the head of server-churn.c. */
static inline void churn_spike(struct churn *churn,
			       struct connection *connections, uint64_t number,
			       const struct churn_visitor *visitor,
			       void *context)
{
	uint64_t fading = churn->steps / (2 * CHURN_SPIKES), since, dead;
	uint64_t next =
		(2 * churn->spikes + 1) * churn->steps / (2 * CHURN_SPIKES);

	if (churn->spikes < CHURN_SPIKES && number == next) {
		for (uint64_t i = 0; i < churn->extra; i++) {
			churn_bear_grown(churn, &connections[churn->count + i]);
			visitor->sized(context, churn->count + i, 0);
		}
		churn->spikes++;
		churn->spike_step = number;
		churn->faded = 0;
	} else if (churn->spikes > 0) {
		since = number - churn->spike_step;
		dead = since < fading ? churn->extra * since / fading
				      : churn->extra;
		while (churn->faded < dead)
			visitor->dies(context, churn->count + churn->faded++);
	}
}

static inline void churn_step(struct churn *churn,
			      struct connection *connections,
			      const struct churn_visitor *visitor,
			      void *context)
{
	uint64_t place = random_below(&churn->random, churn->count);
	struct connection *connection = &connections[place];
	uint64_t old = connection->size;

	if (old < connection->target) {
		connection->size = connection_next(connection, old);
		visitor->sized(context, place, old);
	} else if (connection->life > 0) {
		if (connection->life != CHURN_FOREVER)
			connection->life--;
		visitor->reads(context, place);
	} else {
		visitor->dies(context, place);
		churn_bear(churn, connection);
		visitor->sized(context, place, 0);
	}
}

/* All of it: connections is room for count + extra of them. */
static inline void churn_walk(struct churn *churn,
			      struct connection *connections,
			      const struct churn_visitor *visitor,
			      void *context)
{
	churn_build(churn, connections, visitor, context);
	for (uint64_t number = 1; number <= churn->steps; number++) {
		visitor->begins(context);
		if (churn->extra > 0)
			churn_spike(churn, connections, number, visitor,
				    context);
		churn_step(churn, connections, visitor, context);
		visitor->ends(context, number);
	}
}

#endif
