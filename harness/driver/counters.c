/*
 * counters - names to perf events, by libpfm4 (the only file that knows it) and
 * tracefs.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Before libpfm4's header, which has a copy of it for old systems. */
#include <linux/perf_event.h>
#include <perfmon/pfmlib_perf_event.h>

#include "common/suggest.h"
#include "driver/counter_list.h"
#include "driver/counter_trial.h"
#include "driver/counters.h"
#include "driver/perf_facts.h"
#include "driver/tracefs.h"

/* What names are resolved against. */
struct source {
	int library; /* of pfm_initialize() */
	bool cpu_known; /* libpfm4 has events of this CPU's cores */
	struct tracefs tracefs;
	struct perf_facts facts;
};

/* What libpfm4's tables say of a name that it does not take here. */
struct lookup {
	const char *other_cpu; /* a PMU of another CPU that has it, or NULL */
	char near[COUNTER_NAME_MAX]; /* the nearest event of this one; "" */
};

static bool source_pmu(int number, pfm_pmu_info_t *pmu)
{
	memset(pmu, 0, sizeof(*pmu));
	pmu->size = sizeof(*pmu);
	return pfm_get_pmu_info((pfm_pmu_t)number, pmu) == PFM_SUCCESS;
}

static void source_open(struct source *source)
{
	pfm_pmu_info_t pmu;
	int number;

	memset(source, 0, sizeof(*source));
	source->library = pfm_initialize();
	pfm_for_all_pmus(number)
	{
		if (source_pmu(number, &pmu) && pmu.is_present &&
		    pmu.type == PFM_PMU_TYPE_CORE)
			source->cpu_known = true;
	}
	tracefs_open(&source->tracefs, NULL);
	perf_facts_read("", &source->facts);
}

static void lookup_event(struct lookup *lookup, const pfm_pmu_info_t *pmu,
			 const char *event, struct suggestion *suggestion)
{
	char lower[COUNTER_NAME_MAX];
	size_t length = strlen(event);

	if (!pmu->is_present) {
		if (strcasecmp(event, suggestion->wrong) == 0)
			lookup->other_cpu = pmu->name;
		return;
	}
	if (length >= sizeof(lower))
		return;
	for (size_t i = 0; i <= length; i++)
		lower[i] = (char)tolower((unsigned char)event[i]);
	/* The name itself: its PMU or its modifiers are what is wrong. */
	if (strcmp(lower, suggestion->wrong) == 0)
		return;
	suggest_offer(suggestion, lower);
	if (suggestion->best == lower) {
		memcpy(lookup->near, lower, length + 1);
		suggestion->best = lookup->near;
	}
}

/* Looks up an event's name of that length; case does not matter. */
static void lookup_name(struct lookup *lookup, const char *name, size_t length)
{
	char wrong[COUNTER_NAME_MAX];
	struct suggestion suggestion = {.wrong = wrong};
	pfm_event_info_t event = {.size = sizeof(event)};
	pfm_pmu_info_t pmu;
	int number;

	memset(lookup, 0, sizeof(*lookup));
	for (size_t i = 0; i < length; i++)
		wrong[i] = (char)tolower((unsigned char)name[i]);
	wrong[length] = '\0';
	pfm_for_all_pmus(number)
	{
		if (!source_pmu(number, &pmu))
			continue;
		for (int i = pmu.first_event; i != -1;
		     i = pfm_get_event_next(i))
			if (pfm_get_event_info(i, PFM_OS_PERF_EVENT, &event) ==
			    PFM_SUCCESS)
				lookup_event(lookup, &pmu, event.name,
					     &suggestion);
	}
}

