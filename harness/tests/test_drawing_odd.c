/* test_drawing_odd - files that went wrong, or mean harm, still draw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/drawn.h"

#define GROUP(workload) "{\"workload\":\"" workload "\",\"thp\":\"never\"}"
#define CELL(group, role, allocator)                                           \
	"{\"group\":" group ",\"role\":\"" role                                \
	"\",\"allocator\":\"" allocator "\"}"
#define TIMED                                                                  \
	",\"time\":{\"wall_ns\":5},\"sizes\":[{\"log2\":12,\"growths\":1,"     \
	"\"bytes\":4096,\"grow_ns\":9,\"touch_ns\":1,\"reread_ns\":1}]"

static struct drawn drawn;

static void a_cell_without_a_good_sample_is_named_as_such(void **state)
{
	const struct drawing *drawing;

	(void)state;
	drawn_run(&drawn, GROUP("w"),
		  CELL("0", "reference", "copy") "," CELL("0", "row", "bad"),
		  "");
	drawn_sample(&drawn, "timing", 0, 0, TIMED);
	drawn_add(&drawn, "{\"type\":\"sample\",\"sequence\":1,\"round\":0,"
			  "\"pass\":\"timing\",\"cell\":1,\"at_ns\":0,"
			  "\"outcome\":\"crashed\",\"reason\":\"signal 11\","
			  "\"stage\":\"run\",\"valid\":false}\n");
	drawn_end(&drawn);
	assert_int_equal(drawn_make(&drawn), 0);
	drawing = drawn_find(&drawn, "growth-cost-w-1");
	assert_string_equal(
		drawn_text(drawing, "2", "allocator", "bad", "label"),
		"bad (no data)");
	assert_string_equal(
		drawn_text(drawing, "2", "allocator", "bad", "grow_ns"), "");
	/* In the order of the run it is seen as what it was. */
	drawing = drawn_find(&drawn, "rounds-w-1");
	assert_string_equal(
		drawn_text(drawing, "2", "allocator", "bad", "label"), "bad");
	assert_string_equal(
		drawn_text(drawing, "2", "allocator", "bad", "status"), "2");
	drawn_close(&drawn);
}

static void without_a_reference_there_are_no_ratios(void **state)
{
	const struct drawing *drawing;

	(void)state;
	drawn_run(&drawn, GROUP("w"), CELL("0", "row", "alone"), "");
	drawn_sample(&drawn, "timing", 0, 0, TIMED);
	assert_int_equal(drawn_make(&drawn), 0);
	drawing = drawn_find(&drawn, "growth-cost-w-1");
	assert_string_equal(
		drawn_text(drawing, "1", "size_bytes", "4096", "ratio"), "");
	assert_string_equal(drawn_text(drawing, "0", "role", "noise", "role"),
			    "(no row)");
	assert_non_null(strstr(drawing->note, "One sample each"));
	drawn_close(&drawn);
}

/* The reference failed in round 1: its neighbours are no pair for it. */
static void a_round_without_the_reference_has_no_ratio(void **state)
{
	static const unsigned int ns[] = {10, 0, 20};
	const struct drawing *drawing;
	char more[64];

	(void)state;
	drawn_run(&drawn, GROUP("w"),
		  CELL("0", "reference", "copy") "," CELL("0", "row", "mv"),
		  "");
	for (unsigned int round = 0; round < 3; round++) {
		snprintf(more, sizeof(more), ",\"time\":{\"wall_ns\":%u}",
			 ns[round]);
		if (ns[round])
			drawn_sample(&drawn, "timing", round, 0, more);
		drawn_sample(&drawn, "timing", round, 1,
			     ",\"time\":{\"wall_ns\":5}");
	}
	drawn_end(&drawn);
	assert_int_equal(drawn_make(&drawn), 0);
	drawing = drawn_find(&drawn, "rounds-w-1");
	assert_string_equal(drawn_text(drawing, "2", "round", "0", "ratio"),
			    "0.5");
	assert_string_equal(drawn_text(drawing, "2", "round", "1", "ratio"),
			    "");
	assert_string_equal(drawn_text(drawing, "2", "round", "2", "ratio"),
			    "0.25");
	drawn_close(&drawn);
}

static void a_run_without_an_end_says_that_it_was_interrupted(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP("w"), CELL("0", "reference", "copy"), "");
	drawn_sample(&drawn, "timing", 0, 0, TIMED);
	drawn_add(&drawn, "{\"type\":\"sam");
	assert_int_equal(drawn_make(&drawn), 0);
	assert_string_equal(drawn_find(&drawn, "rounds-w-1")->workload,
			    "w \xc2\xb7 THP never \xc2\xb7 interrupted");
	drawn_close(&drawn);
}

static void what_was_skipped_is_said(void **state)
{
	const struct drawing *drawing;

	(void)state;
	drawn_run(
		&drawn,
		GROUP("w") ",{\"workload\":\"v\",\"thp\":\"always\","
			   "\"skipped\":\"THP is\\tnot always\"}",
		CELL("0", "reference",
		     "copy") ",{\"group\":0,\"role\":\"row\",\"allocator\":\"uffd\","
			     "\"skipped\":\"no such feature\"}," CELL(
				     "1", "reference", "copy"),
		"");
	drawn_sample(&drawn, "timing", 0, 0, TIMED);
	assert_int_equal(drawn_make(&drawn), 0);
	drawing = drawn_find(&drawn, "growth-cost-w-1");
	assert_non_null(strstr(drawing->note, "Skipped: uffd."));
	assert_null(strstr(drawing->data, "uffd"));
	drawing = drawn_find(&drawn, "growth-cost-v-1");
	assert_null(drawing->data);
	assert_string_equal(drawing->why_not,
			    "the group was skipped: THP is not always");
	drawn_close(&drawn);
}

