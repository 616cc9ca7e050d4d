/*
 * stalled - what one stall of an allocator is to those who wait for it: a slow
 * request in a closed loop, a queue of them in an open one. This program is its
 * own sample's binary.
 *
 *	stalled RATE MS
 *
 * server-churn in a closed loop and at a fixed rate, each without and with one
 * call for memory that sleeps so many ms. Of a queue that requests join at rate
 * r while the one before them stalls for S and that is worked off at a service
 * time s each, request number k waits S - k * (1 / r - s); so r * (S - x) /
 * (1 - r * s) of them are answered later than x. The same is asserted exactly,
 * on a virtual clock, in test_open_loop; here the machine's own noise is in it,
 * and the counts need only be of the same order. Noise only adds: of REPEATS
 * samples of a loop, the one whose requests took least in all is looked at.
 * Fails where the counts are of another order, and where the loops without a
 * stall have queues themselves, so that nothing can be told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/histogram.h"
#include "common/units.h"
#include "driver/spawn.h"
#include "tests/plugin_folder.h"

#define LIVE 1000
#define STEPS 5000
#define STALLS_AT (LIVE + STEPS / 4) /* of some LIVE + STEPS calls */
#define SLOW_PERCENT 20 /* of the stall: a service time that is noticed */
#define CLOSED_MOST 5 /* slow ones; all but one are the machine's own */
#define ORDER 2 /* counted to expected, either way */
#define REPEATS 3
#define MS 1000000u

/* Of 50 ms, above what waiting for a CPU in use takes: a few ms. */
static const unsigned int late_percents[] = {20, 40, 60, 80};
#define LATES (sizeof(late_percents) / sizeof(*late_percents))

/* Of one sample. */
struct loop {
	struct histogram service;
	struct histogram response;
	struct open_loop_figures figures;
};

static struct loop closed[2], scheduled[2]; /* without the stall, with it */
static struct spawner spawner;
static char plugins[3072];

static uint64_t taken_ns(const struct loop *loop)
{
	return loop->response.count ? loop->response.sum_ns
				    : loop->service.sum_ns;
}

static void keep_quieter(struct loop *loop, const struct sample_answer *answer)
{
	const struct loop other = {
		.service = answer->operations[OPERATION_SERVICE].histogram,
		.response = answer->operations[OPERATION_RESPONSE].histogram,
		.figures = answer->open_loop,
	};

	if (loop->service.count == 0 || taken_ns(&other) < taken_ns(loop))
		*loop = other;
}

/* 0, or 1 after a message. */
static int measure(uint64_t rate, uint64_t stall_ms, struct loop *loop)
{
	struct sample_request *request = &spawner.exchange->request;
	const struct sample_answer *answer = &spawner.exchange->answer;
	struct spawn_setting setting = {.timeout_ns = 600000000000u};
	struct spawn_result result;
	int error;

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator),
		 "%.400s/stall.so:at=%d:for=%llu", plugins,
		 stall_ms ? STALLS_AT : 0, (unsigned long long)stall_ms);
	snprintf(request->workload, sizeof(request->workload),
		 "server-churn:sizes=64K:touch=none:live=%d:steps=%d:rate=%llu:"
		 "arrivals=fixed",
		 LIVE, STEPS, (unsigned long long)rate);
	request->seed = 1;
	request->pass = PASS_TIMING;
	request->threads = 1;
	request->block_bytes_max = 1 << 20;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	error = spawn_sample(&spawner, &setting, &result);
	if (error || result.outcome != SAMPLE_OK) {
		fprintf(stderr, "stalled: %s: %s\n", request->workload,
			error ? strerror(-error) : result.reason);
		return 1;
	}
	keep_quieter(loop, answer);
	return 0;
}

/* A bucket counts where its least latency is so long: 1 % at most is missed. */
static uint64_t beyond(const struct histogram *histogram, uint64_t ns)
{
	uint64_t count = histogram->overflow;

	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++)
		if (histogram_bucket_low_ns(i) >= ns)
			count += histogram->buckets[i];
	return count;
}

/* Of all requests but the slowest. */
static double service_ns(const struct loop *loop)
{
	return (double)(loop->service.sum_ns - loop->service.max_ns) /
	       (double)(loop->service.count - 1);
}

