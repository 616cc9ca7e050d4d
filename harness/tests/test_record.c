/* test_record - lines say what FORMAT.md says, whatever a child answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ctype.h>
#include <errno.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/judge.h"
#include "driver/names.h"
#include "driver/record.h"
#include "driver/table_checks.h"
#include "tests/example.h"

#define FORMAT_PAGE "results/FORMAT.md"

static struct sample_answer answer;
static struct sample_context context;
static struct taint_reading taint;
static struct spawn_result result;
static struct counters counters;
static struct json *line;

static int start_afresh(void **state)
{
	(void)state;
	example_answer(&answer, 1000);
	example_context(&context);
	example_taint(&taint, 1000);
	context.taint = &taint;
	example_counters(&counters);
	memset(&result, 0, sizeof(result));
	result.process_ns = 77;
	return 0;
}

static int free_line(void **state)
{
	(void)state;
	json_free(line);
	line = NULL;
	return 0;
}

static const struct json *record(void)
{
	json_free(line);
	line = record_sample(&context, &answer, &result, &counters,
			     example_places);
	assert_non_null(line);
	return line;
}

/* The reasons for not being valid are exactly this one; NULL: none. */
static void assert_invalid(const char *reason)
{
	const struct json *list;

	record();
	list = json_get(line, "invalid");
	assert_true(json_bool(line, "valid", reason != NULL) ==
		    (reason == NULL));
	assert_int_equal(json_size(list), reason != NULL);
	if (reason != NULL)
		assert_string_equal(json_own_text(json_item(list, 0), ""),
				    reason);
}

static void assert_oracle_silent(const char *word)
{
	assert_invalid(NULL);
	assert_false(json_bool(line, "oracle.applies", true));
	assert_non_null(strstr(json_text(line, "oracle.why", ""), word));
}

static void the_run_line_holds_the_whole_plan(void **state)
{
	const struct json *plan, *cell, *group;

	(void)state;
	line = example_run();
	assert_string_equal(json_text(line, "type", ""), "run");
	assert_int_equal(json_count(line, "format", 0), RECORD_FORMAT);
	assert_string_equal(json_text(line, "regrow", ""), "v1-test");
	assert_string_equal(json_text(line, "started", ""),
			    "2026-11-24T13:30:05Z");
	assert_int_equal(json_size(json_get(line, "command")), 4);
	plan = json_get(line, "plan");
	assert_int_equal(json_count(plan, "seed", 0), 20140425);
	assert_int_equal(json_count(plan, "rounds", 0), 12);
	assert_int_equal(json_count(plan, "budget_ns", 0), 60000000000);
	assert_int_equal(json_size(json_get(plan, "groups")), 3);
	assert_int_equal(json_size(json_get(plan, "cells")), 12);
	group = json_item(json_get(plan, "groups"), 1);
	assert_string_equal(json_text(group, "thp", ""), "always");
	assert_string_equal(json_text(group, "layout", ""), "legacy");
	assert_non_null(json_text(group, "skipped", NULL));
	assert_int_equal(json_count(group, "estimate.threads", 0), 1);
	assert_int_equal(json_count(group, "estimate.copied_bytes", 0), 109);
	assert_string_equal(json_text(group, "clock", ""), "wall");
	assert_string_equal(json_text(group, "clock_why", ""), "quiet 1");
	assert_int_equal(json_count(group, "pilot.cpu_ns", 0), 112);
	assert_true(json_number(plan, "margin", 0) == 0.03125);
	cell = json_item(json_get(plan, "cells"), 11);
	assert_string_equal(json_text(cell, "role", ""), "planted");
	assert_int_equal(json_count(cell, "planted_percent", 0), 10);
	assert_int_equal(json_count(cell, "planted_iterations", 0), 4322);
	cell = json_item(json_get(plan, "cells"), 9);
	assert_int_equal(json_count(cell, "group", 0), 1);
	assert_string_equal(json_text(cell, "role", ""), "row");
	assert_int_equal(json_size(json_get(cell, "mechanism")), 2);
	assert_null(
		json_get(json_item(json_get(plan, "cells"), 0), "mechanism"));
}

