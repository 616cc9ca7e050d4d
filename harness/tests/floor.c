/*
 * floor - what the instrument itself costs, for `make floor`: each figure with
 * its ratio to a bare loop of the same run. Nothing here can fail.
 *
 * usage: floor REGROW     (the binary whose samples and driver are measured)
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/registry.h"
#include "driver/spawn.h"
#include "driver/stats.h"
#include "sample/context.h"

#define CALLS 1000000
#define REPEATS 11
#define STARTS 51
#define EMPTY_COMMAND "--empty"

static struct context context;
static struct sample sample;
static struct sample_request request;
static struct histogram histogram;
static struct buffer buffer;

/* What is measured: one call each, through a pointer nobody can see behind. */
static void call_nothing(void)
{
}

static void call_clock(void)
{
	__asm__ volatile("" : : "r"(clock_now_ns()));
}

static void call_tally(void)
{
	tally_growth(&context.recorder, OUTCOME_SLACK);
}

static void call_phase(void)
{
	phase_begin(&context.recorder, PHASE_COPY);
}

static void call_histogram(void)
{
	histogram_record(&histogram, 12345);
}

static void call_operation(void)
{
	buffer_grow(&context.worker, &buffer, 4096);
}

static double call_ns(void (*call)(void))
{
	void (*volatile hidden)(void) = call;
	double values[REPEATS];

	for (unsigned int i = 0; i < REPEATS; i++) {
		uint64_t begin_ns = clock_now_ns();

		for (unsigned int n = 0; n < CALLS; n++)
			hidden();
		values[i] = (double)(clock_now_ns() - begin_ns) / CALLS;
	}
	stats_sort(values, REPEATS);
	return stats_median(values, REPEATS);
}

static void row(const char *what, double ns, double bare_ns)
{
	printf("  %-52s %9.2f ns %8.1f\n", what, ns, ns / bare_ns);
}

static void context_setup(void)
{
	struct heap *heap = &context.heaps[0];

	sample.request = &request;
	sample.threads = 1;
	request.pass = PASS_TIMING;
	context.sample = &sample;
	context.worker.page_size = (size_t)sysconf(_SC_PAGESIZE);
	heap->allocator = registry_floor();
	heap->recorder = &context.recorder;
	heap->page_size = context.worker.page_size;
	heap->block_size_max = 4096;
	heap->shared = calloc(1, heap->allocator->shared_size);
	if (!heap->shared || heap->allocator->setup(heap) != 0 ||
	    buffer_alloc(&context.worker, &buffer, 0, 4096) != 0)
		exit(1);
}

static void calls_measure(void)
{
	double bare_ns = call_ns(call_nothing);
	double clock_ns = call_ns(call_clock);
	double operation_ns;

	context_setup();
	printf("One call, median of %d times %d               "
	       "           times a bare call\n",
	       REPEATS, CALLS);
	row("bare call through a pointer", bare_ns, bare_ns);
	row("clock read", clock_ns, bare_ns);
	row("tally of an outcome", call_ns(call_tally), bare_ns);
	row("histogram record", call_ns(call_histogram), bare_ns);
	context.recorder.phases_on = false;
	row("phase, where phases are off", call_ns(call_phase), bare_ns);
	context.recorder.phases_on = true;
	row("phase, recorded", call_ns(call_phase), bare_ns);
	operation_ns = call_ns(call_operation);
	row("recorded operation of the floor allocator", operation_ns, bare_ns);
	printf("  %-52s %9.2f ns\n",
	       "of it beyond its two clock reads and the bare call",
	       operation_ns - 2 * clock_ns + bare_ns);
}

