/* journal_append - a results file that is there is added to. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/journal.h"
#include "driver/lock.h"
#include "driver/zstd_file.h"

static int append_open(const char *path, struct journal *journal)
{
	struct stat status;
	int error;

	memset(journal, 0, sizeof(*journal));
	journal->fd = -1;
	if (strlen(path) >= sizeof(journal->path))
		return -ENAMETOOLONG;
	snprintf(journal->path, sizeof(journal->path), "%s", path);
	/* A FIFO would block, and is refused below. */
	journal->fd = open(
		path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
	if (journal->fd < 0)
		return -errno;
	error = fstat(journal->fd, &status) == 0 ? 0 : -errno;
	if (!error && !S_ISREG(status.st_mode))
		error = -EINVAL;
	if (!error)
		error = lock_take(journal->fd);
	/* Its size is good only once nobody else adds to it. */
	if (!error && fstat(journal->fd, &status) != 0)
		error = -errno;
	if (!error && status.st_size == 0)
		error = -ENODATA;
	if (!error && zstd_file_is(journal->fd))
		error = -EMEDIUMTYPE;
	if (error) {
		close(journal->fd);
		journal->fd = -1;
		return error;
	}
	journal->regular = true;
	journal->size = (uint64_t)status.st_size;
	return 0;
}

int journal_append(const char *path, struct journal *journal, char *why,
		   size_t why_size)
{
	int error = append_open(path, journal);
	const char *reason = strerror(-error);

	if (error == -EWOULDBLOCK)
		reason = "another regrow writes to it";
	else if (error == -EINVAL)
		reason = "it is not a regular file";
	else if (error == -ENODATA)
		reason = "it is empty, and there is nothing to go on from";
	else if (error == -EMEDIUMTYPE)
		reason = "it is compressed: zstd -d it first";
	if (error)
		snprintf(why, why_size, "cannot add to results file '%s': %s",
			 path, reason);
	return error;
}

/* Where the last whole line of the first size bytes ends, or -errno. */
static int64_t whole_end(int fd, uint64_t size)
{
	char bytes[4096];

	while (size > 0) {
		size_t part = size < sizeof(bytes) ? size : sizeof(bytes);
		ssize_t got = pread(fd, bytes, part, (off_t)(size - part));
		const char *newline;

		if (got < 0)
			return -errno;
		if ((size_t)got != part)
			return -EIO;
		newline = memrchr(bytes, '\n', part);
		if (newline)
			return (int64_t)(size - part) + (newline - bytes) + 1;
		size -= part;
	}
	return 0;
}

int journal_mend(struct journal *journal, bool torn)
{
	int64_t end = whole_end(journal->fd, journal->size);

	if (end < 0)
		return (int)end;
	if ((uint64_t)end == journal->size)
		return 0;
	if (!torn) {
		ssize_t got = write(journal->fd, "\n", 1);

		journal->size += got == 1;
		return got == 1 ? 0 : got < 0 ? -errno : -EIO;
	}
	if (ftruncate(journal->fd, end) != 0)
		return -errno;
	journal->size = (uint64_t)end;
	return 0;
}
