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

static void heading(const struct printout *printout, const char *text)
{
	fputc('\n', printout->stream);
	style_wrap(printout->style, EMPHASIS_STRONG, "", text,
		   printout->stream);
}

static void intro_print(const struct machines *machines,
			const struct printout *printout)
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
	style_wrap(printout->style, EMPHASIS_NONE, "measured: ", text,
		   printout->stream);
	if (machines->nameless == 0)
		return;
	snprintf(text, sizeof(text),
		 "%u run%s without a host's name (--anonymous): machines whose "
		 "facts are alike count as one",
		 machines->nameless, machines->nameless == 1 ? " is" : "s are");
	style_wrap(printout->style, EMPHASIS_NONE, "nameless: ", text,
		   printout->stream);
}

static void apart_print(const struct machines *machines,
			const struct printout *printout)
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
		style_wrap(printout->style, EMPHASIS_STRONG,
			   apart->failed ? "not read: " : "set apart: ", text,
			   printout->stream);
	}
	if (count > APART_SHOWN)
		fprintf(printout->stream, "and %u more: --json has them all\n",
			count - APART_SHOWN);
}

/* The machines of the tables, and what they are. */
static void legend_print(const struct machines *machines,
			 const struct printout *printout, const bool *named)
{
	char text[2048], name[64], lead[72];
	unsigned int left_out = 0;

	fputc('\n', printout->stream);
	for (unsigned int i = 0; i < machines->machines_count; i++) {
		const struct machines_machine *machine = &machines->machines[i];

		if (!named[i] && machines->machines_count > MACHINES_SHOWN) {
			left_out++;
			continue;
		}
		style_clean(printout->style, machine->name, name, sizeof(name));
		snprintf(lead, sizeof(lead), "%s: ", name);
		snprintf(text, sizeof(text),
			 "%.256s%s%s; %u run%s on %u kernel%s",
			 machine->host != NULL ? machine->host : "",
			 machine->host != NULL ? ", " : "", machine->facts,
			 machine->runs, machine->runs == 1 ? "" : "s",
			 machine->groups_count,
			 machine->groups_count == 1 ? "" : "s");
		style_wrap(printout->style, EMPHASIS_NONE, lead, text,
			   printout->stream);
	}
	if (left_out > 0)
		fprintf(printout->stream,
			"and %u machines that no table names: --json has them "
			"all\n",
			left_out);
}

static void notes_print(const struct printout *printout)
{
	char text[1024];

	fputc('\n', printout->stream);
	snprintf(text, sizeof(text),
		 "the ratio to the reference of the same run, paired in its "
		 "rounds; of a machine the median over its runs on a kernel, "
		 "then over its kernels. Each machine counts once. The "
		 "interval of the median over machines is by order statistics, "
		 "those of all tables together at 0.95; machines are taken as "
		 "drawn from those that one wants to know of.");
	style_wrap(printout->style, EMPHASIS_NONE, "effect: ", text,
		   printout->stream);
	snprintf(text, sizeof(text),
		 "of a machine, where it has %d runs or more on a kernel: by "
		 "their interval of at least %.3g, each machine for itself. "
		 "Where there is no difference at all, up to %.3g %% of the "
		 "machines are FASTER by chance, and as many SLOWER.",
		 MACHINES_RUNS_MIN, MACHINES_LEVEL, 50 * (1 - MACHINES_LEVEL));
	style_wrap(printout->style, EMPHASIS_NONE, "verdicts: ", text,
		   printout->stream);
}

/* What proves that runs can see an effect, where it did not in all. */
static void planted_print(const struct printout *printout,
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
	style_wrap(printout->style, EMPHASIS_NONE, "planted: ", text,
		   printout->stream);
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

static int block_print(const struct machines *machines,
		       struct printout *printout, unsigned int place,
		       bool *named)
{
	const struct machines_block *block = &machines->blocks[place];
	char text[2 * SPEC_TEXT_MAX + 256];
	int error;

	snprintf(text, sizeof(text),
		 "%s, %s, clock: %s: each machine's ratio to %s (below 1: "
		 "faster)",
		 block->workload, names_mode(block->thp, block->layout),
		 clock_names[block->clock], block->reference);
	heading(printout, text);
	error = machines_table_effect(machines, printout, place, named);
	if (error == 0) {
		fputc('\n', printout->stream);
		error = machines_table_verdicts(machines, printout, place);
		planted_print(printout, &block->planted);
	}
	if (error == 0) {
		times_head(&block->unit, text, sizeof(text));
		heading(printout, text);
		error = machines_table_times(machines, printout, place, named);
	}
	if (error == 0 && machines->kernels_count > 1)
		error = machines_table_kernels(machines, printout, place,
					       named);
	return error;
}

int machines_print(const struct machines *machines, const struct style *style,
		   FILE *stream)
{
	struct printout *printout = calloc(1, sizeof(*printout));
	bool *named = calloc(machines->machines_count + 1, sizeof(*named));
	int error = printout != NULL && named != NULL ? 0 : -ENOMEM;

	if (error == 0) {
		printout->style = style;
		printout->stream = stream;
		intro_print(machines, printout);
		apart_print(machines, printout);
	}
	for (unsigned int i = 0; i < machines->blocks_count && error == 0; i++)
		if (!machines->blocks[i].apart)
			error = block_print(machines, printout, i, named);
	if (error == 0) {
		legend_print(machines, printout, named);
		notes_print(printout);
		printout_print_names(printout);
	}
	free(printout);
	free(named);
	return error;
}
