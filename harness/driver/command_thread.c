/* command_thread - `regrow thread`: the claims T1 to T8 on this kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/units.h"
#include "driver/cli.h"
#include "driver/cli_values.h"
#include "driver/command_thread.h"
#include "driver/plan.h"
#include "driver/run.h"

#define BUDGET_NS 600000000000u

enum {
	KEY_CLAIMS = 'c',
	KEY_BUDGET = 'b',
	KEY_OUTPUT = 'o',
	KEY_QUIET = 'q',
	KEY_SEED = 0x100,
	KEY_CPUS,
	KEY_TIMEOUT,
	KEY_DRY_RUN,
	KEY_LABEL,
	KEY_ANONYMOUS,
	KEY_JSON,
	KEY_NO_PLOT,
};

static const struct argp_option options_table[] = {
	{"claims", KEY_CLAIMS, "LIST", 0,
	 "These alone (standard: all): T1,T3; what they need is measured", 1},
	{"budget", KEY_BUDGET, "TIME", 0,
	 "Of all runs together (standard: 10m); counting comes first", 2},
	{"seed", KEY_SEED, "N", 0,
	 "Of the requests and of the order (standard: 1)", 2},
	{"cpus", KEY_CPUS, "LIST", 0, "Run on these: 2,4-7", 2},
	{"timeout", KEY_TIMEOUT, "TIME", 0, "End a sample after that", 2},
	{"output", KEY_OUTPUT, "DIR", 0,
	 "Where results, page and figures go (standard: a new folder in "
	 "results/); one that was begun is gone on with",
	 3},
	{"label", KEY_LABEL, "TEXT", 0, "Kept in the results", 3},
	{"anonymous", KEY_ANONYMOUS, NULL, 0, "Leave the host's name out", 3},
	{"no-plot", KEY_NO_PLOT, NULL, 0, "Draw nothing", 3},
	{"dry-run", KEY_DRY_RUN, NULL, 0,
	 "Show the plans, their memory and time; measure nothing", 4},
	{"json", KEY_JSON, NULL, 0, "Verdicts and evidence as JSON", 4},
	{"quiet", KEY_QUIET, NULL, 0, "No progress", 4},
	{0},
};

static const char documentation[] =
	"Answer what a thread on mremap claimed in 2014, on this machine and "
	"kernel: each claim gets a verdict (holds, holds for these sizes, does "
	"not hold, cannot tell), its evidence as a table and a figure, and the "
	"command that reproduces it alone. Writes thread.md and thread.html. With "
	"DIR, measures nothing: the page of what was measured there.\v"
	"Examples:\n"
	"  regrow thread\n"
	"  regrow thread --budget 2h --anonymous --output results/mine\n"
	"  regrow thread --claims T3,T7\n"
	"  regrow thread results/mine --json\n\n"
	"Ctrl-C keeps what was measured: the page says what it tells, and "
	"--output DIR goes on.\n\n"
	"Exit status: 0 done, also where nothing can be told; 2 usage; 4 nothing "
	"could be measured; 5 a file could not be read or stored; 128 and the "
	"signal's number where it was interrupted.";

struct thread_input {
	struct run_options run; /* of each experiment, as far as they agree */
	bool wanted[THREAD_CLAIMS];
	const char *output;
	const char *shown; /* DIR; NULL: measure */
	bool measures; /* some option is about measuring */
	bool json;
	bool plot;
};

static void parse_claims(struct argp_state *state, struct thread_input *input,
			 const char *text)
{
	char item[16];
	int got;

	memset(input->wanted, 0, sizeof(input->wanted));
	for (unsigned int i = 0;
	     (got = spec_list_item(text, i, item, sizeof(item))) == 1; i++) {
		unsigned int claim = 0;

		while (claim < THREAD_CLAIMS &&
		       strcmp(thread_claims[claim].id, item) != 0)
			claim++;
		if (claim == THREAD_CLAIMS)
			argp_error(state, "--claims '%s': they are T1 to T8",
				   item);
		else
			input->wanted[claim] = true;
	}
	if (got < 0 || !*text)
		argp_error(state, "--claims '%s' is not a list: T1,T3, say",
			   text);
}

