/*
 * random - exponential, normal and lognormal numbers that are the same on every machine.
 *
 * The C library's log and exp may differ in the last bit from one machine to
 * the next, so these are our own, of exactly rounded operations alone.
 */
#include <regrow/random.h>

#include <float.h>
#include <math.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "intermediate results must be rounded to double (on i386: -mfpmath=sse)"
#endif

/* ln 2 in two parts; the first has 21 zero bits, times an exponent is exact. */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define SQRT_2 0x1.6a09e667f3bcdp+0

static uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* The natural logarithm of a normal number above 0. */
static double logarithm(double value)
{
	uint64_t bits = bits_of(value);
	int exponent = (int)(bits >> 52) - 1023;
	double mantissa =
		double_of((bits & 0xfffffffffffffu) | 0x3ff0000000000000u);
	double ratio;
	double square;
	double sum = 0;
	int term;

	if (mantissa > SQRT_2) {
		mantissa *= 0.5;
		exponent++;
	}
	/* ln m = 2 artanh((m - 1) / (m + 1)); |ratio| is below 0.172. */
	ratio = (mantissa - 1) / (mantissa + 1);
	square = ratio * ratio;
	for (term = 21; term >= 3; term -= 2)
		sum = (sum + 1.0 / term) * square;
	return exponent * LN2_HIGH +
	       (2 * ratio + (2 * ratio * sum + exponent * LN2_LOW));
}

/* e to the power; held within e^-700 and e^700, which are normal numbers. */
static double exponential(double power)
{
	double rest;
	double sum = 1;
	int exponent;
	int term;

	if (power > 700)
		power = 700;
	if (power < -700)
		power = -700;
	exponent =
		(int)(power / (LN2_HIGH + LN2_LOW) + (power < 0 ? -0.5 : 0.5));
	rest = (power - exponent * LN2_HIGH) - exponent * LN2_LOW;
	/* |rest| is at most ln 2 / 2. */
	for (term = 14; term >= 1; term--)
		sum = 1 + sum * rest / term;
	return sum * double_of((uint64_t)(exponent + 1023) << 52);
}

double random_exponential(struct random *random, double mean)
{
	return -mean * logarithm(1 - random_unit(random));
}

double random_pareto(struct random *random, double least, double alpha)
{
	return least * exponential(random_exponential(random, 1 / alpha));
}

double random_normal(struct random *random)
{
	double x;
	double y;
	double square;

	do {
		x = 2 * random_unit(random) - 1;
		y = 2 * random_unit(random) - 1;
		square = x * x + y * y;
	} while (square >= 1 || square == 0);
	return x * sqrt(-2 * logarithm(square) / square);
}

double random_lognormal(struct random *random, double median, double sigma)
{
	return median * exponential(sigma * random_normal(random));
}
