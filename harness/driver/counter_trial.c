/* counter_trial - tries counters out, and finds the groups that fit. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/counter_trial.h"
#include "sample/perf.h"

/* Work that any CPU takes cycles and instructions for, on both sides. */
static void trial_work(void)
{
	for (volatile unsigned int i = 0; i < 10000; i = i + 1)
		;
	(void)getppid();
}

/* Opens the request's counters, lets them count, closes them. */
static void trial_count(const struct sample_request *request,
			struct counter_figures figures[COUNTERS_MAX])
{
	perf_open(request, figures);
	perf_start();
	trial_work();
	perf_stop();
	perf_read(figures);
	perf_close();
}

static bool trial_must_count(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_HARDWARE &&
	       (attr->config == PERF_COUNT_HW_CPU_CYCLES ||
		attr->config == PERF_COUNT_HW_INSTRUCTIONS);
}

static void trial_one(struct counter *counter, const struct perf_facts *facts)
{
	struct counter_figures figures[COUNTERS_MAX];
	struct sample_request request = {
		.counters_count = 1,
		.counters = {counter->request},
	};
	const struct perf_event_attr *attr = &counter->request.attr;

	trial_count(&request, figures);
	counter->usable = false;
	if (figures[0].error)
		perf_facts_reason(facts, attr, figures[0].error,
				  counter->reason, sizeof(counter->reason));
	else if (figures[0].running_ns == 0)
		snprintf(counter->reason, sizeof(counter->reason),
			 "opens, but never gets a counter of the PMU: another "
			 "program has them, or the NMI watchdog (sysctl -w "
			 "kernel.nmi_watchdog=0)");
	else if (figures[0].value == 0 && trial_must_count(attr))
		snprintf(counter->reason, sizeof(counter->reason),
			 "opens, but counts nothing in a busy loop: this PMU "
			 "does not work (one of a hypervisor, as a rule)");
	else
		counter->usable = true;
}

void counter_trial_each(struct counters *counters,
			const struct perf_facts *facts)
{
	for (unsigned int i = 0; i < counters->count; i++)
		if (counters->counters[i].usable)
			trial_one(&counters->counters[i], facts);
}

/* Whether candidate fits in a group with those before it that are in it. */
static bool trial_fits(const struct counters *counters, unsigned int candidate,
		       int32_t group)
{
	struct counter_figures figures[COUNTERS_MAX];
	struct sample_request request = {.counters_count = 0};

	for (unsigned int i = 0; i <= candidate; i++) {
		const struct counter *counter = &counters->counters[i];

		if (!counter->usable ||
		    (i != candidate && counter->request.group != group))
			continue;
		request.counters[request.counters_count] = counter->request;
		request.counters[request.counters_count++].group = group;
	}
	trial_count(&request, figures);
	/*
	 * The kernel opens a group without regard to the counter that its NMI
	 * watchdog holds. One that did not open does not run either.
	 */
	for (unsigned int i = 0; i < request.counters_count; i++)
		if (figures[i].running_ns == 0)
			return false;
	return true;
}

void counter_trial_groups(struct counters *counters)
{
	int32_t groups = 0;

	for (unsigned int i = 0; i < counters->count; i++) {
		struct counter *counter = &counters->counters[i];
		int32_t group = 1;

		counter->request.group = -1;
		if (!counter->usable)
			continue;
		if (perf_facts_software(&counter->request.attr)) {
			counter->request.group = 0;
			continue;
		}
		while (group <= groups && !trial_fits(counters, i, group))
			group++;
		counter->request.group = group;
		if (group > groups)
			groups = group;
	}
}
