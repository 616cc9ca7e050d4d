/* test_results - what was recorded is what the model holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/names.h"
#include "driver/results.h"
#include "tests/example_file.h"
#include "tests/scratch.h"

static char path[SCRATCH_PATH_SIZE];
static char why[512];
static struct results results;
static struct sample_answer answer;

static int read_example(void **state)
{
	(void)state;
	close(scratch_file(path));
	if (example_file(path) != 0)
		return -1;
	return results_read(&results, path, why, sizeof(why));
}

static int free_results(void **state)
{
	(void)state;
	results_free(&results);
	return unlink(path);
}

static const struct results_cell *cell_number(unsigned int index)
{
	return &results.files[0]->cells[index];
}

/* The sample of cell 3 in that timing round, whose answer is in answer. */
static const struct results_sample *sample_of_round(unsigned int round)
{
	const struct results_cell *cell = cell_number(3);

	example_answer(&answer, 1000 * round + 21);
	for (size_t i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].pass == PASS_TIMING &&
		    cell->samples[i].round == round)
			return &cell->samples[i];
	fail_msg("no sample of timing round %u", round);
	return NULL;
}

static void assert_values(const struct results_sample *sample, int first,
			  const uint64_t *expected, int count)
{
	for (int i = 0; i < count; i++)
		if (sample->values[first + i] != (int64_t)expected[i])
			fail_msg("%s is %lld and not %llu",
				 figures[first + i].name,
				 (long long)sample->values[first + i],
				 (unsigned long long)expected[i]);
}

static void
the_figures_are_named_in_the_order_of_their_enumerations(void **state)
{
	char name[64];

	(void)state;
	for (int i = 0; i < FIGURE_COUNT; i++) {
		assert_non_null(figures[i].name);
		assert_int_equal(figures_find(figures[i].name), i);
	}
	for (int i = 0; i < PHASE_COUNT; i++) {
		snprintf(name, sizeof(name), "phases.%s_ns", phase_names[i]);
		assert_int_equal(figures_find(name), FIGURE_PHASES + i);
	}
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		snprintf(name, sizeof(name), "outcomes.%s", outcome_names[i]);
		assert_int_equal(figures_find(name), FIGURE_OUTCOMES + i);
	}
	for (int i = 0; i < MOVE_PHASE_COUNT; i++) {
		snprintf(name, sizeof(name), "moves.%s", move_phase_names[i]);
		assert_int_equal(figures_find(name), FIGURE_MOVES + i);
		snprintf(name, sizeof(name), "moves.%s_bytes",
			 move_phase_names[i]);
		assert_int_equal(figures_find(name), FIGURE_MOVES_BYTES + i);
	}
	for (int i = 0; i < MOVE_LEVEL_COUNT; i++) {
		snprintf(name, sizeof(name), "moves.%s_bytes",
			 move_level_names[i]);
		assert_int_equal(figures_find(name), FIGURE_LEVELS_BYTES + i);
	}
	for (int i = 0; i < REFILL_COUNT; i++) {
		snprintf(name, sizeof(name), "refills.%s", refill_names[i]);
		assert_int_equal(figures_find(name), FIGURE_REFILLS + i);
	}
	for (int i = 0; i < MAP_FIGURES; i++) {
		snprintf(name, sizeof(name), "map.drained.%s",
			 map_figure_names[i]);
		assert_int_equal(figures_find(name), FIGURE_DRAINED + i);
	}
	for (int i = 0; i < OPERATION_COUNT; i++) {
		snprintf(name, sizeof(name), "operations.%s.max_ns",
			 operation_names[i]);
		assert_int_equal(figures_find(name),
				 figure_of_operation((enum operation)i,
						     OPERATION_FIGURE_MAX_NS));
	}
	assert_int_equal(figures_find("no.such"), FIGURE_COUNT);
}

