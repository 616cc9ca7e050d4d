/*
 * failing_fork - fork(2) as it is where no process can be started.
 *
 * Include in one file of a test that has "wrap: fork".
 */
#ifndef REGROW_TESTS_FAILING_FORK_H
#define REGROW_TESTS_FAILING_FORK_H

#include <errno.h>
#include <unistd.h>

static int failing_fork_error; /* errno of each call; 0: it works */

pid_t __real_fork(void);
pid_t __wrap_fork(void);

pid_t __wrap_fork(void)
{
	if (failing_fork_error == 0)
		return __real_fork();
	errno = failing_fork_error;
	return -1;
}

#endif
