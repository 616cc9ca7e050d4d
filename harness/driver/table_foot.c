/* table_foot - under a group's table: what its checks of itself found. */
#include <string.h>

#include "driver/cells.h"
#include "driver/names.h"
#include "driver/table_checks.h"
#include "driver/table_parts.h"

#define FOOT_MAX 1600

void printout_note(struct printout *printout, const char *lead,
		   const char *text)
{
	style_wrap(printout->style, EMPHASIS_NONE, lead, text,
		   printout->stream);
}

static void foot_noise(struct printout *printout,
		       const struct table_group *group)
{
	const struct table_row *twin = table_row_of(group, ROLE_TWIN);
	char ratio[GRID_TEXT_MAX], text[FOOT_MAX];

	if (!twin || twin->ratio.pairs == 0) {
		printout_note(printout, "noise floor: ",
			      "not known: the reference and its twin have no "
			      "round in common");
		return;
	}
	printout_ratio_interval(printout, &twin->ratio, ratio);
	snprintf(text, sizeof(text),
		 "the reference against itself: %s over %zu pairs", ratio,
		 twin->ratio.pairs);
	printout_note(printout, "noise floor: ", text);
}

static const char *planted_word(const struct table_row *row)
{
	if (row->ratio.pairs < VERDICT_PAIRS_MIN)
		return "";
	return table_finds(row) ? " found" : " not found";
}

/* What the last of the planted rows, without which nothing is said, means. */
static const char *planted_end(const struct table_row *row)
{
	if (row->ratio.pairs < VERDICT_PAIRS_MIN)
		return "; below 12 rounds nothing is concluded";
	if (row->cell->planted_percent == CELLS_PLANTED_PERCENT &&
	    !table_finds(row))
		return ": what is less than that cannot be seen here, and "
		       "nothing is concluded";
	return "";
}

/* "+5 % found: 1.052 (1.040..1.060)", and the next one behind it. */
static void foot_planted(struct printout *printout,
			 const struct table_group *group)
{
	char ratio[GRID_TEXT_MAX], text[FOOT_MAX] = "";
	const struct table_row *last = NULL;
	size_t used = 0;

	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];

		if (row->cell->role != ROLE_PLANTED || row->ratio.pairs == 0 ||
		    used > FOOT_MAX / 2)
			continue;
		printout_ratio_interval(printout, &row->ratio, ratio);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s+%u %%%s: %s", last ? "; " : "",
					 row->cell->planted_percent,
					 planted_word(row), ratio);
		last = row;
	}
	snprintf(text + used, sizeof(text) - used, "%s",
		 last ? planted_end(last)
		      : "nothing was measured, and so there is no verdict");
	printout_note(printout, "planted: ", text);
}

static void foot_checks(struct printout *printout,
			const struct table_group *group)
{
	struct group_checks checks;
	char text[FOOT_MAX], part[640];
	size_t used;

	table_check(printout->table->file, group, &checks);
	used = (size_t)snprintf(text, sizeof(text),
				"memory held what was written in %zu of %zu "
				"samples; page faults as computed in %zu",
				checks.contents_held, checks.samples,
				checks.faults_agree);
	if (checks.faults_differ > 0)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 ", others in %zu",
					 checks.faults_differ);
	part[0] = '\0';
	if (checks.silent_why)
		snprintf(part, sizeof(part), " (%s)", checks.silent_why);
	if (checks.faults_silent > 0)
		snprintf(text + used, sizeof(text) - used,
			 ", no oracle for %zu%s", checks.faults_silent, part);
	printout_note(printout, "checks: ", text);
}

static void foot_margin(struct printout *printout,
			const struct table_group *group)
{
	char percent[GRID_TEXT_MAX], text[FOOT_MAX];
	bool compared = false;

	for (unsigned int i = 0; i < group->rows_count; i++)
		compared |= group->rows[i].judged;
	if (!compared)
		return;
	printout_percent(group->margin, percent);
	snprintf(text, sizeof(text), "SAME is said within %s: %s", percent,
		 group->margin_asked ? "as asked for"
		 : group->margin == verdict_margin(NULL)
			 ? "the noise floor does not lie within 1 %"
			 : "the noise floor lies within 1 %");
	printout_note(printout, "margin: ", text);
}

static void foot_clock(struct printout *printout,
		       const struct table_group *group)
{
	if (group->group->clock_why && group->group->clock_why[0] != '\0')
		printout_note(printout, "clock: ", group->group->clock_why);
}

void printout_print_checks(struct printout *printout,
			   const struct table_group *group)
{
	fputc('\n', printout->stream);
	if (printout->table->file->counts) {
		printout_print_counted(printout, group);
	} else if (printout->table->file->repeat > 1) {
		printout_note(printout, "not compared: ",
			      "each process repeats its work (see repeated, "
			      "below)");
	} else {
		foot_noise(printout, group);
		foot_planted(printout, group);
		foot_margin(printout, group);
		foot_clock(printout, group);
	}
	foot_checks(printout, group);
}
