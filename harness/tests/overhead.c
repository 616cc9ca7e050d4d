/*
 * overhead - what the preload library costs a program of whose blocks it serves
 * none, for `make preload-overhead`: whole processes with it and without it,
 * paired in rounds. A time is reported, never judged.
 *
 * usage: overhead LIBRARY PROGRAM [ROUNDS [DURATION]]
 *
 * PROGRAM is small_blocks, given as many calls as take it DURATION of CPU time.
 * Exit status: 0 measured, 2 usage, 4 nothing could be measured.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/units.h"
#include "driver/stats.h"

#define ALLOCATOR "mremap-fixed-fallback"
#define ROUNDS_STANDARD 40
#define ROUNDS_LIMIT 1000
#define DURATION_STANDARD_NS 1000000000u
#define DURATION_LIMIT_NS 3600000000000u
#define CALIBRATION_CALLS 1000000u
#define LEVEL 0.95
#define WANTED 1.02

/* The sides of the comparison; the second is the control. */
enum side { PLAIN, PLAIN_AGAIN, SERVING, NOT_SERVING, SIDES };

static const struct {
	const char *text;
	const char *allocator; /* REGROW_ALLOC; NULL: without the library */
} sides[SIDES] = {
	[PLAIN] = {"plain", NULL},
	[PLAIN_AGAIN] = {"plain again", NULL},
	[SERVING] = {"with the library, " ALLOCATOR, ALLOCATOR},
	[NOT_SERVING] = {"with the library, none", "none"},
};

/* In four rounds each side is at each place once, and behind each other. */
static const unsigned char orders[SIDES][SIDES] = {
	{0, 1, 3, 2},
	{1, 2, 0, 3},
	{2, 3, 1, 0},
	{3, 0, 2, 1},
};

struct took {
	double cpu_ns; /* of the process, from fork to its end */
	double wall_ns;
};

struct times {
	double cpu_ns[ROUNDS_LIMIT];
	double wall_ns[ROUNDS_LIMIT];
};

static struct {
	const char *library;
	const char *program;
	size_t rounds;
	uint64_t duration_ns;
	uint64_t calls;
	size_t left_out; /* rounds that took no time beyond the start */
	struct times work[SIDES];
	struct times empty[SIDES]; /* of processes that make no call */
} overhead = {
	.rounds = ROUNDS_STANDARD,
	.duration_ns = DURATION_STANDARD_NS,
};

__attribute__((format(printf, 1, 2))) static _Noreturn void
give_up(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fputs("overhead: nothing is measured: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(4);
}

static double wall_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double timeval_ns(const struct timeval *time)
{
	return (double)time->tv_sec * 1e9 + (double)time->tv_usec * 1e3;
}

static _Noreturn void child_run(const char *allocator, const char *from,
				const char *calls)
{
	if (allocator) {
		setenv("LD_PRELOAD", overhead.library, 1);
		setenv("REGROW_ALLOC", allocator, 1);
	}
	if (from) {
		int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

		setenv("REGROW_FROM", from, 1);
		dup2(nowhere, STDERR_FILENO);
	}
	execl(overhead.program, overhead.program, calls, (char *)NULL);
	fprintf(stderr, "overhead: %s: %s\n", overhead.program,
		strerror(errno));
	_exit(127);
}

/* A process from fork to its end; its wait status. */
static int process_run(const char *allocator, const char *from, uint64_t calls,
		       struct took *took)
{
	char text[24];
	double begin_ns = wall_now_ns();
	struct rusage usage;
	pid_t child;
	int status;

	snprintf(text, sizeof(text), "%llu", (unsigned long long)calls);
	fflush(NULL);
	child = fork();
	if (child < 0)
		give_up("cannot fork: %s", strerror(errno));
	if (child == 0)
		child_run(allocator, from, text);
	if (wait4(child, &status, 0, &usage) != child)
		give_up("cannot wait: %s", strerror(errno));
	took->wall_ns = wall_now_ns() - begin_ns;
	took->cpu_ns =
		timeval_ns(&usage.ru_utime) + timeval_ns(&usage.ru_stime);
	return status;
}

static struct took side_run(enum side side, uint64_t calls)
{
	struct took took;
	int status = process_run(sides[side].allocator, NULL, calls, &took);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		give_up("%s, %s, ended with wait status %#x", overhead.program,
			sides[side].text, (unsigned int)status);
	return took;
}

/* The loader only warns of a library that it cannot load. */
static void library_check(void)
{
	struct took took;
	int status = process_run("none", "not a size", 0, &took);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != 2)
		give_up("%s does not come to life in %s", overhead.library,
			overhead.program);
}