static int counters_unknown(const struct source *source, const char *name,
			    const char *near, char *why, unsigned int why_size)
{
	const char *hint = "see `regrow list`";

	if (source->library == PFM_SUCCESS && !source->cpu_known)
		hint = "libpfm4 does not know this CPU, only generic names "
		       "such as cycles:u can be used; see `regrow list`";
	if (near[0] != '\0')
		snprintf(why, why_size,
			 "unknown counter '%s': neither an event of libpfm4 "
			 "nor a tracepoint (group:name); did you mean '%s'?",
			 name, near);
	else
		snprintf(why, why_size,
			 "unknown counter '%s': neither an event of libpfm4 "
			 "nor a tracepoint (group:name); %s",
			 name, hint);
	return -EINVAL;
}

/* libpfm4 does not have it: another CPU's event, or nobody's. */
static int counters_not_found(const struct source *source,
			      struct counter *counter, char *why,
			      unsigned int why_size)
{
	/* pmu::event:modifiers, of which the event alone is looked up. */
	const char *prefix = strstr(counter->name, "::");
	const char *event = prefix ? prefix + 2 : counter->name;
	size_t length = strcspn(event, ":");
	char near[2 * COUNTER_NAME_MAX];
	struct lookup lookup;

	lookup_name(&lookup, event, length);
	if (!lookup.other_cpu) {
		snprintf(near, sizeof(near), "%.*s%s%s",
			 (int)(event - counter->name), counter->name,
			 lookup.near, event + length);
		return counters_unknown(source, counter->name,
					lookup.near[0] ? near : "", why,
					why_size);
	}
	snprintf(counter->reason, sizeof(counter->reason),
		 "libpfm4 knows this event of other CPUs (%s), not of this one",
		 lookup.other_cpu);
	return 0;
}

/* Whether regrow itself asks for that tracepoint. */
static bool counters_is_standard(const char *name)
{
	const char *list = COUNTERS_TRACEPOINTS;
	const char *at = strstr(list, name);
	size_t length = strlen(name);

	return at && (at == list || at[-1] == ',') &&
	       (at[length] == ',' || at[length] == '\0');
}

/*
 * A name that is spelled group:name, that libpfm4 does not know and tracefs
 * could not find, for the (negative) error. A missing tracepoint of a group
 * that exists, or one that regrow itself asks for, is a fact about this kernel.
 */
static int counters_no_tracepoint(const struct source *source,
				  struct counter *counter, int error, char *why,
				  unsigned int why_size)
{
	char near[COUNTER_NAME_MAX];

	counter->tracepoint = true;
	tracefs_nearest(&source->tracefs, counter->name, near, sizeof(near));
	if (source->tracefs.error == -ENOENT)
		snprintf(counter->reason, sizeof(counter->reason),
			 "no tracefs is mounted: as root, mount -t tracefs "
			 "tracefs /sys/kernel/tracing");
	else if (error == -EACCES || error == -EPERM)
		snprintf(counter->reason, sizeof(counter->reason),
			 "tracefs is not readable by this user: run as root, "
			 "or mount -o remount,mode=755,gid=GROUP "
			 "/sys/kernel/tracing");
	else if (error == -ENOTDIR && !counters_is_standard(counter->name))
		return counters_unknown(source, counter->name, near, why,
					why_size);
	else if (error != -ENOENT && error != -ENOTDIR)
		snprintf(counter->reason, sizeof(counter->reason),
			 "its id in tracefs cannot be read: %s",
			 strerror(-error));
	else
		snprintf(counter->reason, sizeof(counter->reason),
			 "this kernel has no such tracepoint%s%s%s",
			 near[0] ? "; did you mean '" : "", near,
			 near[0] ? "'?" : "");
	return 0;
}

/* A side that was asked for and that the kernel does not keep apart. */
static void counters_check_sides(struct counter *counter)
{
	struct perf_event_attr *attr = &counter->request.attr;

	if (perf_facts_has_sides(attr))
		return;
	if (attr->exclude_user || attr->exclude_kernel) {
		counter->usable = false;
		snprintf(counter->reason, sizeof(counter->reason),
			 "the kernel does not count this apart for user and "
			 "kernel: ask for it without :u or :k");
	}
	/* A clock counts the same, and is then allowed to every user. */
	if (attr->config == PERF_COUNT_SW_CPU_CLOCK ||
	    attr->config == PERF_COUNT_SW_TASK_CLOCK)
		attr->exclude_kernel = 1;
}

