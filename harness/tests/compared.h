/* compared - results files made up to be compared. */
#ifndef REGROW_TESTS_COMPARED_H
#define REGROW_TESTS_COMPARED_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <regrow/random.h>

#include "tests/scratch.h"

#define COMPARED_CELLS_MAX 8

struct compared_cell {
	const char *role;
	const char *allocator;
	const char *skipped; /* NULL: measured */
	const char *mechanism; /* JSON; NULL: any */
	double wall_ms;
	unsigned int moved; /* growths; the others of 10 are copied */
};

/* A run of one group. */
struct compared_run {
	const char *workload;
	const char *thp;
	const char *layout; /* NULL: none, as in older files */
	const char *clock; /* NULL: none, as in files of format 1 */
	const char *clock_unit; /* NULL: none */
	const char *machine; /* JSON, without its braces */
	const char *estimate; /* JSON after its threads; NULL: nothing more */
	const char *calibration; /* the line; NULL: none */
	const char *label;
	const char *end; /* the last line; NULL: none */
	unsigned int seed;
	unsigned int repeat; /* 0: once */
	unsigned int rounds;
	unsigned int first_random; /* another for each file */
	double noise; /* sigma of the times, of each sample */
	double cpu_share; /* of wall */
	unsigned int faults; /* minor, in each sample */
	unsigned int faults_spread; /* 0 to that more, another in each sample */
	const char *digest;
	bool invalid; /* every second sample of the last cell; their digest: 0 */
	unsigned int cells_count;
	struct compared_cell cells[COMPARED_CELLS_MAX];
};

static inline struct compared_run compared_usual(unsigned int first_random)
{
	return (struct compared_run){
		.workload = "vector-growth:scale=S",
		.thp = "never",
		.clock = "wall",
		.machine = "\"cpu_model\":\"A CPU\",\"kernel\":\"6.1.0\"",
		.label = "a test",
		.end = "{\"type\":\"end\",\"status\":\"done\",\"samples\":1,"
		       "\"rounds\":24,\"at_ns\":9}\n",
		.seed = 1,
		.rounds = 24,
		.first_random = first_random,
		.noise = 0.02,
		.cpu_share = 0.5,
		.faults = 1000,
		.digest = "00000000000000ab",
		.cells_count = 4,
		.cells =
			{
				{"reference", "copy", NULL, NULL, 100, 0},
				{"twin", "copy", NULL, NULL, 100, 0},
				{"floor", "nothing", NULL, NULL, 1, 0},
				{"row", "move", NULL, "[\"moved\"]", 50, 10},
			},
	};
}

static inline void compared_write_run(FILE *file,
				      const struct compared_run *run)
{
	fputs("{\"type\":\"run\",", file);
	if (run->clock_unit != NULL)
		fprintf(file, "\"clock_unit\":\"%s\",", run->clock_unit);
	fprintf(file,
		"\"format\":2,\"regrow\":\"v1\",\"started\":"
		"\"2026-11-24T13:30:%02uZ\",\"label\":\"%s\",\"plan\":{"
		"\"seed\":%u,\"repeat\":%u,\"rounds\":0,\"groups\":[{"
		"\"workload\":\"%s\",\"thp\":\"%s\",\"estimate\":{"
		"\"threads\":1%s}",
		run->first_random % 60, run->label, run->seed,
		run->repeat > 0 ? run->repeat : 1, run->workload, run->thp,
		run->estimate != NULL ? run->estimate : "");
	if (run->layout != NULL)
		fprintf(file, ",\"layout\":\"%s\"", run->layout);
	if (run->clock != NULL)
		fprintf(file, ",\"clock\":\"%s\"", run->clock);
	fprintf(file, "}],\"cells\":[");
	for (unsigned int i = 0; i < run->cells_count; i++) {
		const struct compared_cell *cell = &run->cells[i];

		fprintf(file,
			"%s{\"group\":0,\"role\":\"%s\",\"allocator\":\"%s\"",
			i > 0 ? "," : "", cell->role, cell->allocator);
		if (strcmp(cell->role, "planted") == 0)
			fputs(",\"planted_percent\":10", file);
		if (cell->mechanism != NULL)
			fprintf(file, ",\"mechanism\":%s", cell->mechanism);
		if (cell->skipped != NULL)
			fprintf(file, ",\"skipped\":\"%s\"", cell->skipped);
		fprintf(file, "}");
	}
	fprintf(file, "]},\"counters\":[],\"machine\":{%s}}\n", run->machine);
}

static inline void compared_write_sample(FILE *file,
					 const struct compared_run *run,
					 unsigned int round, unsigned int cell,
					 struct random *random)
{
	const struct compared_cell *of = &run->cells[cell];
	double wall_ns =
		of->wall_ms * 1e6 * random_lognormal(random, 1, run->noise);
	bool valid =
		!run->invalid || cell + 1 < run->cells_count || round % 2 == 0;

	fprintf(file,
		"{\"type\":\"sample\",\"sequence\":%u,\"round\":%u,\"pass\":"
		"\"timing\",\"cell\":%u,\"outcome\":\"ok\",\"stage\":\"done\","
		"\"valid\":%s,\"time\":{\"wall_ns\":%.0f,\"cpu_ns\":%.0f},"
		"\"outcomes\":{\"slack\":0,\"in_place\":0,\"moved\":%u,"
		"\"copied\":%u,\"failed\":0},\"requests\":12,\"digest\":\"%s\","
		"\"faults\":{\"minor\":%llu,\"major\":0},\"map\":{\"final\":{"
		"\"mappings\":-1,\"holes\":3,\"hole_bytes\":%llu}}}\n",
		100 * round + cell, round, cell, valid ? "true" : "false",
		wall_ns, wall_ns * run->cpu_share, of->moved, 10 - of->moved,
		valid ? run->digest : "0",
		run->faults + (unsigned long long)random_below(
				      random, run->faults_spread + 1),
		4096 * (unsigned long long)random_below(random, 64));
}

/* Makes the file; folder has to be there. */
static inline void compared_write(const char *path,
				  const struct compared_run *run)
{
	struct random random = {run->first_random};
	FILE *file = fopen(path, "we");

	if (file == NULL)
		abort();
	compared_write_run(file, run);
	if (run->calibration != NULL)
		fputs(run->calibration, file);
	for (unsigned int round = 0; round < run->rounds; round++)
		for (unsigned int i = 0; i < run->cells_count; i++)
			if (run->cells[i].skipped == NULL)
				compared_write_sample(file, run, round, i,
						      &random);
	if (run->end != NULL)
		fputs(run->end, file);
	if (fclose(file) != 0)
		abort();
}

/* So many runs in a folder, each with random numbers of its own. */
static inline void compared_write_folder(const char *folder,
					 const struct compared_run *run,
					 unsigned int count)
{
	struct compared_run one = *run;
	char path[512];

	if (mkdir(folder, 0755) != 0)
		abort();
	for (unsigned int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%02u.jsonl", folder, i);
		one.first_random = run->first_random + 100 * i;
		compared_write(path, &one);
	}
}

#endif
