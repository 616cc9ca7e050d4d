/* test_distribution - laws as they are typed, and what is drawn by them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include <regrow/distribution.h>
#include <regrow/empirical.h>

#define KIB ((uint64_t)1 << 10)
#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)
#define DRAWS 100000

static char why[256];
static uint64_t drawn[DRAWS]; /* sorted */

static int parse(const char *text, struct distribution *law)
{
	*law = (struct distribution){.low = 8, .high = GIB};
	why[0] = '\0';
	return distribution_parse(text, true, law, why, sizeof(why));
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void draw(const char *text)
{
	struct random random = {20140425};
	struct distribution law;

	if (parse(text, &law) != 0)
		fail_msg("%s: %s", text, why);
	for (size_t i = 0; i < DRAWS; i++)
		drawn[i] = distribution_draw(&law, &random);
	qsort(drawn, DRAWS, sizeof(*drawn), compare);
}

static void assert_near(uint64_t value, double expected)
{
	if ((double)value < 0.97 * expected || (double)value > 1.03 * expected)
		fail_msg("%llu is not about %.0f", (unsigned long long)value,
			 expected);
}

static void a_constant_is_always_itself(void **state)
{
	(void)state;
	draw("1.5M");
	assert_int_equal(drawn[0], MIB * 3 / 2);
	assert_int_equal(drawn[DRAWS - 1], MIB * 3 / 2);
}

static void lognormal_has_its_median_and_its_quartiles(void **state)
{
	(void)state;
	draw("lognormal:1M:0.5");
	assert_near(drawn[DRAWS / 2], (double)MIB);
	/* exp(0.5 * 0.67449) apart. */
	assert_near(drawn[DRAWS / 4], (double)MIB / 1.40107);
	assert_near(drawn[3 * DRAWS / 4], (double)MIB * 1.40107);
}

static void bimodal_has_two_values_in_its_share(void **state)
{
	size_t small = 0;

	(void)state;
	draw("bimodal:64K:4M:2.5%");
	while (drawn[small] == 64 * KIB)
		small++;
	assert_int_equal(drawn[small], 4 * MIB);
	assert_int_equal(drawn[DRAWS - 1], 4 * MIB);
	/* The standard deviation is 49. */
	assert_in_range(DRAWS - small, 2300, 2700);
}

static void pareto_has_its_tail_and_is_held_at_the_cap(void **state)
{
	size_t capped = DRAWS;

	(void)state;
	draw("pareto:64K:1.2");
	assert_true(drawn[0] >= 64 * KIB);
	assert_near(drawn[DRAWS / 2], 65536 * 1.78180); /* 2^(1/1.2) */
	assert_near(drawn[DRAWS - DRAWS / 10], 65536 * 6.81292); /* 10^ */
	draw("pareto:1M:0.5");
	while (drawn[capped - 1] == GIB)
		capped--;
	/* Above 1024 times the least with probability 1/32. */
	assert_in_range(DRAWS - capped, 2950, 3300);
}

/* The same on every machine: what a seed gives is a part of the requests. */
static void equal_seeds_give_equal_numbers_everywhere(void **state)
{
	static const char *const laws[] = {"lognormal:1M:1.5",
					   "pareto:64K:1.2"};
	static const uint64_t expected[2][3] = {
		{984935, 3904599, 662619},
		{98916, 66467, 449341},
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct random random = {7};
		struct distribution law;

		assert_int_equal(parse(laws[i], &law), 0);
		for (int j = 0; j < 3; j++)
			assert_int_equal(distribution_draw(&law, &random),
					 expected[i][j]);
	}
}

static void what_is_no_law_is_refused_with_its_form(void **state)
{
	static const char *const wrong[][2] = {
		{"", "neither a number nor a law"},
		{"4Q", "neither a number nor a law"},
		{"-4", "neither a number nor a law"},
		{"1.", "neither a number nor a law"},
		{"lognorm:1M:1", "neither a number nor a law"},
		{"lognormal", "is not lognormal:MEDIAN:SIGMA"},
		{"lognormal:1M", "is not lognormal:MEDIAN:SIGMA"},
		{"lognormal:1M:0", "is not lognormal:MEDIAN:SIGMA"},
		{"lognormal:1M:101", "is not lognormal:MEDIAN:SIGMA"},
		{"lognormal:1M:1:1", "is not lognormal:MEDIAN:SIGMA"},
		{"lognormal:1M:1M", "is not lognormal:MEDIAN:SIGMA"},
		{"lognormal:2G:1", "from 8 to 1073741824 bytes"},
		{"lognormal:4:1", "from 8 to 1073741824 bytes"},
		{"1234567890123456789", "from 8 to 1073741824 bytes"},
		{"bimodal:4K:8K", "is not bimodal:SMALL:LARGE:SHARE"},
		{"bimodal:4K:8K:101%", "is not bimodal:SMALL:LARGE:SHARE"},
		{"bimodal:4K:8K:5%%", "is not bimodal:SMALL:LARGE:SHARE"},
		{"pareto:4K:-1", "as in [pareto:64K:1.2]"},
		{"empirical:1", "is not empirical"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct distribution law;

		if (parse(wrong[i][0], &law) != -EINVAL)
			fail_msg("'%s' is not refused", wrong[i][0]);
		if (!strstr(why, wrong[i][1]))
			fail_msg("'%s': %s", wrong[i][0], why);
	}
}

static void counts_have_no_units(void **state)
{
	struct distribution law = {.low = 0, .high = 1000};

	(void)state;
	assert_int_equal(distribution_parse("0", false, &law, why, sizeof(why)),
			 0);
	assert_int_equal(
		distribution_parse("1K", false, &law, why, sizeof(why)),
		-EINVAL);
	assert_int_equal(distribution_parse("pareto:1K:1", false, &law, why,
					    sizeof(why)),
			 -EINVAL);
	assert_non_null(strstr(why, "as in [pareto:4:1.2]; from 0 to 1000"));
}

static int64_t read_text(const char *text, struct empirical_entry *entries)
{
	why[0] = '\0';
	return empirical_read(empirical_open(text, strlen(text), GIB, 1000),
			      entries, why, sizeof(why));
}

static void a_file_s_lines_are_read_without_comments(void **state)
{
	static const char text[] = "# SIZE LIFE WEIGHT\n"
				   "\n"
				   "64K 0 10 # most\n"
				   " \t1048576\t20  5\n"
				   "#\n"
				   "2M 1000 1";
	struct empirical_entry entries[3];

	(void)state;
	assert_int_equal(read_text(text, NULL), 3);
	assert_int_equal(read_text(text, entries), 3);
	assert_int_equal(entries[0].size, 64 * KIB);
	assert_int_equal(entries[0].life, 0);
	assert_int_equal(entries[0].weights, 10);
	assert_int_equal(entries[1].size, MIB);
	assert_int_equal(entries[1].life, 20);
	assert_int_equal(entries[1].weights, 15);
	assert_int_equal(entries[2].size, 2 * MIB);
	assert_int_equal(entries[2].life, 1000);
	assert_int_equal(entries[2].weights, 16);
}

static void a_wrong_line_is_refused_by_its_number(void **state)
{
	static const char *const wrong[][2] = {
		{"", "has no line"},
		{"# nothing\n\n", "has no line"},
		{"1M 2 3\n64K 0\n", "line 2: WEIGHT"},
		{"1M 2 3\n\n64K\n", "line 3: LIFE"},
		{"1M 2 3\n# 1\n64Q 1 1\n", "line 3: SIZE"},
		{"64K 1 1 1\n", "line 1: a line is SIZE LIFE WEIGHT"},
		{"64K 1 1x\n", "line 1: WEIGHT"},
		{"64K 1 0\n", "line 1: WEIGHT"},
		{"64K -1 1\n", "line 1: LIFE"},
		{"64K 1.5 1\n", "line 1: LIFE"},
		{"64K 1001 1\n", "line 1: LIFE"},
		{"0 1 1\n", "line 1: SIZE"},
		{"2G 1 1\n", "line 1: SIZE"},
		{"99999999999999999999999G 1 1\n", "line 1: SIZE"},
		{"64K 1 99999999999999999999999\n", "line 1: WEIGHT"},
		{"64K#1 1\n", "line 1: LIFE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (read_text(wrong[i][0], NULL) != -EINVAL)
			fail_msg("'%s' is not refused", wrong[i][0]);
		if (!strstr(why, wrong[i][1]))
			fail_msg("'%s': %s", wrong[i][0], why);
	}
}

static void bytes_that_are_no_text_are_read_to_their_end_at_most(void **state)
{
	static const char cut[4] = {'6', '4', 'K', ' '};

	(void)state;
	assert_int_equal(
		empirical_read(empirical_open(cut, sizeof(cut), GIB, 1000),
			       NULL, why, sizeof(why)),
		-EINVAL);
	assert_int_equal(empirical_read(empirical_open("1 1 1\0", 6, GIB, 1000),
					NULL, why, sizeof(why)),
			 -EINVAL);
	assert_non_null(strstr(why, "line 1"));
}

static void more_entries_than_can_be_kept_are_refused(void **state)
{
	const size_t lines = EMPIRICAL_ENTRIES_MAX + 1;
	char *text = malloc(lines * 6 + 1);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < lines; i++)
		memcpy(text + 6 * i, "8 1 1\n", 7);
	assert_int_equal(read_text(text, NULL), -EINVAL);
	assert_non_null(strstr(why, "line 65537: 65536 entries are the most"));
	assert_int_equal(read_text(text + 6, NULL), EMPIRICAL_ENTRIES_MAX);
	free(text);
}

static void entries_are_drawn_by_their_weights(void **state)
{
	static const uint64_t weights[4] = {1, 60, 9, 30};
	struct empirical_entry entries[4] = {{0}};
	struct empirical empirical = {4, entries};
	struct random random = {3};
	uint64_t counts[4] = {0};

	(void)state;
	assert_int_equal(read_text("8 0 1\n16 1 60\n24 2 9\n32 3 30", entries),
			 4);
	for (int i = 0; i < DRAWS; i++) {
		const struct empirical_entry *entry =
			empirical_draw(&empirical, &random);

		assert_int_equal(entry->size, 8 * (entry->life + 1));
		counts[entry->life]++;
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(counts[i], DRAWS / 100 * weights[i] * 9 / 10,
				DRAWS / 100 * weights[i] * 11 / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_constant_is_always_itself),
		cmocka_unit_test(lognormal_has_its_median_and_its_quartiles),
		cmocka_unit_test(bimodal_has_two_values_in_its_share),
		cmocka_unit_test(pareto_has_its_tail_and_is_held_at_the_cap),
		cmocka_unit_test(equal_seeds_give_equal_numbers_everywhere),
		cmocka_unit_test(what_is_no_law_is_refused_with_its_form),
		cmocka_unit_test(counts_have_no_units),
		cmocka_unit_test(a_file_s_lines_are_read_without_comments),
		cmocka_unit_test(a_wrong_line_is_refused_by_its_number),
		cmocka_unit_test(
			bytes_that_are_no_text_are_read_to_their_end_at_most),
		cmocka_unit_test(more_entries_than_can_be_kept_are_refused),
		cmocka_unit_test(entries_are_drawn_by_their_weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
