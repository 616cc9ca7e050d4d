/*
 * regrow/trace.h - the record of a program's allocation calls: its encoder and
 * its decoder.
 *
 * A trace is a stream: a head, events in the order in which they took effect,
 * and an end. In a file, NAME.trace.zst, the stream is cut into zstd frames
 * with checksums; a frame ends at the end of an event, so that what a program
 * that was killed has left is good up to its last whole frame.
 *
 * The stream, where a number is a varint (seven bits a byte, the lowest first;
 * its shortest form) and a text is a number of bytes and so many of printable
 * ASCII:
 *
 *   head   the 8 bytes of TRACE_MAGIC, number TRACE_VERSION,
 *          numbers page_size, start_ns, from, floor,
 *          texts regrow, allocator, command
 *   event  a byte: its kind, and TRACE_OTHER_THREAD where a thread follows
 *          number thread (where it is not the event before's; at first 0)
 *          number of ns since the event before (the first: since start_ns)
 *          number block; number size, but for a free; number log2 of the
 *          alignment, for an aligned allocation
 *   end    the byte TRACE_END, the number of ns since the last event, and the
 *          number of events
 *
 * A block's number is any number that no living block has, up to the number of
 * blocks that were ever alive at once: the smallest that is free will do. A
 * number belongs to its block through all resizes.
 *
 * For a recorder of several threads: events must be numbered and encoded under
 * one lock, a free before the memory is given back, an allocation after it was
 * taken; a resize that may move a block frees no address for others before it
 * is encoded. Calls that failed are not events.
 *
 * Nothing here allocates, prints or reads a clock. The decoder takes any bytes:
 * it reads none past the end and gives out nothing that is out of bounds.
 */
#ifndef REGROW_TRACE_H
#define REGROW_TRACE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TRACE_MAGIC "regrowTR"
#define TRACE_VERSION 1u
#define TRACE_SUFFIX ".trace.zst"

#define TRACE_TEXT_MAX 1024u /* bytes; longer ones are cut */
#define TRACE_THREADS_MAX 65536u
#define TRACE_BLOCKS_MAX (1u << 28) /* alive at once */
#define TRACE_SIZE_MAX ((uint64_t)1 << 47) /* bytes: an address space */
#define TRACE_TIME_MAX ((uint64_t)1 << 62) /* ns, of all events */
#define TRACE_ALIGNMENT_LOG2_MAX 40u

/* Bytes that the encoder writes at most. */
#define TRACE_HEAD_BYTES_MAX (8u + 5u * 10u + 3u * (2u + TRACE_TEXT_MAX))
#define TRACE_EVENT_BYTES_MAX 40u

enum trace_kind {
	TRACE_ALLOC = 1,
	TRACE_ALLOC_ALIGNED, /* by more than 16 bytes */
	TRACE_RESIZE, /* a realloc of a block: its new size */
	TRACE_FREE,
	TRACE_END,
};

#define TRACE_OTHER_THREAD 0x08u

struct trace_text {
	const char *bytes; /* not terminated */
	size_t length;
};

struct trace_head {
	uint64_t page_size; /* bytes */
	uint64_t start_ns; /* of CLOCK_REALTIME */
	/* Bytes: from there on the program's blocks were the allocator's. */
	uint64_t from;
	/*
	 * Bytes, at most from: below, nothing was recorded. A block that grew
	 * to it is an allocation, one that shrank below it a free. 0: all was.
	 */
	uint64_t floor;
	struct trace_text regrow; /* its version */
	struct trace_text allocator; /* that served; empty: none, libc's */
	struct trace_text command; /* argv, a space between */
};

struct trace_event {
	enum trace_kind kind;
	uint32_t thread; /* 0, 1, ... in the order of their first events */
	uint32_t block;
	uint64_t size; /* bytes; 0: of a free */
	uint64_t alignment; /* bytes; 0: of other kinds than aligned */
	uint64_t ns; /* since the event before */
};

/* Zeroed: at the first event. */
struct trace_encoder {
	uint32_t thread;
	uint64_t events;
};

static inline size_t trace_put_number(unsigned char *out, uint64_t number)
{
	size_t length = 0;

	for (; number >= 0x80; number >>= 7)
		out[length++] = (unsigned char)(number | 0x80);
	out[length++] = (unsigned char)number;
	return length;
}

/* Cut to TRACE_TEXT_MAX; what is not printable ASCII becomes a question mark. */
static inline size_t trace_put_text(unsigned char *out,
				    const struct trace_text *text)
{
	size_t count =
		text->length < TRACE_TEXT_MAX ? text->length : TRACE_TEXT_MAX;
	size_t at = trace_put_number(out, count);

	for (size_t i = 0; i < count; i++) {
		unsigned char byte = (unsigned char)text->bytes[i];

		out[at + i] = byte >= ' ' && byte <= '~' ? byte : '?';
	}
	return at + count;
}