static void
the_run_line_says_where_threads_are_and_what_is_missing(void **state)
{
	const struct json *nodes, *list;

	(void)state;
	line = example_run();
	assert_int_equal(
		json_own_signed(json_item(json_get(line, "placement.cpus"), 1),
				0),
		-1);
	assert_int_equal(json_signed(line, "placement.probe_cpu", 0), -1);
	nodes = json_get(line, "placement.nodes");
	assert_int_equal(json_size(nodes), 2);
	assert_int_equal(json_own_count(json_item(nodes, 0), 0), 1);
	assert_int_equal(json_own_count(json_item(nodes, 1), 0), 64);
	list = json_get(line, "counters");
	assert_int_equal(json_size(list), 3);
	assert_string_equal(json_text(json_item(list, 0), "missing", ""),
			    "no PMU in this virtual machine");
	assert_null(json_get(json_item(list, 1), "missing"));
	assert_true(json_bool(json_item(list, 2), "tracepoint", false));
}

static void the_run_line_says_what_could_not_be_seen_to_disturb(void **state)
{
	(void)state;
	line = example_run();
	assert_int_equal(json_size(json_get(line, "taint.seen")),
			 TAINT_COUNT - 1);
	assert_string_equal(json_text(line, "taint.not_seen.throttled", ""),
			    "CPU 3 has no thermal_throttle");
	assert_null(json_get(line, "taint.not_seen.thp"));
	assert_string_equal(json_text(line, "shootdowns_missing", ""),
			    "no row TLB");
}

static void a_tainted_sample_says_by_what_and_is_as_valid(void **state)
{
	const struct json *words;

	(void)state;
	answer.disturbance.khz_after *= 2;
	assert_invalid(NULL);
	words = json_get(line, "taint");
	assert_int_equal(json_size(words), TAINT_COUNT - 1);
	for (size_t i = 0; i < json_size(words); i++)
		assert_string_equal(
			json_own_text(json_item(words, i), ""),
			taint_names[i < TAINT_MAJOR_FAULTS ? i : i + 1]);
	assert_string_equal(json_text(line, "thp_changed.before", ""),
			    "madvise");
	assert_string_equal(json_text(line, "thp_changed.after", ""), "always");
	assert_int_equal(json_count(line, "pressure.cpu_ns", 0),
			 answer.disturbance.pressure_ns[PRESSURE_CPU]);
	assert_int_equal(json_count(line, "switches.waited_ns", 0),
			 answer.disturbance.waited_ns);
	assert_int_equal(json_count(line, "probe.gap_ns_max", 0), 1505);
	assert_int_equal(json_count(line, "collapsed", 0), 1501);
	assert_int_equal(json_count(line, "throttles", 0), 1502);
	assert_int_equal(json_count(line, "shootdowns", 0),
			 answer.disturbance.shootdowns);
}

static void an_undisturbed_sample_has_an_empty_list(void **state)
{
	(void)state;
	memset(&answer.disturbance, 0, sizeof(answer.disturbance));
	memset(&taint, 0, sizeof(taint));
	answer.involuntary_switches = 0;
	answer.cpu_end = answer.cpu_start;
	assert_invalid(NULL);
	assert_true(json_is_array(json_get(line, "taint")));
	assert_int_equal(json_size(json_get(line, "taint")), 0);
	assert_null(json_get(line, "thp_changed"));
	assert_null(json_get(line, "probe"));
}

static void what_was_not_seen_is_absent_and_not_zero(void **state)
{
	struct disturbance *of = &answer.disturbance;

	(void)state;
	for (int i = 0; i < PRESSURE_COUNT; i++)
		of->pressure_ns[i] = -1;
	of->migrations = of->waited_ns = of->shootdowns = -1;
	of->khz_before = of->khz_after = INT64_MIN;
	taint.after.collapsed = FIGURE_ABSENT;
	taint.before.throttles = FIGURE_ABSENT;
	record();
	assert_null(json_get(line, "pressure"));
	assert_null(json_get(line, "migrations"));
	assert_null(json_get(line, "shootdowns"));
	assert_null(json_get(line, "switches.waited_ns"));
	assert_null(json_get(line, "frequency"));
	assert_null(json_get(line, "collapsed"));
	assert_null(json_get(line, "throttles"));
	context.taint = NULL;
	record();
	assert_null(json_get(line, "taint"));
	context.taint = &taint;
	answer.stage = STAGE_VERIFY;
	result.outcome = SAMPLE_CRASHED;
	record();
	assert_null(json_get(line, "taint"));
}

