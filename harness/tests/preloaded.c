/*
 * preloaded - a program that asks all of malloc(3) that can be asked, to be run
 * on the preload library: preloaded WHAT; exit status 0 where all was right.
 */
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>

#include "tests/exercise.h"

/*
 * It asks what no program should: sizes of 0, vfork, blocks left where it fails.
 * NOLINTBEGIN(clang-analyzer-unix.Malloc)
 * NOLINTBEGIN(clang-analyzer-optin.portability.UnixAPI)
 * NOLINTBEGIN(clang-analyzer-security.insecureAPI.vfork)
 */
static const struct calls calls = {
	.malloc = malloc,
	.calloc = calloc,
	.realloc = realloc,
	.free = free,
	.posix_memalign = posix_memalign,
	.memalign = memalign,
	.valloc = valloc,
	.pvalloc = pvalloc,
	.usable_size = malloc_usable_size,
};

static const char *check_array(void)
{
	/* Volatile: the compiler would complain of what is to be refused. */
	volatile size_t half = SIZE_MAX / 2;
	void *block = reallocarray(NULL, 1000, 100);

	errno = 0;
	if (!block || reallocarray(block, half, 3) || errno != ENOMEM)
		return "reallocarray does not see an overflow";
	free(block);
	block = aligned_alloc(4096, 81920);
	if (!block || (uintptr_t)block % 4096)
		return "aligned_alloc is not aligned";
	free(block);
	return NULL;
}

/* One thread: every call, once it is known what it does. */
static const char *check_calls(void)
{
	const char *wrong = exercise_edges(&calls);

	if (!wrong)
		wrong = exercise_impossible(&calls);
	if (!wrong)
		wrong = exercise_zero(&calls);
	if (!wrong)
		wrong = exercise_alignments(&calls);
	if (!wrong)
		wrong = check_array();
	if (!wrong)
		wrong = exercise_many(&calls, 3, 100);
	return wrong;
}

/* vfork and exec, with the parent's memory in between. */
static const char *check_spawn(void)
{
	char *arguments[] = {(char *)"/bin/true", NULL};
	int status;
	pid_t child;

	if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) ||
	    waitpid(child, &status, 0) != child || status != 0)
		return "/bin/true failed";
	child = vfork();
	if (child == 0) {
		execv(arguments[0], arguments);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		return "/bin/true failed after vfork";
	return NULL;
}

/* A child that ends by exit(), and so reports for itself. */
static const char *check_exit(void)
{
	void *block = malloc(200000), *other = malloc(300000);
	int status;
	pid_t child;

	block = realloc(block, 400000);
	child = fork();
	if (child == 0) {
		block = realloc(block, 500000);
		exit(block ? 0 : 1);
	}
	free(other);
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		return "the child failed";
	return block ? NULL : "no block";
}

static void *other_thread(void *nothing)
{
	void *block = malloc(210000);

	(void)nothing;
	if (block)
		usleep(20000);
	free(block);
	return NULL;
}

/*
 * What a trace of 128 KiB and more has: the events that test_preload_trace.sh
 * knows.
 */
static const char *check_events(void)
{
	/* Volatile: the compiler would complain of what is to be refused. */
	volatile size_t half = SIZE_MAX / 2;
	void *grown = malloc(200000), *zeroed = calloc(1000, 300);
	void *small = malloc(100), *aligned = NULL;
	pthread_t thread;

	small = realloc(small, 150000);
	grown = realloc(grown, 500000);
	grown = realloc(grown, 1000);
	free(grown);
	if (posix_memalign(&aligned, 4096, 140000) || realloc(zeroed, half))
		return "posix_memalign or realloc is not right";
	if (pthread_create(&thread, NULL, other_thread, NULL) ||
	    pthread_join(thread, NULL))
		return "no thread";
	zeroed = realloc(zeroed, 0);
	aligned = realloc(aligned, 160000);
	grown = pvalloc(140000);
	free(aligned);
	aligned = malloc(190000);
	return small && grown && aligned && !zeroed ? NULL : "no block";
}

/* More than one frame of a trace. */
static const char *check_pairs(void)
{
	int i;

	for (i = 0; i < 60000; i++)
		free(malloc((size_t)100 + (size_t)i % 50));
	return NULL;
}

/* As one that closes what it has not opened, and has other files then. */
static const char *check_closing(void)
{
	int other = memfd_create("other", MFD_CLOEXEC), fd;

	for (fd = 3; fd < 1024; fd++)
		if (fd != other)
			close(fd);
	for (fd = 3; fd < 1024; fd++)
		if (fd != other && dup2(other, fd) != fd)
			break;
	if (check_pairs() || write(other, "x", 1) != 1)
		return "it cannot be tried";
	return lseek(other, 0, SEEK_END) == 1 ? NULL : "others wrote there";
}

/* What main() is told to do. */
static const char *check(const char *what)
{
	if (strcmp(what, "calls") == 0)
		return check_calls();
	if (strcmp(what, "threads") == 0)
		return exercise_threads(&calls, 50);
	if (strcmp(what, "forks") == 0)
		return exercise_forks(&calls, 3);
	if (strcmp(what, "spawn") == 0)
		return check_spawn();
	if (strcmp(what, "exit") == 0)
		return check_exit();
	if (strcmp(what, "events") == 0)
		return check_events();
	if (strcmp(what, "pairs") == 0)
		return check_pairs();
	if (strcmp(what, "closing") == 0)
		return check_closing();
	if (strcmp(what, "wait") == 0)
		return usleep(1100000) ? "no time" : NULL;
	if (strcmp(what, "kill") == 0)
		kill(getpid(), SIGKILL);
	return "not known";
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		const char *wrong = check(argv[i]);

		if (wrong) {
			fprintf(stderr, "preloaded: %s: %s\n", argv[i], wrong);
			return 1;
		}
	}
	return 0;
}
/*
 * NOLINTEND(clang-analyzer-security.insecureAPI.vfork)
 * NOLINTEND(clang-analyzer-optin.portability.UnixAPI)
 * NOLINTEND(clang-analyzer-unix.Malloc)
 */