static bool say_closed(uint64_t stall_ns)
{
	uint64_t slow_ns = stall_ns * SLOW_PERCENT / 100;
	uint64_t slow = beyond(&closed[1].service, slow_ns);
	char each[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE],
		limit[UNITS_TEXT_SIZE];

	printf("closed loop: %llu requests of %s each, the longest %s; longer "
	       "than %s: %llu, and %llu without the stall; expected: 1, and "
	       "0\n",
	       (unsigned long long)closed[1].service.count,
	       units_read_time(service_ns(&closed[1]), each),
	       units_read_time((double)closed[1].service.max_ns, most),
	       units_read_time((double)slow_ns, limit),
	       (unsigned long long)slow,
	       (unsigned long long)beyond(&closed[0].service, slow_ns));
	return closed[1].service.max_ns >= stall_ns && slow <= CLOSED_MOST;
}

static void say_open(uint64_t rate, double load)
{
	char each[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];

	printf("open loop, %llu a second: %llu requests of %s each, %.0f %% of "
	       "the time, the longest %s; %s\n",
	       (unsigned long long)rate,
	       (unsigned long long)scheduled[1].service.count,
	       units_read_time(service_ns(&scheduled[1]), each), 100 * load,
	       units_read_time((double)scheduled[1].service.max_ns, most),
	       scheduled[1].figures.saturated ? "SATURATED" : "not saturated");
}

/* Of the order of what is expected. */
static bool say_count(const char *what, uint64_t with, uint64_t without,
		      double expected)
{
	double counted = (double)with;
	bool good = counted * ORDER >= expected && counted <= expected * ORDER;

	printf("%-26s %10llu %10llu %10.0f%s\n", what, (unsigned long long)with,
	       (unsigned long long)without, expected,
	       good ? "" : "  NOT OF THAT ORDER");
	return good;
}

static bool say_queue(uint64_t rate, uint64_t stall_ns, double load)
{
	double per_ns = (double)rate / 1e9;
	char what[64], late[UNITS_TEXT_SIZE];
	bool good = true;

	printf("%-26s %10s %10s %10s\n", "", "stall", "none", "expected");
	for (unsigned int i = 0; i < LATES; i++) {
		uint64_t late_ns = stall_ns * late_percents[i] / 100;

		snprintf(what, sizeof(what), "responses later than %s",
			 units_read_time((double)late_ns, late));
		good &= say_count(what, beyond(&scheduled[1].response, late_ns),
				  beyond(&scheduled[0].response, late_ns),
				  per_ns * (double)(stall_ns - late_ns) /
					  (1 - load));
	}
	good &= say_count(
		"most waiting at once", scheduled[1].figures.backlog_max,
		scheduled[0].figures.backlog_max, per_ns * (double)stall_ns);
	return good;
}

/* The machine makes a queue as long as half of what is looked for. */
static bool is_noisy(uint64_t rate, uint64_t stall_ns)
{
	uint64_t late_ns = stall_ns * late_percents[0] / 100;
	uint64_t late = beyond(&scheduled[0].response, late_ns);

	return 2e9 * (double)late > (double)(rate * (stall_ns - late_ns));
}

static bool report(uint64_t rate, uint64_t stall_ns)
{
	double load = service_ns(&scheduled[1]) * (double)rate / 1e9;
	bool good = say_closed(stall_ns);

	say_open(rate, load);
	if (scheduled[1].figures.saturated || load >= 1) {
		puts("more requests were due than can be served: of such a "
		     "queue nothing is expected; ask for a lower rate");
		return false;
	}
	good &= say_queue(rate, stall_ns, load);
	if (is_noisy(rate, stall_ns)) {
		puts("cannot tell: requests queue without the stall as well; "
		     "let nothing else run, or ask for a lower "
		     "rate");
		return false;
	}
	puts(good ? "as expected: one slow request in a closed loop, and in an "
		    "open one the queue behind it"
		  : "NOT AS EXPECTED");
	return good;
}

/* 0, or 1 after a message. */
static int measure_all(uint64_t rate, uint64_t stall_ms)
{
	for (unsigned int i = 0; i < 2 * REPEATS; i++)
		if (measure(0, i % 2 * stall_ms, &closed[i % 2]) != 0 ||
		    measure(rate, i % 2 * stall_ms, &scheduled[i % 2]) != 0)
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t rate, stall_ms;
	bool good;

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	rate = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
	stall_ms = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	if (rate == 0 || stall_ms == 0 || stall_ms > 1000) {
		fprintf(stderr, "usage: stalled RATE MS, at most 1000\n");
		return 2;
	}
	if (!plugin_folder(plugins, sizeof(plugins)) ||
	    spawner_open(&spawner) != 0)
		return 2;
	if (measure_all(rate, stall_ms) != 0)
		return 1;
	printf("server-churn, one call for memory of which stalls %llu ms:\n",
	       (unsigned long long)stall_ms);
	good = report(rate, stall_ms * MS);
	spawner_close(&spawner);
	return good ? 0 : 1;
}
