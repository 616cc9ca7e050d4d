/* doctor_config - the kernel's configuration and command line. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/doctor_parts.h"
#include "driver/sysfile.h"

#define PACKED "/proc/config.gz"

static char *plain_config(const char *root, const char *release)
{
	static const char *const places[][2] = {{"/boot/config-", ""},
						{"/lib/modules/", "/config"}};
	char *text = NULL;

	if (strchr(release, '/') != NULL)
		return NULL;
	for (size_t i = 0; i < 2 && text == NULL; i++) {
		char path[512];

		snprintf(path, sizeof(path), "%s%s%s", places[i][0], release,
			 places[i][1]);
		text = sysfile_all(root, path);
	}
	return text;
}

/* gzip with the file behind it and a pipe before it; 0 or the error. */
static int start_gzip(const char *path, int to, pid_t *process)
{
	const char *const arguments[] = {"gzip", "-dc", NULL};
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path,
						 O_RDONLY, 0);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, to,
							 STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_addopen(
			&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (error == 0)
		error = posix_spawnp(process, "gzip", &actions, NULL,
				     (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* All that comes out of the pipe, which it closes; NULL: nothing. */
static char *read_all(int from)
{
	FILE *stream = fdopen(from, "r");
	char *text = NULL;
	size_t size = 0;

	if (stream == NULL) {
		close(from);
		return NULL;
	}
	if (getdelim(&text, &size, 0, stream) < 0) {
		free(text);
		text = NULL;
	}
	fclose(stream);
	return text;
}

static char *packed_config(const char *root, char *why, size_t why_size)
{
	char path[PATH_MAX];
	char *text;
	pid_t process;
	int pipes[2];
	int status;
	int error;

	snprintf(path, sizeof(path), "%s%s", root, PACKED);
	if (pipe2(pipes, O_CLOEXEC) != 0) {
		snprintf(why, why_size, "%s", strerror(errno));
		return NULL;
	}
	error = start_gzip(path, pipes[1], &process);
	close(pipes[1]);
	if (error != 0) {
		snprintf(why, why_size, "gzip, which reads %s: %s", PACKED,
			 strerror(error));
		close(pipes[0]);
		return NULL;
	}
	text = read_all(pipes[0]);
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	if (text != NULL && status == 0)
		return text;
	snprintf(why, why_size, "gzip cannot read %s", PACKED);
	free(text);
	return NULL;
}

char *doctor_config(const char *root, const char *release, char *why,
		    size_t why_size)
{
	char *text = plain_config(root, release);

	if (text != NULL)
		return text;
	if (sysfile_error(root, PACKED) == 0)
		return packed_config(root, why, why_size);
	snprintf(why, why_size,
		 "no configuration of this kernel: neither /boot/config-%.64s "
		 "nor %s can be read",
		 release, PACKED);
	return NULL;
}

bool doctor_config_has(const char *config, const char *name)
{
	char line[128];
	const char *found;

	snprintf(line, sizeof(line), "CONFIG_%s=y\n", name);
	for (found = strstr(config, line); found != NULL;
	     found = strstr(found + 1, line))
		if (found == config || found[-1] == '\n')
			return true;
	return false;
}

bool doctor_config_lacks(const struct doctor_system *system, const char *name)
{
	return system->config != NULL &&
	       !doctor_config_has(system->config, name);
}

bool doctor_booted_with(const char *command_line, const char *parameter)
{
	size_t length = strlen(parameter);
	const char *found;

	for (found = strstr(command_line, parameter); found != NULL;
	     found = strstr(found + 1, parameter))
		if ((found == command_line || found[-1] == ' ') &&
		    strchr(" \n,", found[length]) != NULL)
			return true;
	return false;
}
