/* journal - writes a results file line by line. */
#include "driver/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "driver/lock.h"

#define NAME_ALLOCATORS_MAX 80 /* bytes of them in a file's name */
#define NAME_ATTEMPTS_MAX 1000

static int refuse(int error, const char *path, char *why, size_t why_size)
{
	const char *advice = "name another file with --results";

	if (error == EEXIST)
		advice = "it is kept as it is: name another file";
	else if (error == ENOENT || error == ENOTDIR)
		advice = "make the directory first, or name another file with "
			 "--results";
	else if (error == EWOULDBLOCK)
		advice = "another regrow writes to it: name another file";
	snprintf(why, why_size, "cannot make results file '%s': %s (%s)", path,
		 strerror(error), advice);
	return -error;
}

/* What exists is opened only where nothing can be lost by that. */
static int open_existing(const char *path, int *fd)
{
	struct stat status;

	*fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0)
		return -errno;
	if (fstat(*fd, &status) == 0 &&
	    (!S_ISREG(status.st_mode) || status.st_size == 0))
		return 0;
	close(*fd);
	return -EEXIST;
}

/* 0 or -errno. exclusive: two runs of one second must not share a file. */
static int open_new(const char *path, bool exclusive, struct journal *journal)
{
	struct stat status;
	int error = 0;

	memset(journal, 0, sizeof(*journal));
	journal->fd = -1;
	if (path[0] == 0)
		return -ENOENT;
	if (strlen(path) >= sizeof(journal->path))
		return -ENAMETOOLONG;
	snprintf(journal->path, sizeof(journal->path), "%s", path);
	journal->fd = open(path,
			   O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC |
				   O_NOCTTY,
			   0666);
	if (journal->fd < 0)
		error = -errno;
	if (error == -EEXIST && !exclusive)
		error = open_existing(path, &journal->fd);
	if (error == 0)
		journal->regular = fstat(journal->fd, &status) == 0 &&
				   S_ISREG(status.st_mode);
	else
		journal->fd = -1;
	if (journal->regular)
		error = lock_take(journal->fd);
	/* Who had the lock before may have filled it. */
	if (error == 0 && journal->regular &&
	    (fstat(journal->fd, &status) != 0 || status.st_size > 0))
		error = -EEXIST;
	if (error != 0 && journal->fd >= 0) {
		close(journal->fd);
		journal->fd = -1;
	}
	return error;
}

/* The folder of a path; "." where it names none. */
static int check_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL   ? strdup(".")
		       : slash == path ? strdup("/")
				       : strndup(path, (size_t)(slash - path));
	int error = folder == NULL ? -ENOMEM : 0;

	if (error == 0 && access(folder, W_OK | X_OK) != 0)
		error = -errno;
	free(folder);
	return error;
}

int journal_check(const char *path, char *why, size_t why_size)
{
	struct stat status;
	int error = 0;

	if (stat(path, &status) == 0)
		error = S_ISREG(status.st_mode) && status.st_size > 0 ? -EEXIST
			: S_ISDIR(status.st_mode)		      ? -EISDIR
			: access(path, W_OK) != 0		      ? -errno
								      : 0;
	else if (path[0] != 0 && errno == ENOENT)
		error = check_folder(path);
	else
		error = -errno;
	return error == 0 ? 0 : refuse(-error, path, why, why_size);
}

int journal_create(const char *path, struct journal *journal, char *why,
		   size_t why_size)
{
	int error = open_new(path, false, journal);

	return error == 0 ? 0 : refuse(-error, path, why, why_size);
}

/* Letters, digits and - are safe everywhere; runs of others become one _. */
static void sanitise(const char *text, char *out, size_t out_size)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t used = 0;

	for (; *text != 0 && used + 1 < out_size; text++)
		if (strchr(safe, *text) != NULL)
			out[used++] = *text;
		else if (used > 0 && out[used - 1] != '_')
			out[used++] = '_';
	while (used > 0 && out[used - 1] == '_')
		used--;
	out[used] = 0;
}

int journal_create_named(const char *directory, time_t started,
			 const char *allocators, struct journal *journal,
			 char *why, size_t why_size)
{
	char path[JOURNAL_PATH_MAX], when[32], name[NAME_ALLOCATORS_MAX];
	char number[16] = "";
	int error = -EEXIST;
	struct tm utc;

	if (gmtime_r(&started, &utc) == NULL)
		return refuse(EOVERFLOW, directory, why, why_size);
	strftime(when, sizeof(when), "%Y-%m-%dT%H-%M-%SZ", &utc);
	sanitise(allocators, name, sizeof(name));
	for (int i = 2; error == -EEXIST && i < NAME_ATTEMPTS_MAX; i++) {
		if (snprintf(path, sizeof(path), "%s/%s%s%s%s.jsonl", directory,
			     when, name[0] != 0 ? "-" : "", name,
			     number) >= (int)sizeof(path))
			return refuse(ENAMETOOLONG, directory, why, why_size);
		error = open_new(path, true, journal);
		snprintf(number, sizeof(number), "-%d", i);
	}
	return error == 0 ? 0 : refuse(-error, path, why, why_size);
}

/* 0 or -errno; *written of size bytes got out. */
static int write_all(int fd, const char *text, size_t size, size_t *written)
{
	for (*written = 0; *written < size;) {
		ssize_t got = write(fd, text + *written, size - *written);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			return -EIO;
		if (got > 0)
			*written += (size_t)got;
	}
	return 0;
}

int journal_write(struct journal *journal, const struct json *line)
{
	size_t size, written;
	char *text;
	int error;

	if (journal->error != 0)
		return journal->error;
	text = json_line(line, &size);
	if (text == NULL)
		return -ENOMEM;
	error = write_all(journal->fd, text, size, &written);
	free(text);
	if (error == 0) {
		/* A serial port sends by interrupts, which the next sample
		 * would have. */
		if (!journal->regular && isatty(journal->fd))
			tcdrain(journal->fd);
		journal->size += size;
		journal->lines++;
	} else if (written > 0 &&
		   (!journal->regular ||
		    ftruncate(journal->fd, (off_t)journal->size) != 0)) {
		journal->error = error;
	}
	return error;
}

int journal_sync(struct journal *journal)
{
	if (!journal->regular || fsync(journal->fd) == 0)
		return 0;
	return -errno;
}

int journal_close(struct journal *journal)
{
	int error;

	if (journal->fd < 0)
		return 0;
	error = journal_sync(journal);
	if (close(journal->fd) != 0 && error == 0)
		error = -errno;
	journal->fd = -1;
	return error;
}
