/*
 * map_query - a single mapping of the process, looked up by its address: by an
 * ioctl where the kernel has it (PROCMAP_QUERY, Linux 6.11; tried, never told
 * by a version), else from the text of /proc/self/maps.
 *
 * A look-up by the ioctl takes 1.3 to 1.9 us whatever the number of mappings,
 * from the text as many times 0.13 to 0.33 us as mappings lie below (6.18, 600
 * to 60,000 mappings). So it is the other way round for a walk over all of
 * them, which process.c does by the text: 8 to 20 ms for 60,000 mappings, and
 * 90 to 110 ms by one ioctl for each.
 */
#ifndef REGROW_MAP_QUERY_H
#define REGROW_MAP_QUERY_H

#include <stdint.h>

#include <regrow/mapping.h>

#include "sample/protocol.h"

/* What this kernel has; maps is a descriptor of /proc/self/maps. */
enum map_lookup map_lookup_usable(int maps);

/*
 * The mapping that covers address, or the next above it. 0, -ENOENT where there
 * is none, -errno. [vsyscall], in the kernel's half, is none. Threads may call
 * it at a time; what changes meanwhile may be seen or not.
 */
int map_lookup_find(enum map_lookup lookup, int maps, uintptr_t address,
		    struct mapping *mapping);

#endif
