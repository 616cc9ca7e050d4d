/*
 * fake_run - the results of a synthetic run, read, and its table as text.
 *
 * Include in one file of a test.
 */
#ifndef REGROW_TESTS_FAKE_RUN_H
#define REGROW_TESTS_FAKE_RUN_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/names.h"
#include "driver/results.h"
#include "driver/table.h"
#include "driver/table_rows.h"
#include "tests/printed.h"
#include "tests/scratch.h"

#define CELLS_MAX 32
#define MS 1000000.0

/* One cell of a synthetic run, and what its samples say. */
struct fake_cell {
	enum cell_role role;
	const char *allocator;
	const char *mechanism; /* of JSON, "[\"moved\"]"; NULL: any */
	const char *skipped;
	double wall_ms;
	double cpu_ms;
	double wall_noise; /* of this cell's own, as a share */
	unsigned int rounds;
	unsigned int outcomes[OUTCOME_COUNT];
	unsigned int grow_count; /* latencies of 1 to 1000 us; 0: none */
	unsigned int planted_percent;
};

struct fake_run {
	const char *workload;
	const char *group_skipped;
	const char *counters; /* JSON; NULL: none */
	const char *end; /* the last line; NULL: none */
	unsigned int threads;
	const char *clock; /* of the plan; NULL: none, as in format 1 */
	double margin; /* of the plan */
	unsigned int cells_count;
	struct fake_cell cells[CELLS_MAX];
};

static const char done[] = "{\"type\":\"end\",\"status\":\"done\","
			   "\"samples\":1,\"rounds\":24,\"at_ns\":9}\n";

/* Reference, twin, floor and a mover, 24 rounds, all equal but in time. */
static inline struct fake_run usual(void)
{
	struct fake_run run = {
		.workload = "vector-growth:scale=S",
		.end = done,
		.threads = 1,
		.cells_count = 4,
		.cells =
			{
				{.role = ROLE_REFERENCE,
				 .allocator = "copy",
				 .wall_ms = 200,
				 .cpu_ms = 190,
				 .rounds = 24,
				 .outcomes = {[OUTCOME_COPIED] = 10}},
				{.role = ROLE_TWIN,
				 .allocator = "copy",
				 .wall_ms = 200,
				 .cpu_ms = 190,
				 .rounds = 24,
				 .outcomes = {[OUTCOME_COPIED] = 10}},
				{.role = ROLE_FLOOR,
				 .allocator = "nothing",
				 .wall_ms = 1,
				 .cpu_ms = 1,
				 .rounds = 24,
				 .outcomes = {[OUTCOME_SLACK] = 10}},
				{.role = ROLE_ROW,
				 .allocator = "move",
				 .mechanism = "[\"moved\"]",
				 .wall_ms = 100,
				 .cpu_ms = 76,
				 .rounds = 24,
				 .outcomes = {[OUTCOME_MOVED] = 7,
					      [OUTCOME_IN_PLACE] = 3}},
			},
	};

	return run;
}

static inline void write_run(FILE *file, const struct fake_run *run)
{
	unsigned int i;

	fprintf(file,
		"{\"type\":\"run\",\"format\":1,\"regrow\":\"v1\",\"started\":"
		"\"2026-11-24T13:30:05Z\",\"label\":\"a test\",\"plan\":{"
		"\"seed\":42,\"rounds\":0,\"margin\":%.4f,\"groups\":[{"
		"\"workload\":\"%s\","
		"\"thp\":\"never\",\"estimate\":{\"threads\":%u}",
		run->margin, run->workload, run->threads);
	if (run->clock)
		fprintf(file,
			",\"clock\":\"%s\",\"clock_why\":\"it was quiet\"",
			run->clock);
	if (run->group_skipped)
		fprintf(file, ",\"skipped\":\"%s\"", run->group_skipped);
	fprintf(file, "}],\"cells\":[");
	for (i = 0; i < run->cells_count; i++) {
		const struct fake_cell *cell = &run->cells[i];

		fprintf(file,
			"%s{\"group\":0,\"role\":\"%s\",\"allocator\":\"%s\"",
			i > 0 ? "," : "", role_names[cell->role],
			cell->allocator);
		if (cell->planted_percent > 0)
			fprintf(file, ",\"planted_percent\":%u",
				cell->planted_percent);
		if (cell->mechanism)
			fprintf(file, ",\"mechanism\":%s", cell->mechanism);
		if (cell->skipped)
			fprintf(file, ",\"skipped\":\"%s\"", cell->skipped);
		fprintf(file, "}");
	}
	fprintf(file,
		"]},\"counters\":%s,\"machine\":{\"cpu_model\":\"A CPU\","
		"\"kernel\":\"6.18.5\"}}\n",
		run->counters ? run->counters : "[]");
}

