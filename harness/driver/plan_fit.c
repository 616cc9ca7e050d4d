/* plan_fit - a plan that was made elsewhere, on this machine. */
#include "driver/plan_fit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/spec.h"
#include "driver/cells.h"
#include "driver/scale.h"

/* What differs first, and both numbers; NULL: nothing. */
static const char *differs(const struct estimate *there,
			   const struct estimate *here, uint64_t numbers[2])
{
	const struct {
		const char *what;
		uint64_t there, here;
	} facts[] = {
		{"threads", there->threads, here->threads},
		{"operations", there->operations, here->operations},
		{"growths", there->growths, here->growths},
		{"bytes of its largest block", there->block_bytes_max,
		 here->block_bytes_max},
		{"bytes alive", there->live_bytes_max, here->live_bytes_max},
	};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (facts[i].there == facts[i].here)
			continue;
		numbers[0] = facts[i].there;
		numbers[1] = facts[i].here;
		return facts[i].what;
	}
	return NULL;
}

/* The file that a group's workload names is to hold what it held. */
static int fit_contents(const struct group *group,
			const struct workload_spec *spec, char *why,
			size_t why_size)
{
	const struct input *input = inputs_of(spec);
	const char *here = input ? input->hash : "";

	if (strcmp(here, group->contents) == 0)
		return 0;
	snprintf(why, why_size,
		 "the file of '%s' has other contents than when the plan was "
		 "made (hash %s, then %s): put that file there again, or make "
		 "the plan anew",
		 group->workload, here[0] ? here : "none",
		 group->contents[0] ? group->contents : "none");
	return -EINVAL;
}

int plan_fit_work(const struct plan *plan, char *why, size_t why_size)
{
	static struct workload_spec spec;

	for (unsigned int i = 0; i < plan->groups_count; i++) {
		const struct group *group = &plan->groups[i];
		struct estimate here = {0};
		uint64_t numbers[2];
		const char *what;
		int error = spec_parse_workload(group->workload, &spec, why,
						why_size);

		if (!error)
			error = fit_contents(group, &spec, why, why_size);
		if (error)
			return error;
		spec.workload->estimate(spec.values, plan->seed, &here);
		if (here.threads == 0)
			here.threads = 1;
		what = differs(&group->estimate, &here, numbers);
		if (!what)
			continue;
		snprintf(why, why_size,
			 "'%s' is other work in this regrow: %s were %" PRIu64
			 " and are %" PRIu64
			 "; what is measured of it cannot be compared",
			 group->workload, what, numbers[0], numbers[1]);
		return -EINVAL;
	}
	return 0;
}

void plan_fit_length(struct plan *plan, unsigned int rounds, uint64_t budget_ns,
		     double precision)
{
	if (rounds || budget_ns || precision >= 0)
		plan->rounds = rounds;
	if (budget_ns)
		plan->budget_ns = budget_ns;
	if (precision >= 0)
		plan->precision = precision;
}

static int fit_group(const struct plan_request *request, struct group *group,
		     char *why, size_t why_size)
{
	char reason[512];
	int error;

	group->skipped[0] = '\0';
	if (request->sample_ns)
		group->sample_ns =
			request->sample_ns(&group->estimate, request->context);
	error = plan_group_usable(request, group, why, why_size);
	if (error == -EAGAIN)
		return error;
	if (!error &&
	    !scale_fits(request, &group->estimate, reason, sizeof(reason)))
		snprintf(group->skipped, sizeof(group->skipped), "%.*s",
			 (int)sizeof(group->skipped) - 1, reason);
	return 0;
}

/* A pilot that could not size a planted effect has said why. */
static bool is_unplanted(const struct plan *plan, const struct cell *cell)
{
	return cell->role == ROLE_PLANTED && cell->planted_iterations == 0 &&
	       plan->groups[cell->group].clock_why[0] != '\0';
}

/* Its spelling was read before. */
static int fit_cell(const struct plan *plan, struct cell *cell, char *why,
		    size_t why_size)
{
	static struct allocator_spec spec;
	int error = spec_parse_allocator(cell->allocator, &spec, why, why_size);

	if (error || is_unplanted(plan, cell))
		return error;
	error = cells_probe(&spec, cell->skipped, sizeof(cell->skipped));
	if (!error)
		error = cells_fit_thp(&spec, plan->groups[cell->group].thp,
				      cell->skipped, sizeof(cell->skipped));
	if (!error || cell->role != ROLE_REFERENCE)
		return 0;
	snprintf(why, why_size, "the reference '%s' cannot run here: %s",
		 cell->allocator, cell->skipped);
	return -ENOTSUP;
}

int plan_fit(const struct plan_request *request, struct plan *plan, char *why,
	     size_t why_size)
{
	int error = plan_fit_work(plan, why, why_size);

	for (unsigned int i = 0; !error && i < plan->cells_count; i++)
		error = fit_cell(plan, &plan->cells[i], why, why_size);
	for (unsigned int i = 0; !error && i < plan->groups_count; i++)
		error = fit_group(request, &plan->groups[i], why, why_size);
	if (error)
		return error;
	plan_skip_repeated(plan);
	plan_fit_length(plan, request->rounds, request->budget_ns,
			request->precision);
	plan_warn(plan, why, why_size);
	return 0;
}
