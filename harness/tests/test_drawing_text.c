/* test_drawing_text - texts from anywhere become safe to draw and to store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/drawing_text.h"

static char out[256];

static void a_field_breaks_neither_line_nor_column(void **state)
{
	(void)state;
	assert_string_equal(drawing_field("a\tb\nc\rd\x1b[1m\x7f", out, 256),
			    "a b c d [1m ");
	assert_string_equal(drawing_field("say \"x\"", out, 256), "say 'x'");
}

static void a_field_keeps_what_is_utf8(void **state)
{
	(void)state;
	assert_string_equal(drawing_field("\xc3\xa9\xe4\xb8\xad\\n", out, 256),
			    "\xc3\xa9\xe4\xb8\xad\\n");
	assert_string_equal(drawing_field("a\xff\xc3", out, 256), "a??");
	/* Surrogates and U+FFFE may not stand in XML. */
	assert_string_equal(drawing_field("\xed\xa0\x80", out, 256), "???");
	assert_string_equal(drawing_field("\xef\xbf\xbe", out, 256), "?");
}

static void what_turns_the_writing_or_has_no_width_becomes_a_blank(void **state)
{
	(void)state;
	assert_string_equal(drawing_field("a\xe2\x80\xae"
					  "b\xe2\x81\xa6"
					  "c\xe2\x80\x8b"
					  "d\xc2\x85",
					  out, 256),
			    "a b c d ");
}

static void what_is_drawn_has_a_glyph_and_no_escape(void **state)
{
	(void)state;
	assert_string_equal(
		drawing_visible("\xe4\xb8\xad\xc3\xa9 a\\nb", out, 256),
		"?\xc3\xa9 a/nb");
	assert_string_equal(drawing_visible("<script>&`x`$(x)", out, 256),
			    "<script>&`x`$(x)");
}

static void a_text_is_cut_at_a_character(void **state)
{
	(void)state;
	assert_string_equal(drawing_field("a\xc3\xa9z", out, 3), "a");
	assert_string_equal(drawing_field("a\xc3\xa9z", out, 4), "a\xc3\xa9");
	assert_string_equal(drawing_field("abc", out, 1), "");
}

static void a_long_text_keeps_both_ends(void **state)
{
	(void)state;
	assert_string_equal(drawing_shortened("0123456789", 10, out, 256),
			    "0123456789");
	assert_string_equal(drawing_shortened("0123456789a", 10, out, 256),
			    "01234\xe2\x80\xa6"
			    "789a");
	assert_string_equal(drawing_shortened("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
					      "abc",
					      5, out, 256),
			    "\xc3\xa9\xc3\xa9\xe2\x80\xa6"
			    "bc");
}

static void a_text_of_any_length_fits(void **state)
{
	static char endless[10000];

	(void)state;
	memset(endless, 'x', sizeof(endless) - 1);
	assert_int_equal(strlen(drawing_shortened(endless, 40, out, 256)), 42);
	assert_int_equal(strlen(drawing_shortened(endless, 40, out, 8)), 7);
	assert_int_equal(strlen(drawing_field(endless, out, 256)), 255);
}

static void a_file_is_named_without_folder_options_or_suffix(void **state)
{
	char word[DRAWING_WORD_SIZE];

	(void)state;
	assert_string_equal(drawing_word("server-churn:x=1.5", ':', word),
			    "server-churn");
	assert_string_equal(drawing_word("./lib/mine.so:a=b", ':', word),
			    "mine");
	assert_string_equal(
		drawing_word("a/2026-01-01T10:20:30.jsonl", 0, word),
		"2026-01-01T10-20-30");
}

static void a_hostile_name_stays_in_the_folder(void **state)
{
	char word[DRAWING_WORD_SIZE];

	(void)state;
	assert_string_equal(drawing_word("../../etc/passwd", ':', word),
			    "passwd");
	assert_string_equal(drawing_word("..", ':', word), "unnamed");
	assert_string_equal(drawing_word("", ':', word), "unnamed");
	assert_string_equal(drawing_word("...hidden", ':', word), "unnamed");
	assert_string_equal(drawing_word("-o <script>'\"", ':', word),
			    "-o-script");
	assert_string_equal(drawing_word("\xe4\xb8\xad", ':', word), "unnamed");
	assert_true(strlen(drawing_word("0123456789012345678901234567890123456"
					"789012345678901234567890",
					':', word)) < DRAWING_WORD_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_breaks_neither_line_nor_column),
		cmocka_unit_test(a_field_keeps_what_is_utf8),
		cmocka_unit_test(
			what_turns_the_writing_or_has_no_width_becomes_a_blank),
		cmocka_unit_test(what_is_drawn_has_a_glyph_and_no_escape),
		cmocka_unit_test(a_text_is_cut_at_a_character),
		cmocka_unit_test(a_long_text_keeps_both_ends),
		cmocka_unit_test(a_text_of_any_length_fits),
		cmocka_unit_test(
			a_file_is_named_without_folder_options_or_suffix),
		cmocka_unit_test(a_hostile_name_stays_in_the_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
