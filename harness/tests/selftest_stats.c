/*
 * selftest_stats - whether verdicts are wrong as seldom as they claim, for
 * `make selftest-stats`.
 *
 * usage: selftest_stats REGROW FOLDER SEED RUNS BUDGET   (the binary, and where
 * results may be written; of real runs how many, and the time of each)
 *
 * Exits with 1 where a promise was broken, 2 where something could not be run.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/units.h"
#include "driver/json.h"
#include "driver/machine.h"
#include "driver/version.h"
#include "tests/selftest.h"

#define SIMULATED 4000 /* runs a line */
#define STOPPED 10000 /* the same, where little more than alpha is looked for */
#define RUNS_MAX 10000

void selftest_die(const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "selftest-stats: %s: %s\n", what, why);
	exit(2);
}

static uint64_t number(const char *text, uint64_t max)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (end == text || *end || value > max)
		selftest_die("not a number, or too large", text);
	return value;
}

static void arguments_read(char *argv[], struct real *real)
{
	real->regrow = argv[1];
	snprintf(real->folder, sizeof(real->folder), "%s", argv[2]);
	real->seed = number(argv[3], UINT32_MAX);
	real->runs = (unsigned int)number(argv[4], RUNS_MAX);
	if (real->runs == 0)
		selftest_die("RUNS", "at least 1");
	if (units_parse_time(argv[5], &real->budget_ns) != 0)
		selftest_die("BUDGET is no time such as 4s", argv[5]);
	if (mkdir(real->folder, 0755) != 0 && errno != EEXIST)
		selftest_die(real->folder, strerror(errno));
}

static void introduce(const struct real *real, const char *budget)
{
	struct json *machine = json_new_object();
	double load = 0;

	machine_facts(machine, true, NULL);
	getloadavg(&load, 1);
	printf("make selftest-stats SEED=%llu RUNS=%u BUDGET=%s\n"
	       "regrow %s, %s, %ld CPUs, Linux %s, load %.1f\n"
	       "Shares are in per cent, with their exact 95 %% interval "
	       "(Clopper and Pearson). FAIL: even its\n"
	       "lower end lies above what is promised.\n",
	       (unsigned long long)real->seed, real->runs, budget,
	       version_text(), json_text(machine, "cpu_model", "a CPU"),
	       sysconf(_SC_NPROCESSORS_ONLN), json_text(machine, "kernel", "?"),
	       load);
	json_free(machine);
}

int main(int argc, char *argv[])
{
	static struct real real;
	unsigned int failed = 0;

	if (argc != 6)
		selftest_die("usage",
			     "selftest_stats REGROW FOLDER SEED RUNS BUDGET");
	arguments_read(argv, &real);
	setvbuf(stdout, NULL, _IOLBF, 0);
	introduce(&real, argv[5]);
	failed += lines_same(SIMULATED, real.seed);
	failed += lines_margin(SIMULATED, real.seed);
	failed += lines_stopping(STOPPED, real.seed);
	failed += same_show(&real);
	power_show(&real);
	printf("\n%u promises broken\n", failed);
	return failed > 0;
}
