/* pilot - what a few samples of the reference decide before the first round. */
#include "driver/pilot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/stats.h"

#define SAMPLES_MIN 3
#define NOISIER 1.1 /* wall is what a program waits for: it wins a tie */

/* The middle of the relative differences of neighbours. */
static double neighbours_noise(const uint64_t *ns, unsigned int count)
{
	double differences[PILOT_SAMPLES];
	unsigned int used = 0;

	for (unsigned int i = 1; i < count; i++)
		if (ns[i] > 0 && ns[i - 1] > 0)
			differences[used++] =
				fabs(log((double)ns[i] / (double)ns[i - 1]));
	stats_sort(differences, used);
	return used > 0 ? stats_median(differences, used) : 0;
}

static uint64_t middle_ns(const uint64_t *ns, unsigned int count)
{
	double sorted[PILOT_SAMPLES];

	for (unsigned int i = 0; i < count; i++)
		sorted[i] = (double)ns[i];
	stats_sort(sorted, count);
	return count > 0 ? (uint64_t)stats_median(sorted, count) : 0;
}

bool pilot_wanted(const struct group *group)
{
	return group->skipped[0] == '\0' && group->clock_why[0] == '\0';
}

void pilot_decide(const struct pilot_times *times, struct group *group)
{
	struct pilot *pilot = &group->pilot;
	char *why = group->clock_why;
	const size_t size = sizeof(group->clock_why);

	pilot->samples = times->count;
	pilot->wall_ns = middle_ns(times->wall_ns, times->count);
	pilot->cpu_ns = middle_ns(times->cpu_ns, times->count);
	pilot->wall_noise = neighbours_noise(times->wall_ns, times->count);
	pilot->cpu_noise = neighbours_noise(times->cpu_ns, times->count);
	pilot->growths = times->growths;
	group->clock = CLOCK_WALL;
	if (group->estimate.threads > 1) {
		snprintf(why, size,
			 "several threads: CPU time leaves out what they wait "
			 "for each other");
		return;
	}
	if (group->estimate.span_ns_min > 0) {
		snprintf(why, size,
			 "requests are due by a schedule: waiting for them is "
			 "CPU time");
		return;
	}
	if (pilot->samples < SAMPLES_MIN) {
		snprintf(why, size, "the pilot had %u good samples of %u",
			 pilot->samples, PILOT_SAMPLES);
		return;
	}
	if (pilot->wall_noise > NOISIER * pilot->cpu_noise && pilot->cpu_ns > 0)
		group->clock = CLOCK_CPU;
	snprintf(why, size,
		 "in the pilot neighbours differed by %.2g %% in wall and by "
		 "%.2g %% in CPU time",
		 100 * pilot->wall_noise, 100 * pilot->cpu_noise);
}

static const char *why_not_planted(const struct group *group, double spin_ns)
{
	if (group->pilot.samples < SAMPLES_MIN)
		return "the pilot has too few good samples to size it";
	if (group->pilot.growths < group->estimate.threads)
		return "nothing grows: there is nothing to plant it in";
	if (!(spin_ns > 0))
		return "the loop that it is made of was not calibrated";
	return NULL;
}

void pilot_plant(struct plan *plan, struct group *group, double spin_ns)
{
	const char *why = why_not_planted(group, spin_ns);
	unsigned int threads = group->estimate.threads;
	uint64_t sample_ns = group->clock == CLOCK_CPU ? group->pilot.cpu_ns
						       : group->pilot.wall_ns;

	for (unsigned int i = group->first; i < group->first + group->count;
	     i++) {
		struct cell *cell = &plan->cells[i];
		double each_ns;

		if (cell->role != ROLE_PLANTED)
			continue;
		if (why) {
			snprintf(cell->skipped, sizeof(cell->skipped), "%s",
				 why);
			continue;
		}
		/* Threads grow side by side: each carries its share. */
		each_ns = (double)sample_ns * cell->planted_percent / 100 /
			  ((double)group->pilot.growths / threads);
		cell->planted_iterations = (uint64_t)(each_ns / spin_ns) + 1;
	}
}
