/*
 * zstd_file - decompresses a file that may be anything; the one place that
 * knows libzstd.
 */
#ifndef REGROW_ZSTD_FILE_H
#define REGROW_ZSTD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether fd, wherever it stands, begins as a zstd frame does; false where that
 * cannot be looked at without reading on, as with a pipe.
 */
bool zstd_file_is(int fd);

/*
 * Decompresses what is left to be read of from into to (written at its end), at
 * most bytes_max; *bytes is how many. A file whose last frame is cut gives those
 * before it. Memory is bounded, whatever the file says: 128 MiB at most.
 *
 * 0; -ENODATA: not zstd, damaged, cut within its first frame, nothing in it, or
 * more than bytes_max; -ENOMEM; or the -errno of reading or writing; and in why
 * what is wrong with the file, as the end of a sentence.
 */
int zstd_file_read(int from, int to, uint64_t bytes_max, uint64_t *bytes,
		   char *why, size_t why_size);

#endif
