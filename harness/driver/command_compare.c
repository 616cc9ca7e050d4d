/* command_compare - `regrow compare`: what changed between runs, and machines. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "driver/cli.h"
#include "driver/cli_values.h"
#include "driver/compare.h"
#include "driver/drawing_kernels.h"
#include "driver/kernels.h"
#include "driver/kernels_print.h"
#include "driver/machines_present.h"
#include "driver/present.h"

static const char documentation[] =
	"Compare results files with the first one: the same cells of both, "
	"their times by their medians and their counts exactly, and list what "
	"differs between the machines. A side is a results file, or a "
	"directory of several runs; with several runs on a side, the run is "
	"the unit.\v"
	"Examples:\n"
	"  regrow compare monday.jsonl tuesday.jsonl\n"
	"  regrow compare linux-6.1/ linux-6.18/ --markdown >comment.md\n"
	"  regrow compare main.jsonl branch.jsonl --gate --margin 3%\n"
	"  regrow compare here/ there/ --units machine\n"
	"  regrow compare --machines results/fleet/ --plot\n"
	"\n"
	"Several runs a side (five at least) tell a change from the machine's "
	"drift; one run a side cannot. With --machines there are no sides: all "
	"results files, and all below folders, are grouped by their machine "
	"and kernel.\n"
	"\n"
	"Exit status: 0 compared; 2 refused, as the two are not the same "
	"work; 5 a file could not be read; and with --gate 1 where something "
	"is slower, 3 where it cannot be told.";

enum {
	KEY_GATE = 0x100,
	KEY_GATE_COUNTS,
	KEY_FORCE,
	KEY_MARGIN,
	KEY_JSON,
	KEY_MARKDOWN,
	KEY_UNITS,
	KEY_PLOT,
	KEY_MACHINES,
};

static const struct argp_option options_table[] = {
	{"gate", KEY_GATE, NULL, 0,
	 "End with 1 where a cell is SLOWER, with 3 where one is INCONCLUSIVE",
	 0},
	{"gate-counts", KEY_GATE_COUNTS, NULL, 0,
	 "The same, and 1 where a count that is always the same grew: faults, "
	 "bytes copied, what is left in the map",
	 0},
	{"margin", KEY_MARGIN, "M", 0,
	 "SAME is within this (2% where both sides' noise lies within 1%, "
	 "else 5%)",
	 0},
	{"force", KEY_FORCE, NULL, 0,
	 "Compare also where work, parameters, THP mode, layout or the clock's "
	 "unit differ",
	 0},
	{"units", KEY_UNITS, "UNITS", 0,
	 "time, or machine: each run's times in units of what its machine's "
	 "own memcpy and page fault take",
	 0},
	{"machines", KEY_MACHINES, NULL, 0,
	 "Compare many machines and kernels: each allocator's effect, and "
	 "beside it how far the machines lie apart",
	 0},
	{"plot", KEY_PLOT, "DIR", OPTION_ARG_OPTIONAL,
	 "Of kernels of the lab: draw the heat map and the steps; of machines: "
	 "the heat map and the spread (standard: beside the first file)",
	 0},
	{"json", KEY_JSON, NULL, 0, "The same figures as JSON", 0},
	{"markdown", KEY_MARKDOWN, NULL, 0, "The tables in Markdown", 0},
	{0},
};

struct compare_input {
	char **paths;
	unsigned int count;
	struct compare_options options;
	bool gate;
	bool gate_counts;
	bool plot;
	bool machines;
	const char *folder;
	enum present_form form;
};

static void parse_form(struct compare_input *input, enum present_form form,
		       struct argp_state *state)
{
	if (input->form != PRESENT_TABLE && input->form != form)
		argp_error(state, "--json or --markdown, not both");
	input->form = form;
}

/* What it has no answer to is refused rather than left out. */
static void check_machines(const struct compare_input *input,
			   struct argp_state *state)
{
	if (input->count == 0)
		argp_error(state, "the machines of what? Results files, or "
				  "folders of them");
	else if (input->gate)
		argp_error(state, "--machines has no gate");
	else if (input->options.force)
		argp_error(state, "--machines sets apart what is not the same "
				  "work, and --force cannot overrule that");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct compare_input *input = state->input;

