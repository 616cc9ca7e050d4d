/* test_plan_make - the plan of what was asked for, with fake calibrations. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define REGROW_BUILT_IN
#include <regrow/allocator.h>
#include <regrow/workload.h>

#include "common/registry.h"
#include "driver/plan_make.h"
#include "driver/thp.h"
#include "tests/failing_fork.h"
#include "tests/idle_hooks.h"
#include "tests/scratch.h"

/* wrap: registry_reference registry_floor fork */

#define MIB ((uint64_t)1 << 20)
#define SECOND 1000000000u

static int probe_with_reason(const struct option_value *options, char *why,
			     size_t why_size)
{
	(void)options;
	snprintf(why, why_size, "UFFDIO_MOVE is not in this kernel");
	return -ENOSYS;
}

static int probe_without_reason(const struct option_value *options, char *why,
				size_t why_size)
{
	(void)options;
	(void)why;
	(void)why_size;
	return -EPERM;
}

static const struct option_entry move_options[] = {
	{"threshold", OPTION_SIZE, "0", NULL, "below it copies"},
	{0},
};
static const struct option_entry over_options[] = {
	{"over", OPTION_ALLOCATOR, "tcopy", NULL, "what is asked"},
	{0},
};

/* REGISTER is good for one in a file. */
#define ENLIST(kind, identifier)                                               \
	static const struct kind *const enlisted_##identifier                  \
		__attribute__((used, REGISTER_RETAIN section(#kind "s"))) =    \
			&(identifier)

#define FAKE_ALLOCATOR(identifier, ...)                                        \
	static const struct allocator identifier = {                           \
		.contract_version = ALLOCATOR_CONTRACT_VERSION,                \
		.name = #identifier,                                           \
		.summary = "a test's",                                         \
		.alloc = idle_alloc,                                           \
		.grow = idle_grow,                                             \
		.release = idle_release,                                       \
		__VA_ARGS__};                                                  \
	ENLIST(allocator, identifier)

FAKE_ALLOCATOR(tcopy, .options = NULL);
FAKE_ALLOCATOR(tfloor, .options = NULL);
FAKE_ALLOCATOR(tmove, .options = move_options);
FAKE_ALLOCATOR(twrap, .options = over_options);
FAKE_ALLOCATOR(tnever, .probe = probe_with_reason);
FAKE_ALLOCATOR(tsilent, .probe = probe_without_reason);

const struct allocator *__wrap_registry_reference(void);
const struct allocator *__wrap_registry_floor(void);
static const struct allocator *reference = &tcopy;
static const struct allocator *floor_allocator = &tfloor;

const struct allocator *__wrap_registry_reference(void)
{
	return reference;
}

const struct allocator *__wrap_registry_floor(void)
{
	return floor_allocator;
}

enum { GROW_FACTOR, GROW_SCALE, GROW_LAST, GROW_THREADS };
static const struct option_entry grow_options[] = {
	[GROW_FACTOR] = {"factor", OPTION_TEXT, "2", NULL, "rule"},
	[GROW_SCALE] = {"scale", OPTION_CHOICE, "S", "S|M|L", "work"},
	[GROW_LAST] = {"last", OPTION_SIZE, "0", NULL, "final size"},
	[GROW_THREADS] = {"threads", OPTION_CHOICE, "1", "1|2", "threads"},
	{0},
};
static const struct option_entry plain_options[] = {
	{"size", OPTION_SIZE, "16M", NULL, "what is taken"},
	{0},
};
static const struct option_entry trace_options[] = {
	{"trace", OPTION_TEXT, "", NULL, "a file"},
	{0},
};

/* S, M and L: 64, 512 and 4096 MiB, and twice that while copying. */
static void grow_estimate(const struct option_value *options, uint64_t seed,
			  struct estimate *estimate)
{
	uint64_t bytes = 64 * MIB << (3 * options[GROW_SCALE].number);

	(void)seed;
	if (options[GROW_LAST].number > 0)
		bytes = options[GROW_LAST].number;
	estimate->threads = 1;
	estimate->growths = 10;
	estimate->block_bytes_max = bytes;
	estimate->live_bytes_max = bytes;
	estimate->resident_bytes_max = 2 * bytes;
	estimate->touched_bytes = bytes;
}

static void plain_estimate(const struct option_value *options, uint64_t seed,
			   struct estimate *estimate)
{
	(void)seed;
	estimate->resident_bytes_max = options[0].number;
	estimate->touched_bytes = options[0].number;
}

static void crowd_estimate(const struct option_value *options, uint64_t seed,
			   struct estimate *estimate)
{
	plain_estimate(options, seed, estimate);
	estimate->threads = 2;
}

static int trace_check(const struct option_value *options, char *why,
		       size_t why_size)
{
	if (options[0].text[0] != '\0')
		return 0;
	snprintf(why, why_size, "trace= names no file");
	return -EINVAL;
}

static int fake_run(struct worker *worker)
{
	(void)worker;
	return 0;
}

#define FAKE_WORKLOAD(identifier, ...)                                         \
	static const struct workload identifier = {                            \
		.contract_version = WORKLOAD_CONTRACT_VERSION,                 \
		.name = #identifier,                                           \
		.summary = "a test's",                                         \
		.run = fake_run,                                               \
		__VA_ARGS__};                                                  \
	ENLIST(workload, identifier)

FAKE_WORKLOAD(tgrow, .options = grow_options, .estimate = grow_estimate);
FAKE_WORKLOAD(tplain, .options = plain_options, .estimate = plain_estimate);
FAKE_WORKLOAD(tcrowd, .options = plain_options, .estimate = crowd_estimate);
FAKE_WORKLOAD(ttrace, .options = trace_options, .estimate = plain_estimate,
	      .check = trace_check);

/* context: nanoseconds a touched MiB takes. */
static uint64_t fake_sample_ns(const struct estimate *estimate, void *context)
{
	return estimate->touched_bytes / MIB * *(const uint64_t *)context;
}

static struct plan plan;
static char why[512];
static uint64_t mib_ns;

/* 1 ms a MiB: S takes 64 ms, M 512 ms, L 4.1 s. */
static struct plan_request ask(const char *allocators, const char *workloads)
{
	struct plan_request request = {
		.allocators = allocators,
		.workloads = workloads,
		.thp_folder = "/nonexistent",
		.seed = 1,
		.budget_ns = 60ull * SECOND,
		.memory_limit_bytes = 65536 * MIB,
		.sample_ns = fake_sample_ns,
		.context = &mib_ns,
	};

	mib_ns = 1000000;
	return request;
}

static int make(const struct plan_request *request)
{
	why[0] = '\0';
	return plan_make(request, &plan, why, sizeof(why));
}

static void assert_cell(unsigned int cell, enum cell_role role,
			const char *allocator)
{
	assert_int_equal(plan.cells[cell].role, role);
	assert_string_equal(plan.cells[cell].allocator, allocator);
}

static void refused(const struct plan_request *request, int error,
		    const char *part)
{
	assert_int_equal(make(request), error);
	if (!strstr(why, part))
		fail_msg("'%s' does not say '%s'", why, part);
}

static void a_group_is_reference_twin_planted_floor_and_the_rows(void **state)
{
	struct plan_request request = ask("tmove,twrap", "tplain");

	(void)state;
	assert_int_equal(make(&request), 0);
	assert_string_equal(why, "");
	assert_int_equal(plan.groups_count, 1);
	assert_int_equal(plan.cells_count, 7);
	assert_cell(0, ROLE_REFERENCE, "tcopy");
	assert_cell(1, ROLE_TWIN, "tcopy");
	assert_cell(2, ROLE_PLANTED, "tcopy");
	assert_int_equal(plan.cells[2].planted_percent, 5);
	assert_cell(3, ROLE_PLANTED, "tcopy");
	assert_int_equal(plan.cells[3].planted_percent, 10);
	assert_cell(4, ROLE_FLOOR, "tfloor");
	assert_cell(5, ROLE_ROW, "tmove");
	assert_int_equal(plan.cells[5].planted_percent, 0);
	assert_cell(6, ROLE_ROW, "twrap");
	assert_string_equal(plan.groups[0].workload, "tplain");
	assert_int_equal(plan.groups[0].thp, THP_NEVER);
	assert_int_equal(plan.groups[0].sample_ns, 16000000);
	assert_int_equal(plan.groups[0].estimate.threads, 1);
	assert_int_equal(plan.repeat, 1);
}

static void each_allocator_is_there_once_by_its_canonical_spelling(void **state)
{
	struct plan_request request =
		ask("tmove:threshold=0,tcopy,tmove,tmove:threshold=1M,"
		    "tmove:threshold=1024K,tfloor,twrap:over=tcopy,twrap",
		    "tplain");

	(void)state;
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.cells_count, 8);
	assert_cell(5, ROLE_ROW, "tmove");
	assert_cell(6, ROLE_ROW, "tmove:threshold=1M");
	assert_cell(7, ROLE_ROW, "twrap");
}

static void the_reference_can_be_named(void **state)
{
	struct plan_request request = ask("tcopy,tmove", "tplain");

	(void)state;
	request.reference = "tmove";
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.cells_count, 6);
	assert_cell(0, ROLE_REFERENCE, "tmove");
	assert_cell(1, ROLE_TWIN, "tmove");
	assert_cell(2, ROLE_PLANTED, "tmove");
	assert_cell(5, ROLE_ROW, "tcopy");
}

static void the_floor_as_reference_is_not_a_floor_too(void **state)
{
	struct plan_request request = ask("tmove", "tplain");

	(void)state;
	request.reference = "tfloor";
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.cells_count, 5);
	assert_cell(0, ROLE_REFERENCE, "tfloor");
	assert_cell(4, ROLE_ROW, "tmove");
}

