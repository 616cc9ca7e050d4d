/* zstd_file - decompresses a file that may be anything. */
#include "driver/zstd_file.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "common/units.h"

#define PIECE_BYTES ((size_t)128 << 10)

struct reader {
	ZSTD_DStream *stream;
	int to;
	uint64_t bytes_max;
	uint64_t bytes; /* written */
	uint64_t whole; /* of them, in frames that ended */
	uint64_t taken; /* bytes of the compressed file */
	char *why;
	size_t why_size;
	unsigned char in[PIECE_BYTES];
	unsigned char out[PIECE_BYTES];
};

static int reader_write(struct reader *reader, size_t size)
{
	const unsigned char *from = reader->out;

	while (size > 0) {
		ssize_t put = write(reader->to, from, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			snprintf(reader->why, reader->why_size,
				 "cannot be decompressed into memory: %s",
				 strerror(errno));
			return -errno;
		}
		from += put;
		size -= (size_t)put;
	}
	return 0;
}

/* What follows is known to be more than is taken: how much, and of what. */
static int refuse_size(struct reader *reader)
{
	char max[UNITS_TEXT_SIZE], taken[UNITS_TEXT_SIZE];

	snprintf(reader->why, reader->why_size,
		 "holds more than %s, in %s of compressed file so far: more is "
		 "not taken",
		 units_read_size((double)reader->bytes_max, max),
		 units_read_size((double)reader->taken, taken));
	return -ENODATA;
}

/* One piece of the compressed file, all that comes of it. */
static int reader_take(struct reader *reader, size_t size)
{
	ZSTD_inBuffer in = {reader->in, size, 0};
	ZSTD_outBuffer out;
	size_t left;
	int error;

	reader->taken += size;
	do {
		out = (ZSTD_outBuffer){reader->out, PIECE_BYTES, 0};
		left = ZSTD_decompressStream(reader->stream, &out, &in);
		if (ZSTD_isError(left)) {
			snprintf(reader->why, reader->why_size,
				 "is no zstd file, or a damaged one: %s",
				 ZSTD_getErrorName(left));
			return -ENODATA;
		}
		if (out.pos > reader->bytes_max - reader->bytes)
			return refuse_size(reader);
		error = reader_write(reader, out.pos);
		if (error)
			return error;
		reader->bytes += out.pos;
		if (left == 0)
			reader->whole = reader->bytes;
		/* A full buffer may have left more behind in the stream. */
	} while (in.pos < in.size || out.pos == out.size);
	return 0;
}

static int reader_run(struct reader *reader, int from)
{
	for (;;) {
		ssize_t got = read(from, reader->in, PIECE_BYTES);
		int error;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			snprintf(reader->why, reader->why_size,
				 "cannot be read: %s", strerror(errno));
			return -errno;
		}
		if (got == 0)
			return 0;
		error = reader_take(reader, (size_t)got);
		if (error)
			return error;
	}
}

/* Only whole frames are kept: their checksums were good. */
static int reader_end(struct reader *reader)
{
	if (reader->whole == 0) {
		snprintf(reader->why, reader->why_size,
			 reader->taken ? "holds nothing that is whole: it is "
					 "cut within its first zstd frame"
				       : "is empty");
		return -ENODATA;
	}
	if (reader->whole < reader->bytes &&
	    ftruncate(reader->to, (off_t)reader->whole) != 0) {
		snprintf(reader->why, reader->why_size,
			 "cannot be decompressed into memory: %s",
			 strerror(errno));
		return -errno;
	}
	return 0;
}

bool zstd_file_is(int fd)
{
	uint32_t magic;

	return pread(fd, &magic, sizeof(magic), 0) == sizeof(magic) &&
	       le32toh(magic) == ZSTD_MAGICNUMBER;
}

int zstd_file_read(int from, int to, uint64_t bytes_max, uint64_t *bytes,
		   char *why, size_t why_size)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int error;

	*bytes = 0;
	if (reader)
		reader->stream = ZSTD_createDStream();
	if (!reader || !reader->stream) {
		free(reader);
		snprintf(why, why_size, "cannot be decompressed: no memory");
		return -ENOMEM;
	}
	reader->to = to;
	reader->bytes_max = bytes_max;
	reader->why = why;
	reader->why_size = why_size;
	error = reader_run(reader, from);
	if (!error)
		error = reader_end(reader);
	if (!error)
		*bytes = reader->whole;
	ZSTD_freeDStream(reader->stream);
	free(reader);
	return error;
}
