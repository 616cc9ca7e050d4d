/*
 * test_threads - groups that differ by their threads alone make a line, told
 * where each thread, the driver and the probe had a core, and not else.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/table.h"
#include "driver/threads.h"
#include "tests/drawn.h"

#define ROUNDS 8
#define POINTS 3
#define CELLS 4 /* of a group */
#define BOUND                                                                  \
	"{\"cpus\":[2,3,4,5],\"driver_cpu\":6,\"probe_cpu\":7,\"nodes\":[],"   \
	"\"shared\":false,\"note\":\"\"}"

static struct drawn drawn;
static struct threads_lines lines;
static char *printed;
static double values[3 * ROUNDS + 1];

static void assert_within(double found, double expected, double slack)
{
	if (!(fabs(found - expected) <= slack))
		fail_msg("%.17g is not %.17g", found, expected);
}

/* The middle of the bucket that a time falls into, as it comes back. */
static double middle(uint64_t ns)
{
	return (double)histogram_bucket_middle_ns(histogram_bucket(ns));
}

/*
 * 2,000 growths or faults of 1 us, 50 of which are 50 us for each thread; so
 * many shootdowns, below 0: not said.
 */
static void add_sample(unsigned int round, unsigned int cell,
		       unsigned int threads, const char *operation,
		       double speed, int shootdowns)
{
	char more[640], count[64] = "";
	unsigned int slow = 50 * threads;

	if (shootdowns >= 0)
		snprintf(count, sizeof(count), ",\"shootdowns\":%d",
			 shootdowns);
	snprintf(more, sizeof(more),
		 ",\"time\":{\"wall_ns\":%.0f},\"requests\":4000%s,"
		 "\"operations\":{\"%s\":{\"count\":2000,\"sum_ns\":1000000,"
		 "\"min_ns\":1000,\"max_ns\":50000,\"overflow\":0,"
		 "\"histogram\":[[%u,%u],[%u,%u]]}}",
		 1e6 / speed * (1 + 0.001 * round), count, operation,
		 histogram_bucket(1000), 2000 - slow, histogram_bucket(50000),
		 slow);
	drawn_sample(&drawn, "timing", round, cell, more);
}

/* threads=4, 1, 2, in that order; "scales" does, "copy" and "stays" do not. */
static void run_file(const char *option, const char *operation,
		     unsigned int cores, const char *placement, int shootdowns)
{
	static const unsigned int order[POINTS] = {4, 1, 2};
	static const char cells[] =
		"%s{\"group\":%u,\"role\":\"reference\",\"allocator\":\"copy\"},"
		"{\"group\":%u,\"role\":\"twin\",\"allocator\":\"copy\"},"
		"{\"group\":%u,\"role\":\"row\",\"allocator\":\"scales\"},"
		"{\"group\":%u,\"role\":\"row\",\"allocator\":\"stays\"}";
	char groups[1024] = "", all[2048] = "", tail[512], *at;
	unsigned int i, round, cell, threads;

	for (i = 0; i < POINTS; i++) {
		size_t used = strlen(groups);

		snprintf(groups + used, sizeof(groups) - used,
			 "%s{\"workload\":\"w:%s=%u:size=1M\","
			 "\"thp\":\"never\",\"estimate\":{\"threads\":%u}}",
			 i ? "," : "", option, order[i], order[i]);
		used = strlen(all);
		snprintf(all + used, sizeof(all) - used, cells, i ? "," : "", i,
			 i, i, i);
	}
	snprintf(tail, sizeof(tail), "],%s%s%s\"ignored\":[",
		 placement ? "\"placement\":" : "", placement ? placement : "",
		 placement ? "," : "");
	drawn_run(&drawn, groups, all, tail);
	at = strstr(drawn.text, "\"cores_allowed\":2");
	assert_non_null(at);
	at[strlen("\"cores_allowed\":")] = (char)('0' + cores);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < POINTS; i++)
			for (cell = 0; cell < CELLS; cell++) {
				threads = order[i];
				add_sample(round, CELLS * i + cell, threads,
					   operation, cell == 2 ? threads : 1,
					   shootdowns * (int)(threads - 1));
			}
	drawn_end(&drawn);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	assert_int_equal(threads_read(drawn.results.files[0], &lines), 0);
}

