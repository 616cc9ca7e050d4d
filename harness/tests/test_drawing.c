/* test_drawing - the numbers that are drawn are those of the results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/drawn.h"

#define GROUP "{\"workload\":\"grow:scale=S\",\"thp\":\"never\"}"
#define CELL(role, allocator)                                                  \
	"{\"group\":0,\"role\":\"" role "\",\"allocator\":\"" allocator "\"}"
#define CELLS                                                                  \
	CELL("reference", "copy")                                              \
	"," CELL("twin", "copy") "," CELL("floor", "nil") "," CELL("row",      \
								   "move:a=b")

static struct drawn drawn;

static int close_drawn(void **state)
{
	(void)state;
	drawn_close(&drawn);
	return 0;
}

/* Times of cell and round: far apart, and no multiples of each other. */
static unsigned int time_of(unsigned int cell, unsigned int round)
{
	static const unsigned int base[] = {1000, 1010, 10, 400};

	return base[cell] * (10 + round);
}

/* The mover's in round 3, the reference's in round 5; nobody saw round 0. */
static const char *taint_of(unsigned int cell, unsigned int round)
{
	if ((round == 3 && cell == 3) || (round == 5 && cell == 0))
		return ",\"taint\":[\"waited\"]";
	return round > 0 ? ",\"taint\":[]" : "";
}

static void add_timed(unsigned int round, unsigned int cell)
{
	unsigned int ns = time_of(cell, round);
	char more[1024];

	snprintf(more, sizeof(more),
		 ",\"time\":{\"wall_ns\":%u},"
		 "\"phases\":{\"call_ns\":%u,\"map_ns\":0,\"populate_ns\":0,"
		 "\"copy_ns\":%u,\"move_ns\":0,\"release_ns\":0,\"touch_ns\":0,"
		 "\"reread_ns\":0},"
		 "\"sizes\":[{\"log2\":16,\"growths\":4,\"bytes\":400000,"
		 "\"grow_ns\":%u,\"touch_ns\":%u,\"reread_ns\":%u}],"
		 "\"faults\":{\"minor\":%u,\"major\":0}%s",
		 ns, ns, 3 * ns, 4 * ns, 2 * ns, 2 * ns, ns,
		 taint_of(cell, round));
	drawn_sample(&drawn, "timing", round, cell, more);
}

/* Seven rounds of four cells. */
static int make_timed(void **state)
{
	(void)state;
	drawn_run(&drawn, GROUP, CELLS, "");
	for (unsigned int round = 0; round < 7; round++)
		for (unsigned int cell = 0; cell < 4; cell++)
			add_timed(round, cell);
	drawn_end(&drawn);
	return drawn_make(&drawn);
}

static void a_growth_costs_the_median_of_its_samples(void **state)
{
	const struct drawing *drawing =
		drawn_find(&drawn, "growth-cost-grow-1");

	(void)state;
	assert_float_equal(
		drawn_real(drawing, "1", "size_bytes", "100000", "grow_ns"),
		time_of(0, 3), 1e-6);
	assert_float_equal(
		drawn_real(drawing, "2", "size_bytes", "100000", "grow_ns"),
		time_of(3, 3), 1e-6);
	assert_float_equal(
		drawn_real(drawing, "2", "size_bytes", "100000", "cost_ns"),
		2 * time_of(3, 3), 1e-6);
	assert_float_equal(
		drawn_real(drawing, "2", "size_bytes", "100000", "samples"), 7,
		0);
}

static void the_interval_of_seven_is_least_to_greatest(void **state)
{
	const struct drawing *drawing =
		drawn_find(&drawn, "growth-cost-grow-1");

	(void)state;
	assert_float_equal(
		drawn_real(drawing, "2", "size_bytes", "100000", "grow_low_ns"),
		time_of(3, 0), 1e-6);
	assert_float_equal(drawn_real(drawing, "2", "size_bytes", "100000",
				      "grow_high_ns"),
			   time_of(3, 6), 1e-6);
	assert_non_null(strstr(drawing->note, "Medians of 7 samples"));
	assert_non_null(strstr(drawing->note, "intervals of 95 %"));
}

static void a_ratio_is_paired_by_round(void **state)
{
	const struct drawing *drawing =
		drawn_find(&drawn, "growth-cost-grow-1");

	(void)state;
	/* The same in each round, so that pairing leaves no spread at all. */
	assert_float_equal(
		drawn_real(drawing, "2", "size_bytes", "100000", "ratio"), 0.4,
		1e-9);
	assert_float_equal(
		drawn_real(drawing, "2", "size_bytes", "100000", "ratio_high"),
		0.4, 1e-9);
}

static void reference_and_floor_have_no_ratio(void **state)
{
	const struct drawing *drawing =
		drawn_find(&drawn, "growth-cost-grow-1");

	(void)state;
	assert_string_equal(
		drawn_text(drawing, "1", "size_bytes", "100000", "ratio"), "");
	assert_string_equal(
		drawn_text(drawing, "3", "size_bytes", "100000", "ratio"), "");
	assert_string_equal(
		drawn_text(drawing, "3", "size_bytes", "100000", "role"),
		"floor");
}