static void without_allocators_the_reference_runs_alone(void **state)
{
	struct plan_request request = ask(NULL, "tplain");

	(void)state;
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.cells_count, 5);
}

static void what_takes_several_cpus_is_measured_where_it_is_named(void **state)
{
	struct plan_request request = ask("tmove", NULL);

	(void)state;
	assert_int_equal(make(&request), 0);
	assert_true(plan.groups_count > 0);
	for (unsigned int i = 0; i < plan.groups_count; i++)
		assert_int_equal(plan.groups[i].estimate.threads, 1);
	request = ask("tmove", "tcrowd");
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups[0].estimate.threads, 2);
}

static void without_a_reference_one_is_asked_for(void **state)
{
	struct plan_request request = ask("tmove", "tplain");

	(void)state;
	reference = NULL;
	refused(&request, -ENOENT, "--reference");
	reference = &tcopy;
}

static void what_probe_refuses_is_skipped_for_its_reason(void **state)
{
	struct plan_request request =
		ask("tnever,tsilent,twrap:over=tnever,tmove", "tplain");

	(void)state;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.cells[5].skipped,
			    "UFFDIO_MOVE is not in this kernel");
	assert_string_equal(plan.cells[6].skipped, strerror(EPERM));
	assert_string_equal(plan.cells[7].skipped,
			    "tnever: UFFDIO_MOVE is not in this kernel");
	assert_string_equal(plan.cells[8].skipped, "");
}

