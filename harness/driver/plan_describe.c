/* plan_describe - a plan in words, for --dry-run. */
#include <inttypes.h>

#include "common/units.h"
#include "driver/names.h"
#include "driver/plan_make.h"

#define ROUNDS_SHOWN 3

static void describe_group(const struct plan *plan, unsigned int number,
			   FILE *stream)
{
	const struct group *group = &plan->groups[number];
	const struct estimate *estimate = &group->estimate;
	char resident[UNITS_TEXT_SIZE], live[UNITS_TEXT_SIZE];
	char time[UNITS_TEXT_SIZE];
	unsigned int i;

	fprintf(stream, "\ngroup %u: %s, %s\n", number + 1, group->workload,
		names_mode(group->thp, group->layout));
	if (group->skipped[0] != '\0') {
		fprintf(stream, "  skipped: %s\n", group->skipped);
		return;
	}
	fprintf(stream,
		"  %s live, at most %s resident, %" PRIu64 " growths, "
		"%u thread%s",
		units_read_size((double)estimate->live_bytes_max, live),
		units_read_size((double)estimate->resident_bytes_max, resident),
		estimate->growths, estimate->threads,
		estimate->threads == 1 ? "" : "s");
	if (group->sample_ns > 0)
		fprintf(stream, ", about %s a sample",
			units_read_time((double)group->sample_ns, time));
	fprintf(stream, "\n");
	for (i = group->first; i < group->first + group->count; i++) {
		const struct cell *cell = &plan->cells[i];

		fprintf(stream, "  %3u  %-9s  %s", i + 1,
			role_names[cell->role], cell->allocator);
		if (cell->role == ROLE_PLANTED)
			fprintf(stream, " +%u %%", cell->planted_percent);
		fprintf(stream, "\n");
		if (cell->skipped[0] != '\0')
			fprintf(stream, "       skipped: %s\n", cell->skipped);
	}
}

static void describe_orders(const struct plan *plan, FILE *stream)
{
	unsigned int order[PLAN_CELLS_MAX], count, round, i;

	fprintf(stream, "\norder of the first rounds, cells by their number\n");
	for (round = 0; round < ROUNDS_SHOWN; round++) {
		count = plan_order(plan, round, order);
		fprintf(stream, "  round %u:", round + 1);
		for (i = 0; i < count; i++)
			fprintf(stream, "%s %u",
				i > 0 && plan->cells[order[i]].group !=
							plan->cells[order[i -
									  1]]
								.group
					? " |"
					: "",
				order[i] + 1);
		fprintf(stream, "\n");
	}
}

static void describe_time(const struct plan *plan, unsigned int live,
			  FILE *stream)
{
	double round_ns = plan_round_ns(plan), fit;
	char round[UNITS_TEXT_SIZE], budget[UNITS_TEXT_SIZE];

	if (round_ns <= 0) {
		fprintf(stream, "time: not known\n");
		return;
	}
	fprintf(stream, "time: a round takes about %s",
		units_read_time(round_ns, round));
	if (plan->budget_ns > 0 && plan->counts == 0) {
		fit = ((double)plan->budget_ns -
		       (double)plan->settle_ns * live) /
			      round_ns -
		      PLAN_CHECKING_ROUNDS - PLAN_PILOT_ROUNDS;
		fprintf(stream,
			"; %.0f fit the budget of %s after pilot and checking "
			"pass",
			fit > 0 ? (double)(uint64_t)fit : 0,
			units_read_time((double)plan->budget_ns, budget));
	}
	if (plan->rounds > 0)
		fprintf(stream, "; %u are asked for", plan->rounds);
	fprintf(stream, "\n");
}

static void describe_settling(const struct plan *plan, unsigned int live,
			      FILE *stream)
{
	char wait[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE];

	if (plan->settle_ns == 0)
		return;
	fprintf(stream,
		"settling: the checking pass waits up to %s after each sample, "
		"%s in all\n",
		units_read_time((double)plan->settle_ns, wait),
		units_read_time((double)plan->settle_ns * live, all));
}

void plan_describe(const struct plan *plan, FILE *stream)
{
	char size[UNITS_TEXT_SIZE];
	unsigned int order[PLAN_CELLS_MAX], live, i;
	uint64_t most = 0;

	live = plan_order(plan, 0, order);
	fprintf(stream,
		"plan: %u groups, %u cells, %u of them run; seed %" PRIu64 "\n",
		plan->groups_count, plan->cells_count, live, plan->seed);
	for (i = 0; i < plan->groups_count; i++) {
		const struct group *group = &plan->groups[i];

		describe_group(plan, i, stream);
		if (group->skipped[0] == '\0' &&
		    group->estimate.resident_bytes_max > most)
			most = group->estimate.resident_bytes_max;
	}
	if (live > 0)
		describe_orders(plan, stream);
	fprintf(stream, "\nmemory: at most %s at once\n",
		units_read_size((double)most, size));
	if (plan->counts)
		fprintf(stream,
			"counting: %u rounds of the checking pass and nothing "
			"else; no verdicts\n",
			plan->counts);
	if (plan->repeat > 1)
		fprintf(stream,
			"repeated: each process of the timing pass does its "
			"work %u times; no verdicts\n",
			plan->repeat);
	describe_settling(plan, live, stream);
	describe_time(plan, live, stream);
}
