/* command_thread_times - evidence of T1 and T6, from timed runs. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/command_thread.h"
#include "driver/evidence.h"
#include "driver/names.h"
#include "driver/verdict.h"

#define GROWTH "vector-growth"
#define SINGLE "single-growth"
#define MOVER "mremap-maymove"

/*
 * The kinds of copy that moving is held against, each as "a cold copy". Pages that
 * are kept are warm only where blocks of a size come again: a vector that doubles
 * in a new process is larger each time than all that it left.
 */
static const struct copy {
	const char *workload;
	const char *allocator;
	const char *name;
	const char *huge_name; /* with transparent huge pages */
} copies[] = {
	{GROWTH, "copy-realloc", "a cold copy", "a cold copy in huge pages"},
	{GROWTH, "copy-realloc:populate=write", "a pre-populated copy",
	 "a pre-populated copy in huge pages"},
	{SINGLE, "copy-realloc:keep=pages", "a warm copy",
	 "a warm copy in huge pages"},
};
#define COPIES 3

/* Groups are looked at in these runs. */
static const char *const growth_files[] = {
	"growth",	"growth-huge",	     "growth-warm",
	"growth-large", "growth-large-huge", "growth-large-warm"};
#define GROWTH_FILES 6

struct wins {
	struct claim_win *list;
	/* What the table says of each besides. */
	const struct results_group **groups;
	size_t count;
};

/* Ratios of one group; without a level yet: 0 is asked for. */
static int wins_add(struct wins *wins, const struct table *table,
		    const struct table_group *group, const char *workload,
		    uint64_t size, double level)
{
	const struct results_cell *mover =
		evidence_cell(table->file, group->group, MOVER);

	for (unsigned int i = 0; mover && i < COPIES; i++) {
		const struct results_cell *copy = evidence_cell(
			table->file, group->group, copies[i].allocator);
		struct row_ratio ratio;

		if (!copy || strcmp(copies[i].workload, workload) != 0)
			continue;
		if (evidence_ratio(mover, copy, level, &ratio) != 0)
			return -ENOMEM;
		wins->groups[wins->count] = group->group;
		wins->list[wins->count++] = (struct claim_win){
			.size = size,
			.copy = group->group->thp == THP_NEVER ? i : COPIES + i,
			.ratio = ratio.median,
			.interval = ratio.interval,
			.pairs = ratio.pairs,
			.credible = evidence_credible(group, &ratio),
		};
	}
	return 0;
}

/* All ratios of the claim hold together, in whichever file they are. */
static double level_of(const struct results_file *const *files)
{
	unsigned int groups = 0;

	for (size_t i = 0; i < GROWTH_FILES; i++) {
		const struct results_file *file =
			thread_file(files, growth_files[i]);

		for (unsigned int j = 0; file && j < file->groups_count; j++)
			groups += !file->groups[j].skipped;
	}
	return verdict_level(groups * COPIES);
}

static int wins_of_file(struct wins *wins, const struct results_file *file,
			double level)
{
	static struct workload_spec spec;
	struct table table;
	int error = table_compute(file, &table);

	if (error)
		return error;
	for (unsigned int i = 0; i < table.groups_count && !error; i++) {
		const struct table_group *group = &table.groups[i];

		if (evidence_workload(group->group, GROWTH, &spec))
			error = wins_add(wins, &table, group, GROWTH,
					 evidence_number(&spec, "last"), level);
		else if (evidence_workload(group->group, SINGLE, &spec))
			/* It doubles. */
			error = wins_add(wins, &table, group, SINGLE,
					 2 * evidence_number(&spec, "size"),
					 level);
	}
	table_free(&table);
	return error;
}

static int win_order(const void *left, const void *right)
{
	const struct claim_win *a = left, *b = right;

	if (a->copy != b->copy)
		return a->copy < b->copy ? -1 : 1;
	return (a->size > b->size) - (a->size < b->size);
}