static void times_and_phases_come_back_as_they_were(void **state)
{
	const struct results_sample *sample = sample_of_round(2);
	const uint64_t expected[] = {77,
				     answer.wall_ns,
				     answer.cpu_ns,
				     answer.user_ns,
				     answer.system_ns,
				     answer.span_ns,
				     answer.clock_reads};

	(void)state;
	assert_values(sample, FIGURE_PROCESS_NS, expected, 7);
	assert_values(sample, FIGURE_PHASES, answer.phase_ns, PHASE_COUNT);
	assert_int_equal(sample->values[FIGURE_AT_NS], 123456);
	assert_int_equal(sample->stage, STAGE_DONE);
	assert_int_equal(sample->invalid, 0);
	assert_true(sample->valid);
	assert_true(sample->migrated);
	assert_true(sample->oracle_applies);
}

static void an_open_loop_comes_back_as_it_was(void **state)
{
	const struct results_sample *sample = sample_of_round(2);
	const struct open_loop_figures *of = &answer.open_loop;
	const uint64_t expected[] = {
		of->requests,  of->offered_ns, of->served_ns,	of->busy_ns,
		of->waited_ns, of->late,       of->late_ns_max, of->backlog_max,
	};

	(void)state;
	assert_values(sample, FIGURE_OPEN_LOOP_REQUESTS, expected, 8);
	assert_true(sample->open_loop);
	assert_true(sample->saturated);
}

static void what_disturbed_comes_back_as_it_was(void **state)
{
	const struct results_sample *sample = sample_of_round(2);
	const struct disturbance *of = &answer.disturbance;
	const uint64_t expected[] = {
		(uint64_t)of->waited_ns,
		(uint64_t)of->migrations,
		(uint64_t)of->pressure_ns[PRESSURE_CPU],
		(uint64_t)of->pressure_ns[PRESSURE_MEMORY],
		(uint64_t)of->pressure_ns[PRESSURE_IO],
		2021 + 503,
		2021 + 504,
		2021 + 505,
		(uint64_t)of->khz_before,
		(uint64_t)of->khz_after,
		2021 + 501,
		2021 + 502,
	};

	(void)state;
	assert_values(sample, FIGURE_SWITCHES_WAITED_NS, expected, 12);
	assert_true(sample->taint_known);
	/* All but major faults, and a frequency that is nearly the same. */
	assert_int_equal(sample->taint, (1u << TAINT_COUNT) - 1 -
						(1u << TAINT_MAJOR_FAULTS) -
						(1u << TAINT_FREQUENCY));
}

static void operations_come_back_as_they_were(void **state)
{
	const struct results_sample *sample = sample_of_round(2);

	(void)state;
	for (int i = 0; i < EXAMPLE_OPERATIONS; i++) {
		const struct operation_figures *of = &answer.operations[i];
		const uint64_t expected[OPERATION_FIGURES] = {
			of->histogram.count,  of->failed,
			of->histogram.sum_ns, of->histogram.min_ns,
			of->histogram.max_ns, of->histogram.overflow,
		};

		assert_values(sample, FIGURE_OPERATIONS + i * OPERATION_FIGURES,
			      expected, OPERATION_FIGURES);
	}
}

static void growths_and_moves_come_back_as_they_were(void **state)
{
	const struct results_sample *sample = sample_of_round(1);
	const struct tally *tally = &answer.tally;
	const uint64_t bytes[] = {tally->bytes_copied, tally->bytes_moved};
	const uint64_t destinations[] = {tally->destinations_owned,
					 tally->destinations_fresh};

	(void)state;
	assert_values(sample, FIGURE_OUTCOMES, tally->growths, OUTCOME_COUNT);
	assert_values(sample, FIGURE_BYTES_COPIED, bytes, 2);
	assert_values(sample, FIGURE_MOVES, tally->moves, MOVE_PHASE_COUNT);
	assert_values(sample, FIGURE_MOVES_BYTES, tally->moves_bytes,
		      MOVE_PHASE_COUNT);
	assert_values(sample, FIGURE_LEVELS_BYTES, tally->levels_bytes,
		      MOVE_LEVEL_COUNT);
	assert_values(sample, FIGURE_DESTINATIONS_OWNED, destinations, 2);
	assert_values(sample, FIGURE_REFILLS, tally->refills, REFILL_COUNT);
	assert_int_equal(sample->failed_calls_count, 2);
	assert_int_equal(sample->failed_calls[0].error, ENOMEM);
	assert_int_equal(sample->failed_calls[0].count,
			 tally->failed_calls[ENOMEM]);
	assert_int_equal(sample->failed_calls[1].error, EEXIST);
	assert_int_equal(sample->failed_calls[1].count,
			 tally->failed_calls[EEXIST]);
}

