/* doctor_text - the doctor's report for people. */
#include <stdlib.h>
#include <string.h>

#include "driver/doctor_parts.h"
#include "driver/doctor_print.h"

/* In the order of the report. */
static const enum doctor_state order[] = {
	DOCTOR_BAD, DOCTOR_BETTER, DOCTOR_UNKNOWN, DOCTOR_APART, DOCTOR_GOOD};

static const char *const change_labels[DOCTOR_MEANS_COUNT] = {
	[DOCTOR_NONE] = "",
	[DOCTOR_ROOT] = "    change  ",
	[DOCTOR_SHELL] = "    start   ",
	[DOCTOR_BOOT] = "    boot    ",
};

static void print_head(const struct doctor_system *system,
		       const struct style *style, FILE *stream)
{
	const struct placement *placement = system->placement;
	char cpus[DOCTOR_LIST_MAX];
	char text[DOCTOR_LIST_MAX + 256];
	int used;

	doctor_cpus_text(system, cpus, sizeof(cpus));
	used = snprintf(text, sizeof(text), "Linux %.64s; measuring on CPU %s",
			system->release,
			placement->cpus[0] < 0 || cpus[0] == 0 ? "?" : cpus);
	if (placement->driver_cpu >= 0)
		used += snprintf(text + used, sizeof(text) - (size_t)used,
				 ", the driver on CPU %d",
				 placement->driver_cpu);
	if (placement->probe_cpu >= 0)
		snprintf(text + used, sizeof(text) - (size_t)used,
			 ", the noise probe on CPU %d", placement->probe_cpu);
	style_wrap(style, EMPHASIS_NONE, "", text, stream);
}

/* "  governor: powersave on CPU 2", the name as the style's strong. */
static void print_name(const struct doctor_finding *finding,
		       enum emphasis emphasis, const struct style *style,
		       FILE *stream)
{
	const char *what =
		finding->reason != NULL ? finding->reason : finding->is;
	char *line = NULL;

	if (asprintf(&line, "%s: %s", finding->name,
		     what != NULL ? what : "?") < 0)
		return;
	style_wrap(style, emphasis, "  ", line, stream);
	free(line);
}

/* A line for each command, never broken: it is to be copied. */
static void print_commands(const char *label, const char *commands,
			   FILE *stream)
{
	const char *line = commands;

	while (line != NULL && *line != 0) {
		size_t length = strcspn(line, "\n");

		fprintf(stream, "%s%.*s\n", label, (int)length, line);
		label = "            ";
		line += length + (line[length] == '\n');
	}
}

static void print_finding(const struct doctor_finding *finding,
			  const struct style *style, FILE *stream)
{
	print_name(finding,
		   finding->state == DOCTOR_BAD ? EMPHASIS_STRONG
						: EMPHASIS_NONE,
		   style, stream);
	if (finding->better != NULL)
		style_wrap(style, EMPHASIS_NONE, "    better  ",
			   finding->better, stream);
	style_wrap(style, EMPHASIS_NONE, "    why     ", finding->why, stream);
	style_wrap(style, EMPHASIS_NONE, "    cost    ", finding->cost, stream);
	print_commands(change_labels[finding->means], finding->change, stream);
	print_commands("    undo    ", finding->undo, stream);
}

/* The names alone, on as many lines as they take. */
static void print_names(const struct doctor_report *report,
			enum doctor_state state, const struct style *style,
			FILE *stream)
{
	char names[DOCTOR_FINDINGS_MAX * 24] = "";
	size_t used = 0;

	for (unsigned int i = 0; i < report->count; i++)
		if (report->findings[i].state == state && used < sizeof(names))
			used += (size_t)snprintf(
				names + used, sizeof(names) - used, "%s%s",
				used > 0 ? ", " : "", report->findings[i].name);
	style_wrap(style, EMPHASIS_NONE, "  ", names, stream);
}

static void print_state(const struct doctor_report *report,
			enum doctor_state state, bool all,
			const struct style *style, FILE *stream)
{
	if (report->states[state] == 0)
		return;
	fprintf(stream, "\n%s%s%s (%u)\n", style_begin(style, EMPHASIS_STRONG),
		doctor_state_names[state], style_end(style, EMPHASIS_STRONG),
		report->states[state]);
	if (state == DOCTOR_GOOD && !all) {
		print_names(report, state, style, stream);
		return;
	}
	for (unsigned int i = 0; i < report->count; i++) {
		const struct doctor_finding *finding = &report->findings[i];

		if (finding->state != state)
			continue;
		if (finding->better != NULL)
			print_finding(finding, style, stream);
		else
			print_name(finding, EMPHASIS_NONE, style, stream);
	}
}

static bool has_means(const struct doctor_report *report,
		      enum doctor_means means)
{
	for (unsigned int i = 0; i < report->count; i++)
		if (report->findings[i].change != NULL &&
		    report->findings[i].means == means)
			return true;
	return false;
}

void doctor_print_text(const struct doctor_system *system,
		       const struct doctor_report *report, bool all,
		       const struct style *style, FILE *stream)
{
	print_head(system, style, stream);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		print_state(report, order[i], all, style, stream);
	fputc('\n', stream);
	if (has_means(report, DOCTOR_ROOT))
		style_wrap(style, EMPHASIS_NONE, "",
			   "Nothing was changed. The commands are root's; as "
			   "scripts: regrow doctor --script=undo >undo.sh "
			   "first, then regrow doctor --script=change | sudo "
			   "sh, and sudo sh undo.sh at the end.",
			   stream);
	else
		style_wrap(style, EMPHASIS_NONE, "", "Nothing was changed.",
			   stream);
}
