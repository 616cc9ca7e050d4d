/* interrupts - a row of /proc/interrupts, summed over the CPUs. */
#include "common/interrupts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE_SIZE 4096 /* as much as the kernel hands out at once */

void interrupts_start(struct interrupts *parser, const char *row)
{
	*parser = (struct interrupts){.row = row};
}

/* Decimal digits and nothing else. */
static bool number_of(const char *text, size_t size, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < size; i++)
		if (text[i] < '0' || text[i] > '9' ||
		    __builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(text[i] - '0'),
					   number))
			return false;
	return size > 0;
}

static bool is_label(const struct interrupts *parser)
{
	size_t size = strlen(parser->row);

	return parser->token_size == size + 1 &&
	       memcmp(parser->token, parser->row, size) == 0 &&
	       parser->token[size] == ':';
}

static bool header_take(struct interrupts *parser)
{
	uint64_t number;

	parser->cpus++;
	return parser->token_size > 3 && memcmp(parser->token, "CPU", 3) == 0 &&
	       number_of(parser->token + 3, parser->token_size - 3, &number);
}

static bool count_take(struct interrupts *parser)
{
	uint64_t number;

	if (!number_of(parser->token, parser->token_size, &number) ||
	    __builtin_add_overflow(parser->sum, number, &parser->sum))
		return false;
	if (++parser->counts == parser->cpus)
		parser->place = INTERRUPTS_REST;
	return true;
}

static void token_end(struct interrupts *parser)
{
	bool fits = parser->token_size <= INTERRUPTS_TOKEN_SIZE;

	if (parser->token_size == 0)
		return;
	switch (parser->place) {
	case INTERRUPTS_HEADER:
		parser->wrong |= !fits || !header_take(parser);
		break;
	case INTERRUPTS_LABEL:
		parser->place = INTERRUPTS_REST;
		if (fits && is_label(parser)) {
			parser->rows++;
			parser->place = INTERRUPTS_COUNTS;
		}
		break;
	case INTERRUPTS_COUNTS:
		parser->wrong |= !fits || !count_take(parser);
		break;
	case INTERRUPTS_REST:
		break;
	}
	parser->token_size = 0;
}

/* A row that ends among its numbers has not all of them. */
static void line_end(struct interrupts *parser)
{
	parser->wrong |= parser->place == INTERRUPTS_COUNTS;
	parser->place = INTERRUPTS_LABEL;
}

void interrupts_feed(struct interrupts *parser, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n') {
			if (parser->token_size < INTERRUPTS_TOKEN_SIZE)
				parser->token[parser->token_size] = text[i];
			parser->token_size++;
			continue;
		}
		token_end(parser);
		if (text[i] == '\n')
			line_end(parser);
	}
}

int64_t interrupts_end(const struct interrupts *parser)
{
	bool whole =
		parser->place == INTERRUPTS_LABEL && parser->token_size == 0;

	if (parser->wrong || parser->cpus == 0 || !whole || parser->rows > 1 ||
	    parser->sum > INT64_MAX)
		return -EINVAL;
	return parser->rows == 0 ? -ENOENT : (int64_t)parser->sum;
}

int64_t interrupts_read(int fd, const char *row)
{
	struct interrupts parser;
	char text[PIECE_SIZE];
	off_t at = 0;
	ssize_t got;

	interrupts_start(&parser, row);
	for (;;) {
		got = pread(fd, text, sizeof(text), at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		interrupts_feed(&parser, text, (size_t)got);
		at += got;
	}
	return interrupts_end(&parser);
}
