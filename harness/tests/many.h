/*
 * many - results of many machines made up: one file a run, without noise, so
 * that what comes of them is exact.
 *
 * Include in one file of a test.
 */
#ifndef REGROW_TESTS_MANY_H
#define REGROW_TESTS_MANY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver/machines.h"
#include "tests/compared.h"

static char root[SCRATCH_PATH_SIZE];
static struct machines machines;
static struct machines_options options;
static char why[1024];
static unsigned int files_written;

static inline int many_setup(void **state)
{
	(void)state;
	scratch_open(root);
	memset(&options, 0, sizeof(options));
	files_written = 0;
	return 0;
}

static inline int many_teardown(void **state)
{
	(void)state;
	machines_free(&machines);
	scratch_close(root);
	return 0;
}

/* A run in which move takes move_ms, and copy 100 ms. */
static inline struct compared_run many_run(double move_ms)
{
	struct compared_run run = compared_usual(1);

	run.noise = 0;
	run.rounds = 3;
	run.cells[3].wall_ms = move_ms;
	return run;
}

/* What a run line says of its machine; "" for host: nothing. */
static inline const char *many_facts(const char *host, const char *kernel)
{
	static char text[1024];

	snprintf(text, sizeof(text),
		 "%s%s%s\"cpu_model\":\"A CPU\",\"cpus_online\":4,"
		 "\"memory_bytes\":8589934592,\"hypervisor\":\"kvm\","
		 "\"kernel_arch\":\"x86_64\",\"kernel\":\"%s\"",
		 host[0] ? "\"host\":\"" : "", host, host[0] ? "\"," : "",
		 kernel);
	return text;
}

/* Writes a file more; the run's own machine where host is NULL. */
static inline const char *many_write(struct compared_run *run, const char *host,
				     const char *kernel)
{
	static char path[SCRATCH_PATH_SIZE + 32];

	if (host != NULL)
		run->machine = many_facts(host, kernel);
	snprintf(path, sizeof(path), "%s/%04u.jsonl", root, files_written++);
	compared_write(path, run);
	return path;
}

/* So many runs of one machine, in which move takes so long. */
static inline void many_add(const char *host, const char *kernel,
			    double move_ms, unsigned int count)
{
	struct compared_run run = many_run(move_ms);

	for (unsigned int i = 0; i < count; i++)
		many_write(&run, host, kernel);
}

static inline int many_try(void)
{
	char *paths[] = {root};

	machines_free(&machines);
	return machines_make(paths, 1, &options, &machines, why, sizeof(why));
}

static inline void many_read(void)
{
	if (many_try() != 0)
		fail_msg("%s", why);
}

/* The place of a row of a block that is in the tables. */
static inline unsigned int many_row(const char *allocator, enum cell_role role)
{
	for (unsigned int i = 0; i < machines.rows_count; i++)
		if (!machines.blocks[machines.rows[i].block].apart &&
		    machines.rows[i].role == role &&
		    strcmp(machines.rows[i].allocator, allocator) == 0)
			return i;
	fail_msg("no row of %s", allocator);
	return 0;
}

static inline const struct machines_row *many_move(void)
{
	return &machines.rows[many_row("move", ROLE_ROW)];
}

static inline unsigned int many_apart(const char *reason)
{
	for (unsigned int i = 0; i < machines.apart_count; i++)
		if (strstr(machines.apart[i].reason, reason))
			return machines.apart[i].runs;
	return 0;
}

#endif
