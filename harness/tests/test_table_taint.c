/* test_table_taint - what a table says of planted results that are tainted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/table.h"
#include "driver/table_rows.h"
#include "tests/drawn.h"

#define ROUNDS 24
#define GROUP                                                                  \
	"{\"workload\":\"grow\",\"thp\":\"never\",\"estimate\":{"              \
	"\"threads\":2}}"
#define CELL(role, allocator)                                                  \
	"{\"group\":0,\"role\":\"" role "\",\"allocator\":\"" allocator "\"}"
#define CELLS                                                                  \
	CELL("reference", "copy")                                              \
	"," CELL("twin", "copy") "," CELL("floor", "nothing") "," CELL("row",  \
								       "move")

static struct drawn drawn;
static struct table table;
static char *printed;

static int start(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP, CELLS, "");
	return 0;
}

static int finish(void **state)
{
	(void)state;
	table_free(&table);
	free(printed);
	printed = NULL;
	drawn_close(&drawn);
	return 0;
}

/* words: "\"thp\",\"waited\""; NULL: nobody looked. */
static void add(unsigned int round, unsigned int cell, int wall_ns,
		const char *words)
{
	char more[160];

	snprintf(more, sizeof(more), ",\"time\":{\"wall_ns\":%d}%s%s%s",
		 wall_ns, words ? ",\"taint\":[" : "", words ? words : "",
		 words ? "]" : "");
	drawn_sample(&drawn, "timing", round, cell, more);
}

/*
 * Every cell in every round; in the first so many of them the mover's sample is
 * tainted and takes tainted_ns.
 */
static void add_rounds(unsigned int tainted, const char *words, int tainted_ns)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		add(round, 0, 1000, "");
		add(round, 1, 1000, "");
		add(round, 2, 10, "");
		if (round < tainted)
			add(round, 3, tainted_ns, words);
		else
			add(round, 3, 500, "");
	}
}

static const struct table_row *move(void)
{
	return table_row_of(&table.groups[0], ROLE_ROW);
}

static void print(void)
{
	const struct style style = {0};
	size_t size;
	FILE *stream = open_memstream(&printed, &size);

	drawn_end(&drawn);
	assert_non_null(stream);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	assert_int_equal(table_compute(drawn.results.files[0], &table), 0);
	assert_int_equal(table_print(drawn.results.files[0], &style, stream),
			 0);
	fclose(stream);
}

static void assert_says(const char *text)
{
	if (!strstr(printed, text))
		fail_msg("'%s' is not in:\n%s", text, printed);
}

static void samples_that_nobody_watched_have_no_note(void **state)
{
	(void)state;
	add(0, 0, 1000, NULL);
	add(0, 3, 500, NULL);
	print();
	assert_null(strstr(printed, "tainted"));
	assert_null(strstr(printed, "not seen"));
	assert_int_equal(move()->taint.known, 0);
}

static void undisturbed_samples_are_said_to_be(void **state)
{
	(void)state;
	add_rounds(0, "", 500);
	print();
	assert_says("tainted: none of 96 samples\n");
	assert_int_equal(move()->taint.agreement, AGREEMENT_AGREES);
}

static void clean_pairs_that_say_the_same_agree(void **state)
{
	(void)state;
	add_rounds(7, "\"waited\",\"probe gaps\"", 500);
	print();
	assert_says("tainted: 7 of 96 samples (waited 7, probe gaps 7); clean "
		    "pairs agree\n");
	assert_int_equal(move()->taint.clean.pairs, ROUNDS - 7);
	assert_int_equal(move()->ratio.pairs, ROUNDS);
}

static void clean_pairs_that_say_something_else_are_shown(void **state)
{
	(void)state;
	add_rounds(14, "\"thp\"", 800);
	print();
	assert_float_equal(move()->ratio.median, 0.8, 1e-9);
	assert_float_equal(move()->taint.clean.median, 0.5, 1e-9);
	assert_int_equal(move()->taint.agreement, AGREEMENT_DISAGREES);
	assert_says("tainted: 14 of 96 samples (thp 14); clean pairs disagree "
		    "for move:");
	assert_says("0.500 (0.500..0.500) over 10\n         pairs\n");
	assert_null(strstr(printed, "agree for copy"));
}

static void too_few_clean_pairs_tell_nothing(void **state)
{
	(void)state;
	add_rounds(ROUNDS - 5, "\"switches\"", 500);
	print();
	assert_int_equal(move()->taint.agreement, AGREEMENT_UNTOLD);
	assert_says("tainted: 19 of 96 samples (switches 19); too few clean "
		    "pairs to tell for move\n");
}

