/*
 * churn - what looking at the map costs a long churn at tens of thousands of
 * mappings, and whether the harness leaks in it. This program is its own
 * sample's binary.
 *
 *	churn DURATION LIVE
 *
 * One sample of the checking pass: connections whose small blocks move, each of
 * them then a mapping of its own. A trial says how many steps
 * take the time. Fails where looking takes 1 % of it or more, or where more than
 * 64 KiB are left of the sample's or of this process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/units.h"
#include "driver/spawn.h"

#define ALLOCATOR "mremap-maymove:threshold=0"
/* Most blocks have grown and died once by the half of it. */
#define TRIAL_STEPS_PER_LIVE 8
#define SHARE_MAX 0.01
#define LEFT_MAX (64 << 10)
#define TIMEOUT_FACTOR 20

static struct spawner spawner;
static const struct sample_answer *answer;

static uint64_t own_resident_bytes(void)
{
	unsigned long long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file && fscanf(file, "%*u %llu", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* 0, or 1 after a message. */
static int measure(uint64_t live, uint64_t steps, uint64_t duration_ns)
{
	struct sample_request *request = &spawner.exchange->request;
	struct spawn_setting setting = {
		.timeout_ns = TIMEOUT_FACTOR * duration_ns + 600000000000u};
	struct spawn_result result;
	int error;

	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), ALLOCATOR);
	snprintf(request->workload, sizeof(request->workload),
		 "server-churn:profile=small:live=%llu:steps=%llu",
		 (unsigned long long)live, (unsigned long long)steps);
	request->seed = 1;
	request->pass = PASS_CHECKING;
	request->threads = 1;
	request->block_bytes_max = 1 << 20;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		request->cpus[i] = -1;
	error = spawn_sample(&spawner, &setting, &result);
	if (error == 0 && result.outcome == SAMPLE_OK)
		return 0;
	fprintf(stderr, "churn: %s: %s\n", request->workload,
		error ? strerror(-error) : result.reason);
	return 1;
}

/*
 * Steps that take so long, by the last half of a trial's points: the first
 * steps, of blocks that are young and small, are faster.
 */
static uint64_t steps_for(uint64_t steps, uint64_t duration_ns)
{
	const struct map_figures *half =
		&answer->points[answer->points_count / 2];
	const struct map_figures *last =
		&answer->points[answer->points_count - 1];
	double share;

	if (answer->points_count < 2 || last->at_ns <= half->at_ns)
		return steps;
	share = (double)(last->operations - half->operations) /
		(double)last->operations;
	return (uint64_t)((double)steps * share * (double)duration_ns /
			  (double)(last->at_ns - half->at_ns));
}

static void say_mappings(void)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (uint32_t i = 0; i < answer->points_count; i++) {
		uint64_t mappings = answer->points[i].holes.mappings;

		least = mappings < least ? mappings : least;
		most = mappings > most ? mappings : most;
	}
	printf("mappings: %llu to %llu along the run, growths without memory "
	       "%llu\n",
	       (unsigned long long)least, (unsigned long long)most,
	       (unsigned long long)answer->operations[OPERATION_GROW].failed);
}

/* False: looking took too much. */
static bool say_cost(void)
{
	uint64_t sum_ns = 0, most_ns = 0;
	char sum[UNITS_TEXT_SIZE], mean[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE],
		span[UNITS_TEXT_SIZE];
	double share;

	for (uint32_t i = 0; i < answer->points_count; i++) {
		sum_ns += answer->points[i].read_ns;
		if (answer->points[i].read_ns > most_ns)
			most_ns = answer->points[i].read_ns;
	}
	share = (double)sum_ns / (double)answer->span_ns;
	printf("looks at the map: %u, and %llu left out; %s each on average, "
	       "%s at most\n",
	       answer->points_count,
	       (unsigned long long)answer->reading.points_skipped,
	       units_read_time((double)sum_ns / answer->points_count, mean),
	       units_read_time((double)most_ns, most));
	printf("of the run: %s of %s, %.2f %%\n",
	       units_read_time((double)sum_ns, sum),
	       units_read_time((double)answer->span_ns, span), 100 * share);
	return share < SHARE_MAX;
}

/* False: more is left than was there. */
static bool say_left(const char *whose, uint64_t before, uint64_t after)
{
	char from[UNITS_TEXT_SIZE], to[UNITS_TEXT_SIZE];

	printf("%s: %s before, %s after\n", whose,
	       units_read_size((double)before, from),
	       units_read_size((double)after, to));
	return after <= before + LEFT_MAX;
}

static bool report(uint64_t resident_before)
{
	bool good;

	say_mappings();
	good = say_cost();
	good &= say_left("resident in the sample's process, nothing alive",
			 answer->before.resident_bytes,
			 answer->drained.resident_bytes);
	good &= say_left("mapped in it", answer->before.holes.mapped_bytes,
			 answer->drained.holes.mapped_bytes);
	good &= say_left("resident in the driver's", resident_before,
			 own_resident_bytes());
	puts(good ? "it neither leaks nor slows the run" : "IT DOES NOT HOLD");
	return good;
}

int main(int argc, char **argv)
{
	uint64_t duration_ns = 0, live, steps, resident;
	char duration[UNITS_TEXT_SIZE];

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	if (argc != 3 || units_parse_time(argv[1], &duration_ns) != 0) {
		fprintf(stderr, "usage: churn DURATION LIVE\n");
		return 2;
	}
	live = strtoull(argv[2], NULL, 10);
	steps = live * TRIAL_STEPS_PER_LIVE;
	if (live == 0 || spawner_open(&spawner) != 0)
		return 2;
	answer = &spawner.exchange->answer;
	if (measure(live, steps, duration_ns) != 0)
		return 1;
	steps = steps_for(steps, duration_ns);
	printf("%llu connections on " ALLOCATOR ", %llu steps: some %s\n",
	       (unsigned long long)live, (unsigned long long)steps,
	       units_read_time((double)duration_ns, duration));
	fflush(stdout);
	resident = own_resident_bytes();
	if (measure(live, steps, duration_ns) != 0)
		return 1;
	live = !report(resident);
	spawner_close(&spawner);
	return (int)live;
}