static void the_twin_is_a_band_and_not_a_line(void **state)
{
	const struct drawing *drawing =
		drawn_find(&drawn, "growth-cost-grow-1");

	(void)state;
	assert_null(strstr(drawing->data, "\ttwin\t"));
	assert_float_equal(
		drawn_real(drawing, "0", "size_bytes", "100000", "ratio_high"),
		1.01, 1e-9);
	assert_float_equal(
		drawn_real(drawing, "0", "size_bytes", "100000", "ratio_low"),
		1, 1e-9);
	assert_float_equal(drawn_real(drawing, "0", "size_bytes", "100000",
				      "grow_high_ns"),
			   1.01 * time_of(0, 3), 1e-3);
}

static void phases_are_stacked_and_the_twin_has_a_bar(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "phases-grow-1");

	(void)state;
	assert_string_equal(
		drawn_text(drawing, "2", "phase_name", "copy", "role"), "twin");
	assert_string_equal(
		drawn_text(drawing, "2", "phase_name", "copy", "label"),
		"copy (twin)");
	assert_float_equal(
		drawn_real(drawing, "3", "phase_name", "copy", "from_ns"),
		time_of(3, 3), 1e-6);
	assert_float_equal(
		drawn_real(drawing, "3", "phase_name", "copy", "to_ns"),
		4 * time_of(3, 3), 1e-6);
	assert_float_equal(
		drawn_real(drawing, "3", "phase_name", "copy", "from_share"),
		0.25, 1e-9);
	assert_float_equal(
		drawn_real(drawing, "0", "phase_name", "all", "to_ns"),
		1.01 * 4 * time_of(0, 3), 1e-3);
}

static void a_phase_of_no_length_is_left_out(void **state)
{
	(void)state;
	assert_null(
		strstr(drawn_find(&drawn, "phases-grow-1")->data, "\tmove\t"));
}

static void samples_stand_in_the_order_of_the_run(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "rounds-grow-1");

	(void)state;
	assert_float_equal(drawn_real(drawing, "2", "sequence", "7", "wall_ns"),
			   time_of(3, 1), 1e-6);
	assert_float_equal(drawn_real(drawing, "2", "sequence", "7", "ratio"),
			   0.4, 1e-9);
	assert_float_equal(drawn_real(drawing, "0", "sequence", "27", "high"),
			   1.01, 1e-9);
}

static void disturbed_samples_are_marked_and_so_are_their_pairs(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "rounds-grow-1");
	static const char *const marks[] = {"", "0", "0", "1", "0", "2", "0"};
	char round[8];

	(void)state;
	for (int i = 0; i < 7; i++) {
		snprintf(round, sizeof(round), "%d", i);
		assert_string_equal(
			drawn_text(drawing, "2", "round", round, "taint"),
			marks[i]);
	}
	assert_string_equal(drawn_text(drawing, "1", "round", "5", "taint"),
			    "1");
}

static void what_stands_below_the_title_names_run_and_machine(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "rounds-grow-1");

	(void)state;
	assert_string_equal(drawing->workload,
			    "grow:scale=S \xc2\xb7 THP never");
	assert_string_equal(drawing->machine,
			    "A processor \xc2\xb7 2 cores \xc2\xb7 Linux "
			    "6.1.2-test \xc2\xb7 regrow v9");
}

static void what_has_nothing_to_show_says_why(void **state)
{
	(void)state;
	assert_null(drawn_find(&drawn, "latency-grow-1")->data);
	assert_string_equal(drawn_find(&drawn, "latency-grow-1")->why_not,
			    "at most 0 operations of a kind were timed; "
			    "percentiles need 1000");
	assert_string_equal(drawn_find(&drawn, "timeline-grow-1")->why_not,
			    "the map was not sampled along the run");
}

static void counts_have_their_ratio_in_words(void **state)
{
	const struct drawing *drawing = drawn_find(&drawn, "counters-grow-1");

	(void)state;
	assert_string_equal(
		drawn_text(drawing, "3", "panel_name", "minor faults", "text"),
		"5.20 k (0.4x)");
	assert_string_equal(
		drawn_text(drawing, "1", "panel_name", "minor faults", "text"),
		"13.0 k");
	assert_non_null(strstr(drawing->note, "0 everywhere: major faults."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_growth_costs_the_median_of_its_samples),
		cmocka_unit_test(the_interval_of_seven_is_least_to_greatest),
		cmocka_unit_test(a_ratio_is_paired_by_round),
		cmocka_unit_test(reference_and_floor_have_no_ratio),
		cmocka_unit_test(the_twin_is_a_band_and_not_a_line),
		cmocka_unit_test(phases_are_stacked_and_the_twin_has_a_bar),
		cmocka_unit_test(a_phase_of_no_length_is_left_out),
		cmocka_unit_test(samples_stand_in_the_order_of_the_run),
		cmocka_unit_test(
			disturbed_samples_are_marked_and_so_are_their_pairs),
		cmocka_unit_test(
			what_stands_below_the_title_names_run_and_machine),
		cmocka_unit_test(what_has_nothing_to_show_says_why),
		cmocka_unit_test(counts_have_their_ratio_in_words),
	};

	return cmocka_run_group_tests(tests, make_timed, close_drawn);
}
