/*
 * mapfile - what /proc/PID/maps says: mappings, holes, bytes in holes.
 *
 * A hole is an unmapped gap between two mappings of the mmap area. The area is
 * bounded by low and high: the program image and its heap lie below (their gap
 * to the first mapping is not a hole), the stack above.
 */
#ifndef REGROW_MAPFILE_H
#define REGROW_MAPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <regrow/mapping.h>

struct map_bounds {
	uint64_t low; /* mappings that start below it are not counted */
	uint64_t high; /* nor those that start at or above it */
};

struct map_holes {
	uint64_t mappings; /* VMAs in the bounds */
	uint64_t mapped_bytes;
	uint64_t holes;
	uint64_t hole_bytes;
	uint64_t hole_bytes_max; /* the largest hole */
};

/*
 * A parser that is fed the text in pieces of any size (a line may be torn
 * between two), so that 60,000 mappings need no more memory than one.
 */
struct map_parser {
	struct map_bounds bounds;
	struct map_holes holes;
	uint64_t end; /* of the last mapping in the bounds; 0: none yet */
	uint64_t line; /* number of the current line, from 1 */
	char tail[64]; /* the start of a torn line */
	size_t tail_size;
	int skipping; /* inside the rest of a line that was taken */
	int error; /* -EINVAL: line is not a mapping */
	bool seeking;
	bool is_found;
	uintptr_t sought;
	struct mapping found;
};

void map_parser_start(struct map_parser *parser, struct map_bounds bounds);
/*
 * After the start: found becomes the first mapping, in the bounds or not, that
 * covers address or lies above it.
 */
void map_parser_seek(struct map_parser *parser, uintptr_t address);
void map_parser_feed(struct map_parser *parser, const char *text, size_t size);
/* 0, or -EINVAL (parser->line says where). holes is then complete. */
int map_parser_end(struct map_parser *parser);

/*
 * The number behind "Name:" in /proc text such as status or smaps_rollup,
 * times 1024 where the line ends in kB; 0 where it is missing.
 */
uint64_t map_field_bytes(const char *text, const char *name);

#endif
