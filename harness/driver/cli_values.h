/*
 * cli_values - values of the command line that several commands take. What is
 * malformed ends the program as argp_error() does, with the option's name.
 */
#ifndef REGROW_CLI_VALUES_H
#define REGROW_CLI_VALUES_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

/* A time above 0. */
uint64_t cli_time_ns(struct argp_state *state, const char *option,
		     const char *text);

/* A whole number from 0 to max. */
uint64_t cli_count(struct argp_state *state, const char *option,
		   const char *text, uint64_t max);

/* --settle: 0, or a time that reaches the first look and not past the last. */
uint64_t cli_settle_ns(struct argp_state *state, const char *text);
/* --precision: a share from 0 to 1. */
double cli_precision(struct argp_state *state, const char *text);

/* --margin: a share above 0, below 1; 0 for "auto". */
double cli_margin(struct argp_state *state, const char *text);

/* --units: whether they are the machine's. */
bool cli_units(struct argp_state *state, const char *text);

#endif
