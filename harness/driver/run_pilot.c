/* run_pilot - the reference's samples before the first round. */
#include "driver/cli.h"
#include "driver/run_parts.h"

/* One sample; its line is kept, and its times where it is good. */
static int pilot_sample(struct run *run, unsigned int round, unsigned int cell,
			struct pilot_times *times)
{
	const struct sample_answer *answer = &run->spawner.exchange->answer;
	struct json *line;
	int status = run_sample_measure(run, PASS_PILOT, round, cell, &line);

	if (status || !line)
		return status;
	run->pilot_lines[run->pilot_lines_count++] = line;
	if (!json_bool(line, "valid", false))
		return STATUS_DONE;
	times->wall_ns[times->count] = answer->wall_ns;
	times->cpu_ns[times->count++] = answer->cpu_ns;
	times->growths = 0;
	for (unsigned int i = 0; i < OUTCOME_COUNT; i++)
		times->growths += answer->tally.growths[i];
	return STATUS_DONE;
}

static int pilot_group(struct run *run, struct group *group)
{
	struct pilot_times times = {0};
	int status = STATUS_DONE;

	for (unsigned int i = 0;
	     i < PILOT_SAMPLES && !status && !run_stop_signal &&
	     run->failures[group->first] < RUN_FAILURES_MAX;
	     i++)
		status = pilot_sample(run, i, group->first, &times);
	/* Half a pilot decides nothing. */
	if (status || run_stop_signal)
		return status;
	pilot_decide(&times, group);
	pilot_plant(&run->plan, group, run->calibration.spin_ns);
	return status;
}

int run_pilot(struct run *run)
{
	int status = STATUS_DONE;

	for (unsigned int i = 0;
	     i < run->plan.groups_count && !status && !run_stop_signal; i++)
		if (pilot_wanted(&run->plan.groups[i]))
			status = pilot_group(run, &run->plan.groups[i]);
	return status;
}
