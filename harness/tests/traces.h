/* traces - small traces, made up event by event. */
#ifndef REGROW_TESTS_TRACES_H
#define REGROW_TESTS_TRACES_H

#include <regrow/trace.h>

#define TRACE_BYTES_MAX ((size_t)1 << 16)

struct made_trace {
	struct trace_encoder encoder;
	size_t size;
	unsigned char bytes[TRACE_BYTES_MAX];
};

static inline void made_head(struct made_trace *trace, uint64_t from,
			     uint64_t floor)
{
	const struct trace_head head = {
		.page_size = 4096,
		.start_ns = 1700000000000000000u,
		.from = from,
		.floor = floor,
		.regrow = {"1.0-test", 8},
		.allocator = {"mremap-maymove", 14},
		.command = {"python3 -c 'x'", 14},
	};

	trace->encoder = (struct trace_encoder){0};
	trace->size = trace_put_head(trace->bytes, &head);
}

static inline void made_event(struct made_trace *trace,
			      struct trace_event event)
{
	trace->size += trace_put_event(&trace->encoder,
				       trace->bytes + trace->size, &event);
}

static inline void made_end(struct made_trace *trace)
{
	trace->size +=
		trace_put_end(&trace->encoder, trace->bytes + trace->size, 7);
}

#endif