static void requests_faults_and_memory_come_back_as_they_were(void **state)
{
	const struct results_sample *sample = sample_of_round(0);
	const uint64_t expected[] = {
		answer.requests,
		answer.live_bytes_max,
		answer.touched_bytes,
		answer.minor_faults,
		answer.major_faults,
		answer.touched_bytes / EXAMPLE_PAGE - answer.rewritten_pages +
			answer.copied_pages + answer.untouched_pages,
		answer.copied_pages,
		answer.untouched_pages,
		answer.rewritten_pages,
		answer.voluntary_switches,
		answer.involuntary_switches,
		(uint64_t)answer.cpu_start,
		(uint64_t)answer.cpu_end,
		answer.peak_resident_bytes,
		answer.peak_virtual_bytes,
	};
	char digest[17];

	(void)state;
	assert_values(sample, FIGURE_REQUESTS, expected, 13);
	snprintf(digest, sizeof(digest), "%016llx",
		 (unsigned long long)answer.digest);
	assert_string_equal(sample->digest, digest);
	assert_int_equal(sample->values[FIGURE_VERIFIED_WORDS],
			 answer.words_verified);
	assert_int_equal(sample->values[FIGURE_VERIFIED_WRONG], 0);
	assert_int_equal(sample->values[FIGURE_CONTRADICTIONS], FIGURE_ABSENT);
}

static void assert_map(const int64_t values[MAP_FIGURES],
		       const struct map_figures *map,
		       const struct map_figures *less)
{
	const int64_t expected[MAP_FIGURES] = {
		(int64_t)(map->holes.mappings - less->holes.mappings),
		(int64_t)(map->holes.mapped_bytes - less->holes.mapped_bytes),
		(int64_t)(map->holes.holes - less->holes.holes),
		(int64_t)(map->holes.hole_bytes - less->holes.hole_bytes),
		(int64_t)map->holes.hole_bytes_max,
		(int64_t)(map->resident_bytes - less->resident_bytes),
		(int64_t)(map->page_table_bytes - less->page_table_bytes),
		(int64_t)(map->huge_bytes - less->huge_bytes),
		(int64_t)(map->lazy_free_bytes - less->lazy_free_bytes),
		(int64_t)map->live_bytes,
		(int64_t)map->ideal_bytes,
	};

	assert_memory_equal(values, expected, sizeof(expected));
}

static void the_map_comes_back_as_differences(void **state)
{
	static const struct map_figures nothing;
	const struct results_sample *sample = sample_of_round(3);

	(void)state;
	assert_map(&sample->values[FIGURE_BEFORE], &answer.before, &nothing);
	assert_map(&sample->values[FIGURE_FINAL], &answer.final,
		   &answer.before);
	assert_map(&sample->values[FIGURE_DRAINED], &answer.drained,
		   &answer.before);
	assert_true(sample->values[FIGURE_FINAL + MAP_HOLES] < 0);
}

