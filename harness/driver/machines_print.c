/* machines_print - results of many machines, for people. */
#include "driver/machines_print.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/cells.h"
#include "driver/machines_tables.h"
#include "driver/names.h"

#define APART_SHOWN 20 /* lines; --json has all */

static void intro_print(const struct machines *machines,
			const struct page *page)
{
	const struct compare_fact *builds =
		compare_facts_find(&machines->builds, "regrow");
	char text[1024], build[512] = "none";

	if (builds != NULL)
		compare_fact_text(builds, machines->runs, build, sizeof(build));
	snprintf(text, sizeof(text),
		 "%u machine%s, %u kernel%s, %u run%s (%u interrupted, %u with "
		 "a torn last line); regrow %s",
		 machines->machines_count,
		 machines->machines_count == 1 ? "" : "s",
		 machines->kernels_count,
		 machines->kernels_count == 1 ? "" : "s", machines->runs,
		 machines->runs == 1 ? "" : "s", machines->interrupted,
		 machines->torn, build);
	page_note(page, EMPHASIS_NONE, "measured: ", text);
	if (machines->nameless == 0)
		return;
	snprintf(text, sizeof(text),
		 "%u run%s without a host's name (--anonymous): machines whose "
		 "facts are alike count as one",
		 machines->nameless, machines->nameless == 1 ? " is" : "s are");
	page_note(page, EMPHASIS_NONE, "nameless: ", text);
}

static void apart_print(const struct machines *machines,
			const struct page *page)
{
	char text[2048];

	unsigned int count = machines->apart_count;

	for (unsigned int i = 0; i < count && i < APART_SHOWN; i++) {
		const struct machines_apart *apart = &machines->apart[i];

		if (apart->failed)
			snprintf(text, sizeof(text), "%s", apart->reason);
		else
			snprintf(text, sizeof(text), "%u run%s: %s%s%.512s",
				 apart->runs, apart->runs == 1 ? "" : "s",
				 apart->reason,
				 apart->path[0] ? "; the first: " : "",
				 apart->path);
		page_note(page, EMPHASIS_STRONG,
			  apart->failed ? "not read: " : "set apart: ", text);
	}
	if (count > APART_SHOWN) {
		snprintf(text, sizeof(text), "and %u more: --json has them all",
			 count - APART_SHOWN);
		page_note(page, EMPHASIS_NONE, "", text);
	}
}

/* The machines of the tables, and what they are. */
static void legend_print(const struct machines *machines,
			 const struct page *page, const bool *named)
{
	char text[2048], name[64], lead[72];
	unsigned int left_out = 0;

	page_gap(page);
	for (unsigned int i = 0; i < machines->machines_count; i++) {
		const struct machines_machine *machine = &machines->machines[i];

		if (!named[i] && machines->machines_count > MACHINES_SHOWN) {
			left_out++;
			continue;
		}
		style_clean(page->printout.style, machine->name, name,
			    sizeof(name));
		snprintf(lead, sizeof(lead), "%s: ", name);
		snprintf(text, sizeof(text),
			 "%.256s%s%s; %u run%s on %u kernel%s",
			 machine->host != NULL ? machine->host : "",
			 machine->host != NULL ? ", " : "", machine->facts,
			 machine->runs, machine->runs == 1 ? "" : "s",
			 machine->groups_count,
			 machine->groups_count == 1 ? "" : "s");
		page_note(page, EMPHASIS_NONE, lead, text);
	}
	if (left_out > 0) {
		snprintf(text, sizeof(text),
			 "and %u machines that no table names: --json has them "
			 "all",
			 left_out);
		page_note(page, EMPHASIS_NONE, "", text);
	}
}

