/* command_plot - `regrow plot FILE...`: the figures of results files. */
#include <stddef.h>

#include "driver/cli.h"
#include "driver/cli_values.h"
#include "driver/present.h"

static const char documentation[] =
	"Draw the figures of results files, SVG and PNG, by gnuplot. Their data "
	"is kept beside them as plain text.\v"
	"Examples:\n"
	"  regrow plot results/example.jsonl\n"
	"  regrow plot -o figures monday.jsonl tuesday.jsonl";

enum { KEY_UNITS = 0x100 };

static const struct argp_option options_table[] = {
	{"output", 'o', "DIR", 0,
	 "Where to (standard: the first file's path without .jsonl)", 0},
	{"units", KEY_UNITS, "UNITS", 0,
	 "Times as they are (time), or as multiples of the machine's own memcpy "
	 "and page fault (machine), to lay machines side by side",
	 0},
	{"quiet", 'q', NULL, 0, "Do not name the files that are made", 0},
	{0},
};

struct plot_input {
	char **paths;
	unsigned int count;
	const char *folder;
	bool machine;
	bool quiet;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct plot_input *input = state->input;

	switch (key) {
	case 'o':
		input->folder = argument;
		return 0;
	case KEY_UNITS:
		input->machine = cli_units(state, argument);
		return 0;
	case 'q':
		input->quiet = true;
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

static int plot_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .args_doc = "FILE...",
				  .doc = documentation};
	struct plot_input input = {0};
	int status = cli_parse(&argp, argc, argv, &input);

	if (status)
		return status;
	return present_plots((const char *const *)input.paths, input.count,
			     input.folder, input.machine, input.quiet);
}

const struct command command_plot = {
	.name = "plot",
	.summary = "the figures of results files, as SVG and PNG",
	.run = plot_run,
};
