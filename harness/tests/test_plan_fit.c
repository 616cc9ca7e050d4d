/* test_plan_fit - a plan from elsewhere: the same work here, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errno.h>

#include <cmocka.h>

#define REGROW_BUILT_IN
#include <regrow/allocator.h>

#include "driver/pilot.h"
#include "driver/plan_fit.h"
#include "tests/failing_fork.h"
#include "tests/idle_hooks.h"
#include "tests/scratch.h"

/* wrap: fork */

static int probe_in_vain(const struct option_value *options, char *why,
			 size_t why_size)
{
	(void)options;
	snprintf(why, why_size, "not in this kernel");
	return -ENOSYS;
}

static const struct allocator elsewhere = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "elsewhere",
	.summary = "runs on another kernel only",
	.probe = probe_in_vain,
	.alloc = idle_alloc,
	.grow = idle_grow,
	.release = idle_release,
};
REGISTER_ALLOCATOR(elsewhere);

static struct plan plan;
static struct plan_request request;
static char why[512];
static char folder[64];

static uint64_t half_a_second(const struct estimate *estimate, void *context)
{
	(void)estimate;
	(void)context;
	return 500000000;
}

static int start_afresh(void **state)
{
	struct plan_request made = {
		.allocators = "elsewhere,mremap-maymove",
		.workloads = "vector-growth",
		.thp = "never,always",
		.thp_folder = folder,
		.seed = 3,
		.rounds = 20,
		.budget_ns = 60000000000,
	};

	(void)state;
	scratch_open(folder);
	scratch_write(folder, "enabled", "always madvise [never]\n");
	if (plan_make(&made, &plan, why, sizeof(why)) != 0)
		return -1;
	request = (struct plan_request){
		.memory_limit_bytes = (uint64_t)1 << 40,
		.thp_folder = folder,
		.precision = -1,
		.sample_ns = half_a_second,
	};
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	scratch_close(folder);
	return 0;
}

static void fit(void)
{
	if (plan_fit(&request, &plan, why, sizeof(why)) != 0)
		fail_msg("%s", why);
}

static struct cell *cell_of(const char *allocator)
{
	unsigned int i = 0;

	while (i < plan.cells_count &&
	       strcmp(plan.cells[i].allocator, allocator) != 0)
		i++;
	assert_true(i < plan.cells_count);
	return &plan.cells[i];
}

static void work_seed_and_rounds_stay_as_they_are(void **state)
{
	struct plan before = plan;

	(void)state;
	fit();
	assert_int_equal(plan.seed, 3);
	assert_int_equal(plan.rounds, 20);
	assert_int_equal(plan.budget_ns, 60000000000);
	for (unsigned int i = 0; i < plan.groups_count; i++) {
		assert_string_equal(plan.groups[i].workload,
				    before.groups[i].workload);
		assert_memory_equal(&plan.groups[i].estimate,
				    &before.groups[i].estimate,
				    sizeof(struct estimate));
	}
}

static void times_are_predicted_for_this_machine(void **state)
{
	(void)state;
	assert_int_equal(plan.groups[0].sample_ns, 0);
	fit();
	assert_int_equal(plan.groups[0].sample_ns, 500000000);
}

static void what_cannot_run_is_judged_anew(void **state)
{
	(void)state;
	strcpy(cell_of("mremap-maymove")->skipped, "not in that kernel");
	cell_of("elsewhere")->skipped[0] = 0;
	strcpy(plan.groups[0].skipped, "THP was different");
	plan.groups[1].skipped[0] = 0;
	fit();
	assert_string_equal(cell_of("mremap-maymove")->skipped, "");
	assert_string_equal(cell_of("elsewhere")->skipped,
			    "not in this kernel");
	assert_string_equal(plan.groups[0].skipped, "");
	assert_non_null(strstr(plan.groups[1].skipped, "always"));
}

static void a_layout_that_is_forbidden_here_is_skipped(void **state)
{
	char setting[SCRATCH_PATH_SIZE + 32];

	(void)state;
	scratch_write(folder, "legacy_va_layout", "1\n");
	snprintf(setting, sizeof(setting), "%s/legacy_va_layout", folder);
	request.layout_setting = setting;
	fit();
	assert_non_null(strstr(plan.groups[0].skipped, "legacy layout"));
	plan.groups[0].layout = LAYOUT_LEGACY;
	fit();
	assert_string_equal(plan.groups[0].skipped, "");
}

static void a_layout_that_cannot_be_tried_skips_nothing(void **state)
{
	(void)state;
	failing_fork_error = EAGAIN;
	assert_int_equal(plan_fit(&request, &plan, why, sizeof(why)), -EAGAIN);
	failing_fork_error = 0;
	assert_non_null(strstr(why, "no process can be started"));
	assert_string_equal(plan.groups[0].skipped, "");
}