static void rounds_and_the_end_are_lines_of_their_own(void **state)
{
	(void)state;
	line = record_round(3, PASS_CHECKING, 55);
	assert_string_equal(json_text(line, "pass", ""), "checking");
	assert_int_equal(json_count(line, "at_ns", 0), 55);
	json_free(line);
	line = record_end(RUN_BUDGET, 40, 12, 66);
	assert_string_equal(json_text(line, "status", ""), "budget");
	assert_int_equal(json_count(line, "samples", 0), 40);
	assert_int_equal(json_count(line, "rounds", 0), 12);
}

static void a_good_sample_is_valid(void **state)
{
	(void)state;
	assert_invalid(NULL);
	assert_null(json_get(line, "invalid"));
	assert_null(json_get(line, "reason"));
	assert_true(json_bool(line, "oracle.applies", false));
	assert_true(json_bool(line, "migrated", false));
	assert_null(json_get(line, "contradictions"));
	assert_null(json_get(line, "timeline"));
}

static void
a_wrong_word_makes_a_sample_invalid_and_its_place_is_kept(void **state)
{
	(void)state;
	answer.words_wrong = 1;
	answer.wrong_identity = 12;
	answer.wrong_offset = 4096;
	assert_invalid("wrong word");
	assert_int_equal(json_count(line, "verified.identity", 0), 12);
	assert_int_equal(json_count(line, "verified.offset", 0), 4096);
}

static void a_contradiction_makes_a_checking_sample_invalid(void **state)
{
	(void)state;
	context.pass = PASS_CHECKING;
	answer.contradictions = 2;
	strcpy(answer.contradiction, "said moved, same address");
	assert_invalid("contradiction");
	assert_int_equal(json_count(line, "contradictions", 0), 2);
	assert_string_equal(json_text(line, "contradiction", ""),
			    "said moved, same address");
}

static void
faults_that_the_work_does_not_make_make_a_sample_invalid(void **state)
{
	uint64_t expected;

	(void)state;
	answer.copied_pages = 10000;
	answer.untouched_pages = 4000;
	answer.rewritten_pages = 3000;
	answer.touched_bytes = 20000ul * EXAMPLE_PAGE;
	expected = 31000;
	answer.minor_faults = expected + expected / 100 + 64;
	assert_invalid(NULL);
	assert_int_equal(json_count(line, "oracle.expected", 0), expected);
	answer.minor_faults++;
	assert_invalid("oracle");
	answer.minor_faults = expected - expected / 100 - 64;
	assert_invalid(NULL);
	answer.minor_faults--;
	assert_invalid("oracle");
}

static void
the_oracle_is_silent_where_it_does_not_apply_and_says_why(void **state)
{
	(void)state;
	answer.minor_faults = 0;
	context.thp = THP_MADVISE;
	assert_oracle_silent("huge pages");
	context.thp = THP_NEVER;
	context.faults = FAULTS_EXACT_DENSE;
	assert_oracle_silent("faults it in itself");
	context.faults = FAULTS_AT_MOST_DENSE;
	assert_oracle_silent("hands out pages again");
	context.faults = FAULTS_EXACT;
	answer.major_faults = 1;
	assert_oracle_silent("swap");
	answer.major_faults = 0;
	context.role = ROLE_FLOOR;
	assert_oracle_silent("floor");
	context.role = ROLE_ROW;
	context.page_bytes = 0;
	assert_oracle_silent("page size");
}

/* Everything touched, nothing held beyond what was asked for. */
static void make_dense(void)
{
	answer.untouched_pages = 0;
	answer.rewritten_pages = 0;
	answer.sparse_blocks = 0;
	answer.tally.growths[OUTCOME_SLACK] = 0;
	answer.copied_pages = 10000;
	answer.touched_bytes = 20000ul * EXAMPLE_PAGE;
	answer.minor_faults = 30000;
}

