/*
 * lab_files - results of the kernel lab made up: one operation of two cells, the
 * control and another, at each point of a sweep.
 */
#ifndef REGROW_TESTS_LAB_FILES_H
#define REGROW_TESTS_LAB_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "driver/kernels.h"
#include "tests/scratch.h"

#define LAB_POINTS_MAX 32

struct lab_file {
	const char *kernel; /* release */
	const char *version; /* of the package */
	const char *clock_unit;
	const char *binary;
	const char *cpu;
	const char *control; /* the workload of that name; NULL: another one */
	const char *thp; /* mode of the other workload */
	unsigned int seed;
	unsigned int points;
	double control_cost; /* instructions of a read */
	/* Instructions of a growth at each point; 0: it has no sample. */
	double growth[LAB_POINTS_MAX];
	int mappings; /* left behind */
	int by_pte; /* bytes that were moved so; -1: the file does not say */
	int exact; /* a figure of the workload's own */
	int refused; /* calls that gave EFAULT, in a growth */
	const char *skipped; /* why there are no growths; NULL: there are */
};

/* Each growth takes cost, and a bit more at each further point. */
static inline struct lab_file lab_usual(const char *kernel, double cost)
{
	struct lab_file file = {
		.kernel = kernel,
		.version = "",
		.clock_unit = "instructions",
		.binary = "0123456789abcdef",
		.cpu = "named",
		.control = "control:size=1M",
		.thp = "never",
		.seed = 1,
		.points = 16,
		.control_cost = 4000,
		.mappings = 3,
		.by_pte = -1,
		.exact = 1,
	};

	for (unsigned int i = 0; i < LAB_POINTS_MAX; i++)
		file.growth[i] = cost * (1 + 0.001 * i);
	return file;
}

static inline void lab_write_sample(FILE *file, const struct lab_file *lab,
				    const char *pass, unsigned int round,
				    unsigned int cell)
{
	double cost = cell == 0 ? lab->control_cost : lab->growth[round];
	char refused[32] = "", moves[64] = "";

	if (!(cost > 0) || (cell > 0 && lab->skipped))
		return;
	if (cell > 0 && lab->refused > 0)
		snprintf(refused, sizeof(refused), "\"EFAULT\":%d",
			 lab->refused);
	if (cell > 0 && lab->by_pte >= 0)
		snprintf(moves, sizeof(moves),
			 "\"moves\":{\"by_pte_bytes\":%d},", lab->by_pte);
	fprintf(file,
		"{\"type\":\"sample\",\"sequence\":%u,\"round\":%u,"
		"\"pass\":\"%s\",\"cell\":%u,\"outcome\":\"ok\","
		"\"stage\":\"done\",\"valid\":true,\"operations\":{\"%s\":{"
		"\"count\":2,\"failed\":0,\"sum_ns\":%.0f}},\"outcomes\":{"
		"\"slack\":0,\"in_place\":1,\"moved\":1,\"copied\":0,"
		"\"failed\":0},%s\"failed_calls\":{%s},\"map\":{\"final\":{\"mappings\":%d}},"
		"\"figures\":{\"exact\":%d}}\n",
		2 * round + cell, round, pass, cell,
		cell == 0 ? "reread" : "grow", 2 * cost, moves, refused,
		lab->mappings, lab->exact);
}

static inline void lab_write(const char *path, const struct lab_file *lab)
{
	FILE *file = fopen(path, "we");

	if (!file)
		abort();
	fprintf(file,
		"{\"type\":\"run\",\"format\":2,\"clock_unit\":\"%s\","
		"\"regrow\":\"v1\",\"binary\":\"%s\",\"plan\":{\"seed\":%u,"
		"\"repeat\":1,\"rounds\":%u,\"sweep\":%u,\"groups\":[{"
		"\"workload\":\"%s\",\"thp\":\"never\"%s},{\"workload\":"
		"\"vector-growth:last=1M\",\"thp\":\"%s\"}],\"cells\":[{"
		"\"group\":0,\"role\":\"reference\",\"allocator\":\"copy\"},"
		"{\"group\":1,\"role\":\"reference\",\"allocator\":\"copy\""
		"%s%s%s}]},\"counters\":[],\"lab\":{\"clock_unit\":\"%s\","
		"\"emulator\":\"QEMU\",\"emulator_version\":\"7.2\","
		"\"machine\":\"q35\",\"cpu\":\"%s\",\"accelerator\":"
		"\"tcg,icount\",\"kernel_version\":\"%s\"},\"machine\":{"
		"\"kernel\":\"%s\",\"kernel_arch\":\"x86_64\"}}\n",
		lab->clock_unit, lab->binary, lab->seed, lab->points,
		lab->points, lab->control ? lab->control : "vector-growth",
		lab->control ? ",\"is_control\":true" : "", lab->thp,
		lab->skipped ? ",\"skipped\":\"" : "",
		lab->skipped ? lab->skipped : "", lab->skipped ? "\"" : "",
		lab->clock_unit, lab->cpu, lab->version, lab->kernel);
	for (unsigned int i = 0; i < 2; i++)
		lab_write_sample(file, lab, "checking", 0, i);
	for (unsigned int i = 0; i < lab->points; i++)
		for (unsigned int j = 0; j < 2; j++)
			lab_write_sample(file, lab, "timing", i, j);
	fputs("{\"type\":\"end\",\"status\":\"done\"}\n", file);
	fclose(file);
}

/* Compares count files, 8 at most, in the folder root; kernels is made anew. */
static inline void lab_compare(const char *root, const struct lab_file *files,
			       unsigned int count, struct kernels *kernels)
{
	static char names[8][SCRATCH_PATH_SIZE + 16];
	const char *paths[8];
	char why[1024];

	for (unsigned int i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "%s/%u.jsonl", root, i);
		lab_write(names[i], &files[i]);
		paths[i] = names[i];
	}
	kernels_free(kernels);
	if (kernels_make(paths, count, 0, kernels, why, sizeof(why)) != 0)
		fail_msg("%s", why);
}

#endif
