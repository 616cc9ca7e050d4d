/* mapfile - what /proc/PID/maps says: mappings, holes, bytes in holes. */
#include "common/mapfile.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

void map_parser_start(struct map_parser *parser, struct map_bounds bounds)
{
	memset(parser, 0, sizeof(*parser));
	parser->bounds = bounds;
	parser->line = 1;
}

void map_parser_seek(struct map_parser *parser, uintptr_t address)
{
	parser->seeking = true;
	parser->sought = address;
}

/* What follows the hexadecimal address, or NULL where there is none. */
static const char *parse_address(const char *text, const char *end,
				 uint64_t *address)
{
	const char *start = text;

	*address = 0;
	for (; text < end; text++) {
		unsigned int digit;

		if (*text >= '0' && *text <= '9')
			digit = (unsigned int)(*text - '0');
		else if (*text >= 'a' && *text <= 'f')
			digit = (unsigned int)(*text - 'a') + 10;
		else
			break;
		if (*address >> 60)
			return NULL;
		*address = *address << 4 | digit;
	}
	return text > start ? text : NULL;
}

/* "rwxp " with dashes; s where shared. */
static bool is_protection(const char *text, size_t size)
{
	return size >= 5 && (text[0] == 'r' || text[0] == '-') &&
	       (text[1] == 'w' || text[1] == '-') &&
	       (text[2] == 'x' || text[2] == '-') &&
	       (text[3] == 'p' || text[3] == 's') && text[4] == ' ';
}

static bool parse_line(const char *text, size_t size, struct mapping *mapping)
{
	const char *end = text + size;
	uint64_t from, to;

	text = parse_address(text, end, &from);
	if (text == NULL || text == end || *text != '-')
		return false;
	text = parse_address(text + 1, end, &to);
	if (text == NULL || text == end || *text != ' ')
		return false;
	text++;
	if (!is_protection(text, (size_t)(end - text)) || from >= to)
		return false;
	*mapping = (struct mapping){
		.from = from,
		.to = to,
		.protections = (text[0] == 'r' ? PROT_READ : 0) |
			       (text[1] == 'w' ? PROT_WRITE : 0) |
			       (text[2] == 'x' ? PROT_EXEC : 0),
	};
	return true;
}

static void count_mapping(struct map_parser *parser, uint64_t from, uint64_t to)
{
	struct map_holes *holes = &parser->holes;

	if (parser->end != 0 && from > parser->end) {
		uint64_t hole_bytes = from - parser->end;

		holes->holes++;
		holes->hole_bytes += hole_bytes;
		if (hole_bytes > holes->hole_bytes_max)
			holes->hole_bytes_max = hole_bytes;
	}
	holes->mappings++;
	holes->mapped_bytes += to - from;
	parser->end = to;
}

/* Takes the line whose start is in the tail. */
static void take_line(struct map_parser *parser)
{
	struct mapping mapping;

	/* The kernel lists mappings upward: anything else is not its text. */
	if (!parse_line(parser->tail, parser->tail_size, &mapping) ||
	    mapping.from < parser->end) {
		parser->error = -EINVAL;
		return;
	}
	parser->tail_size = 0;
	if (parser->seeking && !parser->is_found &&
	    mapping.to > parser->sought) {
		parser->found = mapping;
		parser->is_found = true;
	}
	if (mapping.from >= parser->bounds.low &&
	    mapping.from < parser->bounds.high)
		count_mapping(parser, mapping.from, mapping.to);
}

void map_parser_feed(struct map_parser *parser, const char *text, size_t size)
{
	while (size > 0 && parser->error == 0) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline ? (size_t)(newline - text) : size;
		size_t room = sizeof(parser->tail) - parser->tail_size;

		if (!parser->skipping) {
			if (room > length)
				room = length;
			memcpy(parser->tail + parser->tail_size, text, room);
			parser->tail_size += room;
			if (newline ||
			    parser->tail_size == sizeof(parser->tail)) {
				take_line(parser);
				parser->skipping = 1;
			}
		}
		if (newline && parser->error == 0) {
			parser->skipping = 0;
			parser->line++;
			length++;
		}
		text += length;
		size -= length;
	}
}

int map_parser_end(struct map_parser *parser)
{
	if (parser->error == 0 && !parser->skipping && parser->tail_size > 0)
		take_line(parser);
	return parser->error;
}

uint64_t map_field_bytes(const char *text, const char *name)
{
	size_t length = strlen(name);
	uint64_t number = 0;

	while (strncmp(text, name, length) != 0 || text[length] != ':') {
		text = strchr(text, '\n');
		if (text == NULL)
			return 0;
		text++;
	}
	text += length + 1;
	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (number > (UINT64_MAX >> 10) / 10 - 1)
			return 0;
		number = number * 10 + (uint64_t)(*text - '0');
	}
	return strncmp(text, " kB", 3) == 0 ? number << 10 : number;
}