static void
faults_of_shrunk_blocks_are_at_most_and_only_where_dense(void **state)
{
	(void)state;
	make_dense();
	histogram_record(&answer.operations[OPERATION_SHRINK].histogram, 9);
	answer.minor_faults = 20000;
	assert_invalid(NULL);
	assert_true(json_bool(line, "oracle.at_most", false));
	answer.minor_faults = 40000;
	assert_invalid("oracle");
	answer.sparse_blocks = 1;
	assert_oracle_silent("made smaller");
}

static void an_allocator_that_populates_is_exact_only_where_dense(void **state)
{
	uint64_t *const marks[] = {
		&answer.untouched_pages, &answer.rewritten_pages,
		&answer.sparse_blocks, &answer.tally.growths[OUTCOME_SLACK]};

	(void)state;
	context.faults = FAULTS_EXACT_DENSE;
	make_dense();
	assert_invalid(NULL);
	assert_true(json_bool(line, "oracle.applies", false));
	assert_null(json_get(line, "oracle.at_most"));
	answer.minor_faults = 20000;
	assert_invalid("oracle");
	answer.minor_faults = 40000;
	assert_invalid("oracle");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		make_dense();
		answer.minor_faults = 40000;
		*marks[i] = 1;
		assert_oracle_silent("touched");
	}
}

static void an_allocator_that_reuses_pages_may_fault_less_not_more(void **state)
{
	(void)state;
	context.faults = FAULTS_AT_MOST_DENSE;
	make_dense();
	answer.minor_faults = 1;
	assert_invalid(NULL);
	assert_true(json_bool(line, "oracle.applies", false));
	assert_true(json_bool(line, "oracle.at_most", false));
	answer.minor_faults = 30000 + 300 + 64;
	assert_invalid(NULL);
	answer.minor_faults++;
	assert_invalid("oracle");
	answer.sparse_blocks = 1;
	assert_oracle_silent("hands out pages again");
}

static void every_repetition_is_kept_from_the_first(void **state)
{
	const struct json *list, *last;

	(void)state;
	context.repeat = answer.repetitions_count = 3;
	for (unsigned int i = 0; i < 3; i++)
		answer.repetitions[i] =
			(struct repetition_figures){100 + i, 200 + i, 300 + i};
	answer.minor_faults = 0;
	assert_oracle_silent("repeated");
	list = json_get(line, "repetitions");
	assert_int_equal(json_size(list), 3);
	assert_int_equal(json_count(json_item(list, 0), "wall_ns", 0), 100);
	last = json_item(list, 2);
	assert_int_equal(json_count(last, "wall_ns", 0), 102);
	assert_int_equal(json_count(last, "cpu_ns", 0), 202);
	assert_int_equal(json_count(last, "minor_faults", 0), 302);
}

static void work_done_once_has_no_repetitions(void **state)
{
	(void)state;
	context.repeat = 1;
	assert_invalid(NULL);
	assert_null(json_get(line, "repetitions"));
}

static void repetitions_other_than_those_asked_for_are_invalid(void **state)
{
	(void)state;
	context.repeat = 3;
	answer.repetitions_count = 2;
	context.thp = THP_MADVISE; /* the oracle is silent */
	assert_invalid("answer");
	assert_null(json_get(line, "repetitions"));
	answer.repetitions_count = REPETITIONS_MAX + 1;
	assert_invalid("answer");
	context.repeat = REPETITIONS_MAX + 1;
	assert_invalid("answer");
}

static void differences_from_the_map_before_may_be_below_zero(void **state)
{
	(void)state;
	answer.before.holes.mappings = 30;
	answer.final.holes.mappings = 20;
	answer.drained.holes.mappings = 31;
	answer.final.holes.hole_bytes_max = 5;
	record();
	assert_int_equal(json_count(line, "map.before.mappings", 0), 30);
	assert_int_equal(json_signed(line, "map.final.mappings", 0), -10);
	assert_int_equal(json_signed(line, "map.drained.mappings", 0), 1);
	assert_int_equal(json_count(line, "map.final.hole_bytes_max", 0), 5);
}

