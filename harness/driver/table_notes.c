/* table_notes - what stands under a table: the noise floor, what went wrong. */
#include <math.h>
#include <string.h>

#include "driver/names.h"
#include "driver/table_parts.h"

#define NOTE_MAX 1600

/* The twin and the planted rows go by the reference's name. */
static const char *whose(const struct results_cell *cell)
{
	return cell->role == ROLE_TWIN	    ? " (twin)"
	       : cell->role == ROLE_PLANTED ? " (planted)"
					    : "";
}

/* How often each reason made a sample of the cell invalid. */
static void note_invalid(struct printout *printout,
			 const struct results_cell *cell)
{
	unsigned int counts[INVALID_COUNT] = {0}, i;
	char text[NOTE_MAX];
	size_t used, s;

	if (cell->invalid == 0)
		return;
	for (s = 0; s < cell->samples_count; s++)
		for (i = 0; i < INVALID_COUNT; i++)
			counts[i] += cell->samples[s].outcome == SAMPLE_OK &&
				     (cell->samples[s].invalid >> i & 1u);
	used = (size_t)snprintf(
		text, sizeof(text),
		"%.511s%s: %u of %zu samples are not used:", cell->allocator,
		whose(cell), cell->invalid, cell->samples_count);
	for (i = 0; i < INVALID_COUNT && used < sizeof(text); i++)
		if (counts[i] > 0)
			used += (size_t)snprintf(
				text + used, sizeof(text) - used, " %s in %u;",
				invalid_names[i], counts[i]);
	text[strlen(text) - 1] = '\0';
	if (cell->contradiction && used < sizeof(text))
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " (%s)", cell->contradiction);
	printout_note(printout, "invalid: ", text);
}

/* The samples whose process did not end well. */
static void note_failed(struct printout *printout,
			const struct results_cell *cell)
{
	unsigned int failed = 0, i;
	char text[NOTE_MAX];
	size_t used;

	for (i = 0; i < SAMPLE_OUTCOME_COUNT; i++)
		failed += i == SAMPLE_OK ? 0 : cell->outcomes[i];
	if (failed == 0)
		return;
	used = (size_t)snprintf(text, sizeof(text),
				"%.511s%s: %u of %zu samples", cell->allocator,
				whose(cell), failed, cell->samples_count);
	for (i = 0; i < SAMPLE_OUTCOME_COUNT && used < sizeof(text); i++)
		if (i != SAMPLE_OK && cell->outcomes[i] > 0)
			used += (size_t)snprintf(
				text + used, sizeof(text) - used, ", %s %u",
				sample_outcome_names[i], cell->outcomes[i]);
	if (cell->reason && used < sizeof(text))
		snprintf(text + used, sizeof(text) - used, ": %s",
			 cell->reason);
	printout_note(printout, "failed: ", text);
}

static void note_not_exercised(struct printout *printout,
			       const struct table_row *row)
{
	char text[NOTE_MAX];

	if (row->exercised || row->samples == 0)
		return;
	if (isnan(row->mechanism))
		snprintf(
			text, sizeof(text),
			"%.511s%s: nothing grew, so that its time says nothing "
			"about it",
			row->cell->allocator, whose(row->cell));
	else
		snprintf(text, sizeof(text),
			 "%.511s%s: %.1f %% of the growths reached what it is "
			 "named after, so that its time says nothing about it",
			 row->cell->allocator, whose(row->cell),
			 100 * row->mechanism);
	printout_note(printout, "not exercised: ", text);
}

static void note_more(struct printout *printout, const struct table_row *row)
{
	char text[NOTE_MAX];

	if (!row->judged || row->verdict != VERDICT_INCONCLUSIVE ||
	    row->rounds_more == 0)
		return;
	if (row->rounds_more >= VERDICT_MORE_MAX)
		snprintf(text, sizeof(text),
			 "%.511s: more rounds than can be said would tell",
			 row->cell->allocator);
	else
		snprintf(text, sizeof(text),
			 "%.511s: about %u further round%s would tell",
			 row->cell->allocator, row->rounds_more,
			 row->rounds_more == 1 ? "" : "s");
	printout_note(printout, "inconclusive: ", text);
}

