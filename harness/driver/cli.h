/*
 * cli - the command line: commands, what they share, how they end.
 *
 * Only the command line prints messages and ends the process.
 */
#ifndef REGROW_CLI_H
#define REGROW_CLI_H

#include <argp.h>
#include <stdbool.h>

enum exit_status {
	STATUS_DONE = 0,
	STATUS_CHECK_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_INCONCLUSIVE = 3, /* only with --gate */
	STATUS_NOTHING_MEASURED = 4,
	STATUS_FILE = 5, /* could not be read or stored */
	STATUS_SIGNAL = 128, /* and the signal's number; results kept */
};

struct command {
	const char *name;
	bool hidden; /* not for people to type, and has no summary */
	const char *summary; /* one line for `regrow --help` */
	/* argv[0] is "regrow NAME". Returns an exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_list;
extern const struct command command_doctor;
extern const struct command command_guest;
extern const struct command command_run;
extern const struct command command_show;
extern const struct command command_compare;
extern const struct command command_calibrate;
extern const struct command command_crossover;
extern const struct command command_thread;
extern const struct command command_plot;
extern const struct command command_export;

int driver_main(int argc, char **argv);

/* argp_parse with our usage status; 0, or an exit status. */
int cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* "regrow: " and the message to stderr; returns status. */
__attribute__((format(printf, 2, 3))) int cli_fail(int status,
						   const char *format, ...);

#endif
