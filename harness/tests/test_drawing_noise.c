/*
 * test_drawing_noise - every figure that lays allocators side by side has the
 * twin's grey band, and none shows what was planted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/drawn.h"

#define CELL(role, allocator, more)                                            \
	"{\"group\":0,\"role\":\"" role "\",\"allocator\":\"" allocator        \
	"\"" more "}"
#define ROUNDS 12

enum { REFERENCE, TWIN, PLANTED, ROW, CELLS };
static const char cells[] =
	CELL("reference", "copy", "") "," CELL("twin", "copy", "") "," CELL(
		"planted", "copy",
		",\"planted_percent\":10") "," CELL("row", "move", "");

static struct drawn drawn;

/*
 * A timing sample: wall is twice as much in every second round, but not for the
 * twin; CPU time is the twin's and a percent more. Every count but the switches
 * is the same in each sample.
 */
static void sample(unsigned int round, unsigned int cell, unsigned int repeat)
{
	unsigned int ms = cell == ROW ? 50 : 100;
	unsigned int wall_ms = round % 2 && cell != TWIN ? 2 * ms : ms;
	char more[4096], *at = more;

	at += sprintf(
		at,
		",\"time\":{\"wall_ns\":%u000000,\"cpu_ns\":%u0000},"
		"\"phases\":{\"call_ns\":%u000000,\"map_ns\":0,\"copy_ns\":0,"
		"\"move_ns\":0,\"release_ns\":0,\"touch_ns\":0,\"reread_ns\":0,"
		"\"populate_ns\":0},"
		"\"faults\":{\"minor\":1000,\"major\":0},"
		"\"switches\":{\"voluntary\":%u,\"involuntary\":0},"
		"\"sizes\":[{\"log2\":16,\"growths\":1,\"bytes\":70000,"
		"\"grow_ns\":%u000,\"touch_ns\":10,\"reread_ns\":10}],"
		"\"operations\":{\"grow\":{\"count\":1000,\"failed\":0,"
		"\"sum_ns\":9,\"min_ns\":1,\"max_ns\":1,\"overflow\":0,"
		"\"histogram\":[[%u,1000]]}}",
		wall_ms, cell == TWIN ? 101 * ms : 100 * ms, wall_ms,
		cell == TWIN ? 7 : 5, wall_ms, cell + 10);
	for (unsigned int i = 0; i < repeat; i++)
		at += sprintf(at, "%s{\"wall_ns\":1,\"cpu_ns\":%u000000}%s",
			      i > 0 ? "," : ",\"repetitions\":[",
			      cell == TWIN ? ms + 3 : ms,
			      i + 1 < repeat ? "" : "]");
	drawn_sample(&drawn, "timing", round, cell, more);
}

#define POINT(operations, mappings)                                            \
	"{\"at_ns\":1,\"operations\":" #operations ",\"mappings\":" #mappings  \
	",\"holes\":4,\"hole_bytes\":0,\"live_bytes\":4096}"

static int make_run(unsigned int repeat)
{
	drawn_run(&drawn,
		  "{\"workload\":\"work\",\"thp\":\"never\",\"clock\":\"cpu\","
		  "\"estimate\":{\"threads\":1}}",
		  cells, "");
	if (repeat > 1)
		strstr(drawn.text, "\"repeat\":1")[9] = '9';
	for (unsigned int cell = 0; cell < CELLS; cell++)
		drawn_sample(&drawn, "checking", 0, cell,
			     ",\"timeline\":[" POINT(1, 5) "," POINT(2, 6) "]");
	for (unsigned int round = 0; round < ROUNDS; round++)
		for (unsigned int cell = 0; cell < CELLS; cell++)
			sample(round, cell, repeat > 1 ? repeat : 0);
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static int make_compared(void **state)
{
	(void)state;
	return make_run(1);
}

static int make_repeated(void **state)
{
	(void)state;
	return make_run(9);
}

static int close_drawn(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

static void every_figure_has_the_twins_band(void **state)
{
	(void)state;
	assert_true(drawn.drawings.count >= 6);
	for (unsigned int i = 0; i < drawn.drawings.count; i++) {
		const struct drawing *drawing = &drawn.drawings.list[i];

		assert_string_equal(drawing->why_not, "");
		if (!strstr(drawing->data, "\n0\tnoise\t"))
			fail_msg("there is none in %s", drawing->stem);
	}
}

static void no_figure_shows_what_was_planted(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < drawn.drawings.count; i++) {
		const struct drawing *drawing = &drawn.drawings.list[i];

		assert_null(strstr(drawing->data, "planted"));
		/* Nor as one more copy: each label is there for one series. */
		assert_null(strstr(drawing->data, "\tcopy #2"));
	}
}

static void the_band_of_a_count_is_by_how_much_the_twin_is_above(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-work-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "0", "panel_name",
				      "voluntary switches", "low"),
			   5, 0);
	assert_float_equal(drawn_real(drawing, "0", "panel_name",
				      "voluntary switches", "high"),
			   7, 0);
	assert_float_equal(drawn_real(drawing, "0", "panel_name",
				      "voluntary switches", "samples"),
			   ROUNDS, 0);
}

