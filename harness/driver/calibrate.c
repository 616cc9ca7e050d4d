/* calibrate - the machine's constants, measured in a process of its own. */
#include "driver/calibrate.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/calibrate_measure.h"

/* What comes through the pipe. */
struct reply {
	int error;
	char step[64];
	struct calibration calibration;
};

static int bind_to(int cpu)
{
	size_t size = CPU_ALLOC_SIZE((size_t)cpu + 1);
	cpu_set_t *set = CPU_ALLOC((size_t)cpu + 1);
	int error = 0;

	if (set == NULL)
		return -ENOMEM;
	CPU_ZERO_S(size, set);
	CPU_SET_S((size_t)cpu, size, set);
	if (sched_setaffinity(0, size, set) != 0)
		error = -errno;
	CPU_FREE(set);
	return error;
}

static void run_child(int cpu, uint64_t copy_bytes_max, pid_t parent, int pipe)
{
	struct reply reply = {0};
	const char *step = "binding to the CPU";

	/* A driver that catches these would make us ignore them. */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	if (cpu >= 0)
		reply.error = bind_to(cpu);
	if (reply.error == 0)
		reply.error = calibrate_measure(copy_bytes_max,
						&reply.calibration, &step);
	snprintf(reply.step, sizeof(reply.step), "%s", step);
	_exit(write(pipe, &reply, sizeof(reply)) != sizeof(reply));
}

/* The bytes that came before the end, at most size. */
static size_t read_all(int pipe, void *buffer, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t more = read(pipe, (char *)buffer + got, size - got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0)
			break;
		got += (size_t)more;
	}
	return got;
}

static int reap(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

static int judge(const struct reply *reply, size_t got, int status, char *why,
		 unsigned int why_size)
{
	if (WIFSIGNALED(status)) {
		snprintf(why, why_size,
			 "the process that calibrates was ended by signal %d "
			 "(%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
		return -ECHILD;
	}
	if (got != sizeof(*reply)) {
		snprintf(why, why_size,
			 "the process that calibrates ended without an answer "
			 "(exit status %d)",
			 WEXITSTATUS(status));
		return -ECHILD;
	}
	if (reply->error != 0)
		snprintf(why, why_size, "cannot calibrate: %s failed: %s",
			 reply->step, strerror(-reply->error));
	return reply->error;
}

int calibrate(int cpu, uint64_t copy_bytes_max, struct calibration *out,
	      char *why, unsigned int why_size)
{
	struct reply reply;
	pid_t parent = getpid();
	pid_t child;
	int ends[2];
	size_t got;
	int error;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		error = -errno;
		snprintf(why, why_size, "cannot calibrate: no pipe: %s",
			 strerror(-error));
		return error;
	}
	child = fork();
	if (child == 0)
		run_child(cpu, copy_bytes_max, parent, ends[1]);
	error = -errno;
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		snprintf(why, why_size,
			 "cannot calibrate: no process could be made: %s%s",
			 strerror(-error),
			 error == -EAGAIN ? " (see ulimit -u, RLIMIT_NPROC)"
					  : "");
		return error;
	}
	got = read_all(ends[0], &reply, sizeof(reply));
	close(ends[0]);
	error = judge(&reply, got, reap(child), why, why_size);
	if (error == 0)
		*out = reply.calibration;
	return error;
}