/* Fork, exec and wait for a program that does nothing. */
static double empty_ns(const char *program, const char *argument)
{
	uint64_t begin_ns = clock_now_ns();
	pid_t child = fork();

	if (child == 0) {
		execl(program, program, argument, (char *)NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	return (double)(clock_now_ns() - begin_ns);
}

static double sample_ns(struct spawner *spawner)
{
	struct spawn_setting setting = {0};
	struct spawn_result result;

	if (spawn_sample(spawner, &setting, &result) != 0 ||
	    result.outcome != SAMPLE_OK) {
		fprintf(stderr, "floor: %s\n", result.reason);
		exit(1);
	}
	return (double)result.process_ns;
}

static void spawner_prepare(struct spawner *spawner, const char *regrow)
{
	struct sample_request *request_null;

	if (spawner_open(spawner) != 0)
		exit(1);
	snprintf(spawner->program, sizeof(spawner->program), "%s", regrow);
	request_null = &spawner->exchange->request;
	*request_null = (struct sample_request){
		.allocator = "null",
		.workload = "null",
		.threads = 1,
		.block_bytes_max = 1,
		.pass = PASS_TIMING,
	};
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request_null->cpus[i] = -1;
}

static double median_ms(double *values)
{
	stats_sort(values, STARTS);
	return stats_median(values, STARTS) / 1e6;
}

/* In turn, so that what else the machine does meets all three. */
static void starts_measure(const char *regrow)
{
	struct spawner spawner;
	double empty[STARTS];
	double sample_start[STARTS];
	double libraries[STARTS];
	double empty_ms;

	spawner_prepare(&spawner, regrow);
	for (unsigned int i = 0; i < STARTS; i++) {
		empty[i] = empty_ns("/bin/true", NULL);
		sample_start[i] = sample_ns(&spawner);
		/* This program is linked to all that the driver is. */
		libraries[i] = empty_ns("/proc/self/exe", EMPTY_COMMAND);
	}
	spawner_close(&spawner);
	empty_ms = median_ms(empty);
	printf("\nOne process, fork to reaped, median of %d          "
	       "       times an empty program\n",
	       STARTS);
	printf("  %-52s %9.2f ms %8.1f\n", "an empty program (/bin/true)",
	       empty_ms, 1.0);
	printf("  %-52s %9.2f ms %8.1f\n", "a sample, null on null",
	       median_ms(sample_start), median_ms(sample_start) / empty_ms);
	printf("  %-52s %9.2f ms %8.1f\n",
	       "an empty one that loads hwloc, for comparison",
	       median_ms(libraries), median_ms(libraries) / empty_ms);
}

/* VmHWM of a process in kB; 0 where it has ended. */
static unsigned long resident_peak_kb(pid_t process)
{
	char line[256];
	unsigned long kb = 0;
	FILE *status;

	snprintf(line, sizeof(line), "/proc/%d/status", (int)process);
	status = fopen(line, "r");
	if (!status)
		return 0;
	while (fgets(line, sizeof(line), status))
		if (sscanf(line, "VmHWM: %lu", &kb) == 1)
			break;
	fclose(status);
	return kb;
}

/* Peak resident of the driver alone: its samples are other processes. */
static void driver_measure(const char *regrow)
{
	unsigned long peak_kb = 0;
	pid_t child = fork();

	if (child == 0) {
		int null_fd = open("/dev/null", O_WRONLY);

		dup2(null_fd, STDOUT_FILENO);
		execl(regrow, regrow, "run", "--alloc", "null", "--workload",
		      "null", "--rounds", "200", "--quiet", "--results",
		      "/dev/null", (char *)NULL);
		_exit(1);
	}
	while (waitpid(child, NULL, WNOHANG) == 0) {
		unsigned long kb = resident_peak_kb(child);

		if (kb > peak_kb)
			peak_kb = kb;
		usleep(1000);
	}
	printf("\nThe driver in a run of 200 rounds: peak resident %.1f MiB\n",
	       (double)peak_kb / 1024);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], EMPTY_COMMAND) == 0)
		return 0;
	if (argc != 2) {
		fprintf(stderr, "usage: floor REGROW\n");
		return 2;
	}
	calls_measure();
	starts_measure(argv[1]);
	fflush(stdout);
	driver_measure(argv[1]);
	return 0;
}