/* What is measured and how; ARGP_ERR_UNKNOWN: another. */
static error_t parse_measuring(int key, char *argument,
			       struct argp_state *state)
{
	struct thread_input *input = state->input;
	struct run_options *run = &input->run;

	switch (key) {
	case KEY_BUDGET:
		run->budget_ns = cli_time_ns(state, "--budget", argument);
		break;
	case KEY_SEED:
		run->seed = cli_count(state, "--seed", argument, INT64_MAX);
		break;
	case KEY_CPUS:
		run->cpus = argument;
		break;
	case KEY_TIMEOUT:
		run->timeout_ns = cli_time_ns(state, "--timeout", argument);
		break;
	case KEY_OUTPUT:
		input->output = argument;
		break;
	case KEY_LABEL:
		run->label = argument;
		break;
	case KEY_ANONYMOUS:
		run->anonymous = true;
		break;
	case KEY_DRY_RUN:
		run->dry_run = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	input->measures = true;
	return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct thread_input *input = state->input;

	switch (key) {
	case KEY_CLAIMS:
		parse_claims(state, input, argument);
		return 0;
	case KEY_NO_PLOT:
		input->plot = false;
		return 0;
	case KEY_JSON:
		input->json = true;
		return 0;
	case KEY_QUIET:
		input->run.quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		if (input->shown)
			argp_error(state, "one folder at a time");
		input->shown = argument;
		return 0;
	case ARGP_KEY_END:
		if (input->shown && input->measures)
			argp_error(state, "with a folder nothing is measured: "
					  "leave out what is about measuring");
		return 0;
	default:
		return parse_measuring(key, argument, state);
	}
}

/* "results/2026-11-29T07-30-00Z-thread", made. An exit status. */
static int folder_make(const struct thread_input *input, char *folder,
		       size_t size)
{
	time_t now = time(NULL);
	struct tm utc;
	char stamp[32];

	if (input->output) {
		snprintf(folder, size, "%s", input->output);
	} else {
		gmtime_r(&now, &utc);
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H-%M-%SZ", &utc);
		snprintf(folder, size, "results/%s-thread", stamp);
	}
	if (input->run.dry_run)
		return STATUS_DONE;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return cli_fail(STATUS_FILE, "cannot make the folder %s: %s",
				folder, strerror(errno));
	return STATUS_DONE;
}

static int thread_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .args_doc = "[DIR]",
				  .doc = documentation};
	static struct thread_input input = {
		.run = {.seed = 1,
			.precision = THREAD_PRECISION,
			.budget_ns = BUDGET_NS},
		.plot = true,
	};
	struct thread_page_options page;
	char folder[2048];
	int status, shown;

	for (unsigned int i = 0; i < THREAD_CLAIMS; i++)
		input.wanted[i] = true;
	input.run.argc = argc;
	input.run.argv = argv;
	thread_experiments_prepare();
	status = cli_parse(&argp, argc, argv, &input);
	if (status)
		return status;
	page = (struct thread_page_options){.wanted = input.wanted,
					    .json = input.json,
					    .plot = input.plot,
					    .quiet = input.run.quiet};
	if (input.shown)
		return thread_page_show(input.shown, &page);
	status = folder_make(&input, folder, sizeof(folder));
	if (status)
		return status;
	status = thread_measure(&input.run, input.wanted, folder);
	if (input.run.dry_run || (status && status < STATUS_SIGNAL))
		return status;
	shown = thread_page_show(folder, &page);
	return status ? status : shown;
}

const struct command command_thread = {
	.name = "thread",
	.summary = "the claims of the mremap thread of 2014, on this kernel",
	.run = thread_run,
};