static void a_map_that_nobody_looked_at_is_absent(void **state)
{
	(void)state;
	memset(&answer.drained, 0, sizeof(answer.drained));
	record();
	assert_non_null(json_get(line, "map.final"));
	assert_null(json_get(line, "map.drained"));
	memset(&answer.before, 0, sizeof(answer.before));
	record();
	assert_null(json_get(line, "map"));
}

static void what_an_answer_says_of_looks_at_the_map_is_checked(void **state)
{
	(void)state;
	assert_invalid(NULL);
	assert_string_equal(json_text(line, "map.reading.walk", ""), "text");
	assert_string_equal(json_text(line, "map.reading.lookup", ""), "query");
	assert_int_equal(json_count(line, "map.reading.reads", 0),
			 answer.reading.reads);
	assert_null(json_get(line, "map.settled")); /* the timing pass */
	answer.reading.lookup = MAP_LOOKUP_COUNT;
	assert_invalid("answer");
	answer.reading.lookup = MAP_LOOKUP_TEXT;
	context.pass = PASS_CHECKING;
	record();
	assert_string_equal(json_text(line, "map.reading.lookup", ""), "text");
	assert_int_equal(json_size(json_get(line, "map.settled")), 2);
	answer.settled_count = SETTLE_POINTS + 1;
	assert_invalid("answer");
	assert_null(json_get(line, "map.settled"));
	answer.settled_count = 0;
	answer.settled_at_once = false;
	assert_invalid(NULL);
	assert_null(json_get(line, "map.settled"));
	assert_null(json_get(line, "map.settled_at_once"));
}

static void a_sample_that_did_not_end_well_says_what_became_of_it(void **state)
{
	(void)state;
	for (int i = SAMPLE_FAILED; i < SAMPLE_OUTCOME_COUNT; i++) {
		result.outcome = (enum sample_outcome)i;
		result.signal = 11;
		strcpy(result.reason, "it ended");
		answer.stage = STAGE_RUN;
		answer.error = ENOMEM;
		assert_invalid("outcome");
		assert_string_equal(json_text(line, "outcome", ""),
				    sample_outcome_names[i]);
		assert_string_equal(json_text(line, "reason", ""), "it ended");
		assert_string_equal(json_text(line, "stage", ""), "run");
		assert_string_equal(json_text(line, "error", ""), "ENOMEM");
		assert_int_equal(json_count(line, "process_ns", 0), 77);
		assert_int_equal(json_get(line, "signal") != NULL,
				 i == SAMPLE_CRASHED || i == SAMPLE_KILLED);
		assert_null(json_get(line, "time"));
	}
	answer.stage = STAGE_DRAIN;
	assert_invalid("outcome");
	assert_non_null(json_get(line, "time"));
}

static void an_answer_that_does_not_add_up_is_invalid(void **state)
{
	(void)state;
	answer.operations[OPERATION_GROW].histogram.count++;
	assert_invalid("answer");
	assert_null(json_get(line, "operations.grow.histogram"));
	assert_non_null(json_get(line, "operations.alloc.histogram"));
	start_afresh(state);
	context.pass = PASS_CHECKING;
	answer.points_count = TIMELINE_POINTS_MAX + 1;
	assert_invalid("answer");
	assert_null(json_get(line, "timeline"));
	start_afresh(state);
	answer.open_loop.law = ARRIVALS_COUNT;
	assert_invalid("answer");
	assert_null(json_get(line, "open_loop.law"));
	start_afresh(state);
	answer.stage = STAGE_VERIFY;
	assert_invalid("answer");
	answer.stage = (enum sample_stage)4711;
	assert_invalid("answer");
	assert_string_equal(json_text(line, "stage", ""), "none");
}

static void texts_of_a_child_need_not_end(void **state)
{
	(void)state;
	context.pass = PASS_CHECKING;
	answer.contradictions = 1;
	memset(answer.contradiction, 'c', sizeof(answer.contradiction));
	for (int i = 0; i < WORKER_FIGURES_MAX; i++)
		memset(answer.figures[i].name, 'a' + i,
		       sizeof(answer.figures[i].name));
	record();
	assert_int_equal(strlen(json_text(line, "contradiction", "")),
			 sizeof(answer.contradiction) - 1);
	assert_non_null(
		json_get(line, "figures.hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"));
}

