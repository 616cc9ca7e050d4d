/* packed - files of zstd frames, for tests. */
#ifndef REGROW_TESTS_PACKED_H
#define REGROW_TESTS_PACKED_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

/* Adds a frame, with its checksum, to the file; its compressed size. */
static inline size_t packed_add(const char *path, const void *bytes,
				size_t size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(size), packed;
	void *frame = malloc(room);
	FILE *file = fopen(path, "ae");

	if (!context || !frame || !file)
		abort();
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	packed = ZSTD_compress2(context, frame, room, bytes, size);
	if (ZSTD_isError(packed) || fwrite(frame, 1, packed, file) != packed ||
	    fclose(file) != 0)
		abort();
	free(frame);
	ZSTD_freeCCtx(context);
	return packed;
}

/* A file of one frame in place of what was there. */
static inline size_t packed_write(const char *path, const void *bytes,
				  size_t size)
{
	remove(path);
	return packed_add(path, bytes, size);
}

#endif