static void
work_that_does_not_fit_the_memory_is_skipped_and_not_shrunk(void **state)
{
	struct estimate before = plan.groups[0].estimate;

	(void)state;
	request.memory_limit_bytes = 1 << 20;
	fit();
	assert_non_null(strstr(plan.groups[0].skipped, "of memory"));
	assert_memory_equal(&plan.groups[0].estimate, &before, sizeof(before));
}

static void groups_of_equal_work_run_once(void **state)
{
	(void)state;
	plan.groups[1].thp = plan.groups[0].thp;
	plan.groups[1].layout = LAYOUT_LEGACY;
	fit();
	assert_string_equal(plan.groups[1].skipped, "");
	plan.groups[1].layout = plan.groups[0].layout;
	fit();
	assert_string_equal(plan.groups[1].skipped, "the same as group 1");
}

static void rounds_budget_and_precision_can_be_given_anew(void **state)
{
	(void)state;
	request.rounds = 33;
	fit();
	assert_int_equal(plan.rounds, 33);
	assert_int_equal(plan.budget_ns, 60000000000);
	request.rounds = 0;
	request.budget_ns = 1000000000;
	fit();
	assert_int_equal(plan.rounds, 0);
	assert_int_equal(plan.budget_ns, 1000000000);
	assert_non_null(strstr(why, "do not fit the budget of"));
	request.budget_ns = 0;
	request.precision = 0.25;
	fit();
	assert_int_equal(plan.budget_ns, 1000000000);
	assert_true(plan.precision == 0.25);
}

/* Clocks that differ cannot be compared, so the pilot is not made again. */
static void what_the_pilot_decided_stays_decided(void **state)
{
	struct group *group = &plan.groups[0];
	struct cell *planted = &plan.cells[group->first + 2];

	(void)state;
	assert_int_equal(planted->role, ROLE_PLANTED);
	fit();
	assert_true(pilot_wanted(group));
	group->clock = CLOCK_CPU;
	strcpy(group->clock_why, "the pilot said so");
	strcpy(planted->skipped, "nothing grows");
	planted[1].planted_iterations = 99;
	strcpy(planted[1].skipped, "another reason");
	fit();
	assert_false(pilot_wanted(group));
	assert_int_equal(group->clock, CLOCK_CPU);
	assert_string_equal(planted->skipped, "nothing grows");
	assert_int_equal(planted[1].planted_iterations, 99);
	assert_string_equal(planted[1].skipped, "");
}

static void other_work_under_the_same_name_is_refused(void **state)
{
	(void)state;
	plan.groups[0].estimate.growths++;
	assert_int_equal(plan_fit(&request, &plan, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "other work"));
	assert_non_null(strstr(why, "growths"));
	plan.groups[0].estimate.growths--;
	plan.groups[1].estimate.threads++;
	assert_int_equal(plan_fit_work(&plan, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "threads"));
	plan.groups[1].estimate.threads--;
	/* Whole pages: another page size counts other bytes. */
	plan.groups[0].estimate.touched_bytes += 65536;
	assert_int_equal(plan_fit_work(&plan, why, sizeof(why)), 0);
}

static void another_file_under_the_same_name_is_refused(void **state)
{
	(void)state;
	strcpy(plan.groups[1].contents, "0123456789abcdef");
	assert_int_equal(plan_fit_work(&plan, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "other contents than when the plan"));
	assert_non_null(strstr(why, "hash none, then 0123456789abcdef"));
	plan.groups[1].contents[0] = '\0';
	assert_int_equal(plan_fit_work(&plan, why, sizeof(why)), 0);
}

static void without_its_reference_nothing_is_measured(void **state)
{
	(void)state;
	strcpy(plan.cells[0].allocator, "elsewhere");
	assert_int_equal(plan_fit(&request, &plan, why, sizeof(why)), -ENOTSUP);
	assert_non_null(strstr(why, "the reference 'elsewhere' cannot run"));
	assert_non_null(strstr(why, "not in this kernel"));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, start_afresh, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(work_seed_and_rounds_stay_as_they_are),
		TEST(times_are_predicted_for_this_machine),
		TEST(what_cannot_run_is_judged_anew),
		TEST(a_layout_that_is_forbidden_here_is_skipped),
		TEST(a_layout_that_cannot_be_tried_skips_nothing),
		TEST(work_that_does_not_fit_the_memory_is_skipped_and_not_shrunk),
		TEST(groups_of_equal_work_run_once),
		TEST(rounds_budget_and_precision_can_be_given_anew),
		TEST(what_the_pilot_decided_stays_decided),
		TEST(other_work_under_the_same_name_is_refused),
		TEST(another_file_under_the_same_name_is_refused),
		TEST(without_its_reference_nothing_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