static void notes_print(const struct page *page)
{
	char text[1024];

	page_gap(page);
	snprintf(text, sizeof(text),
		 "the ratio to the reference of the same run, paired in its "
		 "rounds; of a machine the median over its runs on a kernel, "
		 "then over its kernels. Each machine counts once. The "
		 "interval of the median over machines is by order statistics, "
		 "those of all tables together at 0.95; machines are taken as "
		 "drawn from those that one wants to know of.");
	page_note(page, EMPHASIS_NONE, "effect: ", text);
	snprintf(text, sizeof(text),
		 "of a machine, where it has %d runs or more on a kernel: by "
		 "their interval of at least %.3g, each machine for itself. "
		 "Where there is no difference at all, up to %.3g %% of the "
		 "machines are FASTER by chance, and as many SLOWER.",
		 MACHINES_RUNS_MIN, MACHINES_LEVEL, 50 * (1 - MACHINES_LEVEL));
	page_note(page, EMPHASIS_NONE, "verdicts: ", text);
}

/* What proves that runs can see an effect, where it did not in all. */
static void planted_print(const struct page *page,
			  const struct compare_planted *planted)
{
	char text[512];

	if (planted->found == planted->runs)
		return;
	snprintf(text, sizeof(text),
		 "the +%d %% that a run plants was not found in %u and not "
		 "measured in %u of %u run%s: nothing proves that these can "
		 "see as much; what is said of a machine rests on how its runs "
		 "agree",
		 CELLS_PLANTED_PERCENT, planted->missed,
		 planted->runs - planted->found - planted->missed,
		 planted->runs, planted->runs == 1 ? "" : "s");
	if (page->markdown)
		page_gap(page); /* else it is a row of the table */
	page_note(page, EMPHASIS_NONE, "planted: ", text);
}

/* And what a unit is, where times are in units of the machine. */
static void times_head(const struct compare_unit *unit, char *text, size_t size)
{
	char least[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
	int used = snprintf(text, size, "Times of a sample");

	if (unit->name == NULL)
		return;
	used += snprintf(text + used, size - (size_t)used, ", in %s",
			 compare_unit_name(unit));
	if (unit->names_differ)
		return;
	units_read_time(unit->ns_min, least);
	units_read_time(unit->ns_max, most);
	snprintf(text + used, size - (size_t)used,
		 ", by each run's own calibration; one takes %s to %s", least,
		 most);
}

static int block_print(const struct machines *machines, struct page *page,
		       unsigned int place, bool *named)
{
	const struct machines_block *block = &machines->blocks[place];
	char text[2 * SPEC_TEXT_MAX + 256];
	int error;

	snprintf(text, sizeof(text),
		 "%s, %s, clock: %s: each machine's ratio to %s (below 1: "
		 "faster)",
		 block->workload, names_mode(block->thp, block->layout),
		 clock_names[block->clock], block->reference);
	page_heading(page, text);
	error = machines_table_effect(machines, page, place, named);
	if (error == 0) {
		page_gap(page);
		error = machines_table_verdicts(machines, page, place);
		planted_print(page, &block->planted);
	}
	if (error == 0) {
		times_head(&block->unit, text, sizeof(text));
		page_heading(page, text);
		error = machines_table_times(machines, page, place, named);
	}
	if (error == 0 && machines->kernels_count > 1)
		error = machines_table_kernels(machines, page, place, named);
	return error;
}

static int page_print(const struct machines *machines,
		      const struct style *style, bool markdown, FILE *stream)
{
	struct page *page = calloc(1, sizeof(*page));
	bool *named = calloc(machines->machines_count + 1, sizeof(*named));
	int error = page != NULL && named != NULL ? 0 : -ENOMEM;

	if (error == 0) {
		page->markdown = markdown;
		page->printout.style = style;
		page->printout.stream = stream;
		page_title(page, "regrow compare --machines");
		intro_print(machines, page);
		apart_print(machines, page);
	}
	for (unsigned int i = 0; i < machines->blocks_count && error == 0; i++)
		if (!machines->blocks[i].apart)
			error = block_print(machines, page, i, named);
	if (error == 0) {
		legend_print(machines, page, named);
		notes_print(page);
		page_names(page);
	}
	free(page);
	free(named);
	return error;
}

int machines_print(const struct machines *machines, const struct style *style,
		   FILE *stream)
{
	return page_print(machines, style, false, stream);
}

int machines_markdown(const struct machines *machines, FILE *stream)
{
	static const struct style style = {.utf8 = true};

	return page_print(machines, &style, true, stream);
}
