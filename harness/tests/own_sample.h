/*
 * own_sample - samples whose binary is the test's own program: main() begins with
 * own_is_sample(), and own_open() and own_close() are the group's.
 *
 * Include in one file of a test.
 */
#ifndef REGROW_TESTS_OWN_SAMPLE_H
#define REGROW_TESTS_OWN_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver/spawn.h"
#include "sample/process.h"

#define OWN_TIMEOUT_NS 60000000000u

static struct spawner own_spawner;
static struct spawn_result own_result;

static inline bool own_is_sample(int argc, char **argv)
{
	return argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0;
}

static inline int own_open(void **state)
{
	(void)state;
	return spawner_open(&own_spawner);
}

static inline int own_close(void **state)
{
	(void)state;
	spawner_close(&own_spawner);
	return 0;
}

/* A request of one thread in the checking pass, to be changed. */
__attribute__((format(printf, 2, 3))) static inline struct sample_request *
own_request(const char *allocator, const char *workload, ...)
{
	struct sample_request *request = &own_spawner.exchange->request;
	va_list arguments;

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), "%s",
		 allocator);
	va_start(arguments, workload);
	vsnprintf(request->workload, sizeof(request->workload), workload,
		  arguments);
	va_end(arguments);
	request->seed = 1;
	request->pass = PASS_CHECKING;
	request->threads = 1;
	request->block_bytes_max = 1 << 22;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	return request;
}

/* The sample asked for, however it ends: own_result says how. */
static inline const struct sample_answer *own_spawn(void)
{
	struct spawn_setting setting = {.timeout_ns = OWN_TIMEOUT_NS};

	assert_int_equal(spawn_sample(&own_spawner, &setting, &own_result), 0);
	return &own_spawner.exchange->answer;
}

/* One that ends well, with all its contents right. */
static inline const struct sample_answer *own_sample(void)
{
	const struct sample_answer *answer = own_spawn();

	if (own_result.outcome != SAMPLE_OK)
		fail_msg("%s with %s: %s",
			 own_spawner.exchange->request.allocator,
			 own_spawner.exchange->request.workload,
			 own_result.reason);
	assert_int_equal(answer->words_wrong, 0);
	assert_int_equal(answer->contradictions, 0);
	return answer;
}

static inline uint64_t own_figure(const struct sample_answer *answer,
				  const char *name)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++)
		if (strcmp(answer->figures[i].name, name) == 0)
			return answer->figures[i].value;
	fail_msg("no figure %s", name);
	return 0;
}

/* How many of them were timed. */
static inline uint64_t own_counted(const struct sample_answer *answer,
				   enum operation operation)
{
	return answer->operations[operation].histogram.count;
}

#endif
