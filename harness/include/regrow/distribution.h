/*
 * regrow/distribution.h - numbers by a law that is named in a text:
 *
 *   N                          always that
 *   lognormal:MEDIAN:SIGMA     MEDIAN * exp(SIGMA * a normal number)
 *   bimodal:SMALL:LARGE:SHARE  LARGE with that share, of 100 %; else SMALL
 *   pareto:MIN:ALPHA           above x with probability (MIN / x)^ALPHA
 *   empirical                  drawn elsewhere: from a file
 *
 * A number is a whole or a decimal one; one of bytes may end in K, M or G. What
 * is drawn is held within bounds, which whoever uses a law states.
 */
#ifndef REGROW_DISTRIBUTION_H
#define REGROW_DISTRIBUTION_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <regrow/random.h>

enum distribution_law {
	DISTRIBUTION_NONE, /* zeroed: no law is named */
	DISTRIBUTION_CONSTANT,
	DISTRIBUTION_LOGNORMAL,
	DISTRIBUTION_BIMODAL,
	DISTRIBUTION_PARETO,
	DISTRIBUTION_EMPIRICAL,
};

#define DISTRIBUTION_NUMBERS 3

struct distribution {
	enum distribution_law law;
	double numbers[DISTRIBUTION_NUMBERS]; /* as in the text */
	uint64_t low; /* what is drawn is held within these */
	uint64_t high;
};

/*
 * What a number of a law is: measured in what is drawn, a plain number above 0
 * and up to DISTRIBUTION_PLAIN_MAX, or a share.
 */
struct distribution_form {
	const char *text; /* the form, for people; begins with the law's name */
	enum distribution_law law;
	const char *kinds; /* of its numbers: (m)easure, (p)lain, (s)hare */
	const char *example; /* of bytes */
	const char *example_of_counts;
};

#define DISTRIBUTION_PLAIN_MAX 100.0 /* sigma, alpha */

static const struct distribution_form distribution_forms[] = {
	{"lognormal:MEDIAN:SIGMA", DISTRIBUTION_LOGNORMAL, "mp",
	 "[lognormal:1M:1.5]", "[lognormal:20:1]"},
	{"bimodal:SMALL:LARGE:SHARE", DISTRIBUTION_BIMODAL, "mms",
	 "[bimodal:64K:4M:5%]", "[bimodal:2:200:5%]"},
	{"pareto:MIN:ALPHA", DISTRIBUTION_PARETO, "mp", "[pareto:64K:1.2]",
	 "[pareto:4:1.2]"},
	{"empirical", DISTRIBUTION_EMPIRICAL, "", "empirical", "empirical"},
};
#define DISTRIBUTION_FORMS                                                     \
	(sizeof(distribution_forms) / sizeof(distribution_forms[0]))

/* Digits added behind a number; how many. Fifteen in all are exact. */
static inline unsigned int distribution_digits(const char **at, double *value)
{
	unsigned int count = 0;

	for (; **at >= '0' && **at <= '9' && *value < 1e14; (*at)++, count++)
		*value = *value * 10 + (**at - '0');
	return count;
}

/*
 * A number at the text's begin, and where it ends; false: there is none. One
 * division, rounded alike everywhere.
 */
static inline bool distribution_number(const char **at, double *number)
{
	double value = 0, scale = 1;
	unsigned int places = 0;

	if (distribution_digits(at, &value) == 0)
		return false;
	if (**at == '.') {
		(*at)++;
		places = distribution_digits(at, &value);
		if (places == 0)
			return false;
	}
	for (; places > 0; places--)
		scale *= 10;
	*number = value / scale;
	return true;
}

/* Within what is drawn at all: what a law names is not to be held there. */
static inline bool distribution_measure(const char **at, bool bytes,
					const struct distribution *distribution,
					double *number)
{
	if (!distribution_number(at, number))
		return false;
	if (bytes && **at != '\0' && strchr("KMG", **at)) {
		*number *= **at == 'K' ? 0x1p10 : **at == 'M' ? 0x1p20 : 0x1p30;
		(*at)++;
	}
	return *number >= (double)distribution->low &&
	       *number <= (double)distribution->high;
}

