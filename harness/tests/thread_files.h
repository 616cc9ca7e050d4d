/*
 * thread_files - results files of regrow thread, made up line by line, and what
 * its claims come to from them.
 *
 * Include in one file of a test.
 */
#ifndef REGROW_TESTS_THREAD_FILES_H
#define REGROW_TESTS_THREAD_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/command_thread.h"
#include "driver/names.h"
#include "tests/scratch.h"

#define MADE_GROUPS_MAX 80
#define MADE_CELLS_MAX 12
#define MADE_FILES_MAX 32

/* One group; all have the same cells, the first of which is the reference. */
struct made_group {
	char workload[128];
	const char *thp; /* NULL: never */
};

struct made_cell {
	const char *allocator;
	enum cell_role role;
	unsigned int planted_percent;
};

/* Writes the members of a sample's line, beginning with a comma. */
typedef void made_sample(FILE *file, unsigned int group, unsigned int cell,
			 unsigned int round);

struct made_run {
	unsigned int groups_count;
	struct made_group groups[MADE_GROUPS_MAX];
	unsigned int cells_count;
	struct made_cell cells[MADE_CELLS_MAX];
	unsigned int rounds;
	enum pass pass;
	made_sample *sample;
	const char *clock_unit; /* NULL: ns */
};

static struct results made_results[MADE_FILES_MAX];
static const struct results_file *made_files[MADE_FILES_MAX];

static inline void made_head(FILE *file, const struct made_run *run)
{
	fprintf(file,
		"{\"type\":\"run\",\"format\":2,\"clock_unit\":\"%s\","
		"\"regrow\":\"v1\",\"plan\":{\"seed\":1,\"rounds\":0,"
		"\"groups\":[",
		run->clock_unit ? run->clock_unit : "ns");
	for (unsigned int i = 0; i < run->groups_count; i++)
		fprintf(file,
			"%s{\"workload\":\"%s\",\"thp\":\"%s\",\"clock\":"
			"\"wall\",\"estimate\":{\"threads\":1}}",
			i ? "," : "", run->groups[i].workload,
			run->groups[i].thp ? run->groups[i].thp : "never");
	fputs("],\"cells\":[", file);
	for (unsigned int i = 0; i < run->groups_count; i++)
		for (unsigned int j = 0; j < run->cells_count; j++)
			fprintf(file,
				"%s{\"group\":%u,\"role\":\"%s\",\"allocator\":"
				"\"%s\",\"planted_percent\":%u}",
				i || j ? "," : "", i,
				role_names[run->cells[j].role],
				run->cells[j].allocator,
				run->cells[j].planted_percent);
	fputs("]},\"counters\":[],\"machine\":{}}\n", file);
}

/* The file of an experiment, from a run. */
static inline void made_file(const char *name, const struct made_run *run)
{
	char path[SCRATCH_PATH_SIZE], why[512];
	unsigned int place = 0, sequence = 0;
	FILE *file = fdopen(scratch_file(path), "w");

	assert_non_null(file);
	while (place < thread_experiments_count &&
	       strcmp(thread_experiments[place].name, name) != 0)
		place++;
	assert_true(place < thread_experiments_count);
	made_head(file, run);
	for (unsigned int round = 0; round < run->rounds; round++)
		for (unsigned int i = 0; i < run->groups_count; i++)
			for (unsigned int j = 0; j < run->cells_count; j++) {
				fprintf(file,
					"{\"type\":\"sample\",\"sequence\":%u,"
					"\"round\":%u,\"pass\":\"%s\",\"cell\":"
					"%u,\"outcome\":\"ok\",\"stage\":"
					"\"done\",\"valid\":true",
					sequence++, round,
					pass_names[run->pass],
					i * run->cells_count + j);
				run->sample(file, i, j, round);
				fputs("}\n", file);
			}
	assert_int_equal(fclose(file), 0);
	if (results_read(&made_results[place], path, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	made_files[place] = made_results[place].files[0];
	unlink(path);
}

/* What a claim comes to; made_report_free() frees it. */
static inline void made_report(const char *id, struct claim_report *report)
{
	unsigned int claim = 0;

	*report = (struct claim_report){.id = id};
	while (strcmp(thread_claims[claim].id, id) != 0)
		claim++;
	assert_int_equal(
		thread_judge(&thread_claims[claim], made_files, report), 0);
	assert_false(report->tables[0].failed || report->tables[1].failed);
}

static inline void made_report_free(struct claim_report *report)
{
	claim_table_free(&report->tables[0]);
	claim_table_free(&report->tables[1]);
	claim_chart_free(&report->chart);
}

static inline enum claim_verdict made_verdict(const char *id)
{
	struct claim_report report;

	made_report(id, &report);
	made_report_free(&report);
	return report.finding.verdict;
}

/* What the claim comes to, and that its finding says some words. */
static inline void assert_claim(const char *id, enum claim_verdict verdict,
				const char *says)
{
	struct claim_report report;

	made_report(id, &report);
	if (report.finding.verdict != verdict ||
	    !strstr(report.finding.text, says))
		fail_msg("%s %s: %s", id,
			 claim_verdict_names[report.finding.verdict],
			 report.finding.text);
	assert_true(report.tables[0].rows > 0);
	made_report_free(&report);
}

static inline int made_end(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < MADE_FILES_MAX; i++)
		results_free(&made_results[i]);
	memset(made_files, 0, sizeof(made_files));
	return 0;
}

#endif
