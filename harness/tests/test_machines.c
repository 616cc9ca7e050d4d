/*
 * test_machines - runs are grouped by machine and kernel, what an allocator
 * gains and how far machines lie apart is exact, and like goes with like.
 */
#include "tests/many.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

static bool near_to(double value, double expected)
{
	return fabs(value - expected) < 1e-6 * expected;
}

static void runs_are_grouped_by_their_machine_and_kernel(void **state)
{
	(void)state;
	many_add("a", "6.9.0", 50, 3);
	many_add("b", "6.9.0", 50, 1);
	many_add("a", "6.12.0", 50, 2);
	many_read();
	assert_int_equal(machines.runs, 6);
	assert_int_equal(machines.machines_count, 2);
	assert_int_equal(machines.groups_count, 3);
	assert_int_equal(machines.machines[0].runs, 5);
	assert_int_equal(machines.machines[0].groups_count, 2);
	/* As versions sort, and not as texts do. */
	assert_int_equal(machines.kernels_count, 2);
	assert_string_equal(machines.kernels[0].release, "6.9.0");
	assert_int_equal(machines.kernels[0].runs, 4);
	assert_int_equal(machines.kernels[machines.groups[0].kernel].runs, 4);
	assert_int_equal(many_move()->ratio.machines, 2);
}

static void one_host_with_another_processor_is_another_machine(void **state)
{
	struct compared_run run = many_run(50);

	(void)state;
	run.machine = "\"host\":\"a\",\"cpu_model\":\"X\","
		      "\"memory_bytes\":8138936320,\"kernel\":\"6.1\"";
	many_write(&run, NULL, NULL);
	/* As much memory as another kernel leaves of the same. */
	run.machine = "\"host\":\"a\",\"cpu_model\":\"X\","
		      "\"memory_bytes\":8120000000,\"kernel\":\"6.2\"";
	many_write(&run, NULL, NULL);
	run.machine = "\"host\":\"a\",\"cpu_model\":\"Y\","
		      "\"memory_bytes\":8138936320,\"kernel\":\"6.1\"";
	many_write(&run, NULL, NULL);
	run.machine = "\"host\":\"a\",\"cpu_model\":\"X\","
		      "\"memory_bytes\":17179869184,\"kernel\":\"6.1\"";
	many_write(&run, NULL, NULL);
	run.machine = "\"host\":\"b\",\"cpu_model\":\"X\","
		      "\"memory_bytes\":8138936320,\"kernel\":\"6.1\"";
	many_write(&run, NULL, NULL);
	many_read();
	assert_int_equal(machines.machines_count, 4);
	assert_int_equal(machines.machines[0].runs, 2);
	assert_string_equal(machines.machines[0].name, "a");
	assert_string_equal(machines.machines[1].name, "a#2");
	assert_string_equal(machines.machines[2].name, "a#3");
	assert_string_equal(machines.machines[3].name, "b");
}

static void
without_a_name_what_is_alike_is_one_machine_and_counted(void **state)
{
	(void)state;
	many_add("", "6.1.0", 50, 2);
	many_add("a", "6.1.0", 50, 1);
	many_read();
	assert_int_equal(machines.machines_count, 2);
	assert_int_equal(machines.nameless, 2);
	assert_null(machines.machines[0].host);
	assert_string_equal(machines.machines[0].name, "A CPU");
}

static void the_spread_between_machines_is_that_of_their_medians(void **state)
{
	static const double move_ms[] = {70, 40, 100, 50, 60};
	const struct machines_spread *spread;
	char host[8];

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		snprintf(host, sizeof(host), "m%u", i);
		many_add(host, "6.1.0", move_ms[i], 1);
	}
	many_read();
	spread = &many_move()->ratio;
	assert_int_equal(spread->machines, 5);
	assert_true(near_to(spread->median, 0.6));
	assert_true(near_to(spread->lowest, 0.4));
	assert_true(near_to(spread->quartile_low, 0.5));
	assert_true(near_to(spread->quartile_high, 0.7));
	assert_true(near_to(spread->highest, 1));
	assert_int_equal(spread->lowest_machine, 1);
	assert_int_equal(spread->highest_machine, 2);
	/* 1 is farther from 0.6 than 0.4 is, by the ratio. */
	assert_int_equal(spread->farthest, 2);
	assert_true(spread->interval.level == 0);
	assert_true(near_to(many_move()->time.median, 60e6));
	assert_true(near_to(many_move()->time.highest, 100e6));
}

