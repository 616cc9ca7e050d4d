/* looks - at the memory of a sample's process, before, after, and later. */
#include "sample/looks.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "sample/process.h"

static struct process_peaks peaks_before;

static void figures_take(struct sample *sample, struct map_figures *figures)
{
	int error = sample_read_map(sample, figures);

	if (error)
		sample_fail(sample->answer, error,
			    "cannot read the map of the process: %s",
			    strerror(-error));
}

void looks_before(struct sample *sample)
{
	process_reset_peak();
	process_peaks(&peaks_before);
	figures_take(sample, &sample->answer->before);
}

void looks_final(struct sample *sample)
{
	struct sample_answer *answer = sample->answer;
	struct process_peaks peaks;

	figures_take(sample, &answer->final);
	if (process_peaks(&peaks) < 0)
		return;
	answer->peak_resident_bytes =
		peaks.resident_bytes_max - peaks_before.resident_bytes;
	answer->peak_virtual_bytes =
		peaks.virtual_bytes_max - peaks_before.virtual_bytes;
}

static bool left_little(uint64_t now, uint64_t before)
{
	return now <= before + SETTLED_BYTES;
}

static void sleep_until(uint64_t at_ns)
{
	struct timespec at = {
		.tv_sec = (time_t)(at_ns / 1000000000u),
		.tv_nsec = (long)(at_ns % 1000000000u),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) ==
	       EINTR)
		continue;
}

/*
 * The map again after a while: some allocators give back by the clock, or by a
 * thread of their own. The others wait at a barrier meanwhile.
 */
static void settle(struct sample *sample, uint64_t released_ns)
{
	struct sample_answer *answer = sample->answer;
	uint64_t settle_ns = sample->request->settle_ns;

	if (sample->request->pass != PASS_CHECKING || settle_ns == 0)
		return;
	answer->settled_at_once =
		left_little(answer->drained.holes.mapped_bytes,
			    answer->before.holes.mapped_bytes) &&
		left_little(answer->drained.resident_bytes,
			    answer->before.resident_bytes);
	if (answer->settled_at_once)
		return;
	for (unsigned int i = 0;
	     i < SETTLE_POINTS && settle_points_ns[i] <= settle_ns; i++) {
		struct map_figures *figures =
			&answer->settled[answer->settled_count++];

		sleep_until(released_ns + settle_points_ns[i]);
		figures_take(sample, figures);
		figures->at_ns += sample->started_ns - released_ns;
	}
}

void looks_drained(struct sample *sample)
{
	uint64_t released_ns = clock_now_ns();

	figures_take(sample, &sample->answer->drained);
	settle(sample, released_ns);
}
