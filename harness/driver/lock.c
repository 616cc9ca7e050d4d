/* lock - keeps a file to one process. */
#include "driver/lock.h"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

#define ATTEMPTS 50
#define PAUSE_US 20000

int lock_take(int fd)
{
	int error = 0;

	for (int i = 0; i < ATTEMPTS; i++) {
		error = flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno;
		if (error != -EWOULDBLOCK && error != -EINTR)
			return 0;
		usleep(PAUSE_US);
	}
	return -EWOULDBLOCK;
}
