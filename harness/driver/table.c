/* table - a run's table: its heading, its groups, its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"
#include "driver/table.h"
#include "driver/table_parts.h"

#define HEADING_MAX 1600

/* What was measured where: one line, or two. */
static void table_heading(const struct sheet *sheet)
{
	const struct json *run = sheet->table->file->run;
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
	style_wrap(sheet->style, EMPHASIS_FAINT, "", text, sheet->stream);
	if (note[0])
		style_wrap(sheet->style, EMPHASIS_FAINT, "", note,
			   sheet->stream);
}

static void table_group_heading(const struct sheet *sheet,
				const struct table_group *group)
{
	char text[HEADING_MAX];

	if (group->group->skipped)
		snprintf(text, sizeof(text), "%.511s, THP %s",
			 group->group->workload, thp_names[group->group->thp]);
	else
		snprintf(text, sizeof(text),
			 "%.511s, THP %s, %zu round%s, %u thread%s, clock: %s",
			 group->group->workload, thp_names[group->group->thp],
			 group->rounds, group->rounds == 1 ? "" : "s",
			 group->threads, group->threads == 1 ? "" : "s",
			 group->clock == FIGURE_CPU_NS ? "CPU time of the "
							 "thread"
						       : "wall");
	fputc('\n', sheet->stream);
	style_wrap(sheet->style, EMPHASIS_STRONG, "", text, sheet->stream);
}

static int table_group(struct sheet *sheet, const struct table_group *group)
{
	int error;

	table_group_heading(sheet, group);
	if (group->group->skipped) {
		style_wrap(sheet->style, EMPHASIS_NONE,
			   "skipped: ", group->group->skipped, sheet->stream);
		return 0;
	}
	error = sheet_print_times(sheet, group);
	fputc('\n', sheet->stream);
	if (!error)
		error = sheet_print_memory(sheet, group);
	if (!error)
		error = sheet_print_latencies(sheet, group);
	if (!error)
		error = sheet_print_counters(sheet, group);
	if (!error)
		sheet_print_notes(sheet, group);
	return error;
}

int table_print(const struct results_file *file, const struct style *style,
		FILE *stream)
{
	struct table table;
	struct sheet *sheet = calloc(1, sizeof(*sheet));
	unsigned int i;
	int error = -ENOMEM;

	if (!sheet)
		return error;
	error = table_compute(file, &table);
	if (error) {
		free(sheet);
		return error;
	}
	sheet->table = &table;
	sheet->style = style;
	sheet->stream = stream;
	table_heading(sheet);
	for (i = 0; i < table.groups_count && !error; i++)
		error = table_group(sheet, &table.groups[i]);
	fputc('\n', stream);
	if (!error)
		sheet_print_end(sheet);
	table_free(&table);
	free(sheet);
	return error;
}