/* How many of TRACE_HEAD_BYTES_MAX bytes at out it wrote. */
static inline size_t trace_put_head(unsigned char *out,
				    const struct trace_head *head)
{
	size_t at;

	for (at = 0; at < 8; at++)
		out[at] = (unsigned char)TRACE_MAGIC[at];
	at += trace_put_number(out + at, TRACE_VERSION);
	at += trace_put_number(out + at, head->page_size);
	at += trace_put_number(out + at, head->start_ns);
	at += trace_put_number(out + at, head->from);
	at += trace_put_number(out + at, head->floor);
	at += trace_put_text(out + at, &head->regrow);
	at += trace_put_text(out + at, &head->allocator);
	at += trace_put_text(out + at, &head->command);
	return at;
}

/*
 * How many of TRACE_EVENT_BYTES_MAX bytes at out it wrote. The caller keeps to
 * the bounds above; an alignment is a power of two.
 */
static inline size_t trace_put_event(struct trace_encoder *encoder,
				     unsigned char *out,
				     const struct trace_event *event)
{
	bool other = event->thread != encoder->thread;
	size_t at = 0;

	out[at++] = (unsigned char)((unsigned int)event->kind |
				    (other ? TRACE_OTHER_THREAD : 0));
	if (other)
		at += trace_put_number(out + at, event->thread);
	at += trace_put_number(out + at, event->ns);
	at += trace_put_number(out + at, event->block);
	if (event->kind != TRACE_FREE)
		at += trace_put_number(out + at, event->size);
	if (event->kind == TRACE_ALLOC_ALIGNED)
		at += trace_put_number(out + at, (unsigned int)__builtin_ctzll(
							 event->alignment));
	encoder->thread = event->thread;
	encoder->events++;
	return at;
}

/* As trace_put_event(); ns since the last event. */
static inline size_t trace_put_end(const struct trace_encoder *encoder,
				   unsigned char *out, uint64_t ns)
{
	size_t at = 0;

	out[at++] = TRACE_END;
	at += trace_put_number(out + at, ns);
	at += trace_put_number(out + at, encoder->events);
	return at;
}

struct trace_decoder {
	const unsigned char *bytes;
	size_t size;
	size_t at;
	uint64_t events; /* given out; where it failed, the one before that */
	uint64_t time_ns; /* of the last event, since start_ns */
	uint32_t thread; /* of the last event */
	uint32_t threads; /* seen; their numbers are below it */
	uint32_t blocks; /* numbers used; all are below it */
	bool ended; /* the end was read; else the trace was cut */
	const char *error; /* what is wrong; NULL: nothing so far */
};

/* -EBADMSG, with the reason kept; the decoder goes no further. */
static inline int trace_refuse(struct trace_decoder *decoder, const char *error)
{
	decoder->error = error;
	return -EBADMSG;
}

