/*
 * regrow/random.h - random requests that are the same on every machine.
 *
 * Only operations that IEEE 754 rounds exactly are used (the tree is compiled
 * with -ffp-contract=off), so a seed gives equal requests everywhere.
 */
#ifndef REGROW_RANDOM_H
#define REGROW_RANDOM_H

#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014). Any seed is a good seed. */
struct random {
	uint64_t state;
};

static inline uint64_t random_mix(uint64_t word)
{
	word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
	word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
	return word ^ (word >> 31);
}

static inline uint64_t random_next(struct random *random)
{
	random->state += 0x9e3779b97f4a7c15u;
	return random_mix(random->state);
}

/* 0 to bound - 1, bound above 0; biased by less than bound / 2^64. */
static inline uint64_t random_below(struct random *random, uint64_t bound)
{
	return (uint64_t)(((unsigned __int128)random_next(random) * bound) >>
			  64);
}

/* In [0, 1), 53 bits. */
static inline double random_unit(struct random *random)
{
	return (double)(random_next(random) >> 11) * 0x1p-53;
}

/* Exponentially distributed: the gap between two arrivals of a Poisson law. */
double random_exponential(struct random *random, double mean);

/* Standard normal (polar method, one value a call). */
double random_normal(struct random *random);

/* Above x, from least on, with probability (least / x)^alpha. */
double random_pareto(struct random *random, double least, double alpha);

/* median * exp(sigma * normal). */
double random_lognormal(struct random *random, double median, double sigma);

#endif
