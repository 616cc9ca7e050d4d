/*
 * kernels_facts - what a kernel does, as counts that are the same each time, and
 * what it could not be made to do.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/kernels_parts.h"
#include "driver/names.h"

#define CALLS_FAILED "calls failed"

/* Beside the workloads' own figures. */
static const struct {
	const char *name;
	unsigned int figure;
} fact_figures[] = {
	{"growths in place", FIGURE_OUTCOMES + OUTCOME_IN_PLACE},
	{"growths moved", FIGURE_OUTCOMES + OUTCOME_MOVED},
	{"growths copied", FIGURE_OUTCOMES + OUTCOME_COPIED},
	{"growths failed", FIGURE_OUTCOMES + OUTCOME_FAILED},
	/* By where the kernel put both ends. */
	{"bytes movable by PTE", FIGURE_LEVELS_BYTES + MOVE_BY_PTE},
	{"bytes movable by PMD", FIGURE_LEVELS_BYTES + MOVE_BY_PMD},
	{"bytes movable by PUD", FIGURE_LEVELS_BYTES + MOVE_BY_PUD},
	{"page faults", FIGURE_FAULTS_MINOR},
	{"mappings left", FIGURE_FINAL + MAP_MAPPINGS},
	{"holes left", FIGURE_FINAL + MAP_HOLES},
};

#define FACT_FIGURES (sizeof(fact_figures) / sizeof(fact_figures[0]))

static struct kernels_fact *fact_of(const struct kernels *kernels,
				    const struct results_cell *cell,
				    const char *name)
{
	for (size_t i = 0; i < kernels->facts_count; i++) {
		struct kernels_fact *fact = &kernels->facts[i];

		if (fact->thp == cell->group->thp &&
		    fact->layout == cell->group->layout &&
		    strcmp(fact->workload, cell->group->workload) == 0 &&
		    strcmp(fact->allocator, cell->allocator) == 0 &&
		    strcmp(fact->name, name) == 0)
			return fact;
	}
	return NULL;
}

/* NULL where memory ran out. */
static struct kernels_fact *fact_add(struct kernels *kernels,
				     const struct results_cell *cell,
				     const char *name)
{
	struct kernels_fact *facts =
		realloc(kernels->facts,
			(kernels->facts_count + 1) * sizeof(*kernels->facts));
	struct kernels_fact *fact;

	if (!facts)
		return NULL;
	kernels->facts = facts;
	fact = &facts[kernels->facts_count++];
	memset(fact, 0, sizeof(*fact));
	fact->workload = strdup(cell->group->workload);
	fact->allocator = strdup(cell->allocator);
	fact->thp = cell->group->thp;
	fact->layout = cell->group->layout;
	snprintf(fact->name, sizeof(fact->name), "%s", name);
	for (unsigned int i = 0; i < KERNELS_MAX; i++)
		fact->values[i] = FIGURE_ABSENT;
	return fact->workload && fact->allocator ? fact : NULL;
}

static int fact_take(struct kernels *kernels, unsigned int side,
		     const struct results_cell *cell, const char *name,
		     int64_t value)
{
	struct kernels_fact *fact;

	if (value == FIGURE_ABSENT)
		return 0;
	fact = fact_of(kernels, cell, name);
	if (!fact)
		fact = fact_add(kernels, cell, name);
	if (!fact)
		return -ENOMEM;
	fact->values[side] = value;
	return 0;
}

/* Of all calls, and of each error apart. */
static int failed_calls_take(struct kernels *kernels, unsigned int side,
			     const struct results_cell *cell,
			     const struct results_sample *sample)
{
	char name[sizeof(CALLS_FAILED ": ") + ERRNO_TEXT_SIZE];
	char number[ERRNO_TEXT_SIZE];
	int64_t all = 0;
	int error;

	if (!sample->failed_calls_known)
		return 0;
	for (unsigned int i = 0; i < sample->failed_calls_count; i++)
		all += sample->failed_calls[i].count;
	error = fact_take(kernels, side, cell, CALLS_FAILED, all);
	for (unsigned int i = 0; i < sample->failed_calls_count && !error;
	     i++) {
		const struct results_failed_call *call =
			&sample->failed_calls[i];

		snprintf(name, sizeof(name), CALLS_FAILED ": %s",
			 call->error ? names_errno(call->error, number)
				     : "of no name");
		error = fact_take(kernels, side, cell, name, call->count);
	}
	return error;
}

static int counts_take(struct kernels *kernels, unsigned int side,
		       const struct results_cell *cell,
		       const struct results_sample *sample)
{
	int error = failed_calls_take(kernels, side, cell, sample);

	for (size_t i = 0; i < FACT_FIGURES && !error; i++)
		error = fact_take(kernels, side, cell, fact_figures[i].name,
				  sample->values[fact_figures[i].figure]);
	for (unsigned int i = 0; i < sample->own_count && !error; i++)
		error = fact_take(kernels, side, cell,
				  cell->file->own_names[sample->own[i].name],
				  sample->own[i].value);
	return error;
}