static void counters_are_named_after_their_place_in_the_run(void **state)
{
	static const unsigned int outside[COUNTERS_MAX] = {99, 1};
	const struct json *of;

	(void)state;
	answer.counters[1].error = EACCES;
	record();
	of = json_get(line, "counters.page-faults");
	assert_int_equal(json_count(of, "value", 0), answer.counters[0].value);
	assert_int_equal(json_count(of, "enabled_ns", 0),
			 answer.counters[0].enabled_ns);
	of = json_get(line, "counters.mmap:vm_unmapped_area");
	assert_string_equal(json_text(of, "error", ""), "EACCES");
	assert_null(json_get(of, "value"));
	json_free(line);
	context.counters_count = 1;
	line = record_sample(&context, &answer, &result, &counters, outside);
	assert_true(json_is_object(json_get(line, "counters")));
	assert_null(json_get(line, "counters.page-faults"));
}

static void a_timeline_leaves_out_what_was_not_looked_at(void **state)
{
	const struct json *point;

	(void)state;
	context.pass = PASS_CHECKING;
	record();
	point = json_item(json_get(line, "timeline"), 2);
	assert_int_equal(json_signed(point, "huge_bytes", 0),
			 (int64_t)(answer.points[2].huge_bytes -
				   answer.before.huge_bytes));
	for (int i = 0; i < 3; i++) {
		answer.points[i].huge_bytes = 0;
		answer.points[i].lazy_free_bytes = 0;
	}
	record();
	point = json_item(json_get(line, "timeline"), 2);
	assert_null(json_get(point, "huge_bytes"));
	assert_null(json_get(point, "lazy_free_bytes"));
	assert_int_equal(json_count(point, "operations", 0),
			 answer.points[2].operations);
}

/* A child can write anything: no byte of its answer may crash the driver. */
static void any_answer_makes_a_line_that_parses(void **state)
{
	struct random random = {99};
	unsigned char *bytes = (unsigned char *)&answer;
	char why[200];

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct json *read;
		char *text;
		size_t size;

		start_afresh(NULL);
		context.pass = i % 2 ? PASS_CHECKING : PASS_TIMING;
		result.outcome =
			(enum sample_outcome)(i % SAMPLE_OUTCOME_COUNT);
		for (size_t j = 0; j < sizeof(answer) && i % 10 == 0; j++)
			bytes[j] = (unsigned char)random_next(&random);
		for (int j = 0; j < 400; j++)
			bytes[random_below(&random, sizeof(answer))] =
				(unsigned char)random_next(&random);
		answer.stage = STAGE_DONE;
		record();
		text = json_line(line, &size);
		assert_non_null(text);
		read = json_parse(text, size, why, sizeof(why));
		if (read == NULL)
			fail_msg("%s", why);
		json_free(read);
		free(text);
	}
}

/* What results/FORMAT.md says, and every kind of line. */
static char page[32768];
static char written[1 << 20];

static void append(struct json *json)
{
	size_t size, used = strlen(written);
	char *text = json_line(json, &size);

	assert_non_null(text);
	assert_true(used + size < sizeof(written));
	memcpy(written + used, text, size + 1);
	free(text);
	json_free(json);
}

/* With the checks of a group: a twin and a planted row, and no oracle. */
static struct json *end_with_checks(void)
{
	static char why[] = "huge pages were allowed";
	struct table_group group = {0};
	struct results_group shared = {0};
	struct results_cell cells[] = {
		{.role = ROLE_TWIN, .group = &shared, .no_oracle = why},
		{.role = ROLE_PLANTED, .group = &shared, .planted_percent = 10},
	};
	struct results_file file = {.cells = cells, .cells_count = 2};
	struct json *end = record_end(RUN_DONE, 3, 4, 5);
	struct json *json = json_append_object(json_add_array(end, "groups"));

