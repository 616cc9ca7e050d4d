/* lines - reads a file line by line, a zstd file as well. */
#include "driver/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver/zstd_file.h"

#define FIRST_CAPACITY 65536

/* fd becomes one of what the zstd file holds. */
static int decompress(int *fd, char *why, size_t why_size)
{
	int contents = memfd_create("lines", MFD_CLOEXEC);
	char what[256];
	uint64_t bytes;
	int error;

	if (contents < 0)
		return -errno;
	error = zstd_file_read(*fd, contents, LINES_ZSTD_BYTES_MAX, &bytes,
			       what, sizeof(what));
	if (error == -ENODATA)
		snprintf(why, why_size, "it %s", what);
	if (error == 0 && lseek(contents, 0, SEEK_SET) < 0)
		error = -errno;
	if (error == 0) {
		close(*fd);
		*fd = contents;
	} else {
		close(contents);
	}
	return error;
}

int lines_open(struct lines *lines, const char *path, char *why,
	       size_t why_size)
{
	int error;

	memset(lines, 0, sizeof(*lines));
	lines->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (lines->fd < 0)
		return -errno;
	if (zstd_file_is(lines->fd)) {
		error = decompress(&lines->fd, why, why_size);
		if (error != 0) {
			close(lines->fd);
			return error;
		}
	}
	lines->capacity = FIRST_CAPACITY;
	lines->buffer = malloc(lines->capacity);
	if (lines->buffer == NULL) {
		close(lines->fd);
		return -ENOMEM;
	}
	return 0;
}

void lines_close(struct lines *lines)
{
	free(lines->buffer);
	close(lines->fd);
}

/* Makes room behind end; what was handed out already goes first. */
static int make_room(struct lines *lines)
{
	char *buffer;

	if (lines->end < lines->capacity)
		return 0;
	if (lines->begin > 0) {
		lines->end -= lines->begin;
		memmove(lines->buffer, lines->buffer + lines->begin,
			lines->end);
		lines->begin = 0;
		return 0;
	}
	if (lines->capacity > LINES_BYTES_MAX)
		return -EMSGSIZE;
	buffer = realloc(lines->buffer, 2 * lines->capacity);
	if (buffer == NULL)
		return -ENOMEM;
	lines->buffer = buffer;
	lines->capacity *= 2;
	return 0;
}

/* Reads some more; 0 or -errno. */
static int fill(struct lines *lines)
{
	int error = make_room(lines);
	ssize_t got;

	if (error != 0)
		return error;
	do
		got = read(lines->fd, lines->buffer + lines->end,
			   lines->capacity - lines->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	lines->ended = got == 0;
	lines->end += (size_t)got;
	return 0;
}

int lines_next(struct lines *lines)
{
	size_t searched = 0;

	for (;;) {
		char *from = lines->buffer + lines->begin;
		size_t size = lines->end - lines->begin;
		char *newline = memchr(from + searched, '\n', size - searched);
		int error;

		if (newline == NULL && !lines->ended) {
			searched = size;
			error = size > LINES_BYTES_MAX ? -EMSGSIZE
						       : fill(lines);
			if (error != 0)
				return error;
			continue;
		}
		if (newline == NULL && size == 0)
			return 0;
		if (newline != NULL)
			size = (size_t)(newline - from);
		if (size > LINES_BYTES_MAX)
			return -EMSGSIZE;
		lines->torn = newline == NULL;
		lines->text = from;
		lines->size = size;
		lines->begin += size + (newline != NULL);
		lines->number++;
		return 1;
	}
}
