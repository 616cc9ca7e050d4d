/* heaps - the hooks of a sample's allocators, inner and outer. */
#include "sample/heaps.h"

#include <string.h>

static void call(struct context *context, struct heap *heap,
		 int (*hook)(struct heap *), const char *what)
{
	int error = hook ? hook(heap) : 0;

	if (error)
		sample_fail(context->sample->answer, error, "%s: %s: %s",
			    heap->allocator->name, what, strerror(-error));
}

void heaps_setup(struct context *context)
{
	for (unsigned int i = context->depth; i-- > 0;) {
		struct heap *heap = &context->heaps[i];

		call(context, heap, heap->allocator->setup, "setup");
	}
}

void heaps_open(struct context *context)
{
	for (unsigned int i = context->depth; i-- > 0;) {
		struct heap *heap = &context->heaps[i];

		call(context, heap, heap->allocator->open, "open");
	}
}

void heaps_close(struct context *context)
{
	for (unsigned int i = 0; i < context->depth; i++)
		if (context->heaps[i].allocator->close)
			context->heaps[i].allocator->close(&context->heaps[i]);
}

void heaps_teardown(struct context *context)
{
	for (unsigned int i = 0; i < context->depth; i++)
		if (context->heaps[i].allocator->teardown)
			context->heaps[i].allocator->teardown(
				&context->heaps[i]);
}

void heaps_identify(struct context *context)
{
	struct sample_answer *answer = context->sample->answer;
	char why[192] = "";

	for (unsigned int i = context->depth; i-- > 0;) {
		const struct heap *heap = &context->heaps[i];
		int error = heap->allocator->identify
				    ? heap->allocator->identify(
					      heap->options, &answer->identity,
					      why, sizeof(why))
				    : 0;

		if (error)
			sample_fail(answer, error, "%s: %s",
				    heap->allocator->name,
				    why[0] ? why : strerror(-error));
	}
}