static void a_band_without_width_is_said(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-work-1");
	const char *said = "Where no grey is seen, the twin is like the "
			   "reference.";

	(void)state;
	assert_float_equal(
		drawn_real(drawing, "0", "panel_name", "minor faults", "low"),
		1000, 0);
	assert_float_equal(
		drawn_real(drawing, "0", "panel_name", "minor faults", "high"),
		1000, 0);
	assert_non_null(strstr(drawing->note, said));
	drawing = drawn_find(&drawn, "timeline-work-1");
	assert_non_null(strstr(drawing->note, said));
	drawing = drawn_find(&drawn, "phases-work-1");
	assert_null(strstr(drawing->note, said));
}

static void ratios_of_rounds_are_by_the_verdicts_clock(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "rounds-work-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "0", "status", "0", "low"), 1,
			   0);
	assert_float_equal(drawn_real(drawing, "0", "status", "0", "high"),
			   1.01, 1e-9);
	assert_float_equal(drawn_real(drawing, "2", "round", "1", "ratio"), 0.5,
			   1e-9);
	assert_string_equal(drawn_text(drawing, "2", "round", "1", "clock"),
			    "cpu");
	/* The times are wall, which shows what disturbed them. */
	assert_float_equal(drawn_real(drawing, "2", "round", "1", "wall_ns"),
			   100e6, 0);
}

static void repeated_work_has_bands_and_no_ratios(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "warmup-work-1");

	(void)state;
	assert_float_equal(
		drawn_real(drawing, "0", "repetition", "3", "low_ns"), 100e6,
		0);
	assert_float_equal(
		drawn_real(drawing, "0", "repetition", "3", "high_ns"), 103e6,
		0);
	drawing = drawn_find(&drawn, "growth-cost-work-1");
	assert_true(drawn_real(drawing, "0", "samples", "12", "grow_high_ns") >
		    0);
	assert_true(drawn_real(drawing, "0", "samples", "12", "ratio_high") ==
		    DRAWN_NONE);
	assert_true(drawn_real(drawing, "2", "samples", "12", "ratio") ==
		    DRAWN_NONE);
	drawing = drawn_find(&drawn, "counters-work-1");
	assert_string_equal(
		drawn_text(drawing, "3", "panel_name", "minor faults", "text"),
		"1.00 k");
	assert_non_null(strstr(drawing->data, "\n0\tnoise\t"));
	drawing = drawn_find(&drawn, "phases-work-1");
	assert_non_null(strstr(drawing->data, "\n0\tnoise\t"));
}

int main(void)
{
	const struct CMUnitTest compared[] = {
		cmocka_unit_test(every_figure_has_the_twins_band),
		cmocka_unit_test(no_figure_shows_what_was_planted),
		cmocka_unit_test(
			the_band_of_a_count_is_by_how_much_the_twin_is_above),
		cmocka_unit_test(a_band_without_width_is_said),
		cmocka_unit_test(ratios_of_rounds_are_by_the_verdicts_clock),
	};
	const struct CMUnitTest repeated[] = {
		cmocka_unit_test(no_figure_shows_what_was_planted),
		cmocka_unit_test(repeated_work_has_bands_and_no_ratios),
	};

	return cmocka_run_group_tests(compared, make_compared, close_drawn) +
	       cmocka_run_group_tests(repeated, make_repeated, close_drawn);
}