static void the_effect_has_an_interval_over_machines(void **state)
{
	char host[8];

	(void)state;
	for (unsigned int i = 0; i < 12; i++) {
		snprintf(host, sizeof(host), "m%u", i);
		many_add(host, "6.1.0", 40 + i, 1);
	}
	many_read();
	/* Of twelve, the third and the tenth: 0.9614 by the binomial. */
	assert_true(near_to(many_move()->ratio.median, 0.455));
	assert_true(near_to(many_move()->ratio.interval.low, 0.42));
	assert_true(near_to(many_move()->ratio.interval.high, 0.49));
	assert_true(fabs(many_move()->ratio.interval.level - 0.9614) < 1e-4);
}

static void a_machine_counts_once_however_many_runs_it_has(void **state)
{
	(void)state;
	many_add("busy", "6.1.0", 90, 7);
	many_add("a", "6.1.0", 50, 1);
	many_add("b", "6.1.0", 40, 1);
	many_read();
	assert_true(near_to(many_move()->ratio.median, 0.5));
	assert_int_equal(many_move()->ratio.machines, 3);
}

static void a_run_counts_once_and_five_make_an_interval(void **state)
{
	struct machines_value value;

	(void)state;
	many_add("a", "6.1.0", 40, 2);
	many_add("a", "6.1.0", 80, 1);
	many_add("a", "6.1.0", 45, 1);
	many_read();
	value = machines_value(&machines, 0, many_row("move", ROLE_ROW));
	assert_true(near_to(value.ratio, 0.425));
	assert_true(value.interval.level == 0);
	assert_int_equal(value.verdict, MACHINES_NOT_TOLD);
	many_add("a", "6.1.0", 50, 1);
	many_read();
	value = machines_value(&machines, 0, many_row("move", ROLE_ROW));
	assert_true(near_to(value.ratio, 0.45));
	assert_true(near_to(value.interval.low, 0.4));
	assert_true(near_to(value.interval.high, 0.8));
	assert_true(near_to(value.interval.level, 0.9375));
	assert_int_equal(value.verdict, MACHINES_FASTER);
	assert_int_equal(many_move()->verdicts[MACHINES_FASTER], 1);
}

static void verdicts_of_machines_are_counted(void **state)
{
	(void)state;
	many_add("fast", "6.1.0", 50, 5);
	many_add("slow", "6.1.0", 150, 5);
	many_add("slower", "6.1.0", 250, 5);
	many_add("same", "6.1.0", 100, 5);
	many_add("few", "6.1.0", 50, 4);
	many_add("both", "6.1.0", 50, 5);
	many_add("both", "6.2.0", 150, 5);
	many_read();
	assert_int_equal(many_move()->verdicts[MACHINES_FASTER], 1);
	assert_int_equal(many_move()->verdicts[MACHINES_SLOWER], 2);
	assert_int_equal(many_move()->verdicts[MACHINES_SAME], 1);
	assert_int_equal(many_move()->verdicts[MACHINES_NOT_TOLD], 1);
	assert_int_equal(many_move()->verdicts[MACHINES_BY_KERNEL], 1);
}

static void a_machine_s_kernels_count_alike(void **state)
{
	struct machines_value value;

	(void)state;
	many_add("a", "6.1.0", 40, 6);
	many_add("a", "6.2.0", 60, 1);
	many_read();
	value = machines_value(&machines, 0, many_row("move", ROLE_ROW));
	assert_int_equal(value.kernels, 2);
	assert_true(near_to(value.ratio, 0.5));
	assert_true(value.interval.level == 0);
	assert_int_equal(value.verdict, MACHINES_BY_KERNEL);
}

