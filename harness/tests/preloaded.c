/*
 * preloaded - a program that asks all of malloc(3) that can be asked, to be run
 * on the preload library: preloaded WHAT; exit status 0 where all was right.
 */
#include <malloc.h>
#include <spawn.h>

#include "tests/exercise.h"

extern char **environ;

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