/* A number of at most max. */
static inline int trace_get_number(struct trace_decoder *decoder, uint64_t max,
				   uint64_t *number)
{
	unsigned int shift = 0;
	unsigned char byte;

	*number = 0;
	do {
		if (decoder->at == decoder->size)
			return trace_refuse(decoder, "it is cut short");
		byte = decoder->bytes[decoder->at++];
		/* The tenth byte holds the highest bit alone. */
		if (shift > 63 || (shift == 63 && byte > 1))
			return trace_refuse(decoder, "a number is too long");
		*number |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (byte == 0 && shift > 7)
		return trace_refuse(decoder, "a number is too long");
	if (*number > max)
		return trace_refuse(decoder, "a number is out of bounds");
	return 0;
}

static inline int trace_get_text(struct trace_decoder *decoder,
				 struct trace_text *text)
{
	uint64_t length;
	int error = trace_get_number(decoder, TRACE_TEXT_MAX, &length);

	if (error)
		return error;
	if (length > decoder->size - decoder->at)
		return trace_refuse(decoder, "it is cut short");
	text->bytes = (const char *)decoder->bytes + decoder->at;
	text->length = length;
	for (size_t i = 0; i < length; i++)
		if (text->bytes[i] < ' ' || text->bytes[i] > '~')
			return trace_refuse(decoder,
					    "a text is not printable ASCII");
	decoder->at += length;
	return 0;
}

/*
 * Reads the head. The decoder keeps bytes, and so do head's texts; head may be
 * NULL. 0, or -EBADMSG with decoder->error: it is no trace, or of a version
 * that is not known here.
 */
static inline int trace_open(struct trace_decoder *decoder, const void *bytes,
			     size_t size, struct trace_head *head)
{
	struct trace_head ignored;
	uint64_t version;

	if (!head)
		head = &ignored;
	*head = (struct trace_head){0};
	*decoder = (struct trace_decoder){.bytes = bytes, .size = size};
	if (size < 8 || memcmp(bytes, TRACE_MAGIC, 8) != 0)
		return trace_refuse(decoder, "it is no trace of regrow's");
	decoder->at = 8;
	if (trace_get_number(decoder, UINT64_MAX, &version))
		return -EBADMSG;
	if (version != TRACE_VERSION)
		return trace_refuse(decoder,
				    "its version is not known to this regrow");
	if (trace_get_number(decoder, TRACE_SIZE_MAX, &head->page_size) ||
	    trace_get_number(decoder, UINT64_MAX, &head->start_ns) ||
	    trace_get_number(decoder, TRACE_SIZE_MAX, &head->from) ||
	    trace_get_number(decoder, head->from, &head->floor) ||
	    trace_get_text(decoder, &head->regrow) ||
	    trace_get_text(decoder, &head->allocator) ||
	    trace_get_text(decoder, &head->command))
		return -EBADMSG;
	return 0;
}

static inline int trace_get_end(struct trace_decoder *decoder)
{
	uint64_t ns, events;

	if (trace_get_number(decoder, TRACE_TIME_MAX - decoder->time_ns, &ns) ||
	    trace_get_number(decoder, UINT64_MAX, &events))
		return -EBADMSG;
	if (events != decoder->events)
		return trace_refuse(decoder, "events are missing before it");
	if (decoder->at != decoder->size)
		return trace_refuse(decoder, "something follows it");
	decoder->ended = true;
	return 0;
}

/* The fields behind the byte of an event's kind. */
static inline int trace_get_fields(struct trace_decoder *decoder, bool other,
				   struct trace_event *event)
{
	uint32_t thread_max = decoder->threads, block_max = decoder->blocks;
	uint64_t thread = decoder->thread, block, log2 = 0;

	if (thread_max > TRACE_THREADS_MAX - 1)
		thread_max = TRACE_THREADS_MAX - 1;
	if (other && trace_get_number(decoder, thread_max, &thread))
		return -EBADMSG;
	if (other && thread == decoder->thread)
		return trace_refuse(decoder, "it names its thread again");
	if (block_max > TRACE_BLOCKS_MAX - 1)
		block_max = TRACE_BLOCKS_MAX - 1;
	else if (event->kind >= TRACE_RESIZE && block_max == 0)
		return trace_refuse(decoder, "it is of a block before any");
	else if (event->kind >= TRACE_RESIZE)
		block_max--;
	if (trace_get_number(decoder, TRACE_TIME_MAX - decoder->time_ns,
			     &event->ns) ||
	    trace_get_number(decoder, block_max, &block))
		return -EBADMSG;
	if (event->kind != TRACE_FREE &&
	    trace_get_number(decoder, TRACE_SIZE_MAX, &event->size))
		return -EBADMSG;
	if (event->kind == TRACE_ALLOC_ALIGNED) {
		if (trace_get_number(decoder, TRACE_ALIGNMENT_LOG2_MAX, &log2))
			return -EBADMSG;
		if (log2 <= 4)
			return trace_refuse(decoder, "it is not aligned");
		event->alignment = (uint64_t)1 << log2;
	}
	event->thread = (uint32_t)thread;
	event->block = (uint32_t)block;
	return 0;
}

/*
 * 1: the next event is in *event. 0: there is none; decoder->ended tells
 * whether the trace has its end. -EBADMSG: malformed, see decoder->error;
 * decoder->events + 1 is that event's number.
 *
 * Whether a block lives is for the caller to know, who has the memory.
 */
static inline int trace_next(struct trace_decoder *decoder,
			     struct trace_event *event)
{
	unsigned char tag;
	bool other;

	*event = (struct trace_event){0};
	if (decoder->error)
		return -EBADMSG;
	if (decoder->ended || decoder->at == decoder->size)
		return 0;
	tag = decoder->bytes[decoder->at++];
	if (tag == TRACE_END)
		return trace_get_end(decoder);
	other = tag & TRACE_OTHER_THREAD;
	tag &= (unsigned char)~TRACE_OTHER_THREAD;
	if (tag < TRACE_ALLOC || tag > TRACE_FREE)
		return trace_refuse(decoder, "it is of no known kind");
	event->kind = tag;
	if (trace_get_fields(decoder, other, event))
		return -EBADMSG;
	decoder->time_ns += event->ns;
	decoder->thread = event->thread;
	if (event->thread >= decoder->threads)
		decoder->threads = event->thread + 1;
	if (event->block >= decoder->blocks)
		decoder->blocks = event->block + 1;
	decoder->events++;
	return 1;
}

#endif
