/* fork - what a workload asks of fork(2) and of exit(2): timed. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sample/context.h"

/*
 * Lives until it is told to end, or its parent does. Nothing of the harness is
 * touched, no handler of exit(3) runs.
 */
static _Noreturn void child_live(int fd, pid_t parent)
{
	char byte = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && write(fd, &byte, 1) == 1)
		while (read(fd, &byte, 1) < 0 && errno == EINTR)
			;
	_exit(0);
}

/* 0, or -errno: it did not come to live. */
static int child_expect(int fd)
{
	char byte;
	ssize_t got;

	do
		got = read(fd, &byte, 1);
	while (got < 0 && errno == EINTR);
	if (got == 1)
		return 0;
	return got < 0 ? -errno : -ECHILD;
}

static int child_reap(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECHILD;
}

/* From here to timed_end() the resources count, but for one in a pause. */
static uint64_t timed_begin(struct context *context, bool counts)
{
	if (counts)
		context_start(context);
	return clock_now_ns();
}

static void timed_end(struct context *context, bool counts,
		      enum operation operation, uint64_t begin_ns)
{
	uint64_t took_ns = clock_now_ns() - begin_ns;

	if (!counts)
		return;
	if (context->recorder.phases_on)
		context->recorder.phase_ns[PHASE_CALL] += took_ns;
	context->wall_ns += took_ns;
	context->clock_reads += 2;
	histogram_record(&context->operations[operation].histogram, took_ns);
	context_stop(context);
}

static int fork_timed(struct context *context, bool counts, int fds[2])
{
	pid_t parent = getpid(), child;
	uint64_t begin_ns;
	char byte = 1;
	int error;

	begin_ns = timed_begin(context, counts);
	child = fork();
	if (child == 0)
		child_live(fds[1], parent);
	error = child < 0 ? -errno : 0;
	timed_end(context, counts, OPERATION_FORK, begin_ns);
	/* Or it would not be seen that the child is gone. */
	close(fds[1]);
	if (error)
		return error;
	error = child_expect(fds[0]);
	if (error) {
		kill(child, SIGKILL);
		child_reap(child);
		return error;
	}
	begin_ns = timed_begin(context, counts);
	error = write(fds[0], &byte, 1) == 1 ? 0 : -errno;
	if (!error)
		error = child_reap(child);
	timed_end(context, counts, OPERATION_EXIT, begin_ns);
	return error;
}

int context_fork(struct context *context)
{
	bool counts = !context->paused;
	uint64_t minor_faults;
	int fds[2];
	int error;

	/* PR_SET_PDEATHSIG is about the thread. */
	if (context->worker.index != 0)
		return -EPERM;
	if (counts)
		context_stop(context);
	minor_faults = context->usage.minor_faults;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		error = -errno;
	} else {
		error = fork_timed(context, counts, fds);
		close(fds[0]);
	}
	if (error)
		context->operations[OPERATION_FORK].failed++;
	context->usage.minor_faults = minor_faults;
	if (counts)
		context_start(context);
	return error;
}
