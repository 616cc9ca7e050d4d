/* cli - the command line: which command, and help. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/suggest.h"
#include "driver/cli.h"
#include "driver/inputs.h"
#include "driver/version.h"

static const struct command *const commands[] = {
	&command_list,	    &command_run,	&command_show,
	&command_compare,   &command_crossover, &command_thread,
	&command_plot,	    &command_export,	&command_doctor,
	&command_calibrate, &command_guest,
};

#define MESSAGE_MAX 8192

#define COMMANDS_COUNT (sizeof(commands) / sizeof(commands[0]))

static const char examples[] =
	"Examples:\n"
	"  regrow list                          what can be measured here\n"
	"  regrow doctor                        whether this machine is fit for it\n"
	"  regrow run --alloc mremap-maymove    against copying, in a minute\n"
	"  regrow run --alloc exponential:step=quarter,malloc \\\n"
	"         --workload vector-growth --set vector-growth.factor=1.5,2\n"
	"  regrow run --alloc ./mine.so --budget 5m --results mine.jsonl\n"
	"  regrow show mine.jsonl               the table again\n"
	"  regrow compare mine.jsonl new.jsonl  what changed between two\n"
	"  regrow crossover                     from which size on moving pays\n"
	"  regrow thread                        the claims of the thread of 2014\n"
	"  regrow plot mine.jsonl -o figures    the figures of it\n"
	"  regrow export mine.jsonl --format csv >mine.csv\n";

int cli_fail(int status, const char *format, ...)
{
	char message[MESSAGE_MAX];
	va_list arguments;

	fflush(stdout);
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	/* A name out of a file is not to command the terminal. */
	for (char *byte = message; *byte; byte++)
		if (iscntrl((unsigned char)*byte))
			*byte = '?';
	fprintf(stderr, "regrow: %s\n", message);
	return status;
}

int cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	argp_err_exit_status = STATUS_USAGE;
	return argp_parse(argp, argc, argv, 0, NULL, input) ? STATUS_USAGE : 0;
}

static void help_print(FILE *stream)
{
	fprintf(stream,
		"regrow - what does it cost to grow a large allocation, and "
		"what does it leave in\nthe memory map?\n\n"
		"Usage: regrow COMMAND [OPTION...]\n\nCommands:\n");
	for (size_t i = 0; i < COMMANDS_COUNT; i++)
		if (!commands[i]->hidden)
			fprintf(stream, "  %-10s %s\n", commands[i]->name,
				commands[i]->summary);
	fprintf(stream,
		"\n  regrow COMMAND --help says more; --version prints the "
		"version.\n\n%s\n"
		"Exit status: 0 done; 1 a check failed; 2 usage; 3 a gate "
		"cannot tell; 4 nothing\ncould be measured; 5 a file could "
		"not be read or stored; 129, 130 or 143\ninterrupted, results "
		"kept.\n",
		examples);
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMANDS_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int command_unknown(const char *name)
{
	struct suggestion suggestion = {.wrong = name};

	for (size_t i = 0; i < COMMANDS_COUNT; i++)
		suggest_offer(&suggestion, commands[i]->name);
	if (suggestion.best)
		return cli_fail(STATUS_USAGE,
				"there is no command '%s'; did you mean '%s'?",
				name, suggestion.best);
	return cli_fail(STATUS_USAGE,
			"there is no command '%s' (see regrow --help)", name);
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;
	char name[64];

	if (argc < 2) {
		help_print(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		help_print(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("regrow %s\n", version_text());
		return STATUS_DONE;
	}
	command = command_find(argv[1]);
	if (!command)
		return command_unknown(argv[1]);
	snprintf(name, sizeof(name), "regrow %s", command->name);
	argv[1] = name;
	return command->run(argc - 1, argv + 1);
}

int driver_main(int argc, char **argv)
{
	int status;

	spec_files_by(inputs_find);
	status = dispatch(argc, argv);

	/* A full disk behind a > shows as late as here. */
	if (status == STATUS_DONE && (fflush(stdout) != 0 || ferror(stdout)))
		return cli_fail(STATUS_FILE, "cannot write the output: %s",
				strerror(errno));
	return status;
}
