/* scale - estimates each named scale of each group, and takes what fits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/scale.h"

#define SCALE_OPTION "scale"
#define SCALE_NAME_MAX 16
#define LEVELS_MAX 8 /* named scales of one workload */

/* What a group takes at one scale. */
struct level {
	char workload[SPEC_TEXT_MAX];
	char contents[INPUT_HASH_TEXT];
	bool is_control;
	struct estimate estimate;
	uint64_t sample_ns;
};

/* The scales of a group that fit the memory, from the smallest. */
struct ladder {
	unsigned int count;
	unsigned int workload; /* index in the list that was asked for */
	unsigned int cells; /* that can run */
	struct level levels[LEVELS_MAX];
};

/* One level: text at a scale; NULL: as it is spelled. */
static int scale_level(const struct plan_request *request, const char *text,
		       const char *scale, struct level *level, char *why,
		       size_t why_size)
{
	char longer[SPEC_TEXT_MAX + sizeof(SCALE_OPTION) + SCALE_NAME_MAX];
	struct workload_spec spec;
	const struct input *input;
	int error;

	snprintf(longer, sizeof(longer), "%s%s%s", text,
		 scale ? ":" SCALE_OPTION "=" : "", scale ? scale : "");
	error = spec_parse_workload(longer, &spec, why, why_size);
	if (error)
		return error;
	snprintf(level->workload, SPEC_TEXT_MAX, "%s", spec.canonical);
	input = inputs_of(&spec);
	snprintf(level->contents, sizeof(level->contents), "%s",
		 input ? input->hash : "");
	level->is_control = spec.workload->is_control;
	memset(&level->estimate, 0, sizeof(level->estimate));
	spec.workload->estimate(spec.values, request->seed & INT64_MAX,
				&level->estimate);
	if (level->estimate.threads == 0)
		level->estimate.threads = 1;
	level->sample_ns =
		request->sample_ns
			? request->sample_ns(&level->estimate, request->context)
			: 0;
	return 0;
}

bool scale_fits(const struct plan_request *request,
		const struct estimate *estimate, char *why, size_t why_size)
{
	char need[UNITS_TEXT_SIZE], allowed[UNITS_TEXT_SIZE];
	char limit[UNITS_TEXT_SIZE];
	uint64_t limit_bytes = request->memory_limit_bytes;
	uint64_t allowed_bytes = limit_bytes / 100 * PLAN_MEMORY_PERCENT;

	if (limit_bytes == 0 || estimate->resident_bytes_max <= allowed_bytes)
		return true;
	units_read_size((double)estimate->resident_bytes_max, need);
	units_read_size((double)allowed_bytes, allowed);
	units_read_size((double)limit_bytes, limit);
	snprintf(why, why_size,
		 "needs %s of memory; at most %s may be used, %d %% of the %s "
		 "there is",
		 need, allowed, PLAN_MEMORY_PERCENT, limit);
	return false;
}

/* The scales to choose from, NULL where there is no choice. */
static int scale_choices(const char *text, const char **choices, char *why,
			 size_t why_size)
{
	struct workload_spec spec;
	const struct option_entry *option;
	unsigned int place;
	int error;

	error = spec_parse_workload(text, &spec, why, why_size);
	if (error)
		return error;
	option = spec_find_option(spec.workload->options, SCALE_OPTION, &place);
	if (option && !spelling_gives(text, SCALE_OPTION))
		*choices = option->choices;
	else
		*choices = NULL;
	return 0;
}

/*
 * The levels of one group that fit the memory. Where the first does not, none
 * is counted, it stands in levels[0] all the same, and why says what it needs.
 */
static int scale_climb(const struct plan_request *request, const char *text,
		       struct ladder *ladder, char *why, size_t why_size)
{
	const char *choice;
	char name[SCALE_NAME_MAX];
	int error;

	error = scale_choices(text, &choice, why, why_size);
	while (!error && ladder->count < LEVELS_MAX) {
		struct level *level = &ladder->levels[ladder->count];

		if (choice)
			snprintf(name, sizeof(name), "%.*s",
				 (int)strcspn(choice, "|"), choice);
		error = scale_level(request, text, choice ? name : NULL, level,
				    why, why_size);
		if (error)
			break;
		if (!scale_fits(request, &level->estimate, why, why_size))
			break;
		ladder->count++;
		choice = choice ? strchr(choice, '|') : NULL;
		if (!choice)
			break;
		choice++;
	}
	return error;
}

/* Whether sizes or amounts of a workload were asked for. */
static bool scale_sizes_given(const char *text)
{
	struct workload_spec spec;
	const struct option_entry *option;
	char why[8];

	if (spec_parse_workload(text, &spec, why, sizeof(why)) != 0)
		return false;
	for (option = spec.workload->options; option && option->name; option++)
		if ((option->kind == OPTION_SIZE ||
		     option->kind == OPTION_COUNT ||
		     strcmp(option->name, SCALE_OPTION) == 0) &&
		    spelling_gives(text, option->name))
			return true;
	return false;
}

