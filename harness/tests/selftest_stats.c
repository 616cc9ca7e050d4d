/*
 * selftest_stats - whether verdicts are wrong as seldom as they claim, for
 * `make selftest-stats`.
 *
 * usage: selftest_stats REGROW FOLDER SEED RUNS BUDGET   (the binary, and where
 * results may be written; of real runs how many, and the time of each)
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/selftest.h"

#define SIMULATED 4000 /* runs a line */
#define STOPPED 10000 /* the same, where little more than alpha is to be seen */

void selftest_die(const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "selftest-stats: %s: %s\n", what, why);
	exit(2);
}

int main(int argc, char *argv[])
{
	unsigned int failed = 0;
	uint64_t seed;

	if (argc != 6)
		selftest_die("usage",
			     "selftest_stats REGROW FOLDER SEED RUNS BUDGET");
	seed = strtoull(argv[3], NULL, 10);
	setvbuf(stdout, NULL, _IOLBF, 0);
	failed += lines_same(SIMULATED, seed);
	failed += lines_margin(SIMULATED, seed);
	failed += lines_stopping(STOPPED, seed);
	return failed > 0;
}