static void wins_table(const struct wins *wins, struct claim_table *table,
		       struct claim_chart *chart)
{
	static const char *const heads[] = {"grown to",	  "pages",
					    "residue",	  "held against",
					    "rounds",	  "moving / copying",
					    "instrument", NULL};
	static struct workload_spec spec;
	char size[UNITS_TEXT_SIZE], residue[UNITS_TEXT_SIZE], row[128];

	claim_chart_begin(chart, "Moving against copying, by size",
			  "time of moving over that of copying", CLAIM_WIN,
			  "a win, to the left");
	claim_table_begin(table, "Time of moving over that of copying", heads);
	for (size_t i = 0; i < wins->count; i++) {
		const struct claim_win *win = &wins->list[i];

		if (!evidence_workload(wins->groups[i],
				       copies[win->copy % COPIES].workload,
				       &spec))
			continue;
		claim_table_row(table);
		claim_table_set(table, 0, "%s",
				units_exact_size(win->size, size));
		claim_table_set(table, 1, "THP %s",
				thp_names[wins->groups[i]->thp]);
		claim_table_set(
			table, 2, "%s",
			units_exact_size(evidence_number(&spec, "residue"),
					 residue));
		claim_table_set(table, 3, "%s",
				copies[win->copy % COPIES].name);
		claim_table_set(table, 4, "%zu", win->pairs);
		claim_table_interval(table, 5, win->ratio, &win->interval);
		claim_table_set(table, 6, "%s",
				win->credible ? "in order" : "too noisy");
		snprintf(row, sizeof(row), "%s, residue %s, THP %s",
			 units_exact_size(win->size, size), residue,
			 thp_names[wins->groups[i]->thp]);
		claim_chart_add(chart, row, copies[win->copy % COPIES].name,
				win->ratio, &win->interval);
	}
}

int thread_gather_win(const struct results_file *const *files,
		      struct claim_report *report)
{
	const char *names[2 * COPIES];
	struct wins wins = {0};
	size_t room = 0;
	int error = 0;

	for (unsigned int i = 0; i < COPIES; i++) {
		names[i] = copies[i].name;
		names[COPIES + i] = copies[i].huge_name;
	}
	for (size_t i = 0; i < GROWTH_FILES; i++)
		if (thread_file(files, growth_files[i]))
			room += (size_t)thread_file(files, growth_files[i])
					->groups_count *
				COPIES;
	wins.list = calloc(room + 1, sizeof(*wins.list));
	wins.groups = calloc(room + 1, sizeof(struct results_group *));
	if (!wins.list || !wins.groups)
		error = -ENOMEM;
	for (size_t i = 0; i < GROWTH_FILES && !error; i++)
		if (thread_file(files, growth_files[i]))
			error = wins_of_file(
				&wins, thread_file(files, growth_files[i]),
				level_of(files));
	if (!error) {
		wins_table(&wins, &report->tables[0], &report->chart);
		qsort(wins.list, wins.count, sizeof(*wins.list), win_order);
		claim_judge_win(wins.list, wins.count, names, 2 * COPIES,
				&report->finding);
	}
	free(wins.list);
	free(wins.groups);
	return error;
}

/* T6 */

static const enum figure_index growing[] = {
	FIGURE_OPERATIONS + OPERATION_GROW * OPERATION_FIGURES +
		OPERATION_FIGURE_SUM_NS,
	FIGURE_PHASES + PHASE_REREAD,
};
static const enum figure_index filling[] = {FIGURE_PHASES + PHASE_TOUCH};