static void sizes_counters_and_own_figures_come_back_as_they_were(void **state)
{
	const struct results_sample *sample = sample_of_round(2);
	const struct results_file *file = results.files[0];

	(void)state;
	assert_int_equal(sample->sizes_count, 3);
	for (unsigned int i = 0; i < 3; i++) {
		const struct size_figures *size = &answer.sizes[12 + i];

		assert_int_equal(sample->sizes[i].log2, 12 + i);
		assert_int_equal(sample->sizes[i].growths, size->growths);
		assert_int_equal(sample->sizes[i].bytes, size->bytes);
		assert_int_equal(sample->sizes[i].grow_ns, size->grow_ns);
		assert_int_equal(sample->sizes[i].touch_ns, size->touch_ns);
		assert_int_equal(sample->sizes[i].reread_ns, size->reread_ns);
	}
	assert_int_equal(file->counters_count, 3);
	assert_string_equal(file->counters[0].missing,
			    "no PMU in this virtual machine");
	assert_false(sample->readings[0].present);
	for (int i = 0; i < 2; i++) {
		const struct results_reading *reading =
			&sample->readings[1 + i];

		assert_true(reading->present);
		assert_int_equal(reading->value, answer.counters[i].value);
		assert_int_equal(reading->enabled_ns,
				 answer.counters[i].enabled_ns);
		assert_int_equal(reading->running_ns,
				 answer.counters[i].running_ns);
	}
	assert_int_equal(file->own_names_count, 2);
	assert_string_equal(file->own_names[1], "planted");
	assert_int_equal(results_own(sample, 0), answer.figures[0].value);
	assert_int_equal(results_own(sample, 1), answer.figures[7].value);
	assert_int_equal(results_own(sample, 5), FIGURE_ABSENT);
}

/* Changes the first of part in the file, and reads it again. */
static void change_and_read(const char *part, const char *to)
{
	char *changed, *text, *at;
	size_t size;
	int length;

	text = example_read(path, &size);
	assert_non_null(text);
	at = strstr(text, part);
	assert_non_null(at);
	length = asprintf(&changed, "%.*s%s%s", (int)(at - text), text, to,
			  at + strlen(part));
	assert_true(length > 0);
	assert_int_equal(example_put(path, changed, (size_t)length), 0);
	free(changed);
	free(text);
	results_free(&results);
	if (results_read(&results, path, why, sizeof(why)) != 0)
		fail_msg("%s", why);
}

static void repetitions_come_back_in_their_order(void **state)
{
	const struct results_sample *sample;

	(void)state;
	assert_int_equal(results.files[0]->repeat, 1);
	assert_int_equal(cell_number(0)->samples[0].repetitions_count, 0);
	change_and_read(
		"\"sizes\":[",
		"\"repetitions\":[{\"wall_ns\":9,\"cpu_ns\":8},"
		"{\"wall_ns\":7,\"cpu_ns\":6,\"minor_faults\":5}],\"sizes\":[");
	change_and_read("\"repeat\":1", "\"repeat\":2");
	assert_int_equal(results.files[0]->repeat, 2);
	sample = &cell_number(0)->samples[0];
	assert_int_equal(sample->repetitions_count, 2);
	assert_int_equal(sample->repetitions[0].wall_ns, 9);
	assert_int_equal(sample->repetitions[0].cpu_ns, 8);
	assert_int_equal(sample->repetitions[0].minor_faults, FIGURE_ABSENT);
	assert_int_equal(sample->repetitions[1].wall_ns, 7);
	assert_int_equal(sample->repetitions[1].minor_faults, 5);
}

/* Of cell 3. */
static const struct results_sample *timing_sample(unsigned int round)
{
	const struct results_cell *cell = cell_number(3);

	for (size_t i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].pass == PASS_TIMING &&
		    cell->samples[i].round == round)
			return &cell->samples[i];
	fail_msg("no round %u", round);
	return NULL;
}