/* Shared by all cells of a round: what pairs cancel. */
static inline double round_noise(unsigned int round)
{
	return 1 + 0.1 * ((round * 7) % 11) / 11.0;
}

static inline double own_noise(const struct fake_cell *cell, unsigned int round)
{
	return 1 + cell->wall_noise * ((round * 5) % 7 - 3.0) / 3.0;
}

static inline void write_sample(FILE *file, const struct fake_cell *cell,
				unsigned int index, unsigned int round)
{
	double wall_ns = cell->wall_ms * MS * round_noise(round) *
			 own_noise(cell, round);
	double cpu_ns = cell->cpu_ms * MS * round_noise(round);
	unsigned int i;

	fprintf(file,
		"{\"type\":\"sample\",\"sequence\":%u,\"round\":%u,\"pass\":"
		"\"timing\",\"cell\":%u,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":true,\"time\":{\"wall_ns\":%.0f,\"cpu_ns\":%.0f},"
		"\"outcomes\":{",
		round * 100 + index, round, index, wall_ns, cpu_ns);
	for (i = 0; i < OUTCOME_COUNT; i++)
		fprintf(file, "%s\"%s\":%u", i > 0 ? "," : "", outcome_names[i],
			cell->outcomes[i]);
	fprintf(file,
		"},\"faults\":{\"minor\":32767,\"major\":0},\"live_bytes_max\":"
		"67108864,\"memory\":{\"peak_resident_bytes\":134217728},"
		"\"map\":{\"final\":{\"mappings\":-1,\"mapped_bytes\":134217728,"
		"\"holes\":3,\"hole_bytes\":4096,\"resident_bytes\":68157440,"
		"\"live_bytes\":67108864}},\"counters\":{\"cycles:k\":{"
		"\"value\":%u,\"enabled_ns\":10,\"running_ns\":5},"
		"\"task-clock\":{\"value\":40000000,\"enabled_ns\":1,"
		"\"running_ns\":1}}",
		1000 * (index + 1));
	if (cell->grow_count > 0)
		fprintf(file,
			",\"operations\":{\"grow\":{\"count\":%u,\"failed\":0,"
			"\"sum_ns\":1000000,\"min_ns\":100,\"max_ns\":2000000,"
			"\"overflow\":0,\"histogram\":[[100,%u],[200,1]]}}",
			cell->grow_count, cell->grow_count - 1);
	fprintf(file, "}\n");
}

static struct results results;
static const struct style plain, rich = {.utf8 = true};

/* Reads a run, with more lines before its end, into results. */
static inline void read_run(const struct fake_run *run, const char *more)
{
	char path[SCRATCH_PATH_SIZE], why[512];
	int descriptor = scratch_file(path);
	unsigned int round, i;
	FILE *file;

	file = fdopen(descriptor, "w");
	assert_non_null(file);
	write_run(file, run);
	for (round = 0; round < 40; round++)
		for (i = 0; i < run->cells_count; i++)
			if (round < run->cells[i].rounds)
				write_sample(file, &run->cells[i], i, round);
	fputs(more ? more : "", file);
	fputs(run->end ? run->end : "", file);
	assert_int_equal(fclose(file), 0);
	results_free(&results);
	if (results_read(&results, path, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	unlink(path);
}

static inline void print(const struct fake_run *run, const char *more,
			 const struct style *style)
{
	FILE *stream;

	read_run(run, more);
	stream = printed_open();
	assert_int_equal(table_print(results.files[0], style, stream), 0);
	fclose(stream);
}

/* After a test. */
static inline int fake_run_end(void **state)
{
	(void)state;
	results_free(&results);
	printed_free();
	return 0;
}

#endif