/* 6.9.0 comes before 6.12.0; what lies between them is not looked at. */
static void the_change_of_kernels_is_that_of_each_machine(void **state)
{
	const struct machines_spread *change;
	char host[8];

	(void)state;
	for (unsigned int i = 0; i < 9; i++) {
		snprintf(host, sizeof(host), "m%u", i);
		many_add(host, "6.12.0", (50 + 10 * i) * (0.71 + 0.01 * i), 1);
		many_add(host, "6.10.0", 500, 1);
		many_add(host, "6.9.0", 50 + 10 * i, 1);
	}
	many_add("other", "6.9.0", 300, 1);
	many_read();
	change = &many_move()->change;
	assert_int_equal(change->machines, 9);
	assert_true(near_to(change->median, 0.75));
	assert_true(near_to(change->lowest, 0.71));
	assert_true(near_to(change->highest, 0.79));
	assert_true(change->interval.level >= 0.95);
	assert_true(near_to(change->interval.low, 0.72));
	assert_true(near_to(change->interval.high, 0.78));
	assert_true(
		isnan(machines_value(&machines, 9, many_row("move", ROLE_ROW))
			      .change));
}

static void the_margin_is_asked_for_or_by_the_twins(void **state)
{
	char host[8];

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		snprintf(host, sizeof(host), "m%u", i);
		many_add(host, "6.1.0", 104, 5);
	}
	many_read();
	/* The twins never differ: 2 %. */
	assert_int_equal(many_move()->verdicts[MACHINES_SLOWER], 6);
	assert_true(near_to(machines.blocks[0].margin, 0.02));
	options.margin = 0.05;
	many_read();
	assert_int_equal(many_move()->verdicts[MACHINES_SAME], 6);
}

static void a_row_without_its_mechanism_is_never_the_same(void **state)
{
	struct compared_run run = many_run(100);

	(void)state;
	run.cells[3].moved = 0;
	for (unsigned int i = 0; i < 5; i++)
		many_write(&run, "a", "6.1.0");
	many_read();
	assert_int_equal(many_move()->verdicts[MACHINES_IDLE], 1);
	assert_int_equal(many_move()->verdicts[MACHINES_SAME], 0);
}

static void other_work_is_set_apart_from_what_most_did(void **state)
{
	struct compared_run run = many_run(500);

	(void)state;
	/* The first file is the odd one out. */
	run.seed = 2;
	many_write(&run, "a", "6.1.0");
	many_add("b", "6.1.0", 50, 2);
	run.seed = 1;
	run.digest = "00000000000000cd";
	many_write(&run, "c", "6.1.0");
	run.digest = "00000000000000ab";
	run.cells[0].allocator = run.cells[1].allocator = "other";
	many_write(&run, "d", "6.1.0");
	many_read();
	assert_int_equal(machines.blocks_count, 4);
	assert_int_equal(many_move()->ratio.machines, 1);
	assert_true(near_to(many_move()->ratio.highest, 0.5));
	assert_int_equal(many_apart("seed 2, where most have 1"), 1);
	assert_int_equal(many_apart("other requests"), 1);
	assert_int_equal(many_apart("the reference is other"), 1);
	assert_int_equal(machines.apart_count, 3);
}

static void another_mode_is_a_table_of_its_own(void **state)
{
	struct compared_run run = many_run(80);

	(void)state;
	many_add("a", "6.1.0", 50, 1);
	run.thp = "madvise";
	many_write(&run, "a", "6.1.0");
	many_read();
	assert_int_equal(machines.blocks_count, 2);
	assert_int_equal(machines.apart_count, 0);
	assert_false(machines.blocks[0].apart || machines.blocks[1].apart);
	assert_true(near_to(many_move()->ratio.median, 0.5));
}

static void instructions_never_meet_times(void **state)
{
	struct compared_run run = many_run(500);

	(void)state;
	run.clock_unit = "instructions";
	many_write(&run, "a", "6.1.0");
	many_read();
	assert_int_equal(machines.runs, 0);
	assert_int_equal(machines.blocks_count, 0);
	many_add("a", "6.1.0", 50, 1);
	many_read();
	assert_int_equal(machines.runs, 1);
	assert_true(near_to(many_move()->ratio.highest, 0.5));
	assert_int_equal(many_apart("they count instructions"), 1);
}

