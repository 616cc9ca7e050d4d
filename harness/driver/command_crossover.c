/* command_crossover - `regrow crossover`: from which size on moving pays. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/units.h"
#include "driver/cli.h"
#include "driver/cli_values.h"
#include "driver/crossover.h"
#include "driver/crossover_measure.h"
#include "driver/drawing_crossover.h"
#include "driver/json.h"
#include "driver/plan.h"
#include "driver/present.h"

#define BUDGET_NS 300000000000u
#define WORKLOAD "single-growth"
#define COPIES "copy-realloc:populate=write,copy-realloc:keep=pages"
#define MOVERS "mremap-maymove"
#define SIZES "16K-256M"
#define LIST_MAX 4096

enum {
	KEY_ALLOC = 'a',
	KEY_SIZES = 's',
	KEY_BUDGET = 'b',
	KEY_ROUNDS = 'r',
	KEY_QUIET = 'q',
	KEY_RESULTS = 'o',
	KEY_THP = 0x100,
	KEY_LAYOUT,
	KEY_RESIDUE,
	KEY_SEED,
	KEY_CPUS,
	KEY_TIMEOUT,
	KEY_DRY_RUN,
	KEY_LABEL,
	KEY_ANONYMOUS,
	KEY_JSON,
	KEY_PLOT,
	KEY_NO_PLOT,
};

static const struct argp_option options_table[] = {
	{"alloc", KEY_ALLOC, "LIST", 0,
	 "What moves (standard: " MOVERS "): name[:option=value]..., "
	 "comma-separated",
	 1},
	{"sizes", KEY_SIZES, "FROM-TO", 0,
	 "Of the block before it grows, in octaves (standard: " SIZES
	 "); what has no room in memory or budget is left out",
	 1},
	{"residue", KEY_RESIDUE, "LIST", 0,
	 "Added to each size (standard: 0): 0,4K is exact powers of two, and a "
	 "page more as glibc maps; of each a map",
	 1},
	{"thp", KEY_THP, "LIST", 0,
	 "Transparent huge pages: never (standard), madvise, always; of each a "
	 "map",
	 1},
	{"layout", KEY_LAYOUT, "LIST", 0,
	 "Where the kernel looks for an address: standard (top-down), legacy "
	 "(bottom-up); of each a map",
	 1},
	{"budget", KEY_BUDGET, "TIME", 0,
	 "Of both runs, coarse grid and fresh rounds (standard: 5m)", 2},
	{"rounds", KEY_ROUNDS, "N", 0,
	 "Exactly so many rounds of each run, whatever they take", 2},
	{"seed", KEY_SEED, "N", 0,
	 "Of the requests and of the order (standard: 1)", 2},
	{"cpus", KEY_CPUS, "LIST", 0, "Run on these: 2,4-7", 2},
	{"timeout", KEY_TIMEOUT, "TIME", 0, "End a sample after that", 2},
	{"results", KEY_RESULTS, "FILE", 0,
	 "Where the results go, FILE-fresh besides (standard: new files in "
	 "results/)",
	 3},
	{"label", KEY_LABEL, "TEXT", 0, "Kept in the results", 3},
	{"anonymous", KEY_ANONYMOUS, NULL, 0, "Leave the host's name out", 3},
	{"plot", KEY_PLOT, "DIR", 0,
	 "Draw the map there (standard: beside the results file)", 3},
	{"no-plot", KEY_NO_PLOT, NULL, 0, "Draw nothing", 3},
	{"dry-run", KEY_DRY_RUN, NULL, 0,
	 "Show the plan of the coarse grid, its memory and time; measure "
	 "nothing",
	 4},
	{"json", KEY_JSON, NULL, 0, "The map as JSON", 4},
	{"quiet", KEY_QUIET, NULL, 0, "No progress", 4},
	{0},
};

static const char documentation[] =
	"Find from which size on moving a block costs less than copying it "
	"into cold, pre-populated and warm memory: a coarse grid of sizes, then "
	"fresh rounds where moving and copying cross. Prints the thresholds of "
	"this machine with their intervals and draws the map. With FILEs, "
	"measures nothing: the map of results files that it made, the coarse "
	"grid's first.\v"
	"Examples:\n"
	"  regrow crossover\n"
	"  regrow crossover --budget 20m --thp never,madvise --residue 0,4K\n"
	"  regrow crossover --alloc mremap-maymove,"
	"mremap-fixed-fallback:threshold=0 \\\n"
	"      --sizes 64K-1G\n"
	"  regrow crossover --dry-run\n"
	"  regrow crossover map.jsonl map-fresh.jsonl --json\n\n"
	"Ctrl-C keeps what was measured and prints what it tells.\n\n"
	"Exit status: 0 done, also where no threshold was found; 2 usage; 4 "
	"nothing could be measured; 5 a file could not be read or stored; "
	"128 and the signal's number where it was interrupted.";

struct crossover_input {
	struct crossover_options options;
	const char *movers;
	char allocators[LIST_MAX];
	char rests[CROSSOVER_RESTS_MAX][64];
	char **paths; /* NULL: measure */
	unsigned int paths_count;
	bool measures; /* some option is about measuring */
	bool json;
	bool plot;
	const char *folder;
};

