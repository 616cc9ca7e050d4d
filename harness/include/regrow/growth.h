/*
 * regrow/growth.h - the rules by which containers grow: a factor, a fixed step,
 * or a container's own.
 *
 * Sizes are bytes, in whole elements of 8; a size is a container's capacity.
 * The next size comes from exactly rounded operations only, so a rule gives
 * equal sizes on every machine.
 *
 *   2, 1.5, ...  elements times that, rounded down
 *   +SIZE        as many bytes more
 *   rust         Vec's RawVec::grow_amortized(): twice as many, 4 at least
 *   folly        fbvector's computePushBackCapacity(): half as many more from 4
 *                KiB to 128 KiB, rounded up, twice as many otherwise; rounded
 *                up to a size class of jemalloc (goodMallocSize(), as classes
 *                were until 5.3: four to each doubling)
 *   libstdc++    std::vector's _M_check_len(): twice as many, as in libc++
 *   msvc         std::vector's _Calculate_growth(): half as many more, rounded
 *                down
 *   go           append()'s nextslicecap() since 1.18: twice as many below 256,
 *                then a quarter and 192 more; rounded up to a size class, above
 *                32 KiB to a page, of the runtime: 8 KiB
 *   reserve      all that will be needed, at once: nothing grows
 */
#ifndef REGROW_GROWTH_H
#define REGROW_GROWTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GROWTH_ELEMENT ((uint64_t)8) /* bytes */
#define GROWTH_BYTES_MAX ((uint64_t)1 << 47) /* an address space */

struct growth_rule {
	enum {
		GROWTH_FACTOR,
		GROWTH_STEP,
		GROWTH_RUST,
		GROWTH_FOLLY,
		GROWTH_GO,
		GROWTH_RESERVE,
	} kind;
	double factor; /* above 1, at most 16 */
	uint64_t step; /* bytes, a multiple of the element */
};

#define GROWTH_CONTAINERS "rust, folly, libstdc++, msvc, go"
/* For an option's help and for a message: the rules by which a block grows. */
#define GROWTH_HELP                                                            \
	"growth rule: a factor (1.5), +SIZE (+64K), " GROWTH_CONTAINERS
#define GROWTH_GROWING                                                         \
	"a factor above 1, up to 16 (2, 1.5, 1.125), + and a multiple of 8 "   \
	"bytes (+64K, +1M), " GROWTH_CONTAINERS
/* For a message: what growth_read() takes. */
#define GROWTH_SPELLINGS GROWTH_GROWING ", or reserve"

/* False: text is not a container's name. */
static inline bool growth_read_name(const char *text, struct growth_rule *rule)
{
	static const struct {
		const char *name;
		struct growth_rule rule;
	} names[] = {
		{"rust", {.kind = GROWTH_RUST}},
		{"folly", {.kind = GROWTH_FOLLY}},
		{"libstdc++", {.kind = GROWTH_FACTOR, .factor = 2}},
		{"msvc", {.kind = GROWTH_FACTOR, .factor = 1.5}},
		{"go", {.kind = GROWTH_GO}},
		{"reserve", {.kind = GROWTH_RESERVE}},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i].name) == 0) {
			*rule = names[i].rule;
			return true;
		}
	return false;
}

/* False: text is no growth rule. Needs the C locale, as strtod does. */
static inline bool growth_read(const char *text, struct growth_rule *rule)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;

	if (growth_read_name(text, rule))
		return true;
	*rule = (struct growth_rule){0};
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

/* The smallest multiple of unit, a power of two, that is not below bytes. */
static inline uint64_t growth_round(uint64_t bytes, uint64_t unit)
{
	return (bytes + unit - 1) & ~(unit - 1);
}

/* jemalloc's size class of bytes, above 8: four to a doubling, 16 apart. */
static inline uint64_t growth_class_jemalloc(uint64_t bytes)
{
	unsigned int log2 = 63 - (unsigned int)__builtin_clzll(bytes - 1);

	return growth_round(bytes, log2 > 6 ? (uint64_t)1 << (log2 - 2) : 16);
}

/* What Go's runtime allocates for bytes without pointers. */
static inline uint64_t growth_class_go(uint64_t bytes)
{
	/* In units of 8 bytes; runtime/sizeclasses.go. */
	static const uint16_t classes[] = {
		1,    2,    3,	  4,	6,    8,    10,	  12,	14,   16,
		18,   20,   22,	  24,	26,   28,   30,	  32,	36,   40,
		44,   48,   52,	  56,	60,   64,   72,	  80,	88,   96,
		112,  128,  144,  160,	176,  192,  224,  256,	288,  336,
		384,  400,  432,  512,	608,  672,  768,  816,	848,  864,
		1024, 1184, 1216, 1280, 1360, 1536, 1696, 1792, 2048, 2304,
		2384, 2560, 2720, 3072, 3408, 3584, 4096,
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (bytes <= (uint64_t)8 * classes[i])
			return (uint64_t)8 * classes[i];
	return growth_round(bytes, 8192);
}

/*
 * The size that a container of size bytes grows to; every growth adds an
 * element at least. Not for GROWTH_RESERVE.
 */
static inline uint64_t growth_next(const struct growth_rule *rule,
				   uint64_t size)
{
	uint64_t elements = size / GROWTH_ELEMENT;
	uint64_t next = 2 * elements;

	switch (rule->kind) {
	case GROWTH_FACTOR:
		next = (uint64_t)((double)elements * rule->factor);
		break;
	case GROWTH_STEP:
		next = elements + rule->step / GROWTH_ELEMENT;
		break;
	case GROWTH_RUST:
		next = next < 4 ? 4 : next;
		break;
	case GROWTH_FOLLY:
		if (size >= 4096 && size <= 131072)
			next = (3 * elements + 1) / 2;
		return growth_class_jemalloc(next * GROWTH_ELEMENT);
	case GROWTH_GO:
		if (elements >= 256)
			next = elements + (elements + 768) / 4;
		return growth_class_go(next * GROWTH_ELEMENT);
	case GROWTH_RESERVE:
		break;
	}
	if (next <= elements)
		next = elements + 1;
	return next * GROWTH_ELEMENT;
}

#endif
