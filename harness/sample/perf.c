/* perf - the counters of a sample: opened, started, stopped, read. */
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sample/perf.h"
#include "sample/perf_event.h"

static struct {
	int fds[COUNTERS_MAX]; /* in the order of the request; below 0: none */
	unsigned int count;
	/* Started and stopped; the others of a group follow its leader. */
	struct {
		int fd;
		int32_t group;
	} leaders[COUNTERS_MAX];
	unsigned int leaders_count;
} perf;

/* The leader of a group, or -1 where it has none yet. */
static int perf_leader(int32_t group)
{
	for (unsigned int i = 0; group >= 0 && i < perf.leaders_count; i++)
		if (perf.leaders[i].group == group)
			return perf.leaders[i].fd;
	return -1;
}

static int perf_open_one(const struct counter_request *counter)
{
	struct perf_event_attr attr = counter->attr;
	int leader = perf_leader(counter->group);
	int fd;

	attr.size = sizeof(attr);
	attr.inherit = 1;
	/* Many kernels refuse PERF_FORMAT_GROUP together with inherit. */
	attr.read_format =
		PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	/* A follower counts when its leader does. */
	attr.disabled = leader < 0;
	fd = perf_event_open_fd(&attr, leader);
	if (fd >= 0 && leader < 0) {
		perf.leaders[perf.leaders_count].fd = fd;
		perf.leaders[perf.leaders_count].group = counter->group;
		perf.leaders_count++;
	}
	return fd;
}

unsigned int perf_open(const struct sample_request *request,
		       struct counter_figures figures[COUNTERS_MAX])
{
	unsigned int opened = 0;

	memset(figures, 0, COUNTERS_MAX * sizeof(*figures));
	perf.leaders_count = 0;
	perf.count = request->counters_count;
	for (unsigned int i = 0; i < perf.count; i++) {
		perf.fds[i] = perf_open_one(&request->counters[i]);
		if (perf.fds[i] < 0)
			figures[i].error = -perf.fds[i];
		else
			opened++;
	}
	return opened;
}

/*
 * By leader: prctl(PR_TASK_PERF_EVENTS_ENABLE) is one call for all groups, but
 * toggles counter by counter (8.2 us for five, on and off, against 2.8 us), and
 * only those that the calling thread itself opened.
 */
static void perf_toggle(unsigned long request)
{
	for (unsigned int i = 0; i < perf.leaders_count; i++)
		ioctl(perf.leaders[i].fd, request, 0);
}

void perf_start(void)
{
	perf_toggle(PERF_EVENT_IOC_ENABLE);
}

void perf_stop(void)
{
	perf_toggle(PERF_EVENT_IOC_DISABLE);
}

void perf_read(struct counter_figures figures[COUNTERS_MAX])
{
	struct perf_event_value value;
	int error;

	for (unsigned int i = 0; i < perf.count; i++) {
		if (perf.fds[i] < 0)
			continue;
		error = perf_event_read(perf.fds[i], &value);
		if (error)
			memset(&value, 0, sizeof(value));
		figures[i].error = -error;
		figures[i].value = value.value;
		figures[i].enabled_ns = value.enabled_ns;
		figures[i].running_ns = value.running_ns;
	}
}

void perf_close(void)
{
	for (unsigned int i = 0; i < perf.count; i++)
		if (perf.fds[i] >= 0)
			close(perf.fds[i]);
	perf.count = 0;
	perf.leaders_count = 0;
}