	group.group = &shared;
	group.rows_count = 2;
	for (unsigned int i = 0; i < 2; i++) {
		group.rows[i].cell = &cells[i];
		group.rows[i].ratio =
			(struct row_ratio){1.5, {1.25, 1.75, 0.95}, 12, 0.01};
	}
	json_add_count(json, "group", 0);
	table_checks_to_json(&file, &group, json);
	return end;
}

/* Every kind of line, and samples with every outcome, stage and word. */
static void write_every_kind(void)
{
	written[0] = 0;
	append(example_run());
	append(example_lab_run());
	start_afresh(NULL);
	context.pass = PASS_CHECKING;
	answer.words_wrong = 1;
	answer.contradictions = 1;
	strcpy(answer.contradiction, "said moved");
	answer.counters[1].error = EACCES;
	context.faults = FAULTS_AT_MOST_DENSE;
	answer.sparse_blocks = 1;
	strcpy(answer.identity.file, "libmine.so.1");
	strcpy(answer.identity.version, "1.2");
	strcpy(answer.identity.build_id, "0123abcd");
	append(record_sample(&context, &answer, &result, &counters,
			     example_places));
	start_afresh(NULL);
	context.faults = FAULTS_AT_MOST_DENSE;
	make_dense();
	for (int i = OPERATION_SHRINK; i < OPERATION_COUNT; i++)
		histogram_record(&answer.operations[i].histogram, 9);
	append(record_sample(&context, &answer, &result, &counters,
			     example_places));
	start_afresh(NULL);
	answer.minor_faults *= 2;
	answer.operations[0].histogram.count++;
	append(record_sample(&context, &answer, &result, &counters,
			     example_places));
	start_afresh(NULL);
	context.repeat = answer.repetitions_count = 3;
	answer.open_loop.law = ARRIVALS_FIXED;
	append(record_sample(&context, &answer, &result, &counters,
			     example_places));
	for (int i = 0; i <= STAGE_DONE; i++) {
		answer.stage = (enum sample_stage)i;
		answer.error = ENOMEM;
		answer.affinity_error = EINVAL;
		answer.mempolicy_error = EPERM;
		result.outcome =
			(enum sample_outcome)(i % SAMPLE_OUTCOME_COUNT);
		strcpy(result.reason, "it ended");
		append(record_sample(&context, &answer, &result, &counters,
				     example_places));
	}
	append(record_round(1, PASS_TIMING, 2));
	append(example_resume(3, false));
	append(example_resume(4, true));
	append(end_with_checks());
	for (int i = 0; i < RUN_STATUS_COUNT; i++)
		append(record_end((enum run_status)i, 3, 4, 5));
}

static void read_page(void)
{
	FILE *file = fopen(FORMAT_PAGE, "r");
	size_t size;

	if (file == NULL)
		fail_msg("cannot read " FORMAT_PAGE
			 ": tests run in the top folder");
	size = fread(page, 1, sizeof(page) - 1, file);
	page[size] = 0;
	fclose(file);
}

/* The last name of `plan.groups[]`, in quotes; false: it is no name. */
static bool quoted_name(const char *from, const char *to, char quoted[64])
{
	const char *name = from;
	size_t size;

	for (const char *at = from; at < to; at++) {
		if (*at == '.')
			name = at + 1;
		else if (!islower((unsigned char)*at) &&
			 !isdigit((unsigned char)*at) &&
			 strchr("_[]\"", *at) == NULL)
			return false;
	}
	if (*name == '"')
		name++;
	size = strcspn(name, "[\"`");
	if (size == 0 || size > 60 || !islower((unsigned char)*name))
		return false;
	snprintf(quoted, 64, "\"%.*s\"", (int)size, name);
	return true;
}

static void everything_on_the_page_is_written(void **state)
{
	unsigned int names = 0;
	char *at, *end, quoted[64];

	(void)state;
	read_page();
	write_every_kind();
	/* The machine's facts and the calibration are other modules' lines. */
	end = strstr(page, "### `machine`");
	at = strstr(page, "## `sample`");
	assert_non_null(end);
	assert_non_null(at);
	memmove(end, at, strlen(at) + 1);
	for (at = strstr(page, "## `run`"); (at = strchr(at, '`')) != NULL;
	     at = end + 1) {
		end = strchr(++at, '`');
		assert_non_null(end);
		if (!quoted_name(at, end, quoted))
			continue;
		names++;
		if (strstr(written, quoted) == NULL)
			fail_msg("%s is on the page and never written", quoted);
	}
	assert_true(names > 150);
}