static void latencies_of_the_timing_pass_are_summed(void **state)
{
	static struct histogram expected, got;

	(void)state;
	for (int i = 0; i < EXAMPLE_OPERATIONS; i++) {
		memset(&expected, 0, sizeof(expected));
		for (unsigned int j = 0; j < EXAMPLE_ROUNDS; j++) {
			const struct histogram *one;

			example_answer(&answer, 1000 * j + 21);
			one = &answer.operations[i].histogram;
			if (expected.count == 0 ||
			    one->min_ns < expected.min_ns)
				expected.min_ns = one->min_ns;
			if (one->max_ns > expected.max_ns)
				expected.max_ns = one->max_ns;
			expected.count += one->count;
			expected.sum_ns += one->sum_ns;
			expected.overflow += one->overflow;
			for (int k = 0; k < HISTOGRAM_BUCKETS; k++)
				expected.buckets[k] += one->buckets[k];
			assert_int_equal(timing_sample(j)->median_ns[i],
					 histogram_quantile_ns(one, 0.5));
		}
		results_histogram(cell_number(3), (enum operation)i, &got);
		assert_memory_equal(&got, &expected, sizeof(got));
	}
}

static void the_timeline_is_of_the_checking_pass(void **state)
{
	const struct results_cell *cell = cell_number(3);

	(void)state;
	example_answer(&answer, 9021);
	assert_int_equal(cell->timeline_count, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(cell->timeline[i].at_ns,
				 answer.points[i].at_ns);
		assert_int_equal(cell->timeline[i].operations,
				 answer.points[i].operations);
		assert_int_equal(cell->timeline[i].read_ns,
				 answer.points[i].read_ns);
		assert_map(cell->timeline[i].values, &answer.points[i],
			   &answer.before);
	}
	assert_int_equal(cell->settled_count, 2);
	assert_true(cell->settled_at_once);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(cell->settled[i].at_ns,
				 answer.settled[i].at_ns);
		assert_map(cell->settled[i].values, &answer.settled[i],
			   &answer.before);
	}
	assert_int_equal(cell->samples[0].values[FIGURE_MAP_READ_NS],
			 answer.reading.read_ns);
	assert_int_equal(cell->samples[0].pass, PASS_CHECKING);
	assert_int_equal(cell->samples[0].values[FIGURE_CONTRADICTIONS], 0);
}

static void the_plan_comes_back_as_cells(void **state)
{
	const struct results_file *file = results.files[0];

	(void)state;
	assert_int_equal(file->cells_count, 12);
	assert_int_equal(file->groups_count, 3);
	assert_string_equal(cell_number(3)->allocator,
			    "mremap-fixed-fallback:threshold=8M");
	assert_string_equal(cell_number(3)->group->workload,
			    "vector-growth:scale=S");
	assert_int_equal(cell_number(3)->group->thp, THP_NEVER);
	assert_int_equal(cell_number(9)->group->thp, THP_ALWAYS);
	assert_int_equal(cell_number(3)->group->layout, LAYOUT_STANDARD);
	assert_int_equal(cell_number(9)->group->layout, LAYOUT_LEGACY);
	assert_int_equal(cell_number(3)->mechanism, 1u << OUTCOME_MOVED);
	assert_int_equal(cell_number(0)->mechanism, 0);
	assert_string_equal(cell_number(4)->skipped, "no memory for it");
	assert_null(cell_number(3)->skipped);
	assert_non_null(cell_number(9)->group->skipped);
	assert_int_equal(cell_number(1)->role, ROLE_TWIN);
	assert_ptr_equal(results_companion(cell_number(3), ROLE_REFERENCE),
			 cell_number(0));
	assert_ptr_equal(results_companion(cell_number(9), ROLE_FLOOR),
			 cell_number(8));
	assert_true(file->ended);
	assert_false(file->torn);
	assert_string_equal(file->status, "done");
	assert_int_equal(file->rounds, EXAMPLE_ROUNDS);
	assert_int_equal(file->samples_count, 4 * (EXAMPLE_ROUNDS + 1));
	assert_int_equal(cell_number(3)->outcomes[SAMPLE_OK],
			 EXAMPLE_ROUNDS + 1);
	assert_int_equal(cell_number(3)->group->clock, CLOCK_CPU);
	assert_string_equal(cell_number(3)->group->clock_why, "quiet 0");
	assert_int_equal(cell_number(9)->group->clock, CLOCK_WALL);
	assert_int_equal(cell_number(5)->role, ROLE_PLANTED);
	assert_int_equal(cell_number(5)->planted_percent, 10);
	assert_true(file->margin == 0.03125);
}