static void a_reference_that_cannot_run_is_refused(void **state)
{
	struct plan_request request = ask("tmove", "tplain");

	(void)state;
	request.reference = "tnever";
	refused(&request, -ENOTSUP,
		"'tnever' cannot run here: UFFDIO_MOVE is not in this kernel");
}

static void sets_make_the_product_of_their_values(void **state)
{
	const char *sets[] = {"tgrow.factor=2,1.5,[a:b]", "tplain.size=1M,2M",
			      "tgrow.threads=1,2"};
	const char *expected[] = {
		"tgrow:scale=S",
		"tgrow:scale=S:threads=2",
		"tgrow:factor=1.5:scale=S",
		"tgrow:factor=1.5:scale=S:threads=2",
		"tgrow:factor=[a:b]:scale=S",
		"tgrow:factor=[a:b]:scale=S:threads=2",
		"tplain:size=1M",
		"tplain:size=2M",
	};
	struct plan_request request = ask("tmove", "tgrow,tplain");
	unsigned int i;

	(void)state;
	request.sets = sets;
	request.sets_count = 3;
	request.budget_ns = SECOND;
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups_count, 8);
	for (i = 0; i < 8; i++) {
		assert_string_equal(plan.groups[i].workload, expected[i]);
		assert_int_equal(plan.groups[i].first, 6 * i);
		assert_int_equal(plan.groups[i].count, 6);
		assert_int_equal(plan.cells[6 * i + 5].group, i);
	}
}

