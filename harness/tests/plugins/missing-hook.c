/* missing-hook - a plug-in that cannot grow. */
#include "plugin.h"

static const struct allocator missing_hook = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "missing-hook",
	.summary = "a plug-in",
	.alloc = plugin_alloc,
	.release = plugin_release,
};

REGISTER_ALLOCATOR(missing_hook);