static void print(void)
{
	static const struct style style;
	size_t size;
	FILE *stream;

	free(printed);
	stream = open_memstream(&printed, &size);
	assert_int_equal(table_print(drawn.results.files[0], &style, stream),
			 0);
	fclose(stream);
}

static int clean(void **state)
{
	(void)state;
	threads_free(&lines);
	free(printed);
	printed = NULL;
	drawn_close(&drawn);
	return 0;
}

static void says(const char *part)
{
	if (!strstr(printed, part))
		fail_msg("'%s' is missing in:\n%s", part, printed);
}

static void does_not_say(const char *part)
{
	if (strstr(printed, part))
		fail_msg("'%s' stands in:\n%s", part, printed);
}

/* Of cell number 0 to 3 of a group. */
static struct threads_course course(unsigned int cell, size_t point)
{
	const struct results_file *file = drawn.results.files[0];
	struct threads_course found;

	assert_true(threads_values(file) <= sizeof(values) / sizeof(values[0]));
	assert_true(threads_course(&lines.list[0], point, &file->cells[cell],
				   values, &found));
	return found;
}

static void a_line_goes_through_the_numbers_of_threads_upward(void **state)
{
	(void)state;
	run_file("threads", "grow", 8, BOUND, 30);
	assert_int_equal(lines.count, 1);
	assert_string_equal(lines.list[0].option, "threads");
	assert_string_equal(lines.list[0].workload, "w:size=1M");
	assert_int_equal(lines.list[0].points_count, POINTS);
	for (unsigned int i = 0; i < POINTS; i++) {
		assert_int_equal(lines.list[0].points[i].group->threads,
				 1u << i);
		assert_string_equal(lines.list[0].points[i].why, "");
	}
}

static void
throughput_is_that_of_the_same_allocator_at_the_least_number(void **state)
{
	(void)state;
	run_file("threads", "grow", 8, BOUND, 30);
	assert_true(course(2, 0).is_base);
	assert_int_equal(course(2, 0).throughput.pairs, 0);
	assert_within(course(2, 1).throughput.median, 2, 1e-5);
	assert_within(course(2, 2).throughput.median, 4, 1e-5);
	assert_int_equal(course(2, 2).throughput.pairs, ROUNDS);
	assert_true(course(2, 2).throughput.interval.level > 0.9);
	assert_within(course(3, 2).throughput.median, 1, 1e-5);
	assert_within(course(0, 2).throughput.median, 1, 1e-5);
}

static void tails_and_shootdowns_are_those_of_each_number(void **state)
{
	(void)state;
	run_file("threads", "grow", 8, BOUND, 30);
	assert_int_equal(course(2, 0).tail, TAIL_GROW);
	assert_within(course(2, 0).p50.ns, middle(1000), 0.5);
	/* 50 of 2,000 are slow: more than a hundredth. */
	assert_within(course(2, 0).p99.ns, middle(50000), 600);
	assert_true(isnan(course(2, 0).p99_9.ns)); /* 2 beyond it */
	assert_within(course(2, 0).shootdowns, 0, 0);
	assert_within(course(2, 2).shootdowns, 90.0 / 2000, 1e-9);
}

static void with_cores_enough_the_table_tells(void **state)
{
	(void)state;
	run_file("threads", "grow", 8, BOUND, 30);
	print();
	says("against threads, 1 to 4 threads in all: w:size=1M, THP never");
	says("4.000 (4.000..4.000)");
	says("0.045");
	says("too few");
	says("interrupts that all CPUs of the machine received");
	does_not_say("cannot tell");
}

static void with_too_few_cores_it_does_not_and_says_why_once(void **state)
{
	static const char why[] = "the driver and the noise probe need a core";
	const char *first;

	(void)state;
	run_file("threads", "grow", 2, BOUND, 30);
	print();
	says("cannot tell: 1, 2, 4 threads: the threads,");
	first = strstr(printed, why);
	assert_non_null(first);
	assert_null(strstr(first + 1, why));
	does_not_say("4.000 (");
}