/* Keys that are names of things, not of fields. */
static bool is_free(const char *key)
{
	static const char *const free_keys[] = {
		"page-faults", "mmap:vm_unmapped_area",
		"blocked",     "planted",
		"ENOMEM",      "EEXIST",
	};

	return names_find(free_keys, 6, key) >= 0;
}

/* Whether the page has the key: between ` or . before it, ` . [ or " behind. */
static bool is_on_page(const char *key)
{
	size_t size = strlen(key);

	for (const char *at = page; (at = strstr(at, key)) != NULL; at++)
		if (at > page && strchr("`.", at[-1]) != NULL &&
		    strchr("`.[", at[size]) != NULL)
			return true;
	return false;
}

static void assert_on_page(void *unused, const char *key,
			   const struct json *value)
{
	if (!is_free(key) && !is_on_page(key))
		fail_msg("'%s' is written and not on the page", key);
	json_each(value, assert_on_page, unused);
	for (size_t i = 0; i < json_size(value); i++)
		json_each(json_item(value, i), assert_on_page, unused);
}

static void everything_that_is_written_is_on_the_page(void **state)
{
	char *text, *save, why[200];

	(void)state;
	read_page();
	write_every_kind();
	for (text = strtok_r(written, "\n", &save); text != NULL;
	     text = strtok_r(NULL, "\n", &save)) {
		line = json_parse(text, strlen(text), why, sizeof(why));
		assert_non_null(line);
		json_each(line, assert_on_page, NULL);
		json_free(line);
		line = NULL;
	}
}

/* For test_schema.sh: the lines, to standard output. */
static int print_lines(void)
{
	write_every_kind();
	return fputs(written, stdout) < 0;
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, start_afresh, free_line)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(the_run_line_holds_the_whole_plan),
		TEST(the_run_line_says_where_threads_are_and_what_is_missing),
		TEST(the_run_line_says_what_could_not_be_seen_to_disturb),
		TEST(a_tainted_sample_says_by_what_and_is_as_valid),
		TEST(an_undisturbed_sample_has_an_empty_list),
		TEST(what_was_not_seen_is_absent_and_not_zero),
		TEST(rounds_and_the_end_are_lines_of_their_own),
		TEST(a_good_sample_is_valid),
		TEST(a_wrong_word_makes_a_sample_invalid_and_its_place_is_kept),
		TEST(a_contradiction_makes_a_checking_sample_invalid),
		TEST(faults_that_the_work_does_not_make_make_a_sample_invalid),
		TEST(the_oracle_is_silent_where_it_does_not_apply_and_says_why),
		TEST(faults_of_shrunk_blocks_are_at_most_and_only_where_dense),
		TEST(an_allocator_that_populates_is_exact_only_where_dense),
		TEST(an_allocator_that_reuses_pages_may_fault_less_not_more),
		TEST(every_repetition_is_kept_from_the_first),
		TEST(work_done_once_has_no_repetitions),
		TEST(repetitions_other_than_those_asked_for_are_invalid),
		TEST(differences_from_the_map_before_may_be_below_zero),
		TEST(a_map_that_nobody_looked_at_is_absent),
		TEST(what_an_answer_says_of_looks_at_the_map_is_checked),
		TEST(a_sample_that_did_not_end_well_says_what_became_of_it),
		TEST(an_answer_that_does_not_add_up_is_invalid),
		TEST(texts_of_a_child_need_not_end),
		TEST(counters_are_named_after_their_place_in_the_run),
		TEST(a_timeline_leaves_out_what_was_not_looked_at),
		TEST(any_answer_makes_a_line_that_parses),
		TEST(everything_on_the_page_is_written),
		TEST(everything_that_is_written_is_on_the_page),
	};

	if (argc == 2 && strcmp(argv[1], "--lines") == 0)
		return print_lines();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
