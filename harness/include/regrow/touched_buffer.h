/*
 * regrow/touched_buffer.h - a buffer of which only a share of the pages is
 * written (see touched.h): the same share is read and verified.
 */
#ifndef REGROW_TOUCHED_BUFFER_H
#define REGROW_TOUCHED_BUFFER_H

#include <stdint.h>

#include <regrow/touched.h>
#include <regrow/workload.h>

/* First writes from from on, to the end. */
static inline void touched_write(struct worker *worker, struct buffer *buffer,
				 uint64_t percent, uint64_t from)
{
	uint64_t end;

	for (;
	     touched_run(worker->page_size, percent, &from, &end, buffer->size);
	     from = end)
		buffer_touch(worker, buffer, from, end);
}

/* Of the bytes below to. */
static inline void touched_reread(struct worker *worker,
				  const struct buffer *buffer, uint64_t percent,
				  uint64_t to)
{
	uint64_t from = 0, end;

	for (; touched_run(worker->page_size, percent, &from, &end, to);
	     from = end)
		buffer_reread(worker, buffer, from, end);
}

static inline void touched_verify(struct worker *worker,
				  const struct buffer *buffer, uint64_t percent)
{
	uint64_t from = 0, end;

	for (;
	     touched_run(worker->page_size, percent, &from, &end, buffer->size);
	     from = end)
		buffer_verify(worker, buffer, from, end);
}

#endif