static void values_are_given_by_round_and_only_of_valid_samples(void **state)
{
	struct results_cell *cell = &results.files[0]->cells[3];
	double values[8];
	unsigned int rounds[8];

	(void)state;
	assert_int_equal(results_cell_values(cell, PASS_TIMING, FIGURE_WALL_NS,
					     NULL, NULL),
			 EXAMPLE_ROUNDS);
	assert_int_equal(results_cell_values(cell, PASS_TIMING,
					     FIGURE_CONTRADICTIONS, NULL, NULL),
			 0);
	cell->samples[2].valid = false; /* timing round 1 */
	assert_int_equal(results_cell_values(cell, PASS_TIMING, FIGURE_WALL_NS,
					     values, rounds),
			 3);
	assert_int_equal(rounds[0], 0);
	assert_int_equal(rounds[1], 2);
	assert_int_equal(rounds[2], 3);
	assert_float_equal(values[1], 2000 + 21 + 1, 0);
}

static void pairs_are_made_within_rounds(void **state)
{
	struct results_cell *a = &results.files[0]->cells[3];
	struct results_cell *b = &results.files[0]->cells[0];
	double as[8], bs[8];

	(void)state;
	a->samples[2].valid = false; /* timing round 1 */
	b->samples[4].values[FIGURE_WALL_NS] = FIGURE_ABSENT; /* round 3 */
	assert_int_equal(
		results_pair_values(a, b, PASS_TIMING, FIGURE_WALL_NS, as, bs),
		2);
	assert_float_equal(as[0], 22, 0);
	assert_float_equal(bs[0], 1, 0);
	assert_float_equal(as[1], 2022, 0);
	assert_float_equal(bs[1], 2001, 0);
}

static void counters_are_scaled_up_where_they_did_not_always_run(void **state)
{
	struct results_cell *cell = &results.files[0]->cells[3];
	double values[8];

	(void)state;
	assert_int_equal(results_counter_values(cell, PASS_TIMING, 0, NULL), 0);
	cell->samples[1].readings[1] =
		(struct results_reading){true, false, 100, 400, 100};
	cell->samples[2].readings[1].running_ns = 0;
	assert_int_equal(results_counter_values(cell, PASS_TIMING, 1, values),
			 3);
	assert_float_equal(values[0], 400, 0);
	assert_int_equal(values[1], sample_of_round(2)->readings[1].value);
}

static void files_stand_beside_each_other(void **state)
{
	(void)state;
	for (int i = 1; i < 200; i++)
		assert_int_equal(results_read(&results, path, why, sizeof(why)),
				 0);
	assert_int_equal(results.files_count, 200);
	assert_ptr_equal(results.files[7]->cells[3].file, results.files[7]);
	assert_int_not_equal(
		results_read(&results, "/nowhere", why, sizeof(why)), 0);
	assert_non_null(strstr(why, "'/nowhere': No such file"));
	assert_int_equal(results.files_count, 200);
	assert_int_equal(results_read(&results, "/tmp", why, sizeof(why)),
			 -EISDIR);
}

static void how_far_each_pass_got_is_known(void **state)
{
	const struct results_file *file = results.files[0];

	(void)state;
	assert_int_equal(file->passes[PASS_CHECKING].rounds, 1);
	assert_int_equal(file->passes[PASS_CHECKING].next, 1);
	assert_int_equal(file->passes[PASS_TIMING].rounds, EXAMPLE_ROUNDS);
	assert_int_equal(file->passes[PASS_TIMING].next, EXAMPLE_ROUNDS);
	assert_int_equal(file->rounds, EXAMPLE_ROUNDS);
	assert_int_equal(file->sequence, file->samples_count);
	assert_int_equal(file->at_ns, 123456);
	assert_int_equal(file->resumes, 0);
	assert_null(file->resume);
	assert_true(file->ended);
}