static inline bool distribution_share(const char **at, double *number)
{
	if (!distribution_number(at, number))
		return false;
	if (**at == '%')
		(*at)++;
	return *number <= 100;
}

/* The numbers behind a law's name, each after a colon; false: they are not. */
static inline bool distribution_numbers(const char *at, const char *kinds,
					bool bytes,
					struct distribution *distribution)
{
	double *numbers = distribution->numbers;

	for (; *kinds; kinds++, numbers++) {
		bool good;

		if (*at++ != ':')
			return false;
		if (*kinds == 'm')
			good = distribution_measure(&at, bytes, distribution,
						    numbers);
		else if (*kinds == 's')
			good = distribution_share(&at, numbers);
		else
			good = distribution_number(&at, numbers) &&
			       *numbers > 0 &&
			       *numbers <= DISTRIBUTION_PLAIN_MAX;
		if (!good)
			return false;
	}
	return *at == '\0';
}

static inline const struct distribution_form *
distribution_form_of(const char *text)
{
	size_t length = strcspn(text, ":");

	for (size_t i = 0; i < DISTRIBUTION_FORMS; i++) {
		const char *form = distribution_forms[i].text;

		if (length == strcspn(form, ":") &&
		    strncmp(text, form, length) == 0)
			return &distribution_forms[i];
	}
	return NULL;
}

static inline void distribution_refuse(const struct distribution_form *form,
				       bool bytes,
				       const struct distribution *distribution,
				       char *why, size_t why_size)
{
	int used;

	if (form)
		used = snprintf(
			why, why_size, "is not %s, as in %s", form->text,
			bytes ? form->example : form->example_of_counts);
	else
		used = snprintf(why, why_size,
				"is neither a number nor a law (in brackets, "
				"with its numbers: lognormal, bimodal, pareto "
				"or empirical)");
	if (used > 0 && (size_t)used < why_size)
		snprintf(why + used, why_size - (size_t)used,
			 "; from %" PRIu64 " to %" PRIu64 "%s",
			 distribution->low, distribution->high,
			 bytes ? " bytes" : "");
}

/*
 * low and high are set; bytes: what is drawn is. 0; or -EINVAL, and why: what
 * follows the text in a sentence.
 */
static inline int distribution_parse(const char *text, bool bytes,
				     struct distribution *distribution,
				     char *why, size_t why_size)
{
	const struct distribution_form *form = distribution_form_of(text);
	const char *at = text;
	bool good;

	distribution->law = form ? form->law : DISTRIBUTION_CONSTANT;
	if (form)
		good = distribution_numbers(text + strcspn(text, ":"),
					    form->kinds, bytes, distribution);
	else
		good = distribution_measure(&at, bytes, distribution,
					    distribution->numbers) &&
		       *at == '\0';
	if (good)
		return 0;
	distribution_refuse(form, bytes, distribution, why, why_size);
	return -EINVAL;
}

static inline uint64_t
distribution_hold(const struct distribution *distribution, double value)
{
	if (value <= (double)distribution->low)
		return distribution->low;
	if (value >= (double)distribution->high)
		return distribution->high;
	return (uint64_t)value;
}

/* Not of DISTRIBUTION_NONE or _EMPIRICAL. */
static inline uint64_t
distribution_draw(const struct distribution *distribution,
		  struct random *random)
{
	const double *numbers = distribution->numbers;
	double value = numbers[0];

	if (distribution->law == DISTRIBUTION_LOGNORMAL)
		value = random_lognormal(random, numbers[0], numbers[1]);
	else if (distribution->law == DISTRIBUTION_PARETO)
		value = random_pareto(random, numbers[0], numbers[1]);
	else if (distribution->law == DISTRIBUTION_BIMODAL &&
		 random_unit(random) * 100 < numbers[2])
		value = numbers[1];
	return distribution_hold(distribution, value);
}

#endif
