/* spawn - one sample: a fresh process of this binary, its end, its answer. */
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/personality.h"
#include "driver/spawn.h"

#define STACK_BYTES (8u << 20)

int spawner_open(struct spawner *spawner)
{
	sigset_t child;
	sigset_t held;
	ssize_t length;
	int error;

	spawner->fd = -1;
	spawner->child_fd = -1;
	spawner->exchange = MAP_FAILED;
	length = readlink("/proc/self/exe", spawner->program,
			  sizeof(spawner->program) - 1);
	if (length < 0)
		return -errno;
	spawner->program[length] = '\0';
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	held = child;
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &held, &spawner->mask) != 0)
		return -errno;
	spawner->child_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (spawner->child_fd < 0)
		goto fail;
	spawner->fd = memfd_create("regrow-exchange", MFD_CLOEXEC);
	if (spawner->fd < 0)
		goto fail;
	if (ftruncate(spawner->fd, sizeof(struct exchange)) != 0)
		goto fail;
	spawner->exchange =
		mmap(NULL, sizeof(struct exchange), PROT_READ | PROT_WRITE,
		     MAP_SHARED, spawner->fd, 0);
	if (spawner->exchange == MAP_FAILED)
		goto fail;
	spawner->exchange->magic = EXCHANGE_MAGIC;
	spawner->exchange->size = sizeof(struct exchange);
	return 0;
fail:
	error = -errno;
	spawner_close(spawner);
	return error;
}

void spawner_close(struct spawner *spawner)
{
	if (spawner->exchange != MAP_FAILED)
		munmap(spawner->exchange, sizeof(struct exchange));
	if (spawner->fd >= 0)
		close(spawner->fd);
	if (spawner->child_fd >= 0)
		close(spawner->child_fd);
	sigprocmask(SIG_SETMASK, &spawner->mask, NULL);
}

/* The environment of a sample is the same everywhere: its size moves the stack. */
static const char *const passed_on[] = {
	"ASAN_OPTIONS", "UBSAN_OPTIONS",   "TSAN_OPTIONS",
	"LSAN_OPTIONS", "LD_LIBRARY_PATH",
};

struct child_environment {
	char *entries[5 + sizeof(passed_on) / sizeof(passed_on[0]) +
		      sizeof(((struct environment *)0)->entries) /
			      sizeof(((struct environment *)0)->entries[0])];
	char copies[sizeof(passed_on) / sizeof(passed_on[0])][512];
	char preload[sizeof(((struct environment *)0)->preload) + 16];
	unsigned int count;
};

static void environment_fill(struct child_environment *child,
			     const struct environment *environment)
{
	static char path[] = "PATH=/usr/bin:/bin";
	static char locale[] = "LC_ALL=C";

	child->count = 0;
	child->entries[child->count++] = path;
	child->entries[child->count++] = locale;
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++) {
		const char *value = getenv(passed_on[i]);

		if (!value)
			continue;
		snprintf(child->copies[i], sizeof(child->copies[i]), "%s=%s",
			 passed_on[i], value);
		child->entries[child->count++] = child->copies[i];
	}
	if (environment && environment->preload[0]) {
		snprintf(child->preload, sizeof(child->preload),
			 "LD_PRELOAD=%s", environment->preload);
		child->entries[child->count++] = child->preload;
	}
	for (unsigned int i = 0; environment && i < environment->count; i++)
		child->entries[child->count++] =
			(char *)(uintptr_t)environment->entries[i];
	child->entries[child->count] = NULL;
}

/* The OOM killer is to take the sample, never the driver with its results. */
static void child_offer_to_oom_killer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1000", 4) != 4)
		errno = 0; /* no such file system: as it was */
	close(fd);
}

static void child_limits(void)
{
	struct rlimit limit;

	/* Unlimited would turn the layout of the map round. */
	if (getrlimit(RLIMIT_STACK, &limit) == 0) {
		limit.rlim_cur = STACK_BYTES;
		if (limit.rlim_max < limit.rlim_cur)
			limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_STACK, &limit);
	}
	limit.rlim_cur = 0;
	limit.rlim_max = 0;
	setrlimit(RLIMIT_CORE, &limit);
}

