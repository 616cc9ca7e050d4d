/* wrong-version - a plug-in that was built for another contract. */
#include "plugin.h"

/* Of a contract to come: only the first field is where it is now. */
struct {
	uint32_t contract_version;
	const char *name;
} const of_tomorrow = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION + 1,
	.name = (const char *)1,
};

extern const void *const regrow_allocator;
const void *const regrow_allocator = &of_tomorrow;