static void parse_sizes(struct argp_state *state,
			struct crossover_options *options, const char *text)
{
	const char *dash = strchr(text, '-');
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char from[32] = "";

	if (dash && (size_t)(dash - text) < sizeof(from))
		snprintf(from, sizeof(from), "%.*s", (int)(dash - text), text);
	if (!dash || units_parse_size(from, &options->from) != 0 ||
	    units_parse_size(dash + 1, &options->to) != 0)
		argp_error(state,
			   "--sizes '%s' is not two sizes: 16K-256M, say",
			   text);
	if (options->from < page || options->from % page ||
	    options->from > options->to || options->to > (uint64_t)1 << 40)
		argp_error(state,
			   "--sizes %s: from whole pages of %llu bytes to no "
			   "less, and at most 1T",
			   text, (unsigned long long)page);
}

static void parse_residues(struct argp_state *state,
			   struct crossover_input *input, const char *text)
{
	struct crossover_options *options = &input->options;
	unsigned int count = 0;
	char item[32], exact[UNITS_TEXT_SIZE];
	uint64_t bytes;
	int got;

	for (; (got = spec_list_item(text, count, item, sizeof(item))) == 1;
	     count++) {
		if (count == CROSSOVER_RESTS_MAX)
			argp_error(state, "more than %d residues",
				   CROSSOVER_RESTS_MAX);
		if (units_parse_size(item, &bytes) != 0 || bytes % 8)
			argp_error(state,
				   "--residue '%s' is not a size of whole 8 "
				   "bytes: 4K, say",
				   item);
		input->rests[count][0] = '\0';
		if (bytes)
			snprintf(input->rests[count],
				 sizeof(input->rests[count]), "residue=%s",
				 units_exact_size(bytes, exact));
		options->rests[count] = input->rests[count];
	}
	if (got < 0 || count == 0)
		argp_error(state, "--residue '%s' is not a list: 0,4K, say",
			   text);
	options->rests_count = count;
}

/* What is measured and how; ARGP_ERR_UNKNOWN: another. */
static error_t parse_measuring(int key, char *argument,
			       struct argp_state *state)
{
	struct crossover_input *input = state->input;
	struct run_options *run = &input->options.run;