static bool nodes_given(const struct spawn_setting *setting)
{
	for (size_t i = 0; i < sizeof(setting->node_mask) / sizeof(long); i++)
		if (setting->node_mask[i])
			return true;
	return false;
}

static void child_place(const struct sample_request *request,
			const struct spawn_setting *setting,
			struct sample_answer *answer)
{
	cpu_set_t set;
	bool bound = false;

	CPU_ZERO(&set);
	for (unsigned int i = 0; i < request->threads; i++) {
		if (request->cpus[i] < 0)
			continue;
		CPU_SET((size_t)request->cpus[i], &set);
		bound = true;
	}
	if (bound && sched_setaffinity(0, sizeof(set), &set) != 0)
		answer->affinity_error = errno;
	if (nodes_given(setting) &&
	    syscall(SYS_set_mempolicy, MPOL_BIND, setting->node_mask,
		    (unsigned long)setting->nodes_max + 1) != 0)
		answer->mempolicy_error = errno;
}

/* What the exec'ed program finds set for its map; never returns on failure. */
static void child_map(const struct sample_request *request,
		      struct sample_answer *answer)
{
	const char *what = "THP cannot be disabled for a process";
	int error = 0;

	if (prctl(PR_SET_THP_DISABLE, request->thp == THP_NEVER, 0, 0, 0) !=
		    0 &&
	    request->thp == THP_NEVER) {
		error = errno;
	} else {
		what = "the layout of the map cannot be chosen: personality";
		error = -personality_set_layout(request->layout ==
						LAYOUT_LEGACY);
	}
	if (!error)
		return;
	answer->error = error;
	snprintf(answer->message, sizeof(answer->message), "%s: %s", what,
		 strerror(error));
	_exit(1);
}

/* Puts the child's two descriptors in their places, whatever lies there. */
static void child_hand_over(const struct spawner *spawner,
			    const struct spawn_setting *setting)
{
	int exchange_fd = fcntl(spawner->fd, F_DUPFD_CLOEXEC, INPUT_FD + 1);
	int input_fd = -1;

	if (spawner->exchange->request.input_bytes > 0)
		input_fd =
			fcntl(setting->input_fd, F_DUPFD_CLOEXEC, INPUT_FD + 1);
	dup2(exchange_fd, EXCHANGE_FD);
	if (input_fd >= 0)
		dup2(input_fd, INPUT_FD);
}

/* Between fork and exec; only what is safe there. Never returns. */
static _Noreturn void child_exec(struct spawner *spawner,
				 const struct spawn_setting *setting,
				 char *const environment[], pid_t parent)
{
	static char name[] = "regrow";
	static char command[] = SAMPLE_COMMAND;
	char *const arguments[] = {name, command, NULL};
	const struct sample_request *request = &spawner->exchange->request;
	struct sample_answer *answer = &spawner->exchange->answer;
	int null_fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setpgid(0, 0); /* Ctrl-C is the driver's to handle */
	child_offer_to_oom_killer();
	child_limits();
	child_place(request, setting, answer);
	child_map(request, answer);
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null_fd, STDIN_FILENO);
	if (setting->error_fd > 0)
		dup2(setting->error_fd, STDERR_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	child_hand_over(spawner, setting);
	sigprocmask(SIG_SETMASK, &spawner->mask, NULL);
	execve(spawner->program, arguments, environment);
	answer->error = errno;
	snprintf(answer->message, sizeof(answer->message),
		 "cannot execute %.200s: %s", spawner->program,
		 strerror(errno));
	_exit(1);
}

static uint64_t remaining_ns(uint64_t deadline_ns)
{
	uint64_t now_ns = clock_now_ns();

	return deadline_ns > now_ns ? deadline_ns - now_ns : 0;
}