/* Of one round, where each workload is at its level, or as near as it gets. */
static double scale_round_ns(const struct ladder *ladders, unsigned int count,
			     const unsigned int *levels)
{
	double sum_ns = 0;
	unsigned int i, level;

	for (i = 0; i < count; i++) {
		const struct ladder *ladder = &ladders[i];

		if (ladder->count == 0)
			continue;
		level = levels[ladder->workload];
		if (level >= ladder->count)
			level = ladder->count - 1;
		sum_ns += (double)ladder->cells *
			  (double)ladder->levels[level].sample_ns;
	}
	return sum_ns;
}

unsigned int scale_rounds(unsigned int asked, unsigned int repeat)
{
	unsigned int least =
		repeat > 1 ? PLAN_ROUNDS_REPEAT : PLAN_ROUNDS_VERDICT;

	return PLAN_CHECKING_ROUNDS + PLAN_PILOT_ROUNDS +
	       (asked > least ? asked : least);
}

/*
 * Raises the workloads in turn, one level at a time, while all that is asked
 * for still fits.
 */
static void scale_raise(const struct plan_request *request,
			const struct ladder *ladders, unsigned int count,
			unsigned int levels[PLAN_GROUPS_MAX])
{
	double rounds = request->counts ? request->counts
					: scale_rounds(request->rounds,
						       request->repeat);
	bool stuck[PLAN_GROUPS_MAX] = {false}, raised = true;
	unsigned int level, i;

	if (!request->sample_ns || request->budget_ns == 0)
		return;
	for (level = 1; level < LEVELS_MAX && raised; level++) {
		for (i = 0, raised = false; i < PLAN_GROUPS_MAX; i++) {
			if (stuck[i])
				continue;
			levels[i] = level;
			if (rounds * scale_round_ns(ladders, count, levels) <=
			    (double)request->budget_ns) {
				raised = true;
				continue;
			}
			levels[i] = level - 1;
			stuck[i] = true;
		}
	}
}

static void scale_take(const struct ladder *ladder, const unsigned int *levels,
		       struct group *group)
{
	unsigned int level = levels[ladder->workload];
	const struct level *taken;

	if (level >= ladder->count)
		level = ladder->count > 0 ? ladder->count - 1 : 0;
	taken = &ladder->levels[level];
	snprintf(group->workload, sizeof(group->workload), "%s",
		 taken->workload);
	snprintf(group->contents, sizeof(group->contents), "%s",
		 taken->contents);
	group->is_control = taken->is_control;
	group->estimate = taken->estimate;
	group->sample_ns = taken->sample_ns;
}

/* Cells of a group that can run. */
static unsigned int scale_cells(const struct plan *plan,
				const struct group *group)
{
	unsigned int count = 0, i;

	if (group->skipped[0] != '\0')
		return 0;
	for (i = group->first; i < group->first + group->count; i++)
		count += plan->cells[i].skipped[0] == '\0';
	return count;
}

/* One group's ladder; a group that fits at no level is skipped or refused. */
static int scale_group(const struct plan_request *request,
		       const struct variant *variant, const struct plan *plan,
		       struct group *group, struct ladder *ladder, char *why,
		       size_t why_size)
{
	char reason[512];
	int error;

	ladder->workload = variant->workload;
	ladder->cells = scale_cells(plan, group);
	error = scale_climb(request, variant->text, ladder, reason,
			    sizeof(reason));
	if (error) {
		snprintf(why, why_size, "%s", reason);
		return error;
	}
	if (ladder->count > 0)
		return 0;
	if (scale_sizes_given(variant->text)) {
		snprintf(why, why_size, "'%s' %s", variant->text, reason);
		return -ENOMEM;
	}
	if (group->skipped[0] == '\0')
		snprintf(group->skipped, sizeof(group->skipped), "%.*s",
			 (int)sizeof(group->skipped) - 1, reason);
	return 0;
}

int scale_choose(const struct plan_request *request,
		 const struct variant *const *variants, struct plan *plan,
		 char *why, size_t why_size)
{
	struct ladder *ladders = calloc(PLAN_GROUPS_MAX, sizeof(*ladders));
	unsigned int levels[PLAN_GROUPS_MAX] = {0}, i;
	int error = 0;

	if (!ladders) {
		snprintf(why, why_size, "no memory to make a plan in");
		return -ENOMEM;
	}
	for (i = 0; i < plan->groups_count && !error; i++)
		error = scale_group(request, variants[i], plan,
				    &plan->groups[i], &ladders[i], why,
				    why_size);
	if (!error) {
		scale_raise(request, ladders, plan->groups_count, levels);
		for (i = 0; i < plan->groups_count; i++)
			scale_take(&ladders[i], levels, &plan->groups[i]);
	}
	free(ladders);
	return error;
}
