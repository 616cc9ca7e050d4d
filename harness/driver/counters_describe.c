/* counters_describe - what can be counted on this machine, for people. */
#include <stdio.h>
#include <string.h>

#include "driver/counters.h"

#define DESCRIBE_SOFTWARE                                                      \
	COUNTERS_SOFTWARE ",page-faults:k,minor-faults,major-faults,cpu-clock"

struct describe {
	void (*line)(void *context, const char *text);
	void *context;
};

static void describe_add(char *text, size_t size, const char *word)
{
	size_t length = strlen(text);

	snprintf(text + length, size - length, " %s", word);
}

/* The missing ones that share the reason of the first, and that reason. */
static void describe_missing(const struct describe *describe,
			     const struct counters *counters,
			     unsigned int first, bool *told)
{
	const char *reason = counters->counters[first].reason;
	char text[1024] = "  not here:";

	for (unsigned int i = first; i < counters->count; i++) {
		const struct counter *counter = &counters->counters[i];

		if (counter->usable || strcmp(counter->reason, reason) != 0)
			continue;
		describe_add(text, sizeof(text), counter->name);
		told[i] = true;
	}
	describe->line(describe->context, text);
	snprintf(text, sizeof(text), "    %s", reason);
	describe->line(describe->context, text);
}

static void describe_list(const struct describe *describe, const char *title,
			  const char *list)
{
	struct counters counters;
	bool told[COUNTERS_MAX] = {false};
	char text[1024];
	int32_t groups = 0;
	size_t length;

	snprintf(text, sizeof(text), "%s:", title);
	length = strlen(text);
	if (counters_resolve(list, &counters, text + length,
			     (unsigned int)(sizeof(text) - length)) != 0) {
		describe->line(describe->context, text);
		return;
	}
	for (unsigned int i = 0; i < counters.count; i++) {
		const struct counter *counter = &counters.counters[i];

		if (!counter->usable)
			continue;
		describe_add(text, sizeof(text), counter->name);
		if (counter->request.group > groups)
			groups = counter->request.group;
	}
	if (strlen(text) == length)
		describe_add(text, sizeof(text), "none");
	describe->line(describe->context, text);
	if (groups > 1)
		describe->line(describe->context,
			       "  more than the PMU counts at a time: together "
			       "they take turns, ask for fewer");
	for (unsigned int i = 0; i < counters.count; i++)
		if (!counters.counters[i].usable && !told[i])
			describe_missing(describe, &counters, i, told);
}

void counters_describe(void (*line)(void *context, const char *text),
		       void *context)
{
	struct describe describe = {line, context};

	describe_list(&describe, "software events", DESCRIBE_SOFTWARE);
	describe_list(&describe, "hardware events", COUNTERS_HARDWARE);
	describe_list(&describe, "tracepoints", COUNTERS_TRACEPOINTS);
	line(context, "others: any event that libpfm4 has for this CPU, by its "
		      "name; :u and :k count user and kernel alone");
	line(context, "        any tracepoint, as group:name; counted in the "
		      "checking pass");
	line(context, "");
}