static void share_row(struct claim_table *table,
		      const struct claim_share *share,
		      const struct results_cell *cell)
{
	char size[UNITS_TEXT_SIZE];
	double cost = 0;
	size_t samples = 0;

	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (!sample->valid || sample->pass != PASS_TIMING ||
		    sample->values[growing[0]] == FIGURE_ABSENT ||
		    sample->values[growing[1]] == FIGURE_ABSENT)
			continue;
		cost += (double)(sample->values[growing[0]] +
				 sample->values[growing[1]]);
		samples++;
	}
	claim_table_row(table);
	claim_table_set(table, 0, "%s", share->allocator);
	claim_table_set(table, 1, "%s%s", share->rule,
			share->geometric ? "" : " (the control)");
	claim_table_set(table, 2, "%s",
			units_exact_size(share->final_bytes, size));
	claim_table_interval(table, 3, share->share, &share->interval);
	if (samples)
		claim_table_set(table, 4, "%.3f",
				cost / (double)samples /
					(double)share->final_bytes);
}

struct shares {
	struct claim_share *list;
	size_t count;
	double level;
	struct claim_table *table;
	struct claim_chart *chart;
};

static int shares_add(struct shares *shares, const struct results_cell *cell,
		      const struct workload_spec *spec, const char *rule)
{
	struct claim_share *share = &shares->list[shares->count];
	struct evidence_share found;
	char row[64];

	if (evidence_share(cell, growing, 2, filling, 1, shares->level,
			   &found) != 0)
		return -ENOMEM;
	if (found.rounds == 0)
		return 0;
	*share = (struct claim_share){
		.allocator = cell->allocator,
		.rule = rule,
		.final_bytes = evidence_number(spec, "last"),
		.share = found.median,
		.interval = found.interval,
		.geometric = rule[0] != '+',
	};
	/* The judge tells allocators and rules apart by where names lie. */
	for (size_t i = 0; i < shares->count; i++) {
		if (strcmp(shares->list[i].allocator, share->allocator) == 0)
			share->allocator = shares->list[i].allocator;
		if (strcmp(shares->list[i].rule, share->rule) == 0)
			share->rule = shares->list[i].rule;
	}
	share_row(shares->table, share, cell);
	evidence_growth_text(share->rule, share->final_bytes, row, sizeof(row));
	claim_chart_add(shares->chart, row, share->allocator, share->share,
			&share->interval);
	shares->count++;
	return 0;
}

static bool is_reader(const struct results_cell *cell)
{
	return !cell->skipped &&
	       (cell->role == ROLE_REFERENCE || cell->role == ROLE_ROW);
}

int thread_gather_shares(const struct results_file *const *files,
			 struct claim_report *report)
{
	static const char *const heads[] = {
		"allocator",	     "rule",
		"grown to",	     "growing / (growing + filling)",
		"ns per final byte", NULL};
	/* Names outlive the file's list of cells. */
	static char rules[PLAN_GROUPS_MAX][32];
	static struct workload_spec spec;
	const struct results_file *file = thread_file(files, "containers");
	struct shares shares = {.table = &report->tables[0],
				.chart = &report->chart};
	int error = 0;

	claim_table_begin(shares.table, "What growing takes of the whole",
			  heads);
	claim_chart_begin(shares.chart, "What growing takes of the whole",
			  "growing / (growing + filling), by growth rule and "
			  "final size",
			  CLAIM_SHARE, "amortised, to the left");
	if (file) {
		shares.list =
			calloc(file->cells_count + 1, sizeof(*shares.list));
		if (!shares.list)
			return -ENOMEM;
		shares.level = verdict_level(file->cells_count);
	}
	for (unsigned int i = 0; file && i < file->cells_count && !error; i++) {
		const struct results_cell *cell = &file->cells[i];
		size_t group = (size_t)(cell->group - file->groups);

		if (!is_reader(cell) ||
		    !evidence_workload(cell->group, GROWTH, &spec))
			continue;
		snprintf(rules[group], sizeof(rules[group]), "%s",
			 evidence_text(&spec, "factor"));
		error = shares_add(&shares, cell, &spec, rules[group]);
	}
	if (!error)
		claim_judge_shares(shares.list, shares.count, &report->finding);
	free(shares.list);
	return error;
}
