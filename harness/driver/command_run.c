/* command_run - `regrow run`: measure, print the table, draw. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cli.h"
#include "driver/cli_values.h"
#include "driver/plan.h"
#include "driver/present.h"
#include "driver/run.h"
#include "sample/protocol.h"
#include "sample/sweep.h"

#define BUDGET_NS 60000000000u
/* SAME within 2 % can then be said of what differs by less than 1 %. */
#define PRECISION 0.01

enum {
	KEY_ALLOC = 'a',
	KEY_WORKLOAD = 'w',
	KEY_SET = 's',
	KEY_BUDGET = 'b',
	KEY_ROUNDS = 'r',
	KEY_QUIET = 'q',
	KEY_RESULTS = 'o',
	KEY_THP = 0x100,
	KEY_LAYOUT,
	KEY_COUNTERS,
	KEY_REFERENCE,
	KEY_REPEAT,
	KEY_COUNTS,
	KEY_SEED,
	KEY_CPUS,
	KEY_DRY_RUN,
	KEY_TIMEOUT,
	KEY_LABEL,
	KEY_ANONYMOUS,
	KEY_JSON,
	KEY_PLOT,
	KEY_UNITS,
	KEY_PRECISION,
	KEY_MARGIN,
	KEY_SETTLE,
	KEY_PLAN,
	KEY_RESUME,
	KEY_FORCE,
	KEY_SWEEP,
	KEY_LAB,
};

static const struct argp_option options_table[] = {
	{"alloc", KEY_ALLOC, "LIST", 0,
	 "Allocators to measure: name[:option=value]..., comma-separated; a "
	 "path to a plug-in is one, too. The reference and the floor run "
	 "beside them",
	 1},
	{"workload", KEY_WORKLOAD, "LIST", 0,
	 "Workloads (standard: each one but the floor)", 1},
	{"set", KEY_SET, "W.KEY=V[,V]...", 0,
	 "An option of workload W; several values make a group of cells each. "
	 "May be given again",
	 1},
	{"thp", KEY_THP, "LIST", 0,
	 "Transparent huge pages: never (standard), madvise, always", 1},
	{"layout", KEY_LAYOUT, "LIST", 0,
	 "Where the kernel looks for an address: standard (top-down), legacy "
	 "(bottom-up, as with setarch -L)",
	 1},
	{"reference", KEY_REFERENCE, "ALLOC", 0,
	 "What the others are compared with", 1},
	{"plan", KEY_PLAN, "FILE", 0,
	 "Measure the plan of this results file (or of --dry-run --json) "
	 "instead: the same work, whatever it takes here",
	 1},
	{"resume", KEY_RESUME, "FILE", 0,
	 "Go on with the run of this results file, at its next round; "
	 "--rounds, --budget or --precision, of all its parts together, "
	 "extend it",
	 1},
	{"force", KEY_FORCE, NULL, 0,
	 "With --resume: also where machine, kernel or program differ; the "
	 "file keeps what does",
	 1},
	{"budget", KEY_BUDGET, "TIME", 0,
	 "Rounds are run until then (standard: 60s): 90s, 5m, 2h", 2},
	{"precision", KEY_PRECISION, "PERCENT", 0,
	 "Or until each interval reaches no further than that to either side "
	 "(standard: 1%; 0: all of the budget)",
	 2},
	{"rounds", KEY_ROUNDS, "N", 0,
	 "Exactly so many rounds, whatever they take", 2},
	{"repeat", KEY_REPEAT, "N", 0,
	 "Do the work N times in each process and keep each time, to study "
	 "warm-up; no verdicts",
	 2},
	{"counts", KEY_COUNTS, "N", 0,
	 "Only count: N rounds of the checking pass (page faults, growths, the "
	 "memory map) and nothing else; no times, no verdicts",
	 2},
	{"margin", KEY_MARGIN, "PERCENT", 0,
	 "What counts as the same (standard: auto, 2% where the reference and "
	 "its twin differ by less than 1%, else 5%)",
	 2},
	{"settle", KEY_SETTLE, "TIME", 0,
	 "Look at the map again, 100ms, 1s and 5s after all was released, as "
	 "far as TIME goes (standard: 0, at once only)",
	 2},
	{"seed", KEY_SEED, "N", 0,
	 "Of the requests and of the order (standard: 1)", 2},
	{"sweep", KEY_SWEEP, "N", 0,
	 "Go through N layouts of memory by turns, with more mappings and "
	 "other addresses in each: what is said then holds for all of them",
	 2},
	{"cpus", KEY_CPUS, "LIST", 0,
	 "Run the workload's threads on these: 2,4-7", 2},
	{"timeout", KEY_TIMEOUT, "TIME", 0, "End a sample after that", 2},
	{"counters", KEY_COUNTERS, "LIST", 0,
	 "What to count (see regrow list): cycles:k,page-faults,mmap:vm_unmapped_area",
	 3},
	{"results", KEY_RESULTS, "FILE", 0,
	 "Where the results go (standard: a new file in results/)", 3},
	{"label", KEY_LABEL, "TEXT", 0, "Kept in the results, shown in titles",
	 3},
	{"anonymous", KEY_ANONYMOUS, NULL, 0, "Leave the host's name out", 3},
	{"plot", KEY_PLOT, "DIR", OPTION_ARG_OPTIONAL,
	 "Draw the figures afterwards (standard: beside the results file)", 3},
	/* What harness/lab/boot adds; see driver/lab.h. */
	{"lab", KEY_LAB, "FILE", OPTION_HIDDEN, NULL, 3},
	{"dry-run", KEY_DRY_RUN, NULL, 0,
	 "Show the plan, its order, memory and time; measure nothing", 4},
	{"units", KEY_UNITS, "UNITS", 0,
	 "Times as they are (time), or as multiples of the machine's own memcpy "
	 "and page fault (machine), to lay machines side by side",
	 4},
	{"json", KEY_JSON, NULL, 0, "The table as JSON", 4},
	{"quiet", KEY_QUIET, NULL, 0, "No progress", 4},
	{0},
};