static void groups_of_one_workload_are_numbered(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP("w:a=1") "," GROUP("w:a=2"),
		  CELL("0", "reference", "copy") "," CELL("1", "reference",
							  "copy"),
		  "");
	assert_int_equal(drawn_make(&drawn), 0);
	assert_int_equal(drawn.drawings.count, 12);
	assert_string_equal(drawn_find(&drawn, "rounds-w-1")->workload,
			    "w:a=1 \xc2\xb7 THP never \xc2\xb7 interrupted");
	assert_string_equal(drawn_find(&drawn, "rounds-w-2")->workload,
			    "w:a=2 \xc2\xb7 THP never \xc2\xb7 interrupted");
	drawn_close(&drawn);
}

static void several_files_are_told_apart_by_their_names(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP("w"), CELL("0", "reference", "copy"), "");
	assert_int_equal(drawn_read(&drawn, "monday.jsonl"), 0);
	assert_int_equal(drawn_read(&drawn, "tuesday.jsonl"), 0);
	assert_int_equal(drawn_read(&drawn, "again/monday.jsonl"), 0);
	assert_int_equal(drawings_make(&drawn.results, &drawn.drawings), 0);
	assert_int_equal(drawn.drawings.count, 18);
	drawn_find(&drawn, "monday-rounds-w-1");
	drawn_find(&drawn, "tuesday-rounds-w-1");
	drawn_find(&drawn, "monday-rounds-w-2");
	drawn_close(&drawn);
}

#define LONG_A "aaaaaaaaaaaaaaaaaaaaaaaaa"
static void names_that_are_cut_alike_are_numbered(void **state)
{
	const struct drawing *drawing;

	(void)state;
	drawn_run(&drawn, GROUP("w"),
		  CELL("0", "reference", LONG_A "1" LONG_A) "," CELL(
			  "0", "row", LONG_A "2" LONG_A) "," CELL("0", "row",
								  LONG_A
								  "3" LONG_A),
		  "");
	for (unsigned int cell = 0; cell < 3; cell++)
		drawn_sample(&drawn, "timing", 0, cell, TIMED);
	assert_int_equal(drawn_make(&drawn), 0);
	drawing = drawn_find(&drawn, "growth-cost-w-1");
	assert_string_equal(
		drawn_text(drawing, "1", "size_bytes", "4096", "label"),
		"aaaaaaaaaaaaaaaaaaaa\xe2\x80\xa6"
		"aaaaaaaaaaaaaaaaaaa");
	assert_string_equal(
		drawn_text(drawing, "3", "size_bytes", "4096", "label"),
		"aaaaaaaaaaaaaaaaaaaa\xe2\x80\xa6"
		"aaaaaaaaaaaaaaaaaaa #3");
	assert_string_equal(
		drawn_text(drawing, "3", "size_bytes", "4096", "allocator"),
		LONG_A "3" LONG_A);
	drawn_close(&drawn);
}

/* Every line has as many fields as the header, of harmless characters. */
static void assert_plain(const struct drawing *drawing)
{
	unsigned int fields = 0, wanted = 0;

	for (size_t i = 0; i < drawing->data_size; i++) {
		unsigned char c = (unsigned char)drawing->data[i];

		fields += c == '\t' || c == '\n';
		if (c == '\n') {
			wanted = wanted ? wanted : fields;
			assert_int_equal(fields, wanted);
			fields = 0;
		}
		assert_true(c == '\t' || c == '\n' || (c >= ' ' && c != 0x7f));
		assert_true(c != '"');
	}
	assert_int_equal(fields, 0);
}

static void hostile_texts_leave_lines_and_columns_whole(void **state)
{
	char path[256], command[512], why[512];

	(void)state;
	scratch_open(drawn.folder);
	snprintf(path, sizeof(path), "%s/hostile.jsonl", drawn.folder);
	snprintf(command, sizeof(command),
		 "awk -v hostile=1 -v cells=9 -v rounds=2 "
		 "-f harness/tests/synthetic_results.awk >%s",
		 path);
	assert_int_equal(system(command), 0);
	assert_int_equal(results_read(&drawn.results, path, why, sizeof(why)),
			 0);
	assert_int_equal(drawings_make(&drawn.results, &drawn.drawings), 0);
	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		if (drawn.drawings.list[i].data)
			assert_plain(&drawn.drawings.list[i]);
	assert_int_equal(
		strlen(drawn_text(drawn_find(&drawn, "rounds-script-1"), "5",
				  "round", "0", "allocator")),
		200);
	drawn_close(&drawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_without_a_good_sample_is_named_as_such),
		cmocka_unit_test(without_a_reference_there_are_no_ratios),
		cmocka_unit_test(a_round_without_the_reference_has_no_ratio),
		cmocka_unit_test(
			a_run_without_an_end_says_that_it_was_interrupted),
		cmocka_unit_test(what_was_skipped_is_said),
		cmocka_unit_test(groups_of_one_workload_are_numbered),
		cmocka_unit_test(several_files_are_told_apart_by_their_names),
		cmocka_unit_test(names_that_are_cut_alike_are_numbered),
		cmocka_unit_test(hostile_texts_leave_lines_and_columns_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
