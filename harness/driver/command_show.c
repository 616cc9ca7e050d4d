/* command_show - `regrow show FILE`: the table of a run, again. */
#include <errno.h>
#include <stddef.h>

#include "driver/cli.h"
#include "driver/cli_values.h"
#include "driver/plan_same.h"
#include "driver/present.h"

static const char documentation[] =
	"Print the table of a results file, also of an interrupted run.\v"
	"Examples:\n"
	"  regrow show results/example.jsonl\n"
	"  regrow show --json results/example.jsonl";

enum { KEY_JSON = 0x100, KEY_UNITS, KEY_PLAN };

static const struct argp_option options_table[] = {
	{"json", KEY_JSON, NULL, 0, "The same figures as JSON", 0},
	{"units", KEY_UNITS, "UNITS", 0,
	 "Times as they are (time), or as multiples of the machine's own memcpy "
	 "and page fault (machine), to lay machines side by side",
	 0},
	{"plan", KEY_PLAN, "FILE", 0,
	 "Only where it is of the plan of this results file (or of --dry-run "
	 "--json), the same work by the same seed; else end with 1",
	 0},
	{0},
};

struct show_input {
	const char *path;
	bool json;
	bool machine;
	const char *plan; /* a file; NULL: any plan */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct show_input *input = state->input;

	switch (key) {
	case KEY_JSON:
		input->json = true;
		return 0;
	case KEY_UNITS:
		input->machine = cli_units(state, argument);
		return 0;
	case KEY_PLAN:
		input->plan = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->path)
			argp_error(state, "one results file at a time");
		input->path = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->path)
			argp_error(state, "which results file?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check_plan(const char *path, const char *plan)
{
	char why[1024];
	int error = plan_same_files(path, plan, why, sizeof(why));

	if (error == 0)
		return STATUS_DONE;
	return cli_fail(error == -ESTALE ? STATUS_CHECK_FAILED : STATUS_FILE,
			"%s", why);
}

static int show_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .args_doc = "FILE",
				  .doc = documentation};
	struct show_input input = {0};
	int status = cli_parse(&argp, argc, argv, &input);

	if (!status && input.plan)
		status = check_plan(input.path, input.plan);
	return status ? status
		      : present_table(input.path, input.json, input.machine);
}

const struct command command_show = {
	.name = "show",
	.summary = "the table of a run, again",
	.run = show_run,
};
