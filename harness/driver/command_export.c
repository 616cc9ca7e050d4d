/* command_export - `regrow export FILE...`: samples for other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/suggest.h"
#include "driver/cli.h"
#include "driver/export_csv.h"
#include "driver/present.h"

static const char documentation[] =
	"Write the samples of results files to standard output in a format "
	"that other programs read. csv: a row for each sample, a column for "
	"each figure; an empty field was not measured.\v"
	"Examples:\n"
	"  regrow export results/example.jsonl --format csv >example.csv\n"
	"  regrow export monday.jsonl tuesday.jsonl | sqlite3 -csv ...";

static const struct export_format {
	const char *name;
	int (*write)(const struct results *results, FILE *stream);
} formats[] = {
	{"csv", export_csv},
};

#define FORMATS_COUNT (sizeof(formats) / sizeof(formats[0]))

static const struct argp_option options_table[] = {
	{"format", 'f', "FORMAT", 0, "csv (the standard)", 0},
	{0},
};

struct export_input {
	char **paths;
	unsigned int count;
	const struct export_format *format;
};

static const struct export_format *format_find(const char *name,
					       struct argp_state *state)
{
	struct suggestion suggestion = {.wrong = name};

	for (size_t i = 0; i < FORMATS_COUNT; i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
		suggest_offer(&suggestion, formats[i].name);
	}
	if (suggestion.best)
		argp_error(state, "no format '%s'; did you mean '%s'?", name,
			   suggestion.best);
	argp_error(state, "no format '%s'; there is csv", name);
	return NULL;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct export_input *input = state->input;

	switch (key) {
	case 'f':
		input->format = format_find(argument, state);
		return 0;
	case ARGP_KEY_ARGS:
		input->paths = state->argv + state->next;
		input->count = (unsigned int)(state->argc - state->next);
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
	struct export_input input = {.format = &formats[0]};
	struct results results = {0};
	int status = cli_parse(&argp, argc, argv, &input);
	int error;

	if (!status)
		status =
			present_read(&results, (const char *const *)input.paths,
				     input.count);
	if (!status) {
		error = input.format->write(&results, stdout);
		if (error)
			status = cli_fail(STATUS_FILE, "cannot write: %s",
					  strerror(-error));
	}
	results_free(&results);
	return status;
}

const struct command command_export = {
	.name = "export",
	.summary = "the samples of results files for other programs",
	.run = export_run,
};