/* Waits for the child, the deadline or a signal to stop; why it woke. */
static enum sample_outcome child_wait(struct spawner *spawner,
				      const struct spawn_setting *setting,
				      pid_t child, int *status)
{
	uint64_t deadline_ns = setting->timeout_ns
				       ? clock_now_ns() + setting->timeout_ns
				       : UINT64_MAX;
	sigset_t waiting = spawner->mask;

	sigaddset(&waiting, SIGCHLD);
	for (;;) {
		struct pollfd ended = {.fd = spawner->child_fd,
				       .events = POLLIN};
		uint64_t left_ns = remaining_ns(deadline_ns);
		struct timespec left = {
			.tv_sec = (time_t)(left_ns / 1000000000u),
			.tv_nsec = (long)(left_ns % 1000000000u),
		};
		struct signalfd_siginfo information;

		if (waitpid(child, status, WNOHANG) == child)
			return SAMPLE_OK;
		if (setting->stop && *setting->stop)
			return SAMPLE_INTERRUPTED;
		if (left_ns == 0)
			return SAMPLE_TIMEOUT;
		if (ppoll(&ended, 1, setting->timeout_ns ? &left : NULL,
			  &waiting) > 0 &&
		    read(spawner->child_fd, &information, sizeof(information)) <
			    0 &&
		    errno != EAGAIN)
			return SAMPLE_FAILED;
	}
}

static const char *stage_doing(enum sample_stage stage)
{
	static const char *const doing[] = {
		[STAGE_NONE] = "before it started",
		[STAGE_PLACE] = "while it was set up",
		[STAGE_OPEN] = "while the allocator was opened",
		[STAGE_RUN] = "while the workload ran",
		[STAGE_VERIFY] = "while its memory was verified",
		[STAGE_DRAIN] = "while its buffers were released",
		[STAGE_DONE] = "after its last stage",
	};

	return (unsigned int)stage <= STAGE_DONE ? doing[stage]
						 : "at an unknown stage";
}

/* What a status of wait(2) says, in the result. */
static void result_judge(struct spawn_result *result, int status,
			 struct sample_answer *answer)
{
	const char *doing = stage_doing(answer->stage);

	answer->message[sizeof(answer->message) - 1] = '\0';
	if (WIFSIGNALED(status)) {
		result->signal = WTERMSIG(status);
		result->outcome = result->signal == SIGKILL ? SAMPLE_KILLED
							    : SAMPLE_CRASHED;
		snprintf(result->reason, sizeof(result->reason),
			 result->signal == SIGKILL
				 ? "killed (%s), probably by the OOM killer: "
				   "see dmesg, or choose less work; %s"
				 : "%s %s",
			 strsignal(result->signal), doing);
	} else if (answer->message[0]) {
		result->outcome = SAMPLE_FAILED;
		snprintf(result->reason, sizeof(result->reason), "%s",
			 answer->message);
	} else if (WEXITSTATUS(status) != 0 || answer->stage != STAGE_DONE) {
		result->outcome = SAMPLE_FAILED;
		snprintf(result->reason, sizeof(result->reason),
			 "exit status %d %s", WEXITSTATUS(status), doing);
	}
}

static void child_end(pid_t child, int *status)
{
	kill(child, SIGKILL);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
}

int spawn_sample(struct spawner *spawner, const struct spawn_setting *setting,
		 struct spawn_result *result)
{
	struct child_environment environment;
	uint64_t begin_ns = clock_now_ns();
	pid_t parent = getpid();
	int status = 0;
	pid_t child;

	memset(result, 0, sizeof(*result));
	memset(&spawner->exchange->answer, 0, sizeof(struct sample_answer));
	environment_fill(&environment, setting->environment);
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0)
		child_exec(spawner, setting, environment.entries, parent);
	result->outcome = child_wait(spawner, setting, child, &status);
	if (result->outcome == SAMPLE_OK) {
		result_judge(result, status, &spawner->exchange->answer);
	} else {
		child_end(child, &status);
		snprintf(result->reason, sizeof(result->reason),
			 result->outcome == SAMPLE_TIMEOUT
				 ? "no end after %.3g s %s: ended (--timeout)"
				 : "stopped after %.3g s %s",
			 (double)(clock_now_ns() - begin_ns) / 1e9,
			 stage_doing(spawner->exchange->answer.stage));
	}
	result->process_ns = clock_now_ns() - begin_ns;
	return 0;
}
