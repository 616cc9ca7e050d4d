/*
 * regrow/empirical.h - sizes and lives as they were counted, from a text:
 *
 *   # what stands behind a # is a comment
 *   SIZE LIFE WEIGHT
 *
 * SIZE is bytes, a whole number that may end in K, M or G; LIFE a whole number
 * of steps; WEIGHT, a whole number from 1, how often it was counted. Between
 * them stand spaces or tabs. Lines may be empty.
 *
 * Nothing here allocates or prints; any bytes will do as a text.
 */
#ifndef REGROW_EMPIRICAL_H
#define REGROW_EMPIRICAL_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <regrow/random.h>

#define EMPIRICAL_ENTRIES_MAX 65536u
#define EMPIRICAL_WEIGHT_MAX ((uint64_t)1 << 40) /* of one line */

struct empirical_entry {
	uint64_t size;
	uint64_t life;
	uint64_t weights; /* its own and all before it */
};

struct empirical {
	size_t count;
	const struct empirical_entry *entries;
};

/* Where a text is read, and what its numbers may be. */
struct empirical_reader {
	const char *at;
	const char *end;
	uint64_t line; /* from 1 */
	uint64_t size_max;
	uint64_t life_max;
	const char *wrong; /* what the last line lacks; NULL: nothing */
};

static inline struct empirical_reader empirical_open(const void *text,
						     uint64_t bytes,
						     uint64_t size_max,
						     uint64_t life_max)
{
	const char *at = text;

	return (struct empirical_reader){
		.at = at,
		.end = at + bytes,
		.line = 1,
		.size_max = size_max,
		.life_max = life_max,
	};
}

static inline void empirical_blanks(struct empirical_reader *reader)
{
	while (reader->at < reader->end &&
	       (*reader->at == ' ' || *reader->at == '\t'))
		reader->at++;
}

static inline bool empirical_line_ends(const struct empirical_reader *reader)
{
	return reader->at == reader->end || *reader->at == '\n' ||
	       *reader->at == '#';
}

static inline unsigned int empirical_unit(struct empirical_reader *reader)
{
	static const char units[] = {'K', 'M', 'G'};

	for (unsigned int i = 0; reader->at < reader->end && i < 3; i++)
		if (*reader->at == units[i]) {
			reader->at++;
			return 10 * (i + 1);
		}
	return 0;
}

/* A number from least to most that ends where a blank or the line does. */
static inline bool empirical_number(struct empirical_reader *reader, bool bytes,
				    uint64_t least, uint64_t most,
				    uint64_t *number)
{
	const char *from;
	uint64_t value = 0;

	empirical_blanks(reader);
	from = reader->at;
	while (reader->at < reader->end && *reader->at >= '0' &&
	       *reader->at <= '9' && value <= most)
		value = 10 * value + (uint64_t)(*reader->at++ - '0');
	if (reader->at == from || value > most)
		return false;
	if (bytes)
		value <<= empirical_unit(reader);
	*number = value;
	return value >= least && value <= most &&
	       (empirical_line_ends(reader) || *reader->at == ' ' ||
		*reader->at == '\t');
}

static inline const char *empirical_entry_read(struct empirical_reader *reader,
					       struct empirical_entry *entry)
{
	if (!empirical_number(reader, true, 1, reader->size_max, &entry->size))
		return "SIZE, in bytes, may end in K, M or G";
	if (!empirical_number(reader, false, 0, reader->life_max, &entry->life))
		return "LIFE is a whole number of steps";
	if (!empirical_number(reader, false, 1, EMPIRICAL_WEIGHT_MAX,
			      &entry->weights))
		return "WEIGHT is a whole number from 1";
	empirical_blanks(reader);
	if (!empirical_line_ends(reader))
		return "a line is SIZE LIFE WEIGHT";
	return NULL;
}

/* 1: an entry, whose weights are its own weight; 0: the end; -EINVAL: wrong. */
static inline int empirical_next(struct empirical_reader *reader,
				 struct empirical_entry *entry)
{
	for (;;) {
		empirical_blanks(reader);
		if (!empirical_line_ends(reader)) {
			reader->wrong = empirical_entry_read(reader, entry);
			return reader->wrong ? -EINVAL : 1;
		}
		while (reader->at < reader->end && *reader->at != '\n')
			reader->at++;
		if (reader->at == reader->end)
			return 0;
		reader->at++;
		reader->line++;
	}
}

/*
 * The entries into room for as many as there are; NULL: only counts them. How
 * many, from 1; or -EINVAL, and why.
 */
static inline int64_t empirical_read(struct empirical_reader reader,
				     struct empirical_entry *entries, char *why,
				     size_t why_size)
{
	struct empirical_entry entry = {0};
	uint64_t weights = 0;
	int64_t count = 0;
	int status;

	while ((status = empirical_next(&reader, &entry)) > 0) {
		weights += entry.weights;
		entry.weights = weights;
		if (count == EMPIRICAL_ENTRIES_MAX) {
			snprintf(why, why_size,
				 "line %" PRIu64 ": %u entries are the most",
				 reader.line, EMPIRICAL_ENTRIES_MAX);
			return -EINVAL;
		}
		if (entries)
			entries[count] = entry;
		count++;
	}
	if (status < 0)
		snprintf(why, why_size,
			 "line %" PRIu64 ": %s (sizes to %" PRIu64
			 ", lives to %" PRIu64 ")",
			 reader.line, reader.wrong, reader.size_max,
			 reader.life_max);
	else if (count == 0)
		snprintf(why, why_size, "it has no line SIZE LIFE WEIGHT");
	else
		return count;
	return -EINVAL;
}

/* One of the entries, each as likely as its weight is large. */
static inline const struct empirical_entry *
empirical_draw(const struct empirical *empirical, struct random *random)
{
	size_t low = 0, high = empirical->count - 1;
	uint64_t place = random_below(random, empirical->entries[high].weights);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place < empirical->entries[middle].weights)
			high = middle;
		else
			low = middle + 1;
	}
	return &empirical->entries[low];
}

#endif