static void repeated_work_is_set_apart(void **state)
{
	struct compared_run run = many_run(500);

	(void)state;
	run.repeat = 4;
	many_write(&run, "a", "6.1.0");
	many_add("a", "6.1.0", 50, 1);
	many_read();
	assert_int_equal(machines.runs, 1);
	assert_int_equal(many_apart("--repeat"), 1);
}

static void a_plan_with_an_allocator_twice_is_set_apart(void **state)
{
	struct compared_run run = many_run(500);

	(void)state;
	run.cells[4] = run.cells[3];
	run.cells_count = 5;
	many_write(&run, "a", "6.1.0");
	many_read();
	assert_int_equal(machines.runs, 0);
	assert_int_equal(many_apart("an allocator twice"), 1);
}

static void what_cannot_be_read_is_told_and_the_rest_compared(void **state)
{
	struct compared_run run = many_run(50);

	(void)state;
	scratch_write(root, "damaged.jsonl", "{\"type\":\"run\"\n");
	run.end = NULL;
	many_write(&run, "a", "6.1.0");
	run.end = "{\"type\":\"sample\",\"sequ";
	many_write(&run, "b", "6.1.0");
	many_read();
	assert_int_equal(machines_failed(&machines), 1);
	assert_int_equal(many_apart("damaged.jsonl"), 1);
	assert_int_equal(machines.runs, 2);
	assert_int_equal(machines.interrupted, 2);
	assert_int_equal(machines.torn, 1);
	assert_int_equal(many_move()->ratio.machines, 2);
}

static void files_are_found_below_folders_and_read_once(void **state)
{
	char path[256], other[256];
	struct compared_run run = many_run(50);
	char *paths[] = {root, path};

	(void)state;
	snprintf(path, sizeof(path), "%s", many_write(&run, "a", "6.1.0"));
	snprintf(other, sizeof(other), "%s/again.jsonl", root);
	assert_int_equal(link(path, other), 0);
	scratch_write(root, "deep/deeper/x", "");
	snprintf(other, sizeof(other), "%s/deep/deeper/one.jsonl", root);
	compared_write(other, &run);
	snprintf(other, sizeof(other), "%s/deep/link.jsonl", root);
	assert_int_equal(symlink(path, other), 0);
	snprintf(other, sizeof(other), "%s/loop", root);
	assert_int_equal(symlink(root, other), 0);
	scratch_write(root, "notes.txt", "no results");
	scratch_write(root, ".hidden.jsonl", "no results");
	scratch_write(root, ".git/one.jsonl", "no results");
	assert_int_equal(
		machines_make(paths, 2, &options, &machines, why, sizeof(why)),
		0);
	assert_int_equal(machines.files_count, 2);
	assert_int_equal(machines.runs, 2);
	assert_int_equal(machines.apart_count, 0);
}

static void a_path_without_results_is_refused(void **state)
{
	char path[] = "/nowhere/at/all";
	char *nowhere[] = {path};

	(void)state;
	assert_int_equal(many_try(), -ENOENT);
	assert_non_null(strstr(why, "there is no results file"));
	assert_int_not_equal(machines_make(nowhere, 1, &options, &machines, why,
					   sizeof(why)),
			     0);
	assert_non_null(strstr(why, "/nowhere/at/all"));
}

/* Speeds of memcpy at every size, and the time of a fault. */
#define CALIBRATION(gib_s)                                                     \
	"{\"type\":\"calibration\",\"syscall_ns\":1,\"clock_ns\":1,"           \
	"\"fault_4k_ns\":500,\"munmap_page_ns\":1,\"mmap_ns\":1,"              \
	"\"memcpy_gib_s\":{\"64K\":" #gib_s ",\"1M\":" #gib_s "}}\n"