	switch (key) {
	case KEY_GATE:
		input->gate = true;
		return 0;
	case KEY_GATE_COUNTS:
		input->gate = input->gate_counts = true;
		return 0;
	case KEY_MARGIN:
		input->options.margin = cli_margin(state, argument);
		return 0;
	case KEY_UNITS:
		input->options.in_units = cli_units(state, argument);
		return 0;
	case KEY_FORCE:
		input->options.force = true;
		return 0;
	case KEY_PLOT:
		input->plot = true;
		input->folder = argument;
		return 0;
	case KEY_MACHINES:
		input->machines = true;
		return 0;
	case KEY_JSON:
		parse_form(input, PRESENT_JSON, state);
		return 0;
	case KEY_MARKDOWN:
		parse_form(input, PRESENT_MARKDOWN, state);
		return 0;
	case ARGP_KEY_ARGS:
		input->paths = state->argv + state->next;
		input->count = (unsigned int)(state->argc - state->next);
		return 0;
	case ARGP_KEY_END:
		if (input->machines)
			check_machines(input, state);
		else if (input->count < 2)
			argp_error(state, "compare what with what? BASE and at "
					  "least one NEW");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What of it --force overrules; repeated work is never compared. */
static bool may_be_forced(const struct compare *compare)
{
	bool repeated = compare->base.repeated > 0;

	for (unsigned int i = 0; i < compare->count; i++)
		repeated |= compare->sides[i].repeated > 0;
	return !compare->options.force && !repeated;
}

static int refuse(const struct compare *compare)
{
	for (unsigned int i = 0; i < compare->count; i++)
		for (unsigned int j = 0;
		     j < compare->comparisons[i].reasons_count; j++)
			cli_fail(STATUS_USAGE, "%s",
				 compare->comparisons[i].reasons[j]);
	return cli_fail(STATUS_USAGE, "not compared%s",
			may_be_forced(compare)
				? " (--force compares what can be matched)"
				: "");
}

static int write_out(const struct compare *compare, enum present_form form)
{
	struct style style = style_of(stdout);
	struct json *json;
	int error;

	if (form == PRESENT_TABLE)
		return compare_print(compare, &style, stdout);
	if (form == PRESENT_MARKDOWN)
		return compare_markdown(compare, stdout);
	json = compare_json(compare);
	if (json == NULL)
		return -ENOMEM;
	error = json_print(json, stdout);
	json_free(json);
	return error;
}

static int gate_status(const struct compare *compare,
		       const struct compare_input *input)
{
	static const int statuses[] = {
		[COMPARE_GATE_FINE] = STATUS_DONE,
		[COMPARE_GATE_SLOWER] = STATUS_CHECK_FAILED,
		[COMPARE_GATE_CANNOT_TELL] = STATUS_INCONCLUSIVE,
	};

	if (!input->gate)
		return STATUS_DONE;
	return statuses[compare_gate(compare, input->gate_counts)];
}

static int compare_all(const struct compare_input *input,
		       struct compare *compare)
{
	char why[1024];
	int error =
		compare_make((const char *const *)input->paths, input->count,
			     &input->options, compare, why, sizeof(why));

	if (error != 0)
		return cli_fail(STATUS_FILE, "%s", why);
	if (compare->refused)
		return refuse(compare);
	error = write_out(compare, input->form);
	if (error == 0 && fflush(stdout) != 0)
		error = -errno;
	else if (error == 0 && ferror(stdout))
		error = -EIO;
	if (error != 0)
		return cli_fail(STATUS_FILE, "cannot print the comparison: %s",
				strerror(-error));
	return gate_status(compare, input);
}

/* All of them count instructions: it is the kernels that are compared. */
static bool are_kernels(const struct compare_input *input)
{
	for (unsigned int i = 0; i < input->count; i++)
		if (!kernels_is_lab(input->paths[i]))
			return false;
	return true;
}

static int kernels_write_out(const struct kernels *kernels,
			     enum present_form form)
{
	struct style style = style_of(stdout);
	struct json *json;
	int error;

	if (form == PRESENT_TABLE)
		return kernels_print(kernels, &style, stdout);
	if (form == PRESENT_MARKDOWN)
		return kernels_markdown(kernels, stdout);
	json = kernels_json(kernels);
	if (json == NULL)
		return -ENOMEM;
	error = json_print(json, stdout);
	json_free(json);
	return error;
}

static int kernels_draw(const struct kernels *kernels,
			const struct compare_input *input)
{
	struct drawings drawings = {0};
	int status;

	if (drawings_kernels(kernels, &drawings) != 0)
		status = cli_fail(STATUS_FILE, "no memory for the figures");
	else
		status = present_drawings(&drawings, input->paths[0],
					  input->folder,
					  input->form != PRESENT_TABLE);
	drawings_free(&drawings);
	return status;
}

static int kernels_all(const struct compare_input *input)
{
	static struct kernels kernels;
	char why[1024];
	int error =
		kernels_make((const char *const *)input->paths, input->count,
			     input->options.margin, &kernels, why, sizeof(why));
	int status = STATUS_DONE;

	if (error != 0) {
		status = cli_fail(STATUS_FILE, "%s", why);
	} else if (kernels.reasons_count > 0 && !input->options.force) {
		for (unsigned int i = 0; i < kernels.reasons_count; i++)
			cli_fail(STATUS_USAGE, "%s", kernels.reasons[i]);
		status = cli_fail(STATUS_USAGE,
				  "not compared (--force compares all the "
				  "same)");
	} else if (kernels_write_out(&kernels, input->form) != 0 ||
		   fflush(stdout) != 0 || ferror(stdout)) {
		status = cli_fail(STATUS_FILE, "cannot print the comparison");
	} else if (input->plot) {
		status = kernels_draw(&kernels, input);
	}
	kernels_free(&kernels);
	return status;
}

static int machines_all(const struct compare_input *input)
{
	const struct machines_options options = {
		.margin = input->options.margin,
		.in_units = input->options.in_units,
	};

	return machines_present(input->paths, input->count, &options,
				input->form, input->plot, input->folder);
}

static int compare_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .args_doc = "BASE NEW...\n"
					      "--machines PATH...",
				  .doc = documentation};
	struct compare_input input = {0};
	struct compare compare = {0};
	int status = cli_parse(&argp, argc, argv, &input);

	if (status == 0 && input.machines) {
		status = machines_all(&input);
	} else if (status == 0 && are_kernels(&input)) {
		status = kernels_all(&input);
	} else if (status == 0 && input.plot) {
		status = cli_fail(STATUS_USAGE,
				  "--plot draws kernels of the lab (make "
				  "kernels), and not all of these are");
	} else if (status == 0) {
		status = compare_all(&input, &compare);
		compare_free(&compare);
	}
	return status;
}

const struct command command_compare = {
	.name = "compare",
	.summary = "what changed between results files",
	.run = compare_run,
};
