/* plan_make - groups and cells from what was asked for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/registry.h"
#include "common/spec.h"
#include "common/units.h"
#include "driver/cells.h"
#include "driver/layout.h"
#include "driver/plan_make.h"
#include "driver/scale.h"
#include "driver/thp.h"
#include "driver/variants.h"

/* What is worked on beside the plan; too large for a stack. */
struct draft {
	struct variants variants;
	const struct variant *of_group[PLAN_GROUPS_MAX];
	struct cell_list cells; /* of each group */
	char workloads[PLAN_GROUPS_MAX * 64]; /* where none were named */
};

/* What each variant of a workload is measured under. */
struct factors {
	unsigned int thp[WORDS_MAX];
	unsigned int thp_count;
	unsigned int layouts[WORDS_MAX];
	unsigned int layouts_count;
};

/*
 * A sample of one that needs more than a CPU takes the driver's where there are
 * two: it is measured where it is named.
 */
static bool takes_one_cpu(const struct workload_spec *spec)
{
	struct estimate estimate = {.threads = 1};

	spec->workload->estimate(spec->values, 1, &estimate);
	return estimate.threads == 1;
}

/* The names of the workloads that run as they are, but for the floor. */
static void plan_all_workloads(char *list, size_t list_size)
{
	const struct workload *const *workloads;
	struct workload_spec spec;
	unsigned int count, i;
	size_t used = 0;
	char why[8];

	list[0] = '\0';
	workloads = registry_workloads(&count);
	for (i = 0; i < count; i++) {
		if (workloads[i]->is_floor ||
		    spec_parse_workload(workloads[i]->name, &spec, why,
					sizeof(why)) != 0 ||
		    !takes_one_cpu(&spec) ||
		    used + strlen(workloads[i]->name) + 2 > list_size)
			continue;
		used += (size_t)snprintf(list + used, list_size - used, "%s%s",
					 used > 0 ? "," : "",
					 workloads[i]->name);
	}
}

/*
 * Repeated work is compared with nothing. Counts have no noise that an effect
 * could be lost in, and are not net of the harness.
 */
static bool plan_wants_role(const struct plan_request *request,
			    const struct plan *plan, enum cell_role role)
{
	if (request->bare)
		return role == ROLE_REFERENCE || role == ROLE_ROW;
	if (role == ROLE_PLANTED)
		return plan->repeat == 1 && plan->counts == 0;
	return role != ROLE_FLOOR || plan->counts == 0;
}

/* Gives a group the cells that each group has. 0 or -E2BIG. */
static int plan_add_cells(const struct plan_request *request, struct plan *plan,
			  const struct draft *draft)
{
	struct group *group = &plan->groups[plan->groups_count];
	unsigned int i;

	group->first = plan->cells_count;
	if (plan->cells_count + draft->cells.count > PLAN_CELLS_MAX)
		return -E2BIG;
	for (i = 0; i < draft->cells.count; i++) {
		const struct cell *cell = &draft->cells.cells[i];

		if (!plan_wants_role(request, plan, cell->role))
			continue;
		plan->cells[plan->cells_count] = *cell;
		plan->cells[plan->cells_count++].group = plan->groups_count;
	}
	group->count = plan->cells_count - group->first;
	return 0;
}

int plan_group_usable(const struct plan_request *request, struct group *group,
		      char *why, size_t why_size)
{
	const char *folder =
		request->thp_folder ? request->thp_folder : THP_FOLDER;
	const char *setting = request->layout_setting ? request->layout_setting
						      : LAYOUT_SETTING;

	int error = thp_mode_usable(group->thp, folder, group->skipped,
				    sizeof(group->skipped));

	if (!error)
		error = layout_usable(group->layout, setting, group->skipped,
				      sizeof(group->skipped));
	if (!error || error == -ENOTSUP)
		return error;
	/* A moment's lack is no property of the system. */
	snprintf(why, why_size, "%s", group->skipped);
	group->skipped[0] = '\0';
	return -EAGAIN;
}

/*
 * What cannot run in the group's THP mode is skipped there; a group without its
 * reference says nothing, and is skipped whole.
 */
static void plan_fit_thp(struct plan *plan, struct group *group)
{
	static struct allocator_spec spec;
	char why[sizeof(plan->cells[0].skipped)] = "";

	for (unsigned int i = 0; i < group->count; i++) {
		struct cell *cell = &plan->cells[group->first + i];

		if (cell->skipped[0] != '\0' ||
		    spec_parse_allocator(cell->allocator, &spec, why,
					 sizeof(why)) != 0 ||
		    cells_fit_thp(&spec, group->thp, why, sizeof(why)) == 0)
			continue;
		memcpy(cell->skipped, why, sizeof(why));
		if (cell->role == ROLE_REFERENCE)
			snprintf(group->skipped, sizeof(group->skipped),
				 "the reference: %.170s", why);
	}
}

/* A group of a variant in one THP mode and layout. */
static int plan_add_group(const struct plan_request *request,
			  const struct variant *variant,
			  const struct factors *factors,
			  unsigned int combination, struct draft *draft,
			  struct plan *plan, char *why, size_t why_size)
{
	struct group *group = &plan->groups[plan->groups_count];
	struct workload_spec spec;
	int error;