static void calibrate(void)
{
	double ns_per_call, empty_ns;

	side_run(PLAIN, 0);
	empty_ns = side_run(PLAIN, 0).cpu_ns;
	ns_per_call = (side_run(PLAIN, CALIBRATION_CALLS).cpu_ns - empty_ns) /
		      CALIBRATION_CALLS;
	if (!(ns_per_call > 0))
		give_up("%u calls took no CPU time", CALIBRATION_CALLS);
	overhead.calls =
		(uint64_t)((double)overhead.duration_ns / ns_per_call) + 1;
}

static void times_put(struct times *times, size_t round, struct took took)
{
	times->cpu_ns[round] = took.cpu_ns;
	times->wall_ns[round] = took.wall_ns;
}

static void rounds_measure(void)
{
	for (size_t round = 0; round < overhead.rounds; round++) {
		for (unsigned int place = 0; place < SIDES; place++) {
			enum side side = orders[round % SIDES][place];

			times_put(&overhead.empty[side], round,
				  side_run(side, 0));
			times_put(&overhead.work[side], round,
				  side_run(side, overhead.calls));
		}
	}
}

static double median(const double *values)
{
	double sorted[ROUNDS_LIMIT];

	memcpy(sorted, values, overhead.rounds * sizeof(*sorted));
	stats_sort(sorted, overhead.rounds);
	return stats_median(sorted, overhead.rounds);
}

/* What the calls took: without what a start takes, which is shown apart. */
static void start_subtract(double *work_ns, const double *empty_ns)
{
	double start_ns = median(empty_ns);

	for (size_t i = 0; i < overhead.rounds; i++)
		work_ns[i] -= start_ns;
}

static void ratio_print(const double *ns, const double *plain_ns,
			struct interval *interval)
{
	double scratch[ROUNDS_LIMIT];
	size_t used;
	double ratio = stats_paired_ratio(ns, plain_ns, overhead.rounds, LEVEL,
					  scratch, interval, &used);

	if (used == 0)
		give_up("no round took any time beyond the start: give a "
			"longer DURATION");
	if (overhead.rounds - used > overhead.left_out)
		overhead.left_out = overhead.rounds - used;
	printf("  %.4f (%.4f-%.4f)%s", ratio, interval->low, interval->high,
	       interval->level > 0 ? " " : "*");
}

static void side_print(enum side side, struct interval *cpu)
{
	const struct times *plain = &overhead.work[PLAIN];
	const struct times *work = &overhead.work[side];
	double more_ns[ROUNDS_LIMIT];
	struct interval wall;

	printf("  %-42s %9.2f", sides[side].text, median(work->cpu_ns) / 1e6);
	if (side != PLAIN) {
		for (size_t i = 0; i < overhead.rounds; i++)
			more_ns[i] = work->cpu_ns[i] - plain->cpu_ns[i];
		ratio_print(work->cpu_ns, plain->cpu_ns, cpu);
		ratio_print(work->wall_ns, plain->wall_ns, &wall);
		printf(" %7.2f", median(more_ns) / (double)overhead.calls);
	}
	putchar('\n');
}

