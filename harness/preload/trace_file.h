/*
 * trace_file - the file of a trace, frame by frame; the one place in this
 * library that knows libzstd, which works in memory of the library's own.
 *
 * One file at a time, one caller at a time. Who forks calls
 * trace_file_forget() in the child.
 */
#ifndef REGROW_PRELOAD_TRACE_FILE_H
#define REGROW_PRELOAD_TRACE_FILE_H

#include <stddef.h>

#define TRACE_FRAME_BYTES ((size_t)256 << 10) /* at most, before zstd */

/* Before all else; -ENOMEM: no memory to compress in. Later calls do nothing. */
int trace_file_setup(void);

/*
 * Makes the file, or empties it. Where another process is writing a trace
 * there: -EBUSY, and it is left alone. name stays where it is. 0 or -errno.
 */
int trace_file_open(const char *name);

/*
 * Appends a frame of at most TRACE_FRAME_BYTES. 0, or -errno: what is there of
 * it is cut off again. -EBADF: the program closed the file, and there is none
 * or another of its name now. No signal comes of it.
 */
int trace_file_append(const void *bytes, size_t size);

void trace_file_close(void);

/* In a forked child: the file is the parent's. */
void trace_file_forget(void);

#endif
