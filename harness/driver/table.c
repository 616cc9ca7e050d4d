/* table - a run's table: its heading, its groups, its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/group_units.h"
#include "driver/names.h"
#include "driver/table.h"
#include "driver/table_parts.h"
#include "driver/table_tails.h"
#include "driver/table_threads.h"

#define HEADING_MAX 1600

/* What was measured where: one line, or two. */
static void table_heading(const struct printout *printout)
{
	const struct json *run = printout->table->file->run;
	const char *label = json_text(run, "label", "");
	const char *note = json_text(run, "placement.note", "");
	char text[HEADING_MAX];

	snprintf(text, sizeof(text),
		 "%s%.80s%sregrow %.60s, %.40s, %.100s, Linux %.80s, seed "
		 "%lld",
		 label[0] ? "\"" : "", label, label[0] ? "\", " : "",
		 json_text(run, "regrow", "of an unknown version"),
		 json_text(run, "started", "at an unknown time"),
		 json_text(run, "machine.cpu_model", "an unknown CPU"),
		 json_text(run, "machine.kernel", "of an unknown release"),
		 (long long)json_count(run, "plan.seed", 0));
	style_wrap(printout->style, EMPHASIS_FAINT, "", text, printout->stream);
	if (note[0])
		style_wrap(printout->style, EMPHASIS_FAINT, "", note,
			   printout->stream);
}

/* By what samples are compared. */
static const char *clock_text(const struct results_file *file,
			      enum figure_index clock)
{
	const struct machine_unit unit = group_units_of_file(file);

	if (machine_units_same(&unit, &machine_units_instructions))
		return "instructions";
	return clock == FIGURE_CPU_NS ? "CPU time of the thread" : "wall";
}

static void table_group_heading(const struct printout *printout,
				const struct table_group *group)
{
	const char *mode = names_mode(group->group->thp, group->group->layout);
	uint64_t checks = printout->table->file->passes[PASS_CHECKING].rounds;
	char text[HEADING_MAX];

	if (group->group->skipped)
		snprintf(text, sizeof(text), "%.511s, %s",
			 group->group->workload, mode);
	else if (printout->table->file->counts)
		snprintf(text, sizeof(text),
			 "%.511s, %s, counted in %llu round%s, %u thread%s",
			 group->group->workload, mode,
			 (unsigned long long)checks, checks == 1 ? "" : "s",
			 group->group->threads,
			 group->group->threads == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text),
			 "%.511s, %s, %zu round%s, %u thread%s, clock: %s",
			 group->group->workload, mode, group->rounds,
			 group->rounds == 1 ? "" : "s", group->group->threads,
			 group->group->threads == 1 ? "" : "s",
			 clock_text(printout->table->file, group->clock));
	fputc('\n', printout->stream);
	style_wrap(printout->style, EMPHASIS_STRONG, "", text,
		   printout->stream);
}

static int table_group(struct printout *printout,
		       const struct table_group *group)
{
	int error;

	table_group_heading(printout, group);
	printout_begin_units(printout, group);
	if (group->group->skipped) {
		style_wrap(printout->style, EMPHASIS_NONE,
			   "skipped: ", group->group->skipped,
			   printout->stream);
		return 0;
	}
	if (printout->table->file->counts)
		error = 0;
	else if (printout->table->file->repeat > 1)
		error = printout_print_warmup(printout, group);
	else
		error = printout_print_times(printout, group);
	if (error)
		return error;
	printout_print_checks(printout, group);
	printout_print_notes(printout, group);
	error = printout_print_growths(printout, group);
	if (!error)
		error = printout_print_memory(printout, group);
	if (!error)
		error = printout_print_map(printout, group);
	if (!error)
		error = printout_print_latencies(printout, group);
	if (!error)
		error = printout_print_tails(printout, group);
	if (!error)
		error = printout_print_cold(printout, group);
	if (!error)
		error = printout_print_counters(printout, group);
	return error;
}

int table_print(const struct results_file *file, const struct style *style,
		FILE *stream)
{
	struct table table;
	struct printout *printout = calloc(1, sizeof(*printout));
	unsigned int i;
	int error = -ENOMEM;

	if (!printout)
		return error;
	error = table_compute(file, &table);
	if (error) {
		free(printout);
		return error;
	}
	printout->table = &table;
	printout->style = style;
	printout->stream = stream;
	table_heading(printout);
	for (i = 0; i < table.groups_count && !error; i++)
		error = table_group(printout, &table.groups[i]);
	if (!error)
		error = printout_print_shapes(printout, file);
	if (!error)
		error = printout_print_threads(printout, file);
	fputc('\n', stream);
	if (!error)
		printout_print_end(printout);
	table_free(&table);
	free(printout);
	return error;
}