/* Adds text to the file and reads it again. */
static const struct results_file *read_with(const char *text)
{
	FILE *file = fopen(path, "a");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	if (results_read(&results, path, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	return results.files[results.files_count - 1];
}

static void a_round_that_was_cut_short_keeps_its_number(void **state)
{
	const struct results_file *file;

	(void)state;
	file = read_with("{\"type\":\"sample\",\"sequence\":70,\"round\":9,"
			 "\"pass\":\"timing\",\"cell\":0,\"at_ns\":200000,"
			 "\"outcome\":\"failed\",\"valid\":false}\n"
			 "{\"type\":\"sample\",\"sequence\":60,\"round\":3,"
			 "\"pass\":\"checking\",\"cell\":0,\"at_ns\":150000,"
			 "\"outcome\":\"failed\",\"valid\":false}\n");
	assert_int_equal(file->passes[PASS_TIMING].rounds, EXAMPLE_ROUNDS);
	assert_int_equal(file->passes[PASS_TIMING].next, 10);
	assert_int_equal(file->passes[PASS_CHECKING].rounds, 1);
	assert_int_equal(file->passes[PASS_CHECKING].next, 4);
	assert_int_equal(file->sequence, 71);
	assert_int_equal(file->at_ns, 200000);
	assert_false(file->ended);
}

/* A resume line as it is written, in text. */
static const char *resume_text(uint64_t at_ns, bool forced)
{
	static char text[2000];
	struct json *line = example_resume(at_ns, forced);
	size_t size;
	char *got = json_line(line, &size);

	assert_non_null(got);
	assert_true(size < sizeof(text));
	memcpy(text, got, size + 1);
	free(got);
	json_free(line);
	return text;
}

static void a_run_that_was_taken_up_again_is_one_run(void **state)
{
	const struct results_file *file;

	(void)state;
	file = read_with(resume_text(300000, true));
	assert_int_equal(file->resumes, 1);
	assert_int_equal(file->forced, 1);
	assert_false(file->ended);
	assert_int_equal(file->at_ns, 300000);
	file = read_with(resume_text(400000, false));
	assert_int_equal(file->resumes, 2);
	assert_int_equal(file->forced, 1);
	assert_int_equal(json_count(file->resume, "at_ns", 0), 400000);
	assert_int_equal(json_count(file->resume, "rounds", 0), 40);
	file = read_with("{\"type\":\"end\",\"status\":\"budget\"}\n");
	assert_true(file->ended);
	assert_string_equal(file->status, "budget");
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, read_example, free_results)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_figures_are_named_in_the_order_of_their_enumerations),
		TEST(times_and_phases_come_back_as_they_were),
		TEST(an_open_loop_comes_back_as_it_was),
		TEST(what_disturbed_comes_back_as_it_was),
		TEST(operations_come_back_as_they_were),
		TEST(growths_and_moves_come_back_as_they_were),
		TEST(requests_faults_and_memory_come_back_as_they_were),
		TEST(the_map_comes_back_as_differences),
		TEST(sizes_counters_and_own_figures_come_back_as_they_were),
		TEST(latencies_of_the_timing_pass_are_summed),
		TEST(repetitions_come_back_in_their_order),
		TEST(the_timeline_is_of_the_checking_pass),
		TEST(the_plan_comes_back_as_cells),
		TEST(values_are_given_by_round_and_only_of_valid_samples),
		TEST(pairs_are_made_within_rounds),
		TEST(counters_are_scaled_up_where_they_did_not_always_run),
		TEST(how_far_each_pass_got_is_known),
		TEST(a_round_that_was_cut_short_keeps_its_number),
		TEST(a_run_that_was_taken_up_again_is_one_run),
		TEST(files_stand_beside_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
