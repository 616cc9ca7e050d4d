/* perf_event - perf_event_open(2) and read(2) of one event. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sample/perf_event.h"

int perf_event_open_fd(struct perf_event_attr *attr, int leader_fd)
{
	/* No PERF_FLAG_FD_CLOEXEC: kernels before 3.14 refuse it. */
	long fd = syscall(SYS_perf_event_open, attr, 0, -1, leader_fd, 0UL);

	return fd < 0 ? -errno : (int)fd;
}

int perf_event_read(int fd, struct perf_event_value *value)
{
	ssize_t size = read(fd, value, sizeof(*value));

	if (size < 0)
		return -errno;
	return size == (ssize_t)sizeof(*value) ? 0 : -ENODATA;
}
