/* trace_file - the file of a trace, frame by frame. */
#define ZSTD_STATIC_LINKING_ONLY
#include "preload/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "preload/own.h"

/* A frame takes a millisecond, while other threads may wait. */
#define LEVEL 3
#define FD_LEAST 512 /* shells and daemons take low numbers for theirs */

static struct {
	ZSTD_CCtx *context;
	unsigned char *packed; /* ZSTD_COMPRESSBOUND(TRACE_FRAME_BYTES) */
	const char *name;
	int fd;
	struct stat stat; /* of the file: fd may become another's */
	off_t size; /* of whole frames */
} file = {.fd = -1};

int trace_file_setup(void)
{
	size_t size = ZSTD_estimateCCtxSize(LEVEL);
	void *workspace;

	if (file.context)
		return 0;
	workspace = own_take(size);
	file.packed = own_take(ZSTD_COMPRESSBOUND(TRACE_FRAME_BYTES));
	if (!workspace || !file.packed)
		return -ENOMEM;
	file.context = ZSTD_initStaticCCtx(workspace, size);
	if (!file.context)
		return -ENOMEM;
	ZSTD_CCtx_setParameter(file.context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(file.context, ZSTD_c_checksumFlag, 1);
	return 0;
}

/*
 * A descriptor of the file, which no other process has locked, or -errno. Some
 * file systems have no locks: then there is none.
 */
static int trace_file_descriptor(const char *name, int create)
{
	int fd = open(name,
		      create | O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY |
			      O_NONBLOCK,
		      0666);
	int high;

	if (fd < 0)
		return -errno;
	high = fcntl(fd, F_DUPFD_CLOEXEC, FD_LEAST);
	if (high >= 0) {
		close(fd);
		fd = high;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
		return fd;
	close(fd);
	return -EBUSY;
}

int trace_file_open(const char *name)
{
	int fd = trace_file_descriptor(name, O_CREAT);
	int error = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &file.stat) ||
	    (S_ISREG(file.stat.st_mode) && ftruncate(fd, 0)))
		error = -errno;
	if (error) {
		close(fd);
		return error;
	}
	file.fd = fd;
	file.name = name;
	file.size = 0;
	return 0;
}

static bool trace_file_is(int fd)
{
	struct stat now;

	return fstat(fd, &now) == 0 && now.st_dev == file.stat.st_dev &&
	       now.st_ino == file.stat.st_ino;
}

/* A program that closes what it does not know closes ours, too. */
static int trace_file_find(void)
{
	int fd;

	if (trace_file_is(file.fd))
		return 0;
	file.fd = -1;
	fd = trace_file_descriptor(file.name, 0);
	if (fd >= 0 && trace_file_is(fd))
		file.fd = fd;
	else if (fd >= 0)
		close(fd);
	return file.fd < 0 ? -EBADF : 0;
}

/* By syscall(2): write(2) is where a thread may be cancelled, malloc is not. */
static int trace_file_put(const unsigned char *bytes, size_t size)
{
	while (size > 0) {
		long written = syscall(SYS_write, file.fd, bytes, size);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written <= 0)
			continue;
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

/* The signals of a write that fails would be the program's end. */
static int trace_file_put_quietly(const unsigned char *bytes, size_t size)
{
	const struct timespec at_once = {0};
	sigset_t signals, before;
	int error;

	sigemptyset(&signals);
	sigaddset(&signals, SIGXFSZ);
	sigaddset(&signals, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	error = trace_file_put(bytes, size);
	if (error == -EFBIG || error == -EPIPE)
		sigtimedwait(&signals, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int trace_file_append(const void *bytes, size_t size)
{
	size_t packed = ZSTD_compress2(file.context, file.packed,
				       ZSTD_COMPRESSBOUND(TRACE_FRAME_BYTES),
				       bytes, size);
	int error = trace_file_find();

	if (error)
		return error;
	if (ZSTD_isError(packed))
		return -ENOMEM; /* all else it was given is as it must be */
	error = trace_file_put_quietly(file.packed, packed);
	if (!error)
		file.size += (off_t)packed;
	else if (S_ISREG(file.stat.st_mode) && ftruncate(file.fd, file.size))
		return error; /* a reader leaves a frame out that is cut */
	return error;
}

void trace_file_close(void)
{
	if (file.fd >= 0 && trace_file_is(file.fd))
		close(file.fd);
	file.fd = -1;
}

void trace_file_forget(void)
{
	trace_file_close();
}
