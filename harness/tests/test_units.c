/* test_units - sizes, times and percents are read and written as said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <regrow/random.h>

#include "common/units.h"

#define KIB ((uint64_t)1 << 10)
#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)
#define TIB ((uint64_t)1 << 40)

static void size_is(const char *text, uint64_t bytes)
{
	uint64_t got = 12345;

	if (units_parse_size(text, &got) != 0)
		fail_msg("'%s' was refused", text);
	if (got != bytes)
		fail_msg("'%s' is %llu", text, (unsigned long long)got);
}

static void size_fails(const char *text, int error)
{
	uint64_t got = 12345;

	if (units_parse_size(text, &got) != error)
		fail_msg("'%s' did not fail with %d", text, error);
	assert_int_equal(got, 12345);
}

static void sizes_are_binary_whatever_the_spelling(void **state)
{
	(void)state;
	size_is("0", 0);
	size_is("4096", 4096);
	size_is("64K", 64 * KIB);
	size_is("64k", 64 * KIB);
	size_is("64KB", 64 * KIB);
	size_is("64KiB", 64 * KIB);
	size_is("2M", 2 * MIB);
	size_is("1.5G", 3 * GIB / 2);
	size_is("3T", 3 * TIB);
	size_is("0.5K", 512);
	size_is("1.50000000000000000000000000000000000000K", 1536);
	size_is("007", 7);
	size_is("4.0", 4);
	size_is("9223372036854775807", INT64_MAX);
	/* One byte of a TiB takes 40 digits; 25 are read. */
	size_is("0.0000009536743164062500T", MIB);
}

static void malformed_sizes_are_refused(void **state)
{
	static const char *const malformed[] = {
		"",	" ",
		"-1",	"+1",
		"1X",	"1e9K",
		"0x10", "1K ",
		" 1K",	"1 K",
		"K",	".5K",
		"1.K",	"1..5",
		"1.5",	"0.3",
		"0.3K", "1KiBB",
		"1iB",	"1B",
		"1Ki",	"1KK",
		"1,5K", "nan",
		"inf",	"1.0000000000000000000000000001T",
		"1KX",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		size_fails(malformed[i], -EINVAL);
}

static void sizes_above_the_largest_are_out_of_range(void **state)
{
	(void)state;
	size_fails("9223372036854775808", -ERANGE);
	size_fails("18446744073709551616", -ERANGE);
	size_fails("99999999999999999999999999999999999999999999", -ERANGE);
	size_fails("99999999T", -ERANGE);
	size_fails("8388608T", -ERANGE);
	size_is("8388607T", 8388607 * TIB);
	size_fails("8388607.9999999999999999T", -EINVAL);
	/* Junk is junk, however large the number before it. */
	size_fails("99999999999999999999X", -EINVAL);
}

/* How long the spelling in a unit is, without rounding; by brute force. */
static size_t length_in(uint64_t bytes, uint64_t factor, size_t suffix)
{
	uint64_t rest = bytes % factor;
	size_t length = suffix;
	char whole[32];

	length += (size_t)snprintf(whole, sizeof(whole), "%llu",
				   (unsigned long long)(bytes / factor));
	for (length += rest > 0; rest > 0; length++)
		rest = rest * 10 % factor;
	return length;
}

static void exact_round_trip(uint64_t bytes)
{
	char text[UNITS_TEXT_SIZE];
	uint64_t back = ~bytes;
	uint64_t factor;

	assert_ptr_equal(units_exact_size(bytes, text), text);
	if (units_parse_size(text, &back) != 0 || back != bytes)
		fail_msg("%llu is written '%s'", (unsigned long long)bytes,
			 text);
	for (factor = 1; factor <= TIB; factor <<= 10)
		assert_true(strlen(text) <=
			    length_in(bytes, factor, factor > 1));
}

static void the_exact_spelling_is_the_shortest_that_reads_back(void **state)
{
	struct random random = {1};
	unsigned int i;
	unsigned int bit;

	(void)state;
	for (i = 0; i < 70000; i++)
		exact_round_trip(i);
	for (bit = 0; bit < 63; bit++) {
		uint64_t power = (uint64_t)1 << bit;

		exact_round_trip(power);
		exact_round_trip(power - 1);
		exact_round_trip(power + 1);
		exact_round_trip(power + (power >> 1));
		exact_round_trip(power + 4096);
	}
	for (i = 0; i < 100000; i++)
		exact_round_trip(random_next(&random) >>
				 (1 + random_below(&random, 63)));
	exact_round_trip(INT64_MAX);
}

static void exact_sizes_look_as_people_write_them(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{0, "0"},	   {1, "1"},
		{1023, "1023"},	   {1024, "1K"},
		{1536, "1536"},	   {4097, "4097"},
		{64 * KIB, "64K"}, {4100 * KIB, "4100K"},
		{2 * MIB, "2M"},   {1536 * MIB, "1.5G"},
		{3 * TIB, "3T"},   {INT64_MAX, "9223372036854775807"},
	};
	char text[UNITS_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(units_exact_size(cases[i].bytes, text),
				    cases[i].text);
}

static void time_is(const char *text, uint64_t ns)
{
	uint64_t got = 0;

	if (units_parse_time(text, &got) != 0 || got != ns)
		fail_msg("'%s' is %llu", text, (unsigned long long)got);
}

static void times_are_nanoseconds_and_bare_numbers_seconds(void **state)
{
	(void)state;
	time_is("5ns", 5);
	time_is("10us", 10000);
	time_is("500ms", 500000000);
	time_is("30s", 30000000000);
	time_is("30", 30000000000);
	time_is("0.25", 250000000);
	time_is("2m", 120000000000);
	time_is("1.5h", 5400000000000);
	time_is("0.000000001", 1);
	time_is("0", 0);
}

static void malformed_times_are_refused(void **state)
{
	static const char *const malformed[] = {
		"",   "s",    "-1s",  "1 s", "1.5ns", "0.0000000001",
		"1S", "1min", "1sec", "5e3", "1d",    "1ss",
	};
	uint64_t ns;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		if (units_parse_time(malformed[i], &ns) != -EINVAL)
			fail_msg("'%s' was taken", malformed[i]);
	}
	assert_int_equal(units_parse_time("2562047.7h", &ns), 0);
	assert_int_equal(units_parse_time("2562048h", &ns), -ERANGE);
	assert_int_equal(units_parse_time("9223372036.854775807", &ns), 0);
	assert_int_equal(ns, INT64_MAX);
	assert_int_equal(units_parse_time("9223372036.854775808", &ns),
			 -ERANGE);
}