static const char documentation[] =
	"Measure what allocators make of growing allocations: one fresh, "
	"pinned process for each sample, in rounds of balanced order, against "
	"the reference.\v"
	"Examples:\n"
	"  regrow run --alloc mremap-maymove\n"
	"  regrow run --alloc 'mremap-fixed-fallback:hole=refill,malloc' "
	"--budget 5m\n"
	"  regrow run --alloc exponential:step=x2 --workload vector-growth \\\n"
	"      --set vector-growth.factor=2,1.125,+64K --thp never,madvise\n"
	"  regrow run --alloc mremap-maymove --workload vector-growth \\\n"
	"      --layout standard,legacy\n"
	"  regrow run --alloc ./mine.so --rounds 20 --results mine.jsonl\n"
	"  regrow run --alloc mremap-maymove --dry-run\n"
	"  regrow run --alloc mremap-maymove --workload server-churn --counts 3\n"
	"  regrow run --resume results/x.jsonl\n"
	"  regrow run --resume results/x.jsonl --rounds 40\n"
	"  regrow run --plan results/x.jsonl --label 'another kernel'\n\n"
	"Ctrl-C keeps what was measured: regrow show FILE reads it, and regrow "
	"run --resume FILE goes on.";

/* What a plan, and a run that is taken up again, already say. */
static const struct {
	const char *option;
	int key;
	bool plan;
	bool resume;
} said[] = {
	{"--alloc", KEY_ALLOC, true, true},
	{"--workload", KEY_WORKLOAD, true, true},
	{"--set", KEY_SET, true, true},
	{"--thp", KEY_THP, true, true},
	{"--layout", KEY_LAYOUT, true, true},
	{"--reference", KEY_REFERENCE, true, true},
	{"--seed", KEY_SEED, true, true},
	{"--repeat", KEY_REPEAT, true, true},
	{"--counts", KEY_COUNTS, true, true},
	{"--margin", KEY_MARGIN, true, true},
	{"--settle", KEY_SETTLE, true, true},
	{"--plan", KEY_PLAN, false, true},
	{"--cpus", KEY_CPUS, false, true},
	{"--timeout", KEY_TIMEOUT, false, true},
	{"--counters", KEY_COUNTERS, false, true},
	{"--results", KEY_RESULTS, false, true},
	{"--sweep", KEY_SWEEP, true, true},
	{"--lab", KEY_LAB, false, true},
	{"--label", KEY_LABEL, false, true},
	{"--anonymous", KEY_ANONYMOUS, false, true},
};

