/* layout - which layouts of the memory map samples can have on this system. */
#include "driver/layout.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/personality.h"
#include "driver/names.h"

const struct words layout_words = {
	.noun = "layout",
	.nouns = "layouts",
	.choices = "standard or legacy",
	.names = layout_names,
	.count = LAYOUT_COUNT,
};

/*
 * 0, or -errno of fork(2); in refused: 0, or the errno of personality(2). In a
 * child: some filters end the process that asks, and what it was given would
 * stay.
 */
static int layout_try(enum layout layout, int *refused)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child == 0)
		_exit(-personality_set_layout(layout == LAYOUT_LEGACY));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	*refused = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
	return 0;
}

/* Absent: a kernel without it forces nothing. */
static bool layout_forced(const char *setting)
{
	FILE *file = fopen(setting, "re");
	int value = 0;

	if (!file)
		return false;
	if (fscanf(file, "%d", &value) != 1)
		value = 0;
	fclose(file);
	return value != 0;
}

int layout_usable(enum layout layout, const char *setting, char *why,
		  size_t why_size)
{
	int refused = 0;
	int error;

	if (layout == LAYOUT_STANDARD && layout_forced(setting)) {
		snprintf(why, why_size,
			 "this system gives every process the legacy layout; "
			 "echo 0 | sudo tee %s allows the standard one",
			 setting);
		return -ENOTSUP;
	}
	error = layout_try(layout, &refused);
	if (error) {
		snprintf(why, why_size,
			 "no process can be started to try the layout in: %s%s",
			 strerror(-error),
			 error == -EAGAIN ? " (see ulimit -u, RLIMIT_NPROC)"
					  : "");
		return error;
	}
	if (!refused)
		return 0;
	snprintf(why, why_size,
		 "personality(2) is refused (%s), by a seccomp filter perhaps, "
		 "as of a container",
		 strerror(refused));
	return -ENOTSUP;
}