static void only_the_numbers_that_lack_cores_are_untold(void **state)
{
	(void)state;
	run_file("threads", "grow", 5, BOUND, 30);
	assert_string_equal(lines.list[0].points[0].why, "");
	assert_string_equal(lines.list[0].points[1].why, "");
	assert_non_null(strstr(lines.list[0].points[2].why, "5 are allowed"));
	print();
	says("cannot tell: 4 threads: ");
	says("2.000 (2.000..2.000)");
	does_not_say("4.000 (");
}

static void the_placement_decides_as_well_as_the_cores(void **state)
{
	static const struct {
		const char *placement;
		const char *why;
	} cases[] = {
		{NULL, "does not say on which cores"},
		{"{\"cpus\":[2,3,4,5],\"driver_cpu\":6,\"probe_cpu\":7,"
		 "\"shared\":true,\"note\":\"2 and 3 are one core\"}",
		 "2 and 3 are one core"},
		{"{\"cpus\":[-1,-1,-1,-1],\"driver_cpu\":6,\"probe_cpu\":7,"
		 "\"shared\":false}",
		 "not bound"},
		{"{\"cpus\":[],\"driver_cpu\":6,\"probe_cpu\":7,"
		 "\"shared\":false}",
		 "not bound"},
		{"{\"cpus\":[2,3,4,5],\"driver_cpu\":-1,\"probe_cpu\":7,"
		 "\"shared\":false}",
		 "no core was left over"},
		{"{\"cpus\":[2,3,4,5],\"driver_cpu\":6,\"probe_cpu\":-1,"
		 "\"shared\":false}",
		 "no core was left over"},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		run_file("threads", "grow", 8, cases[i].placement, 30);
		if (!strstr(lines.list[0].points[0].why, cases[i].why))
			fail_msg("'%s' is not: %s", lines.list[0].points[0].why,
				 cases[i].why);
		if (i + 1 < sizeof(cases) / sizeof(cases[0]))
			clean(state);
	}
}

static void faults_come_before_growths_and_movers_are_a_line_too(void **state)
{
	(void)state;
	run_file("movers", "fault", 8, BOUND, 30);
	assert_string_equal(lines.list[0].option, "movers");
	assert_int_equal(course(3, 1).tail, TAIL_FAULT);
	assert_within(course(3, 1).p50.ns, middle(1000), 0.5);
	/* None grew: there is nothing to count them by. */
	assert_true(isnan(course(3, 1).shootdowns));
	print();
	says("against movers");
}

static void shootdowns_that_nobody_counted_are_not_told(void **state)
{
	(void)state;
	run_file("threads", "grow", 8, BOUND, 0);
	assert_int_equal(threads_shootdowns(drawn.results.files[0]),
			 SHOOTDOWNS_NONE);
	print();
	says("shootdowns: cannot tell: no sample of several threads");
	clean(state);
	run_file("threads", "grow", 8, BOUND, -1);
	assert_int_equal(threads_shootdowns(drawn.results.files[0]),
			 SHOOTDOWNS_ABSENT);
	assert_true(isnan(course(0, 1).shootdowns));
	print();
	says("shootdowns: not counted: no sample of several threads says");
}

/* The figure of the file; NULL: there is none. */
static const struct drawing *figure_of_threads(void)
{
	if (drawings_make(&drawn.results, &drawn.drawings) != 0)
		fail_msg("no drawings");
	for (unsigned int i = 0; i < drawn.drawings.count; i++)
		if (strcmp(drawn.drawings.list[i].kind, "threads") == 0)
			return &drawn.drawings.list[i];
	return NULL;
}

