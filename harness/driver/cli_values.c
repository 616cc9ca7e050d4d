/* cli_values - values of the command line that several commands take. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/cli_values.h"
#include "sample/protocol.h"

uint64_t cli_time_ns(struct argp_state *state, const char *option,
		     const char *text)
{
	uint64_t ns = 0;

	if (units_parse_time(text, &ns) != 0 || ns == 0)
		argp_error(state, "%s '%s' is not a time such as 90s, 5m or 2h",
			   option, text);
	return ns;
}

uint64_t cli_count(struct argp_state *state, const char *option,
		   const char *text, uint64_t max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *text == '-' || *text == '\0' || *end || value > max)
		argp_error(state, "%s '%s' is not a number from 0 to %llu",
			   option, text, (unsigned long long)max);
	return value;
}

double cli_precision(struct argp_state *state, const char *text)
{
	double fraction = 0;

	if (units_parse_percent(text, &fraction) != 0 || fraction < 0 ||
	    fraction > 1)
		argp_error(state,
			   "--precision '%s' is not a share such as 1%% or "
			   "0.5%%, or 0",
			   text);
	return fraction;
}

/* 0 asks for the twin's: nothing differs by less than nothing. */
double cli_margin(struct argp_state *state, const char *text)
{
	double fraction = 0;

	if (strcmp(text, "auto") == 0)
		return 0;
	if (units_parse_percent(text, &fraction) != 0 || fraction <= 0 ||
	    fraction >= 1)
		argp_error(state,
			   "--margin '%s' is neither auto nor a share such as "
			   "1%% or 0.5%%",
			   text);
	return fraction;
}

uint64_t cli_settle_ns(struct argp_state *state, const char *text)
{
	uint64_t last_ns = settle_points_ns[SETTLE_POINTS - 1];
	uint64_t ns = 0;

	if (strcmp(text, "0") == 0)
		return 0;
	ns = cli_time_ns(state, "--settle", text);
	if (ns < settle_points_ns[0] || ns > last_ns)
		argp_error(
			state,
			"--settle '%s' is neither 0 nor from 100ms to 5s: "
			"the map is looked at 100ms, 1s and 5s after all was "
			"released",
			text);
	return ns;
}

bool cli_units(struct argp_state *state, const char *text)
{
	bool machine = strcmp(text, "machine") == 0;

	if (!machine && strcmp(text, "time") != 0)
		argp_error(state, "--units '%s' is neither time nor machine",
			   text);
	return machine;
}
