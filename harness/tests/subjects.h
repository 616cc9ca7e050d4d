/*
 * subjects - allocators and workloads that exist to be resolved by test_spec;
 * including this registers them as built in.
 */
#ifndef REGROW_TESTS_SUBJECTS_H
#define REGROW_TESTS_SUBJECTS_H

#include <errno.h>
#include <stdio.h>

#include <regrow/allocator.h>
#include <regrow/workload.h>

#include "tests/idle_hooks.h"

#define BUILT_IN(kind, object)                                                 \
	static const struct kind *const built_in_##object                      \
		__attribute__((used, REGISTER_RETAIN section(#kind "s"))) =    \
			&(object)

#define SUBJECT_ALLOCATOR                                                      \
	.contract_version = ALLOCATOR_CONTRACT_VERSION, .summary = "test",     \
	.alloc = idle_alloc, .grow = idle_grow, .release = idle_release

/* The places in test-options. */
enum { PLACE_MODE, PLACE_SIZE, PLACE_COUNT, PLACE_SHARE, PLACE_CONF };

static const struct option_entry every_kind[] = {
	{"mode", OPTION_CHOICE, "no", "no|write|map", ""},
	{"size", OPTION_SIZE, "4M", NULL, ""},
	{"count", OPTION_COUNT, "1", NULL, ""},
	{"share", OPTION_PERCENT, "100%", NULL, ""},
	{"conf", OPTION_TEXT, "a:b", NULL, ""},
	{0},
};

static const struct option_entry wrap_options[] = {
	{"over", OPTION_ALLOCATOR, "test-plain", NULL, ""},
	{"step", OPTION_CHOICE, "x2", "x2|quarter", ""},
	{0},
};

static const struct option_entry fancy_options[] = {
	{"over", OPTION_ALLOCATOR, "test-wrap:step=quarter", NULL, ""},
	{0},
};

static const struct option_entry loop_options[] = {
	{"over", OPTION_ALLOCATOR, "test-loop", NULL, ""},
	{0},
};

static const struct option_entry picky_options[] = {
	{"limit", OPTION_COUNT, "1", NULL, ""},
	{0},
};

static const struct option_entry wrong_options[] = {
	{"size", OPTION_SIZE, "many", NULL, ""},
	{0},
};

static const struct option_entry work_options[] = {
	{"scale", OPTION_CHOICE, "S", "S|M|L", ""},
	{"threads", OPTION_COUNT, "1", NULL, ""},
	{0},
};

static int picky_check(const struct option_value *options, char *why,
		       size_t why_size)
{
	if (options[0].number == 13)
		return -ERANGE;
	if (options[0].number > 0)
		return 0;
	snprintf(why, why_size, "a limit of 0 allows nothing");
	return -EINVAL;
}

static int work_check(const struct option_value *options, char *why,
		      size_t why_size)
{
	if (options[1].number > 0)
		return 0;
	snprintf(why, why_size, "no threads, no work");
	return -EINVAL;
}

static void work_estimate(const struct option_value *options, uint64_t seed,
			  struct estimate *estimate)
{
	(void)seed;
	estimate->threads = (unsigned int)options[1].number;
}

static int work_run(struct worker *worker)
{
	(void)worker;
	return 0;
}

static const struct allocator subject_plain = {
	.name = "test-plain",
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_options = {
	.name = "test-options",
	.options = every_kind,
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_wrap = {
	.name = "test-wrap",
	.options = wrap_options,
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_fancy = {
	.name = "test-fancy",
	.options = fancy_options,
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_loop = {
	.name = "test-loop",
	.options = loop_options,
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_picky = {
	.name = "test-picky",
	.options = picky_options,
	.check = picky_check,
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_wrong = {
	.name = "test-wrong",
	.options = wrong_options,
	SUBJECT_ALLOCATOR,
};
static const struct workload subject_scaled = {
	.contract_version = WORKLOAD_CONTRACT_VERSION,
	.name = "test-work",
	.summary = "test",
	.options = work_options,
	.check = work_check,
	.estimate = work_estimate,
	.run = work_run,
};

BUILT_IN(allocator, subject_plain);
BUILT_IN(allocator, subject_options);
BUILT_IN(allocator, subject_wrap);
BUILT_IN(allocator, subject_fancy);
BUILT_IN(allocator, subject_loop);
BUILT_IN(allocator, subject_picky);
BUILT_IN(allocator, subject_wrong);
BUILT_IN(workload, subject_scaled);

#endif
