/*
 * regrow/growth.h - the rules by which containers grow: a factor, folly's, or a
 * fixed step.
 *
 * Sizes are bytes, in whole elements of 8. The next size comes from exactly
 * rounded operations only, so a rule gives equal sizes on every machine.
 */
#ifndef REGROW_GROWTH_H
#define REGROW_GROWTH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GROWTH_ELEMENT ((uint64_t)8) /* bytes */
#define GROWTH_BYTES_MAX ((uint64_t)1 << 47) /* an address space */

struct growth_rule {
	enum { GROWTH_FACTOR, GROWTH_STEP, GROWTH_FOLLY } kind;
	double factor; /* above 1, at most 16 */
	uint64_t step; /* bytes, a multiple of the element */
};

/* For a message: what growth_read() takes. */
#define GROWTH_SPELLINGS                                                       \
	"a factor above 1, up to 16 (2, 1.5, 1.125), folly, or + and a "       \
	"multiple of 8 bytes (+64K, +1M)"

/* False: text is no growth rule. Needs the C locale, as strtod does. */
static inline bool growth_read(const char *text, struct growth_rule *rule)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;

	*rule = (struct growth_rule){.kind = GROWTH_FOLLY};
	if (strcmp(text, "folly") == 0)
		return true;
	if (*text != '+') {
		rule->kind = GROWTH_FACTOR;
		rule->factor = strtod(text, &end);
		return strspn(text, "0123456789.") == strlen(text) &&
		       *end == 0 && rule->factor > 1 && rule->factor <= 16;
	}
	rule->kind = GROWTH_STEP;
	if (*++text < '0' || *text > '9')
		return false;
	rule->step = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (rule->step > GROWTH_BYTES_MAX || (*end && !unit) ||
	    (unit && end[1]))
		return false;
	if (unit)
		rule->step <<= 10 * (unit - units + 1);
	return rule->step > 0 && rule->step <= GROWTH_BYTES_MAX &&
	       rule->step % GROWTH_ELEMENT == 0;
}

/*
 * The size that a container of size bytes grows to: factors round down, and
 * every growth adds an element at least. folly is fbvector's
 * computePushBackCapacity() with jemalloc: half more from 4 KiB to 128 KiB
 * (rounded up), twice as much otherwise.
 */
static inline uint64_t growth_next(const struct growth_rule *rule,
				   uint64_t size)
{
	uint64_t elements = size / GROWTH_ELEMENT;
	uint64_t next = 2 * elements;

	if (rule->kind == GROWTH_FOLLY && size >= 4096 && size <= 131072)
		next = (3 * elements + 1) / 2;
	if (rule->kind == GROWTH_STEP)
		next = elements + rule->step / GROWTH_ELEMENT;
	if (rule->kind == GROWTH_FACTOR)
		next = (uint64_t)((double)elements * rule->factor);
	if (next <= elements)
		next = elements + 1;
	return next * GROWTH_ELEMENT;
}

#endif