#define SAID (sizeof(said) / sizeof(said[0]))

struct run_input {
	struct run_options options;
	bool given[SAID];
	bool json;
	bool machine; /* units */
	bool plot;
	const char *plot_folder;
};

static void set_add(struct argp_state *state, struct run_options *options,
		    const char *text)
{
	if (options->sets_count == RUN_SETS_MAX)
		argp_error(state, "more than %d --set", RUN_SETS_MAX);
	options->sets[options->sets_count++] = text;
}

/* Options that are about what to measure; ARGP_ERR_UNKNOWN: another. */
static error_t parse_what(int key, char *argument, struct argp_state *state)
{
	struct run_options *options =
		&((struct run_input *)state->input)->options;

	switch (key) {
	case KEY_ALLOC:
		options->allocators = argument;
		return 0;
	case KEY_WORKLOAD:
		options->workloads = argument;
		return 0;
	case KEY_SET:
		set_add(state, options, argument);
		return 0;
	case KEY_THP:
		options->thp = argument;
		return 0;
	case KEY_LAYOUT:
		options->layout = argument;
		return 0;
	case KEY_COUNTERS:
		options->counters = argument;
		return 0;
	case KEY_REFERENCE:
		options->reference = argument;
		return 0;
	case KEY_PLAN:
		options->plan = argument;
		return 0;
	case KEY_RESUME:
		options->resume = argument;
		return 0;
	case KEY_FORCE:
		options->force = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Options that are about how long, where and in which order. */
static error_t parse_how(int key, char *argument, struct argp_state *state)
{
	struct run_options *options =
		&((struct run_input *)state->input)->options;

	switch (key) {
	case KEY_BUDGET:
		options->budget_ns = cli_time_ns(state, "--budget", argument);
		return 0;
	case KEY_ROUNDS:
		options->rounds = (unsigned int)cli_count(
			state, "--rounds", argument, PLAN_ROUNDS_MAX);
		return 0;
	case KEY_REPEAT:
		options->repeat = (unsigned int)cli_count(
			state, "--repeat", argument, REPETITIONS_MAX);
		if (options->repeat == 0)
			argp_error(state, "--repeat 0 would measure nothing");
		return 0;
	case KEY_COUNTS:
		options->counts = (unsigned int)cli_count(
			state, "--counts", argument, PLAN_COUNTS_MAX);
		if (options->counts == 0)
			argp_error(state, "--counts 0 would count nothing");
		return 0;
	case KEY_PRECISION:
		options->precision = cli_precision(state, argument);
		return 0;
	case KEY_MARGIN:
		options->margin = cli_margin(state, argument);
		return 0;
	case KEY_SETTLE:
		options->settle_ns = cli_settle_ns(state, argument);
		return 0;
	case KEY_SWEEP:
		options->sweep = (unsigned int)cli_count(state, "--sweep",
							 argument, SWEEP_MAX);
		return 0;
	case KEY_SEED:
		options->seed = cli_count(state, "--seed", argument, INT64_MAX);
		return 0;
	case KEY_CPUS:
		options->cpus = argument;
		return 0;
	case KEY_TIMEOUT:
		options->timeout_ns = cli_time_ns(state, "--timeout", argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_output(int key, char *argument, struct argp_state *state)
{
	struct run_input *input = state->input;

	switch (key) {
	case KEY_RESULTS:
		input->options.results = argument;
		return 0;
	case KEY_LAB:
		input->options.lab = argument;
		return 0;
	case KEY_LABEL:
		input->options.label = argument;
		return 0;
	case KEY_ANONYMOUS:
		input->options.anonymous = true;
		return 0;
	case KEY_DRY_RUN:
		input->options.dry_run = true;
		return 0;
	case KEY_QUIET:
		input->options.quiet = true;
		return 0;
	case KEY_UNITS:
		input->machine = cli_units(state, argument);
		return 0;
	case KEY_JSON:
		input->json = true;
		return 0;
	case KEY_PLOT:
		input->plot = true;
		input->plot_folder = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Refuses what the file says, too; and fills in what nothing says. */
static void parse_end(struct argp_state *state)
{
	struct run_input *input = state->input;
	struct run_options *options = &input->options;

	for (size_t i = 0; i < SAID; i++) {
		bool twice = (options->plan && said[i].plan) ||
			     (options->resume && said[i].resume);

		if (input->given[i] && twice)
			argp_error(state,
				   "%s cannot be given with %s: its file says "
				   "that",
				   said[i].option,
				   options->resume ? "--resume" : "--plan");
	}
	if (options->counts &&
	    (options->rounds || options->repeat || options->precision >= 0))
		argp_error(state, "--counts times nothing: leave out --rounds, "
				  "--repeat and --precision");
	if (options->lab && !options->rounds && !options->counts &&
	    !options->sweep && !options->plan)
		argp_error(state, "--lab has no budget: say --rounds, --sweep "
				  "or --counts");
	if (options->sweep && !options->rounds && !options->budget_ns)
		options->rounds = options->sweep;
	if (options->force && !options->resume)
		argp_error(state, "--force is for --resume");
	options->plan_json = options->dry_run && input->json;
	if (options->plan || options->resume)
		return;
	if (!options->allocators)
		argp_error(state, "which allocators? --alloc LIST (see regrow "
				  "list)");
	if (!options->budget_ns)
		options->budget_ns = BUDGET_NS;
	if (options->precision < 0)
		options->precision = PRECISION;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct run_input *input = state->input;
	error_t error = parse_what(key, argument, state);

	for (size_t i = 0; i < SAID; i++)
		input->given[i] |= said[i].key == key;
	if (error == ARGP_ERR_UNKNOWN)
		error = parse_how(key, argument, state);
	if (error == ARGP_ERR_UNKNOWN)
		error = parse_output(key, argument, state);
	if (error != ARGP_ERR_UNKNOWN)
		return error;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "'%s' is not an option (--alloc %s?)",
			   argument, argument);
	if (key == ARGP_KEY_END)
		parse_end(state);
	return error;
}

static int run_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .doc = documentation};
	struct run_input input = {.options = {.seed = 1,
					      .precision = -1,
					      .argc = argc,
					      .argv = argv}};
	char path[4096] = "";
	int status = cli_parse(&argp, argc, argv, &input);
	int shown;

	if (status)
		return status;
	status = run_measure(&input.options, path);
	if (!path[0] || status == STATUS_NOTHING_MEASURED)
		return status;
	shown = present_table(path, input.json, input.machine);
	if (shown == STATUS_DONE && input.plot)
		shown = present_plots(&(const char *){path}, 1,
				      input.plot_folder, input.machine,
				      input.options.quiet);
	return status ? status : shown;
}

const struct command command_run = {
	.name = "run",
	.summary = "measure allocators under workloads, print and record",
	.run = run_run,
};
