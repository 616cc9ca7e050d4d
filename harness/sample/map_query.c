/* map_query - a single mapping of the process, looked up by its address. */
#include "sample/map_query.h"

#include <errno.h>
#include <linux/ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/mapfile.h"

/*
 * <linux/fs.h> has these since Linux 6.11 (struct procmap_query, PROCMAP_QUERY
 * and its flags), later than the headers that we are built with may be. Names
 * are ours, to be no second definition where they are not.
 */
struct query {
	uint64_t size; /* of this struct */
	uint64_t flags;
	uint64_t address;
	uint64_t from; /* from here on the answer */
	uint64_t to;
	uint64_t protections;
	uint64_t page_size;
	uint64_t offset;
	uint64_t inode;
	uint32_t device_major;
	uint32_t device_minor;
	uint32_t name_size; /* 0: not asked for */
	uint32_t build_id_size; /* 0: not asked for */
	uint64_t name;
	uint64_t build_id;
};
#define QUERY _IOWR('f', 17, struct query)
#define QUERY_READABLE 0x01u
#define QUERY_WRITABLE 0x02u
#define QUERY_EXECUTABLE 0x04u
#define QUERY_COVERING_OR_NEXT 0x10u

_Static_assert(sizeof(struct query) == 104, "the kernel's layout");

static int query_find(int maps, uintptr_t address, struct mapping *mapping)
{
	struct query query = {
		.size = sizeof(query),
		.flags = QUERY_COVERING_OR_NEXT,
		.address = address,
	};

	if (ioctl(maps, QUERY, &query) != 0)
		return -errno;
	*mapping = (struct mapping){
		.from = query.from,
		.to = query.to,
		.protections =
			(query.protections & QUERY_READABLE ? PROT_READ : 0) |
			(query.protections & QUERY_WRITABLE ? PROT_WRITE : 0) |
			(query.protections & QUERY_EXECUTABLE ? PROT_EXEC : 0),
	};
	return 0;
}

/* Text of its own on the stack: others may look at the same time. */
static int text_find(int maps, uintptr_t address, struct mapping *mapping)
{
	struct map_parser parser;
	char text[4096];
	off_t at = 0;
	int error;

	map_parser_start(&parser, (struct map_bounds){0, UINT64_MAX});
	map_parser_seek(&parser, address);
	while (!parser.is_found && parser.error == 0) {
		ssize_t got = pread(maps, text, sizeof(text), at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		map_parser_feed(&parser, text, (size_t)got);
		at += got;
	}
	error = parser.is_found ? parser.error : map_parser_end(&parser);
	if (error)
		return error;
	*mapping = parser.found;
	return parser.is_found && (intptr_t)mapping->from >= 0 ? 0 : -ENOENT;
}

enum map_lookup map_lookup_usable(int maps)
{
	struct mapping mapping;

	/* There is one that covers this function. */
	return query_find(maps, (uintptr_t)map_lookup_usable, &mapping) == 0
		       ? MAP_LOOKUP_QUERY
		       : MAP_LOOKUP_TEXT;
}

int map_lookup_find(enum map_lookup lookup, int maps, uintptr_t address,
		    struct mapping *mapping)
{
	return lookup == MAP_LOOKUP_QUERY ? query_find(maps, address, mapping)
					  : text_find(maps, address, mapping);
}