	error = spec_parse_workload(variant->text, &spec, why, why_size);
	if (error)
		return error;
	if (plan->groups_count == PLAN_GROUPS_MAX ||
	    plan_add_cells(request, plan, draft) != 0) {
		snprintf(why, why_size,
			 "that makes more than %d groups or %d cells: ask for "
			 "fewer values or allocators at a time",
			 PLAN_GROUPS_MAX, PLAN_CELLS_MAX);
		return -E2BIG;
	}
	group->thp = (enum thp_mode)
			     factors->thp[combination / factors->layouts_count];
	group->layout =
		(enum layout)
			factors->layouts[combination % factors->layouts_count];
	error = plan_group_usable(request, group, why, why_size);
	if (error == -EAGAIN)
		return error;
	if (!error)
		plan_fit_thp(plan, group);
	draft->of_group[plan->groups_count++] = variant;
	return 0;
}

static int plan_add_groups(const struct plan_request *request,
			   struct draft *draft, struct plan *plan, char *why,
			   size_t why_size)
{
	struct factors factors;
	unsigned int combinations, i, j;
	int error;

	error = words_read(&thp_words, request->thp ? request->thp : "never",
			   factors.thp, &factors.thp_count, why, why_size);
	if (!error)
		error = words_read(
			&layout_words,
			request->layout ? request->layout : "standard",
			factors.layouts, &factors.layouts_count, why, why_size);
	if (error)
		return error;
	combinations = factors.thp_count * factors.layouts_count;
	for (i = 0; i < draft->variants.count; i++) {
		for (j = 0; j < combinations; j++) {
			error = plan_add_group(
				request, &draft->variants.items[i], &factors, j,
				draft, plan, why, why_size);
			if (error)
				return error;
		}
	}
	return 0;
}

void plan_skip_repeated(struct plan *plan)
{
	unsigned int i, j;

	for (i = 1; i < plan->groups_count; i++) {
		struct group *group = &plan->groups[i];

		for (j = 0; j < i; j++)
			if (group->skipped[0] == '\0' &&
			    plan->groups[j].thp == group->thp &&
			    plan->groups[j].layout == group->layout &&
			    strcmp(plan->groups[j].workload, group->workload) ==
				    0)
				snprintf(group->skipped, sizeof(group->skipped),
					 "the same as group %u", j + 1);
	}
}

double plan_round_ns(const struct plan *plan)
{
	unsigned int order[PLAN_CELLS_MAX], count, i;
	double sum_ns = 0;

	count = plan_order(plan, 0, order);
	for (i = 0; i < count; i++)
		sum_ns += (double)plan->groups[plan->cells[order[i]].group]
				  .sample_ns;
	return sum_ns;
}

void plan_warn(const struct plan *plan, char *why, size_t why_size)
{
	double round_ns = plan_round_ns(plan);
	unsigned int rounds = scale_rounds(plan->rounds, plan->repeat);
	char need[UNITS_TEXT_SIZE], budget[UNITS_TEXT_SIZE];

	why[0] = '\0';
	if (plan->rounds || plan->counts || plan->budget_ns == 0 ||
	    rounds * round_ns <= (double)plan->budget_ns)
		return;
	units_read_time(rounds * round_ns, need);
	units_read_time((double)plan->budget_ns, budget);
	snprintf(why, why_size,
		 "%u rounds take about %s and do not fit the budget of %s: "
		 "raise --budget, or ask for fewer allocators or parameters at "
		 "a time",
		 rounds - PLAN_CHECKING_ROUNDS - PLAN_PILOT_ROUNDS, need,
		 budget);
}

static int plan_fill(const struct plan_request *request, struct draft *draft,
		     struct plan *plan, char *why, size_t why_size)
{
	const char *workloads = request->workloads;
	int error;

	if (!workloads) {
		plan_all_workloads(draft->workloads, sizeof(draft->workloads));
		workloads = draft->workloads;
	}
	error = cells_add_standard(request->reference, &draft->cells, why,
				   why_size);
	if (!error && request->allocators)
		error = cells_add_rows(request->allocators, &draft->cells, why,
				       why_size);
	if (!error)
		error = variants_make(workloads, request->sets,
				      request->sets_count, &draft->variants,
				      why, why_size);
	if (!error)
		error = plan_add_groups(request, draft, plan, why, why_size);
	if (!error)
		error = scale_choose(request, draft->of_group, plan, why,
				     why_size);
	return error;
}

int plan_make(const struct plan_request *request, struct plan *plan, char *why,
	      size_t why_size)
{
	struct draft *draft = calloc(1, sizeof(*draft));
	int error;

	if (!draft) {
		snprintf(why, why_size, "no memory to make a plan in");
		return -ENOMEM;
	}
	memset(plan, 0, sizeof(*plan));
	plan->seed = request->seed & INT64_MAX;
	plan->rounds = request->rounds;
	plan->budget_ns = request->budget_ns;
	plan->repeat = request->repeat ? request->repeat : 1;
	plan->counts = request->counts;
	plan->sweep = request->sweep;
	plan->precision =
		plan->repeat > 1 || plan->counts ? 0 : request->precision;
	plan->margin = request->margin;
	plan->settle_ns = request->settle_ns;
	error = plan_fill(request, draft, plan, why, why_size);
	if (!error) {
		plan_skip_repeated(plan);
		plan_warn(plan, why, why_size);
	}
	free(draft);
	return error;
}