static void options_in_the_spelling_join_those_that_are_set(void **state)
{
	const char *sets[] = {"tgrow.threads=2"};
	struct plan_request request = ask("tmove", "tgrow:factor=1.5:scale=M");

	(void)state;
	request.sets = sets;
	request.sets_count = 1;
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups_count, 1);
	assert_string_equal(plan.groups[0].workload,
			    "tgrow:factor=1.5:scale=M:threads=2");
}

static void wrong_names_get_the_nearest_right_one(void **state)
{
	const char *sets[] = {"tgrw.factor=2"};
	struct plan_request request = ask("tmov", "tplain");

	(void)state;
	refused(&request, -ENOENT, "did you mean 'tmove'?");
	request = ask("tmove", "tplian");
	refused(&request, -ENOENT, "did you mean 'tplain'?");
	request = ask("tmove:treshold=1", "tplain");
	refused(&request, -EINVAL, "did you mean 'threshold'?");
	request = ask("tmove", "tgrow");
	request.sets = sets;
	request.sets_count = 1;
	refused(&request, -ENOENT, "did you mean 'tgrow'?");
	sets[0] = "tgrow.factr=2";
	refused(&request, -EINVAL, "did you mean 'factor'?");
	request.sets_count = 0;
	request.thp = "never,madvice";
	refused(&request, -EINVAL, "did you mean 'madvise'?");
	request.thp = "huge";
	refused(&request, -EINVAL, "never, madvise or always");
	request.thp = NULL;
	request.layout = "standard,legcy";
	refused(&request, -EINVAL,
		"unknown layout 'legcy': did you mean 'legacy'?");
	request.layout = "upward";
	refused(&request, -EINVAL, "it is standard or legacy");
}

static void malformed_lists_and_sets_are_refused(void **state)
{
	static const char *const wrong[] = {
		"tgrow",	"tgrow.factor",	 "tgrow=2",
		".factor=2",	"tgrow.=2",	 "tgrow.last=",
		"tgrow.last=,", "tgrow.last=[1", "tgrow.last=x",
	};
	struct plan_request request = ask("", "tgrow");
	const char *sets[2];
	size_t i;

	(void)state;
	refused(&request, -EINVAL, "list of allocators");
	request.allocators = "tmove,,tcopy";
	refused(&request, -EINVAL, "list of allocators");
	request = ask("tmove", "");
	refused(&request, -EINVAL, "list of workloads");
	request = ask("tmove", "tgrow");
	request.thp = "";
	refused(&request, -EINVAL, "list of THP modes");
	request.thp = NULL;
	request.layout = "legacy,";
	refused(&request, -EINVAL, "list of layouts");
	request.layout = NULL;
	request.sets = sets;
	request.sets_count = 1;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		sets[0] = wrong[i];
		assert_int_equal(make(&request), -EINVAL);
		assert_string_not_equal(why, "");
	}
	sets[0] = "tplain.size=1M";
	refused(&request, -ENOENT, "not among the workloads measured");
	request.sets_count = 2;
	sets[0] = "tgrow.factor=2";
	sets[1] = "tgrow.factor=1.5";
	refused(&request, -EINVAL, "set twice");
	request.sets_count = 1;
	request.workloads = "tgrow:factor=2";
	refused(&request, -EINVAL, "given twice");
}

static void too_many_groups_or_allocators_are_refused(void **state)
{
	char values[2048] = "tgrow.last=1M", rows[2048] = "tmove";
	const char *sets[] = {values};
	struct plan_request request = ask("tmove", "tgrow");
	unsigned int i;

	(void)state;
	request.sets = sets;
	request.sets_count = 1;
	for (i = 2; i <= PLAN_GROUPS_MAX; i++)
		snprintf(values + strlen(values), 8, ",%uM", i);
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups_count, PLAN_GROUPS_MAX);
	request.allocators = "tmove,twrap,tmove:threshold=1,tmove:threshold=2";
	refused(&request, -E2BIG, "cells");
	request.allocators = NULL;
	snprintf(values + strlen(values), 8, ",1K");
	refused(&request, -E2BIG, "combinations");
	request = ask(rows, "tplain");
	for (i = 1; i < PLAN_GROUP_CELLS_MAX - 5; i++)
		snprintf(rows + strlen(rows), 32, ",tmove:threshold=%u", i);
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.cells_count, PLAN_GROUP_CELLS_MAX);
	snprintf(rows + strlen(rows), 32, ",twrap");
	refused(&request, -E2BIG, "allocators");
}