static void verdict_print(enum side side, const struct interval *interval)
{
	if (interval->level <= 0)
		printf("%s: too few rounds to tell.\n", sides[side].text);
	else
		printf("%s: the interval %s below %.2f%s.\n", sides[side].text,
		       interval->high < WANTED ? "lies" : "does not lie",
		       WANTED,
		       interval->low >= WANTED ? ", it lies above" : "");
}

static void starts_print(void)
{
	printf("\nA process that makes no call, median of %zu, which the "
	       "ratios are without\n  %-42s %9s %9s\n",
	       overhead.rounds, "", "CPU, ms", "wall, ms");
	for (enum side side = PLAIN; side < SIDES; side++)
		printf("  %-42s %9.3f %9.3f\n", sides[side].text,
		       median(overhead.empty[side].cpu_ns) / 1e6,
		       median(overhead.empty[side].wall_ns) / 1e6);
}

static void print(void)
{
	struct interval cpu[SIDES] = {0};

	for (enum side side = PLAIN; side < SIDES; side++) {
		start_subtract(overhead.work[side].cpu_ns,
			       overhead.empty[side].cpu_ns);
		start_subtract(overhead.work[side].wall_ns,
			       overhead.empty[side].wall_ns);
	}
	printf("%llu calls of malloc, calloc, realloc and free for blocks of "
	       "16 to 4096 bytes, %.1f ns each;\n"
	       "ratios to plain, medians of %zu rounds (%.0f %% intervals)\n\n"
	       "  %-42s %9s  %-25s %-25s %s\n",
	       (unsigned long long)overhead.calls,
	       median(overhead.work[PLAIN].cpu_ns) / (double)overhead.calls,
	       overhead.rounds, 100 * LEVEL, "", "CPU, ms", "ratio of CPU time",
	       "ratio of wall time", "ns a call");
	for (enum side side = PLAIN; side < SIDES; side++)
		side_print(side, &cpu[side]);
	if (cpu[SERVING].level <= 0)
		printf("  * too few rounds for an interval: least and "
		       "greatest\n");
	if (overhead.left_out)
		printf("  %zu rounds took no time beyond the start and are "
		       "left out: give a longer DURATION\n",
		       overhead.left_out);
	starts_print();
	putchar('\n');
	verdict_print(SERVING, &cpu[SERVING]);
	verdict_print(NOT_SERVING, &cpu[NOT_SERVING]);
	if (cpu[PLAIN_AGAIN].level > 0 &&
	    (cpu[PLAIN_AGAIN].low > 1 || cpu[PLAIN_AGAIN].high < 1))
		printf("plain against plain differs: something else runs on "
		       "this machine; measure again.\n");
}

static bool arguments_read(int argc, char **argv)
{
	char *end;

	if (argc < 3 || argc > 5)
		return false;
	overhead.library = argv[1];
	overhead.program = argv[2];
	if (argc > 3) {
		overhead.rounds = strtoul(argv[3], &end, 10);
		if (*argv[3] < '0' || *argv[3] > '9' || *end ||
		    overhead.rounds < 1 || overhead.rounds > ROUNDS_LIMIT)
			return false;
	}
	return argc < 5 ||
	       (units_parse_time(argv[4], &overhead.duration_ns) == 0 &&
		overhead.duration_ns > 0 &&
		overhead.duration_ns <= DURATION_LIMIT_NS);
}

int main(int argc, char **argv)
{
	static const char *const others[] = {
		"LD_PRELOAD",	"REGROW_ALLOC", "REGROW_FROM",
		"REGROW_STATS", "REGROW_TRACE", "REGROW_TRACE_FROM",
	};

	if (!arguments_read(argc, argv)) {
		fprintf(stderr,
			"usage: overhead LIBRARY PROGRAM [ROUNDS [DURATION]]\n"
			"ROUNDS is 1 to %d (else %d), DURATION of a process as "
			"500ms or 2s (else 1s)\n",
			ROUNDS_LIMIT, ROUNDS_STANDARD);
		return 2;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		unsetenv(others[i]);
	library_check();
	calibrate();
	rounds_measure();
	print();
	return 0;
}