static void a_tainted_reference_taints_every_pair_of_its_round(void **state)
{
	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		add(round, 0, 1000, "\"migrated\"");
		add(round, 1, 1000, "");
		add(round, 3, 500, "");
	}
	print();
	assert_int_equal(move()->taint.clean.pairs, 0);
	assert_says("tainted: 24 of 72 samples (migrated 24); too few clean "
		    "pairs to tell\n");
}

static void twin_and_planted_rows_do_not_go_by_the_references_name(void **state)
{
	(void)state;
	drawn_close(&drawn);
	drawn_run(&drawn, GROUP,
		  CELLS ",{\"group\":0,\"role\":\"planted\",\"allocator\":"
			"\"copy\",\"planted_percent\":5}",
		  "");
	for (unsigned int round = 0; round < ROUNDS; round++) {
		add(round, 0, 1000, "");
		add(round, 1, 1000, round < 20 ? "\"thp\"" : "");
		add(round, 3, 500, "");
		add(round, 4, 1050, round < 20 ? "\"thp\"" : "");
	}
	print();
	assert_says("too few clean pairs to tell for the twin, planted +5 %");
}

static void a_word_of_a_later_version_taints_too(void **state)
{
	(void)state;
	add_rounds(3, "\"moonlight\"", 500);
	print();
	assert_int_equal(move()->taint.tainted, 3);
	assert_int_equal(move()->taint.clean.pairs, ROUNDS - 3);
	assert_says("tainted: 3 of 96 samples; clean pairs agree\n");
}

static void invalid_and_checking_samples_do_not_count(void **state)
{
	(void)state;
	add_rounds(0, "", 500);
	drawn_sample(&drawn, "checking", 0, 3,
		     ",\"time\":{\"wall_ns\":1},\"taint\":[\"thp\"]");
	drawn_add(&drawn,
		  "{\"type\":\"sample\",\"sequence\":999,\"round\":99,"
		  "\"pass\":\"timing\",\"cell\":3,\"at_ns\":0,\"outcome\":"
		  "\"ok\",\"stage\":\"done\",\"valid\":false,\"invalid\":"
		  "[\"oracle\"],\"taint\":[\"thp\"]}\n");
	print();
	assert_says("tainted: none of 96 samples\n");
}

static void taint_stands_in_the_json_too(void **state)
{
	const struct json *row;
	struct json *json;

	(void)state;
	add_rounds(14, "\"thp\"", 800);
	print();
	json = table_json(drawn.results.files[0]);
	assert_non_null(json);
	row = json_item(
		json_get(json_item(json_get(json, "groups"), 0), "cells"), 3);
	assert_int_equal(json_count(row, "taint.samples", 0), ROUNDS);
	assert_int_equal(json_count(row, "taint.tainted", 0), 14);
	assert_int_equal(json_count(row, "taint.by.thp", 0), 14);
	assert_int_equal(json_count(row, "taint.clean_ratio.pairs", 0), 10);
	assert_false(json_bool(row, "taint.agrees", true));
	assert_null(json_get(json, "taint_not_seen"));
	json_free(json);
}

/* The run line of drawn_run(), with a taint of its own. */
static void what_could_not_be_seen_stands_under_the_table(void **state)
{
	static const char news[] = "{\"taint\":{\"seen\":[],\"not_seen\":{"
				   "\"frequency\":\"CPU 3 has none\","
				   "\"thp\":\"no \\u001b[2Jfolder\"}},";
	struct json *json;
	char *rest;

	(void)state;
	add_rounds(0, "", 500);
	rest = strdup(drawn.text);
	assert_non_null(rest);
	snprintf(drawn.text, sizeof(drawn.text), "%s%s", news, rest + 1);
	free(rest);
	print();
	assert_says("not seen: frequency (CPU 3 has none), thp (no ");
	assert_null(strstr(printed, "\x1b"));
	json = table_json(drawn.results.files[0]);
	assert_non_null(json);
	assert_string_equal(
		json_text(json_item(json_get(json, "taint_not_seen"), 0),
			  "name", ""),
		"frequency");
	json_free(json);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, start, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(samples_that_nobody_watched_have_no_note),
		TEST(undisturbed_samples_are_said_to_be),
		TEST(clean_pairs_that_say_the_same_agree),
		TEST(clean_pairs_that_say_something_else_are_shown),
		TEST(too_few_clean_pairs_tell_nothing),
		TEST(a_tainted_reference_taints_every_pair_of_its_round),
		TEST(twin_and_planted_rows_do_not_go_by_the_references_name),
		TEST(a_word_of_a_later_version_taints_too),
		TEST(invalid_and_checking_samples_do_not_count),
		TEST(taint_stands_in_the_json_too),
		TEST(what_could_not_be_seen_stands_under_the_table),
	};

	return cmocka_run_group_tests_name("table_taint", tests, NULL, NULL);
}
