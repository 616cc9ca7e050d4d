/* units - sizes and times as people type and read them. */
#include "common/units.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NUMBER_MAX ((uint64_t)INT64_MAX)

/*
 * More digits after the point are not taken: 10^25 times the largest unit,
 * 2^42, still fits 128 bits.
 */
#define FRACTION_DIGITS_MAX 25

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{"", 1},
	{"K", (uint64_t)1 << 10},
	{"M", (uint64_t)1 << 20},
	{"G", (uint64_t)1 << 30},
	{"T", (uint64_t)1 << 40},
};

static const struct unit time_units[] = {
	{"", 1000000000},     {"ns", 1},	 {"us", 1000},
	{"ms", 1000000},      {"s", 1000000000}, {"m", 60000000000},
	{"h", 3600000000000},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* whole + fraction / 10^fraction_digits, exact. */
struct decimal {
	uint64_t whole;
	unsigned __int128 fraction;
	unsigned int fraction_digits;
	bool too_large; /* whole is above NUMBER_MAX and not kept */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What follows the number, or NULL where text does not begin with one. */
static const char *parse_decimal(const char *text, struct decimal *decimal)
{
	unsigned int zeros = 0;

	memset(decimal, 0, sizeof(*decimal));
	if (!is_digit(*text))
		return NULL;
	for (; is_digit(*text); text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (decimal->whole > (NUMBER_MAX - digit) / 10)
			decimal->too_large = true;
		else
			decimal->whole = decimal->whole * 10 + digit;
	}
	if (*text != '.')
		return text;
	if (!is_digit(*++text))
		return NULL;
	for (; is_digit(*text); text++) {
		if (*text == '0') {
			zeros++;
			continue;
		}
		if (decimal->fraction_digits + zeros + 1 > FRACTION_DIGITS_MAX)
			return NULL;
		for (zeros++; zeros > 0; zeros--) {
			decimal->fraction *= 10;
			decimal->fraction_digits++;
		}
		decimal->fraction += (unsigned int)(*text - '0');
	}
	return text;
}

/* The number of units as a whole number. */
static int scale_decimal(const struct decimal *decimal, uint64_t factor,
			 uint64_t *number)
{
	unsigned __int128 part = decimal->fraction * factor;
	unsigned __int128 total;
	unsigned int i;

	for (i = 0; i < decimal->fraction_digits; i++) {
		if (part % 10 != 0)
			return -EINVAL;
		part /= 10;
	}
	total = (unsigned __int128)decimal->whole * factor + part;
	if (decimal->too_large || total > NUMBER_MAX)
		return -ERANGE;
	*number = (uint64_t)total;
	return 0;
}

/* K, KB and KiB are the same. */
static bool is_size_suffix(const char *suffix, const char *name)
{
	size_t length = strlen(name);

	if (strncasecmp(suffix, name, length) != 0)
		return false;
	suffix += length;
	return *suffix == 0 || (length > 0 && (strcasecmp(suffix, "B") == 0 ||
					       strcasecmp(suffix, "iB") == 0));
}

int units_parse_size(const char *text, uint64_t *bytes)
{
	struct decimal decimal;
	const char *suffix = parse_decimal(text, &decimal);
	size_t i;

	if (suffix == NULL)
		return -EINVAL;
	for (i = 0; i < COUNT_OF(size_units); i++) {
		if (is_size_suffix(suffix, size_units[i].name))
			return scale_decimal(&decimal, size_units[i].factor,
					     bytes);
	}
	return -EINVAL;
}

int units_parse_time(const char *text, uint64_t *ns)
{
	struct decimal decimal;
	const char *suffix = parse_decimal(text, &decimal);
	size_t i;

	if (suffix == NULL)
		return -EINVAL;
	for (i = 0; i < COUNT_OF(time_units); i++) {
		if (strcmp(suffix, time_units[i].name) == 0)
			return scale_decimal(&decimal, time_units[i].factor,
					     ns);
	}
	return -EINVAL;
}

int units_parse_percent(const char *text, double *fraction)
{
	struct decimal decimal;
	const char *suffix = parse_decimal(text, &decimal);
	double divisor = 100;
	uint64_t digits;
	unsigned int i;

	if (suffix == NULL || (*suffix != 0 && strcmp(suffix, "%") != 0))
		return -EINVAL;
	/* Both sides of the one division are exact: it rounds once. */
	if (decimal.too_large || decimal.whole > 1000000 ||
	    decimal.fraction_digits > 9)
		return -EINVAL;
	digits = decimal.whole;
	for (i = 0; i < decimal.fraction_digits; i++) {
		digits *= 10;
		divisor *= 10;
	}
	*fraction = (double)(digits + (uint64_t)decimal.fraction) / divisor;
	return 0;
}

/*
 * bytes in that unit, without rounding, into text; false where that takes
 * size bytes or more.
 */
static bool write_exact(uint64_t bytes, const struct unit *unit, char *text,
			size_t size)
{
	uint64_t rest = bytes % unit->factor;
	int used = snprintf(text, size, "%llu%s",
			    (unsigned long long)(bytes / unit->factor),
			    rest > 0 ? "." : "");
	size_t length = (size_t)used;

	for (; rest > 0; rest %= unit->factor) {
		rest *= 10;
		if (length + 1 >= size)
			return false;
		text[length++] = (char)('0' + rest / unit->factor);
	}
	used = snprintf(text + length, size - length, "%s", unit->name);
	return length + (size_t)used < size;
}

char *units_exact_size(uint64_t bytes, char *text)
{
	char shorter[UNITS_TEXT_SIZE];
	size_t size = UNITS_TEXT_SIZE;
	size_t i;

	for (i = 0; i < COUNT_OF(size_units); i++) {
		/* Of 0 every spelling is as good as "0". */
		if (!write_exact(bytes, &size_units[i], shorter, size))
			continue;
		size = strlen(shorter);
		memcpy(text, shorter, size + 1);
	}
	return text;
}

/* Three significant digits; a whole number of the smallest unit stays one. */
static char *read_value(double value, const char *unit, bool smallest,
			char *text)
{
	double size = fabs(value);
	const char *blank = *unit != 0 ? " " : "";
	int decimals = 2;

	if (size >= 9.995)
		decimals = 1;
	if (size >= 99.95 || (smallest && size == floor(size)))
		decimals = 0;
	else if (size > 0 && size < 0.9995)
		decimals = 3;
	if (size >= 1e9)
		snprintf(text, UNITS_TEXT_SIZE, "%.3g%s%s", value, blank, unit);
	else
		snprintf(text, UNITS_TEXT_SIZE, "%.*f%s%s", decimals, value,
			 blank, unit);
	return text;
}

/* A ladder of units: each is factor of the one before. */
struct rung {
	const char *name;
	double factor;
	double enough; /* from here on the next unit reads better */
};

static char *read_ladder(double value, const struct rung *rungs, char *text)
{
	const struct rung *rung = rungs;

	if (!isfinite(value)) {
		snprintf(text, UNITS_TEXT_SIZE, "n/a");
		return text;
	}
	while (fabs(value) >= rung->enough) {
		rung++;
		value /= rung->factor;
	}
	return read_value(value, rung->name, rung == rungs, text);
}

char *units_read_size(double bytes, char *text)
{
	static const struct rung rungs[] = {
		{"B", 1, 999.5},	 {"KiB", 1024, 999.5},
		{"MiB", 1024, 999.5},	 {"GiB", 1024, 999.5},
		{"TiB", 1024, HUGE_VAL},
	};

	return read_ladder(bytes, rungs, text);
}

char *units_read_time(double ns, char *text)
{
	static const struct rung rungs[] = {
		{"ns", 1, 999.5},   {"us", 1000, 999.5}, {"ms", 1000, 999.5},
		{"s", 1000, 119.5}, {"min", 60, 119.5},	 {"h", 60, HUGE_VAL},
	};

	return read_ladder(ns, rungs, text);
}

char *units_read_count(double count, char *text)
{
	static const struct rung rungs[] = {
		{"", 1, 999.5},	    {"k", 1000, 999.5},	   {"M", 1000, 999.5},
		{"G", 1000, 999.5}, {"T", 1000, HUGE_VAL},
	};

	return read_ladder(count, rungs, text);
}