static void the_largest_scale_whose_rounds_fit_is_chosen(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	/* 14 rounds of 6 cells: S 5.4 s, M 43 s, L 344 s. */
	request.budget_ns = 345ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=L");
	request.budget_ns = 343ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	assert_int_equal(plan.groups[0].sample_ns, 512000000);
	assert_true(plan.groups[0].estimate.live_bytes_max == 512 * MIB);
	request.budget_ns = 42ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_string_equal(why, "");
}

static void more_rounds_asked_for_need_more_time(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.budget_ns = 44ull * SECOND;
	request.rounds = 2;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	request.rounds = 40;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_int_equal(plan.rounds, 40);
}

static void repeated_work_needs_few_rounds_and_plants_nothing(void **state)
{
	struct plan_request request = ask("tmove", "tgrow,tplain");
	unsigned int i;

	(void)state;
	request.repeat = 20;
	request.precision = 0.01;
	request.budget_ns = 11ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.repeat, 20);
	assert_true(plan.precision == 0);
	for (i = 0; i < plan.cells_count; i++)
		assert_int_not_equal(plan.cells[i].role, ROLE_PLANTED);
	assert_int_equal(plan.groups[0].count, 4);
	assert_int_equal(plan.groups[1].first, 4);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	request.repeat = 1;
	assert_int_equal(make(&request), 0);
	assert_true(plan.precision == 0.01);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
}

static void counting_has_no_floor_no_planted_rows_and_no_warning(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.counts = 3;
	request.precision = 0.01;
	request.budget_ns = 1; /* a wish: there are as many as asked for */
	assert_int_equal(make(&request), 0);
	assert_string_equal(why, "");
	assert_int_equal(plan.counts, 3);
	assert_true(plan.precision == 0);
	assert_int_equal(plan.groups[0].count, 3);
	for (unsigned int i = 0; i < plan.cells_count; i++) {
		assert_int_not_equal(plan.cells[i].role, ROLE_FLOOR);
		assert_int_not_equal(plan.cells[i].role, ROLE_PLANTED);
	}
	request.counts = 0;
	assert_int_equal(make(&request), 0);
	assert_true(plan.groups[0].count > 3);
}

static void skipped_cells_take_no_time(void **state)
{
	struct plan_request request = ask("tnever,tsilent", "tgrow");

	(void)state;
	/* 14 rounds of 5 cells at M: 36 s. */
	request.budget_ns = 36ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	assert_true(plan_round_ns(&plan) == 5 * 512e6);
}

static void a_budget_that_holds_no_12_rounds_is_a_warning(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.budget_ns = 2ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_non_null(strstr(why, "12 rounds"));
	assert_non_null(strstr(why, "5.38 s"));
	assert_non_null(strstr(why, "2.00 s"));
}

static void without_a_budget_or_a_calibration_the_scale_is_s(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.budget_ns = 0;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_string_equal(why, "");
	request = ask("tmove", "tgrow");
	request.sample_ns = NULL;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_int_equal(plan.groups[0].sample_ns, 0);
	assert_string_equal(why, "");
}

static void
groups_of_a_workload_get_one_scale_and_workloads_their_own(void **state)
{
	const char *sets[] = {"tgrow.factor=2,1.5"};
	struct plan_request request = ask("tmove", "tgrow,tplain");

	(void)state;
	request.sets = sets;
	request.sets_count = 1;
	/* Two groups at M: 14 * 6 * 2 * 0.512 s = 86 s; tplain 1.3 s. */
	request.budget_ns = 88ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	assert_string_equal(plan.groups[1].workload,
			    "tgrow:factor=1.5:scale=M");
	request.budget_ns = 80ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_string_equal(plan.groups[1].workload,
			    "tgrow:factor=1.5:scale=S");
}

static void a_scale_must_fit_four_fifths_of_the_memory(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.budget_ns = 3600ull * SECOND;
	/* M holds 1 GiB at copying's peak. */
	request.memory_limit_bytes = 1282 * MIB;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	request.memory_limit_bytes = 1278 * MIB;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	request.memory_limit_bytes = 0; /* not known */
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=L");
}