/* Added where it is new; NULL where memory ran out. */
static struct kernels_absence *absence_of(struct kernels *kernels,
					  const struct results_cell *cell)
{
	struct kernels_absence *absences;
	struct kernels_absence *absence;

	for (size_t i = 0; i < kernels->absences_count; i++) {
		absence = &kernels->absences[i];
		if (absence->thp == cell->group->thp &&
		    absence->layout == cell->group->layout &&
		    strcmp(absence->workload, cell->group->workload) == 0 &&
		    strcmp(absence->allocator, cell->allocator) == 0)
			return absence;
	}
	absences = realloc(kernels->absences,
			   (kernels->absences_count + 1) * sizeof(*absences));
	if (!absences)
		return NULL;
	kernels->absences = absences;
	absence = &absences[kernels->absences_count++];
	memset(absence, 0, sizeof(*absence));
	absence->workload = strdup(cell->group->workload);
	absence->allocator = strdup(cell->allocator);
	absence->thp = cell->group->thp;
	absence->layout = cell->group->layout;
	return absence->workload && absence->allocator ? absence : NULL;
}

static int absence_take(struct kernels *kernels, unsigned int side,
			const struct results_cell *cell)
{
	struct kernels_absence *absence = absence_of(kernels, cell);
	const char *skipped =
		cell->skipped ? cell->skipped : cell->group->skipped;
	const char *reason = skipped ? skipped : cell->reason;
	const char *lead = skipped ? "skipped: " : "";

	if (!absence)
		return -ENOMEM;
	if (!reason)
		reason = cell->contradiction ? cell->contradiction
					     : "no good sample of it";
	free(absence->reasons[side]);
	if (asprintf(&absence->reasons[side], "%s%s", lead, reason) < 0) {
		absence->reasons[side] = NULL;
		return -ENOMEM;
	}
	return 0;
}

/* Of the first good sample of the checking pass. */
int kernels_take_facts(struct kernels *kernels, unsigned int side,
		       const struct results_cell *cell)
{
	const struct results_sample *sample = NULL;
	bool any = false;

	for (size_t i = 0; i < cell->samples_count && !sample; i++) {
		any |= cell->samples[i].valid;
		if (cell->samples[i].pass == PASS_CHECKING &&
		    cell->samples[i].valid)
			sample = &cell->samples[i];
	}
	if (sample)
		return counts_take(kernels, side, cell, sample);
	return any ? 0 : absence_take(kernels, side, cell);
}

/* Where calls were looked at, an error that is not named did not occur. */
static void failed_calls_complete(const struct kernels *kernels,
				  struct kernels_fact *fact)
{
	const struct kernels_fact *all = NULL;

	if (strncmp(fact->name, CALLS_FAILED ": ", strlen(CALLS_FAILED ": ")) !=
	    0)
		return;
	for (size_t i = 0; i < kernels->facts_count && !all; i++) {
		const struct kernels_fact *other = &kernels->facts[i];

		if (other->thp == fact->thp && other->layout == fact->layout &&
		    strcmp(other->workload, fact->workload) == 0 &&
		    strcmp(other->allocator, fact->allocator) == 0 &&
		    strcmp(other->name, CALLS_FAILED) == 0)
			all = other;
	}
	for (unsigned int i = 0; all && i < kernels->sides_count; i++)
		if (all->values[i] != FIGURE_ABSENT &&
		    fact->values[i] == FIGURE_ABSENT)
			fact->values[i] = 0;
}

static void fact_judge(const struct kernels *kernels, struct kernels_fact *fact)
{
	int64_t known = FIGURE_ABSENT;

	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		if (fact->values[i] == FIGURE_ABSENT)
			continue;
		fact->differs |=
			known != FIGURE_ABSENT && fact->values[i] != known;
		known = fact->values[i];
	}
}

static void absence_judge(const struct kernels *kernels,
			  struct kernels_absence *absence)
{
	for (unsigned int i = 1; i < kernels->sides_count; i++) {
		const char *before = absence->reasons[i - 1];
		const char *reason = absence->reasons[i];

		absence->differs |=
			!before != !reason ||
			(before && reason && strcmp(before, reason) != 0);
	}
}

void kernels_judge_facts(struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->facts_count; i++) {
		failed_calls_complete(kernels, &kernels->facts[i]);
		fact_judge(kernels, &kernels->facts[i]);
	}
	for (size_t i = 0; i < kernels->absences_count; i++)
		absence_judge(kernels, &kernels->absences[i]);
}

void kernels_free_facts(struct kernels *kernels)
{
	for (size_t i = 0; i < kernels->facts_count; i++) {
		free(kernels->facts[i].workload);
		free(kernels->facts[i].allocator);
	}
	for (size_t i = 0; i < kernels->absences_count; i++) {
		for (unsigned int j = 0; j < KERNELS_MAX; j++)
			free(kernels->absences[i].reasons[j]);
		free(kernels->absences[i].workload);
		free(kernels->absences[i].allocator);
	}
	free(kernels->facts);
	free(kernels->absences);
}