	switch (key) {
	case KEY_ALLOC:
		input->movers = argument;
		break;
	case KEY_SIZES:
		parse_sizes(state, &input->options, argument);
		break;
	case KEY_RESIDUE:
		parse_residues(state, input, argument);
		break;
	case KEY_THP:
		run->thp = argument;
		break;
	case KEY_LAYOUT:
		run->layout = argument;
		break;
	case KEY_BUDGET:
		run->budget_ns = cli_time_ns(state, "--budget", argument);
		break;
	case KEY_ROUNDS:
		run->rounds = (unsigned int)cli_count(
			state, "--rounds", argument, PLAN_ROUNDS_MAX);
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
	case KEY_RESULTS:
		run->results = argument;
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

static error_t parse_showing(int key, char *argument, struct argp_state *state)
{
	struct crossover_input *input = state->input;

	switch (key) {
	case KEY_PLOT:
		input->folder = argument;
		return 0;
	case KEY_NO_PLOT:
		input->plot = false;
		return 0;
	case KEY_JSON:
		input->json = true;
		return 0;
	case KEY_QUIET:
		input->options.run.quiet = true;
		return 0;
	case ARGP_KEY_ARGS:
		input->paths = state->argv + state->next;
		input->paths_count = (unsigned int)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_end(struct argp_state *state)
{
	struct crossover_input *input = state->input;
	struct run_options *run = &input->options.run;
	int wrote = snprintf(input->allocators, sizeof(input->allocators),
			     "%s,%s", COPIES, input->movers);

	if (input->paths && input->measures)
		argp_error(state, "with results files nothing is measured: "
				  "leave out what is about measuring");
	if (wrote >= (int)sizeof(input->allocators))
		argp_error(state, "--alloc is too long");
	run->allocators = input->allocators;
	run->plan_json = run->dry_run && input->json;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	error_t error = parse_measuring(key, argument, state);

	if (error == ARGP_ERR_UNKNOWN)
		error = parse_showing(key, argument, state);
	if (key == ARGP_KEY_END) {
		parse_end(state);
		return 0;
	}
	return error;
}

static int map_write(const struct crossover_map *map, bool as_json)
{
	struct style style = style_of(stdout);
	struct json *json;
	int error;

	if (!as_json) {
		error = crossover_print(map, &style, stdout);
	} else {
		json = crossover_json(map);
		error = json ? json_print(json, stdout) : -ENOMEM;
		json_free(json);
	}
	if (!error && (fflush(stdout) != 0 || ferror(stdout)))
		error = -EIO;
	return error ? cli_fail(STATUS_FILE, "cannot print the map: %s",
				strerror(-error))
		     : STATUS_DONE;
}

static int map_draw(const struct crossover_map *map,
		    const struct crossover_input *input)
{
	const char *path = map->results->files[0]->path;
	struct drawings drawings = {0};
	int status = STATUS_DONE;

	if (drawing_crossover(map, &drawings) != 0)
		return cli_fail(STATUS_FILE, "no memory for the figure");
	status = present_drawings(&drawings, path, input->folder,
				  input->options.run.quiet || input->json);
	drawings_free(&drawings);
	return status;
}

/* The map of these files, printed and drawn. */
static int map_show(const struct crossover_input *input,
		    const char *const *paths, unsigned int count)
{
	struct results results = {0};
	struct crossover_map map;
	char why[CROSSOVER_WHY_MAX] = "";
	int status = present_read(&results, paths, count);
	int error;

	if (!status) {
		error = crossover_read(&results, WORKLOAD, &map, why,
				       sizeof(why));
		if (error)
			status = cli_fail(error == -EINVAL ? STATUS_USAGE
							   : STATUS_FILE,
					  "%s", why);
		else
			status = map_write(&map, input->json);
		if (!status && input->plot)
			status = map_draw(&map, input);
		if (!error)
			crossover_free(&map);
	}
	results_free(&results);
	return status;
}

static void files_name(const struct crossover_files *files)
{
	fprintf(stderr, "regrow: the map again: regrow crossover");
	for (unsigned int i = 0; i < files->count; i++)
		fprintf(stderr, " %s", files->paths[i]);
	fputc('\n', stderr);
}

static int measure_and_show(const struct crossover_input *input)
{
	static struct crossover_files files;
	const char *const paths[] = {files.paths[0], files.paths[1]};
	int status = crossover_measure(&input->options, &files);
	int shown;

	if (files.count == 0 || input->options.run.dry_run ||
	    status == STATUS_NOTHING_MEASURED)
		return status;
	shown = map_show(input, paths, files.count);
	if (!input->options.run.quiet)
		files_name(&files);
	return status ? status : shown;
}

static int crossover_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .args_doc = "[FILE...]",
				  .doc = documentation};
	static struct crossover_input input = {
		.options = {.run = {.seed = 1,
				    .thp = "never",
				    .budget_ns = BUDGET_NS},
			    .workload = WORKLOAD,
			    .rests = {""},
			    .rests_count = 1,
			    .from = 16 << 10,
			    .to = 256 << 20},
		.movers = MOVERS,
		.plot = true,
	};
	int status;

	input.options.run.argc = argc;
	input.options.run.argv = argv;
	status = cli_parse(&argp, argc, argv, &input);
	if (status)
		return status;
	if (input.paths)
		return map_show(&input, (const char *const *)input.paths,
				input.paths_count);
	return measure_and_show(&input);
}

const struct command command_crossover = {
	.name = "crossover",
	.summary = "from which size on moving a block beats copying it",
	.run = crossover_run,
};
