/* unresolved - a plug-in that calls a function that is nowhere. */
#include "plugin.h"

void *nowhere(struct heap *heap, size_t size);

static const struct allocator unresolved = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "unresolved",
	.summary = "a plug-in",
	.alloc = nowhere,
	.grow = plugin_grow,
	.release = plugin_release,
};

REGISTER_ALLOCATOR(unresolved);