static void percents_become_the_nearest_fraction(void **state)
{
	double fraction;

	(void)state;
	assert_int_equal(units_parse_percent("2%", &fraction), 0);
	assert_true(fraction == 0.02);
	assert_int_equal(units_parse_percent("2", &fraction), 0);
	assert_true(fraction == 0.02);
	assert_int_equal(units_parse_percent("0.5%", &fraction), 0);
	assert_true(fraction == 0.005);
	assert_int_equal(units_parse_percent("0.7", &fraction), 0);
	assert_true(fraction == 0.007);
	assert_int_equal(units_parse_percent("100%", &fraction), 0);
	assert_true(fraction == 1);
	assert_int_equal(units_parse_percent("0", &fraction), 0);
	assert_true(fraction == 0);
	assert_int_equal(units_parse_percent("", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("%", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("-2%", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("2%%", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("2 %", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("two", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("1e1", &fraction), -EINVAL);
	assert_int_equal(units_parse_percent("99999999999999999999", &fraction),
			 -EINVAL);
}

struct reading {
	double value;
	const char *text;
};

static void reads_as(char *(*read)(double, char *),
		     const struct reading *readings, size_t count)
{
	char text[UNITS_TEXT_SIZE];
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(read(readings[i].value, text), readings[i].text) !=
		    0)
			fail_msg("%.17g reads '%s', not '%s'",
				 readings[i].value, text, readings[i].text);
	}
}

static void sizes_read_with_three_digits(void **state)
{
	static const struct reading readings[] = {
		{0, "0 B"},
		{512, "512 B"},
		{0.25, "0.250 B"},
		{999, "999 B"},
		{1000, "0.977 KiB"},
		{1024, "1.00 KiB"},
		{1536.0 * (1 << 20), "1.50 GiB"},
		{999.4 * 1024, "999 KiB"},
		{999.6 * 1024, "0.976 MiB"},
		{9.996 * 1024, "10.0 KiB"},
		{99.96 * 1024, "100 KiB"},
		{-2048, "-2.00 KiB"},
		{0x1p62, "4194304 TiB"},
		{1e300, "9.09e+287 TiB"},
		{INFINITY, "n/a"},
		{NAN, "n/a"},
	};

	(void)state;
	reads_as(units_read_size, readings,
		 sizeof(readings) / sizeof(readings[0]));
}

static void times_read_with_three_digits(void **state)
{
	static const struct reading readings[] = {
		{0, "0 ns"},	     {3, "3 ns"},
		{29.53, "29.5 ns"},  {17200, "17.2 us"},
		{312e6, "312 ms"},   {999.7e3, "1.00 ms"},
		{1.5e9, "1.50 s"},   {119e9, "119 s"},
		{120e9, "2.00 min"}, {119.4 * 60e9, "119 min"},
		{7200e9, "2.00 h"},  {-5e6, "-5.00 ms"},
	};

	(void)state;
	reads_as(units_read_time, readings,
		 sizeof(readings) / sizeof(readings[0]));
}

static void counts_read_with_three_digits(void **state)
{
	static const struct reading readings[] = {
		{0, "0"},	   {17, "17"},	      {2.5, "2.50"},
		{999, "999"},	   {1000, "1.00 k"},  {1310000, "1.31 M"},
		{131072, "131 k"}, {2.5e9, "2.50 G"}, {7e12, "7.00 T"},
	};

	(void)state;
	reads_as(units_read_count, readings,
		 sizeof(readings) / sizeof(readings[0]));
}

static void what_is_read_never_outgrows_its_text(void **state)
{
	static const double values[] = {-1e308,	 -123456789e12, 999999999.5e12,
					1e-300,	 -1e-300,	1e21,
					-9.99e20};
	char text[UNITS_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		units_read_size(values[i], text);
		assert_true(strchr(text, 'B') != NULL);
		units_read_time(values[i], text);
		units_read_count(values[i], text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_binary_whatever_the_spelling),
		cmocka_unit_test(malformed_sizes_are_refused),
		cmocka_unit_test(sizes_above_the_largest_are_out_of_range),
		cmocka_unit_test(
			the_exact_spelling_is_the_shortest_that_reads_back),
		cmocka_unit_test(exact_sizes_look_as_people_write_them),
		cmocka_unit_test(
			times_are_nanoseconds_and_bare_numbers_seconds),
		cmocka_unit_test(malformed_times_are_refused),
		cmocka_unit_test(percents_become_the_nearest_fraction),
		cmocka_unit_test(sizes_read_with_three_digits),
		cmocka_unit_test(times_read_with_three_digits),
		cmocka_unit_test(counts_read_with_three_digits),
		cmocka_unit_test(what_is_read_never_outgrows_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