/* Which library served; one note for twin and planted rows together. */
static void note_library(struct printout *printout,
			 const struct results_cell *cell)
{
	char served[NOTE_MAX / 2], text[NOTE_MAX];

	if (cell->role == ROLE_TWIN || cell->role == ROLE_PLANTED ||
	    !results_library(cell, false, served, sizeof(served)))
		return;
	snprintf(text, sizeof(text), "%.511s: %s%s", cell->allocator, served,
		 cell->library.changed ? "; not the same in all samples" : "");
	printout_note(printout, "library: ", text);
}

void printout_print_notes(struct printout *printout,
			  const struct table_group *group)
{
	const struct results_file *file = printout->table->file;
	char text[NOTE_MAX];
	unsigned int i;

	for (i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == group->group)
			note_library(printout, &file->cells[i]);
	printout_print_taint(printout, group);
	if (file->repeat <= 1)
		printout_print_drift(printout, group);
	for (i = 0; i < group->rows_count; i++)
		note_not_exercised(printout, &group->rows[i]);
	for (i = 0; i < group->rows_count; i++)
		note_more(printout, &group->rows[i]);
	for (i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->group != group->group)
			continue;
		if (cell->skipped) {
			snprintf(text, sizeof(text), "%.511s: %.511s",
				 cell->allocator, cell->skipped);
			printout_note(printout, "skipped: ", text);
		}
		note_failed(printout, cell);
		note_invalid(printout, cell);
	}
}

static void note_intervals(struct printout *printout)
{
	const struct table *table = printout->table;
	char together[80] = "", text[NOTE_MAX];

	if (table->compared > 1)
		snprintf(together, sizeof(together),
			 " each, %.4g %% for all %u together",
			 100 * TABLE_LEVEL, table->compared);
	snprintf(text, sizeof(text),
		 "%.4g %% for medians; ratios are paired by round, %.4g %%%s "
		 "(exact sign test)",
		 100 * TABLE_LEVEL, 100 * table->level, together);
	printout_note(printout, "intervals: ", text);
}

/* Counters that are missing for one reason share a note. */
static void note_missing_counters(struct printout *printout)
{
	const struct results_file *file = printout->table->file;
	char text[2 * NOTE_MAX];
	unsigned int i, j;
	size_t used;

	for (i = 0; i < file->counters_count; i++) {
		const char *why = file->counters[i].missing;

		for (j = 0; why && j < i; j++)
			if (file->counters[j].missing &&
			    strcmp(file->counters[j].missing, why) == 0)
				break;
		if (!why || j < i)
			continue;
		for (used = 0; j < file->counters_count; j++)
			if (file->counters[j].missing &&
			    strcmp(file->counters[j].missing, why) == 0 &&
			    used < NOTE_MAX)
				used += (size_t)snprintf(
					text + used, sizeof(text) - used,
					"%s%.64s", used > 0 ? ", " : "",
					file->counters[j].name);
		snprintf(text + used, sizeof(text) - used, ": %.511s", why);
		printout_note(printout, "not counted: ", text);
	}
}

static void note_ending(struct printout *printout)
{
	const struct results_file *file = printout->table->file;

	if (!file->ended)
		printout_note(
			printout, "interrupted: ",
			"the file has no end line: this is what was measured "
			"until then");
	else if (file->status && strcmp(file->status, "interrupted") == 0)
		printout_note(
			printout, "interrupted: ",
			"the run was stopped before its end: this is what was "
			"measured until then");
	if (file->torn)
		printout_note(
			printout, "torn: ",
			"the last line of the file was cut and is left out");
}

void printout_print_end(struct printout *printout)
{
	if (printout->table->compared > 0)
		note_intervals(printout);
	if (printout->table->file->repeat <= 1)
		printout_print_drift_end(printout);
	else
		printout_print_warmup_end(printout);
	note_missing_counters(printout);
	printout_print_unseen(printout);
	printout_print_resumed(printout);
	note_ending(printout);
	printout_print_names(printout);
}
