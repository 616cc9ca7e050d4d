/* good-allocator - a plug-in that fills the contract. */
#include "plugin.h"

static const struct option_entry good_options[] = {
	{"size", OPTION_SIZE, "4M", NULL, "a size"},
	{0},
};

static const struct allocator good = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "good-allocator",
	.summary = "a plug-in",
	.options = good_options,
	.alloc = plugin_alloc,
	.grow = plugin_grow,
	.release = plugin_release,
};

REGISTER_ALLOCATOR(good);