/* 0, counter->usable or its reason set; or -EINVAL and why. */
static int counters_encode(const struct source *source, struct counter *counter,
			   char *why, unsigned int why_size)
{
	struct perf_event_attr *attr = &counter->request.attr;
	pfm_perf_encode_arg_t argument = {
		.attr = attr,
		.size = sizeof(argument),
	};
	uint64_t id;
	int no_tracepoint = tracefs_id(&source->tracefs, counter->name, &id);
	int error;

	if (no_tracepoint == 0) {
		attr->type = PERF_TYPE_TRACEPOINT;
		attr->config = id;
		counter->tracepoint = true;
		counter->usable = true;
		return 0;
	}
	error = pfm_get_os_event_encoding(counter->name, PFM_PLM0 | PFM_PLM3,
					  PFM_OS_PERF_EVENT, &argument);
	/*
	 * Where debugfs is mounted libpfm4 has tracepoints of its own, each the
	 * mask of an event that is named as its group.
	 */
	if ((error == PFM_SUCCESS && attr->type == PERF_TYPE_TRACEPOINT) ||
	    (error != PFM_SUCCESS && no_tracepoint == -ENOENT &&
	     source->tracefs.error == 0))
		error = PFM_ERR_NOTFOUND;
	if (error == PFM_ERR_NOTFOUND && no_tracepoint != -EINVAL)
		return counters_no_tracepoint(source, counter, no_tracepoint,
					      why, why_size);
	if (error == PFM_ERR_NOTFOUND)
		return counters_not_found(source, counter, why, why_size);
	if (error == PFM_ERR_NOINIT || error == PFM_ERR_NOTSUPP) {
		snprintf(counter->reason, sizeof(counter->reason), "%s",
			 error == PFM_ERR_NOINIT
				 ? "libpfm4 does not start on this machine"
				 : "libpfm4 knows this event, but the kernel "
				   "has no driver for its PMU");
		return 0;
	}
	if (error != PFM_SUCCESS) {
		snprintf(why, why_size,
			 "counter '%s': libpfm4 says: %s (:u and :k count user "
			 "and kernel; an event's own masks stand in its CPU's "
			 "manual, or in showevtinfo of libpfm4)",
			 counter->name, pfm_strerror(error));
		return -EINVAL;
	}
	counter->usable = true;
	counters_check_sides(counter);
	return 0;
}

int counters_resolve(const char *list, struct counters *counters, char *why,
		     unsigned int why_size)
{
	struct source source;
	int error;

	if (!list)
		list = COUNTERS_SOFTWARE "," COUNTERS_HARDWARE
					 "," COUNTERS_TRACEPOINTS;
	error = counter_list_parse(list, counters, why, why_size);
	if (error)
		return error;
	source_open(&source);
	for (unsigned int i = 0; !error && i < counters->count; i++)
		error = counters_encode(&source, &counters->counters[i], why,
					why_size);
	if (error)
		return error;
	counter_trial_each(counters, &source.facts);
	counter_trial_groups(counters);
	return 0;
}

void counters_request(const struct counters *counters, enum pass pass,
		      struct sample_request *request,
		      unsigned int places[COUNTERS_MAX])
{
	request->counters_count = 0;
	for (unsigned int i = 0; i < counters->count; i++) {
		const struct counter *counter = &counters->counters[i];

		if (!counter->usable ||
		    (counter->tracepoint && pass != PASS_CHECKING))
			continue;
		places[request->counters_count] = i;
		request->counters[request->counters_count++] = counter->request;
	}
}