static void a_group_that_fits_no_memory_is_skipped_with_numbers(void **state)
{
	struct plan_request request = ask("tmove", "tgrow,tplain");
	unsigned int order[PLAN_CELLS_MAX];

	(void)state;
	request.memory_limit_bytes = 100 * MIB;
	assert_int_equal(make(&request), 0);
	assert_non_null(strstr(plan.groups[0].skipped, "128 MiB"));
	assert_non_null(strstr(plan.groups[0].skipped, "80.0 MiB"));
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=S");
	assert_string_equal(plan.groups[1].skipped, "");
	assert_int_equal(plan_order(&plan, 0, order), 6);
}

static void a_size_that_was_asked_for_and_does_not_fit_is_refused(void **state)
{
	const char *sets[] = {"tgrow.last=1G"};
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.memory_limit_bytes = 1024 * MIB;
	request.sets = sets;
	request.sets_count = 1;
	refused(&request, -ENOMEM, "2.00 GiB");
	sets[0] = "tgrow.scale=L";
	refused(&request, -ENOMEM, "8.00 GiB");
	request.sets_count = 0;
	request.workloads = "tplain:size=16T";
	refused(&request, -ENOMEM, "16.0 TiB");
}

static void a_scale_that_was_given_stays(void **state)
{
	const char *sets[] = {"tgrow.scale=L,S"};
	struct plan_request request = ask("tmove", "tgrow");

	(void)state;
	request.sets = sets;
	request.sets_count = 1;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=L");
	assert_string_equal(plan.groups[1].workload, "tgrow:scale=S");
	assert_non_null(strstr(why, "do not fit the budget of"));
	/* Rounds that were asked for are not weighed against the budget. */
	request.rounds = 3;
	assert_int_equal(make(&request), 0);
	assert_string_equal(why, "");
}

static void work_that_comes_out_twice_runs_once(void **state)
{
	struct plan_request request = ask("tmove", "tgrow,tgrow:scale=M");
	unsigned int order[PLAN_CELLS_MAX];

	(void)state;
	request.budget_ns = 90ull * SECOND;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].workload, "tgrow:scale=M");
	assert_string_equal(plan.groups[1].skipped, "the same as group 1");
	assert_int_equal(plan_order(&plan, 0, order), 6);
}

static void without_workloads_those_run_that_need_no_option(void **state)
{
	struct plan_request request = ask("tmove", NULL);
	bool grow = false, plain = false;
	unsigned int i;

	(void)state;
	assert_int_equal(make(&request), 0);
	for (i = 0; i < plan.groups_count; i++) {
		const char *workload = plan.groups[i].workload;

		assert_int_not_equal(strncmp(workload, "ttrace", 6), 0);
		assert_string_not_equal(workload, "null");
		grow |= strncmp(workload, "tgrow:", 6) == 0;
		plain |= strcmp(workload, "tplain") == 0;
	}
	assert_true(grow && plain);
}

/* A folder with an enabled file that says setting; thp_forget() removes it. */
static void thp_says(char *folder, const char *setting)
{
	scratch_open(folder);
	scratch_write(folder, "enabled", setting);
}

static void thp_own_says(const char *folder, const char *setting)
{
	scratch_write(folder, "hugepages-2048kB/enabled", setting);
}

static void thp_forget(const char *folder)
{
	scratch_close(folder);
}

static void thp_modes_run_only_where_the_system_is_in_them(void **state)
{
	struct plan_request request = ask("tmove", "tplain");
	char folder[SCRATCH_PATH_SIZE];

	(void)state;
	request.thp = "never,madvise,always,madvise";
	request.thp_folder = folder;
	thp_says(folder, "always [madvise] never\n");
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups_count, 3);
	assert_string_equal(plan.groups[0].skipped, "");
	assert_string_equal(plan.groups[1].skipped, "");
	assert_int_equal(plan.groups[2].thp, THP_ALWAYS);
	assert_non_null(strstr(plan.groups[2].skipped, "'madvise'"));
	assert_non_null(
		strstr(plan.groups[2].skipped, "echo always | sudo tee "));
	thp_forget(folder);
	thp_says(folder, "[always] madvise never\n");
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[1].skipped, "");
	assert_string_equal(plan.groups[2].skipped, "");
	thp_forget(folder);
	thp_says(folder, "always madvise [never]\n");
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].skipped, "");
	assert_non_null(strstr(plan.groups[1].skipped, "echo madvise"));
	thp_forget(folder);
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].skipped, "");
	assert_non_null(
		strstr(plan.groups[1].skipped, "no transparent huge pages"));
}

