/*
 * perf_event - one perf event of this process as the kernel gives it: opened
 * and read.
 *
 * glibc wraps no perf_event_open(2). These two calls stand alone in a file so
 * that a test can plant a PMU, or the lack of one, in their place.
 */
#ifndef REGROW_PERF_EVENT_H
#define REGROW_PERF_EVENT_H

#include <linux/perf_event.h>
#include <stdint.h>

/* What a read gives with PERF_FORMAT_TOTAL_TIME_ENABLED|RUNNING. */
struct perf_event_value {
	uint64_t value;
	uint64_t enabled_ns;
	uint64_t running_ns;
};

/*
 * Opens the event on the calling thread, on whatever CPU it runs; leader_fd is
 * its group's leader, or -1. A descriptor, or -errno.
 */
int perf_event_open_fd(struct perf_event_attr *attr, int leader_fd);

/* 0 or -errno; -ENODATA: the kernel has given the event up. */
int perf_event_read(int fd, struct perf_event_value *value);

#endif
