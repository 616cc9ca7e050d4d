/* command_doctor - `regrow doctor`: is this machine fit to measure on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "driver/cli.h"
#include "driver/cpulist.h"
#include "driver/doctor.h"
#include "driver/doctor_print.h"

static const char documentation[] =
	"Look at this machine as one to measure on: what is set how, what "
	"would be better and why, what it costs to leave it, the commands that "
	"change it and that take it back. Nothing is changed.\v"
	"Examples:\n"
	"  regrow doctor\n"
	"  regrow doctor --cpus 2,3 --all\n"
	"  regrow doctor --script=undo >undo.sh\n"
	"  regrow doctor --script=change | sudo sh\n\n"
	"Exit status: 0 nothing is bad; 1 something is; 2 usage.";

enum { KEY_JSON = 0x100, KEY_ALL, KEY_CPUS, KEY_SCRIPT };

static const struct argp_option options_table[] = {
	{"all", KEY_ALL, NULL, 0, "Also what is good, and how it is", 0},
	{"cpus", KEY_CPUS, "LIST", 0,
	 "Look at these, as run --cpus would measure on them: 2,4-7", 0},
	{"json", KEY_JSON, NULL, 0, "Everything, as JSON", 0},
	{"script", KEY_SCRIPT, "WHICH", 0,
	 "Print root's commands as a script: change or undo", 0},
	{0},
};

struct doctor_input {
	bool all;
	bool json;
	const char *cpus;
	const char *script; /* "change" or "undo"; NULL: none */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct doctor_input *input = state->input;

	switch (key) {
	case KEY_ALL:
		input->all = true;
		return 0;
	case KEY_JSON:
		input->json = true;
		return 0;
	case KEY_CPUS:
		input->cpus = argument;
		return 0;
	case KEY_SCRIPT:
		if (strcmp(argument, "change") != 0 &&
		    strcmp(argument, "undo") != 0)
			argp_error(state,
				   "there is no script '%s': it is change or "
				   "undo",
				   argument);
		input->script = argument;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option", argument);
		return EINVAL;
	case ARGP_KEY_END:
		if (input->json && input->script != NULL)
			argp_error(state, "either --json or --script");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A thread on each CPU that is listed; one, where none is. */
static int place(const char *cpus, struct doctor_system *system,
		 struct placement *placement)
{
	unsigned int threads = cpus != NULL ? cpulist_count(cpus) : 1;
	struct topology_counts counts;
	struct topology *topology;
	char why[256];
	char unbound[sizeof(why) + 32];
	int error;

	if (threads == 0)
		threads = 1; /* malformed: the placement says so */
	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	topology = topology_open(NULL, why, sizeof(why));
	if (topology == NULL && cpus != NULL)
		return cli_fail(STATUS_USAGE,
				"nothing can be bound to the CPUs %s: %s "
				"(leave out --cpus)",
				cpus, why);
	if (topology == NULL) {
		snprintf(unbound, sizeof(unbound), "nothing is bound: %s", why);
		placement_unbound(threads, unbound, placement);
		return STATUS_DONE;
	}
	error = placement_decide(topology, cpus, threads, placement);
	topology_count(topology, &counts);
	system->cpus_allowed = counts.cpus_allowed;
	topology_close(topology);
	return error == 0 ? STATUS_DONE
			  : cli_fail(STATUS_USAGE, "%s", placement->note);
}

static int print(const struct doctor_input *input,
		 const struct doctor_system *system,
		 const struct doctor_report *report)
{
	struct style style;
	int error = 0;

	if (input->script != NULL) {
		doctor_print_script(report, strcmp(input->script, "undo") == 0,
				    stdout);
	} else if (input->json) {
		error = doctor_print_json(system, report, stdout);
	} else {
		style = style_of(stdout);
		doctor_print_text(system, report, input->all, &style, stdout);
	}
	/* Also where the status is not the one that driver_main() looks at. */
	if (error != 0 || fflush(stdout) != 0 || ferror(stdout))
		return cli_fail(STATUS_FILE, "cannot write the output: %s",
				strerror(error != 0 ? -error : errno));
	return report->states[DOCTOR_BAD] > 0 ? STATUS_CHECK_FAILED
					      : STATUS_DONE;
}

static int doctor_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .doc = documentation};
	struct doctor_input input = {0};
	struct placement placement;
	struct doctor_system system = {.root = "", .placement = &placement};
	static struct doctor_report report;
	struct utsname kernel;
	char config_why[256] = "";
	char *config;
	int status = cli_parse(&argp, argc, argv, &input);

	if (status == 0)
		status = place(input.cpus, &system, &placement);
	if (status != 0)
		return status;
	system.release = uname(&kernel) == 0 ? kernel.release : "unknown";
	config = doctor_config(system.root, system.release, config_why,
			       sizeof(config_why));
	system.config = config;
	system.config_why = config_why;
	if (doctor_examine(&system, &report) == 0)
		status = print(&input, &system, &report);
	else
		status = cli_fail(STATUS_FILE, "out of memory");
	doctor_release(&report);
	free(config);
	return status;
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "is this machine fit to measure on, and what to change",
	.run = doctor_run,
};