static void each_thp_mode_is_measured_in_each_layout(void **state)
{
	struct plan_request request = ask("tmove", "tplain");
	char folder[SCRATCH_PATH_SIZE];

	(void)state;
	request.thp = "madvise,never";
	request.layout = "legacy,standard,legacy";
	request.thp_folder = folder;
	thp_says(folder, "always [madvise] never\n");
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups_count, 4);
	for (unsigned int i = 0; i < 4; i++) {
		assert_string_equal(plan.groups[i].skipped, "");
		assert_int_equal(plan.groups[i].thp,
				 i < 2 ? THP_MADVISE : THP_NEVER);
		assert_int_equal(plan.groups[i].layout,
				 i % 2 ? LAYOUT_STANDARD : LAYOUT_LEGACY);
	}
	thp_forget(folder);
	request.thp = NULL;
	request.layout = NULL;
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan.groups[0].layout, LAYOUT_STANDARD);
}

static void a_layout_that_the_system_forbids_is_skipped(void **state)
{
	struct plan_request request = ask("tmove", "tplain");
	char folder[SCRATCH_PATH_SIZE], setting[128];

	(void)state;
	scratch_open(folder);
	scratch_write(folder, "legacy_va_layout", "1\n");
	snprintf(setting, sizeof(setting), "%s/legacy_va_layout", folder);
	request.layout = "standard,legacy";
	request.layout_setting = setting;
	assert_int_equal(make(&request), 0);
	assert_non_null(strstr(plan.groups[0].skipped, "echo 0 | sudo tee"));
	assert_string_equal(plan.groups[1].skipped, "");
	scratch_close(folder);
}

static void a_layout_that_cannot_be_tried_makes_no_plan(void **state)
{
	struct plan_request request = ask("tmove", "tplain");

	(void)state;
	failing_fork_error = EAGAIN;
	refused(&request, -EAGAIN, "no process can be started");
	failing_fork_error = 0;
	assert_int_equal(make(&request), 0);
	assert_string_equal(plan.groups[0].skipped, "");
}

static void an_empty_plan_has_a_reason(void **state)
{
	struct plan_request request = ask("tmove", "tplain");
	unsigned int order[PLAN_CELLS_MAX];
	char folder[SCRATCH_PATH_SIZE];

	(void)state;
	thp_says(folder, "always madvise [never]\n");
	request.thp = "madvise,never";
	request.thp_folder = folder;
	assert_int_equal(make(&request), 0);
	assert_int_not_equal(plan_order(&plan, 0, order), 0);
	request.thp = "madvise,always";
	assert_int_equal(make(&request), 0);
	assert_int_equal(plan_order(&plan, 0, order), 0);
	assert_non_null(strstr(plan_why_empty(&plan), "THP is 'never'"));
	scratch_close(folder);
}

static void the_setting_of_2_mib_pages_counts_unless_it_inherits(void **state)
{
	char folder[SCRATCH_PATH_SIZE];

	(void)state;
	thp_says(folder, "[always] madvise never\n");
	thp_own_says(folder, "always inherit madvise [never]\n");
	assert_int_equal(thp_mode_usable(THP_ALWAYS, folder, why, sizeof(why)),
			 -ENOTSUP);
	assert_non_null(strstr(why, "hugepages-2048kB/enabled"));
	thp_forget(folder);
	thp_says(folder, "[always] madvise never\n");
	thp_own_says(folder, "always [inherit] madvise never\n");
	assert_int_equal(thp_mode_usable(THP_ALWAYS, folder, why, sizeof(why)),
			 0);
	thp_forget(folder);
}

static void a_dry_run_shows_cells_orders_memory_time_and_rounds(void **state)
{
	static const char *const expected[] = {
		"plan: 2 groups, 14 cells, 12 of them run; seed 1\n",
		"group 1: tgrow:scale=M, THP never\n",
		"  512 MiB live, at most 1.00 GiB resident, 10 growths,",
		" growths, 1 thread, about 512 ms a sample\n",
		"    1  reference  tcopy\n",
		"    3  planted    tcopy +5 %\n",
		"    4  planted    tcopy +10 %\n",
		"    5  floor      tfloor\n",
		"    7  row        tnever\n",
		"skipped: UFFDIO_MOVE is not in this kernel\n",
		"group 2: tplain, THP never\n",
		"  round 1: ",
		"  round 3: ",
		" | ",
		"memory: at most 1.00 GiB at once\n",
		"time: a round takes about 3.17 s; 16 fit the budget of 60.0 s",
	};
	struct plan_request request = ask("tmove,tnever", "tgrow,tplain");
	char *text = NULL;
	size_t size, i;
	FILE *stream;

	(void)state;
	assert_int_equal(make(&request), 0);
	stream = open_memstream(&text, &size);
	assert_non_null(stream);
	plan_describe(&plan, stream);
	fclose(stream);
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (!strstr(text, expected[i]))
			fail_msg("'%s' is missing in:\n%s", expected[i], text);
	free(text);
}

