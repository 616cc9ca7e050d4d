/* plugin - what the plug-ins of test_registry have in common. */
#ifndef REGROW_TESTS_PLUGIN_H
#define REGROW_TESTS_PLUGIN_H

#include <stdlib.h>

#include <regrow/allocator.h>

static inline void *plugin_alloc(struct heap *heap, size_t size)
{
	(void)heap;
	return malloc(size);
}

static inline void *plugin_grow(struct heap *heap, void *block, size_t size,
				size_t new_size)
{
	void *grown = realloc(block, new_size);

	if (grown)
		tally_copied(heap->recorder, size);
	else
		tally_growth(heap->recorder, OUTCOME_FAILED);
	return grown;
}

static inline void plugin_release(struct heap *heap, void *block, size_t size)
{
	(void)heap;
	(void)size;
	free(block);
}

#endif
