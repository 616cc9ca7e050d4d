/*
 * command_thread_fixed - evidence of T8: how often MREMAP_FIXED succeeds, and
 * what becomes of a growth where the kernel is made to refuse.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "driver/command_thread.h"
#include "driver/evidence.h"
#include "driver/verdict.h"

#define MOVER "mremap-maymove"
#define FIXED "mremap-fixed-fallback:threshold=0"
#define LIMITS "map-limits"

/* Of all counts the sum, where each repeats. */
static uint64_t count_of(const struct results_cell *cell,
			 enum figure_index figure, bool *steady)
{
	int64_t value;

	*steady &= evidence_count(cell, figure, &value);
	return value > 0 ? (uint64_t)value : 0;
}

static void fixed_count(const struct results_cell *cell,
			struct claim_fixed *fixed)
{
	bool *steady = &fixed->steady;

	fixed->moved = count_of(cell, FIGURE_OUTCOMES + OUTCOME_MOVED, steady);
	fixed->fell_back =
		count_of(cell, FIGURE_OUTCOMES + OUTCOME_COPIED, steady) +
		count_of(cell, FIGURE_OUTCOMES + OUTCOME_FAILED, steady);
	fixed->owned = count_of(cell, FIGURE_DESTINATIONS_OWNED, steady);
	fixed->fresh = count_of(cell, FIGURE_DESTINATIONS_FRESH, steady);
	fixed->recovered = count_of(cell, FIGURE_REFILLS + REFILL_DONE, steady);
	fixed->lost = count_of(cell, FIGURE_REFILLS + REFILL_TAKEN, steady) +
		      count_of(cell, FIGURE_REFILLS + REFILL_REFUSED, steady);
}

/* "7 of 9". */
static void share_cell(struct claim_table *table, unsigned int column,
		       uint64_t part, uint64_t rest)
{
	claim_table_set(table, column, "%" PRIu64 " of %" PRIu64, part,
			part + rest);
}

static void fixed_row(const struct claim_fixed *fixed,
		      struct claim_report *report)
{
	struct claim_table *table = &report->tables[0];

	claim_chart_add(&report->chart, fixed->work, "over copying",
			fixed->ratio, &fixed->interval);
	claim_chart_add(&report->chart, fixed->work,
			"over MREMAP_MAYMOVE alone", fixed->to_plain,
			&fixed->to_plain_interval);
	claim_table_row(table);
	claim_table_set(table, 0, "%s", fixed->work);
	share_cell(table, 1, fixed->moved, fixed->fell_back);
	share_cell(table, 2, fixed->owned, fixed->fresh);
	share_cell(table, 3, fixed->recovered, fixed->lost);
	claim_table_interval(table, 4, fixed->ratio, &fixed->interval);
	claim_table_interval(table, 5, fixed->to_plain,
			     &fixed->to_plain_interval);
}

static int fixed_of_group(const struct table *table,
			  const struct table_group *group, double level,
			  struct claim_fixed *fixed,
			  struct claim_report *report)
{
	const struct results_file *file = table->file;
	const struct results_cell *own =
		evidence_cell(file, group->group, FIXED);
	const struct results_cell *plain =
		evidence_cell(file, group->group, MOVER);
	const struct table_row *reference = table_row_of(group, ROLE_REFERENCE);
	struct row_ratio ratio, to_plain = {.median = NAN};
	int error;

	if (!own || !reference)
		return -ENOENT;
	*fixed = (struct claim_fixed){.work = group->group->workload,
				      .steady = true};
	fixed_count(own, fixed);
	error = evidence_ratio(own, reference->cell, level, &ratio);
	if (!error && plain)
		error = evidence_ratio(own, plain, level, &to_plain);
	if (error)
		return error;
	fixed->ratio = ratio.median;
	fixed->interval = ratio.interval;
	fixed->to_plain = to_plain.median;
	fixed->to_plain_interval = to_plain.interval;
	fixed->pairs = ratio.pairs;
	fixed->credible = evidence_credible(group, &ratio);
	fixed_row(fixed, report);
	return 0;
}

/* Growths of an allocator where the kernel refuses. */
static void forced_row(const struct results_cell *cell, const char *force,
		       struct claim_table *table)
{
	static const enum outcome shown[] = {OUTCOME_IN_PLACE, OUTCOME_MOVED,
					     OUTCOME_COPIED, OUTCOME_FAILED};
	bool steady = true;
	int64_t recovered;

	claim_table_row(table);
	claim_table_set(table, 0, "%s", force);
	claim_table_set(table, 1, "%s", cell->allocator);
	for (unsigned int i = 0; i < 4; i++)
		claim_table_set(
			table, 2 + i, "%" PRIu64,
			count_of(cell, FIGURE_OUTCOMES + shown[i], &steady));
	steady &= evidence_own(cell, "recovered", &recovered);
	if (recovered != FIGURE_ABSENT)
		claim_table_set(table, 6, "%" PRId64, recovered);
	claim_table_set(table, 7, "%s", steady ? "yes" : "no");
}

/* What the two do where growing is made to fail: a table beside the rates. */
static void forced_gather(const struct results_file *file,
			  struct claim_report *report)
{
	static const char *const heads[] = {
		"forced", "allocator",	"in place", "moved", "copied",
		"failed", "grow later", "repeats",  NULL};
	static struct workload_spec spec;

	if (!file)
		return;
	claim_table_begin(&report->tables[1],
			  "Growths where the kernel is made to refuse", heads);
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (!cell->skipped &&
		    (cell->role == ROLE_REFERENCE || cell->role == ROLE_ROW) &&
		    evidence_workload(cell->group, LIMITS, &spec))
			forced_row(cell, evidence_text(&spec, "force"),
				   &report->tables[1]);
	}
}

int thread_gather_fixed(const struct results_file *const *files,
			struct claim_report *report)
{
	static const char *const heads[] = {"workload",
					    "calls that succeeded",
					    "destinations already owned",
					    "sources recovered",
					    "time / copying",
					    "time / MREMAP_MAYMOVE alone",
					    NULL};
	const struct results_file *file = thread_file(files, "fixed");
	struct claim_fixed works[PLAN_GROUPS_MAX];
	struct table table;
	size_t count = 0;
	int error;

	claim_table_begin(&report->tables[0],
			  "MREMAP_FIXED with a copy where it fails", heads);
	claim_chart_begin(&report->chart, "MREMAP_FIXED, and a copy behind it",
			  "time of a whole run, over that of others", 1,
			  "faster, to the left");
	if (file) {
		error = table_compute(file, &table);
		if (error)
			return error;
		for (unsigned int i = 0; i < table.groups_count; i++) {
			error = fixed_of_group(
				&table, &table.groups[i],
				verdict_level(2 * table.groups_count),
				&works[count], report);
			if (error == -ENOMEM)
				break;
			count += error == 0;
		}
		table_free(&table);
		if (error == -ENOMEM)
			return error;
	}
	claim_judge_fixed(works, count, &report->finding);
	forced_gather(thread_file(files, "forced"), report);
	return 0;
}