static void a_dry_run_of_nothing_that_runs_says_why(void **state)
{
	struct plan_request request = ask("tmove", "tgrow");
	char *text = NULL;
	FILE *stream;
	size_t size;

	(void)state;
	request.memory_limit_bytes = MIB;
	request.sample_ns = NULL;
	assert_int_equal(make(&request), 0);
	stream = open_memstream(&text, &size);
	assert_non_null(stream);
	plan_describe(&plan, stream);
	fclose(stream);
	assert_non_null(strstr(text, "0 of them run"));
	assert_non_null(strstr(text, "skipped: needs 128 MiB of memory"));
	assert_non_null(strstr(text, "time: not known"));
	assert_null(strstr(text, "order of"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_group_is_reference_twin_planted_floor_and_the_rows),
		cmocka_unit_test(
			each_allocator_is_there_once_by_its_canonical_spelling),
		cmocka_unit_test(the_reference_can_be_named),
		cmocka_unit_test(the_floor_as_reference_is_not_a_floor_too),
		cmocka_unit_test(without_allocators_the_reference_runs_alone),
		cmocka_unit_test(
			what_takes_several_cpus_is_measured_where_it_is_named),
		cmocka_unit_test(without_a_reference_one_is_asked_for),
		cmocka_unit_test(what_probe_refuses_is_skipped_for_its_reason),
		cmocka_unit_test(a_reference_that_cannot_run_is_refused),
		cmocka_unit_test(sets_make_the_product_of_their_values),
		cmocka_unit_test(
			options_in_the_spelling_join_those_that_are_set),
		cmocka_unit_test(wrong_names_get_the_nearest_right_one),
		cmocka_unit_test(malformed_lists_and_sets_are_refused),
		cmocka_unit_test(too_many_groups_or_allocators_are_refused),
		cmocka_unit_test(the_largest_scale_whose_rounds_fit_is_chosen),
		cmocka_unit_test(more_rounds_asked_for_need_more_time),
		cmocka_unit_test(
			repeated_work_needs_few_rounds_and_plants_nothing),
		cmocka_unit_test(
			counting_has_no_floor_no_planted_rows_and_no_warning),
		cmocka_unit_test(skipped_cells_take_no_time),
		cmocka_unit_test(a_budget_that_holds_no_12_rounds_is_a_warning),
		cmocka_unit_test(
			without_a_budget_or_a_calibration_the_scale_is_s),
		cmocka_unit_test(
			groups_of_a_workload_get_one_scale_and_workloads_their_own),
		cmocka_unit_test(a_scale_must_fit_four_fifths_of_the_memory),
		cmocka_unit_test(
			a_group_that_fits_no_memory_is_skipped_with_numbers),
		cmocka_unit_test(
			a_size_that_was_asked_for_and_does_not_fit_is_refused),
		cmocka_unit_test(a_scale_that_was_given_stays),
		cmocka_unit_test(work_that_comes_out_twice_runs_once),
		cmocka_unit_test(
			without_workloads_those_run_that_need_no_option),
		cmocka_unit_test(
			thp_modes_run_only_where_the_system_is_in_them),
		cmocka_unit_test(each_thp_mode_is_measured_in_each_layout),
		cmocka_unit_test(a_layout_that_the_system_forbids_is_skipped),
		cmocka_unit_test(a_layout_that_cannot_be_tried_makes_no_plan),
		cmocka_unit_test(an_empty_plan_has_a_reason),
		cmocka_unit_test(
			the_setting_of_2_mib_pages_counts_unless_it_inherits),
		cmocka_unit_test(
			a_dry_run_shows_cells_orders_memory_time_and_rounds),
		cmocka_unit_test(a_dry_run_of_nothing_that_runs_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
