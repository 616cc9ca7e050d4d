/* command_export - `regrow export FILE...`: samples for other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/suggest.h"
#include "driver/cli.h"
#include "driver/export.h"

static const char documentation[] =
	"Write the samples of results files in a format that other programs "
	"read.\v"
	"Formats:\n"
	"  csv       a row for each sample, a column for each figure\n"
	"  hdr       latencies by percentile, as HdrHistogram's plotter reads "
	"them\n"
	"  pyperf    JSON of valid timing samples, for pyperf\n"
	"  benchfmt  a line for each valid timing sample, for Go's benchstat\n"
	"  sqlite    a script that makes a database, for sqlite3\n"
	"\n"
	"Examples:\n"
	"  regrow export example.jsonl >example.csv\n"
	"  regrow export example.jsonl --format hdr -o latencies\n"
	"  regrow export example.jsonl --format pyperf -o example.json\n"
	"  regrow export example.jsonl --format benchfmt |\n"
	"      benchstat -table /workload -row /thp -col /allocator -\n"
	"  regrow export monday.jsonl tuesday.jsonl --format sqlite |\n"
	"      sqlite3 new.db";

static const struct argp_option options_table[] = {
	{"format", 'f', "FORMAT", 0, "One of those below (standard: csv)", 0},
	{"output", 'o', "PATH", 0,
	 "A file that is made when all of it is written, or with hdr a folder "
	 "of one file for each histogram (standard: standard output)",
	 0},
	{0},
};

static const struct export_format *format_find(const char *name,
					       struct argp_state *state)
{
	struct suggestion suggestion = {.wrong = name};
	char known[128] = "";

	for (unsigned int i = 0; export_formats[i]; i++) {
		if (strcmp(export_formats[i]->name, name) == 0)
			return export_formats[i];
		suggest_offer(&suggestion, export_formats[i]->name);
		snprintf(known + strlen(known), sizeof(known) - strlen(known),
			 "%s%s", i > 0 ? ", " : "", export_formats[i]->name);
	}
	if (suggestion.best)
		argp_error(state, "no format '%s'; did you mean '%s'?", name,
			   suggestion.best);
	argp_error(state, "no format '%s'; there are %s", name, known);
	return NULL;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct export_request *request = state->input;

	switch (key) {
	case 'f':
		request->format = format_find(argument, state);
		return 0;
	case 'o':
		request->output = argument;
		return 0;
	case ARGP_KEY_ARGS:
		request->paths = (const char *const *)state->argv + state->next;
		request->count = (unsigned int)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which results file?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int export_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .args_doc = "FILE...",
				  .doc = documentation};
	struct export_request request = {.format = export_formats[0],
					 .stream = stdout};
	int status = cli_parse(&argp, argc, argv, &request);
	char why[512];
	int error;

	if (status)
		return status;
	error = export_files(&request, why, sizeof(why));
	if (error == -ENODATA)
		return cli_fail(STATUS_NOTHING_MEASURED, "%s", why);
	return error ? cli_fail(STATUS_FILE, "%s", why) : STATUS_DONE;
}

const struct command command_export = {
	.name = "export",
	.summary = "the samples of results files for other programs",
	.run = export_run,
};
