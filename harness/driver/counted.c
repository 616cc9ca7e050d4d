/* counted - what a panel of counters shows, and its values in a sample. */
#include "driver/counted.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
	enum figure_index figure;
	const char *name;
} always[] = {
	{FIGURE_FAULTS_MINOR, "minor faults"},
	{FIGURE_FAULTS_MAJOR, "major faults"},
	{FIGURE_SWITCHES_VOLUNTARY, "voluntary switches"},
	{FIGURE_SWITCHES_INVOLUNTARY, "involuntary switches"},
};

bool counted_always(unsigned int index, struct counted *counted)
{
	if (index >= sizeof(always) / sizeof(*always))
		return false;
	*counted = (struct counted){.pass = PASS_TIMING,
				    .figure = (int)always[index].figure,
				    .parts = 1};
	snprintf(counted->name, sizeof(counted->name), "%s",
		 always[index].name);
	return true;
}

/* The place of a counter's ending: ":u" or ":k"; 0: it has none. */
static size_t mode_at(const char *name, char mode)
{
	size_t length = strlen(name);

	return length > 2 && name[length - 2] == ':' && name[length - 1] == mode
		       ? length - 2
		       : 0;
}

/* The one of the same name in the other mode, or file->counters_count. */
static unsigned int other_half(const struct results_file *file,
			       unsigned int counter, char mode, char other_mode)
{
	const char *name = file->counters[counter].name;
	size_t length = mode_at(name, mode);
	unsigned int i;

	for (i = 0; length && i < file->counters_count; i++) {
		const struct results_counter *other = &file->counters[i];

		if (!other->missing &&
		    mode_at(other->name, other_mode) == length &&
		    strncmp(other->name, name, length) == 0)
			return i;
	}
	return file->counters_count;
}

/* Nanoseconds; see perf_event_open(2). */
static bool is_clock(const char *name)
{
	return strncmp(name, "task-clock", 10) == 0 ||
	       strncmp(name, "cpu-clock", 9) == 0;
}

bool counted_counter(const struct results_file *file, unsigned int counter,
		     bool pair, struct counted *counted)
{
	const struct results_counter *named = &file->counters[counter];
	unsigned int kernel;

	if (named->missing)
		return false;
	*counted = (struct counted){.is_time = is_clock(named->name),
				    .figure = -1,
				    .parts = 1,
				    .counters = {counter}};
	counted->pass = named->tracepoint ? PASS_CHECKING : PASS_TIMING;
	snprintf(counted->name, sizeof(counted->name), "%s", named->name);
	if (!pair)
		return true;
	if (other_half(file, counter, 'k', 'u') < file->counters_count)
		return false;
	kernel = other_half(file, counter, 'u', 'k');
	if (kernel < file->counters_count) {
		counted->parts = 2;
		counted->counters[1] = kernel;
		if (mode_at(named->name, 'u') < sizeof(counted->name))
			counted->name[mode_at(named->name, 'u')] = 0;
	}
	return true;
}

static double reading_value(const struct results_reading *reading)
{
	double value = (double)reading->value;

	if (!reading->present || reading->failed)
		return NAN;
	if (reading->running_ns <= 0)
		return reading->enabled_ns > 0 ? NAN : value;
	/* It shared the unit with others: what it would have counted alone. */
	if (reading->running_ns < reading->enabled_ns)
		value *= (double)reading->enabled_ns /
			 (double)reading->running_ns;
	return value;
}

double counted_value(const struct counted *counted, unsigned int part,
		     const struct results_sample *sample)
{
	int64_t figure;

	if (sample->pass != counted->pass || !sample->valid)
		return NAN;
	if (counted->figure < 0)
		return sample->readings
			       ? reading_value(
					 &sample->readings
						  [counted->counters[part]])
			       : NAN;
	figure = sample->values[counted->figure];
	return figure == FIGURE_ABSENT ? NAN : (double)figure;
}

double counted_whole(const struct counted *counted,
		     const struct results_sample *sample)
{
	double whole = 0;
	unsigned int i;

	for (i = 0; i < counted->parts; i++)
		whole += counted_value(counted, i, sample);
	return whole;
}
