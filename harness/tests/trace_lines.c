/*
 * trace_lines - a trace from standard input, decompressed, as lines of text:
 * the head, the events, and how it ends. Exit status 1: it is no good.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <regrow/trace.h>

#define BYTES_MAX ((size_t)64 << 20)

static const char *const kinds[] = {
	[TRACE_ALLOC] = "alloc",
	[TRACE_ALLOC_ALIGNED] = "aligned",
	[TRACE_RESIZE] = "resize",
	[TRACE_FREE] = "free",
};

static void print_head(const struct trace_head *head)
{
	printf("from=%" PRIu64 " floor=%" PRIu64 " allocator=%.*s\n",
	       head->from, head->floor, (int)head->allocator.length,
	       head->allocator.bytes);
	printf("command=%.*s\n", (int)head->command.length,
	       head->command.bytes);
}

static void print_event(const struct trace_event *event)
{
	printf("%s thread=%" PRIu32 " block=%" PRIu32, kinds[event->kind],
	       event->thread, event->block);
	if (event->kind != TRACE_FREE)
		printf(" %" PRIu64, event->size);
	if (event->alignment)
		printf(" by %" PRIu64, event->alignment);
	printf("\n");
}

int main(void)
{
	unsigned char *bytes = malloc(BYTES_MAX);
	size_t size = bytes ? fread(bytes, 1, BYTES_MAX, stdin) : 0;
	struct trace_decoder decoder;
	struct trace_event event;
	struct trace_head head;
	int status = trace_open(&decoder, bytes, size, &head);

	if (!status) {
		print_head(&head);
		while ((status = trace_next(&decoder, &event)) > 0)
			print_event(&event);
	}
	if (status)
		fprintf(stderr, "trace_lines: event %" PRIu64 ": %s\n",
			decoder.events + 1, decoder.error);
	else
		printf("%s %" PRIu64 " ms=%" PRIu64 "\n",
		       decoder.ended ? "end" : "torn", decoder.events,
		       decoder.time_ns / 1000000);
	free(bytes);
	return status ? 1 : 0;
}