static void the_figure_shows_throughput_and_tail_where_told(void **state)
{
	const struct drawing *drawing;

	(void)state;
	run_file("threads", "grow", 5, BOUND, 30);
	drawing = figure_of_threads();
	assert_non_null(drawing);
	assert_string_equal(drawing->stem, "threads-w-1");
	assert_within(drawn_real(drawing, "2", "threads", "1", "ratio"), 1, 0);
	assert_within(drawn_real(drawing, "2", "threads", "2", "ratio"), 2,
		      1e-5);
	assert_within(drawn_real(drawing, "3", "panel", "2", "tail_ns"),
		      middle(50000), 600);
	/* Four threads, the driver and the probe are more than 5 cores. */
	assert_string_equal(drawn_text(drawing, "2", "threads", "4", "threads"),
			    "(no row)");
}

static void what_cannot_be_told_has_no_figure(void **state)
{
	(void)state;
	run_file("threads", "grow", 2, BOUND, 30);
	assert_null(figure_of_threads());
}

static const struct json *first_course(const struct json *json)
{
	return json_item(
		json_get(json_item(json_get(json, "threads"), 0), "courses"),
		0);
}

static void the_json_has_what_the_table_tells_and_no_more(void **state)
{
	const struct json *list, *one;
	struct json *json;

	(void)state;
	run_file("threads", "grow", 8, BOUND, 30);
	json = table_json(drawn.results.files[0]);
	list = json_get(json_item(json_get(json, "threads"), 0), "courses");
	assert_int_equal(json_size(list), 9);
	one = json_item(list, 5); /* "scales" at 4 */
	assert_string_equal(json_text(one, "allocator", ""), "scales");
	assert_int_equal(json_count(one, "threads", 0), 4);
	assert_within(json_number(one, "throughput.median", 0), 4, 1e-5);
	assert_int_equal(json_count(one, "throughput.pairs", 0), ROUNDS);
	assert_string_equal(json_text(one, "operation", ""), "grow");
	assert_within(json_number(one, "p99_ns.median", 0), middle(50000), 600);
	assert_null(json_get(one, "p99_9_ns"));
	assert_within(json_number(one, "shootdowns", 0), 0.045, 1e-9);
	assert_null(json_get(one, "cannot_tell"));
	json_free(json);
	clean(state);
	run_file("threads", "grow", 2, BOUND, 30);
	json = table_json(drawn.results.files[0]);
	one = first_course(json);
	assert_non_null(strstr(json_text(one, "cannot_tell", ""), "core each"));
	assert_null(json_get(one, "operation"));
	assert_null(json_get(one, "p50_ns"));
	json_free(json);
}

static void a_single_number_makes_no_line(void **state)
{
	struct json *json;

	(void)state;
	drawn_run(&drawn,
		  "{\"workload\":\"w:threads=2\",\"thp\":\"never\","
		  "\"estimate\":{\"threads\":2}},"
		  "{\"workload\":\"w:threads=4:size=1M\",\"thp\":\"never\","
		  "\"estimate\":{\"threads\":4}},"
		  "{\"workload\":\"w\",\"thp\":\"always\","
		  "\"estimate\":{\"threads\":1}}",
		  "{\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"}",
		  "");
	drawn_end(&drawn);
	assert_int_equal(drawn_read(&drawn, "run.jsonl"), 0);
	assert_int_equal(threads_read(drawn.results.files[0], &lines), 0);
	assert_int_equal(lines.count, 0);
	json = table_json(drawn.results.files[0]);
	assert_null(json_get(json, "threads"));
	json_free(json);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_goes_through_the_numbers_of_threads_upward),
		TEST(throughput_is_that_of_the_same_allocator_at_the_least_number),
		TEST(tails_and_shootdowns_are_those_of_each_number),
		TEST(with_cores_enough_the_table_tells),
		TEST(with_too_few_cores_it_does_not_and_says_why_once),
		TEST(only_the_numbers_that_lack_cores_are_untold),
		TEST(the_placement_decides_as_well_as_the_cores),
		TEST(faults_come_before_growths_and_movers_are_a_line_too),
		TEST(shootdowns_that_nobody_counted_are_not_told),
		TEST(the_json_has_what_the_table_tells_and_no_more),
		TEST(the_figure_shows_throughput_and_tail_where_told),
		TEST(what_cannot_be_told_has_no_figure),
		TEST(a_single_number_makes_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