static void times_are_in_units_of_each_run_s_machine(void **state)
{
	struct compared_run run = many_run(50);

	(void)state;
	/* 64 MiB: 62.5 ms at 1 GiB/s. */
	run.estimate = ",\"growths\":8,\"copied_bytes\":67108864";
	run.calibration = CALIBRATION(1);
	many_write(&run, "slow", "6.1.0");
	run.calibration = CALIBRATION(2);
	run.cells[0].wall_ms = run.cells[1].wall_ms = 50;
	run.cells[3].wall_ms = 25;
	many_write(&run, "fast", "6.1.0");
	run.calibration = NULL;
	many_write(&run, "unknown", "6.1.0");
	many_read();
	assert_true(near_to(many_move()->time.highest, 50e6));
	assert_true(near_to(many_move()->time.lowest, 25e6));
	options.in_units = true;
	many_read();
	assert_true(near_to(many_move()->time.highest, 0.8));
	assert_true(near_to(many_move()->time.lowest, 0.8));
	assert_true(near_to(many_move()->ratio.median, 0.5));
	assert_string_equal(compare_unit_name(&machines.blocks[0].unit),
			    "copies");
	assert_int_equal(machines_failed(&machines), 0);
	assert_int_equal(many_apart("no calibration"), 1);
}

static void the_clock_is_cpu_time_only_where_all_runs_chose_it(void **state)
{
	struct compared_run run = many_run(50);

	(void)state;
	run.clock = "cpu";
	many_write(&run, "a", "6.1.0");
	many_read();
	assert_int_equal(machines.blocks[0].clock, CLOCK_CPU);
	assert_true(near_to(many_move()->time.median, 25e6));
	many_add("b", "6.1.0", 50, 1);
	many_read();
	assert_int_equal(machines.blocks[0].clock, CLOCK_WALL);
	assert_true(near_to(many_move()->time.lowest, 50e6));
}

static void what_runs_planted_and_did_not_find_is_counted(void **state)
{
	struct compared_run run = many_run(50);
	const struct compare_planted *planted;

	(void)state;
	run.rounds = 12;
	many_write(&run, "a", "6.1.0");
	run.cells[4] =
		(struct compared_cell){"planted", "copy", NULL, NULL, 110, 0};
	run.cells_count = 5;
	many_write(&run, "a", "6.1.0");
	run.cells[4].wall_ms = 100;
	many_write(&run, "b", "6.1.0");
	many_read();
	planted = &machines.blocks[0].planted;
	assert_int_equal(planted->runs, 3);
	assert_int_equal(planted->found, 1);
	assert_int_equal(planted->missed, 1);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, many_setup, many_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(runs_are_grouped_by_their_machine_and_kernel),
		TEST(one_host_with_another_processor_is_another_machine),
		TEST(without_a_name_what_is_alike_is_one_machine_and_counted),
		TEST(the_spread_between_machines_is_that_of_their_medians),
		TEST(the_effect_has_an_interval_over_machines),
		TEST(a_machine_counts_once_however_many_runs_it_has),
		TEST(a_run_counts_once_and_five_make_an_interval),
		TEST(verdicts_of_machines_are_counted),
		TEST(a_machine_s_kernels_count_alike),
		TEST(the_change_of_kernels_is_that_of_each_machine),
		TEST(the_margin_is_asked_for_or_by_the_twins),
		TEST(a_row_without_its_mechanism_is_never_the_same),
		TEST(other_work_is_set_apart_from_what_most_did),
		TEST(another_mode_is_a_table_of_its_own),
		TEST(instructions_never_meet_times),
		TEST(repeated_work_is_set_apart),
		TEST(a_plan_with_an_allocator_twice_is_set_apart),
		TEST(what_cannot_be_read_is_told_and_the_rest_compared),
		TEST(files_are_found_below_folders_and_read_once),
		TEST(a_path_without_results_is_refused),
		TEST(times_are_in_units_of_each_run_s_machine),
		TEST(the_clock_is_cpu_time_only_where_all_runs_chose_it),
		TEST(what_runs_planted_and_did_not_find_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
