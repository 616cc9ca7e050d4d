/* gnuplot - runs gnuplot on one drawing. */
#include "driver/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/drawing_text.h"

/* One picture on its way. */
struct picture {
	const char *format;
	char path[PATH_MAX];
	int said; /* what gnuplot printed, a memfd; -1: none */
	pid_t process; /* 0: none */
};

static int path_of(char path[PATH_MAX], const char *folder, const char *name,
		   const char *ending)
{
	int length = snprintf(path, PATH_MAX, "%s/%s.%s", folder, name, ending);

	return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/*
 * -d: no start-up files of the user, who may have set anything. Texts are
 * arguments, which the scripts read as strings.
 */
static int start(struct picture *picture, const struct drawing *drawing,
		 const char *script, const char *data)
{
	const char *const arguments[] = {"gnuplot",
					 "-d",
					 "-c",
					 script,
					 data,
					 picture->format,
					 picture->path,
					 drawing->title,
					 drawing->workload,
					 drawing->machine,
					 drawing->note,
					 drawing->measure,
					 NULL};
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return -error;
	picture->said = memfd_create("gnuplot", MFD_CLOEXEC);
	error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
						 "/dev/null", O_RDONLY, 0);
	if (!error && picture->said >= 0)
		error = posix_spawn_file_actions_adddup2(
			&actions, picture->said, STDOUT_FILENO);
	if (!error && picture->said >= 0)
		error = posix_spawn_file_actions_adddup2(
			&actions, picture->said, STDERR_FILENO);
	if (!error)
		error = posix_spawnp(&picture->process, "gnuplot", &actions,
				     NULL, (char *const *)arguments, environ);
	if (error)
		picture->process = 0;
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

/* The last line that gnuplot printed, which is the error, made visible. */
static void read_said(const struct picture *picture, char *line, size_t size)
{
	char text[4096] = "", *last;
	ssize_t length = pread(picture->said, text, sizeof(text) - 1, 0);

	while (length > 0 &&
	       (text[length - 1] == '\n' || text[length - 1] == ' '))
		length--;
	text[length > 0 ? length : 0] = 0;
	last = strrchr(text, '\n');
	drawing_field(last ? last + 1 : text, line, size);
	if (!*line)
		snprintf(line, size, "it printed nothing");
}

/* Waits for it; 0 or -errno and why. Nothing to wait for: 0. */
static int finish(struct picture *picture, char *why, size_t why_size)
{
	struct stat file;
	char line[256];
	int status = 0;

	if (picture->process == 0)
		return 0;
	while (waitpid(picture->process, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (status == 0 && stat(picture->path, &file) == 0 && file.st_size > 0)
		return 0;
	read_said(picture, line, sizeof(line));
	unlink(picture->path);
	if (WIFSIGNALED(status))
		snprintf(why, why_size, "gnuplot was ended by signal %d",
			 WTERMSIG(status));
	else
		snprintf(why, why_size, "gnuplot failed (%s): %s",
			 picture->format, line);
	return -EPROTO;
}

int gnuplot_draw(const struct drawing *drawing, const char *scripts,
		 const char *folder, char *why, size_t why_size)
{
	struct picture pictures[] = {{.format = "svg", .said = -1},
				     {.format = "png", .said = -1}};
	char script[PATH_MAX], data_folder[PATH_MAX], data[PATH_MAX];
	int result = path_of(script, scripts, drawing->kind, "gp"), finished;
	size_t i;

	if (result == 0 && snprintf(data_folder, sizeof(data_folder), "%s/data",
				    folder) >= PATH_MAX)
		result = -ENAMETOOLONG;
	if (result == 0)
		result = path_of(data, data_folder, drawing->stem, "tsv");
	for (i = 0; i < 2 && result == 0; i++) {
		result = path_of(pictures[i].path, folder, drawing->stem,
				 pictures[i].format);
		if (result == 0)
			result = start(&pictures[i], drawing, script, data);
	}
	if (result)
		snprintf(why, why_size, "cannot run gnuplot: %s",
			 strerror(-result));
	for (i = 0; i < 2; i++) {
		finished = finish(&pictures[i], why, why_size);
		result = result ? result : finished;
		if (pictures[i].said >= 0)
			close(pictures[i].said);
	}
	return result;
}
